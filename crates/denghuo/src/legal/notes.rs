//! `denghuo legal security|insolvency|event`: what is noted by hand.

use super::Doing;
use crate::context::{Global, account_id, print_json};
use denghuo_office::legal::{
    NewEvent, NewInsolvency, NewSecurity, event_note, insolvency_end, insolvency_note, security_add,
    security_release,
};
use denghuo_rules::legal::limitation::EventKind;
use denghuo_rules::legal::terms::SecurityKind;
use denghuo_rules::registry::CustomerKind;
use denghuo_rules::units::Money;
use denghuo_store::day::Range;
use denghuo_store::legal::{self, InsolvencyRow, SecurityRow};
use jiff::civil::Date;
use serde_json::{Value, json};

#[derive(clap::Subcommand)]
pub enum Security {
    /// Take a security
    Add(SecurityArgs),
    /// The securities of an account
    List(OfAccount),
    /// Give a security back
    Release {
        /// Account number 户号
        account: String,
        /// Number of the security within the account
        security: i64,
        #[command(flatten)]
        doing: Doing,
    },
}

#[derive(clap::Args)]
pub struct OfAccount {
    /// Account number 户号
    account: String,
    /// JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub struct SecurityArgs {
    /// Account number 户号
    account: String,
    /// general_guarantee, joint_guarantee, maximum_guarantee, pledge, mortgage
    #[arg(value_parser = security_kind)]
    kind: SecurityKind,
    /// Who gives it
    #[arg(long)]
    giver: String,
    /// person, enterprise, institution, organisation
    #[arg(long, value_parser = giver_kind)]
    giver_kind: CustomerKind,
    /// Up to this amount in yuan
    #[arg(long)]
    amount: Money,
    /// Since; the business date when not given
    #[arg(long)]
    from: Option<Date>,
    /// The agreed end, where one was agreed
    #[arg(long)]
    until: Option<Date>,
    /// The bills it covers; all when not given
    #[arg(long, value_delimiter = ',')]
    bills: Vec<i64>,
    /// Number of its proof
    #[arg(long)]
    evidence: Option<i64>,
    #[command(flatten)]
    doing: Doing,
}

#[derive(clap::Subcommand)]
pub enum Insolvency {
    /// Proceedings were opened
    Note {
        /// Account number 户号
        account: String,
        /// 受理日
        #[arg(long)]
        accepted_on: Date,
        /// Last day to file claims
        #[arg(long)]
        claims_until: Option<Date>,
        /// The court
        #[arg(long)]
        court: String,
        /// 管理人
        #[arg(long)]
        administrator: Option<String>,
        /// Number of its proof
        #[arg(long)]
        evidence: Option<i64>,
        #[command(flatten)]
        doing: Doing,
    },
    /// The proceedings of an account
    List(OfAccount),
    /// Proceedings have ended
    End {
        /// Account number 户号
        account: String,
        #[command(flatten)]
        doing: Doing,
    },
}

#[derive(clap::Subcommand)]
pub enum Event {
    /// Note an interruption: demand, public_notice, promise, suit, preservation, mediation, report …
    Add {
        /// Account number 户号
        account: String,
        /// Its kind
        #[arg(value_parser = event_kind)]
        kind: EventKind,
        /// The day it took effect: the arrival of a demand, not its dispatch
        #[arg(long)]
        effective_on: Date,
        /// The bill; every debt of the account when not given
        #[arg(long, default_value_t = 0)]
        bill: i64,
        /// Number of its proof; without one it interrupts nothing
        #[arg(long)]
        evidence: Option<i64>,
        /// In words
        #[arg(long)]
        note: String,
        #[command(flatten)]
        doing: Doing,
    },
}

fn security_kind(text: &str) -> Result<SecurityKind, String> {
    SecurityKind::from_word(text)
        .ok_or_else(|| "general_guarantee, joint_guarantee, maximum_guarantee, pledge, mortgage".to_owned())
}

fn giver_kind(text: &str) -> Result<CustomerKind, String> {
    CustomerKind::from_word(text).ok_or_else(|| "person, enterprise, institution, organisation".to_owned())
}

fn event_kind(text: &str) -> Result<EventKind, String> {
    let words: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.word()).collect();
    EventKind::from_word(text).ok_or_else(|| words.join(", "))
}

fn security_json(row: &SecurityRow) -> Value {
    json!({
        "security_no": row.security_no, "kind": row.kind, "giver": row.giver, "amount": row.amount,
        "from_on": row.from_on, "until_on": row.until_on, "bills": row.bills, "evidence_no": row.evidence_no,
        "noted_by": row.noted_by, "released_on": row.released_on, "duty": row.kind.duty(),
    })
}

fn insolvency_json(row: &InsolvencyRow) -> Value {
    json!({
        "insolvency_no": row.insolvency_no, "accepted_on": row.accepted_on, "claims_until": row.claims_until,
        "court": row.court, "administrator": row.administrator, "evidence_no": row.evidence_no,
        "noted_by": row.noted_by, "ended_on": row.ended_on,
    })
}

fn tell_security(row: &SecurityRow) {
    println!(
        "{:>3} {:<18} {:>14} {}..{} {} {}",
        row.security_no,
        row.kind.word(),
        row.amount,
        row.from_on,
        row.until_on,
        row.giver,
        row.released_on.map_or_else(String::new, |day| format!("released {day}"))
    );
}

fn tell_insolvency(row: &InsolvencyRow) {
    println!("{:>3} {} ..{} {}", row.insolvency_no, row.accepted_on, row.claims_until, row.court);
}

/// Securities.
pub fn security(global: &Global, what: Security) -> anyhow::Result<()> {
    match what {
        Security::Add(args) => {
            let on = args.doing.on();
            let new = NewSecurity {
                kind: args.kind,
                giver: args.giver,
                giver_kind: args.giver_kind,
                amount: args.amount,
                from_on: args.from.unwrap_or(on),
                agreed_until: args.until,
                bills: args.bills,
                evidence_no: args.evidence,
            };
            let row = global.work(&args.doing.by, |conn, work| {
                let id = account_id(conn, &args.account)?;
                Ok(security_add(conn, work, id, &new, on)?)
            })?;
            one(args.doing.json, &row, security_json, tell_security)
        }
        Security::List(args) => {
            let mut conn = global.connect()?;
            let id = account_id(&mut conn, &args.account)?;
            let rows = legal::securities_of(&mut conn, Range { from: id, to: id })?;
            all(args.json, &rows, security_json, tell_security)
        }
        Security::Release { account, security, doing } => {
            let row = global.work(&doing.by, |conn, work| {
                let id = account_id(conn, &account)?;
                Ok(security_release(conn, work, (id, security), doing.on())?)
            })?;
            one(doing.json, &row, security_json, tell_security)
        }
    }
}

/// Insolvencies.
pub fn insolvency(global: &Global, what: Insolvency) -> anyhow::Result<()> {
    match what {
        Insolvency::Note { account, accepted_on, claims_until, court, administrator, evidence, doing } => {
            let new =
                NewInsolvency { accepted_on, claims_until, court, administrator, evidence_no: evidence };
            let row = global.work(&doing.by, |conn, work| {
                let id = account_id(conn, &account)?;
                Ok(insolvency_note(conn, work, id, &new, doing.on())?)
            })?;
            one(doing.json, &row, insolvency_json, tell_insolvency)
        }
        Insolvency::List(args) => {
            let mut conn = global.connect()?;
            let id = account_id(&mut conn, &args.account)?;
            let rows = legal::insolvencies_of(&mut conn, Range { from: id, to: id })?;
            all(args.json, &rows, insolvency_json, tell_insolvency)
        }
        Insolvency::End { account, doing } => {
            let row = global.work(&doing.by, |conn, work| {
                let id = account_id(conn, &account)?;
                Ok(insolvency_end(conn, work, id, doing.on())?)
            })?;
            one(doing.json, &row, insolvency_json, tell_insolvency)
        }
    }
}

/// Interruptions noted by hand.
pub fn event(global: &Global, what: Event) -> anyhow::Result<()> {
    let Event::Add { account, kind, effective_on, bill, evidence, note, doing } = what;
    let new = NewEvent { bill_no: bill, kind, effective_on, evidence_no: evidence, note };
    let event_no = global.work(&doing.by, |conn, work| {
        let id = account_id(conn, &account)?;
        Ok(event_note(conn, work, id, &new, doing.on())?)
    })?;
    if doing.json {
        return print_json(&json!({ "account_no": account, "event_no": event_no }));
    }
    println!("{} {event_no}", global.say("已记录事由", "noted: event"));
    Ok(())
}

fn one<R>(json: bool, row: &R, as_json: fn(&R) -> Value, tell: fn(&R)) -> anyhow::Result<()> {
    if json {
        return print_json(&as_json(row));
    }
    tell(row);
    Ok(())
}

fn all<R>(json: bool, rows: &[R], as_json: fn(&R) -> Value, tell: fn(&R)) -> anyhow::Result<()> {
    if json {
        return print_json(&rows.iter().map(as_json).collect::<Vec<Value>>());
    }
    rows.iter().for_each(tell);
    Ok(())
}
