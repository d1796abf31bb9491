//! One account: from its readings to its bill, or to the reason why there is none yet.

use super::prices::PriceBook;
use super::shard::AccountLoad;
use crate::error::OfficeError;
use denghuo_rules::billing::{self as rules, BillDraft, HouseholdState, Item};
use denghuo_rules::calendar::{Month, days_between};
use denghuo_rules::derivation::Silent;
use denghuo_rules::metering::{
    self, CheckClass, Entry, Gap, History, Hold, Mark, MeteringRules, Period, VerificationRules,
};
use denghuo_rules::refusal::Refusal;
use denghuo_rules::registry::{Category, SupplyTerms};
use denghuo_rules::units::Energy;
use denghuo_store::billing::{BillRow, LineRow, StateRow};
use jiff::civil::Date;

/// The rules of metering and verification on the day of the run.
pub(super) struct CheckBook {
    /// Registers to energy.
    pub metering: MeteringRules,
    /// Q01–Q13.
    pub verification: VerificationRules,
}

/// The code of an account that an open reading exception stops.
pub(super) const BLOCKED: &str = "billing.reading_exception";
/// The code of an account whose reading has not come.
pub(super) const MISSING: &str = "billing.reading_missing";

/// What became of an account.
pub(super) enum Outcome {
    /// A bill, with the codes that hold it (empty when none does) and where billing stands after it.
    Billed(Box<Billed>),
    /// No bill can be made; a person has to look.
    Parked(Refusal),
}

/// A bill ready to be written.
pub(super) struct Billed {
    pub bill: BillRow,
    pub lines: Vec<LineRow>,
    pub state: StateRow,
    pub codes: String,
}

/// Calculates one account; everything that is wrong with it parks it.
pub(super) fn calculate(
    load: &AccountLoad<'_>,
    on: Date,
    prices: &mut PriceBook<'_>,
    checks: &CheckBook,
    draft: &mut BillDraft,
) -> Outcome {
    match try_calculate(load, on, prices, checks, draft) {
        Ok(billed) => Outcome::Billed(Box::new(billed)),
        Err(refusal) => Outcome::Parked(refusal),
    }
}

fn try_calculate(
    load: &AccountLoad<'_>,
    on: Date,
    prices: &mut PriceBook<'_>,
    checks: &CheckBook,
    draft: &mut BillDraft,
) -> Result<Billed, Refusal> {
    if load.blocked {
        return Err(Refusal::new(
            BLOCKED,
            "抄表异常未处理,不能算费",
            "an open reading exception stops the bill",
        ));
    }
    let cut = period(load, on, prices)?;
    let pieces = pieces(load, &cut, prices, &checks.metering)?;
    let period = cut.0;
    let metered = metering::account_usage(&period.spans, &checks.metering.reading, &mut Silent)?;
    let month = load.account.month;
    let last_terms = pieces.last().map(|piece| piece.terms).ok_or_else(no_terms)?;
    let household = (last_terms.category == Category::Household).then(|| HouseholdState {
        used_before: tier_used(load.account.state.as_ref(), month),
        months_in_use: months_in_use(month, load.account.opened_on, load.account.closed_on),
        persons: last_terms.persons,
    });
    let facts = rules::BillFacts {
        from: period.from,
        to: period.until,
        household,
        segments: pieces.iter().map(Piece::facts).collect(),
    };
    let used = prices.price(&facts, draft)?;
    let findings = findings(load, &period, &metered, &pieces, draft, checks);
    let mut codes = if findings.hold == Hold::Nothing { String::new() } else { findings.hits.codes() };
    if let Some(doubts) = load.doubts {
        let comma = if codes.is_empty() { "" } else { "," };
        codes = format!("{codes}{comma}{doubts}");
    }
    let rule_set_id = prices.rule_set(used);
    Ok(write_down(load, on, &period, &facts, last_terms, draft, (rule_set_id, codes)))
}

/// A part of the period on one version of terms and prices.
struct Piece<'l> {
    from: Date,
    until: Date,
    price_day: Date,
    terms: &'l SupplyTerms,
    usage: denghuo_rules::tariff::Usage,
}

impl Piece<'_> {
    fn facts(&self) -> rules::SegmentFacts {
        let days = u16::try_from(days_between(self.from, self.until)).unwrap_or(u16::MAX);
        let mut usage = self.usage;
        if !self.terms.time_of_use {
            usage.bands = [Energy::ZERO; 5];
        }
        rules::SegmentFacts::new(days, self.price_day, &usage, self.terms.clone())
    }
}

fn no_terms() -> Refusal {
    Refusal::new("billing.no_terms", "账期内没有供用电条件", "no terms of supply are in force in the period")
}

/// The period cut where terms or prices change.
fn pieces<'l>(
    load: &AccountLoad<'l>,
    (period, cuts): &(Period, Vec<Date>),
    prices: &PriceBook<'_>,
    rules: &MeteringRules,
) -> Result<Vec<Piece<'l>>, Refusal> {
    metering::segments((period.from, period.until), cuts, &period.spans, &rules.reading, &mut Silent)?
        .into_iter()
        .map(|segment| {
            Ok(Piece {
                from: segment.from,
                until: segment.until,
                price_day: prices.version_day(segment.from),
                terms: in_force(load, segment.from)?,
                usage: segment.usage,
            })
        })
        .collect()
}

/// The days between the last billed reading and the one that closes the period, with what the meters went through.
fn period(
    load: &AccountLoad<'_>,
    on: Date,
    prices: &mut PriceBook<'_>,
) -> Result<(Period, Vec<Date>), Refusal> {
    let account = load.account;
    let from = match &account.state {
        Some(state) => state.billed_to,
        None => load.installations.iter().map(|i| i.installed_on).min().unwrap_or(account.opened_on),
    };
    let due_on = account.closed_on.map_or(account.due_on, |closed| closed.min(account.due_on));
    let cuts = cuts(load, (from, on.max(due_on)), prices)?;
    let period =
        metering::period((from, due_on), &cuts, &load.installations, &load.readings).map_err(|gap| {
            let missing = match gap {
                Gap::Awaited => String::new(),
                Gap::Incomplete { installation_no, on } => format!(" (#{installation_no} {on})"),
            };
            Refusal::new(
                MISSING,
                format!("缺少抄表示数{missing},不得按零电量算费"),
                format!("a reading is missing{missing}; it is never billed as zero"),
            )
        })?;
    Ok((period, cuts))
}

/// Days inside a stretch on which terms or prices change.
fn cuts(
    load: &AccountLoad<'_>,
    (from, to): (Date, Date),
    prices: &mut PriceBook<'_>,
) -> Result<Vec<Date>, Refusal> {
    let mut cuts: Vec<Date> =
        load.terms.iter().map(|t| t.from_on).filter(|day| from < *day && *day < to).collect();
    let mut from = from;
    for until in cuts.clone().into_iter().chain([to]) {
        cuts.extend(prices.changes(from, until, in_force(load, from)?)?);
        from = until;
    }
    cuts.sort_unstable();
    Ok(cuts)
}

fn in_force<'l>(load: &AccountLoad<'l>, day: Date) -> Result<&'l SupplyTerms, Refusal> {
    load.terms
        .iter()
        .find(|t| t.from_on <= day && t.until_on.is_none_or(|until| day <= until))
        .map(|t| &t.terms)
        .ok_or_else(no_terms)
}

/// Billed so far in the year of a month.
fn tier_used(state: Option<&StateRow>, month: Month) -> Energy {
    state.filter(|s| s.tier_year == i64::from(month.year())).map_or(Energy::ZERO, |s| s.tier_used)
}

/// 当年用电月数: months of the year in which the account is open.
fn months_in_use(month: Month, opened_on: Date, closed_on: Option<Date>) -> u8 {
    let first = if opened_on.year() == month.year() { opened_on.month() } else { 1 };
    let last = closed_on.filter(|c| c.year() == month.year()).map_or(12, |c| c.month());
    u8::try_from(last - first + 1).unwrap_or(1).clamp(1, 12)
}

fn history(load: &AccountLoad<'_>) -> History {
    load.account
        .state
        .as_ref()
        .and_then(|state| History::from_bytes(&state.history))
        .unwrap_or_else(|| History::empty(load.account.month))
}

fn findings(
    load: &AccountLoad<'_>,
    period: &Period,
    metered: &metering::Metered,
    pieces: &[Piece<'_>],
    draft: &BillDraft,
    checks: &CheckBook,
) -> metering::Findings {
    let terms = pieces[pieces.len() - 1].terms;
    let facts = metering::BillFacts {
        month: load.account.month,
        days: days_between(period.from, period.until),
        class: CheckClass::of(terms.category, terms.voltage),
        category: terms.category,
        category_of_trade: None,
        scheme: terms.scheme,
        capacity: terms.capacity,
        contract_demand: terms.contract_demand,
        pf_standard: terms.pf_standard,
        energy: draft.active,
        reactive: draft.reactive,
        demand: metered.usage.demand,
        band_gap: metered.band_gap,
        multiplier: period
            .spans
            .first()
            .map_or(denghuo_rules::units::Ratio::ONE, |span| span.dial.multiplier),
        rolled_over: metered.rolled_over,
        amount: draft.total,
        first_bill: load.account.state.is_none(),
        work_order: load.installations.iter().any(|i| i.installed_on > period.from)
            || pieces.windows(2).any(|pair| pair[0].terms != pair[1].terms),
        price_changed: pieces.windows(2).any(|pair| pair[0].price_day != pair[1].price_day),
        manual: false,
        estimated: period.provisional,
    };
    metering::verify_bill(&facts, &history(load), &checks.verification, &mut Silent)
}

fn write_down(
    load: &AccountLoad<'_>,
    on: Date,
    period: &Period,
    facts: &rules::BillFacts,
    terms: &SupplyTerms,
    draft: &BillDraft,
    (rule_set_id, codes): (i64, String),
) -> Billed {
    let account = load.account;
    let old = account.state.as_ref();
    let bill_no = old.map_or(1, |state| state.next_bill_no);
    let bill = BillRow {
        account_id: account.account_id,
        bill_no,
        month: account.month,
        kind: if period.provisional { "provisional" } else { "regular" }.to_owned(),
        from_on: period.from,
        to_on: period.until,
        calculated_on: on,
        active: draft.active,
        amount: draft.total,
        funds: draft.lines.iter().filter(|line| line.item == Item::Funds).map(|line| line.amount).sum(),
        category: terms.category.word().to_owned(),
        rule_set_id,
        facts: serde_json::to_string(facts).unwrap_or_default(),
        corrects_no: None,
        prepared_by: "system".to_owned(),
        reason: None,
    };
    let mut past = history(load);
    let mark = if period.provisional { Mark::ESTIMATED } else { Mark::REAL };
    past.set(account.month, Entry::new(draft.active, days_between(period.from, period.until), mark));
    let run = |runs: i64, goes_on: bool| if goes_on { runs + 1 } else { 0 };
    let state = StateRow {
        account_id: account.account_id,
        next_bill_no: bill_no + 1,
        billed_to: period.until,
        tier_year: account.month.year().into(),
        tier_used: tier_used(old, account.month) + draft.active,
        provisional_runs: run(old.map_or(0, |s| s.provisional_runs), period.provisional),
        zero_runs: run(old.map_or(0, |s| s.zero_runs), draft.active.is_zero()),
        history: past.to_bytes().to_vec(),
    };
    let lines = line_rows(account.account_id, bill_no, &draft.lines);
    Billed { bill, lines, state, codes }
}

/// Lines as the database keeps them, numbered from 1.
pub(super) fn line_rows(account_id: i64, bill_no: i64, lines: &[rules::Line]) -> Vec<LineRow> {
    lines
        .iter()
        .zip(1..)
        .map(|(line, line_no)| LineRow {
            account_id,
            bill_no,
            line_no,
            item: line.item.word().into(),
            band: line.band.map(|band| band.word().into()),
            tier: line.tier.into(),
            unit: line.unit.word().into(),
            quantity: line.quantity,
            price: line.price,
            share: (!line.share.is_whole()).then(|| format!("{}/{}", line.share.num, line.share.den)),
            amount: line.amount,
        })
        .collect()
}

impl CheckBook {
    /// The rules of the day.
    pub(super) fn load(work: &crate::work::Work<'_>, on: Date) -> Result<Self, OfficeError> {
        Ok(Self {
            metering: MeteringRules::load(work.book, &work.site, on)?,
            verification: VerificationRules::load(work.book, &work.site, on)?,
        })
    }
}

/// The facts of a bill's period from the readings that are current now; what the annual tiers knew stays.
pub(super) fn recalculate(
    conn: &mut denghuo_store::Conn,
    bill: &BillRow,
    household: Option<HouseholdState>,
    prices: &mut PriceBook<'_>,
    checks: &CheckBook,
) -> Result<rules::BillFacts, OfficeError> {
    let shard = super::shard::ShardLoad::of_bill(conn, bill)?;
    let mut facts = Err(no_terms());
    shard.each(|load| facts = facts_again(&load, prices, checks, household));
    Ok(facts?)
}

fn facts_again(
    load: &AccountLoad<'_>,
    prices: &mut PriceBook<'_>,
    checks: &CheckBook,
    household: Option<HouseholdState>,
) -> Result<rules::BillFacts, Refusal> {
    let cut = period(load, load.account.due_on, prices)?;
    let pieces = pieces(load, &cut, prices, &checks.metering)?;
    let segments = pieces.iter().map(Piece::facts).collect();
    Ok(rules::BillFacts { from: cut.0.from, to: cut.0.until, household, segments })
}
