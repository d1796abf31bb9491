//! 问题登记: a hit, a bad answer or a note becomes a finding, once.

use super::refusal::SupervisionRefusal;
use super::{FOUND, clocks};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::registry::StaffRole;
use denghuo_rules::supervision::{FindingSource, FindingState, Phase, RectificationRule, Severity};
use denghuo_store::registry::{self, Staff};
use denghuo_store::supervision::{self as store, FindingRow};
use denghuo_store::tasks::{self, NewTask};
use denghuo_store::{Conn, evidence};
use jiff::civil::Date;

/// Characters of a text at most.
pub(super) const SAID_MOST: usize = 2_000;

/// 人工登记: a finding as somebody notes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewFinding {
    /// The account, 0 for none.
    pub account_id: i64,
    /// The record, such as `bill:3`.
    pub about: String,
    /// Staff code of whose act it is.
    pub person: Option<String>,
    /// Code of the unit that answers; that of the person or of the account when not given.
    pub unit: Option<String>,
    /// How bad it is; ordinary when not given.
    pub severity: Option<Severity>,
    /// What is wrong.
    pub said: String,
    /// A proof of the account.
    pub evidence_no: Option<i64>,
}

/// Notes a finding by hand.
///
/// # Errors
/// A [`SupervisionRefusal`], a year without calendar, or the database's.
pub fn finding_note(
    conn: &mut Conn,
    work: &Work<'_>,
    new: &NewFinding,
    on: Date,
) -> Result<FindingRow, OfficeError> {
    work.check_date(on)?;
    said(&new.said, "said")?;
    conn.write(|conn| {
        let person = match &new.person {
            Some(code) => Some(member(conn, code, on)?),
            None => None,
        };
        let org_id = match (&new.unit, &person) {
            (Some(code), _) => unit(conn, code)?,
            (None, Some(person)) => person.org_id,
            (None, None) => registry::accounts(conn, new.account_id, new.account_id)?
                .pop()
                .map(|account| account.org_id)
                .ok_or_else(|| OfficeError::refuse(SupervisionRefusal::Missing("unit")))?,
        };
        if let Some(no) = new.evidence_no
            && evidence::link(conn, new.account_id, no)?.is_none()
        {
            return Err(OfficeError::refuse(SupervisionRefusal::UnknownEvidence(no)));
        }
        let text = new.said.trim();
        let draft = Draft {
            source: FindingSource::Desk,
            subject: String::new(),
            phase: Phase::After,
            severity: new.severity.unwrap_or(Severity::Ordinary),
            rule: String::new(),
            account_id: new.account_id,
            about: new.about.trim().to_owned(),
            person: new.person.clone(),
            org_id,
            measured: (0, 0, 1),
            said: Bilingual::new(text, text),
            evidence_no: new.evidence_no,
            once_key: None,
        };
        let mut rows = keep(conn, work, vec![draft], on)?;
        rows.pop().ok_or_else(|| OfficeError::refuse(SupervisionRefusal::Missing("said")))
    })
}

/// A finding before it has a number.
pub(super) struct Draft {
    pub source: FindingSource,
    pub subject: String,
    pub phase: Phase,
    pub severity: Severity,
    pub rule: String,
    pub account_id: i64,
    pub about: String,
    pub person: Option<String>,
    pub org_id: i64,
    /// What was measured, the limit, records that it rests on.
    pub measured: (i64, i64, i64),
    pub said: Bilingual,
    pub evidence_no: Option<i64>,
    /// What tells it from any other; its number when none is given.
    pub once_key: Option<String>,
}

/// Keeps findings with numbers of their own, and opens the task of who decides on each.
pub(super) fn keep(
    conn: &mut Conn,
    work: &Work<'_>,
    drafts: Vec<Draft>,
    on: Date,
) -> Result<Vec<FindingRow>, OfficeError> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    let first = store::next_numbers(conn, "finding", i64::try_from(drafts.len()).unwrap_or(i64::MAX))?;
    let mut rows = Vec::with_capacity(drafts.len());
    for (finding_no, draft) in (first..).zip(drafts) {
        let rule = rule_of(work, draft.severity, on)?;
        // Where the calendar ends the clocks count it again the next day.
        let next_on = clocks::decide_by(work, &rule, on).unwrap_or_else(|_| plus_days(on, 1));
        rows.push(FindingRow {
            finding_no,
            once_key: draft.once_key.unwrap_or_else(|| format!("{}:{finding_no}", draft.source.word())),
            source: draft.source,
            subject: draft.subject,
            phase: draft.phase,
            severity: draft.severity,
            rule: draft.rule,
            account_id: draft.account_id,
            about: draft.about,
            person: draft.person,
            org_id: draft.org_id,
            measured: draft.measured.0,
            limit: draft.measured.1,
            records: draft.measured.2,
            said: draft.said.zh,
            said_en: draft.said.en,
            evidence_no: draft.evidence_no,
            state: FindingState::Open,
            found_on: on,
            found_by: work.by.clone(),
            next_on: Some(next_on),
            level: 0,
            ended_on: None,
        });
    }
    store::save_findings(conn, &rows)?;
    let tasks: Vec<NewTask> = rows.iter().map(|row| task(row, on)).collect();
    tasks::open(conn, &tasks)?;
    Ok(rows)
}

fn task(row: &FindingRow, on: Date) -> NewTask {
    NewTask {
        account_id: row.account_id,
        kind: FOUND,
        subject: row.finding_no.to_string(),
        codes: format!("{},{}", row.severity.word(), row.subject),
        detail: Bilingual::new(&*row.said, &*row.said_en),
        owner_role: "manager",
        opened_on: on,
        due_on: row.next_on,
    }
}

/// How a finding is put right.
pub(super) fn rule_of(
    work: &Work<'_>,
    severity: Severity,
    on: Date,
) -> Result<RectificationRule, OfficeError> {
    let site = work.site.clone().with("severity", severity.word());
    Ok(work.book.pick::<RectificationRule>(RectificationRule::TOPIC, &site, on)?.params)
}

/// A member of the staff list.
pub(super) fn member(conn: &mut Conn, code: &str, on: Date) -> Result<Staff, OfficeError> {
    crate::access::on_staff(conn, code, on)?;
    let staff = registry::staff_on(conn, on)?.into_iter().find(|member| member.code == code);
    staff.ok_or_else(|| OfficeError::refuse(SupervisionRefusal::Missing("owner")))
}

/// The word of the role of a member, as tasks name it.
pub(super) fn role_of(member: &Staff) -> &'static str {
    StaffRole::from_word(&member.role).map_or("manager", StaffRole::word)
}

/// The unit with a code.
pub(super) fn unit(conn: &mut Conn, code: &str) -> Result<i64, OfficeError> {
    let unit = registry::orgs(conn)?.into_iter().find(|unit| unit.code == code);
    unit.map(|unit| unit.org_id)
        .ok_or_else(|| OfficeError::refuse(SupervisionRefusal::UnknownUnit(code.to_owned())))
}

/// A text that is there and not too long.
pub(super) fn said(text: &str, what: &'static str) -> Result<(), OfficeError> {
    if text.trim().is_empty() {
        return Err(OfficeError::refuse(SupervisionRefusal::Missing(what)));
    }
    if text.chars().count() > SAID_MOST {
        return Err(OfficeError::refuse(SupervisionRefusal::TooLong(what, SAID_MOST)));
    }
    Ok(())
}
