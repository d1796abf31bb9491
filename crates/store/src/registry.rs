//! 客户档案 (column `registry`): organisation, customers, accounts with their versions, meters and contacts.
//!
//! Versions (`from_on`, `until_on`) name their first and last day, both inclusive. An installation ends on the day of its
//! removal, the day on which the next meter may begin. What a shard of accounts needs is read in one query per table, in
//! the order of the accounts.

mod card;
mod codes;
mod contacts;
mod files;
mod find;
mod rows;
mod terms;
mod timeline;
mod tree;
mod versions;
mod write;

pub use card::{
    Card, accounts, card, cards, contacts, contacts_of, contracts, contracts_in_force, installations,
    installations_between,
};
pub use codes::{Numbered, Registered, code_of, codes, last_id, last_numbers, meter_digits, points};
pub use contacts::{
    ContactEventRow, FAILURE_ORDERS, FailedContact, KnownContact, contact_events, contact_heard_on,
    contacts_in_trouble, failed_contacts, insert_contact_events, known_contact, known_contacts,
    last_contact_event_no, save_contact, silent_contacts,
};
pub use files::{ImportedFile, imported_file, imported_files, keep_imported_file};
pub use find::{FIND_ORDERS, Found, find};
pub use rows::{
    Account, Contact, Contract, Customer, District, Estate, Installation, Meter, MeterUse, Org, Point, Route,
    Staff, Terms,
};
pub use terms::{terms_history, terms_in_force};
pub use timeline::{Happening, happenings};
pub use tree::{account_by_no, descendants, orgs, route, staff_on, staff_place};
pub use versions::{close_contracts, close_terms, meter_uses, update_accounts, update_flags};
pub use write::RegisterReading;
pub use write::{
    insert_accounts, insert_contacts, insert_contracts, insert_customers, insert_districts, insert_estates,
    insert_installations, insert_meters, insert_orgs, insert_points, insert_register_readings, insert_routes,
    insert_staff, insert_terms,
};
