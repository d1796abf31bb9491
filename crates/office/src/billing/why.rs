//! 电费为何偏高: a bill beside the one before it and beside the one of a year ago, and what else explains it.

use super::correct::Account;
use super::explain::{ExplainRefusal, facts_of};
use crate::error::OfficeError;
use crate::metering::{ExceptionKind, subject_of_reading};
use denghuo_rules::billing::{Compared, Comparison, compare};
use denghuo_rules::calendar::{Month, days_between};
use denghuo_rules::derivation::{Bilingual, Step};
use denghuo_rules::metering::Source;
use denghuo_rules::refusal::{Refusal, Refuse};
use denghuo_rules::units::Money;
use denghuo_store::billing::BillRow;
use denghuo_store::metering::{PastReading, reading_history};
use denghuo_store::{Conn, tasks};
use schemars::JsonSchema;
use serde::Serialize;

/// Readings that are looked at: those of two years of months with their corrections.
const READINGS: i64 = 100;

/// Which earlier bill a bill is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Earlier {
    /// 上期: the one before it.
    Previous,
    /// 去年同期: the one of the same month a year ago.
    YearAgo,
}

/// A bill beside an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Beside {
    /// Which one.
    pub earlier: Earlier,
    /// Its number within the account.
    pub bill_no: i64,
    /// Its charging month.
    pub month: Month,
    /// The difference and its causes.
    pub comparison: Comparison,
}

/// 电费变化说明: why a bill is what it is, beside the customer's own history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WhyBill {
    /// The bill that is explained: the metered one, also when its correction was asked for.
    pub bill_no: i64,
    /// Its charging month.
    pub month: Month,
    /// What stands of it, with its corrections.
    pub amount: Money,
    /// The earlier bills there are, the one before it first.
    pub beside: Vec<Beside>,
    /// What else has to be known: a provisional bill, a changed meter, the tier of the year, an open doubt.
    pub notes: Vec<Step>,
}

/// Why a bill is not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyRefusal {
    /// It charges no metered period.
    NotMetered(i64),
}

impl Refuse for WhyRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotMetered(_) => "why.not_metered",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::NotMetered(no) => Bilingual::new(
                format!("第{no}号账单不是抄表账单,没有可比的往期用电"),
                format!("bill {no} charges no metered period: there is nothing to compare it with"),
            ),
        }
    }
}

/// Compares a released bill, with its corrections, with the one before it and with that of a year ago. Bills that wait for
/// their release do not count, unless the bill itself does. A bill that was cancelled is compared with nothing.
///
/// # Errors
/// [`ExplainRefusal::NoBill`], a [`WhyRefusal`], or a failure of the database.
pub fn why_bill(conn: &mut Conn, (account_id, bill_no): (i64, i64)) -> Result<WhyBill, OfficeError> {
    let account = Account::load(conn, account_id)?;
    let waiting = account.waiting(conn)?;
    let bill = explained(&account, bill_no)?;
    if account.cancelled(bill.bill_no, &waiting) {
        let (bill_no, month) = (bill.bill_no, bill.month);
        return Ok(WhyBill {
            bill_no,
            month,
            amount: Money::ZERO,
            beside: Vec::new(),
            notes: vec![cancelled()],
        });
    }
    let standing = |of: &BillRow| {
        let mut bills = account.corrections(of.bill_no, &waiting);
        bills.push(of.bill_no);
        account.lines_of(&bills)
    };
    let lines = standing(bill);
    let this = Compared { days: days_between(bill.from_on, bill.to_on), lines: &lines };
    let earlier = |earlier: Earlier, of: &BillRow| {
        let lines = standing(of);
        let before = Compared { days: days_between(of.from_on, of.to_on), lines: &lines };
        Beside { earlier, bill_no: of.bill_no, month: of.month, comparison: compare(this, before) }
    };
    let before = account.released(&waiting).filter(|of| of.to_on <= bill.from_on).max_by_key(|of| of.to_on);
    let year_ago = account.released(&waiting).find(|of| of.month == bill.month.plus(-12));
    let beside = [(Earlier::Previous, before), (Earlier::YearAgo, year_ago)];
    let readings = reading_history(conn, account_id, READINGS)?;
    let mut notes = notes(bill, before, &readings);
    if !account.corrections(bill.bill_no, &waiting).is_empty() {
        notes.push(corrected());
    }
    notes.extend(doubts(conn, bill)?);
    Ok(WhyBill {
        bill_no: bill.bill_no,
        month: bill.month,
        amount: lines.iter().map(|line| line.amount).sum(),
        beside: beside.into_iter().filter_map(|(which, of)| Some(earlier(which, of?))).collect(),
        notes,
    })
}

/// The metered bill that is asked for, or that the correction asked for corrects.
fn explained(account: &Account, bill_no: i64) -> Result<&BillRow, Refusal> {
    let asked = account.bill(bill_no).ok_or(ExplainRefusal::NoBill(bill_no))?;
    let metered_no = if asked.kind == "correction" { asked.corrects_no.unwrap_or(bill_no) } else { bill_no };
    let bill = account.bill(metered_no).ok_or(ExplainRefusal::NoBill(metered_no))?;
    if !super::correct::is_metered(bill) {
        return Err(WhyRefusal::NotMetered(bill_no).into());
    }
    Ok(bill)
}

/// What the bill and its readings say by themselves.
fn notes(bill: &BillRow, before: Option<&BillRow>, readings: &[PastReading]) -> Vec<Step> {
    let mut notes = Vec::new();
    if bill.kind == "provisional" {
        notes.push(Step::new(
            "provisional",
            "本期未抄到示数,按上期电量暂计,下次抄表后按实结算",
            "not read this time: billed provisionally on the quantity before, settled at the next reading",
        ));
    }
    if before.is_some_and(|before| before.kind == "provisional") {
        notes.push(Step::new(
            "settles_provisional",
            "上期为暂计,本期按实抄示数一并结算",
            "the bill before was provisional: this one settles it by the real reading",
        ));
    }
    if let Some(used) = facts_of(bill).ok().and_then(|facts| facts.household).map(|home| home.used_before) {
        notes.push(Step::new(
            "used_before",
            format!("本年度此前已用{used}千瓦时,阶梯按年累计"),
            format!("{used} kWh were used before in this year; tiers count by the year"),
        ));
    }
    notes.extend(meter_changed(bill, readings));
    notes.extend(last_reading(bill, readings));
    notes
}

fn meter_changed(bill: &BillRow, readings: &[PastReading]) -> Option<Step> {
    let change = readings.iter().find(|reading| {
        let on = reading.shown.registers.on;
        reading.is_current && reading.shown.source == Source::Install && bill.from_on < on && on <= bill.to_on
    })?;
    let (on, meter) = (change.shown.registers.on, &change.meter_no);
    Some(Step::new(
        "meter_changed",
        format!("{on}换装电能表{meter},本期电量为新旧两表之和"),
        format!("meter {meter} was put in on {on}: the energy is that of both meters"),
    ))
}

fn last_reading(bill: &BillRow, readings: &[PastReading]) -> Option<Step> {
    let last = readings.iter().find(|r| r.is_current && r.shown.registers.on == bill.to_on)?;
    let (shown, source) = (last.shown.registers.total, last.shown.source);
    Some(Step::new(
        "last_reading",
        format!("期末示数{shown},{}({})", bill.to_on, source.zh()),
        format!("the last reading is {shown}, of {} ({})", bill.to_on, source.word()),
    ))
}

fn cancelled() -> Step {
    Step::new("cancelled", "本账单已冲销", "this bill was taken back")
}

fn corrected() -> Step {
    Step::new(
        "corrected",
        "本账单已退补,按退补后的结果比较",
        "this bill was corrected; what stands after it is compared",
    )
}

/// An open doubt about what was read for the bill.
fn doubts(conn: &mut Conn, bill: &BillRow) -> Result<Option<Step>, OfficeError> {
    let subject = subject_of_reading(bill.to_on);
    let open = tasks::of_account(conn, bill.account_id)?.into_iter().any(|task| {
        task.state == "open" && task.subject == subject && ExceptionKind::from_word(&task.kind).is_some()
    });
    Ok(open.then(|| {
        Step::new(
            "open_doubt",
            "本期抄表数据尚有疑问待核实",
            "a doubt about the reading of this period is still open",
        )
    }))
}
