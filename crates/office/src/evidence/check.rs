//! 离线核验: proves a bundle with nothing but its own bytes, and what is known of it from elsewhere.

use super::anchor::anchor_digest;
use super::bundle::{
    ARCHIVE, Bundle, BundleError, BundleHead, DIGEST, MANIFEST, Manifest, Read, archive_of, content_digest,
    digest_line, manifest_bytes, read, unpack,
};
use super::index::Item;
use super::sha256_hex;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::evidence::{GENESIS, Record};
use denghuo_rules::units::Money;
use denghuo_store::evidence::Head;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// What is known of a bundle from elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The digest that was printed when it was made.
    pub digest: Option<String>,
    /// The digest of an anchor that somebody outside kept.
    pub anchor: Option<String>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// The file, or `(archive)` for the frame of the archive.
    pub file: String,
    /// What is wrong with it.
    pub what: Bilingual,
}

/// What a bundle came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BundleCheck {
    /// Is everything as it was made?
    pub ok: bool,
    /// What it is about, when that can be read.
    pub head: Option<BundleHead>,
    /// SHA-256 of the list as it is: to be compared with the printed one.
    pub digest: Option<String>,
    /// The digest that stands on the printed index.
    pub content_digest: Option<String>,
    /// Files looked at.
    pub files: usize,
    /// Links of the chain that were hashed again.
    pub proofs: usize,
    /// Everything that is wrong.
    pub flaws: Vec<Flaw>,
}

/// The parts of a bundle that are read, and the flaws found.
struct Checker {
    files: Bundle,
    head: Option<BundleHead>,
    proofs: usize,
    flaws: Vec<Flaw>,
}

/// Checks a bundle: a folder or an archive. It needs no database and no rulebook.
///
/// # Errors
/// The path cannot be read at all; whatever is wrong with the bundle is a [`Flaw`].
pub fn check_bundle(path: &Path, known: &Known) -> Result<BundleCheck, BundleError> {
    Ok(check(read(path)?, known))
}

/// Checks the bytes of an archive.
#[must_use]
pub fn check_archive(bytes: Vec<u8>, known: &Known) -> BundleCheck {
    check(unpack(bytes), known)
}

fn check(found: Read, known: &Known) -> BundleCheck {
    let Read { files, archive, places, unreadable } = found;
    let mut checker = Checker { files, head: None, proofs: 0, flaws: Vec::new() };
    for (file, why) in unreadable {
        let what = Bilingual::new(format!("无法读取:{why}"), format!("it cannot be read: {why}"));
        checker.flaws.push(Flaw { file, what });
    }
    checker.list();
    checker.contents();
    checker.known(known);
    if let Some(bytes) = archive.filter(|_| checker.flaws.is_empty()) {
        checker.frame(&bytes, &places);
    }
    let digest = checker.files.get(MANIFEST).map(|bytes| sha256_hex(bytes));
    let content = checker.head.as_ref().map(|head| content_digest(head, &checker.files));
    BundleCheck {
        ok: checker.flaws.is_empty(),
        head: checker.head,
        digest,
        content_digest: content,
        files: checker.files.len(),
        proofs: checker.proofs,
        flaws: checker.flaws,
    }
}

/// Where two texts first differ.
fn first_difference(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).position(|(a, b)| a != b).unwrap_or(one.len().min(other.len()))
}

/// The case and its amounts, as far as they are computed again.
#[derive(Deserialize)]
struct CaseFile {
    bills: Vec<CaseBill>,
    claim: Claim,
    tables: BTreeMap<String, Vec<serde_json::Map<String, Value>>>,
}

#[derive(Deserialize)]
struct CaseBill {
    bill_no: i64,
    amount: Money,
    open: Money,
    lines: Vec<CaseLine>,
}

#[derive(Deserialize)]
struct CaseLine {
    amount: Money,
}

#[derive(Deserialize)]
struct Claim {
    bills: Vec<Claimed>,
    principal: Money,
    late_fee: Money,
    total: Money,
}

#[derive(Deserialize)]
struct Claimed {
    bill_no: i64,
    open: Money,
    late_fee: Money,
}

#[derive(Deserialize)]
struct ChainFile {
    links: Vec<Record>,
}

#[derive(Deserialize)]
struct AnchorEntry {
    anchored_on: i64,
    chains: i64,
    digest: String,
    previous: String,
    heads: Option<Vec<Head>>,
}

impl Checker {
    fn flaw(&mut self, file: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.flaws.push(Flaw { file: file.to_owned(), what: Bilingual::new(zh, en) });
    }

    /// A file of JSON; nothing, and a flaw unless it has one, when it is absent or cannot be read.
    fn json<T: for<'de> Deserialize<'de>>(&mut self, file: &str) -> Option<T> {
        let bytes = self.files.get(file)?;
        match serde_json::from_slice(bytes) {
            Ok(value) => Some(value),
            Err(error) => {
                if !self.flaws.iter().any(|flaw| flaw.file == file) {
                    self.flaw(file, format!("格式错误:{error}"), format!("it has not its form: {error}"));
                }
                None
            }
        }
    }

    /// The list, its digest, and every file against the list.
    fn list(&mut self) {
        let case: Option<Value> =
            self.files.get("case.json").and_then(|bytes| serde_json::from_slice(bytes).ok());
        self.head = case.and_then(|case| serde_json::from_value(case.get("head")?.clone()).ok());
        let Some(actual) = self.files.get(MANIFEST).cloned() else {
            return self.flaw(MANIFEST, "缺失", "it is missing");
        };
        let parsed: Option<Manifest> = serde_json::from_slice(&actual).ok();
        if !self.list_and_digest(&actual, parsed.as_ref()) {
            return;
        }
        let Some(manifest) = parsed else {
            return self.flaw(MANIFEST, "格式错误", "it has not its form");
        };
        self.against(&manifest);
        if self.head.is_none() {
            self.head = Some(manifest.head);
        }
    }

    /// Do the list and its digest agree, and if not, which of them was changed? False when the list is known to be wrong.
    fn list_and_digest(&mut self, actual: &[u8], parsed: Option<&Manifest>) -> bool {
        let Some(line) = self.files.get(DIGEST).cloned() else {
            self.flaw(DIGEST, "缺失", "it is missing");
            return true;
        };
        if line == digest_line(&sha256_hex(actual)) {
            return true;
        }
        let head = self.head.clone().or_else(|| parsed.map(|manifest| manifest.head.clone()));
        // The list as the files themselves would have it.
        let derived = head.map(|head| manifest_bytes(&head, self.files.iter()));
        match derived {
            Some(derived) if derived == actual => {
                let at = first_difference(&line, &digest_line(&sha256_hex(actual)));
                self.flaw(
                    DIGEST,
                    format!("第{at}字节起被改动"),
                    format!("it was changed, from byte {at} on"),
                );
                true
            }
            Some(derived) if line == digest_line(&sha256_hex(&derived)) => {
                let at = first_difference(actual, &derived);
                self.flaw(
                    MANIFEST,
                    format!("第{at}字节起被改动"),
                    format!("it was changed, from byte {at} on"),
                );
                false
            }
            _ => {
                self.flaw(MANIFEST, "与MANIFEST.sha256不一致", "it does not agree with MANIFEST.sha256");
                true
            }
        }
    }

    fn against(&mut self, manifest: &Manifest) {
        let mut flaws = Vec::new();
        for listed in &manifest.files {
            let (zh, en) = match self.files.get(&listed.path) {
                None if self.flaws.iter().any(|flaw| flaw.file == listed.path) => continue,
                None => ("缺失".to_owned(), "it is missing".to_owned()),
                Some(bytes) if bytes.len() as u64 != listed.size => (
                    format!("大小为{}字节,应为{}字节", bytes.len(), listed.size),
                    format!("it has {} bytes, not {}", bytes.len(), listed.size),
                ),
                Some(bytes) if sha256_hex(bytes) != listed.sha256 => {
                    ("内容被改动".to_owned(), "its content was changed".to_owned())
                }
                Some(_) => continue,
            };
            flaws.push((listed.path.clone(), zh, en));
        }
        for path in self.files.keys().filter(|path| *path != MANIFEST && *path != DIGEST) {
            if !manifest.files.iter().any(|listed| listed.path == *path) {
                flaws.push((path.clone(), "多出的文件".to_owned(), "it was added".to_owned()));
            }
        }
        for (path, zh, en) in flaws {
            self.flaw(&path, zh, en);
        }
        if self.head.as_ref().is_some_and(|head| *head != manifest.head) {
            self.flaw("case.json", "与清单的案件不一致", "it is about another case than the list");
        }
    }

    /// What the files say of each other: chain, anchors, index, amounts.
    fn contents(&mut self) {
        let chain: Option<ChainFile> = self.json("chain.json");
        let links = chain.map(|chain| chain.links).unwrap_or_default();
        self.chain(&links);
        if let Some(anchors) = self.json::<Vec<AnchorEntry>>("anchors.json") {
            self.anchors(&anchors, &links);
        }
        if let Some(items) = self.json::<Vec<Item>>("index.json") {
            self.index(&items, &links);
        }
        if let Some(case) = self.json::<CaseFile>("case.json") {
            self.amounts(&case);
        }
    }

    fn chain(&mut self, links: &[Record]) {
        let mut previous = GENESIS.to_owned();
        for (no, link) in (1..).zip(links) {
            self.proofs += 1;
            let place = link.evidence_no;
            if link.evidence_no != no
                || link.previous_hash != previous
                || link.account_id != links[0].account_id
            {
                self.flaw(
                    "chain.json",
                    format!("第{place}号证据与前一号不连续"),
                    format!("proof {place} does not follow the one before"),
                );
            } else if sha256_hex(link.canonical().as_bytes()) != link.hash {
                self.flaw(
                    "chain.json",
                    format!("第{place}号证据与其散列值不符"),
                    format!("the values of proof {place} do not come to its hash"),
                );
            }
            previous.clone_from(&link.hash);
        }
    }

    fn anchors(&mut self, anchors: &[AnchorEntry], links: &[Record]) {
        for (at, anchor) in anchors.iter().enumerate() {
            let day = anchor.anchored_on;
            if at > 0 && anchors[at - 1].digest != anchor.previous {
                self.flaw(
                    "anchors.json",
                    format!("{day}的锚点与前一锚点不连续"),
                    format!("the anchor of {day} does not follow the one before"),
                );
            }
            let Some(heads) = &anchor.heads else { continue };
            if heads.len() as i64 != anchor.chains
                || anchor_digest(day, &anchor.previous, heads) != anchor.digest
            {
                self.flaw(
                    "anchors.json",
                    format!("{day}的锚点与其证据链不符"),
                    format!("the chains of the anchor of {day} do not come to its digest"),
                );
            }
            let account = links.first().map(|link| link.account_id);
            let own = heads.iter().filter(|head| Some(head.0) == account);
            let broken: Vec<i64> = own
                .filter(|head| !links.iter().any(|link| link.evidence_no == head.1 && link.hash == head.2))
                .map(|head| head.1)
                .collect();
            for no in broken {
                self.flaw(
                    "chain.json",
                    format!("{day}锚定的第{no}号证据已不在链上"),
                    format!("proof {no}, anchored on {day}, is not in the chain any more"),
                );
            }
        }
    }

    fn index(&mut self, items: &[Item], links: &[Record]) {
        for item in items {
            let no = item.no;
            if let Some(of) = item.of.strip_prefix("evidence:") {
                let link = links.iter().find(|link| link.evidence_no.to_string() == of);
                if link.is_none_or(|link| link.hash != item.hash || link.file_hash != item.file_hash) {
                    self.flaw(
                        "index.json",
                        format!("第{no}项与证据链不符"),
                        format!("item {no} is not what the chain says"),
                    );
                }
            }
            let Some(path) = &item.file else { continue };
            let actual = self.files.get(path).map(|bytes| sha256_hex(bytes));
            if actual.is_some()
                && actual != item.file_hash
                && !self.flaws.iter().any(|flaw| flaw.file == *path)
            {
                self.flaw(path, "与证据链所载散列值不符", "it has not the hash that the chain tells");
            }
            if actual.is_none() && !self.flaws.iter().any(|flaw| flaw.file == *path) {
                self.flaw(path, "缺失", "it is missing");
            }
        }
    }

    /// A bill is the sum of its lines, what is open is the bill less what settled it, a claim is the sum of what is open.
    fn amounts(&mut self, case: &CaseFile) {
        let mut wrong = Vec::new();
        let allocations = case.tables.get("allocation").map_or(&[][..], Vec::as_slice);
        for bill in &case.bills {
            let no = bill.bill_no;
            if bill.lines.iter().map(|line| line.amount).sum::<Money>() != bill.amount {
                wrong.push((
                    format!("账单{no}不等于各行之和"),
                    format!("bill {no} is not the sum of its lines"),
                ));
            }
            let whole =
                |row: &serde_json::Map<String, Value>, name: &str| row.get(name).and_then(Value::as_i64);
            let of_it = allocations.iter().filter(|row| {
                whole(row, "bill_no") == Some(no) && row.get("kind").and_then(Value::as_str) == Some("energy")
            });
            let settled = of_it.filter_map(|row| whole(row, "amount_fen")).map(Money).sum::<Money>();
            if bill.amount - settled != bill.open {
                wrong.push((
                    format!("账单{no}的欠费不等于金额减已销账"),
                    format!("what is open of bill {no} is not its amount less what settled it"),
                ));
            }
            if !case.claim.bills.iter().any(|claimed| claimed.bill_no == no && claimed.open == bill.open) {
                wrong.push((
                    format!("账单{no}与主张金额不符"),
                    format!("the claim tells another amount of bill {no}"),
                ));
            }
        }
        let claim = &case.claim;
        let open = claim.bills.iter().map(|bill| bill.open).sum::<Money>();
        let fees = claim.bills.iter().map(|bill| bill.late_fee).sum::<Money>();
        if claim.bills.len() != case.bills.len()
            || (open, fees, open + fees) != (claim.principal, claim.late_fee, claim.total)
        {
            wrong.push((
                "主张金额不等于各账单之和".to_owned(),
                "the claim is not the sum of its bills".to_owned(),
            ));
        }
        for (zh, en) in wrong {
            self.flaw("case.json", zh, en);
        }
    }

    fn known(&mut self, known: &Known) {
        let same = |told: &str, digest: &str| {
            let told: String = told.chars().filter(|c| !c.is_whitespace()).collect();
            told.eq_ignore_ascii_case(digest)
        };
        if let Some(told) = &known.digest {
            let actual = self.files.get(MANIFEST).map(|bytes| sha256_hex(bytes));
            if !actual.is_some_and(|actual| same(told, &actual)) {
                self.flaw(MANIFEST, "与打印的摘要不一致", "it has not the digest that was printed");
            }
        }
        if let Some(told) = &known.anchor {
            let anchors: Vec<AnchorEntry> = self.json("anchors.json").unwrap_or_default();
            if !anchors.iter().any(|anchor| same(told, &anchor.digest)) {
                self.flaw("anchors.json", "没有所给的锚点", "the anchor that was given is not among them");
            }
        }
    }

    /// The frame of the archive: the same files give the same bytes, so any other byte was put there by somebody.
    fn frame(&mut self, bytes: &[u8], places: &[(usize, String)]) {
        let derived = match archive_of(&self.files) {
            Ok(derived) => derived,
            Err(error) => return self.flaw(ARCHIVE, error.to_string(), error.to_string()),
        };
        if derived == bytes {
            return;
        }
        let at = first_difference(bytes, &derived);
        let near = places.iter().rfind(|(start, _)| *start <= at).map_or("", |(_, name)| name);
        self.flaw(
            ARCHIVE,
            format!("压缩包结构第{at}字节起被改动(靠近{near})"),
            format!("the frame of the archive was changed, from byte {at} on (near {near})"),
        );
    }
}
