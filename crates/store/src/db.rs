//! The seam: one SQL text with `$1` parameters for both engines, rows read into plain structs, and one `bulk`
//! method that is a prepared loop on SQLite and a binary COPY on PostgreSQL.
//!
//! The database knows three types: whole numbers (`BIGINT`), text (`TEXT`) and bytes (`BYTEA`). Dates are kept as
//! `yyyymmdd`, months as `yyyymm`, truth as 0/1, quantities in their raw integer, business moments as `yyyymmddhhmmss` in
//! the site's local time, moments of recording as milliseconds since 1970.

mod bulk;
mod condition;
mod conn;
mod error;
mod order;
mod param;
mod row;

pub use bulk::{RowWriter, Table};
pub use condition::Condition;
pub(crate) use conn::Driver;
pub use conn::{Conn, Engine, Store};
pub use error::StoreError;
pub use order::{Key, Orders, Placed, Slice, without_places};
pub use param::{OPEN_END, Param, date_from_int, date_to_int, moment_from_int, moment_to_int};
pub use row::Row;
