//! Deeds come in: each once, each for itself, each answered.

use super::acts::act;
use super::deed::{Deed, DeedAnswer, DeedRefusal};
use crate::error::OfficeError;
use crate::evidence::{NewEvidence, evidence_add, sha256_hex};
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::evidence::EvidenceKind;
use denghuo_rules::field::DeedOutcome;
use denghuo_rules::refusal::{Refusal, Refuse as _};
use denghuo_store::day::Range;
use denghuo_store::field::{self as store, DeedRow};
use denghuo_store::tasks::{self, NewTask};
use denghuo_store::{Conn, StoreError, disconnection};
use jiff::civil::DateTime;

/// Task about a deed that could not be taken in.
pub const CONFLICT: &str = "field_conflict";
/// Task about a meter that was not read.
pub const NO_READING: &str = "field_no_reading";

/// The answer to something that is no deed.
#[must_use]
pub fn unreadable(deed_id: &str, why: &str) -> DeedAnswer {
    let refusal = DeedRefusal::Unreadable(why.to_owned());
    DeedAnswer::not(deed_id, DeedOutcome::Refused, refusal.code(), refusal.text())
}

/// Takes a deed in. `place` is its account, in the scope of who sends it, or why there is none; `may` is whether he holds its right, or
/// the refusal. Sent again, it is answered as it was.
///
/// # Errors
/// The database's, only where not even the refusal can be kept.
pub fn deed_take(
    conn: &mut Conn,
    work: &Work<'_>,
    deed: &Deed,
    place: Result<i64, Refusal>,
    now: DateTime,
) -> Result<DeedAnswer, OfficeError> {
    if let Err(error) = deed.check(now) {
        return refused_at_once(deed, error);
    }
    let content = serde_json::to_string(deed).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let digest = sha256_hex(content.as_bytes());
    if let Some(kept) = store::deed(conn, &work.by, &deed.deed_id)? {
        return again(&kept, &digest);
    }
    let row = |account_id: i64| DeedRow {
        account_id,
        who: work.by.clone(),
        deed_id: deed.deed_id.clone(),
        kind: deed.act.word().to_owned(),
        digest: digest.clone(),
        happened_at: deed.happened_at,
        place: deed.place.as_ref().map(super::Place::told),
        outcome: DeedOutcome::Done.word().to_owned(),
        answer: String::new(),
        recorded_at: work.now,
    };
    let account_id = match place {
        Ok(account_id) => account_id,
        Err(refusal) => {
            // Of a foreign account nothing is written but that it was tried.
            let answer = DeedAnswer::not(&deed.deed_id, DeedOutcome::Refused, refusal.code, refusal.text);
            return keep(conn, row(0), answer, &digest);
        }
    };
    let done: Result<Option<DeedAnswer>, OfficeError> = conn.write(|conn| {
        let mut row = row(account_id);
        if !store::keep_deed(conn, &row)? {
            return Ok(None);
        }
        let (evidence, verdict) = act(conn, work, account_id, deed)?;
        let answer = DeedAnswer::done(&deed.deed_id, evidence, verdict);
        row.answer = json_of(&answer)?;
        store::answer_deed(conn, &row)?;
        Ok(Some(answer))
    });
    match done {
        Ok(Some(answer)) => Ok(answer),
        // The same deed came twice at once, and the other was faster.
        Ok(None) => match store::deed(conn, &work.by, &deed.deed_id)? {
            Some(kept) => again(&kept, &digest),
            None => Ok(failed(deed)),
        },
        Err(error) => match as_refusal(error) {
            Ok(refusal) => refused(conn, work, deed, &row(account_id), &refusal),
            // The others of the batch go on; this one comes again.
            Err(_) => Ok(failed(deed)),
        },
    }
}

fn json_of(answer: &DeedAnswer) -> Result<String, OfficeError> {
    Ok(serde_json::to_string(answer).map_err(|error| StoreError::Corrupt(error.to_string()))?)
}

fn failed(deed: &Deed) -> DeedAnswer {
    let text = Bilingual::new("系统繁忙或故障,请稍后重新同步", "the system failed; synchronise again later");
    DeedAnswer::not(&deed.deed_id, DeedOutcome::Failed, "server.failure", text)
}

/// What is no failure of the machine is an answer.
fn as_refusal(error: OfficeError) -> Result<Refusal, StoreError> {
    match error {
        OfficeError::Refused(refusal) => Ok(refusal),
        OfficeError::Rule(missing) => Ok(Refusal::new(
            "rulebook.no_rule",
            format!("规则库中没有所需规则:{missing}"),
            missing.to_string(),
        )),
        OfficeError::Calendar(year) => {
            Ok(Refusal::new("calendar.not_covered", format!("日历未覆盖该年:{year}"), year.to_string()))
        }
        OfficeError::Store(error) => Err(error),
    }
}

fn refused_at_once(deed: &Deed, error: OfficeError) -> Result<DeedAnswer, OfficeError> {
    let refusal = as_refusal(error)?;
    Ok(DeedAnswer::not(&deed.deed_id, DeedOutcome::Refused, refusal.code, refusal.text))
}

fn again(kept: &DeedRow, digest: &str) -> Result<DeedAnswer, OfficeError> {
    if kept.digest != digest {
        let refusal = DeedRefusal::OtherContent;
        return Ok(DeedAnswer::not(&kept.deed_id, DeedOutcome::Refused, refusal.code(), refusal.text()));
    }
    let answer: DeedAnswer =
        serde_json::from_str(&kept.answer).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(DeedAnswer { again: true, ..answer })
}

/// Keeps a refusal; when the same deed was kept meanwhile, its answer counts.
fn keep(
    conn: &mut Conn,
    mut row: DeedRow,
    answer: DeedAnswer,
    digest: &str,
) -> Result<DeedAnswer, OfficeError> {
    answer.outcome.word().clone_into(&mut row.outcome);
    row.answer = json_of(&answer)?;
    if store::keep_deed(conn, &row)? {
        return Ok(answer);
    }
    let kept = store::deed(conn, &row.who, &row.deed_id)?;
    kept.map_or(Ok(answer), |kept| again(&kept, digest))
}

/// Keeps what a refused deed brought: its proofs, and a task for somebody who decides.
fn refused(
    conn: &mut Conn,
    work: &Work<'_>,
    deed: &Deed,
    row: &DeedRow,
    refusal: &Refusal,
) -> Result<DeedAnswer, OfficeError> {
    let with_files = conn.write(|conn| {
        let evidence = proofs(conn, work, row.account_id, deed, refusal.code)?;
        refused_with(conn, work, deed, (row, refusal), (evidence, &Bilingual::default()))
    });
    match with_files {
        Ok(answer) => Ok(answer),
        Err(error) => {
            // A file that is no proof cannot be kept; what was done is told all the same.
            let why = as_refusal(error)?;
            let lost = Bilingual::new(
                format!(";附件未能保存:{}", why.text.zh),
                format!("; its files could not be kept: {}", why.text.en),
            );
            conn.write(|conn| refused_with(conn, work, deed, (row, refusal), (Vec::new(), &lost)))
        }
    }
}

fn refused_with(
    conn: &mut Conn,
    work: &Work<'_>,
    deed: &Deed,
    (row, refusal): (&DeedRow, &Refusal),
    (evidence, more): (Vec<i64>, &Bilingual),
) -> Result<DeedAnswer, OfficeError> {
    let (act, said, at) = (&deed.act, deed.act.told(), deed.happened_at);
    let task = NewTask {
        account_id: row.account_id,
        kind: CONFLICT,
        subject: format!("deed:{}", deed.deed_id),
        codes: refusal.code.to_owned(),
        detail: Bilingual::new(
            format!("现场{}未采纳:{};{}于{at}:{}{}", act.zh(), refusal.text.zh, work.by, said.zh, more.zh),
            format!(
                "{} in the field was not taken in: {}; {} at {at}: {}{}",
                act.in_english(),
                refusal.text.en,
                work.by,
                said.en,
                more.en
            ),
        ),
        owner_role: deed.act.owner(),
        opened_on: row.happened_at.date(),
        due_on: None,
    };
    tasks::open(conn, &[task])?;
    let answer = DeedAnswer {
        task: true,
        evidence,
        ..DeedAnswer::not(&deed.deed_id, DeedOutcome::Refused, refusal.code, refusal.text.clone())
    };
    keep(conn, row.clone(), answer, &row.digest)
}

/// The photographs and signatures of a refused deed.
fn proofs(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    deed: &Deed,
    code: &str,
) -> Result<Vec<i64>, OfficeError> {
    let mut kept = Vec::new();
    for file in deed.act.files() {
        let proof = NewEvidence {
            place: deed.place.as_ref().map(super::Place::told),
            note: Some(format!("{} {code}", deed.act.told().zh)),
            file: Some(file.decoded()?),
            ..NewEvidence::new(
                EvidenceKind::Photo,
                &subject_of(conn, account_id, deed)?,
                deed.happened_at,
                &work.by,
            )
        };
        kept.push(evidence_add(conn, work, account_id, &proof)?);
    }
    Ok(kept)
}

/// What a deed is about, as the subject of a proof.
pub(super) fn subject_of(conn: &mut Conn, account_id: i64, deed: &Deed) -> Result<String, OfficeError> {
    use super::Act;
    Ok(match &deed.act {
        Act::Reading { .. } | Act::NoReading { .. } => {
            format!("reading:{}", deed.happened_at.date().strftime("%Y%m%d"))
        }
        Act::NoticeServed { notice_no, .. } | Act::NoticeRefused { notice_no, .. } => {
            format!("notice:{notice_no}")
        }
        Act::CutCall { .. } | Act::CutConfirm { .. } | Act::RestoreConfirm { .. } => {
            let cases = disconnection::cases_of(conn, account_id)?;
            format!("cut:{}", cases.last().map_or(0, |case| case.case_no))
        }
        Act::Photo { subject, .. } => subject.clone(),
    })
}

/// The range of one account.
pub(super) const fn alone(account_id: i64) -> Range {
    Range { from: account_id, to: account_id }
}
