//! The day's younger stages while the program is killed: problems are found once, a month is measured once, clocks tell once.

use super::{GREAT_DAY, MONTH_END, Place, copied, county, files, skipped, stage};
use crate::site::Site;
use denghuo_office::error::OfficeError;
use denghuo_office::service::{NewTicket, ticket_open};
use denghuo_office::targets::{PlanOrder, target_confirm, target_plan};
use denghuo_office::work::Work;
use denghuo_rules::rulebook::Rulebook;
use denghuo_rules::service::Request;
use denghuo_rules::targets::Method;
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use jiff::civil::{Date, DateTime, date};
use std::collections::BTreeMap;

const PLANNED: Date = date(2026, 9, 1);
/// People who say the same in the last days of the month.
const CALLERS: u32 = 24;

/// A county with somebody on every route, a confirmed target of September, and many who speak of one thing.
fn at_work(site: &Site) {
    county(site);
    files(site);
    site.ok(GREAT_DAY);
    let mut conn = site.conn();
    conn.batch(
        "INSERT INTO staff (staff_id, code, name, org_id, role, from_on) VALUES \
         (2, 'S904', '', 1, 'manager', 20200101), (3, 'S905', '', 1, 'reader', 20200101), \
         (4, 'S906', '', 1, 'collector', 20200101); UPDATE route SET reader_id = 3",
    )
    .expect("people");
    conn.write(|conn| {
        let order = PlanOrder {
            period: "2026-09".parse().expect("a period"),
            unit: "C01".to_owned(),
            amount: Money::yuan(10_000),
            method: Method::Weights,
            weights: BTreeMap::new(),
        };
        let (planner, second) = (by(conn, "S900")?, by(conn, "S904")?);
        let target_no = target_plan(conn, &planner, &order, PLANNED)?.target_no;
        target_confirm(conn, &second, target_no, PLANNED)
    })
    .expect("a target");
    for caller in 0..CALLERS {
        told(&mut conn, caller);
    }
    conn.settle().expect("an orderly database");
}

fn book() -> &'static Rulebook {
    static BOOK: std::sync::LazyLock<Rulebook> = std::sync::LazyLock::new(Rulebook::embedded);
    &BOOK
}

fn by(conn: &mut Conn, who: &str) -> Result<Work<'static>, OfficeError> {
    Work::at_site(conn, book(), who, 0)
}

fn told(conn: &mut Conn, caller: u32) {
    let new = NewTicket {
        request: Some(Request::Complaint),
        unit: Some("C01".to_owned()),
        phone: format!("1390000{caller:04}"),
        topic: "电压".to_owned(),
        said: "东庄台区每天晚上电压太低,空调无法启动,请尽快更换变压器".to_owned(),
        ..NewTicket::default()
    };
    let when: DateTime = format!("2026-09-{}T09:00", 26 + caller % 4).parse().expect("a moment");
    let work = by(conn, "S904").expect("a site");
    ticket_open(conn, &work, &new, (when, when)).expect("a ticket");
}

fn did_desk(told: &serde_json::Value) {
    for name in ["detect", "measure", "serve"] {
        assert!(stage(told, name)["done"].as_i64() > Some(0), "{name}: {told}");
    }
}

#[test]
fn a_desk_killed_at_any_moment_finds_and_measures_once() {
    let site = Site::new();
    at_work(&site);
    let file = site.file();
    Place { fresh: &|| copied(&file), args: MONTH_END, did: &did_desk }.survives(6, 7);
}

#[test]
fn on_a_server_a_killed_desk_finds_and_measures_once() {
    let fresh = || {
        let site = Site::postgres().expect("a server");
        at_work(&site);
        site
    };
    if Site::postgres().is_none() {
        return skipped();
    }
    Place { fresh: &fresh, args: MONTH_END, did: &did_desk }.survives(3, 8);
}
