//! What must hold of the whole database, as queries that list what breaks it, and the digest of its money facts.

use crate::db::{Conn, Row, StoreError};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Offenders listed of a broken check.
const SAMPLE: usize = 20;

/// An invariant: a query that lists `(account_id, number)` of what breaks it.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Stable name.
    pub name: &'static str,
    /// What must hold.
    pub promise: &'static str,
    /// Lists the offenders; two whole numbers a row.
    pub sql: &'static str,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Name of the check.
    pub name: &'static str,
    /// How many break it.
    pub broken: u64,
    /// The first of them, as `(account_id, number)`.
    pub sample: Vec<(i64, i64)>,
}

/// The invariants that SQL can tell, column by column.
const CHECKS: &[Check] = &[
    Check {
        name: "bill_is_sum_of_lines",
        promise: "a bill is the sum of its lines, and its funds the sum of the lines of funds",
        sql: "SELECT b.account_id, b.bill_no FROM bill b LEFT JOIN (SELECT account_id, bill_no, SUM(amount_fen) AS total, \
              SUM(CASE WHEN item = 'funds' THEN amount_fen ELSE 0 END) AS funds \
              FROM bill_line GROUP BY account_id, bill_no) l ON l.account_id = b.account_id AND l.bill_no = b.bill_no \
              WHERE COALESCE(l.total, 0) <> b.amount_fen OR COALESCE(l.funds, 0) <> b.funds_fen",
    },
    Check {
        name: "line_has_bill",
        promise: "every line belongs to a bill",
        sql: "SELECT l.account_id, l.bill_no FROM bill_line l LEFT JOIN bill b \
              ON b.account_id = l.account_id AND b.bill_no = l.bill_no WHERE b.bill_no IS NULL",
    },
    Check {
        name: "bill_has_account_and_rules",
        promise: "every bill belongs to an account and names the rules it was made under",
        sql: "SELECT b.account_id, b.bill_no FROM bill b LEFT JOIN account a ON a.account_id = b.account_id \
              LEFT JOIN rule_set r ON r.rule_set_id = b.rule_set_id WHERE a.account_id IS NULL OR r.rule_set_id IS NULL",
    },
    Check {
        name: "bill_waits_or_is_released",
        promise: "every bill either waits or has exactly its receivable",
        sql: "SELECT b.account_id, b.bill_no FROM bill b \
              LEFT JOIN pending_bill p ON p.account_id = b.account_id AND p.bill_no = b.bill_no \
              LEFT JOIN receivable r ON r.account_id = b.account_id AND r.bill_no = b.bill_no \
              WHERE (p.bill_no IS NULL) = (r.bill_no IS NULL)",
    },
    Check {
        name: "receivable_is_bill",
        promise: "a receivable is the amount of its bill",
        sql: "SELECT r.account_id, r.bill_no FROM receivable r LEFT JOIN bill b \
              ON b.account_id = r.account_id AND b.bill_no = r.bill_no \
              WHERE b.bill_no IS NULL OR b.amount_fen <> r.amount_fen",
    },
    Check {
        name: "pending_is_bill",
        promise: "what waits for release is the amount of its bill",
        sql: "SELECT p.account_id, p.bill_no FROM pending_bill p LEFT JOIN bill b \
              ON b.account_id = p.account_id AND b.bill_no = p.bill_no \
              WHERE b.bill_no IS NULL OR b.amount_fen <> p.amount_fen",
    },
    Check {
        name: "bill_numbers_have_no_gap",
        promise: "the bills of an account are numbered without a gap, and its state knows the next number",
        sql: "SELECT COALESCE(b.account_id, s.account_id), COALESCE(b.last, 0) FROM (SELECT account_id, COUNT(*) AS bills, \
                MAX(bill_no) AS last FROM bill GROUP BY account_id) b \
              FULL JOIN billing_state s ON s.account_id = b.account_id WHERE b.bills <> b.last \
                OR COALESCE(s.next_bill_no, 0) <> COALESCE(b.last, 0) + 1",
    },
    Check {
        name: "periods_follow_each_other",
        promise: "metered bills of an account cover its days once: each begins where an earlier one ended",
        sql: "SELECT b.account_id, b.bill_no FROM bill b JOIN bill o ON o.account_id = b.account_id \
              AND o.bill_no <> b.bill_no AND o.from_on < b.to_on AND b.from_on < o.to_on \
              WHERE b.kind IN ('regular', 'provisional') AND o.kind IN ('regular', 'provisional') \
              AND NOT EXISTS (SELECT 1 FROM bill c WHERE c.account_id = b.account_id AND c.kind = 'cancellation' \
              AND (c.corrects_no = b.bill_no OR c.corrects_no = o.bill_no))",
    },
    Check {
        name: "one_current_reading",
        promise: "a meter has one current reading a day",
        sql: "SELECT account_id, installation_no FROM reading WHERE is_current = 1 \
              GROUP BY account_id, read_on, installation_no HAVING COUNT(*) > 1",
    },
    Check {
        name: "entries_balance",
        promise: "the postings of an entry sum to zero",
        sql: "SELECT account_id, entry_no FROM posting GROUP BY account_id, entry_no HAVING SUM(amount_fen) <> 0",
    },
    Check {
        name: "days_are_whole",
        promise: "a finished day has no open shard",
        sql: "SELECT s.run_on, s.shard_no FROM day_shard s JOIN day_run r ON r.run_on = s.run_on \
              WHERE r.state = 'done' AND s.state <> 'done'",
    },
    Check {
        name: "counts_add_up",
        promise: "what was due was done or parked",
        sql: "SELECT run_on, shard_no FROM day_shard WHERE state = 'done' AND due <> done + parked",
    },
];

/// Every invariant that SQL can tell, the columns' own included.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    [
        CHECKS,
        crate::ledger::CHECKS,
        crate::collections::CHECKS,
        crate::payments::CHECKS,
        crate::evidence::CHECKS,
        crate::notices::outbox::CHECKS,
        crate::legal::CHECKS,
        crate::disconnection::CHECKS,
        crate::notices::CHECKS,
        crate::service::CHECKS,
        crate::targets::CHECKS,
        crate::supervision::CHECKS,
        crate::outreach::CHECKS,
    ]
    .into_iter()
    .flatten()
}

/// Runs one check.
///
/// # Errors
/// The database's.
pub fn run(conn: &mut Conn, check: &Check) -> Result<Finding, StoreError> {
    let mut finding = Finding { name: check.name, broken: 0, sample: Vec::new() };
    conn.for_each(check.sql, &[], |row| {
        finding.broken += 1;
        if finding.sample.len() < SAMPLE {
            finding.sample.push((row.int(0)?, row.int(1)?));
        }
        Ok::<_, StoreError>(())
    })?;
    Ok(finding)
}

/// A table of money facts: whole numbers and texts that are compared between databases. What depends on the machine or
/// the moment (`recorded_at`) is not among them.
struct Facts {
    table: &'static str,
    numbers: &'static str,
    texts: &'static str,
    order: &'static str,
}

const FACTS: &[Facts] = &[
    Facts {
        table: "bill",
        numbers: "account_id, bill_no, month, from_on, to_on, calculated_on, active, amount_fen, funds_fen, rule_set_id, \
                  corrects_no",
        texts: "kind, category, facts, prepared_by, reason",
        order: "account_id, bill_no",
    },
    Facts {
        table: "bill_line",
        numbers: "account_id, bill_no, line_no, tier, quantity, price, amount_fen",
        texts: "item, band, unit, share",
        order: "account_id, bill_no, line_no",
    },
    Facts {
        table: "pending_bill",
        numbers: "account_id, bill_no, calculated_on, amount_fen, decided_on",
        texts: "state, codes, decided_by, reason",
        order: "account_id, bill_no",
    },
    Facts {
        table: "receivable",
        numbers: "account_id, bill_no, month, amount_fen, open_fen, released_on, due_on, settled_on",
        texts: "category, released_by",
        order: "account_id, bill_no",
    },
    Facts {
        table: "late_fee",
        numbers: "account_id, bill_no, booked_fen, open_fen, waived_fen, booked_to",
        texts: "",
        order: "account_id, bill_no",
    },
    Facts {
        table: "entry",
        numbers: "account_id, entry_no, business_on",
        texts: "kind, subject, made_by",
        order: "account_id, entry_no",
    },
    Facts {
        table: "posting",
        numbers: "account_id, entry_no, line_no, amount_fen",
        texts: "gl",
        order: "account_id, entry_no, line_no",
    },
    Facts {
        table: "balance",
        numbers: "account_id, next_entry_no, receivable_fen, late_fee_fen, prepaid_fen",
        texts: "",
        order: "account_id",
    },
    Facts {
        table: "payment",
        numbers: "account_id, payment_no, amount_fen, unused_fen, paid_on, posted_on, reverses_no, reversed_on",
        texts: "channel, external_id, received_by, receipt_no",
        order: "account_id, payment_no",
    },
    Facts {
        table: "allocation",
        numbers: "account_id, allocation_no, payment_no, bill_no, amount_fen, effective_on, allocated_on",
        texts: "kind",
        order: "account_id, allocation_no",
    },
    Facts {
        table: "waiver",
        numbers: "account_id, waiver_no, bill_no, amount_fen, approved_on",
        texts: "reason, asked_by, approved_by",
        order: "account_id, waiver_no",
    },
    Facts {
        table: "refund",
        numbers: "account_id, refund_no, amount_fen, paid_on",
        texts: "channel, reason, asked_by, approved_by",
        order: "account_id, refund_no",
    },
    Facts {
        table: "bank_line",
        numbers: "line_no, amount_fen, value_on, account_id, payment_no, resolved_on",
        texts: "file_id, external_id, account_no, payer, state, resolved_by",
        order: "file_id, line_no",
    },
];

/// 账册摘要: a hash of every money fact, equal for equal books on either engine.
///
/// # Errors
/// The database's.
pub fn books_digest(conn: &mut Conn) -> Result<String, StoreError> {
    let mut hash = Sha256::new();
    for facts in FACTS {
        let numbers = facts.numbers.split(',').count();
        let texts = if facts.texts.is_empty() { 0 } else { facts.texts.split(',').count() };
        let comma = if texts == 0 { "" } else { ", " };
        let sql = format!(
            "SELECT {}{comma}{} FROM {} ORDER BY {}",
            facts.numbers, facts.texts, facts.table, facts.order
        );
        hash.update(facts.table);
        let mut line = String::new();
        conn.for_each(&sql, &[], |row| {
            line.clear();
            write_row(&mut line, row, numbers, texts)?;
            hash.update(line.as_bytes());
            Ok::<_, StoreError>(())
        })?;
    }
    Ok(hash.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

/// One row as text in which no value can be taken for another.
fn write_row(line: &mut String, row: &Row<'_>, numbers: usize, texts: usize) -> Result<(), StoreError> {
    for column in 0..numbers {
        match row.int_or_null(column)? {
            Some(value) => {
                let _ = write!(line, "{value}|");
            }
            None => line.push_str("-|"),
        }
    }
    for column in numbers..numbers + texts {
        match row.text_or_null(column)? {
            Some(text) => {
                let _ = write!(line, "{}:{text}|", text.len());
            }
            None => line.push_str("-|"),
        }
    }
    line.push('\n');
    Ok(())
}
