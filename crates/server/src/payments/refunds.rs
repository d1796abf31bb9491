//! 退费: who keeps the bank asks for it, a manager decides.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::payments::{refund_approve, refund_ask, refund_reject};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::payments::Channel;
use denghuo_rules::units::Money;
use denghuo_store::payments::{RequestRow, refund_requests_in};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) fn routes(routes: Routes) -> Routes {
    let approve = Permission::ApproveRefunds;
    routes
        .list(
            "/refund-requests",
            Permission::SeeReports,
            ("退费申请一览", "Refunds that were asked for: those that wait first"),
            requests,
        )
        .post(
            "/accounts/{account_no}/refund-requests",
            Permission::KeepBank,
            ("申请退费", "Ask for a refund from the prepayment of an account"),
            request_make,
        )
        .once()
        .post(
            "/accounts/{account_no}/refund-requests/{request_no}/approve",
            approve,
            ("批准退费", "Pay a refund that another person has asked for"),
            request_approve,
        )
        .once()
        .post(
            "/accounts/{account_no}/refund-requests/{request_no}/reject",
            approve,
            ("驳回退费", "Reject a refund that another person has asked for"),
            request_reject,
        )
}

/// A request in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct RequestPath {
    /// Number of the request within the account.
    request_no: i64,
}

/// 退费申请
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct RequestShown {
    /// 户号; none where the path names it.
    account_no: Option<String>,
    /// Number within the account.
    request_no: i64,
    /// 金额
    amount: Money,
    /// How it is paid out.
    channel: Channel,
    /// 原因
    reason: String,
    /// Who asks.
    asked_by: String,
    /// When.
    #[schemars(with = "DateForm")]
    asked_on: Date,
    /// `waiting`, `paid`, `rejected`.
    state: String,
    /// Who decided.
    decided_by: Option<String>,
    /// When.
    #[schemars(with = "Option<DateForm>")]
    decided_on: Option<Date>,
    /// Why it was rejected.
    note: Option<String>,
}

impl RequestShown {
    fn of(account_no: Option<String>, row: RequestRow) -> Self {
        Self {
            account_no,
            request_no: row.request_no,
            amount: row.amount,
            channel: row.channel,
            reason: row.reason,
            asked_by: row.asked_by,
            asked_on: row.asked_on,
            state: row.state,
            decided_by: row.decided_by,
            decided_on: row.decided_on,
            note: row.note,
        }
    }
}

fn requests(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<RequestShown>, Problem> {
    let root = ask.root()?;
    let rows = refund_requests_in(ask.conn, root)?;
    let page = ask.page.cut(rows, |row| format!("{}-{}", row.request.account_id, row.request.request_no))?;
    let items = page.items.into_iter().map(|row| RequestShown::of(Some(row.account_no), row.request));
    Ok(List { items: items.collect(), next_cursor: page.next_cursor })
}

/// A refund as it is asked for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RequestBody {
    /// 金额
    amount: Money,
    /// `cash` or `transfer`.
    channel: Channel,
    /// 原因
    #[schemars(length(min = 1, max = 200))]
    reason: String,
}

fn request_make(ask: &mut Ask<'_>, _: &Nothing, body: &RequestBody) -> Result<RequestShown, Problem> {
    let account_id = ask.account()?;
    if !matches!(body.channel, Channel::Cash | Channel::Transfer) {
        return Err(Problem::unreadable("body", "channel: cash, transfer"));
    }
    let reason = super::reason(&body.reason)?;
    let row = refund_ask(ask.conn, ask.work, (account_id, body.amount, body.channel), reason, ask.today)?;
    Ok(RequestShown::of(None, row))
}

fn request_approve(ask: &mut Ask<'_>, path: &RequestPath, _: &Nothing) -> Result<RequestShown, Problem> {
    let account_id = ask.account()?;
    let (request_no, today) = (path.request_no, ask.today);
    ask.with_money(|conn, work| {
        let row = refund_approve(conn, work, (account_id, request_no), today)?;
        Ok((RequestShown::of(None, row), vec![account_id]))
    })
}

/// Why it is rejected.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RejectBody {
    /// 原因
    #[schemars(length(min = 1, max = 200))]
    reason: String,
}

fn request_reject(ask: &mut Ask<'_>, path: &RequestPath, body: &RejectBody) -> Result<RequestShown, Problem> {
    let account_id = ask.account()?;
    let reason = super::reason(&body.reason)?;
    let row = refund_reject(ask.conn, ask.work, (account_id, path.request_no), reason, ask.today)?;
    Ok(RequestShown::of(None, row))
}
