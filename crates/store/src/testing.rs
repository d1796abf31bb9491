//! Throw-away databases for tests: SQLite always, PostgreSQL when `DENGHUO_TEST_PG` names a server.

use crate::db::{Conn, Engine, Store, StoreError};
use std::collections::BTreeMap;
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

/// Columns that tell when the machine worked, not what it did.
const MOMENTS: &[&str] = &["recorded_at", "started_at", "finished_at"];

/// Every row of every table as text, in order: two databases that went through the same have equal contents, whatever
/// their engines. Moments of the machine's clock are left out.
///
/// # Errors
/// The database's.
pub fn contents(conn: &mut Conn) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
    let (catalogue, hex) = match conn.engine() {
        Engine::Sqlite => (
            "SELECT m.name, c.name, LOWER(c.type) FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' ORDER BY m.name, c.cid",
            "LOWER(HEX({}))",
        ),
        Engine::Postgres => (
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT) \
             FROM information_schema.columns WHERE table_schema = CURRENT_SCHEMA ORDER BY table_name, ordinal_position",
            "ENCODE({}, 'hex')",
        ),
    };
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column, kind) in
        conn.query(catalogue, &[], |row| Ok((row.text(0)?, row.text(1)?, row.text(2)?)))?
    {
        if !table.starts_with("refinery") && !MOMENTS.contains(&column.as_str()) {
            let text =
                if kind == "bytea" { hex.replace("{}", &column) } else { format!("CAST({column} AS TEXT)") };
            tables.entry(table).or_default().push(format!("'{column}=' || COALESCE({text}, '-')"));
        }
    }
    let mut contents = BTreeMap::new();
    for (table, columns) in tables {
        let sql = format!("SELECT {} FROM {table}", columns.join(" || ' ' || "));
        let mut rows = conn.query(&sql, &[], |row| row.text(0))?;
        rows.sort();
        contents.insert(table, rows);
    }
    Ok(contents)
}

/// The first difference between two contents, in words.
#[must_use]
pub fn first_difference(
    one: &BTreeMap<String, Vec<String>>,
    other: &BTreeMap<String, Vec<String>>,
) -> Option<String> {
    for (table, rows) in one {
        let others = other.get(table).map_or([].as_slice(), Vec::as_slice);
        for n in 0..rows.len().max(others.len()) {
            let (left, right) = (rows.get(n), others.get(n));
            if left != right {
                return Some(format!(
                    "{table}: {} and {} rows\n  {left:?}\n  {right:?}",
                    rows.len(),
                    others.len()
                ));
            }
        }
    }
    other
        .keys()
        .find(|table| !one.contains_key(*table))
        .map(|table| format!("only one has the table {table}"))
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
