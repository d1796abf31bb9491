//! Channels, clocks, quiet hours, service and the monthly check, case by case under the embedded book.

use super::calm::ContactLimits;
use super::channel::{AddressNeed, ChannelPolicy, Choice, ContactFacts, ContactTrouble};
use super::check::{CheckReason, ContactCheck, is_check_day};
use super::service::{Service, ServiceRule, ServiceWay};
use super::{BILL_DELIVERY, BillDelivery, Channel, NoticeKind, calm, channel, check, service};
use crate::evidence::SignerRole;
use crate::refusal::Refuse as _;
use crate::registry::ContactKind;
use crate::rulebook::{Rulebook, Selector};
use jiff::civil::{Date, DateTime, date, datetime};
use proptest::prelude::*;
use std::sync::LazyLock;

static BOOK: LazyLock<Rulebook> = LazyLock::new(Rulebook::embedded);
const DAY: Date = date(2026, 9, 8);

fn site() -> Selector {
    Selector::in_jurisdictions(&["cn", "sgcc"])
}

fn of_kind<T: serde::de::DeserializeOwned>(topic: &str, kind: NoticeKind) -> T {
    BOOK.pick::<T>(topic, &site().with("notice", kind.word()), DAY).expect("a rule for every kind").params
}

fn contact(contact_no: i64, kind: ContactKind) -> ContactFacts {
    ContactFacts {
        contact_no,
        kind,
        preferred: false,
        verified_on: None,
        consent: false,
        designated_on: None,
        trouble: None,
    }
}

fn limits() -> ContactLimits {
    let rules = BOOK.pick_all::<ContactLimits>(calm::TOPIC, &site(), DAY).expect("a sound book");
    ContactLimits::strictest(rules.into_iter().map(|rule| rule.params)).expect("a rule")
}

#[test]
fn every_kind_of_notice_has_its_channels_and_its_service() {
    for kind in NoticeKind::ALL {
        let policy: ChannelPolicy = of_kind(channel::TOPIC, *kind);
        assert!(policy.first.iter().all(|channel| !policy.last.contains(channel)), "{kind:?}");
        let rule: ServiceRule = of_kind(service::TOPIC, *kind);
        assert!(!rule.ways.is_empty(), "{kind:?}");
    }
}

#[test]
fn channels_by_kind_contact_and_what_was_tried() {
    let mobile = contact(1, ContactKind::Mobile);
    let agreed = ContactFacts { consent: true, ..mobile };
    let sure = ContactFacts { verified_on: Some(DAY), ..agreed };
    let named = ContactFacts { designated_on: Some(DAY), ..mobile };
    let mail = ContactFacts { contact_no: 2, kind: ContactKind::Email, ..agreed };
    let liked = ContactFacts { preferred: true, ..agreed };
    let gone = ContactFacts { trouble: Some(ContactTrouble::Bounced), ..mail };
    let postal = contact(3, ContactKind::Address);
    let by = |channel, contact_no| Some(Choice { channel, contact_no });
    let cases = [
        // A telephone number alone does not replace the slip of paper; agreement, or the contract, does.
        (NoticeKind::Bill, vec![mobile], vec![], by(Channel::PaperOwn, None)),
        (NoticeKind::Bill, vec![agreed], vec![], by(Channel::Sms, Some(1))),
        (NoticeKind::Bill, vec![named], vec![], by(Channel::Sms, Some(1))),
        (NoticeKind::Bill, vec![agreed, mail], vec![], by(Channel::Email, Some(2))),
        (NoticeKind::Bill, vec![liked, mail], vec![], by(Channel::Sms, Some(1))),
        (NoticeKind::Bill, vec![agreed, gone], vec![], by(Channel::Sms, Some(1))),
        (NoticeKind::Bill, vec![mobile, postal], vec![], by(Channel::PaperOwn, Some(3))),
        // A demand has to be provable.
        (NoticeKind::Demand, vec![agreed], vec![], by(Channel::PaperOwn, None)),
        (NoticeKind::Demand, vec![sure], vec![], by(Channel::Sms, Some(1))),
        (NoticeKind::Demand, vec![named], vec![], by(Channel::Sms, Some(1))),
        (NoticeKind::StopPlan, vec![sure], vec![], by(Channel::Door, None)),
        (NoticeKind::LawyerLetter, vec![sure, postal], vec![], by(Channel::Post, Some(3))),
        (NoticeKind::EstatePosting, vec![], vec![], by(Channel::Posting, None)),
        // Nobody gets a receipt on paper.
        (NoticeKind::Receipt, vec![mobile], vec![], None),
        // E-mail, then text message, then paper, then nothing is left.
        (NoticeKind::Bill, vec![agreed, mail], vec![by(Channel::Email, Some(2))], by(Channel::Sms, Some(1))),
        (
            NoticeKind::Bill,
            vec![agreed, mail],
            vec![by(Channel::Email, Some(2)), by(Channel::Sms, Some(1))],
            by(Channel::PaperOwn, None),
        ),
        (NoticeKind::Bill, vec![], vec![by(Channel::PaperOwn, None)], None),
        (NoticeKind::StopPlan, vec![], vec![by(Channel::Door, None)], by(Channel::Post, None)),
    ];
    for (kind, contacts, tried, expected) in cases {
        let tried: Vec<Choice> = tried.into_iter().flatten().collect();
        let policy: ChannelPolicy = of_kind(channel::TOPIC, kind);
        assert_eq!(policy.choose(&contacts, true, &tried), expected, "{kind:?} {contacts:?} {tried:?}");
    }
    let bill: ChannelPolicy = of_kind(channel::TOPIC, NoticeKind::Bill);
    assert_eq!(bill.choose(&[mobile], false, &[]), None, "no address, no paper");
    assert!(!mobile.meets(&[AddressNeed::Designated]) && named.meets(&[AddressNeed::Designated]));
}

#[test]
fn clocks_of_the_bill() {
    let rule = BOOK.pick::<BillDelivery>(BILL_DELIVERY, &site(), DAY).unwrap().params;
    let cases = [
        (Channel::Email, date(2026, 9, 18), date(2026, 9, 18)),
        (Channel::Sms, date(2026, 9, 19), date(2026, 9, 19)),
        // Over the make-up Sunday of 2026-09-20, and over the long holidays.
        (Channel::PaperOwn, date(2026, 9, 18), date(2026, 9, 22)),
        (Channel::PaperDelegated, date(2026, 9, 18), date(2026, 9, 22)),
        (Channel::PaperOwn, date(2026, 2, 13), date(2026, 2, 25)),
        (Channel::PaperOwn, date(2025, 9, 29), date(2025, 10, 10)),
    ];
    for (channel, on, expected) in cases {
        assert_eq!(rule.due_by(channel, on, BOOK.calendar()), Ok(expected), "{channel:?} {on}");
    }
}

#[test]
fn nobody_is_woken() {
    let limits = limits();
    let cases = [
        (Channel::Sms, datetime(2026, 9, 8, 7, 59, 59, 0), datetime(2026, 9, 8, 8, 0, 0, 0)),
        (Channel::Sms, datetime(2026, 9, 8, 8, 0, 0, 0), datetime(2026, 9, 8, 8, 0, 0, 0)),
        (Channel::Email, datetime(2026, 9, 8, 20, 59, 59, 0), datetime(2026, 9, 8, 20, 59, 59, 0)),
        (Channel::Email, datetime(2026, 9, 8, 21, 0, 0, 0), datetime(2026, 9, 9, 8, 0, 0, 0)),
        (Channel::Sms, datetime(2026, 12, 31, 23, 0, 0, 0), datetime(2027, 1, 1, 8, 0, 0, 0)),
        (Channel::PaperOwn, datetime(2026, 9, 8, 2, 0, 0, 0), datetime(2026, 9, 8, 2, 0, 0, 0)),
    ];
    for (channel, at, expected) in cases {
        assert_eq!(limits.calm(channel, at), expected, "{channel:?} {at}");
    }
}

#[test]
fn demands_are_not_repeated_like_hammer_blows() {
    let limits = limits();
    let at = |day| datetime(2026, 9, day, 9, 0, 0, 0);
    let morning = |day| datetime(2026, 9, day, 8, 0, 0, 0);
    let cases: [(&[DateTime], DateTime); 5] = [
        (&[], at(8)),
        (&[at(8)], morning(9)),
        (&[at(8), at(9)], morning(10)),
        (&[at(8), at(9), at(10)], morning(15)),
        (&[at(2), at(6), at(7)], morning(9)),
    ];
    for (others, expected) in cases {
        let found = limits.earliest(NoticeKind::Demand, Channel::Sms, at(8), others);
        assert_eq!(found, expected, "{others:?}");
    }
    let bill = limits.earliest(NoticeKind::Bill, Channel::Sms, at(8), &[at(8), at(8), at(8)]);
    assert_eq!(bill, at(8), "a bill is no message of collection");
}

proptest! {
    #[test]
    fn however_many_are_asked_for_the_limits_hold(hours in prop::collection::vec(0_i64..400, 1..20)) {
        let limits = limits();
        let mut sent: Vec<DateTime> = Vec::new();
        for hour in hours {
            let asked = datetime(2026, 9, 1, 0, 0, 0, 0).checked_add(jiff::Span::new().hours(hour)).unwrap();
            let leaves = limits.earliest(NoticeKind::Demand, Channel::Sms, asked, &sent);
            prop_assert!(leaves >= asked);
            prop_assert!(leaves.time() >= limits.speak_from && leaves.time() < limits.speak_until);
            sent.push(leaves);
        }
        for one in &sent {
            let days = |other: &DateTime| crate::calendar::days_between(one.date(), other.date());
            prop_assert!(sent.iter().filter(|other| days(other) == 0).count() <= 1);
            prop_assert!(sent.iter().filter(|other| (0..7).contains(&days(other))).count() <= 3);
        }
    }
}

#[test]
fn what_counts_as_served() {
    let by = Service::by;
    let signed = |role| Service { signer: Some(role), ..by(ServiceWay::Signed) };
    let shown = |way| Service { has_photo: true, ..by(way) };
    let seen = |way| Service { has_witness: true, ..by(way) };
    let cases = [
        (NoticeKind::Demand, signed(SignerRole::AdultRelative), None),
        (NoticeKind::Demand, signed(SignerRole::Other), Some("notice.signer_does_not_count")),
        (NoticeKind::Demand, by(ServiceWay::Signed), Some("notice.no_signer")),
        (NoticeKind::Demand, by(ServiceWay::Phone), Some("notice.way_does_not_count")),
        (NoticeKind::Demand, by(ServiceWay::Dropped), Some("notice.way_does_not_count")),
        (NoticeKind::Demand, by(ServiceWay::Electronic), None),
        (NoticeKind::Demand, by(ServiceWay::Post), Some("notice.no_waybill")),
        (NoticeKind::Demand, Service { has_reference: true, ..by(ServiceWay::Post) }, None),
        (NoticeKind::StopPlan, by(ServiceWay::Designated), Some("notice.way_does_not_count")),
        (NoticeKind::StopPlan, signed(SignerRole::MailRoom), None),
        (NoticeKind::StopPlan, by(ServiceWay::Left), Some("notice.no_proof")),
        (NoticeKind::StopPlan, shown(ServiceWay::Left), None),
        (NoticeKind::StopPlan, seen(ServiceWay::Left), None),
        (NoticeKind::EstatePosting, by(ServiceWay::Posted), Some("notice.no_proof")),
        (NoticeKind::EstatePosting, shown(ServiceWay::Posted), None),
        (NoticeKind::EstatePosting, signed(SignerRole::Oneself), Some("notice.way_does_not_count")),
        (NoticeKind::LawyerLetter, by(ServiceWay::Electronic), Some("notice.way_does_not_count")),
        (NoticeKind::LawyerLetter, by(ServiceWay::Designated), None),
        (NoticeKind::Bill, by(ServiceWay::Dropped), None),
        (NoticeKind::Bill, by(ServiceWay::Phone), None),
    ];
    for (kind, service, expected) in cases {
        let rule: ServiceRule = of_kind(service::TOPIC, kind);
        let found = rule.counts(kind, &service).err().map(|refusal| refusal.code());
        assert_eq!(found, expected, "{kind:?} {service:?}");
    }
}

#[test]
fn who_is_on_the_list_of_the_month() {
    let rule = BOOK.pick::<ContactCheck>(check::TOPIC, &site(), DAY).unwrap().params;
    let plain = contact(1, ContactKind::Mobile);
    let verified = |on| ContactFacts { verified_on: Some(on), ..plain };
    let troubled = |trouble| ContactFacts { trouble: Some(trouble), ..verified(DAY) };
    let cases = [
        (troubled(ContactTrouble::Bounced), None, Some(CheckReason::Bounced)),
        (troubled(ContactTrouble::Refused), Some(DAY), Some(CheckReason::Refused)),
        (troubled(ContactTrouble::Unreachable), None, Some(CheckReason::Unreachable)),
        (plain, None, Some(CheckReason::Silent)),
        (plain, Some(date(2026, 8, 1)), None),
        (verified(date(2024, 9, 7)), None, Some(CheckReason::Silent)),
        (verified(date(2024, 9, 8)), None, None),
        (verified(date(2020, 1, 1)), Some(date(2024, 9, 8)), None),
    ];
    for (contact, heard_on, expected) in cases {
        assert_eq!(rule.reason(&contact, heard_on, DAY), expected, "{contact:?} {heard_on:?}");
    }
}

#[test]
fn the_check_is_on_the_first_working_day_of_the_month() {
    let days = [
        (date(2026, 9, 1), true),
        (date(2026, 9, 2), false),
        // National Day takes the first week of October.
        (date(2026, 10, 1), false),
        (date(2026, 10, 8), true),
        (date(2026, 10, 9), false),
        // 2026-11-01 is a Sunday.
        (date(2026, 11, 1), false),
        (date(2026, 11, 2), true),
    ];
    for (day, expected) in days {
        assert_eq!(is_check_day(day, BOOK.calendar()), Ok(expected), "{day}");
    }
}
