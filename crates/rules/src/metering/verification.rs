//! 电费核算 Q01–Q13: what a verifier looks at before a calculated bill is released, as data of the book.
//!
//! A hit is told always; whether it holds the bill is a parameter of its rule.

use super::exception::Hold;
use super::history::History;
use super::site_check::CheckClass;
use crate::calendar::Month;
use crate::derivation::{Sink, Step};
use crate::registry::{Category, PfStandard, Scheme, words};
use crate::units::{Capacity, Demand, Energy, Money, Ratio};
use serde::{Deserialize, Serialize};

mod hits;
pub(crate) mod parameters;

pub use parameters::VerificationRules;

words!(
    /// 核算规则: the word is its stable code.
    Rule {
        /// Quantity against the last period and the same month last year.
        Q01 = "Q01" / "电量波动",
        /// Zero quantity, once and in a row.
        Q02 = "Q02" / "零电量",
        /// Negative quantity, register back, rollover.
        Q03 = "Q03" / "电量为负或过零",
        /// Tariff registers against the total.
        Q04 = "Q04" / "分时与总不符",
        /// Power factor implausible or missing.
        Q05 = "Q05" / "功率因数异常",
        /// Capacity, scheme and category do not fit each other.
        Q06 = "Q06" / "容量与计价不符",
        /// Demand beyond the contract, or none where energy was used.
        Q07 = "Q07" / "需量异常",
        /// More energy than capacity or demand allow.
        Q08 = "Q08" / "超容用电",
        /// A work order in the period.
        Q09 = "Q09" / "在途工单",
        /// The price changed in the period.
        Q10 = "Q10" / "电价版本变更",
        /// A large amount, or the first bill of an account.
        Q11 = "Q11" / "大额或首次",
        /// Back-billing, refund or a manual change.
        Q12 = "Q12" / "退补或人工修改",
        /// Estimated again and again.
        Q13 = "Q13" / "连续暂计",
    }
);

/// A set of rules in one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleSet(u16);

impl RuleSet {
    /// Puts one in.
    pub fn insert(&mut self, rule: Rule) {
        self.0 |= 1 << rule as u16;
    }

    /// Is it in?
    #[must_use]
    pub const fn contains(self, rule: Rule) -> bool {
        self.0 & (1 << rule as u16) != 0
    }

    /// Is none in?
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that are in, in order.
    pub fn iter(self) -> impl Iterator<Item = Rule> {
        Rule::ALL.iter().copied().filter(move |rule| self.contains(*rule))
    }

    /// Their codes with commas between, as the database keeps them.
    #[must_use]
    pub fn codes(self) -> String {
        self.iter().map(Rule::word).collect::<Vec<_>>().join(",")
    }

    /// From [`Self::codes`]; a word that is no rule is left out.
    #[must_use]
    pub fn from_codes(codes: &str) -> Self {
        let mut set = Self::default();
        codes.split(',').filter_map(Rule::from_word).for_each(|rule| set.insert(rule));
        set
    }
}

/// What is known of a calculated bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BillFacts {
    /// 电费年月
    pub month: Month,
    /// Days of its period.
    pub days: i64,
    /// Class of the account for thresholds.
    pub class: CheckClass,
    /// 用电类别
    pub category: Category,
    /// The category that the registered trade would have; `None` when it is not known.
    pub category_of_trade: Option<Category>,
    /// 计价方式
    pub scheme: Scheme,
    /// 合同容量
    pub capacity: Capacity,
    /// 合同最大需量
    pub contract_demand: Demand,
    /// 功率因数考核标准
    pub pf_standard: PfStandard,
    /// Active energy.
    pub energy: Energy,
    /// Reactive energy.
    pub reactive: Energy,
    /// Highest demand.
    pub demand: Demand,
    /// How far the tariff registers were from the total.
    pub band_gap: Energy,
    /// 综合倍率
    pub multiplier: Ratio,
    /// A register passed its last digit.
    pub rolled_over: bool,
    /// 电费
    pub amount: Money,
    /// The account's first bill.
    pub first_bill: bool,
    /// A work order (new, change, meter swap, suspension) was carried out in the period.
    pub work_order: bool,
    /// More than one price version applied.
    pub price_changed: bool,
    /// It bills back, refunds, or was changed by hand.
    pub manual: bool,
    /// Rests on an estimated reading.
    pub estimated: bool,
}

/// What the rules found, and the strictest hold among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Findings {
    /// The rules that hit.
    pub hits: RuleSet,
    /// What the bill has to wait for.
    pub hold: Hold,
}

/// Applies Q01–Q13 to a calculated bill. Only months before the bill's are looked up in the history.
#[must_use]
pub fn verify_bill(
    facts: &BillFacts,
    history: &History,
    rules: &VerificationRules,
    sink: &mut impl Sink,
) -> Findings {
    let mut found = Findings { hits: RuleSet::default(), hold: Hold::Nothing };
    for (rule, hold) in [
        (Rule::Q01, hits::jump(facts, history, &rules.q01)),
        (Rule::Q02, hits::zero(facts, history, &rules.q02)),
        (Rule::Q03, hits::negative(facts, &rules.q03)),
        (Rule::Q04, hits::bands(facts, &rules.q04)),
        (Rule::Q05, hits::power_factor(facts, &rules.q05)),
        (Rule::Q06, hits::capacity(facts, &rules.q06)),
        (Rule::Q07, hits::demand(facts, &rules.q07)),
        (Rule::Q08, hits::load(facts, &rules.q08)),
        (Rule::Q09, facts.work_order.then_some(rules.q09.hold)),
        (Rule::Q10, facts.price_changed.then_some(rules.q10.hold)),
        (Rule::Q11, hits::amount(facts, &rules.q11)),
        (Rule::Q12, facts.manual.then_some(rules.q12.hold)),
        (Rule::Q13, hits::estimates(facts, history, &rules.q13)),
    ] {
        let Some(hold) = hold else { continue };
        found.hits.insert(rule);
        found.hold = found.hold.max(hold);
        tell(rule, hold, facts, history, rules, sink);
    }
    found
}

fn tell(
    rule: Rule,
    hold: Hold,
    facts: &BillFacts,
    history: &History,
    rules: &VerificationRules,
    sink: &mut impl Sink,
) {
    sink.step(|| {
        let last = history.before(facts.month).map_or(Energy::ZERO, |entry| entry.over(facts.days));
        let (zh, en) = match rule {
            Rule::Q01 => (
                format!("本期{}千瓦时,上期折算{last}千瓦时", facts.energy),
                format!("{} kWh, last period {last} kWh", facts.energy),
            ),
            Rule::Q04 => (format!("相差{}千瓦时", facts.band_gap), format!("{} kWh apart", facts.band_gap)),
            Rule::Q05 => (
                format!("有功{}千瓦时,无功{}千乏时", facts.energy, facts.reactive),
                format!("{} kWh active, {} kvarh reactive", facts.energy, facts.reactive),
            ),
            Rule::Q06 | Rule::Q08 => (
                format!("{},容量{}千伏安,电量{}千瓦时", facts.scheme.zh(), facts.capacity, facts.energy),
                format!("{}, {} kVA, {} kWh", facts.scheme.word(), facts.capacity, facts.energy),
            ),
            Rule::Q07 => (
                format!("需量{}千瓦,合同{}千瓦", facts.demand, facts.contract_demand),
                format!("demand {} kW, contract {} kW", facts.demand, facts.contract_demand),
            ),
            Rule::Q11 => (format!("{}元", facts.amount), format!("{} yuan", facts.amount)),
            _ => (format!("{}千瓦时", facts.energy), format!("{} kWh", facts.energy)),
        };
        Step::new(
            rule.word(),
            format!("{} {}: {zh} ({})", rule.word(), rule.zh(), hold.zh()),
            format!("{}: {en} (holds {})", rule.word(), hold.word()),
        )
        .under(rules.id(rule))
    });
}
