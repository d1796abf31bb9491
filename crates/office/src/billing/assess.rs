//! 追补: a metering error, a theft or a breach of use, described as a case and priced by the calculators of `quote`, becomes
//! a bill of the account. It waits for a second person like every bill made by hand.

use super::correct::Correction;
use super::prices::rule_set_row;
use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::billing::Unit;
use denghuo_rules::billing::quote::{Case, Quote, QuoteItem};
use denghuo_rules::calendar::Month;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::metering::Rule;
use denghuo_rules::refusal::{Refusal, Refuse};
use denghuo_rules::rulebook::Rulebook;
use denghuo_rules::units::{Energy, Money, parse_scaled};
use denghuo_store::Conn;
use denghuo_store::billing::{self, BillRow, LineRow};
use denghuo_store::day::Range;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Why a case becomes no bill; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssessRefusal {
    /// A reason is needed.
    NoReason,
    /// Only metering errors, thefts and breaches are assessed.
    OtherKind,
    /// The account has no bill yet whose category could be taken.
    NotBilled,
    /// The answer has an item that a bill line cannot hold.
    Unwritable(String),
}

impl Refuse for AssessRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoReason => "assessment.no_reason",
            Self::OtherKind => "assessment.other_kind",
            Self::NotBilled => "assessment.not_billed",
            Self::Unwritable(_) => "assessment.unwritable",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::NoReason => Bilingual::new("追补须填写原因", "an assessment needs its reason"),
            Self::OtherKind => Bilingual::new(
                "只有计量差错、窃电、违约用电案例可以追补",
                "only a metering error, a theft or a breach of use can be assessed",
            ),
            Self::NotBilled => Bilingual::new("该户尚未算过电费", "the account has not been billed yet"),
            Self::Unwritable(what) => Bilingual::new(
                format!("案例项目无法记为账单明细:{what}"),
                format!("the case has an item that no bill line can hold: {what}"),
            ),
        }
    }
}

/// Reads a case that can be assessed, with the kind of the bill it becomes.
fn read(text: &str) -> Result<(Case, &'static str), Refusal> {
    let case =
        if text.trim_start().starts_with('{') { Case::from_json(text)? } else { Case::from_toml(text)? };
    match case {
        Case::MeteringError(_) => Ok((case, "metering_error")),
        Case::Theft(_) => Ok((case, "theft")),
        Case::Breach(_) => Ok((case, "breach")),
        _ => Err(AssessRefusal::OtherKind.into()),
    }
}

/// The answer of a case kept beside an assessed bill.
pub(crate) fn answer_again(facts: &str, book: &Rulebook) -> Result<Quote, Refusal> {
    read(facts)?.0.answer(book)
}

/// Makes a bill of a described case; it waits for a second person.
///
/// # Errors
/// An [`AssessRefusal`], a case that cannot be read or priced, or a failure of the database.
pub fn bill_assess(
    conn: &mut Conn,
    work: &Work<'_>,
    on: Date,
    account_id: i64,
    (text, reason): (&str, &str),
) -> Result<Correction, OfficeError> {
    if reason.trim().is_empty() {
        return Err(OfficeError::refuse(AssessRefusal::NoReason));
    }
    work.check_date(on)?;
    let (case, kind) = read(text)?;
    let quote = case.answer(work.book)?;
    let ids: BTreeSet<&str> = quote.derivation.iter().filter_map(|step| step.rule.as_deref()).collect();
    let rules = rule_set_row(&ids.into_iter().collect::<Vec<_>>());
    conn.write(|conn| {
        access::on_staff(conn, &work.by, on)?;
        let range = Range { from: account_id, to: account_id };
        let not_billed = || OfficeError::refuse(AssessRefusal::NotBilled);
        let mut state = billing::state(conn, account_id)?.ok_or_else(not_billed)?;
        let last = billing::bills_of(conn, range)?.pop().ok_or_else(not_billed)?;
        let bill_no = state.next_bill_no;
        let lines = quote
            .items
            .iter()
            .zip(1..)
            .map(|(item, line_no)| line(account_id, bill_no, line_no, item))
            .collect::<Result<Vec<_>, _>>()?;
        let bill = BillRow {
            account_id,
            bill_no,
            month: Month::of(on),
            kind: kind.to_owned(),
            from_on: on,
            to_on: on,
            calculated_on: on,
            active: Energy::ZERO,
            amount: quote.total,
            funds: Money::ZERO,
            category: last.category,
            rule_set_id: rules.rule_set_id,
            facts: text.to_owned(),
            corrects_no: None,
            prepared_by: work.by.clone(),
            reason: Some(reason.to_owned()),
        };
        state.next_bill_no += 1;
        billing::keep_rule_sets(conn, std::slice::from_ref(&rules))?;
        billing::insert_bills(conn, std::slice::from_ref(&bill))?;
        billing::insert_lines(conn, &lines)?;
        billing::insert_pending(conn, &[(&bill, Rule::Q12.word().to_owned())])?;
        billing::save_states(conn, &[state])?;
        Ok(Correction { bill, lines })
    })
}

fn line(account_id: i64, bill_no: i64, line_no: i64, item: &QuoteItem) -> Result<LineRow, Refusal> {
    let unwritable = || Refusal::from(AssessRefusal::Unwritable(item.name.zh.clone()));
    let unit = Unit::ALL.iter().find(|unit| unit.en() == item.unit.en).ok_or_else(unwritable)?;
    Ok(LineRow {
        account_id,
        bill_no,
        line_no,
        item: item.code.clone().into(),
        band: None,
        tier: 0,
        unit: unit.word().into(),
        quantity: parse_scaled(&item.quantity, Energy::SCALE).map_err(|_| unwritable())?,
        price: item.price.parse().map_err(|_| unwritable())?,
        share: None,
        amount: item.amount,
    })
}
