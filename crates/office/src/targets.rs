//! 指标 (column `targets`): recovery targets are shared out, followed and closed; what people did is appraised and rewarded.

mod adjust;
mod appraise;
mod books;
mod charge;
mod close;
mod house;
mod plan;
mod records;
mod refusal;
mod sheet;
mod show;
mod todo;
mod verify;

pub use adjust::{AdjustOrder, target_adjust, target_confirm};
pub use appraise::{
    AppraisalShown, Decision, Said, SaidShown, appraisal_decide, appraisal_list, appraisal_say,
    appraisal_show, appraisals_measure,
};
pub use charge::{ChargeShown, charge_list, charge_set};
pub use close::{measure_ranges, measure_run};
pub use plan::{PlanOrder, target_plan};
pub use refusal::{RewardRefusal, TargetRefusal};
pub use sheet::{
    BonusLineShown, SheetDecision, SheetShown, sheet_decide, sheet_freeze, sheet_list, sheet_make, sheet_show,
};
pub use show::{NodeShown, TargetLine, TargetShown, Wanted, target_list, target_show};
pub use verify::{TargetCheck, verify_bonuses, verify_scores};
