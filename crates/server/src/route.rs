//! Endpoints: each is a plain function and a line that names its path, its permission and what it is about.
//!
//! The line is all there is: the router, the guard, the OpenAPI document and the matrix of rights are made of it.

use crate::app::App;
use crate::ask::Ask;
use crate::edit::edit;
use crate::export::columns::{Column, columns_of};
use crate::input::Nothing;
use crate::paging::{List, Page, PageQuery};
use crate::perform::{Call, Reply, perform};
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::{FromRequestParts as _, Path, Query, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use denghuo_rules::access::Permission;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// 谁可调用: who may call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Open,
    /// A customer who has signed in, for his own accounts.
    Customer,
    /// Whoever has signed in, even before his first password is changed.
    Signed,
    /// Who holds a permission.
    Needs(Permission),
}

impl From<Permission> for Access {
    fn from(permission: Permission) -> Self {
        Self::Needs(permission)
    }
}

/// What an endpoint answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One JSON value.
    One,
    /// A page of a list; the whole list as CSV, XLSX or Parquet.
    List,
    /// A file.
    File,
}

/// What is known of an endpoint without its function.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Such as `GET`.
    pub method: Method,
    /// Below `/api/v1`, such as `/accounts/{account_no}`.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// What it is about: Chinese, English.
    pub about: (&'static str, &'static str),
    /// The name of its function.
    pub name: String,
    /// The column: word, Chinese.
    pub tag: (&'static str, &'static str),
    /// What it answers with.
    pub shape: Shape,
    /// Must an `Idempotency-Key` be given?
    pub needs_key: bool,
    /// Is its body a file, and its input the query?
    pub takes_file: bool,
    /// Is it told again by events while it changes?
    pub live: bool,
    /// Does it work in transactions of its own, and not in that of the request?
    pub alone: bool,
    /// Is it called by another system that signs what it sends? How often is not limited then.
    pub signed: bool,
    /// Does it edit a resource, so that an `If-Match` must be given?
    pub edits: bool,
    /// The columns of a list; none of anything else.
    pub columns: fn() -> Vec<Column>,
}

impl Facts {
    /// Is its answer kept under an `Idempotency-Key`? Answers that tell secrets never are, nor those of what has transactions of its own
    /// and wants no key.
    pub fn is_kept(&self) -> bool {
        let is_kept = match self.access {
            Access::Open
            | Access::Signed
            | Access::Needs(Permission::ManagePeople | Permission::ManageHooks) => false,
            Access::Customer => self.needs_key,
            Access::Needs(_) => true,
        };
        // What works in transactions of its own cannot keep its answer in one with its deed.
        !self.method.is_safe() && is_kept && (self.needs_key || !self.alone)
    }
}

impl Facts {
    /// Does it change something that the log keeps? Signing in and out is kept by the office.
    pub fn is_logged(&self) -> bool {
        !self.method.is_safe() && matches!(self.access, Access::Needs(_) | Access::Customer)
    }
}

/// Schemas of an endpoint: path, input, answer.
pub type Schemas = (Schema, Schema, Schema);

/// One endpoint.
pub struct Endpoint {
    /// What is known of it.
    pub facts: Facts,
    /// Its schemas.
    pub schemas: fn(&mut SchemaGenerator) -> Schemas,
    /// Makes its part of the router.
    pub mount: Box<dyn Fn(Facts) -> MethodRouter<App>>,
}

/// A file as it is answered.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The endpoints of a column.
pub struct Routes {
    tag: (&'static str, &'static str),
    endpoints: Vec<Endpoint>,
}

/// An endpoint's function.
pub trait Handler<P, I, R>:
    Fn(&mut Ask<'_>, &P, &I) -> Result<R, Problem> + Copy + Send + Sync + 'static
{
}
impl<F, P, I, R> Handler<P, I, R> for F where
    F: Fn(&mut Ask<'_>, &P, &I) -> Result<R, Problem> + Copy + Send + Sync + 'static
{
}

/// What an endpoint takes: the parameters of its path, its query, its body.
pub trait Input: DeserializeOwned + JsonSchema + Send + 'static {}
impl<T: DeserializeOwned + JsonSchema + Send + 'static> Input for T {}

/// What an endpoint gives.
pub trait Output: Serialize + JsonSchema + 'static {}
impl<T: Serialize + JsonSchema + 'static> Output for T {}

type About = (&'static str, &'static str);

impl Routes {
    /// The endpoints of a column, by its word and its Chinese name.
    pub fn of(word: &'static str, zh: &'static str) -> Self {
        Self { tag: (word, zh), endpoints: Vec::new() }
    }

    /// A value that is read. The function takes the path and the query.
    pub fn get<P: Input, I: Input, R: Output>(
        self,
        path: &'static str,
        access: impl Into<Access>,
        about: About,
        handler: impl Handler<P, I, R>,
    ) -> Self {
        self.json(Method::GET, path, access.into(), about, handler)
    }

    /// Something that is done. The function takes the path and the body.
    pub fn post<P: Input, I: Input, R: Output>(
        self,
        path: &'static str,
        access: impl Into<Access>,
        about: About,
        handler: impl Handler<P, I, R>,
    ) -> Self {
        self.json(Method::POST, path, access.into(), about, handler)
    }

    /// A resource that is edited, by PUT. `show` tells the resource as it stands (usually it is the function of its GET), `handler`
    /// takes the path and the body. The request names in `If-Match` the `ETag` of what its sender saw: when the resource is another by
    /// now, nothing is done. Both run in one transaction, and what was shown before and after is kept in the audit log.
    pub fn edit<P: Input, I: Input, R: Output, S: Output>(
        self,
        path: &'static str,
        access: impl Into<Access>,
        about: About,
        (show, handler): (impl Handler<P, Nothing, S>, impl Handler<P, I, R>),
    ) -> Self {
        let name = name_of(&handler);
        let both = move |ask: &mut Ask<'_>, path: &P, input: &I| {
            edit(ask, |ask| show(ask, path, &Nothing {}), |ask| handler(ask, path, input))
        };
        let mut routes = self.json(Method::PUT, path, access.into(), about, both);
        if let Some(last) = routes.endpoints.last_mut() {
            last.facts.edits = true;
            last.facts.name = name;
        }
        routes
    }

    /// A file that is handed in. The function takes the path and the query; the file is `ask.call.body`, its media type
    /// `ask.call.media_type`.
    pub fn upload<P: Input, I: Input, R: Output>(
        self,
        path: &'static str,
        access: impl Into<Access>,
        about: About,
        handler: impl Handler<P, I, R>,
    ) -> Self {
        let mut routes = self.json(Method::POST, path, access.into(), about, handler);
        if let Some(last) = routes.endpoints.last_mut() {
            last.facts.takes_file = true;
        }
        routes
    }

    /// Something that is removed or ended. The function takes the path and the body.
    pub fn delete<P: Input, I: Input, R: Output>(
        self,
        path: &'static str,
        access: impl Into<Access>,
        about: About,
        handler: impl Handler<P, I, R>,
    ) -> Self {
        self.json(Method::DELETE, path, access.into(), about, handler)
    }

    /// A list that is read page by page (`ask.page`), or whole as CSV, XLSX or Parquet.
    pub fn list<P: Input, I: Input, R: Output>(
        self,
        path: &'static str,
        access: impl Into<Access>,
        about: About,
        handler: impl Handler<P, I, List<R>>,
    ) -> Self {
        let schemas = |generator: &mut SchemaGenerator| {
            (P::json_schema(generator), I::json_schema(generator), generator.subschema_for::<R>())
        };
        let list = (access.into(), Shape::List);
        let mut routes = self.add((Method::GET, path), list, about, handler, schemas, Reply::json);
        if let Some(last) = routes.endpoints.last_mut() {
            last.facts.columns = columns_of::<R>;
        }
        routes
    }

    /// A file that is read.
    pub fn file<P: Input, I: Input>(
        self,
        path: &'static str,
        access: impl Into<Access>,
        about: About,
        handler: impl Handler<P, I, File>,
    ) -> Self {
        let schemas = |generator: &mut SchemaGenerator| {
            (P::json_schema(generator), I::json_schema(generator), Schema::from(true))
        };
        self.add((Method::GET, path), (access.into(), Shape::File), about, handler, schemas, |file| {
            Ok(Reply::file(file))
        })
    }

    /// The last endpoint writes money or sends: it wants an `Idempotency-Key`.
    pub fn once(mut self) -> Self {
        if let Some(last) = self.endpoints.last_mut() {
            last.facts.needs_key = true;
        }
        self
    }

    /// The last endpoint may be watched: asked for `text/event-stream`, it tells again whatever has changed while `ask.extra.goes_on`.
    pub fn live(mut self) -> Self {
        if let Some(last) = self.endpoints.last_mut() {
            last.facts.live = true;
        }
        self
    }

    /// The last endpoint works long, or for others: it runs in transactions of its own.
    pub fn alone(mut self) -> Self {
        if let Some(last) = self.endpoints.last_mut() {
            last.facts.alone = true;
        }
        self
    }

    /// The last endpoint is called by another system, and its function checks `ask.call.signature` over `ask.call.body`.
    pub fn signed(mut self) -> Self {
        if let Some(last) = self.endpoints.last_mut() {
            last.facts.signed = true;
        }
        self
    }

    /// All of them.
    pub fn into_endpoints(self) -> Vec<Endpoint> {
        self.endpoints
    }

    fn json<P: Input, I: Input, R: Output>(
        self,
        method: Method,
        path: &'static str,
        access: Access,
        about: About,
        handler: impl Handler<P, I, R>,
    ) -> Self {
        let schemas = |generator: &mut SchemaGenerator| {
            let input = P::json_schema(generator);
            (input, I::json_schema(generator), generator.subschema_for::<R>())
        };
        self.add((method, path), (access, Shape::One), about, handler, schemas, Reply::json)
    }

    fn add<F: Handler<P, I, R>, P: Input, I: Input, R: 'static>(
        mut self,
        (method, path): (Method, &'static str),
        (access, shape): (Access, Shape),
        about: About,
        handler: F,
        schemas: fn(&mut SchemaGenerator) -> Schemas,
        reply: fn(R) -> Result<Reply, Problem>,
    ) -> Self {
        let name = name_of(&handler);
        let facts = Facts {
            method,
            path,
            access,
            about,
            name,
            tag: self.tag,
            shape,
            needs_key: false,
            takes_file: false,
            live: false,
            alone: false,
            signed: false,
            edits: false,
            columns: Vec::new,
        };
        let mount = move |facts: Facts| {
            let filter = MethodFilter::try_from(facts.method.clone()).unwrap_or(MethodFilter::GET);
            let facts = Arc::new(facts);
            on(filter, move |State(app): State<App>, request: Request| {
                let facts = facts.clone();
                async move { answer(app, facts, handler, reply, request).await }
            })
        };
        self.endpoints.push(Endpoint { facts, schemas, mount: Box::new(mount) });
        self
    }
}

/// Bytes of a body that the log of changes keeps at most; of a longer one it keeps the digest alone.
const KEPT_BYTES: usize = 16_384;

/// The name of a function.
fn name_of<F>(_: &F) -> String {
    std::any::type_name::<F>().rsplit("::").next().unwrap_or_default().to_owned()
}

/// Reads a request, has it worked on, and answers. What cannot be read is told after the right was checked, not before.
async fn answer<P: Input, I: Input, R: 'static>(
    app: App,
    facts: Arc<Facts>,
    handler: impl Handler<P, I, R>,
    reply: fn(R) -> Result<Reply, Problem>,
    request: Request,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut call = Call::of(&app, &facts, &parts);
    call.account_no = account_in(&mut parts).await;
    let read = read::<P, I>(&app, &facts, &mut call, &mut parts, body).await;
    let deed = move |ask: &mut Ask<'_>| {
        let (path, input) = read.as_ref().map_err(Clone::clone)?;
        reply(handler(ask, path, input)?)
    };
    perform(app, facts, call, Box::new(deed)).await
}

/// The account that the path names.
async fn account_in(parts: &mut Parts) -> Option<String> {
    let params = RawPathParams::from_request_parts(parts, &()).await.ok()?;
    params.iter().find(|(name, _)| *name == "account_no").map(|(_, value)| value.to_owned())
}

async fn read<P: Input, I: Input>(
    app: &App,
    facts: &Facts,
    call: &mut Call,
    parts: &mut Parts,
    body: Body,
) -> Result<(P, I), Problem> {
    let Path(path) = Path::<P>::from_request_parts(parts, &())
        .await
        .map_err(|rejection| Problem::unreadable("path", rejection.body_text()))?;
    if facts.method != Method::GET {
        let bytes = body_bytes(app, body).await?;
        call.sign(&bytes);
        if facts.takes_file {
            call.body = bytes;
            return Ok((path, query(parts)?));
        }
        let input = read_json(parts, &bytes)?;
        call.sent = (bytes.len() <= KEPT_BYTES).then(|| String::from_utf8_lossy(&bytes).into_owned());
        return Ok((path, input));
    }
    if facts.shape == Shape::List {
        let asked: PageQuery = query(parts)?;
        call.page = Page::of(&asked)?;
        call.format = asked.format;
    }
    Ok((path, query(parts)?))
}

fn query<I: Input>(parts: &Parts) -> Result<I, Problem> {
    let read = Query::<I>::try_from_uri(&parts.uri);
    read.map(|Query(input)| input).map_err(|rejection| Problem::unreadable("query", rejection.body_text()))
}

async fn body_bytes(app: &App, body: Body) -> Result<Vec<u8>, Problem> {
    let options = app.options();
    let read = axum::body::to_bytes(body, options.body_limit);
    match tokio::time::timeout(options.body_timeout, read).await {
        Ok(Ok(bytes)) => Ok(bytes.to_vec()),
        Ok(Err(error)) if error.to_string().contains("length limit") => Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "request.too_large",
            "请求内容过大",
            "the body is too large",
        )),
        Ok(Err(error)) => Err(Problem::unreadable("body", error)),
        Err(_) => Err(Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "request.too_slow",
            "请求发送过慢",
            "the body came too slowly",
        )),
    }
}

fn read_json<I: Input>(parts: &Parts, bytes: &[u8]) -> Result<I, Problem> {
    if bytes.is_empty() {
        return serde_json::from_str("{}").map_err(|error| Problem::unreadable("body", error));
    }
    let media_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_json = media_type
        .and_then(|text| text.split(';').next())
        .is_some_and(|text| text.trim() == "application/json");
    if !is_json {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "request.media_type",
            "请求内容须为 application/json",
            "the body has to be application/json",
        ));
    }
    serde_json::from_slice(bytes).map_err(|error| Problem::unreadable("body", error))
}
