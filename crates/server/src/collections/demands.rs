//! 批量催缴: the demand notices of marked debtors are asked for at once; each account has its own answer.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::collections::demand_now;
use denghuo_office::error::OfficeError;
use denghuo_rules::access::Permission;
use denghuo_rules::derivation::Bilingual;
use denghuo_store::access::account_in_scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Accounts that are asked for at once at most.
const MOST: usize = 500;

/// The endpoint.
pub fn add(routes: Routes) -> Routes {
    routes
        .post(
            "/worklist/demands",
            Permission::WorkLadder,
            (
                "批量催缴通知",
                "Ask now for the demand notices that the ladders of many accounts ask for; each is told whether it was",
            ),
            demands,
        )
        .once()
}

/// For whom.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DemandBody {
    /// 户号; one that is named twice counts once.
    #[schemars(length(min = 1, max = 500))]
    accounts: Vec<String>,
}

/// A notice that was asked for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Demanded {
    /// 户号
    account_no: String,
    /// Number of the notice within the account.
    notice_no: i64,
}

/// An account for which nothing was asked.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct NotDemanded {
    /// 户号
    account_no: String,
    /// Code of the refusal.
    code: String,
    /// In words.
    text: Bilingual,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Demands {
    /// The notices.
    asked: Vec<Demanded>,
    /// The other accounts.
    refused: Vec<NotDemanded>,
}

fn demands(ask: &mut Ask<'_>, _: &Nothing, body: &DemandBody) -> Result<Demands, Problem> {
    if body.accounts.is_empty() || body.accounts.len() > MOST {
        return Err(Problem::unreadable("body", format!("accounts: 1–{MOST}")));
    }
    let root = ask.root()?;
    let (mut done, mut seen) = (Demands { asked: Vec::new(), refused: Vec::new() }, BTreeSet::new());
    for account_no in &body.accounts {
        if !seen.insert(account_no) {
            continue;
        }
        let Some((account_id, true)) = account_in_scope(ask.conn, account_no, root)? else {
            return Err(Problem::foreign_account());
        };
        let account_no = account_no.clone();
        match demand_now(ask.conn, ask.work, account_id, ask.today) {
            Ok(notice_no) => done.asked.push(Demanded { account_no, notice_no }),
            Err(OfficeError::Refused(refusal)) => {
                let code = refusal.code.to_owned();
                done.refused.push(NotDemanded { account_no, code, text: refusal.text });
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(done)
}
