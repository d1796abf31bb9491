//! 收费 (column `payments`): counter, bank files, prepayments, reversals, refunds, reconciliation, day close.
//!
//! Every use case loads the books of the account, decides on them, and saves in the same transaction. A channel's id
//! makes it idempotent: the same id with the same content is "already there", with other content it is refused.

mod bank;
mod bank_format;
mod close;
mod counter;
mod decide;
mod intents;
mod paper;
mod prepaid;
mod provider;
mod reconcile;
mod refund;
mod requests;
mod suspense;

#[cfg(test)]
mod tests;

pub use bank::{BankImport, Imported, import_collection};
pub use bank_format::{BankRow, COLLECTION, STATEMENT, bank_rows};
pub use close::{CloseReport, close_day, report_of_day};
pub use counter::{Posted, Receipt, find_account, pay, reverse};
pub use decide::{Payment, Terms};
pub use intents::{
    INTENT_MINUTES, IntentOrder, IntentRefusal, intent_cancel, intent_make, intent_show, intent_state,
};
pub use paper::receipt_paper;
pub use prepaid::{apply_prepayments, prepaid_ranges};
pub use provider::{
    ProviderCall, ProviderDone, ProviderOutcome, ProviderRefusal, provider_body, provider_call, provider_pay,
};
pub use reconcile::{Reconciled, reconcile};
pub use refund::{RefundOrder, refund};
pub use requests::{refund_approve, refund_ask, refund_reject};
pub use suspense::{resolve_suspense, return_suspense, suspense_list};
