//! 证据包: an account's everything as files; every changed, missing or added byte is named, without a database.

use super::engines::lived;
use super::world::{World, work};
use denghuo_office::evidence::{
    BundleCheck, CaseKey, CaseOrder, Known, NewEvidence, NewFile, Sealed, check_bundle, evidence_add,
    evidence_anchor, evidence_export,
};
use denghuo_office::notices::{NoticeOrder, notice_request};
use denghuo_office::ports::{Papers, PortError};
use denghuo_rules::derivation::Language;
use denghuo_rules::evidence::{EvidenceKind, SignerRole};
use denghuo_rules::notices::NoticeKind;
use denghuo_rules::units::Money;
use denghuo_store::Store;
use denghuo_store::testing::on_each_engine;
use std::path::Path;

/// Prints nothing but its data.
struct Plain;

impl Papers for Plain {
    fn pdf(&self, template: &str, data: &str) -> Result<Vec<u8>, PortError> {
        Ok(format!("%PDF-1.7 {template} {data}").into_bytes())
    }
}

/// A demand of the first account's first bill, signed for, under an anchor; a refusal that waits for the next.
fn proven(store: &Store) -> (World, i64) {
    let mut world = lived(store);
    let on = world.on;
    let work = work("S001");
    let order = NoticeOrder {
        account_id: 1,
        kind: NoticeKind::Demand,
        subject: "bill:1".to_owned(),
        bill_no: 1,
        due_by: on,
        deadline_on: Some(on),
        amount: Money::yuan(1),
        fee: Money::ZERO,
        content: serde_json::json!({ "bills": [{ "bill_no": 1 }, { "bill_no": 2 }] }),
        rules: vec!["cn.disconnection_overdue".to_owned()],
    };
    let notice_no = world.conn.write(|conn| notice_request(conn, &work, &order, on)).expect("a notice");
    let subject = format!("notice:{notice_no}");
    let scan = |n: u8| NewFile {
        name: format!("{n}.jpg"),
        media_type: "image/jpeg".to_owned(),
        bytes: [b"\xff\xd8\xff\xe0".to_vec(), vec![n; 300]].concat(),
    };
    let mut add = |kind, subject: &str, n: u8| {
        let new = NewEvidence {
            signer: Some("甲".to_owned()),
            signer_role: Some(SignerRole::Oneself),
            place: Some("城关街1号".to_owned()),
            file: Some(scan(n)),
            ..NewEvidence::new(kind, subject, on.at(10, i8::try_from(n).expect("a minute"), 0, 0), "S001")
        };
        evidence_add(&mut world.conn, &work, 1, &new).expect("a proof")
    };
    add(EvidenceKind::SignedReceipt, &subject, 1);
    add(EvidenceKind::Photo, &subject, 2);
    add(EvidenceKind::Other, "account:1", 3);
    evidence_anchor(&mut world.conn, on).expect("an anchor");
    let late = NewEvidence::new(EvidenceKind::CallRecord, &subject, on.at(11, 0, 0, 0), "S001");
    evidence_add(&mut world.conn, &work, 1, &late).expect("a proof");
    (world, notice_no)
}

fn export(world: &mut World, case: CaseKey) -> Sealed {
    let order = CaseOrder {
        account_id: 1,
        case,
        on: world.on,
        language: Language::Chinese,
        product: "denghuo test",
        papers: Some(&Plain),
    };
    evidence_export(&mut world.conn, &work("system"), &order).expect("a bundle")
}

fn told(check: &BundleCheck) -> String {
    check.flaws.iter().map(|flaw| format!("{}: {}\n", flaw.file, flaw.what.en)).collect()
}

fn check(path: &Path) -> BundleCheck {
    check_bundle(path, &Known::default()).expect("a readable path")
}

/// Digests change with every rule: what is told of a bundle without them.
fn without_digests(text: &str) -> String {
    let mut rest = text;
    let mut out = String::new();
    while let Some(at) = rest.find(|c: char| c.is_ascii_hexdigit()) {
        let end = rest[at..].find(|c: char| !c.is_ascii_hexdigit()).map_or(rest.len(), |n| at + n);
        out.push_str(&rest[..at]);
        out.push_str(if end - at == 64 { "DIGEST" } else { &rest[at..end] });
        rest = &rest[end..];
    }
    out + rest
}

/// Numbers that are the same for one seed.
fn number(seed: u64, below: usize) -> usize {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) % below as u64) as usize
}

#[test]
fn a_bundle_proves_itself_and_is_the_same_every_time_on_both_databases() {
    let folder = tempfile::tempdir().unwrap();
    let bundles = std::cell::RefCell::new(Vec::new());
    on_each_engine(|store| {
        let (mut world, notice_no) = proven(store);
        for case in [CaseKey::Account, CaseKey::Notice(notice_no)] {
            let sealed = export(&mut world, case);
            assert_eq!(sealed, export(&mut world, case));
            bundles.borrow_mut().push((case.to_string(), sealed.clone()));
            for name in ["bundle.zip", "bundle"] {
                let path = folder.path().join(name);
                sealed.write(&path).unwrap();
                let found = check(&path);
                assert!(found.ok, "{}", told(&found));
                assert_eq!(found.digest.as_deref(), Some(sealed.digest.as_str()));
                assert_eq!((found.proofs, found.files), (4, sealed.files.len()));
                let known = Known { digest: Some(sealed.digest.to_uppercase()), anchor: None };
                assert!(check_bundle(&path, &known).unwrap().ok);
                let index = String::from_utf8(sealed.files["index.pdf"].clone()).unwrap();
                assert!(index.contains(found.content_digest.as_deref().unwrap()));
                let _ = std::fs::remove_dir_all(&path);
                let _ = std::fs::remove_file(&path);
            }
        }
    });
    let bundles = bundles.into_inner();
    let other = bundles[2..].iter().zip(&bundles);
    for ((case, there), (_, here)) in other {
        let differing: Vec<_> = here
            .files
            .iter()
            .filter(|(path, bytes)| there.files.get(*path) != Some(bytes))
            .map(|f| f.0)
            .collect();
        assert_eq!(here, there, "{case} differs between the databases in {differing:?}");
    }
    let files: Vec<&str> = bundles[1].1.files.keys().map(String::as_str).collect();
    insta::assert_snapshot!(without_digests(&files.join("\n")));
    let text = String::from_utf8(bundles[1].1.files["index.txt"].clone()).unwrap();
    insta::assert_snapshot!(without_digests(&text));
}

/// Acceptance: fifty random changes of one byte in an archive, and fifty in a folder, are each found and named.
#[test]
fn each_of_fifty_random_byte_changes_is_found_and_named() {
    let store = denghuo_store::testing::sqlite().unwrap();
    let sealed = export(&mut proven(&store.store).0, CaseKey::Account);
    let folder = tempfile::tempdir().unwrap();
    let archive = sealed.archive().unwrap();
    let path = folder.path().join("bundle.zip");
    for seed in 0..50 {
        let mut bytes = archive.clone();
        let at = number(seed, bytes.len());
        bytes[at] ^= 1 << number(seed + 1000, 8);
        std::fs::write(&path, &bytes).unwrap();
        let found = check(&path);
        assert!(!found.ok && !found.flaws.is_empty(), "seed {seed}, byte {at}");
        // The byte lies in one file of the archive, or in its frame.
        let inside = sealed.files.iter().find(|(_, content)| {
            let start = archive.windows(content.len()).position(|part| part == content.as_slice()).unwrap();
            (start..start + content.len()).contains(&at)
        });
        let expect = inside.map_or("(archive)", |(path, _)| path.as_str());
        assert!(
            found.flaws.iter().any(|flaw| flaw.file == expect) || inside.is_none(),
            "seed {seed}, byte {at} of {expect}: {}",
            told(&found)
        );
    }
    let path = folder.path().join("bundle");
    sealed.write(&path).unwrap();
    let names: Vec<&String> = sealed.files.keys().collect();
    for seed in 0..50 {
        let name = names[number(seed, names.len())];
        let mut bytes = sealed.files[name].clone();
        let at = number(seed + 500, bytes.len());
        bytes[at] ^= 1 << number(seed + 1000, 8);
        std::fs::write(path.join(name), &bytes).unwrap();
        let found = check(&path);
        assert!(
            found.flaws.iter().any(|flaw| flaw.file == *name),
            "seed {seed}, byte {at} of {name}: {}",
            told(&found)
        );
        std::fs::write(path.join(name), &sealed.files[name]).unwrap();
    }
    assert!(check(&path).ok);
}

#[test]
fn every_file_counts_and_a_new_list_over_forged_facts_does_not_help() {
    let store = denghuo_store::testing::sqlite().unwrap();
    let sealed = export(&mut proven(&store.store).0, CaseKey::Account);
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("bundle");
    sealed.write(&at).unwrap();
    assert!(sealed.write(&at).is_err(), "a folder that holds something is not written over");
    let named = |name: &str, what: &str| {
        let found = told(&check(&at));
        assert!(found.contains(&format!("{name}: {what}")), "{name} {what}: {found}");
    };
    for (name, bytes) in &sealed.files {
        std::fs::remove_file(at.join(name)).unwrap();
        named(name, "it is missing");
        std::fs::write(at.join(name), bytes).unwrap();
    }
    std::fs::write(at.join("files/more.txt"), "x").unwrap();
    named("files/more.txt", "it was added");
    std::fs::remove_file(at.join("files/more.txt")).unwrap();
    // Facts forged by somebody who can hash, too: what the files say of each other does not agree.
    for (name, old, new, what) in [
        ("case.json", "\"amount\": \"", "\"amount\": \"9", "bill 1 is not the sum of its lines"),
        ("case.json", "\"principal\": \"", "\"principal\": \"9", "the claim is not the sum of its bills"),
        ("chain.json", "城关街1号", "城关街2号", "the values of proof 1 do not come to its hash"),
        (
            "chain.json",
            "\"evidence_no\": 1,",
            "\"evidence_no\": 7,",
            "proof 7 does not follow the one before",
        ),
        ("anchors.json", "\"chains\": 1", "\"chains\": 2", "the chains of the anchor of"),
        ("index.json", "\"hash\": \"", "\"hash\": \"0", "item 1 is not what the chain says"),
    ] {
        let text = String::from_utf8(sealed.files[name].clone()).unwrap();
        let place = text.find(if old.contains("principal") { "\"claim\"" } else { "[" }).unwrap();
        let forged = text[..place].to_owned() + &text[place..].replacen(old, new, 1);
        assert_ne!(text, forged, "{old}");
        let mut files = sealed.files.clone();
        files.insert(name.to_owned(), forged.into_bytes());
        let again = resealed(files);
        for (name, bytes) in &again {
            std::fs::write(at.join(name), bytes).unwrap();
        }
        named(name, what);
        let known = Known { digest: Some(sealed.digest.clone()), anchor: None };
        let found = told(&check_bundle(&at, &known).unwrap());
        assert!(found.contains("it has not the digest that was printed"), "{found}");
    }
    let known = Known { digest: None, anchor: Some("ab".repeat(32)) };
    assert!(
        told(&check_bundle(&at, &known).unwrap()).contains("the anchor that was given is not among them")
    );
}

/// The files with a list made anew.
fn resealed(
    mut files: std::collections::BTreeMap<String, Vec<u8>>,
) -> std::collections::BTreeMap<String, Vec<u8>> {
    use denghuo_office::evidence::sha256_hex;
    let mut manifest: serde_json::Value = serde_json::from_slice(&files["MANIFEST.json"]).expect("a bundle");
    for listed in manifest["files"].as_array_mut().expect("a bundle") {
        let bytes = &files[listed["path"].as_str().expect("a bundle")];
        listed["size"] = bytes.len().into();
        listed["sha256"] = sha256_hex(bytes).into();
    }
    let mut bytes = serde_json::to_vec_pretty(&manifest).expect("a bundle");
    bytes.push(b'\n');
    files.insert(
        "MANIFEST.sha256".to_owned(),
        format!("{}  MANIFEST.json\n", sha256_hex(&bytes)).into_bytes(),
    );
    files.insert("MANIFEST.json".to_owned(), bytes);
    files
}
