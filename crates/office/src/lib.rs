//! The work of each column, and the business day.

pub mod import;
