//! 支付单 and the provider: what is asked to be paid by QR code, and the calls that tell that it was.

use crate::ask::Ask;
use crate::input::{Nothing, moment_of};
use crate::paging::List;
use crate::problem::Problem;
use crate::route::{Access, Routes};
use crate::sorting::{Sort, ordered_by};
use axum::http::StatusCode;
use denghuo_office::payments::{
    IntentOrder, ProviderCall, ProviderDone, ProviderRefusal, intent_cancel, intent_make, intent_show,
    intent_state, provider_body, provider_call, provider_pay,
};
use denghuo_office::work::Work;
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::MomentForm;
use denghuo_rules::units::Money;
use denghuo_store::payments::{INTENT_ORDERS, IntentRow, intent_by_token, intent_page, intents_of};
use jiff::civil::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) fn routes(routes: Routes) -> Routes {
    let (see, take) = (Permission::SeeAccounts, Permission::TakePayments);
    routes
        .list("/payment-intents", Permission::SeeArrears, ("支付单一览", "Payment intents, the newest first"), intents)
        .list(
            "/accounts/{account_no}/payment-intents",
            see,
            ("支付单", "The payment intents of an account, the newest first"),
            account_intents,
        )
        .post(
            "/accounts/{account_no}/payment-intents",
            take,
            ("开支付单", "Ask for a payment by QR code: for chosen bills, or for all that is owed"),
            intent_open,
        )
        .once()
        .get(
            "/accounts/{account_no}/payment-intents/{intent_no}",
            see,
            ("支付单详情", "One payment intent: was it paid?"),
            intent_get,
        )
        .post(
            "/accounts/{account_no}/payment-intents/{intent_no}/cancel",
            take,
            ("撤销支付单", "Cancel an open payment intent; money that comes for it is the account's all the same"),
            intent_end,
        )
        .upload(
            "/provider/payments",
            Access::Open,
            (
                "支付通知",
                "A payment provider tells of money: JSON as the body, signed by `X-Denghuo-Signature`, the hexadecimal HMAC-SHA256 \
                 over `X-Denghuo-Timestamp` (seconds since 1970), a full stop and the body",
            ),
            provider_told,
        )
        .signed()
        .post(
            "/provider/simulate",
            Access::Open,
            ("模拟支付", "Play the provider; only on a server that was started with a simulated provider"),
            provider_simulate,
        )
}

/// An intent in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct IntentPath {
    /// Number of the intent within the account.
    pub intent_no: i64,
}

/// 支付单
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct IntentShown {
    /// 户号; none where the path names it.
    account_no: Option<String>,
    /// Number within the account.
    intent_no: i64,
    /// 金额
    amount: Money,
    /// The bills that it is for; none for all that is owed.
    bills: Vec<i64>,
    /// `open`, `paid`, `cancelled`, `expired`.
    state: String,
    /// What the QR code says; none when no provider is connected, or it is not open.
    qr_text: Option<String>,
    /// Who made it.
    made_by: String,
    /// When.
    #[schemars(with = "MomentForm")]
    made_at: DateTime,
    /// From when on it is expired.
    #[schemars(with = "MomentForm")]
    expires_at: DateTime,
    /// The payment that paid it.
    payment_no: Option<i64>,
    /// Can its payment be simulated here?
    simulated: bool,
}

/// An intent as it is shown.
pub fn intent_shown(ask: &Ask<'_>, account_no: Option<String>, row: IntentRow) -> IntentShown {
    let state = intent_state(&row, ask.work.now).to_owned();
    let port = ask.app.ports().pay.as_ref().filter(|_| state == "open");
    IntentShown {
        account_no,
        intent_no: row.intent_no,
        amount: row.amount,
        bills: row.bills,
        qr_text: port.map(|port| format!("{}{}", port.link, row.token)),
        simulated: port.is_some_and(|port| port.simulated),
        state,
        made_by: row.made_by,
        made_at: moment_of(row.made_at),
        expires_at: moment_of(row.expires_at),
        payment_no: row.payment_no,
    }
}

ordered_by!(IntentShown, INTENT_ORDERS);

/// In which order.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct IntentQuery {
    /// The order; the newest first when not given.
    #[serde(default)]
    sort: Sort<IntentShown>,
}

fn intents(ask: &mut Ask<'_>, _: &Nothing, query: &IntentQuery) -> Result<List<IntentShown>, Problem> {
    let root = ask.root()?;
    let slice = ask.page.slice(&INTENT_ORDERS, &query.sort)?;
    let rows = intent_page(ask.conn, root, &slice)?;
    let page = List::of_placed(rows, ask.page.limit);
    Ok(page.map(|(account_no, row)| intent_shown(ask, Some(account_no), row)))
}

fn account_intents(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<IntentShown>, Problem> {
    let account_id = ask.account()?;
    let rows = intents_of(ask.conn, account_id)?;
    let page = ask.page.cut(rows, |row| row.intent_no.to_string())?;
    let items = page.items.into_iter().map(|row| intent_shown(ask, None, row)).collect();
    Ok(List { items, next_cursor: page.next_cursor })
}

/// An intent as it is asked for.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct IntentBody {
    /// The bills; none for all that is owed.
    #[serde(default)]
    bills: Vec<i64>,
    /// The amount; what is owed of them with the late fee when not given.
    #[serde(default)]
    amount: Option<Money>,
    /// How long it stands, in minutes; 30 when not given.
    #[serde(default)]
    minutes: Option<i64>,
}

fn intent_open(ask: &mut Ask<'_>, _: &Nothing, body: &IntentBody) -> Result<IntentShown, Problem> {
    let account_id = ask.account()?;
    let order = IntentOrder { bills: body.bills.clone(), amount: body.amount, minutes: body.minutes };
    let row = intent_make(ask.conn, ask.work, account_id, &order, ask.today)?;
    Ok(intent_shown(ask, None, row))
}

fn intent_get(ask: &mut Ask<'_>, path: &IntentPath, _: &Nothing) -> Result<IntentShown, Problem> {
    let account_id = ask.account()?;
    let row = intent_show(ask.conn, account_id, path.intent_no, ask.work.now)?;
    Ok(intent_shown(ask, None, row))
}

fn intent_end(ask: &mut Ask<'_>, path: &IntentPath, _: &Nothing) -> Result<IntentShown, Problem> {
    let account_id = ask.account()?;
    let row = intent_cancel(ask.conn, account_id, path.intent_no)?;
    Ok(intent_shown(ask, None, row))
}

/// The provider's secret; none is like a wrong signature to who calls.
fn secret(ask: &Ask<'_>) -> Vec<u8> {
    ask.app.ports().pay.as_ref().map_or_else(Vec::new, |port| port.secret.clone())
}

fn refused(refusal: ProviderRefusal) -> Problem {
    let status = match refusal {
        ProviderRefusal::BadSignature | ProviderRefusal::Stale => StatusCode::BAD_REQUEST,
        ProviderRefusal::Unreadable(_) | ProviderRefusal::NotPositive(_) => StatusCode::UNPROCESSABLE_ENTITY,
        ProviderRefusal::SameIdOtherContent(_) => StatusCode::CONFLICT,
    };
    let told = denghuo_rules::refusal::Refusal::from(refusal);
    Problem::new(status, told.code, told.text.zh, told.text.en)
}

fn post(ask: &mut Ask<'_>, call: &ProviderCall) -> Result<ProviderDone, Problem> {
    let today = ask.today;
    let provider = Work { by: "provider".to_owned(), ..ask.work.clone() };
    ask.with_money(|conn, _| {
        let done = provider_pay(conn, &provider, call, today)?;
        let paid = done.account_id.into_iter().collect();
        Ok((done, paid))
    })
}

fn provider_told(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<ProviderDone, Problem> {
    let key = secret(ask);
    let (timestamp, signature) = &ask.call.signature;
    let call = provider_call(&key, (timestamp, signature), &ask.call.body, ask.work.now).map_err(refused)?;
    post(ask, &call)
}

/// What the simulated provider tells.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SimulateBody {
    /// What the QR code says, or the token alone.
    qr_text: String,
    /// The amount; the intent's when not given.
    #[serde(default)]
    amount: Option<Money>,
    /// The provider's id; made of the token when not given, so that the same payment is told twice.
    #[serde(default)]
    provider_id: Option<String>,
}

fn provider_simulate(ask: &mut Ask<'_>, _: &Nothing, body: &SimulateBody) -> Result<ProviderDone, Problem> {
    let Some(port) = ask.app.ports().pay.clone().filter(|port| port.simulated) else {
        return Err(Problem::not_found());
    };
    let token = body.qr_text.strip_prefix(&port.link).unwrap_or(&body.qr_text).to_owned();
    let amount = match (body.amount, intent_by_token(ask.conn, &token)?) {
        (Some(amount), _) => amount,
        (None, Some(intent)) => intent.amount,
        (None, None) => return Err(Problem::not_found()),
    };
    let provider_id =
        body.provider_id.clone().unwrap_or_else(|| format!("sim-{}", token.get(..24).unwrap_or(&token)));
    let call = ProviderCall { provider_id, token, amount, paid_on: ask.today };
    // The way of a real call: it is signed, and the signature is checked.
    let (timestamp, signature, bytes) = provider_body(&port.secret, &call, ask.work.now);
    let call =
        provider_call(&port.secret, (&timestamp, &signature), &bytes, ask.work.now).map_err(refused)?;
    post(ask, &call)
}
