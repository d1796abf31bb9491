//! A further contact of an account, told by the customer.

use super::{ContactRefusal, note};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::notices::check::ContactEventKind;
use denghuo_rules::registry::ContactKind;
use denghuo_store::day::Range;
use denghuo_store::registry as store;
use denghuo_store::{Conn, ledger};
use jiff::civil::Date;

/// 新联系方式
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewContact {
    /// What it is.
    pub kind: ContactKind,
    /// Number or address.
    pub value: String,
    /// 首选
    pub preferred: bool,
    /// 同意接收通知
    pub consent: bool,
    /// How it was made sure of, such as `counter`; none when nobody has.
    pub verified_how: Option<String>,
}

/// Adds a contact; gives its number. A preferred one takes the place of the one that was preferred.
///
/// # Errors
/// A value that does not suit its kind or stands there already; the database's.
pub fn contact_add(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    new: &NewContact,
    (on, source): (Date, &str),
) -> Result<i64, OfficeError> {
    work.check_date(on)?;
    let value = new.value.trim();
    if !super::super::kinds::contact_value_fits(new.kind, value) {
        return Err(OfficeError::refuse(ContactRefusal::BadValue(value.to_owned())));
    }
    conn.write(|conn| {
        ledger::lock(conn, account_id)?;
        let there = store::known_contacts(conn, Range { from: account_id, to: account_id })?;
        if there.iter().any(|contact| contact.kind == new.kind.word() && contact.value == value) {
            return Err(OfficeError::refuse(ContactRefusal::SameValue(value.to_owned())));
        }
        for mut other in there.into_iter().filter(|other| new.preferred && other.preferred) {
            other.preferred = false;
            store::save_contact(conn, &other)?;
        }
        let numbers = store::last_numbers(conn, store::Numbered::Contact, &[account_id])?;
        let contact_no = numbers.get(&account_id).copied().unwrap_or(0) + 1;
        let row = store::Contact {
            account_id,
            contact_no,
            kind: new.kind.word().to_owned(),
            value: value.to_owned(),
            preferred: new.preferred,
            verified_on: new.verified_how.is_some().then_some(on),
            verified_how: new.verified_how.clone(),
            consent: new.consent,
            until_on: None,
        };
        store::insert_contacts(conn, std::slice::from_ref(&row))?;
        let kind = match (&row.verified_how, row.consent) {
            (Some(_), _) => Some(ContactEventKind::Verified),
            (None, true) => Some(ContactEventKind::Consented),
            (None, false) => None,
        };
        if let (Some(kind), Some(made)) = (kind, store::known_contact(conn, account_id, contact_no)?) {
            note(conn, &made, kind, (on, source, row.verified_how.as_deref(), &work.by))?;
        }
        Ok(contact_no)
    })
}
