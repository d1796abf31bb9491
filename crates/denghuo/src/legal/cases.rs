//! `denghuo legal list|show|propose|approve|reject|file|step|close|payment-order`.

use super::Doing;
use crate::context::{Global, account_id, account_numbers, print_json, today};
use denghuo_office::legal::{
    CaseStep, case_approve, case_close, case_propose, case_reject, case_step, payment_order_list,
};
use denghuo_rules::legal::triggers::CaseKind;
use denghuo_store::Conn;
use denghuo_store::legal::{self, CaseRow};
use jiff::civil::Date;
use serde_json::{Value, json};

#[derive(clap::Args)]
pub struct ListArgs {
    /// Only of this kind: letter, payment_order, suit, outside_suit, bankruptcy_claim
    #[arg(long, value_parser = kind)]
    kind: Option<CaseKind>,
    /// JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub struct ShowArgs {
    /// Account number 户号
    account: String,
    /// Number of the case within the account
    case: i64,
    /// JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub struct ProposeArgs {
    /// Account number 户号
    account: String,
    /// letter, payment_order, suit, outside_suit, bankruptcy_claim
    #[arg(value_parser = kind)]
    kind: CaseKind,
    #[command(flatten)]
    doing: Doing,
}

#[derive(clap::Args)]
pub struct ApproveArgs {
    /// Account number 户号
    account: String,
    /// Number of the case within the account
    case: i64,
    /// Law firm or own counsel 律师
    #[arg(long)]
    counsel: Option<String>,
    #[command(flatten)]
    doing: Doing,
}

#[derive(clap::Args)]
pub struct EndArgs {
    /// Account number 户号
    account: String,
    /// Number of the case within the account
    case: i64,
    /// Why, or how it ended
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    doing: Doing,
}

#[derive(clap::Args)]
pub struct StepArgs {
    /// Account number 户号
    account: String,
    /// Number of the case within the account
    case: i64,
    /// The day it happened; the business date when not given
    #[arg(long)]
    happened_on: Option<Date>,
    /// The court
    #[arg(long)]
    court: Option<String>,
    /// 案号
    #[arg(long)]
    court_ref: Option<String>,
    /// Number of its proof
    #[arg(long)]
    evidence: Option<i64>,
    /// In words
    #[arg(long, default_value = "")]
    note: String,
    #[command(flatten)]
    doing: Doing,
}

#[derive(clap::Args)]
pub struct AnyStepArgs {
    /// accepted, ordered, delivered, objected, declined, not_delivered, dismissed, hearing, preserved, decided, enforcement
    #[arg(long = "kind")]
    pub step: String,
    #[command(flatten)]
    pub rest: StepArgs,
}

#[derive(clap::Args)]
pub struct OrderArgs {
    /// Account number 户号
    account: String,
    /// As of this day; today when not given
    #[arg(long)]
    date: Option<Date>,
    /// JSON
    #[arg(long)]
    json: bool,
}

fn kind(text: &str) -> Result<CaseKind, String> {
    CaseKind::from_word(text)
        .ok_or_else(|| "letter, payment_order, suit, outside_suit, bankruptcy_claim".to_owned())
}

fn row_json(account_no: &str, row: &CaseRow) -> Value {
    json!({
        "account_no": account_no, "case_no": row.case_no, "kind": row.kind, "state": row.state,
        "opened_on": row.opened_on, "opened_by": row.opened_by, "approved_on": row.approved_on,
        "approved_by": row.approved_by, "claim": row.claim, "late_fee": row.fee, "notice_no": row.notice_no,
        "counsel": row.counsel, "court": row.court, "court_ref": row.court_ref, "term_on": row.term_on,
        "closed_on": row.closed_on, "outcome": row.outcome, "rules": row.rules,
    })
}

fn tell(account_no: &str, row: &CaseRow) {
    println!(
        "{account_no:<14} {:>3} {:<16} {:<12} {} {:>14} {:>12} {}",
        row.case_no,
        row.kind.word(),
        row.state,
        row.opened_on,
        row.claim,
        row.fee,
        row.term_on.map_or_else(String::new, |day| day.to_string())
    );
}

fn done(json: bool, account_no: &str, row: &CaseRow) -> anyhow::Result<()> {
    if json {
        return print_json(&row_json(account_no, row));
    }
    tell(account_no, row);
    Ok(())
}

/// Lists the open cases.
pub fn list(global: &Global, args: &ListArgs) -> anyhow::Result<()> {
    let mut conn = global.connect()?;
    let mut rows = legal::open_cases(&mut conn)?;
    rows.retain(|row| args.kind.is_none_or(|kind| kind == row.kind));
    let numbers = account_numbers(&mut conn, rows.iter().map(|row| row.account_id))?;
    let number = |row: &CaseRow| numbers.get(&row.account_id).cloned().unwrap_or_default();
    if args.json {
        let told: Vec<Value> = rows.iter().map(|row| row_json(&number(row), row)).collect();
        return print_json(&told);
    }
    for row in &rows {
        tell(&number(row), row);
    }
    Ok(())
}

fn found(conn: &mut Conn, account: &str, case_no: i64) -> anyhow::Result<(i64, CaseRow)> {
    let id = account_id(conn, account)?;
    let unknown = || {
        denghuo_rules::refusal::Refusal::new(
            "legal.unknown_case",
            format!("没有法律案件{case_no}"),
            format!("there is no legal case {case_no}"),
        )
    };
    Ok((id, legal::case(conn, id, case_no)?.ok_or_else(unknown)?))
}

/// Shows one case with its bills and steps.
pub fn show(global: &Global, args: &ShowArgs) -> anyhow::Result<()> {
    let mut conn = global.connect()?;
    let (id, row) = found(&mut conn, &args.account, args.case)?;
    let bills = legal::case_bills(&mut conn, id, args.case)?;
    let steps = legal::steps_of(&mut conn, id, args.case)?;
    if args.json {
        let mut told = row_json(&args.account, &row);
        told["bills"] = bills
            .iter()
            .map(|bill| json!({ "bill_no": bill.bill_no, "amount": bill.amount, "late_fee": bill.fee }))
            .collect();
        told["steps"] = steps
            .iter()
            .map(|step| {
                json!({
                    "step_no": step.step_no, "kind": step.kind, "happened_on": step.happened_on, "note": step.note,
                    "evidence_no": step.evidence_no, "noted_by": step.noted_by,
                })
            })
            .collect();
        return print_json(&told);
    }
    tell(&args.account, &row);
    for bill in &bills {
        println!("  #{:<4} {:>14} {:>12}", bill.bill_no, bill.amount, bill.fee);
    }
    for step in &steps {
        println!("  {} {:<12} {} {}", step.happened_on, step.kind, step.noted_by, step.note);
    }
    Ok(())
}

/// Proposes a measure by hand.
pub fn propose(global: &Global, args: &ProposeArgs) -> anyhow::Result<()> {
    let row = global.work(&args.doing.by, |conn, work| {
        let id = account_id(conn, &args.account)?;
        Ok(case_propose(conn, work, id, args.kind, args.doing.on())?)
    })?;
    done(args.doing.json, &args.account, &row)
}

/// Approves a proposal.
pub fn approve(global: &Global, args: &ApproveArgs) -> anyhow::Result<()> {
    let row = global.work(&args.doing.by, |conn, work| {
        let id = account_id(conn, &args.account)?;
        Ok(case_approve(conn, work, (id, args.case), args.counsel.as_deref(), args.doing.on())?)
    })?;
    done(args.doing.json, &args.account, &row)
}

/// Rejects a proposal.
pub fn reject(global: &Global, args: &EndArgs) -> anyhow::Result<()> {
    let row = global.work(&args.doing.by, |conn, work| {
        let id = account_id(conn, &args.account)?;
        Ok(case_reject(conn, work, (id, args.case), &args.reason, args.doing.on())?)
    })?;
    done(args.doing.json, &args.account, &row)
}

/// Ends a case.
pub fn close(global: &Global, args: &EndArgs) -> anyhow::Result<()> {
    let row = global.work(&args.doing.by, |conn, work| {
        let id = account_id(conn, &args.account)?;
        Ok(case_close(conn, work, (id, args.case), &args.reason, args.doing.on())?)
    })?;
    done(args.doing.json, &args.account, &row)
}

/// Notes a step.
pub fn step(global: &Global, kind: &str, args: StepArgs) -> anyhow::Result<()> {
    let on = args.doing.on();
    let step = CaseStep {
        kind: kind.to_owned(),
        happened_on: args.happened_on.unwrap_or(on),
        note: args.note,
        court: args.court,
        court_ref: args.court_ref,
        evidence_no: args.evidence,
    };
    let row = global.work(&args.doing.by, |conn, work| {
        let id = account_id(conn, &args.account)?;
        Ok(case_step(conn, work, (id, args.case), &step, on)?)
    })?;
    done(args.doing.json, &args.account, &row)
}

/// Tells the check list of a payment order.
pub fn order(global: &Global, args: &OrderArgs) -> anyhow::Result<()> {
    let on = args.date.unwrap_or_else(today);
    let list = global.work("system", |conn, work| {
        let id = account_id(conn, &args.account)?;
        Ok(payment_order_list(conn, work, id, on)?)
    })?;
    if args.json {
        return print_json(&list);
    }
    for check in &list.checks {
        let mark = if check.holds { global.say("是", "yes") } else { global.say("否", "no ") };
        let text = check.text.in_language(global.language());
        println!("{mark} {:<22} {text} ({})", check.code, check.article);
    }
    let answer = if list.may_apply {
        global.say("可以申请支付令", "a payment order may be applied for")
    } else {
        global.say("不可申请支付令", "a payment order may not be applied for")
    };
    println!("{answer}");
    Ok(())
}
