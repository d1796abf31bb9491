//! 证据: the proofs of an account, and their files.

mod bundle;

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::{File, Routes};
use denghuo_office::evidence::{NewEvidence, NewFile, evidence_add};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::MomentForm;
use denghuo_rules::evidence::{EvidenceKind, Outcome, Record, SignerRole};
use denghuo_store::day::Range;
use denghuo_store::db::moment_from_int;
use denghuo_store::evidence as store;
use jiff::civil::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The endpoints.
pub fn routes() -> Routes {
    let see = Permission::SeeEvidence;
    let routes = Routes::of("evidence", "证据")
        .list(
            "/accounts/{account_no}/evidence",
            see,
            ("证据一览", "The chain of proofs of an account, the newest first"),
            account_evidence,
        )
        .upload(
            "/accounts/{account_no}/evidence",
            Permission::KeepEvidence,
            ("登记证据", "Hand in a proof with its file as the body; the same proof again gives the number of the one that is there"),
            evidence_keep,
        )
        .file(
            "/accounts/{account_no}/evidence/{evidence_no}/file",
            see,
            ("证据文件", "The file of a proof; the look is kept"),
            evidence_file,
        );
    bundle::add(routes)
}

/// One link of the chain.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Proof {
    /// Number in the chain, from 1.
    evidence_no: i64,
    /// What it proves, such as `notice:3`.
    subject: String,
    /// Word of the kind.
    kind: String,
    /// Word of the strength.
    strength: String,
    /// When what it tells of happened.
    #[schemars(with = "Option<MomentForm>")]
    happened_at: Option<DateTime>,
    /// Where.
    place: Option<String>,
    /// Who made it.
    made_by: String,
    /// Word of the role of who signed.
    signer_role: Option<String>,
    /// Word of the outcome.
    outcome: Option<String>,
    /// Number of the waybill, the gateway's reference.
    reference: Option<String>,
    /// Anything else.
    note: Option<String>,
    /// Ids of the rules that graded it.
    rules: Vec<String>,
    /// The file's name.
    file_name: Option<String>,
    /// The file's media type.
    media_type: Option<String>,
    /// SHA-256 of the file.
    file_hash: Option<String>,
    /// Hash of the link.
    hash: String,
}

impl Proof {
    fn of(link: Record) -> Self {
        Self {
            evidence_no: link.evidence_no,
            happened_at: moment_from_int(link.happened_at),
            rules: link.rules.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
            subject: link.subject,
            kind: link.kind,
            strength: link.strength,
            place: link.place,
            made_by: link.made_by,
            signer_role: link.signer_role,
            outcome: link.outcome,
            reference: link.reference,
            note: link.note,
            file_name: link.file_name,
            media_type: link.media_type,
            file_hash: link.file_hash,
            hash: link.hash,
        }
    }
}

fn account_evidence(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<Proof>, Problem> {
    let account_id = ask.account()?;
    let chain = store::chains(ask.conn, Range { from: account_id, to: account_id })?;
    let proofs: Vec<Proof> = chain.into_iter().rev().map(Proof::of).collect();
    ask.page.cut(proofs, |proof| proof.evidence_no.to_string())
}

/// What a proof tells.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct NewProof {
    /// What it proves, such as `notice:3`, `cut:1`, `legal:2`, `bill:7`.
    subject: String,
    /// Its kind.
    kind: EvidenceKind,
    /// When it happened; now when not given.
    #[serde(default)]
    #[schemars(with = "Option<MomentForm>")]
    happened_at: Option<DateTime>,
    /// Name of the file; without one the body is not looked at.
    #[serde(default)]
    file_name: Option<String>,
    /// Where.
    #[serde(default)]
    place: Option<String>,
    /// Who signed, refused or was spoken to.
    #[serde(default)]
    signer: Option<String>,
    /// In which role.
    #[serde(default)]
    signer_role: Option<SignerRole>,
    /// A witness.
    #[serde(default)]
    witness: Option<String>,
    /// The address it went to.
    #[serde(default)]
    address: Option<String>,
    /// Number of the waybill, the recording, the certificate.
    #[serde(default)]
    reference: Option<String>,
    /// What came of it.
    #[serde(default)]
    outcome: Option<Outcome>,
    /// Does the waybill name the paper?
    #[serde(default)]
    paper_named: bool,
    /// Did a notary attend?
    #[serde(default)]
    notarised: bool,
    /// Anything else.
    #[serde(default)]
    note: Option<String>,
}

/// A proof that is kept.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Kept {
    /// Its number in the chain.
    evidence_no: i64,
}

fn evidence_keep(ask: &mut Ask<'_>, _: &Nothing, new: &NewProof) -> Result<Kept, Problem> {
    let account_id = ask.account()?;
    let happened_at = new.happened_at.unwrap_or(ask.now);
    let file = new.file_name.as_ref().map(|name| NewFile {
        name: name.clone(),
        media_type: ask.call.media_type.clone(),
        bytes: ask.call.body.clone(),
    });
    let proof = NewEvidence {
        place: new.place.clone(),
        signer: new.signer.clone(),
        signer_role: new.signer_role,
        witness: new.witness.clone(),
        address: new.address.clone(),
        reference: new.reference.clone(),
        outcome: new.outcome,
        paper_named: new.paper_named,
        notarised: new.notarised,
        note: new.note.clone(),
        file,
        ..NewEvidence::new(new.kind, &new.subject, happened_at, &ask.work.by)
    };
    Ok(Kept { evidence_no: evidence_add(ask.conn, ask.work, account_id, &proof)? })
}

/// A proof in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ProofPath {
    /// Its number in the chain.
    evidence_no: i64,
}

fn evidence_file(ask: &mut Ask<'_>, path: &ProofPath, _: &Nothing) -> Result<File, Problem> {
    let account_id = ask.account()?;
    let link = store::link(ask.conn, account_id, path.evidence_no)?.ok_or_else(Problem::not_found)?;
    let hash = link.file_hash.ok_or_else(Problem::not_found)?;
    let bytes = store::file(ask.conn, account_id, &hash)?.ok_or_else(Problem::not_found)?;
    ask.in_full(true, account_id, &format!("evidence:{}", path.evidence_no))?;
    Ok(File {
        name: link.file_name.unwrap_or(hash),
        media_type: link.media_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
        bytes,
    })
}
