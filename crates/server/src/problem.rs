//! What goes wrong, as `application/problem+json` (RFC 9457): a stable code and a sentence in both languages.

use crate::disconnection::GateTold;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use denghuo_office::error::OfficeError;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::{Refusal, Refuse};
use denghuo_store::StoreError;
use schemars::JsonSchema;
use serde::Serialize;

/// An error on its way to the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(Box<Told>);

/// An error as it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub struct Told {
    /// A URI of the kind of problem: `about:blank#` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// What the status means.
    title: String,
    /// The HTTP status.
    status: u16,
    /// Stable code, such as `payment.same_id_other_content`.
    code: String,
    /// The sentence for people.
    detail: Bilingual,
    /// What is wrong with the lines of a file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    problems: Vec<BadCell>,
    /// The gates that do not hold, of a cut that is refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gates: Vec<GateTold>,
}

/// One bad cell of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BadCell {
    /// Line of the file, from 1; 0 for the file as a whole.
    pub line: u64,
    /// Column.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// What is wrong, in Chinese.
    pub zh: String,
    /// What is wrong, in English.
    pub en: String,
}

impl Problem {
    /// A problem with its status, code and both sentences.
    pub fn new(status: StatusCode, code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self(Box::new(Told {
            kind: format!("about:blank#{code}"),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: Bilingual::new(zh, en),
            problems: Vec::new(),
            gates: Vec::new(),
        }))
    }

    /// The request cannot be read: a part of it, and why.
    pub fn unreadable(part: &str, why: impl std::fmt::Display) -> Self {
        let (zh, en) = (format!("请求无法识别:{why}"), format!("the request cannot be read: {why}"));
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, &format!("request.{part}"), zh, en)
    }

    /// The right is missing.
    pub fn not_permitted(permission: denghuo_rules::access::Permission) -> Self {
        let (zh, en) = (
            format!("您的岗位没有“{}”权限", permission.zh()),
            format!("your role does not hold `{}`", permission.word()),
        );
        Self::new(StatusCode::FORBIDDEN, "access.not_permitted", zh, en)
    }

    /// The account belongs to another unit.
    pub fn foreign_account() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "access.foreign_account",
            "该户不属于您所在的单位",
            "the account belongs to another unit",
        )
    }

    /// Rows of a file are bad: every one of them.
    pub fn bad_rows(zh: impl Into<String>, en: impl Into<String>, rows: Vec<BadCell>) -> Self {
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "file.bad_rows", zh, en);
        problem.0.problems = rows;
        problem
    }

    /// With the gates that do not hold.
    pub fn with_gates(mut self, gates: Vec<GateTold>) -> Self {
        self.0.gates = gates;
        self
    }

    /// No printer is connected.
    pub fn no_printer() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "server.no_printer",
            "未配置打印(缺少中文字体或模板)",
            "no printer of papers is connected: a Chinese font or a template is missing",
        )
    }

    /// Nothing is there.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "request.not_found", "没有此资源", "there is nothing here")
    }

    /// The machine failed; why is logged and not told.
    pub fn failure(error: &dyn std::error::Error) -> Self {
        tracing::error!(error = %error, "a request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "server.failure",
            "系统出现故障,已记录",
            "the system failed; it was logged",
        )
    }

    /// Every connection is at work.
    pub fn busy() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "server.busy",
            "系统繁忙,请稍后再试",
            "too busy; try again",
        )
    }

    /// Asked too often.
    pub fn too_often() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "request.too_often",
            "操作过于频繁,请稍后再试",
            "too often; wait a minute",
        )
    }

    /// Is it the machine's failure?
    pub fn is_failure(&self) -> bool {
        self.0.status >= 500
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// The status of a refusal: what is unknown is 404, what is not one's right 403, everything else contradicts the state of things.
fn status_of(code: &str) -> StatusCode {
    match code {
        "login.wrong" | "login.not_signed_in" | "customer.wrong_code" => return StatusCode::UNAUTHORIZED,
        "login.locked" | "customer.too_many_codes" | "customer.too_many_reports" => {
            return StatusCode::TOO_MANY_REQUESTS;
        }
        "login.must_change_password" => return StatusCode::FORBIDDEN,
        "late_fee.no_debt" => return StatusCode::NOT_FOUND,
        _ => {}
    }
    let (column, name) = code.split_once('.').unwrap_or((code, ""));
    match (column, name) {
        ("access", _) => StatusCode::FORBIDDEN,
        (_, name) if name == "unknown" || name.starts_with("unknown_") => StatusCode::NOT_FOUND,
        ("rule", "wrong" | "bad_path")
        | ("webhook", "bad_address" | "bad_event" | "no_event" | "bad_variable")
        | ("password" | "token", _) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let Bilingual { zh, en } = refusal.text;
        Self::new(status_of(refusal.code), refusal.code, zh, en)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::failure(&error)
    }
}

impl From<OfficeError> for Problem {
    fn from(error: OfficeError) -> Self {
        match error {
            OfficeError::Refused(refusal) => refusal.into(),
            OfficeError::Calendar(year) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "calendar.not_covered",
                format!("日历未覆盖该年:{year}"),
                year.to_string(),
            ),
            OfficeError::Rule(missing) => Self::new(
                StatusCode::CONFLICT,
                "rulebook.no_rule",
                format!("规则库中没有所需规则:{missing}"),
                missing.to_string(),
            ),
            OfficeError::Store(error) => error.into(),
        }
    }
}

impl Problem {
    /// The problem of a refusal of a column.
    pub fn refuse(refusal: impl Refuse) -> Self {
        Refusal::from(refusal).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let body = serde_json::to_vec(&*self.0).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response
    }
}
