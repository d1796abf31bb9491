//! 发件箱: a real mail relay and an SMS gateway on loopback; the sender is killed in the middle and run again. Every customer
//! is told once.

mod mail;
mod relay;
mod sms;

use crate::site::Site;
use denghuo_store::db::Param;
use denghuo_town::bench::build;
use std::collections::BTreeMap;

/// The day on which everybody of the county is billed.
const DAY: &[&str] = &["day", "--date", "2026-08-31", "--json"];

/// A county whose bills were released and noticed: a message for each account, to `a1@example.com` or a telephone.
fn queue(site: &Site, channel: &str, accounts: i64) {
    let mut conn = site.conn();
    build(&mut conn, accounts).expect("a county");
    for account in 1..=accounts {
        let (kind, value) = match channel {
            "sms" => ("mobile", format!("138{account:08}")),
            _ => ("email", format!("a{account}@example.com")),
        };
        conn.execute(
            "INSERT INTO contact (account_id, contact_no, kind, value, consent) VALUES ($1, 1, $2, $3, 1)",
            &[account.into(), kind.into(), Param::from(&value)],
        )
        .expect("a contact");
    }
    drop(conn);
    site.ok(DAY);
    assert_eq!(states(site), BTreeMap::from([("queued".to_owned(), accounts)]));
}

/// How many deliveries are in each state.
fn states(site: &Site) -> BTreeMap<String, i64> {
    let told: serde_json::Value =
        serde_json::from_str(&site.ok(&["notices", "outbox", "--json"])).expect("JSON");
    let rows = told.as_array().expect("a list").iter();
    let state = |row: &serde_json::Value| {
        (row["state"].as_str().expect("a state").to_owned(), row["count"].as_i64().expect("a count"))
    };
    rows.map(state).collect()
}

/// Runs a test on each engine that is there.
fn on_each(test: impl Fn(Site)) {
    test(Site::new());
    match Site::postgres() {
        Some(site) => test(site),
        None => eprintln!("DENGHUO_TEST_PG is not set: the PostgreSQL half of this test did not run"),
    }
}
