//! 专项稽查: records are drawn with a seed, looked at by the list of the book, and what is not as it should be becomes a finding.

use super::REVIEW;
use super::found::{Draft, keep, member, role_of, said, unit};
use super::refusal::SupervisionRefusal;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::rulebook::{NoRule, Picked};
use denghuo_rules::supervision::{
    Answer, ChecklistRule, FindingSource, Phase, ReviewState, draw, draw_rank, sample_size,
};
use denghuo_store::Conn;
use denghuo_store::supervision::{self as store, AnswerRow, ReviewRow, SampleRow};
use denghuo_store::tasks::{self, NewTask, Resolution};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// 稽查计划: a review as it is ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReview {
    /// Word of the list.
    pub list: String,
    /// Code of the unit whose records and those of the units below it are drawn.
    pub unit: String,
    /// Only records of this person: a planned review of somebody's work.
    pub person: Option<String>,
    /// First day of the records.
    pub from_on: Date,
    /// Last day.
    pub until_on: Date,
    /// The same seed draws the same records.
    pub seed: i64,
    /// Staff code of who looks at them.
    pub auditor: String,
}

/// Draws a review; gives it.
///
/// # Errors
/// A [`SupervisionRefusal`], a year without calendar, or the database's.
pub fn review_draw(
    conn: &mut Conn,
    work: &Work<'_>,
    new: &NewReview,
    on: Date,
) -> Result<ReviewRow, OfficeError> {
    work.check_date(on)?;
    if new.from_on > new.until_on || new.until_on > on {
        return Err(OfficeError::refuse(SupervisionRefusal::BadDays));
    }
    let list = list_of(work, &new.list, on)?;
    if new.person.as_deref() == Some(new.auditor.as_str()) {
        return Err(OfficeError::refuse(SupervisionRefusal::OwnRecord));
    }
    conn.write(|conn| {
        let org_id = unit(conn, &new.unit)?;
        let auditor = member(conn, &new.auditor, on)?;
        if let Some(person) = &new.person {
            member(conn, person, on)?;
        }
        let place = (org_id, new.person.as_deref());
        let mut units = store::population(conn, list.params.population, place, (new.from_on, new.until_on))?;
        // Nobody reviews his own work: it is not drawn for him.
        units.retain(|unit| unit.person.as_deref() != Some(auditor.code.as_str()));
        if units.is_empty() {
            return Err(OfficeError::refuse(SupervisionRefusal::NothingToDraw));
        }
        let drawn = draw(new.seed, &units, sample_size(&list.params, units.len()));
        let count = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
        let review = ReviewRow {
            review_no: store::next_numbers(conn, "review", 1)?,
            list: new.list.clone(),
            rule: list.rule.id.clone(),
            population: list.params.population,
            org_id,
            person: new.person.clone(),
            from_on: new.from_on,
            until_on: new.until_on,
            seed: new.seed,
            whole: count(units.len()),
            size: count(drawn.len()),
            auditor: auditor.code.clone(),
            due_on: work.book.calendar().working_days_after(on, list.params.working_days)?,
            state: ReviewState::Open,
            made_on: on,
            made_by: work.by.clone(),
            done_on: None,
        };
        store::save_review(conn, &review)?;
        let sample = |(sample_no, unit): (i64, denghuo_rules::supervision::Unit)| SampleRow {
            review_no: review.review_no,
            sample_no,
            org_id: unit.org_id,
            account_id: unit.account_id,
            draw_rank: draw_rank(new.seed, &unit),
            about: unit.about,
            person: unit.person,
            looked_on: None,
            looked_by: None,
            note: None,
        };
        let samples: Vec<SampleRow> = (1..).zip(drawn).map(sample).collect();
        store::save_samples(conn, &samples)?;
        let task = NewTask {
            account_id: 0,
            kind: REVIEW,
            subject: review.review_no.to_string(),
            codes: format!("{},{}", review.list, review.auditor),
            detail: drawn_words(&review, &list.params),
            owner_role: role_of(&auditor),
            opened_on: on,
            due_on: Some(review.due_on),
        };
        tasks::open(conn, &[task])?;
        Ok(review)
    })
}

/// What was drawn, in words.
fn drawn_words(review: &ReviewRow, list: &ChecklistRule) -> Bilingual {
    let (size, whole) = (review.size, review.whole);
    Bilingual::new(
        format!("{}稽查: 抽取{size}条,共{whole}条", list.zh),
        format!("review of {}: {size} of {whole} drawn", list.en),
    )
}

/// 检查: what was seen of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// What was seen, by code of the item.
    pub answers: Vec<(String, Answer)>,
    /// In words; wanted where something is not as it should be.
    pub note: String,
}

/// Keeps what was seen of a record. What is not as it should be becomes a finding; the last record ends the review.
///
/// # Errors
/// A [`SupervisionRefusal`], or the database's.
pub fn review_look(
    conn: &mut Conn,
    work: &Work<'_>,
    (review_no, sample_no): (i64, i64),
    look: &Look,
    on: Date,
) -> Result<ReviewRow, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        store::lock(conn, "review")?;
        let refuse = |refusal: SupervisionRefusal| OfficeError::refuse(refusal);
        let mut review = store::review(conn, review_no)?
            .ok_or_else(|| refuse(SupervisionRefusal::UnknownReview(review_no)))?;
        if review.auditor != work.by {
            return Err(refuse(SupervisionRefusal::NotAuditor(review.auditor)));
        }
        let samples = store::samples_of(conn, review_no)?;
        let waiting = samples.iter().filter(|(sample, _)| sample.looked_on.is_none()).count();
        let mut sample = samples
            .into_iter()
            .map(|(sample, _)| sample)
            .find(|sample| sample.sample_no == sample_no)
            .ok_or_else(|| refuse(SupervisionRefusal::UnknownSample(sample_no)))?;
        if sample.looked_on.is_some() {
            return Err(refuse(SupervisionRefusal::LookedAlready(sample_no)));
        }
        let list = list_of(work, &review.list, review.made_on)?;
        let answers = complete(&list.params, look)?;
        if answers.values().any(|answer| *answer == Answer::Bad) {
            said(&look.note, "note")?;
        }
        let rows = answers_kept(conn, work, (&list, &sample), (&answers, look.note.trim()), on)?;
        store::save_answers(conn, &rows)?;
        (sample.looked_on, sample.looked_by) = (Some(on), Some(work.by.clone()));
        sample.note = Some(look.note.trim().to_owned()).filter(|note| !note.is_empty());
        store::save_samples(conn, std::slice::from_ref(&sample))?;
        if waiting == 1 {
            (review.state, review.done_on) = (ReviewState::Done, Some(on));
            store::save_review(conn, &review)?;
            let resolution = Resolution { decision: "done", by: &work.by, on, note: "" };
            tasks::resolve(conn, (0, REVIEW, &review_no.to_string()), &resolution)?;
        }
        Ok(review)
    })
}

/// The answers by item: every item of the list once.
fn complete(list: &ChecklistRule, look: &Look) -> Result<BTreeMap<String, Answer>, OfficeError> {
    let mut answers = BTreeMap::new();
    for (item, answer) in &look.answers {
        if list.item(item).is_none() || answers.insert(item.clone(), *answer).is_some() {
            return Err(OfficeError::refuse(SupervisionRefusal::Answers(item.clone())));
        }
    }
    match list.items.iter().find(|item| !answers.contains_key(&item.code)) {
        Some(item) => Err(OfficeError::refuse(SupervisionRefusal::Answers(item.code.clone()))),
        None => Ok(answers),
    }
}

/// The rows of the answers, with a finding for each that is not as it should be.
fn answers_kept(
    conn: &mut Conn,
    work: &Work<'_>,
    (list, sample): (&Picked<'_, ChecklistRule>, &SampleRow),
    (answers, note): (&BTreeMap<String, Answer>, &str),
    on: Date,
) -> Result<Vec<AnswerRow>, OfficeError> {
    let mut rows = Vec::new();
    let mut drafts = Vec::new();
    for (code, answer) in answers {
        rows.push(AnswerRow {
            review_no: sample.review_no,
            sample_no: sample.sample_no,
            item: code.clone(),
            answer: *answer,
            finding_no: None,
        });
        let Some(item) = list.params.item(code).filter(|_| *answer == Answer::Bad) else { continue };
        drafts.push(Draft {
            source: FindingSource::Review,
            subject: code.clone(),
            phase: Phase::After,
            severity: item.severity,
            rule: list.rule.id.clone(),
            account_id: sample.account_id,
            about: sample.about.clone(),
            person: sample.person.clone(),
            org_id: sample.org_id,
            measured: (0, 0, 1),
            said: Bilingual::new(
                format!("{}: 不符合“{}”。{note}", list.params.zh, item.zh),
                format!("{}: not so: “{}”. {note}", list.params.en, item.en),
            ),
            evidence_no: None,
            once_key: Some(format!("review:{}:{}:{code}", sample.review_no, sample.sample_no)),
        });
    }
    let mut found = keep(conn, work, drafts, on)?.into_iter().map(|row| row.finding_no);
    for row in rows.iter_mut().filter(|row| row.answer == Answer::Bad) {
        row.finding_no = found.next();
    }
    Ok(rows)
}

/// The list with a word, as of a day.
pub(super) fn list_of<'b>(
    work: &Work<'b>,
    list: &str,
    on: Date,
) -> Result<Picked<'b, ChecklistRule>, OfficeError> {
    match work.book.pick::<ChecklistRule>(ChecklistRule::TOPIC, &work.site.clone().with("list", list), on) {
        Ok(picked) => Ok(picked),
        Err(NoRule::Missing { .. }) => {
            Err(OfficeError::refuse(SupervisionRefusal::UnknownList(list.to_owned())))
        }
        Err(error) => Err(error.into()),
    }
}
