//! 联系方式 kept fresh: verified, replaced, in trouble, designated by contract, agreed to, with their history.

mod add;

pub use add::{NewContact, contact_add};

use super::show::{Personal, mask};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::notices::channel::ContactTrouble;
use denghuo_rules::notices::check::ContactEventKind;
use denghuo_rules::refusal::Refuse;
use denghuo_rules::registry::ContactKind;
use denghuo_store::day::Range;
use denghuo_store::registry::{self as store, ContactEventRow, KnownContact};
use denghuo_store::tasks::{self, Resolution};
use denghuo_store::{Conn, ledger};
use jiff::civil::Date;
use serde::Serialize;

/// Kind of the task to call a contact.
pub const CALL: &str = "contact_call";
/// Kind of the task to go there.
pub const VISIT: &str = "contact_visit";

/// Why nothing was done with a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactRefusal {
    /// The account has no such contact, or it has ended.
    Unknown(i64),
    /// Only electronic addresses are designated for electronic service.
    NotElectronic(i64),
    /// The new value does not suit the kind of contact.
    BadValue(String),
    /// It stands there already.
    SameValue(String),
    /// No contract of the account has this number.
    NoContract(String),
}

impl Refuse for ContactRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "contact.unknown",
            Self::NotElectronic(_) => "contact.not_electronic",
            Self::BadValue(_) => "contact.bad_value",
            Self::SameValue(_) => "contact.same_value",
            Self::NoContract(_) => "contact.no_contract",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::Unknown(no) => {
                Bilingual::new(format!("没有联系方式{no}"), format!("there is no contact {no}"))
            }
            Self::NotElectronic(no) => Bilingual::new(
                format!("联系方式{no}不是电子地址,不能约定为电子送达地址"),
                format!("the contact {no} is no electronic address and cannot be designated"),
            ),
            Self::BadValue(value) => {
                Bilingual::new(format!("“{value}”格式不对"), format!("`{value}` is not of its form"))
            }
            Self::SameValue(value) => {
                Bilingual::new(format!("“{value}”已在册"), format!("`{value}` is there already"))
            }
            Self::NoContract(no) => {
                Bilingual::new(format!("该户没有合同{no}"), format!("the account has no contract {no}"))
            }
        }
    }
}

/// 核查结果: what came of a look at a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckResult {
    /// It is his; how it was made sure of.
    Verified(String),
    /// He has another one now.
    Replaced(String),
    /// Nobody answers there.
    Unreachable,
    /// It is no more.
    Ended,
}

/// Notes what happened to a contact, in the running transaction.
fn note(
    conn: &mut Conn,
    contact: &KnownContact,
    kind: ContactEventKind,
    (on, source, detail, by): (Date, &str, Option<&str>, &str),
) -> Result<(), OfficeError> {
    let event = ContactEventRow {
        account_id: contact.account_id,
        event_no: store::last_contact_event_no(conn, contact.account_id)? + 1,
        contact_no: contact.contact_no,
        kind: kind.word().to_owned(),
        happened_on: on,
        source: source.to_owned(),
        detail: detail.map(str::to_owned),
        noted_by: by.to_owned(),
    };
    Ok(store::insert_contact_events(conn, &[event])?)
}

fn standing(conn: &mut Conn, account_id: i64, contact_no: i64) -> Result<KnownContact, OfficeError> {
    ledger::lock(conn, account_id)?;
    store::known_contact(conn, account_id, contact_no)?
        .filter(|contact| contact.until_on.is_none())
        .ok_or_else(|| OfficeError::refuse(ContactRefusal::Unknown(contact_no)))
}

/// 约定电子送达地址: the contract names a contact as the address of electronic service.
///
/// # Errors
/// No such contact or contract, or no electronic address; the database's.
pub fn contact_designate(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, contact_no): (i64, i64),
    contract_no: &str,
    on: Date,
) -> Result<(), OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        let mut contact = standing(conn, account_id, contact_no)?;
        if !matches!(ContactKind::from_word(&contact.kind), Some(ContactKind::Mobile | ContactKind::Email)) {
            return Err(OfficeError::refuse(ContactRefusal::NotElectronic(contact_no)));
        }
        let contracts = store::contracts(conn, account_id, account_id)?;
        if !contracts.iter().any(|contract| contract.contract_no == contract_no) {
            return Err(OfficeError::refuse(ContactRefusal::NoContract(contract_no.to_owned())));
        }
        if contact.designated_by.as_deref() == Some(contract_no) {
            return Ok(());
        }
        contact.designated_on = Some(on);
        contact.designated_by = Some(contract_no.to_owned());
        store::save_contact(conn, &contact)?;
        let source = format!("contract:{contract_no}");
        note(conn, &contact, ContactEventKind::Designated, (on, &source, None, &work.by))
    })
}

/// 同意与撤回: the customer agrees to be told there, or takes it back. Taken back, the address is not the designated one
/// any more either.
///
/// # Errors
/// No such contact; the database's.
pub fn contact_consent(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, contact_no): (i64, i64),
    agrees: bool,
    (on, source): (Date, &str),
) -> Result<(), OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        let mut contact = standing(conn, account_id, contact_no)?;
        let kind = if agrees { ContactEventKind::Consented } else { ContactEventKind::Withdrawn };
        if contact.consent == agrees && (agrees || contact.designated_on.is_none()) {
            return Ok(());
        }
        contact.consent = agrees;
        if !agrees {
            (contact.designated_on, contact.designated_by) = (None, None);
        }
        store::save_contact(conn, &contact)?;
        note(conn, &contact, kind, (on, source, None, &work.by))
    })
}

/// 缴费回执: the customer wants a receipt of every payment at a contact, or wants none any more.
///
/// # Errors
/// No such contact; the database's.
pub fn contact_receipts(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, contact_no): (i64, i64),
    wanted: bool,
    (on, source): (Date, &str),
) -> Result<(), OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        let mut contact = standing(conn, account_id, contact_no)?;
        if contact.receipts == wanted {
            return Ok(());
        }
        contact.receipts = wanted;
        store::save_contact(conn, &contact)?;
        let kind = if wanted { ContactEventKind::Consented } else { ContactEventKind::Withdrawn };
        note(conn, &contact, kind, (on, source, Some("receipts"), &work.by))
    })
}

/// 核查结果登记: what came of a call or a visit; ends the work about it. Nobody reached by telephone makes a visit.
///
/// # Errors
/// No such contact, a new value that does not fit; the database's.
pub fn contact_checked(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, contact_no): (i64, i64),
    result: &CheckResult,
    (on, source): (Date, &str),
) -> Result<i64, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        let mut contact = standing(conn, account_id, contact_no)?;
        let (mut kind, mut detail, mut new_no) = (ContactEventKind::Verified, None, contact_no);
        match result {
            CheckResult::Verified(how) => {
                contact.verified_on = Some(on);
                contact.verified_how = Some(how.clone());
                (contact.trouble, contact.trouble_on) = (None, None);
                detail = Some(how.clone());
            }
            CheckResult::Replaced(value) => {
                new_no = replace(conn, work, &mut contact, value, on)?;
                (kind, detail) = (ContactEventKind::Replaced, Some(format!("contact:{new_no}")));
            }
            CheckResult::Unreachable => {
                contact.trouble = Some(ContactTrouble::Unreachable.word().to_owned());
                contact.trouble_on = contact.trouble_on.or(Some(on));
                kind = ContactEventKind::Unreachable;
            }
            CheckResult::Ended => {
                contact.until_on = Some(on);
                (contact.trouble, contact.trouble_on) = (None, None);
                kind = ContactEventKind::Withdrawn;
            }
        }
        store::save_contact(conn, &contact)?;
        note(conn, &contact, kind, (on, source, detail.as_deref(), &work.by))?;
        let (subject, word) = (format!("contact:{contact_no}"), kind.word());
        let done = Resolution { decision: word, by: &work.by, on, note: source };
        tasks::resolve(conn, (account_id, CALL, &subject), &done)?;
        if *result != CheckResult::Unreachable {
            tasks::resolve(conn, (account_id, VISIT, &subject), &done)?;
        }
        Ok(new_no)
    })
}

/// Is it a value of such a contact?
#[must_use]
pub fn contact_fits(kind: ContactKind, value: &str) -> bool {
    super::kinds::contact_value_fits(kind, value)
}

/// Ends a contact for a new one of the same kind; gives its number.
fn replace(
    conn: &mut Conn,
    work: &Work<'_>,
    old: &mut KnownContact,
    value: &str,
    on: Date,
) -> Result<i64, OfficeError> {
    let value = value.trim();
    let kind = ContactKind::from_word(&old.kind).unwrap_or(ContactKind::Address);
    if value == old.value {
        return Err(OfficeError::refuse(ContactRefusal::SameValue(value.to_owned())));
    }
    if !super::kinds::contact_value_fits(kind, value) {
        return Err(OfficeError::refuse(ContactRefusal::BadValue(value.to_owned())));
    }
    let numbers = store::last_numbers(conn, store::Numbered::Contact, &[old.account_id])?;
    let contact_no = numbers.get(&old.account_id).copied().unwrap_or(0) + 1;
    // Consent was given to be told, not to a number; the contract's address is a number.
    store::insert_contacts(
        conn,
        &[store::Contact {
            account_id: old.account_id,
            contact_no,
            kind: old.kind.clone(),
            value: value.to_owned(),
            preferred: old.preferred,
            verified_on: Some(on),
            verified_how: Some(format!("replaces:{}", old.contact_no)),
            consent: old.consent,
            until_on: None,
        }],
    )?;
    old.until_on = Some(on);
    (old.trouble, old.trouble_on) = (None, None);
    let made = KnownContact { contact_no, ..old.clone() };
    let source = format!("contact:{}", old.contact_no);
    note(conn, &made, ContactEventKind::Verified, (on, &source, None, &work.by))?;
    Ok(contact_no)
}

/// A message came back or was refused: the contact is not used until somebody has looked at it. In the running transaction.
///
/// # Errors
/// The database's.
pub fn contact_in_trouble(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, contact_no): (i64, i64),
    trouble: ContactTrouble,
    (on, source, detail): (Date, &str, Option<&str>),
) -> Result<(), OfficeError> {
    let Some(mut contact) = store::known_contact(conn, account_id, contact_no)? else { return Ok(()) };
    if contact.trouble.is_some() || contact.until_on.is_some() {
        return Ok(());
    }
    contact.trouble = Some(trouble.word().to_owned());
    contact.trouble_on = Some(on);
    store::save_contact(conn, &contact)?;
    let kind = match trouble {
        ContactTrouble::Bounced => ContactEventKind::Bounced,
        ContactTrouble::Refused => ContactEventKind::Refused,
        ContactTrouble::Unreachable => ContactEventKind::Unreachable,
    };
    note(conn, &contact, kind, (on, source, detail, &work.by))
}

/// Silent contacts are on the list of the month; noted so that they are not on the next one again. In the running
/// transaction.
///
/// # Errors
/// The database's.
pub fn contact_is_silent(
    conn: &mut Conn,
    work: &Work<'_>,
    contact: &KnownContact,
    on: Date,
) -> Result<(), OfficeError> {
    note(conn, contact, ContactEventKind::Silent, (on, "check", None, &work.by))
}

/// One contact as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ContactShown {
    /// Number within the account.
    pub contact_no: i64,
    /// A `ContactKind`.
    pub kind: String,
    /// Number or address, masked unless asked for in full.
    pub value: String,
    /// 首选
    pub preferred: bool,
    /// 同意接收通知
    pub consent: bool,
    /// 核实日期
    #[schemars(with = "Option<DateForm>")]
    pub verified_on: Option<Date>,
    /// 核实方式
    pub verified_how: Option<String>,
    /// 约定为电子送达地址之日
    #[schemars(with = "Option<DateForm>")]
    pub designated_on: Option<Date>,
    /// The contract that names it.
    pub designated_by: Option<String>,
    /// Why it is not used.
    pub trouble: Option<String>,
    /// Since when.
    #[schemars(with = "Option<DateForm>")]
    pub trouble_on: Option<Date>,
    /// The customer wants receipts there.
    pub receipts: bool,
    /// Last day; none while it stands.
    #[schemars(with = "Option<DateForm>")]
    pub until_on: Option<Date>,
    /// What happened to it, in order.
    pub events: Vec<EventShown>,
}

/// One event of a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct EventShown {
    /// Business day.
    #[schemars(with = "DateForm")]
    pub on: Date,
    /// A `ContactEventKind`.
    pub kind: String,
    /// Where it is known from.
    pub source: String,
    /// More about it.
    pub detail: Option<String>,
    /// Who noted it.
    pub by: String,
}

/// The contacts of an account with their history.
///
/// # Errors
/// The database's.
pub fn contacts_show(
    conn: &mut Conn,
    account_id: i64,
    unmask: bool,
) -> Result<Vec<ContactShown>, OfficeError> {
    let events = store::contact_events(conn, account_id)?;
    let contacts = store::known_contacts(conn, Range { from: account_id, to: account_id })?;
    Ok(contacts.into_iter().map(|contact| shown(contact, &events, unmask)).collect())
}

/// One contact of an account with its history, ended or not.
///
/// # Errors
/// The account has none of this number; the database's.
pub fn contact_show(conn: &mut Conn, account_id: i64, contact_no: i64) -> Result<ContactShown, OfficeError> {
    let contact = store::known_contact(conn, account_id, contact_no)?
        .ok_or_else(|| OfficeError::refuse(ContactRefusal::Unknown(contact_no)))?;
    let events = store::contact_events(conn, account_id)?;
    Ok(shown(contact, &events, false))
}

/// 失败清单: contacts in trouble, with their accounts.
///
/// # Errors
/// The database's.
pub fn contact_failures(conn: &mut Conn, unmask: bool) -> Result<Vec<(i64, ContactShown)>, OfficeError> {
    let contacts = store::contacts_in_trouble(conn)?;
    Ok(contacts.into_iter().map(|contact| (contact.account_id, shown(contact, &[], unmask))).collect())
}

fn shown(contact: KnownContact, events: &[ContactEventRow], unmask: bool) -> ContactShown {
    let mine = events.iter().filter(|event| event.contact_no == contact.contact_no);
    ContactShown {
        contact_no: contact.contact_no,
        value: if unmask { contact.value } else { mask(&contact.value, Personal::of(&contact.kind)) },
        kind: contact.kind,
        preferred: contact.preferred,
        consent: contact.consent,
        verified_on: contact.verified_on,
        verified_how: contact.verified_how,
        designated_on: contact.designated_on,
        designated_by: contact.designated_by,
        trouble: contact.trouble,
        trouble_on: contact.trouble_on,
        receipts: contact.receipts,
        until_on: contact.until_on,
        events: mine
            .map(|event| EventShown {
                on: event.happened_on,
                kind: event.kind.clone(),
                source: event.source.clone(),
                detail: event.detail.clone(),
                by: event.noted_by.clone(),
            })
            .collect(),
    }
}
