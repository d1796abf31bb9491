//! Throw-away databases for tests: SQLite always, PostgreSQL when `DENGHUO_TEST_PG` names a server.

use crate::db::{Store, StoreError};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A database of its own that disappears with this value.
pub struct TestStore {
    /// The open store.
    pub store: Store,
    cleanup: Cleanup,
}

enum Cleanup {
    Files(PathBuf),
    Schema { server: String, schema: String },
}

fn unique_name() -> String {
    format!("denghuo_test_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

/// A new SQLite database in the folder for temporary files.
///
/// # Errors
/// The database's.
pub fn sqlite() -> Result<TestStore, StoreError> {
    let path = std::env::temp_dir().join(unique_name()).with_extension("db");
    let store = Store::plain(&format!("sqlite://{}", path.display())).without_waiting();
    crate::migrate::run(&mut store.connect()?)?;
    Ok(TestStore { store, cleanup: Cleanup::Files(path) })
}

/// A new schema on the test server; `None` when `DENGHUO_TEST_PG` is not set.
///
/// # Errors
/// The server's.
pub fn postgres() -> Result<Option<TestStore>, StoreError> {
    let Ok(server) = std::env::var("DENGHUO_TEST_PG") else { return Ok(None) };
    let schema = unique_name();
    let admin = Store::plain(&server);
    admin.connect()?.batch(&format!("CREATE SCHEMA {schema}"))?;
    let joint = if server.contains('?') { '&' } else { '?' };
    let store =
        Store::open(&format!("{server}{joint}options=-c%20search_path%3D{schema}"))?.without_waiting();
    Ok(Some(TestStore { store, cleanup: Cleanup::Schema { server, schema } }))
}

/// Runs a test on a fresh database of each engine that is there.
///
/// # Panics
/// When a database cannot be made, or the test fails.
pub fn on_each_engine(test: impl Fn(&Store)) {
    test(&sqlite().expect("a SQLite test database").store);
    match postgres().expect("a PostgreSQL test schema") {
        Some(database) => test(&database.store),
        None => eprintln!("DENGHUO_TEST_PG is not set: the PostgreSQL half of this test did not run"),
    }
}

impl Drop for TestStore {
    fn drop(&mut self) {
        match &self.cleanup {
            Cleanup::Files(path) => {
                for suffix in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
                }
            }
            Cleanup::Schema { server, schema } => {
                if let Ok(mut conn) = Store::plain(server).connect() {
                    let _ = conn.batch(&format!("DROP SCHEMA {schema} CASCADE"));
                }
            }
        }
    }
}
