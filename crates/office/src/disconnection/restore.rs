//! 复电: who has paid or given security is restored, in the hours that the strictest rule gives, whatever else stands.

use super::operate::{doubtful, key_of, restored_remotely};
use super::{CutRefusal, cases, live, standing};
use crate::access;
use crate::error::OfficeError;
use crate::ports::{PortError, RemoteRelay};
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::disconnection::{CutLaw, CutState};
use denghuo_store::disconnection::{self as store, CutCase, OperationRow};
use denghuo_store::tasks::{self, NewTask, Resolution};
use denghuo_store::{Conn, ledger};
use jiff::Span;
use jiff::civil::DateTime;

/// Task of the field staff.
pub const FIELD: &str = "restoration";
/// Task of the manager when the promised hours have passed.
pub const LATE: &str = "restoration_late";

/// Hours in which power is back where no rule says it.
const HOURS: u16 = 24;

/// Orders the restoration of a case whose cause has ended; nothing when it is ordered already.
///
/// # Errors
/// The database's.
pub(super) fn order(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &CutCase,
    law: &CutLaw<'_>,
    (ended_at, why, at): (DateTime, &str, DateTime),
) -> Result<bool, OfficeError> {
    let operations = store::operations_of(conn, case.account_id)?;
    let ordered = |o: &OperationRow| o.case_no == case.case_no && o.kind == "restore" && o.state != "failed";
    if operations.iter().any(ordered) {
        return Ok(false);
    }
    let hours = law.restore_hours.as_ref().map_or(HOURS, |hours| hours.value);
    let due_at = ended_at.checked_add(Span::new().hours(i64::from(hours))).unwrap_or(ended_at);
    let row = OperationRow {
        account_id: case.account_id,
        operation_no: store::last_operation_no(conn, case.account_id)? + 1,
        case_no: case.case_no,
        kind: "restore".to_owned(),
        channel: "field".to_owned(),
        state: "ordered".to_owned(),
        warrant_no: None,
        ordered_at: at,
        ordered_by: work.by.clone(),
        due_at: Some(due_at),
        done_at: None,
        done_by: None,
        detail: Some(why.to_owned()),
        evidence_no: None,
    };
    store::save_operation(conn, &row)?;
    let task = NewTask {
        account_id: case.account_id,
        kind: FIELD,
        subject: format!("operation:{}", row.operation_no),
        codes: why.to_owned(),
        detail: Bilingual::new(
            format!("须于{due_at}前恢复供电"),
            format!("power has to be back by {due_at}"),
        ),
        owner_role: "inspector",
        opened_on: at.date(),
        due_on: Some(due_at.date()),
    };
    tasks::open(conn, &[task])?;
    cases::mark(conn, work, case, ("cut.restore", None, Some(why)), at.date())?;
    Ok(true)
}

/// Orders a restoration without a payment: power was cut by mistake, or a manager decides so.
///
/// # Errors
/// A [`CutRefusal`], or the database's.
pub fn restore_order(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    reason: &str,
    at: DateTime,
) -> Result<OperationRow, OfficeError> {
    conn.write(|conn| {
        access::approval_level(conn, &work.by, at.date())?;
        ledger::lock(conn, account_id)?;
        let case = live(conn, account_id)?;
        standing(&case, &[CutState::Cut])?;
        let loaded = super::facts::load(conn, work, account_id, Some(&case), at)?;
        order(conn, work, &case, &loaded.law, (at, reason, at))?;
        open_restoration(conn, &case)
    })
}

fn open_restoration(conn: &mut Conn, case: &CutCase) -> Result<OperationRow, OfficeError> {
    let operations = store::operations_of(conn, case.account_id)?;
    operations
        .into_iter()
        .find(|o| o.case_no == case.case_no && o.kind == "restore" && cases::is_open(&o.state))
        .ok_or_else(|| OfficeError::refuse(CutRefusal::NoOperation))
}

/// Restores by the relay of the meter: done, to be confirmed at the meter, to be tried again, or in doubt.
///
/// # Errors
/// A [`CutRefusal`], or the database's.
pub fn restore_send(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    relay: &dyn RemoteRelay,
    at: DateTime,
) -> Result<OperationRow, OfficeError> {
    let mut row = conn.write(|conn| {
        ledger::lock(conn, account_id)?;
        let case = live(conn, account_id)?;
        let mut row = open_restoration(conn, &case)?;
        // Sent once: what was sent, or is in doubt, is looked at by a person.
        if row.state != "ordered" || row.channel == "remote" {
            return Err(OfficeError::refuse(CutRefusal::WrongState { state: case.state }));
        }
        row.channel = "remote".to_owned();
        store::save_operation(conn, &row)?;
        Ok(row)
    })?;
    let mut outcome = Ok(false);
    for meter_no in store::meters_of(conn, account_id, at.date())? {
        match (relay.close(&key_of(&row), &meter_no), &outcome) {
            (Ok(confirm), Ok(before)) => outcome = Ok(confirm || *before),
            (Err(error), _) => outcome = Err(error),
            (Ok(_), Err(_)) => {}
        }
    }
    conn.write(|conn| {
        ledger::lock(conn, account_id)?;
        match outcome {
            Ok(false) => return restored_remotely(conn, work, row, at),
            Ok(true) => row.state = "confirm_at_meter".to_owned(),
            Err(PortError::Unknown(why)) => doubtful(conn, &mut row, &why, at)?,
            Err(PortError::Later(_) | PortError::Never(_)) => row.channel = "field".to_owned(),
        }
        store::save_operation(conn, &row)?;
        Ok(row)
    })
}

/// Takes the tasks of a restoration away.
///
/// # Errors
/// The database's.
pub(super) fn answered(
    conn: &mut Conn,
    work: &Work<'_>,
    row: &OperationRow,
    at: DateTime,
) -> Result<(), OfficeError> {
    let resolution = Resolution { decision: "restored", by: &work.by, on: at.date(), note: "" };
    let subject = format!("operation:{}", row.operation_no);
    for kind in [FIELD, LATE] {
        tasks::resolve(conn, (row.account_id, kind, &subject), &resolution)?;
    }
    Ok(())
}

/// Tells a manager of a restoration whose hours have passed.
pub(super) fn late(row: &OperationRow, at: DateTime) -> Option<NewTask> {
    let due_at = row.due_at.filter(|due_at| *due_at < at)?;
    Some(NewTask {
        account_id: row.account_id,
        kind: LATE,
        subject: format!("operation:{}", row.operation_no),
        codes: "late".to_owned(),
        detail: Bilingual::new(
            format!("应于{due_at}前复电,已超时,须向客户说明原因"),
            format!("power was to be back by {due_at} and is not: tell the customer why"),
        ),
        owner_role: "manager",
        opened_on: at.date(),
        due_on: Some(at.date()),
    })
}
