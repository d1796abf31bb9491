use super::*;
use denghuo_rules::evidence::Field;
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_store::Store;
use denghuo_store::testing::on_each_engine;
use jiff::civil::date;

fn work(book: &Rulebook) -> Work<'_> {
    Work {
        book,
        site: Selector::in_jurisdictions(&["cn", "sgcc"]),
        by: "S001".to_owned(),
        now: 1_770_000_000_000,
    }
}

/// A database with a person (account 1) and an enterprise (account 2).
fn two_accounts(store: &Store) -> Conn {
    let mut conn = store.connect().unwrap();
    conn.batch(
        "INSERT INTO customer (customer_id, code, kind, name) VALUES (1, 'C1', 'person', '甲'), (2, 'C2', 'enterprise', '乙'); \
         INSERT INTO account (account_id, account_no, customer_id, org_id, route_id, address, opened_on) \
         VALUES (1, 'A1', 1, 1, 1, '', 20200101), (2, 'A2', 2, 1, 1, '', 20200101)",
    )
    .unwrap();
    conn
}

fn receipt(subject: &str) -> NewEvidence {
    let at = date(2026, 9, 8).at(10, 30, 0, 0);
    NewEvidence {
        signer: Some("甲".to_owned()),
        signer_role: Some(SignerRole::Oneself),
        place: Some("城关街1号".to_owned()),
        file: Some(NewFile {
            name: "receipt.jpg".to_owned(),
            media_type: "image/jpeg".to_owned(),
            bytes: b"\xff\xd8\xff\xe0 a receipt".to_vec(),
        }),
        ..NewEvidence::new(EvidenceKind::SignedReceipt, subject, at, "S001")
    }
}

#[test]
fn proofs_are_graded_and_chained_once() {
    let book = Rulebook::embedded();
    on_each_engine(|store| {
        let mut conn = two_accounts(store);
        let work = work(&book);
        assert_eq!(evidence_add(&mut conn, &work, 1, &receipt("notice:1")).unwrap(), 1);
        assert_eq!(evidence_add(&mut conn, &work, 1, &receipt("notice:2")).unwrap(), 2);
        // The same again, by whoever and whenever, is the same.
        let other = Work { by: "S002".to_owned(), now: work.now + 1, ..work.clone() };
        assert_eq!(evidence_add(&mut conn, &other, 1, &receipt("notice:1")).unwrap(), 1);
        assert_eq!(evidence_add(&mut conn, &work, 2, &receipt("notice:1")).unwrap(), 1);
        let chain = evidence::chains(&mut conn, Range { from: 1, to: 1 }).unwrap();
        assert_eq!(chain.len(), 2);
        assert_eq!((chain[0].previous_hash.as_str(), &chain[1].previous_hash), (GENESIS, &chain[0].hash));
        assert_eq!(sha256_hex(chain[1].canonical().as_bytes()), chain[1].hash);
        assert_eq!((chain[0].strength.as_str(), chain[0].retention.as_str()), ("strong", "claim"));
        // He is no signer of an enterprise.
        assert_eq!(evidence_of(&mut conn, 2, "notice:1").unwrap()[0].strength, "medium");
        let files =
            conn.query_int("SELECT COUNT(*) FROM evidence_file WHERE account_id = $1", &[1.into()]).unwrap();
        assert_eq!(files, 1);
        let arrival =
            evidence_proves_arrival(&mut conn, &work, 1, ("notice:2", Some("stop_plan")), date(2026, 9, 9))
                .unwrap();
        assert_eq!((arrival.proved, arrival.evidence_nos), (true, vec![2]));
    });
}

#[test]
fn what_is_not_taken() {
    let book = Rulebook::embedded();
    on_each_engine(|store| {
        let mut conn = two_accounts(store);
        let work = work(&book);
        let mut cases = vec![(9, receipt("notice:1"), "evidence.unknown_account")];
        for subject in ["notice", "notice:", "Notice:1", "notice:x", "notice:1:", ":1"] {
            cases.push((1, receipt(subject), "evidence.bad_subject"));
        }
        cases.push((
            1,
            NewEvidence { made_by: " ".to_owned(), ..receipt("notice:1") },
            "evidence.empty_field",
        ));
        let mut png = receipt("notice:1");
        png.file.as_mut().unwrap().media_type = "image/png".to_owned();
        cases.push((1, png, "evidence.not_its_type"));
        for (account, new, code) in cases {
            let error = evidence_add(&mut conn, &work, account, &new).unwrap_err();
            assert_eq!(error.code(), Some(code), "{new:?}");
        }
        assert_eq!(evidence::last_link(&mut conn, 1).unwrap(), None);
    });
}

/// A change of one value of a column, in SQL for its type; what was absent gets a value.
fn changed(column: &str, is_text: bool) -> String {
    if is_text { format!("COALESCE({column}, '') || 'x'") } else { format!("COALESCE({column}, 0) + 1") }
}

/// Every change of one value of one link, file or anchor is found, whichever it is.
#[test]
fn any_change_of_one_value_is_found() {
    let book = Rulebook::embedded();
    on_each_engine(|store| {
        let mut conn = two_accounts(store);
        let work = work(&book);
        for subject in ["notice:1", "notice:2"] {
            evidence_add(&mut conn, &work, 1, &receipt(subject)).unwrap();
            evidence_add(&mut conn, &work, 2, &receipt(subject)).unwrap();
        }
        for (n, day) in (1..).zip([date(2026, 9, 8), date(2026, 9, 9)]) {
            evidence_anchor(&mut conn, day).unwrap();
            evidence_add(&mut conn, &work, 1, &receipt(&format!("cut:{n}"))).unwrap();
        }
        assert!(crate::verify::verify(&mut conn, &work).unwrap().ok);
        let names: Vec<(&str, bool)> = Record::default()
            .fields()
            .into_iter()
            .map(|(name, value)| (name, !matches!(value, Field::Int(_)) && name != "designated_on"))
            .chain([("hash", true)])
            .collect();
        let link = |(column, text): &(&str, bool)| {
            (1..=4)
                .map(|no| {
                    format!(
                        "UPDATE evidence SET {column} = {} WHERE account_id = 1 AND evidence_no = {no}",
                        changed(column, *text)
                    )
                })
                .collect::<Vec<_>>()
        };
        let mut deeds: Vec<String> = names.iter().flat_map(link).collect();
        let others = [
            ("evidence_file", "file_hash", true),
            ("evidence_file", "account_id", false),
            ("evidence_anchor", "anchored_on", false),
            ("evidence_anchor", "chains", false),
            ("evidence_anchor", "digest", true),
            ("evidence_anchor", "previous", true),
            ("evidence_anchor_chain", "account_id", false),
            ("evidence_anchor_chain", "anchored_on", false),
            ("evidence_anchor_chain", "evidence_no", false),
            ("evidence_anchor_chain", "hash", true),
            ("evidence_unanchored", "account_id", false),
            ("evidence_unanchored", "evidence_no", false),
        ];
        deeds.extend(others.map(|(table, column, text)| {
            format!("UPDATE {table} SET {column} = {} WHERE account_id = 1", changed(column, text)).replace(
                if table == "evidence_anchor" { " WHERE account_id = 1" } else { "\0" },
                " WHERE anchored_on = 20260909",
            )
        }));
        for deed in deeds {
            let result = conn.write(|conn| {
                let done = conn.batch(&deed);
                let ok = done.is_ok() && crate::verify::verify(conn, &work).unwrap().ok;
                Err::<(), _>(StoreError::Corrupt(if ok { "not found" } else { "found" }.to_owned()))
            });
            assert!(
                matches!(&result, Err(StoreError::Corrupt(told)) if told == "found"),
                "{deed}: {result:?}"
            );
        }
        assert!(crate::verify::verify(&mut conn, &work).unwrap().ok);
    });
}
