//! 规则库: law, tariff and company rules as dated data.
//!
//! A rule has an id, a topic, the days it is in force, its legal basis with a confidence, whether a contract may
//! override it, and its parameters. A rule is picked by its *legal day* (day of accrual, of service, of the cut),
//! never by today. Layers: national → grid company → province → site.

mod describe;
mod diff;
mod embedded;
mod load;
mod pick;
mod rule;
mod site;
mod strictest;
#[cfg(test)]
mod tests;
mod topics;

pub use diff::{BookDiff, DayChange, FieldChange, RuleChange, diff, diff_days, diff_rules};
pub use embedded::EMBEDDED;
pub use load::{BookError, Rulebook};
pub use pick::{NoRule, Picked, Selector};
pub use rule::{Basis, Confidence, ContractBounds, Layer, Rule};
pub use site::SiteProfile;
pub use strictest::{Ruled, Stricter, strictest};
pub use topics::{Form, TOPICS, form};
