//! 账龄: how old what is overdue is, by unit, and where it went between two days.

use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::Month;
use denghuo_rules::collections::ageing::{Ageing, TOPIC};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::collections::{BillFilter, overdue_by_unit, overdue_moves};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Years back that are looked at when the months of an age are told.
const YEARS: i16 = 50;

/// 账龄合计 of a unit and an age.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnitAgeing {
    /// Code of the unit.
    pub org: String,
    /// Its name.
    pub name: String,
    /// Code of the age.
    pub age: String,
    /// Its name.
    pub age_name: Bilingual,
    /// Bills.
    pub bills: i64,
    /// Unpaid principal.
    pub principal: Money,
    /// Late fee that is booked and unpaid.
    pub late_fee: Money,
}

/// 账龄迁徙: money that went from one age to another between two days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AgeingFlow {
    /// Code of the age at the first day; `new` for what was not overdue then.
    pub from: String,
    /// Code of the age at the second day; `paid` for what is not owed any more.
    pub to: String,
    /// Bills; what is paid in part counts where it stays.
    pub bills: i64,
    /// The money.
    pub amount: Money,
}

fn rule(work: &Work<'_>, on: Date) -> Result<Ageing, OfficeError> {
    Ok(work.book.pick::<Ageing>(TOPIC, &work.site, on)?.params)
}

/// The charging months of an age on a day, both inclusive; none for an unknown code.
///
/// # Errors
/// A missing rule.
pub fn age_months(work: &Work<'_>, code: &str, on: Date) -> Result<Option<(Month, Month)>, OfficeError> {
    let ageing = rule(work, on)?;
    let (mut first, mut last) = (None, None);
    for year in (on.year() - YEARS..=on.year()).rev() {
        for number in (1..=12).rev() {
            let Some(month) = Month::new(year, number).filter(|month| *month <= Month::of(on)) else {
                continue;
            };
            if ageing.buckets.get(ageing.position(month, on)).is_some_and(|bucket| bucket.code == code) {
                first = Some(month);
                last = last.or(Some(month));
            }
        }
    }
    Ok(first.zip(last))
}

/// What is overdue on a day by unit and age, the units by code, the ages from young to old.
///
/// # Errors
/// A missing rule, or the database's.
pub fn ageing_by_unit(
    conn: &mut Conn,
    work: &Work<'_>,
    filter: &BillFilter<'_>,
    on: Date,
) -> Result<Vec<UnitAgeing>, OfficeError> {
    let ageing = rule(work, on)?;
    let mut totals: BTreeMap<(String, usize), UnitAgeing> = BTreeMap::new();
    for row in overdue_by_unit(conn, filter, on)? {
        let at = ageing.position(row.month, on);
        let Some(bucket) = ageing.buckets.get(at) else { continue };
        let total = totals.entry((row.org.clone(), at)).or_insert_with(|| UnitAgeing {
            org: row.org.clone(),
            name: row.name.clone(),
            age: bucket.code.clone(),
            age_name: bucket.name.clone(),
            bills: 0,
            principal: Money::ZERO,
            late_fee: Money::ZERO,
        });
        total.bills += row.bills;
        total.principal += row.open;
        total.late_fee += row.late_fee;
    }
    Ok(totals.into_values().collect())
}

/// Code of an age and its name.
pub type AgeName = (String, Bilingual);

/// Where the money that was overdue at the first day, or became so, stands at the second: what comes out of an age is what was in it.
///
/// # Errors
/// A missing rule, or the database's.
pub fn ageing_moves(
    conn: &mut Conn,
    work: &Work<'_>,
    root: i64,
    (first, second): (Date, Date),
) -> Result<(Vec<AgeName>, Vec<AgeingFlow>), OfficeError> {
    let ageing = rule(work, second)?;
    let code = |month: Month, on: Date| {
        ageing.buckets.get(ageing.position(month, on)).map_or_else(String::new, |bucket| bucket.code.clone())
    };
    let mut flows: BTreeMap<(String, String), (i64, Money)> = BTreeMap::new();
    let mut add = |from: &str, to: String, bills: i64, amount: Money| {
        let flow = flows.entry((from.to_owned(), to)).or_insert((0, Money::ZERO));
        flow.0 += bills;
        flow.1 += amount;
    };
    for row in overdue_moves(conn, root, (first, second))? {
        let (was, is) = (code(row.month, first), code(row.month, second));
        match (row.was, row.is) {
            (true, true) => {
                add(&was, is, row.bills, row.after);
                if row.before > row.after {
                    add(&was, "paid".to_owned(), 0, row.before - row.after);
                }
            }
            (true, false) => add(&was, "paid".to_owned(), row.bills, row.before),
            (false, _) => add("new", is, row.bills, row.after),
        }
    }
    let flows = flows.into_iter().map(|((from, to), (bills, amount))| AgeingFlow { from, to, bills, amount });
    let names = ageing.buckets.iter().map(|bucket| (bucket.code.clone(), bucket.name.clone()));
    Ok((names.collect(), flows.collect()))
}
