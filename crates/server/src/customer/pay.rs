//! A customer pays by a QR code of his own making.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::payments::{IntentPath, IntentShown, intent_shown};
use crate::problem::Problem;
use denghuo_office::payments::{IntentOrder, intent_make, intent_show};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

/// What a customer wants to pay.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnIntent {
    /// The bills; none for all that is owed.
    #[serde(default)]
    #[schemars(length(max = 60))]
    bills: Vec<i64>,
}

/// Makes a payment intent over what is owed of the bills, with the late fee of today.
pub fn customer_intent(ask: &mut Ask<'_>, _: &Nothing, body: &OwnIntent) -> Result<IntentShown, Problem> {
    let account_id = ask.account()?;
    let order = IntentOrder { bills: body.bills.clone(), ..IntentOrder::default() };
    let row = intent_make(ask.conn, ask.work, account_id, &order, ask.today)?;
    ask.changed(&Value::Null, &json!({ "intent_no": row.intent_no, "amount": row.amount }))?;
    Ok(intent_shown(ask, None, row))
}

/// Was it paid?
pub fn customer_intent_get(
    ask: &mut Ask<'_>,
    path: &IntentPath,
    _: &Nothing,
) -> Result<IntentShown, Problem> {
    let account_id = ask.account()?;
    let row = intent_show(ask.conn, account_id, path.intent_no, ask.work.now)?;
    Ok(intent_shown(ask, None, row))
}
