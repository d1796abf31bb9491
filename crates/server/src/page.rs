//! The console's files, embedded from `web/dist`. Without them a plain page says how to get them.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use rust_embed::Embed;
use std::fmt::Write as _;

#[derive(Embed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Console;

/// What is told where the console was not built.
const ABSENT: &str = "<!doctype html><html lang=\"zh\"><meta charset=\"utf-8\"><title>灯火 Denghuo</title>\
    <h1>灯火 Denghuo</h1><p>本程序未包含网页控制台。请在 <code>web/</code> 目录运行 <code>npm ci &amp;&amp; npm run build</code>,\
    然后重新编译。接口文档见 <a href=\"/api/docs\">/api/docs</a>。</p>\
    <p>This program was built without the console. Run <code>npm ci &amp;&amp; npm run build</code> in <code>web/</code> and \
    compile again. The API is documented at <a href=\"/api/docs\">/api/docs</a>.</p></html>";

/// A file of the console; a path without an ending is a page of the console itself.
pub fn answer(uri: &Uri, headers: &HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let is_page = !path.rsplit('/').next().unwrap_or_default().contains('.');
    let name = if is_page { "index.html" } else { path };
    match Console::get(name) {
        Some(file) => {
            let tag = tag_of(&file.metadata.sha256_hash());
            if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
                return with(StatusCode::NOT_MODIFIED, "text/plain", Body::empty());
            }
            // The build of the console lays a packed copy beside every file that gains by it.
            let packed = accepts_gzip(headers).then(|| Console::get(&format!("{name}.gz"))).flatten();
            let is_packed = packed.is_some();
            let bytes = packed.map_or(file.data, |packed| packed.data).into_owned();
            let mut response = with(StatusCode::OK, media_type(name), Body::from(bytes));
            response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
            if is_packed {
                response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            let cache =
                if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
            if let Ok(tag) = HeaderValue::from_str(&tag) {
                response.headers_mut().insert(header::ETAG, tag);
            }
            response
        }
        None if is_page => with(StatusCode::OK, "text/html; charset=utf-8", Body::from(ABSENT)),
        None => with(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", Body::from("404")),
    }
}

/// Does the client unpack gzip? One that forbids it with `q=0` does not.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(|part| part.split(';').map(str::trim).collect::<Vec<_>>())
        .any(|part| part[0] == "gzip" && !part[1..].iter().any(|q| matches!(*q, "q=0" | "q=0.0" | "q=0.00")))
}

fn with(status: StatusCode, media_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

fn tag_of(hash: &[u8]) -> String {
    let mut tag = String::from("\"");
    for byte in &hash[..16] {
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, HeaderValue, accepts_gzip, header};

    #[test]
    fn packed_files_go_to_who_unpacks_them() {
        let cases = [
            ("gzip, deflate, br", true),
            ("br;q=1.0, gzip;q=0.8", true),
            ("gzip;q=0", false),
            ("identity", false),
        ];
        for (told, expected) in cases {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(told))]);
            assert_eq!(accepts_gzip(&headers), expected, "{told}");
        }
        assert!(!accepts_gzip(&HeaderMap::new()));
    }
}
