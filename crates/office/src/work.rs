//! What every use case is given: the rulebook, the site, the person, the moment of recording.

use crate::error::OfficeError;
use denghuo_rules::rulebook::{Rulebook, Selector, SiteProfile};
use denghuo_store::Conn;
use jiff::civil::Date;

/// The circumstances of a piece of work. The business date is an argument of its own.
#[derive(Clone, Debug)]
pub struct Work<'b> {
    /// The rulebook in force at the site, all dates in it.
    pub book: &'b Rulebook,
    /// The site's jurisdictions, from general to specific.
    pub site: Selector,
    /// Staff code of who does it; `system` for the business day.
    pub by: String,
    /// Moment of recording, milliseconds since 1970. It enters no decision and no digest.
    pub now: i64,
}

impl<'b> Work<'b> {
    /// Is this a day on which business may be done or dated? A slip such as 1900 or 2999 is refused before anything is
    /// written: a day that was begun, or a close, cannot be undone.
    ///
    /// # Errors
    /// The calendar does not cover the year.
    pub fn check_date(&self, on: Date) -> Result<(), OfficeError> {
        self.book.calendar().is_working_day(on)?;
        Ok(())
    }

    /// The work of `by` at the site whose profile the database keeps.
    ///
    /// # Errors
    /// The database's.
    pub fn at_site(conn: &mut Conn, book: &'b Rulebook, by: &str, now: i64) -> Result<Self, OfficeError> {
        let kept = denghuo_store::site::get(conn, "jurisdictions")?;
        let profile = kept.as_deref().map_or_else(SiteProfile::default, SiteProfile::from_text);
        Ok(Self { book, site: profile.selector(), by: by.to_owned(), now })
    }
}
