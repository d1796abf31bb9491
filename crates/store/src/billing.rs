//! 电费 (column `billing`): what the calculation of a shard needs, and the bills it writes.

mod load;
mod release;
mod rows;
mod totals;

pub use crate::metering::due_ranges;
pub use load::{BillingAccount, StateRow, accounts_due, billed_ranges, blocked_accounts, state, states};
pub use release::{
    PendingBill, StandingRelease, WAITING_ORDERS, WaitingBill, WaitingFilter, decide_pending,
    grant_standing_release, pending, pending_ranges, standing_releases, take_released, waiting_bills,
    waiting_page,
};
pub use rows::{
    BillRow, LineRow, RuleSetRow, bill, bill_lines, bills_of, close_parked_tasks, insert_bills, insert_lines,
    insert_pending, keep_rule_sets, lines_of, rule_set, save_states,
};
pub use totals::{AccountTotals, account_totals};
