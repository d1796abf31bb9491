//! `denghuo cuts`: from the proposal of a cut to the restoration.

use crate::context::{Global, account_id, account_numbers, now_local, print_json};
use clap::Subcommand;
use denghuo_office::disconnection::{
    CaseShown, Channel, CutCall, CutProposal, CutRefusal, GatesShown, NewDocument, NewWindow, case_json,
    case_list, case_show, cut_approve, cut_call, cut_confirm, cut_document, cut_execute, cut_propose,
    cut_reject, cut_withdraw, gates_show, operation_json, restore_order, sweep, warrant_issue,
    window_declare, window_end, window_list,
};
use denghuo_office::error::OfficeError;
use denghuo_office::work::Work;
use denghuo_rules::disconnection::{CallOutcome, CutDocument};
use denghuo_store::Conn;
use denghuo_store::disconnection::{CutCase, OperationRow};
use jiff::civil::{Date, DateTime};
use serde_json::{Value, json};

/// Arguments of `denghuo cuts`.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  denghuo cuts list\n  denghuo cuts gates 0370000001 --at 2026-09-08T10:30\n  denghuo cuts approve 0370000001 --by S002\n  \
        denghuo cuts warrant 0370000001 --by S004\n  denghuo cuts call 0370000001 --told 2026-09-08T10:30 --outcome reached --by S004\n  \
        denghuo cuts execute 0370000001 --by S004\n  denghuo cuts confirm 0370000001 --by S004\n  denghuo cuts sweep"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

/// What every one of them takes.
#[derive(clap::Args)]
struct Common {
    /// Moment of the work in Beijing time, such as 2026-09-08T10:30; now when not given
    #[arg(long)]
    at: Option<DateTime>,
    /// JSON
    #[arg(long)]
    json: bool,
}

/// An account, a person, a moment.
#[derive(clap::Args)]
struct Deed {
    /// Account number 户号
    account: String,
    /// Staff code
    #[arg(long)]
    by: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
enum What {
    /// Propose a cut for arrears 提出停电
    Propose {
        #[command(flatten)]
        deed: Deed,
        /// Only `arrears`: theft and danger have their own procedure
        #[arg(long, default_value = "arrears")]
        reason: String,
    },
    /// Live cases 进行中的停电流程
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Every case of an account 某户停电流程
    Show {
        /// Account number 户号
        account: String,
        #[command(flatten)]
        common: Common,
    },
    /// Every gate with its clause, and why it holds or fails 停电闸门
    Gates {
        /// Account number 户号
        account: String,
        #[command(flatten)]
        common: Common,
    },
    /// Approve a case; the stop-plan notice is asked for 审批
    Approve {
        #[command(flatten)]
        deed: Deed,
    },
    /// Reject a proposed case 驳回
    Reject {
        #[command(flatten)]
        deed: Deed,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Withdraw a case before power was cut 撤回
    Withdraw {
        #[command(flatten)]
        deed: Deed,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Note a paper of a case 停电附件
    Document {
        #[command(flatten)]
        deed: Deed,
        /// talk, posting, authority_copy, authority_approval, protection_decision, others_supplied
        #[arg(long, value_parser = document)]
        kind: CutDocument,
        /// With whom, or about what
        #[arg(long, default_value = "")]
        about: String,
        /// The day on which it happened; that of the work when not given
        #[arg(long)]
        on: Option<Date>,
        /// Number of its proof
        #[arg(long)]
        evidence: Option<i64>,
    },
    /// Make a warrant, where every gate holds 签发停电许可
    Warrant {
        #[command(flatten)]
        deed: Deed,
    },
    /// Stamp the last call 停电前通知
    Call {
        #[command(flatten)]
        deed: Deed,
        /// The time that was told
        #[arg(long)]
        told: DateTime,
        /// reached, answered_by_other, no_answer, refused
        #[arg(long, value_parser = outcome)]
        outcome: CallOutcome,
        /// Number of its proof
        #[arg(long)]
        evidence: Option<i64>,
    },
    /// Give the field order to cut, on the live warrant 执行停电
    Execute {
        #[command(flatten)]
        deed: Deed,
        /// field; the remote relay comes with the link to the meters
        #[arg(long, default_value = "field")]
        channel: String,
    },
    /// Order a restoration without a payment, as a manager 复电
    Restore {
        #[command(flatten)]
        deed: Deed,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Confirm at the meter what was ordered, a cut or a restoration 现场确认
    Confirm {
        #[command(flatten)]
        deed: Deed,
        /// It was not done
        #[arg(long)]
        failed: bool,
        /// Number of its proof
        #[arg(long)]
        evidence: Option<i64>,
    },
    /// Look at every live case that something has happened to: payments, windows, late restorations 巡视
    Sweep {
        #[command(flatten)]
        common: Common,
    },
    /// Declared windows without cuts 临时禁停
    #[command(subcommand)]
    Windows(Windows),
}

#[derive(Subcommand)]
enum Windows {
    /// Windows that have not ended
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Declare a window
    Declare {
        /// extreme_heat, extreme_cold, disaster, key_event, senior_high_exam, or what a rule of the site lists
        kind: String,
        /// First day
        #[arg(long)]
        from: Date,
        /// Last day
        #[arg(long)]
        until: Date,
        /// Code of an organisation; the whole company when not given
        #[arg(long)]
        org: Option<String>,
        /// Why
        #[arg(long)]
        reason: String,
        /// Staff code
        #[arg(long)]
        by: String,
        #[command(flatten)]
        common: Common,
    },
    /// End a window
    End {
        /// Its number
        window: i64,
        /// Its last day
        #[arg(long)]
        last: Date,
        /// Staff code of a manager
        #[arg(long)]
        by: String,
        #[command(flatten)]
        common: Common,
    },
}

fn document(text: &str) -> Result<CutDocument, String> {
    let words = || CutDocument::ALL.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", ");
    CutDocument::from_word(text).ok_or_else(words)
}

fn outcome(text: &str) -> Result<CallOutcome, String> {
    let words = || CallOutcome::ALL.iter().map(|outcome| outcome.word()).collect::<Vec<_>>().join(", ");
    CallOutcome::from_word(text).ok_or_else(words)
}

impl Common {
    fn at(&self) -> DateTime {
        self.at.unwrap_or_else(now_local)
    }
}

impl Deed {
    /// Does it for the account at the moment.
    fn run<T>(
        &self,
        global: &Global,
        work: impl FnOnce(&mut Conn, &Work<'_>, i64, DateTime) -> Result<T, OfficeError>,
    ) -> anyhow::Result<T> {
        global.work(&self.by, |conn, by| {
            let id = account_id(conn, &self.account)?;
            Ok(work(conn, by, id, self.common.at())?)
        })
    }

    fn tell_case(&self, global: &Global, case: &CutCase) -> anyhow::Result<()> {
        if self.common.json {
            return print_json(&case_json(case));
        }
        println!("{}", case_line(global, &self.account, case));
        Ok(())
    }

    fn tell_operation(&self, global: &Global, row: &OperationRow) -> anyhow::Result<()> {
        if self.common.json {
            return print_json(&operation_json(row));
        }
        let due = row.due_at.map(|due| format!(" {} {due}", global.say("限时", "by"))).unwrap_or_default();
        println!("{} {} {} {}{due}", self.account, row.operation_no, row.kind, row.state);
        Ok(())
    }
}

/// Does what is asked.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Propose { deed, reason } => {
            let case = deed.run(global, |conn, work, id, at| {
                cut_propose(conn, work, &CutProposal { account_id: id, reason, step: None }, at)
            })?;
            deed.tell_case(global, &case)
        }
        What::Approve { deed } => deed.tell_case(global, &deed.run(global, cut_approve)?),
        What::Reject { deed, reason } => {
            let case = deed.run(global, |conn, work, id, at| cut_reject(conn, work, id, &reason, at))?;
            deed.tell_case(global, &case)
        }
        What::Withdraw { deed, reason } => {
            let case = deed.run(global, |conn, work, id, at| cut_withdraw(conn, work, id, &reason, at))?;
            deed.tell_case(global, &case)
        }
        What::Execute { deed, channel } => {
            if channel != "field" {
                return Err(OfficeError::refuse(CutRefusal::NoRelay).into());
            }
            let done = deed.run(global, |conn, work, id, at| {
                cut_execute(conn, work, id, Channel::Field, at).map(|executed| executed.operation)
            })?;
            deed.tell_operation(global, &done)
        }
        What::Restore { deed, reason } => {
            let row = deed.run(global, |conn, work, id, at| restore_order(conn, work, id, &reason, at))?;
            deed.tell_operation(global, &row)
        }
        What::Confirm { deed, failed, evidence } => {
            let row =
                deed.run(global, |conn, work, id, at| cut_confirm(conn, work, id, (!failed, evidence), at))?;
            deed.tell_operation(global, &row)
        }
        What::Windows(windows) => run_windows(global, windows),
        other => look(global, other),
    }
}

/// What writes nothing about a case's state, and the papers.
fn look(global: &Global, what: What) -> anyhow::Result<()> {
    match what {
        What::List { common } => list(global, &common),
        What::Show { account, common } => show(global, &account, &common),
        What::Gates { account, common } => {
            let shown = global.work("system", |conn, work| {
                let id = account_id(conn, &account)?;
                Ok(gates_show(conn, work, id, common.at())?)
            })?;
            if common.json { print_json(&shown) } else { tell_gates(global, &shown) }
        }
        What::Document { deed, kind, about, on, evidence } => {
            let number = deed.run(global, |conn, work, id, at| {
                let happened_on = on.unwrap_or_else(|| at.date());
                let new = NewDocument { account_id: id, kind, about, happened_on, evidence_no: evidence };
                cut_document(conn, work, &new, at)
            })?;
            say(&deed.common, &json!({ "document_no": number }), global.say("已记录", "noted"))
        }
        What::Warrant { deed } => {
            let row = deed.run(global, warrant_issue)?;
            let value = json!({
                "case_no": row.case_no, "warrant_no": row.warrant_no, "state": row.state, "made_at": row.made_at,
                "expires_at": row.expires_at, "gates": serde_json::from_str::<Value>(&row.gates)?,
            });
            let until =
                format!("{} {}", global.say("停电许可有效至", "the warrant is good until"), row.expires_at);
            say(&deed.common, &value, &until)
        }
        What::Call { deed, told, outcome, evidence } => {
            let row = deed.run(global, |conn, work, id, at| {
                let call = CutCall { account_id: id, told_cut_at: told, outcome, evidence_no: evidence };
                cut_call(conn, work, &call, at)
            })?;
            let value = json!({ "call_no": row.call_no, "called_at": row.called_at,
                "told_cut_at": row.told_cut_at, "outcome": row.outcome });
            say(&deed.common, &value, global.say("已记录通知", "the call is stamped"))
        }
        What::Sweep { common } => {
            let swept = global.work("system", |conn, work| Ok(sweep(conn, work, common.at())?))?;
            let text = format!(
                "{} {}, {} {}, {} {}",
                global.say("流程", "cases"),
                swept.cases,
                global.say("复电", "restorations"),
                swept.restorations.len(),
                global.say("搁置", "parked"),
                swept.parked.len()
            );
            say(&common, &serde_json::to_value(&swept)?, &text)
        }
        _ => Ok(()),
    }
}

fn say(common: &Common, value: &Value, text: &str) -> anyhow::Result<()> {
    if common.json {
        return print_json(value);
    }
    println!("{text}");
    Ok(())
}

fn case_line(global: &Global, account: &str, case: &CutCase) -> String {
    let state = match global.lang {
        crate::context::Lang::Zh => case.state.zh(),
        crate::context::Lang::En => case.state.word(),
    };
    let window = match (case.window_from, case.window_to) {
        (Some(from), Some(to)) => format!(" {from}…{to}"),
        _ => String::new(),
    };
    let outcome = case.outcome.as_deref().unwrap_or("");
    format!("{account:<14} {:>3} {state}{window} {} {outcome}", case.case_no, case.proposed_on)
}

fn list(global: &Global, common: &Common) -> anyhow::Result<()> {
    global.work("system", |conn, _| {
        let cases = case_list(conn)?;
        let numbers = account_numbers(conn, cases.iter().map(|case| case.account_id))?;
        let number = |case: &CutCase| numbers.get(&case.account_id).cloned().unwrap_or_default();
        if common.json {
            let rows: Vec<Value> = cases
                .iter()
                .map(|case| {
                    let mut value = case_json(case);
                    value["account_no"] = json!(number(case));
                    value
                })
                .collect();
            return print_json(&rows);
        }
        for case in &cases {
            println!("{}", case_line(global, &number(case), case));
        }
        println!("{} {}", cases.len(), global.say("个进行中的停电流程", "live cases"));
        Ok(())
    })
}

fn show(global: &Global, account: &str, common: &Common) -> anyhow::Result<()> {
    let cases: Vec<CaseShown> = global.work("system", |conn, _| {
        let id = account_id(conn, account)?;
        Ok(case_show(conn, id)?)
    })?;
    if common.json {
        return print_json(&cases);
    }
    for case in &cases {
        println!("{account} {} {} {:?}", case.case_no, case.state, case.bills);
        for part in [&case.documents, &case.calls, &case.warrants, &case.operations] {
            for row in part {
                println!("  {row}");
            }
        }
    }
    println!("{} {}", cases.len(), global.say("个停电流程", "cases"));
    Ok(())
}

fn tell_gates(global: &Global, shown: &GatesShown) -> anyhow::Result<()> {
    for finding in &shown.gates {
        let mark = if finding.holds { "✓" } else { "✗" };
        let text = finding.text.in_language(global.language());
        println!("{mark} {} {text}", finding.gate.word());
        println!("      {} [{}, {:?}]", finding.clause, finding.rule, finding.confidence);
    }
    let verdict = if shown.lawful {
        global.say("可以停电", "power may be cut")
    } else {
        global.say("不得停电", "power may not be cut")
    };
    println!("{} {verdict}", shown.at);
    Ok(())
}

fn run_windows(global: &Global, what: Windows) -> anyhow::Result<()> {
    match what {
        Windows::List { common } => {
            let rows = global.work("system", |conn, _| Ok(window_list(conn, common.at().date())?))?;
            if common.json {
                return print_json(&rows);
            }
            for row in &rows {
                println!("{} {} {}…{} {}", row.window_no, row.kind, row.from_on, row.until_on, row.reason);
            }
            Ok(())
        }
        Windows::Declare { kind, from, until, org, reason, by, common } => {
            let row = global.work(&by, |conn, work| {
                let new = NewWindow { kind, org, from_on: from, until_on: until, reason };
                Ok(window_declare(conn, work, &new, common.at().date())?)
            })?;
            let text = format!("{} {}", global.say("已公告禁停", "declared:"), row.window_no);
            say(&common, &serde_json::to_value(&row)?, &text)
        }
        Windows::End { window, last, by, common } => {
            let row = global
                .work(&by, |conn, work| Ok(window_end(conn, work, window, last, common.at().date())?))?;
            say(&common, &serde_json::to_value(&row)?, global.say("已结束", "ended"))
        }
    }
}
