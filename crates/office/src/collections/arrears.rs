//! 欠费清单: what is overdue on a day, by account and bill, with its age and its late fee.

use super::FeeBook;
use crate::error::OfficeError;
use crate::ledger::Books;
use crate::work::Work;
use denghuo_rules::calendar::Month;
use denghuo_rules::collections::ageing::{Ageing, TOPIC};
use denghuo_rules::collections::due::days_overdue;
use denghuo_rules::derivation::{Bilingual, Silent};
use denghuo_rules::registry::Category;
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::collections::{OverdueAccount, OverdueFilter, overdue_accounts};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// Accounts that are loaded at a time.
const CHUNK: usize = 2_000;
/// The widest gap between two accounts whose books are read together.
const GAP: i64 = 64;

/// 欠费清单
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Arrears {
    /// The day.
    pub on: Date,
    /// One row per overdue bill, in order of account and bill.
    pub rows: Vec<ArrearsRow>,
    /// 账龄: totals by age, from young to old, none left out.
    pub ageing: Vec<AgeingTotal>,
    /// Accounts in arrears.
    pub accounts: i64,
    /// Unpaid principal.
    pub principal: Money,
    /// Unpaid late fee, running part included.
    pub late_fee: Money,
}

/// One overdue bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArrearsRow {
    /// 户号
    pub account_no: String,
    /// 户名
    pub name: String,
    /// Organisation.
    pub org: String,
    /// Route.
    pub route: String,
    /// 用电类别
    pub category: Category,
    /// The bill.
    pub bill_no: i64,
    /// 电费年月
    pub month: Month,
    /// 缴费截止日
    pub due_on: Date,
    /// 逾期天数
    pub days_overdue: i64,
    /// Code of the age.
    pub age: String,
    /// Unpaid principal.
    pub principal: Money,
    /// Unpaid late fee, running part included.
    pub late_fee: Money,
}

/// 账龄合计
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgeingTotal {
    /// Code of the age.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// Bills.
    pub bills: i64,
    /// Unpaid principal.
    pub principal: Money,
    /// Unpaid late fee.
    pub late_fee: Money,
}

/// What is overdue on a day: unpaid principal after its last payment day, and late fees that outlived their principal.
///
/// # Errors
/// A missing rule or the database's.
pub fn arrears(
    conn: &mut Conn,
    work: &Work<'_>,
    on: Date,
    filter: OverdueFilter<'_>,
) -> Result<Arrears, OfficeError> {
    let ageing = work.book.pick::<Ageing>(TOPIC, &work.site, on)?.params;
    let fees = FeeBook::of(work)?;
    let totals = ageing.buckets.iter().map(|bucket| AgeingTotal {
        code: bucket.code.clone(),
        name: bucket.name.clone(),
        bills: 0,
        principal: Money::ZERO,
        late_fee: Money::ZERO,
    });
    let mut list = Arrears {
        on,
        rows: Vec::new(),
        ageing: totals.collect(),
        accounts: 0,
        principal: Money::ZERO,
        late_fee: Money::ZERO,
    };
    let accounts = overdue_accounts(conn, on, filter)?;
    for chunk in accounts.chunks(CHUNK) {
        let ids: Vec<i64> = chunk.iter().map(|account| account.account_id).collect();
        for (account, books) in chunk.iter().zip(Books::read(conn, &ids, on)?) {
            let before = list.rows.len();
            for debt in &books.debts {
                if filter.category.is_some_and(|category| category != debt.receivable.category.word()) {
                    continue;
                }
                let (booked, open) = debt.fee.map_or_else(Default::default, |fee| (fee.booked, fee.open));
                let running = fees.target(&books, debt, on, &mut Silent)? - booked;
                let (principal, late_fee) = (debt.receivable.open, open + running);
                if debt.receivable.due_on < on && (principal > Money::ZERO || late_fee > Money::ZERO) {
                    list.push(&ageing, account, &debt.receivable, late_fee.at_least(Money::ZERO));
                }
            }
            list.accounts += i64::from(list.rows.len() > before);
        }
    }
    Ok(list)
}

impl Arrears {
    fn push(
        &mut self,
        ageing: &Ageing,
        account: &OverdueAccount,
        bill: &denghuo_store::collections::ReceivableRow,
        late_fee: Money,
    ) {
        let principal = bill.open.at_least(Money::ZERO);
        let total = &mut self.ageing[ageing.position(bill.month, self.on)];
        total.bills += 1;
        total.principal += principal;
        total.late_fee += late_fee;
        self.principal += principal;
        self.late_fee += late_fee;
        self.rows.push(ArrearsRow {
            account_no: account.account_no.clone(),
            name: account.name.clone(),
            org: account.org.clone(),
            route: account.route.clone(),
            category: bill.category,
            bill_no: bill.bill_no,
            month: bill.month,
            due_on: bill.due_on,
            days_overdue: days_overdue(bill.due_on, self.on),
            age: total.code.clone(),
            principal,
            late_fee,
        });
    }
}

/// The unpaid late fees of some bills on a day, running part included, in the same order.
///
/// # Errors
/// A missing rule or the database's.
pub fn late_fees_of(
    conn: &mut Conn,
    work: &Work<'_>,
    bills: &[(i64, i64)],
    on: Date,
) -> Result<Vec<Money>, OfficeError> {
    let fees = FeeBook::of(work)?;
    let accounts: Vec<i64> =
        bills.iter().map(|(account_id, _)| *account_id).collect::<BTreeSet<_>>().into_iter().collect();
    let mut of = HashMap::new();
    for near in accounts.chunk_by(|a, b| b - a <= GAP) {
        for books in Books::read(conn, near, on)? {
            for debt in &books.debts {
                let (booked, open) = debt.fee.map_or_else(Default::default, |fee| (fee.booked, fee.open));
                let running = fees.target(&books, debt, on, &mut Silent)? - booked;
                of.insert(
                    (books.account_id, debt.receivable.bill_no),
                    (open + running).at_least(Money::ZERO),
                );
            }
        }
    }
    Ok(bills.iter().map(|key| of.get(key).copied().unwrap_or(Money::ZERO)).collect())
}
