//! Runs the days that were asked for. Whatever process has time takes one; it gives signs of life, and a day whose process has died is
//! taken up by the next, which goes on from its checkpoints.

use super::shown::Failure;
use crate::app::App;
use denghuo_office::day::{DayOptions, DayRefusal, Progress, run_day};
use denghuo_office::error::OfficeError;
use denghuo_office::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::Refuse as _;
use denghuo_store::day::{self as store, Counts};
use denghuo_store::{Conn, StoreError};
use jiff::civil::Date;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// How long a worker may give no sign of life before another takes its day, in ms.
const DEAD: i64 = 20_000;

/// Carries the log of the database over, reads the law anew when it has changed, gives a sign of life of the days that run here, has other systems told, and begins those that were asked for and that nobody runs. Blocks for as long as the
/// database takes, not for the days, which run on threads of their own.
///
/// # Errors
/// The database's.
pub fn tend(app: &App) -> Result<(), StoreError> {
    let mut conn = app.store().connect()?;
    conn.checkpoint()?;
    let now = app.now().recorded_at;
    store::seen(&mut conn, app.name(), now)?;
    app.renew_law(&mut conn)?;
    if app.is_stopping() {
        return Ok(());
    }
    crate::webhooks::tend(app, &mut conn)?;
    for run_on in store::unattended(&mut conn, now - DEAD)? {
        if store::take(&mut conn, run_on, app.name(), (now - DEAD, now))? {
            app.spawn(move |app| run(app, run_on));
        }
    }
    Ok(())
}

/// Runs a day that is ours and lets go of it.
fn run(app: &App, run_on: Date) {
    let (state, failure) = match attempt(app, run_on) {
        Ok(()) => ("done", None),
        // The process ends: the next one goes on.
        Err(OfficeError::Refused(refusal)) if refusal.code == DayRefusal::Stopped.code() => {
            (if app.is_stopping() { "running" } else { "stopped" }, None)
        }
        Err(error) => ("failed", Some(told(&error))),
    };
    let text = failure.and_then(|failure| serde_json::to_string(&failure).ok());
    let ended = app
        .store()
        .connect()
        .and_then(|mut conn| store::let_go(&mut conn, (run_on, app.name()), state, text.as_deref()));
    match ended {
        Ok(()) => tracing::info!(%run_on, state, "a day was let go"),
        Err(error) => tracing::error!(%run_on, %error, "a day could not be let go"),
    }
}

fn attempt(app: &App, run_on: Date) -> Result<(), OfficeError> {
    let law = app.law();
    let work =
        Work { book: &law.book, site: law.site.clone(), by: "system".to_owned(), now: app.now().recorded_at };
    let watch = Watch::new(app, run_on)?;
    run_day(app.store(), &work, run_on, DayOptions::default(), &watch)?;
    Ok(())
}

fn told(error: &OfficeError) -> Failure {
    let (code, detail) = match error {
        OfficeError::Refused(refusal) => (refusal.code, refusal.text.clone()),
        OfficeError::Rule(missing) => ("rulebook.no_rule", both(missing)),
        OfficeError::Calendar(year) => ("calendar.not_covered", both(year)),
        OfficeError::Store(failure) => {
            tracing::error!(error = %failure, "a day failed");
            ("server.failure", Bilingual::new("系统出现故障,已记录", "the system failed; it was logged"))
        }
    };
    Failure { code: code.to_owned(), detail }
}

fn both(error: &dyn std::error::Error) -> Bilingual {
    Bilingual::new(error.to_string(), error.to_string())
}

/// Looks between two shards whether the day is to stop.
struct Watch<'a> {
    app: &'a App,
    run_on: Date,
    conn: Mutex<Conn>,
    stops: AtomicBool,
}

impl<'a> Watch<'a> {
    fn new(app: &'a App, run_on: Date) -> Result<Self, StoreError> {
        Ok(Self { app, run_on, conn: Mutex::new(app.store().connect()?), stops: AtomicBool::new(false) })
    }
}

impl Progress for Watch<'_> {
    fn begin(&self, stage: &str, shards: usize) {
        tracing::info!(run_on = %self.run_on, stage, shards, "a stage begins");
    }
    fn shard_done(&self, _: Counts) {}
    fn end(&self, stage: &str, counts: Counts) {
        let Counts { due, done, parked, .. } = counts;
        tracing::info!(run_on = %self.run_on, stage, due, done, parked, "a stage has ended");
    }
    fn stops(&self) -> bool {
        if self.stops.load(Ordering::Relaxed) {
            return true;
        }
        let told = {
            let mut conn = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
            store::is_stopped(&mut conn, self.run_on)
        };
        let stops = match told {
            Ok(told) => told || self.app.is_stopping(),
            Err(error) => {
                tracing::error!(run_on = %self.run_on, %error, "cannot see whether the day is to stop");
                false
            }
        };
        self.stops.store(stops, Ordering::Relaxed);
        stops
    }
}
