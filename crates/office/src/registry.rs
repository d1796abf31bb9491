//! 客户档案 (column `registry`): files of the registry become organisation, customers, accounts, meters and contacts.
//!
//! [`import_kind`] and [`import_workbook`] check a file whole and load it in one transaction or not at all;
//! [`mod@census`] compares a census with what is there and writes new versions that keep history. [`account_card`] shows one
//! account.

mod census;
mod contacts;
mod intake;
mod kinds;
mod load;
mod show;

#[cfg(test)]
mod tests;

pub use census::{Census, Change, census};
pub use contacts::{
    CALL, CheckResult, ContactRefusal, ContactShown, EventShown, NewContact, VISIT, contact_add,
    contact_checked, contact_consent, contact_designate, contact_failures, contact_fits, contact_in_trouble,
    contact_is_silent, contact_receipts, contact_show, contacts_show,
};
pub use kinds::formats;
pub use load::{ImportFailure, Loaded, Outcome, Request, import_kind, import_workbook};
pub use show::{
    AccountCard, ContactLine, ContractLine, FoundAccount, InstallationLine, Personal, TermsLine,
    account_card, account_unknown, find_accounts, mask,
};
