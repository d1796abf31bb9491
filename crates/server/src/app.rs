//! What all requests share: the pool, the rulebook, the clock, the counters.

use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::pool::Pool;
use crate::problem::Problem;
use denghuo_office::error::OfficeError;
use denghuo_office::ports::{IdentityProvider, Papers, RemoteRelay};
use denghuo_office::rulebook::site_book;
use denghuo_office::webhooks::HookPort;
use denghuo_office::work::Work;
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_store::{Conn, Store, StoreError};
use jiff::civil::DateTime;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

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
    /// Rule files that stand over those of the database, `(path, text)`: the folder of `--rulebook`.
    pub rule_folder: Vec<(String, String)>,
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
            rule_folder: Vec::new(),
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

/// Streams of events at a time.
const WATCHERS: usize = 64;

/// 支付机构: how a payment provider reaches us.
#[derive(Clone)]
pub struct PayPort {
    /// The secret that it signs with.
    pub secret: Vec<u8>,
    /// What stands before the token in a QR code, such as `https://pay.example/`.
    pub link: String,
    /// May its calls be made by a simulator? For demonstrations and tests alone.
    pub simulated: bool,
}

/// 外部接口: what the server reaches of the world outside. The binary wires the real ones, tests wire fakes; what is missing is refused.
#[derive(Clone, Default)]
pub struct Ports {
    /// Papers as PDF.
    pub papers: Option<Arc<dyn Papers + Send + Sync>>,
    /// Opens and closes the relays of meters.
    pub relay: Option<Arc<dyn RemoteRelay + Send + Sync>>,
    /// Payments from outside.
    pub pay: Option<PayPort>,
    /// Says who somebody is, where the company has such a service.
    pub identity: Option<Arc<dyn IdentityProvider + Send + Sync>>,
}

/// What all requests share. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
    ports: Arc<Ports>,
}

struct Inner {
    store: Store,
    name: String,
    stopping: AtomicBool,
    woken: AtomicBool,
    watchers: Arc<Semaphore>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    hooks: OnceLock<Arc<dyn HookPort>>,
    is_sending: AtomicBool,
    pool: Pool,
    law: RwLock<Arc<Law>>,
    law_count: AtomicI64,
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
        let mut conn = store.connect()?;
        let site = Work::at_site(&mut conn, &book, "system", 0)?.site;
        let law_count = AtomicI64::new(denghuo_store::rulebook::accepted_count(&mut conn)?);
        static APPS: AtomicU32 = AtomicU32::new(0);
        let moment = clock();
        let inner = Inner {
            name: format!(
                "{}-{}-{}",
                std::process::id(),
                moment.recorded_at,
                APPS.fetch_add(1, Ordering::Relaxed)
            ),
            store: store.clone(),
            stopping: AtomicBool::new(false),
            woken: AtomicBool::new(false),
            watchers: Arc::new(Semaphore::new(WATCHERS)),
            threads: Mutex::new(Vec::new()),
            hooks: OnceLock::new(),
            is_sending: AtomicBool::new(false),
            pool: Pool::new(store, options.connections),
            law: RwLock::new(Arc::new(Law { book, site })),
            law_count,
            clock,
            limits: Limits::default(),
            metrics: Metrics::default(),
            options,
        };
        Ok(Self { inner: Arc::new(inner), ports: Arc::default() })
    }

    /// With its ports.
    #[must_use]
    pub fn with_ports(self, ports: Ports) -> Self {
        Self { ports: Arc::new(ports), ..self }
    }

    /// Its ports.
    pub(crate) fn ports(&self) -> &Ports {
        &self.ports
    }

    /// The printer of papers.
    ///
    /// # Errors
    /// None is connected.
    pub(crate) fn papers(&self) -> Result<&dyn Papers, Problem> {
        let papers = self.ports.papers.as_deref();
        papers.map(|papers| papers as &dyn Papers).ok_or_else(Problem::no_printer)
    }

    /// The relays of meters; none while no link to the meters is connected.
    pub(crate) fn relay(&self) -> Option<&dyn RemoteRelay> {
        let relay = self.ports.relay.as_deref();
        relay.map(|relay| relay as &dyn RemoteRelay)
    }

    /// Its database.
    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    /// What this process is called among those that share a database.
    pub(crate) fn name(&self) -> &str {
        &self.inner.name
    }

    /// The process is about to end: work in the background stops where it can go on another time.
    pub fn stop(&self) {
        self.inner.stopping.store(true, Ordering::Relaxed);
    }

    /// Is the process about to end?
    pub(crate) fn is_stopping(&self) -> bool {
        self.inner.stopping.load(Ordering::Relaxed)
    }

    /// With the port by which other systems are told; the first one stays.
    #[must_use]
    pub fn telling(self, port: Arc<dyn HookPort>) -> Self {
        let _ = self.inner.hooks.set(port);
        self
    }

    /// The port by which other systems are told, when there is one.
    pub(crate) fn hooks(&self) -> Option<&Arc<dyn HookPort>> {
        self.inner.hooks.get()
    }

    /// Is nobody of this process sending? Then it is the asker who does, until he says that he has ended.
    pub(crate) fn begin_sending(&self) -> bool {
        !self.inner.is_sending.swap(true, Ordering::Relaxed)
    }

    /// The sender has ended.
    pub(crate) fn end_sending(&self) {
        self.inner.is_sending.store(false, Ordering::Relaxed);
    }

    /// Does long work on a thread of its own, which [`App::join`] waits for.
    pub(crate) fn spawn(&self, work: impl FnOnce(&App) + Send + 'static) {
        let app = self.clone();
        let thread = std::thread::spawn(move || work(&app));
        let mut threads = self.inner.threads.lock().unwrap_or_else(PoisonError::into_inner);
        threads.retain(|thread| !thread.is_finished());
        threads.push(thread);
    }

    /// Waits until the long work that has begun ends.
    pub fn join(&self) {
        let threads = std::mem::take(&mut *self.inner.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("work in the background panicked");
            }
        }
    }

    /// Work in the background was asked for.
    pub(crate) fn wake(&self) {
        self.inner.woken.store(true, Ordering::Relaxed);
    }

    /// Was work in the background asked for since this was last asked?
    pub(crate) fn was_woken(&self) -> bool {
        self.inner.woken.swap(false, Ordering::Relaxed)
    }

    /// A place among those who watch streams of events; none when all are taken.
    pub(crate) fn watcher(&self) -> Option<OwnedSemaphorePermit> {
        self.inner.watchers.clone().try_acquire_owned().ok()
    }

    /// The law as it is known now.
    #[must_use]
    pub fn law(&self) -> Arc<Law> {
        self.inner.law.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the law anew when another rule file of the site was put in force since, by whatever process. A book that is wrong is
    /// logged, and the law stays.
    ///
    /// # Errors
    /// The database's.
    pub fn renew_law(&self, conn: &mut Conn) -> Result<(), StoreError> {
        let count = denghuo_store::rulebook::accepted_count(conn)?;
        if self.inner.law_count.load(Ordering::Relaxed) == count {
            return Ok(());
        }
        let kept = denghuo_store::site::rule_files(conn)?;
        let (book, errors) = site_book(kept, self.options().rule_folder.clone());
        if errors.is_empty() {
            let law = Arc::new(Law { book, site: self.law().site.clone() });
            *self.inner.law.write().unwrap_or_else(PoisonError::into_inner) = law;
            tracing::info!(count, "the law was read anew");
        } else {
            let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
            tracing::error!(errors = told.join("; "), "the rule files of the site are wrong; the law stays");
        }
        self.inner.law_count.store(count, Ordering::Relaxed);
        Ok(())
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
