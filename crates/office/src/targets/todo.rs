//! 待办: what waits for a manager: a disputed appraisal, and a bonus sheet that is neither agreed to nor frozen.

use crate::work::Work;
use denghuo_rules::calendar::Month;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::targets::SheetState;
use denghuo_store::targets::BonusSheetRow;
use denghuo_store::tasks::{self, NewTask, Resolution};
use denghuo_store::{Conn, StoreError};
use jiff::civil::Date;

/// Kind of the task of a disputed appraisal; its subject is `2026-08/S004`.
const DISPUTE: &str = "appraisal_dispute";
/// Kind of the task of a bonus sheet; its subject is the number.
const SHEET: &str = "bonus_sheet";

fn subject(month: Month, staff: &str) -> String {
    format!("{month}/{staff}")
}

/// Somebody disputes his appraisal.
pub(super) fn disputed(
    conn: &mut Conn,
    (month, staff): (Month, &str),
    said: &str,
    on: Date,
) -> Result<(), StoreError> {
    let detail = Bilingual::new(
        format!("{staff}对{month}考核有异议:{said}"),
        format!("{staff} disputes the appraisal of {month}: {said}"),
    );
    open(conn, DISPUTE, subject(month, staff), staff, detail, on)
}

/// The appraisal stands.
pub(super) fn decided(
    conn: &mut Conn,
    work: &Work<'_>,
    (month, staff): (Month, &str),
    on: Date,
) -> Result<(), StoreError> {
    close(conn, work, (DISPUTE, &subject(month, staff)), "decided", on)
}

/// A bonus sheet as it is now: a draft waits for a second person, an agreed one to be frozen, the others for nobody.
pub(super) fn sheet(
    conn: &mut Conn,
    work: &Work<'_>,
    sheet: &BonusSheetRow,
    on: Date,
) -> Result<(), StoreError> {
    let (no, total) = (sheet.sheet_no, sheet.total);
    let detail = match sheet.state {
        SheetState::Draft => Bilingual::new(
            format!("第{no}号奖金表{total}元待审批"),
            format!("bonus sheet {no} of {total} yuan waits for a second person"),
        ),
        SheetState::Approved => Bilingual::new(
            format!("第{no}号奖金表{total}元已审批,待封存"),
            format!("bonus sheet {no} of {total} yuan was agreed to and waits to be frozen"),
        ),
        SheetState::Rejected | SheetState::Frozen => {
            return close(conn, work, (SHEET, &no.to_string()), sheet.state.word(), on);
        }
    };
    open(conn, SHEET, no.to_string(), sheet.state.word(), detail, on)
}

fn open(
    conn: &mut Conn,
    kind: &'static str,
    subject: String,
    codes: &str,
    detail: Bilingual,
    on: Date,
) -> Result<(), StoreError> {
    let task = NewTask {
        account_id: 0,
        kind,
        subject,
        codes: codes.to_owned(),
        detail,
        owner_role: "manager",
        opened_on: on,
        due_on: None,
    };
    tasks::open(conn, &[task])
}

fn close(
    conn: &mut Conn,
    work: &Work<'_>,
    (kind, subject): (&str, &str),
    decision: &str,
    on: Date,
) -> Result<(), StoreError> {
    let resolution = Resolution { decision, by: &work.by, on, note: "" };
    tasks::resolve(conn, (0, kind, subject), &resolution)?;
    Ok(())
}
