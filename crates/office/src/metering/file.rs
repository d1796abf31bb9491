//! 示数文件: readings as CSV or XLSX.

use super::register::{ReadingRow, Registered, Rejected, readings_register};
use crate::error::OfficeError;
use crate::import::{Column, Form, Format, Limits, Problems, Record, RowError, Source as File, gather};
use crate::word_form;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::metering::{RegisterSet, Source};
use denghuo_rules::refusal::{Refusal, Refuse as _};
use denghuo_rules::units::{Demand, Energy};
use denghuo_store::Conn;
use denghuo_store::registry::{ImportedFile, imported_file, keep_imported_file};
use jiff::civil::Date;
use std::collections::HashMap;

/// Largest register: 12 whole digits.
const REGISTER: Form = Form::Decimal { scale: 4, min: 0, max: 9_999_999_999_999_999, unit: "kWh" };

/// 示数: one row is one meter on one day.
pub const READINGS: Format = Format {
    kind: "readings",
    zh: "抄表示数",
    about_zh: "一行是一块表一天的示数(乘倍率之前);抄表日的示数指该日0时",
    about_en: "One row is what one meter shows on one day, before the multiplier, at 0:00 of that day",
    columns: &[
        Column::optional("account_no", "户号", Form::Ref("accounts"), "3700000001")
            .help("户号和表号至少填一个", "at least one of account and meter"),
        Column::optional("meter_no", "表号", Form::Ref("meters"), "3730001000000012345678")
            .help("一户多表时必填", "needed where several meters hang"),
        Column::required("read_on", "抄表日", Form::Date, "2026-08-05"),
        Column::required("total", "有功总", REGISTER, "6124.4"),
        Column::optional("sharp", "尖", REGISTER, ""),
        Column::optional("peak", "峰", REGISTER, ""),
        Column::optional("flat", "平", REGISTER, ""),
        Column::optional("valley", "谷", REGISTER, ""),
        Column::optional("deep", "深谷", REGISTER, ""),
        Column::optional("reactive_forward", "正向无功", REGISTER, ""),
        Column::optional("reactive_reverse", "反向无功", REGISTER, ""),
        Column::optional("max_demand", "最大需量", REGISTER, ""),
        Column::optional("source", "抄表方式", word_form!(Source), "remote")
            .help("不填为远程采集", "remote when empty"),
        Column::optional("taken_at", "抄表时刻", Form::Moment, "2026-08-05 00:00:00"),
        Column::optional("taken_by", "抄表员", Form::Ref("staff"), ""),
    ],
};

/// What became of a file.
#[derive(Debug)]
pub enum Imported {
    /// Taken in.
    Loaded(Registered),
    /// This very file was taken in before.
    KnownFile,
    /// Nothing was taken in.
    Rejected(Problems),
}

/// Takes in a file of readings, whole or not at all. A file with a known name and other content is refused.
///
/// # Errors
/// A file of that name with other content; a failure of the database.
pub fn readings_import(
    conn: &mut Conn,
    work: &Work<'_>,
    file: &File,
    on: Date,
) -> Result<Imported, OfficeError> {
    let digest = file.digest();
    if let Some(known) = imported_file(conn, READINGS.kind, &file.name, &digest)? {
        if known.digest == digest {
            return Ok(Imported::KnownFile);
        }
        return Err(Refusal::new(
            "import.same_name_other_content",
            format!("文件{}已于{}导入,内容不同", known.name, known.imported_on),
            format!("a file {} with other content was imported on {}", known.name, known.imported_on),
        )
        .into());
    }
    let rows = match gather(&READINGS, file, Limits::default(), row) {
        Ok(rows) => rows.into_iter().map(|(_, row)| row).collect::<Vec<_>>(),
        Err(problems) => return Ok(Imported::Rejected(problems)),
    };
    conn.write(|conn| {
        let registered = match readings_register(conn, &rows, on)? {
            Ok(registered) => registered,
            Err(rejected) => {
                return Ok(Imported::Rejected(problems_of(&rows, rejected)));
            }
        };
        let kept = ImportedFile {
            name: file.name.clone(),
            digest,
            kind: READINGS.kind.to_owned(),
            rows_kept: rows.len() as i64,
            imported_on: on,
        };
        keep_imported_file(conn, &kept, work.now)?;
        Ok(Imported::Loaded(registered))
    })
}

/// The refused rows as problems of the file, each with its cell.
fn problems_of(rows: &[ReadingRow], rejected: Rejected) -> Problems {
    let by_line: HashMap<u64, &ReadingRow> = rows.iter().map(|row| (row.line, row)).collect();
    let mut problems = Problems::default();
    for (line, refusal) in rejected {
        let column = refusal.column();
        let value = by_line.get(&line).map_or_else(String::new, |row| match column {
            "account_no" => row.account_no.clone().unwrap_or_default(),
            "meter_no" => row.meter_no.clone().unwrap_or_default(),
            "taken_by" => row.taken_by.clone().unwrap_or_default(),
            "read_on" => row.registers.on.to_string(),
            _ => row.registers.total.to_string(),
        });
        problems.push(RowError::at(line, column, &value, refusal.code(), refusal.text()));
    }
    problems
}

fn row(record: &Record<'_>) -> Result<ReadingRow, RowError> {
    let energy = |name| record.number(name).map(Energy);
    let Some(on) = record.date("read_on") else {
        let reason = Bilingual::new("缺少抄表日", "the day of the reading is missing");
        return Err(RowError::at(record.line, "read_on", "", "import.required", reason));
    };
    let source = record.word("source", Source::from_word).unwrap_or(Source::Remote);
    if matches!(source, Source::Install | Source::Remove | Source::Provisional) {
        return Err(record.wrong(
            "source",
            "reading.source_not_from_file",
            "装拆表示数随装拆记录,暂计由异常处理产生,不能由示数文件导入",
            "installation readings come with the installation and estimates from an exception, not from this file",
        ));
    }
    Ok(ReadingRow {
        line: record.line,
        account_no: record.text_if_any("account_no"),
        meter_no: record.text_if_any("meter_no"),
        registers: RegisterSet {
            on,
            total: energy("total").unwrap_or_default(),
            bands: ["sharp", "peak", "flat", "valley", "deep"].map(energy),
            reactive_forward: energy("reactive_forward").unwrap_or_default(),
            reactive_reverse: energy("reactive_reverse").unwrap_or_default(),
            max_demand: record.number("max_demand").map(Demand).unwrap_or_default(),
        },
        source,
        taken_at: record.moment("taken_at").and_then(china_time),
        taken_by: record.text_if_any("taken_by"),
    })
}

/// A moment by the clock of China (UTC+8), in ms since 1970.
fn china_time(moment: jiff::civil::DateTime) -> Option<i64> {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    Some(zone.to_timestamp(moment).ok()?.as_millisecond())
}
