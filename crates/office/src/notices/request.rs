//! 通知的提出: another column asks, the notice and its first delivery are written in its transaction.

use super::NoticeOrder;
use super::content::{General, completed};
use super::policies::{Policies, Reach, row_of, undeliverable};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_store::day::{Range, spans};
use denghuo_store::notices::{self, DeliveryRow, Face, NoticeRow, Place};
use denghuo_store::registry::{self, KnownContact};
use denghuo_store::tasks::{self, NewTask};
use denghuo_store::{Conn, ledger};
use jiff::civil::{Date, DateTime};
use std::collections::{BTreeSet, HashMap};

/// Decides and queues a notice in the running transaction; gives its number. Asked again for the same kind and subject, it
/// gives the number of the notice that is there.
///
/// # Errors
/// A missing rule; the database's.
pub fn notice_request(
    conn: &mut Conn,
    work: &Work<'_>,
    order: &NoticeOrder,
    on: Date,
) -> Result<i64, OfficeError> {
    // The books' row is the lock of everything that an account owns.
    ledger::lock(conn, order.account_id)?;
    if let Some(there) = notices::notice_about(conn, order.account_id, order.kind, &order.subject)? {
        return Ok(there.notice_no);
    }
    let numbers = notices_request(conn, work, std::slice::from_ref(order), on)?;
    Ok(numbers.first().copied().unwrap_or_default())
}

/// Like [`notice_request`] for many orders, with no query for each account; gives their numbers in the same order.
///
/// # Errors
/// A missing rule; the database's.
pub fn notices_request(
    conn: &mut Conn,
    work: &Work<'_>,
    orders: &[NoticeOrder],
    on: Date,
) -> Result<Vec<i64>, OfficeError> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let policies = Policies::of(conn, work, on)?;
    let general = General::of(conn, work, on)?;
    let accounts: BTreeSet<i64> = orders.iter().map(|order| order.account_id).collect();
    let mut numbers = vec![0; orders.len()];
    for range in spans(accounts) {
        ledger::lock_range(conn, range)?;
        let mut known = Known::load(conn, &policies, range, on)?;
        let mut out = Out::default();
        for (order, number) in orders.iter().zip(&mut numbers) {
            if (range.from..=range.to).contains(&order.account_id) {
                *number = known.plan(&policies, &general, order, on, &mut out)?;
            }
        }
        out.write(conn)?;
    }
    Ok(numbers)
}

/// What is to be written.
#[derive(Default)]
pub(super) struct Out {
    pub(super) notices: Vec<NoticeRow>,
    pub(super) deliveries: Vec<DeliveryRow>,
    pub(super) tasks: Vec<NewTask>,
}

impl Out {
    pub(super) fn write(&self, conn: &mut Conn) -> Result<(), OfficeError> {
        notices::insert_notices(conn, &self.notices)?;
        notices::insert_deliveries(conn, &self.deliveries)?;
        Ok(tasks::open(conn, &self.tasks)?)
    }
}

/// What is known of the accounts of a range.
struct Known {
    places: HashMap<i64, Place>,
    faces: HashMap<i64, Face>,
    contacts: Vec<KnownContact>,
    keys: HashMap<(i64, denghuo_rules::notices::NoticeKind, String), i64>,
    numbers: HashMap<i64, i64>,
    others: HashMap<i64, Vec<DateTime>>,
}

impl Known {
    fn load(conn: &mut Conn, policies: &Policies<'_>, range: Range, on: Date) -> Result<Self, OfficeError> {
        let mut others: HashMap<i64, Vec<DateTime>> = HashMap::new();
        if let Some(limits) = policies.limits() {
            for (customer, moment) in
                notices::capped_moments(conn, range, &limits.capped, plus_days(on, -14))?
            {
                others.entry(customer).or_default().push(moment);
            }
        }
        Ok(Self {
            places: notices::places(conn, range)?.into_iter().map(|p| (p.account_id, p)).collect(),
            faces: notices::faces(conn, range, on)?.into_iter().map(|f| (f.account_id, f)).collect(),
            contacts: registry::known_contacts(conn, range)?,
            keys: notices::notice_keys(conn, range)?,
            numbers: notices::last_notice_numbers(conn, range)?,
            others,
        })
    }

    /// Plans a notice with its first delivery; gives its number, new or old.
    fn plan(
        &mut self,
        policies: &Policies<'_>,
        general: &General,
        order: &NoticeOrder,
        on: Date,
        out: &mut Out,
    ) -> Result<i64, OfficeError> {
        let account_id = order.account_id;
        let key = (account_id, order.kind, order.subject.clone());
        if let Some(there) = self.keys.get(&key) {
            return Ok(*there);
        }
        let number = self.numbers.entry(account_id).or_insert(0);
        *number += 1;
        let notice_no = *number;
        let unknown = Place {
            account_id,
            account_no: String::new(),
            customer_id: 0,
            org_id: 0,
            address: String::new(),
        };
        let place = self.places.get(&account_id).unwrap_or(&unknown);
        let content = completed(order, notice_no, place, self.faces.get(&account_id), general, on);
        let mut notice = row_of(order, notice_no, content, on);
        let reach = Reach {
            place,
            contacts: of_account(&self.contacts, account_id),
            others: self.others.get(&place.customer_id).map_or(&[], Vec::as_slice),
        };
        match policies.next_delivery(&notice, &reach, &[], on.to_datetime(jiff::civil::Time::MIN))? {
            Some(delivery) => {
                if policies.is_capped(notice.kind, delivery.channel) {
                    self.others.entry(place.customer_id).or_default().push(delivery.next_at);
                }
                out.deliveries.push(delivery);
            }
            // What nobody asked for is not told, and nobody has to look for a way.
            None if policies.channels(order.kind).on_request => {
                "withdrawn".clone_into(&mut notice.state);
                (notice.ended_on, notice.ended_why) = (Some(on), Some("not_asked_for".to_owned()));
            }
            None => out.tasks.push(undeliverable(&notice, on)),
        }
        out.notices.push(notice);
        self.keys.insert(key, notice_no);
        Ok(notice_no)
    }
}

/// The contacts of one account among those of a range, which are in order.
pub(super) fn of_account(contacts: &[KnownContact], account_id: i64) -> &[KnownContact] {
    let from = contacts.partition_point(|contact| contact.account_id < account_id);
    let to = contacts.partition_point(|contact| contact.account_id <= account_id);
    &contacts[from..to]
}
