//! 通知规则 of a site on a day: picked once, used for thousands of notices.

use super::NoticeOrder;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::WorkCalendar;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::notices::calm::{self, ContactLimits};
use denghuo_rules::notices::channel::{self, ChannelPolicy, Choice, ContactFacts, ContactTrouble};
use denghuo_rules::notices::service::{self, ServiceRule};
use denghuo_rules::notices::{BILL_DELIVERY, BillDelivery, Channel, DeliveryState, NoticeKind};
use denghuo_rules::registry::ContactKind;
use denghuo_store::notices::{DeliveryRow, NoticeRow, Place};
use denghuo_store::registry::KnownContact;
use denghuo_store::tasks::NewTask;
use denghuo_store::{Conn, site};
use jiff::civil::{Date, DateTime};
use std::collections::HashMap;

/// Kind of the task for what cannot be told to anybody.
pub const UNDELIVERABLE: &str = "notice_undeliverable";

/// The rules of notices, and who gets the copies for the authority.
pub struct Policies<'b> {
    calendar: &'b WorkCalendar,
    channels: HashMap<NoticeKind, (ChannelPolicy, String)>,
    services: HashMap<NoticeKind, ServiceRule>,
    delivery: BillDelivery,
    delivery_rule: String,
    limits: Option<ContactLimits>,
    authority: String,
}

/// What a notice is to be planned with: the place, the contacts, and the moments of other messages to the customer.
#[derive(Clone, Copy, Debug)]
pub struct Reach<'r> {
    /// Where the account is.
    pub place: &'r Place,
    /// Its contacts.
    pub contacts: &'r [KnownContact],
    /// Moments of messages of limited kinds to the same customer.
    pub others: &'r [DateTime],
}

impl<'b> Policies<'b> {
    /// The rules in force on a day.
    ///
    /// # Errors
    /// A missing rule; the database's.
    pub fn of(conn: &mut Conn, work: &Work<'b>, on: Date) -> Result<Self, OfficeError> {
        let (mut channels, mut services) = (HashMap::new(), HashMap::new());
        for kind in NoticeKind::ALL {
            let here = work.site.clone().with("notice", kind.word());
            let picked = work.book.pick::<ChannelPolicy>(channel::TOPIC, &here, on)?;
            channels.insert(*kind, (picked.params, picked.rule.id.clone()));
            services.insert(*kind, work.book.pick::<ServiceRule>(service::TOPIC, &here, on)?.params);
        }
        let delivery = work.book.pick::<BillDelivery>(BILL_DELIVERY, &work.site, on)?;
        let limits = work.book.pick_all::<ContactLimits>(calm::TOPIC, &work.site, on)?;
        Ok(Self {
            calendar: work.book.calendar(),
            channels,
            services,
            delivery: delivery.params,
            delivery_rule: delivery.rule.id.clone(),
            limits: ContactLimits::strictest(limits.into_iter().map(|rule| rule.params)),
            authority: site::get(conn, "authority_address")?.unwrap_or_else(|| "同级电力管理部门".to_owned()),
        })
    }

    /// By which channels a kind leaves.
    #[must_use]
    pub fn channels(&self, kind: NoticeKind) -> &ChannelPolicy {
        &self.channels[&kind].0
    }

    /// When a kind counts as served.
    #[must_use]
    pub fn service(&self, kind: NoticeKind) -> &ServiceRule {
        &self.services[&kind]
    }

    /// Quiet hours and caps; none where no rule is in force.
    #[must_use]
    pub fn limits(&self) -> Option<&ContactLimits> {
        self.limits.as_ref()
    }

    /// Ids of the rules behind the notice of a bill.
    #[must_use]
    pub fn bill_rules(&self) -> String {
        format!("{},{}", self.delivery_rule, self.channels[&NoticeKind::Bill].1)
    }

    /// The day by which a notice of the kind has to have left by a channel: for a bill its own clock, for others what the
    /// asking column set.
    ///
    /// # Errors
    /// The calendar does not cover a year.
    pub fn due_by(
        &self,
        kind: NoticeKind,
        channel: Channel,
        on: Date,
        asked: Date,
    ) -> Result<Date, OfficeError> {
        if kind == NoticeKind::Bill {
            return Ok(self.delivery.due_by(channel, on, self.calendar)?);
        }
        Ok(asked)
    }

    /// The next delivery of a notice from a moment on, given those that were tried; none when nothing is left to try.
    ///
    /// # Errors
    /// The calendar does not cover a year.
    pub fn next_delivery(
        &self,
        notice: &NoticeRow,
        reach: &Reach<'_>,
        tried: &[DeliveryRow],
        at: DateTime,
    ) -> Result<Option<DeliveryRow>, OfficeError> {
        let contacts: Vec<ContactFacts> = reach.contacts.iter().filter_map(facts_of).collect();
        let before: Vec<Choice> =
            tried.iter().map(|was| Choice { channel: was.channel, contact_no: was.contact_no }).collect();
        let is_copy = notice.kind == NoticeKind::AuthorityCopy;
        let has_address = is_copy || !reach.place.address.trim().is_empty();
        let contacts = if is_copy { Vec::new() } else { contacts };
        let Some(choice) = self.channels(notice.kind).choose(&contacts, has_address, &before) else {
            return Ok(None);
        };
        let value = choice
            .contact_no
            .and_then(|no| reach.contacts.iter().find(|contact| contact.contact_no == no))
            .map(|contact| contact.value.clone());
        let place = if is_copy { &self.authority } else { &reach.place.address };
        let next_at = match &self.limits {
            Some(limits) => limits.earliest(notice.kind, choice.channel, at, reach.others),
            None => at,
        };
        Ok(Some(DeliveryRow {
            account_id: notice.account_id,
            notice_no: notice.notice_no,
            delivery_no: tried.iter().map(|was| was.delivery_no).max().unwrap_or(0) + 1,
            channel: choice.channel,
            contact_no: choice.contact_no,
            address: value.unwrap_or_else(|| place.clone()),
            state: DeliveryState::Queued,
            due_by: self.due_by(notice.kind, choice.channel, at.date(), notice.due_by)?,
            next_at,
            attempts: 0,
            sent_at: None,
            ended_at: None,
            gateway_ref: None,
            detail: None,
        }))
    }

    /// Is a message of this kind and channel one of those whose number is limited?
    #[must_use]
    pub fn is_capped(&self, kind: NoticeKind, channel: Channel) -> bool {
        self.limits.as_ref().is_some_and(|limits| limits.counts(kind, channel))
    }
}

/// A contact as far as it decides about channels; none of a kind that nobody knows.
#[must_use]
pub fn facts_of(contact: &KnownContact) -> Option<ContactFacts> {
    Some(ContactFacts {
        contact_no: contact.contact_no,
        kind: ContactKind::from_word(&contact.kind)?,
        preferred: contact.preferred,
        verified_on: contact.verified_on,
        consent: contact.consent,
        designated_on: contact.designated_on,
        trouble: contact.trouble.as_deref().and_then(ContactTrouble::from_word),
    })
}

/// The notice that an order asks for, open.
pub(super) fn row_of(order: &NoticeOrder, notice_no: i64, content: String, on: Date) -> NoticeRow {
    NoticeRow {
        account_id: order.account_id,
        notice_no,
        kind: order.kind,
        subject: order.subject.clone(),
        bill_no: order.bill_no,
        decided_on: on,
        due_by: order.due_by,
        deadline_on: order.deadline_on,
        amount: order.amount,
        fee: order.fee,
        content: Some(content),
        rules: order.rules.join(","),
        state: "open".to_owned(),
        served_at: None,
        served_how: None,
        evidence_no: None,
        ended_on: None,
        ended_why: None,
    }
}

/// 无法送达: somebody has to find a way to tell it.
pub(super) fn undeliverable(notice: &NoticeRow, on: Date) -> NewTask {
    NewTask {
        account_id: notice.account_id,
        kind: UNDELIVERABLE,
        subject: super::late::task_subject(notice),
        codes: "notice.no_channel".to_owned(),
        detail: Bilingual::new(
            format!("{}(通知{})无可用的送达渠道", notice.kind.zh(), notice.notice_no),
            format!("{} (notice {}): no channel can take it", notice.kind.in_english(), notice.notice_no),
        ),
        owner_role: "agent",
        opened_on: on,
        due_on: Some(notice.due_by.max(on)),
    }
}
