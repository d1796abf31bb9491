//! What people see of a finding and of a review.

use super::deed::facts_of;
use super::refusal::SupervisionRefusal;
use super::review::list_of;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::supervision::{
    Answer, FindingDeed, FindingSource, FindingState, PenaltyFacts, PenaltyState, Phase, Population,
    ReviewState, Severity, check_appeal, check_decision, check_deed,
};
use denghuo_store::supervision::{
    self as store, AnswerRow, FindingEventRow, PartRow, PenaltyRow, RectificationRow, ReviewRow,
};
use denghuo_store::{Conn, registry};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// 整改通知单 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OrderShown {
    /// The round, from 1 on.
    pub round: i64,
    /// Name of the unit that has it.
    pub unit: String,
    /// Staff code of who has to put it right.
    pub owner: String,
    /// What is wanted.
    pub wanted: String,
    /// When it was ordered.
    #[schemars(with = "DateForm")]
    pub ordered_on: Date,
    /// By whom.
    pub ordered_by: String,
    /// By when.
    #[schemars(with = "DateForm")]
    pub due_on: Date,
    /// What was done.
    pub told: Option<String>,
    /// When that was told.
    #[schemars(with = "Option<DateForm>")]
    pub told_on: Option<Date>,
    /// By whom.
    pub told_by: Option<String>,
    /// By when somebody has to look.
    #[schemars(with = "Option<DateForm>")]
    pub verify_by: Option<Date>,
    /// Was it right? None until somebody has looked.
    pub good: Option<bool>,
    /// When.
    #[schemars(with = "Option<DateForm>")]
    pub verified_on: Option<Date>,
    /// Who looked.
    pub verified_by: Option<String>,
    /// What he says.
    pub note: Option<String>,
    /// Has its deadline passed without an answer?
    pub is_late: bool,
}

/// 协同事项 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartShown {
    /// Its number within the finding.
    pub part_no: i64,
    /// Name of the unit that has it.
    pub unit: String,
    /// Staff code of who has it.
    pub owner: String,
    /// What is wanted.
    pub wanted: String,
    /// By when.
    #[schemars(with = "DateForm")]
    pub due_on: Date,
    /// What was done.
    pub answer: Option<String>,
    /// When.
    #[schemars(with = "Option<DateForm>")]
    pub done_on: Option<Date>,
}

/// 处理记录 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FindingEventShown {
    /// Its number within the finding.
    pub event_no: i64,
    /// What was done.
    pub deed: FindingDeed,
    /// When.
    #[schemars(with = "DateForm")]
    pub happened_on: Date,
    /// Staff code, or `system`.
    pub noted_by: String,
    /// In words.
    pub said: String,
    /// Name of the unit that was told.
    pub unit: Option<String>,
}

/// 扣分 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PenaltyShown {
    /// The finding.
    pub finding_no: i64,
    /// Staff code of who loses points.
    pub person: String,
    /// How many.
    pub points: i64,
    /// How many stand now.
    pub points_left: i64,
    /// Earlier ones of the same kind that were counted.
    pub earlier: i64,
    /// Id of the rule.
    pub rule: String,
    /// The clause as people cite it.
    pub clause: String,
    /// Where it stands.
    pub state: PenaltyState,
    /// When they were taken off.
    #[schemars(with = "DateForm")]
    pub decided_on: Date,
    /// By whom.
    pub decided_by: String,
    /// The last day to object.
    #[schemars(with = "DateForm")]
    pub appeal_by: Date,
    /// What he objects.
    pub appeal: Option<String>,
    /// When.
    #[schemars(with = "Option<DateForm>")]
    pub appealed_on: Option<Date>,
    /// By when it is decided.
    #[schemars(with = "Option<DateForm>")]
    pub answer_by: Option<Date>,
    /// What was decided.
    pub answer: Option<String>,
    /// When.
    #[schemars(with = "Option<DateForm>")]
    pub answered_on: Option<Date>,
    /// By whom.
    pub answered_by: Option<String>,
}

impl PenaltyShown {
    /// A row as it is shown under a book.
    #[must_use]
    pub fn of(work: &Work<'_>, row: PenaltyRow) -> Self {
        let clause =
            work.book.rule(&row.rule).map_or_else(String::new, denghuo_rules::rulebook::Rule::clause);
        Self {
            finding_no: row.finding_no,
            person: row.person,
            points: row.points,
            points_left: row.points_left,
            earlier: row.earlier,
            rule: row.rule,
            clause,
            state: row.state,
            decided_on: row.decided_on,
            decided_by: row.decided_by,
            appeal_by: row.appeal_by,
            appeal: row.appeal,
            appealed_on: row.appealed_on,
            answer_by: row.answer_by,
            answer: row.answer,
            answered_on: row.answered_on,
            answered_by: row.answered_by,
        }
    }
}

/// 问题 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FindingShown {
    /// Its number.
    pub finding_no: i64,
    /// How it was found.
    pub source: FindingSource,
    /// Word of the check, or code of the item of a list.
    pub subject: String,
    /// When it was looked for.
    pub phase: Phase,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub said: Bilingual,
    /// Id of the rule; empty for what somebody noted.
    pub rule: String,
    /// The clause as people cite it.
    pub clause: String,
    /// What was measured.
    pub measured: i64,
    /// The limit it was measured against.
    pub limit: i64,
    /// Records that it rests on.
    pub records: i64,
    /// 户号; none for a finding of no account.
    pub account_no: Option<String>,
    /// The record, such as `bill:3`.
    pub about: String,
    /// A proof of the account.
    pub evidence_no: Option<i64>,
    /// Staff code of whose act it is.
    pub person: Option<String>,
    /// Name of the unit that answers.
    pub unit: String,
    /// Where it stands.
    pub state: FindingState,
    /// When it was found.
    #[schemars(with = "DateForm")]
    pub found_on: Date,
    /// Staff code, or `system`.
    pub found_by: String,
    /// How many levels up it was told.
    pub level: i64,
    /// When it ended.
    #[schemars(with = "Option<DateForm>")]
    pub ended_on: Option<Date>,
    /// What the asker may do now.
    pub next: Vec<FindingDeed>,
    /// Its orders, the first first.
    pub orders: Vec<OrderShown>,
    /// Parts of other departments.
    pub parts: Vec<PartShown>,
    /// Points that were taken off.
    pub penalty: Option<PenaltyShown>,
    /// What was done.
    pub events: Vec<FindingEventShown>,
}

/// Shows a finding as it stands for who asks on a day.
///
/// # Errors
/// [`SupervisionRefusal::UnknownFinding`], or the database's.
pub fn finding_show(
    conn: &mut Conn,
    work: &Work<'_>,
    finding_no: i64,
    on: Date,
) -> Result<FindingShown, OfficeError> {
    let row = store::finding(conn, finding_no)?
        .ok_or_else(|| OfficeError::refuse(SupervisionRefusal::UnknownFinding(finding_no)))?;
    let facts = facts_of(conn, &row)?;
    let penalty = store::penalty(conn, finding_no)?;
    let orders = store::orders_of(conn, finding_no)?;
    let parts = store::parts_of(conn, finding_no)?;
    let events = store::events_of(conn, finding_no)?;
    let names: BTreeMap<i64, String> =
        registry::orgs(conn)?.into_iter().map(|unit| (unit.org_id, unit.name)).collect();
    let unit = |org_id: i64| names.get(&org_id).cloned().unwrap_or_default();
    let account_no = registry::accounts(conn, row.account_id, row.account_id)?.pop().map(|a| a.account_no);
    let may = |deed: &FindingDeed| {
        check_deed(&facts, *deed, &work.by, "-").is_ok()
            && match (deed, &penalty) {
                (FindingDeed::Escalate, _) | (FindingDeed::Appeal | FindingDeed::Decide, None) => false,
                (FindingDeed::Appeal, Some(row)) => {
                    check_appeal(&facts_of_penalty(row), &work.by, on).is_ok()
                }
                (FindingDeed::Decide, Some(row)) => {
                    check_decision(&facts_of_penalty(row), &work.by, 0).is_ok()
                }
                (FindingDeed::Answer, _) => {
                    parts.iter().any(|part| part.done_on.is_none() && part.owner == work.by)
                }
                _ => true,
            }
    };
    let next = FindingDeed::ALL.iter().copied().filter(may).collect();
    let clause = work.book.rule(&row.rule).map_or_else(String::new, denghuo_rules::rulebook::Rule::clause);
    Ok(FindingShown {
        finding_no,
        source: row.source,
        subject: row.subject,
        phase: row.phase,
        severity: row.severity,
        said: Bilingual::new(row.said, row.said_en),
        rule: row.rule,
        clause,
        measured: row.measured,
        limit: row.limit,
        records: row.records,
        account_no,
        about: row.about,
        evidence_no: row.evidence_no,
        person: row.person,
        unit: unit(row.org_id),
        state: row.state,
        found_on: row.found_on,
        found_by: row.found_by,
        level: row.level,
        ended_on: row.ended_on,
        next,
        orders: orders.into_iter().map(|order| order_shown(order, &unit, on)).collect(),
        parts: parts.iter().map(|part| part_shown(part, &unit)).collect(),
        penalty: penalty.clone().map(|row| PenaltyShown::of(work, row)),
        events: events.into_iter().map(|event| event_shown(event, &unit)).collect(),
    })
}

fn order_shown(order: RectificationRow, unit: &impl Fn(i64) -> String, on: Date) -> OrderShown {
    OrderShown {
        round: order.round,
        unit: unit(order.org_id),
        owner: order.owner,
        wanted: order.wanted,
        ordered_on: order.ordered_on,
        ordered_by: order.ordered_by,
        due_on: order.due_on,
        is_late: order.told_on.is_none() && order.good.is_none() && order.due_on < on,
        told: order.told,
        told_on: order.told_on,
        told_by: order.told_by,
        verify_by: order.verify_by,
        good: order.good,
        verified_on: order.verified_on,
        verified_by: order.verified_by,
        note: order.note,
    }
}

fn part_shown(part: &PartRow, unit: &impl Fn(i64) -> String) -> PartShown {
    PartShown {
        part_no: part.part_no,
        unit: unit(part.org_id),
        owner: part.owner.clone(),
        wanted: part.wanted.clone(),
        due_on: part.due_on,
        answer: part.answer.clone(),
        done_on: part.done_on,
    }
}

fn event_shown(event: FindingEventRow, unit: &impl Fn(i64) -> String) -> FindingEventShown {
    FindingEventShown {
        event_no: event.event_no,
        deed: event.deed,
        happened_on: event.happened_on,
        noted_by: event.noted_by,
        said: event.said,
        unit: event.org_id.map(unit),
    }
}

fn facts_of_penalty(row: &PenaltyRow) -> PenaltyFacts {
    PenaltyFacts {
        person: row.person.clone(),
        points: row.points,
        decided_by: row.decided_by.clone(),
        appeal_by: row.appeal_by,
        state: row.state,
    }
}

/// 检查项 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ItemShown {
    /// Its code.
    pub code: String,
    /// What is looked at.
    pub text: Bilingual,
    /// How bad it is when it is not so.
    pub severity: Severity,
}

/// 样本 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SampleShown {
    /// Its number within the review.
    pub sample_no: i64,
    /// Name of the unit.
    pub unit: String,
    /// 户号
    pub account_no: String,
    /// The record, such as `bill:3`.
    pub about: String,
    /// Staff code of who did it.
    pub person: Option<String>,
    /// When somebody looked at it.
    #[schemars(with = "Option<DateForm>")]
    pub looked_on: Option<Date>,
    /// What he says.
    pub note: Option<String>,
    /// What he saw.
    pub answers: Vec<SeenShown>,
}

/// 检查结论 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeenShown {
    /// Code of the item.
    pub item: String,
    /// What was seen.
    pub answer: Answer,
    /// What came of it.
    pub finding_no: Option<i64>,
}

/// 稽查 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReviewShown {
    /// Its number.
    pub review_no: i64,
    /// Word of the list.
    pub list: String,
    /// Its name.
    pub name: Bilingual,
    /// Id of the rule that holds the list.
    pub rule: String,
    /// What was drawn.
    pub population: Population,
    /// Name of the unit.
    pub unit: String,
    /// Only records of this person; none for everybody's.
    pub person: Option<String>,
    /// First day of the records.
    #[schemars(with = "DateForm")]
    pub from_on: Date,
    /// Last day.
    #[schemars(with = "DateForm")]
    pub until_on: Date,
    /// The same seed draws the same records.
    pub seed: i64,
    /// Records there were.
    pub whole: i64,
    /// Records that were drawn.
    pub size: i64,
    /// Records that were looked at.
    pub looked: i64,
    /// Staff code of who looks at them.
    pub auditor: String,
    /// By when.
    #[schemars(with = "DateForm")]
    pub due_on: Date,
    /// Where it stands.
    pub state: ReviewState,
    /// When it was drawn.
    #[schemars(with = "DateForm")]
    pub made_on: Date,
    /// By whom.
    pub made_by: String,
    /// When all was looked at.
    #[schemars(with = "Option<DateForm>")]
    pub done_on: Option<Date>,
    /// What is looked at.
    pub items: Vec<ItemShown>,
    /// The records, in order.
    pub samples: Vec<SampleShown>,
}

/// Shows a review.
///
/// # Errors
/// [`SupervisionRefusal::UnknownReview`], or the database's.
pub fn review_show(conn: &mut Conn, work: &Work<'_>, review_no: i64) -> Result<ReviewShown, OfficeError> {
    let row: ReviewRow = store::review(conn, review_no)?
        .ok_or_else(|| OfficeError::refuse(SupervisionRefusal::UnknownReview(review_no)))?;
    let list = list_of(work, &row.list, row.made_on)?;
    let names: BTreeMap<i64, String> =
        registry::orgs(conn)?.into_iter().map(|unit| (unit.org_id, unit.name)).collect();
    let unit = |org_id: i64| names.get(&org_id).cloned().unwrap_or_default();
    let mut seen: BTreeMap<i64, Vec<AnswerRow>> = BTreeMap::new();
    for answer in store::answers_of(conn, review_no)? {
        seen.entry(answer.sample_no).or_default().push(answer);
    }
    let samples: Vec<SampleShown> = store::samples_of(conn, review_no)?
        .into_iter()
        .map(|(sample, account_no)| SampleShown {
            sample_no: sample.sample_no,
            unit: unit(sample.org_id),
            account_no,
            about: sample.about,
            person: sample.person,
            looked_on: sample.looked_on,
            note: sample.note,
            answers: seen
                .remove(&sample.sample_no)
                .unwrap_or_default()
                .into_iter()
                .map(|row| SeenShown { item: row.item, answer: row.answer, finding_no: row.finding_no })
                .collect(),
        })
        .collect();
    let looked = samples.iter().filter(|sample| sample.looked_on.is_some()).count();
    Ok(ReviewShown {
        review_no,
        list: row.list,
        name: list.params.name(),
        rule: row.rule,
        population: row.population,
        unit: unit(row.org_id),
        person: row.person,
        from_on: row.from_on,
        until_on: row.until_on,
        seed: row.seed,
        whole: row.whole,
        size: row.size,
        looked: i64::try_from(looked).unwrap_or(i64::MAX),
        auditor: row.auditor,
        due_on: row.due_on,
        state: row.state,
        made_on: row.made_on,
        made_by: row.made_by,
        done_on: row.done_on,
        items: list
            .params
            .items
            .iter()
            .map(|item| ItemShown {
                code: item.code.clone(),
                text: Bilingual::new(&item.zh, &item.en),
                severity: item.severity,
            })
            .collect(),
        samples,
    })
}
