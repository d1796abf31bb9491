//! 抄表 (column `metering`): reading orders come and go, readings are taken in, every due reading gets its verdict, and a
//! doubtful one becomes a task. A reading that is missing is never a zero.

mod correct;
mod exceptions;
mod file;
mod orders;
mod refusal;
mod register;
mod settle;
mod verify;

#[cfg(test)]
pub(crate) mod tests;

pub use correct::{REBILL_TASK, reading_correct, reading_with};
pub(crate) use exceptions::subject_of_reading;
pub use exceptions::{Answer, ExceptionKind, Resolution, exception_list, exception_resolve, exception_show};
pub use file::{Imported, READINGS, readings_import};
pub use orders::{orders_close, orders_open, routes_judge};
pub use refusal::{ExceptionRefusal, ReadingRefusal};
pub use register::{ReadingRow, Registered, Rejected, readings_register};
pub use verify::{AccountVerdict, VerifyDecision, VerifyStage, account_doubts, account_verdict};
