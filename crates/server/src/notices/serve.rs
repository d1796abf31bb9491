//! 登记送达: what a person carried, posted or told, with its proof.

use super::NoticePath;
use crate::ask::Ask;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::evidence::{NewEvidence, NewFile, evidence_add};
use denghuo_office::notices::{
    NoticeShown, ServiceReport, delivery_ended, notice_refused, notice_serve, notice_show,
};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::MomentForm;
use denghuo_rules::evidence::{EvidenceKind, SignerRole};
use denghuo_rules::notices::DeliveryState;
use denghuo_rules::notices::service::ServiceWay;
use jiff::civil::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The endpoints.
pub fn add(routes: Routes) -> Routes {
    let work = Permission::ServeNotices;
    routes
        .upload(
            "/accounts/{account_no}/notices/{notice_no}/serve",
            work,
            (
                "登记送达",
                "A notice was served by hand, by post, by telephone or by posting; its proof is the body",
            ),
            serve,
        )
        .once()
        .upload(
            "/accounts/{account_no}/notices/{notice_no}/refuse",
            work,
            (
                "登记拒签",
                "The recipient would not take or sign it: the record is kept, the next way is queued",
            ),
            refuse,
        )
        .once()
        .upload(
            "/accounts/{account_no}/notices/{notice_no}/photo",
            work,
            ("送达照片", "A photograph of how a notice was served, beside its receipt"),
            photo,
        )
        .post(
            "/accounts/{account_no}/notices/{notice_no}/returned",
            work,
            ("登记退回", "A paper came back or could not be handed over: the next way is queued"),
            returned,
        )
        .once()
}

/// How it was served; the file is the signed receipt, the photograph, the recording.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ServeQuery {
    /// How.
    way: ServiceWay,
    /// When; now when not given.
    #[serde(default)]
    #[schemars(with = "Option<MomentForm>")]
    at: Option<DateTime>,
    /// Where.
    #[serde(default)]
    place: Option<String>,
    /// Who signed or was spoken to.
    #[serde(default)]
    signer: Option<String>,
    /// As what.
    #[serde(default)]
    signer_role: Option<SignerRole>,
    /// Who saw it.
    #[serde(default)]
    witness: Option<String>,
    /// Number of the waybill or of the recording.
    #[serde(default)]
    reference: Option<String>,
    /// Anything else.
    #[serde(default)]
    note: Option<String>,
    /// Name of the file; without one the body is not looked at.
    #[serde(default)]
    file_name: Option<String>,
}

/// How it was refused; the file shows it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct RefuseQuery {
    /// When; now when not given.
    #[serde(default)]
    #[schemars(with = "Option<MomentForm>")]
    at: Option<DateTime>,
    /// Where.
    #[serde(default)]
    place: Option<String>,
    /// Who refused.
    #[serde(default)]
    signer: Option<String>,
    /// As what.
    #[serde(default)]
    signer_role: Option<SignerRole>,
    /// Who saw it.
    #[serde(default)]
    witness: Option<String>,
    /// What was said.
    #[serde(default)]
    note: Option<String>,
    /// Name of the file; without one the body is not looked at.
    #[serde(default)]
    file_name: Option<String>,
}

/// A recorded refusal.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Refused {
    /// Its number in the chain of proofs.
    evidence_no: i64,
    /// The notice as it stands now.
    notice: NoticeShown,
}

fn file_of(ask: &Ask<'_>, name: Option<&String>) -> Option<NewFile> {
    name.filter(|name| !name.trim().is_empty()).map(|name| NewFile {
        name: name.clone(),
        media_type: ask.call.media_type.clone(),
        bytes: ask.call.body.clone(),
    })
}

fn serve(ask: &mut Ask<'_>, path: &NoticePath, query: &ServeQuery) -> Result<NoticeShown, Problem> {
    let key = (ask.account()?, path.notice_no);
    let report = ServiceReport {
        place: query.place.clone(),
        signer: query.signer.clone(),
        signer_role: query.signer_role,
        witness: query.witness.clone(),
        reference: query.reference.clone(),
        note: query.note.clone(),
        file: file_of(ask, query.file_name.as_ref()),
        ..ServiceReport::new(query.way, moment(ask, query.at)?)
    };
    notice_serve(ask.conn, ask.work, key, &report)?;
    Ok(notice_show(ask.conn, key, false)?)
}

fn refuse(ask: &mut Ask<'_>, path: &NoticePath, query: &RefuseQuery) -> Result<Refused, Problem> {
    let key = (ask.account()?, path.notice_no);
    let report = ServiceReport {
        place: query.place.clone(),
        signer: query.signer.clone(),
        signer_role: query.signer_role,
        witness: query.witness.clone(),
        note: query.note.clone(),
        file: file_of(ask, query.file_name.as_ref()),
        ..ServiceReport::new(ServiceWay::Left, moment(ask, query.at)?)
    };
    let evidence_no = notice_refused(ask.conn, ask.work, key, &report)?;
    Ok(Refused { evidence_no, notice: notice_show(ask.conn, key, false)? })
}

/// Where and when a photograph was taken.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct PhotoQuery {
    /// When; now when not given.
    #[serde(default)]
    #[schemars(with = "Option<MomentForm>")]
    at: Option<DateTime>,
    /// Where.
    #[serde(default)]
    #[schemars(length(max = 200))]
    place: Option<String>,
    /// Name of the file, which is the body.
    #[schemars(length(min = 1, max = 200))]
    file_name: String,
}

/// A photograph that is kept.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct PhotoKept {
    /// Its number in the chain of proofs.
    evidence_no: i64,
}

fn photo(ask: &mut Ask<'_>, path: &NoticePath, query: &PhotoQuery) -> Result<PhotoKept, Problem> {
    let account_id = ask.account()?;
    let at = moment(ask, query.at)?;
    let file = file_of(ask, Some(&query.file_name));
    if file.is_none() {
        return Err(Problem::unreadable("file_name", "file_name: 1–200"));
    }
    let subject = notice_show(ask.conn, (account_id, path.notice_no), false)
        .map(|notice| format!("notice:{}", notice.notice_no))?;
    let proof = NewEvidence {
        place: query.place.clone(),
        file,
        ..NewEvidence::new(EvidenceKind::Photo, &subject, at, &ask.work.by)
    };
    Ok(PhotoKept { evidence_no: evidence_add(ask.conn, ask.work, account_id, &proof)? })
}

/// The moment of what is reported: now when not given, and never later.
fn moment(ask: &Ask<'_>, at: Option<DateTime>) -> Result<DateTime, Problem> {
    match at {
        Some(at) if at > ask.now => Err(Problem::unreadable("at", "at: 不得晚于现在 / not later than now")),
        at => Ok(at.unwrap_or(ask.now)),
    }
}

/// What came back.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReturnedBody {
    /// When; now when not given.
    #[serde(default)]
    #[schemars(with = "Option<MomentForm>")]
    at: Option<DateTime>,
    /// What the carrier said.
    #[schemars(length(min = 1, max = 200))]
    why: String,
}

fn returned(ask: &mut Ask<'_>, path: &NoticePath, body: &ReturnedBody) -> Result<NoticeShown, Problem> {
    let key = (ask.account()?, path.notice_no);
    let at = moment(ask, body.at)?;
    delivery_ended(ask.conn, ask.work, key, DeliveryState::Failed, (at, Some(&body.why)))?;
    Ok(notice_show(ask.conn, key, false)?)
}
