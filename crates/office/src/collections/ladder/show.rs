//! What is told of a ladder: its timeline, why each step is taken or not yet, and steps that people have made.

use super::ask::TASK;
use super::facts::{Ladders, debtors};
use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::collections::ladder::{Act, StepKind};
use denghuo_rules::derivation::{Bilingual, Recorder, Step};
use denghuo_rules::refusal::Refuse;
use denghuo_rules::registry::StaffRole;
use denghuo_store::collections::{self, TimelineRow};
use denghuo_store::tasks::{self, Resolution};
use denghuo_store::{Conn, ledger};
use jiff::civil::Date;
use serde::Serialize;

/// 催费时间轴 with the ladder as it stands on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LadderShown {
    /// Everything that happened, in order.
    pub timeline: Vec<TimelineRow>,
    /// The ladder that applies.
    pub rule: Option<String>,
    /// Why each step stands where it does.
    pub why: Vec<Step>,
    /// The next day on which time alone can change something.
    pub next_on: Option<Date>,
}

/// Everything about the debts of an account, and why each step is taken or not yet on a day.
///
/// # Errors
/// A missing rule or the database's.
pub fn ladder_show(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    on: Date,
) -> Result<LadderShown, OfficeError> {
    let ladders = Ladders::on(work, on)?;
    let mut shown = LadderShown {
        timeline: collections::timeline(conn, account_id)?,
        rule: None,
        why: Vec::new(),
        next_on: None,
    };
    debtors(conn, account_id, on)?.try_each(|debtor| {
        let rules = ladders.of(&debtor, on)?;
        let mut recorder = Recorder::default();
        let climb = debtor.climb(work, rules, on, &mut recorder)?;
        shown.rule = Some(rules.rule.clone());
        shown.why = recorder.steps;
        shown.next_on = climb.next_on;
        Ok::<_, OfficeError>(())
    })?;
    Ok(shown)
}

/// Why a person's step is not noted; checked in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepRefusal {
    /// The step is not one that a person makes.
    NoTask(StepKind),
    /// It is decided by somebody else.
    WrongRole(StepKind),
    /// It is not due.
    NotDue(StepKind),
}

impl Refuse for StepRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoTask(_) => "ladder.no_task",
            Self::WrongRole(_) => "ladder.wrong_role",
            Self::NotDue(_) => "ladder.not_due",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::NoTask(kind) => Bilingual::new(
                format!("{}不由人员登记", kind.zh()),
                format!("`{}` is not made by a person", kind.word()),
            ),
            Self::WrongRole(kind) => Bilingual::new(
                format!("{}须由规定岗位办理", kind.zh()),
                format!("`{}` belongs to another role", kind.word()),
            ),
            Self::NotDue(kind) => {
                Bilingual::new(format!("{}尚未应办", kind.zh()), format!("`{}` is not due", kind.word()))
            }
        }
    }
}

/// Notes that a person has made a step; the ladder goes on from it.
///
/// # Errors
/// A [`StepRefusal`], a person who is not on the staff list, or the database's.
pub fn step_done(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    (bill_no, kind): (i64, StepKind),
    note: &str,
    on: Date,
) -> Result<(), OfficeError> {
    work.check_date(on)?;
    let ladders = Ladders::on(work, on)?;
    conn.write(|conn| {
        let (role, _) = access::on_staff(conn, &work.by, on)?;
        ledger::lock(conn, account_id)?;
        let mut round = None;
        debtors(conn, account_id, on)?.try_each(|debtor| {
            let rule = ladders.of(&debtor, on)?.step(kind).filter(|rule| rule.act == Act::Task);
            let rule = rule.ok_or_else(|| OfficeError::refuse(StepRefusal::NoTask(kind)))?;
            if role != Some(StaffRole::Manager) && role != rule.role {
                return Err(OfficeError::refuse(StepRefusal::WrongRole(kind)));
            }
            let steps = debtor.facts.steps.iter().filter(|step| step.bill_no == bill_no && step.kind == kind);
            round = steps.map(|step| step.round).max();
            Ok(())
        })?;
        if !collections::step_done(conn, account_id, (bill_no, kind), on, note)? {
            return Err(OfficeError::refuse(StepRefusal::NotDue(kind)));
        }
        let subject = format!("{}:{bill_no}:{}", kind.word(), round.unwrap_or(1));
        let resolution = Resolution { decision: "done", by: &work.by, on, note };
        tasks::resolve(conn, (account_id, TASK, &subject), &resolution)?;
        collections::ladder_touch(conn, account_id, on)?;
        Ok(())
    })
}
