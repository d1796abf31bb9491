//! XLSX: sheets of a workbook, cell by cell, with numbers and dates as exact text.

use super::cell::BadCell;
use super::problem::RowError;
use super::record::{Checker, Line};
use calamine::{DataRef, ExcelDateTime, Reader as _, Xlsx, XlsxError};
use denghuo_rules::derivation::Bilingual;
use std::io::Cursor;

/// The sheet of explanations in our templates; never read.
pub const HELP_SHEET: &str = "说明";

/// Columns looked at; what stands further right makes the row wrong anyway.
const COLUMNS: usize = 512;

/// An opened workbook.
pub struct Workbook {
    inner: Xlsx<Cursor<Vec<u8>>>,
}

impl Workbook {
    /// Opens the bytes of an `.xlsx` file.
    ///
    /// # Errors
    /// No such file.
    pub fn open(bytes: Vec<u8>) -> Result<Self, RowError> {
        Xlsx::new(Cursor::new(bytes)).map(|inner| Self { inner }).map_err(|e| unreadable(&e))
    }

    /// The names of its sheets, without the one of explanations.
    #[must_use]
    pub fn sheets(&self) -> Vec<String> {
        self.inner.sheet_names().into_iter().filter(|name| name != HELP_SHEET).collect()
    }

    /// Reads one sheet row by row into the checker.
    ///
    /// # Errors
    /// A damaged sheet.
    pub fn walk(&mut self, sheet: &str, checker: &mut Checker<'_>) -> Result<(), RowError> {
        let mut reader = self.inner.worksheet_cells_reader(sheet).map_err(|e| unreadable(&e))?;
        let mut row = Row::default();
        while let Some(cell) = reader.next_cell().map_err(|e| unreadable(&e))? {
            let (number, column) = cell.get_position();
            if row.number != u64::from(number) + 1 && !row.give(checker, u64::from(number) + 1) {
                return Ok(());
            }
            row.put(column as usize, cell.get_value());
        }
        row.give(checker, 0);
        Ok(())
    }
}

fn unreadable(error: &XlsxError) -> RowError {
    RowError::file(
        "import.unreadable",
        Bilingual::new(format!("不是可读的XLSX文件:{error}"), format!("not a readable XLSX file: {error}")),
    )
}

/// The row being gathered.
#[derive(Default)]
struct Row {
    number: u64,
    cells: csv::StringRecord,
    bad: Vec<(usize, BadCell)>,
}

impl Row {
    fn put(&mut self, column: usize, value: &DataRef<'_>) {
        if matches!(value, DataRef::Empty) || column >= COLUMNS && self.cells.len() > COLUMNS {
            return;
        }
        let column = column.min(COLUMNS);
        while self.cells.len() < column {
            self.cells.push_field("");
        }
        match text_of(value) {
            Ok(text) => self.cells.push_field(&text),
            Err(bad) => {
                self.cells.push_field("#");
                self.bad.push((column, bad));
            }
        }
    }

    /// Hands the gathered row over and begins the next one; false when no more rows are wanted.
    fn give(&mut self, checker: &mut Checker<'_>, next: u64) -> bool {
        let line = Line { number: self.number, cells: &self.cells, bad: &self.bad, ragged_is_wrong: false };
        let wanted = self.number == 0 || checker.take(&line);
        self.cells.clear();
        self.bad.clear();
        self.number = next;
        wanted
    }
}

fn text_of(value: &DataRef<'_>) -> Result<String, BadCell> {
    match value {
        DataRef::Int(number) => Ok(number.to_string()),
        DataRef::Float(number) => exact(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) => Ok(text.clone()),
        DataRef::SharedString(text) => Ok((*text).to_owned()),
        DataRef::Bool(truth) => Ok(if *truth { "yes" } else { "no" }.to_owned()),
        DataRef::DateTime(moment) => day_or_moment(*moment),
        DataRef::DurationIso(_) => Err(not_a_value("时长", "a duration")),
        DataRef::Error(error) => Err(not_a_value(&error.to_string(), &error.to_string())),
        DataRef::Empty => Ok(String::new()),
    }
}

fn not_a_value(zh: &str, en: &str) -> BadCell {
    (
        "import.bad_cell",
        Bilingual::new(format!("单元格是{zh},不是值"), format!("the cell holds {en}, not a value")),
    )
}

fn day_or_moment(moment: ExcelDateTime) -> Result<String, BadCell> {
    if moment.is_duration() {
        return Err(not_a_value("时长", "a duration"));
    }
    let (y, m, d, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let day = format!("{y:04}-{m:02}-{d:02}");
    let midnight = (hour, minute, second) == (0, 0, 0);
    Ok(if midnight { day } else { format!("{day} {hour:02}:{minute:02}:{second:02}") })
}

/// A number cell as the person sees it: the 15 significant digits that a spreadsheet keeps, never more. A whole number
/// with more digits has already lost some, and a meter number with wrong digits would be another meter.
fn exact(number: f64) -> Result<String, BadCell> {
    let scientific = format!("{number:.14e}");
    let parts =
        scientific.split_once('e').and_then(|(digits, power)| Some((digits, power.parse::<i32>().ok()?)));
    let Some((mantissa, power)) = parts.filter(|(_, power)| (-15..15).contains(power)) else {
        return Err((
            "import.digits_lost",
            Bilingual::new(
                "数字超过15位,表格软件已丢失尾数,请将该列设为文本格式重新录入",
                "a number of more than 15 digits has lost its last ones in the spreadsheet: enter it as text",
            ),
        ));
    };
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |m| ("-", m));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let plain = if power < 0 {
        format!("0.{}{digits}", "0".repeat(power.unsigned_abs() as usize - 1))
    } else {
        let (whole, fraction) = digits.split_at(power as usize + 1);
        format!("{whole}.{fraction}")
    };
    let plain = plain.trim_end_matches('0').trim_end_matches('.');
    Ok(if plain == "0" { "0".to_owned() } else { format!("{sign}{plain}") })
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_come_out_as_typed() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.3"),
            (1234.56, "1234.56"),
            (-12.5, "-12.5"),
            (0.00001, "0.00001"),
            (370_612_345_678.0, "370612345678"),
            (999_999_999_999_999.0, "999999999999999"),
        ];
        for (number, text) in cases {
            assert_eq!(super::exact(number).as_deref(), Ok(text));
        }
        assert_eq!(super::exact(1e15).unwrap_err().0, "import.digits_lost");
        assert_eq!(super::exact(f64::NAN).unwrap_err().0, "import.digits_lost");
    }
}
