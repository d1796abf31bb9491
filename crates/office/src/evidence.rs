//! 证据 (foundation `evidence`): proofs are graded, chained and kept; any later change is found.

use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::evidence::{
    Arrival, EvidenceFacts, EvidenceKind, EvidenceRefusal, FileRule, GENESIS, Grade, Outcome, Party, Proof,
    Record, SignerRole, Strength, check_file, grade, proves_arrival, retention,
};
use denghuo_rules::registry::CustomerKind;
use denghuo_store::day::Range;
use denghuo_store::db::{date_to_int, moment_from_int, moment_to_int};
use denghuo_store::{Conn, StoreError, evidence, ledger};
use jiff::civil::{Date, DateTime};
use sha2::{Digest as _, Sha256};

mod anchor;
mod bundle;
mod case;
mod check;
mod export;
mod index;
#[cfg(test)]
mod tests;
mod timeline;

pub use anchor::{
    ChainState, Found, anchor_digest, chain_state, evidence_anchor, verify_anchors, verify_chains,
    verify_files,
};
pub use bundle::{Bundle, BundleError, BundleHead, Sealed};
pub use case::CaseKey;
pub use check::{BundleCheck, Flaw, Known, check_archive, check_bundle};
pub use export::{CaseOrder, evidence_export};

/// A file to be kept with a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Its name.
    pub name: String,
    /// Its media type, such as `image/jpeg`.
    pub media_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// 新证据: a proof as it is handed in. [`NewEvidence::new`] gives one with the least, the rest is set by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvidence {
    /// What it proves, such as `notice:3` or `cut:2`.
    pub subject: String,
    /// Its kind.
    pub kind: EvidenceKind,
    /// When what it tells of happened, in the site's local time; parts of a second are cut off.
    pub happened_at: DateTime,
    /// Who made it: a staff code, or the part of the program.
    pub made_by: String,
    /// Where.
    pub place: Option<String>,
    /// Who signed, refused or was spoken to.
    pub signer: Option<String>,
    /// In which role.
    pub signer_role: Option<SignerRole>,
    /// A witness.
    pub witness: Option<String>,
    /// The address it went to.
    pub address: Option<String>,
    /// Since when the contract names that address.
    pub designated_on: Option<Date>,
    /// Number of the waybill, the gateway's reference, the recording, the certificate.
    pub reference: Option<String>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// Does the waybill name the paper?
    pub paper_named: bool,
    /// Did a notary attend?
    pub notarised: bool,
    /// Anything else.
    pub note: Option<String>,
    /// Its file.
    pub file: Option<NewFile>,
}

impl NewEvidence {
    /// A proof of a kind about a subject, with nothing else told.
    #[must_use]
    pub fn new(kind: EvidenceKind, subject: &str, happened_at: DateTime, made_by: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            kind,
            happened_at,
            made_by: made_by.to_owned(),
            place: None,
            signer: None,
            signer_role: None,
            witness: None,
            address: None,
            designated_on: None,
            reference: None,
            outcome: None,
            paper_named: false,
            notarised: false,
            note: None,
            file: None,
        }
    }
}

/// SHA-256 in lower-case hex.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Grades a proof, chains it to the account's others and keeps its file, in the running transaction or in one of its own;
/// gives its number. The same proof again (whoever hands it in) gives the number of the one that is there.
///
/// # Errors
/// An [`EvidenceRefusal`], a missing rule, or the database's.
pub fn evidence_add(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    new: &NewEvidence,
) -> Result<i64, OfficeError> {
    let on = new.happened_at.date();
    check(work, new)?;
    conn.write(|conn| {
        let party = party(conn, account_id)?;
        ledger::lock(conn, account_id)?;
        let (grade, class) = judge(work, new, party, on)?;
        let mut link = record(work, account_id, new, &grade, class);
        let there = evidence::about(conn, account_id, &new.subject)?;
        if let Some(same) = there.iter().find(|there| there.same_content(&link)) {
            return Ok(same.evidence_no);
        }
        let last = evidence::last_link(conn, account_id)?;
        link.evidence_no = last.as_ref().map_or(1, |last| last.evidence_no + 1);
        link.previous_hash = last.map_or_else(|| GENESIS.to_owned(), |last| last.hash);
        link.hash = sha256_hex(link.canonical().as_bytes());
        if let (Some(file), Some(hash)) = (&new.file, &link.file_hash) {
            evidence::keep_file(conn, account_id, hash, &file.bytes)?;
        }
        evidence::insert_evidence(conn, std::slice::from_ref(&link))?;
        Ok(link.evidence_no)
    })
}

fn check(work: &Work<'_>, new: &NewEvidence) -> Result<(), OfficeError> {
    let bad_subject = || OfficeError::refuse(EvidenceRefusal::BadSubject(new.subject.clone()));
    let (kind, rest) = new.subject.split_once(':').ok_or_else(bad_subject)?;
    let numbers = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if kind.is_empty()
        || !kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        || !rest.split(':').all(numbers)
    {
        return Err(bad_subject());
    }
    if new.made_by.trim().is_empty() {
        return Err(OfficeError::refuse(EvidenceRefusal::Empty("made_by")));
    }
    let on = new.happened_at.date();
    if let Some(file) = &new.file {
        if file.name.trim().is_empty() {
            return Err(OfficeError::refuse(EvidenceRefusal::Empty("file.name")));
        }
        let rule = work.book.pick::<FileRule>("evidence_file", &work.site, on)?.params;
        check_file(&file.media_type, &file.bytes, &rule).map_err(OfficeError::refuse)?;
    }
    Ok(())
}

fn party(conn: &mut Conn, account_id: i64) -> Result<Party, OfficeError> {
    let kind = evidence::customer_kind(conn, account_id)?
        .ok_or_else(|| OfficeError::refuse(EvidenceRefusal::UnknownAccount))?;
    Ok(match CustomerKind::from_word(&kind) {
        Some(CustomerKind::Person) => Party::Person,
        _ => Party::Organisation,
    })
}

fn judge(work: &Work<'_>, new: &NewEvidence, party: Party, on: Date) -> Result<(Grade, String), OfficeError> {
    let facts = EvidenceFacts {
        kind: new.kind,
        happened_on: on,
        party,
        signer: new.signer.as_deref(),
        signer_role: new.signer_role,
        witness: new.witness.as_deref(),
        designated_on: new.designated_on,
        outcome: new.outcome,
        paper_named: new.paper_named,
        notarised: new.notarised,
        media_type: new.file.as_ref().map(|file| file.media_type.as_str()),
    };
    let (class, kept_by) = retention(new.kind, work.book, &work.site, on)?;
    let mut grade = grade(&facts, work.book, &work.site, on)?;
    grade.rules.push(kept_by);
    Ok((grade, class.class))
}

fn record(work: &Work<'_>, account_id: i64, new: &NewEvidence, grade: &Grade, retention: String) -> Record {
    Record {
        account_id,
        evidence_no: 0,
        subject: new.subject.clone(),
        kind: new.kind.word().to_owned(),
        strength: grade.strength.word().to_owned(),
        happened_at: moment_to_int(new.happened_at),
        place: new.place.clone(),
        made_by: new.made_by.clone(),
        signer: new.signer.clone(),
        signer_role: new.signer_role.map(|role| role.word().to_owned()),
        witness: new.witness.clone(),
        address: new.address.clone(),
        designated_on: new.designated_on.map(date_to_int),
        reference: new.reference.clone(),
        outcome: new.outcome.map(|outcome| outcome.word().to_owned()),
        paper_named: new.paper_named.into(),
        notarised: new.notarised.into(),
        note: new.note.clone(),
        retention,
        rules: grade.rules.join(","),
        file_hash: new.file.as_ref().map(|file| sha256_hex(&file.bytes)),
        file_name: new.file.as_ref().map(|file| file.name.clone()),
        media_type: new.file.as_ref().map(|file| file.media_type.clone()),
        recorded_at: work.now,
        recorded_by: work.by.clone(),
        previous_hash: String::new(),
        hash: String::new(),
    }
}

/// The proofs of an account about a subject, in order.
///
/// # Errors
/// The database's.
pub fn evidence_of(conn: &mut Conn, account_id: i64, subject: &str) -> Result<Vec<Record>, OfficeError> {
    Ok(evidence::about(conn, account_id, subject)?)
}

/// The chain of an account, in order.
///
/// # Errors
/// The database's.
pub fn evidence_list(conn: &mut Conn, account_id: i64) -> Result<Vec<Record>, OfficeError> {
    Ok(evidence::chains(conn, Range { from: account_id, to: account_id })?)
}

/// One proof.
///
/// # Errors
/// There is none of that number, or the database's.
pub fn evidence_link(conn: &mut Conn, account_id: i64, evidence_no: i64) -> Result<Record, OfficeError> {
    let unknown = || OfficeError::refuse(EvidenceRefusal::Unknown(evidence_no));
    evidence::link(conn, account_id, evidence_no)?.ok_or_else(unknown)
}

/// The file of a proof, hashed again, with the proof.
///
/// # Errors
/// There is no such proof or it has no file; the file was changed; or the database's.
pub fn evidence_file(
    conn: &mut Conn,
    account_id: i64,
    evidence_no: i64,
) -> Result<(Record, Vec<u8>), OfficeError> {
    let link = evidence_link(conn, account_id, evidence_no)?;
    let no_file = || OfficeError::refuse(EvidenceRefusal::NoFile(evidence_no));
    let hash = link.file_hash.clone().ok_or_else(no_file)?;
    let bytes = evidence::file(conn, account_id, &hash)?.filter(|bytes| sha256_hex(bytes) == hash);
    let changed = || {
        StoreError::Corrupt(format!(
            "the file of the proof {account_id}/{evidence_no} is absent or was changed"
        ))
    };
    let bytes = bytes.ok_or_else(changed)?;
    Ok((link, bytes))
}

/// Do the proofs of a subject show that it arrived? `notice` is the word of the kind of notice, when it is one: some ask
/// for more.
///
/// # Errors
/// A missing rule, or the database's.
pub fn evidence_proves_arrival(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    (subject, notice): (&str, Option<&str>),
    on: Date,
) -> Result<Arrival, OfficeError> {
    let proofs: Vec<Proof> = evidence::about(conn, account_id, subject)?.iter().filter_map(proof).collect();
    let selector = match notice {
        Some(kind) => work.site.clone().with("notice", kind),
        None => work.site.clone(),
    };
    Ok(proves_arrival(&proofs, work.book, &selector, on)?)
}

/// A link as a proof; nothing when its words or its moment are none.
fn proof(link: &Record) -> Option<Proof> {
    Some(Proof {
        evidence_no: link.evidence_no,
        kind: EvidenceKind::from_word(&link.kind)?,
        strength: Strength::from_word(&link.strength)?,
        happened_at: moment_from_int(link.happened_at)?,
    })
}
