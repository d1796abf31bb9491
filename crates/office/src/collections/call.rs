//! 电话催费: when a debtor may be called, and what came of a call.

use super::ladder::step_done;
use crate::access;
use crate::error::OfficeError;
use crate::evidence::{NewEvidence, evidence_add};
use crate::work::Work;
use denghuo_rules::calendar::{MomentForm, plus_days};
use denghuo_rules::collections::ladder::{StepKind, StepState};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::evidence::{EvidenceKind, Outcome, SignerRole};
use denghuo_rules::notices::calm::{self, CalmRefusal, ContactLimits};
use denghuo_rules::refusal::Refuse as _;
use denghuo_store::collections::Which;
use denghuo_store::day::Range;
use denghuo_store::db::moment_from_int;
use denghuo_store::{Conn, collections, evidence, notices};
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::Serialize;

/// What a call about no bill in particular is about, in the chain of proofs: the account, by its id.
const ACCOUNT: &str = "account:";

/// 可联系时段 of a debtor at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CallHours {
    /// May he be called now?
    pub allowed: bool,
    /// Why not.
    pub code: Option<String>,
    /// Why not, in words.
    pub text: Option<Bilingual>,
    /// The rules that say so.
    pub rules: Vec<String>,
    /// First time of the day, such as `08:00`.
    pub from: Option<String>,
    /// First time of the day at which he may not any more.
    pub until: Option<String>,
    /// The first moment from now on that lies outside the quiet hours.
    #[schemars(with = "MomentForm")]
    pub next_at: DateTime,
    /// Messages and calls of the last seven days that count.
    pub lately: usize,
}

/// The rules in force with their ids.
fn limits(work: &Work<'_>, on: Date) -> Result<(Option<ContactLimits>, Vec<String>), OfficeError> {
    let picked = work.book.pick_all::<ContactLimits>(calm::TOPIC, &work.site, on)?;
    let ids = picked.iter().map(|rule| rule.rule.id.clone()).collect();
    Ok((ContactLimits::strictest(picked.into_iter().map(|rule| rule.params)), ids))
}

/// The messages and answered calls of a fortnight to the customer of an account.
fn others(
    conn: &mut Conn,
    limits: &ContactLimits,
    account_id: i64,
    at: DateTime,
) -> Result<Vec<DateTime>, OfficeError> {
    let range = Range { from: account_id, to: account_id };
    let since = plus_days(at.date(), -14);
    let messages = notices::capped_moments(conn, range, &limits.capped, since)?;
    let mut moments: Vec<DateTime> = messages.into_iter().map(|(_, moment)| moment).collect();
    for link in evidence::chains(conn, range)? {
        let is_call = link.kind == EvidenceKind::CallRecord.word()
            && link.outcome.as_deref() == Some(Outcome::Reached.word())
            && (link.subject.starts_with(ACCOUNT) || link.subject.starts_with("bill:"));
        moments.extend(moment_from_int(link.happened_at).filter(|at| is_call && at.date() >= since));
    }
    Ok(moments)
}

fn judged(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    at: DateTime,
) -> Result<(CallHours, Option<CalmRefusal>), OfficeError> {
    let (limits, rules) = limits(work, at.date())?;
    let Some(limits) = limits else {
        let free = CallHours {
            allowed: true,
            code: None,
            text: None,
            rules,
            from: None,
            until: None,
            next_at: at,
            lately: 0,
        };
        return Ok((free, None));
    };
    let others = others(conn, &limits, account_id, at)?;
    let refusal = limits.may_call(at, &others).err();
    let week = plus_days(at.date(), -6);
    let hours = CallHours {
        allowed: refusal.is_none(),
        code: refusal.map(|refusal| refusal.code().to_owned()),
        text: refusal.map(|refusal| refusal.text()),
        rules,
        from: Some(limits.speak_from.strftime("%H:%M").to_string()),
        until: Some(limits.speak_until.strftime("%H:%M").to_string()),
        next_at: limits.calm(denghuo_rules::notices::Channel::Phone, at),
        lately: others.iter().filter(|moment| moment.date() >= week && moment.date() <= at.date()).count(),
    };
    Ok((hours, refusal))
}

/// May a debtor be called at a moment?
///
/// # Errors
/// A rule of another form; the database's.
pub fn call_hours(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    at: DateTime,
) -> Result<CallHours, OfficeError> {
    Ok(judged(conn, work, account_id, at)?.0)
}

/// 通话记录: what came of a call; `work.by` made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallNote {
    /// When.
    pub at: DateTime,
    /// Did the customer call? Then no hour is quiet.
    pub incoming: bool,
    /// The bill that it was about; 0 for the account.
    pub bill_no: i64,
    /// What came of it.
    pub outcome: Outcome,
    /// Who was spoken to.
    pub spoke_with: Option<String>,
    /// As what.
    pub role: Option<SignerRole>,
    /// Number of the recording.
    pub reference: Option<String>,
    /// What was said.
    pub note: String,
}

/// What a noted call came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CallNoted {
    /// Its number in the chain of proofs.
    pub evidence_no: i64,
    /// Was the step of the ladder that asks for a call done by it?
    pub step_done: bool,
}

/// Notes a call in the chain of proofs; a step of the ladder that waits for a call of the bill is done by it.
///
/// # Errors
/// A [`CalmRefusal`] for a call of ours at a quiet time; a person who is not on the staff list; the database's.
pub fn call_note(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    call: &CallNote,
) -> Result<CallNoted, OfficeError> {
    work.check_date(call.at.date())?;
    conn.write(|conn| {
        access::on_staff(conn, &work.by, call.at.date())?;
        if !call.incoming
            && let Some(refusal) = judged(conn, work, account_id, call.at)?.1
        {
            return Err(OfficeError::refuse(refusal));
        }
        let subject = match call.bill_no {
            0 => format!("{ACCOUNT}{account_id}"),
            bill_no => format!("bill:{bill_no}"),
        };
        let proof = NewEvidence {
            signer: call.spoke_with.clone(),
            signer_role: call.role,
            reference: call.reference.clone(),
            outcome: Some(call.outcome),
            note: Some(call.note.clone()),
            ..NewEvidence::new(EvidenceKind::CallRecord, &subject, call.at, &work.by)
        };
        let evidence_no = evidence_add(conn, work, account_id, &proof)?;
        let due = call.bill_no != 0 && has_due_call(conn, account_id, call.bill_no)?;
        let done = if due {
            let step = (call.bill_no, StepKind::PhoneCall);
            match step_done(conn, work, account_id, step, &call.note, call.at.date()) {
                Ok(()) => true,
                Err(OfficeError::Refused(_)) => false,
                Err(error) => return Err(error),
            }
        } else {
            false
        };
        Ok(CallNoted { evidence_no, step_done: done })
    })
}

fn has_due_call(conn: &mut Conn, account_id: i64, bill_no: i64) -> Result<bool, OfficeError> {
    let range = Range { from: account_id, to: account_id };
    let steps = collections::dunned_steps(conn, range, Which::All)?;
    Ok(steps.iter().any(|row| {
        let step = &row.step;
        step.bill_no == bill_no && step.kind == StepKind::PhoneCall && step.state == StepState::Due
    }))
}
