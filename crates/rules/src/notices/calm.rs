//! 免打扰: when a customer may be spoken to, and how often.

use super::{Channel, NoticeKind};
use crate::calendar::{days_between, plus_days};
use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use jiff::civil::{DateTime, Time};
use serde::Deserialize;

/// The topic in the book.
pub const TOPIC: &str = "contact_limits";

/// Days that are looked ahead for one on which another message is allowed.
const HORIZON: i64 = 60;

/// 免打扰规则: parameters of the topic `contact_limits`. A protective rule: the strictest wins.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactLimits {
    /// First time of the day at which a message may leave.
    pub speak_from: Time,
    /// First time of the day at which none may leave any more.
    pub speak_until: Time,
    /// Channels that disturb.
    pub channels: Vec<Channel>,
    /// 催费类通知: kinds whose number is limited.
    pub capped: Vec<NoticeKind>,
    /// Most messages of those kinds to one customer on a day.
    pub per_day: u16,
    /// Most messages of those kinds to one customer within any seven days.
    pub per_week: u16,
}

/// Why the customer is left in peace now; checked in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalmRefusal {
    /// It is quiet time.
    QuietHours {
        /// First time of the day at which he may be spoken to.
        from: Time,
        /// First time of the day at which he may not any more.
        until: Time,
    },
    /// He was told often enough.
    TooOften {
        /// At most on a day.
        per_day: u16,
        /// At most within seven days.
        per_week: u16,
    },
}

impl Refuse for CalmRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::QuietHours { .. } => "contact.quiet_hours",
            Self::TooOften { .. } => "contact.too_often",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::QuietHours { from, until } => {
                let (from, until) = (from.strftime("%H:%M"), until.strftime("%H:%M"));
                Bilingual::new(
                    format!("免打扰时段,只可在{from}至{until}联系客户"),
                    format!("quiet hours: the customer is spoken to between {from} and {until} only"),
                )
            }
            Self::TooOften { per_day, per_week } => Bilingual::new(
                format!("催费联系每天不超过{per_day}次、每七天不超过{per_week}次,已达上限"),
                format!("at most {per_day} a day and {per_week} within seven days: that was reached"),
            ),
        }
    }
}

impl ContactLimits {
    /// The strictest of several rules; none when there is none.
    pub fn strictest(rules: impl IntoIterator<Item = Self>) -> Option<Self> {
        rules.into_iter().reduce(|mut strict, other| {
            strict.speak_from = strict.speak_from.max(other.speak_from);
            strict.speak_until = strict.speak_until.min(other.speak_until);
            strict.per_day = strict.per_day.min(other.per_day);
            strict.per_week = strict.per_week.min(other.per_week);
            strict.channels.extend(other.channels);
            strict.capped.extend(other.capped);
            strict
        })
    }

    /// Is the number of these messages limited?
    #[must_use]
    pub fn counts(&self, kind: NoticeKind, channel: Channel) -> bool {
        self.capped.contains(&kind) && self.channels.contains(&channel)
    }

    /// The first moment from `at` on that lies outside the quiet hours.
    #[must_use]
    pub fn calm(&self, channel: Channel, at: DateTime) -> DateTime {
        if !self.channels.contains(&channel) || self.speak_from >= self.speak_until {
            return at;
        }
        if at.time() < self.speak_from {
            return at.date().to_datetime(self.speak_from);
        }
        if at.time() >= self.speak_until {
            return plus_days(at.date(), 1).to_datetime(self.speak_from);
        }
        at
    }

    /// The earliest moment from `at` on at which the message may leave. `others` are the moments of the messages of limited
    /// kinds that the customer got or will get. A message that finds no free day within two months leaves then.
    #[must_use]
    pub fn earliest(
        &self,
        kind: NoticeKind,
        channel: Channel,
        at: DateTime,
        others: &[DateTime],
    ) -> DateTime {
        let first = self.calm(channel, at);
        if !self.counts(kind, channel) {
            return first;
        }
        let mut moment = first;
        for day in 1..=HORIZON {
            if self.has_room(moment, others) {
                return moment;
            }
            moment = plus_days(first.date(), day).to_datetime(self.speak_from);
        }
        moment
    }

    /// May the customer be called at a moment? `others` are the moments of the messages and calls that he got.
    ///
    /// # Errors
    /// Why not.
    pub fn may_call(&self, at: DateTime, others: &[DateTime]) -> Result<(), CalmRefusal> {
        if self.calm(Channel::Phone, at) != at {
            return Err(CalmRefusal::QuietHours { from: self.speak_from, until: self.speak_until });
        }
        if self.channels.contains(&Channel::Phone) && !self.has_room(at, others) {
            return Err(CalmRefusal::TooOften { per_day: self.per_day, per_week: self.per_week });
        }
        Ok(())
    }

    /// Is there room for one more on that day, and in every seven days that it lies in?
    fn has_room(&self, moment: DateTime, others: &[DateTime]) -> bool {
        let within = |from: i64, to: i64| {
            let days = others.iter().map(|other| days_between(moment.date(), other.date()));
            days.filter(|day| (from..=to).contains(day)).count()
        };
        within(0, 0) < usize::from(self.per_day)
            && (0..7).all(|back| within(-back, 6 - back) < usize::from(self.per_week))
    }
}
