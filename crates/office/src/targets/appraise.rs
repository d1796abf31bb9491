//! 考核: a month's work is scored; the person sees it and says something, a manager decides, and then it stands.

use super::house::House;
use super::records::records;
use super::refusal::RewardRefusal;
use super::show::day_after;
use super::todo;
use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::{DateForm, Month, plus_days};
use denghuo_rules::derivation::{Recorder, Silent, Step};
use denghuo_rules::registry::StaffRole;
use denghuo_rules::rulebook::NoRule;
use denghuo_rules::targets::{
    APPRAISAL_TOPIC, AppraisalRule, AppraisalState, FormulaRefusal, Period, Score, WorkRecord, score,
};
use denghuo_store::Conn;
use denghuo_store::targets::{self as store, AppraisalEventRow, AppraisalRow};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// Who is appraised: those who meet customers or their meters.
const FRONT_LINE: [StaffRole; 6] = [
    StaffRole::Reader,
    StaffRole::Verifier,
    StaffRole::Cashier,
    StaffRole::Collector,
    StaffRole::Inspector,
    StaffRole::Agent,
];

/// Characters of what is said at most.
const SAID_MOST: usize = 2_000;

/// What an employee does with his appraisal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Says something.
    Comment,
    /// Does not agree.
    Dispute,
}

/// What a manager decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// The score that stands; the one of the rule when not given.
    pub score: Option<Score>,
    /// Why; wanted where it differs, or was disputed.
    pub reason: String,
}

/// What was said about an appraisal, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SaidShown {
    /// `comment`, `dispute`, `decide`.
    pub deed: String,
    /// In words.
    pub said: String,
    /// Staff code.
    pub by: String,
    /// When.
    #[schemars(with = "DateForm")]
    pub on: Date,
}

/// 员工考核 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AppraisalShown {
    /// The month.
    pub month: Month,
    /// Staff code.
    pub staff: String,
    /// What he is called.
    pub name: String,
    /// 岗位
    pub role: String,
    /// Code of his unit.
    pub unit: String,
    /// Its name.
    pub unit_name: String,
    /// By the rule.
    pub score: Score,
    /// What stands; none before it is decided.
    pub decided: Option<Score>,
    /// Where it stands.
    pub state: AppraisalState,
    /// Until when it may be disputed.
    #[schemars(with = "DateForm")]
    pub dispute_until: Date,
    /// What was done.
    pub record: WorkRecord,
    /// How the score came about.
    pub steps: Vec<Step>,
    /// What was said about it.
    pub said: Vec<SaidShown>,
    /// Staff code of who decided.
    pub decided_by: Option<String>,
}

/// Appraises a month's work: those who are not there yet, and those about whom nobody has said anything and whose record has changed.
/// Gives how many were written.
///
/// # Errors
/// A rule that cannot be computed, or the database's. Where the book has no rule nobody is appraised.
pub fn appraisals_measure(
    conn: &mut Conn,
    work: &Work<'_>,
    month: Month,
    on: Date,
) -> Result<i64, OfficeError> {
    let picked = match work.book.pick::<AppraisalRule>(APPRAISAL_TOPIC, &work.site, month.last_day()) {
        Ok(picked) => picked,
        Err(NoRule::Missing { .. }) => return Ok(0),
        Err(error) => return Err(error.into()),
    };
    let rule = (&picked.params, picked.rule.id.as_str());
    let house = House::on(conn, month.last_day())?;
    let mut records = records(conn, work, &house, Period::month(month))?;
    let there = store::appraisals(conn, month)?;
    let mut changed = Vec::new();
    for person in &house.staff {
        let front = StaffRole::from_word(&person.role).is_some_and(|role| FRONT_LINE.contains(&role));
        let Some(record) = records.remove(&person.staff_id).filter(|_| front) else { continue };
        let score = match score(&record, rule, &mut Silent) {
            Ok(score) => score,
            Err(FormulaRefusal::Nothing) => continue,
            Err(refusal) => return Err(OfficeError::refuse(refusal)),
        };
        let old = there.iter().find(|row| row.staff_id == person.staff_id);
        let is_same = |row: &AppraisalRow| row.record == record && row.rule == rule.1;
        if old.is_some_and(|row| row.state != AppraisalState::Open || is_same(row)) {
            continue;
        }
        changed.push(AppraisalRow {
            month,
            staff_id: person.staff_id,
            org_id: person.org_id,
            role: person.role.clone(),
            record,
            score,
            rule: rule.1.to_owned(),
            state: AppraisalState::Open,
            made_on: on,
            decided: None,
            decided_by: None,
            decided_on: None,
        });
    }
    store::save_appraisals(conn, &changed)?;
    Ok(changed.len() as i64)
}

/// The rule of an appraisal.
fn rule_of(work: &Work<'_>, row: &AppraisalRow) -> Result<AppraisalRule, OfficeError> {
    let rule = work.book.rule(&row.rule).and_then(|rule| rule.form::<AppraisalRule>().ok());
    match rule {
        Some(rule) => Ok(rule),
        None => Ok(work.book.pick(APPRAISAL_TOPIC, &work.site, row.month.last_day())?.params),
    }
}

/// The last day on which an appraisal may be disputed.
fn dispute_until(rule: &AppraisalRule, month: Month) -> Date {
    plus_days(day_after(Period::month(month)), i64::from(rule.dispute_days) - 1)
}

fn shown(
    conn: &mut Conn,
    work: &Work<'_>,
    house: &House,
    row: AppraisalRow,
) -> Result<AppraisalShown, OfficeError> {
    let rule = rule_of(work, &row)?;
    let mut told = Recorder::default();
    score(&row.record, (&rule, &row.rule), &mut told).map_err(OfficeError::refuse)?;
    let (staff, name) = house.called(row.staff_id);
    let unit = house.unit_of(row.org_id);
    let said = store::appraisal_events(conn, row.month, row.staff_id)?;
    Ok(AppraisalShown {
        month: row.month,
        staff,
        name,
        role: row.role,
        unit: unit.map_or_else(String::new, |unit| unit.code.clone()),
        unit_name: unit.map_or_else(String::new, |unit| unit.name.clone()),
        score: row.score,
        decided: row.decided,
        state: row.state,
        dispute_until: dispute_until(&rule, row.month),
        record: row.record,
        steps: told.steps,
        said: said
            .into_iter()
            .map(|event| SaidShown {
                deed: event.deed,
                said: event.said,
                by: event.noted_by,
                on: event.noted_on,
            })
            .collect(),
        decided_by: row.decided_by,
    })
}

/// The appraisal of a person for a month.
fn find(conn: &mut Conn, house: &House, month: Month, staff: &str) -> Result<AppraisalRow, OfficeError> {
    let unknown = || OfficeError::refuse(RewardRefusal::NoAppraisal(staff.to_owned()));
    let person = house.staff.iter().find(|person| person.code == staff).ok_or_else(unknown)?;
    store::appraisal(conn, month, person.staff_id)?.ok_or_else(unknown)
}

/// Appraisals, the newest first: those of one person, of a unit and those below it (0: all), or of a month.
///
/// # Errors
/// The database's.
pub fn appraisal_list(
    conn: &mut Conn,
    work: &Work<'_>,
    (root, staff, month): (i64, Option<&str>, Option<Month>),
    on: Date,
) -> Result<Vec<AppraisalShown>, OfficeError> {
    let house = House::on(conn, on)?;
    let within = house.below(root)?;
    let person = match staff {
        Some(code) => Some(house.person(code)?.staff_id),
        None => None,
    };
    let rows = store::appraisals_of(conn, person)?;
    let rows = rows
        .into_iter()
        .filter(|row| root == 0 || staff.is_some() || within.contains(&row.org_id))
        .filter(|row| month.is_none_or(|month| row.month == month));
    rows.map(|row| shown(conn, work, &house, row)).collect()
}

/// One appraisal with its derivation. `root` is the unit in whose sight the person has to be; none where he sees his own.
///
/// # Errors
/// There is none in sight; the database's.
pub fn appraisal_show(
    conn: &mut Conn,
    work: &Work<'_>,
    (month, staff): (Month, &str),
    root: Option<i64>,
    on: Date,
) -> Result<AppraisalShown, OfficeError> {
    let house = House::on(conn, on)?;
    let row = find(conn, &house, month, staff)?;
    if let Some(root) = root.filter(|root| *root != 0)
        && !house.below(root)?.contains(&row.org_id)
    {
        return Err(OfficeError::refuse(RewardRefusal::NoAppraisal(staff.to_owned())));
    }
    shown(conn, work, &house, row)
}

/// The person himself (`work.by`) says something about his appraisal, or disputes it.
///
/// # Errors
/// A `TargetRefusal`, or the database's.
pub fn appraisal_say(
    conn: &mut Conn,
    work: &Work<'_>,
    (month, staff): (Month, &str),
    (what, said): (Said, &str),
    on: Date,
) -> Result<(), OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        let house = House::on(conn, on)?;
        let mut row = find(conn, &house, month, staff)?;
        if work.by != staff {
            return Err(OfficeError::refuse(RewardRefusal::NotOneself(staff.to_owned())));
        }
        if row.state == AppraisalState::Decided {
            return Err(OfficeError::refuse(RewardRefusal::Decided(staff.to_owned())));
        }
        words(said)?;
        if what == Said::Dispute {
            let until = dispute_until(&rule_of(work, &row)?, month);
            if on > until {
                return Err(OfficeError::refuse(RewardRefusal::TooLate(until)));
            }
            row.state = AppraisalState::Disputed;
            store::save_appraisals(conn, std::slice::from_ref(&row))?;
            todo::disputed(conn, (month, staff), said.trim(), on)?;
        }
        let deed = if what == Said::Dispute { "dispute" } else { "comment" };
        note(conn, work, &row, (deed, said), on)
    })
}

/// A manager (`work.by`) decides an appraisal; then it stands.
///
/// # Errors
/// A `TargetRefusal`, no manager, or the database's.
pub fn appraisal_decide(
    conn: &mut Conn,
    work: &Work<'_>,
    (month, staff): (Month, &str),
    decision: &Decision,
    on: Date,
) -> Result<(), OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::approval_level(conn, &work.by, on)?;
        let house = House::on(conn, on)?;
        let mut row = find(conn, &house, month, staff)?;
        if work.by == staff {
            return Err(OfficeError::refuse(RewardRefusal::Oneself(staff.to_owned())));
        }
        if row.state == AppraisalState::Decided {
            return Err(OfficeError::refuse(RewardRefusal::Decided(staff.to_owned())));
        }
        let rule = rule_of(work, &row)?;
        let decided = decision.score.unwrap_or(row.score);
        if (decided.0 - row.score.0).abs() > rule.decide_within || !(0..=rule.highest).contains(&decided.0) {
            let within = Score(rule.decide_within);
            return Err(OfficeError::refuse(RewardRefusal::TooFar(row.score, within)));
        }
        if decided != row.score || row.state == AppraisalState::Disputed {
            words(&decision.reason)?;
        }
        row.state = AppraisalState::Decided;
        row.decided = Some(decided);
        row.decided_by = Some(work.by.clone());
        row.decided_on = Some(on);
        store::save_appraisals(conn, std::slice::from_ref(&row))?;
        todo::decided(conn, work, (month, staff), on)?;
        note(conn, work, &row, ("decide", &decision.reason), on)
    })
}

fn words(said: &str) -> Result<(), OfficeError> {
    let count = said.trim().chars().count();
    if count == 0 || count > SAID_MOST {
        return Err(OfficeError::refuse(RewardRefusal::Words(SAID_MOST)));
    }
    Ok(())
}

fn note(
    conn: &mut Conn,
    work: &Work<'_>,
    row: &AppraisalRow,
    (deed, said): (&str, &str),
    on: Date,
) -> Result<(), OfficeError> {
    let event = AppraisalEventRow {
        deed: deed.to_owned(),
        said: said.trim().to_owned(),
        noted_by: work.by.clone(),
        noted_on: on,
    };
    Ok(store::insert_appraisal_event(conn, (row.month, row.staff_id), &event)?)
}
