//! 核对: scores and bonuses are what their rules give for their records.

use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::derivation::Silent;
use denghuo_rules::targets::{AppraisalRule, BonusRule, bonus, pooled, score};
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::targets as store;

/// Offenders that are named.
const SAMPLE: usize = 20;

/// What a derivation again came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetCheck {
    /// How many are wrong.
    pub broken: u64,
    /// The first of them.
    pub sample: Vec<String>,
}

impl TargetCheck {
    fn wrong(&mut self, what: String) {
        self.broken += 1;
        if self.sample.len() < SAMPLE {
            self.sample.push(what);
        }
    }
}

/// Derives every score again from its record and its rule.
///
/// # Errors
/// The database's.
pub fn verify_scores(conn: &mut Conn, work: &Work<'_>) -> Result<TargetCheck, OfficeError> {
    let mut check = TargetCheck::default();
    for row in store::appraisals_of(conn, None)? {
        let rule = work.book.rule(&row.rule).and_then(|rule| rule.form::<AppraisalRule>().ok());
        let derived = rule.and_then(|rule| score(&row.record, (&rule, &row.rule), &mut Silent).ok());
        if derived != Some(row.score) {
            check.wrong(format!("{}/{}", row.month, row.staff_id));
        }
    }
    Ok(check)
}

/// Derives every line of every sheet again, and how the pool was shared.
///
/// # Errors
/// The database's.
pub fn verify_bonuses(conn: &mut Conn, work: &Work<'_>) -> Result<TargetCheck, OfficeError> {
    let mut check = TargetCheck::default();
    for sheet in store::bonus_sheets(conn)? {
        let lines = store::bonus_lines(conn, sheet.sheet_no)?;
        let rule = work.book.rule(&sheet.rule).and_then(|rule| rule.form::<BonusRule>().ok());
        let derived = rule.and_then(|rule| {
            let worth = |record| bonus(record, (&rule, &sheet.rule), &mut Silent).ok();
            let worths: Option<Vec<Money>> = lines.iter().map(|line| worth(&line.record)).collect();
            worths.map(|worths| (pooled(&worths, rule.pool), worths))
        });
        let kept = lines.iter().map(|line| (line.amount, line.worth)).unzip();
        if derived != Some(kept) {
            check.wrong(sheet.sheet_no.to_string());
        }
    }
    Ok(check)
}
