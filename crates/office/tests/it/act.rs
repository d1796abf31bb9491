//! What people do between two reading days. Each thing is done, done again under the same id, and changes nothing then.

use super::world::{ACCOUNT_FILE, World, allowed, file, registers, work};
use denghuo_office::billing::{bill_cancel, bill_rebill, pending_approve, pending_list};
use denghuo_office::collections::{WaiveOrder, waive};
use denghuo_office::evidence::{NewEvidence, evidence_add};
use denghuo_office::legal::{WriteOffOrder, case_approve, write_off, write_off_recover};
use denghuo_office::metering::{Answer, ExceptionKind, Resolution, exception_list, exception_resolve};
use denghuo_office::payments::{
    Payment, Posted, RefundOrder, close_day, import_collection, pay, refund, resolve_suspense,
    return_suspense, reverse, suspense_list,
};
use denghuo_office::registry::{Request, census};
use denghuo_rules::calendar::{Month, plus_days};
use denghuo_rules::evidence::EvidenceKind;
use denghuo_rules::legal::write_off::WriteOffGround;
use denghuo_rules::metering::{Shown as Reading, Source};
use denghuo_rules::payments::Channel;
use denghuo_rules::units::Money;
use denghuo_store::day::Range;

const EVERYBODY: Range = Range { from: 0, to: i64::MAX };

/// Something that somebody does today. Accounts run from 1.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Pays so many fen, dated some days ago.
    Pay { account: i64, fen: i64, days_ago: i64 },
    /// Takes a payment back.
    Reverse { account: i64, payment: i64 },
    /// Gives a prepayment back.
    Refund { account: i64, fen: i64 },
    /// Gives up a late fee, all of it or so many fen.
    Waive { account: i64, bill: i64, fen: Option<i64> },
    /// Lets the first waiting bill through, or stops it.
    Decide { approve: bool },
    /// Answers the first exception.
    Answer(Given),
    /// A census finds so many persons in the first home, from the first of the month before; its last bill is corrected.
    Census { persons: u8, bill: i64 },
    /// Takes a bill back.
    Cancel { account: i64, bill: i64 },
    /// A bank sends a file: money for an account, and money for nobody.
    Bank { account: i64, fen: i64 },
    /// The first line in suspense finds its owner, or goes back.
    Suspense { owner: Option<i64> },
    /// The head of the company lets the first proposed legal measure go ahead.
    Approve,
    /// A bill is written off on a court's paper.
    WriteOff { account: i64, bill: i64 },
    /// What came for the first write-off of an account is taken for it.
    Recover { account: i64 },
    /// Closes the day before for the cashier.
    Close,
    /// The stages of today run, and run again as if nobody knew.
    Stages,
}

/// An answer to an exception.
#[derive(Clone, Copy, Debug)]
pub enum Given {
    /// It is right.
    Confirm,
    /// Bill provisionally.
    Provisional,
    /// Read again.
    ReRead,
    /// It shows so many kWh more than was billed last.
    Correct(i64),
}

impl Act {
    /// Does it.
    pub fn play(self, world: &mut World) {
        match self {
            Self::Pay { account, fen, days_ago } => paid(world, account, fen, days_ago),
            Self::Reverse { account, payment } => {
                allowed(reverse(&mut world.conn, &work("S001"), (account, payment), "误收", world.on));
            }
            Self::Refund { account, fen } => {
                let order = RefundOrder {
                    account_id: account,
                    amount: Money(fen),
                    channel: Channel::Transfer,
                    reason: "多缴".to_owned(),
                    asked_by: "S002".to_owned(),
                };
                allowed(refund(&mut world.conn, &work("S003"), &order, world.on));
            }
            Self::Waive { account, bill, fen } => {
                let order = WaiveOrder {
                    account_id: account,
                    bill_no: bill,
                    amount: fen.map(Money),
                    reason: "own_error".to_owned(),
                    asked_by: "S002".to_owned(),
                };
                allowed(waive(&mut world.conn, &work("S003"), &order, world.on));
            }
            Self::Decide { approve } => decide(world, approve),
            Self::Answer(given) => answer(world, given),
            Self::Census { persons, bill } => correct(world, persons, bill),
            Self::Cancel { account, bill } => {
                allowed(bill_cancel(&mut world.conn, &work("S004"), world.on, (account, bill), "错误"));
            }
            Self::Bank { account, fen } => bank(world, account, fen),
            Self::Suspense { owner } => suspense(world, owner),
            Self::Approve => approve(world),
            Self::WriteOff { account, bill } => written_off(world, account, bill),
            Self::Recover { account } => {
                allowed(write_off_recover(&mut world.conn, &work("S002"), (account, 1), world.on));
            }
            Self::Close => {
                allowed(close_day(&mut world.conn, &work("S002"), "S001", None, plus_days(world.on, -1)));
            }
            Self::Stages => world.stages(),
        }
    }
}

fn paid(world: &mut World, account: i64, fen: i64, days_ago: i64) {
    let payment = Payment {
        channel: Channel::Cash,
        external_id: format!("P{}", world.number()),
        amount: Money(fen),
        paid_on: plus_days(world.on, -days_ago),
    };
    let clerk = work("S001");
    if allowed(pay(&mut world.conn, &clerk, account, &payment, world.on)).is_some() {
        let posted = world.contents();
        let again = pay(&mut world.conn, &clerk, account, &payment, world.on);
        assert!(matches!(again, Ok(Posted::AlreadyThere(_))), "{again:?}");
        let other = Payment { amount: Money(fen + 1), ..payment };
        let refused = pay(&mut world.conn, &clerk, account, &other, world.on).map_err(|e| e.code());
        assert_eq!(refused, Err(Some("payment.same_id_other_content")));
        world.is_still(&posted, "a payment was handed in again");
    }
}

fn approve(world: &mut World) {
    let open = denghuo_store::legal::open_cases(&mut world.conn).expect("SQL");
    if let Some(case) = open.iter().find(|case| case.state == "proposed") {
        let key = (case.account_id, case.case_no);
        allowed(case_approve(&mut world.conn, &work("S003"), key, Some("某律所"), world.on));
    }
}

fn written_off(world: &mut World, account: i64, bill: i64) {
    let subject = format!("bill:{bill}");
    let at = world.on.at(10, 0, 0, 0);
    let paper = NewEvidence::new(EvidenceKind::OfficialPaper, &subject, at, "S002");
    let evidence_no = allowed(evidence_add(&mut world.conn, &work("S002"), account, &paper));
    let order = WriteOffOrder {
        account_id: account,
        bill_no: bill,
        ground: WriteOffGround::CourtTermination,
        evidence_no,
        asked_by: "S002".to_owned(),
    };
    allowed(write_off(&mut world.conn, &work("S003"), &order, world.on));
}

fn decide(world: &mut World, approve: bool) {
    let waiting = pending_list(&mut world.conn, None).expect("SQL");
    let undecided = waiting.iter().find(|bill| bill.state == "ready" || bill.state == "held");
    if let Some(bill) = undecided {
        let key = (bill.account_id, bill.bill_no);
        allowed(pending_approve(&mut world.conn, &work("S002"), world.on, key, approve, "已核"));
    }
}

fn answer(world: &mut World, given: Given) {
    let Some(task) = exception_list(&mut world.conn, EVERYBODY).expect("SQL").into_iter().next() else {
        return;
    };
    let kind = ExceptionKind::from_word(&task.kind).expect("a kind");
    let n = usize::try_from(task.account_id - 1).expect("an account");
    let answer = match given {
        Given::Confirm => Answer::Confirm,
        Given::Provisional => Answer::Provisional,
        Given::ReRead => Answer::ReRead,
        Given::Correct(kwh) => {
            let day =
                task.subject.strip_prefix("reading:").and_then(|day| day.parse().ok()).unwrap_or(world.on);
            world.totals[n] += kwh;
            let registers = registers(n, world.totals[n], day);
            Answer::Correct(vec![Reading { installation_no: 1, source: Source::Field, registers }])
        }
    };
    let resolution = Resolution { answer, reason: "已核实".to_owned() };
    let key = (task.account_id, kind, task.subject.as_str());
    allowed(exception_resolve(&mut world.conn, &work("S004"), key, &resolution, world.on));
}

fn correct(world: &mut World, persons: u8, bill: i64) {
    let text = ACCOUNT_FILE.replace("household,否,8,\n", &format!("household,否,8,{persons}\n"));
    let since = Month::of(world.on).plus(-1).first_day();
    let clerk = work("S004");
    let name = format!("census{}", world.number());
    let request = Request { work: &clerk, on: world.on, batch: None };
    if census(&mut world.conn, &request, &file(&name, &text), since, true).is_ok() {
        let there = world.contents();
        let request = Request { work: &clerk, on: world.on, batch: None };
        let again =
            census(&mut world.conn, &request, &file(&name, &text), since, true).expect("the same census");
        assert!(again.changed.is_empty(), "{again:?}");
        world.is_still(&there, "a census was handed in again");
    }
    allowed(bill_rebill(&mut world.conn, &clerk, world.on, (1, bill), "人口变更"));
    let corrected = world.contents();
    if let Ok(made) = bill_rebill(&mut world.conn, &clerk, world.on, (1, bill), "人口变更") {
        panic!("corrected twice: {made:?}");
    }
    world.is_still(&corrected, "a corrected bill was corrected again");
}

fn bank(world: &mut World, account: i64, fen: i64) {
    let n = world.number();
    let (yuan, cents) = (fen / 100, fen % 100);
    let day = plus_days(world.on, -1);
    let text = format!(
        "external_id,account_no,amount,value_on\nB{n}-1,A{account},{yuan}.{cents:02},{day}\nB{n}-2,A9,{yuan}.{cents:02},{day}\n"
    );
    let (name, clerk) = (format!("bank{n}.csv"), work("S001"));
    let id = (name.as_str(), "农行");
    if import_collection(&mut world.conn, &clerk, &file(&name, &text), id, world.on).is_ok() {
        let posted = world.contents();
        let again = import_collection(&mut world.conn, &clerk, &file(&name, &text), id, world.on);
        assert!(again.expect("the same file").already_there);
        world.is_still(&posted, "a bank file was handed in again");
    }
}

fn suspense(world: &mut World, owner: Option<i64>) {
    let Some(line) = suspense_list(&mut world.conn).expect("SQL").into_iter().next() else { return };
    let key = (line.file_id.as_str(), line.line_no);
    match owner {
        Some(account) => {
            allowed(resolve_suspense(&mut world.conn, &work("S001"), key, account, world.on));
        }
        None => {
            allowed(return_suspense(&mut world.conn, &work("S001"), key, world.on));
        }
    }
}
