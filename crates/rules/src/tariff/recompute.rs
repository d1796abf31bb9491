//! 电价复算: does a published time-of-use price follow from the published components? Only a report: bills use the
//! published price.
//!
//! Which components float differs by company and is not told reliably, so the base is searched: of all bases, ways of
//! rounding and ways of taking the fixed part, the one that reproduces most prices of a table. A factor is shared by
//! all rows of a table and period; a row with six or more decimals may have a factor of its own.

use super::tou::base_of;
use super::{Band, Component, Components, PerBand, Published, floated};
use crate::units::{Price, Ratio, Rounding};
use std::collections::BTreeMap;

use Component::{Funds, LineLoss, Purchase, System, Transmission};

/// Bases that were observed or are plausible, from narrow to wide.
const BASES: [&[Component]; 9] = [
    &[Purchase],
    &[Purchase, Transmission],
    &[Purchase, LineLoss],
    &[Purchase, System],
    &[Purchase, LineLoss, System],
    &[Purchase, LineLoss, Transmission],
    &[Purchase, System, Transmission],
    &[Purchase, LineLoss, System, Transmission],
    &[Purchase, LineLoss, System, Transmission, Funds],
];

/// Where the part that does not float is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixedFrom {
    /// The other components, added.
    Components,
    /// The published flat price less the base.
    Flat,
}

/// How the prices of a table are formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Method {
    base: usize,
    decimals: u32,
    fixed: FixedFrom,
}

/// What came of one published price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The same to the last digit, with this factor.
    Reproduced(Ratio),
    /// Not the same: the nearest factor and published − recomputed.
    Differs(Ratio, Price),
}

/// One published price and its recomputation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recomputed {
    /// 电压等级 as published.
    pub voltage: String,
    /// 时段
    pub band: Band,
    /// The published price.
    pub published: Price,
    /// What came of it.
    pub outcome: Outcome,
}

/// 平段电价 against the sum of the components.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flat {
    /// Rows that tell all components.
    pub checked: usize,
    /// Rows whose flat price is their sum.
    pub reproduced: usize,
}

/// The report of one table (company, month, category).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableReport {
    /// Province of the company.
    pub province: String,
    /// Month.
    pub month: String,
    /// Category as published.
    pub category: String,
    /// The components that float.
    pub base: Vec<Component>,
    /// Decimals that the floated part keeps.
    pub decimals: u32,
    /// Where the fixed part is taken from.
    pub fixed: FixedFrom,
    /// The component that the table does not tell and that was taken from the flat price.
    pub derived: Option<Component>,
    /// Flat prices that all components are told for, and how many of them are their sum to the last digit.
    pub flat: Flat,
    /// Every price except the flat one, which is no product.
    pub prices: Vec<Recomputed>,
}

impl TableReport {
    /// How many prices were reproduced.
    #[must_use]
    pub fn reproduced(&self) -> usize {
        self.prices.iter().filter(|p| matches!(p.outcome, Outcome::Reproduced(_))).count()
    }
}

/// The rows of one table, and the component that was taken from the flat price.
#[derive(Default)]
struct TableRows<'r> {
    derived: Option<Component>,
    rows: Vec<Ready<'r>>,
}

/// A row made ready: all five components, and the step of its last digit.
struct Ready<'r> {
    row: &'r Published,
    flat: Price,
    components: Components,
    step: Price,
}

/// Recomputes every table among the rows. Rows without a flat price, or that leave out more than one component, are
/// passed over.
#[must_use]
pub fn recompute(rows: &[Published]) -> Vec<TableReport> {
    let mut tables: BTreeMap<(&str, &str, &str), TableRows<'_>> = BTreeMap::new();
    for row in rows {
        if let Some((derived, ready)) = ready(row) {
            let table = tables.entry((&row.province, &row.month, &row.category)).or_default();
            table.derived = table.derived.or(derived);
            table.rows.push(ready);
        }
    }
    tables
        .into_iter()
        .map(|((province, month, category), TableRows { derived, rows })| {
            let (method, prices) = best(&rows);
            let flat = flat(&rows, derived);
            TableReport {
                province: province.to_owned(),
                month: month.to_owned(),
                category: category.to_owned(),
                base: BASES[method.base].to_vec(),
                decimals: method.decimals,
                fixed: method.fixed,
                derived,
                flat,
                prices,
            }
        })
        .collect()
}

fn flat(rows: &[Ready<'_>], derived: Option<Component>) -> Flat {
    let checked = if derived.is_some() { 0 } else { rows.len() };
    let sums = rows.iter().take(checked).filter(|row| row.shown(row.components.sum()) == row.flat);
    Flat { checked, reproduced: sums.count() }
}

fn ready(row: &Published) -> Option<(Option<Component>, Ready<'_>)> {
    let flat = row.bands[Band::Flat.index()]?;
    let mut components = Components::default();
    for (component, price) in Component::ALL.iter().zip(row.components) {
        components.set(*component, price.unwrap_or_default());
    }
    let untold: Vec<Component> = components.untold().collect();
    let derived = match untold[..] {
        [] => None,
        [one] => {
            components.set(one, flat - components.sum());
            Some(one)
        }
        _ => return None,
    };
    // A table has at least four decimals: a price such as 0.366 just ends in a zero.
    let prices = row.bands.iter().copied().flatten();
    let step = [1_i64, 10, 100, 1_000, 10_000]
        .into_iter()
        .rev()
        .find(|step| prices.clone().all(|p| p.0 % step == 0))
        .unwrap_or(1);
    Some((derived, Ready { row, flat, components, step: Price(step) }))
}

impl Ready<'_> {
    fn parts(&self, method: Method) -> Option<(Price, Price)> {
        let base = base_of(&self.components, BASES[method.base])?;
        let whole = match method.fixed {
            FixedFrom::Components => self.components.sum(),
            FixedFrom::Flat => self.flat,
        };
        Some((base, whole - base)).filter(|(base, _)| base.0 > 0)
    }

    /// Published − recomputed, in the digits of the table.
    fn error(&self, method: Method, factor: Ratio, published: Price) -> Option<Price> {
        let (base, fixed) = self.parts(method)?;
        let exact = floated(base, fixed, factor, method.decimals);
        Some(published - self.shown(exact))
    }

    /// In the digits of the table.
    fn shown(&self, exact: Price) -> Price {
        Price(Rounding::HalfUp.divide(exact.0, self.step.0) * self.step.0)
    }

    /// The factor that the price implies, with so many decimals.
    fn implied(&self, method: Method, published: Price, decimals: u32) -> Option<Ratio> {
        let (base, fixed) = self.parts(method)?;
        let step = 10_i128.pow(6 - decimals);
        let raw = i128::from((published - fixed).0) * 1_000_000;
        Some(Ratio(Rounding::HalfUp.divide_i128(raw, i128::from(base.0) * step) * step as i64))
    }
}

/// Better is: more prices within one last digit, then more exact, then a factor with fewer decimals.
type Score = (usize, usize, u32);

/// The shared factor of each period.
type Factors = PerBand<Option<Ratio>>;

/// The best shared factor of one period.
fn factor(rows: &[Ready<'_>], method: Method, band: Band, extra: Option<Ratio>) -> Option<(Score, Ratio)> {
    let priced: Vec<(&Ready<'_>, Price)> =
        rows.iter().filter_map(|r| Some((r, r.row.bands[band.index()]?))).collect();
    let implied = priced
        .iter()
        .flat_map(|(row, price)| (1..=3).filter_map(|decimals| row.implied(method, *price, decimals)));
    implied
        .chain(extra)
        .map(|factor| {
            let errors =
                priced.iter().filter_map(|(row, p)| Some((row.step, row.error(method, factor, *p)?)));
            let (mut near, mut exact) = (0, 0);
            for (step, error) in errors {
                near += usize::from(error.0.abs() <= step.0);
                exact += usize::from(error.is_zero());
            }
            let roundness = (0..=6).filter(|n| factor.0 % 10_i64.pow(*n) == 0).count() as u32;
            ((near, exact, roundness), factor)
        })
        .max()
}

fn best(rows: &[Ready<'_>]) -> (Method, Vec<Recomputed>) {
    let mut found: Option<(Score, Method, Factors)> = None;
    for base in 0..BASES.len() {
        for decimals in [6, 8] {
            for fixed in [FixedFrom::Components, FixedFrom::Flat] {
                let method = Method { base, decimals, fixed };
                let (score, factors) = score(rows, method);
                // Of equals the narrower base stands: the first found.
                if found.as_ref().is_none_or(|(best, _, _)| score > *best) {
                    found = Some((score, method, factors));
                }
            }
        }
    }
    let (_, method, factors) = found.expect("there is at least one base");
    let mut prices = Vec::new();
    for row in rows {
        for band in Band::ALL.iter().copied().filter(|b| *b != Band::Flat) {
            let Some(published) = row.row.bands[band.index()] else { continue };
            if let Some(outcome) = outcome(row, method, &factors, band) {
                prices.push(Recomputed { voltage: row.row.voltage.clone(), band, published, outcome });
            }
        }
    }
    (method, prices)
}

fn score(rows: &[Ready<'_>], method: Method) -> (Score, Factors) {
    let mut total = (0, 0, 0);
    let mut factors = [None; 5];
    for band in [Band::Peak, Band::Valley, Band::Sharp, Band::Deep] {
        // A sharp price is in several provinces 20 % above the peak price, a deep one 20 % below the valley price.
        let extra = match band {
            Band::Sharp => factors[Band::Peak.index()].map(|peak: Ratio| Ratio(peak.0 * 12 / 10)),
            Band::Deep => factors[Band::Valley.index()].map(|valley: Ratio| Ratio(valley.0 * 8 / 10)),
            _ => None,
        };
        if let Some(((near, exact, roundness), factor)) = factor(rows, method, band, extra) {
            total = (total.0 + near, total.1 + exact, total.2 + roundness);
            factors[band.index()] = Some(factor);
        }
    }
    (total, factors)
}

fn outcome(row: &Ready<'_>, method: Method, factors: &Factors, band: Band) -> Option<Outcome> {
    let price = row.row.bands[band.index()]?;
    // A row with six or more decimals may have a factor of its own: two decimals that fit it are no accident.
    let own = (row.step.0 <= 100).then(|| row.implied(method, price, 2)).flatten();
    let mut nearest: Option<(Ratio, Price)> = None;
    for factor in factors[band.index()].into_iter().chain(own) {
        let Some(error) = row.error(method, factor, price) else { continue };
        if error.is_zero() {
            return Some(Outcome::Reproduced(factor));
        }
        if nearest.is_none_or(|(_, best)| error.0.abs() < best.0.abs()) {
            nearest = Some((factor, error));
        }
    }
    let (factor, error) = nearest.unwrap_or((Ratio::ONE, price - row.flat));
    if chained(row, method, (factor, factors), band) == Some(price) {
        return Some(Outcome::Reproduced(factor));
    }
    Some(Outcome::Differs(factor, error))
}

/// The sharp price as a multiple of the published peak price, and the deep one of the valley price: how some companies
/// round on the way.
fn chained(
    row: &Ready<'_>,
    method: Method,
    (factor, factors): (Ratio, &Factors),
    band: Band,
) -> Option<Price> {
    let parent = match band {
        Band::Sharp => Band::Peak,
        Band::Deep => Band::Valley,
        _ => return None,
    };
    let (_, fixed) = row.parts(method)?;
    let ratio = Ratio::of(factor.0, factors[parent.index()]?.0, Rounding::HalfUp)?;
    let ratio = Ratio(Rounding::HalfUp.divide(ratio.0, 10_000) * 10_000);
    let exact = floated(row.row.bands[parent.index()]? - fixed, fixed, ratio, method.decimals);
    Some(row.shown(exact))
}
