use super::*;

#[test]
fn recovery_rates_of_w29() {
    let w29 = Recovery {
        receivable: Money::yuan(1_250_500),
        receivable_prior_years: Money::yuan(500_000),
        received: Money::yuan(980_000),
        received_prior_years: Money::yuan(340_000),
    };
    let rates = w29.rates();
    let text = |p: Option<Percent>| p.unwrap().to_string();
    assert_eq!(
        [text(rates.cumulative), text(rates.this_year), text(rates.prior_years)],
        ["78.4", "85.3", "68.0"]
    );
}

#[test]
fn nothing_receivable_has_no_rate() {
    assert_eq!(Recovery::default().rates().cumulative, None);
    assert_eq!(Percent::of(Money(-1), Money(1000)).unwrap().to_string(), "-0.1");
}

mod people;
mod trees;
