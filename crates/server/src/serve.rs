//! The listener: connections are taken, slow heads are cut off, and a stop lets running requests end.

use crate::api::router;
use crate::app::App;
use crate::audit::forget_old;
use crate::day;
use axum::Extension;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long a client may take to send the head of a request.
const HEAD: Duration = Duration::from_secs(15);
/// How long a stop waits for running requests.
const END: Duration = Duration::from_secs(20);

/// Work in the background is looked after so often.
const BEAT: Duration = Duration::from_secs(3);

/// Beats after which the log forgets what is too old: some hours.
const FORGET: u64 = 5_000;

/// Looks after the work in the background for as long as the service runs.
async fn tend_always(app: App) {
    for beat in 0_u64.. {
        let its = app.clone();
        let look = move || {
            if beat % FORGET == 0 {
                forget_old(&its, &mut its.store().connect()?)?;
            }
            day::tend(&its)
        };
        match tokio::task::spawn_blocking(look).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(error = %error, "work in the background was not looked after"),
            Err(error) => tracing::error!(error = %error, "work in the background was not looked after"),
        }
        tokio::time::sleep(BEAT).await;
    }
}

/// Serves until `stop` comes, then lets running requests end.
///
/// # Errors
/// The address cannot be listened on any more.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()>) -> std::io::Result<()> {
    let router = router(app.clone());
    let tending = tokio::spawn(tend_always(app.clone()));
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            () = &mut stop => break,
            taken = listener.accept() => match taken {
                Ok(taken) => taken,
                // One connection that broke, or no handle left for now: neither ends the service.
                Err(error) => {
                    tracing::warn!(error = %error, "a connection was not taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        // The address of the client stands in every request of the connection.
        let service = TowerToHyperService::new(router.clone().layer(Extension(peer)));
        let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(error = %error, "a connection ended");
            }
        });
    }
    app.stop();
    tending.abort();
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(END) => tracing::warn!("some requests did not end in time"),
    }
    // A day that runs stops behind its shard and is taken up again by the next process; one that takes longer is resumed from its checkpoint.
    tokio::select! {
        _ = tokio::task::spawn_blocking(move || app.join()) => {}
        () = tokio::time::sleep(END) => tracing::warn!("a day did not stop in time"),
    }
    Ok(())
}
