//! 电费计算 (column `billing`): from what was used, on which terms and at which prices, to the lines of a bill.
//!
//! One pure function, [`price_bill`], prices every kind of account. It allocates nothing once the buffers of its
//! [`BillDraft`] are warm, and it tells its steps to a [`crate::derivation::Sink`]: the same code runs silently in the batch and
//! aloud for `explain`.
//!
//! The way to a bill: [`Compiler`] turns the rulebook into [`Params`] and [`SegmentPrices`] once per price version;
//! [`BillInput`] lists the [`Segment`]s of a period (a new one where prices, terms or the meter change); the lines come out
//! in a [`BillDraft`]. [`BillFacts`] is what to keep beside a bill so that it can be derived again years later.
//! [`difference()`] compares what should stand with what stands (退补); [`compare`] says why a bill is higher than another.
//! [`back_bill`], [`assess_theft`] and [`assess_breach`] are the calculators of metering errors, theft and breach of use;
//! [`hourly`] sums a year of hours into months; [`quote`] prices a described case without a database.

mod assessment;
mod breach;
mod capacity;
mod comparison;
mod compile;
mod correction;
mod difference;
mod draft;
mod energy;
mod facts;
pub mod hourly;
mod household;
mod input;
mod item;
mod kernel;
mod params;
mod power_factor;
mod proration;
pub mod quote;
mod refusal;
#[cfg(test)]
mod tests;
mod theft;
mod usage;

pub use assessment::{Assessment, AssessmentRefusal};
pub use breach::{Breach, BreachParams, assess_breach};
pub use comparison::{Cause, Compared, Comparison, Effect, compare};
pub use compile::{CompileRefusal, Compiler, PricePlan, RuleIds, RuleRef, SegmentPrices};
pub use compile::{FixedPrice, Surcharge, TierPlan, TierTouPlan};
pub use correction::{BackBillingParams, MeteringFault, Recorded, back_bill, correction_rate};
pub use difference::difference;
pub use draft::{BillDraft, Line, Share};
pub use facts::{BillFacts, PricingRefusal, SegmentFacts};
pub use input::{BillInput, HouseholdState, Segment};
pub use item::{Item, Unit};
pub use kernel::price_bill;
pub use params::{
    CosPhiFrom, DemandParams, FixedFrom, FixedPartsParams, FlatPriceParams, HouseholdTiersParams,
    HouseholdTouParams, LargeFamilyParams, Params, PfTable, PowerFactorParams, ProrationParams,
    RoundingParams,
};
pub use power_factor::cos_phi;
pub use proration::MonthBasis;
pub use refusal::BillRefusal;
pub use theft::{Theft, TheftParams, TheftUse, assess_theft};
