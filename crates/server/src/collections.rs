//! 催费: what is owed with its late fee, who collects it and how, and where a debtor stands on the ladder.

mod approvals;
mod arrears;
mod demands;
mod desk;
mod plans;

use crate::ask::Ask;
use crate::input::{DayQuery, Nothing};
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::collections::{BalanceExplained, explain_balance, ladder_show};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::Step;
use denghuo_rules::units::Money;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// The endpoints.
pub fn routes() -> Routes {
    let see = Permission::SeeArrears;
    let routes = Routes::of("collections", "催费")
        .get(
            "/accounts/{account_no}/debts",
            see,
            ("欠费与违约金", "What an account owes on a day, debt by debt, with the late fee and its spans"),
            account_debts,
        )
        .get(
            "/accounts/{account_no}/ladder",
            see,
            ("催费阶梯", "Where an account stands on the ladder, why, and what happened to its debts"),
            account_ladder,
        );
    approvals::add(plans::add(demands::add(desk::add(arrears::add(routes)))))
}

fn account_debts(ask: &mut Ask<'_>, _: &Nothing, query: &DayQuery) -> Result<BalanceExplained, Problem> {
    let account_id = ask.account()?;
    Ok(explain_balance(ask.conn, ask.work, account_id, query.on.unwrap_or(ask.today))?)
}

/// One thing that happened to a debt.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct LadderEvent {
    /// When.
    #[schemars(with = "DateForm")]
    on: Date,
    /// What, such as `bill_released`, `notice_served`, `step`.
    what: String,
    /// Its number in its own table.
    no: i64,
    /// The bill that it belongs to; 0 for the account.
    bill_no: i64,
    /// Words of its table, with spaces between.
    detail: String,
    /// The amount.
    amount: Option<Money>,
}

/// 催费阶梯
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Ladder {
    /// The ladder that applies; none for who owes nothing.
    rule: Option<String>,
    /// The next day on which time alone can change something.
    #[schemars(with = "Option<DateForm>")]
    next_on: Option<Date>,
    /// Why each step stands where it does.
    why: Vec<Step>,
    /// What happened, in order.
    timeline: Vec<LadderEvent>,
}

fn account_ladder(ask: &mut Ask<'_>, _: &Nothing, query: &DayQuery) -> Result<Ladder, Problem> {
    let account_id = ask.account()?;
    let shown = ladder_show(ask.conn, ask.work, account_id, query.on.unwrap_or(ask.today))?;
    let event = |row: denghuo_store::collections::TimelineRow| LadderEvent {
        on: row.on,
        what: row.what,
        no: row.no,
        bill_no: row.bill_no,
        detail: row.detail,
        amount: row.amount_fen.map(Money),
    };
    Ok(Ladder {
        rule: shown.rule,
        next_on: shown.next_on,
        why: shown.why,
        timeline: shown.timeline.into_iter().map(event).collect(),
    })
}
