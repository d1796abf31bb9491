use super::*;
use crate::rulebook::{Rulebook, Selector};
use jiff::civil::{Date, date};

mod arrivals;
mod links;

fn here() -> Selector {
    Selector::in_jurisdictions(&["cn", "sgcc"])
}

const ON: Date = date(2026, 9, 8);

fn facts(kind: EvidenceKind, party: Party) -> EvidenceFacts<'static> {
    EvidenceFacts {
        kind,
        happened_on: ON,
        party,
        signer: None,
        signer_role: None,
        witness: None,
        designated_on: None,
        outcome: None,
        paper_named: false,
        notarised: false,
        media_type: None,
    }
}

/// `kind[/party] circumstance…`: `scan`, `photo`, `film`, `sound`, `witness`, `named` (on the waybill), `notary`, `since=DATE`,
/// `by=ROLE`, `as=OUTCOME`.
fn told(text: &'static str) -> EvidenceFacts<'static> {
    let mut words = text.split(' ');
    let (kind, party) = words.next().unwrap().split_once('/').unwrap();
    let mut facts = facts(EvidenceKind::from_word(kind).unwrap(), Party::from_word(party).unwrap());
    for word in words {
        match word.split_once('=').unwrap_or((word, "")) {
            ("scan", _) => facts.media_type = Some("application/pdf"),
            ("photo", _) => facts.media_type = Some("image/jpeg"),
            ("film", _) => facts.media_type = Some("video/mp4"),
            ("sound", _) => facts.media_type = Some("audio/mpeg"),
            ("witness", _) => facts.witness = Some("居委会"),
            ("named", _) => facts.paper_named = true,
            ("notary", _) => facts.notarised = true,
            ("since", day) => facts.designated_on = Some(day.parse().unwrap()),
            ("by", role) => {
                facts.signer = Some("甲");
                facts.signer_role = Some(SignerRole::from_word(role).unwrap());
            }
            ("as", outcome) => facts.outcome = Some(Outcome::from_word(outcome).unwrap()),
            _ => panic!("{word}"),
        }
    }
    facts
}

/// The proof, its strength, the rules that decided.
const GRADES: &[(&str, &str, &str)] = &[
    // The receipt: who signed, and is it attached?
    ("signed_receipt/person by=self scan", "strong", "cn.evidence.receipt.person"),
    ("signed_receipt/person by=adult_relative photo", "strong", "cn.evidence.receipt.person"),
    ("signed_receipt/person by=self", "medium", "cn.evidence.receipt.no_scan"),
    ("signed_receipt/person by=mail_room scan", "medium", "cn.evidence.receipt.no_scan"),
    ("signed_receipt/organisation by=mail_room scan", "strong", "cn.evidence.receipt.organisation"),
    (
        "signed_receipt/organisation by=legal_representative scan",
        "strong",
        "cn.evidence.receipt.organisation",
    ),
    ("signed_receipt/person by=other scan", "weak", "cn.evidence.any"),
    ("signed_receipt/person by=minor scan", "void", "cn.evidence.any,cn.evidence.receipt.minor"),
    ("signed_receipt/person scan", "weak", "cn.evidence.any"),
    // Refused or left: witness or photograph.
    ("refusal_record/person", "weak", "cn.evidence.any"),
    ("refusal_record/person witness", "medium", "cn.evidence.refusal"),
    ("refusal_record/person photo", "medium", "cn.evidence.refusal"),
    ("left_at_place/person film", "medium", "cn.evidence.refusal"),
    ("left_at_place/person scan", "weak", "cn.evidence.any"),
    ("refusal_record/person notary", "strong", "cn.evidence.refusal.notarised"),
    // The post: delivered, and does the waybill name the paper?
    ("waybill/person as=delivered named", "medium", "cn.evidence.post.delivered"),
    ("waybill/person as=delivered named by=self", "strong", "cn.evidence.post.signed"),
    (
        "waybill/person as=delivered named by=other",
        "weak",
        "cn.evidence.post.delivered,cn.evidence.receipt.stranger",
    ),
    ("waybill/person as=delivered", "weak", "cn.evidence.any"),
    ("waybill/person as=refused named", "medium", "cn.evidence.post.refused"),
    ("waybill/person as=returned named", "void", "cn.evidence.any,cn.evidence.post.not_arrived"),
    ("waybill/person as=in_transit named", "void", "cn.evidence.any,cn.evidence.post.not_arrived"),
    ("waybill/person as=returned named notary", "void", "cn.evidence.any,cn.evidence.post.not_arrived"),
    ("waybill/person as=delivered notary", "strong", "cn.evidence.post.notarised"),
    // Electronic: designated before the service, and did it enter the system?
    ("electronic_delivery/person as=entered since=2026-09-08", "strong", "cn.evidence.electronic.designated"),
    ("electronic_delivery/person as=entered since=2026-09-09", "weak", "cn.evidence.electronic.archived"),
    ("electronic_delivery/person as=entered", "weak", "cn.evidence.electronic.archived"),
    (
        "electronic_delivery/person as=sent since=2025-01-01",
        "medium",
        "cn.evidence.electronic.designated_sent",
    ),
    ("electronic_delivery/person as=sent", "weak", "cn.evidence.electronic.archived"),
    ("electronic_delivery/person as=read", "medium", "cn.evidence.electronic.read"),
    (
        "electronic_delivery/person as=returned since=2025-01-01",
        "void",
        "cn.evidence.electronic.archived,cn.evidence.electronic.lost",
    ),
    // Calls.
    ("call_record/person as=reached sound", "medium", "cn.evidence.call.recorded"),
    ("call_record/person as=reached", "weak", "cn.evidence.any"),
    ("call_record/person as=answered_by_other sound", "weak", "cn.evidence.any"),
    ("call_record/person as=no_answer sound", "void", "cn.evidence.any,cn.evidence.call.not_reached"),
    // Others.
    ("photo/person photo", "weak", "cn.evidence.any"),
    ("witness_statement/person scan", "weak", "cn.evidence.any"),
    ("notarial/person scan", "strong", "cn.evidence.notarial"),
    ("notarial/person", "weak", "cn.evidence.any"),
    ("posting/person photo", "medium", "cn.evidence.posting"),
    ("talk_record/organisation by=principal scan", "medium", "cn.evidence.talk"),
    ("agreement/person by=self scan", "strong", "cn.evidence.agreement"),
    ("official_paper/organisation scan", "strong", "cn.evidence.official"),
    ("other/person", "weak", "cn.evidence.any"),
];

#[test]
fn grades_of_the_book() {
    let book = Rulebook::embedded();
    for (text, strength, ids) in GRADES {
        let found = grade(&told(text), &book, &here(), ON).unwrap();
        assert_eq!((found.strength.word(), found.rules.join(",").as_str()), (*strength, *ids), "{text}");
        assert!(!found.why.zh.is_empty() && !found.why.en.is_empty());
    }
    let nowhere = Selector::default();
    assert_eq!(grade(&told("other/person"), &book, &nowhere, ON).unwrap().strength, Strength::Void);
}

#[test]
fn files_that_are_taken() {
    let book = Rulebook::embedded();
    let mut rule = book.pick::<FileRule>("evidence_file", &here(), ON).unwrap().params;
    rule.max_bytes = 10;
    let cases: [(&str, &[u8], &str); 6] = [
        ("image/jpeg", b"\xff\xd8\xff\xe0", "ok"),
        ("text/plain", b"anything", "ok"),
        ("image/jpeg", b"", "evidence.empty_file"),
        ("image/jpeg", b"\xff\xd8\xff\xe0 and more", "evidence.too_large"),
        ("application/x-sh", b"#!/bin/sh", "evidence.media_type"),
        ("image/png", b"\xff\xd8\xff\xe0", "evidence.not_its_type"),
    ];
    for (media, bytes, expect) in cases {
        let found = check_file(media, bytes, &rule)
            .map_or_else(|refusal| crate::refusal::Refuse::code(&refusal), |()| "ok");
        assert_eq!(found, expect, "{media} {bytes:?}");
    }
}

#[test]
fn kept_for_the_longest_time_that_a_rule_asks() {
    let book = Rulebook::embedded();
    let (rule, id) = retention(EvidenceKind::CallRecord, &book, &here(), ON).unwrap();
    assert_eq!((rule.class.as_str(), rule.years, id.as_str()), ("claim", 20, "cn.evidence.retention"));
}
