//! 电费: the bills of an account, and why each is what it is.

mod release;

use crate::ask::Ask;
use crate::input::{BillPath, Nothing};
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::billing::{WhyBill, bill_explain, why_bill};
use denghuo_rules::access::Permission;
use denghuo_rules::billing::Item;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::calendar::Month;
use denghuo_rules::derivation::{Bilingual, Step};
use denghuo_rules::units::{Energy, Money, Price, format_scaled};
use denghuo_store::billing::{self as store, BillRow, LineRow, PendingBill};
use denghuo_store::collections::{self, DebtRow};
use denghuo_store::day::Range;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// The endpoints.
pub fn routes() -> Routes {
    let see = Permission::SeeAccounts;
    release::with(Routes::of("billing", "电费核算与发行"))
        .list(
            "/accounts/{account_no}/bills",
            see,
            ("账单一览", "The bills of an account, the newest first"),
            account_bills,
        )
        .get(
            "/accounts/{account_no}/bills/{bill_no}",
            see,
            ("账单与推导", "A bill with its lines, its derivation and the rules it rests on"),
            account_bill,
        )
        .get(
            "/accounts/{account_no}/bills/{bill_no}/why",
            see,
            (
                "电费为何偏高",
                "Why a bill is higher or lower than the one before it and than that of a year ago",
            ),
            account_bill_why,
        )
}

/// A bill on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BillLine {
    /// Number within the account.
    bill_no: i64,
    /// 电费年月
    month: Month,
    /// `regular`, `provisional`, `correction`, `cancellation`, `metering_error`, `theft`, `breach`.
    kind: String,
    /// First day.
    #[schemars(with = "DateForm")]
    from_on: Date,
    /// Last day.
    #[schemars(with = "DateForm")]
    to_on: Date,
    /// 有功电量
    active_kwh: Energy,
    /// 金额
    amount: Money,
    /// `ready`, `held`, `approved`, `rejected` while it waits; then `open`, `settled`.
    state: String,
    /// 发行日
    #[schemars(with = "Option<DateForm>")]
    released_on: Option<Date>,
    /// 缴费截止日
    #[schemars(with = "Option<DateForm>")]
    due_on: Option<Date>,
    /// 未缴金额
    open: Option<Money>,
    /// 结清日
    #[schemars(with = "Option<DateForm>")]
    settled_on: Option<Date>,
    /// The bill that it corrects.
    corrects_no: Option<i64>,
}

impl BillLine {
    /// As it is shown.
    pub fn of(bill: &BillRow, debt: Option<&DebtRow>, waits: Option<&PendingBill>) -> Self {
        let receivable = debt.map(|debt| &debt.receivable);
        let state = match (waits, receivable) {
            (Some(waits), _) => waits.state.clone(),
            (None, Some(released)) if released.open.is_zero() => "settled".to_owned(),
            _ => "open".to_owned(),
        };
        Self {
            bill_no: bill.bill_no,
            month: bill.month,
            kind: bill.kind.clone(),
            from_on: bill.from_on,
            to_on: bill.to_on,
            active_kwh: bill.active,
            amount: bill.amount,
            state,
            released_on: receivable.map(|r| r.released_on),
            due_on: receivable.map(|r| r.due_on),
            open: receivable.map(|r| r.open),
            settled_on: receivable.and_then(|r| r.settled_on),
            corrects_no: bill.corrects_no,
        }
    }
}

fn account_bills(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<BillLine>, Problem> {
    let account_id = ask.account()?;
    let range = Range { from: account_id, to: account_id };
    let debts = collections::debts_of(ask.conn, account_id)?;
    let pending = store::pending(ask.conn, range)?;
    let lines = store::bills_of(ask.conn, range)?.into_iter().rev().map(|bill| {
        let debt = debts.iter().find(|debt| debt.receivable.bill_no == bill.bill_no);
        BillLine::of(&bill, debt, pending.iter().find(|waits| waits.bill_no == bill.bill_no))
    });
    let lines: Vec<BillLine> = lines.collect();
    ask.page.cut(lines, |line| line.bill_no.to_string())
}

/// One line of a bill.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Line {
    /// Word of the item.
    item: String,
    /// Its name.
    name: Bilingual,
    /// Word of the tariff period.
    band: Option<String>,
    /// The tier, from 1; 0 without tiers.
    tier: i64,
    /// The quantity.
    quantity: String,
    /// Its unit.
    unit: String,
    /// 电价
    price: Price,
    /// The share that it counts with, such as part of a month.
    share: Option<String>,
    /// 金额
    amount: Money,
}

impl Line {
    /// As it is shown.
    pub fn of(row: LineRow) -> Self {
        let item = Item::from_word(&row.item);
        let name =
            item.map_or_else(|| Bilingual::new(&*row.item, &*row.item), |i| Bilingual::new(i.zh(), i.en()));
        Self {
            item: row.item.into_owned(),
            name,
            band: row.band.map(std::borrow::Cow::into_owned),
            tier: row.tier,
            quantity: format_scaled(row.quantity, 4, 0),
            unit: row.unit.into_owned(),
            price: row.price,
            share: row.share,
            amount: row.amount,
        }
    }
}

/// A rule that something rests on.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// The clause as people cite it.
    pub clause: String,
    /// How sure the book is of it.
    pub confidence: String,
}

/// A bill and how it came about.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct BillShown {
    /// The bill.
    bill: BillLine,
    /// Who made it.
    prepared_by: String,
    /// Why, for a correction.
    reason: Option<String>,
    /// Its lines.
    lines: Vec<Line>,
    /// Its derivation, step by step.
    derivation: Vec<Step>,
    /// What the derivation comes to now; the amount, as long as the book is what it was.
    derived: Money,
    /// The rules it was made under.
    rules: Vec<Rule>,
}

fn account_bill(ask: &mut Ask<'_>, path: &BillPath, _: &Nothing) -> Result<BillShown, Problem> {
    let account_id = ask.account()?;
    let explained = bill_explain(ask.conn, ask.work, (account_id, path.bill_no))?;
    let debt = collections::debt(ask.conn, account_id, path.bill_no)?;
    let pending = store::pending(ask.conn, Range { from: account_id, to: account_id })?;
    let waits = pending.iter().find(|waits| waits.bill_no == path.bill_no);
    Ok(BillShown {
        bill: BillLine::of(&explained.bill, debt.as_ref(), waits),
        prepared_by: explained.bill.prepared_by,
        reason: explained.bill.reason,
        lines: explained.lines.into_iter().map(Line::of).collect(),
        derivation: explained.steps,
        derived: explained.derived,
        rules: explained
            .rules
            .into_iter()
            .map(|(id, clause, confidence)| Rule { id, clause, confidence })
            .collect(),
    })
}

fn account_bill_why(ask: &mut Ask<'_>, path: &BillPath, _: &Nothing) -> Result<WhyBill, Problem> {
    let account_id = ask.account()?;
    Ok(why_bill(ask.conn, (account_id, path.bill_no))?)
}
