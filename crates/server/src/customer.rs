//! 客户自助: what a customer does on his own telephone, with his own accounts and nobody else's.

mod account;
mod contacts;
mod pay;

use crate::app::App;
use crate::ask::Ask;
use crate::input::Nothing;
use crate::people::{DONE, Done};
use crate::principal::CUSTOMER_COOKIE;
use crate::problem::Problem;
use crate::route::{Access, Routes};
use axum::http::header;
use denghuo_office::customer::{
    CustomerBegun, CustomerWho, code_request, customer_sign_in, customer_sign_out,
};
use denghuo_rules::calendar::DateForm;
use denghuo_store::Conn;
use denghuo_store::customer::accounts_of;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The endpoints.
pub fn routes() -> Routes {
    let own = Access::Customer;
    Routes::of("customer", "客户自助")
        .post("/customer/code", Access::Open, ("发送登录验证码", "A code goes to a contact that is known to be the customer's; the answer is the same for every number"), customer_code)
        .post("/customer/login", Access::Open, ("客户登录", "Sign in with the code; sets the cookie of a customer's session"), customer_login)
        .post("/customer/logout", own, ("客户退出", "Sign out"), customer_logout)
        .alone()
        .get("/customer/me", own, ("我的户号", "Who I am, and my accounts"), customer_me)
        .get("/customer/accounts/{account_no}", own, ("应缴与账户", "What is due when, what was paid ahead, what has to be known"), account::customer_account)
        .list("/customer/accounts/{account_no}/bills", own, ("我的账单", "Released bills, the newest first"), account::customer_bills)
        .get("/customer/accounts/{account_no}/bills/{bill_no}", own, ("账单与推导", "A bill with its lines and how it came about"), account::customer_bill)
        .get("/customer/accounts/{account_no}/bills/{bill_no}/why", own, ("电费为何偏高", "Why a bill is higher or lower than the one before it and than that of a year ago"), account::customer_bill_why)
        .get("/customer/accounts/{account_no}/usage", own, ("用电量", "Billed energy by month and tariff period"), account::customer_usage)
        .list("/customer/accounts/{account_no}/notices", own, ("我的通知", "What was told, with its text, the newest first"), account::customer_notices)
        .get("/customer/accounts/{account_no}/contacts", own, ("我的联系方式", "Ways to be reached, partly hidden"), contacts::customer_contacts)
        .post("/customer/accounts/{account_no}/contacts/code", own, ("验证新联系方式", "Send a code to a new number or address"), contacts::customer_contact_code)
        .post("/customer/accounts/{account_no}/contacts", own, ("确认新联系方式", "A new number or address counts once its code was entered"), contacts::customer_contact_prove)
        .alone()
        .list("/customer/accounts/{account_no}/reports", own, ("我的反映", "What was reported and what became of it"), contacts::customer_reports)
        .post("/customer/accounts/{account_no}/reports", own, ("报修与反映", "Report an outage, a fault, a doubt or an idea"), contacts::customer_report)
        .once()
        .post("/customer/accounts/{account_no}/payment-intents", own, ("扫码缴费", "Ask to pay chosen bills, or all that is owed, by a QR code"), pay::customer_intent)
        .once()
        .get("/customer/accounts/{account_no}/payment-intents/{intent_no}", own, ("缴费结果", "Was it paid?"), pay::customer_intent_get)
}

/// Who wants a code.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CodeBody {
    /// 户号
    #[schemars(length(min = 1, max = 64))]
    account_no: String,
}

/// A code is on its way, if there is an account and a contact.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CodeSent {
    /// For how many minutes it is good.
    pub minutes: i64,
}

fn customer_code(ask: &mut Ask<'_>, _: &Nothing, body: &CodeBody) -> Result<CodeSent, Problem> {
    let minutes = code_request(ask.conn, ask.work, body.account_no.trim(), ask.today)?;
    Ok(CodeSent { minutes })
}

/// Number and code.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CustomerLogin {
    /// 户号
    #[schemars(length(min = 1, max = 64))]
    account_no: String,
    /// 验证码
    #[schemars(length(min = 1, max = 12))]
    code: String,
}

/// An account of one's own.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct OwnLine {
    /// 户号
    account_no: String,
    /// 用电地址
    address: String,
    /// Is it closed?
    closed: bool,
}

/// A customer who has signed in.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CustomerMe {
    /// His name.
    name: String,
    /// The account with which he signed in.
    account_no: String,
    /// All of his accounts.
    accounts: Vec<OwnLine>,
    /// What unsafe requests repeat in `X-CSRF-Token`.
    csrf: String,
    /// The business date.
    #[schemars(with = "DateForm")]
    today: Date,
}

fn cookie(app: &App, value: &str, seconds: i64) -> String {
    let secure = if app.options().behind_tls { "; Secure" } else { "" };
    format!("{CUSTOMER_COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

fn shown(conn: &mut Conn, who: &CustomerWho, today: Date) -> Result<CustomerMe, Problem> {
    let accounts = accounts_of(conn, who.customer_id)?;
    Ok(CustomerMe {
        name: accounts.first().map(|account| account.name.clone()).unwrap_or_default(),
        account_no: who.account_no.clone(),
        accounts: accounts
            .into_iter()
            .map(|account| OwnLine {
                closed: account.closed_on.is_some_and(|day| day <= today),
                account_no: account.account_no,
                address: account.address,
            })
            .collect(),
        csrf: who.csrf.clone(),
        today,
    })
}

fn customer_login(ask: &mut Ask<'_>, _: &Nothing, body: &CustomerLogin) -> Result<CustomerMe, Problem> {
    let shown_pair = (body.account_no.trim(), body.code.trim());
    let begun: CustomerBegun = customer_sign_in(ask.conn, ask.work, shown_pair, ask.today)?;
    let seconds = (begun.ends_at - ask.work.now).div_euclid(1_000);
    ask.extra.headers.push((header::SET_COOKIE, cookie(ask.app, &begun.token, seconds)));
    shown(ask.conn, &begun.who, ask.today)
}

fn customer_logout(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Done, Problem> {
    if let Some(token) = &ask.call.credentials.customer {
        customer_sign_out(ask.conn, token)?;
    }
    ask.extra.headers.push((header::SET_COOKIE, cookie(ask.app, "", 0)));
    Ok(DONE)
}

/// The customer who asks.
pub(super) fn who(ask: &Ask<'_>) -> Result<CustomerWho, Problem> {
    ask.who.customer.clone().ok_or_else(Problem::foreign_account)
}

fn customer_me(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<CustomerMe, Problem> {
    let who = who(ask)?;
    shown(ask.conn, &who, ask.today)
}
