//! 证据 (foundation `evidence`): the chain of each account, its files by their digest, and the anchors over all chains.
//! Rows are only ever added.

use crate::day::Range;
use crate::db::{Conn, Row, StoreError, Table};
use denghuo_rules::evidence::Record;
use jiff::civil::Date;

mod facts;
mod verify;

pub use facts::{Concerned, FACTS, concerned, facts_of};
pub use verify::CHECKS;

const EVIDENCE: Table = Table {
    name: "evidence",
    columns: &[
        "account_id",
        "evidence_no",
        "subject",
        "kind",
        "strength",
        "happened_at",
        "place",
        "made_by",
        "signer",
        "signer_role",
        "witness",
        "address",
        "designated_on",
        "reference",
        "outcome",
        "paper_named",
        "notarised",
        "note",
        "retention",
        "rules",
        "file_hash",
        "file_name",
        "media_type",
        "recorded_at",
        "recorded_by",
        "previous_hash",
        "hash",
    ],
    key: &["account_id", "evidence_no"],
};
const UNANCHORED: Table =
    Table { name: "evidence_unanchored", columns: &["account_id", "evidence_no"], key: &["account_id"] };
const ANCHOR_CHAIN: Table = Table {
    name: "evidence_anchor_chain",
    columns: &["account_id", "anchored_on", "evidence_no", "hash"],
    key: &["account_id", "anchored_on"],
};

const COLUMNS: &str = "account_id, evidence_no, subject, kind, strength, happened_at, place, made_by, signer, signer_role, \
    witness, address, designated_on, reference, outcome, paper_named, notarised, note, retention, rules, file_hash, \
    file_name, media_type, recorded_at, recorded_by, previous_hash, hash";

fn read(row: &Row<'_>) -> Result<Record, StoreError> {
    Ok(Record {
        account_id: row.int(0)?,
        evidence_no: row.int(1)?,
        subject: row.text(2)?,
        kind: row.text(3)?,
        strength: row.text(4)?,
        happened_at: row.int(5)?,
        place: row.text_or_null(6)?,
        made_by: row.text(7)?,
        signer: row.text_or_null(8)?,
        signer_role: row.text_or_null(9)?,
        witness: row.text_or_null(10)?,
        address: row.text_or_null(11)?,
        designated_on: row.int_or_null(12)?,
        reference: row.text_or_null(13)?,
        outcome: row.text_or_null(14)?,
        paper_named: row.int(15)?,
        notarised: row.int(16)?,
        note: row.text_or_null(17)?,
        retention: row.text(18)?,
        rules: row.text(19)?,
        file_hash: row.text_or_null(20)?,
        file_name: row.text_or_null(21)?,
        media_type: row.text_or_null(22)?,
        recorded_at: row.int(23)?,
        recorded_by: row.text(24)?,
        previous_hash: row.text(25)?,
        hash: row.text(26)?,
    })
}

/// Adds links in their order; the chains wait for the next anchor. The account's books are locked by the caller.
///
/// # Errors
/// The database's; a number that is taken is a duplicate.
pub fn insert_evidence(conn: &mut Conn, rows: &[Record]) -> Result<(), StoreError> {
    conn.bulk(&EVIDENCE, rows, |row, out| {
        out.put(row.account_id).put(row.evidence_no).put(&row.subject).put(&row.kind).put(&row.strength);
        out.put(row.happened_at).put(row.place.as_deref()).put(&row.made_by).put(row.signer.as_deref());
        out.put(row.signer_role.as_deref()).put(row.witness.as_deref()).put(row.address.as_deref());
        out.put(row.designated_on).put(row.reference.as_deref()).put(row.outcome.as_deref());
        out.put(row.paper_named)
            .put(row.notarised)
            .put(row.note.as_deref())
            .put(&row.retention)
            .put(&row.rules);
        out.put(row.file_hash.as_deref()).put(row.file_name.as_deref()).put(row.media_type.as_deref());
        out.put(row.recorded_at).put(&row.recorded_by).put(&row.previous_hash).put(&row.hash);
    })?;
    let mut heads: Vec<(i64, i64)> = rows.iter().map(|row| (row.account_id, row.evidence_no)).collect();
    heads.sort_unstable();
    // The last number of each account.
    heads.reverse();
    heads.dedup_by_key(|head| head.0);
    conn.bulk_upsert(&UNANCHORED, &heads, |(account_id, evidence_no), out| {
        out.put(*account_id).put(*evidence_no);
    })
}

/// The last link of an account's chain.
///
/// # Errors
/// The database's.
pub fn last_link(conn: &mut Conn, account_id: i64) -> Result<Option<Record>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM evidence WHERE account_id = $1 ORDER BY evidence_no DESC LIMIT 1");
    conn.query_first(&sql, &[account_id.into()], read)
}

/// One link.
///
/// # Errors
/// The database's.
pub fn link(conn: &mut Conn, account_id: i64, evidence_no: i64) -> Result<Option<Record>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM evidence WHERE account_id = $1 AND evidence_no = $2");
    conn.query_first(&sql, &[account_id.into(), evidence_no.into()], read)
}

/// The links of an account about a subject, in order.
///
/// # Errors
/// The database's.
pub fn about(conn: &mut Conn, account_id: i64, subject: &str) -> Result<Vec<Record>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM evidence WHERE account_id = $1 AND subject = $2 ORDER BY evidence_no");
    conn.query(&sql, &[account_id.into(), subject.into()], read)
}

/// The chains of a range of accounts, in order.
///
/// # Errors
/// The database's.
pub fn chains(conn: &mut Conn, range: Range) -> Result<Vec<Record>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM evidence WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id, evidence_no"
    );
    conn.query(&sql, &[range.from.into(), range.to.into()], read)
}

/// Gives every link of the database to `each`, in order of account and number.
///
/// # Errors
/// The database's, or the first of `each`.
pub fn each_link<E: From<StoreError>>(
    conn: &mut Conn,
    mut each: impl FnMut(Record) -> Result<(), E>,
) -> Result<(), E> {
    let sql = format!("SELECT {COLUMNS} FROM evidence ORDER BY account_id, evidence_no");
    conn.for_each(&sql, &[], |row| each(read(row)?))
}

/// Is the account that of a person (or of an organisation)? Nothing when there is no such account.
///
/// # Errors
/// The database's.
pub fn customer_kind(conn: &mut Conn, account_id: i64) -> Result<Option<String>, StoreError> {
    conn.query_first(
        "SELECT c.kind FROM account a JOIN customer c ON c.customer_id = a.customer_id WHERE a.account_id = $1",
        &[account_id.into()],
        |row| row.text(0),
    )
}

/// Keeps a file under its digest; a file that is there is not kept twice.
///
/// # Errors
/// The database's.
pub fn keep_file(conn: &mut Conn, account_id: i64, file_hash: &str, bytes: &[u8]) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO evidence_file (account_id, file_hash, bytes) VALUES ($1, $2, $3) \
         ON CONFLICT (account_id, file_hash) DO NOTHING",
        &[account_id.into(), file_hash.into(), bytes.into()],
    )?;
    Ok(())
}

/// A file by its digest.
///
/// # Errors
/// The database's.
pub fn file(conn: &mut Conn, account_id: i64, file_hash: &str) -> Result<Option<Vec<u8>>, StoreError> {
    conn.query_first(
        "SELECT bytes FROM evidence_file WHERE account_id = $1 AND file_hash = $2",
        &[account_id.into(), file_hash.into()],
        |row| Ok(row.blob(0)?.to_vec()),
    )
}

/// Gives every file of the database to `each`: account, digest, bytes.
///
/// # Errors
/// The database's, or the first of `each`.
pub fn each_file<E: From<StoreError>>(
    conn: &mut Conn,
    mut each: impl FnMut(i64, &str, &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    conn.for_each(
        "SELECT account_id, file_hash, bytes FROM evidence_file ORDER BY account_id, file_hash",
        &[],
        |row| each(row.int(0)?, row.str(1)?, row.blob(2)?),
    )
}

/// 存证锚点
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnchorRow {
    /// Business day, `yyyymmdd`.
    pub anchored_on: i64,
    /// How many chains are under it.
    pub chains: i64,
    /// SHA-256 over the day, the anchor before and the chains.
    pub digest: String,
    /// Digest of the anchor before.
    pub previous: String,
}

/// The end of a chain: account, last number, last hash.
pub type Head = (i64, i64, String);

/// The chains that grew since they were last anchored, in order of the account.
///
/// # Errors
/// The database's.
pub fn unanchored(conn: &mut Conn) -> Result<Vec<Head>, StoreError> {
    conn.query(
        "SELECT u.account_id, u.evidence_no, e.hash FROM evidence_unanchored u JOIN evidence e \
         ON e.account_id = u.account_id AND e.evidence_no = u.evidence_no ORDER BY u.account_id",
        &[],
        |row| Ok((row.int(0)?, row.int(1)?, row.text(2)?)),
    )
}

/// Every anchor in order of its day.
///
/// # Errors
/// The database's.
pub fn anchors(conn: &mut Conn) -> Result<Vec<AnchorRow>, StoreError> {
    let sql = "SELECT anchored_on, chains, digest, previous FROM evidence_anchor ORDER BY anchored_on";
    conn.query(sql, &[], read_anchor)
}

/// The last anchor.
///
/// # Errors
/// The database's.
pub fn last_anchor(conn: &mut Conn) -> Result<Option<AnchorRow>, StoreError> {
    let sql =
        "SELECT anchored_on, chains, digest, previous FROM evidence_anchor ORDER BY anchored_on DESC LIMIT 1";
    conn.query_first(sql, &[], read_anchor)
}

fn read_anchor(row: &Row<'_>) -> Result<AnchorRow, StoreError> {
    Ok(AnchorRow {
        anchored_on: row.int(0)?,
        chains: row.int(1)?,
        digest: row.text(2)?,
        previous: row.text(3)?,
    })
}

/// The chains under an anchor, in order of the account.
///
/// # Errors
/// The database's.
pub fn anchor_heads(conn: &mut Conn, anchored_on: i64) -> Result<Vec<Head>, StoreError> {
    conn.query(
        "SELECT account_id, evidence_no, hash FROM evidence_anchor_chain WHERE anchored_on = $1 ORDER BY account_id",
        &[anchored_on.into()],
        |row| Ok((row.int(0)?, row.int(1)?, row.text(2)?)),
    )
}

/// The days on which a chain was anchored, in order: `(day, last number, last hash)`.
///
/// # Errors
/// The database's.
pub fn anchors_of(conn: &mut Conn, account_id: i64) -> Result<Vec<Head>, StoreError> {
    conn.query(
        "SELECT anchored_on, evidence_no, hash FROM evidence_anchor_chain WHERE account_id = $1 ORDER BY anchored_on",
        &[account_id.into()],
        |row| Ok((row.int(0)?, row.int(1)?, row.text(2)?)),
    )
}

/// Writes an anchor with its chains. A chain that has grown meanwhile goes on waiting.
///
/// # Errors
/// The database's; a day that has its anchor is a duplicate.
pub fn insert_anchor(conn: &mut Conn, anchor: &AnchorRow, heads: &[Head]) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO evidence_anchor (anchored_on, chains, digest, previous) VALUES ($1, $2, $3, $4)",
        &[
            anchor.anchored_on.into(),
            anchor.chains.into(),
            anchor.digest.as_str().into(),
            anchor.previous.as_str().into(),
        ],
    )?;
    conn.bulk(&ANCHOR_CHAIN, heads, |(account_id, evidence_no, hash), out| {
        out.put(*account_id).put(anchor.anchored_on).put(*evidence_no).put(hash);
    })?;
    conn.execute(
        "DELETE FROM evidence_unanchored WHERE EXISTS (SELECT 1 FROM evidence_anchor_chain c \
         WHERE c.account_id = evidence_unanchored.account_id AND c.anchored_on = $1 \
         AND c.evidence_no = evidence_unanchored.evidence_no)",
        &[anchor.anchored_on.into()],
    )?;
    Ok(())
}

/// Was the day anchored?
///
/// # Errors
/// The database's.
pub fn is_anchored(conn: &mut Conn, on: Date) -> Result<bool, StoreError> {
    let found =
        conn.query_int("SELECT COUNT(*) FROM evidence_anchor WHERE anchored_on = $1", &[on.into()])?;
    Ok(found > 0)
}
