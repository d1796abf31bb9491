//! 担保与破产: what secures debts, until when, and by when claims are filed.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::problem::Problem;
use crate::route::Routes;
use crate::tasks::days_between;
use denghuo_office::legal::{
    NewInsolvency, NewSecurity, insolvency_end, insolvency_note, security_add, security_release,
};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::legal::terms::SecurityKind;
use denghuo_rules::registry::CustomerKind;
use denghuo_rules::units::Money;
use denghuo_store::day::Range;
use denghuo_store::legal::{InsolvencyRow, SecurityRow, insolvencies_of, securities_of};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Adds the endpoints.
pub fn add(routes: Routes) -> Routes {
    use Permission::{ApproveLegal, SeeLegal, WorkLegal};
    routes
        .get(
            "/accounts/{account_no}/legal/securities",
            SeeLegal,
            ("担保与破产", "The securities of an account with their last days, and its insolvencies with the last day to file"),
            account_securities,
        )
        .post(
            "/accounts/{account_no}/legal/securities",
            WorkLegal,
            ("登记担保", "Take a security; its last day follows from what was agreed and the last due day it covers"),
            security_new,
        )
        .post(
            "/accounts/{account_no}/legal/securities/{security_no}/release",
            ApproveLegal,
            ("解除担保", "Give a security back"),
            security_give_back,
        )
        .post(
            "/accounts/{account_no}/legal/insolvencies",
            WorkLegal,
            ("登记破产程序", "Note that proceedings were opened: the ladder pauses, the late fee stops, a claim is proposed"),
            insolvency_new,
        )
        .post(
            "/accounts/{account_no}/legal/insolvencies/end",
            ApproveLegal,
            ("破产程序终结", "Note that the open proceedings have ended"),
            insolvency_over,
        )
}

/// 担保
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct SecurityTold {
    /// Its number within the account.
    security_no: i64,
    /// Which.
    kind: SecurityKind,
    /// Who gives it.
    giver: String,
    /// Up to this amount.
    amount: Money,
    /// Since.
    #[schemars(with = "DateForm")]
    from_on: Date,
    /// Last day on which it can be called on.
    #[schemars(with = "DateForm")]
    until_on: Date,
    /// 还剩 (or, negative, 已超) days; none when it was released.
    days_left: Option<i64>,
    /// The bills it covers; all when empty.
    bills: Vec<i64>,
    /// Number of its proof.
    evidence_no: Option<i64>,
    /// When it was released.
    #[schemars(with = "Option<DateForm>")]
    released_on: Option<Date>,
}

/// 破产程序
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct InsolvencyTold {
    /// Its number within the account.
    insolvency_no: i64,
    /// 受理日
    #[schemars(with = "DateForm")]
    accepted_on: Date,
    /// Last day to file claims.
    #[schemars(with = "DateForm")]
    claims_until: Date,
    /// 还剩 (or, negative, 已超) days to file; none when it has ended.
    days_left: Option<i64>,
    /// The court.
    court: String,
    /// 管理人
    administrator: Option<String>,
    /// Number of its proof.
    evidence_no: Option<i64>,
    /// When it ended.
    #[schemars(with = "Option<DateForm>")]
    ended_on: Option<Date>,
}

/// Securities and insolvencies of an account.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Securities {
    /// In order.
    securities: Vec<SecurityTold>,
    /// In order.
    insolvencies: Vec<InsolvencyTold>,
}

fn told(ask: &mut Ask<'_>) -> Result<Securities, Problem> {
    let (account_id, today) = (ask.account()?, ask.today);
    let range = Range { from: account_id, to: account_id };
    let security = |row: SecurityRow| SecurityTold {
        days_left: row.released_on.is_none().then(|| days_between(today, row.until_on)),
        bills: row
            .bills
            .as_deref()
            .unwrap_or("")
            .split(',')
            .filter_map(|no| no.trim().parse().ok())
            .collect(),
        security_no: row.security_no,
        kind: row.kind,
        giver: row.giver,
        amount: row.amount,
        from_on: row.from_on,
        until_on: row.until_on,
        evidence_no: row.evidence_no,
        released_on: row.released_on,
    };
    let insolvency = |row: InsolvencyRow| InsolvencyTold {
        days_left: row.ended_on.is_none().then(|| days_between(today, row.claims_until)),
        insolvency_no: row.insolvency_no,
        accepted_on: row.accepted_on,
        claims_until: row.claims_until,
        court: row.court,
        administrator: row.administrator,
        evidence_no: row.evidence_no,
        ended_on: row.ended_on,
    };
    Ok(Securities {
        securities: securities_of(ask.conn, range)?.into_iter().map(security).collect(),
        insolvencies: insolvencies_of(ask.conn, range)?.into_iter().map(insolvency).collect(),
    })
}

fn account_securities(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Securities, Problem> {
    told(ask)
}

/// 新担保
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct SecurityBody {
    /// Which.
    kind: SecurityKind,
    /// Who gives it.
    #[schemars(length(min = 1))]
    giver: String,
    /// What kind of person gives it.
    giver_kind: CustomerKind,
    /// Up to this amount.
    amount: Money,
    /// Since; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    from_on: Option<Date>,
    /// The agreed end, where one was agreed.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    agreed_until: Option<Date>,
    /// The bills it covers; all when empty.
    #[serde(default)]
    bills: Vec<i64>,
    /// Number of its proof.
    #[serde(default)]
    evidence_no: Option<i64>,
}

fn security_new(ask: &mut Ask<'_>, _: &Nothing, body: &SecurityBody) -> Result<Securities, Problem> {
    let account_id = ask.account()?;
    let today = ask.today;
    if body.giver.trim().is_empty() {
        return Err(Problem::unreadable("giver", "the giver is not named 未填写担保人"));
    }
    let new = NewSecurity {
        kind: body.kind,
        giver: body.giver.trim().to_owned(),
        giver_kind: body.giver_kind,
        amount: body.amount,
        from_on: body.from_on.unwrap_or(today),
        agreed_until: body.agreed_until,
        bills: body.bills.clone(),
        evidence_no: body.evidence_no,
    };
    // Who has given security gets power back, as who has paid does.
    ask.with_money(|conn, work| {
        security_add(conn, work, account_id, &new, today)?;
        Ok(((), vec![account_id]))
    })?;
    told(ask)
}

/// A security in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct SecurityPath {
    /// Its number within the account.
    security_no: i64,
}

fn security_give_back(ask: &mut Ask<'_>, path: &SecurityPath, _: &Nothing) -> Result<Securities, Problem> {
    let key = (ask.account()?, path.security_no);
    security_release(ask.conn, ask.work, key, ask.today)?;
    told(ask)
}

/// 新破产程序
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct InsolvencyBody {
    /// 受理日
    #[schemars(with = "DateForm")]
    accepted_on: Date,
    /// Last day to file claims, where the court set one.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    claims_until: Option<Date>,
    /// The court.
    #[schemars(length(min = 1))]
    court: String,
    /// 管理人
    #[serde(default)]
    administrator: Option<String>,
    /// Number of its proof.
    #[serde(default)]
    evidence_no: Option<i64>,
}

fn insolvency_new(ask: &mut Ask<'_>, _: &Nothing, body: &InsolvencyBody) -> Result<Securities, Problem> {
    let new = NewInsolvency {
        accepted_on: body.accepted_on,
        claims_until: body.claims_until,
        court: body.court.clone(),
        administrator: body.administrator.clone(),
        evidence_no: body.evidence_no,
    };
    insolvency_note(ask.conn, ask.work, ask.account()?, &new, ask.today)?;
    told(ask)
}

fn insolvency_over(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Securities, Problem> {
    insolvency_end(ask.conn, ask.work, ask.account()?, ask.today)?;
    told(ask)
}
