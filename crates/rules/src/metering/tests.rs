//! Tables of verdicts and rules (one line per case, a hit and its miss), the worked example's registers, and properties.

use super::*;
use crate::registry::PointRelation;
use crate::rulebook::{Rulebook, Selector};
use crate::units::{Demand, Energy, Ratio};
use jiff::civil::{Date, date};

mod energy;
mod period;
mod properties;
mod verdicts;
mod verification;

fn rules() -> MeteringRules {
    let here = Selector::in_jurisdictions(&["cn", "sgcc"]);
    MeteringRules::load(&Rulebook::embedded(), &here, date(2026, 8, 1)).unwrap()
}

/// Exact rules: no rounding to whole kWh.
fn exact() -> ReadingRules {
    ReadingRules { whole_kwh: false, ..rules().reading }
}

fn units(text: &str) -> Energy {
    text.parse().unwrap()
}

fn set(on: Date, total: &str, bands: [&str; 5]) -> RegisterSet {
    RegisterSet {
        bands: bands.map(|b| (!b.is_empty()).then(|| units(b))),
        ..RegisterSet::total_only(on, units(total))
    }
}

fn span(from: RegisterSet, to: RegisterSet, multiplier: i64) -> MeterSpan {
    let dial = Dial { digits: 6, multiplier: Ratio(multiplier * 1_000_000) };
    MeterSpan { point: 1, relation: PointRelation::Main, dial, from, to }
}

fn day(d: i8) -> Date {
    date(2026, 8, d)
}
