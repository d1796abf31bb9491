//! 档案一致性: whether the terms of supply of an account fit together and fit the price rules.

use super::{Category, PfStandard, Scheme, SupplyTerms, Voltage};
use crate::refusal::Refusal;
use crate::rulebook::{NoRule, Rulebook, Selector};
use crate::units::{Capacity, Ratio, Rounding};
use jiff::civil::Date;
use serde::Deserialize;

/// The topic of the two-part rule in the book.
pub const TOPIC: &str = "two_part";

/// 两部制适用范围: the parameters of the topic `two_part`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwoPartRule {
    /// Up to this capacity an account is billed by energy only; above it it may choose.
    pub single_part_to: Capacity,
    /// From this capacity on an account is billed in two parts, unless it already was on the single part.
    pub two_part_from: Capacity,
    /// Contract demand is at least this share of the capacity.
    pub least_contract_demand: Ratio,
    /// From this capacity on the power factor is assessed.
    pub power_factor_from: Capacity,
}

impl TwoPartRule {
    /// The rule in force on a day.
    ///
    /// # Errors
    /// The book has none.
    pub fn on(book: &Rulebook, site: &Selector, day: Date) -> Result<Self, NoRule> {
        Ok(book.pick::<Self>(TOPIC, site, day)?.params)
    }
}

/// What was found about terms of supply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// What cannot be billed or is against the rule.
    pub wrong: Vec<Refusal>,
    /// What is allowed but unusual, or leaves the account a choice.
    pub doubtful: Vec<Refusal>,
}

impl Findings {
    fn wrong_if(&mut self, holds: bool, code: &'static str, zh: &str, en: &str) {
        if holds {
            self.wrong.push(Refusal::new(code, zh, en));
        }
    }

    fn doubtful_if(&mut self, holds: bool, code: &'static str, zh: &str, en: &str) {
        if holds {
            self.doubtful.push(Refusal::new(code, zh, en));
        }
    }
}

/// Checks terms of supply against each other and the rule.
#[must_use]
pub fn check_terms(terms: &SupplyTerms, rule: &TwoPartRule) -> Findings {
    let mut found = Findings::default();
    let two_part = terms.scheme != Scheme::SinglePart;
    let commercial = terms.category == Category::Commercial;
    found.wrong_if(
        two_part && !commercial,
        "terms.two_part_not_commercial",
        "只有工商业用电执行两部制",
        "only commercial accounts are billed in two parts",
    );
    found.wrong_if(
        two_part && terms.capacity < rule.single_part_to,
        "terms.two_part_below_threshold",
        &format!("两部制要求容量不低于{}kVA", rule.single_part_to),
        &format!("two-part billing needs at least {} kVA", rule.single_part_to),
    );
    check_demand(terms, rule, &mut found);
    check_shares(terms, &mut found);
    found.doubtful_if(
        commercial && !two_part && terms.capacity >= rule.two_part_from,
        "terms.single_part_above_threshold",
        &format!("容量{}kVA及以上应执行两部制(原单一制用户可选择)", rule.two_part_from),
        &format!(
            "from {} kVA on billing is two-part, unless the account was on the single part before",
            rule.two_part_from
        ),
    );
    found.doubtful_if(
        commercial && terms.capacity >= rule.power_factor_from && terms.pf_standard == PfStandard::None,
        "terms.power_factor_not_assessed",
        &format!("容量{}kVA及以上一般应考核功率因数", rule.power_factor_from),
        &format!("from {} kVA on the power factor is usually assessed", rule.power_factor_from),
    );
    found.doubtful_if(
        terms.category == Category::Household && terms.voltage != Voltage::Low,
        "terms.household_high_voltage",
        "居民户一般为不满1kV供电",
        "a home is usually supplied below 1 kV",
    );
    found.doubtful_if(
        terms.persons > 0 && terms.category != Category::Household,
        "terms.persons_without_household",
        "家庭人口只用于居民户",
        "the number of persons matters for homes only",
    );
    found
}

fn check_demand(terms: &SupplyTerms, rule: &TwoPartRule, found: &mut Findings) {
    let demand = terms.contract_demand.raw();
    let by_contract = terms.scheme == Scheme::ContractDemand;
    let least = rule.least_contract_demand;
    let floor =
        Rounding::HalfUp.divide_i128(i128::from(terms.capacity.raw()) * i128::from(least.raw()), 1_000_000);
    found.wrong_if(
        by_contract && demand == 0,
        "terms.contract_demand_missing",
        "按合同最大需量计费须填合同最大需量",
        "billing by contract demand needs the contract demand",
    );
    found.doubtful_if(
        by_contract && demand > 0 && demand < floor,
        "terms.contract_demand_low",
        &format!("合同最大需量低于容量的{least}倍"),
        &format!("the contract demand is below {least} of the capacity"),
    );
    found.doubtful_if(
        !by_contract && demand > 0,
        "terms.contract_demand_unused",
        "合同最大需量只用于按合同最大需量计费",
        "the contract demand is used only where it is billed",
    );
}

fn check_shares(terms: &SupplyTerms, found: &mut Findings) {
    let shares: i64 = terms
        .fixed_parts
        .iter()
        .map(|part| match part {
            super::FixedPart::Ratio { share, .. } => share.raw(),
            super::FixedPart::Quantity { .. } => 0,
        })
        .sum();
    found.wrong_if(
        shares > Ratio::ONE.raw(),
        "terms.shares_above_one",
        "定比合计超过1",
        "the fixed shares sum to more than one",
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Demand;

    fn codes(list: &[Refusal]) -> Vec<&str> {
        list.iter().map(|r| r.code.trim_start_matches("terms.")).collect()
    }

    #[test]
    fn terms_are_checked_against_the_rule() {
        let site = Selector::in_jurisdictions(&["cn"]);
        let rule = TwoPartRule::on(&Rulebook::embedded(), &site, jiff::civil::date(2026, 8, 1)).unwrap();
        let commercial = |scheme, kva, demand| SupplyTerms {
            category: Category::Commercial,
            scheme,
            voltage: Voltage::Kv10,
            capacity: Capacity::kva(kva),
            contract_demand: Demand::kw(demand),
            pf_standard: PfStandard::P90,
            ..SupplyTerms::household()
        };
        let cases = [
            (SupplyTerms::household(), vec![], vec![]),
            (commercial(Scheme::Capacity, 99, 0), vec!["two_part_below_threshold"], vec![]),
            (commercial(Scheme::Capacity, 100, 0), vec![], vec![]),
            (commercial(Scheme::SinglePart, 314, 0), vec![], vec![]),
            (commercial(Scheme::SinglePart, 315, 0), vec![], vec!["single_part_above_threshold"]),
            (commercial(Scheme::ContractDemand, 1000, 0), vec!["contract_demand_missing"], vec![]),
            (commercial(Scheme::ContractDemand, 1000, 399), vec![], vec!["contract_demand_low"]),
            (commercial(Scheme::ContractDemand, 1000, 400), vec![], vec![]),
            (commercial(Scheme::ActualDemand, 1000, 400), vec![], vec!["contract_demand_unused"]),
            (
                SupplyTerms { category: Category::Agriculture, ..commercial(Scheme::Capacity, 200, 0) },
                vec!["two_part_not_commercial"],
                vec![],
            ),
            (
                SupplyTerms { pf_standard: PfStandard::None, ..commercial(Scheme::SinglePart, 160, 0) },
                vec![],
                vec!["power_factor_not_assessed"],
            ),
            (
                SupplyTerms { voltage: Voltage::Kv10, ..SupplyTerms::household() },
                vec![],
                vec!["household_high_voltage"],
            ),
        ];
        for (terms, wrong, doubtful) in cases {
            let found = check_terms(&terms, &rule);
            assert_eq!((codes(&found.wrong), codes(&found.doubtful)), (wrong, doubtful), "{terms:?}");
        }
    }
}
