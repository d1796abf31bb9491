//! 导入: files of other systems become records of ours, whole or not at all.
//!
//! A kind of file is described once by its [`Format`]; reading, the templates and `docs/import.md` come from it. Reading
//! checks every cell and tells all that is wrong, so that a person corrects a file once. Any column may read its own kind
//! of file with [`read`]; the kinds of the registry are in the column `registry`.

mod cell;
mod decode;
mod format;
mod manual;
mod problem;
mod record;
mod template;
mod text_file;
mod workbook;

#[cfg(test)]
mod tests;

pub use cell::{BadCell, Form, Value, date};
pub use format::{Column, Format, Limits};
pub use manual::manual;
pub use problem::{Problems, RowError};
pub use record::Record;
pub use template::{csv_template, xlsx_template};
pub use workbook::HELP_SHEET;

use denghuo_rules::derivation::Bilingual;
use record::Checker;
use sha2::{Digest as _, Sha256};
use std::path::Path;
use workbook::Workbook;

/// 导入文件: its name and bytes.
#[derive(Clone, Debug)]
pub struct Source {
    /// File name without folders; the identity of the file where its kind has no batch id of its own.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

impl Source {
    /// Reads a file within the limits.
    ///
    /// # Errors
    /// It cannot be read or is too large.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, RowError> {
        let unreadable = |e: std::io::Error| {
            let shown = path.display();
            let reason = Bilingual::new(format!("无法读取{shown}:{e}"), format!("cannot read {shown}: {e}"));
            RowError::file("import.cannot_open", reason)
        };
        let size = std::fs::metadata(path).map_err(unreadable)?.len();
        if size > limits.bytes {
            let limit = limits.bytes >> 20;
            let reason = Bilingual::new(
                format!("文件超过{limit} MiB,请分成几个文件"),
                format!("the file is larger than {limit} MiB: split it"),
            );
            return Err(RowError::file("import.too_large", reason));
        }
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self { name, bytes: std::fs::read(path).map_err(unreadable)? })
    }

    /// 内容摘要: SHA-256 of the content, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        Sha256::digest(&self.bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn is_workbook(&self) -> bool {
        self.bytes.starts_with(b"PK\x03\x04")
    }
}

/// Reads a file of one kind, calling `each` for every row whose cells fit; gives the number of rows and all that is wrong.
/// A workbook may have other sheets beside: the one named after the kind is read, or the only one.
pub fn read(
    format: &Format,
    source: &Source,
    limits: Limits,
    mut each: impl FnMut(&Record<'_>, &mut Problems),
) -> (usize, Problems) {
    let mut checker = Checker::new(format, limits, &mut each);
    let walked = if source.is_workbook() {
        Workbook::open(source.bytes.clone()).and_then(|mut workbook| {
            let sheet = sheet_of(format, &workbook.sheets())?;
            workbook.walk(&sheet, &mut checker)
        })
    } else {
        old_excel(source).and_then(|()| text_file::walk(source.bytes.clone(), format, &mut checker))
    };
    if let Err(error) = walked {
        checker.problems.push(error);
    }
    checker.finish()
}

/// Like [`read`], gathering what `row` makes of each row, with its line.
pub fn gather<T>(
    format: &Format,
    source: &Source,
    limits: Limits,
    row: impl Fn(&Record<'_>) -> Result<T, RowError>,
) -> Result<Vec<(u64, T)>, Problems> {
    let mut rows = Vec::new();
    let (_, problems) = read(format, source, limits, |record, problems| match row(record) {
        Ok(made) => rows.push((record.line, made)),
        Err(error) => problems.push(error),
    });
    if problems.is_empty() { Ok(rows) } else { Err(problems) }
}

/// The sheets of a workbook; an error when the file is none.
///
/// # Errors
/// The file is no workbook.
pub fn sheets(source: &Source) -> Result<Vec<String>, RowError> {
    if source.is_workbook() {
        return Ok(Workbook::open(source.bytes.clone())?.sheets());
    }
    old_excel(source)?;
    Err(RowError::file("import.not_a_workbook", Bilingual::new("不是XLSX工作簿", "not an XLSX workbook")))
}

fn sheet_of(format: &Format, sheets: &[String]) -> Result<String, RowError> {
    let named = sheets.iter().find(|name| format.is_called(name));
    match (named, sheets) {
        (Some(name), _) | (None, [name]) => Ok(name.clone()),
        _ => Err(RowError::file(
            "import.no_such_sheet",
            Bilingual::new(
                format!("工作簿中没有名为“{}”的表", format.zh),
                format!("the workbook has no sheet named {}", format.kind),
            ),
        )),
    }
}

fn old_excel(source: &Source) -> Result<(), RowError> {
    if !source.bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Ok(());
    }
    let reason = Bilingual::new("旧的XLS格式,请另存为XLSX", "the old XLS format: save it as XLSX");
    Err(RowError::file("import.old_excel", reason))
}
