//! The OpenAPI 3.1 document, made of the endpoints and of the types that they take and give.

use crate::api::{BASE, endpoints};
use crate::export::{PARQUET, XLSX};
use crate::paging::PageQuery;
use crate::perform::KEY;
use crate::principal::{COOKIE, CSRF, CUSTOMER_COOKIE};
use crate::problem::Told;
use crate::route::{Access, Facts, Schemas, Shape};
use axum::http::Method;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema as _, Schema};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// The document.
#[must_use]
pub fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<Told>();
    let page = PageQuery::json_schema(&mut generator);
    let mut paths: Map<String, Value> = Map::new();
    let mut tags: Vec<Value> = Vec::new();
    for endpoint in endpoints() {
        let facts = &endpoint.facts;
        let schemas = (endpoint.schemas)(&mut generator);
        let tag = json!({ "name": facts.tag.0, "description": facts.tag.1 });
        if !tags.contains(&tag) {
            tags.push(tag);
        }
        let operation = operation(facts, &schemas, &page);
        let at = paths.entry(format!("{BASE}{}", facts.path)).or_insert_with(|| json!({}));
        at[facts.method.as_str().to_lowercase()] = operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Denghuo 灯火",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Meter to cash for a power-supply company. Money is decimal text in yuan, dates are ISO 8601, moments are \
                local (Beijing) without a zone. `x-permission` names the right that an operation needs; see docs/rights.md.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": tags,
        "security": [{ "session": [] }, { "token": [] }],
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "responses": {
                "Problem": { "description": "A refusal or an error",
                    "content": { "application/problem+json": { "schema": problem } } },
            },
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": COOKIE },
                "customer": { "type": "apiKey", "in": "cookie", "name": CUSTOMER_COOKIE },
                "token": { "type": "http", "scheme": "bearer" },
            },
        },
    })
}

fn operation(facts: &Facts, (path, input, answer): &Schemas, page: &Schema) -> Value {
    let is_read = facts.method == Method::GET;
    let in_query = is_read || facts.takes_file;
    let mut parameters = path_parameters(facts.path, path);
    if in_query {
        parameters.extend(self::parameters(input, "query"));
    }
    if !is_read {
        parameters.push(json!({ "name": CSRF, "in": "header", "required": false,
            "description": "The session's secret, for requests with the cookie", "schema": { "type": "string" } }));
    }
    if facts.is_kept() {
        parameters.push(json!({ "name": KEY, "in": "header", "required": facts.needs_key,
            "description": "The same key with the same request is done once", "schema":
            { "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$" } }));
    }
    if facts.edits {
        parameters.push(json!({ "name": "If-Match", "in": "header", "required": true,
            "description": "The ETag of the resource as it was seen", "schema": { "type": "string", "minLength": 1 } }));
    }
    if facts.shape == Shape::List {
        parameters.extend(self::parameters(page, "query"));
    }
    let mut operation = json!({
        "operationId": facts.name,
        "tags": [facts.tag.0],
        "summary": facts.about.0,
        "description": facts.about.1,
        "parameters": parameters,
        "responses": {
            "200": { "description": "Done", "content": content(facts, answer) },
            "default": { "$ref": "#/components/responses/Problem" },
        },
        "x-permission": match facts.access {
            Access::Open => "open",
            Access::Customer => "customer",
            Access::Signed => "signed",
            Access::Needs(permission) => permission.word(),
        },
    });
    match facts.access {
        Access::Open => operation["security"] = json!([]),
        Access::Customer => operation["security"] = json!([{ "customer": [] }]),
        Access::Signed | Access::Needs(_) => {}
    }
    if facts.edits || (is_read && facts.shape == Shape::One) {
        operation["responses"]["200"]["headers"] = json!({ "ETag": {
            "description": "Of the resource as it stands", "schema": { "type": "string" } } });
    }
    if facts.edits {
        for status in ["412", "428"] {
            operation["responses"][status] = json!({ "$ref": "#/components/responses/Problem" });
        }
    }
    let takes_body =
        input.get("properties").is_some_and(|fields| fields.as_object().is_some_and(|f| !f.is_empty()));
    if facts.takes_file {
        operation["requestBody"] = json!({ "required": false, "content": { "*/*": { "schema": { "type": "string",
            "contentMediaType": "application/octet-stream" } } } });
    } else if !is_read && takes_body {
        operation["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": input } } });
    }
    operation
}

fn content(facts: &Facts, answer: &Schema) -> Value {
    match facts.shape {
        Shape::One if facts.live => {
            json!({ "application/json": { "schema": answer }, "text/event-stream": { "schema": { "type": "string" } } })
        }
        Shape::One => json!({ "application/json": { "schema": answer } }),
        Shape::File => {
            json!({ "*/*": { "schema": { "type": "string", "contentMediaType": "application/octet-stream" } } })
        }
        Shape::List => {
            let list = json!({
                "type": "object",
                "properties": {
                    "items": { "type": "array", "items": answer },
                    "next_cursor": { "type": ["string", "null"] },
                },
                "required": ["items", "next_cursor"],
            });
            let bytes =
                json!({ "schema": { "type": "string", "contentMediaType": "application/octet-stream" } });
            json!({ "application/json": { "schema": list }, "text/csv": { "schema": { "type": "string" } },
                (XLSX): bytes, (PARQUET): bytes })
        }
    }
}

/// The parameters of a path; one that its function does not take, such as the account, is a text.
fn path_parameters(path: &str, schema: &Schema) -> Vec<Value> {
    let known = parameters(schema, "path");
    let names = path.split('{').skip(1).filter_map(|part| part.split('}').next());
    names
        .map(|name| {
            let given = known.iter().find(|parameter| parameter["name"] == name).cloned();
            given.unwrap_or_else(|| {
                let about = if name == "account_no" { "户号" } else { name };
                json!({ "name": name, "in": "path", "required": true, "description": about, "schema": { "type": "string" } })
            })
        })
        .collect()
}

/// The properties of a schema as parameters.
fn parameters(schema: &Schema, place: &str) -> Vec<Value> {
    let Some(fields) = schema.get("properties").and_then(Value::as_object) else { return Vec::new() };
    let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let parameter = |(name, field): (&String, &Value)| {
        let mut field = field.clone();
        let about = field.as_object_mut().and_then(|field| field.remove("description"));
        let is_required = place == "path" || required.contains(&json!(name));
        json!({ "name": name, "in": place, "required": is_required, "description": about.unwrap_or_default(), "schema": field })
    };
    fields.iter().map(parameter).collect()
}

/// The document as text, as it is committed and served.
pub fn text() -> String {
    serde_json::to_string_pretty(&document()).unwrap_or_default() + "\n"
}

/// A plain page of the document: every operation with its right and parameters. No script, nothing from elsewhere.
pub fn page() -> String {
    let mut page = String::from(
        "<!doctype html><html lang=\"zh\"><head><meta charset=\"utf-8\"><title>灯火 API</title><style>\
         body{font:15px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
         code{background:#8882;padding:.1em .3em;border-radius:3px}td,th{text-align:left;padding:.2em 1em .2em 0;vertical-align:top}\
         @media(prefers-color-scheme:dark){body{background:#111;color:#ddd}a{color:#8bf}}</style></head><body>\
         <h1>灯火 Denghuo API</h1><p><a href=\"/api/v1/openapi.json\">openapi.json</a> (OpenAPI 3.1)</p>",
    );
    let mut tag = "";
    for endpoint in endpoints() {
        let facts = endpoint.facts;
        if facts.tag.0 != tag {
            tag = facts.tag.0;
            let _ = write!(page, "<h2>{} <small>{}</small></h2>", facts.tag.1, tag);
        }
        let access = match facts.access {
            Access::Open => "open",
            Access::Customer => "customer",
            Access::Signed => "signed",
            Access::Needs(permission) => permission.word(),
        };
        let _ = write!(
            page,
            "<h3 id=\"{0}\"><code>{1} {BASE}{2}</code></h3><p>{3}<br>{4}</p><p>权限 <code>{access}</code></p>",
            facts.name, facts.method, facts.path, facts.about.0, facts.about.1
        );
    }
    page + "</body></html>"
}
