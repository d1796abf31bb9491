//! 缴费回执: what the paper of a payment tells.

use super::counter::{load_payment, receipt_of};
use crate::error::OfficeError;
use crate::notices::General;
use crate::registry::{Personal, mask};
use crate::work::Work;
use denghuo_rules::units::Money;
use denghuo_store::day::Range;
use denghuo_store::notices::{faces, places};
use denghuo_store::{Conn, payments};
use jiff::civil::Date;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The data of the template `receipt` for a payment, in `zh` or `en`. The customer's name is masked: who holds the paper knows it.
///
/// # Errors
/// There is no such payment; a missing rule; the database's.
pub fn receipt_paper(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, payment_no): (i64, i64),
    lang: Option<&str>,
    on: Date,
) -> Result<Value, OfficeError> {
    let row = load_payment(conn, account_id, payment_no)?;
    let receipt = receipt_of(conn, account_id, payment_no)?;
    let general = General::of(conn, work, on)?;
    let range = Range { from: account_id, to: account_id };
    let place = places(conn, range)?.into_iter().next();
    let name = faces(conn, range, on)?.into_iter().next().map(|face| mask(&face.customer, Personal::Name));
    let mut bills: BTreeMap<i64, (Money, Money)> = BTreeMap::new();
    for part in payments::allocations_of(conn, account_id, payment_no)? {
        let sums = bills.entry(part.bill_no).or_default();
        match part.kind.as_str() {
            "refund" => {}
            "late_fee" => sums.1 += part.amount,
            _ => sums.0 += part.amount,
        }
    }
    let bills: Vec<Value> = bills
        .into_iter()
        .map(|(bill_no, (amount, late_fee))| {
            json!({ "bill_no": bill_no, "amount": amount.to_string(), "late_fee": late_fee.to_string() })
        })
        .collect();
    let mut data = general.head();
    data.insert("lang".to_owned(), lang.unwrap_or(&general.lang).into());
    data.insert("issued_on".to_owned(), on.to_string().into());
    data.insert("code".to_owned(), receipt.receipt_no.clone().into());
    data.insert(
        "customer".to_owned(),
        json!({ "name": name, "account_no": place.map(|place| place.account_no) }),
    );
    data.insert("bills".to_owned(), bills.into());
    data.insert(
        "payment".to_owned(),
        json!({
            "no": receipt.receipt_no,
            "at": row.paid_on.to_string(),
            "channel_zh": row.channel.zh(),
            "channel_en": row.channel.word(),
            "amount": row.amount.to_string(),
            "late_fee": receipt.late_fee.to_string(),
            "prepaid": receipt.prepayment.to_string(),
            "balance": receipt.still_owed.to_string(),
            "cashier": row.received_by,
        }),
    );
    Ok(data.into())
}
