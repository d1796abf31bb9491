//! 幂等: the same request under the same key is done once and answered the same; another one under it is refused.

use crate::perform::{Around, Deed, Reply};
use crate::problem::Problem;
use axum::http::{HeaderName, StatusCode};
use denghuo_store::Conn;
use denghuo_store::access::{self as store, KeptAnswer};

/// How long answers are kept, in ms: two days.
const KEPT: i64 = 2 * 24 * 60 * 60 * 1_000;
/// Characters of a key at most.
const LONGEST: usize = 128;

/// Does a deed once for a key. The answer is kept in the transaction of the deed: either both are there or neither.
pub fn once(conn: &mut Conn, around: &Around<'_>, key: &str, deed: &mut Deed) -> Result<Reply, Problem> {
    if key.is_empty() || key.len() > LONGEST {
        return Err(Problem::unreadable("idempotency_key", format!("1–{LONGEST}")));
    }
    let (name, digest) = (around.work.by.as_str(), around.call.digest.as_str());
    if let Some(kept) = store::kept_answer(conn, name, key)? {
        return again(&kept, digest);
    }
    let now = around.work.now;
    let done: Result<Option<Reply>, Problem> = conn.write(|conn| {
        store::forget_answers(conn, now - KEPT)?;
        if !store::reserve_answer(conn, (name, key), digest, now)? {
            return Ok(None);
        }
        let reply = around.run_logged(conn, deed)?;
        let body = String::from_utf8_lossy(&reply.body);
        store::put_answer(conn, (name, key), reply.status.as_u16().into(), &body)?;
        Ok(Some(reply))
    });
    match done? {
        Some(reply) => Ok(reply),
        // Another request with the key was faster.
        None => match store::kept_answer(conn, name, key)? {
            Some(kept) => again(&kept, digest),
            None => Err(Problem::busy()),
        },
    }
}

fn again(kept: &KeptAnswer, digest: &str) -> Result<Reply, Problem> {
    if kept.digest != digest {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency.other_body",
            "该幂等键已用于另一请求",
            "the key was used for another request",
        ));
    }
    let status = u16::try_from(kept.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    Ok(Reply {
        status: status.unwrap_or(StatusCode::OK),
        media_type: "application/json".to_owned(),
        body: kept.body.clone().into_bytes(),
        headers: vec![(HeaderName::from_static("idempotent-replayed"), "true".to_owned())],
        goes_on: false,
        change: None,
    })
}

/// The endpoint wants a key and none was given.
pub fn missing() -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "idempotency.missing_key",
        "缺少 Idempotency-Key",
        "the header Idempotency-Key is missing",
    )
}
