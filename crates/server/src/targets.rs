//! 指标与考核: targets with what came of them, who answers for what, appraisals, bonus sheets.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use crate::sorting::{Sort, by};
use denghuo_office::targets::{
    AdjustOrder, AppraisalShown, ChargeShown, Decision, PlanOrder, RewardRefusal, Said, SheetDecision,
    SheetShown, TargetLine, TargetRefusal, TargetShown, Wanted, appraisal_decide, appraisal_list,
    appraisal_say, appraisal_show, charge_list, charge_set, sheet_decide, sheet_freeze, sheet_list,
    sheet_make, sheet_show, target_adjust, target_confirm, target_list, target_plan, target_show,
};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::{DateForm, MomentForm, Month};
use denghuo_rules::targets::{Method, Period, Score};
use denghuo_rules::units::{Money, parse_scaled};
use denghuo_store::registry::{descendants, orgs};
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The endpoints.
pub fn routes() -> Routes {
    let (see, set) = (Permission::SeeTargets, Permission::SetTargets);
    let routes = Routes::of("targets", "指标与考核")
        .list("/targets", see, ("指标一览", "Targets with a share in one's unit, the newest first"), targets)
        .post(
            "/targets",
            set,
            ("分解指标", "Share a target out as a draft; a draft that is there is made anew"),
            plan,
        )
        .once()
        .get(
            "/targets/{target_no}",
            see,
            (
                "指标与实绩",
                "Every node with what came of it as of a day and as known at a moment, rates, forecast, rank",
            ),
            target,
        )
        .post(
            "/targets/{target_no}/confirm",
            set,
            ("下达指标", "Put a target of somebody else in force"),
            confirm,
        )
        .post(
            "/targets/{target_no}/nodes/{node_no}",
            set,
            ("调整指标", "Set a node by hand or agree to it; what is open is shared anew"),
            adjust,
        )
        .list("/route-charges", see, ("责任路线", "Who answers for the money of each route"), charges)
        .post("/route-charges", set, ("指定责任人", "Say who answers for a route from today on"), charge);
    of_people(routes)
}

/// Those of appraisals and bonus sheets.
fn of_people(routes: Routes) -> Routes {
    let (own, decide) = (Permission::SeeAppraisals, Permission::DecideAppraisals);
    let (make, approve) = (Permission::MakeBonus, Permission::ApproveBonus);
    routes
        .list(
            "/appraisals",
            own,
            ("考核一览", "One's own appraisals; for a manager those of his unit"),
            appraisals,
        )
        .get("/appraisals/{month}/{staff}", own, ("考核", "An appraisal with its derivation"), appraisal)
        .post(
            "/appraisals/{month}/{staff}/remarks",
            own,
            ("本人意见", "Say something about one's own appraisal, or dispute it"),
            remark,
        )
        .post(
            "/appraisals/{month}/{staff}/decision",
            decide,
            ("核定考核", "Decide an appraisal; then it stands"),
            decision,
        )
        .list("/bonus-sheets", make, ("奖金表一览", "Bonus sheets of one's unit, the newest first"), sheets)
        .post("/bonus-sheets", make, ("编制奖金表", "Draw up a sheet for a closed target"), sheet_draw)
        .once()
        .get(
            "/bonus-sheets/{sheet_no}",
            make,
            ("奖金表", "A sheet with its lines and how they came about"),
            sheet,
        )
        .post(
            "/bonus-sheets/{sheet_no}/decision",
            approve,
            ("审批奖金表", "Agree to a sheet of somebody else, or send it back"),
            sheet_decision,
        )
        .post(
            "/bonus-sheets/{sheet_no}/freeze",
            approve,
            ("封存奖金表", "Freeze a sheet that was agreed to"),
            freeze,
        )
}

/// A target in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct TargetPath {
    /// Its number.
    target_no: i64,
}

/// A node in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct NodePath {
    /// Number of the target.
    target_no: i64,
    /// Number of the node within it.
    node_no: i64,
}

/// An appraisal in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct AppraisalPath {
    /// The month.
    month: Month,
    /// Staff code.
    staff: String,
}

/// A sheet in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct SheetPath {
    /// Its number.
    sheet_no: i64,
}

/// As of which day, and as known when.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ActualQuery {
    /// As of this day; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    as_of: Option<Date>,
    /// As known at this moment of recording (Beijing time); as known now when not given.
    #[serde(default)]
    #[schemars(with = "Option<MomentForm>")]
    as_known: Option<DateTime>,
}

/// What is done.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct TargetDone {
    /// The number of what was made.
    no: i64,
}

/// Is a unit the asker's, or below it?
fn in_sight(ask: &mut Ask<'_>, org_id: i64) -> Result<bool, Problem> {
    let root = ask.root()?;
    Ok(root == 0 || descendants(ask.conn, root)?.contains(&org_id))
}

/// The unit of a target is the asker's, or below it.
fn own_target(ask: &mut Ask<'_>, target_no: i64) -> Result<(), Problem> {
    let row = denghuo_store::targets::target(ask.conn, target_no)?;
    let row = row.ok_or_else(|| Problem::refuse(TargetRefusal::Unknown(target_no)))?;
    if in_sight(ask, row.org_id)? { Ok(()) } else { Err(Problem::foreign_account()) }
}

by!(TargetLine { unit, amount, made_on, closed_on });

/// In which order.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct TargetQuery {
    /// The order; the newest first when not given.
    #[serde(default)]
    sort: Sort<TargetLine>,
}

fn targets(ask: &mut Ask<'_>, _: &Nothing, query: &TargetQuery) -> Result<List<TargetLine>, Problem> {
    let root = ask.root()?;
    let rows = target_list(ask.conn, root, ask.today)?;
    ask.page.cut_sorted(rows, &query.sort, |row| row.target_no.to_string())
}

/// A target to be shared out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PlanBody {
    /// 考核期: `2026-08`, `2026-Q3`, `2026`.
    period: Period,
    /// Code of the unit at the root.
    unit: String,
    /// How much is to be recovered.
    amount: Money,
    /// By what it is shared out.
    method: Method,
    /// Weights by the code of a unit, or by unit and person as `P01/S003`; nobody's: `P01/-`.
    #[serde(default)]
    weights: BTreeMap<String, i64>,
}

fn plan(ask: &mut Ask<'_>, _: &Nothing, body: &PlanBody) -> Result<TargetDone, Problem> {
    let unit = orgs(ask.conn)?.into_iter().find(|unit| unit.code == body.unit);
    let unit = unit.ok_or_else(|| Problem::refuse(TargetRefusal::UnknownUnit(body.unit.clone())))?;
    if !in_sight(ask, unit.org_id)? {
        return Err(Problem::foreign_account());
    }
    let order = PlanOrder {
        period: body.period,
        unit: body.unit.clone(),
        amount: body.amount,
        method: body.method,
        weights: body.weights.clone(),
    };
    Ok(TargetDone { no: target_plan(ask.conn, ask.work, &order, ask.today)?.target_no })
}

fn target(ask: &mut Ask<'_>, path: &TargetPath, query: &ActualQuery) -> Result<TargetShown, Problem> {
    const BEIJING: jiff::tz::Offset = jiff::tz::Offset::constant(8);
    let moment = |at: DateTime| BEIJING.to_timestamp(at).map(jiff::Timestamp::as_millisecond);
    let as_known = query.as_known.map(moment).transpose();
    let as_known = as_known.map_err(|_| Problem::unreadable("as_known", "as_known"))?;
    let wanted = Wanted { as_of: query.as_of, as_known, root: ask.root()? };
    Ok(target_show(ask.conn, ask.work, path.target_no, wanted, ask.today)?)
}

fn confirm(ask: &mut Ask<'_>, path: &TargetPath, _: &Nothing) -> Result<TargetDone, Problem> {
    own_target(ask, path.target_no)?;
    Ok(TargetDone { no: target_confirm(ask.conn, ask.work, path.target_no, ask.today)?.target_no })
}

/// What is to become of a node.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AdjustBody {
    /// The amount that it gets; as it is when not given.
    #[serde(default)]
    amount: Option<Money>,
    /// Does it stay from now on when others are corrected? An amount that is given stays unless this says no.
    #[serde(default)]
    fixed: Option<bool>,
    /// Why; wanted with an amount.
    #[serde(default)]
    #[schemars(length(max = 500))]
    reason: String,
}

/// What was changed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Adjusted {
    /// Numbers of the nodes that have another amount or state now.
    changed: Vec<i64>,
}

fn adjust(ask: &mut Ask<'_>, path: &NodePath, body: &AdjustBody) -> Result<Adjusted, Problem> {
    let nodes = denghuo_store::targets::nodes(ask.conn, path.target_no)?;
    if let Some(node) = nodes.iter().find(|node| node.node_no == path.node_no) {
        // What is shared anew are the siblings: the unit above has to be in sight too.
        let above = nodes.iter().find(|other| Some(other.node_no) == node.parent_no);
        if !in_sight(ask, above.unwrap_or(node).org_id)? {
            return Err(Problem::foreign_account());
        }
    }
    let order = AdjustOrder { amount: body.amount, fixed: body.fixed, reason: body.reason.clone() };
    let changed = target_adjust(ask.conn, ask.work, (path.target_no, path.node_no), &order, ask.today)?;
    Ok(Adjusted { changed: changed.into_iter().map(|node| node.node_no).collect() })
}

fn charges(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<ChargeShown>, Problem> {
    let root = ask.root()?;
    let rows = charge_list(ask.conn, root, ask.today)?;
    ask.page.cut(rows, |row| row.route.clone())
}

/// Who answers for a route.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChargeBody {
    /// Code of the route.
    route: String,
    /// Staff code.
    staff: String,
}

fn charge(ask: &mut Ask<'_>, _: &Nothing, body: &ChargeBody) -> Result<ChargeShown, Problem> {
    let root = ask.root()?;
    charge_set(ask.conn, ask.work, (&body.route, &body.staff), root, ask.today)?;
    let row = charge_list(ask.conn, root, ask.today)?.into_iter().find(|row| row.route == body.route);
    row.ok_or_else(|| Problem::refuse(TargetRefusal::UnknownRoute(body.route.clone())))
}

/// Which appraisals.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct AppraisalQuery {
    /// Only of this month.
    #[serde(default)]
    month: Option<Month>,
    /// Only one's own.
    #[serde(default)]
    mine: bool,
    /// The order; the latest month first when not given.
    #[serde(default)]
    sort: Sort<AppraisalShown>,
}

/// In whose sight others' appraisals are: a manager's unit; nobody else's.
fn leads(ask: &Ask<'_>) -> bool {
    ask.who.may(Permission::DecideAppraisals)
}

by!(AppraisalShown { month, staff, unit, score, decided, dispute_until });

fn appraisals(
    ask: &mut Ask<'_>,
    _: &Nothing,
    query: &AppraisalQuery,
) -> Result<List<AppraisalShown>, Problem> {
    let root = ask.root()?;
    let mine = query.mine || !leads(ask);
    let staff = mine.then(|| ask.who.person.name.clone());
    let rows = appraisal_list(ask.conn, ask.work, (root, staff.as_deref(), query.month), ask.today)?;
    ask.page.cut_sorted(rows, &query.sort, |row| format!("{} {}", row.month, row.staff))
}

/// An appraisal that the asker may see: his own, or one of the unit that he leads.
fn seen(ask: &mut Ask<'_>, path: &AppraisalPath) -> Result<AppraisalShown, Problem> {
    let is_own = ask.who.person.name == path.staff;
    if !is_own && !leads(ask) {
        return Err(Problem::refuse(RewardRefusal::NoAppraisal(path.staff.clone())));
    }
    let root = if is_own { None } else { Some(ask.root()?) };
    Ok(appraisal_show(ask.conn, ask.work, (path.month, &path.staff), root, ask.today)?)
}

fn appraisal(ask: &mut Ask<'_>, path: &AppraisalPath, _: &Nothing) -> Result<AppraisalShown, Problem> {
    seen(ask, path)
}

/// What somebody says about his own appraisal.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RemarkBody {
    /// Does he dispute it?
    #[serde(default)]
    dispute: bool,
    /// In words.
    #[schemars(length(min = 1, max = 2000))]
    said: String,
}

fn remark(ask: &mut Ask<'_>, path: &AppraisalPath, body: &RemarkBody) -> Result<AppraisalShown, Problem> {
    let what = if body.dispute { Said::Dispute } else { Said::Comment };
    appraisal_say(ask.conn, ask.work, (path.month, &path.staff), (what, &body.said), ask.today)?;
    seen(ask, path)
}

/// What a manager decides.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DecisionBody {
    /// The score that stands, such as `86.50`; the one of the rule when not given.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9]{1,4}(\\.[0-9]{1,2})?$"))]
    score: Option<String>,
    /// Why; wanted where it differs or was disputed.
    #[serde(default)]
    #[schemars(length(max = 2000))]
    reason: String,
}

fn decision(ask: &mut Ask<'_>, path: &AppraisalPath, body: &DecisionBody) -> Result<AppraisalShown, Problem> {
    seen(ask, path)?;
    let score = body.score.as_deref().map(|text| parse_scaled(text, 2)).transpose();
    let score = score.map_err(|_| Problem::unreadable("body", "score"))?.map(Score);
    let decided = Decision { score, reason: body.reason.clone() };
    appraisal_decide(ask.conn, ask.work, (path.month, &path.staff), &decided, ask.today)?;
    seen(ask, path)
}

fn sheets(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<SheetShown>, Problem> {
    let root = ask.root()?;
    let rows = sheet_list(ask.conn, ask.work, root, ask.today)?;
    ask.page.cut(rows, |row| row.sheet_no.to_string())
}

/// A sheet to be drawn up, for the people of one's unit.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SheetBody {
    /// The closed target that is paid for.
    target_no: i64,
}

fn sheet_draw(ask: &mut Ask<'_>, _: &Nothing, body: &SheetBody) -> Result<SheetShown, Problem> {
    let root = ask.root()?;
    let sheet_no = sheet_make(ask.conn, ask.work, (body.target_no, root), ask.today)?;
    Ok(sheet_show(ask.conn, ask.work, (sheet_no, root), ask.today)?)
}

fn sheet(ask: &mut Ask<'_>, path: &SheetPath, _: &Nothing) -> Result<SheetShown, Problem> {
    let root = ask.root()?;
    Ok(sheet_show(ask.conn, ask.work, (path.sheet_no, root), ask.today)?)
}

/// What a second person says of a sheet.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SheetDecisionBody {
    /// Does he agree?
    approve: bool,
    /// Why not; wanted where he does not.
    #[serde(default)]
    #[schemars(length(max = 500))]
    reason: String,
}

fn sheet_decision(
    ask: &mut Ask<'_>,
    path: &SheetPath,
    body: &SheetDecisionBody,
) -> Result<SheetShown, Problem> {
    let root = ask.root()?;
    sheet_show(ask.conn, ask.work, (path.sheet_no, root), ask.today)?;
    let decided =
        if body.approve { SheetDecision::Approve } else { SheetDecision::Reject(body.reason.clone()) };
    sheet_decide(ask.conn, ask.work, path.sheet_no, &decided, ask.today)?;
    Ok(sheet_show(ask.conn, ask.work, (path.sheet_no, root), ask.today)?)
}

fn freeze(ask: &mut Ask<'_>, path: &SheetPath, _: &Nothing) -> Result<SheetShown, Problem> {
    let root = ask.root()?;
    sheet_show(ask.conn, ask.work, (path.sheet_no, root), ask.today)?;
    sheet_freeze(ask.conn, ask.work, path.sheet_no, ask.today)?;
    Ok(sheet_show(ask.conn, ask.work, (path.sheet_no, root), ask.today)?)
}
