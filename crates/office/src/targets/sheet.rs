//! 奖金表: drawn up for a closed period by the rule, agreed to by a second person, frozen.

use super::house::House;
use super::plan::mark;
use super::records::records;
use super::refusal::{RewardRefusal, TargetRefusal};
use super::todo;
use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::{Recorder, Silent, Step};
use denghuo_rules::targets::{
    BONUS_TOPIC, BonusRule, Period, SheetState, TargetState, WorkRecord, bonus, pooled,
};
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::targets::{self as store, BonusLineRow, BonusSheetRow};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// A line of a bonus sheet as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BonusLineShown {
    /// Staff code.
    pub staff: String,
    /// What he is called.
    pub name: String,
    /// What was done.
    pub record: WorkRecord,
    /// By the rule.
    pub worth: Money,
    /// Within the pool of the sheet.
    pub amount: Money,
    /// How the worth came about.
    pub steps: Vec<Step>,
}

/// 奖金表 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SheetShown {
    /// Its number.
    pub sheet_no: i64,
    /// The target.
    pub target_no: i64,
    /// 考核期
    pub period: Period,
    /// Code of the unit.
    pub unit: String,
    /// Its name.
    pub unit_name: String,
    /// Where it stands.
    pub state: SheetState,
    /// The sum of its lines.
    pub total: Money,
    /// Id of the rule.
    pub rule: String,
    /// Staff code of who made it.
    pub made_by: String,
    /// When.
    #[schemars(with = "DateForm")]
    pub made_on: Date,
    /// Staff code of the second person.
    pub decided_by: Option<String>,
    /// Why it was sent back.
    pub reason: String,
    /// Staff code of who froze it.
    pub frozen_by: Option<String>,
    /// Its lines.
    pub lines: Vec<BonusLineShown>,
}

/// What a second person says of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetDecision {
    /// Agrees.
    Approve,
    /// Sends it back, with the reason.
    Reject(String),
}

/// Draws a sheet up for everybody who has a share of a closed target in a unit or below it (0: the whole target).
///
/// # Errors
/// A [`TargetRefusal`]; a line that divides by zero; a missing rule; the database's.
pub fn sheet_make(
    conn: &mut Conn,
    work: &Work<'_>,
    (target_no, root): (i64, i64),
    on: Date,
) -> Result<i64, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::on_staff(conn, &work.by, on)?;
        let target = store::target(conn, target_no)?
            .ok_or_else(|| OfficeError::refuse(TargetRefusal::Unknown(target_no)))?;
        if target.state != TargetState::Closed {
            return Err(OfficeError::refuse(RewardRefusal::NotClosed(target.period)));
        }
        let picked = work.book.pick::<BonusRule>(BONUS_TOPIC, &work.site, target.period.last_day())?;
        let house = House::on(conn, target.period.last_day())?;
        let within = house.below(root)?;
        let nodes = store::nodes(conn, target_no)?;
        let paid: BTreeSet<i64> = nodes
            .iter()
            .filter(|node| root == 0 || within.contains(&node.org_id))
            .filter(|node| node.amount > Money::ZERO)
            .filter_map(|node| node.staff_id)
            .collect();
        if paid.is_empty() {
            return Err(OfficeError::refuse(RewardRefusal::NobodyToPay));
        }
        never_twice(conn, &house, target_no, &paid)?;
        let mut records = records(conn, work, &house, target.period)?;
        let mut lines = Vec::new();
        for staff_id in paid {
            let record = records.remove(&staff_id).unwrap_or_default();
            let worth =
                bonus(&record, (&picked.params, &picked.rule.id), &mut Silent).map_err(|refusal| {
                    OfficeError::refuse(RewardRefusal::Line(house.called(staff_id).0, refusal.into()))
                })?;
            lines.push(BonusLineRow { staff_id, record, worth, amount: worth });
        }
        let worths: Vec<Money> = lines.iter().map(|line| line.worth).collect();
        for (line, amount) in lines.iter_mut().zip(pooled(&worths, picked.params.pool)) {
            line.amount = amount;
        }
        let sheet = BonusSheetRow {
            sheet_no: 0,
            target_no,
            org_id: if root == 0 { target.org_id } else { root },
            state: SheetState::Draft,
            total: lines.iter().map(|line| line.amount).sum(),
            rule: picked.rule.id.clone(),
            made_by: work.by.clone(),
            made_on: on,
            decided_by: None,
            decided_on: None,
            reason: String::new(),
            frozen_by: None,
            frozen_on: None,
        };
        let sheet_no = store::insert_bonus_sheet(conn, &sheet, &lines)?;
        todo::sheet(conn, work, &BonusSheetRow { sheet_no, ..sheet.clone() }, on)?;
        let after = format!("bonus sheet {sheet_no}: {}", sheet.total);
        mark(conn, work, (target_no, "bonus.make"), (None, &after), on)?;
        Ok(sheet_no)
    })
}

fn never_twice(
    conn: &mut Conn,
    house: &House,
    target_no: i64,
    paid: &BTreeSet<i64>,
) -> Result<(), OfficeError> {
    let others: Vec<BonusSheetRow> = store::bonus_sheets(conn)?
        .into_iter()
        .filter(|sheet| sheet.target_no == target_no && sheet.state != SheetState::Rejected)
        .collect();
    for sheet in others {
        for line in store::bonus_lines(conn, sheet.sheet_no)? {
            if paid.contains(&line.staff_id) {
                let who = house.called(line.staff_id).0;
                return Err(OfficeError::refuse(RewardRefusal::PaidTwice(who)));
            }
        }
    }
    Ok(())
}

fn find(conn: &mut Conn, sheet_no: i64) -> Result<BonusSheetRow, OfficeError> {
    store::bonus_sheet(conn, sheet_no)?
        .ok_or_else(|| OfficeError::refuse(RewardRefusal::UnknownSheet(sheet_no)))
}

/// A second person agrees to a sheet or sends it back. He is not on it.
///
/// # Errors
/// A [`TargetRefusal`], no manager, or the database's.
pub fn sheet_decide(
    conn: &mut Conn,
    work: &Work<'_>,
    sheet_no: i64,
    decision: &SheetDecision,
    on: Date,
) -> Result<(), OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::approval_level(conn, &work.by, on)?;
        let mut sheet = find(conn, sheet_no)?;
        if sheet.state != SheetState::Draft {
            return Err(OfficeError::refuse(RewardRefusal::SheetState(sheet.state)));
        }
        if sheet.made_by == work.by {
            return Err(OfficeError::refuse(TargetRefusal::SamePerson(sheet.made_by)));
        }
        let house = House::on(conn, on)?;
        let lines = store::bonus_lines(conn, sheet_no)?;
        if lines.iter().any(|line| house.called(line.staff_id).0 == work.by) {
            return Err(OfficeError::refuse(RewardRefusal::OwnSheet(work.by.clone())));
        }
        match decision {
            SheetDecision::Approve => sheet.state = SheetState::Approved,
            SheetDecision::Reject(reason) if reason.trim().is_empty() => {
                return Err(OfficeError::refuse(TargetRefusal::NoReason));
            }
            SheetDecision::Reject(reason) => {
                sheet.state = SheetState::Rejected;
                reason.trim().clone_into(&mut sheet.reason);
            }
        }
        sheet.decided_by = Some(work.by.clone());
        sheet.decided_on = Some(on);
        store::save_bonus_sheet(conn, &sheet)?;
        todo::sheet(conn, work, &sheet, on)?;
        let after = format!("bonus sheet {sheet_no}: {} {}", sheet.state.word(), sheet.reason);
        mark(conn, work, (sheet.target_no, "bonus.decide"), (Some("draft"), &after), on)
    })
}

/// Freezes a sheet that was agreed to: it goes to the pay office.
///
/// # Errors
/// A [`TargetRefusal`], no manager, or the database's.
pub fn sheet_freeze(conn: &mut Conn, work: &Work<'_>, sheet_no: i64, on: Date) -> Result<(), OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::approval_level(conn, &work.by, on)?;
        let mut sheet = find(conn, sheet_no)?;
        if sheet.state != SheetState::Approved {
            return Err(OfficeError::refuse(RewardRefusal::SheetState(sheet.state)));
        }
        sheet.state = SheetState::Frozen;
        sheet.frozen_by = Some(work.by.clone());
        sheet.frozen_on = Some(on);
        store::save_bonus_sheet(conn, &sheet)?;
        todo::sheet(conn, work, &sheet, on)?;
        let after = format!("bonus sheet {sheet_no}: frozen");
        mark(conn, work, (sheet.target_no, "bonus.freeze"), (Some("approved"), &after), on)
    })
}

fn shown(
    conn: &mut Conn,
    work: &Work<'_>,
    house: &House,
    sheet: BonusSheetRow,
    with_lines: bool,
) -> Result<SheetShown, OfficeError> {
    let period = store::target(conn, sheet.target_no)?
        .ok_or_else(|| OfficeError::refuse(TargetRefusal::Unknown(sheet.target_no)))?
        .period;
    let rule = work.book.rule(&sheet.rule).and_then(|rule| rule.form::<BonusRule>().ok());
    let rows = if with_lines { store::bonus_lines(conn, sheet.sheet_no)? } else { Vec::new() };
    let mut lines = Vec::new();
    for row in rows {
        let mut told = Recorder::default();
        if let Some(rule) = &rule {
            bonus(&row.record, (rule, &sheet.rule), &mut told).map_err(OfficeError::refuse)?;
        }
        let (staff, name) = house.called(row.staff_id);
        let (worth, amount) = (row.worth, row.amount);
        lines.push(BonusLineShown { staff, name, record: row.record, worth, amount, steps: told.steps });
    }
    let unit = house.unit_of(sheet.org_id);
    Ok(SheetShown {
        sheet_no: sheet.sheet_no,
        target_no: sheet.target_no,
        period,
        unit: unit.map_or_else(String::new, |unit| unit.code.clone()),
        unit_name: unit.map_or_else(String::new, |unit| unit.name.clone()),
        state: sheet.state,
        total: sheet.total,
        rule: sheet.rule,
        made_by: sheet.made_by,
        made_on: sheet.made_on,
        decided_by: sheet.decided_by,
        reason: sheet.reason,
        frozen_by: sheet.frozen_by,
        lines,
    })
}

/// Sheets of a unit and those below it (0: all) without their lines, the newest first.
///
/// # Errors
/// The database's.
pub fn sheet_list(
    conn: &mut Conn,
    work: &Work<'_>,
    root: i64,
    on: Date,
) -> Result<Vec<SheetShown>, OfficeError> {
    let house = House::on(conn, on)?;
    let within = house.below(root)?;
    let rows = store::bonus_sheets(conn)?.into_iter().filter(|sheet| within.contains(&sheet.org_id));
    rows.map(|sheet| shown(conn, work, &house, sheet, false)).collect()
}

/// A sheet with its lines and how they came about; in sight of a unit (0: all).
///
/// # Errors
/// There is none in sight; the database's.
pub fn sheet_show(
    conn: &mut Conn,
    work: &Work<'_>,
    (sheet_no, root): (i64, i64),
    on: Date,
) -> Result<SheetShown, OfficeError> {
    let house = House::on(conn, on)?;
    let sheet = find(conn, sheet_no)?;
    if !house.below(root)?.contains(&sheet.org_id) {
        return Err(OfficeError::refuse(RewardRefusal::UnknownSheet(sheet_no)));
    }
    shown(conn, work, &house, sheet, true)
}
