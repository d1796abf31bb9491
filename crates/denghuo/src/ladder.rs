//! `denghuo ladder`, `denghuo holds`, `denghuo plans`, `denghuo worklist`: where a debtor stands, what pauses it, what was agreed.

use crate::context::{Global, account_id, account_numbers, print_json, today};
use clap::{Args, Subcommand};
use denghuo_office::collections::{
    HoldOrder, PlanOrder, hold_release, hold_set, holds_of, ladder_show, plan_cancel, plan_make, plans_of,
    step_done, worklist,
};
use denghuo_rules::collections::hold::HoldKind;
use denghuo_rules::collections::ladder::StepKind;
use denghuo_rules::collections::plan::{PlanKind, PlanPart};
use denghuo_rules::units::Money;
use denghuo_store::collections::{HoldRow, TimelineRow, holds_in_force, ladder_due_list};
use jiff::civil::Date;
use serde_json::json;

/// Arguments of `denghuo ladder`.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  denghuo ladder show 3700000012\n  denghuo ladder explain 3700000012 --date 2026-08-20\n  denghuo ladder due\n  denghuo ladder done 3700000012 3 visit --by S001 --note 已上门"
)]
pub struct LadderArgs {
    #[command(subcommand)]
    what: LadderWhat,
}

#[derive(Subcommand)]
enum LadderWhat {
    /// Everything that happened to the debts of an account, in order
    Show(OneAccount),
    /// Why each step is taken or not yet
    Explain(OneAccount),
    /// Accounts whose ladder is to be looked at by a day
    Due {
        /// The day; today when not given
        #[arg(long)]
        date: Option<Date>,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Note that a person has made a step: phone_call, visit, protection_decision
    Done {
        /// Account number 户号
        account: String,
        /// Number of the bill within the account
        bill: i64,
        /// The step
        #[arg(value_parser = step_kind)]
        step: StepKind,
        /// What came of it
        #[arg(long)]
        note: String,
        /// Staff code
        #[arg(long)]
        by: String,
        /// Business date; today when not given
        #[arg(long)]
        date: Option<Date>,
    },
}

/// One account on a day.
#[derive(Args)]
struct OneAccount {
    /// Account number 户号
    account: String,
    /// The day; today when not given
    #[arg(long)]
    date: Option<Date>,
    /// JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `denghuo holds`.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  denghuo holds set 3700000012 --kind dispute --bill 3 --reason 对电量有异议 --source C-0815 --by S004\n  denghuo holds release 3700000012 1 --reason 已复核 --by S004\n  denghuo holds list 3700000012"
)]
pub struct HoldArgs {
    #[command(subcommand)]
    what: HoldWhat,
}

#[derive(Subcommand)]
enum HoldWhat {
    /// Pause the ladder of a bill or of the account
    Set {
        /// Account number 户号
        account: String,
        /// dispute, complaint, suspected_reading, protection
        #[arg(long, value_parser = hold_kind)]
        kind: HoldKind,
        /// Number of the bill; the whole account when not given
        #[arg(long, default_value_t = 0)]
        bill: i64,
        /// Last day; the longest that the rule allows when not given
        #[arg(long)]
        until: Option<Date>,
        /// Why
        #[arg(long)]
        reason: String,
        /// What it comes from, such as the number of a complaint: the same again changes nothing
        #[arg(long, default_value = "manual")]
        source: String,
        /// Staff code
        #[arg(long)]
        by: String,
        /// Business date; today when not given
        #[arg(long)]
        date: Option<Date>,
    },
    /// Let the ladder go on
    Release {
        /// Account number 户号
        account: String,
        /// Number of the hold
        hold: i64,
        /// Why
        #[arg(long)]
        reason: String,
        /// Staff code
        #[arg(long)]
        by: String,
        /// Business date; today when not given
        #[arg(long)]
        date: Option<Date>,
    },
    /// Holds of an account, or all that are in force
    List {
        /// Account number 户号
        account: Option<String>,
        /// The day; today when not given
        #[arg(long)]
        date: Option<Date>,
        /// JSON
        #[arg(long)]
        json: bool,
    },
}

/// Arguments of `denghuo plans`.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  denghuo plans make 3700000012 --bills 3,4 --part 2026-09-01:400.00 --part 2026-10-01:600.00 --by S001 --approved-by S002\n  denghuo plans promise 3700000012 --bills 3 --until 2026-09-05 --amount 300.00 --by S001\n  denghuo plans list 3700000012\n  denghuo plans cancel 3700000012 1 --reason 客户撤回 --by S001"
)]
pub struct PlanArgs {
    #[command(subcommand)]
    what: PlanWhat,
}

#[derive(Subcommand)]
enum PlanWhat {
    /// Agree a plan in parts 分期付款
    Make {
        #[command(flatten)]
        agreed: Agreement,
        /// A part as DAY:AMOUNT, once for each
        #[arg(long = "part", value_parser = part, required = true)]
        parts: Vec<PlanPart>,
        /// Staff code of who approves 审批人
        #[arg(long)]
        approved_by: String,
    },
    /// Note a promise to pay 付款承诺
    Promise {
        #[command(flatten)]
        agreed: Agreement,
        /// Last day to pay
        #[arg(long)]
        until: Date,
        /// Amount in yuan
        #[arg(long)]
        amount: Money,
    },
    /// Plans and promises of an account
    List {
        /// Account number 户号
        account: String,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Take a plan or promise back
    Cancel {
        /// Account number 户号
        account: String,
        /// Number of the plan
        plan: i64,
        /// Why
        #[arg(long)]
        reason: String,
        /// Staff code
        #[arg(long)]
        by: String,
        /// Business date; today when not given
        #[arg(long)]
        date: Option<Date>,
    },
}

/// What a plan and a promise have in common.
#[derive(Args)]
struct Agreement {
    /// Account number 户号
    account: String,
    /// Numbers of the bills, with commas between
    #[arg(long, value_delimiter = ',', required = true)]
    bills: Vec<i64>,
    /// How it was agreed: written, phone, counter
    #[arg(long, default_value = "written")]
    how: String,
    /// Number of its evidence
    #[arg(long)]
    evidence: Option<i64>,
    /// Staff code of who took it
    #[arg(long)]
    by: String,
    /// Business date; today when not given
    #[arg(long)]
    date: Option<Date>,
}

/// Arguments of `denghuo worklist`.
#[derive(Args)]
#[command(after_help = "Example:\n  denghuo worklist S001 --date 2026-08-20 --limit 50")]
pub struct WorklistArgs {
    /// Staff code
    staff: String,
    /// The day; today when not given
    #[arg(long)]
    date: Option<Date>,
    /// Lines at most
    #[arg(long, default_value_t = 100)]
    limit: usize,
    /// JSON
    #[arg(long)]
    json: bool,
}

fn step_kind(text: &str) -> Result<StepKind, String> {
    StepKind::from_word(text).ok_or_else(|| "phone_call, visit, protection_decision".to_owned())
}

fn hold_kind(text: &str) -> Result<HoldKind, String> {
    HoldKind::from_word(text).ok_or_else(|| "dispute, complaint, suspected_reading, protection".to_owned())
}

fn part(text: &str) -> Result<PlanPart, String> {
    let (day, amount) = text.split_once(':').ok_or("DAY:AMOUNT, such as 2026-09-01:400.00")?;
    let due_on = day.parse().map_err(|_| format!("`{day}` is no day"))?;
    let amount = amount.parse().map_err(|_| format!("`{amount}` is no amount"))?;
    Ok(PlanPart { due_on, amount })
}

/// Tells where debtors stand.
///
/// # Errors
/// A refusal, a missing rule, or a failure of the database.
pub fn run(global: &Global, args: LadderArgs) -> anyhow::Result<()> {
    match args.what {
        LadderWhat::Show(of) => show(global, &of, true),
        LadderWhat::Explain(of) => show(global, &of, false),
        LadderWhat::Due { date, json } => due(global, date.unwrap_or_else(today), json),
        LadderWhat::Done { account, bill, step, note, by, date } => global.work(&by, |conn, work| {
            let id = account_id(conn, &account)?;
            step_done(conn, work, id, (bill, step), &note, date.unwrap_or_else(today))?;
            println!("{} {}", global.say("已登记", "noted:"), step.zh());
            Ok(())
        }),
    }
}

fn show(global: &Global, of: &OneAccount, with_timeline: bool) -> anyhow::Result<()> {
    let on = of.date.unwrap_or_else(today);
    let shown = global.work("system", |conn, work| {
        let id = account_id(conn, &of.account)?;
        Ok(ladder_show(conn, work, id, on)?)
    })?;
    if of.json {
        return print_json(&json!({ "account_no": of.account, "date": on, "ladder": shown }));
    }
    if with_timeline {
        shown.timeline.iter().for_each(|row| tell_row(global, row));
    }
    for step in &shown.why {
        let rule = step.rule.as_deref().map_or_else(String::new, |rule| format!("  [{rule}]"));
        println!("{}{rule}", step.text.in_language(global.language()));
    }
    if let Some(next_on) = shown.next_on {
        println!("{} {next_on}", global.say("下次处理", "looked at again on"));
    }
    if shown.why.is_empty() && shown.timeline.is_empty() {
        println!("{}", global.say("无欠费记录", "nothing was ever overdue"));
    }
    Ok(())
}

fn tell_row(global: &Global, row: &TimelineRow) {
    let what = match row.what.as_str() {
        "bill_released" => global.say("电费发行", "bill released"),
        "last_payment_day" => global.say("缴费截止日", "last payment day"),
        "notice" => global.say("通知", "notice"),
        "notice_served" => global.say("通知送达", "notice arrived"),
        "payment" => global.say("缴费", "payment"),
        "payment_taken_back" => global.say("冲正", "payment taken back"),
        "step" => global.say("催费步骤", "step"),
        "hold" => global.say("暂缓", "hold"),
        "hold_released" => global.say("解除暂缓", "hold released"),
        "plan" => global.say("约定", "agreement"),
        "plan_ended" => global.say("约定结束", "agreement ended"),
        "cut_case" => global.say("停电流程", "disconnection"),
        "operation" => global.say("停复电操作", "operation"),
        "legal_case" => global.say("法律事务", "legal case"),
        _ => global.say("破产", "insolvency"),
    };
    let bill = if row.bill_no == 0 { String::new() } else { format!(" #{}", row.bill_no) };
    let amount = row.amount_fen.map_or_else(String::new, |fen| format!(" {}", Money(fen)));
    println!("{} {what} {}{bill} {}{amount}", row.on, row.no, row.detail);
}

fn due(global: &Global, on: Date, json: bool) -> anyhow::Result<()> {
    let mut conn = global.connect()?;
    let rows = ladder_due_list(&mut conn, on)?;
    if json {
        let rows: Vec<_> = rows
            .iter()
            .map(|(account_no, next_on, stands_on)| {
                json!({ "account_no": account_no, "next_on": next_on, "stands_on": stands_on })
            })
            .collect();
        return print_json(&rows);
    }
    for (account_no, next_on, stands_on) in &rows {
        println!("{account_no:<14} {next_on} {stands_on}");
    }
    println!("{} {}", rows.len(), global.say("户", "accounts"));
    Ok(())
}

/// Sets, releases and lists holds.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run_holds(global: &Global, args: HoldArgs) -> anyhow::Result<()> {
    match args.what {
        HoldWhat::Set { account, kind, bill, until, reason, source, by, date } => {
            global.work(&by, |conn, work| {
                let account_id = account_id(conn, &account)?;
                let order = HoldOrder { account_id, kind, bill_no: bill, until_on: until, reason, source };
                let hold = hold_set(conn, work, &order, date.unwrap_or_else(today))?;
                println!("{} {}", global.say("已暂缓", "held:"), hold.hold_no);
                Ok(())
            })
        }
        HoldWhat::Release { account, hold, reason, by, date } => global.work(&by, |conn, work| {
            let id = account_id(conn, &account)?;
            let hold = hold_release(conn, work, (id, hold), &reason, date.unwrap_or_else(today))?;
            println!("{} {}", global.say("已解除暂缓", "released:"), hold.hold_no);
            Ok(())
        }),
        HoldWhat::List { account, date, json } => {
            list_holds(global, account, date.unwrap_or_else(today), json)
        }
    }
}

fn list_holds(global: &Global, account: Option<String>, on: Date, json: bool) -> anyhow::Result<()> {
    let mut conn = global.connect()?;
    let rows: Vec<HoldRow> = match account {
        Some(account) => {
            let id = account_id(&mut conn, &account)?;
            holds_of(&mut conn, id)?
        }
        None => holds_in_force(&mut conn, on)?,
    };
    let numbers = account_numbers(&mut conn, rows.iter().map(|hold| hold.account_id))?;
    let number = |hold: &HoldRow| numbers.get(&hold.account_id).cloned().unwrap_or_default();
    if json {
        let rows: Vec<_> = rows
            .iter()
            .map(|hold| {
                json!({
                    "account_no": number(hold), "hold_no": hold.hold_no, "kind": hold.kind, "bill_no": hold.bill_no,
                    "from_on": hold.from_on, "until_on": hold.until_on, "reason": hold.reason, "source": hold.source,
                    "set_by": hold.set_by, "released_on": hold.released_on, "released_by": hold.released_by,
                    "release_reason": hold.release_reason,
                })
            })
            .collect();
        return print_json(&rows);
    }
    for hold in &rows {
        let until = hold.until_on.map_or_else(String::new, |until| until.to_string());
        let released = hold
            .released_on
            .map_or_else(String::new, |on| format!(" {} {on}", global.say("已解除", "released on")));
        println!(
            "{:<14} {} {} #{} {}…{until} {}{released}",
            number(hold),
            hold.hold_no,
            global.say(hold.kind.zh(), hold.kind.word()),
            hold.bill_no,
            hold.from_on,
            hold.reason
        );
    }
    Ok(())
}

/// Makes, lists and takes back plans and promises.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run_plans(global: &Global, args: PlanArgs) -> anyhow::Result<()> {
    match args.what {
        PlanWhat::Make { agreed, parts, approved_by } => {
            agree(global, agreed, PlanKind::Plan, parts, Some(approved_by))
        }
        PlanWhat::Promise { agreed, until, amount } => {
            agree(global, agreed, PlanKind::Promise, vec![PlanPart { due_on: until, amount }], None)
        }
        PlanWhat::List { account, json } => list_plans(global, &account, json),
        PlanWhat::Cancel { account, plan, reason, by, date } => global.work(&by, |conn, work| {
            let id = account_id(conn, &account)?;
            plan_cancel(conn, work, (id, plan), &reason, date.unwrap_or_else(today))?;
            println!("{} {plan}", global.say("已取消", "cancelled:"));
            Ok(())
        }),
    }
}

fn agree(
    global: &Global,
    agreed: Agreement,
    kind: PlanKind,
    parts: Vec<PlanPart>,
    approved_by: Option<String>,
) -> anyhow::Result<()> {
    global.work(&agreed.by, |conn, work| {
        let order = PlanOrder {
            account_id: account_id(conn, &agreed.account)?,
            kind,
            bills: agreed.bills,
            parts,
            agreed_how: agreed.how,
            approved_by,
            evidence_no: agreed.evidence,
        };
        let made = plan_make(conn, work, &order, agreed.date.unwrap_or_else(today))?;
        println!("{} {} {}", global.say("已约定", "agreed:"), made.row.plan_no, made.row.amount);
        Ok(())
    })
}

fn list_plans(global: &Global, account: &str, json: bool) -> anyhow::Result<()> {
    let mut conn = global.connect()?;
    let id = account_id(&mut conn, account)?;
    let plans = plans_of(&mut conn, id)?;
    if json {
        let plans: Vec<_> = plans
            .iter()
            .map(|plan| {
                let row = &plan.row;
                json!({
                    "plan_no": row.plan_no, "kind": row.kind, "bills": row.bills, "agreed_on": row.agreed_on,
                    "amount": row.amount, "state": row.state, "agreed_how": row.agreed_how, "agreed_by": row.agreed_by,
                    "approved_by": row.approved_by, "ended_on": row.ended_on, "parts": plan.parts,
                })
            })
            .collect();
        return print_json(&plans);
    }
    for plan in &plans {
        let row = &plan.row;
        println!(
            "{} {} #{} {} {} {}",
            row.plan_no,
            global.say(row.kind.zh(), row.kind.word()),
            row.bills,
            row.agreed_on,
            row.amount,
            global.say(row.state.zh(), row.state.word())
        );
        for part in &plan.parts {
            println!("    {} {}", part.due_on, part.amount);
        }
    }
    Ok(())
}

/// Tells a collector's debtors, the most urgent first.
///
/// # Errors
/// A refusal, a missing rule, or a failure of the database.
pub fn run_worklist(global: &Global, args: &WorklistArgs) -> anyhow::Result<()> {
    let on = args.date.unwrap_or_else(today);
    let mut lines = global.work("system", |conn, work| Ok(worklist(conn, work, &args.staff, on)?))?;
    lines.truncate(args.limit);
    if args.json {
        return print_json(&lines);
    }
    for line in &lines {
        let why: Vec<&str> = line.score.why.iter().map(|why| why.in_language(global.language())).collect();
        println!(
            "{:>7} {:<14} {:>12} {} {}  {}",
            line.score.score,
            line.account_no,
            line.overdue,
            line.name,
            line.address,
            why.join(global.say(";", "; "))
        );
    }
    Ok(())
}
