//! 收费: what an account paid, and what each payment settled.

mod bank;
mod close;
mod counter;
mod intents;
mod refunds;

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::payments::{Payment, Posted, pay};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::payments::Channel;
use denghuo_rules::units::Money;
use denghuo_store::payments::{allocations_of, payments_of};
pub use intents::{IntentPath, IntentShown, intent_shown};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The endpoints.
pub fn routes() -> Routes {
    let routes = Routes::of("payments", "收费")
        .list(
            "/accounts/{account_no}/payments",
            Permission::SeeAccounts,
            ("缴费记录", "What an account paid, with what each payment settled, the newest first"),
            account_payments,
        )
        .post(
            "/accounts/{account_no}/payments",
            Permission::TakePayments,
            ("柜台收费", "Take a payment at the counter, once for each id of its channel"),
            payment_take,
        )
        .once();
    [counter::routes, close::routes, bank::routes, refunds::routes, intents::routes]
        .iter()
        .fold(routes, |routes, more| more(routes))
}

/// A payment at the counter.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PaymentBody {
    /// 金额
    amount: Money,
    /// 渠道: `cash`, `pos`, `transfer`, `online`.
    channel: Channel,
    /// The id that the channel gave; empty for none.
    #[serde(default)]
    #[schemars(length(max = 64))]
    external_id: String,
    /// The day on which the customer paid; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    paid_on: Option<Date>,
}

fn payment_take(ask: &mut Ask<'_>, _: &Nothing, body: &PaymentBody) -> Result<Posted, Problem> {
    let account_id = ask.account()?;
    if !body.channel.is_money() || matches!(body.channel, Channel::Suspense | Channel::Bank) {
        return Err(Problem::unreadable("body", "channel: cash, pos, transfer, online"));
    }
    let paid_on = body.paid_on.unwrap_or(ask.today);
    let payment = Payment {
        channel: body.channel,
        external_id: body.external_id.clone(),
        amount: body.amount,
        paid_on,
    };
    let today = ask.today;
    ask.with_money(|conn, work| Ok((pay(conn, work, account_id, &payment, today)?, vec![account_id])))
}

/// What a part of a payment settled.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Part {
    /// The bill; of kind `refund`, the refund.
    bill_no: i64,
    /// `cost`, `energy`, `late_fee` or `refund`.
    kind: String,
    /// 金额
    amount: Money,
    /// The day that counts for the late fee.
    #[schemars(with = "DateForm")]
    effective_on: Date,
}

/// A payment.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct PaymentShown {
    /// Number within the account.
    payment_no: i64,
    /// 渠道
    channel: Channel,
    /// The id that the channel gave.
    external_id: String,
    /// 金额; negative for a reversal.
    amount: Money,
    /// What of it is prepayment.
    unused: Money,
    /// The day on which the customer paid.
    #[schemars(with = "DateForm")]
    paid_on: Date,
    /// Business day of the posting.
    #[schemars(with = "DateForm")]
    posted_on: Date,
    /// 收费员
    received_by: String,
    /// 收据号
    receipt_no: Option<String>,
    /// The payment that it takes back.
    reverses_no: Option<i64>,
    /// The day on which it was taken back.
    #[schemars(with = "Option<DateForm>")]
    reversed_on: Option<Date>,
    /// What it settled.
    parts: Vec<Part>,
}

fn account_payments(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<PaymentShown>, Problem> {
    let account_id = ask.account()?;
    let mut rows = payments_of(ask.conn, account_id)?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.payment_no));
    let page = ask.page.cut(rows, |row| row.payment_no.to_string())?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        let parts = allocations_of(ask.conn, account_id, row.payment_no)?;
        items.push(PaymentShown {
            payment_no: row.payment_no,
            channel: row.channel,
            external_id: row.external_id,
            amount: row.amount,
            unused: row.unused,
            paid_on: row.paid_on,
            posted_on: row.posted_on,
            received_by: row.received_by,
            receipt_no: row.receipt_no,
            reverses_no: row.reverses_no,
            reversed_on: row.reversed_on,
            parts: parts
                .into_iter()
                .map(|part| Part {
                    bill_no: part.bill_no,
                    kind: part.kind,
                    amount: part.amount,
                    effective_on: part.effective_on,
                })
                .collect(),
        });
    }
    Ok(List { items, next_cursor: page.next_cursor })
}

/// A reason that says something.
fn reason(text: &str) -> Result<&str, Problem> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 200 {
        return Err(Problem::unreadable("body", "reason: 1–200"));
    }
    Ok(text)
}
