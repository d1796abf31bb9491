//! 单位 and 人员.

use super::super::intake::{Intake, Line, rows};
use super::Kind;
use crate::error::OfficeError;
use crate::import::{Column, Form, Format, Record, RowError};
use crate::word_form;
use denghuo_rules::registry::{OrgKind, StaffRole};
use denghuo_store::registry::{self as store, Org, Registered, Staff};
use std::collections::{HashMap, HashSet};

/// 单位
pub(in super::super) struct Orgs;

/// A unit and the code of the one above it.
pub(in super::super) struct OrgLine {
    org: Org,
    parent: Option<String>,
}

impl Kind for Orgs {
    type Row = OrgLine;

    const FORMAT: Format = Format {
        kind: "orgs",
        zh: "单位",
        about_zh: "每行一个单位;上级单位可在同一文件中,次序不限。",
        about_en: "One unit of the organisation per row; the unit above may stand in the same file, in any order.",
        columns: &[
            Column::required("code", "单位编码", Form::Code(32), "37407"),
            Column::required("name", "单位名称", Form::Text(80), "昌邑市供电公司"),
            Column::required("kind", "单位类型", word_form!(OrgKind), "公司"),
            Column::optional("parent", "上级单位", Form::Ref("orgs"), "")
                .help("最上级单位留空", "empty for the topmost unit"),
        ],
    };

    fn row(record: &Record<'_>) -> Result<OrgLine, RowError> {
        let kind = record.word("kind", OrgKind::from_word).map_or("", OrgKind::word).to_owned();
        let (code, name) = (record.text("code").to_owned(), record.text("name").to_owned());
        let org = Org { org_id: 0, code, name, kind, parent_id: None };
        Ok(OrgLine { org, parent: record.text_if_any("parent") })
    }

    fn load(mut lines: Vec<Line<OrgLine>>, intake: &mut Intake<'_>) -> Result<(), OfficeError> {
        intake.number_new(Registered::Org, "code", &mut lines, |r| &r.org.code, |r, id| r.org.org_id = id)?;
        let own: HashMap<String, i64> =
            lines.iter().map(|l| (l.row.org.code.clone(), l.row.org.org_id)).collect();
        for line in &mut lines {
            line.row.org.parent_id = line.row.parent.as_ref().and_then(|parent| own.get(parent).copied());
        }
        let above =
            |r: &OrgLine| r.parent.as_deref().filter(|_| r.org.parent_id.is_none()).map(str::to_owned);
        let outside: Vec<Option<String>> = lines.iter().map(|l| above(&l.row)).collect();
        let mut elsewhere: Vec<Line<(usize, String, i64)>> = outside
            .into_iter()
            .enumerate()
            .filter_map(|(at, code)| Some(Line { line: lines[at].line, row: (at, code?, 0) }))
            .collect();
        intake.resolve(Registered::Org, "parent", &mut elsewhere, |r| Some(&r.1), |r, id| r.2 = id)?;
        for found in elsewhere {
            lines[found.row.0].row.org.parent_id = Some(found.row.2).filter(|id| *id > 0);
        }
        let ordered = parents_first(lines, intake);
        if intake.is_clean() {
            store::insert_orgs(intake.conn, &ordered)?;
        }
        Ok(())
    }
}

/// The units with every parent before its children; those that stand in a ring are told.
fn parents_first(lines: Vec<Line<OrgLine>>, intake: &mut Intake<'_>) -> Vec<Org> {
    let mut waiting: Vec<Line<OrgLine>> = lines;
    let mut ordered = Vec::with_capacity(waiting.len());
    let mut new: HashSet<i64> = waiting.iter().map(|l| l.row.org.org_id).collect();
    loop {
        let before = waiting.len();
        let (ready, rest): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|l| l.row.org.parent_id.is_none_or(|parent| !new.contains(&parent)));
        for line in ready {
            new.remove(&line.row.org.org_id);
            ordered.push(line.row.org);
        }
        waiting = rest;
        if waiting.is_empty() || waiting.len() == before {
            break;
        }
    }
    for line in &waiting {
        let parent = line.row.parent.as_deref().unwrap_or_default();
        let reason = ["单位层级成环", "the units stand above each other in a ring"];
        intake.wrong(line.line, "parent", parent, "registry.ring_of_orgs", reason);
    }
    ordered
}

/// 人员
pub(in super::super) struct StaffMembers;

/// A member of staff and the code of the unit.
pub(in super::super) struct StaffLine {
    staff: Staff,
    org: String,
}

impl Kind for StaffMembers {
    type Row = StaffLine;

    const FORMAT: Format = Format {
        kind: "staff",
        zh: "人员",
        about_zh: "每行一名工作人员。",
        about_en: "One member of staff per row.",
        columns: &[
            Column::required("code", "工号", Form::Code(32), "S001"),
            Column::optional("name", "姓名", Form::Text(40), "").help("留空则用工号", "the code when empty"),
            Column::required("org", "单位编码", Form::Ref("orgs"), "37407"),
            Column::required("role", "岗位", word_form!(StaffRole), "抄表员"),
            Column::optional("phone", "电话", Form::Phone, "0536-7211234"),
            Column::required("from", "到岗日期", Form::Date, "2020-01-01"),
            Column::optional("until", "离岗日期", Form::Date, ""),
        ],
    };

    fn row(record: &Record<'_>) -> Result<StaffLine, RowError> {
        let code = record.text("code").to_owned();
        let staff = Staff {
            staff_id: 0,
            name: record.text_if_any("name").unwrap_or_else(|| code.clone()),
            code,
            org_id: 0,
            role: record.word("role", StaffRole::from_word).map_or("", StaffRole::word).to_owned(),
            phone: record.text_if_any("phone"),
            from_on: record.date("from").unwrap_or(jiff::civil::Date::ZERO),
            until_on: record.date("until"),
        };
        Ok(StaffLine { staff, org: record.text("org").to_owned() })
    }

    fn load(mut lines: Vec<Line<StaffLine>>, intake: &mut Intake<'_>) -> Result<(), OfficeError> {
        intake.number_new(
            Registered::Staff,
            "code",
            &mut lines,
            |r| &r.staff.code,
            |r, id| r.staff.staff_id = id,
        )?;
        intake.resolve(Registered::Org, "org", &mut lines, |r| Some(&r.org), |r, id| r.staff.org_id = id)?;
        for line in &lines {
            intake.check_order(line.line, "until", line.row.staff.from_on, line.row.staff.until_on);
        }
        if intake.is_clean() {
            let staff: Vec<Staff> = rows(lines).into_iter().map(|r| r.staff).collect();
            store::insert_staff(intake.conn, &staff)?;
        }
        Ok(())
    }
}
