//! Every endpoint, column by column. A new column is one line of [`endpoints`].

use crate::app::App;
use crate::problem::Problem;
use crate::route::Endpoint;
use crate::{
    audit, billing, collections, customer, day, disconnection, edge, evidence, field, home, ledger, legal,
    metering, notices, openapi, organisation, outreach, page, payments, people, registry, rulebook, service,
    supervision, targets, tasks, webhooks,
};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use std::sync::Arc;

/// Where the endpoints stand.
pub const BASE: &str = "/api/v1";

/// Every endpoint.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    [
        people::routes(),
        home::routes(),
        tasks::routes(),
        registry::routes(),
        metering::routes(),
        billing::routes(),
        notices::routes(),
        payments::routes(),
        ledger::routes(),
        collections::routes(),
        disconnection::routes(),
        legal::routes(),
        evidence::routes(),
        service::routes(),
        targets::routes(),
        supervision::routes(),
        outreach::routes(),
        service::problems::routes(),
        field::routes(),
        customer::routes(),
        day::routes(),
        audit::routes(),
        rulebook::routes(),
        webhooks::routes(),
        organisation::routes(),
    ]
    .into_iter()
    .flat_map(crate::route::Routes::into_endpoints)
    .collect()
}

/// The API, the console, health and counters.
pub fn router(app: App) -> Router {
    let document: Arc<str> = openapi::text().into();
    let docs: Arc<str> = openapi::page().into();
    let mut router = Router::new();
    for endpoint in endpoints() {
        let path = format!("{BASE}{}", endpoint.facts.path);
        router = router.route(&path, (endpoint.mount)(endpoint.facts));
    }
    router
        .route(&format!("{BASE}/openapi.json"), get(move || async move { json(&document) }))
        .route("/api/docs", get(move || async move { Html(docs.to_string()) }))
        .route("/healthz", get(health))
        .route("/metrics", get(metrics))
        .method_not_allowed_fallback(not_allowed)
        .fallback(fallback)
        .layer(axum::middleware::from_fn_with_state(app.clone(), edge::edge))
        .with_state(app)
}

fn json(text: &str) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text.to_owned()).into_response()
}

/// Well as long as the database answers.
async fn health(State(app): State<App>) -> Response {
    match app.task(|conn| Ok(denghuo_store::site::get(conn, "jurisdictions")?)).await {
        Ok(_) => (StatusCode::OK, "ok\n").into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn metrics(State(app): State<App>) -> Response {
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], app.metrics().text()).into_response()
}

async fn not_allowed() -> Response {
    let (zh, en) = ("此资源不支持该方法", "the method is not allowed here");
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "request.method", zh, en).into_response()
}

async fn fallback(uri: Uri, headers: HeaderMap) -> Response {
    if uri.path().starts_with("/api/") {
        Problem::not_found().into_response()
    } else {
        page::answer(&uri, &headers)
    }
}
