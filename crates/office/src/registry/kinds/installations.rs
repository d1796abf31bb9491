//! 装表: meters at metering points over time, with their registers on the day.

use super::super::intake::{Intake, Line};
use super::Kind;
use crate::error::OfficeError;
use crate::import::{Column, Form, Format, Record, RowError};
use denghuo_rules::metering::multiplier;
use denghuo_rules::registry::{PointRelation, transformer_ratio};
use denghuo_rules::units::{Demand, Energy, Ratio};
use denghuo_store::registry::{self as store, Installation, MeterUse, Point, RegisterReading, Registered};
use jiff::civil::Date;
use std::collections::{BTreeSet, HashMap};

/// 装表
pub(in super::super) struct Installations;

/// An installation with its registers and the numbers it refers to.
pub(in super::super) struct InstallationLine {
    installation: Installation,
    opening: RegisterReading,
    closing: Option<RegisterReading>,
    account_no: String,
    meter_no: String,
}

const REGISTER: Form = Form::Decimal { scale: 4, min: 0, max: 9_999_999_999_999, unit: "kWh" };
const RATIO: Form = Form::Text(20);

impl Kind for Installations {
    type Row = InstallationLine;

    const FORMAT: Format = Format {
        kind: "installations",
        zh: "装表",
        about_zh: "每行一次装表:何户何计量点、何表、何日装、底度;已拆的填拆表日期和拆表示数。",
        about_en: "One installation per row: meter, metering point, days and the registers on them.",
        columns: &[
            Column::required("account_no", "户号", Form::Ref("accounts"), "3700000001"),
            Column::optional("point_no", "计量点序号", Form::Whole(1, 999), "1")
                .help("留空为1", "1 when empty"),
            Column::required("meter_no", "资产编号", Form::Ref("meters"), "3730001000000012345678"),
            Column::required("installed_on", "装表日期", Form::Date, "2020-01-01"),
            Column::optional("removed_on", "拆表日期", Form::Date, ""),
            Column::optional("ct", "电流互感器变比", RATIO, "")
                .help("如150/5;直通留空", "such as 150/5; empty when direct"),
            Column::optional("pt", "电压互感器变比", RATIO, "").help("如10000/100", "such as 10000/100"),
            Column::optional("digits", "整数位数", Form::Whole(4, 9), "")
                .help("留空取电能表的", "the meter's when empty"),
            Column::required("opening_total", "装表总示数", REGISTER, "0"),
            Column::optional("opening_sharp", "装表尖示数", REGISTER, ""),
            Column::optional("opening_peak", "装表峰示数", REGISTER, ""),
            Column::optional("opening_flat", "装表平示数", REGISTER, ""),
            Column::optional("opening_valley", "装表谷示数", REGISTER, ""),
            Column::optional("opening_deep", "装表深谷示数", REGISTER, ""),
            Column::optional("opening_reactive_forward", "装表正向无功示数", REGISTER, ""),
            Column::optional("opening_reactive_reverse", "装表反向无功示数", REGISTER, ""),
            Column::optional("closing_total", "拆表总示数", REGISTER, "")
                .help("有拆表日期时必填", "needed with a day of removal"),
            Column::optional("closing_sharp", "拆表尖示数", REGISTER, ""),
            Column::optional("closing_peak", "拆表峰示数", REGISTER, ""),
            Column::optional("closing_flat", "拆表平示数", REGISTER, ""),
            Column::optional("closing_valley", "拆表谷示数", REGISTER, ""),
            Column::optional("closing_deep", "拆表深谷示数", REGISTER, ""),
            Column::optional("closing_reactive_forward", "拆表正向无功示数", REGISTER, ""),
            Column::optional("closing_reactive_reverse", "拆表反向无功示数", REGISTER, ""),
            Column::optional("closing_max_demand", "拆表最大需量", REGISTER, ""),
        ],
    };

    fn row(record: &Record<'_>) -> Result<InstallationLine, RowError> {
        let installed_on = record.date("installed_on").unwrap_or(Date::ZERO);
        let removed_on = record.date("removed_on");
        let (ct, pt) = (ratio(record, "ct")?, ratio(record, "pt")?);
        if removed_on.is_some() != record.number("closing_total").is_some() {
            let (zh, en) = ("拆表日期与拆表总示数须同时填写", "day and total of the removal belong together");
            return Err(record.wrong("closing_total", "registry.removal_incomplete", zh, en));
        }
        let installation = Installation {
            account_id: 0,
            installation_no: 0,
            point_no: record.number("point_no").unwrap_or(1),
            meter_id: 0,
            installed_on,
            removed_on,
            ct: record.text_if_any("ct"),
            pt: record.text_if_any("pt"),
            multiplier: multiplier(ct, pt).unwrap_or(Ratio::ONE),
            digits: record.number("digits").unwrap_or(0),
        };
        Ok(InstallationLine {
            installation,
            opening: registers(record, "opening", "install", installed_on),
            closing: removed_on.map(|day| registers(record, "closing", "remove", day)),
            account_no: record.text("account_no").to_owned(),
            meter_no: record.text("meter_no").to_owned(),
        })
    }

    fn load(mut lines: Vec<Line<InstallationLine>>, intake: &mut Intake<'_>) -> Result<(), OfficeError> {
        let account = |r: &mut InstallationLine, id| r.installation.account_id = id;
        intake.resolve(Registered::Account, "account_no", &mut lines, |r| Some(&r.account_no), account)?;
        let meter = |r: &mut InstallationLine, id| r.installation.meter_id = id;
        intake.resolve(Registered::Meter, "meter_no", &mut lines, |r| Some(&r.meter_no), meter)?;
        if !intake.is_clean() {
            return Ok(());
        }
        lines.sort_by_key(|l| (l.row.installation.account_id, l.row.installation.installed_on, l.line));
        check_days(&lines, intake)?;
        check_overlaps(&lines, intake)?;
        complete(&mut lines, intake)?;
        if intake.is_clean() { insert(lines, intake) } else { Ok(()) }
    }
}

fn ratio(record: &Record<'_>, name: &'static str) -> Result<(i64, i64), RowError> {
    match record.text(name) {
        "" => Ok((1, 1)),
        text => transformer_ratio(text).ok_or_else(|| {
            record.wrong(name, "registry.bad_ratio", "变比应如150/5", "a ratio is written such as 150/5")
        }),
    }
}

fn registers(record: &Record<'_>, when: &str, source: &'static str, read_on: Date) -> RegisterReading {
    let value = |name: &str| record.number(&format!("{when}_{name}"));
    RegisterReading {
        account_id: 0,
        read_on,
        installation_no: 0,
        source,
        total: Energy(value("total").unwrap_or(0)),
        bands: ["sharp", "peak", "flat", "valley", "deep"].map(|band| value(band).map(Energy)),
        reactive_forward: value("reactive_forward").map(Energy),
        reactive_reverse: value("reactive_reverse").map(Energy),
        max_demand: if source == "remove" { value("max_demand").map(Demand) } else { None },
    }
}

fn check_days(lines: &[Line<InstallationLine>], intake: &mut Intake<'_>) -> Result<(), OfficeError> {
    let ids = || lines.iter().map(|l| l.row.installation.account_id);
    let accounts = store::accounts(intake.conn, ids().min().unwrap_or(0), ids().max().unwrap_or(0))?;
    let opened: HashMap<i64, Date> = accounts.into_iter().map(|a| (a.account_id, a.opened_on)).collect();
    for line in lines {
        let installation = &line.row.installation;
        intake.check_order(line.line, "removed_on", installation.installed_on, installation.removed_on);
        if opened.get(&installation.account_id).is_some_and(|opened| installation.installed_on < *opened) {
            let value = installation.installed_on.to_string();
            let reason = ["早于立户日期", "before the account was opened"];
            intake.wrong(line.line, "installed_on", &value, "registry.installed_before_opening", reason);
        }
    }
    Ok(())
}

/// Two uses overlap when they share more than the day on which one ends and the other begins.
fn overlap(a: &MeterUse, b: &MeterUse) -> bool {
    let begins_before_end =
        |x: &MeterUse, y: &MeterUse| y.removed_on.is_none_or(|removed| x.installed_on < removed);
    begins_before_end(a, b) && begins_before_end(b, a)
}

/// A meter hangs at one place at a time, and a point carries one meter at a time.
fn check_overlaps(lines: &[Line<InstallationLine>], intake: &mut Intake<'_>) -> Result<(), OfficeError> {
    let meters = lines.iter().map(|l| l.row.installation.meter_id).collect();
    let accounts = lines.iter().map(|l| l.row.installation.account_id).collect();
    let mut by_meter: HashMap<i64, Vec<MeterUse>> = HashMap::new();
    let mut by_point: HashMap<(i64, i64), Vec<MeterUse>> = HashMap::new();
    for known in store::meter_uses(intake.conn, &meters, &accounts)? {
        by_meter.entry(known.meter_id).or_default().push(known);
        by_point.entry((known.account_id, known.point_no)).or_default().push(known);
    }
    for line in lines {
        let i = &line.row.installation;
        let this = MeterUse {
            meter_id: i.meter_id,
            account_id: i.account_id,
            point_no: i.point_no,
            installed_on: i.installed_on,
            removed_on: i.removed_on,
        };
        let same_meter = by_meter.entry(i.meter_id).or_default();
        if same_meter.iter().any(|other| overlap(other, &this)) {
            let reason = ["该表在此期间已装于别处", "the meter hangs elsewhere at that time"];
            intake.wrong(line.line, "meter_no", &line.row.meter_no, "registry.meter_installed_twice", reason);
        }
        same_meter.push(this);
        let same_point = by_point.entry((i.account_id, i.point_no)).or_default();
        if same_point.iter().any(|other| other.meter_id != i.meter_id && overlap(other, &this)) {
            let reason = ["该计量点在此期间已有表", "the point carries another meter at that time"];
            intake.wrong(line.line, "point_no", &i.point_no.to_string(), "registry.point_occupied", reason);
        }
        same_point.push(this);
    }
    Ok(())
}

/// Numbers within the account, and the digits of the meter where the row has none.
fn complete(lines: &mut [Line<InstallationLine>], intake: &mut Intake<'_>) -> Result<(), OfficeError> {
    let accounts: Vec<i64> = lines.iter().map(|l| l.row.installation.account_id).collect();
    let meters: Vec<i64> = lines.iter().map(|l| l.row.installation.meter_id).collect();
    let mut last = store::last_numbers(intake.conn, store::Numbered::Installation, &accounts)?;
    let digits = store::meter_digits(intake.conn, &meters)?;
    for line in lines {
        let row = &mut line.row;
        let number = last.entry(row.installation.account_id).or_insert(0);
        *number += 1;
        row.installation.installation_no = *number;
        if row.installation.digits == 0 {
            row.installation.digits = digits.get(&row.installation.meter_id).copied().unwrap_or(0);
        }
        for reading in [Some(&mut row.opening), row.closing.as_mut()].into_iter().flatten() {
            reading.account_id = row.installation.account_id;
            reading.installation_no = *number;
            if reading.total.raw() / 10_000 >= 10_i64.pow(u32::try_from(row.installation.digits).unwrap_or(9))
            {
                let column = if reading.source == "install" { "opening_total" } else { "closing_total" };
                let reason = ["示数超出表的整数位数", "more digits than the meter shows"];
                intake.wrong(
                    line.line,
                    column,
                    &reading.total.to_string(),
                    "registry.register_too_long",
                    reason,
                );
            }
        }
    }
    Ok(())
}

fn insert(lines: Vec<Line<InstallationLine>>, intake: &mut Intake<'_>) -> Result<(), OfficeError> {
    let accounts: Vec<i64> = lines.iter().map(|l| l.row.installation.account_id).collect();
    let known = store::points(intake.conn, &accounts)?;
    let used: BTreeSet<(i64, i64)> =
        lines.iter().map(|l| (l.row.installation.account_id, l.row.installation.point_no)).collect();
    let relation = PointRelation::Main.word();
    let missing: Vec<Point> = used
        .into_iter()
        .filter(|key| !known.contains(key))
        .map(|(account_id, point_no)| Point {
            account_id,
            point_no,
            relation: relation.to_owned(),
            address: None,
        })
        .collect();
    store::insert_points(intake.conn, &missing)?;
    let mut installations = Vec::with_capacity(lines.len());
    let mut readings = Vec::with_capacity(lines.len());
    for Line { row, .. } in lines {
        installations.push(row.installation);
        readings.push(row.opening);
        readings.extend(row.closing);
    }
    store::insert_installations(intake.conn, &installations)?;
    store::insert_register_readings(intake.conn, &readings)?;
    Ok(())
}
