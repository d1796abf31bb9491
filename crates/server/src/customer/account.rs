//! Bills, balance, usage and notices of a customer's account, as he sees them.

use crate::ask::Ask;
use crate::billing::{BillLine, Line, Rule};
use crate::input::{AccountPath, BillPath, Nothing};
use crate::paging::List;
use crate::problem::Problem;
use denghuo_office::billing::{WhyBill, bill_explain, why_bill};
use denghuo_office::collections::{FeeExplained, explain_balance};
use denghuo_office::notices::{General, Templates, message};
use denghuo_rules::billing::Item;
use denghuo_rules::calendar::{DateForm, MomentForm, Month};
use denghuo_rules::derivation::Step;
use denghuo_rules::disconnection::CutState;
use denghuo_rules::notices::{Channel, NoticeKind};
use denghuo_rules::units::{Energy, Money};
use denghuo_store::day::Range;
use denghuo_store::{billing, collections, customer, disconnection, notices};
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a customer owes and has.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CustomerAccount {
    /// 户号
    account_no: String,
    /// His name.
    name: String,
    /// 用电地址
    address: String,
    /// The business date.
    #[schemars(with = "DateForm")]
    today: Date,
    /// What has to be paid today to owe nothing.
    to_pay: Money,
    /// Of it, late fees.
    late_fee: Money,
    /// Of it, overdue.
    overdue: Money,
    /// Paid ahead.
    prepaid: Money,
    /// The next last payment day.
    #[schemars(with = "Option<DateForm>")]
    due_on: Option<Date>,
    /// What is owed, bill by bill, with how the late fee came about.
    debts: Vec<FeeExplained>,
    /// `none`, `planned`, `cut`: is power off, or is that planned?
    supply: String,
}

/// What is due.
pub fn customer_account(
    ask: &mut Ask<'_>,
    path: &AccountPath,
    _: &Nothing,
) -> Result<CustomerAccount, Problem> {
    let account_id = ask.account()?;
    let own = customer::account(ask.conn, &path.account_no)?.ok_or_else(Problem::foreign_account)?;
    let told = explain_balance(ask.conn, ask.work, account_id, ask.today)?;
    let owed = || told.debts.iter().filter(|debt| debt.open > Money::ZERO);
    let late = owed().filter(|debt| debt.due_on < ask.today);
    let case = disconnection::live_case(ask.conn, account_id)?;
    let supply = match case.map(|case| case.state) {
        Some(CutState::Cut) => "cut",
        Some(CutState::Approved | CutState::Served) => "planned",
        _ => "none",
    };
    Ok(CustomerAccount {
        account_no: own.account_no,
        name: own.name,
        address: own.address,
        today: ask.today,
        to_pay: told.to_pay,
        late_fee: told.late_fee + told.running_fee,
        overdue: late.map(|debt| debt.open).sum(),
        prepaid: told.prepaid,
        due_on: owed().map(|debt| debt.due_on).min(),
        supply: supply.to_owned(),
        debts: told.debts,
    })
}

/// The released bills of an account.
pub fn customer_bills(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<BillLine>, Problem> {
    let account_id = ask.account()?;
    let debts = collections::debts_of(ask.conn, account_id)?;
    let bills = billing::bills_of(ask.conn, Range { from: account_id, to: account_id })?;
    let lines = bills.into_iter().rev().filter_map(|bill| {
        let debt = debts.iter().find(|debt| debt.receivable.bill_no == bill.bill_no)?;
        Some((bill.bill_no, BillLine::of(&bill, Some(debt), None)))
    });
    let page = ask.page.cut(lines.collect(), |(bill_no, _)| bill_no.to_string())?;
    Ok(List { items: page.items.into_iter().map(|(_, line)| line).collect(), next_cursor: page.next_cursor })
}

/// A bill as its customer sees it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CustomerBill {
    /// The bill.
    bill: BillLine,
    /// Its lines.
    lines: Vec<Line>,
    /// Its derivation, step by step, in words.
    derivation: Vec<Step>,
    /// The rules it was made under.
    rules: Vec<Rule>,
}

/// One bill; one that was not released is not there.
pub fn customer_bill(ask: &mut Ask<'_>, path: &BillPath, _: &Nothing) -> Result<CustomerBill, Problem> {
    let account_id = ask.account()?;
    let debt = collections::debt(ask.conn, account_id, path.bill_no)?.ok_or_else(Problem::not_found)?;
    let explained = bill_explain(ask.conn, ask.work, (account_id, path.bill_no))?;
    let rule = |(id, clause, confidence)| Rule { id, clause, confidence };
    Ok(CustomerBill {
        bill: BillLine::of(&explained.bill, Some(&debt), None),
        lines: explained.lines.into_iter().map(Line::of).collect(),
        derivation: explained.steps,
        rules: explained.rules.into_iter().map(rule).collect(),
    })
}

/// Why a released bill is what it is, beside the customer's own history.
pub fn customer_bill_why(ask: &mut Ask<'_>, path: &BillPath, _: &Nothing) -> Result<WhyBill, Problem> {
    let account_id = ask.account()?;
    collections::debt(ask.conn, account_id, path.bill_no)?.ok_or_else(Problem::not_found)?;
    Ok(why_bill(ask.conn, (account_id, path.bill_no))?)
}

/// Billed energy of a month.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MonthUse {
    /// 电费年月
    month: Month,
    /// kWh in all.
    kwh: Energy,
    /// kWh by word of the tariff period; empty without tariff periods.
    by_band: BTreeMap<String, Energy>,
    /// What it cost.
    amount: Money,
}

/// 用电量
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Usage {
    /// The oldest month first.
    months: Vec<MonthUse>,
}

/// Billed energy by month and tariff period, the last twenty-four months.
pub fn customer_usage(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Usage, Problem> {
    const MONTHS: usize = 24;
    let account_id = ask.account()?;
    let range = Range { from: account_id, to: account_id };
    let released: Vec<i64> =
        collections::debts_of(ask.conn, account_id)?.iter().map(|debt| debt.receivable.bill_no).collect();
    let mut months: BTreeMap<Month, MonthUse> = BTreeMap::new();
    let mut month_of: BTreeMap<i64, Month> = BTreeMap::new();
    for bill in billing::bills_of(ask.conn, range)? {
        if !released.contains(&bill.bill_no) {
            continue;
        }
        month_of.insert(bill.bill_no, bill.month);
        let month = months.entry(bill.month).or_insert_with(|| MonthUse {
            month: bill.month,
            kwh: Energy::ZERO,
            by_band: BTreeMap::new(),
            amount: Money::ZERO,
        });
        month.kwh += bill.active;
        month.amount += bill.amount;
    }
    for line in billing::lines_of(ask.conn, range)? {
        let Some(month) = month_of.get(&line.bill_no).and_then(|month| months.get_mut(month)) else {
            continue;
        };
        if line.item == Item::Energy.word()
            && let Some(band) = &line.band
        {
            *month.by_band.entry(band.to_string()).or_insert(Energy::ZERO) += Energy(line.quantity);
        }
    }
    let skip = months.len().saturating_sub(MONTHS);
    Ok(Usage { months: months.into_values().skip(skip).collect() })
}

/// A notice as its customer sees it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CustomerNotice {
    /// Number within the account.
    notice_no: i64,
    /// What is told.
    kind: NoticeKind,
    /// When it was decided.
    #[schemars(with = "DateForm")]
    decided_on: Date,
    /// What it asks for.
    amount: Money,
    /// Day by which to pay.
    #[schemars(with = "Option<DateForm>")]
    deadline_on: Option<Date>,
    /// When it arrived.
    #[schemars(with = "Option<MomentForm>")]
    served_at: Option<DateTime>,
    /// What it says; none when its text cannot be made any more.
    text: Option<String>,
}

/// The notices of an account with their texts; those that were withdrawn told nothing.
pub fn customer_notices(
    ask: &mut Ask<'_>,
    _: &Nothing,
    _: &Nothing,
) -> Result<List<CustomerNotice>, Problem> {
    let account_id = ask.account()?;
    let mut rows = notices::notices_of_account(ask.conn, account_id)?;
    rows.retain(|row| row.state != "withdrawn" && row.kind != NoticeKind::AuthorityCopy);
    rows.sort_by_key(|row| std::cmp::Reverse(row.notice_no));
    let page = ask.page.cut(rows, |row| row.notice_no.to_string())?;
    let general = General::of(ask.conn, ask.work, ask.today)?;
    let templates = Templates::embedded()?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        let told = message(ask.conn, ask.work, (&general, &templates), &row, Channel::Email);
        let text = match told {
            Ok(message) => Some(message.text),
            Err(denghuo_office::error::OfficeError::Store(error)) => return Err(error.into()),
            Err(_) => None,
        };
        items.push(CustomerNotice {
            notice_no: row.notice_no,
            kind: row.kind,
            decided_on: row.decided_on,
            amount: row.amount,
            deadline_on: row.deadline_on,
            served_at: row.served_at,
            text,
        });
    }
    Ok(List { items, next_cursor: page.next_cursor })
}
