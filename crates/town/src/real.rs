//! 实数: the data folder as a company: measured consumption, integrated to registers, read, billed and proven.

mod build;
mod live;
mod registers;
mod report;
mod samples;

pub use build::{ASSUMPTIONS, RealCompany, company};
pub use live::bill_real;
pub use registers::{HomeMeter, daily_meter, home_meter, quarter_meter, shifted};
pub use report::{GapReport, LargestBill, RealReport};
pub use samples::{Gap, Moment, Quarter, Sample, Series, long_table, quarters, wide_table};
