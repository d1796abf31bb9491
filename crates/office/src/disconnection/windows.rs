//! 临时禁停: windows that somebody declares, such as extreme heat, and ends.

use super::CutRefusal;
use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::disconnection::ProtectedWindows;
use denghuo_store::disconnection::{self as store, WindowRow};
use denghuo_store::{Conn, audit, registry};
use jiff::civil::Date;

/// A window as it is declared; `work.by` declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWindow {
    /// Its kind: one that a rule lists.
    pub kind: String,
    /// Code of the organisation; none for the whole company.
    pub org: Option<String>,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Date,
    /// Why.
    pub reason: String,
}

/// Declares a window; the same again is the same.
///
/// # Errors
/// A [`CutRefusal`], or the database's.
pub fn window_declare(
    conn: &mut Conn,
    work: &Work<'_>,
    new: &NewWindow,
    on: Date,
) -> Result<WindowRow, OfficeError> {
    let rules = work.book.pick_all::<ProtectedWindows>("protected_windows", &work.site, on)?;
    if !rules.iter().any(|rule| rule.params.declared.contains(&new.kind)) {
        return Err(OfficeError::refuse(CutRefusal::NoWindow));
    }
    if new.until_on < new.from_on {
        return Err(OfficeError::refuse(CutRefusal::WrongMoment));
    }
    conn.write(|conn| {
        access::on_staff(conn, &work.by, on)?;
        let org_id = match &new.org {
            None => 0,
            Some(code) => registry::orgs(conn)?
                .iter()
                .find(|org| org.code == *code)
                .map(|org| org.org_id)
                .ok_or_else(|| OfficeError::refuse(CutRefusal::UnknownOrg))?,
        };
        let row = WindowRow {
            window_no: 0,
            kind: new.kind.clone(),
            org_id,
            from_on: new.from_on,
            until_on: new.until_on,
            reason: new.reason.clone(),
            declared_by: work.by.clone(),
        };
        let known = store::windows_from(conn, new.from_on)?;
        if let Some(same) = known.into_iter().find(|k| WindowRow { window_no: 0, ..k.clone() } == row) {
            return Ok(same);
        }
        let row = WindowRow { window_no: store::last_window_no(conn)? + 1, ..row };
        store::save_window(conn, &row)?;
        mark(conn, work, &row, "window.declare", on)?;
        Ok(row)
    })
}

/// Ends a window: a day is its last.
///
/// # Errors
/// A [`CutRefusal`], or the database's.
pub fn window_end(
    conn: &mut Conn,
    work: &Work<'_>,
    window_no: i64,
    last: Date,
    on: Date,
) -> Result<WindowRow, OfficeError> {
    conn.write(|conn| {
        access::approval_level(conn, &work.by, on)?;
        let known = store::windows_from(conn, plus_days(last.min(on), -1))?;
        let found = known.into_iter().find(|window| window.window_no == window_no);
        let mut row = found.ok_or_else(|| OfficeError::refuse(CutRefusal::NoWindow))?;
        row.until_on = row.until_on.min(last);
        store::save_window(conn, &row)?;
        mark(conn, work, &row, "window.end", on)?;
        Ok(row)
    })
}

/// Windows that end on a day or later.
///
/// # Errors
/// The database's.
pub fn window_list(conn: &mut Conn, on: Date) -> Result<Vec<WindowRow>, OfficeError> {
    Ok(store::windows_from(conn, on)?)
}

fn mark(
    conn: &mut Conn,
    work: &Work<'_>,
    row: &WindowRow,
    action: &str,
    on: Date,
) -> Result<(), OfficeError> {
    let subject = format!("window:{}", row.window_no);
    let after = format!("{} {} {}", row.kind, row.from_on, row.until_on);
    let mark = audit::Mark {
        account_id: 0,
        happened_on: on,
        subject: &subject,
        action,
        who: &work.by,
        before: None,
        after: Some(&after),
        recorded_at: work.now,
    };
    audit::mark(conn, &mark)?;
    Ok(())
}
