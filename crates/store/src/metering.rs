//! 抄表 (column `metering`): reading orders, readings with their versions, and what judging a shard of accounts needs.

mod due;
mod history;
mod orders;
mod readings;

pub(crate) use due::due_in_range;
pub use due::{
    DueAccount, Unread, due_accounts, due_ranges, installations, open_doubts, readings, readings_between,
    unread_of,
};
pub use history::{PastReading, reading_history};
pub use orders::{
    OrderCounts, ReadingOrder, TakenReading, close_finished, field_readings, insert_orders, last_orders,
    orders, orders_in_work, reopen_order, routes,
};
pub use readings::{
    KnownReading, MeterPlace, NewReading, billed_to, known_readings, last_version, meter_places, supersede,
    write_readings,
};
