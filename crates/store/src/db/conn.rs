//! Connections of the two engines behind one face.

use super::bulk::{COPY_HEADER, COPY_TRAILER, RowWriter, Table};
use super::error::StoreError;
use super::param::Param;
use super::row::Row;
use postgres::fallible_iterator::FallibleIterator as _;
use std::collections::HashMap;
use std::io::Write as _;
use std::path::PathBuf;

/// Rows up to which an upsert on PostgreSQL goes one by one.
const FEW: usize = 32;
/// Bytes of a COPY that are gathered before they are sent.
const COPY_CHUNK: usize = 1 << 20;

/// Which engine is behind a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded database.
    Sqlite,
    /// The server.
    Postgres,
}

/// A database by its address; gives connections.
#[derive(Clone, Debug)]
pub struct Store {
    url: String,
    durable: bool,
}

impl Store {
    /// The database at `sqlite://PATH` or `postgres://…`, created when it is a file that is not there, and migrated.
    ///
    /// # Errors
    /// A bad address, an unreachable server, a failed migration.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        let store = Self::plain(url);
        let mut conn = store.connect()?;
        crate::migrate::run(&mut conn)?;
        Ok(store)
    }

    /// The database at an address as it is, without a look at its schema.
    pub(crate) fn plain(url: &str) -> Self {
        Self { url: url.to_owned(), durable: true }
    }

    /// The same database for work that is simply made again after a power cut (a demonstration, a test): its connections
    /// do not wait for the disk. A killed process still loses nothing.
    #[must_use]
    pub fn without_waiting(mut self) -> Self {
        self.durable = false;
        self
    }

    /// A second database of the same engine beside this one, emptied: `PATH.name`, or a schema of that name.
    ///
    /// # Errors
    /// The database's.
    pub fn beside(&self, name: &str) -> Result<Self, StoreError> {
        let other = if self.url.starts_with("sqlite://") {
            format!("{}.{name}", self.url)
        } else {
            let joint = if self.url.contains('?') { '&' } else { '?' };
            let schema = format!("denghuo_{name}");
            self.connect()?
                .batch(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}"))?;
            format!("{}{joint}options=-c%20search_path%3D{schema}", self.url)
        };
        Self::plain(&other).destroy()?;
        Self::open(&other)
    }

    /// Removes the files of an embedded database; a schema made by [`Store::beside`] is left to the next one.
    ///
    /// # Errors
    /// The file system's.
    pub fn destroy(&self) -> Result<(), StoreError> {
        let Some(path) = self.url.strip_prefix("sqlite://") else { return Ok(()) };
        for suffix in ["", "-wal", "-shm"] {
            match std::fs::remove_file(format!("{path}{suffix}")) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
                _ => {}
            }
        }
        Ok(())
    }

    /// The address it was opened with.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A new connection.
    ///
    /// # Errors
    /// A bad address, an unreachable server, a file that cannot be opened.
    pub fn connect(&self) -> Result<Conn, StoreError> {
        if let Some(path) = self.url.strip_prefix("sqlite://") {
            let mut conn = Conn::sqlite(&PathBuf::from(path))?;
            if !self.durable {
                conn.batch("PRAGMA synchronous = OFF")?;
            }
            return Ok(conn);
        }
        if self.url.starts_with("postgres://") || self.url.starts_with("postgresql://") {
            let mut conn = Conn::postgres(&self.url)?;
            if !self.durable {
                conn.batch("SET synchronous_commit = off")?;
            }
            return Ok(conn);
        }
        Err(StoreError::BadUrl(self.url.clone()))
    }
}

/// One connection. Reads go through it at any time; writes that belong together go through [`Conn::write`].
pub struct Conn {
    pub(crate) driver: Driver,
    in_write: bool,
    statements: u64,
}

pub(crate) enum Driver {
    Sqlite(Box<rusqlite::Connection>),
    Postgres { client: Box<postgres::Client>, prepared: HashMap<String, postgres::Statement> },
}

impl Conn {
    fn sqlite(path: &PathBuf) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)?;
        }
        let connection = rusqlite::Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA busy_timeout = 60000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536;
             PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 268435456;",
        )?;
        connection.set_prepared_statement_cache_capacity(512);
        Ok(Self { driver: Driver::Sqlite(Box::new(connection)), in_write: false, statements: 0 })
    }

    fn postgres(url: &str) -> Result<Self, StoreError> {
        let client = postgres::Client::connect(url, postgres::NoTls)?;
        Ok(Self {
            driver: Driver::Postgres { client: Box::new(client), prepared: HashMap::new() },
            in_write: false,
            statements: 0,
        })
    }

    /// Brings what was written lately from SQLite's log into its file, as far as that disturbs nobody. Done beside the requests,
    /// it spares one of them the wait. PostgreSQL does it by itself.
    ///
    /// # Errors
    /// The database's.
    pub fn checkpoint(&mut self) -> Result<(), StoreError> {
        if let Driver::Sqlite(connection) = &self.driver {
            connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        }
        Ok(())
    }

    /// Which engine it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.driver {
            Driver::Sqlite(_) => Engine::Sqlite,
            Driver::Postgres { .. } => Engine::Postgres,
        }
    }

    /// How many statements it has run, many rows written at once counted as one: a test of what a stage costs.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements
    }

    /// Runs `work` as one transaction: all of it is kept, or nothing of it. Inside a running `write` it joins that one.
    ///
    /// # Errors
    /// What `work` returns, after everything was taken back; or a failure to begin or commit.
    pub fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.in_write {
            return work(self);
        }
        self.batch(match self.engine() {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        })?;
        self.in_write = true;
        let result = work(self);
        self.in_write = false;
        match result {
            Ok(value) => {
                self.batch("COMMIT")?;
                Ok(value)
            }
            Err(error) => {
                // The first error is the one worth telling; a failed rollback ends with the connection.
                let _ = self.batch("ROLLBACK");
                Err(error)
            }
        }
    }

    /// Runs `work` and takes back everything that it wrote, whatever it returns: also inside a running `write`, which goes on.
    ///
    /// # Errors
    /// What `work` returns; or a failure to begin or to take back.
    pub fn trial<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.in_write {
            self.batch("SAVEPOINT trial")?;
            let result = work(self);
            self.batch("ROLLBACK TO SAVEPOINT trial; RELEASE SAVEPOINT trial")?;
            return result;
        }
        self.batch(match self.engine() {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        })?;
        self.in_write = true;
        let result = work(self);
        self.in_write = false;
        self.batch("ROLLBACK")?;
        result
    }

    /// Runs statements without parameters.
    ///
    /// # Errors
    /// The database's.
    pub fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        match &mut self.driver {
            Driver::Sqlite(connection) => connection.execute_batch(sql)?,
            Driver::Postgres { client, .. } => client.batch_execute(sql)?,
        }
        Ok(())
    }

    /// Lets the engine put its house in order after a large load: statistics for the planner, a short log.
    ///
    /// # Errors
    /// The database's.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        match self.engine() {
            Engine::Sqlite => self.batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)"),
            Engine::Postgres => self.batch("VACUUM ANALYZE"),
        }
    }

    /// Checks that a statement is understood by the engine.
    ///
    /// # Errors
    /// The engine's complaint.
    pub fn prepare(&mut self, sql: &str) -> Result<(), StoreError> {
        match &mut self.driver {
            Driver::Sqlite(connection) => drop(connection.prepare_cached(sql)?),
            Driver::Postgres { client, prepared } => drop(statement(client, prepared, sql)?),
        }
        Ok(())
    }

    /// Runs a statement and tells how many rows it touched.
    ///
    /// # Errors
    /// The database's.
    pub fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        self.statements += 1;
        match &mut self.driver {
            Driver::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql)?;
                bind(&mut statement, params)?;
                Ok(statement.raw_execute()? as u64)
            }
            Driver::Postgres { client, prepared } => {
                let statement = statement(client, prepared, sql)?;
                Ok(client.execute(&statement, &by_reference(params))?)
            }
        }
    }

    /// Gives every row of a query to `each`, without keeping them.
    ///
    /// # Errors
    /// The database's, or the first of `each`.
    pub fn for_each<E: From<StoreError>>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut each: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.statements += 1;
        match &mut self.driver {
            Driver::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql).map_err(StoreError::from)?;
                bind(&mut statement, params)?;
                let mut rows = statement.raw_query();
                while let Some(row) = rows.next().map_err(StoreError::from)? {
                    each(&Row::Sqlite(row))?;
                }
            }
            Driver::Postgres { client, prepared } => {
                let statement = statement(client, prepared, sql)?;
                let mut rows = client.query_raw(&statement, params.iter()).map_err(StoreError::from)?;
                while let Some(row) = rows.next().map_err(StoreError::from)? {
                    each(&Row::Postgres(&row))?;
                }
            }
        }
        Ok(())
    }

    /// Every row of a query, read by `read`.
    ///
    /// # Errors
    /// The database's, or the first of `read`.
    pub fn query<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut all = Vec::new();
        self.for_each(sql, params, |row| {
            all.push(read(row)?);
            Ok::<_, StoreError>(())
        })?;
        Ok(all)
    }

    /// The first row of a query, if there is one.
    ///
    /// # Errors
    /// The database's, or that of `read`.
    pub fn query_first<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.query(sql, params, read)?.into_iter().next())
    }

    /// The first column of the first row as a whole number; 0 when there is no row or it is NULL.
    ///
    /// # Errors
    /// The database's.
    pub fn query_int(&mut self, sql: &str, params: &[Param<'_>]) -> Result<i64, StoreError> {
        Ok(self.query_first(sql, params, |row| row.int_or_null(0))?.flatten().unwrap_or(0))
    }

    /// Inserts many rows; `bind` gives the values of one row in the order of the table's columns.
    ///
    /// # Errors
    /// The database's; inside [`Conn::write`] nothing is kept then.
    pub fn bulk<'r, R>(
        &mut self,
        table: &Table,
        rows: &'r [R],
        bind: impl FnMut(&'r R, &mut RowWriter<'r>),
    ) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        self.statements += 1;
        match &mut self.driver {
            Driver::Sqlite(connection) => sqlite_loop(connection, &table.insert_sql(), table, rows, bind),
            Driver::Postgres { client, .. } => {
                copy_in(client, &table.copy_sql(table.name), table, rows, bind)
            }
        }
    }

    /// Inserts many rows, or replaces the columns of those whose key is there already.
    ///
    /// # Errors
    /// The database's; inside [`Conn::write`] nothing is kept then.
    pub fn bulk_upsert<'r, R>(
        &mut self,
        table: &Table,
        rows: &'r [R],
        bind: impl FnMut(&'r R, &mut RowWriter<'r>),
    ) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        self.statements += 1;
        match &mut self.driver {
            Driver::Sqlite(connection) => {
                sqlite_loop(connection, &(table.insert_sql() + &table.conflict_sql()), table, rows, bind)
            }
            Driver::Postgres { client, prepared } if rows.len() <= FEW => {
                let statement = statement(client, prepared, &(table.insert_sql() + &table.conflict_sql()))?;
                few_rows(client, &statement, table, rows, bind)
            }
            Driver::Postgres { client, .. } => {
                let staging = format!("staging_{}", table.name);
                let columns = table.columns.join(", ");
                client.batch_execute(&format!(
                    "CREATE TEMP TABLE IF NOT EXISTS {staging} (LIKE {} INCLUDING DEFAULTS); TRUNCATE {staging}",
                    table.name
                ))?;
                copy_in(client, &table.copy_sql(&staging), table, rows, bind)?;
                client.batch_execute(&format!(
                    "INSERT INTO {} ({columns}) SELECT {columns} FROM {staging}{}",
                    table.name,
                    table.conflict_sql()
                ))?;
                Ok(())
            }
        }
    }
}

/// A row at a time: cheaper than a staging table for a few.
fn few_rows<'r, R>(
    client: &mut postgres::Client,
    statement: &postgres::Statement,
    table: &Table,
    rows: &'r [R],
    mut bind: impl FnMut(&'r R, &mut RowWriter<'r>),
) -> Result<(), StoreError> {
    let mut writer = RowWriter::with_columns(table.columns.len());
    for row in rows {
        writer.clear();
        bind(row, &mut writer);
        client.execute(statement, &by_reference(writer.params()))?;
    }
    Ok(())
}

fn by_reference<'p>(params: &'p [Param<'_>]) -> Vec<&'p (dyn postgres::types::ToSql + Sync)> {
    params.iter().map(|param| param as &(dyn postgres::types::ToSql + Sync)).collect()
}

fn statement(
    client: &mut postgres::Client,
    prepared: &mut HashMap<String, postgres::Statement>,
    sql: &str,
) -> Result<postgres::Statement, StoreError> {
    if let Some(statement) = prepared.get(sql) {
        return Ok(statement.clone());
    }
    let statement = client.prepare(sql)?;
    prepared.insert(sql.to_owned(), statement.clone());
    Ok(statement)
}

/// Binds `$n` to the n-th parameter. SQLite takes `$2` for a name and numbers names by their first appearance, so that
/// binding by position would swap the parameters of `SET a = $2 WHERE id = $1`.
fn bind(statement: &mut rusqlite::Statement<'_>, params: &[Param<'_>]) -> Result<(), StoreError> {
    let count = statement.parameter_count();
    for place in 1..=count {
        let number = statement.parameter_name(place).and_then(|name| name[1..].parse::<usize>().ok());
        let param = number.and_then(|n| params.get(n.checked_sub(1)?));
        let param = param.ok_or(rusqlite::Error::InvalidParameterCount(params.len(), count))?;
        statement.raw_bind_parameter(place, param)?;
    }
    Ok(())
}

fn sqlite_loop<'r, R>(
    connection: &rusqlite::Connection,
    sql: &str,
    table: &Table,
    rows: &'r [R],
    mut bind: impl FnMut(&'r R, &mut RowWriter<'r>),
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut writer = RowWriter::with_columns(table.columns.len());
    for row in rows {
        writer.clear();
        bind(row, &mut writer);
        for (place, param) in (1..).zip(writer.params()) {
            statement.raw_bind_parameter(place, param)?;
        }
        statement.raw_execute()?;
    }
    Ok(())
}

fn copy_in<'r, R>(
    client: &mut postgres::Client,
    sql: &str,
    table: &Table,
    rows: &'r [R],
    mut bind: impl FnMut(&'r R, &mut RowWriter<'r>),
) -> Result<(), StoreError> {
    let mut copy = client.copy_in(sql)?;
    let mut buffer = Vec::with_capacity(COPY_CHUNK + 4096);
    buffer.extend(COPY_HEADER);
    let mut writer = RowWriter::with_columns(table.columns.len());
    for row in rows {
        writer.clear();
        bind(row, &mut writer);
        writer.copy_into(&mut buffer);
        if buffer.len() >= COPY_CHUNK {
            copy.write_all(&buffer)?;
            buffer.clear();
        }
    }
    buffer.extend(COPY_TRAILER);
    copy.write_all(&buffer)?;
    copy.finish()?;
    Ok(())
}
