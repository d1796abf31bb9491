//! Numbered migrations, one SQL file for both engines.
//!
//! `/*clustered*/` behind a table becomes `WITHOUT ROWID` on SQLite, which keeps an account's rows together in the
//! order of their primary key; PostgreSQL ignores the comment.

use crate::db::{Conn, Engine, StoreError};

const MIGRATIONS: &[(&str, &str)] = &[("V1__money_path", include_str!("../migrations/V1__money_path.sql"))];

/// Brings the schema up to date.
pub(crate) fn run(conn: &mut Conn) -> Result<(), StoreError> {
    let engine = conn.engine();
    let migrations = MIGRATIONS
        .iter()
        .map(|(name, sql)| {
            let sql = match engine {
                Engine::Sqlite => sql.replace("/*clustered*/", "WITHOUT ROWID"),
                Engine::Postgres => (*sql).to_owned(),
            };
            refinery::Migration::unapplied(name, &sql)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let runner = refinery::Runner::new(&migrations);
    match &mut conn.driver {
        crate::db::Driver::Sqlite(connection) => runner.run(connection.as_mut())?,
        crate::db::Driver::Postgres { client, .. } => runner.run(client.as_mut())?,
    };
    Ok(())
}
