//! 总账: entries, postings and the balances kept beside them (foundation `ledger`).
//!
//! Entries are numbered per account, so the books are equal whatever the order of work; account 0 carries what belongs
//! to no customer. [`lock`] takes the account's row on both engines, so two writers of one account stand in line.

use crate::day::Range;
use crate::db::{Conn, Engine, Row, StoreError, Table};
use denghuo_rules::ledger::{Entry, EntryKind, LedgerAccount};
use denghuo_rules::units::Money;
use jiff::civil::Date;

mod reports;
mod verify;

pub use reports::{AccountLine, TrialLine, account_lines, trial_balance};
pub use verify::CHECKS;

/// The account of what belongs to no customer.
pub const COMPANY: i64 = 0;

/// 账户余额: the totals of one account and the number of its next entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// The account.
    pub account_id: i64,
    /// Number of the next entry; the first is 1.
    pub next_entry_no: i64,
    /// 应收电费 unpaid.
    pub receivable: Money,
    /// 应收违约金 booked and unpaid.
    pub late_fee: Money,
    /// 预收电费: what the customer has paid ahead; positive.
    pub prepaid: Money,
}

impl Balance {
    /// The balance of an account without entries.
    #[must_use]
    pub fn new(account_id: i64) -> Self {
        Self { account_id, next_entry_no: 1, ..Self::default() }
    }

    /// Counts an entry in and gives it its number.
    pub fn count(&mut self, entry: &Entry) -> i64 {
        for posting in entry.postings() {
            match posting.account {
                LedgerAccount::Receivable => self.receivable += posting.amount,
                LedgerAccount::LateFeeReceivable => self.late_fee += posting.amount,
                LedgerAccount::Prepayment => self.prepaid -= posting.amount,
                _ => {}
            }
        }
        self.next_entry_no += 1;
        self.next_entry_no - 1
    }

    pub(crate) fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            account_id: row.int(0)?,
            next_entry_no: row.int(1)?,
            receivable: row.money(2)?,
            late_fee: row.money(3)?,
            prepaid: row.money(4)?,
        })
    }
}

/// A numbered entry ready to be written.
#[derive(Clone, Debug)]
pub struct EntryRow {
    /// The account.
    pub account_id: i64,
    /// Its number, from [`Balance::count`].
    pub entry_no: i64,
    /// The entry.
    pub entry: Entry,
    /// What it is about, such as `bill:12`.
    pub subject: String,
    /// Staff code, or the part of the program.
    pub made_by: String,
}

const ENTRY: Table = Table {
    name: "entry",
    columns: &["account_id", "entry_no", "kind", "business_on", "recorded_at", "subject", "made_by"],
    key: &["account_id", "entry_no"],
};
const POSTING: Table = Table {
    name: "posting",
    columns: &["account_id", "entry_no", "line_no", "gl", "amount_fen"],
    key: &["account_id", "entry_no", "line_no"],
};
const BALANCE: Table = Table {
    name: "balance",
    columns: &["account_id", "next_entry_no", "receivable_fen", "late_fee_fen", "prepaid_fen"],
    key: &["account_id"],
};

/// The balance of an account, its row locked until the end of the transaction.
///
/// # Errors
/// The database's.
pub fn lock(conn: &mut Conn, account_id: i64) -> Result<Balance, StoreError> {
    let take = "UPDATE balance SET next_entry_no = next_entry_no WHERE account_id = $1 \
                RETURNING account_id, next_entry_no, receivable_fen, late_fee_fen, prepaid_fen";
    if let Some(balance) = conn.query_first(take, &[account_id.into()], Balance::read)? {
        return Ok(balance);
    }
    conn.execute(
        "INSERT INTO balance (account_id, next_entry_no, receivable_fen, late_fee_fen, prepaid_fen) \
         VALUES ($1, 1, 0, 0, 0) ON CONFLICT (account_id) DO NOTHING",
        &[account_id.into()],
    )?;
    Ok(conn
        .query_first(take, &[account_id.into()], Balance::read)?
        .unwrap_or_else(|| Balance::new(account_id)))
}

/// The balance of an account; zero when it has no entries.
///
/// # Errors
/// The database's.
pub fn balance(conn: &mut Conn, account_id: i64) -> Result<Balance, StoreError> {
    let sql = "SELECT account_id, next_entry_no, receivable_fen, late_fee_fen, prepaid_fen FROM balance \
               WHERE account_id = $1";
    Ok(conn
        .query_first(sql, &[account_id.into()], Balance::read)?
        .unwrap_or_else(|| Balance::new(account_id)))
}

const BALANCES: &str = "SELECT account_id, next_entry_no, receivable_fen, late_fee_fen, prepaid_fen FROM balance \
    WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id";

/// The balances of a range of accounts that have one, in order.
///
/// # Errors
/// The database's.
pub fn balances(conn: &mut Conn, range: Range) -> Result<Vec<Balance>, StoreError> {
    conn.query(BALANCES, &[range.from.into(), range.to.into()], Balance::read)
}

/// Like [`balances`], their rows locked until the end of the transaction. The embedded database has one writer, whose
/// transaction is the lock.
///
/// # Errors
/// The database's.
pub fn lock_range(conn: &mut Conn, range: Range) -> Result<Vec<Balance>, StoreError> {
    if conn.engine() == Engine::Sqlite {
        return balances(conn, range);
    }
    let sql = format!("{BALANCES} FOR UPDATE");
    conn.query(&sql, &[range.from.into(), range.to.into()], Balance::read)
}

/// Writes entries with their postings.
///
/// # Errors
/// The database's; an entry number that is taken is a duplicate.
pub fn write_entries(conn: &mut Conn, rows: &[EntryRow], recorded_at: i64) -> Result<(), StoreError> {
    conn.bulk(&ENTRY, rows, |row, out| {
        out.put(row.account_id)
            .put(row.entry_no)
            .put(row.entry.kind().word())
            .put(row.entry.business_date())
            .put(recorded_at)
            .put(&row.subject)
            .put(&row.made_by);
    })?;
    let postings: Vec<_> = rows
        .iter()
        .flat_map(|row| {
            row.entry.postings().iter().zip(1_i64..).map(move |(posting, line)| (row, line, posting))
        })
        .collect();
    conn.bulk(&POSTING, &postings, |(row, line, posting), out| {
        out.put(row.account_id).put(row.entry_no).put(*line).put(posting.account.word()).put(posting.amount);
    })
}

/// The entries of a range of accounts with their postings, in order.
///
/// # Errors
/// The database's, or an entry that does not balance.
pub fn entries_of(conn: &mut Conn, range: Range) -> Result<Vec<EntryRow>, StoreError> {
    let bounds = [range.from.into(), range.to.into()];
    let postings = conn.query(
        "SELECT account_id, entry_no, gl, amount_fen FROM posting WHERE account_id BETWEEN $1 AND $2 \
         ORDER BY account_id, entry_no, line_no",
        &bounds,
        |row| Ok(((row.int(0)?, row.int(1)?), (ledger_account(row, 2)?, row.money(3)?))),
    )?;
    let mut postings = postings.into_iter().peekable();
    conn.query(
        "SELECT account_id, entry_no, kind, business_on, subject, made_by FROM entry \
         WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id, entry_no",
        &bounds,
        |row| {
            let id = (row.int(0)?, row.int(1)?);
            let lines: Vec<_> =
                std::iter::from_fn(|| postings.next_if(|(of, _)| *of == id)).map(|(_, line)| line).collect();
            let entry = Entry::new(kind(row, 2)?, row.date(3)?, lines)
                .map_err(|_| StoreError::Corrupt(format!("entry {}/{} does not balance", id.0, id.1)))?;
            Ok(EntryRow {
                account_id: id.0,
                entry_no: id.1,
                entry,
                subject: row.text(4)?,
                made_by: row.text(5)?,
            })
        },
    )
}

/// Keeps the balances of accounts whose entries were written.
///
/// # Errors
/// The database's.
pub fn save_balances(conn: &mut Conn, balances: &[Balance]) -> Result<(), StoreError> {
    conn.bulk_upsert(&BALANCE, balances, |balance, out| {
        out.put(balance.account_id)
            .put(balance.next_entry_no)
            .put(balance.receivable)
            .put(balance.late_fee)
            .put(balance.prepaid);
    })
}

/// Reads a kind of entry as the database keeps it.
fn kind(row: &Row<'_>, column: usize) -> Result<EntryKind, StoreError> {
    let word = row.str(column)?;
    EntryKind::from_word(word).ok_or_else(|| StoreError::Corrupt(format!("`{word}` is no kind of entry")))
}

/// Reads a ledger account as the database keeps it.
fn ledger_account(row: &Row<'_>, column: usize) -> Result<LedgerAccount, StoreError> {
    let word = row.str(column)?;
    LedgerAccount::from_word(word)
        .ok_or_else(|| StoreError::Corrupt(format!("`{word}` is no ledger account")))
}

/// The last day on which something was posted; `None` in empty books.
///
/// # Errors
/// The database's.
pub fn last_posting_day(conn: &mut Conn) -> Result<Option<Date>, StoreError> {
    let day = conn.query_int("SELECT MAX(business_on) FROM entry", &[])?;
    Ok(crate::db::date_from_int(day))
}
