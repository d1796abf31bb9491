//! What changes the supply: warrant, execution, confirmation at the meter, restoration.
//!
//! A warrant that is found void stays void when the request is refused, and a relay hears of an order only after it is kept: these run
//! in transactions of their own.

use super::view::{CaseTold, OperationTold};
use super::{Why, has_proof, told, with_gates};
use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use crate::sorting::{Sort, by};
use crate::tasks::days_between;
use denghuo_office::disconnection::{self as office, Channel, CutRefusal};
use denghuo_office::registry::{Personal, mask};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::disconnection::Stage;
use denghuo_store::disconnection::{ListedOperation, operations_within};
use jiff::civil::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Adds the endpoints.
pub fn add(routes: Routes) -> Routes {
    use Permission::{ApproveCuts, OperateCuts, SeeArrears};
    routes
        .post(
            "/accounts/{account_no}/cuts/warrants",
            OperateCuts,
            ("签发停电许可", "Make a warrant where every gate but the last call holds; the one that is still good is given again"),
            warrant_make,
        )
        .alone()
        .post(
            "/accounts/{account_no}/cuts/execute",
            OperateCuts,
            ("执行停电", "Give the order to cut on the live warrant, once: every gate is asked again, and the books must stand still"),
            cut_order,
        )
        .alone()
        .post(
            "/accounts/{account_no}/cuts/confirm",
            OperateCuts,
            ("现场确认", "What was found at the meter about the operation that waits, a cut or a restoration"),
            operation_confirm,
        )
        .list(
            "/restorations",
            SeeArrears,
            ("复电一览", "Restorations of one's unit that are open, the most urgent first, and those done lately"),
            restorations,
        )
        .post(
            "/accounts/{account_no}/cuts/restore",
            ApproveCuts,
            ("下达复电", "Order a restoration without a payment, as a manager; a payment orders one by itself"),
            restoration_order,
        )
        .post(
            "/accounts/{account_no}/cuts/restore/send",
            OperateCuts,
            ("远程复电", "Send the restoration that waits to the relay of the meter, once"),
            restoration_send,
        )
        .alone()
}

fn warrant_make(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<CaseTold, Problem> {
    match office::warrant_issue(ask.conn, ask.work, ask.account()?, ask.now) {
        Ok(_) => told(ask),
        Err(error) => Err(with_gates(ask, error, Stage::Warrant)),
    }
}

/// How power is cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Way {
    /// By field staff, who confirm it.
    #[default]
    Field,
    /// By the relay of the meter.
    Remote,
}

/// The order to cut.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct OrderBody {
    /// How.
    #[serde(default)]
    channel: Way,
}

fn cut_order(ask: &mut Ask<'_>, _: &Nothing, body: &OrderBody) -> Result<CaseTold, Problem> {
    let account_id = ask.account()?;
    let app = ask.app;
    let channel = match body.channel {
        Way::Field => Channel::Field,
        Way::Remote => Channel::Remote(app.relay().ok_or_else(|| Problem::refuse(CutRefusal::NoRelay))?),
    };
    match office::cut_execute(ask.conn, ask.work, account_id, channel, ask.now) {
        Ok(_) => told(ask),
        Err(error) => Err(with_gates(ask, error, Stage::Operation)),
    }
}

/// What was found at the meter.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ConfirmBody {
    /// Was it done?
    done: bool,
    /// Number of its proof.
    #[serde(default)]
    evidence_no: Option<i64>,
}

fn operation_confirm(ask: &mut Ask<'_>, _: &Nothing, body: &ConfirmBody) -> Result<CaseTold, Problem> {
    has_proof(ask, body.evidence_no)?;
    let found = (body.done, body.evidence_no);
    office::cut_confirm(ask.conn, ask.work, ask.account()?, found, ask.now)?;
    told(ask)
}

fn restoration_order(ask: &mut Ask<'_>, _: &Nothing, body: &Why) -> Result<CaseTold, Problem> {
    office::restore_order(ask.conn, ask.work, ask.account()?, body.given()?, ask.now)?;
    told(ask)
}

fn restoration_send(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<CaseTold, Problem> {
    let account_id = ask.account()?;
    let app = ask.app;
    let relay = app.relay().ok_or_else(|| Problem::refuse(CutRefusal::NoRelay))?;
    office::restore_send(ask.conn, ask.work, account_id, relay, ask.now)?;
    told(ask)
}

/// Which restorations.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct RestorationQuery {
    /// Only those that are open; else also those done in the last 30 days.
    #[serde(default)]
    open: bool,
    /// Only those whose hours have passed.
    #[serde(default)]
    late: bool,
    /// The order; as they were ordered when not given.
    #[serde(default)]
    sort: Sort<RestorationLine>,
}

/// 复电单: a restoration on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct RestorationLine {
    /// 户号
    account_no: String,
    /// 用电地址, its first characters.
    address: String,
    /// The operation.
    #[serde(flatten)]
    operation: OperationTold,
    /// Minutes left of the promised hours; negative when they have passed. None when it is done.
    minutes_left: Option<i64>,
    /// Was it done after the promised hours, or are they over?
    late: bool,
    /// Days left until the day on which it is due; for the shape of other lists.
    days_left: Option<i64>,
}

by!(RestorationLine {
    account_no,
    ordered_at: operation.ordered_at,
    due_at: operation.due_at,
    done_at: operation.done_at,
    minutes_left
});

fn restorations(
    ask: &mut Ask<'_>,
    _: &Nothing,
    query: &RestorationQuery,
) -> Result<List<RestorationLine>, Problem> {
    let root = ask.root()?;
    let since = plus_days(ask.today, -30).to_datetime(Time::midnight());
    let now = ask.now;
    let line = |listed: ListedOperation| {
        let row = listed.operation;
        let left = row.due_at.map(|due| {
            now.until(due).map_or(0, |span| {
                i64::from(span.get_days()) * 1_440 + i64::from(span.get_hours()) * 60 + span.get_minutes()
            })
        });
        let open = row.done_at.is_none();
        RestorationLine {
            late: row.due_at.is_some_and(|due| row.done_at.unwrap_or(now) > due),
            minutes_left: left.filter(|_| open),
            days_left: row.due_at.filter(|_| open).map(|due| days_between(now.date(), due.date())),
            account_no: listed.place.account_no,
            address: mask(&listed.place.address, Personal::Address),
            operation: OperationTold::of(row),
        }
    };
    let rows = operations_within(ask.conn, root, "restore", since)?;
    let rows = rows.into_iter().map(line);
    let rows = rows.filter(|row| (!query.open || row.minutes_left.is_some()) && (!query.late || row.late));
    ask.page.cut_sorted(rows.collect(), &query.sort, |row| {
        format!("{}/{}", row.account_no, row.operation.operation_no)
    })
}
