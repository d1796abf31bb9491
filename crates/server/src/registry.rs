//! 客户档案: search, the customer's page, his timeline and contacts.

mod contacts;
mod overview;
mod timeline;

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use crate::sorting::{Sort, ordered_by};
use denghuo_office::registry::{FoundAccount, find_accounts};
use denghuo_rules::access::Permission;
use denghuo_store::registry::FIND_ORDERS;
use schemars::JsonSchema;
use serde::Deserialize;

/// The endpoints.
pub fn routes() -> Routes {
    let see = Permission::SeeAccounts;
    let routes = Routes::of("registry", "客户档案")
        .list(
            "/accounts",
            see,
            ("找户", "Accounts by number, telephone, meter, name or address: one text, the first way that finds something counts"),
            account_find,
        )
        .get("/accounts/{account_no}", see, ("客户全景", "The customer's page: card, balance, what comes next, alerts"), overview::account_show)
        .list("/accounts/{account_no}/timeline", see, ("时间轴", "Everything that happened on an account, the newest first"), timeline::account_timeline);
    contacts::add(routes)
}

/// What is looked for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct FindQuery {
    /// A number, telephone, meter, name or address; names and addresses match in any part.
    #[schemars(length(min = 1, max = 100))]
    q: String,
    /// Show names and addresses in full; the look is kept.
    #[serde(default)]
    personal: bool,
    /// The order; as they were opened when not given.
    #[serde(default)]
    sort: Sort<FoundAccount>,
}

ordered_by!(FoundAccount, FIND_ORDERS);

fn account_find(ask: &mut Ask<'_>, _: &Nothing, query: &FindQuery) -> Result<List<FoundAccount>, Problem> {
    let text = query.q.trim();
    if text.is_empty() || text.chars().count() > 100 || text.contains('\0') {
        return Err(Problem::unreadable("q", "q: 1–100"));
    }
    let root = ask.root()?;
    let in_full = ask.in_full(query.personal, 0, &format!("search:{text}"))?;
    let limit = i64::try_from(ask.page.limit).unwrap_or(i64::MAX);
    let order = ask.page.slice(&FIND_ORDERS, &query.sort)?;
    let items = find_accounts(ask.conn, text, (limit, root), &order, in_full)?;
    Ok(List { items, next_cursor: None })
}
