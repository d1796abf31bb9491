//! 突出、集中问题: what many customers speak of is found, owned, planned, watched and closed with what came of it.

mod messages;
mod reader;

pub use messages::{Hotspot, Message, MessageError, MonthOfHotspots, hotspots, messages_of_csv};
