//! 柜台: the receipt of a payment, taking one back, prepayments.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::{File, Routes};
use crate::sorting::{Sort, ordered_by};
use axum::http::StatusCode;
use denghuo_office::payments::{receipt_paper, reverse};
use denghuo_rules::access::Permission;
use denghuo_rules::units::Money;
use denghuo_store::payments::{PREPAID_ORDERS, PrepaidAccount, payment, prepaid_page};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .file(
            "/accounts/{account_no}/payments/{payment_no}/receipt",
            Permission::SeeAccounts,
            ("缴费回执", "The receipt of a payment as PDF"),
            payment_receipt,
        )
        .post(
            "/accounts/{account_no}/payments/{payment_no}/reverse",
            Permission::ReversePayments,
            ("冲正", "Take a payment back: a cashier his own of today, who keeps the bank any"),
            payment_reverse,
        )
        .once()
        .list(
            "/prepayments",
            Permission::SeeArrears,
            ("预收余额", "Accounts with a prepayment, the largest first"),
            prepayments,
        )
}

/// A payment in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct PaymentPath {
    /// Number of the payment within the account.
    payment_no: i64,
}

/// In which language a paper is printed.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
struct PaperQuery {
    /// `zh` or `en`; the site's when not given.
    #[serde(default)]
    lang: Option<Lang>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Lang {
    Zh,
    En,
}

fn payment_receipt(ask: &mut Ask<'_>, path: &PaymentPath, query: &PaperQuery) -> Result<File, Problem> {
    let account_id = ask.account()?;
    let lang = query.lang.map(|lang| match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    });
    let data = receipt_paper(ask.conn, ask.work, (account_id, path.payment_no), lang, ask.today)?;
    let bytes = ask.paper("receipt", &data)?;
    let name = format!("receipt-{account_id}-{}.pdf", path.payment_no);
    Ok(File { name, media_type: "application/pdf".to_owned(), bytes })
}

/// Why a payment is taken back.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReverseBody {
    /// 原因
    #[schemars(length(min = 1, max = 200))]
    reason: String,
}

/// A payment that was taken back.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Reversed {
    /// Number of the reversal.
    payment_no: i64,
    /// Its amount, negative.
    amount: Money,
}

fn payment_reverse(ask: &mut Ask<'_>, path: &PaymentPath, body: &ReverseBody) -> Result<Reversed, Problem> {
    let account_id = ask.account()?;
    let reason = super::reason(&body.reason)?;
    if !ask.who.may(Permission::KeepBank)
        && let Some(row) = payment(ask.conn, account_id, path.payment_no)?
        && (row.received_by != ask.work.by || row.posted_on != ask.today)
    {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "access.not_own_payment",
            "只能冲正本人当日的收费,其他由账务员办理",
            "a cashier takes back his own payments of today; others are the accountant's",
        ));
    }
    let (payment_no, today) = (path.payment_no, ask.today);
    ask.with_money(|conn, work| {
        let row = reverse(conn, work, (account_id, payment_no), reason, today)?;
        Ok((Reversed { payment_no: row.payment_no, amount: row.amount }, vec![account_id]))
    })
}

/// 预收余额
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Prepaid {
    /// 户号
    account_no: String,
    /// The prepayment.
    prepaid: Money,
    /// What is owed beside: energy charges and booked late fees.
    owed: Money,
}

ordered_by!(Prepaid, PREPAID_ORDERS);

/// In which order.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct PrepaidQuery {
    /// The order; the largest prepayment first when not given.
    #[serde(default)]
    sort: Sort<Prepaid>,
}

fn prepayments(ask: &mut Ask<'_>, _: &Nothing, query: &PrepaidQuery) -> Result<List<Prepaid>, Problem> {
    let root = ask.root()?;
    let slice = ask.page.slice(&PREPAID_ORDERS, &query.sort)?;
    let rows = prepaid_page(ask.conn, root, &slice)?;
    let show =
        |row: PrepaidAccount| Prepaid { account_no: row.account_no, prepaid: row.prepaid, owed: row.owed };
    Ok(List::of_placed(rows, ask.page.limit).map(show))
}
