//! 法律: what a town's managers and lawyers do about what the law asks: letters, suits, what waits for a word.

use super::recovery::{Recovery, tried};
use crate::crew::Tally;
use crate::error::TownError;
use denghuo_office::legal::{CaseStep, case_approve, case_reject, case_step};
use denghuo_rules::calendar::plus_days;
use denghuo_store::Conn;
use denghuo_store::legal::open_cases;
use jiff::civil::Date;

/// Days that a proposal lies on the desk.
const ON_THE_DESK: i64 = 3;

impl Recovery<'_, '_> {
    /// Of four proposals two go ahead, one is refused, one waits; approved suits are filed.
    ///
    /// # Errors
    /// The database's, or a missing rule.
    pub(super) fn court(&self, conn: &mut Conn, on: Date, tally: &mut Tally) -> Result<(), TownError> {
        for case in open_cases(conn)? {
            let key = (case.account_id, case.case_no);
            let kind = case.kind.word();
            let decided = plus_days(case.opened_on, ON_THE_DESK) <= on;
            match case.state.as_str() {
                "proposed" if decided => {
                    let work = self.work(&self.till.crew.manager, on);
                    match key.0 % 4 {
                        0 | 1 => {
                            let approved = case_approve(conn, &work, key, Some("法律顾问"), on);
                            tried(approved, &format!("legal:{kind}"), tally)?;
                        }
                        2 if self.left(on) > 14 => {
                            let refused = case_reject(conn, &work, key, "继续催收", on);
                            tried(refused, "legal:rejected", tally)?;
                        }
                        _ => {}
                    }
                }
                "approved" if kind == "suit" && key.0 % 2 == 0 => {
                    let step = CaseStep {
                        kind: "filed".to_owned(),
                        happened_on: on,
                        note: "立案".to_owned(),
                        court: Some("灯火县人民法院".to_owned()),
                        court_ref: Some(format!("(2026)灯民初{}号", key.0)),
                        evidence_no: None,
                    };
                    tried(
                        case_step(conn, &self.work(&self.legal, on), key, &step, on),
                        "legal:filed",
                        tally,
                    )?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}
