//! The stage `notify` of the day: released bills are told, clocks that ran out become work, contacts are checked monthly.

use super::policies::{Policies, Reach, undeliverable};
use super::request::{Out, of_account};
use super::{check, late, receipts};
use crate::day::Stage;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::notices::{Channel, NoticeKind};
use denghuo_rules::units::Money;
use denghuo_store::day::{Counts, Range};
use denghuo_store::notices::{self, NoticeRow, ReleasedBill};
use denghuo_store::{Conn, ledger, registry};
use jiff::civil::{Date, Time};
use std::collections::HashMap;

/// 通知: what the stage does on a day.
pub struct NotifyStage<'w> {
    work: &'w Work<'w>,
    on: Date,
    policies: Policies<'w>,
    rules: String,
}

/// The shard of what belongs to no range of accounts: clocks, contacts, receipts.
const WHOLE: Range = Range { from: 0, to: 0 };

impl<'w> NotifyStage<'w> {
    /// The stage of a day.
    ///
    /// # Errors
    /// A missing rule; the database's.
    pub fn new(conn: &mut Conn, work: &'w Work<'w>, on: Date) -> Result<Self, OfficeError> {
        let policies = Policies::of(conn, work, on)?;
        let rules = policies.bill_rules();
        Ok(Self { work, on, policies, rules })
    }

    fn notice(&self, bill: &ReleasedBill, notice_no: i64, due_by: Date) -> NoticeRow {
        NoticeRow {
            account_id: bill.account_id,
            notice_no,
            kind: NoticeKind::Bill,
            subject: format!("bill:{}", bill.bill_no),
            bill_no: bill.bill_no,
            decided_on: self.on,
            due_by,
            deadline_on: (bill.amount > Money::ZERO).then_some(bill.due_on),
            amount: bill.amount,
            fee: Money::ZERO,
            content: None,
            rules: self.rules.clone(),
            state: "open".to_owned(),
            served_at: None,
            served_how: None,
            evidence_no: None,
            ended_on: None,
            ended_why: None,
        }
    }
}

/// The notices of a shard; their numbers are given when they are written.
pub struct NotifyDecision {
    range: Range,
    out: Out,
}

impl Stage for NotifyStage<'_> {
    type Decision = NotifyDecision;

    fn name(&self) -> &'static str {
        "notify"
    }

    fn plan(&self, conn: &mut Conn, _: usize) -> Result<Vec<Range>, OfficeError> {
        let mut ranges = notices::released_ranges(conn, self.on)?;
        ranges.push(WHOLE);
        Ok(ranges)
    }

    fn decide(&self, conn: &mut Conn, range: Range) -> Result<NotifyDecision, OfficeError> {
        let mut out = Out::default();
        if range == WHOLE {
            return Ok(NotifyDecision { range, out });
        }
        let places = notices::places(conn, range)?;
        let contacts = registry::known_contacts(conn, range)?;
        // The clocks are the same for every bill of the day.
        let at = self.on.to_datetime(Time::MIN);
        let paper_by = self.policies.due_by(NoticeKind::Bill, Channel::PaperOwn, self.on, self.on)?;
        for bill in notices::released_unnoticed(conn, range, self.on)? {
            let Ok(found) = places.binary_search_by_key(&bill.account_id, |place| place.account_id) else {
                continue;
            };
            let reach = Reach {
                place: &places[found],
                contacts: of_account(&contacts, bill.account_id),
                others: &[],
            };
            let mut notice = self.notice(&bill, 0, paper_by);
            match self.policies.next_delivery(&notice, &reach, &[], at)? {
                Some(delivery) => {
                    notice.due_by = delivery.due_by;
                    out.deliveries.push(delivery);
                }
                None => out.tasks.push(undeliverable(&notice, self.on)),
            }
            out.notices.push(notice);
        }
        Ok(NotifyDecision { range, out })
    }

    fn write(&self, conn: &mut Conn, decision: NotifyDecision) -> Result<Counts, OfficeError> {
        let NotifyDecision { range, mut out } = decision;
        if range == WHOLE {
            let told = receipts::notify(conn, self.work, self.on)?;
            let late = late::open_tasks(conn, self.on)?;
            let checked = check::open_tasks(conn, self.work, self.on)?;
            let done = told + late + checked;
            return Ok(Counts { due: done, done, ..Counts::default() });
        }
        if out.notices.is_empty() {
            return Ok(Counts::default());
        }
        // Numbers are given under the lock of the accounts: somebody may be asking for a notice at a desk.
        ledger::lock_range(conn, range)?;
        number(&mut out, &notices::last_notice_numbers(conn, range)?);
        out.write(conn)?;
        let due = out.notices.len() as i64;
        let parked = out.tasks.len() as i64;
        let amount = out.notices.iter().map(|notice| notice.amount).sum::<Money>();
        Ok(Counts { due, done: due - parked, parked, amount_fen: amount.0 })
    }
}

/// Numbers notices after the last ones of their accounts; deliveries stand in the order of their notices.
fn number(out: &mut Out, last: &HashMap<i64, i64>) {
    let (mut account, mut number) = (0, 0);
    let mut deliveries = out.deliveries.iter_mut().peekable();
    let listed: Vec<(i64, &str)> =
        out.tasks.iter().map(|task| (task.account_id, task.subject.as_str())).collect();
    for notice in &mut out.notices {
        if notice.account_id != account {
            account = notice.account_id;
            number = last.get(&account).copied().unwrap_or(0);
        }
        number += 1;
        notice.notice_no = number;
        let is_listed = listed.contains(&(account, notice.subject.as_str()));
        if !is_listed && let Some(delivery) = deliveries.next() {
            delivery.notice_no = number;
        }
    }
}
