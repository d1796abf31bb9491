//! What is known of an intended cut: everything that a gate looks at, loaded at one moment.

use super::{CallOutcome, CutLaw};
use crate::calendar::days_between;
use crate::registry::{ApprovalLevel, Category, Importance, Protection};
use crate::units::Money;
use jiff::civil::{Date, DateTime};

/// 停电事实: an intended cut as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutFacts {
    /// The account.
    pub account_id: i64,
    /// The case; 0 while it is only asked.
    pub case_no: i64,
    /// How often the stop-plan notice went out.
    pub round: i64,
    /// Number of the next entry of the account's books.
    pub entry_no: i64,
    /// 用电类别
    pub category: Category,
    /// 重要客户等级
    pub importance: Importance,
    /// 保护类别
    pub protection: Option<Protection>,
    /// Its debts, the oldest first.
    pub debts: Vec<CutDebt>,
    /// What the account has to its credit: prepayments, and bills in its favour.
    pub credit: Money,
    /// Who proposed it.
    pub proposed_by: String,
    /// The approval of the case.
    pub approval: Option<Decision>,
    /// 停电计划通知书 of the current round.
    pub notice: Option<PlanNotice>,
    /// The day on which the power administration had its copy.
    pub authority_copy_on: Option<Date>,
    /// The day on which the power administration approved.
    pub authority_approval_on: Option<Date>,
    /// The decision about a protected user.
    pub protection_decision: Option<Decision>,
    /// Holds, whether in force or not.
    pub holds: Vec<CutHold>,
    /// Windows declared for its organisation.
    pub declared: Vec<Declared>,
    /// Whom the cut reaches in an estate.
    pub estate: EstateReach,
    /// Recorded talks: the body and the day.
    pub talks: Vec<(String, Date)>,
    /// The day on which the cut was posted in the estate.
    pub posted_on: Option<Date>,
    /// Does the supply feed others than the customer?
    pub feeds_others: bool,
    /// The day on which it was recorded that those others keep their supply.
    pub others_supplied_on: Option<Date>,
    /// Last calls of the current round.
    pub calls: Vec<FinalCall>,
}

/// A debt as the gates see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutDebt {
    /// The bill.
    pub bill_no: i64,
    /// 缴费截止日
    pub due_on: Date,
    /// Principal that is unpaid this second.
    pub open: Money,
    /// What of it is secured.
    pub secured: Money,
    /// Demands of this debt that were proved to have arrived, in any order.
    pub demands: Vec<Demand>,
}

/// A demand that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The notice.
    pub notice_no: i64,
    /// The arrival that counts in law.
    pub arrived_at: DateTime,
}

/// A decision of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who.
    pub by: String,
    /// At which level; none when the person approves nothing.
    pub level: Option<ApprovalLevel>,
    /// When.
    pub on: Date,
}

/// The stop-plan notice of the current round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanNotice {
    /// The arrival that counts in law; none while it is on its way.
    pub served_at: Option<DateTime>,
    /// First and last day that the paper tells, where it tells any.
    pub told: Option<(Date, Date)>,
    /// The bills that it tells.
    pub bills: Vec<i64>,
}

/// A hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutHold {
    /// Its kind, such as `dispute`.
    pub kind: String,
    /// The bill it concerns; 0 for every debt.
    pub bill_no: i64,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Date,
}

impl CutHold {
    /// Is it in force on a day?
    #[must_use]
    pub fn in_force(&self, on: Date) -> bool {
        self.from_on <= on && on <= self.until_on
    }
}

/// A declared window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Its kind, such as `extreme_heat`.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Date,
}

/// Whom a cut reaches in an estate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EstateReach {
    /// Households of one estate that would be without power, those of other live cases included.
    pub households: i64,
    /// Is the debtor the developer or the property company of an estate?
    pub of_company: bool,
}

/// A last call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FinalCall {
    /// When the customer was told.
    pub called_at: DateTime,
    /// The time that was told.
    pub told_cut_at: DateTime,
    /// What came of it.
    pub outcome: CallOutcome,
}

impl CutDebt {
    /// What is unpaid and not secured.
    #[must_use]
    pub fn unsecured(&self) -> Money {
        (self.open - self.secured).at_least(Money::ZERO)
    }

    /// 逾期天数 on a day: 1 on the day after the last payment day.
    #[must_use]
    pub fn days_overdue(&self, on: Date) -> i64 {
        days_between(self.due_on, on).max(0)
    }

    /// Is it overdue for longer than the law asks?
    #[must_use]
    pub fn is_long_overdue(&self, law: &CutLaw<'_>, on: Date) -> bool {
        self.days_overdue(on) > i64::from(law.overdue.value.more_than_days)
    }

    /// The first demand that arrived after the last payment day and not after a moment.
    #[must_use]
    pub fn demanded(&self, until: DateTime) -> Option<Demand> {
        let after_due =
            |demand: &&Demand| demand.arrived_at.date() > self.due_on && demand.arrived_at <= until;
        self.demands.iter().filter(after_due).min_by_key(|demand| demand.arrived_at).copied()
    }
}

impl CutFacts {
    /// Holds of every debt, or of one, that stop a cut on a day.
    pub fn holds_of<'f>(
        &'f self,
        law: &'f CutLaw<'_>,
        bill_no: i64,
        on: Date,
    ) -> impl Iterator<Item = &'f CutHold> {
        self.holds.iter().filter(move |hold| {
            hold.in_force(on) && law.stops(&hold.kind) && (hold.bill_no == 0 || hold.bill_no == bill_no)
        })
    }

    /// Is a debt free of holds on a day?
    #[must_use]
    pub fn is_free(&self, law: &CutLaw<'_>, bill_no: i64, on: Date) -> bool {
        self.holds_of(law, bill_no, on).next().is_none()
    }
}
