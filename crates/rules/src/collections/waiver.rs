//! 违约金减免: a late fee is given up only for a listed reason and by somebody of the needed level.

use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::units::Money;
use serde::{Deserialize, Serialize};

pub use crate::registry::ApprovalLevel;

#[cfg(test)]
mod tests;

/// The topic in the book.
pub const TOPIC: &str = "waiver";

/// 减免原因: one permitted reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaiverReason {
    /// Stable code.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// The lowest level that may approve it, whatever the amount.
    pub level: ApprovalLevel,
}

/// 审批权限: up to which amount a level approves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaiverLimit {
    /// The level.
    pub level: ApprovalLevel,
    /// The largest amount of one waiver; absent for any amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<Money>,
}

/// 减免规则: the parameters of the topic `waiver`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaiverRule {
    /// Permitted reasons.
    pub reasons: Vec<WaiverReason>,
    /// Approval limits from low to high.
    pub limits: Vec<WaiverLimit>,
}

/// A waiver as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaiverRequest<'a> {
    /// Code of the reason.
    pub reason: &'a str,
    /// How much of the fee is given up.
    pub amount: Money,
    /// The fee that is unpaid.
    pub open_fee: Money,
    /// Who asks.
    pub requested_by: &'a str,
    /// Who approves.
    pub approved_by: &'a str,
    /// The level of the approver.
    pub level: ApprovalLevel,
}

/// Why a fee is not waived, in the order in which it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaiverRefusal {
    /// The amount is not positive.
    NotPositive,
    /// The reason is not permitted.
    UnknownReason {
        /// The reason given.
        reason: String,
    },
    /// More than the unpaid fee.
    MoreThanOpen {
        /// The unpaid fee.
        open: Money,
    },
    /// One person asks and approves.
    OnePerson,
    /// The approver's level does not reach.
    LevelTooLow {
        /// The lowest level that may approve.
        needed: ApprovalLevel,
    },
}

impl Refuse for WaiverRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotPositive => "waiver.not_positive",
            Self::UnknownReason { .. } => "waiver.unknown_reason",
            Self::MoreThanOpen { .. } => "waiver.more_than_open",
            Self::OnePerson => "waiver.one_person",
            Self::LevelTooLow { .. } => "waiver.level_too_low",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::NotPositive => Bilingual::new("减免金额须大于零", "the amount must be positive"),
            Self::UnknownReason { reason } => Bilingual::new(
                format!("“{reason}”不是允许的减免原因,违约金不得随意减免"),
                format!("`{reason}` is not a permitted reason; a late fee may not be waived at will"),
            ),
            Self::MoreThanOpen { open } => Bilingual::new(
                format!("减免金额超过未缴违约金{open}元"),
                format!("more than the unpaid late fee of {open} yuan"),
            ),
            Self::OnePerson => {
                Bilingual::new("申请人与审批人不得为同一人", "the same person may not request and approve")
            }
            Self::LevelTooLow { needed } => Bilingual::new(
                format!("须由{}审批", needed.zh()),
                format!("the level `{}` must approve", needed.word()),
            ),
        }
    }
}

impl WaiverRule {
    /// The lowest level that may approve an amount for a reason.
    #[must_use]
    pub fn needed_level(&self, reason: &WaiverReason, amount: Money) -> ApprovalLevel {
        let by_amount = self
            .limits
            .iter()
            .find(|limit| limit.up_to.is_none_or(|most| amount <= most))
            .map_or(ApprovalLevel::Company, |limit| limit.level);
        by_amount.max(reason.level)
    }

    /// Decides a waiver; gives the reason as the book names it.
    ///
    /// # Errors
    /// The first refusal that applies.
    pub fn decide(&self, request: &WaiverRequest<'_>) -> Result<&WaiverReason, WaiverRefusal> {
        if request.amount <= Money::ZERO {
            return Err(WaiverRefusal::NotPositive);
        }
        let reason = self
            .reasons
            .iter()
            .find(|reason| reason.code == request.reason)
            .ok_or_else(|| WaiverRefusal::UnknownReason { reason: request.reason.to_owned() })?;
        if request.amount > request.open_fee {
            return Err(WaiverRefusal::MoreThanOpen { open: request.open_fee });
        }
        if request.requested_by == request.approved_by {
            return Err(WaiverRefusal::OnePerson);
        }
        let needed = self.needed_level(reason, request.amount);
        if request.level < needed {
            return Err(WaiverRefusal::LevelTooLow { needed });
        }
        Ok(reason)
    }
}
