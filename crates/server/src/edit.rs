//! 并发修改: an edit names the state that its sender saw (`If-Match`), and is refused when the resource is another by now.
//!
//! The tag of a resource is the digest of the JSON that shows it, so no resource needs a version of its own. A GET tags what it answers;
//! an edit shows the resource again under a lock of its path, compares, does its deed and tags what stands then.

use crate::ask::Ask;
use crate::perform::Reply;
use crate::problem::Problem;
use axum::http::{StatusCode, header};
use denghuo_office::evidence::sha256_hex;
use serde::Serialize;

/// What an edit came to: the resource before and after, as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
}

/// Edits a resource: `show` tells it as it stands, `deed` changes it. Runs in the transaction of the request.
///
/// # Errors
/// Those of both; no `If-Match`; it names another state.
pub fn edit<S: Serialize, R>(
    ask: &mut Ask<'_>,
    show: impl Fn(&mut Ask<'_>) -> Result<S, Problem>,
    deed: impl FnOnce(&mut Ask<'_>) -> Result<R, Problem>,
) -> Result<R, Problem> {
    let path = ask.call.target.split('?').next().unwrap_or_default();
    denghuo_store::access::lock_edit(ask.conn, path)?;
    let before = text(&show(ask)?)?;
    let wanted = ask.call.if_match.as_deref().ok_or_else(missing)?;
    if !matches(wanted, &tag_of(before.as_bytes())) {
        return Err(stale());
    }
    let done = deed(ask)?;
    let after = text(&show(ask)?)?;
    ask.extra.headers.push((header::ETAG, tag_of(after.as_bytes())));
    ask.extra.change = Some(Change { before: Some(before), after: Some(after) });
    Ok(done)
}

/// Tags an answer that shows a resource, unless its function has done so.
pub fn tag(reply: &mut Reply) {
    if !reply.headers.iter().any(|(name, _)| name == header::ETAG) {
        reply.headers.push((header::ETAG, tag_of(&reply.body)));
    }
}

fn text(shown: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(shown).map_err(|error| Problem::failure(&error))
}

/// The strong tag of a content: half of its digest, in quotes.
fn tag_of(content: &[u8]) -> String {
    let digest = sha256_hex(content);
    format!("\"{}\"", digest.get(..32).unwrap_or(&digest))
}

/// Does an `If-Match` name a tag? `*` stands for whatever is there; a weak tag never matches (RFC 9110, 13.1.1).
fn matches(wanted: &str, tag: &str) -> bool {
    wanted.split(',').map(str::trim).any(|one| one == "*" || one == tag)
}

fn missing() -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_REQUIRED,
        "edit.missing_if_match",
        "缺少 If-Match:请带上读取时得到的 ETag",
        "the header If-Match is missing: send the ETag that the resource was read with",
    )
}

fn stale() -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_FAILED,
        "edit.stale",
        "内容已被他人修改,请重新读取后再改",
        "somebody else has changed it: read it again",
    )
}

#[cfg(test)]
mod tests {
    use super::{matches, tag_of};

    #[test]
    fn a_tag_is_matched_strongly() {
        let tag = tag_of(b"{}");
        assert_ne!(tag, tag_of(b"[]"));
        for (wanted, result) in [
            (tag.clone(), true),
            ("*".to_owned(), true),
            (format!("\"0\", {tag}"), true),
            (format!("W/{tag}"), false),
            (tag.trim_matches('"').to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(matches(&wanted, &tag), result, "{wanted}");
        }
    }
}
