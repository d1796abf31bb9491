//! Parts of requests that many endpoints share.

use denghuo_rules::calendar::DateForm;
use jiff::civil::Date;
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

/// A day.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct DayQuery {
    /// The day; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    pub on: Option<Date>,
}
