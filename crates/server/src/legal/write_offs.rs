//! 账销案存: one person asks, another of sufficient level decides, and what comes later is taken back into the books.

use crate::ask::Ask;
use crate::disconnection::Why;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use crate::sorting::{Sort, by};
use denghuo_office::legal::{
    WriteOffAsk, write_off_approve, write_off_ask, write_off_recover, write_off_reject,
};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::legal::write_off::WriteOffGround;
use denghuo_rules::units::Money;
use denghuo_store::legal::{WriteOffRequest, WriteOffRow, write_off_requests, write_offs_within};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Adds the endpoints.
pub fn add(routes: Routes) -> Routes {
    use Permission::{ApproveLegal, SeeLegal, WorkLegal};
    routes
        .list(
            "/write-offs",
            SeeLegal,
            ("核销一览", "Debts off the books of one's unit, the latest first"),
            write_off_list,
        )
        .list(
            "/write-offs/requests",
            SeeLegal,
            ("核销申请一览", "What was asked for in one's unit: the open requests first, then the latest"),
            write_off_asked,
        )
        .post(
            "/accounts/{account_no}/write-offs",
            WorkLegal,
            ("申请核销", "Ask that all that is open of a bill leaves the books; somebody else decides"),
            write_off_propose,
        )
        .post(
            "/accounts/{account_no}/write-offs/requests/{request_no}/approve",
            ApproveLegal,
            (
                "批准核销",
                "Take the bill off the books, as somebody who did not ask for it and whose level reaches",
            ),
            write_off_let,
        )
        .once()
        .post(
            "/accounts/{account_no}/write-offs/requests/{request_no}/reject",
            ApproveLegal,
            ("不批准核销", "Turn a request down"),
            write_off_refuse,
        )
        .post(
            "/accounts/{account_no}/write-offs/{write_off_no}/recover",
            WorkLegal,
            (
                "核销收回",
                "Take as much of a written-off debt back into the books as the prepayment pays, and pay it",
            ),
            write_off_back,
        )
        .once()
}

/// 核销
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct WriteOffLine {
    /// 户号
    account_no: String,
    /// Its number within the account.
    write_off_no: i64,
    /// The bill.
    bill_no: i64,
    /// Principal taken off.
    amount: Money,
    /// Late fee taken off.
    late_fee: Money,
    /// What came back of both.
    recovered: Money,
    /// What is still pursued of both.
    left: Money,
    /// Why.
    ground: WriteOffGround,
    /// Number of its proof.
    evidence_no: i64,
    /// Who asked.
    asked_by: String,
    /// Who approved.
    approved_by: String,
    /// When.
    #[schemars(with = "DateForm")]
    approved_on: Date,
}

by!(WriteOffLine { account_no, amount, recovered, left, approved_on });

fn line((row, account_no): (WriteOffRow, String)) -> WriteOffLine {
    let (amount, fee) = row.left();
    WriteOffLine {
        account_no,
        left: amount + fee,
        recovered: row.recovered + row.recovered_fee,
        write_off_no: row.write_off_no,
        bill_no: row.bill_no,
        amount: row.amount,
        late_fee: row.fee,
        ground: row.ground,
        evidence_no: row.evidence_no,
        asked_by: row.asked_by,
        approved_by: row.approved_by,
        approved_on: row.approved_on,
    }
}

/// In which order.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct WriteOffQuery {
    /// The order; as approved when not given.
    #[serde(default)]
    sort: Sort<WriteOffLine>,
}

fn write_off_list(
    ask: &mut Ask<'_>,
    _: &Nothing,
    query: &WriteOffQuery,
) -> Result<List<WriteOffLine>, Problem> {
    let root = ask.root()?;
    let rows = write_offs_within(ask.conn, root)?.into_iter().map(line).collect();
    ask.page.cut_sorted(rows, &query.sort, |row| format!("{}/{}", row.account_no, row.write_off_no))
}

/// Which requests.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct RequestQuery {
    /// Only open ones.
    #[serde(default)]
    open: bool,
    /// The order; as asked for when not given.
    #[serde(default)]
    sort: Sort<WriteOffAsked>,
}

/// 核销申请
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct WriteOffAsked {
    /// 户号
    account_no: String,
    /// Its number within the account.
    request_no: i64,
    /// The bill.
    bill_no: i64,
    /// Why.
    ground: WriteOffGround,
    /// Number of its proof.
    evidence_no: i64,
    /// `open`, `approved`, `rejected`.
    state: String,
    /// Who asked.
    asked_by: String,
    /// When.
    #[schemars(with = "DateForm")]
    asked_on: Date,
    /// Who decided.
    decided_by: Option<String>,
    /// When.
    #[schemars(with = "Option<DateForm>")]
    decided_on: Option<Date>,
    /// Why it was turned down.
    note: String,
    /// The write-off that came of it.
    write_off_no: Option<i64>,
}

by!(WriteOffAsked { account_no, asked_on, decided_on, state });

fn asked((row, account_no): (WriteOffRequest, String)) -> WriteOffAsked {
    WriteOffAsked {
        account_no,
        request_no: row.request_no,
        bill_no: row.bill_no,
        ground: row.ground,
        evidence_no: row.evidence_no,
        state: row.state,
        asked_by: row.asked_by,
        asked_on: row.asked_on,
        decided_by: row.decided_by,
        decided_on: row.decided_on,
        note: row.note,
        write_off_no: row.write_off_no,
    }
}

fn write_off_asked(
    ask: &mut Ask<'_>,
    _: &Nothing,
    query: &RequestQuery,
) -> Result<List<WriteOffAsked>, Problem> {
    let root = ask.root()?;
    let rows = write_off_requests(ask.conn, root, None)?.into_iter().map(asked);
    let rows = rows.filter(|row| !query.open || row.state == "open").collect();
    ask.page.cut_sorted(rows, &query.sort, |row| format!("{}/{}", row.account_no, row.request_no))
}

/// A write-off as it is asked for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct AskBody {
    /// The bill.
    bill_no: i64,
    /// Why.
    ground: WriteOffGround,
    /// Number of its proof.
    evidence_no: i64,
}

fn told(ask: &Ask<'_>, row: WriteOffRequest) -> WriteOffAsked {
    asked((row, ask.call.account_no.clone().unwrap_or_default()))
}

fn write_off_propose(ask: &mut Ask<'_>, _: &Nothing, body: &AskBody) -> Result<WriteOffAsked, Problem> {
    let new = WriteOffAsk { bill_no: body.bill_no, ground: body.ground, evidence_no: body.evidence_no };
    let row = write_off_ask(ask.conn, ask.work, ask.account()?, &new, ask.today)?;
    Ok(told(ask, row))
}

/// A request in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct RequestPath {
    /// Its number within the account.
    request_no: i64,
}

fn write_off_let(ask: &mut Ask<'_>, path: &RequestPath, _: &Nothing) -> Result<WriteOffAsked, Problem> {
    let (account_id, today) = (ask.account()?, ask.today);
    let row = ask.with_money(|conn, work| {
        let row = write_off_approve(conn, work, (account_id, path.request_no), today)?;
        Ok((row, vec![account_id]))
    })?;
    Ok(told(ask, row))
}

fn write_off_refuse(ask: &mut Ask<'_>, path: &RequestPath, body: &Why) -> Result<WriteOffAsked, Problem> {
    let key = (ask.account()?, path.request_no);
    let row = write_off_reject(ask.conn, ask.work, key, body.given()?, ask.today)?;
    Ok(told(ask, row))
}

/// A write-off in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct WriteOffPath {
    /// Its number within the account.
    write_off_no: i64,
}

fn write_off_back(ask: &mut Ask<'_>, path: &WriteOffPath, _: &Nothing) -> Result<WriteOffLine, Problem> {
    let (account_id, today) = (ask.account()?, ask.today);
    let row = ask.with_money(|conn, work| {
        let row = write_off_recover(conn, work, (account_id, path.write_off_no), today)?;
        Ok((row, vec![account_id]))
    })?;
    Ok(line((row, ask.call.account_no.clone().unwrap_or_default())))
}
