//! Numbered migrations, one SQL file for both engines.
//!
//! `/*clustered*/` behind a table becomes `WITHOUT ROWID` on SQLite, which keeps an account's rows together in the
//! order of their primary key; PostgreSQL ignores the comment.
//!
//! All that is missing is one transaction together with the record of it: a kill leaves either the old schema or the new.

use crate::db::{Conn, Engine, StoreError};

const MIGRATIONS: &[(&str, &str)] = &[
    ("V1__money_path", include_str!("../migrations/V1__money_path.sql")),
    ("V2__collections_by_the_clause", include_str!("../migrations/V2__collections_by_the_clause.sql")),
    ("V3__people_and_sessions", include_str!("../migrations/V3__people_and_sessions.sql")),
    ("V4__operations_of_the_house", include_str!("../migrations/V4__operations_of_the_house.sql")),
    ("V5__payments_online", include_str!("../migrations/V5__payments_online.sql")),
    ("V6__field_and_customers", include_str!("../migrations/V6__field_and_customers.sql")),
    ("V7__notices_and_approvals", include_str!("../migrations/V7__notices_and_approvals.sql")),
    ("V8__write_off_requests", include_str!("../migrations/V8__write_off_requests.sql")),
    ("V10__search", include_str!("../migrations/V10__search.sql")),
    ("V11__service", include_str!("../migrations/V11__service.sql")),
    ("V12__problems", include_str!("../migrations/V12__problems.sql")),
    ("V13__targets", include_str!("../migrations/V13__targets.sql")),
    ("V14__supervision", include_str!("../migrations/V14__supervision.sql")),
    ("V15__single_sign_on", include_str!("../migrations/V15__single_sign_on.sql")),
    ("V16__tasks_in_english", include_str!("../migrations/V16__tasks_in_english.sql")),
    ("V17__places_of_lists", include_str!("../migrations/V17__places_of_lists.sql")),
    ("V18__largest_debts", include_str!("../migrations/V18__largest_debts.sql")),
];

/// Others that may bring the same schema up to date at the same moment.
const RIVALS: u32 = 8;

/// Brings the schema up to date. Of several processes that do so at once, one does it and the others find it done.
pub(crate) fn run(conn: &mut Conn) -> Result<(), StoreError> {
    let mut result = attempt(conn);
    // A rival's commit makes ours fail as a whole; the next attempt finds its work done.
    for _ in 0..RIVALS {
        if result.is_ok() {
            break;
        }
        result = attempt(conn);
    }
    result
}

fn attempt(conn: &mut Conn) -> Result<(), StoreError> {
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
    let runner = refinery::Runner::new(&migrations).set_grouped(true);
    match &mut conn.driver {
        crate::db::Driver::Sqlite(connection) => runner.run(connection.as_mut())?,
        crate::db::Driver::Postgres { client, .. } => runner.run(client.as_mut())?,
    };
    Ok(())
}
