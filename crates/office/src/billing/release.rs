//! 发行审批: the second person's word, and the standing order of a manager.

use crate::access;
use crate::error::OfficeError;
use crate::supervision::training::certificate_gate;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::Refuse;
use denghuo_rules::supervision::training::CertifiedAct;
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::audit::{self, Mark};
use denghuo_store::billing::{self, PendingBill, StandingRelease};
use denghuo_store::day::Range;
use jiff::civil::Date;

/// Why a release is not approved; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReleaseRefusal {
    /// No such bill waits.
    NotWaiting,
    /// Who approves has made the bill.
    SamePerson(String),
    /// A decision needs its reason.
    NoReason,
    /// A correction or cancellation counts from the moment it was made: it is let through and corrected in its turn.
    NotRejectable,
    /// The organisation is not known.
    UnknownOrganisation(i64),
}

impl Refuse for ReleaseRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotWaiting => "release.not_waiting",
            Self::SamePerson(_) => "release.same_person",
            Self::NoReason => "release.no_reason",
            Self::NotRejectable => "release.not_rejectable",
            Self::UnknownOrganisation(_) => "release.unknown_organisation",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::NotWaiting => Bilingual::new("该账单不在待发行清单中", "no such bill waits for release"),
            Self::SamePerson(who) => Bilingual::new(
                format!("{who}是该账单的制单人,发行须由另一人审批"),
                format!("{who} has made this bill; the release needs a second person"),
            ),
            Self::NoReason => Bilingual::new("须填写原因", "a reason is needed"),
            Self::NotRejectable => Bilingual::new(
                "退补和冲销不能退回:有误的,再退补一次,一并审批",
                "a correction or cancellation is not rejected: correct it in its turn and let both through",
            ),
            Self::UnknownOrganisation(org) => {
                Bilingual::new(format!("单位{org}不存在"), format!("organisation {org} does not exist"))
            }
        }
    }
}

/// 待发行清单: the bills that wait, of one account or of all.
///
/// # Errors
/// A failure of the database.
pub fn pending_list(conn: &mut Conn, account_id: Option<i64>) -> Result<Vec<PendingBill>, OfficeError> {
    let range = account_id.map_or(Range { from: 0, to: i64::MAX }, |id| Range { from: id, to: id });
    Ok(billing::pending(conn, range)?)
}

/// 发行审批: a second person lets a waiting bill through; the next run of the day releases it. A metered bill that is not
/// let through is taken back, and its days are due again; an assessed one is stopped. What was stopped stays so.
///
/// # Errors
/// A [`ReleaseRefusal`], a person who neither verifies nor manages, or a failure of the database.
pub fn pending_approve(
    conn: &mut Conn,
    work: &Work<'_>,
    on: Date,
    (account_id, bill_no): (i64, i64),
    approve: bool,
    reason: &str,
) -> Result<(), OfficeError> {
    conn.write(|conn| {
        let waiting = billing::pending(conn, Range { from: account_id, to: account_id })?;
        let bill = waiting
            .into_iter()
            .find(|bill| bill.bill_no == bill_no && bill.state != "rejected")
            .ok_or_else(|| OfficeError::refuse(ReleaseRefusal::NotWaiting))?;
        access::may_verify(conn, &work.by, on)?;
        if approve {
            certificate_gate(conn, work, (CertifiedAct::Verify, &work.by), on)?;
        }
        if bill.prepared_by == work.by {
            return Err(OfficeError::refuse(ReleaseRefusal::SamePerson(work.by.clone())));
        }
        if reason.trim().is_empty() {
            return Err(OfficeError::refuse(ReleaseRefusal::NoReason));
        }
        if !approve && (bill.kind == "correction" || bill.kind == "cancellation") {
            return Err(OfficeError::refuse(ReleaseRefusal::NotRejectable));
        }
        let metered = bill.kind == "regular" || bill.kind == "provisional";
        if !approve && metered {
            super::bill_cancel(conn, work, on, (account_id, bill_no), reason)?;
        } else {
            let state = if approve { "approved" } else { "rejected" };
            billing::decide_pending(conn, (account_id, bill_no), state, &work.by, on, reason)?;
        }
        audit::mark(
            conn,
            &Mark {
                account_id,
                happened_on: on,
                subject: &format!("bill:{bill_no}"),
                action: if approve { "release.approve" } else { "release.reject" },
                who: &work.by,
                before: Some(&bill.state),
                after: Some(reason),
                recorded_at: work.now,
            },
        )?;
        Ok(())
    })
}

/// 发行授权: lets bills without findings up to an amount be released without a look at each, in an organisation and
/// below.
///
/// # Errors
/// The person is no manager, the organisation is not known; a failure of the database.
pub fn standing_release_grant(
    conn: &mut Conn,
    work: &Work<'_>,
    org_id: i64,
    from_on: Date,
    max_bill: Money,
) -> Result<(), OfficeError> {
    conn.write(|conn| {
        access::approval_level(conn, &work.by, from_on)?;
        if denghuo_store::registry::descendants(conn, org_id)?.is_empty() {
            return Err(OfficeError::refuse(ReleaseRefusal::UnknownOrganisation(org_id)));
        }
        let order =
            StandingRelease { org_id, from_on, until_on: None, granted_by: work.by.clone(), max_bill };
        billing::grant_standing_release(conn, &order)?;
        audit::mark(
            conn,
            &Mark {
                account_id: 0,
                happened_on: from_on,
                subject: &format!("org:{org_id}"),
                action: "release.standing_order",
                who: &work.by,
                before: None,
                after: Some(&max_bill.to_string()),
                recorded_at: work.now,
            },
        )?;
        Ok(())
    })
}
