//! 电费解释: the derivation of a stored bill, made again from the facts kept beside it.

use super::prices::PriceBook;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::billing::{BillDraft, BillFacts, Compiler, Line, difference};
use denghuo_rules::derivation::{Bilingual, Recorder, Sink, Step};
use denghuo_rules::refusal::{Refusal, Refuse};
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::billing::{self, BillRow, LineRow};

/// A bill with its lines and how they came about.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The bill.
    pub bill: BillRow,
    /// Its lines as they are stored.
    pub lines: Vec<LineRow>,
    /// The derivation, step by step.
    pub steps: Vec<Step>,
    /// What the derivation comes to now; equal to the stored amount as long as the book is what it was.
    pub derived: Money,
    /// The rules it was made under: id, clause as people cite it, confidence.
    pub rules: Vec<(String, String, String)>,
}

/// Why a bill cannot be explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExplainRefusal {
    /// No such bill.
    NoBill(i64),
    /// A bill made by hand has no metered facts.
    Unreadable(String),
}

impl Refuse for ExplainRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoBill(_) => "bill.unknown",
            Self::Unreadable(_) => "bill.facts_unreadable",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::NoBill(no) => Bilingual::new(format!("没有第{no}号账单"), format!("there is no bill {no}")),
            Self::Unreadable(why) => Bilingual::new(
                format!("账单依据无法读取:{why}"),
                format!("the bill's facts are unreadable: {why}"),
            ),
        }
    }
}

/// The facts kept beside a bill.
pub(super) fn facts_of(bill: &BillRow) -> Result<BillFacts, Refusal> {
    serde_json::from_str(&bill.facts).map_err(|e| ExplainRefusal::Unreadable(e.to_string()).into())
}

/// Derives a bill again from its facts.
///
/// # Errors
/// The facts or the book do not give it.
pub fn bill_derivation<'d>(
    bill: &BillRow,
    compiler: &mut Compiler<'_>,
    draft: &'d mut BillDraft,
    sink: &mut impl Sink,
) -> Result<&'d [Line], Refusal> {
    facts_of(bill)?.price(compiler, draft, sink)?;
    Ok(&draft.lines)
}

/// 解释账单: the bill, its lines and its derivation with clauses. A correction tells its target and what it found.
///
/// # Errors
/// An [`ExplainRefusal`], a rule that is no longer in the book, or a failure of the database.
pub fn bill_explain(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, bill_no): (i64, i64),
) -> Result<Explained, OfficeError> {
    let bill = billing::bill(conn, account_id, bill_no)?
        .ok_or_else(|| OfficeError::refuse(ExplainRefusal::NoBill(bill_no)))?;
    let lines = billing::bill_lines(conn, account_id, bill_no)?;
    let mut prices = PriceBook::new(work.book, &work.site);
    let mut draft = BillDraft::new();
    let mut sink = Recorder::default();
    let derived = match bill.kind.as_str() {
        "regular" | "provisional" => {
            bill_derivation(&bill, prices.compiler(), &mut draft, &mut sink)?;
            draft.total
        }
        "correction" => {
            let before = super::correct::lines_before(conn, &bill)?;
            bill_derivation(&bill, prices.compiler(), &mut draft, &mut sink)?;
            let change = difference(&draft.lines, &before);
            sink.step(|| super::correct::difference_step(&draft.lines, &before));
            change.iter().map(|line| line.amount).sum()
        }
        "metering_error" | "theft" | "breach" => {
            let quote = super::assess::answer_again(&bill.facts, work.book)?;
            sink.steps.extend(quote.derivation);
            sink.step(|| manual_step(&bill));
            quote.total
        }
        _ => {
            sink.step(|| manual_step(&bill));
            lines.iter().map(|line| line.amount).sum()
        }
    };
    let ids = billing::rule_set(conn, bill.rule_set_id)?.unwrap_or_default();
    let rules = ids
        .split(' ')
        .filter_map(|id| work.book.rule(id))
        .map(|rule| (rule.id.clone(), rule.clause(), format!("{:?}", rule.confidence)))
        .collect();
    Ok(Explained { bill, lines, steps: sink.steps, derived, rules })
}

fn manual_step(bill: &BillRow) -> Step {
    let reason = bill.reason.as_deref().unwrap_or_default();
    let of = bill.corrects_no.map(|no| no.to_string()).unwrap_or_default();
    Step::new(
        "manual",
        format!("{}制单,关联账单{of}:{reason}", bill.prepared_by),
        format!("made by {}, about bill {of}: {reason}", bill.prepared_by),
    )
}
