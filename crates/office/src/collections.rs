//! 欠费与违约金 (column `collections`): late fees of an account's books, arrears, waivers, recovery.

mod ageing;
mod approvals;
mod arrears;
mod call;
mod explain;
mod fees;
mod hold;
mod ladder;
mod month_end;
mod plan;
mod verify;
mod waive;
mod worklist;

pub use ageing::{AgeingFlow, UnitAgeing, age_months, ageing_by_unit, ageing_moves};
pub use approvals::{
    Asked, PlanAsk, PlanChecked, WaiverAsk, Wish, approval_decide, approval_request, plan_check,
    waiver_open_fee, waiver_rule,
};
pub use arrears::{AgeingTotal, Arrears, ArrearsRow, arrears, late_fees_of};
pub use call::{CallHours, CallNote, CallNoted, call_hours, call_note};
pub use explain::{BalanceExplained, FeeExplained, explain_balance, explain_late_fee};
pub use fees::FeeBook;
pub use hold::{HoldOrder, hold_end, hold_of_ticket, hold_release, hold_set, holds_of};
pub use ladder::{
    Debtor, Debtors, DemandRefusal, DunDecision, DunStage, LadderShown, Ladders, StepRefusal, debtors,
    debtors_due, demand_now, ladder_show, step_done,
};
pub use month_end::{book_late_fees, late_fee_ranges};
pub use plan::{Agreed, PlanOrder, plan_cancel, plan_make, plans_of};
pub use verify::{FeeCheck, verify_fees, verify_stops};
pub use waive::{WaiveOrder, waive};
pub use worklist::{WorkLine, worklist};

use crate::error::OfficeError;
use denghuo_rules::targets::{Recovery, RecoveryRates};
use denghuo_store::Conn;
use jiff::civil::Date;

/// 回收率 of a period, both days inclusive.
///
/// # Errors
/// The database's.
pub fn recovery(conn: &mut Conn, from: Date, to: Date) -> Result<(Recovery, RecoveryRates), OfficeError> {
    let recovery = denghuo_store::collections::recovery(conn, from, to)?;
    Ok((recovery, recovery.rates()))
}
