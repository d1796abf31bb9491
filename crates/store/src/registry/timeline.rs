//! 客户时间轴: everything that happened on an account, out of the tables of every column.

use crate::db::{Conn, Param, StoreError};
use denghuo_rules::units::{Energy, Money};
use jiff::civil::{Date, DateTime};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// The day.
    pub on: Date,
    /// The moment, where one is known.
    pub at: Option<DateTime>,
    /// What, such as `reading`, `bill_released`, `notice_served`, `payment`.
    pub what: String,
    /// Its number in its own table.
    pub no: i64,
    /// A number below that, such as the delivery of a notice; 0 when there is none.
    pub sub_no: i64,
    /// The bill that it belongs to; 0 for the account.
    pub bill_no: i64,
    /// Its kind or channel, a word of its own table.
    pub kind: String,
    /// How it stands, a word of its own table; empty where there is none.
    pub state: String,
    /// What was written beside it.
    pub note: String,
    /// An amount.
    pub amount: Option<Money>,
    /// An energy: what a meter showed, what a bill charges.
    pub energy: Option<Energy>,
}

/// Where the rows of an account come from: the head of a branch names the columns. A branch gives the day, the moment or 0,
/// its place within a day, what it is, two numbers, the bill, kind, state, note, amount, energy.
const BRANCHES: &[&str] = &[
    "SELECT read_on AS on_day, 0 AS moment, 1 AS place, 'reading' AS what, installation_no AS no, version AS sub_no, \
     0 AS bill_no, source AS kind, CASE WHEN is_current = 1 THEN 'current' ELSE 'replaced' END AS state, '' AS note, \
     CAST(NULL AS BIGINT) AS amount_fen, total AS energy FROM reading WHERE account_id = $1",
    "SELECT calculated_on, 0, 2, 'bill', bill_no, 0, bill_no, kind, '', COALESCE(reason, ''), amount_fen, active FROM bill \
     WHERE account_id = $1",
    "SELECT released_on, 0, 3, 'bill_released', bill_no, 0, bill_no, '', '', '', amount_fen, CAST(NULL AS BIGINT) \
     FROM receivable WHERE account_id = $1",
    "SELECT settled_on, 0, 20, 'bill_settled', bill_no, 0, bill_no, '', '', '', CAST(NULL AS BIGINT), \
     CAST(NULL AS BIGINT) FROM receivable WHERE account_id = $1 AND settled_on > 0",
    "SELECT decided_on, 0, 4, 'notice', notice_no, 0, bill_no, kind, state, COALESCE(ended_why, ''), amount_fen, \
     CAST(NULL AS BIGINT) FROM notice WHERE account_id = $1",
    "SELECT COALESCE(ended_at, sent_at) / 1000000, COALESCE(ended_at, sent_at), 5, 'delivery', notice_no, delivery_no, 0, \
     channel, state, COALESCE(detail, ''), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT) FROM delivery WHERE account_id = $1 \
     AND COALESCE(ended_at, sent_at) > 0",
    "SELECT served_at / 1000000, served_at, 6, 'notice_served', notice_no, 0, bill_no, kind, COALESCE(served_how, ''), '', \
     CAST(NULL AS BIGINT), CAST(NULL AS BIGINT) FROM notice WHERE account_id = $1 AND served_at > 0",
    "SELECT paid_on, 0, 7, CASE WHEN reverses_no IS NULL THEN 'payment' ELSE 'payment_taken_back' END, payment_no, 0, 0, \
     channel, '', received_by, amount_fen, CAST(NULL AS BIGINT) FROM payment WHERE account_id = $1",
    "SELECT paid_on, 0, 8, 'refund', refund_no, 0, 0, channel, '', reason, amount_fen, CAST(NULL AS BIGINT) FROM refund \
     WHERE account_id = $1",
    "SELECT approved_on, 0, 9, 'waiver', waiver_no, 0, bill_no, reason, '', approved_by, amount_fen, CAST(NULL AS BIGINT) \
     FROM waiver WHERE account_id = $1",
    "SELECT COALESCE(done_on, due_on), 0, 10, 'step', round, 0, bill_no, kind, state, COALESCE(why, ''), \
     CAST(NULL AS BIGINT), CAST(NULL AS BIGINT) FROM ladder_step WHERE account_id = $1",
    "SELECT from_on, 0, 11, 'hold', hold_no, 0, bill_no, kind, '', reason, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT) \
     FROM hold WHERE account_id = $1",
    "SELECT released_on, 0, 12, 'hold_released', hold_no, 0, bill_no, kind, '', COALESCE(release_reason, ''), \
     CAST(NULL AS BIGINT), CAST(NULL AS BIGINT) FROM hold WHERE account_id = $1 AND released_on > 0",
    "SELECT agreed_on, 0, 13, 'plan', plan_no, 0, 0, kind, '', bills, amount_fen, CAST(NULL AS BIGINT) FROM payment_plan \
     WHERE account_id = $1",
    "SELECT ended_on, 0, 14, 'plan_ended', plan_no, 0, 0, kind, state, COALESCE(ended_why, ''), CAST(NULL AS BIGINT), \
     CAST(NULL AS BIGINT) FROM payment_plan WHERE account_id = $1 AND ended_on > 0",
    "SELECT proposed_on, 0, 15, 'cut_case', case_no, 0, bill_no, '', state, reason, CAST(NULL AS BIGINT), \
     CAST(NULL AS BIGINT) FROM cut_case WHERE account_id = $1",
    "SELECT happened_on, 0, 16, 'cut_document', case_no, document_no, 0, kind, '', about, CAST(NULL AS BIGINT), \
     CAST(NULL AS BIGINT) FROM cut_document WHERE account_id = $1",
    "SELECT called_at / 1000000, called_at, 17, 'final_call', case_no, call_no, 0, outcome, '', called_by, \
     CAST(NULL AS BIGINT), CAST(NULL AS BIGINT) FROM final_call WHERE account_id = $1",
    "SELECT made_at / 1000000, made_at, 18, 'warrant', case_no, warrant_no, 0, '', state, COALESCE(ended_why, ''), \
     CAST(NULL AS BIGINT), CAST(NULL AS BIGINT) FROM warrant WHERE account_id = $1",
    "SELECT COALESCE(done_at, ordered_at) / 1000000, COALESCE(done_at, ordered_at), 19, 'operation', operation_no, case_no, \
     0, kind, state, COALESCE(detail, ''), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT) FROM operation WHERE account_id = $1",
    "SELECT happened_at / 1000000, happened_at, 21, 'evidence', evidence_no, 0, 0, kind, strength, subject, \
     CAST(NULL AS BIGINT), CAST(NULL AS BIGINT) FROM evidence WHERE account_id = $1",
    "SELECT happened_on, 0, 22, 'contact', event_no, contact_no, 0, kind, '', source, CAST(NULL AS BIGINT), \
     CAST(NULL AS BIGINT) FROM contact_event WHERE account_id = $1",
    "SELECT opened_on, 0, 23, 'legal_case', case_no, 0, 0, kind, state, COALESCE(outcome, ''), claim_fen, \
     CAST(NULL AS BIGINT) FROM legal_case WHERE account_id = $1",
    "SELECT happened_on, 0, 24, 'legal_step', case_no, step_no, 0, kind, '', note, CAST(NULL AS BIGINT), \
     CAST(NULL AS BIGINT) FROM legal_step WHERE account_id = $1",
    "SELECT effective_on, 0, 25, 'limitation_event', event_no, 0, bill_no, kind, '', note, CAST(NULL AS BIGINT), \
     CAST(NULL AS BIGINT) FROM limitation_event WHERE account_id = $1",
    "SELECT accepted_on, 0, 26, 'insolvency', insolvency_no, 0, 0, '', '', court, CAST(NULL AS BIGINT), \
     CAST(NULL AS BIGINT) FROM insolvency WHERE account_id = $1",
    "SELECT approved_on, 0, 27, 'write_off', write_off_no, 0, bill_no, ground, '', approved_by, amount_fen, \
     CAST(NULL AS BIGINT) FROM write_off WHERE account_id = $1",
    "SELECT accepted_at / 1000000, accepted_at, 28, 'ticket', ticket_no, 0, 0, request, state, topic, CAST(NULL AS BIGINT), \
     CAST(NULL AS BIGINT) FROM ticket WHERE account_id = $1",
    "SELECT happened_at / 1000000, happened_at, 29, 'ticket_step', ticket_no, event_no, 0, deed, COALESCE(satisfaction, ''), \
     said, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT) FROM ticket_event WHERE account_id = $1",
];

/// What happened on an account, the newest first.
///
/// # Errors
/// The database's.
pub fn happenings(conn: &mut Conn, account_id: i64) -> Result<Vec<Happening>, StoreError> {
    let sql = format!(
        "SELECT on_day, moment, what, no, sub_no, bill_no, kind, state, note, amount_fen, energy FROM ({}) t \
         ORDER BY on_day DESC, moment DESC, place DESC, bill_no DESC, no DESC, sub_no DESC, kind",
        BRANCHES.join(" UNION ALL ")
    );
    conn.query(&sql, &[Param::Int(account_id)], |row| {
        let moment = row.int(1)?;
        Ok(Happening {
            on: row.date(0)?,
            at: crate::db::moment_from_int(moment),
            what: row.text(2)?,
            no: row.int(3)?,
            sub_no: row.int(4)?,
            bill_no: row.int(5)?,
            kind: row.text(6)?,
            state: row.text(7)?,
            note: row.text(8)?,
            amount: row.int_or_null(9)?.map(Money),
            energy: row.int_or_null(10)?.map(Energy),
        })
    })
}
