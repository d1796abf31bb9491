//! A year of hours summed into months.

use super::*;
use crate::billing::hourly::{HourlyRefusal, months_of_year};
use crate::tariff::DayBands;

/// Peak 8–22, else valley.
fn periods() -> [DayBands; 12] {
    let half_hour = |n: usize| if (16..44).contains(&n) { Band::Peak } else { Band::Valley };
    [DayBands(std::array::from_fn(half_hour)); 12]
}

#[test]
fn hours_fall_into_months_and_periods() {
    let mut hours = vec![Energy::kwh(1); 8_760];
    hours[31 * 24 + 10] = Energy::kwh(50); // 1 February, 10:00
    let mut months = [Usage::default(); 12];
    months_of_year(2025, &hours, &periods(), &mut months).unwrap();
    let january = Usage { demand: Demand::kw(1), ..by_band([0, 31 * 14, 0, 31 * 10, 0], 0) };
    assert_eq!(months[0], january);
    assert_eq!(months[1].demand, Demand::kw(50));
    assert_eq!(months[1].bands[Band::Peak.index()], Energy::kwh(28 * 14 + 49));
    assert_eq!(months[11], january);
    assert_eq!(months.iter().map(|m| m.active).sum::<Energy>(), Energy::kwh(8_760 + 49));
}

#[test]
fn what_is_not_a_year_of_hours_is_refused() {
    let mut months = [Usage::default(); 12];
    let short = months_of_year(2025, &[Energy::ZERO; 8_759], &periods(), &mut months);
    assert_eq!(short.unwrap_err(), HourlyRefusal::WrongLength { expected: 8_760, given: 8_759 });
    let leap = vec![Energy::ZERO; 8_784];
    months_of_year(2024, &leap, &periods(), &mut months).unwrap();
    let mut odd = periods();
    odd[4].0[17] = Band::Valley;
    let refusal = months_of_year(2024, &leap, &odd, &mut months).unwrap_err();
    assert_eq!(refusal, HourlyRefusal::HalfHourPeriod { month: 5 });
}
