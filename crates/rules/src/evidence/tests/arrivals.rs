//! 送达的证明 in tables: which proofs together show an arrival, and on which day.

use super::{ON, here};
use crate::evidence::*;
use crate::rulebook::Rulebook;

fn proofs(text: &str) -> Vec<Proof> {
    let one = |(n, word): (usize, &str)| {
        let (kind, rest) = word.split_once('=').unwrap();
        let (strength, day) = rest.split_once('@').unwrap();
        Proof {
            evidence_no: n as i64 + 1,
            kind: EvidenceKind::from_word(kind).unwrap(),
            strength: Strength::from_word(strength).unwrap(),
            happened_at: format!("2026-09-{day}T10:00:00").parse().unwrap(),
        }
    };
    text.split_whitespace().enumerate().map(one).collect()
}

#[test]
fn what_shows_an_arrival() {
    let book = Rulebook::embedded();
    // proofs, of a demand, of a stop-plan notice
    let cases = [
        ("", "no", "no"),
        ("signed_receipt=strong@01", "01 [1]", "01 [1]"),
        ("signed_receipt=weak@01", "no", "no"),
        // A call proves a demand, not the notice of a cut.
        ("call_record=medium@01", "01 [1]", "no"),
        // The earliest of several counts.
        ("waybill=medium@05 signed_receipt=strong@03", "03 [2]", "03 [2]"),
        ("waybill=weak@01 signed_receipt=strong@03", "03 [2]", "03 [2]"),
        // What is weak alone may do together; then the last of them counts.
        ("refusal_record=weak@01 photo=weak@02", "02 [1, 2]", "02 [1, 2]"),
        ("refusal_record=weak@01 witness_statement=weak@01", "01 [1, 2]", "01 [1, 2]"),
        ("refusal_record=weak@01 waybill=weak@04", "04 [1, 2]", "04 [1, 2]"),
        ("refusal_record=weak@01 waybill=void@04", "no", "no"),
        ("refusal_record=void@01 photo=weak@01", "no", "no"),
        ("photo=weak@01 witness_statement=weak@01", "no", "no"),
        ("posting=medium@01", "no", "no"),
        ("electronic_delivery=medium@02", "02 [1]", "02 [1]"),
        ("electronic_delivery=weak@02 electronic_delivery=weak@03", "no", "no"),
    ];
    for (text, demand, stop_plan) in cases {
        for (notice, expect) in [("demand", demand), ("stop_plan", stop_plan)] {
            let found = proves_arrival(&proofs(text), &book, &here().with("notice", notice), ON).unwrap();
            let shown = match found.arrived_at {
                Some(at) => format!("{:02} {:?}", at.day(), found.evidence_nos),
                None => "no".to_owned(),
            };
            assert_eq!((shown.as_str(), found.proved), (expect, expect != "no"), "{text} of {notice}");
            assert!(found.rules.iter().any(|id| id.starts_with("cn.evidence.arrival")));
        }
    }
}
