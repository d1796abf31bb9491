//! The kinds of files of the registry, in the order in which they refer to each other.

use super::intake::{Intake, Line};
use crate::error::OfficeError;
use crate::import::{self, Format, Limits, Record, RowError, Source};

pub(super) mod accounts;
mod contacts;
mod contracts;
mod customers;
mod flags;
mod installations;
mod meters;
mod organisation;
mod routes;
mod terms;

pub(super) use contacts::value_fits as contact_value_fits;

/// One kind of file.
pub(super) trait Kind {
    /// What a row says.
    type Row;
    /// The file.
    const FORMAT: Format;

    /// What a row with good cells says; an error where its cells contradict each other.
    fn row(record: &Record<'_>) -> Result<Self::Row, RowError>;

    /// Checks the rows against each other and the database, and loads them when nothing is wrong.
    fn load(lines: Vec<Line<Self::Row>>, intake: &mut Intake<'_>) -> Result<(), OfficeError>;
}

/// A kind behind its word.
pub(super) struct Entry {
    /// The file.
    pub format: &'static Format,
    /// Reads, checks and loads a file of it; gives the number of rows.
    pub take: fn(&Source, &mut Intake<'_>) -> Result<u64, OfficeError>,
}

/// Reads a file of the kind, and checks and loads its rows when all cells are good.
fn take<K: Kind>(source: &Source, intake: &mut Intake<'_>) -> Result<u64, OfficeError> {
    let mut lines = Vec::new();
    let (rows, problems) =
        import::read(&K::FORMAT, source, Limits::default(), |record, problems| match K::row(record) {
            Ok(row) => lines.push(Line { line: record.line, row }),
            Err(error) => problems.push(error),
        });
    let cells_are_good = problems.is_empty();
    intake.problems.absorb("", problems);
    if cells_are_good && !intake.earlier_wrong {
        K::load(lines, intake)?;
    }
    Ok(rows as u64)
}

/// Every kind in the order of loading.
pub(super) const KINDS: &[Entry] = &[
    Entry { format: &organisation::Orgs::FORMAT, take: take::<organisation::Orgs> },
    Entry { format: &organisation::StaffMembers::FORMAT, take: take::<organisation::StaffMembers> },
    Entry { format: &routes::Routes::FORMAT, take: take::<routes::Routes> },
    Entry { format: &routes::Districts::FORMAT, take: take::<routes::Districts> },
    Entry { format: &customers::Estates::FORMAT, take: take::<customers::Estates> },
    Entry { format: &customers::Customers::FORMAT, take: take::<customers::Customers> },
    Entry { format: &accounts::Accounts::FORMAT, take: take::<accounts::Accounts> },
    Entry { format: &contracts::Contracts::FORMAT, take: take::<contracts::Contracts> },
    Entry { format: &contacts::Contacts::FORMAT, take: take::<contacts::Contacts> },
    Entry { format: &flags::Flags::FORMAT, take: take::<flags::Flags> },
    Entry { format: &meters::Meters::FORMAT, take: take::<meters::Meters> },
    Entry { format: &meters::Points::FORMAT, take: take::<meters::Points> },
    Entry { format: &installations::Installations::FORMAT, take: take::<installations::Installations> },
];

/// Every kind's format, in the order of loading.
#[must_use]
pub fn formats() -> Vec<&'static Format> {
    KINDS.iter().map(|entry| entry.format).collect()
}
