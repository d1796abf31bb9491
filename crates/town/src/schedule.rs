//! 抄表计划: what every meter shows on the days on which it is read.

use denghuo_rules::metering::RegisterSet;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// One reading as it comes in.
#[derive(Clone, Debug)]
pub struct Planned {
    /// 户号
    pub account_no: String,
    /// 资产编号
    pub meter_no: String,
    /// The registers on their day.
    pub set: RegisterSet,
}

/// Readings by the day on which they come in.
pub type Schedule = BTreeMap<Date, Vec<Planned>>;
