//! What people see of a target: every node with what came of it, its rates, what the period will end with, and its rank.

use super::books::Books;
use super::house::House;
use super::refusal::TargetRefusal;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::{DateForm, plus_days};
use denghuo_rules::targets::{
    FORECAST_TOPIC, Forecast, ForecastRule, Method, Percent, Period, Recovery, TargetState, forecast,
};
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::targets::{self as store, NodeRow, TargetRow};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// 指标 on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TargetLine {
    /// Its number.
    pub target_no: i64,
    /// 考核期
    pub period: Period,
    /// Code of the unit.
    pub unit: String,
    /// Its name.
    pub unit_name: String,
    /// 分解办法
    pub method: Method,
    /// 指标
    pub amount: Money,
    /// Where it stands.
    pub state: TargetState,
    /// Staff code of who made it.
    pub made_by: String,
    /// When.
    #[schemars(with = "DateForm")]
    pub made_on: Date,
    /// Staff code of the second person.
    pub confirmed_by: Option<String>,
    /// When its figures were kept.
    #[schemars(with = "Option<DateForm>")]
    pub closed_on: Option<Date>,
}

/// 指标节点 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NodeShown {
    /// Its number.
    pub node_no: i64,
    /// The node above.
    pub parent_no: Option<i64>,
    /// Code of the unit.
    pub unit: String,
    /// Is it a portfolio and not a unit?
    pub is_person: bool,
    /// Staff code; none for a unit and for what nobody answers for.
    pub staff: Option<String>,
    /// Name of the unit or the person; empty for nobody.
    pub name: String,
    /// 权重
    pub weight: i64,
    /// 指标
    pub amount: Money,
    /// Does it stay when another is corrected?
    pub fixed: bool,
    /// Why it was set by hand.
    pub reason: String,
    /// 应收
    pub receivable: Money,
    /// 实收
    pub received: Money,
    /// 完成率: received of the target, in percent.
    pub completion: Option<String>,
    /// 累计回收率, in percent.
    pub cumulative: Option<String>,
    /// 当年回收率
    pub this_year: Option<String>,
    /// 陈欠回收率
    pub prior_years: Option<String>,
    /// 期末预测; none when the period is over or too little is known.
    pub forecast: Option<Forecast>,
    /// 排名 by completion, among people or among units below the same one; none without a target.
    pub rank: Option<i64>,
}

/// 指标 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TargetShown {
    /// The target.
    #[serde(flatten)]
    pub target: TargetLine,
    /// As of which day.
    #[schemars(with = "DateForm")]
    pub as_of: Date,
    /// Ids of the rules.
    pub rules: Vec<String>,
    /// Its nodes, those above before those below.
    pub nodes: Vec<NodeShown>,
}

/// Which figures are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// As of which day; today when not given.
    pub as_of: Option<Date>,
    /// As known at which moment of recording (ms since 1970); as known now when not given.
    pub as_known: Option<i64>,
    /// Only nodes of this unit and those below it; 0 for all.
    pub root: i64,
}

fn line(house: &House, row: TargetRow) -> TargetLine {
    let unit = house.unit_of(row.org_id);
    TargetLine {
        target_no: row.target_no,
        period: row.period,
        unit: unit.map_or_else(String::new, |unit| unit.code.clone()),
        unit_name: unit.map_or_else(String::new, |unit| unit.name.clone()),
        method: row.method,
        amount: row.amount,
        state: row.state,
        made_by: row.made_by,
        made_on: row.made_on,
        confirmed_by: row.confirmed_by,
        closed_on: row.closed_on,
    }
}

/// Targets that have a node in a unit or below it (0: all), the newest first.
///
/// # Errors
/// The database's.
pub fn target_list(conn: &mut Conn, root: i64, on: Date) -> Result<Vec<TargetLine>, OfficeError> {
    let house = House::on(conn, on)?;
    let within = house.below(root)?;
    let mut lines = Vec::new();
    for row in store::targets(conn)? {
        let seen =
            root == 0 || store::nodes(conn, row.target_no)?.iter().any(|node| within.contains(&node.org_id));
        if seen {
            lines.push(line(&house, row));
        }
    }
    Ok(lines)
}

/// A target with what came of it.
///
/// # Errors
/// There is none (in sight), a missing rule, or the database's.
pub fn target_show(
    conn: &mut Conn,
    work: &Work<'_>,
    target_no: i64,
    wanted: Wanted,
    today: Date,
) -> Result<TargetShown, OfficeError> {
    let unknown = || OfficeError::refuse(TargetRefusal::Unknown(target_no));
    let row = store::target(conn, target_no)?.ok_or_else(unknown)?;
    let as_of = wanted.as_of.unwrap_or(today).min(row.period.last_day());
    let house = House::on(conn, as_of)?;
    let within = house.below(wanted.root)?;
    let mut nodes = store::nodes(conn, target_no)?;
    nodes.retain(|node| wanted.root == 0 || within.contains(&node.org_id));
    if nodes.is_empty() {
        return Err(unknown());
    }
    let rule =
        work.book.pick::<ForecastRule>(FORECAST_TOPIC, &work.site, as_of.max(row.period.first_day()))?;
    let goes_on = as_of < row.period.last_day();
    let periods = if goes_on { rule.params.periods } else { 0 };
    let books = Books::of(conn, (row.period, periods), as_of, wanted.as_known)?;
    let kept: BTreeMap<i64, Recovery> =
        if row.state == TargetState::Closed && wanted.as_known.is_none() && as_of == row.period.last_day() {
            store::results(conn, target_no)?.into_iter().collect()
        } else {
            BTreeMap::new()
        };
    let mut shown = Vec::new();
    for node in &nodes {
        let portfolios = books.portfolios_of(&house, node)?;
        let recovery = kept.get(&node.node_no).copied().unwrap_or_else(|| books.recovery(&portfolios));
        let ahead = goes_on
            .then(|| forecast(books.now(&portfolios), &books.past(&portfolios), &rule.params))
            .flatten();
        shown.push(node_shown(&house, node, recovery, ahead));
    }
    rank(&mut shown);
    let mut rules: Vec<String> =
        row.rules.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
    if goes_on {
        rules.push(rule.rule.id.clone());
    }
    Ok(TargetShown { target: line(&house, row), as_of, rules, nodes: shown })
}

fn node_shown(house: &House, node: &NodeRow, recovery: Recovery, ahead: Option<Forecast>) -> NodeShown {
    let unit = house.unit_of(node.org_id);
    let person = node.staff_id.map(|staff_id| house.called(staff_id));
    let rates = recovery.rates();
    let text = |percent: Option<Percent>| percent.map(|percent| percent.to_string());
    let name = match (&person, node.is_person) {
        (Some((_, name)), _) => name.clone(),
        (None, true) => String::new(),
        (None, false) => unit.map_or_else(String::new, |unit| unit.name.clone()),
    };
    NodeShown {
        node_no: node.node_no,
        parent_no: node.parent_no,
        unit: unit.map_or_else(String::new, |unit| unit.code.clone()),
        is_person: node.is_person,
        staff: person.map(|(code, _)| code),
        name,
        weight: node.weight,
        amount: node.amount,
        fixed: node.fixed,
        reason: node.reason.clone(),
        receivable: recovery.receivable,
        received: recovery.received,
        completion: text(Percent::of(recovery.received, node.amount)),
        cumulative: text(rates.cumulative),
        this_year: text(rates.this_year),
        prior_years: text(rates.prior_years),
        forecast: ahead,
        rank: None,
    }
}

/// Ranks people among all people, and units among those below the same one; equal completions have the same rank.
fn rank(nodes: &mut [NodeShown]) {
    // Received of the target, compared by multiplication: nothing is rounded.
    let ahead = |one: &NodeShown, other: &NodeShown| {
        i128::from(one.received.0) * i128::from(other.amount.0)
            > i128::from(other.received.0) * i128::from(one.amount.0)
    };
    let ranks: Vec<Option<i64>> = nodes
        .iter()
        .map(|node| {
            let beside = |other: &&NodeShown| {
                other.amount > Money::ZERO
                    && other.is_person == node.is_person
                    && (node.is_person || other.parent_no == node.parent_no)
            };
            // Whom nobody stands beside has no rank.
            let beside_some = nodes.iter().any(|other| Some(other.node_no) == node.parent_no);
            let counts =
                node.amount > Money::ZERO && (node.staff.is_some() || (!node.is_person && beside_some));
            counts.then(|| nodes.iter().filter(beside).filter(|other| ahead(other, node)).count() as i64 + 1)
        })
        .collect();
    for (node, rank) in nodes.iter_mut().zip(ranks) {
        node.rank = rank;
    }
}

/// The first day after a period.
pub(super) fn day_after(period: Period) -> Date {
    plus_days(period.last_day(), 1)
}
