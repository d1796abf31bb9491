//! 联系方式维护: a new number or address counts only after the code that was sent there was entered.

use super::CustomerRefusal;
use super::codes::{channel_of, customer_rule, entered, make};
use crate::access::secret;
use crate::error::OfficeError;
use crate::registry::{CheckResult, NewContact, contact_add, contact_checked, contact_fits};
use crate::work::Work;
use denghuo_rules::registry::ContactKind;
use denghuo_store::day::Range;
use denghuo_store::{Conn, registry};
use jiff::civil::Date;

fn fits(kind: ContactKind, value: &str) -> Result<(), OfficeError> {
    if channel_of(kind.word()).is_some() && value.chars().count() <= 200 && contact_fits(kind, value) {
        return Ok(());
    }
    Err(OfficeError::refuse(CustomerRefusal::BadContact))
}

fn purpose(kind: ContactKind) -> String {
    format!("contact:{}", kind.word())
}

/// Sends a code to a new number or address of an account; gives for how many minutes it is good.
///
/// # Errors
/// A [`CustomerRefusal`], a missing rule, or the database's.
pub fn contact_code(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    (kind, value): (ContactKind, &str),
    on: Date,
) -> Result<i64, OfficeError> {
    let value = value.trim();
    fits(kind, value)?;
    let rule = customer_rule(work, on)?;
    let code = secret::code();
    let hash = secret::hash(&code);
    let key = (account_id, purpose(kind));
    let is_queued =
        conn.write(|conn| make(conn, work, (key.0, &key.1), (kind.word(), value), (&rule, &code, &hash)))?;
    if is_queued { Ok(rule.code_minutes) } else { Err(OfficeError::refuse(CustomerRefusal::TooManyCodes)) }
}

/// What became of a contact that was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proved {
    /// Its number.
    pub contact_no: i64,
    /// The contact that ended for it. An address that the contract names for service does not end this way: the new one stands beside it.
    pub replaces: Option<i64>,
}

/// Enters the code that was sent to a new number or address. A wrong entry is counted, and kept.
///
/// # Errors
/// A [`CustomerRefusal`], a missing rule, or the database's.
pub fn contact_prove(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    (kind, value, code): (ContactKind, &str, &str),
    on: Date,
) -> Result<Result<Proved, CustomerRefusal>, OfficeError> {
    let value = value.trim();
    fits(kind, value)?;
    let rule = customer_rule(work, on)?;
    let row = entered(conn, work, (Some(account_id), &purpose(kind)), code, &rule)?;
    if row.is_none_or(|row| row.address != value) {
        return Ok(Err(CustomerRefusal::WrongCode));
    }
    let source = "customer:code";
    conn.write(|conn| {
        let known = registry::known_contacts(conn, Range { from: account_id, to: account_id })?;
        let same_kind = || known.iter().filter(|contact| contact.kind == kind.word());
        if let Some(there) = same_kind().find(|contact| contact.value == value) {
            let verified = CheckResult::Verified(source.to_owned());
            let key = (account_id, there.contact_no);
            contact_checked(conn, work, key, &verified, (on, source))?;
            return Ok(Ok(Proved { contact_no: there.contact_no, replaces: None }));
        }
        let old = same_kind().find(|contact| contact.designated_by.is_none());
        if let Some(old) = old {
            let result = CheckResult::Replaced(value.to_owned());
            let contact_no =
                contact_checked(conn, work, (account_id, old.contact_no), &result, (on, source))?;
            return Ok(Ok(Proved { contact_no, replaces: Some(old.contact_no) }));
        }
        let new = NewContact {
            kind,
            value: value.to_owned(),
            // The first of an account is the preferred one.
            preferred: !known.iter().any(|contact| contact.preferred),
            consent: true,
            verified_how: Some(source.to_owned()),
        };
        let contact_no = contact_add(conn, work, account_id, &new, (on, source))?;
        Ok(Ok(Proved { contact_no, replaces: None }))
    })
}
