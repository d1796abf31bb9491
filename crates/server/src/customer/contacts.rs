//! How a customer is reached, and what he has to say.

use super::CodeSent;
use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use denghuo_office::customer::{
    Proved, Report, ReportShown, contact_code, contact_prove, report, reports_of,
};
use denghuo_office::registry::contacts_show;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::customer::ReportKind;
use denghuo_rules::registry::ContactKind;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A way to reach the customer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OwnContact {
    /// Number within the account.
    contact_no: i64,
    /// A `ContactKind`.
    kind: String,
    /// Number or address, partly hidden: a telephone that lies about tells nobody.
    value: String,
    /// 首选
    preferred: bool,
    /// 核实日期
    #[schemars(with = "Option<DateForm>")]
    verified_on: Option<Date>,
    /// Does the contract name it for service?
    designated: bool,
    /// Why it is not used.
    trouble: Option<String>,
}

/// 联系方式
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OwnContacts {
    /// By number.
    contacts: Vec<OwnContact>,
}

/// The contacts of an account.
pub fn customer_contacts(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<OwnContacts, Problem> {
    let account_id = ask.account()?;
    let shown = contacts_show(ask.conn, account_id, false)?;
    let contacts = shown.into_iter().map(|contact| OwnContact {
        contact_no: contact.contact_no,
        kind: contact.kind,
        value: contact.value,
        preferred: contact.preferred,
        verified_on: contact.verified_on,
        designated: contact.designated_on.is_some(),
        trouble: contact.trouble,
    });
    Ok(OwnContacts { contacts: contacts.collect() })
}

/// A new number or address.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// A mobile number or an e-mail address.
    kind: ContactKind,
    /// It.
    #[schemars(length(min = 1, max = 200))]
    value: String,
}

/// Sends a code there.
pub fn customer_contact_code(ask: &mut Ask<'_>, _: &Nothing, body: &NewContact) -> Result<CodeSent, Problem> {
    let account_id = ask.account()?;
    let to = (body.kind, body.value.as_str());
    let minutes = contact_code(ask.conn, ask.work, account_id, to, ask.today)?;
    ask.changed(&Value::Null, &json!({ "kind": body.kind }))?;
    Ok(CodeSent { minutes })
}

/// A new number or address with the code that went there.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactProof {
    /// A mobile number or an e-mail address.
    kind: ContactKind,
    /// It.
    #[schemars(length(min = 1, max = 200))]
    value: String,
    /// 验证码
    #[schemars(length(min = 1, max = 12))]
    code: String,
}

/// A contact that counts now.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ContactKept {
    /// Its number.
    contact_no: i64,
    /// The contact that ended for it; none when the contract names that one for service.
    replaces: Option<i64>,
}

/// Enters the code. Works in transactions of its own, so that a wrong entry is counted.
pub fn customer_contact_prove(
    ask: &mut Ask<'_>,
    _: &Nothing,
    body: &ContactProof,
) -> Result<ContactKept, Problem> {
    let account_id = ask.account()?;
    let shown = (body.kind, body.value.as_str(), body.code.trim());
    let proved = contact_prove(ask.conn, ask.work, account_id, shown, ask.today)?;
    let Proved { contact_no, replaces } = proved.map_err(Problem::refuse)?;
    ask.changed(&json!({ "contact_no": replaces }), &json!({ "contact_no": contact_no }))?;
    Ok(ContactKept { contact_no, replaces })
}

/// What a customer tells.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportBody {
    /// What it is about.
    kind: ReportKind,
    /// In his words.
    #[schemars(length(min = 1, max = 2_000))]
    text: String,
    /// How to reach him about it.
    #[serde(default)]
    #[schemars(length(max = 100))]
    reach: Option<String>,
}

/// A report was taken.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReportTaken {
    /// Its number within the account.
    report_no: i64,
}

/// Takes a report.
pub fn customer_report(ask: &mut Ask<'_>, _: &Nothing, body: &ReportBody) -> Result<ReportTaken, Problem> {
    let too_long = |text: &str, most: usize| text.chars().count() > most || text.contains('\0');
    if too_long(&body.text, 2_000) || body.reach.as_deref().is_some_and(|reach| too_long(reach, 100)) {
        return Err(Problem::unreadable("body", "text: 1–2000, reach: ≤ 100"));
    }
    let account_id = ask.account()?;
    let told = Report { kind: body.kind, text: body.text.clone(), reach: body.reach.clone() };
    let report_no = report(ask.conn, ask.work, account_id, &told, ask.now)?;
    ask.changed(&Value::Null, &json!({ "report_no": report_no, "kind": body.kind }))?;
    Ok(ReportTaken { report_no })
}

/// What was told of an account.
pub fn customer_reports(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<ReportShown>, Problem> {
    let account_id = ask.account()?;
    let reports = reports_of(ask.conn, account_id)?;
    ask.page.cut(reports, |report| report.report_no.to_string())
}
