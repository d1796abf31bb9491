//! 联系方式: ways to reach a customer, kept fresh by those who speak with him.

use crate::ask::Ask;
use crate::input::{Nothing, PersonalQuery};
use crate::notices::shown_name;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use crate::sorting::{Sort, ordered_by};
use crate::tasks::days_between;
use denghuo_office::registry::{
    CheckResult, ContactShown, NewContact, Personal, contact_add, contact_checked, contact_consent,
    contact_designate, contact_receipts, contact_show, contacts_show, mask,
};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::registry::ContactKind;
use denghuo_store::registry::FAILURE_ORDERS;
use denghuo_store::registry::{self as store, FailedContact};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The endpoints.
pub fn add(routes: Routes) -> Routes {
    let (see, keep) = (Permission::SeeAccounts, Permission::KeepContacts);
    routes
        .get("/accounts/{account_no}/contacts", see, ("联系方式", "Ways to reach the customer, with their history"), account_contacts)
        .post("/accounts/{account_no}/contacts", keep, ("新增联系方式", "A further way to reach the customer"), contact_new)
        .once()
        .get("/accounts/{account_no}/contacts/{contact_no}", see, ("联系方式", "One way to reach the customer, with its history"), contact)
        .edit(
            "/accounts/{account_no}/contacts/{contact_no}",
            keep,
            ("核查与变更联系方式", "What came of a call or a visit: verified, replaced, unreachable, ended; consent, receipts, designation by contract"),
            (contact, contact_change),
        )
        .list("/contact-failures", see, ("联系方式失败清单", "Contacts that bounce, are refused, unreachable or silent, with what is to be done next"), failures)
}

/// 联系方式 of an account.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Contacts {
    /// By number.
    contacts: Vec<ContactShown>,
}

fn account_contacts(ask: &mut Ask<'_>, _: &Nothing, query: &PersonalQuery) -> Result<Contacts, Problem> {
    let account_id = ask.account()?;
    let in_full = ask.in_full(query.personal, account_id, "contacts")?;
    Ok(Contacts { contacts: contacts_show(ask.conn, account_id, in_full)? })
}

/// A contact in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ContactPath {
    /// Its number within the account.
    contact_no: i64,
}

fn contact(ask: &mut Ask<'_>, path: &ContactPath, _: &Nothing) -> Result<ContactShown, Problem> {
    let account_id = ask.account()?;
    Ok(contact_show(ask.conn, account_id, path.contact_no)?)
}

/// A further contact.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewBody {
    /// What it is.
    kind: ContactKind,
    /// Number or address.
    #[schemars(length(min = 1, max = 200))]
    value: String,
    /// 首选
    #[serde(default)]
    preferred: bool,
    /// 同意接收通知
    #[serde(default)]
    consent: bool,
    /// How it was made sure of: `contract`, `call`, `visit`, `counter`, `reply`; none when nobody has.
    #[serde(default)]
    #[schemars(length(max = 60))]
    verified_how: Option<String>,
    /// Where it is known from, such as `call` or `counter`.
    #[schemars(length(min = 1, max = 60))]
    source: String,
}

fn contact_new(ask: &mut Ask<'_>, _: &Nothing, body: &NewBody) -> Result<ContactShown, Problem> {
    let account_id = ask.account()?;
    let new = NewContact {
        kind: body.kind,
        value: body.value.clone(),
        preferred: body.preferred,
        consent: body.consent,
        verified_how: body.verified_how.clone(),
    };
    let number = contact_add(ask.conn, ask.work, account_id, &new, (ask.today, &body.source))?;
    Ok(contact_show(ask.conn, account_id, number)?)
}

/// What happened to a contact.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
enum ContactChange {
    /// It is his.
    Verified {
        /// How it was made sure of.
        how: String,
        /// Where it is known from, such as `call` or `visit`.
        source: String,
    },
    /// He has another one now.
    Replaced {
        /// The new number or address.
        value: String,
        /// Where it is known from.
        source: String,
    },
    /// Nobody answers there.
    Unreachable {
        /// Where it is known from.
        source: String,
    },
    /// It is no more.
    Ended {
        /// Where it is known from.
        source: String,
    },
    /// He agrees to be told there, or takes it back.
    Consent {
        /// Does he agree?
        agrees: bool,
        /// Where it is known from.
        source: String,
    },
    /// He wants a receipt of every payment there, or wants none any more.
    Receipts {
        /// Does he want them?
        wanted: bool,
        /// Where it is known from.
        source: String,
    },
    /// The contract names it as the address of electronic service.
    Designated {
        /// Number of the contract.
        contract_no: String,
    },
}

/// What an edit of a contact came to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Changed {
    /// The contact that stands now: another one when it was replaced.
    contact_no: i64,
    /// As it stands.
    contact: ContactShown,
}

fn contact_change(ask: &mut Ask<'_>, path: &ContactPath, body: &ContactChange) -> Result<Changed, Problem> {
    let key = (ask.account()?, path.contact_no);
    let (work, on) = (ask.work, ask.today);
    let mut checked =
        |result: CheckResult, source: &str| contact_checked(ask.conn, work, key, &result, (on, source));
    let contact_no = match body {
        ContactChange::Verified { how, source } => checked(CheckResult::Verified(how.clone()), source)?,
        ContactChange::Replaced { value, source } => checked(CheckResult::Replaced(value.clone()), source)?,
        ContactChange::Unreachable { source } => checked(CheckResult::Unreachable, source)?,
        ContactChange::Ended { source } => checked(CheckResult::Ended, source)?,
        ContactChange::Consent { agrees, source } => {
            contact_consent(ask.conn, work, key, *agrees, (on, source))?;
            key.1
        }
        ContactChange::Receipts { wanted, source } => {
            contact_receipts(ask.conn, work, key, *wanted, (on, source))?;
            key.1
        }
        ContactChange::Designated { contract_no } => {
            contact_designate(ask.conn, work, key, contract_no, on)?;
            key.1
        }
    };
    Ok(Changed { contact_no, contact: contact_show(ask.conn, key.0, contact_no)? })
}

/// A contact that fails.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Failure {
    /// 户号
    account_no: String,
    /// 户名
    customer: String,
    /// Number of the contact within the account.
    contact_no: i64,
    /// A `ContactKind`.
    kind: String,
    /// Number or address, masked unless asked for in full.
    value: String,
    /// Why: `bounced`, `refused`, `unreachable`, `silent`.
    reason: String,
    /// Since when.
    #[schemars(with = "Option<DateForm>")]
    since: Option<Date>,
    /// What is to be done next: `contact_call`, `contact_visit`; none when no work was opened yet.
    next: Option<String>,
    /// By when.
    #[schemars(with = "Option<DateForm>")]
    due_on: Option<Date>,
    /// 还剩 (or, negative, 已超) days.
    days_left: Option<i64>,
}

ordered_by!(Failure, FAILURE_ORDERS);

impl Failure {
    fn of(row: FailedContact, in_full: bool, today: Date) -> Self {
        let what = match ContactKind::from_word(&row.kind) {
            Some(ContactKind::Email) => Personal::Email,
            Some(ContactKind::Address) => Personal::Address,
            Some(ContactKind::Mobile | ContactKind::Phone) => Personal::Phone,
            _ => Personal::Identity,
        };
        Self {
            customer: shown_name(row.customer, &row.customer_kind, in_full),
            account_no: row.account_no,
            contact_no: row.contact_no,
            value: if in_full { row.value } else { mask(&row.value, what) },
            kind: row.kind,
            reason: row.trouble.unwrap_or_else(|| "silent".to_owned()),
            since: row.trouble_on,
            next: row.task,
            due_on: row.due_on,
            days_left: row.due_on.map(|due| days_between(today, due)),
        }
    }
}

/// Which failures.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
struct FailureQuery {
    /// Of this reason: `bounced`, `refused`, `unreachable`, `silent`.
    #[serde(default)]
    reason: Option<String>,
    /// Show names, telephones and addresses in full; the look is kept.
    #[serde(default)]
    personal: bool,
    /// The order; by account when not given.
    #[serde(default)]
    sort: Sort<Failure>,
}

fn failures(ask: &mut Ask<'_>, _: &Nothing, query: &FailureQuery) -> Result<List<Failure>, Problem> {
    let root = ask.root()?;
    let in_full = ask.in_full(query.personal, 0, "contact_failures")?;
    let today = ask.today;
    let slice = ask.page.slice(&FAILURE_ORDERS, &query.sort)?;
    let rows = store::failed_contacts(ask.conn, (root, query.reason.as_deref()), &slice)?;
    Ok(List::of_placed(rows, ask.page.limit).map(|row| Failure::of(row, in_full, today)))
}
