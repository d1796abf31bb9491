//! Cuts that are due while the program is killed: no operation without a warrant, none twice.

use super::{Place, SEED, copied, killed, proven, skipped, stage};
use crate::site::Site;
use denghuo_office::disconnection::{CutCall, cut_approve, cut_call, warrant_issue};
use denghuo_office::error::OfficeError;
use denghuo_office::notices::{ServiceReport, notice_serve};
use denghuo_office::work::Work;
use denghuo_rules::disconnection::CallOutcome;
use denghuo_rules::evidence::SignerRole;
use denghuo_rules::notices::service::ServiceWay;
use denghuo_rules::rulebook::Rulebook;
use denghuo_store::Conn;
use denghuo_town::bench::build;
use denghuo_town::lots::{Lots, Topic};
use jiff::civil::DateTime;
use std::time::{Duration, Instant};

const HOMES: i64 = 48;
/// More than thirty days after the last payment day of everybody, a Friday after the holidays: the cuts are proposed.
const PROPOSED: &[&str] = &["day", "--date", "2026-10-09", "--shard", "5", "--json"];
/// The first day of the window of the notices that were handed over on Monday, the 12th.
const WINDOW: &[&str] = &["day", "--date", "2026-10-15", "--shard", "5", "--json"];

fn at(text: &str) -> DateTime {
    text.parse().expect("a moment")
}

/// A county in which nobody has paid; yesterday all demands had arrived.
fn debtors(site: &Site) {
    let mut conn = site.conn();
    build(&mut conn, HOMES).expect("a county");
    conn.batch(
        "INSERT INTO staff (staff_id, code, name, org_id, role, from_on) VALUES (2, 'S904', '', 1, 'inspector', 20200101)",
    )
    .expect("an inspector");
    for day in ["2026-08-31", "2026-09-08", "2026-09-09"] {
        site.ok(&["day", "--date", day]);
    }
    serve(&mut conn, "demand", at("2026-09-09T15:00"));
}

/// Every open notice of a kind is handed over and signed for.
fn serve(conn: &mut Conn, kind: &str, at: DateTime) {
    let book = Rulebook::embedded();
    let work = Work::at_site(conn, &book, "S904", 0).expect("a site");
    let report = ServiceReport {
        signer: Some("甲".to_owned()),
        signer_role: Some(SignerRole::Oneself),
        ..ServiceReport::new(ServiceWay::Signed, at)
    };
    conn.write(|conn| {
        let open = conn.query(
            "SELECT account_id, notice_no FROM notice WHERE kind = $1 AND state = 'open' ORDER BY account_id",
            &[kind.into()],
            |row| Ok((row.int(0)?, row.int(1)?)),
        )?;
        assert!(open.len() as i64 >= HOMES, "{} notices of the kind {kind}", open.len());
        for key in open {
            notice_serve(conn, &work, key, &report)?;
        }
        Ok::<_, OfficeError>(())
    })
    .expect("services");
}

/// A manager approves every case, and every notice is handed over.
fn noticed(site: &Site) {
    let mut conn = site.conn();
    let book = Rulebook::embedded();
    let work = Work::at_site(&mut conn, &book, "S900", 0).expect("a site");
    for account in 1..=HOMES {
        cut_approve(&mut conn, &work, account, at("2026-10-12T09:00")).expect("an approval");
    }
    serve(&mut conn, "stop_plan", at("2026-10-12T15:00"));
}

/// Everybody has a live warrant and was told that power goes at 9:40.
fn warranted(site: &Site) {
    let mut conn = site.conn();
    let book = Rulebook::embedded();
    let work = Work::at_site(&mut conn, &book, "S904", 0).expect("a site");
    for account_id in 1..=HOMES {
        warrant_issue(&mut conn, &work, account_id, at("2026-10-15T09:00")).expect("a warrant");
        let told_cut_at = at("2026-10-15T09:40");
        let call = CutCall { account_id, told_cut_at, outcome: CallOutcome::Reached, evidence_no: None };
        cut_call(&mut conn, &work, &call, at("2026-10-15T09:05")).expect("a call");
    }
}

fn did_disconnect(told: &serde_json::Value) {
    let disconnect = stage(told, "disconnect");
    assert!(disconnect["done"].as_i64() >= Some(HOMES) && disconnect["parked"] == 0, "{told}");
}

fn embedded(steps: &[&dyn Fn(&Site)]) -> (Site, std::path::PathBuf) {
    let site = Site::new();
    debtors(&site);
    steps.iter().for_each(|step| step(&site));
    site.conn().settle().expect("an orderly database");
    let file = site.file();
    (site, file)
}

fn proposed(site: &Site) {
    site.ok(PROPOSED);
}

fn opened(site: &Site) {
    site.ok(WINDOW);
}

#[test]
fn a_day_of_proposals_killed_at_any_moment_ends_as_if_it_never_was() {
    let (_kept, file) = embedded(&[]);
    Place { fresh: &|| copied(&file), args: PROPOSED, did: &did_disconnect }.survives(6, 3);
}

#[test]
fn a_day_of_windows_killed_at_any_moment_ends_as_if_it_never_was() {
    let (_kept, file) = embedded(&[&proposed, &noticed]);
    Place { fresh: &|| copied(&file), args: WINDOW, did: &did_disconnect }.survives(6, 4);
}

fn on_server(steps: &[&dyn Fn(&Site)]) -> Option<Site> {
    let site = Site::postgres()?;
    debtors(&site);
    steps.iter().for_each(|step| step(&site));
    Some(site)
}

#[test]
fn on_a_server_killed_days_with_due_cuts_end_as_if_they_never_were() {
    if Site::postgres().is_none() {
        return skipped();
    }
    let fresh = || on_server(&[]).expect("a server");
    Place { fresh: &fresh, args: PROPOSED, did: &did_disconnect }.survives(2, 5);
    let fresh = || on_server(&[&proposed, &noticed]).expect("a server");
    Place { fresh: &fresh, args: WINDOW, did: &did_disconnect }.survives(2, 6);
}

/// Executions that are killed and given again: each cut is one operation on its own warrant, whatever the moment.
fn killed_executions(site: &Site, series: i64) {
    let execute = |account: i64| -> Vec<String> {
        let number = format!("37{account:08}");
        ["cuts", "execute", &number, "--by", "S904", "--at", "2026-10-15T09:45", "--json"]
            .map(str::to_owned)
            .into()
    };
    let run = |account: i64| {
        let args = execute(account);
        site.run(&args.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let begun = Instant::now();
    assert!(run(1).0, "an undisturbed execution");
    let whole = begun.elapsed();
    let (mut kills, mut kept) = (0, 0);
    for account in 2..=HOMES {
        let jitter = Lots::of(SEED, Topic::Fault, account, series).between(500, 1150) as u32;
        let after: Duration = whole * jitter / 1000;
        let args = execute(account);
        let was_killed = killed(site, &args.iter().map(String::as_str).collect::<Vec<_>>(), after);
        let mut conn = site.conn();
        let mut count = |sql: &str| conn.query_int(sql, &[account.into()]).expect("SQL");
        let live = count("SELECT COUNT(*) FROM warrant WHERE account_id = $1 AND state = 'live'");
        let ordered = count("SELECT COUNT(*) FROM operation WHERE account_id = $1");
        assert_eq!(live + ordered, 1, "account {account}: {live} live warrants, {ordered} operations");
        kills += u32::from(was_killed);
        kept += u32::from(was_killed && ordered == 1);
        let (done, _, err) = run(account);
        assert_eq!(done, ordered == 0, "account {account}: {err}");
        assert!(done || err.contains("cuts.wrong_state"), "{err}");
        let twice = "SELECT COUNT(*) FROM operation WHERE account_id = $1";
        assert_eq!(count(twice), 1, "account {account}: cut once");
    }
    eprintln!("{kills} of {} executions were killed, {kept} of them after they were kept", HOMES - 1);
    assert!(kills > 5, "{kills} kills");
    let mut conn = site.conn();
    let unwarranted = "SELECT COUNT(*) FROM operation o WHERE NOT EXISTS (SELECT 1 FROM warrant w \
        WHERE w.account_id = o.account_id AND w.case_no = o.case_no AND w.warrant_no = o.warrant_no \
        AND w.state = 'consumed')";
    assert_eq!(conn.query_int(unwarranted, &[]).expect("SQL"), 0);
    assert_eq!(conn.query_int("SELECT COUNT(*) FROM operation", &[]).expect("SQL"), HOMES);
    drop(conn);
    proven(site);
    paid_at_the_counter(site);
}

/// Who pays at the counter has his order called back and power ordered within the hours of the promise, counted from that moment.
fn paid_at_the_counter(site: &Site) {
    site.ok(&["cuts", "confirm", "3700000001", "--by", "S904", "--at", "2026-10-15T09:50"]);
    let told =
        site.ok(&["pay", "3700000001", "5000", "--by", "S900", "--at", "2026-10-15T11:20", "--id", "P1"]);
    assert!(told.contains("复电"), "{told}");
    let mut conn = site.conn();
    let due =
        "SELECT due_at FROM operation WHERE account_id = 1 AND kind = 'restore' AND ordered_by = 'system'";
    assert_eq!(conn.query_int(due, &[]).expect("SQL"), 20_261_016_112_000);
    // The order of an unconfirmed cut is called back; somebody has to see whether power went off.
    site.write("bank.csv", "external_id,account_no,amount,value_on\nB2,3700000002,5000.00,2026-10-15\n");
    site.ok(&["bank", "import", "bank.csv", "--bank", "农行", "--by", "S900", "--date", "2026-10-15"]);
    let states = "SELECT COUNT(*) FROM operation WHERE account_id = 2 AND ((kind = 'cut' AND state = 'cancelled') \
        OR (kind = 'restore' AND state = 'ordered'))";
    assert_eq!(conn.query_int(states, &[]).expect("SQL"), 2);
    drop(conn);
    proven(site);
}

#[test]
fn an_execution_killed_at_any_moment_cuts_once() {
    let (site, _) = embedded(&[&proposed, &noticed, &opened, &warranted]);
    killed_executions(&site, 7);
}

#[test]
fn on_a_server_an_execution_killed_at_any_moment_cuts_once() {
    let Some(site) = on_server(&[&proposed, &noticed, &opened, &warranted]) else { return skipped() };
    killed_executions(&site, 8);
}
