//! 现场作业 (column `field`): what a phone takes along, and the deeds that it brings back when it has a line again.
//!
//! A deed is done through the use case of its column, as if it had been done at a desk, and once: its id is the phone's. What cannot be
//! taken in any more, because somebody else read the meter or the notice was withdrawn meanwhile, is refused with its reason and kept as
//! a task with its proofs, so that nothing is lost. A cut is never executed by a deed: that needs the live warrant, and so a line.

mod acts;
mod deed;
mod package;
mod sync;

pub use deed::{Act, Deed, DeedAnswer, DeedFile, Place, RegisterValue, SignerShown};
pub use package::{
    ChangeLimits, CutWork, FieldPackage, FieldRights, MeterWork, NoticeWork, OperationShown, PastUse,
    VerdictRules, package,
};
pub use sync::{CONFLICT, NO_READING, deed_take, unreadable};
