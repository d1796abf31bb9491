//! The column on both databases: a village of a few accounts, its readings, verdicts and answers.

use super::*;
use crate::day::Stage as _;
use crate::error::OfficeError;
use crate::import::Source as File;
use crate::work::Work;
use denghuo_rules::calendar::Month;
use denghuo_rules::metering::{Entry, History, Mark, RegisterSet, Shown, Source};
use denghuo_rules::registry::SupplyTerms;
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_rules::units::{Energy, Ratio};
use denghuo_store::billing::{StateRow, save_states};
use denghuo_store::day::{Counts, Range};
use denghuo_store::registry as rows;
use denghuo_store::testing::on_each_engine;
use denghuo_store::{Conn, metering as store};
use jiff::civil::{Date, date};

mod answers;
mod intake;
mod verdicts;

const ALL: Range = Range { from: 0, to: i64::MAX };
/// Reading day of the village's route.
const DUE: Date = date(2026, 8, 10);

pub(crate) fn work(book: &Rulebook) -> Work<'_> {
    let site = Selector::in_jurisdictions(&["cn", "sgcc", "cn-sd", "site"]);
    Work { book, site, by: "S002".into(), now: 1 }
}

/// Account `n` of the village hangs on meter `Mn` since 2026-06-10 with an opening of 100, was read 200 on 2026-07-10 and is
/// billed to that day.
pub(crate) fn village(conn: &mut Conn, accounts: i64) {
    let since = date(2026, 6, 10);
    let org = rows::Org {
        org_id: 1,
        code: "O1".into(),
        name: "昌邑".into(),
        kind: "company".into(),
        parent_id: None,
    };
    rows::insert_orgs(conn, &[org]).unwrap();
    let staff = |staff_id, role: &str| rows::Staff {
        staff_id,
        code: format!("S00{staff_id}"),
        name: format!("员工{staff_id}"),
        org_id: 1,
        role: role.into(),
        phone: None,
        from_on: since,
        until_on: None,
    };
    rows::insert_staff(conn, &[staff(1, "reader"), staff(2, "verifier"), staff(3, "manager")]).unwrap();
    let route = rows::Route {
        route_id: 1,
        code: "R001".into(),
        name: "一段".into(),
        org_id: 1,
        reader_id: Some(1),
        verifier_id: Some(2),
        read_day: 10,
        cycle_months: 1,
        first_month: 202_607,
    };
    rows::insert_routes(conn, &[route]).unwrap();
    for id in 1..=accounts {
        let account = rows::Account {
            account_id: id,
            account_no: format!("A{id}"),
            customer_id: id,
            org_id: 1,
            route_id: 1,
            district_id: None,
            estate_id: None,
            address: "一村".into(),
            importance: "ordinary".into(),
            protection: None,
            opened_on: since,
            closed_on: None,
        };
        rows::insert_accounts(conn, &[account]).unwrap();
        let terms = SupplyTerms::household();
        rows::insert_terms(conn, &[rows::Terms { account_id: id, from_on: since, until_on: None, terms }])
            .unwrap();
        let meter = rows::Meter {
            meter_id: id,
            meter_no: format!("M{id}"),
            model: None,
            digits: 6,
            rated_current: None,
        };
        rows::insert_meters(conn, &[meter]).unwrap();
        let point = rows::Point { account_id: id, point_no: 1, relation: "main".into(), address: None };
        rows::insert_points(conn, &[point]).unwrap();
        rows::insert_installations(conn, &[installation(id, 1, id, since, None)]).unwrap();
        let shows = |on, kwh, source| reading(id, 1, on, kwh, source);
        let readings = [shows(since, 100, Source::Install), shows(date(2026, 7, 10), 200, Source::Remote)];
        store::write_readings(conn, &readings).unwrap();
        let mut history = History::empty(Month::new(2026, 7).unwrap());
        history.set(Month::new(2026, 7).unwrap(), Entry::new(Energy::kwh(100), 30, Mark::REAL));
        bill_to(conn, id, date(2026, 7, 10), &history);
    }
}

fn installation(
    account_id: i64,
    no: i64,
    meter_id: i64,
    on: Date,
    until: Option<Date>,
) -> rows::Installation {
    rows::Installation {
        account_id,
        installation_no: no,
        point_no: 1,
        meter_id,
        installed_on: on,
        removed_on: until,
        ct: None,
        pt: None,
        multiplier: Ratio::ONE,
        digits: 6,
    }
}

fn reading(account_id: i64, installation_no: i64, on: Date, kwh: i64, source: Source) -> store::NewReading {
    let registers = RegisterSet::total_only(on, Energy::kwh(kwh));
    let shown = Shown { installation_no, source, registers };
    store::NewReading { account_id, version: 1, shown, taken_at: None, taken_by: None }
}

fn bill_to(conn: &mut Conn, account_id: i64, billed_to: Date, history: &History) {
    let state = StateRow {
        account_id,
        next_bill_no: 2,
        billed_to,
        tier_year: 2026,
        tier_used: Energy::ZERO,
        provisional_runs: 0,
        zero_runs: 0,
        history: history.to_bytes().to_vec(),
    };
    save_states(conn, &[state]).unwrap();
}

/// Takes in `(account, day, kWh)` from the head end.
pub(crate) fn read(conn: &mut Conn, shown: &[(i64, Date, i64)]) {
    let rows: Vec<ReadingRow> = shown
        .iter()
        .map(|(account, on, kwh)| ReadingRow {
            line: 1,
            account_no: Some(format!("A{account}")),
            meter_no: None,
            registers: RegisterSet::total_only(*on, Energy::kwh(*kwh)),
            source: Source::Remote,
            taken_at: None,
            taken_by: None,
        })
        .collect();
    readings_register(conn, &rows, date(2026, 12, 31)).unwrap().unwrap();
}

/// Runs the stage `verify` of a day.
fn verify(conn: &mut Conn, book: &Rulebook, on: Date) -> Counts {
    let stage = VerifyStage::new(&work(book), on).unwrap();
    orders_open(conn, on).unwrap();
    let mut counts = Counts::default();
    for range in stage.plan(conn, 4096).unwrap() {
        let decision = stage.decide(conn, range).unwrap();
        counts += conn.write(|conn| stage.write(conn, decision)).unwrap();
    }
    counts
}

/// `account kind subject codes` of every open exception.
fn open(conn: &mut Conn) -> Vec<String> {
    let told = |t: denghuo_store::tasks::Task| {
        format!("{} {} {} {}", t.account_id, t.kind.trim_start_matches("reading_"), t.subject, t.codes)
    };
    exception_list(conn, ALL).unwrap().into_iter().map(told).collect()
}

/// Runs a test on each engine with a village of so many accounts.
fn in_village(accounts: i64, test: impl Fn(&mut Conn, &Rulebook)) {
    let book = Rulebook::embedded();
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        village(&mut conn, accounts);
        test(&mut conn, &book);
    });
}
