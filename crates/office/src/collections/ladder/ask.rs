//! What a ladder asks for: demand notices, and tasks for people.

use super::stage::{Climbed, DunDecision};
use crate::collections::FeeBook;
use crate::error::OfficeError;
use crate::ledger::Books;
use crate::notices::{NoticeOrder, notices_request};
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::collections::ladder::{Act, Count, Ladder, OpenDebt, StepChange, StepKind, StepState};
use denghuo_rules::derivation::{Bilingual, Silent};
use denghuo_rules::notices::NoticeKind;
use denghuo_rules::registry::StaffRole;
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::tasks::{self, NewTask, Resolution};
use jiff::civil::Date;
use serde_json::json;
use std::collections::HashMap;

/// The kind of task that a step of the ladder opens.
pub const TASK: &str = "dunning";
/// The widest gap between two accounts whose books are read together.
const GAP: i64 = 64;

/// 催办事项: something that a step asks for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    kind: StepKind,
    bill_no: i64,
    round: i64,
    what: What,
    rules: String,
}

#[derive(Clone, Debug)]
enum What {
    /// A notice, with the counts of its deadline and of its arrival.
    Notice(Option<Count>, Option<Count>),
    /// A task for a role, with the count of its day.
    Task(StaffRole, Option<Count>),
    /// A task is not needed any more.
    EndTask,
    /// Nothing was ever served: a person has to.
    Unserved,
}

impl Asked {
    /// What a change asks for, if it does.
    pub fn of(change: &StepChange, rules: &Ladder) -> Option<Self> {
        let step = &change.step;
        let rule = rules.step(step.kind);
        let role = || rule.and_then(|rule| rule.role).unwrap_or(StaffRole::Collector);
        let what = match (change.ask, step.state) {
            (Some(Act::Notice), _) => {
                What::Notice(rule.and_then(|rule| rule.deadline), rule.and_then(|rule| rule.within))
            }
            (Some(Act::Task), _) => What::Task(role(), rule.and_then(|rule| rule.within)),
            (None, StepState::Withdrawn) if rule.is_some_and(|rule| rule.act == Act::Task) => What::EndTask,
            (None, StepState::Failed)
                if rule.is_some_and(|r| r.act == Act::Notice && step.round >= i64::from(r.rounds)) =>
            {
                What::Unserved
            }
            _ => return None,
        };
        let (kind, bill_no, round) = (step.kind, step.bill_no, step.round);
        Some(Self { kind, bill_no, round, what, rules: rules.rules_of(step) })
    }

    /// Is it a notice to the customer?
    pub const fn is_notice(&self) -> bool {
        matches!(self.what, What::Notice(..))
    }

    fn subject(&self) -> String {
        format!("{}:{}:{}", self.kind.word(), self.bill_no, self.round)
    }
}

/// Asks for the notices and tasks of a shard and gives the steps their notices.
///
/// # Errors
/// A missing rule or the database's.
pub(super) fn carry_out(
    conn: &mut Conn,
    work: &Work<'_>,
    decision: &mut DunDecision,
    on: Date,
) -> Result<(), OfficeError> {
    let (mut asking, mut orders) = (Vec::new(), Vec::new());
    let fees = Fees::of(conn, work, decision, on)?;
    for (at, climbed) in decision.climbed.iter().enumerate() {
        if let Some(order) = order(work, climbed, &fees, on)? {
            asking.push(at);
            orders.push(order);
        }
    }
    let numbers = notices_request(conn, work, &orders, on)?;
    for (at, notice_no) in asking.into_iter().zip(numbers) {
        for (change, _) in &mut decision.climbed[at].changes {
            if change.ask == Some(Act::Notice) {
                change.step.notice_no = Some(notice_no);
            }
        }
    }
    let (mut open, mut ended) = (Vec::new(), Vec::new());
    for climbed in &decision.climbed {
        let account_id = climbed.row.account_id;
        for asked in &climbed.asked {
            match asked.what {
                What::EndTask => ended.push((account_id, asked.subject())),
                _ => open.extend(task(work, account_id, asked, on)?),
            }
        }
    }
    let withdrawn =
        Resolution { decision: "withdrawn", by: &work.by, on, note: "欠费已结清,不再需要" };
    tasks::resolve_all(conn, TASK, &ended, &withdrawn)?;
    open.extend(decision.parked.iter().map(|(account_id, reason)| NewTask {
        account_id: *account_id,
        kind: "parked",
        subject: "dun".to_owned(),
        codes: "no_calendar".to_owned(),
        detail: reason.clone(),
        owner_role: StaffRole::Manager.word(),
        opened_on: on,
        due_on: None,
    }));
    tasks::open(conn, &open)?;
    Ok(())
}

/// One notice for all that an account is asked for on a day; it tells every overdue debt that nothing holds.
fn order(
    work: &Work<'_>,
    climbed: &Climbed,
    fees: &Fees,
    on: Date,
) -> Result<Option<NoticeOrder>, OfficeError> {
    let mut notices = climbed.asked.iter().filter_map(|asked| match &asked.what {
        What::Notice(deadline, within) => Some((asked, deadline, within)),
        _ => None,
    });
    let Some((first, deadline, within)) = notices.next() else { return Ok(None) };
    let calendar = work.book.calendar();
    let day = |count: &Option<Count>| count.map(|count| count.day(on, calendar)).transpose();
    let deadline_on = day(deadline)?;
    let due_by = day(within)?.unwrap_or_else(|| plus_days(on, 1));
    let subject = match (first.kind, first.round) {
        (StepKind::Demand, 1) => format!("bill:{}", first.bill_no),
        (StepKind::Demand, round) => format!("bill:{}:{round}", first.bill_no),
        (kind, round) => format!("bill:{}:{}:{round}", first.bill_no, kind.word()),
    };
    let mut bills = Vec::new();
    let (mut amount, mut fee) = (Money::ZERO, Money::ZERO);
    for debt in &climbed.overdue {
        let told = fees.of_bill(climbed.row.account_id, debt);
        amount += debt.open;
        fee += told.fee;
        bills.push(json!({
            "bill_no": debt.bill_no, "month": told.month, "due_on": debt.due_on, "amount": told.amount,
            "open": debt.open, "late_fee": told.fee,
        }));
    }
    Ok(Some(NoticeOrder {
        account_id: climbed.row.account_id,
        kind: NoticeKind::Demand,
        subject,
        bill_no: first.bill_no,
        due_by,
        deadline_on,
        amount,
        fee,
        content: json!({ "bills": bills, "total": amount, "round": first.round }),
        rules: first.rules.split(',').map(str::to_owned).collect(),
    }))
}

/// The task that a step asks for.
fn task(work: &Work<'_>, account_id: i64, asked: &Asked, on: Date) -> Result<Option<NewTask>, OfficeError> {
    let (role, codes, due_on) = match &asked.what {
        What::Notice(..) | What::EndTask => return Ok(None),
        What::Task(role, within) => {
            let due_on = within.map(|within| within.day(on, work.book.calendar())).transpose()?;
            (*role, asked.kind.word(), due_on)
        }
        What::Unserved => (StaffRole::Collector, "unserved", None),
    };
    let (bill_no, kind) = (asked.bill_no, asked.kind);
    let detail = match codes {
        "unserved" => Bilingual::new(
            format!("账单{bill_no}:{}多次未送达,须上门送达并取证", kind.zh()),
            format!(
                "bill {bill_no}: {} was not served in several attempts; serve it at the door, with proof",
                kind.in_english()
            ),
        ),
        _ => Bilingual::new(
            format!("账单{bill_no}:{}", kind.zh()),
            format!("bill {bill_no}: {}", kind.in_english()),
        ),
    };
    Ok(Some(NewTask {
        account_id,
        kind: TASK,
        subject: asked.subject(),
        codes: codes.to_owned(),
        detail,
        owner_role: role.word(),
        opened_on: on,
        due_on,
    }))
}

/// What a demand tells of a bill.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    month: Option<denghuo_rules::calendar::Month>,
    amount: Money,
    fee: Money,
}

/// The late fees of the accounts that are demanded of, as they stand on the day.
struct Fees {
    of: HashMap<(i64, i64), Told>,
}

impl Fees {
    fn of(conn: &mut Conn, work: &Work<'_>, decision: &DunDecision, on: Date) -> Result<Self, OfficeError> {
        let demanded = decision
            .climbed
            .iter()
            .filter(|climbed| climbed.asked.iter().any(|asked| matches!(asked.what, What::Notice(..))));
        let accounts: Vec<i64> = demanded.map(|climbed| climbed.row.account_id).collect();
        let mut of = HashMap::new();
        if accounts.is_empty() {
            return Ok(Self { of });
        }
        let book = FeeBook::of(work)?;
        for near in accounts.chunk_by(|a, b| b - a <= GAP) {
            for books in Books::read(conn, near, on)? {
                for debt in &books.debts {
                    let (booked, open) = debt.fee.map_or_else(Default::default, |fee| (fee.booked, fee.open));
                    let fee = open + book.target(&books, debt, on, &mut Silent)? - booked;
                    let receivable = &debt.receivable;
                    let told = Told {
                        month: Some(receivable.month),
                        amount: receivable.amount,
                        fee: fee.at_least(Money::ZERO),
                    };
                    of.insert((books.account_id, receivable.bill_no), told);
                }
            }
        }
        Ok(Self { of })
    }

    fn of_bill(&self, account_id: i64, debt: &OpenDebt) -> Told {
        self.of
            .get(&(account_id, debt.bill_no))
            .copied()
            .unwrap_or(Told { amount: debt.open, ..Told::default() })
    }
}
