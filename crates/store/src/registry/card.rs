//! 户卡: accounts with what hangs on them, for one account or a shard.

use super::rows::{Account, Contact, Contract, Customer, Installation, Terms};
use super::terms::{end, terms_in_force};
use crate::db::{Conn, Row, StoreError};
use jiff::civil::Date;

/// 户卡: an account with its customer, and the terms, contract and installations of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// 用电户
    pub account: Account,
    /// 客户
    pub customer: Customer,
    /// Terms in force on the day; none before the first version or after the last.
    pub terms: Option<Terms>,
    /// Contract in force on the day.
    pub contract: Option<Contract>,
    /// Meters that hang on the day.
    pub installations: Vec<Installation>,
}

const ACCOUNT: &str = "a.account_id, a.account_no, a.customer_id, a.org_id, a.route_id, a.district_id, a.estate_id, \
     a.address, a.importance, a.protection, a.opened_on, a.closed_on";

fn account(row: &Row<'_>) -> Result<Account, StoreError> {
    Ok(Account {
        account_id: row.int(0)?,
        account_no: row.text(1)?,
        customer_id: row.int(2)?,
        org_id: row.int(3)?,
        route_id: row.int(4)?,
        district_id: row.int_or_null(5)?,
        estate_id: row.int_or_null(6)?,
        address: row.text(7)?,
        importance: row.text(8)?,
        protection: row.text_or_null(9)?,
        opened_on: row.date(10)?,
        closed_on: end(row, 11)?,
    })
}

/// The accounts `from..=to`, closed ones too, in their order.
///
/// # Errors
/// The database's.
pub fn accounts(conn: &mut Conn, from: i64, to: i64) -> Result<Vec<Account>, StoreError> {
    let sql =
        format!("SELECT {ACCOUNT} FROM account a WHERE a.account_id BETWEEN $1 AND $2 ORDER BY a.account_id");
    conn.query(&sql, &[from.into(), to.into()], account)
}

/// The cards of the accounts `from..=to` on a day, in their order: four queries, however many accounts.
///
/// # Errors
/// The database's.
pub fn cards(conn: &mut Conn, from: i64, to: i64, on: Date) -> Result<Vec<Card>, StoreError> {
    let sql = format!(
        "SELECT {ACCOUNT}, c.code, c.name, c.kind, c.identity_no, c.industry FROM account a \
         JOIN customer c ON c.customer_id = a.customer_id WHERE a.account_id BETWEEN $1 AND $2 ORDER BY a.account_id"
    );
    let mut cards = conn.query(&sql, &[from.into(), to.into()], |row| {
        let account = account(row)?;
        let customer = Customer {
            customer_id: account.customer_id,
            code: row.text(12)?,
            name: row.text(13)?,
            kind: row.text(14)?,
            identity_no: row.text_or_null(15)?,
            industry: row.text_or_null(16)?,
        };
        Ok(Card { account, customer, terms: None, contract: None, installations: Vec::new() })
    })?;
    let terms = terms_in_force(conn, from, to, on)?;
    hang(&mut cards, terms, |t| t.account_id, |card, t| card.terms = Some(t));
    let contracts = contracts_in_force(conn, from, to, on)?;
    hang(&mut cards, contracts, |c| c.account_id, |card, c| card.contract = Some(c));
    let meters = installations_between(conn, from, to, on, on)?;
    hang(&mut cards, meters, |i| i.account_id, |card, i| card.installations.push(i));
    Ok(cards)
}

/// The card of one account on a day.
///
/// # Errors
/// The database's.
pub fn card(conn: &mut Conn, account_id: i64, on: Date) -> Result<Option<Card>, StoreError> {
    Ok(cards(conn, account_id, account_id, on)?.into_iter().next())
}

/// Hangs rows on their cards; both are in the order of the accounts.
fn hang<T>(cards: &mut [Card], rows: Vec<T>, of: impl Fn(&T) -> i64, mut put: impl FnMut(&mut Card, T)) {
    let mut at = 0;
    for row in rows {
        let account_id = of(&row);
        while at < cards.len() && cards[at].account.account_id < account_id {
            at += 1;
        }
        if at < cards.len() && cards[at].account.account_id == account_id {
            put(&mut cards[at], row);
        }
    }
}

const CONTRACT: &str = "account_id, from_on, until_on, contract_no, due_rule, late_fee_clause, late_fee_rate, \
     cross_year_mode, allocation, instalments, guarantee";

fn contract(row: &Row<'_>) -> Result<Contract, StoreError> {
    Ok(Contract {
        account_id: row.int(0)?,
        from_on: row.date(1)?,
        until_on: end(row, 2)?,
        contract_no: row.text(3)?,
        due_rule: row.text_or_null(4)?,
        late_fee_clause: row.truth(5)?,
        late_fee_rate: row.int_or_null(6)?.map(denghuo_rules::units::Ratio),
        cross_year_mode: row.text_or_null(7)?,
        allocation: row.text_or_null(8)?,
        instalments: row.text_or_null(9)?,
        guarantee: row.text_or_null(10)?,
    })
}

/// The contracts in force on a day of the accounts `from..=to`, in their order.
///
/// # Errors
/// The database's.
pub fn contracts_in_force(
    conn: &mut Conn,
    from: i64,
    to: i64,
    on: Date,
) -> Result<Vec<Contract>, StoreError> {
    let sql = format!(
        "SELECT {CONTRACT} FROM contract WHERE account_id BETWEEN $1 AND $2 AND from_on <= $3 AND until_on >= $3 \
         ORDER BY account_id"
    );
    conn.query(&sql, &[from.into(), to.into(), on.into()], contract)
}

/// Every contract of the accounts `from..=to`, by account and first day.
///
/// # Errors
/// The database's.
pub fn contracts(conn: &mut Conn, from: i64, to: i64) -> Result<Vec<Contract>, StoreError> {
    let sql = format!(
        "SELECT {CONTRACT} FROM contract WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id, from_on"
    );
    conn.query(&sql, &[from.into(), to.into()], contract)
}

const INSTALLATION: &str =
    "account_id, installation_no, point_no, meter_id, installed_on, removed_on, ct, pt, multiplier, digits";

fn installation(row: &Row<'_>) -> Result<Installation, StoreError> {
    Ok(Installation {
        account_id: row.int(0)?,
        installation_no: row.int(1)?,
        point_no: row.int(2)?,
        meter_id: row.int(3)?,
        installed_on: row.date(4)?,
        removed_on: end(row, 5)?,
        ct: row.text_or_null(6)?,
        pt: row.text_or_null(7)?,
        multiplier: row.ratio(8)?,
        digits: row.int(9)?,
    })
}

/// The installations of the accounts `from..=to` that hang at some time from the end of `first` to the end of `last`, by
/// account and number. A meter removed on `first` is not among them unless it was installed on that day too.
///
/// # Errors
/// The database's.
pub fn installations_between(
    conn: &mut Conn,
    from: i64,
    to: i64,
    first: Date,
    last: Date,
) -> Result<Vec<Installation>, StoreError> {
    let sql = format!(
        "SELECT {INSTALLATION} FROM installation WHERE account_id BETWEEN $1 AND $2 AND installed_on <= $4 \
         AND (removed_on > $3 OR (removed_on = $3 AND installed_on = $3)) ORDER BY account_id, installation_no"
    );
    conn.query(&sql, &[from.into(), to.into(), first.into(), last.into()], installation)
}

/// Every installation of the accounts `from..=to` with the number of its meter, by account and number.
///
/// # Errors
/// The database's.
pub fn installations(conn: &mut Conn, from: i64, to: i64) -> Result<Vec<(Installation, String)>, StoreError> {
    conn.query(
        "SELECT i.account_id, i.installation_no, i.point_no, i.meter_id, i.installed_on, i.removed_on, i.ct, i.pt, \
         i.multiplier, i.digits, m.meter_no FROM installation i JOIN meter m ON m.meter_id = i.meter_id \
         WHERE i.account_id BETWEEN $1 AND $2 ORDER BY i.account_id, i.installation_no",
        &[from.into(), to.into()],
        |row| Ok((installation(row)?, row.text(10)?)),
    )
}

/// Every contact of the accounts `from..=to`, by account and number.
///
/// # Errors
/// The database's.
pub fn contacts(conn: &mut Conn, from: i64, to: i64) -> Result<Vec<Contact>, StoreError> {
    conn.query(
        "SELECT account_id, contact_no, kind, value, preferred, verified_on, verified_how, consent, until_on \
         FROM contact WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id, contact_no",
        &[from.into(), to.into()],
        |row| {
            Ok(Contact {
                account_id: row.int(0)?,
                contact_no: row.int(1)?,
                kind: row.text(2)?,
                value: row.text(3)?,
                preferred: row.truth(4)?,
                verified_on: row.date_or_null(5)?,
                verified_how: row.text_or_null(6)?,
                consent: row.truth(7)?,
                until_on: end(row, 8)?,
            })
        },
    )
}

/// Every contact from the first to the last of these accounts.
///
/// # Errors
/// The database's.
pub fn contacts_of(conn: &mut Conn, account_ids: &[i64]) -> Result<Vec<Contact>, StoreError> {
    match super::codes::span(account_ids) {
        Some((from, to)) => contacts(conn, from, to),
        None => Ok(Vec::new()),
    }
}
