//! 通知: what an account was told, and how it arrived.

use crate::ask::Ask;
use crate::input::{Nothing, PersonalQuery};
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::notices::{NoticeShown, notice_list};
use denghuo_rules::access::Permission;

/// The endpoints.
pub fn routes() -> Routes {
    Routes::of("notices", "通知").list(
        "/accounts/{account_no}/notices",
        Permission::SeeAccounts,
        ("通知与送达", "What an account was told, with every delivery, the newest first"),
        account_notices,
    )
}

fn account_notices(
    ask: &mut Ask<'_>,
    _: &Nothing,
    query: &PersonalQuery,
) -> Result<List<NoticeShown>, Problem> {
    let account_id = ask.account()?;
    let in_full = ask.in_full(query.personal, account_id, "notices")?;
    let notices = notice_list(ask.conn, account_id, in_full)?;
    ask.page.cut(notices, |notice| notice.notice_no.to_string())
}
