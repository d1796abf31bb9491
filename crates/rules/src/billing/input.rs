//! What the calculator is told of one bill.

use super::compile::{RuleIds, RuleRef, SegmentPrices};
use super::draft::Line;
use super::item::Item;
use super::params::Params;
use crate::registry::SupplyTerms;
use crate::tariff::Usage;
use crate::units::Energy;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// 阶梯状态: what the annual tiers need to know of a home. The year of a bill is the year of its charging month; a bill is
/// never split by the turn of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdState {
    /// 年累计: billed this year before the period.
    #[serde(rename = "u", default, skip_serializing_if = "is_default")]
    pub used_before: Energy,
    /// 当年用电月数: months of the year in which the account is in use; 12 for a home that neither opens nor closes.
    #[serde(rename = "m")]
    pub months_in_use: u8,
    /// 家庭人口; 0 when not registered.
    #[serde(rename = "p", default, skip_serializing_if = "is_default")]
    pub persons: u8,
}

/// True for a value that need not be written.
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// 计费段: a part of the period on one set of prices, terms and meters. Usage is after the multiplier and before losses
/// and fixed parts, which the calculator works in.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    /// Days of the segment; a part day counts as a day. The segments' days add up to the period.
    pub days: u16,
    /// What was metered.
    pub usage: Usage,
    /// The terms in force.
    pub terms: &'a SupplyTerms,
    /// The compiled prices in force, shared by all bills that use them.
    pub prices: &'a SegmentPrices,
}

/// Everything the calculator needs for one bill. `from` is the day of the last reading, `to` of this one (days = to − from).
#[derive(Clone, Copy, Debug)]
pub struct BillInput<'a> {
    /// First day.
    pub from: Date,
    /// Day after the last.
    pub to: Date,
    /// The parts of the period, in order.
    pub segments: &'a [Segment<'a>],
    /// Needed where a segment is priced by annual tiers.
    pub household: Option<HouseholdState>,
    /// Compiled rule parameters of the legal day.
    pub params: &'a Params,
    /// The ids behind every [`super::RuleRef`].
    pub rules: &'a RuleIds,
}

impl BillInput<'_> {
    /// 所用规则: every rule that the lines of this bill rest on, in order and once, into a buffer that is emptied first.
    pub fn rules_used(&self, lines: &[Line], into: &mut Vec<RuleRef>) {
        into.clear();
        into.push(self.params.rule_rounding);
        into.extend(self.segments.iter().filter_map(|segment| segment.prices.assumption));
        for line in lines {
            into.push(line.rule);
            match line.item {
                Item::Demand | Item::DemandExcess => into.push(self.params.rule_demand),
                Item::FixedPart => into.push(self.params.rule_fixed),
                _ => {}
            }
            if !line.share.is_whole() {
                into.push(self.params.rule_proration);
            }
        }
        into.sort_unstable();
        into.dedup();
    }
}
