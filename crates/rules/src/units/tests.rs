//! Tables for rounding, parsing and printing.

use super::*;
use proptest::prelude::*;

#[test]
fn rounding_table() {
    let cases: [(Rounding, i64, i64, i64); 16] = [
        (Rounding::HalfUp, 5, 10, 1),
        (Rounding::HalfUp, -5, 10, -1),
        (Rounding::HalfUp, 4, 10, 0),
        (Rounding::HalfUp, -4, 10, 0),
        (Rounding::HalfUp, 15, 10, 2),
        (Rounding::HalfUp, 3, 2, 2),
        (Rounding::Truncate, 19, 10, 1),
        (Rounding::Truncate, -19, 10, -1),
        (Rounding::Up, 11, 10, 2),
        (Rounding::Up, -11, 10, -2),
        (Rounding::Up, 10, 10, 1),
        (Rounding::HalfEven, 5, 10, 0),
        (Rounding::HalfEven, 15, 10, 2),
        (Rounding::HalfEven, 25, 10, 2),
        (Rounding::HalfEven, -15, 10, -2),
        (Rounding::HalfEven, -25, 10, -2),
    ];
    for (mode, numerator, denominator, expected) in cases {
        assert_eq!(mode.divide(numerator, denominator), expected, "{mode:?} {numerator}/{denominator}");
        assert_eq!(
            mode.divide_i128(numerator.into(), denominator.into()),
            expected,
            "wide {mode:?} {numerator}/{denominator}"
        );
    }
}

#[test]
fn decimal_text_table() {
    assert_eq!("0.5469".parse(), Ok(Price(54_690_000)));
    assert_eq!("0.00196875".parse(), Ok(Price(196_875)));
    assert_eq!("-2311.67".parse(), Ok(Money(-231_167)));
    assert_eq!("5953.8".parse(), Ok(Energy(59_538_000)));
    assert_eq!("1.50".parse(), Ok(Ratio(1_500_000)));
    for bad in ["", "-", ".", "1,5", "12a", "1.2.3", "１２", "NaN", "1e3"] {
        assert!(bad.parse::<Money>().is_err(), "{bad}");
    }
    assert_eq!("0.001".parse::<Money>(), Err(DecimalError::TooManyDecimals("0.001".into(), 2)));
    assert!(matches!("99999999999999999999".parse::<Money>(), Err(DecimalError::OutOfRange(_))));
    assert_eq!(Money(5).to_string(), "0.05");
    assert_eq!(Money(-123_450).to_string(), "-1234.50");
    assert_eq!(Price(54_690_000).to_string(), "0.5469");
    assert_eq!(Energy(20_000).to_string(), "2");
    assert_eq!(serde_json::to_string(&Money(1)).unwrap(), "\"0.01\"");
    assert_eq!(serde_json::from_str::<Price>("0.1").unwrap(), Price(10_000_000));
}

#[test]
fn a_charge_is_exact_to_the_fen() {
    let price: Price = "0.5469".parse().unwrap();
    assert_eq!(price.charge(Energy::kwh(100), Rounding::HalfUp), Money(5469));
    let huge = Price(500_000_000).charge(Energy::kwh(2_000_000_000), Rounding::HalfUp);
    assert_eq!(huge, Money::yuan(10_000_000_000));
    let agency: Price = "0.389702".parse().unwrap();
    assert_eq!(agency.times("1.71".parse().unwrap(), 6, Rounding::HalfUp).to_string(), "0.66639");
}

proptest! {
    #[test]
    fn narrow_and_wide_division_agree(n in any::<i32>(), d in 1_i64..1_000_000_000, mode in 0_usize..4) {
        let mode = [Rounding::HalfUp, Rounding::Truncate, Rounding::Up, Rounding::HalfEven][mode];
        let n = i64::from(n) * 1_000_003;
        prop_assert_eq!(mode.divide(n, d), mode.divide_i128(n.into(), d.into()));
        prop_assert!((i128::from(mode.divide(n, d)) * i128::from(d) - i128::from(n)).abs() < i128::from(d));
    }

    #[test]
    fn text_round_trips(raw in any::<i32>()) {
        let price = Price(i64::from(raw) * 37);
        prop_assert_eq!(price.to_string().parse::<Price>().unwrap(), price);
        let money = Money(i64::from(raw));
        prop_assert_eq!(money.to_string().parse::<Money>().unwrap(), money);
    }
}
