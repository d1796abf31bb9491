//! 停复电: approvals, warrants, calls, cuts and restorations of a town; the last days leave something of each to do.

use super::fate::Fate;
use super::recovery::{Recovery, tried};
use crate::crew::Tally;
use crate::error::TownError;
use crate::pictures;
use denghuo_office::disconnection::{
    Channel, CutCall, cut_approve, cut_call, cut_confirm, cut_execute, cut_reject, warrant_issue,
};
use denghuo_office::evidence::{NewEvidence, evidence_add};
use denghuo_rules::disconnection::{CallOutcome, CutState};
use denghuo_rules::evidence::EvidenceKind;
use denghuo_rules::notices::NoticeKind;
use denghuo_store::Conn;
use denghuo_store::disconnection::{self as store, CutCase};
use denghuo_store::notices;
use jiff::civil::{Date, DateTime};

impl Recovery<'_, '_> {
    /// What happens to the cases of a day.
    ///
    /// # Errors
    /// The database's, or a missing rule.
    pub(super) fn cuts(&self, conn: &mut Conn, on: Date, tally: &mut Tally) -> Result<(), TownError> {
        for task in self.open(conn, "cut_approval")? {
            let Some(fate) = self.fate(task.account_id) else { continue };
            let work = self.work(&self.till.crew.manager, on);
            let at = on.at(9, 0, 0, 0);
            if fate == Fate::Spared && self.left(on) > 3 {
                tried(cut_reject(conn, &work, task.account_id, "协商处理", at), "cut:rejected", tally)?;
            } else if fate.approved_from(self.until).is_some_and(|from| from <= on) {
                tried(cut_approve(conn, &work, task.account_id, at), "cut:approved", tally)?;
            }
        }
        for case in store::live_cases(conn)? {
            let Some(fate) = self.fate(case.account_id) else { continue };
            if case.state == CutState::Cut {
                self.after_the_cut(conn, &case, fate, on, tally)?;
            } else if fate.cut_from(self.until).is_some_and(|from| from <= on) {
                self.cut(conn, &case, fate, on, tally)?;
            }
        }
        Ok(())
    }

    /// 停电: the warrant, the call, the operation and what the crew reports.
    fn cut(
        &self,
        conn: &mut Conn,
        case: &CutCase,
        fate: Fate,
        on: Date,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        if !matches!(case.state, CutState::Approved | CutState::Served) {
            return Ok(());
        }
        let account_id = case.account_id;
        let work = self.work(&self.inspector, on);
        let made = warrant_issue(conn, &work, account_id, on.at(9, 0, 0, 0));
        if tried(made, "cut:warrant", tally)?.is_none() {
            return Ok(());
        }
        if fate == Fate::PaysInTime {
            return self.pays_all(conn, account_id, on.at(9, 20, 0, 0), tally);
        }
        let call = CutCall {
            account_id,
            told_cut_at: on.at(10, 0, 0, 0),
            outcome: if account_id % 2 == 0 { CallOutcome::Reached } else { CallOutcome::AnsweredByOther },
            evidence_no: None,
        };
        tried(cut_call(conn, &work, &call, on.at(9, 15, 0, 0)), "cut:call", tally)?;
        for notice in notices::notices_of_account(conn, account_id)? {
            if notice.kind == NoticeKind::StopExecution && notice.state == "open" {
                self.signed(conn, &notice, on.at(9, 55, 0, 0), tally)?;
            }
        }
        let at = on.at(10, 5, 0, 0);
        let executed = cut_execute(conn, &work, account_id, Channel::Field, at);
        if tried(executed, "cut:executed", tally)?.is_some() && fate != Fate::ToConfirm {
            self.confirm(conn, (account_id, case.case_no), on.at(10, 40, 0, 0), tally)?;
        }
        Ok(())
    }

    /// What the crew found at the meter, with a photograph.
    fn confirm(
        &self,
        conn: &mut Conn,
        (account_id, case_no): (i64, i64),
        at: DateTime,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        let work = self.work(&self.inspector, at.date());
        let proof = NewEvidence {
            file: Some(pictures::photo(self.seed, account_id, "现场照片")),
            place: Some("表箱".to_owned()),
            ..NewEvidence::new(EvidenceKind::Photo, &format!("cut:{case_no}"), at, &self.inspector)
        };
        let evidence_no = evidence_add(conn, &work, account_id, &proof)?;
        tried(cut_confirm(conn, &work, account_id, (true, Some(evidence_no)), at), "cut:confirmed", tally)?;
        Ok(())
    }

    /// 复电: who has paid is restored on the day after; the others pay when it is their turn.
    fn after_the_cut(
        &self,
        conn: &mut Conn,
        case: &CutCase,
        fate: Fate,
        on: Date,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        let account_id = case.account_id;
        let operations = store::operations_of(conn, account_id)?;
        let restoring = operations
            .iter()
            .any(|o| o.case_no == case.case_no && o.kind == "restore" && o.state == "ordered");
        let cut_at = operations.iter().filter(|o| o.kind == "cut").filter_map(|o| o.done_at).max();
        let dark_days = cut_at.map_or(0, |at| denghuo_rules::calendar::days_between(at.date(), on));
        match fate {
            _ if restoring && self.left(on) > 0 => {
                self.confirm(conn, (account_id, case.case_no), on.at(11, 0, 0, 0), tally)
            }
            Fate::Restored | Fate::Refuses if !restoring && dark_days >= 2 => {
                self.pays_all(conn, account_id, on.at(15, 0, 0, 0), tally)
            }
            Fate::RestoreDue if !restoring && self.left(on) == 0 => {
                self.pays_all(conn, account_id, on.at(15, 30, 0, 0), tally)
            }
            _ => Ok(()),
        }
    }

    /// The morning after the history: warrants that are live when the doors open.
    ///
    /// # Errors
    /// The database's, or a missing rule.
    pub fn morning(&self, conn: &mut Conn, on: Date, tally: &mut Tally) -> Result<(), TownError> {
        for case in store::live_cases(conn)? {
            if self.fate(case.account_id) == Some(Fate::WarrantLive) {
                let work = self.work(&self.inspector, on);
                let made = warrant_issue(conn, &work, case.account_id, on.at(8, 10, 0, 0));
                tried(made, "cut:warrant", tally)?;
            }
        }
        Ok(())
    }
}
