//! 联系方式

use super::super::intake::{Intake, Line, rows};
use super::Kind;
use crate::error::OfficeError;
use crate::import::{Column, Form, Format, Record, RowError};
use crate::word_form;
use denghuo_rules::registry::ContactKind;
use denghuo_store::registry::{self as store, Contact, Registered};
use std::collections::HashSet;

/// 联系方式
pub(in super::super) struct Contacts;

/// A contact and the number of its account.
pub(in super::super) struct ContactLine {
    contact: Contact,
    account_no: String,
}

/// Eleven digits that begin with 1, of a text that is a telephone number.
fn is_mobile(text: &str) -> bool {
    let digits: String = text.trim_start_matches("+86").chars().filter(char::is_ascii_digit).collect();
    digits.len() == 11 && digits.starts_with('1')
}

/// The form of the value of a contact.
const fn form_of(kind: ContactKind) -> Form {
    match kind {
        ContactKind::Mobile | ContactKind::Phone => Form::Phone,
        ContactKind::Email => Form::Email,
        ContactKind::Wechat | ContactKind::Address => Form::Text(200),
    }
}

/// Does a value suit the kind of contact?
pub(in super::super) fn value_fits(kind: ContactKind, value: &str) -> bool {
    !value.is_empty()
        && form_of(kind).read(value).is_ok()
        && (kind != ContactKind::Mobile || is_mobile(value))
}

impl Kind for Contacts {
    type Row = ContactLine;

    const FORMAT: Format = Format {
        kind: "contacts",
        zh: "联系方式",
        about_zh: "每行一个联系方式。",
        about_en: "One way to reach the customer of an account per row.",
        columns: &[
            Column::required("account_no", "户号", Form::Ref("accounts"), "3700000001"),
            Column::required("kind", "联系方式类型", word_form!(ContactKind), "手机"),
            Column::required("value", "号码或地址", Form::Text(200), "13800000000"),
            Column::optional("preferred", "首选", Form::Flag, "是"),
            Column::optional("verified_on", "核实日期", Form::Date, ""),
            Column::optional("verified_how", "核实方式", Form::Text(60), ""),
            Column::optional("consent", "同意接收通知", Form::Flag, "是"),
        ],
    };

    fn row(record: &Record<'_>) -> Result<ContactLine, RowError> {
        let kind = record.word("kind", ContactKind::from_word).unwrap_or(ContactKind::Address);
        if let Err((code, reason)) = form_of(kind).read(record.text("value")) {
            return Err(record.wrong("value", code, reason.zh, reason.en));
        }
        if kind == ContactKind::Mobile && !is_mobile(record.text("value")) {
            let (zh, en) = ("不是手机号码", "not a mobile telephone number");
            return Err(record.wrong("value", "import.bad_phone", zh, en));
        }
        let contact = Contact {
            account_id: 0,
            contact_no: 0,
            kind: kind.word().to_owned(),
            value: record.text("value").to_owned(),
            preferred: record.flag("preferred").unwrap_or(false),
            verified_on: record.date("verified_on"),
            verified_how: record.text_if_any("verified_how"),
            consent: record.flag("consent").unwrap_or(false),
            until_on: None,
        };
        Ok(ContactLine { contact, account_no: record.text("account_no").to_owned() })
    }

    fn load(mut lines: Vec<Line<ContactLine>>, intake: &mut Intake<'_>) -> Result<(), OfficeError> {
        let account = |r: &mut ContactLine, id| r.contact.account_id = id;
        intake.resolve(Registered::Account, "account_no", &mut lines, |r| Some(&r.account_no), account)?;
        if !intake.is_clean() {
            return Ok(());
        }
        let accounts: Vec<i64> = lines.iter().map(|l| l.row.contact.account_id).collect();
        let mut last = store::last_numbers(intake.conn, store::Numbered::Contact, &accounts)?;
        let mut seen: HashSet<(i64, String, String)> = store::contacts_of(intake.conn, &accounts)?
            .into_iter()
            .filter(|c| c.until_on.is_none())
            .map(|c| (c.account_id, c.kind, c.value))
            .collect();
        for line in &mut lines {
            let contact = &mut line.row.contact;
            if !seen.insert((contact.account_id, contact.kind.clone(), contact.value.clone())) {
                let reason = ["该户已有此联系方式", "the account has this contact already"];
                intake.wrong(line.line, "value", &contact.value, "registry.already_there", reason);
            }
            let number = last.entry(contact.account_id).or_insert(0);
            *number += 1;
            contact.contact_no = *number;
        }
        if intake.is_clean() {
            let contacts: Vec<Contact> = rows(lines).into_iter().map(|r| r.contact).collect();
            store::insert_contacts(intake.conn, &contacts)?;
        }
        Ok(())
    }
}
