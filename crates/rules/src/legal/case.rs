//! 案件: letter, payment order, suit and claim as states that only the right step leads out of, with the clocks of the court.

use super::terms::LegalTerms;
use super::triggers::CaseKind;
use crate::calendar::plus_days;
use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::registry::words;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

words!(
    /// 案件状态
    CaseState {
        /// Waits for a manager.
        Proposed = "proposed" / "待审批",
        /// May be carried out.
        Approved = "approved" / "已批准",
        /// The letter has arrived; its term runs.
        Sent = "sent" / "已送达",
        /// 已立案申请
        Filed = "filed" / "已提交",
        /// 法院受理
        Accepted = "accepted" / "已受理",
        /// The payment order was issued.
        Issued = "ordered" / "支付令已发出",
        /// The payment order was served on the debtor.
        Served = "delivered" / "支付令已送达",
        /// The debtor objected.
        Objected = "objected" / "债务人异议",
        /// A hearing was held.
        Heard = "hearing" / "已开庭",
        /// 已保全
        Preserved = "preserved" / "已保全",
        /// Judgment, enforceable order, or confirmed claim.
        Decided = "decided" / "已裁决",
        /// 执行中
        Enforcing = "enforcement" / "执行中",
        /// A manager turned it down.
        Rejected = "rejected" / "未批准",
        /// Ended.
        Closed = "closed" / "已结束",
    }
);

words!(
    /// 办案步骤
    StepKind {
        /// 提交
        Filed = "filed" / "提交法院",
        /// 受理
        Accepted = "accepted" / "法院受理",
        /// 发出支付令
        OrderIssued = "ordered" / "发出支付令",
        /// 支付令送达
        OrderServed = "delivered" / "支付令送达",
        /// 书面异议成立
        Objection = "objected" / "异议成立",
        /// 不同意转入诉讼
        SuitDeclined = "declined" / "不同意转入诉讼",
        /// 未能送达
        NotDelivered = "not_delivered" / "未能送达",
        /// 不予受理 or 驳回
        Dismissed = "dismissed" / "不予受理",
        /// 开庭
        Hearing = "hearing" / "开庭",
        /// 财产保全
        Preserved = "preserved" / "财产保全",
        /// 判决, 裁定, or a confirmed claim.
        Decided = "decided" / "裁判",
        /// 申请执行
        Enforcement = "enforcement" / "申请执行",
    }
);

/// Why a step is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseRefusal {
    /// It is not in a state that this leads out of.
    WrongState(CaseState),
    /// The step belongs to another kind of case.
    WrongKind(CaseKind),
}

impl Refuse for CaseRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongState(_) => "legal.wrong_state",
            Self::WrongKind(_) => "legal.wrong_kind",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::WrongState(state) => Bilingual::new(
                format!("案件状态为“{}”,不能办理此步骤", state.zh()),
                format!("the case is `{}`: this step does not follow", state.word()),
            ),
            Self::WrongKind(kind) => Bilingual::new(
                format!("“{}”没有此步骤", kind.zh()),
                format!("a case of kind `{}` has no such step", kind.word()),
            ),
        }
    }
}

/// The state after a step.
///
/// # Errors
/// The step does not follow on that state or belongs to another kind.
pub fn after(kind: CaseKind, state: CaseState, step: StepKind) -> Result<CaseState, CaseRefusal> {
    use CaseState as S;
    use StepKind as T;
    let order = kind == CaseKind::PaymentOrder;
    let suit = matches!(kind, CaseKind::Suit | CaseKind::OutsideSuit);
    let belongs = match step {
        T::OrderIssued | T::OrderServed | T::Objection | T::SuitDeclined | T::NotDelivered => order,
        T::Hearing | T::Preserved => suit,
        T::Filed | T::Dismissed | T::Decided => kind != CaseKind::Letter,
        T::Accepted => order || suit,
        T::Enforcement => order || suit,
    };
    if !belongs {
        return Err(CaseRefusal::WrongKind(kind));
    }
    match (step, state) {
        (T::Filed, S::Approved) => Ok(S::Filed),
        (T::Accepted, S::Filed) => Ok(S::Accepted),
        (T::OrderIssued, S::Accepted) => Ok(S::Issued),
        (T::OrderServed, S::Issued) => Ok(S::Served),
        (T::Objection, S::Served) => Ok(S::Objected),
        (T::SuitDeclined, S::Objected) | (T::NotDelivered, S::Issued) => Ok(S::Closed),
        (T::Dismissed, S::Filed | S::Accepted) => Ok(S::Closed),
        (T::Hearing, S::Accepted | S::Heard | S::Preserved) => Ok(S::Heard),
        (T::Preserved, S::Filed | S::Accepted | S::Heard) => Ok(S::Preserved),
        (T::Decided, S::Served) if order => Ok(S::Decided),
        (T::Decided, S::Accepted | S::Heard | S::Preserved) if suit => Ok(S::Decided),
        (T::Decided, S::Filed) if kind == CaseKind::BankruptcyClaim => Ok(S::Decided),
        (T::Enforcement, S::Decided) => Ok(S::Enforcing),
        _ => Err(CaseRefusal::WrongState(state)),
    }
}

impl LegalTerms {
    /// The last day of what a state waits for, when it was reached on a day; none when it waits for nobody's clock.
    #[must_use]
    pub fn until(&self, kind: CaseKind, state: CaseState, since: Date) -> Option<Date> {
        let days = |days: u16| Some(plus_days(since, i64::from(days)));
        match (kind, state) {
            (CaseKind::PaymentOrder, CaseState::Filed) => days(self.order_accept_days),
            (CaseKind::PaymentOrder, CaseState::Accepted) => days(self.order_issue_days),
            (CaseKind::PaymentOrder, CaseState::Issued) => days(self.order_deliver_days),
            (CaseKind::PaymentOrder, CaseState::Served) => days(self.order_debtor_days),
            (CaseKind::PaymentOrder, CaseState::Objected) => days(self.order_decline_days),
            (CaseKind::PaymentOrder | CaseKind::Suit | CaseKind::OutsideSuit, CaseState::Decided) => {
                Some(since.saturating_add(i32::from(self.enforcement_years).years()))
            }
            (CaseKind::Letter, CaseState::Sent) => days(self.letter_days),
            _ => None,
        }
    }
}

/// What the end of a state's clock means, in words for the person who has to act.
#[must_use]
pub fn run_out(kind: CaseKind, state: CaseState) -> (&'static str, Bilingual) {
    match (kind, state) {
        (CaseKind::PaymentOrder, CaseState::Filed) => (
            "no_answer",
            Bilingual::new("法院逾期未告知是否受理,请查询", "the court has not told acceptance: ask"),
        ),
        (CaseKind::PaymentOrder, CaseState::Accepted) => {
            ("no_order", Bilingual::new("法院逾期未发出支付令,请查询", "no order was issued in time: ask"))
        }
        (CaseKind::PaymentOrder, CaseState::Issued) => (
            "not_delivered",
            Bilingual::new(
                "支付令30日内未送达,督促程序终结",
                "not delivered in time: the procedure ends (CPI 430)",
            ),
        ),
        (CaseKind::PaymentOrder, CaseState::Served) => (
            "enforceable",
            Bilingual::new(
                "债务人未异议亦未清偿,支付令可申请执行",
                "no objection: the order can be enforced",
            ),
        ),
        (CaseKind::PaymentOrder, CaseState::Objected) => (
            "becomes_suit",
            Bilingual::new("未声明不同意,转入诉讼程序", "not declined: the case goes on as a suit (CPL 228)"),
        ),
        (_, CaseState::Decided) => (
            "enforcement_ends",
            Bilingual::new("申请执行期限届满", "the term to apply for enforcement ends (CPL 250)"),
        ),
        _ => ("legal_clock", Bilingual::new("案件期限届满", "a term of the case has run out")),
    }
}
