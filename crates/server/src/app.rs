//! What all requests share: the pool, the rulebook, the clock, the counters.

use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::pool::Pool;
use crate::problem::Problem;
use denghuo_office::error::OfficeError;
use denghuo_office::work::Work;
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_store::{Conn, Store};
use jiff::civil::DateTime;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// This moment, in both forms that the work needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Beijing time; its date is the business date.
    pub local: DateTime,
    /// Milliseconds since 1970.
    pub recorded_at: i64,
}

/// The clock, which only the binary reads.
pub type Clock = Arc<dyn Fn() -> Moment + Send + Sync>;

/// How the server runs.
#[derive(Clone, Debug)]
pub struct Options {
    /// Connections to the database, and requests that work at the same time.
    pub connections: usize,
    /// Bytes of a body at most.
    pub body_limit: usize,
    /// How long a client may take to send a body.
    pub body_timeout: Duration,
    /// How long a request waits for a free connection.
    pub wait: Duration,
    /// A proxy with TLS stands in front: cookies are sent by TLS only, and the address of the client is the proxy's word.
    pub behind_tls: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connections: 8,
            body_limit: 8 << 20,
            body_timeout: Duration::from_secs(30),
            wait: Duration::from_secs(10),
            behind_tls: false,
        }
    }
}

/// The book in force at the site, and the site's jurisdictions.
#[derive(Debug)]
pub struct Law {
    /// The book.
    pub book: Rulebook,
    /// From general to specific.
    pub site: Selector,
}

/// What all requests share. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    pool: Pool,
    law: RwLock<Arc<Law>>,
    clock: Clock,
    options: Options,
    limits: Limits,
    metrics: Metrics,
}

impl App {
    /// An application on a database, with the book in force at its site.
    ///
    /// # Errors
    /// The database's.
    pub fn new(store: Store, book: Rulebook, clock: Clock, options: Options) -> Result<Self, OfficeError> {
        let site = Work::at_site(&mut store.connect()?, &book, "system", 0)?.site;
        let inner = Inner {
            pool: Pool::new(store, options.connections),
            law: RwLock::new(Arc::new(Law { book, site })),
            clock,
            limits: Limits::default(),
            metrics: Metrics::default(),
            options,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The law as it is known now.
    #[must_use]
    pub fn law(&self) -> Arc<Law> {
        self.inner.law.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Moment {
        (self.inner.clock)()
    }

    /// How it runs.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.inner.options
    }

    /// Who asks how often.
    pub(crate) fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// The counters.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// Does blocking work with a connection. The one way to the database: at most as many at a time as there are connections.
    ///
    /// # Errors
    /// What `work` returns; too busy; a database that cannot be reached.
    pub(crate) async fn task<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let place = self.inner.pool.place(self.inner.options.wait).await?;
        let app = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let result = app.inner.pool.with(work);
            drop(place);
            result
        });
        done.await.unwrap_or_else(|error| Err(Problem::failure(&error)))
    }
}
