//! 现场作业: what a phone takes along, and what it brings back.

use crate::ask::Ask;
use crate::input::{AccountPath, Nothing};
use crate::perform::in_scope;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::disconnection::{Channel, cut_execute, warrant_issue};
use denghuo_office::field::{Deed, DeedAnswer, FieldPackage, FieldRights, deed_take, package, unreadable};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::MomentForm;
use denghuo_rules::refusal::Refusal;
use jiff::civil::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Deeds of one batch at most.
const MOST: usize = 200;

/// The endpoints.
pub fn routes() -> Routes {
    let work = Permission::WorkInField;
    Routes::of("field", "现场作业")
        .get(
            "/field/package",
            work,
            ("作业包", "Meters of one's routes, notices, cuts and restorations, to work without a line; the look is kept"),
            field_package,
        )
        .post(
            "/field/sync",
            work,
            (
                "同步现场作业",
                "Deeds that were done without a line, each with an id of its own: the same id with the same content is one deed and gets \
                 the same answer. One that is refused does not stop the others; what it brought is kept as a task with its proofs",
            ),
            field_sync,
        )
        .alone()
        .post(
            "/field/accounts/{account_no}/cut",
            Permission::OperateCuts,
            (
                "现场执行停电",
                "Makes or takes up the warrant, asks every gate again this moment and orders the cut; the field confirms it at the meter. \
                 Needs a line: there is no cut without a live warrant",
            ),
            field_cut,
        )
        .once()
}

fn field_package(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<FieldPackage, Problem> {
    let rights = FieldRights {
        reads: ask.who.may(Permission::TakeReadings),
        serves: ask.who.may(Permission::ServeNotices),
        cuts: ask.who.may(Permission::OperateCuts),
    };
    let root = ask.root()?;
    Ok(package(ask.conn, ask.work, root, rights, ask.now)?)
}

/// Deeds of a phone.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SyncBody {
    /// In the order in which they were done.
    #[schemars(with = "Vec<Deed>", length(max = 200))]
    deeds: Vec<Value>,
}

/// What became of them.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct SyncAnswer {
    /// In the same order.
    answers: Vec<DeedAnswer>,
}

fn field_sync(ask: &mut Ask<'_>, _: &Nothing, body: &SyncBody) -> Result<SyncAnswer, Problem> {
    if body.deeds.len() > MOST {
        return Err(Problem::unreadable("body", format!("deeds: ≤ {MOST}")));
    }
    let mut answers = Vec::with_capacity(body.deeds.len());
    for value in &body.deeds {
        answers.push(take(ask, value)?);
    }
    // Photographs do not belong into the log: what was answered tells which deeds they were.
    let told: Vec<Value> = answers
        .iter()
        .map(|answer| json!({ "deed_id": answer.deed_id, "outcome": answer.outcome, "code": answer.code }))
        .collect();
    ask.changed(&Value::Null, &told)?;
    Ok(SyncAnswer { answers })
}

fn take(ask: &mut Ask<'_>, value: &Value) -> Result<DeedAnswer, Problem> {
    let deed: Deed = match serde_json::from_value(value.clone()) {
        Ok(deed) => deed,
        Err(error) => {
            let id: String = value["deed_id"].as_str().unwrap_or_default().chars().take(36).collect();
            return Ok(unreadable(&id, &error.to_string()));
        }
    };
    let place = place_of(ask, &deed)?;
    Ok(deed_take(ask.conn, ask.work, &deed, place, ask.now)?)
}

/// The account of a deed, when who asks may do it there.
fn place_of(ask: &mut Ask<'_>, deed: &Deed) -> Result<Result<i64, Refusal>, Problem> {
    let permission = deed.act.needs();
    if !ask.who.may(permission) {
        return Ok(Err(Refusal::new(
            "access.not_permitted",
            format!("您的岗位没有“{}”权限", permission.zh()),
            format!("your role does not hold `{}`", permission.word()),
        )));
    }
    match in_scope(ask.conn, ask.who, &deed.account_no) {
        Ok(account_id) => Ok(Ok(account_id)),
        Err(problem) if problem.is_failure() => Err(problem),
        Err(problem) => {
            let is_foreign = problem.status() == axum::http::StatusCode::FORBIDDEN;
            Ok(Err(if is_foreign {
                Refusal::new(
                    "access.foreign_account",
                    "该户不属于您所在的单位",
                    "the account belongs to another unit",
                )
            } else {
                Refusal::new("account.unknown", "没有这个户号", "no account has this number")
            }))
        }
    }
}

/// A cut that was ordered.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CutOrdered {
    /// 户号
    account_no: String,
    /// The case.
    case_no: i64,
    /// The operation that waits for its confirmation.
    operation_no: i64,
    /// The moment of the order.
    #[schemars(with = "MomentForm")]
    ordered_at: DateTime,
    /// Until when the warrant lets it be done.
    #[schemars(with = "MomentForm")]
    until: DateTime,
}

fn field_cut(ask: &mut Ask<'_>, path: &AccountPath, _: &Nothing) -> Result<CutOrdered, Problem> {
    let account_id = ask.account()?;
    let warrant = warrant_issue(ask.conn, ask.work, account_id, ask.now)?;
    let done = cut_execute(ask.conn, ask.work, account_id, Channel::Field, ask.now)?;
    Ok(CutOrdered {
        account_no: path.account_no.clone(),
        case_no: done.operation.case_no,
        operation_no: done.operation.operation_no,
        ordered_at: done.operation.ordered_at,
        until: warrant.expires_at,
    })
}
