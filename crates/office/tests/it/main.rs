//! Lives of a small company through the use cases: what holds whatever happens, and on whichever database.

mod act;
mod appraisal;
mod bundle;
mod cost;
mod cut_histories;
mod cuts;
mod debtor;
mod engines;
mod histories;
mod legal;
mod luck;
mod notices;
mod outreach;
mod problems;
mod supervision;
mod tamper;
mod targets;
mod tickets;
mod world;
