//! 权限 (foundation `access`): who is on the staff list, up to which level a person approves, who has signed in.

mod edit;
mod people;
pub(crate) mod secret;
mod sso;
mod tokens;

pub(crate) use secret::fresh as fresh_secret;

pub use edit::{LoginEdit, login_edit, login_show};
pub use people::{
    Begun, LoginRefusal, LoginShown, Person, first_administrator, login_add, login_disable, login_list,
    login_reset, login_rule, password_change, person, session_begin, session_of, sign_in, sign_out,
};
pub use sso::{SentAway, sso_begin, sso_finish};
pub use tokens::{TokenShown, token_add, token_list, token_login, token_revoke};

pub(crate) use secret::fresh as fresh_token;

use crate::error::OfficeError;
use denghuo_rules::collections::waiver::ApprovalLevel;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::Refuse;
use denghuo_rules::registry::{OrgKind, StaffRole};
use denghuo_store::{Conn, registry};
use jiff::civil::Date;

/// Why a person may not do something; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessRefusal {
    /// Not on the staff list on that day.
    UnknownStaff(String),
    /// Approves nothing.
    NotAManager(String),
}

impl Refuse for AccessRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownStaff(_) => "access.unknown_staff",
            Self::NotAManager(_) => "access.not_a_manager",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::UnknownStaff(who) => {
                Bilingual::new(format!("人员{who}不存在或已离岗"), format!("{who} is not on the staff list"))
            }
            Self::NotAManager(who) => {
                Bilingual::new(format!("{who}没有审批权限"), format!("{who} approves nothing"))
            }
        }
    }
}

/// The role of a person, and the kind of the person's organisation.
///
/// # Errors
/// Not on the staff list on that day, or the database's.
pub fn on_staff(
    conn: &mut Conn,
    code: &str,
    on: Date,
) -> Result<(Option<StaffRole>, Option<OrgKind>), OfficeError> {
    let (role, org) = registry::staff_place(conn, code, on)?
        .ok_or_else(|| OfficeError::refuse(AccessRefusal::UnknownStaff(code.to_owned())))?;
    Ok((StaffRole::from_word(&role), OrgKind::from_word(&org)))
}

/// 审批层级 of a person: managers approve at the level of their organisation.
///
/// # Errors
/// Not on the staff list, no manager, or the database's.
pub fn approval_level(conn: &mut Conn, code: &str, on: Date) -> Result<ApprovalLevel, OfficeError> {
    match on_staff(conn, code, on)? {
        (Some(StaffRole::Manager), Some(kind)) => Ok(match kind {
            OrgKind::Province | OrgKind::City | OrgKind::Company => ApprovalLevel::Company,
            OrgKind::Department => ApprovalLevel::Department,
            OrgKind::Station | OrgKind::Hall | OrgKind::Team => ApprovalLevel::Team,
        }),
        _ => Err(OfficeError::refuse(AccessRefusal::NotAManager(code.to_owned()))),
    }
}

/// The level at which a person approves on a day; none for who approves nothing or is not on the staff list.
///
/// # Errors
/// The database's.
pub fn level_of(conn: &mut Conn, code: &str, on: Date) -> Result<Option<ApprovalLevel>, OfficeError> {
    match approval_level(conn, code, on) {
        Ok(level) => Ok(Some(level)),
        Err(OfficeError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// 核算权限: verifiers and managers decide about bills.
///
/// # Errors
/// Not on the staff list, another role, or the database's.
pub fn may_verify(conn: &mut Conn, code: &str, on: Date) -> Result<(), OfficeError> {
    match on_staff(conn, code, on)? {
        (Some(StaffRole::Verifier | StaffRole::Manager), _) => Ok(()),
        _ => Err(OfficeError::refuse(AccessRefusal::NotAManager(code.to_owned()))),
    }
}
