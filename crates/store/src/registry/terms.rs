//! Versions of the terms of supply, to and from their rows.

use super::rows::Terms;
use crate::db::{Conn, OPEN_END, Param, Row, StoreError};
use denghuo_rules::registry::{
    Category, FixedPart, PfStandard, Scheme, SupplyTerms, TransformerLoss, Voltage,
};
use denghuo_rules::units::Ratio;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The rare parts of the terms, kept as JSON; absent when all are empty.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Extras {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    transformer_loss: Option<TransformerLoss>,
    #[serde(default, skip_serializing_if = "is_zero")]
    line_loss: Ratio,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fixed_parts: Vec<FixedPart>,
}

fn is_zero(ratio: &Ratio) -> bool {
    *ratio == Ratio::ZERO
}

/// The JSON of the rare parts.
pub(super) fn extras_of(terms: &SupplyTerms) -> Option<String> {
    let extras = Extras {
        transformer_loss: terms.transformer_loss,
        line_loss: terms.line_loss,
        fixed_parts: terms.fixed_parts.clone(),
    };
    (extras != Extras::default()).then(|| serde_json::to_string(&extras).expect("plain values become JSON"))
}

/// The columns read by [`read`], of an alias `t`.
const COLUMNS: &str = "t.account_id, t.from_on, t.until_on, t.category, t.voltage, t.scheme, t.time_of_use, t.capacity, \
     t.contract_demand, t.pf_standard, t.persons, t.minimum_fen, t.extras";

fn read(row: &Row<'_>) -> Result<Terms, StoreError> {
    let extras: Extras = match row.text_or_null(12)? {
        None => Extras::default(),
        Some(json) => {
            serde_json::from_str(&json).map_err(|e| StoreError::Corrupt(format!("extras of terms: {e}")))?
        }
    };
    let persons = row.int(10)?;
    Ok(Terms {
        account_id: row.int(0)?,
        from_on: row.date(1)?,
        until_on: end(row, 2)?,
        terms: SupplyTerms {
            category: word(row, 3, Category::from_word)?,
            voltage: word(row, 4, Voltage::from_word)?,
            scheme: word(row, 5, Scheme::from_word)?,
            time_of_use: row.truth(6)?,
            capacity: row.capacity(7)?,
            contract_demand: row.demand(8)?,
            pf_standard: word(row, 9, PfStandard::from_word)?,
            persons: u8::try_from(persons).map_err(|_| StoreError::Corrupt(format!("{persons} persons")))?,
            transformer_loss: extras.transformer_loss,
            line_loss: extras.line_loss,
            fixed_parts: extras.fixed_parts,
            minimum_payment: row.money(11)?,
        },
    })
}

fn word<T>(row: &Row<'_>, column: usize, from_word: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    let text = row.str(column)?;
    from_word(text).ok_or_else(|| StoreError::Corrupt(format!("unknown word `{text}`")))
}

/// An `until` column; the open end is nothing.
pub(super) fn end(row: &Row<'_>, column: usize) -> Result<Option<Date>, StoreError> {
    if row.int(column)? == OPEN_END { Ok(None) } else { row.date(column).map(Some) }
}

/// An `until` value for the database.
pub(super) fn end_param(until: Option<Date>) -> Param<'static> {
    until.map_or(Param::Int(OPEN_END), Param::from)
}

/// The terms in force on a day of the accounts `from..=to`, in their order.
///
/// # Errors
/// The database's.
pub fn terms_in_force(conn: &mut Conn, from: i64, to: i64, on: Date) -> Result<Vec<Terms>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM supply_terms t WHERE t.account_id BETWEEN $1 AND $2 AND t.from_on <= $3 \
         AND t.until_on >= $3 ORDER BY t.account_id"
    );
    conn.query(&sql, &[from.into(), to.into(), on.into()], read)
}

/// Every version of the accounts `from..=to`, by account and first day.
///
/// # Errors
/// The database's.
pub fn terms_history(conn: &mut Conn, from: i64, to: i64) -> Result<Vec<Terms>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM supply_terms t WHERE t.account_id BETWEEN $1 AND $2 ORDER BY t.account_id, t.from_on"
    );
    conn.query(&sql, &[from.into(), to.into()], read)
}
