//! 小时电量: a year of hourly energies into what the months of a time-of-use and demand tariff need.

use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::tariff::{DayBands, Usage};
use crate::units::{Demand, Energy};
use jiff::civil::Date;

/// 不能汇总的原因
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HourlyRefusal {
    /// Not 24 values for every day of the year.
    WrongLength {
        /// Hours of the year.
        expected: usize,
        /// Values given.
        given: usize,
    },
    /// A tariff period of the month (from 1) begins on a half hour: half-hourly values are needed.
    HalfHourPeriod {
        /// The month.
        month: usize,
    },
}

impl Refuse for HourlyRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongLength { .. } => "billing.hourly_wrong_length",
            Self::HalfHourPeriod { .. } => "billing.hourly_half_hour_period",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::WrongLength { expected, given } => Bilingual::new(
                format!("全年应有{expected}个小时值,实有{given}个"),
                format!("the year has {expected} hours, {given} values were given"),
            ),
            Self::HalfHourPeriod { month } => Bilingual::new(
                format!("{month}月的时段以半小时为界,小时值无法划分"),
                format!("a tariff period of month {month} begins on a half hour"),
            ),
        }
    }
}

/// Sums a year's hourly energies by month and tariff period; the demand of a month is its highest hour (kWh in an hour = kW).
/// `periods` are the tariff periods of each month, `out` the twelve months from January.
///
/// # Errors
/// The values are not those of the year, or a period begins on a half hour.
pub fn months_of_year(
    year: i16,
    hours: &[Energy],
    periods: &[DayBands; 12],
    out: &mut [Usage; 12],
) -> Result<(), HourlyRefusal> {
    let days_in = |month: usize| Date::constant(year, month as i8 + 1, 1).days_in_month() as usize;
    let expected = 24 * (0..12).map(days_in).sum::<usize>();
    if hours.len() != expected {
        return Err(HourlyRefusal::WrongLength { expected, given: hours.len() });
    }
    let mut rest = hours;
    for (month, (periods, usage)) in periods.iter().zip(out).enumerate() {
        let (these, after) = rest.split_at(24 * days_in(month));
        rest = after;
        let (by_hour, highest) = profile(these);
        *usage = Usage { demand: Demand(highest), ..Usage::default() };
        for (hour, sum) in by_hour.into_iter().enumerate() {
            let band = periods.0[2 * hour];
            if band != periods.0[2 * hour + 1] {
                return Err(HourlyRefusal::HalfHourPeriod { month: month + 1 });
            }
            usage.bands[band.index()] += Energy(sum);
            usage.active += Energy(sum);
        }
    }
    Ok(())
}

/// Sum of every hour of the day over the days, and the highest value. Two plain sweeps that the compiler turns into vectors.
fn profile(values: &[Energy]) -> ([i64; 24], i64) {
    let (mut sums, mut highest) = ([0_i64; 24], [0_i64; 24]);
    for day in values.as_chunks::<24>().0 {
        for hour in 0..24 {
            sums[hour] += day[hour].0;
            highest[hour] = highest[hour].max(day[hour].0);
        }
    }
    (sums, highest.into_iter().max().unwrap_or_default())
}
