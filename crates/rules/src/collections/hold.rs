//! 暂缓催收: what pauses the ladder, for how long, and who may say so.

use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::registry::{StaffRole, words};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The topic in the book.
pub const TOPIC: &str = "holds";

words!(
    /// 暂缓原因
    HoldKind {
        /// The customer disputes the debt.
        Dispute = "dispute" / "争议",
        /// A complaint is open.
        Complaint = "complaint" / "投诉未结",
        /// The reading may be wrong.
        SuspectedReading = "suspected_reading" / "疑似错抄",
        /// An agreed plan is kept.
        Plan = "plan" / "分期付款",
        /// A promise to pay runs.
        Promise = "promise" / "付款承诺",
        /// The debtor is insolvent: claims are filed, not demanded.
        Bankruptcy = "bankruptcy" / "破产",
        /// The customer is protected.
        Protection = "protection" / "客户保护",
    }
);

/// 暂缓, as far as days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldFact {
    /// Its number; 0 for one that follows from another fact.
    pub hold_no: i64,
    /// Why.
    pub kind: HoldKind,
    /// The bill; 0 for every debt of the account.
    pub bill_no: i64,
    /// First day.
    pub from_on: Date,
    /// Last day; none while it is open. A hold that was released ends on the day before.
    pub until_on: Option<Date>,
}

impl HoldFact {
    /// Does it cover the debt on a day?
    #[must_use]
    pub fn covers(&self, bill_no: i64, day: Date) -> bool {
        self.is_about(bill_no) && self.from_on <= day && self.until_on.is_none_or(|until| day <= until)
    }

    /// Is it about the debt, whatever the day?
    #[must_use]
    pub const fn is_about(&self, bill_no: i64) -> bool {
        self.bill_no == 0 || self.bill_no == bill_no
    }
}

/// 暂缓规则: parameters of the topic `holds`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldRules {
    /// What may be set by a person.
    pub kinds: Vec<HoldRule>,
}

/// 暂缓权限: one kind.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldRule {
    /// Why.
    pub kind: HoldKind,
    /// Days at most; absent for no end.
    #[serde(default)]
    pub days_max: Option<u16>,
    /// Roles that may set and release it.
    pub roles: Vec<StaffRole>,
}

/// Why a hold is not set or released; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldRefusal {
    /// It follows from a plan, a promise or an insolvency and is not set by hand.
    NotByHand(HoldKind),
    /// The person's role does not reach.
    WrongRole(HoldKind),
    /// Nothing is said about why.
    NoReason,
    /// It ends before it begins.
    EndsBeforeBegin,
    /// Longer than the rule allows.
    TooLong {
        /// Days at most.
        days_max: u16,
    },
    /// The same source set another one.
    SameSourceOtherContent(String),
    /// No such bill.
    UnknownBill(i64),
    /// No such hold.
    UnknownHold(i64),
}

impl Refuse for HoldRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotByHand(_) => "hold.not_by_hand",
            Self::WrongRole(_) => "hold.wrong_role",
            Self::NoReason => "hold.no_reason",
            Self::EndsBeforeBegin => "hold.ends_before_begin",
            Self::TooLong { .. } => "hold.too_long",
            Self::SameSourceOtherContent(_) => "hold.same_source_other_content",
            Self::UnknownBill(_) => "hold.unknown_bill",
            Self::UnknownHold(_) => "hold.unknown",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::NotByHand(kind) => Bilingual::new(
                format!("“{}”由相应业务自动形成,不能手工设置或解除", kind.zh()),
                format!(
                    "a hold of kind `{}` follows from its own business and is not set by hand",
                    kind.word()
                ),
            ),
            Self::WrongRole(kind) => Bilingual::new(
                format!("该岗位无权设置或解除“{}”", kind.zh()),
                format!("this role may not set or release `{}`", kind.word()),
            ),
            Self::NoReason => Bilingual::new("须说明原因", "a reason is needed"),
            Self::EndsBeforeBegin => Bilingual::new("截止日早于起始日", "it ends before it begins"),
            Self::TooLong { days_max } => Bilingual::new(
                format!("暂缓最长{days_max}天"),
                format!("a hold of this kind lasts {days_max} days at most"),
            ),
            Self::SameSourceOtherContent(source) => Bilingual::new(
                format!("来源{source}已设置过内容不同的暂缓"),
                format!("the source {source} has set another hold"),
            ),
            Self::UnknownBill(bill_no) => Bilingual::new(
                format!("电费账单{bill_no}不存在或未发行"),
                format!("there is no released bill {bill_no}"),
            ),
            Self::UnknownHold(hold_no) => {
                Bilingual::new(format!("没有暂缓{hold_no}"), format!("there is no hold {hold_no}"))
            }
        }
    }
}

/// A hold as it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct HoldRequest<'a> {
    /// Why.
    pub kind: HoldKind,
    /// First day.
    pub from_on: Date,
    /// Last day, when one is named.
    pub until_on: Option<Date>,
    /// In words.
    pub reason: &'a str,
    /// Role of who asks.
    pub role: StaffRole,
}

impl HoldRules {
    fn rule(&self, kind: HoldKind, role: StaffRole) -> Result<&HoldRule, HoldRefusal> {
        let rule = self.kinds.iter().find(|rule| rule.kind == kind).ok_or(HoldRefusal::NotByHand(kind))?;
        if rule.roles.contains(&role) { Ok(rule) } else { Err(HoldRefusal::WrongRole(kind)) }
    }

    /// Decides a hold; gives its last day, when it has one.
    ///
    /// # Errors
    /// The first refusal that applies.
    pub fn decide(&self, request: &HoldRequest<'_>) -> Result<Option<Date>, HoldRefusal> {
        let rule = self.rule(request.kind, request.role)?;
        if request.reason.trim().is_empty() {
            return Err(HoldRefusal::NoReason);
        }
        let Some(days_max) = rule.days_max else {
            return match request.until_on {
                Some(until) if until < request.from_on => Err(HoldRefusal::EndsBeforeBegin),
                until => Ok(until),
            };
        };
        let latest = crate::calendar::plus_days(request.from_on, i64::from(days_max) - 1);
        let until = request.until_on.unwrap_or(latest);
        if until < request.from_on {
            return Err(HoldRefusal::EndsBeforeBegin);
        }
        if until > latest {
            return Err(HoldRefusal::TooLong { days_max });
        }
        Ok(Some(until))
    }

    /// May a role release a hold for a reason?
    ///
    /// # Errors
    /// The first refusal that applies.
    pub fn may_release(&self, kind: HoldKind, role: StaffRole, reason: &str) -> Result<(), HoldRefusal> {
        self.rule(kind, role)?;
        if reason.trim().is_empty() { Err(HoldRefusal::NoReason) } else { Ok(()) }
    }
}
