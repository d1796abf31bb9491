//! 问题: found, ordered to be put right, verified, appealed.

use super::{in_scope, sees_all, unit_named};
use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use crate::sorting::{Sort, ordered_by};
use denghuo_office::supervision::{
    FindingOrder, FindingShown, NewFinding, PenaltyShown, SupervisionRefusal, finding_do, finding_note,
    finding_show, scan,
};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::rulebook::NoRule;
use denghuo_rules::supervision::{
    Check, CheckRule, FindingDeed, FindingSource, FindingState, PenaltyState, Phase, Severity,
};
use denghuo_store::supervision::{FINDING_ORDERS, PENALTY_ORDERS};
use denghuo_store::supervision::{
    FindingFilter, FindingListed, PenaltyFilter, finding, finding_counts, findings, orders_of, parts_of,
    penalties,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Days that a scan looks at most.
const SCAN_DAYS: i64 = 400;

pub(super) fn routes(routes: Routes) -> Routes {
    let (see, answer, keep) =
        (Permission::SeeFindings, Permission::AnswerFindings, Permission::KeepSupervision);
    routes
        .list(
            "/findings",
            see,
            ("问题清单", "Findings of one's unit, the newest first; who does not lead sees his own"),
            finding_list,
        )
        .post("/findings", keep, ("登记问题", "Note a finding by hand"), finding_open)
        .once()
        .get(
            "/findings/{finding_no}",
            see,
            ("问题与整改", "A finding with its orders, parts, points, and what may be done now"),
            finding_one,
        )
        .post(
            "/findings/{finding_no}/deeds",
            answer,
            ("处理问题", "Order, tell, accept, reject, dismiss, ask, answer, penalise, appeal, decide, note"),
            finding_deed,
        )
        .once()
        .get(
            "/supervision-checks",
            see,
            (
                "稽查规则与命中",
                "Every check of the book with its limit, and how many findings of one's unit came of it",
            ),
            check_list,
        )
        .post(
            "/finding-scans",
            keep,
            (
                "规则扫描",
                "Look at the records of some days by every check; what was found before stays as it is",
            ),
            finding_scan,
        )
        .once()
        .list(
            "/penalties",
            see,
            ("扣分与申诉", "Points that were taken off, the newest first; who does not lead sees his own"),
            penalty_list,
        )
}

/// A finding in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct FindingPath {
    /// Its number.
    finding_no: i64,
}

/// Which findings.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct FindingQuery {
    /// Only those that have not ended.
    #[serde(default)]
    open: bool,
    /// Only what concerns oneself.
    #[serde(default)]
    mine: bool,
    /// Only whose deadline has passed without an answer.
    #[serde(default)]
    late: bool,
    /// Only in this state.
    #[serde(default)]
    state: Option<FindingState>,
    /// Only found so.
    #[serde(default)]
    source: Option<FindingSource>,
    /// Only this bad.
    #[serde(default)]
    severity: Option<Severity>,
    /// Only by this check, or item of a list.
    #[serde(default)]
    subject: Option<String>,
    /// Only acts of this person.
    #[serde(default)]
    person: Option<String>,
    /// The order; the newest first when not given.
    #[serde(default)]
    sort: Sort<FindingLine>,
}

/// A finding on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct FindingLine {
    /// Its number.
    finding_no: i64,
    /// How it was found.
    source: FindingSource,
    /// Word of the check, or code of the item of a list.
    subject: String,
    /// When it was looked for.
    phase: Phase,
    /// How bad it is.
    severity: Severity,
    /// What is wrong.
    said: Bilingual,
    /// Where it stands.
    state: FindingState,
    /// 户号; none for a finding of no account.
    account_no: Option<String>,
    /// The record, such as `bill:3`.
    about: String,
    /// Staff code of whose act it is.
    person: Option<String>,
    /// Name of the unit that answers.
    unit: String,
    /// Staff code of who has the last order.
    owner: Option<String>,
    /// By when.
    #[schemars(with = "Option<DateForm>")]
    due_on: Option<Date>,
    /// Has that passed without an answer?
    is_late: bool,
    /// How many levels up it was told.
    level: i64,
    /// When it was found.
    #[schemars(with = "DateForm")]
    found_on: Date,
    /// When it ended.
    #[schemars(with = "Option<DateForm>")]
    ended_on: Option<Date>,
}

ordered_by!(FindingLine, FINDING_ORDERS);

impl FindingLine {
    fn of(listed: FindingListed, today: Date) -> Self {
        let row = listed.finding;
        Self {
            finding_no: row.finding_no,
            source: row.source,
            subject: row.subject,
            phase: row.phase,
            severity: row.severity,
            said: Bilingual::new(row.said, row.said_en),
            account_no: listed.account_no,
            about: row.about,
            person: row.person,
            unit: listed.unit,
            owner: listed.owner,
            is_late: row.state == FindingState::Ordered && listed.due_on.is_some_and(|day| day < today),
            due_on: listed.due_on,
            state: row.state,
            level: row.level,
            found_on: row.found_on,
            ended_on: row.ended_on,
        }
    }
}

fn finding_list(ask: &mut Ask<'_>, _: &Nothing, query: &FindingQuery) -> Result<List<FindingLine>, Problem> {
    let own = query.mine || !sees_all(ask);
    let filter = FindingFilter {
        root: ask.root()?,
        open: query.open,
        state: query.state,
        source: query.source,
        subject: query.subject.clone(),
        severity: query.severity,
        person: query.person.clone(),
        owner: None,
        concerns: own.then(|| ask.who.person.name.clone()),
        late_on: query.late.then_some(ask.today),
    };
    let slice = ask.page.slice(&FINDING_ORDERS, &query.sort)?;
    let rows = findings(ask.conn, &filter, &slice)?;
    let today = ask.today;
    Ok(List::of_placed(rows, ask.page.limit).map(|row| FindingLine::of(row, today)))
}

/// A finding that the asker sees: of his unit, and his own where he does not lead.
fn seen(ask: &mut Ask<'_>, finding_no: i64) -> Result<(), Problem> {
    let row = finding(ask.conn, finding_no)?
        .ok_or_else(|| Problem::refuse(SupervisionRefusal::UnknownFinding(finding_no)))?;
    let me = ask.who.person.name.clone();
    let mut concerns = row.person.as_deref() == Some(me.as_str());
    concerns = concerns || orders_of(ask.conn, finding_no)?.iter().any(|order| order.owner == me);
    concerns = concerns || parts_of(ask.conn, finding_no)?.iter().any(|part| part.owner == me);
    // An order or a part may lie with somebody of another unit: he sees what he has to do.
    if concerns {
        return Ok(());
    }
    in_scope(ask, row.org_id)?;
    if sees_all(ask) { Ok(()) } else { Err(Problem::foreign_account()) }
}

fn finding_one(ask: &mut Ask<'_>, path: &FindingPath, _: &Nothing) -> Result<FindingShown, Problem> {
    seen(ask, path.finding_no)?;
    Ok(finding_show(ask.conn, ask.work, path.finding_no, ask.today)?)
}

/// A finding as it is noted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FindingBody {
    /// 户号
    #[serde(default)]
    account_no: Option<String>,
    /// The record, such as `bill:3`.
    #[serde(default)]
    #[schemars(length(max = 200))]
    about: String,
    /// Staff code of whose act it is.
    #[serde(default)]
    person: Option<String>,
    /// Code of the unit that answers; that of the person or the account when not given.
    #[serde(default)]
    unit: Option<String>,
    /// How bad it is; ordinary when not given.
    #[serde(default)]
    severity: Option<Severity>,
    /// What is wrong.
    #[schemars(length(min = 1, max = 2000))]
    said: String,
    /// Number of a proof of the account.
    #[serde(default)]
    evidence_no: Option<i64>,
}

fn finding_open(ask: &mut Ask<'_>, _: &Nothing, body: &FindingBody) -> Result<FindingShown, Problem> {
    let account_id = match &body.account_no {
        Some(account_no) => ask.account_named(account_no)?,
        None => 0,
    };
    if let Some(code) = &body.unit {
        unit_named(ask, code)?;
    }
    if body.about.chars().count() > 200 {
        return Err(Problem::unreadable("body", "about"));
    }
    let new = NewFinding {
        account_id,
        about: body.about.clone(),
        person: body.person.clone(),
        unit: body.unit.clone(),
        severity: body.severity,
        said: body.said.clone(),
        evidence_no: body.evidence_no,
    };
    let row = finding_note(ask.conn, ask.work, &new, ask.today)?;
    in_scope(ask, row.org_id)?;
    Ok(finding_show(ask.conn, ask.work, row.finding_no, ask.today)?)
}

/// A deed about a finding.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FindingDeedBody {
    /// What. `escalate` is done by the clocks.
    deed: FindingDeed,
    /// In words: what is wanted, what was done, why.
    #[serde(default)]
    #[schemars(length(max = 2000))]
    said: String,
    /// Staff code of who gets an order or a part; the one before when an order is sent back.
    #[serde(default)]
    owner: Option<String>,
    /// An earlier deadline than the book's.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    due_on: Option<Date>,
    /// The part that is done.
    #[serde(default)]
    part_no: Option<i64>,
    /// Points that are left after an appeal.
    #[serde(default)]
    points_left: Option<i64>,
}

fn finding_deed(
    ask: &mut Ask<'_>,
    path: &FindingPath,
    body: &FindingDeedBody,
) -> Result<FindingShown, Problem> {
    if body.deed == FindingDeed::Escalate {
        return Err(Problem::unreadable("body", "deed"));
    }
    seen(ask, path.finding_no)?;
    let own = matches!(
        body.deed,
        FindingDeed::Tell | FindingDeed::Answer | FindingDeed::Appeal | FindingDeed::Note
    );
    if !own {
        ask.needs(Permission::KeepSupervision)?;
    }
    let order = FindingOrder {
        deed: Some(body.deed),
        said: body.said.clone(),
        owner: body.owner.clone(),
        due_on: body.due_on,
        part_no: body.part_no,
        points_left: body.points_left,
    };
    finding_do(ask.conn, ask.work, path.finding_no, &order, ask.today)?;
    Ok(finding_show(ask.conn, ask.work, path.finding_no, ask.today)?)
}

/// A check of the book, and what came of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CheckLine {
    /// Its word.
    check: Check,
    /// Its name.
    name: Bilingual,
    /// When it looks.
    phase: Phase,
    /// Id of the rule; none where the book has none.
    rule: Option<String>,
    /// The clause as people cite it.
    clause: String,
    /// How bad a hit is.
    severity: Option<Severity>,
    /// Above this it is a hit, in the unit of the check.
    limit: Option<i64>,
    /// So many records at least.
    least: Option<i64>,
    /// Is it left out?
    off: bool,
    /// Findings of one's unit.
    found: i64,
    /// Those that have not ended.
    open: i64,
}

/// The checks.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Checks {
    /// In the order of the acts: before, during, after.
    items: Vec<CheckLine>,
}

fn check_list(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Checks, Problem> {
    let own = !sees_all(ask);
    let filter = FindingFilter {
        root: ask.root()?,
        source: Some(FindingSource::Rule),
        concerns: own.then(|| ask.who.person.name.clone()),
        ..FindingFilter::default()
    };
    let mut counts: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for (subject, state, count) in finding_counts(ask.conn, &filter)? {
        let of = counts.entry(subject).or_default();
        of.0 += count;
        if !state.is_ended() {
            of.1 += count;
        }
    }
    let mut items = Vec::new();
    for check in Check::ALL {
        let site = ask.work.site.clone().with("check", check.word());
        let picked = match ask.work.book.pick::<CheckRule>(CheckRule::TOPIC, &site, ask.today) {
            Ok(picked) => Some(picked),
            Err(NoRule::Missing { .. }) => None,
            Err(error) => return Err(Problem::failure(&error)),
        };
        let (found, open) = counts.get(check.word()).copied().unwrap_or_default();
        let rule = picked.as_ref();
        items.push(CheckLine {
            check: *check,
            name: Bilingual::new(check.zh(), check.word().replace('_', " ")),
            phase: check.phase(),
            rule: rule.map(|picked| picked.rule.id.clone()),
            clause: rule.map_or_else(String::new, |picked| picked.rule.clause()),
            severity: rule.map(|picked| picked.params.severity),
            limit: rule.map(|picked| picked.params.limit),
            least: rule.map(|picked| picked.params.least),
            off: rule.is_none_or(|picked| picked.params.off),
            found,
            open,
        });
    }
    Ok(Checks { items })
}

/// Which days.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ScanBody {
    /// First day.
    #[schemars(with = "DateForm")]
    from: Date,
    /// Last day.
    #[schemars(with = "DateForm")]
    until: Date,
}

/// What a scan came to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ScanDone {
    /// What the checks hit.
    hits: i64,
    /// Findings that are new.
    found: i64,
}

fn finding_scan(ask: &mut Ask<'_>, _: &Nothing, body: &ScanBody) -> Result<ScanDone, Problem> {
    let days = denghuo_rules::calendar::days_between(body.from, body.until);
    if !(0..=SCAN_DAYS).contains(&days) || body.until > ask.today {
        return Err(Problem::refuse(SupervisionRefusal::BadDays));
    }
    // A scan looks at the whole company.
    if ask.root()? != 0 {
        let units = denghuo_store::registry::orgs(ask.conn)?;
        let root = ask.root()?;
        let is_top = units.iter().any(|unit| unit.org_id == root && unit.parent_id.is_none());
        if !is_top {
            return Err(Problem::foreign_account());
        }
    }
    let scanned = scan(ask.conn, ask.work, (body.from, body.until), ask.today)?;
    Ok(ScanDone { hits: scanned.hits, found: scanned.found })
}

/// Which penalties.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct PenaltyQuery {
    /// Only of this person.
    #[serde(default)]
    person: Option<String>,
    /// Only in this state.
    #[serde(default)]
    state: Option<PenaltyState>,
    /// The order; the newest first when not given.
    #[serde(default)]
    sort: Sort<PenaltyLine>,
}

/// A penalty on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct PenaltyLine {
    /// What was wrong.
    said: Bilingual,
    /// The penalty.
    #[serde(flatten)]
    penalty: PenaltyShown,
}

ordered_by!(PenaltyLine, PENALTY_ORDERS);

fn penalty_list(ask: &mut Ask<'_>, _: &Nothing, query: &PenaltyQuery) -> Result<List<PenaltyLine>, Problem> {
    let own = (!sees_all(ask)).then(|| ask.who.person.name.clone());
    let filter =
        PenaltyFilter { root: ask.root()?, person: own.or_else(|| query.person.clone()), state: query.state };
    let slice = ask.page.slice(&PENALTY_ORDERS, &query.sort)?;
    let rows = penalties(ask.conn, &filter, &slice)?;
    let line = |(row, zh, en): (_, String, String)| PenaltyLine {
        said: Bilingual::new(zh, en),
        penalty: PenaltyShown::of(ask.work, row),
    };
    Ok(List::of_placed(rows, ask.page.limit).map(line))
}
