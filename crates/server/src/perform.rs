//! What stands around every endpoint: who asks, may he, once or again, one page or the whole list.

use crate::app::{App, Law, Moment};
use crate::ask::{Ask, Extra};
use crate::paging::{Format, Page};
use crate::principal::{Credentials, Principal, recognise, recognise_customer};
use crate::problem::Problem;
use crate::route::{Access, Facts, File, Shape};
use crate::{audit, day, edit, events, export, idempotency};
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use denghuo_office::access::{LoginRefusal, login_rule};
use denghuo_office::customer::customer_rule;
use denghuo_office::evidence::sha256_hex;
use denghuo_office::registry::account_unknown;
use denghuo_office::work::Work;
use denghuo_rules::access::LoginRule;
use denghuo_store::Conn;
use serde::Serialize;
use std::net::SocketAddr;
use std::sync::Arc;

/// Header that makes a deed happen once.
pub const KEY: &str = "idempotency-key";

/// What a request shows, apart from what its function takes.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its method.
    pub method: Method,
    /// Path and query.
    pub target: String,
    /// What it shows of who sends it.
    pub credentials: Credentials,
    /// Where it comes from.
    pub peer: String,
    /// Its `Idempotency-Key`.
    pub key: Option<String>,
    /// Its `If-Match`.
    pub if_match: Option<String>,
    /// The account that its path names.
    pub account_no: Option<String>,
    /// Timestamp and signature, of a call that is signed by another system.
    pub signature: (String, String),
    /// The media type of its body, without parameters.
    pub media_type: String,
    /// Its body, for an endpoint that takes a file.
    pub body: Vec<u8>,
    /// Its JSON body, for the log of changes.
    pub sent: Option<String>,
    /// Digest of method, target and body.
    pub digest: String,
    /// The page.
    pub page: Page,
    /// The form of a list.
    pub format: Format,
    /// Does it ask for a stream of events?
    pub wants_events: bool,
}

impl Call {
    /// Out of the head of a request.
    pub fn of(app: &App, facts: &Facts, parts: &Parts) -> Self {
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let socket = parts.extensions.get::<SocketAddr>().map(|address| address.ip().to_string());
        let forwarded = app.options().behind_tls.then(|| text("x-forwarded-for")).flatten();
        let proxy = forwarded.and_then(|list| list.rsplit(',').next()).map(|ip| ip.trim().to_owned());
        let media_type = text("content-type").and_then(|text| text.split(';').next()).unwrap_or_default();
        Self {
            method: facts.method.clone(),
            target: parts.uri.to_string(),
            credentials: Credentials::of(&parts.headers),
            peer: proxy.or(socket).unwrap_or_else(|| "local".to_owned()),
            key: text(KEY).map(str::to_owned),
            if_match: text("if-match").map(str::to_owned),
            account_no: None,
            signature: (
                text("x-denghuo-timestamp").unwrap_or_default().to_owned(),
                text("x-denghuo-signature").unwrap_or_default().to_owned(),
            ),
            media_type: media_type.trim().to_owned(),
            body: Vec::new(),
            sent: None,
            digest: String::new(),
            page: Page { after: None, limit: 1 },
            format: Format::Json,
            wants_events: text("accept").is_some_and(|kinds| kinds.contains(events::MEDIA_TYPE)),
        }
    }

    /// Signs the request with its body, so that the same one is known again.
    pub fn sign(&mut self, body: &[u8]) {
        let mut text = format!("{} {}\n", self.method, self.target).into_bytes();
        text.extend_from_slice(body);
        self.digest = sha256_hex(&text);
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The media type.
    pub media_type: String,
    /// The body.
    pub body: Vec<u8>,
    /// Further headers.
    pub headers: Vec<(HeaderName, String)>,
    /// Will it change by itself?
    pub goes_on: bool,
    /// What an edit came to.
    pub change: Option<edit::Change>,
}

impl Reply {
    /// A JSON value.
    ///
    /// # Errors
    /// The value cannot be written as JSON.
    pub fn json<T: Serialize>(value: T) -> Result<Self, Problem> {
        let body = serde_json::to_vec(&value).map_err(|error| Problem::failure(&error))?;
        Ok(Self {
            status: StatusCode::OK,
            media_type: "application/json".to_owned(),
            body,
            headers: Vec::new(),
            goes_on: false,
            change: None,
        })
    }

    /// A file, to be kept under its name.
    pub fn file(file: File) -> Self {
        let name: String = file
            .name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' })
            .collect();
        let headers = vec![(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))];
        Self {
            status: StatusCode::OK,
            media_type: file.media_type,
            body: file.bytes,
            headers,
            goes_on: false,
            change: None,
        }
    }
}

impl axum::response::IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::from_str(&self.media_type) {
            headers.insert(header::CONTENT_TYPE, value);
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.append(name, value);
            }
        }
        response
    }
}

/// An endpoint's function with what it takes; it may be asked for several pages.
pub type Deed = Box<dyn FnMut(&mut Ask<'_>) -> Result<Reply, Problem> + Send>;

/// Everything around one request but the connection.
pub struct Around<'a> {
    /// What is known of the endpoint.
    pub facts: &'a Facts,
    /// The application.
    pub app: &'a App,
    /// The request.
    pub call: &'a Call,
    /// The circumstances.
    pub work: &'a Work<'a>,
    /// Who asks.
    pub who: &'a Principal,
    /// The account that the path names, in the scope of who asks.
    pub account_id: Option<i64>,
    /// Now.
    pub moment: Moment,
}

impl Around<'_> {
    /// Does the deed for a page.
    ///
    /// # Errors
    /// The deed's.
    pub fn run(&self, conn: &mut Conn, page: Page, deed: &mut Deed) -> Result<Reply, Problem> {
        let mut ask = Ask {
            conn,
            work: self.work,
            who: self.who,
            account_id: self.account_id,
            today: self.moment.local.date(),
            now: self.moment.local,
            page,
            call: self.call,
            app: self.app,
            extra: Extra::default(),
        };
        let mut reply = deed(&mut ask)?;
        if let Some(status) = ask.extra.status {
            reply.status = status;
        }
        reply.headers.append(&mut ask.extra.headers);
        reply.goes_on = ask.extra.goes_on;
        reply.change = ask.extra.change.take();
        Ok(reply)
    }

    /// Does the deed and keeps in the log that it was done.
    ///
    /// # Errors
    /// The deed's, or the database's.
    pub fn run_logged(&self, conn: &mut Conn, deed: &mut Deed) -> Result<Reply, Problem> {
        let reply = self.run(conn, self.call.page.clone(), deed)?;
        audit::keep(conn, self, reply.change.as_ref())?;
        Ok(reply)
    }
}

/// Works on a request and answers it.
pub async fn perform(app: App, facts: Arc<Facts>, call: Call, deed: Deed) -> Response {
    if facts.shape == Shape::List && call.format != Format::Json {
        return export::answer(app, facts, call, deed).await;
    }
    if facts.live && call.wants_events {
        return events::answer(app, facts, call, deed).await;
    }
    let its = app.clone();
    let done = app
        .task(move |conn| {
            let mut deed = deed;
            let reply = one(&its, &facts, &call, conn, &mut deed)?;
            if its.was_woken() {
                // Work in the background was asked for; it is begun when the request has been written.
                day::tend(&its)?;
            }
            Ok(reply)
        })
        .await;
    done.map_or_else(Problem::into_response, Reply::into_response)
}

/// Works on one request with a connection.
pub fn one(
    app: &App,
    facts: &Facts,
    call: &Call,
    conn: &mut Conn,
    deed: &mut Deed,
) -> Result<Reply, Problem> {
    within(app, facts, call, conn, |conn, around| match &call.key {
        Some(key) if facts.is_kept() && !facts.alone => idempotency::once(conn, around, key, deed),
        None if facts.needs_key => Err(idempotency::missing()),
        _ if facts.alone => around.run_logged(conn, deed),
        _ if facts.is_logged() => conn.write(|conn| around.run_logged(conn, deed)),
        _ => {
            let mut reply = around.run(conn, call.page.clone(), deed)?;
            if facts.method == Method::GET && facts.shape == Shape::One {
                edit::tag(&mut reply);
            }
            Ok(reply)
        }
    })
}

/// Recognises who asks, checks his right, and lets `work` be done.
pub fn within<T>(
    app: &App,
    facts: &Facts,
    call: &Call,
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn, &Around<'_>) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let law: Arc<Law> = app.law();
    let moment = app.now();
    let today = moment.local.date();
    let mut circumstances =
        Work { book: &law.book, site: law.site.clone(), by: "nobody".to_owned(), now: moment.recorded_at };
    let rule = login_rule(&circumstances, today)?;
    let who = match facts.access {
        Access::Open if facts.signed => Principal::nobody(),
        Access::Open => {
            // What only reads tells nobody whether a password is right.
            let (what, most) = if facts.method.is_safe() {
                ("reads", rule.requests_per_minute)
            } else {
                ("address", rule.attempts_per_minute)
            };
            app.limits().count(&format!("{what}:{}", call.peer), most, moment.recorded_at)?;
            Principal::nobody()
        }
        Access::Customer => {
            let who = recognise_customer(conn, &circumstances, call, today)?;
            let most = customer_rule(&circumstances, today)?.requests_per_minute;
            app.limits().count(&who.person.name, most, moment.recorded_at)?;
            who
        }
        Access::Signed | Access::Needs(_) => {
            let who = recognise(conn, &circumstances, call, today)?;
            guard(app, facts, &who, &rule, moment)?;
            who
        }
    };
    circumstances.by.clone_from(&who.person.name);
    let account_id = match &call.account_no {
        Some(account_no) => Some(in_scope(conn, &who, account_no)?),
        None => None,
    };
    work(conn, &Around { facts, app, call, work: &circumstances, who: &who, account_id, moment })
}

/// The account with a number, when it belongs to the unit of who asks or to one below it. Every path that names an account
/// comes through here.
pub fn in_scope(conn: &mut Conn, who: &Principal, account_no: &str) -> Result<i64, Problem> {
    if let Some(customer) = &who.customer {
        // Of an account that is not his, a customer does not learn whether it exists.
        let own = denghuo_store::customer::account(conn, account_no)?;
        let own = own.filter(|account| account.customer_id == customer.customer_id);
        return own.map(|account| account.account_id).ok_or_else(Problem::foreign_account);
    }
    let root = who.person.scope.ok_or_else(Problem::foreign_account)?;
    match denghuo_store::access::account_in_scope(conn, account_no, root)? {
        None => Err(account_unknown(account_no).into()),
        Some((_, false)) => Err(Problem::foreign_account()),
        Some((account_id, true)) => Ok(account_id),
    }
}

fn guard(app: &App, facts: &Facts, who: &Principal, rule: &LoginRule, moment: Moment) -> Result<(), Problem> {
    app.limits().count(
        &format!("login:{}", who.person.name),
        rule.requests_per_minute,
        moment.recorded_at,
    )?;
    let Access::Needs(permission) = facts.access else { return Ok(()) };
    if who.person.must_change {
        return Err(Problem::refuse(LoginRefusal::MustChange));
    }
    if who.may(permission) { Ok(()) } else { Err(Problem::not_permitted(permission)) }
}
