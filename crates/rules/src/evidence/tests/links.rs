//! The canonical text: no two links have the same one.

use crate::evidence::{GENESIS, Record, anchor_text};
use proptest::prelude::*;

fn record() -> Record {
    Record {
        account_id: 7,
        evidence_no: 1,
        subject: "notice:3".to_owned(),
        kind: "signed_receipt".to_owned(),
        strength: "strong".to_owned(),
        happened_at: 20_260_908_103_000,
        place: Some("城关\nsigner=1:x".to_owned()),
        made_by: "S001".to_owned(),
        retention: "claim".to_owned(),
        rules: "cn.evidence.receipt.person".to_owned(),
        recorded_by: "S001".to_owned(),
        previous_hash: GENESIS.to_owned(),
        ..Record::default()
    }
}

#[test]
fn the_form_is_the_one_of_the_documentation() {
    insta::assert_snapshot!(record().canonical());
    insta::assert_snapshot!(anchor_text(
        20_260_908,
        GENESIS,
        &[(7, 1, "ab".to_owned()), (9, 4, "cd".to_owned())]
    ));
}

proptest! {
    /// Texts that hold line breaks, equal signs and lengths are not taken for other fields.
    #[test]
    fn different_links_have_different_texts(
        a in proptest::option::of("[-=:0-9a-z\n]{0,12}"), b in proptest::option::of("[-=:0-9a-z\n]{0,12}"),
        c in proptest::option::of("[-=:0-9a-z\n]{0,12}"), d in proptest::option::of("[-=:0-9a-z\n]{0,12}"),
    ) {
        let one = Record { place: a.clone(), signer: b.clone(), ..record() };
        let other = Record { place: c.clone(), signer: d.clone(), ..record() };
        prop_assert_eq!((a, b) == (c, d), one.canonical() == other.canonical());
    }
}
