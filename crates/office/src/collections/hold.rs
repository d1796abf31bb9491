//! 暂缓催收: set and released by people, with a reason.

use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::collections::hold::{HoldKind, HoldRefusal, HoldRequest, HoldRules, TOPIC};
use denghuo_rules::registry::StaffRole;
use denghuo_store::audit;
use denghuo_store::collections::{self, HoldRow};
use denghuo_store::day::Range;
use denghuo_store::{Conn, ledger};
use jiff::civil::Date;

/// 暂缓单: a hold as it is ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldOrder {
    /// The account.
    pub account_id: i64,
    /// Why.
    pub kind: HoldKind,
    /// The bill; 0 for every debt of the account.
    pub bill_no: i64,
    /// Last day; the longest that the rule allows when not given.
    pub until_on: Option<Date>,
    /// In words.
    pub reason: String,
    /// What it comes from, such as the number of a complaint: the same again changes nothing.
    pub source: String,
}

/// Sets a hold from today on; gives it. The same again gives the one that is there.
///
/// # Errors
/// A [`HoldRefusal`], a person who is not on the staff list, or the database's.
pub fn hold_set(
    conn: &mut Conn,
    work: &Work<'_>,
    order: &HoldOrder,
    on: Date,
) -> Result<HoldRow, OfficeError> {
    work.check_date(on)?;
    let rules = work.book.pick::<HoldRules>(TOPIC, &work.site, on)?.params;
    conn.write(|conn| {
        let role = role_of(conn, work, on)?;
        ledger::lock(conn, order.account_id)?;
        if order.bill_no != 0 && collections::debt(conn, order.account_id, order.bill_no)?.is_none() {
            return Err(OfficeError::refuse(HoldRefusal::UnknownBill(order.bill_no)));
        }
        let there = of_account(conn, order.account_id)?;
        let same = there.iter().find(|hold| {
            hold.released_on.is_none()
                && (hold.kind, hold.bill_no, hold.source.as_str())
                    == (order.kind, order.bill_no, order.source.as_str())
        });
        if let Some(hold) = same {
            let same_until = order.until_on.is_none() || order.until_on == hold.until_on;
            return if hold.reason == order.reason && same_until {
                Ok(hold.clone())
            } else {
                Err(OfficeError::refuse(HoldRefusal::SameSourceOtherContent(order.source.clone())))
            };
        }
        let request = HoldRequest {
            kind: order.kind,
            from_on: on,
            until_on: order.until_on,
            reason: &order.reason,
            role,
        };
        let until_on = rules.decide(&request).map_err(OfficeError::refuse)?;
        let hold = HoldRow {
            account_id: order.account_id,
            hold_no: collections::last_hold_no(conn, order.account_id)? + 1,
            kind: order.kind,
            bill_no: order.bill_no,
            from_on: on,
            until_on,
            reason: order.reason.clone(),
            source: order.source.clone(),
            set_by: work.by.clone(),
            released_by: None,
            released_on: None,
            release_reason: None,
        };
        collections::save_holds(conn, std::slice::from_ref(&hold))?;
        collections::ladder_touch(conn, order.account_id, on)?;
        mark(conn, work, &hold, "hold.set", on)?;
        Ok(hold)
    })
}

/// Releases a hold from today on; a hold that was released stays as it is.
///
/// # Errors
/// A [`HoldRefusal`], a person who is not on the staff list, or the database's.
pub fn hold_release(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, hold_no): (i64, i64),
    reason: &str,
    on: Date,
) -> Result<HoldRow, OfficeError> {
    work.check_date(on)?;
    let rules = work.book.pick::<HoldRules>(TOPIC, &work.site, on)?.params;
    conn.write(|conn| {
        let role = role_of(conn, work, on)?;
        ledger::lock(conn, account_id)?;
        let hold = of_account(conn, account_id)?.into_iter().find(|hold| hold.hold_no == hold_no);
        let hold = hold.ok_or_else(|| OfficeError::refuse(HoldRefusal::UnknownHold(hold_no)))?;
        if hold.released_on.is_some() {
            return Ok(hold);
        }
        rules.may_release(hold.kind, role, reason).map_err(OfficeError::refuse)?;
        release(conn, work, hold, reason, on)
    })
}

/// Ends a hold in the running transaction.
pub(super) fn release(
    conn: &mut Conn,
    work: &Work<'_>,
    hold: HoldRow,
    reason: &str,
    on: Date,
) -> Result<HoldRow, OfficeError> {
    let hold = HoldRow {
        released_by: Some(work.by.clone()),
        released_on: Some(on),
        release_reason: Some(reason.to_owned()),
        ..hold
    };
    collections::save_holds(conn, std::slice::from_ref(&hold))?;
    collections::ladder_touch(conn, hold.account_id, on)?;
    mark(conn, work, &hold, "hold.release", on)?;
    Ok(hold)
}

/// 工单暂缓: what an open ticket holds, in the running transaction. It ends with the ticket, so no rule sets its last day and nobody's role
/// is asked; the same again changes nothing.
///
/// # Errors
/// The database's.
pub fn hold_of_ticket(
    conn: &mut Conn,
    work: &Work<'_>,
    order: &HoldOrder,
    on: Date,
) -> Result<(), OfficeError> {
    ledger::lock(conn, order.account_id)?;
    let there = of_account(conn, order.account_id)?;
    if there.iter().any(|hold| hold.released_on.is_none() && hold.source == order.source) {
        return Ok(());
    }
    let hold = HoldRow {
        account_id: order.account_id,
        hold_no: collections::last_hold_no(conn, order.account_id)? + 1,
        kind: order.kind,
        bill_no: order.bill_no,
        from_on: on,
        until_on: None,
        reason: order.reason.clone(),
        source: order.source.clone(),
        set_by: work.by.clone(),
        released_by: None,
        released_on: None,
        release_reason: None,
    };
    collections::save_holds(conn, std::slice::from_ref(&hold))?;
    collections::ladder_touch(conn, order.account_id, on)?;
    mark(conn, work, &hold, "hold.set", on)
}

/// Ends what a source holds, in the running transaction.
///
/// # Errors
/// The database's.
pub fn hold_end(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, source): (i64, &str),
    reason: &str,
    on: Date,
) -> Result<(), OfficeError> {
    ledger::lock(conn, account_id)?;
    for hold in of_account(conn, account_id)? {
        if hold.released_on.is_none() && hold.source == source {
            release(conn, work, hold, reason, on)?;
        }
    }
    Ok(())
}

/// Holds of an account, released or not.
///
/// # Errors
/// The database's.
pub fn holds_of(conn: &mut Conn, account_id: i64) -> Result<Vec<HoldRow>, OfficeError> {
    Ok(of_account(conn, account_id)?)
}

fn of_account(conn: &mut Conn, account_id: i64) -> Result<Vec<HoldRow>, denghuo_store::StoreError> {
    collections::holds(conn, Range { from: account_id, to: account_id })
}

fn role_of(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<StaffRole, OfficeError> {
    Ok(access::on_staff(conn, &work.by, on)?.0.unwrap_or(StaffRole::Other))
}

fn mark(conn: &mut Conn, work: &Work<'_>, hold: &HoldRow, action: &str, on: Date) -> Result<(), OfficeError> {
    let after = format!("{} {}", hold.kind.word(), hold.release_reason.as_ref().unwrap_or(&hold.reason));
    let mark = audit::Mark {
        account_id: hold.account_id,
        happened_on: on,
        subject: &format!("hold:{}", hold.hold_no),
        action,
        who: &work.by,
        before: None,
        after: Some(&after),
        recorded_at: work.now,
    };
    Ok(audit::mark(conn, &mark)?)
}
