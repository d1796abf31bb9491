//! 欠费与催收 (column `collections`): when a bill is due, what its arrears cost per day, how old they are, and who may waive what.

pub mod ageing;
pub mod due;
pub mod hold;
pub mod ladder;
pub mod late_fee;
pub mod plan;
pub mod waiver;
pub mod worklist;
