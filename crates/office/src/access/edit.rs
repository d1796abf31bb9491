//! 登录维护: what an administrator changes about a login besides its password.

use super::people::{LoginRefusal, LoginShown, known, login_list, note};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_store::Conn;
use denghuo_store::access::{self as store, LoginRow};
use jiff::civil::Date;

/// What a login is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginEdit {
    /// Is it an administrator's?
    pub administrator: bool,
    /// Is it shut?
    pub disabled: bool,
}

/// One login as it is listed.
///
/// # Errors
/// There is none, or the database's.
pub fn login_show(conn: &mut Conn, work: &Work<'_>, name: &str, on: Date) -> Result<LoginShown, OfficeError> {
    let shown = login_list(conn, work, on)?.into_iter().find(|login| login.name == name);
    shown.ok_or_else(|| OfficeError::refuse(LoginRefusal::Unknown(name.to_owned())))
}

/// Changes a login. Sessions of a login that is shut, or that is no administrator's any more, end.
///
/// # Errors
/// A [`LoginRefusal`], or the database's.
pub fn login_edit(
    conn: &mut Conn,
    work: &Work<'_>,
    name: &str,
    edit: LoginEdit,
    on: Date,
) -> Result<(), OfficeError> {
    let login = known(conn, name)?;
    if !edit.administrator && !edit.disabled && store::staff_place(conn, name, on)?.is_none() {
        return Err(OfficeError::refuse(LoginRefusal::NotOnStaff(name.to_owned())));
    }
    conn.write(|conn| {
        let stays = edit.administrator && !edit.disabled;
        let others =
            store::logins(conn)?.iter().any(|l| l.administrator && l.disabled_on.is_none() && l.name != name);
        if login.administrator && !stays && !others {
            return Err(OfficeError::refuse(LoginRefusal::LastAdministrator));
        }
        let loses = edit.disabled || (login.administrator && !edit.administrator);
        let disabled_on = edit.disabled.then(|| login.disabled_on.unwrap_or(on));
        let row = LoginRow {
            administrator: edit.administrator,
            disabled_on,
            changed_at: work.now,
            ..login.clone()
        };
        if row.administrator == login.administrator && row.disabled_on == login.disabled_on {
            return Ok(());
        }
        store::save_login(conn, &row)?;
        if loses {
            store::end_sessions_of(conn, name, "")?;
        }
        let kind = if edit.administrator { "administrator" } else { "staff" };
        let state = if edit.disabled { "shut" } else { "open" };
        note(conn, work, (name, "login.edit"), on, Some(&format!("{kind} {state}")))
    })
}
