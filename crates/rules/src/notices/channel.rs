//! 渠道选择: by which channel a notice leaves, and by which one after that has failed.

use super::Channel;
use crate::registry::{ContactKind, words};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The topic in the book.
pub const TOPIC: &str = "notice_channels";

words!(
    /// 电子地址要求: what an electronic address has to be before it takes the place of paper. A designated one meets every need.
    AddressNeed {
        /// The customer agreed to be told there.
        Consent = "consent" / "同意",
        /// Somebody made sure that it is his.
        Verified = "verified" / "已核实",
        /// The contract names it as the address of electronic service.
        Designated = "designated" / "约定地址",
    }
);

words!(
    /// 联系方式故障: why a contact is not used until somebody has looked at it.
    ContactTrouble {
        /// Messages come back.
        Bounced = "bounced" / "退回",
        /// The recipient refused.
        Refused = "refused" / "拒收",
        /// Nobody answers.
        Unreachable = "unreachable" / "无法接通",
    }
);

/// 通知渠道: parameters of the topic `notice_channels`, one rule for each kind of notice (`when = { notice = […] }`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelPolicy {
    /// Channels to a contact, in order of choice; a preferred contact goes before this order.
    pub first: Vec<Channel>,
    /// What an electronic address has to be.
    #[serde(default)]
    pub needs: Vec<AddressNeed>,
    /// Channels that a person carries, in order, when none of the first is usable or all have failed; empty when the
    /// customer is then not told at all.
    #[serde(default)]
    pub last: Vec<Channel>,
    /// Only for customers who asked for it.
    #[serde(default)]
    pub on_request: bool,
}

/// 联系方式, as far as it decides about channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContactFacts {
    /// Number within the account.
    pub contact_no: i64,
    /// What it is.
    pub kind: ContactKind,
    /// 首选
    pub preferred: bool,
    /// 核实日期
    pub verified_on: Option<Date>,
    /// 同意接收通知
    pub consent: bool,
    /// 约定为电子送达地址之日
    pub designated_on: Option<Date>,
    /// Why it is not used.
    pub trouble: Option<ContactTrouble>,
}

impl ContactFacts {
    /// Does the channel reach this kind of contact?
    #[must_use]
    pub const fn is_reached_by(&self, channel: Channel) -> bool {
        matches!(
            (channel, self.kind),
            (Channel::Email, ContactKind::Email)
                | (Channel::Sms, ContactKind::Mobile)
                | (Channel::Phone, ContactKind::Mobile | ContactKind::Phone)
                | (Channel::Post | Channel::PaperOwn | Channel::PaperDelegated, ContactKind::Address)
        )
    }

    /// Does it meet the needs of electronic notice?
    #[must_use]
    pub fn meets(&self, needs: &[AddressNeed]) -> bool {
        self.designated_on.is_some()
            || needs.iter().all(|need| match need {
                AddressNeed::Consent => self.consent,
                AddressNeed::Verified => self.verified_on.is_some(),
                AddressNeed::Designated => false,
            })
    }
}

/// 选定渠道
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// How it leaves.
    pub channel: Channel,
    /// The contact it goes to; none for the place of supply.
    pub contact_no: Option<i64>,
}

impl ChannelPolicy {
    /// The channel that is next, given what was tried before: nothing at first. `has_address` tells whether the place of
    /// supply has one.
    #[must_use]
    pub fn choose(&self, contacts: &[ContactFacts], has_address: bool, tried: &[Choice]) -> Option<Choice> {
        let first = self.first.iter().enumerate().flat_map(|(order, channel)| {
            contacts.iter().filter(|contact| self.is_usable(contact, *channel)).map(move |contact| {
                let choice = Choice { channel: *channel, contact_no: Some(contact.contact_no) };
                let rank = (
                    !contact.preferred,
                    order,
                    contact.designated_on.is_none(),
                    contact.verified_on.is_none(),
                    contact.contact_no,
                );
                (rank, choice)
            })
        });
        let untried = first.filter(|(_, choice)| !tried.contains(choice));
        untried
            .min_by_key(|(rank, _)| *rank)
            .map(|(_, choice)| choice)
            .or_else(|| self.carried(contacts, has_address, tried))
    }

    /// The next channel that a person carries.
    fn carried(&self, contacts: &[ContactFacts], has_address: bool, tried: &[Choice]) -> Option<Choice> {
        let channel = self.last.iter().find(|channel| !tried.iter().any(|was| was.channel == **channel))?;
        let mailing = contacts.iter().filter(|contact| contact.trouble.is_none());
        let mailing = mailing
            .filter(|contact| contact.is_reached_by(*channel))
            .min_by_key(|contact| (!contact.preferred, contact.contact_no));
        let reaches = has_address || mailing.is_some() || *channel == Channel::Posting;
        reaches.then_some(Choice { channel: *channel, contact_no: mailing.map(|contact| contact.contact_no) })
    }

    fn is_usable(&self, contact: &ContactFacts, channel: Channel) -> bool {
        contact.trouble.is_none()
            && contact.is_reached_by(channel)
            && (!channel.is_electronic() || contact.meets(&self.needs))
    }
}
