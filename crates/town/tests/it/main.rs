//! The town as a whole.

mod gaps;
mod town;
