//! 证据包: everything a case rests on as one archive that proves itself, and the check of one that somebody hands in.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::problem::Problem;
use crate::route::{File, Routes};
use axum::http::HeaderName;
use denghuo_office::evidence::{
    BundleError, CaseKey, CaseOrder, Known, chain_state, check_archive, evidence_export, evidence_link,
};
use denghuo_office::ports::Papers;
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::{Bilingual, Language};
use denghuo_store::db::date_from_int;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The program as bundles name it.
const PRODUCT: &str = concat!("denghuo ", env!("CARGO_PKG_VERSION"));

/// Adds the endpoints.
pub fn add(routes: Routes) -> Routes {
    let see = Permission::SeeEvidence;
    routes
        .get(
            "/accounts/{account_no}/evidence/chain",
            see,
            ("证据链状态", "Is the chain of an account as it was written? Every link and file is hashed again, and the anchors are told"),
            evidence_chain,
        )
        .get(
            "/accounts/{account_no}/evidence/{evidence_no}",
            see,
            ("证据定级", "One proof with its grade and the clauses of the rules that graded it"),
            evidence_grade,
        )
        .file(
            "/accounts/{account_no}/evidence/bundle",
            see,
            ("导出证据包", "A case as an archive that proves itself; its digest is the header `Bundle-Digest`; the look is kept"),
            evidence_bundle,
        )
        .upload(
            "/evidence/check",
            see,
            ("核验证据包", "Check the archive of the body with nothing but its own bytes, and against digests known from elsewhere"),
            bundle_check,
        )
}

/// 证据链状态
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ChainTold {
    /// Is every link as it was written, and every file with its digest?
    intact: bool,
    /// Links.
    links: usize,
    /// Files.
    files: usize,
    /// Hash of the last link.
    head: Option<String>,
    /// What is broken.
    flaws: Vec<Bilingual>,
    /// Day of the last anchor that the chain is under.
    #[schemars(with = "Option<DateForm>")]
    anchored_on: Option<Date>,
    /// The number of the last link under that anchor.
    anchored_no: Option<i64>,
    /// Links that are under no anchor yet.
    unanchored: i64,
}

fn evidence_chain(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<ChainTold, Problem> {
    let state = chain_state(ask.conn, ask.account()?)?;
    let last = state.anchor;
    Ok(ChainTold {
        intact: state.flaws.is_empty(),
        unanchored: i64::try_from(state.links).unwrap_or(i64::MAX) - last.map_or(0, |(_, no)| no),
        links: state.links,
        files: state.files,
        head: state.head,
        flaws: state.flaws,
        anchored_on: last.and_then(|(day, _)| date_from_int(day)),
        anchored_no: last.map(|(_, no)| no),
    })
}

/// A rule that graded a proof.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct GradeRule {
    /// Its id.
    id: String,
    /// The clause as people cite it.
    clause: String,
}

/// A proof with its grade.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Graded {
    /// The proof.
    #[serde(flatten)]
    proof: super::Proof,
    /// The rules with their clauses.
    clauses: Vec<GradeRule>,
}

fn evidence_grade(ask: &mut Ask<'_>, path: &super::ProofPath, _: &Nothing) -> Result<Graded, Problem> {
    let link = evidence_link(ask.conn, ask.account()?, path.evidence_no)?;
    let proof = super::Proof::of(link);
    let rules = proof.rules.iter().filter_map(|id| ask.work.book.rule(id));
    let clauses = rules.map(|rule| GradeRule { id: rule.id.clone(), clause: rule.clause() }).collect();
    Ok(Graded { proof, clauses })
}

/// What is exported.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct BundleQuery {
    /// `cut:2`, `legal:1`, `notice:3`; everything of the account when not given.
    #[serde(default)]
    case: Option<String>,
    /// The day through which late fees are told; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    on: Option<Date>,
    /// Language of the index: `zh` (when not given) or `en`.
    #[serde(default)]
    language: Option<IndexLanguage>,
    /// Leave the printed index out; it is there as text and data all the same.
    #[serde(default)]
    no_pdf: bool,
}

/// Language of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum IndexLanguage {
    /// 中文
    Zh,
    /// English
    En,
}

/// A bundle that is not written.
fn broken(error: BundleError) -> Problem {
    Problem::refuse(error)
}

fn evidence_bundle(ask: &mut Ask<'_>, _: &Nothing, query: &BundleQuery) -> Result<File, Problem> {
    let account_id = ask.account()?;
    let case: CaseKey = match &query.case {
        None => CaseKey::Account,
        Some(text) => text.parse().map_err(Problem::from)?,
    };
    let app = ask.app;
    let papers: Option<&dyn Papers> = if query.no_pdf { None } else { Some(app.papers()?) };
    ask.in_full(true, account_id, &format!("bundle:{case}"))?;
    let order = CaseOrder {
        account_id,
        case,
        on: query.on.unwrap_or(ask.today),
        language: if query.language == Some(IndexLanguage::En) {
            Language::English
        } else {
            Language::Chinese
        },
        product: PRODUCT,
        papers,
    };
    let sealed = evidence_export(ask.conn, ask.work, &order)?;
    ask.extra.headers.push((HeaderName::from_static("bundle-digest"), sealed.digest.clone()));
    let account_no = ask.call.account_no.clone().unwrap_or_default();
    Ok(File {
        name: format!("{account_no}-{}.zip", case.to_string().replace(':', "-")),
        media_type: "application/zip".to_owned(),
        bytes: sealed.archive().map_err(broken)?,
    })
}

/// What is known of a bundle from elsewhere.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct KnownQuery {
    /// The digest that was told when it was made.
    #[serde(default)]
    digest: Option<String>,
    /// The digest of an anchor that was kept outside.
    #[serde(default)]
    anchor: Option<String>,
}

/// One thing that is wrong with a bundle.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct BundleFlaw {
    /// The file, or `(archive)` for the frame of the archive.
    file: String,
    /// What is wrong with it.
    what: Bilingual,
}

/// What the check of a bundle came to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct BundleChecked {
    /// Is everything as it was made?
    ok: bool,
    /// The account that it is about, when that can be read.
    account_no: Option<String>,
    /// The case.
    case: Option<String>,
    /// The day through which late fees are told.
    as_of: Option<String>,
    /// The program that made it.
    product: Option<String>,
    /// SHA-256 of its list: to be compared with the digest that was told when it was made.
    digest: Option<String>,
    /// The digest that stands on the printed index.
    content_digest: Option<String>,
    /// Files looked at.
    files: usize,
    /// Links of the chain that were hashed again.
    proofs: usize,
    /// Everything that is wrong.
    flaws: Vec<BundleFlaw>,
}

fn bundle_check(ask: &mut Ask<'_>, _: &Nothing, query: &KnownQuery) -> Result<BundleChecked, Problem> {
    let given =
        |text: &Option<String>| text.as_ref().map(|text| text.trim().to_owned()).filter(|t| !t.is_empty());
    let known = Known { digest: given(&query.digest), anchor: given(&query.anchor) };
    let found = check_archive(ask.call.body.clone(), &known);
    let head = found.head;
    Ok(BundleChecked {
        ok: found.ok,
        account_no: head.as_ref().map(|head| head.account_no.clone()),
        case: head.as_ref().map(|head| head.case.clone()),
        as_of: head.as_ref().map(|head| head.as_of.clone()),
        product: head.map(|head| head.product),
        digest: found.digest,
        content_digest: found.content_digest,
        files: found.files,
        proofs: found.proofs,
        flaws: found.flaws.into_iter().map(|flaw| BundleFlaw { file: flaw.file, what: flaw.what }).collect(),
    })
}
