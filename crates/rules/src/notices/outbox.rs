//! 发件箱: what follows when an attempt to send has ended, or nobody knows how it ended. Nobody is told one thing twice, and
//! nothing is lost: every delivery ends as delivered, bounced, failed, cancelled, or doubtful with a task.

use super::{Channel, DeliveryState};
use crate::registry::words;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// The topic in the book.
pub const TOPIC: &str = "outbox";

/// 发件规则: parameters of the topic `outbox`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutboxRule {
    /// Attempts after which a delivery is given up.
    pub attempts: u16,
    /// Minutes until the next attempt, after the first, the second, …; the last one stands for all that follow.
    pub pause_minutes: Vec<u32>,
    /// Minutes after which a claim whose sender says nothing is taken from it.
    pub claim_minutes: u32,
    /// Minutes until the carrier is asked about a doubtful message, and between two such looks.
    pub doubt_minutes: u32,
    /// Looks after which a doubt becomes a task.
    pub doubt_looks: u16,
    /// Minutes without a bounce after which a mail counts as arrived.
    pub mail_arrives_minutes: u32,
    /// Minutes without a receipt after which the SMS gateway is asked, and between two such looks.
    pub receipt_minutes: u32,
}

words!(
    /// 发送结果 of one attempt.
    AttemptOutcome {
        /// It is being handed over: from here on the carrier may have it.
        Handing = "handing" / "移交中",
        /// The carrier took it.
        Taken = "taken" / "已受理",
        /// The carrier did not take it and may do so later.
        Later = "later" / "稍后再试",
        /// The carrier will never take it.
        Never = "never" / "拒绝受理",
        /// Nobody knows whether the carrier took it.
        Unknown = "unknown" / "不明",
        /// The sender ended before anything was handed over; it does not count.
        Interrupted = "interrupted" / "中断",
        /// The quiet hours had begun when its turn came; it does not count.
        Quiet = "quiet" / "免打扰",
        /// It was found later that the carrier had not taken it.
        NotTaken = "not_taken" / "未受理",
    }
);

impl AttemptOutcome {
    /// Does the attempt use up one of those that the rule allows?
    #[must_use]
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Interrupted | Self::Quiet)
    }
}

/// 幂等键: names one delivery for ever, `account-notice-delivery`; the same for every attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryKey {
    /// The account.
    pub account_id: i64,
    /// The notice within the account.
    pub notice_no: i64,
    /// The delivery within the notice.
    pub delivery_no: i64,
}

impl std::fmt::Display for DeliveryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}-{}", self.account_id, self.notice_no, self.delivery_no)
    }
}

impl DeliveryKey {
    /// From its text; nothing when it is no key of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let numbers: Option<Vec<i64>> = text
            .split('-')
            .map(|part| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten())
            .collect();
        match numbers?.as_slice() {
            [account_id, notice_no, delivery_no] => {
                Some(Self { account_id: *account_id, notice_no: *notice_no, delivery_no: *delivery_no })
            }
            _ => None,
        }
    }
}

/// What follows for a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Follow {
    /// Its state.
    pub state: DeliveryState,
    /// When to look at it again.
    pub next_at: DateTime,
}

/// A moment so many minutes later; the end of time where that is beyond it.
#[must_use]
pub fn plus_minutes(at: DateTime, minutes: u32) -> DateTime {
    at.saturating_add(jiff::Span::new().minutes(minutes))
}

impl OutboxRule {
    /// Is the rule usable: a positive number of attempts and looks, and a pause?
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(rule: &crate::rulebook::Rule) -> Result<(), String> {
        let params: Self = rule.form()?;
        if params.attempts == 0 || params.doubt_looks == 0 || params.claim_minutes == 0 {
            return Err("attempts, doubt_looks and claim_minutes are at least 1".to_owned());
        }
        if params.pause_minutes.is_empty() {
            return Err("pause_minutes names at least one pause".to_owned());
        }
        Ok(())
    }

    /// Until when a claim of that moment is respected.
    #[must_use]
    pub fn claimed_until(&self, at: DateTime) -> DateTime {
        plus_minutes(at, self.claim_minutes)
    }

    /// What follows when the attempt has ended so, which was number `attempts` of those that count.
    #[must_use]
    pub fn after(&self, channel: Channel, attempts: i64, outcome: AttemptOutcome, at: DateTime) -> Follow {
        let is_last = attempts >= i64::from(self.attempts);
        match outcome {
            AttemptOutcome::Taken => {
                Follow { state: DeliveryState::Sent, next_at: plus_minutes(at, self.look_minutes(channel)) }
            }
            AttemptOutcome::Handing | AttemptOutcome::Unknown => {
                Follow { state: DeliveryState::Doubtful, next_at: plus_minutes(at, self.doubt_minutes) }
            }
            AttemptOutcome::Never => Follow { state: DeliveryState::Bounced, next_at: at },
            AttemptOutcome::Interrupted | AttemptOutcome::Quiet => {
                Follow { state: DeliveryState::Queued, next_at: at }
            }
            AttemptOutcome::Later | AttemptOutcome::NotTaken if is_last => {
                Follow { state: DeliveryState::Failed, next_at: at }
            }
            AttemptOutcome::NotTaken => Follow { state: DeliveryState::Queued, next_at: at },
            AttemptOutcome::Later => {
                Follow { state: DeliveryState::Queued, next_at: plus_minutes(at, self.pause(attempts)) }
            }
        }
    }

    /// Minutes until a message that was taken is looked at again.
    #[must_use]
    pub const fn look_minutes(&self, channel: Channel) -> u32 {
        match channel {
            Channel::Sms => self.receipt_minutes,
            _ => self.mail_arrives_minutes,
        }
    }

    /// Minutes from the end of attempt number `attempts` to the next one.
    fn pause(&self, attempts: i64) -> u32 {
        let place = usize::try_from(attempts.saturating_sub(1)).unwrap_or(0);
        self.pause_minutes.get(place).or(self.pause_minutes.last()).copied().unwrap_or(0)
    }
}
