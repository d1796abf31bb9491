//! 法律: the clocks of limitation, cases with their letters, securities, insolvencies, and debts off the books.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::legal::{OrderList, payment_order_list};
use denghuo_rules::access::Permission;
use denghuo_rules::derivation::Bilingual;
use schemars::JsonSchema;
use serde::Serialize;

mod cases;
mod clocks;
mod notes;
mod write_offs;

/// The endpoints.
pub fn routes() -> Routes {
    let routes = Routes::of("legal", "法律").get(
        "/accounts/{account_no}/legal/payment-order",
        Permission::SeeLegal,
        ("支付令条件", "The check list of a payment order: each line with its article, and whether the application may be made"),
        order_checks,
    );
    write_offs::add(notes::add(cases::add(clocks::add(routes))))
}

/// 支付令条件: one line.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct OrderLine {
    /// Stable code.
    code: String,
    /// What is asked.
    text: Bilingual,
    /// The article.
    article: String,
    /// Does it hold?
    holds: bool,
    /// Is the application refused without it?
    needed: bool,
}

/// The check list and what it comes to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct OrderTold {
    /// Every line.
    checks: Vec<OrderLine>,
    /// May the application be made?
    may_apply: bool,
    /// May the late fee be claimed with it?
    with_late_fee: bool,
}

fn order_checks(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<OrderTold, Problem> {
    let OrderList { checks, may_apply, with_late_fee } =
        payment_order_list(ask.conn, ask.work, ask.account()?, ask.today)?;
    let line = |check: denghuo_rules::legal::payment_order::OrderCheck| OrderLine {
        code: check.code.to_owned(),
        text: check.text,
        article: check.article.to_owned(),
        holds: check.holds,
        needed: check.needed,
    };
    Ok(OrderTold { checks: checks.into_iter().map(line).collect(), may_apply, with_late_fee })
}
