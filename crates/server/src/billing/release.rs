//! 发行审批: bills that wait, and the second person who lets them through or takes them back.

use crate::ask::Ask;
use crate::input::{BillPath, Nothing};
use crate::paging::List;
use crate::people::{DONE, Done};
use crate::problem::Problem;
use crate::route::Routes;
use crate::sorting::{Sort, ordered_by};
use denghuo_office::billing::{bill_assess, bill_cancel, bill_rebill, pending_approve};
use denghuo_office::error::OfficeError;
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::{DateForm, Month};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::units::Money;
use denghuo_store::access::account_in_scope;
use denghuo_store::billing::{WAITING_ORDERS, WaitingBill, WaitingFilter, waiting_bills, waiting_page};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Bills that are decided at once at most.
const MOST: usize = 500;

/// With the endpoints of the release and of what is corrected.
pub(super) fn with(routes: Routes) -> Routes {
    let (release, correct) = (Permission::ReleaseBills, Permission::CorrectBills);
    routes
        .list("/waiting-bills", release, ("待发行账单", "Bills that wait for a second person"), waiting_list)
        .get(
            "/waiting-bills/totals",
            release,
            ("待发行汇总", "How many bills wait and what they come to, by state and finding"),
            waiting_totals,
        )
        .post(
            "/waiting-bills/approvals",
            release,
            (
                "批量审批发行",
                "Let many bills through that come to the shown sum; each is told whether it was",
            ),
            bills_approve,
        )
        .once()
        .post(
            "/accounts/{account_no}/bills/{bill_no}/approve",
            release,
            ("审批发行", "Let a bill through; never who made it"),
            bill_approve,
        )
        .once()
        .post(
            "/accounts/{account_no}/bills/{bill_no}/reject",
            release,
            ("退回账单", "Take a waiting bill back: its days are due again"),
            bill_reject,
        )
        .once()
        .post(
            "/accounts/{account_no}/bills/{bill_no}/rebill",
            correct,
            ("重算电费", "Bill again by what is known now; the difference waits for a second person"),
            bill_rebilled,
        )
        .once()
        .post(
            "/accounts/{account_no}/bills/{bill_no}/cancel",
            correct,
            ("撤销账单", "Take a released bill back; the cancellation waits for a second person"),
            bill_cancelled,
        )
        .once()
        .post(
            "/accounts/{account_no}/assessments",
            correct,
            (
                "退补与追补",
                "Bill a described metering error, theft or breach of use; it waits for a second person",
            ),
            bill_assessed,
        )
        .once()
}

/// Which bills.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(super) struct WaitingQuery {
    /// `ready`, `held`, `approved` or `rejected`.
    #[serde(default)]
    state: Option<String>,
    /// Only with this finding.
    #[serde(default)]
    code: Option<String>,
    /// The order; by account and number when not given.
    #[serde(default)]
    sort: Sort<WaitingLine>,
}

/// A bill that waits.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct WaitingLine {
    /// 户号
    account_no: String,
    /// Number within the account.
    bill_no: i64,
    /// 电费年月
    month: Month,
    /// `regular`, `provisional`, `correction`, `cancellation`, `metering_error`, `theft`, `breach`.
    kind: String,
    /// `ready`: nothing was found, a standing order may cover it; `held`; `approved`; `rejected`.
    state: String,
    /// Codes of the findings that hold it.
    codes: Vec<String>,
    /// 用电类别
    category: String,
    /// 金额
    amount: Money,
    /// Who made it: it is never he who lets it through.
    prepared_by: String,
    /// Who decided.
    decided_by: Option<String>,
    /// Business day of the calculation.
    #[schemars(with = "DateForm")]
    calculated_on: Date,
}

ordered_by!(WaitingLine, WAITING_ORDERS);

impl WaitingLine {
    fn of(row: WaitingBill) -> Self {
        let bill = row.bill;
        Self {
            account_no: row.account_no,
            bill_no: bill.bill_no,
            month: bill.month,
            kind: bill.kind,
            state: bill.state,
            codes: bill.codes.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
            category: bill.category,
            amount: bill.amount,
            prepared_by: bill.prepared_by,
            decided_by: bill.decided_by,
            calculated_on: bill.calculated_on,
        }
    }
}

pub(super) fn waiting_list(
    ask: &mut Ask<'_>,
    _: &Nothing,
    query: &WaitingQuery,
) -> Result<List<WaitingLine>, Problem> {
    let filter = WaitingFilter { root: ask.root()?, state: query.state.clone(), code: query.code.clone() };
    let slice = ask.page.slice(&WAITING_ORDERS, &query.sort)?;
    let rows = waiting_page(ask.conn, &filter, &slice)?;
    Ok(List::of_placed(rows, ask.page.limit).map(WaitingLine::of))
}

/// Bills that wait for the same reason.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct WaitingTotal {
    /// `ready`, `held`, `approved`, `rejected`.
    state: String,
    /// The finding; empty where there is none.
    code: String,
    /// How many bills.
    count: i64,
    /// What they come to.
    amount: Money,
}

/// What waits.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct WaitingTotals {
    /// Bills that wait; one with two findings stands in two lines of `by_code` and once here.
    count: i64,
    /// What they come to.
    amount: Money,
    /// By state and finding.
    by_code: Vec<WaitingTotal>,
}

pub(super) fn waiting_totals(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<WaitingTotals, Problem> {
    let root = ask.root()?;
    let mut totals: BTreeMap<(String, String), (i64, Money)> = BTreeMap::new();
    let (mut count, mut amount) = (0, Money::ZERO);
    for line in waiting_bills(ask.conn, root)?.into_iter().map(WaitingLine::of) {
        count += 1;
        amount += line.amount;
        let codes = if line.codes.is_empty() { vec![String::new()] } else { line.codes };
        for code in codes {
            let total = totals.entry((line.state.clone(), code)).or_insert((0, Money::ZERO));
            *total = (total.0 + 1, total.1 + line.amount);
        }
    }
    let by_code = totals
        .into_iter()
        .map(|((state, code), (count, amount))| WaitingTotal { state, code, count, amount })
        .collect();
    Ok(WaitingTotals { count, amount, by_code })
}

/// Why.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReasonBody {
    /// In words.
    #[schemars(length(min = 1, max = 400))]
    reason: String,
}

pub(super) fn bill_approve(ask: &mut Ask<'_>, path: &BillPath, body: &ReasonBody) -> Result<Done, Problem> {
    let key = (ask.account()?, path.bill_no);
    pending_approve(ask.conn, ask.work, ask.today, key, true, &body.reason)?;
    Ok(DONE)
}

pub(super) fn bill_reject(ask: &mut Ask<'_>, path: &BillPath, body: &ReasonBody) -> Result<Done, Problem> {
    let key = (ask.account()?, path.bill_no);
    pending_approve(ask.conn, ask.work, ask.today, key, false, &body.reason)?;
    Ok(DONE)
}

/// One bill of many.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BillOfMany {
    /// 户号
    account_no: String,
    /// Number within the account.
    bill_no: i64,
}

/// Many bills that are let through together.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ManyBills {
    /// The bills.
    #[schemars(length(min = 1, max = 500))]
    bills: Vec<BillOfMany>,
    /// What they come to, as it was shown: another sum is refused.
    amount: Money,
    /// In words.
    #[schemars(length(min = 1, max = 400))]
    reason: String,
}

/// A bill that was not let through.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct NotApproved {
    /// 户号
    account_no: String,
    /// Number within the account.
    bill_no: i64,
    /// Code of the refusal.
    code: String,
    /// In words.
    text: Bilingual,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct ManyApproved {
    /// Let through.
    approved: i64,
    /// What those come to.
    amount: Money,
    /// The others.
    refused: Vec<NotApproved>,
}

pub(super) fn bills_approve(
    ask: &mut Ask<'_>,
    _: &Nothing,
    body: &ManyBills,
) -> Result<ManyApproved, Problem> {
    if body.bills.is_empty() || body.bills.len() > MOST {
        return Err(Problem::unreadable("body", format!("bills: 1–{MOST}")));
    }
    let root = ask.root()?;
    let waiting = waiting_bills(ask.conn, root)?;
    let amount_of = |one: &BillOfMany| {
        let found =
            waiting.iter().find(|row| row.account_no == one.account_no && row.bill.bill_no == one.bill_no);
        found.map_or(Money::ZERO, |row| row.bill.amount)
    };
    let sum = body.bills.iter().map(amount_of).sum::<Money>();
    if sum != body.amount {
        return Err(Problem::unreadable("body", format!("amount: {sum}")));
    }
    let mut done = ManyApproved { approved: 0, amount: Money::ZERO, refused: Vec::new() };
    for one in &body.bills {
        let Some((account_id, true)) = account_in_scope(ask.conn, &one.account_no, root)? else {
            return Err(Problem::foreign_account());
        };
        match pending_approve(ask.conn, ask.work, ask.today, (account_id, one.bill_no), true, &body.reason) {
            Ok(()) => {
                done.approved += 1;
                done.amount += amount_of(one);
            }
            Err(OfficeError::Refused(refusal)) => done.refused.push(NotApproved {
                account_no: one.account_no.clone(),
                bill_no: one.bill_no,
                code: refusal.code.to_owned(),
                text: refusal.text,
            }),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(done)
}

/// A correction that waits for a second person.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct Corrected {
    /// The new bills, by number.
    bills: Vec<CorrectedBill>,
}

/// A new bill.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct CorrectedBill {
    /// Number within the account.
    bill_no: i64,
    /// What it is.
    kind: String,
    /// The bill that it corrects.
    corrects_no: Option<i64>,
    /// 金额: the difference, negative in the customer's favour.
    amount: Money,
}

impl Corrected {
    fn of(made: impl IntoIterator<Item = denghuo_office::billing::Correction>) -> Self {
        let bills = made.into_iter().map(|correction| CorrectedBill {
            bill_no: correction.bill.bill_no,
            kind: correction.bill.kind,
            corrects_no: correction.bill.corrects_no,
            amount: correction.bill.amount,
        });
        Self { bills: bills.collect() }
    }
}

pub(super) fn bill_rebilled(
    ask: &mut Ask<'_>,
    path: &BillPath,
    body: &ReasonBody,
) -> Result<Corrected, Problem> {
    let key = (ask.account()?, path.bill_no);
    Ok(Corrected::of(bill_rebill(ask.conn, ask.work, ask.today, key, &body.reason)?))
}

pub(super) fn bill_cancelled(
    ask: &mut Ask<'_>,
    path: &BillPath,
    body: &ReasonBody,
) -> Result<Corrected, Problem> {
    let key = (ask.account()?, path.bill_no);
    Ok(Corrected::of([bill_cancel(ask.conn, ask.work, ask.today, key, &body.reason)?]))
}

/// A described case: a metering error, theft, a breach of use.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssessBody {
    /// The case in the form of `denghuo quote` (docs/quote.schema.json).
    case: serde_json::Value,
    /// Why.
    #[schemars(length(min = 1, max = 400))]
    reason: String,
}

pub(super) fn bill_assessed(ask: &mut Ask<'_>, _: &Nothing, body: &AssessBody) -> Result<Corrected, Problem> {
    let account_id = ask.account()?;
    let text = body.case.to_string();
    Ok(Corrected::of([bill_assess(ask.conn, ask.work, ask.today, account_id, (&text, &body.reason))?]))
}
