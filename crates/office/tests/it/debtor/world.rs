//! A company with one debtor, whose meter is read on the fifth of each month and whose days are run one by one.

use super::super::world::{JURISDICTIONS, file, work};
use denghuo_office::billing::{pending_approve, pending_list};
use denghuo_office::collections::{ladder_show, step_done};
use denghuo_office::day::{DayOptions, Quiet, run_day};
use denghuo_office::disconnection::{
    Channel, CutCall, NewDocument, cut_approve, cut_call, cut_confirm, cut_document, cut_execute, gates_show,
    warrant_issue,
};
use denghuo_office::evidence::{NewEvidence, NewFile, evidence_add};
use denghuo_office::metering::{ReadingRow, readings_register};
use denghuo_office::notices::desk::NoticeDesk;
use denghuo_office::notices::outbox::{Carriers, SendOptions, Sender, send_due};
use denghuo_office::notices::{ServiceReport, Templates, notice_serve};
use denghuo_office::payments::{Payment, pay};
use denghuo_office::ports::{Mail, Mailer, PortError, SmsGateway};
use denghuo_office::registry::{Outcome, Request, import_kind};
use denghuo_office::verify::verify;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::collections::ladder::StepKind;
use denghuo_rules::disconnection::{CallOutcome, CutDocument};
use denghuo_rules::evidence::{EvidenceKind, SignerRole};
use denghuo_rules::metering::{RegisterSet, Source};
use denghuo_rules::notices::NoticeKind;
use denghuo_rules::notices::service::ServiceWay;
use denghuo_rules::payments::Channel as PayChannel;
use denghuo_rules::units::{Energy, Money};
use denghuo_store::day::Range;
use denghuo_store::notices::{NoticeRow, notices_of};
use denghuo_store::testing::TestStore;
use denghuo_store::{Conn, Store, site};
use jiff::civil::{Date, DateTime, date};

/// The debtor's account; its number is `D1`.
pub const DEBTOR: i64 = 1;

/// Who the debtor is, and how much he uses in a month.
#[derive(Clone, Copy, Debug)]
pub struct Debtor {
    /// Kind of the customer: person, enterprise.
    pub kind: &'static str,
    /// Name of the customer.
    pub name: &'static str,
    /// Category of supply.
    pub category: &'static str,
    /// Capacity in kVA.
    pub capacity: &'static str,
    /// Importance, or empty.
    pub importance: &'static str,
    /// Households of the estate that the account belongs to, and its property company; none: no estate.
    pub estate: Option<(u32, &'static str)>,
    /// kWh a month.
    pub kwh: i64,
}

/// A home.
pub const HOME: Debtor = Debtor {
    kind: "person",
    name: "甲",
    category: "household",
    capacity: "8",
    importance: "",
    estate: None,
    kwh: 200,
};

/// A company of its own.
pub const COMPANY: Debtor = Debtor {
    kind: "enterprise",
    name: "乙物业公司",
    category: "commercial",
    capacity: "80",
    importance: "",
    estate: None,
    kwh: 900,
};

/// The company on a day.
pub struct Company {
    /// Its database.
    pub store: Store,
    /// A connection to it.
    pub conn: Conn,
    /// Today; its stages have run.
    pub on: Date,
    total: i64,
    kwh: i64,
    /// The database goes with the company that keeps it.
    _kept: Option<TestStore>,
}

impl Company {
    /// The company on 2026-02-06, the day after the account was opened. S001 cashier, S002 leads the station, S003 the company,
    /// S004 verifies, S005 collects, S006 reads meters, S007 inspects.
    pub fn with(store: &Store, debtor: &Debtor) -> Self {
        let mut conn = store.connect().expect("a connection");
        site::put(&mut conn, "jurisdictions", JURISDICTIONS).expect("a profile");
        let on = date(2026, 2, 6);
        let clerk = work("S003");
        for (kind, text) in files(debtor) {
            let request = Request { work: &clerk, on, batch: None };
            let outcome = import_kind(&mut conn, &request, kind, &file(kind, &text));
            assert!(matches!(outcome, Ok(Outcome::Loaded(_))), "{kind}: {outcome:?}");
        }
        denghuo_office::billing::standing_release_grant(&mut conn, &clerk, 1, on, Money::yuan(10_000_000))
            .expect("a standing order");
        Self { store: store.clone(), conn, on, total: 100, kwh: debtor.kwh, _kept: None }
    }

    /// The company in a database of its own.
    pub fn keeping(database: TestStore, debtor: &Debtor) -> Self {
        let mut company = Self::with(&database.store, debtor);
        company._kept = Some(database);
        company
    }

    /// To the demand of the first bill, handed over and signed for on the day it was made.
    pub fn until_the_demand(&mut self) {
        self.live_to(date(2026, 3, 14));
        self.hand_over(NoticeKind::Demand);
    }

    /// To the approval of the cut: the stop-plan notice is made on Monday, the 13th of April.
    pub fn until_the_approval(&mut self) {
        self.until_the_demand();
        self.live_to(date(2026, 4, 13));
        self.approve();
    }

    /// The company's manager approves the cut.
    pub fn approve(&mut self) {
        let at = self.on.at(9, 0, 0, 0);
        let approved = cut_approve(&mut self.conn, &work("S003"), DEBTOR, at);
        approved.unwrap_or_else(|e| panic!("{e}\n{}", self.timeline()));
    }

    /// Somebody has made a step of the first bill.
    pub fn step(&mut self, by: &str, kind: StepKind) {
        let done = step_done(&mut self.conn, &work(by), DEBTOR, (1, kind), "已办", self.on);
        let on = self.on;
        done.unwrap_or_else(|e| panic!("{on}: {e}\n{}", self.timeline()));
    }

    /// To the first day of the window, Thursday, the 16th: the notice was handed over on the 13th.
    pub fn until_the_window(&mut self) {
        self.until_the_approval();
        self.hand_over(NoticeKind::StopPlan);
        self.live_to(date(2026, 4, 16));
    }

    /// To the last call: the warrant is made at nine, the customer told at 9:20 that power goes at ten.
    pub fn until_the_call(&mut self) {
        self.until_the_window();
        let at = |hour, minute| date(2026, 4, 16).at(hour, minute, 0, 0);
        warrant_issue(&mut self.conn, &work("S007"), DEBTOR, at(9, 0)).expect("a warrant");
        let call = CutCall {
            account_id: DEBTOR,
            told_cut_at: at(10, 0),
            outcome: CallOutcome::Reached,
            evidence_no: None,
        };
        cut_call(&mut self.conn, &work("S007"), &call, at(9, 20)).expect("a call");
    }

    /// Power is cut in the field at ten.
    pub fn cut_off(&mut self) {
        self.until_the_call();
        let at = |minute| date(2026, 4, 16).at(10, minute, 0, 0);
        cut_execute(&mut self.conn, &work("S007"), DEBTOR, Channel::Field, at(0)).expect("an order");
        cut_confirm(&mut self.conn, &work("S007"), DEBTOR, (true, None), at(5)).expect("a cut");
        self.kwh = 0;
    }

    /// Codes of the gates that fail.
    pub fn failed_gates(&mut self, at: DateTime) -> Vec<String> {
        let shown = gates_show(&mut self.conn, &work("S007"), DEBTOR, at).expect("gates");
        shown.gates.iter().filter(|f| !f.holds).map(|f| f.gate.word().to_owned()).collect()
    }

    /// A paper of the case.
    pub fn document(&mut self, kind: CutDocument, about: &str, happened_on: Date) {
        let about = about.to_owned();
        let new = NewDocument { account_id: DEBTOR, kind, about, happened_on, evidence_no: None };
        cut_document(&mut self.conn, &work("S005"), &new, self.on.at(8, 0, 0, 0)).expect("a paper");
    }

    /// A newspaper with a public notice, as a proof.
    pub fn newspaper(&mut self) -> i64 {
        let mut proof =
            NewEvidence::new(EvidenceKind::OfficialPaper, "bill:1", self.on.at(8, 0, 0, 0), "S003");
        proof.notarised = true;
        proof.file = Some(NewFile {
            name: "paper.jpg".to_owned(),
            media_type: "image/jpeg".to_owned(),
            bytes: vec![0xff, 0xd8, 0xff, 7],
        });
        evidence_add(&mut self.conn, &work("S003"), DEBTOR, &proof).expect("a proof")
    }

    /// The debtor pays everything at the counter.
    pub fn pay_all(&mut self, at: DateTime) {
        let payment = Payment {
            channel: PayChannel::Cash,
            external_id: format!("P{at}"),
            amount: Money::yuan(2_000),
            paid_on: at.date(),
        };
        pay(&mut self.conn, &work("S001"), DEBTOR, &payment, at.date()).expect("a payment");
    }

    /// Lives to the end of a day, every day run.
    pub fn live_to(&mut self, until: Date) {
        while self.on < until {
            self.on = plus_days(self.on, 1);
            if self.on.day() == 5 {
                self.read();
            }
            let report = run_day(&self.store, &work("system"), self.on, DayOptions::default(), &Quiet);
            let report = report.unwrap_or_else(|e| panic!("{}: {e}", self.on));
            assert!(report.stages.iter().all(denghuo_office::day::StageReport::adds_up), "{report:?}");
            self.release();
            self.send();
        }
    }

    /// A second person lets every waiting bill through.
    fn release(&mut self) {
        for bill in pending_list(&mut self.conn, None).expect("SQL") {
            if bill.state == "held" || bill.state == "ready" {
                let key = (bill.account_id, bill.bill_no);
                pending_approve(&mut self.conn, &work("S002"), self.on, key, true, "已核")
                    .expect("a waiting bill");
            }
        }
    }

    /// The outbox is emptied at nine in the morning; every carrier takes what it is given, and tells nobody.
    fn send(&mut self) {
        let at = self.on.at(9, 0, 0, 0);
        let turn = move || at;
        let carrier = Carrier;
        let carriers = Carriers { mail: Some(&carrier), sms: Some(&carrier), papers: None, turn: &turn };
        let templates = Templates::embedded().expect("templates");
        let clerk = work("system");
        let desk = NoticeDesk::open(&mut self.conn, &clerk, (templates, false), self.on).expect("a desk");
        let sender = Sender::new(carriers, &desk, SendOptions { workers: 1, ..SendOptions::default() })
            .expect("a thread");
        send_due(&sender, &mut self.conn, &clerk, at).expect("a round");
    }

    /// What stands on the timeline of the debtor, line by line.
    pub fn timeline(&mut self) -> String {
        let shown = ladder_show(&mut self.conn, &work("S005"), DEBTOR, self.on).expect("a timeline");
        let lines = shown.timeline.iter().map(|row| {
            let amount = row.amount_fen.map_or_else(String::new, |fen| format!(" {}", Money(fen)));
            format!("{} {} {}{} {}\n", row.on, row.what, row.no, amount, row.detail)
        });
        lines.collect()
    }

    /// The last notice of a kind.
    pub fn notice(&mut self, kind: NoticeKind) -> Option<NoticeRow> {
        let all = notices_of(&mut self.conn, Range { from: DEBTOR, to: DEBTOR }).expect("SQL");
        all.into_iter().rev().find(|notice| notice.kind == kind)
    }

    /// The collector hands a notice over at the door, and it is signed for.
    pub fn hand_over(&mut self, kind: NoticeKind) {
        let notice = self.notice(kind).unwrap_or_else(|| panic!("{}: no {}", self.on, kind.word()));
        let mut report = ServiceReport::new(ServiceWay::Signed, self.on.at(10, 0, 0, 0));
        report.signer = Some("甲".to_owned());
        report.signer_role = Some(SignerRole::Oneself);
        report.file = Some(NewFile {
            name: "receipt.jpg".to_owned(),
            media_type: "image/jpeg".to_owned(),
            bytes: vec![0xff, 0xd8, 0xff, u8::try_from(notice.notice_no).unwrap_or_default()],
        });
        let key = (DEBTOR, notice.notice_no);
        notice_serve(&mut self.conn, &work("S005"), key, &report)
            .unwrap_or_else(|e| panic!("{}: {e}", self.on));
    }

    fn read(&mut self) {
        self.total += self.kwh;
        let row = ReadingRow {
            line: 2,
            account_no: Some("D1".to_owned()),
            meter_no: None,
            registers: RegisterSet::total_only(self.on, Energy::kwh(self.total)),
            source: Source::Remote,
            taken_at: None,
            taken_by: None,
        };
        readings_register(&mut self.conn, &[row], self.on).expect("SQL").expect("a good reading");
    }

    /// Every promise of the database holds.
    pub fn proven(&mut self) {
        let found = verify(&mut self.conn, &work("system")).expect("a readable database");
        let broken: Vec<_> = found.checks.iter().filter(|(_, check)| !check.ok).collect();
        assert!(found.ok, "{}: {broken:?}", self.on);
    }
}

fn files(debtor: &Debtor) -> Vec<(&'static str, String)> {
    let mut files = vec![
        ("orgs", "code,name,kind,parent\nC,县公司,company,\nP,城关所,station,C\n".to_owned()),
        (
            "staff",
            "code,org,role,from\nS001,P,cashier,2020-01-01\nS002,P,manager,2020-01-01\nS003,C,manager,2020-01-01\n\
             S004,P,verifier,2020-01-01\nS005,P,collector,2020-01-01\nS006,P,reader,2020-01-01\n\
             S007,P,inspector,2020-01-01\n"
                .to_owned(),
        ),
        ("customers", format!("code,name,kind\nK1,{},{}\n", debtor.name, debtor.kind)),
        ("routes", "code,name,org,reader,read_day,first_month\nR1,一段,P,S006,5,2026-03\n".to_owned()),
    ];
    let mut estate = "";
    if let Some((households, company)) = debtor.estate {
        estate = "E1";
        files.push((
            "estates",
            format!("code,name,households,property_company\nE1,东苑,{households},{company}\n"),
        ));
    }
    files.push((
        "accounts",
        format!(
            "account_no,customer,org,route,estate,address,opened_on,category,capacity_kva,importance\n\
             D1,K1,P,R1,{estate},一号,2026-02-05,{},{},{}\n",
            debtor.category, debtor.capacity, debtor.importance
        ),
    ));
    files.extend([
        ("meters", "meter_no,digits\nM1,8\n".to_owned()),
        ("points", "account_no,point_no\nD1,1\n".to_owned()),
        (
            "installations",
            "account_no,meter_no,installed_on,opening_total\nD1,M1,2026-02-05,100\n".to_owned(),
        ),
        (
            "contracts",
            "account_no,contract_no,from,late_fee_clause\nD1,HT-1,2026-02-05,是\n".to_owned(),
        ),
        (
            "contacts",
            "account_no,kind,value,preferred,verified_on,verified_how,consent\n\
             D1,手机,13800000001,是,2026-02-05,contract,是\nD1,电子邮件,d1@example.com,,2026-02-05,contract,是\n\
             D1,送达地址,一号,,2026-02-05,contract,是\n"
                .to_owned(),
        ),
    ]);
    files
}

/// A carrier that takes everything.
struct Carrier;

impl Mailer for Carrier {
    fn send(&self, mail: &Mail) -> Result<String, PortError> {
        Ok(format!("M-{}", mail.key))
    }
}

impl SmsGateway for Carrier {
    fn send(&self, key: &str, _: &str, _: &str) -> Result<String, PortError> {
        Ok(format!("G-{key}"))
    }
}
