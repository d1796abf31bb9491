//! 户卡: one account for people, personal data masked unless asked for.

use crate::error::OfficeError;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::refusal::Refusal;
use denghuo_rules::registry::{ContactKind, CustomerKind, SupplyTerms};
use denghuo_store::Conn;
use denghuo_store::db::Slice;
use denghuo_store::registry::{self as store, Registered};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// 户卡
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AccountCard {
    /// 户号
    pub account_no: String,
    /// 客户名称
    pub customer: String,
    /// A `CustomerKind`.
    pub customer_kind: String,
    /// 证件号
    pub identity_no: Option<String>,
    /// 用电地址
    pub address: String,
    /// 单位编码
    pub org: String,
    /// 抄表段编号
    pub route: String,
    /// 台区编号
    pub district: String,
    /// 小区编号
    pub estate: String,
    /// An `Importance`.
    pub importance: String,
    /// A `Protection`.
    pub protection: Option<String>,
    /// 立户日期
    #[schemars(with = "DateForm")]
    pub opened_on: Date,
    /// 销户日期
    #[schemars(with = "Option<DateForm>")]
    pub closed_on: Option<Date>,
    /// 供用电条件, every version.
    pub terms: Vec<TermsLine>,
    /// 合同, every version.
    pub contracts: Vec<ContractLine>,
    /// 装表
    pub installations: Vec<InstallationLine>,
    /// 联系方式
    pub contacts: Vec<ContactLine>,
}

/// One version of the terms of supply.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TermsLine {
    /// First day.
    #[schemars(with = "DateForm")]
    pub from_on: Date,
    /// Last day.
    #[schemars(with = "Option<DateForm>")]
    pub until_on: Option<Date>,
    /// The terms.
    pub terms: SupplyTerms,
}

/// One contract.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ContractLine {
    /// 合同编号
    pub contract_no: String,
    /// First day.
    #[schemars(with = "DateForm")]
    pub from_on: Date,
    /// Last day.
    #[schemars(with = "Option<DateForm>")]
    pub until_on: Option<Date>,
}

/// One installation.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct InstallationLine {
    /// 计量点序号
    pub point_no: i64,
    /// 资产编号
    pub meter_no: String,
    /// 装表日期
    #[schemars(with = "DateForm")]
    pub installed_on: Date,
    /// 拆表日期
    #[schemars(with = "Option<DateForm>")]
    pub removed_on: Option<Date>,
    /// 倍率
    pub multiplier: denghuo_rules::units::Ratio,
    /// 整数位数
    pub digits: i64,
}

/// One contact.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ContactLine {
    /// A `ContactKind`.
    pub kind: String,
    /// Number or address.
    pub value: String,
    /// 首选
    pub preferred: bool,
    /// 同意接收通知
    pub consent: bool,
    /// 核实日期
    #[schemars(with = "Option<DateForm>")]
    pub verified_on: Option<Date>,
}

/// There is no such account.
#[must_use]
pub fn account_unknown(account_no: &str) -> Refusal {
    let (zh, en) = (format!("没有户号{account_no}"), format!("there is no account {account_no}"));
    Refusal::new("account.unknown", zh, en)
}

/// The card of an account with its whole history, by its number.
///
/// # Errors
/// Refuses an unknown number (`account.unknown`); or the database's.
pub fn account_card(conn: &mut Conn, account_no: &str, unmask: bool) -> Result<AccountCard, OfficeError> {
    // The whole history is shown, so no day is asked of the card.
    let id = store::account_by_no(conn, account_no)?.ok_or_else(|| account_unknown(account_no))?;
    let card = store::card(conn, id, Date::MAX)?.ok_or_else(|| {
        Refusal::new("registry.customer_missing", "客户档案缺失", "the customer of the account is missing")
    })?;
    let (account, customer) = (card.account, card.customer);
    let person = customer.kind == CustomerKind::Person.word();
    let shown = |text: String, what: Personal| if unmask { text } else { mask(&text, what) };
    Ok(AccountCard {
        org: store::code_of(conn, Registered::Org, Some(account.org_id))?,
        route: store::code_of(conn, Registered::Route, Some(account.route_id))?,
        district: store::code_of(conn, Registered::District, account.district_id)?,
        estate: store::code_of(conn, Registered::Estate, account.estate_id)?,
        terms: store::terms_history(conn, id, id)?
            .into_iter()
            .map(|t| TermsLine { from_on: t.from_on, until_on: t.until_on, terms: t.terms })
            .collect(),
        contracts: store::contracts(conn, id, id)?
            .into_iter()
            .map(|c| ContractLine { contract_no: c.contract_no, from_on: c.from_on, until_on: c.until_on })
            .collect(),
        installations: installations(conn, id)?,
        contacts: store::contacts(conn, id, id)?
            .into_iter()
            .filter(|c| c.until_on.is_none())
            .map(|c| ContactLine {
                value: shown(c.value, Personal::of(&c.kind)),
                kind: c.kind,
                preferred: c.preferred,
                consent: c.consent,
                verified_on: c.verified_on,
            })
            .collect(),
        customer: if person { shown(customer.name, Personal::Name) } else { customer.name },
        customer_kind: customer.kind,
        identity_no: customer.identity_no.map(|no| if person { shown(no, Personal::Identity) } else { no }),
        account_no: account.account_no,
        address: if person { shown(account.address, Personal::Address) } else { account.address },
        importance: account.importance,
        protection: account.protection,
        opened_on: account.opened_on,
        closed_on: account.closed_on,
    })
}

/// 找户: one account that matches.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FoundAccount {
    /// 户号
    pub account_no: String,
    /// 客户名称
    pub customer: String,
    /// 用电地址
    pub address: String,
    /// What matched: `account_no`, `contact`, `meter_no`, `name` or `address`.
    pub by: &'static str,
}

/// Accounts by number, telephone, meter, name or address, at most `limit`, of the unit `root` and those below it (0: of all).
///
/// # Errors
/// The database's.
pub fn find_accounts(
    conn: &mut Conn,
    text: &str,
    (limit, root): (i64, i64),
    order: &Slice,
    unmask: bool,
) -> Result<Vec<FoundAccount>, OfficeError> {
    let found = store::find(conn, text, (limit, root), order)?.into_iter().map(|f| {
        let hidden = !unmask && f.customer_kind == CustomerKind::Person.word();
        let shown = |text: String, what| if hidden { mask(&text, what) } else { text };
        FoundAccount {
            account_no: f.account_no,
            customer: shown(f.customer, Personal::Name),
            address: shown(f.address, Personal::Address),
            by: f.by,
        }
    });
    Ok(found.collect())
}

fn installations(conn: &mut Conn, account_id: i64) -> Result<Vec<InstallationLine>, OfficeError> {
    let all = store::installations(conn, account_id, account_id)?;
    Ok(all
        .into_iter()
        .map(|(i, meter_no)| InstallationLine {
            point_no: i.point_no,
            meter_no,
            installed_on: i.installed_on,
            removed_on: i.removed_on,
            multiplier: i.multiplier,
            digits: i.digits,
        })
        .collect())
}

/// What kind of personal data a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    /// A person's name: the first character stays.
    Name,
    /// A telephone number: the first three and the last four digits stay.
    Phone,
    /// An e-mail address: the first character and the host stay.
    Email,
    /// An identity number or account of a service: the first three and the last two characters stay.
    Identity,
    /// A postal address: the first six characters stay.
    Address,
}

impl Personal {
    /// What the value of a contact of this kind is.
    pub(super) fn of(kind: &str) -> Self {
        match ContactKind::from_word(kind) {
            Some(ContactKind::Mobile | ContactKind::Phone) => Self::Phone,
            Some(ContactKind::Email) => Self::Email,
            Some(ContactKind::Address) => Self::Address,
            Some(ContactKind::Wechat) | None => Self::Identity,
        }
    }
}

/// 脱敏: the text with its telling part hidden.
#[must_use]
pub fn mask(text: &str, what: Personal) -> String {
    let chars: Vec<char> = text.chars().collect();
    let keep = |first: usize, last: usize| {
        let short = chars.len() <= first + last;
        let shown = if short { (usize::from(chars.len() > 1), 0) } else { (first, last) };
        let hidden = "*".repeat(chars.len() - shown.0 - shown.1);
        let (head, tail) = (&chars[..shown.0], &chars[chars.len() - shown.1..]);
        format!("{}{hidden}{}", head.iter().collect::<String>(), tail.iter().collect::<String>())
    };
    match what {
        Personal::Name => keep(1, 0),
        Personal::Phone => keep(3, 4),
        Personal::Identity => keep(3, 2),
        Personal::Address => keep(6, 0),
        Personal::Email => match text.split_once('@') {
            Some((user, host)) => format!("{}***@{host}", user.chars().take(1).collect::<String>()),
            None => keep(1, 0),
        },
    }
}
