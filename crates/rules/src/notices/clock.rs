//! 送达时限: by which day a notice has to leave or arrive.

use super::{BillDelivery, Channel};
use crate::calendar::{WorkCalendar, YearNotCovered, plus_days};
use jiff::civil::Date;

impl BillDelivery {
    /// The day by which a bill that was released (or whose last channel failed) on `on` has to have left by a channel. A
    /// delegated company is given its data on the same day, and has the working days of paper.
    ///
    /// # Errors
    /// The calendar does not cover a year.
    pub fn due_by(
        &self,
        channel: Channel,
        on: Date,
        calendar: &WorkCalendar,
    ) -> Result<Date, YearNotCovered> {
        if channel.is_electronic() {
            return Ok(plus_days(on, self.electronic_days.into()));
        }
        calendar.working_days_after(on, self.paper_working_days.into())
    }
}
