//! 电能表 and 计量点.

use super::super::intake::{Intake, Line, rows};
use super::Kind;
use crate::error::OfficeError;
use crate::import::{Column, Form, Format, Record, RowError};
use crate::word_form;
use denghuo_rules::registry::PointRelation;
use denghuo_store::registry::{self as store, Meter, Point, Registered};
use std::collections::HashMap;

/// 电能表
pub(in super::super) struct Meters;

impl Kind for Meters {
    type Row = Meter;

    const FORMAT: Format = Format {
        kind: "meters",
        zh: "电能表",
        about_zh: "每行一块电能表。",
        about_en: "One meter per row.",
        columns: &[
            Column::required("meter_no", "资产编号", Form::Code(32), "3730001000000012345678"),
            Column::optional("model", "型号", Form::Text(60), "DDZY"),
            Column::required("digits", "整数位数", Form::Whole(4, 9), "6")
                .help("示数到顶后归零的整数位数", "whole digits before the register rolls over"),
            Column::optional("rated_current", "额定电流", Form::Text(30), "5(60)A"),
        ],
    };

    fn row(record: &Record<'_>) -> Result<Meter, RowError> {
        Ok(Meter {
            meter_id: 0,
            meter_no: record.text("meter_no").to_owned(),
            model: record.text_if_any("model"),
            digits: record.number("digits").unwrap_or(0),
            rated_current: record.text_if_any("rated_current"),
        })
    }

    fn load(mut lines: Vec<Line<Meter>>, intake: &mut Intake<'_>) -> Result<(), OfficeError> {
        intake.number_new(
            Registered::Meter,
            "meter_no",
            &mut lines,
            |r| &r.meter_no,
            |r, id| r.meter_id = id,
        )?;
        if intake.is_clean() {
            store::insert_meters(intake.conn, &rows(lines))?;
        }
        Ok(())
    }
}

/// 计量点
pub(in super::super) struct Points;

/// A metering point and the number of its account.
pub(in super::super) struct PointLine {
    point: Point,
    account_no: String,
}

impl Kind for Points {
    type Row = PointLine;

    const FORMAT: Format = Format {
        kind: "points",
        zh: "计量点",
        about_zh: "每行一个计量点。只有一个主计量点的户可以不列,装表时自动建立。",
        about_en: "One metering point per row. An account with one main point needs none: the installation makes it.",
        columns: &[
            Column::required("account_no", "户号", Form::Ref("accounts"), "3700000001"),
            Column::required("point_no", "计量点序号", Form::Whole(1, 999), "1"),
            Column::optional("relation", "计量点关系", word_form!(PointRelation), "主表")
                .help("留空为主表", "main when empty"),
            Column::optional("address", "安装地址", Form::Text(200), ""),
        ],
    };

    fn row(record: &Record<'_>) -> Result<PointLine, RowError> {
        let relation = record.word("relation", PointRelation::from_word).unwrap_or(PointRelation::Main);
        let point = Point {
            account_id: 0,
            point_no: record.number("point_no").unwrap_or(1),
            relation: relation.word().to_owned(),
            address: record.text_if_any("address"),
        };
        Ok(PointLine { point, account_no: record.text("account_no").to_owned() })
    }

    fn load(mut lines: Vec<Line<PointLine>>, intake: &mut Intake<'_>) -> Result<(), OfficeError> {
        let account = |r: &mut PointLine, id| r.point.account_id = id;
        intake.resolve(Registered::Account, "account_no", &mut lines, |r| Some(&r.account_no), account)?;
        let accounts: Vec<i64> = lines.iter().map(|l| l.row.point.account_id).collect();
        let known = store::points(intake.conn, &accounts)?;
        let mut first = HashMap::new();
        for line in &lines {
            let key = (line.row.point.account_id, line.row.point.point_no);
            let value = key.1.to_string();
            if known.contains(&key) {
                let reason = ["该户已有此计量点", "the account has this point already"];
                intake.wrong(line.line, "point_no", &value, "registry.already_there", reason);
            }
            if first.insert((&line.row.account_no, key.1), line.line).is_some() {
                let reason = ["文件中重复", "twice in the file"];
                intake.wrong(line.line, "point_no", &value, "registry.twice_in_file", reason);
            }
        }
        if intake.is_clean() {
            let points: Vec<Point> = rows(lines).into_iter().map(|r| r.point).collect();
            store::insert_points(intake.conn, &points)?;
        }
        Ok(())
    }
}
