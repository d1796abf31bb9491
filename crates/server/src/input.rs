//! Parts of requests that many endpoints share.

use denghuo_rules::calendar::DateForm;
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::Deserialize;

/// Nothing is given.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Nothing {}

/// The number of the account in the path, where a function needs it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct AccountPath {
    /// 户号
    pub account_no: String,
}

/// A bill of an account in the path. The account of a path is checked and given as `ask.account()`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct BillPath {
    /// Number of the bill within the account.
    pub bill_no: i64,
}

/// Whether personal data is shown in full.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct PersonalQuery {
    /// Show names, telephones and addresses in full; the look is kept.
    #[serde(default)]
    pub personal: bool,
}

/// A moment of the machine (ms since 1970) in Beijing time, to the second.
pub fn moment_of(ms: i64) -> DateTime {
    const BEIJING: jiff::tz::Offset = jiff::tz::Offset::constant(8);
    jiff::Timestamp::from_second(ms.div_euclid(1_000))
        .map_or(DateTime::MIN, |stamp| BEIJING.to_datetime(stamp))
}

/// A day.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct DayQuery {
    /// The day; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    pub on: Option<Date>,
}
