//! Compiled prices and parameters of one shard: the rulebook is asked once per price version, not per bill.

use crate::error::OfficeError;
use denghuo_rules::billing::{
    BillDraft, BillFacts, BillInput, CompileRefusal, Compiler, Params, RuleRef, Segment, SegmentPrices,
    price_bill,
};
use denghuo_rules::calendar::Month;
use denghuo_rules::derivation::Silent;
use denghuo_rules::refusal::Refusal;
use denghuo_rules::registry::{Category, FixedPart, Scheme, SupplyTerms, Voltage};
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_store::billing::RuleSetRow;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// What decides the prices of a segment, beside the day.
#[derive(Clone, PartialEq, Eq, Hash)]
struct PriceKey {
    category: Category,
    voltage: Voltage,
    scheme: Scheme,
    time_of_use: bool,
    fixed: Vec<Category>,
    day: Date,
}

/// Topics whose rules decide prices; a bill is cut where one of them begins or ends.
const PRICE_TOPICS: &[&str] =
    &["household_tiers", "household_large_family", "household_tou", "flat_price", "prices", "price_fallback"];

/// 电价簿: the prices and parameters that a shard has needed so far.
pub struct PriceBook<'b> {
    compiler: Compiler<'b>,
    prices: HashMap<PriceKey, Result<Rc<SegmentPrices>, CompileRefusal>>,
    params: HashMap<Date, Result<Rc<Params>, CompileRefusal>>,
    sets: HashMap<Vec<RuleRef>, i64>,
    new_sets: Vec<RuleSetRow>,
    /// First days of price rules: a price can change on these days and on the first of a month.
    changes: BTreeSet<Date>,
}

impl<'b> PriceBook<'b> {
    /// An empty price book of a site.
    #[must_use]
    pub fn new(book: &'b Rulebook, site: &Selector) -> Self {
        let of_prices = |topic: &str| PRICE_TOPICS.contains(&topic);
        let changes = book
            .rules()
            .filter(|rule| of_prices(&rule.topic) && site.jurisdictions.contains(&rule.jurisdiction))
            .flat_map(|rule| {
                let after = rule.until.map(|until| denghuo_rules::calendar::plus_days(until, 1));
                std::iter::once(rule.from).chain(after)
            })
            .collect();
        Self {
            compiler: Compiler::new(book, site.clone()),
            prices: HashMap::new(),
            params: HashMap::new(),
            sets: HashMap::new(),
            new_sets: Vec::new(),
            changes,
        }
    }

    /// The compiler, for whoever derives a bill from its facts.
    pub fn compiler(&mut self) -> &mut Compiler<'b> {
        &mut self.compiler
    }

    /// The ids behind rule numbers.
    #[must_use]
    pub fn rules(&self) -> &denghuo_rules::billing::RuleIds {
        &self.compiler.rules
    }

    /// The rule parameters of bills that end on `day`.
    ///
    /// # Errors
    /// The book lacks a rule.
    pub fn params(&mut self, day: Date) -> Result<Rc<Params>, CompileRefusal> {
        let compiler = &mut self.compiler;
        self.params.entry(day).or_insert_with(|| compiler.params(day).map(Rc::new)).clone()
    }

    /// The prices of terms on a day.
    ///
    /// # Errors
    /// The book has no price for them.
    pub fn prices(&mut self, day: Date, terms: &SupplyTerms) -> Result<Rc<SegmentPrices>, CompileRefusal> {
        let category = |part: &FixedPart| match part {
            FixedPart::Quantity { category, .. } | FixedPart::Ratio { category, .. } => *category,
        };
        let key = PriceKey {
            category: terms.category,
            voltage: terms.voltage,
            scheme: terms.scheme,
            time_of_use: terms.time_of_use,
            fixed: terms.fixed_parts.iter().map(category).collect(),
            day: self.version_day(day),
        };
        let day = key.day;
        let compiler = &mut self.compiler;
        self.prices.entry(key).or_insert_with(|| compiler.prices(day, terms).map(Rc::new)).clone()
    }

    /// The first day of the price version that holds a day: the first of its month or a later first day of a rule.
    #[must_use]
    pub fn version_day(&self, day: Date) -> Date {
        let first = Month::of(day).first_day();
        self.changes.range(first..=day).next_back().copied().unwrap_or(first)
    }

    /// Days inside `(from, to)` on which the prices of the terms change.
    ///
    /// # Errors
    /// The book has no price on one of the days.
    pub fn changes(
        &mut self,
        from: Date,
        to: Date,
        terms: &SupplyTerms,
    ) -> Result<Vec<Date>, CompileRefusal> {
        let mut candidates: BTreeSet<Date> = self.changes.range(from..to).copied().collect();
        let mut month = Month::of(from).plus(1);
        while month.first_day() < to {
            candidates.insert(month.first_day());
            month = month.plus(1);
        }
        candidates.remove(&from);
        let mut cuts = Vec::new();
        let mut before = self.prices(from, terms)?;
        for day in candidates {
            let after = self.prices(day, terms)?;
            if after != before {
                cuts.push(day);
                before = after;
            }
        }
        Ok(cuts)
    }

    /// Prices facts with what is compiled already; gives every rule that the bill rests on.
    ///
    /// # Errors
    /// The book lacks a rule, or the calculator refuses.
    pub fn price(&mut self, facts: &BillFacts, draft: &mut BillDraft) -> Result<Vec<RuleRef>, Refusal> {
        let params = self.params(facts.to)?;
        let compiled = facts
            .segments
            .iter()
            .map(|segment| self.prices(segment.price_day, &segment.terms))
            .collect::<Result<Vec<_>, _>>()?;
        let segments: Vec<Segment<'_>> = facts
            .segments
            .iter()
            .zip(&compiled)
            .map(|(segment, prices)| Segment {
                days: segment.days,
                usage: segment.usage(),
                terms: &segment.terms,
                prices,
            })
            .collect();
        let input = BillInput {
            from: facts.from,
            to: facts.to,
            segments: &segments,
            household: facts.household,
            params: &params,
            rules: self.rules(),
        };
        price_bill(&input, draft, &mut Silent)?;
        let mut used = Vec::with_capacity(8);
        input.rules_used(&draft.lines, &mut used);
        Ok(used)
    }

    /// The id of a set of rules (in order and once, as [`Self::price`] gives them), derived from their ids and so the same
    /// everywhere.
    pub fn rule_set(&mut self, rules: Vec<RuleRef>) -> i64 {
        if let Some(id) = self.sets.get(&rules) {
            return *id;
        }
        let mut ids: Vec<&str> = rules.iter().filter_map(|rule| self.compiler.rules.get(*rule)).collect();
        ids.sort_unstable();
        let row = rule_set_row(&ids);
        let id = row.rule_set_id;
        self.new_sets.push(row);
        self.sets.insert(rules, id);
        id
    }

    /// Rule sets that were made since the last time.
    pub fn take_new_sets(&mut self) -> Vec<RuleSetRow> {
        std::mem::take(&mut self.new_sets)
    }
}

/// The row of a set of rule ids, given in order.
pub(super) fn rule_set_row(ids: &[&str]) -> RuleSetRow {
    let rules = ids.join(" ");
    let digest = Sha256::digest(rules.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    RuleSetRow { rule_set_id: i64::from_be_bytes(first) & i64::MAX, rules }
}

impl From<CompileRefusal> for OfficeError {
    fn from(refusal: CompileRefusal) -> Self {
        Self::refuse(refusal)
    }
}
