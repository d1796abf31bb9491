//! 问题处理: ordered, told, verified, sent back, dismissed, asked of others; each deed in one transaction with its record and its tasks.

use super::found::{member, role_of, rule_of, said};
use super::refusal::SupervisionRefusal;
use super::{FOUND, LATE, PARKED, PART, RECTIFY, VERIFY, clocks, penalty};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::supervision::{FindingDeed, FindingFacts, OrderFacts, check_deed};
use denghuo_store::Conn;
use denghuo_store::supervision::{self as store, FindingEventRow, FindingRow, PartRow, RectificationRow};
use denghuo_store::tasks::{self, NewTask, Resolution};
use jiff::civil::Date;

/// 处理单: one deed as it is ordered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingOrder {
    /// What; a note when not given.
    pub deed: Option<FindingDeed>,
    /// In words: what is wanted, what was done, why.
    pub said: String,
    /// Staff code of who gets an order or a part; the one before when an order is sent back.
    pub owner: Option<String>,
    /// An earlier deadline than the book's.
    pub due_on: Option<Date>,
    /// The part that is done.
    pub part_no: Option<i64>,
    /// Points that are left after an appeal.
    pub points_left: Option<i64>,
}

/// Does something about a finding; gives the finding.
///
/// # Errors
/// A [`denghuo_rules::supervision::FindingRefusal`], a [`denghuo_rules::supervision::PenaltyRefusal`], a [`SupervisionRefusal`], a year
/// without calendar, or the database's.
pub fn finding_do(
    conn: &mut Conn,
    work: &Work<'_>,
    finding_no: i64,
    order: &FindingOrder,
    on: Date,
) -> Result<FindingRow, OfficeError> {
    work.check_date(on)?;
    let deed = order.deed.unwrap_or(FindingDeed::Note);
    if !order.said.trim().is_empty() {
        said(&order.said, "said")?;
    }
    conn.write(|conn| {
        store::lock(conn, "finding")?;
        let unknown = || OfficeError::refuse(SupervisionRefusal::UnknownFinding(finding_no));
        let finding = store::finding(conn, finding_no)?.ok_or_else(unknown)?;
        let facts = facts_of(conn, &finding)?;
        check_deed(&facts, deed, &work.by, &order.said).map_err(OfficeError::refuse)?;
        let doing = Doing { work, finding: &finding, order, on };
        let mut told_to = None;
        match deed {
            FindingDeed::Order => told_to = Some(doing.give(conn, 1, None)?),
            FindingDeed::Tell => doing.tell(conn)?,
            FindingDeed::Accept => doing.verdict(conn, true)?,
            FindingDeed::Reject => {
                doing.verdict(conn, false)?;
                let last = store::orders_of(conn, finding_no)?.pop();
                let (round, owner) = last.map_or((0, None), |last| (last.round, Some(last.owner)));
                told_to = Some(doing.give(conn, round + 1, owner)?);
            }
            FindingDeed::Ask => told_to = Some(doing.ask(conn)?),
            FindingDeed::Answer => doing.answer(conn)?,
            FindingDeed::Penalise => penalty::penalise(conn, work, &finding, on)?,
            FindingDeed::Appeal => penalty::appeal(conn, work, &finding, &order.said, on)?,
            FindingDeed::Decide => {
                let left = order
                    .points_left
                    .ok_or_else(|| OfficeError::refuse(SupervisionRefusal::Missing("points_left")))?;
                penalty::decide(conn, work, &finding, (left, &order.said), on)?;
            }
            FindingDeed::Dismiss | FindingDeed::Escalate | FindingDeed::Note => {}
        }
        store::insert_event(
            conn,
            &FindingEventRow {
                finding_no,
                event_no: 0,
                deed,
                happened_on: on,
                noted_by: work.by.clone(),
                said: order.said.trim().to_owned(),
                org_id: told_to,
                once_key: None,
            },
        )?;
        doing.settle(conn, deed)
    })
}

/// A finding as far as it decides.
pub(super) fn facts_of(conn: &mut Conn, finding: &FindingRow) -> Result<FindingFacts, OfficeError> {
    let orders = store::orders_of(conn, finding.finding_no)?;
    let parts = store::parts_of(conn, finding.finding_no)?;
    let dismissed =
        ledger_of(conn, finding.finding_no)?.iter().any(|event| event.deed == FindingDeed::Dismiss);
    let fact = |order: RectificationRow| OrderFacts {
        owner: order.owner,
        due_on: order.due_on,
        told_by: order.told_by,
        good: order.good,
    };
    Ok(FindingFacts {
        person: finding.person.clone(),
        severity: finding.severity,
        dismissed,
        orders: orders.into_iter().map(fact).collect(),
        parts_open: parts.iter().filter(|part| part.done_on.is_none()).map(|_| 1).sum(),
        penalised: store::penalty(conn, finding.finding_no)?.is_some(),
    })
}

/// What was done about a finding.
pub(super) fn ledger_of(conn: &mut Conn, finding_no: i64) -> Result<Vec<FindingEventRow>, OfficeError> {
    Ok(store::events_of(conn, finding_no)?)
}

/// One deed under way.
struct Doing<'d> {
    work: &'d Work<'d>,
    finding: &'d FindingRow,
    order: &'d FindingOrder,
    on: Date,
}

impl Doing<'_> {
    /// The latest deadline of the book, or an earlier one that was named.
    fn deadline(&self) -> Result<Date, OfficeError> {
        let rule = rule_of(self.work, self.finding.severity, self.on)?;
        let latest = self.work.book.calendar().working_days_after(self.on, rule.working_days)?;
        match self.order.due_on {
            None => Ok(latest),
            Some(day) if day > self.on && day <= latest => Ok(day),
            Some(_) => Err(OfficeError::refuse(SupervisionRefusal::BadDeadline(latest))),
        }
    }

    /// 下达: gives an order of a round to somebody; gives his unit.
    fn give(&self, conn: &mut Conn, round: i64, before: Option<String>) -> Result<i64, OfficeError> {
        let owner = self.order.owner.clone().filter(|owner| !owner.is_empty()).or(before);
        let owner = owner.ok_or_else(|| OfficeError::refuse(SupervisionRefusal::Missing("owner")))?;
        let owner = member(conn, &owner, self.on)?;
        let due_on = self.deadline()?;
        store::save_order(
            conn,
            &RectificationRow {
                finding_no: self.finding.finding_no,
                round,
                org_id: owner.org_id,
                owner: owner.code.clone(),
                wanted: self.order.said.trim().to_owned(),
                ordered_on: self.on,
                ordered_by: self.work.by.clone(),
                due_on,
                told: None,
                told_on: None,
                told_by: None,
                verify_by: None,
                good: None,
                verified_on: None,
                verified_by: None,
                note: None,
            },
        )?;
        self.open(conn, (RECTIFY, role_of(&owner)), &format!("{round},{}", owner.code), due_on)?;
        Ok(owner.org_id)
    }

    /// 反馈: says what was done.
    fn tell(&self, conn: &mut Conn) -> Result<(), OfficeError> {
        let Some(mut order) = store::orders_of(conn, self.finding.finding_no)?.pop() else { return Ok(()) };
        let rule = rule_of(self.work, self.finding.severity, self.on)?;
        let verify_by = self.work.book.calendar().working_days_after(self.on, rule.verify_working_days)?;
        order.told = Some(self.order.said.trim().to_owned());
        (order.told_on, order.told_by) = (Some(self.on), Some(self.work.by.clone()));
        order.verify_by = Some(verify_by);
        store::save_order(conn, &order)?;
        self.open(conn, (VERIFY, "manager"), &order.round.to_string(), verify_by)
    }

    /// 验证: another person has looked.
    fn verdict(&self, conn: &mut Conn, good: bool) -> Result<(), OfficeError> {
        let Some(mut order) = store::orders_of(conn, self.finding.finding_no)?.pop() else { return Ok(()) };
        order.good = Some(good);
        (order.verified_on, order.verified_by) = (Some(self.on), Some(self.work.by.clone()));
        order.note = Some(self.order.said.trim().to_owned()).filter(|note| !note.is_empty());
        store::save_order(conn, &order)?;
        Ok(())
    }

    /// 协同: another department has a part; gives its unit.
    fn ask(&self, conn: &mut Conn) -> Result<i64, OfficeError> {
        let owner = self.order.owner.clone().filter(|owner| !owner.is_empty());
        let owner = owner.ok_or_else(|| OfficeError::refuse(SupervisionRefusal::Missing("owner")))?;
        let owner = member(conn, &owner, self.on)?;
        let part_no = store::parts_of(conn, self.finding.finding_no)?.len() + 1;
        let part_no = i64::try_from(part_no).unwrap_or(i64::MAX);
        let due_on = self.deadline()?;
        store::save_part(
            conn,
            &PartRow {
                finding_no: self.finding.finding_no,
                part_no,
                org_id: owner.org_id,
                owner: owner.code.clone(),
                wanted: self.order.said.trim().to_owned(),
                asked_on: self.on,
                asked_by: self.work.by.clone(),
                due_on,
                answer: None,
                done_on: None,
                done_by: None,
            },
        )?;
        let (finding, said) = (&self.finding, self.order.said.trim());
        let task = NewTask {
            account_id: self.finding.account_id,
            kind: PART,
            subject: format!("{}:{part_no}", self.finding.finding_no),
            codes: owner.code.clone(),
            detail: Bilingual::new(
                format!("{}: {said}", finding.said),
                format!("{}: {said}", finding.said_en),
            ),
            owner_role: role_of(&owner),
            opened_on: self.on,
            due_on: Some(due_on),
        };
        tasks::open(conn, &[task])?;
        Ok(owner.org_id)
    }

    /// 协同办结: the department has done its part.
    fn answer(&self, conn: &mut Conn) -> Result<(), OfficeError> {
        let wanted =
            self.order.part_no.ok_or_else(|| OfficeError::refuse(SupervisionRefusal::Missing("part_no")))?;
        let parts = store::parts_of(conn, self.finding.finding_no)?;
        let part = parts.into_iter().find(|part| part.part_no == wanted);
        let mut part = part.ok_or_else(|| OfficeError::refuse(SupervisionRefusal::UnknownPart(wanted)))?;
        if part.done_on.is_some() {
            return Err(OfficeError::refuse(SupervisionRefusal::PartDone(wanted)));
        }
        if part.owner != self.work.by {
            return Err(OfficeError::refuse(SupervisionRefusal::NotPartOwner(part.owner)));
        }
        part.answer = Some(self.order.said.trim().to_owned());
        (part.done_on, part.done_by) = (Some(self.on), Some(self.work.by.clone()));
        store::save_part(conn, &part)?;
        let subject = format!("{}:{wanted}", self.finding.finding_no);
        tasks::resolve(conn, (self.finding.account_id, PART, &subject), &self.resolution("answer"))?;
        Ok(())
    }

    fn resolution<'r>(&'r self, decision: &'r str) -> Resolution<'r> {
        Resolution { decision, by: &self.work.by, on: self.on, note: "" }
    }

    fn open(
        &self,
        conn: &mut Conn,
        (kind, owner_role): (&'static str, &'static str),
        codes: &str,
        due_on: Date,
    ) -> Result<(), OfficeError> {
        let task = NewTask {
            account_id: self.finding.account_id,
            kind,
            subject: self.finding.finding_no.to_string(),
            codes: format!("{},{codes}", self.finding.severity.word()),
            detail: Bilingual::new(&*self.finding.said, &*self.finding.said_en),
            owner_role,
            opened_on: self.on,
            due_on: Some(due_on),
        };
        tasks::open(conn, &[task])?;
        Ok(())
    }

    /// Keeps the finding as it stands now, and ends the tasks that are done.
    fn settle(&self, conn: &mut Conn, deed: FindingDeed) -> Result<FindingRow, OfficeError> {
        let state = facts_of(conn, self.finding)?.state();
        let moved = state != self.finding.state || deed == FindingDeed::Reject;
        let mut finding = FindingRow { state, ..self.finding.clone() };
        if moved {
            finding.next_on = clocks::look_again(conn, self.work, &finding, self.on)?;
        }
        if state.is_ended() {
            finding.ended_on = finding.ended_on.or(Some(self.on));
            finding.next_on = None;
        }
        store::save_findings(conn, std::slice::from_ref(&finding))?;
        if moved {
            let subject = finding.finding_no.to_string();
            let ends: &[&str] = match deed {
                FindingDeed::Order => &[FOUND, LATE, PARKED],
                FindingDeed::Tell => &[RECTIFY, LATE],
                FindingDeed::Reject => &[VERIFY, LATE],
                _ => &[FOUND, RECTIFY, VERIFY, LATE, PARKED],
            };
            for kind in ends {
                tasks::resolve(conn, (finding.account_id, kind, &subject), &self.resolution(deed.word()))?;
            }
        }
        if state.is_ended() && moved {
            for part in store::parts_of(conn, finding.finding_no)? {
                let subject = format!("{}:{}", finding.finding_no, part.part_no);
                tasks::resolve(conn, (finding.account_id, PART, &subject), &self.resolution(deed.word()))?;
            }
        }
        Ok(finding)
    }
}
