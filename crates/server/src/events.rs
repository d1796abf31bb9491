//! 实时进度: what a GET shows, told again whenever it has changed, as server-sent events. The right is asked every time.

use crate::app::App;
use crate::edit::tag;
use crate::export::Chunks;
use crate::perform::{Call, Deed, Reply, one};
use crate::problem::Problem;
use crate::route::Facts;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// How often is looked.
const BEAT: Duration = Duration::from_millis(500);
/// After so long without a change a comment tells that the connection lives.
const QUIET: Duration = Duration::from_secs(15);
/// A stream ends after so long; the browser asks again.
const LONGEST: Duration = Duration::from_secs(600);
/// Media type of a stream.
pub const MEDIA_TYPE: &str = "text/event-stream";

/// Answers with a stream: `event: state` with the JSON that the GET would answer, and `event: end` after the last.
pub async fn answer(app: App, facts: Arc<Facts>, call: Call, deed: Deed) -> Response {
    let Some(place) = app.watcher() else { return Problem::busy().into_response() };
    let (deed, first) = match look(&app, &facts, &call, deed).await {
        Ok(looked) => looked,
        Err(problem) => return problem.into_response(),
    };
    let (chunks, body) = mpsc::channel::<Bytes>(4);
    tokio::spawn(async move {
        watch(app, facts, call, (deed, first), &chunks).await;
        drop(place);
    });
    let mut response = Response::new(Body::new(Chunks(body)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    // Proxies that gather answers would keep the events back.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

async fn look(app: &App, facts: &Arc<Facts>, call: &Call, mut deed: Deed) -> Result<(Deed, Reply), Problem> {
    let (its, facts, call) = (app.clone(), facts.clone(), call.clone());
    app.task(move |conn| {
        let mut reply = one(&its, &facts, &call, conn, &mut deed)?;
        tag(&mut reply);
        Ok((deed, reply))
    })
    .await
}

async fn watch(
    app: App,
    facts: Arc<Facts>,
    call: Call,
    (mut deed, mut reply): (Deed, Reply),
    chunks: &mpsc::Sender<Bytes>,
) {
    let began = Instant::now();
    let mut told: Option<(Vec<u8>, Instant)> = None;
    loop {
        let is_new = told.as_ref().is_none_or(|(body, _)| *body != reply.body);
        let is_quiet = told.as_ref().is_some_and(|(_, at)| at.elapsed() > QUIET);
        if is_new || is_quiet {
            let chunk = if is_new { event("state", &reply.body) } else { Bytes::from_static(b":\n\n") };
            if chunks.send(chunk).await.is_err() {
                return;
            }
            told = Some((reply.body.clone(), Instant::now()));
        }
        if !reply.goes_on || app.is_stopping() || began.elapsed() > LONGEST {
            break;
        }
        tokio::select! {
            () = tokio::time::sleep(BEAT) => {}
            () = chunks.closed() => return,
        }
        (deed, reply) = match look(&app, &facts, &call, deed).await {
            Ok(looked) => looked,
            // The session is over, or the machine fails: the client asks again and is told why.
            Err(_) => return,
        };
    }
    if !reply.goes_on {
        // Whoever has gone away meanwhile needs no end.
        let _ = chunks.send(event("end", b"{}")).await;
    }
}

/// One event. Its data is one line, as JSON without line breaks is.
fn event(name: &str, data: &[u8]) -> Bytes {
    let mut text = format!("event: {name}\ndata: ").into_bytes();
    text.extend_from_slice(data);
    text.extend_from_slice(b"\n\n");
    text.into()
}
