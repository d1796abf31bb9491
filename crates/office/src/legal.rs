//! 法律 (column `legal`): the clock of every overdue debt, and the measures that follow on each other: letter, payment order,
//! suit, claim in bankruptcy. The day proposes, a manager approves, counsel acts; nothing is claimed that is disputed.

mod cases;
mod clock;
mod notes;
mod order;
mod refusal;
mod requests;
mod stage;
mod verify;
mod write_off;

pub use cases::{CaseStep, case_approve, case_close, case_propose, case_reject, case_step};
pub use clock::{DebtClock, clocks};
pub use notes::{
    NewEvent, NewInsolvency, NewSecurity, event_note, insolvency_end, insolvency_note, security_add,
    security_release,
};
pub use order::{OrderList, payment_order_list};
pub use refusal::LegalRefusal;
pub use requests::{WriteOffAsk, write_off_approve, write_off_ask, write_off_reject};
pub use stage::{legal_ranges, legal_run};
pub use verify::{ClockCheck, verify_clocks};
pub use write_off::{WriteOffOrder, write_off, write_off_recover};
