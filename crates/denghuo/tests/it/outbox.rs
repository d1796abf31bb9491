//! 发件箱: a real mail relay and an SMS gateway on loopback; the sender is killed in the middle and run again. Every customer
//! is told once.

mod mail;
mod relay;
mod sms;

use crate::site::Site;
use denghuo_store::db::Param;
use std::collections::BTreeMap;

/// A site with messages in its outbox, one for each account, to `a1@example.com` or a number.
fn queue(site: &Site, channel: &str, accounts: std::ops::RangeInclusive<i64>) {
    let mut conn = site.conn();
    for account in accounts {
        let address = match channel {
            "sms" => format!("138{account:08}"),
            _ => format!("a{account}@example.com"),
        };
        let subject = format!("bill:{account}");
        conn.execute(
            "INSERT INTO notice (account_id, notice_no, kind, subject, bill_no, decided_on, due_by, amount_fen, fee_fen, \
             content, rules, state) VALUES ($1, 1, 'bill', $2, 1, 20260901, 20260901, 12345, 0, '{}', '', 'open')",
            &[account.into(), Param::from(&subject)],
        )
        .expect("a notice");
        conn.execute(
            "INSERT INTO delivery (account_id, notice_no, delivery_no, channel, contact_no, address, state, due_by, next_at, \
             attempts) VALUES ($1, 1, 1, $2, 1, $3, 'queued', 20260901, 20260901080000, 0)",
            &[account.into(), channel.into(), Param::from(&address)],
        )
        .expect("a delivery");
    }
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
