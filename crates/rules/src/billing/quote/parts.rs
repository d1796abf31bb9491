//! What was used, in a case: as quantities, or as registers with a multiplier.

use super::{missing, told};
use crate::derivation::Recorder;
use crate::refusal::Refusal;
use crate::tariff::{Band, PerBand, Usage};
use crate::units::{Demand, Energy, Ratio, Rounding};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// 电量: energies after the multiplier.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UsageCase {
    /// Total, kWh; the sum of the bands when left out.
    pub active: Option<Energy>,
    /// By tariff period; when they do not reach the total, the rest is flat.
    pub bands: BTreeMap<Band, Energy>,
    /// Reactive energy, kvarh.
    pub reactive: Energy,
    /// Maximum demand, kW.
    pub demand: Demand,
}

impl UsageCase {
    pub(super) fn usage(&self, by_band: bool) -> Usage {
        let mut bands = PerBand::<Energy>::default();
        for (band, energy) in &self.bands {
            bands[band.index()] = *energy;
        }
        let sum: Energy = bands.iter().copied().sum();
        let active = self.active.unwrap_or(sum);
        if by_band && !self.bands.contains_key(&Band::Flat) {
            bands[Band::Flat.index()] = active - sum;
        }
        let bands = if by_band { bands } else { PerBand::default() };
        Usage { active, bands, reactive: self.reactive, demand: self.demand }
    }
}

/// 示数: last and this reading of each register, and the multiplier.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RegistersCase {
    /// 倍率; when left out, CT × PT ratio.
    pub multiplier: Option<Ratio>,
    /// Current transformer, such as `150/5`.
    pub ct: Option<String>,
    /// Voltage transformer, such as `10000/100`.
    pub pt: Option<String>,
    /// 表位数: digits before the point; a register that went over the top gains 10^digits.
    pub digits: Option<u32>,
    /// Active total, `[last, this]`.
    pub active: Option<(Energy, Energy)>,
    /// Tariff periods, `[last, this]`; a missing flat register is the rest of the total.
    pub bands: BTreeMap<Band, (Energy, Energy)>,
    /// Reactive, `[last, this]`.
    pub reactive: Option<(Energy, Energy)>,
    /// Demand register, kW before the multiplier.
    pub demand: Demand,
}

/// A multiplier as a fraction.
struct Multiplier(i64, i64);

impl Multiplier {
    fn times(&self, raw: i64) -> i64 {
        Rounding::HalfUp.divide_i128(i128::from(raw) * i128::from(self.0), i128::from(self.1))
    }
}

impl RegistersCase {
    pub(super) fn usage(&self, by_band: bool, recorder: &mut Recorder) -> Result<(Usage, String), Refusal> {
        let multiplier = self.multiplier()?;
        let energy = |pair: &(Energy, Energy)| {
            let over = pair.1 < pair.0;
            let turned = match (over, self.digits) {
                (false, _) => Energy::ZERO,
                (true, Some(digits)) if digits <= 12 => Energy::kwh(10_i64.pow(digits)),
                (true, _) => {
                    return Err(missing("表位数(示数倒走)", "`digits` for a register that went back"));
                }
            };
            Ok(Energy(multiplier.times((pair.1 - pair.0 + turned).0)))
        };
        let mut bands = BTreeMap::new();
        for (band, pair) in &self.bands {
            bands.insert(*band, energy(pair)?);
        }
        let case = UsageCase {
            active: self.active.as_ref().map(energy).transpose()?,
            bands,
            reactive: self.reactive.as_ref().map(energy).transpose()?.unwrap_or_default(),
            demand: Demand(multiplier.times(self.demand.0)),
        };
        let usage = case.usage(by_band);
        let shown = Ratio(multiplier.times(1_000_000)).to_string();
        let (active, reactive) = (usage.active, usage.reactive);
        told(
            recorder,
            "registers",
            format!("倍率{shown},有功{active}千瓦时,无功{reactive}千乏时"),
            format!("multiplier {shown}: active {active} kWh, reactive {reactive} kvarh"),
        );
        Ok((usage, shown))
    }

    fn multiplier(&self) -> Result<Multiplier, Refusal> {
        if let Some(multiplier) = self.multiplier {
            return Ok(Multiplier(multiplier.0, 1_000_000));
        }
        let (mut num, mut den) = (1, 1);
        for ratio in [&self.ct, &self.pt].into_iter().flatten() {
            let parts = ratio
                .split_once('/')
                .and_then(|(a, b)| Some((a.trim().parse().ok()?, b.trim().parse().ok()?)));
            let (a, b): (i64, i64) = parts
                .filter(|(a, b)| (1..=1_000_000).contains(a) && (1..=1_000_000).contains(b))
                .ok_or_else(|| missing("正确的互感器变比", "a transformer ratio such as 150/5"))?;
            num *= a;
            den *= b;
        }
        Ok(Multiplier(num, den))
    }
}
