//! 模板: files to fill in, with one row of example.

use super::format::Format;
use super::workbook::HELP_SHEET;
use rust_xlsxwriter::{Format as Style, Note, Workbook, XlsxError};

/// A CSV file with the Chinese header and the example; UTF-8 with its mark, so that spreadsheets show it right.
#[must_use]
pub fn csv_template(format: &Format) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let header = format.columns.iter().map(|c| c.zh);
    let example = format.columns.iter().map(|c| c.example);
    // Writing to memory cannot fail.
    writer
        .write_record(header)
        .and_then(|()| writer.write_record(example))
        .expect("memory takes every write");
    writer.into_inner().expect("memory takes every flush")
}

/// A workbook with one sheet per kind and one of explanations; every column is text, so that no digit is lost.
///
/// # Errors
/// The workbook cannot be written (a sheet name that spreadsheets refuse).
pub fn xlsx_template(formats: &[&Format]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let head = Style::new().set_bold();
    let text = Style::new().set_num_format("@");
    for format in formats {
        let sheet = workbook.add_worksheet().set_name(format.zh)?;
        sheet.set_freeze_panes(1, 0)?;
        for (i, column) in format.columns.iter().enumerate() {
            let at = u16::try_from(i).unwrap_or(u16::MAX);
            sheet.set_column_format(at, &text)?.set_column_width(at, 16)?;
            sheet.write_string_with_format(0, at, column.zh, &head)?;
            sheet.insert_note(0, at, &Note::new(super::manual::explanation(column)).set_author("灯火"))?;
            if !column.example.is_empty() {
                sheet.write_string_with_format(1, at, column.example, &text)?;
            }
        }
    }
    explain(&mut workbook, formats, &head)?;
    workbook.save_to_buffer()
}

fn explain(workbook: &mut Workbook, formats: &[&Format], head: &Style) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet().set_name(HELP_SHEET)?;
    for (at, (title, width)) in
        [("表", 14), ("列", 18), ("Column", 22), ("必填", 6), ("说明", 80)].iter().enumerate()
    {
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        sheet.write_string_with_format(0, at, *title, head)?.set_column_width(at, *width)?;
    }
    let columns = formats.iter().flat_map(|format| format.columns.iter().map(move |column| (format, column)));
    for (row, (format, column)) in (1_u32..).zip(columns) {
        let required = if column.required { "是" } else { "" };
        let cells = [format.zh, column.zh, column.name, required, &super::manual::explanation(column)];
        for (at, cell) in (0_u16..).zip(cells) {
            sheet.write_string(row, at, cell)?;
        }
    }
    Ok(())
}
