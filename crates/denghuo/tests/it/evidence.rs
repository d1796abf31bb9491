//! Proofs at the command line: handed in once, told without personal data, exported, and checked by a copy of the program in
//! an empty folder.

use crate::site::Site;
use std::path::Path;
use std::process::Command;

const RECEIPT: &[&str] = &[
    "evidence",
    "add",
    "A1",
    "--subject",
    "notice:1",
    "--kind",
    "signed_receipt",
    "--file",
    "receipt.jpg",
    "--at",
    "2026-09-08T10:30",
    "--place",
    "昌邑市城关街道1号",
    "--signer",
    "王某某",
    "--signer-role",
    "self",
    "--by",
    "S001",
];

fn site() -> Site {
    let site = Site::new();
    site.ok(&["init"]);
    site.conn()
        .batch(
            "INSERT INTO org (org_id, code, name, kind) VALUES (1, 'P', '城关供电所', 'station'); \
             INSERT INTO staff (staff_id, code, name, org_id, role, from_on) VALUES (1, 'S001', '', 1, 'collector', 20200101); \
             INSERT INTO customer (customer_id, code, kind, name) VALUES (1, 'C1', 'person', '甲'); \
             INSERT INTO account (account_id, account_no, customer_id, org_id, route_id, address, opened_on) \
             VALUES (1, 'A1', 1, 1, 1, '城关街道1号', 20200101)",
        )
        .expect("an account");
    site.write("receipt.jpg", b"\xff\xd8\xff\xe0 signed");
    site
}

#[test]
fn a_proof_is_handed_in_once_and_told_without_personal_data() {
    let site = site();
    let first = site.ok(RECEIPT);
    assert!(first.contains("签收回执") && first.contains("强"), "{first}");
    assert_eq!(site.ok(RECEIPT), first, "the same again is the same");
    let list = site.ok(&["evidence", "list", "A1", "--subject", "notice:1"]);
    assert!(list.contains("王**") && !list.contains("王某某") && list.contains("已证明送达"), "{list}");
    assert!(site.ok(&["evidence", "list", "A1", "--unmask"]).contains("王某某"));
    let json = site.ok(&["evidence", "list", "A1", "--json"]);
    let rows: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(rows["evidence"].as_array().map(Vec::len), Some(1));
    assert!(!json.contains("王某某"));
    let shown = site.ok(&["evidence", "show", "A1", "1"]);
    assert!(shown.contains("cn.evidence.receipt.person") && shown.contains("第8条"), "{shown}");
    site.ok(&["evidence", "file", "A1", "1", "-o", "again.jpg"]);
    assert_eq!(std::fs::read(site.path("again.jpg")).expect("the file"), b"\xff\xd8\xff\xe0 signed");
    for (args, code) in [
        (&["evidence", "show", "A1", "9"][..], "evidence.unknown"),
        (&["evidence", "export", "A1", "cut:1", "-o", "x.zip", "--no-pdf"], "evidence.unknown_case"),
        (
            &[
                "evidence",
                "add",
                "A1",
                "--subject",
                "notice:1",
                "--kind",
                "photo",
                "--at",
                "2999-01-01T00:00",
                "--by",
                "S001",
            ],
            "evidence.in_the_future",
        ),
        (
            &[
                "evidence",
                "add",
                "A1",
                "--subject",
                "notice:1",
                "--kind",
                "photo",
                "--file",
                "site.db",
                "--at",
                "2026-01-05T00:00",
                "--by",
                "S001",
            ],
            "evidence.media_type",
        ),
        (&["evidence", "verify", "nothing.zip"], "bundle.file_system"),
    ] {
        let (ok, _, err) = site.run(args);
        assert!(!ok && err.contains(code), "{args:?}: {err}");
    }
    let day = site.ok(&["day", "--date", "2026-09-08"]);
    let anchors = site.ok(&["evidence", "anchors"]);
    assert!(anchors.starts_with("2026-09-08"), "{day}\n{anchors}");
    site.ok(&["verify"]);
}

/// A copy of the program alone in a folder, without a database.
fn alone(folder: &Path, args: &[&str]) -> (bool, String) {
    let program = folder.join("denghuo");
    let original = env!("CARGO_BIN_EXE_denghuo");
    if !program.exists() && std::fs::hard_link(original, &program).is_err() {
        std::fs::copy(original, &program).expect("a copy of the program");
    }
    let output = Command::new(program)
        .current_dir(folder)
        .env_remove("DENGHUO_DB")
        .env("DENGHUO_LANG", "en")
        .args(args)
        .output()
        .expect("it runs");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Acceptance: a bundle is proved by a copy of the program that has no database; fifty random changes of a byte are each
/// found and named, and the exit code says so.
#[test]
fn a_bundle_is_checked_without_a_database_and_fifty_changed_bytes_are_found() {
    let site = site();
    site.ok(RECEIPT);
    site.ok(&["day", "--date", "2026-09-08"]);
    let export = |name: &str| {
        let told = site.ok(&["evidence", "export", "A1", "-o", name, "--date", "2026-09-09", "--json"]);
        let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
        told["digest"].as_str().expect("a digest").to_owned()
    };
    let digest = export("case.zip");
    let bytes = std::fs::read(site.path("case.zip")).expect("a bundle");
    assert_eq!(export("again.zip"), digest);
    assert!(
        bytes == std::fs::read(site.path("again.zip")).expect("a bundle"),
        "the same state gives the same bytes"
    );
    let folder = tempfile::tempdir().expect("an empty folder");
    let path = folder.path().join("case.zip");
    std::fs::write(&path, &bytes).expect("a copy");
    let (ok, told) = alone(folder.path(), &["evidence", "verify", "case.zip", "--digest", &digest]);
    assert!(ok && told.contains(&digest) && told.contains("1 proofs hashed again"), "{told}");
    let mut seed = 20_260_908_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for round in 0..50 {
        let at = next(bytes.len());
        let mut changed = bytes.clone();
        changed[at] ^= 1 << next(8);
        std::fs::write(&path, &changed).expect("a changed copy");
        let (ok, told) = alone(folder.path(), &["evidence", "verify", "case.zip"]);
        let named = told.lines().next().unwrap_or_default().to_owned();
        assert!(!ok && named.contains(": "), "round {round}, byte {at}: {told}");
    }
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).expect("the folder").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left.len(), 2, "no database was made: {left:?}");
}
