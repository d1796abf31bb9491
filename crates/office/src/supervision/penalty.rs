//! 扣分与申诉.

use super::APPEAL;
use super::refusal::SupervisionRefusal;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::supervision::{
    PenaltyFacts, PenaltyRefusal, PenaltyRule, PenaltyState, check_appeal, check_decision, points,
};
use denghuo_store::Conn;
use denghuo_store::supervision::{self as store, FindingRow, PenaltyRow};
use denghuo_store::tasks::{self, NewTask, Resolution};
use jiff::Span;
use jiff::civil::Date;

/// Takes points off who did it.
pub(super) fn penalise(
    conn: &mut Conn,
    work: &Work<'_>,
    finding: &FindingRow,
    on: Date,
) -> Result<(), OfficeError> {
    let person = finding.person.clone().ok_or_else(|| OfficeError::refuse(PenaltyRefusal::Missing))?;
    let site = work.site.clone().with("severity", finding.severity.word());
    let rule = work.book.pick::<PenaltyRule>(PenaltyRule::TOPIC, &site, on)?;
    let since = on.saturating_sub(Span::new().months(i64::from(rule.params.repeat_months)));
    let earlier = store::penalties_before(conn, (&person, &finding.subject), since)?;
    let points = points(&rule.params, earlier);
    let appeal_by = work.book.calendar().working_days_after(on, rule.params.appeal_working_days)?;
    store::save_penalty(
        conn,
        &PenaltyRow {
            finding_no: finding.finding_no,
            person,
            points,
            points_left: points,
            earlier,
            rule: rule.rule.id.clone(),
            state: PenaltyState::Standing,
            decided_on: on,
            decided_by: work.by.clone(),
            appeal_by,
            appeal: None,
            appealed_on: None,
            answer_by: None,
            answer: None,
            answered_on: None,
            answered_by: None,
        },
    )?;
    Ok(())
}

/// Takes an objection of who lost the points.
pub(super) fn appeal(
    conn: &mut Conn,
    work: &Work<'_>,
    finding: &FindingRow,
    said: &str,
    on: Date,
) -> Result<(), OfficeError> {
    let mut row = row_of(conn, finding)?;
    check_appeal(&facts_of(&row), &work.by, on).map_err(OfficeError::refuse)?;
    let rule = work.book.rule(&row.rule).ok_or_else(|| OfficeError::refuse(PenaltyRefusal::Missing))?;
    let params: PenaltyRule = rule
        .form()
        .map_err(|reason| denghuo_rules::rulebook::NoRule::BadParams { id: rule.id.clone(), reason })?;
    let answer_by = work.book.calendar().working_days_after(on, params.decide_working_days)?;
    row.state = PenaltyState::Appealed;
    (row.appeal, row.appealed_on, row.answer_by) = (Some(said.trim().to_owned()), Some(on), Some(answer_by));
    store::save_penalty(conn, &row)?;
    let task = NewTask {
        account_id: finding.account_id,
        kind: APPEAL,
        subject: finding.finding_no.to_string(),
        codes: row.person.clone(),
        detail: Bilingual::new(
            format!("{}对扣分{}提出申诉: {}", row.person, row.points, said.trim()),
            format!("{} appeals against {} points: {}", row.person, row.points, said.trim()),
        ),
        owner_role: "manager",
        opened_on: on,
        due_on: Some(answer_by),
    };
    tasks::open(conn, &[task])?;
    Ok(())
}

/// Decides on it: so many points are left.
pub(super) fn decide(
    conn: &mut Conn,
    work: &Work<'_>,
    finding: &FindingRow,
    (points_left, said): (i64, &str),
    on: Date,
) -> Result<(), OfficeError> {
    if said.trim().is_empty() {
        return Err(OfficeError::refuse(SupervisionRefusal::Missing("said")));
    }
    let mut row = row_of(conn, finding)?;
    row.state = check_decision(&facts_of(&row), &work.by, points_left).map_err(OfficeError::refuse)?;
    row.points_left = points_left;
    (row.answer, row.answered_on) = (Some(said.trim().to_owned()), Some(on));
    row.answered_by = Some(work.by.clone());
    store::save_penalty(conn, &row)?;
    let resolution = Resolution { decision: row.state.word(), by: &work.by, on, note: "" };
    let subject = finding.finding_no.to_string();
    tasks::resolve(conn, (finding.account_id, APPEAL, &subject), &resolution)?;
    Ok(())
}

fn row_of(conn: &mut Conn, finding: &FindingRow) -> Result<PenaltyRow, OfficeError> {
    store::penalty(conn, finding.finding_no)?.ok_or_else(|| OfficeError::refuse(PenaltyRefusal::Missing))
}

fn facts_of(row: &PenaltyRow) -> PenaltyFacts {
    PenaltyFacts {
        person: row.person.clone(),
        points: row.points,
        decided_by: row.decided_by.clone(),
        appeal_by: row.appeal_by,
        state: row.state,
    }
}
