//! 退补与冲正: a bill is never changed. A late correction is a bill of what should stand minus what stands; a
//! cancellation is a bill of the opposite. Both wait for a second person.

use super::calculate::{CheckBook, line_rows, recalculate};
use super::explain::{ExplainRefusal, facts_of};
use super::prices::PriceBook;
use crate::error::OfficeError;
use crate::metering::REBILL_TASK;
use crate::work::Work;
use denghuo_rules::billing::{BillDraft, BillFacts, Item, Line, RuleRef, Share, Unit, difference};
use denghuo_rules::derivation::{Bilingual, Step};
use denghuo_rules::metering::{Entry, History, Mark, Rule};
use denghuo_rules::refusal::{Refusal, Refuse};
use denghuo_rules::tariff::Band;
use denghuo_rules::units::{Energy, Money};
use denghuo_store::billing::{self, BillRow, LineRow};
use denghuo_store::day::Range;
use denghuo_store::tasks::{self, Resolution};
use denghuo_store::{Conn, StoreError};
use jiff::civil::Date;

/// A bill that corrects or cancels another, as it was written.
#[derive(Clone, Debug)]
pub struct Correction {
    /// The new bill; it waits for a second person.
    pub bill: BillRow,
    /// Its lines.
    pub lines: Vec<LineRow>,
}

/// Why a bill is not corrected or cancelled; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CorrectRefusal {
    /// A reason is needed.
    NoReason,
    /// Only metered bills are corrected.
    NotMetered(i64),
    /// It was cancelled before.
    Cancelled(i64),
    /// A correction of it waits for its second person.
    CorrectionWaits(i64),
    /// What stands is what should stand.
    NothingToCorrect(i64),
}

impl Refuse for CorrectRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoReason => "correction.no_reason",
            Self::NotMetered(_) => "correction.not_metered",
            Self::Cancelled(_) => "correction.cancelled",
            Self::CorrectionWaits(_) => "correction.waits",
            Self::NothingToCorrect(_) => "correction.nothing",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::NoReason => Bilingual::new("退补须填写原因", "a correction needs its reason"),
            Self::NotMetered(no) => Bilingual::new(
                format!("第{no}号账单不是抄表账单,不能重算"),
                format!("bill {no} is not a metered bill"),
            ),
            Self::Cancelled(no) => {
                Bilingual::new(format!("第{no}号账单已冲销"), format!("bill {no} is cancelled already"))
            }
            Self::CorrectionWaits(no) => Bilingual::new(
                format!("第{no}号账单的退补尚待审批,审批后方可冲销"),
                format!("a correction of bill {no} waits: let it through before the bill is taken back"),
            ),
            Self::NothingToCorrect(no) => Bilingual::new(
                format!("第{no}号账单与应计结果一致,无需退补"),
                format!("bill {no} is what it should be: nothing to correct"),
            ),
        }
    }
}

/// The bills of an account with their lines.
pub(super) struct Account {
    bills: Vec<BillRow>,
    lines: Vec<LineRow>,
}

impl Account {
    pub(super) fn load(conn: &mut Conn, account_id: i64) -> Result<Self, StoreError> {
        let range = Range { from: account_id, to: account_id };
        Ok(Self { bills: billing::bills_of(conn, range)?, lines: billing::lines_of(conn, range)? })
    }

    /// A bill by its number.
    pub(super) fn bill(&self, bill_no: i64) -> Option<&BillRow> {
        self.bills.iter().find(|bill| bill.bill_no == bill_no)
    }

    /// Was it cancelled, by a bill that is none of those?
    pub(super) fn cancelled(&self, bill_no: i64, waiting: &[i64]) -> bool {
        let cancels = |b: &BillRow| b.kind == "cancellation" && b.corrects_no == Some(bill_no);
        self.bills.iter().any(|b| cancels(b) && !waiting.contains(&b.bill_no))
    }

    /// The metered bills that stand, without those that wait.
    pub(super) fn released(&self, waiting: &[i64]) -> impl Iterator<Item = &BillRow> {
        let stands = |b: &&BillRow| {
            is_metered(b) && !waiting.contains(&b.bill_no) && !self.cancelled(b.bill_no, waiting)
        };
        self.bills.iter().filter(stands)
    }

    /// The numbers of the corrections of a bill, without those that wait.
    pub(super) fn corrections(&self, bill_no: i64, waiting: &[i64]) -> Vec<i64> {
        let corrects = |b: &&BillRow| b.corrects_no == Some(bill_no) && !waiting.contains(&b.bill_no);
        self.bills.iter().filter(corrects).map(|b| b.bill_no).collect()
    }

    /// The lines of some bills.
    pub(super) fn lines_of(&self, bills: &[i64]) -> Vec<Line> {
        self.lines.iter().filter(|line| bills.contains(&line.bill_no)).filter_map(line).collect()
    }

    fn metered(&self, bill_no: i64) -> Result<&BillRow, Refusal> {
        let bill = self.bill(bill_no).ok_or(ExplainRefusal::NoBill(bill_no))?;
        if !is_metered(bill) {
            return Err(CorrectRefusal::NotMetered(bill_no).into());
        }
        if self.cancelled(bill_no, &[]) {
            return Err(CorrectRefusal::Cancelled(bill_no).into());
        }
        Ok(bill)
    }

    /// The numbers of the bills that wait.
    pub(super) fn waiting(&self, conn: &mut Conn) -> Result<Vec<i64>, StoreError> {
        let account_id = self.bills.first().map_or(0, |bill| bill.account_id);
        let waiting = billing::pending(conn, Range { from: account_id, to: account_id })?;
        Ok(waiting.iter().map(|bill| bill.bill_no).collect())
    }

    /// Does a correction of the bill wait for its second person?
    fn correction_waits(&self, conn: &mut Conn, bill_no: i64) -> Result<bool, StoreError> {
        let waiting = self.waiting(conn)?;
        Ok(self.bills.iter().any(|b| b.corrects_no == Some(bill_no) && waiting.contains(&b.bill_no)))
    }

    /// The day up to which the account is billed.
    fn last_metered_to(&self) -> Date {
        self.bills.iter().filter(|b| is_metered(b)).map(|b| b.to_on).max().unwrap_or(Date::MIN)
    }

    /// The facts that a bill should stand on by what is known so far: those of its last correction, or its own.
    fn target(&self, bill: &BillRow) -> Result<BillFacts, Refusal> {
        let correction = |b: &&BillRow| b.kind == "correction" && b.corrects_no == Some(bill.bill_no);
        facts_of(self.bills.iter().rev().find(correction).unwrap_or(bill))
    }

    /// The energy that stands of a bill.
    fn active(&self, bill_no: i64) -> Energy {
        self.bills
            .iter()
            .filter(|b| b.bill_no == bill_no || b.corrects_no == Some(bill_no))
            .map(|b| b.active)
            .sum()
    }

    /// What stands of a bill before number `before`: its lines and those of its corrections.
    fn standing(&self, bill_no: i64, before: i64) -> Vec<Line> {
        let belongs = |no: i64| {
            no < before
                && self
                    .bills
                    .iter()
                    .any(|b| b.bill_no == no && (no == bill_no || b.corrects_no == Some(bill_no)))
        };
        self.lines.iter().filter(|line| belongs(line.bill_no)).filter_map(line).collect()
    }
}

pub(super) fn is_metered(bill: &BillRow) -> bool {
    bill.kind == "regular" || bill.kind == "provisional"
}

/// A stored line as the calculator sees it; its rule is that of the bill.
pub(crate) fn line(row: &LineRow) -> Option<Line> {
    let share = match &row.share {
        None => Share::WHOLE,
        Some(text) => {
            let (num, den) = text.split_once('/')?;
            Share { num: num.parse().ok()?, den: den.parse().ok()? }
        }
    };
    Some(Line {
        item: Item::from_word(&row.item)?,
        band: match &row.band {
            None => None,
            Some(band) => Some(Band::from_word(band)?),
        },
        tier: u8::try_from(row.tier).ok()?,
        unit: Unit::from_word(&row.unit)?,
        quantity: row.quantity,
        price: row.price,
        share,
        amount: row.amount,
        rule: RuleRef::default(),
    })
}

/// What stood of the bill that a correction corrects, before the correction.
pub(super) fn lines_before(conn: &mut Conn, correction: &BillRow) -> Result<Vec<Line>, StoreError> {
    let account = Account::load(conn, correction.account_id)?;
    Ok(account.standing(correction.corrects_no.unwrap_or_default(), correction.bill_no))
}

/// Target minus what stood, as a step.
pub(super) fn difference_step(target: &[Line], before: &[Line]) -> Step {
    let sum = |lines: &[Line]| lines.iter().map(|line| line.amount).sum::<Money>();
    let (target, before) = (sum(target), sum(before));
    Step::new(
        "target_minus_existing",
        format!("应计{target}元 − 已计{before}元 = {}元", target - before),
        format!("{target} yuan should stand, {before} yuan stood: {} yuan", target - before),
    )
}

/// 重算退补: calculates a bill again from the readings that are current now and writes the differences: of that bill
/// and of the one after it and, where annual tiers shift, of the later bills of its year. They wait for a second person.
/// Nothing comes back where a corrected reading asked for it and the bill already stands right.
///
/// # Errors
/// A [`CorrectRefusal`], an account that cannot be calculated, or a failure of the database.
pub fn bill_rebill(
    conn: &mut Conn,
    work: &Work<'_>,
    on: Date,
    (account_id, bill_no): (i64, i64),
    reason: &str,
) -> Result<Vec<Correction>, OfficeError> {
    if reason.trim().is_empty() {
        return Err(OfficeError::refuse(CorrectRefusal::NoReason));
    }
    let checks = CheckBook::load(work, on)?;
    conn.write(|conn| {
        let account = Account::load(conn, account_id)?;
        let first = account.metered(bill_no)?;
        let mut prices = PriceBook::new(work.book, &work.site);
        let mut made = Vec::new();
        let mut shift = Energy::ZERO;
        for bill in account.bills.iter().filter(|b| is_metered(b) && b.bill_no >= bill_no) {
            let same_year = bill.month.year() == first.month.year();
            // The reading that ended this bill began the next one.
            let adjacent = bill.bill_no == bill_no || bill.from_on == first.to_on;
            if !adjacent && (!same_year || shift.is_zero()) || account.metered(bill.bill_no).is_err() {
                continue;
            }
            let mut facts = account.target(bill)?;
            if same_year && let Some(household) = &mut facts.household {
                household.used_before += shift;
            }
            if adjacent {
                facts = recalculate(conn, bill, facts.household, &mut prices, &checks)?;
            }
            let next_no = account.bills.len() as i64 + made.len() as i64 + 1;
            let standing = account.standing(bill.bill_no, i64::MAX);
            let before = (account.active(bill.bill_no), standing.as_slice());
            if let Some(correction) =
                corrected(work, on, bill, &facts, before, (next_no, reason), &mut prices)?
            {
                if same_year {
                    shift += correction.bill.active;
                }
                made.push(correction);
            }
        }
        let heard = close_tasks(conn, work, on, first)?;
        if made.is_empty() {
            let nothing = || OfficeError::refuse(CorrectRefusal::NothingToCorrect(bill_no));
            return if heard > 0 { Ok(made) } else { Err(nothing()) };
        }
        billing::keep_rule_sets(conn, &prices.take_new_sets())?;
        keep(conn, &account, first, &made, shift)?;
        Ok(made)
    })
}

/// The corrected readings that asked for this bill to be made again have been heard; gives how many.
fn close_tasks(conn: &mut Conn, work: &Work<'_>, on: Date, bill: &BillRow) -> Result<usize, StoreError> {
    let range = Range { from: bill.account_id, to: bill.account_id };
    let mut heard = 0;
    for task in tasks::open_of(conn, REBILL_TASK, range)? {
        let day = task.subject.strip_prefix("reading:").and_then(|day| day.parse::<Date>().ok());
        if day.is_some_and(|day| bill.from_on < day && day <= bill.to_on) {
            let resolution = Resolution { decision: "rebilled", by: &work.by, on, note: "" };
            tasks::resolve(conn, (bill.account_id, REBILL_TASK, &task.subject), &resolution)?;
            heard += 1;
        }
    }
    Ok(heard)
}

/// The correction that brings a bill from what stands of it to its target; nothing when it stands right.
fn corrected(
    work: &Work<'_>,
    on: Date,
    bill: &BillRow,
    facts: &BillFacts,
    (active, standing): (Energy, &[Line]),
    (bill_no, reason): (i64, &str),
    prices: &mut PriceBook<'_>,
) -> Result<Option<Correction>, OfficeError> {
    let mut draft = BillDraft::new();
    let used = prices.price(facts, &mut draft)?;
    let change = difference(&draft.lines, standing);
    if change.is_empty() {
        return Ok(None);
    }
    let row = BillRow {
        bill_no,
        kind: "correction".to_owned(),
        calculated_on: on,
        active: draft.active - active,
        amount: change.iter().map(|line| line.amount).sum(),
        funds: funds(&change),
        rule_set_id: prices.rule_set(used),
        facts: serde_json::to_string(facts).unwrap_or_default(),
        corrects_no: Some(bill.bill_no),
        prepared_by: work.by.clone(),
        reason: Some(reason.to_owned()),
        ..bill.clone()
    };
    let lines = line_rows(bill.account_id, bill_no, &change);
    Ok(Some(Correction { bill: row, lines }))
}

fn funds(lines: &[Line]) -> Money {
    lines.iter().filter(|line| line.item == Item::Funds).map(|line| line.amount).sum()
}

/// 冲销: takes a metered bill back with everything that corrected it. It waits for a second person.
///
/// # Errors
/// A [`CorrectRefusal`], or a failure of the database.
pub fn bill_cancel(
    conn: &mut Conn,
    work: &Work<'_>,
    on: Date,
    (account_id, bill_no): (i64, i64),
    reason: &str,
) -> Result<Correction, OfficeError> {
    if reason.trim().is_empty() {
        return Err(OfficeError::refuse(CorrectRefusal::NoReason));
    }
    conn.write(|conn| {
        let account = Account::load(conn, account_id)?;
        let bill = account.metered(bill_no)?;
        if account.correction_waits(conn, bill_no)? {
            return Err(OfficeError::refuse(CorrectRefusal::CorrectionWaits(bill_no)));
        }
        let opposite = difference(&[], &account.standing(bill_no, i64::MAX));
        let active = account.active(bill_no);
        let next_no = account.bills.len() as i64 + 1;
        let row = BillRow {
            bill_no: next_no,
            kind: "cancellation".to_owned(),
            calculated_on: on,
            active: -active,
            amount: opposite.iter().map(|line| line.amount).sum(),
            funds: funds(&opposite),
            corrects_no: Some(bill_no),
            prepared_by: work.by.clone(),
            reason: Some(reason.to_owned()),
            ..bill.clone()
        };
        let correction = Correction { lines: line_rows(account_id, next_no, &opposite), bill: row };
        let shift = if bill.month.year() == correction.bill.month.year() { -active } else { Energy::ZERO };
        keep(conn, &account, bill, std::slice::from_ref(&correction), shift)?;
        if account.waiting(conn)?.contains(&bill_no) {
            // It never claimed anything, so nothing has to be taken back in the ledger: neither is ever released.
            for no in [bill_no, next_no] {
                billing::decide_pending(conn, (account_id, no), "rejected", &work.by, on, reason)?;
            }
        }
        if bill.to_on == account.last_metered_to() {
            denghuo_store::metering::reopen_order(conn, account_id, bill.month)?;
        }
        Ok(correction)
    })
}

/// Writes corrections among the bills that wait, and moves the state of the account.
fn keep(
    conn: &mut Conn,
    account: &Account,
    first: &BillRow,
    made: &[Correction],
    shift: Energy,
) -> Result<(), OfficeError> {
    let bills: Vec<BillRow> = made.iter().map(|c| c.bill.clone()).collect();
    let lines: Vec<LineRow> = made.iter().flat_map(|c| c.lines.clone()).collect();
    billing::insert_bills(conn, &bills)?;
    billing::insert_lines(conn, &lines)?;
    let pending: Vec<_> = bills.iter().map(|bill| (bill, Rule::Q12.word().to_owned())).collect();
    billing::insert_pending(conn, &pending)?;
    let Some(mut state) = billing::state(conn, first.account_id)? else { return Ok(()) };
    state.next_bill_no += bills.len() as i64;
    if state.tier_year == i64::from(first.month.year()) {
        state.tier_used += shift;
    }
    let cancelled = bills.iter().any(|bill| bill.kind == "cancellation");
    if cancelled && state.billed_to == first.to_on {
        // The newest metered bill: its days are due again.
        state.billed_to = first.from_on;
    }
    if let Some(mut history) = History::from_bytes(&state.history) {
        for bill in &bills {
            let energy = account.active(bill.corrects_no.unwrap_or_default()) + bill.active;
            let days = denghuo_rules::calendar::days_between(bill.from_on, bill.to_on);
            history.set(bill.month, Entry::new(energy, days, Mark::REAL));
        }
        state.history = history.to_bytes().to_vec();
    }
    billing::save_states(conn, &[state])?;
    Ok(())
}
