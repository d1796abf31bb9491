//! 规则库文件: reading folders of rules, and importing a month's price table into a site's folder.

use denghuo_rules::tariff::{
    Gaps, Published, Table, check_rows, read_csv_row, read_json, read_toml, rule_files,
};
use std::path::{Path, PathBuf};

mod site;
#[cfg(test)]
mod tests;

pub use site::{Examined, Files, RuleRefusal, rule_decide, rule_file_check, rule_propose, site_book};

/// Why a price table was not imported; nothing has been written then, unless the error is one of writing.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read or is not of a known form.
    #[error("{}: {reason}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Rows are wrong: every one of them, one a line.
    #[error("{}", rows.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Rows {
        /// Every fault of every row.
        rows: Vec<denghuo_rules::tariff::RowError>,
    },
    /// The month was imported before, with other prices.
    #[error("{} holds other prices; --replace writes over them: 该月电价已导入且内容不同,须加 --replace", file.display())]
    Exists {
        /// The file.
        file: PathBuf,
    },
    /// A rule file cannot be written.
    #[error("cannot write {}: {source}", file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Reads a month's table: `.json`, `.toml` or `.csv` (UTF-8 or GB18030).
///
/// # Errors
/// The file cannot be read or is not of its form.
pub fn read_prices(file: &Path) -> Result<Vec<Published>, ImportError> {
    let bad = |reason: String| ImportError::Unreadable { file: file.to_owned(), reason };
    read_price_bytes(file, &std::fs::read(file).map_err(|e| bad(e.to_string()))?)
}

/// Reads a month's table that was handed in under a name.
///
/// # Errors
/// The bytes are not of the form that the name tells.
pub fn read_price_bytes(file: &Path, bytes: &[u8]) -> Result<Vec<Published>, ImportError> {
    let bad = |reason: String| ImportError::Unreadable { file: file.to_owned(), reason };
    let text = decode(bytes).ok_or_else(|| bad("neither UTF-8 nor GB18030: 编码无法识别".to_owned()))?;
    match file.extension().and_then(|e| e.to_str()) {
        Some("json") => read_json(&text).map_err(|e| bad(e.to_string())),
        Some("toml") => read_toml(&text).map_err(|e| bad(e.to_string())),
        Some("csv") => read_csv(&text).map_err(|e| bad(e.to_string())),
        _ => {
            Err(bad("a price table is a .json, .toml or .csv file: 电价表须为json、toml或csv文件".to_owned()))
        }
    }
}

fn decode(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    let (text, _, broken) = encoding_rs::GB18030.decode(bytes);
    (!broken).then(|| text.into_owned())
}

fn read_csv(text: &str) -> Result<Vec<Published>, csv::Error> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers()?.iter().map(|h| h.trim().to_owned()).collect();
    reader
        .records()
        .map(|record| {
            let record = record?;
            let line = record.position().map_or(0, csv::Position::line);
            let cells: Vec<String> = record.iter().map(str::to_owned).collect();
            Ok(read_csv_row(&format!("line {line}"), &header, &cells))
        })
        .collect()
}

/// A checked price table, ready to be written.
#[derive(Debug)]
pub struct PriceImport {
    /// Rows per file.
    pub tables: Vec<Table>,
    /// `(path inside the folder, text)` of every rule file.
    pub files: Vec<(String, String)>,
}

impl PriceImport {
    /// Reads and checks a price table whole.
    ///
    /// # Errors
    /// Every fault of the file.
    pub fn read(file: &Path, gaps: Gaps) -> Result<Self, ImportError> {
        Self::checked(&read_prices(file)?, gaps)
    }

    /// Checks a table that was read.
    ///
    /// # Errors
    /// Every fault of its rows.
    pub fn checked(rows: &[Published], gaps: Gaps) -> Result<Self, ImportError> {
        let tables = check_rows(rows, gaps).map_err(|rows| ImportError::Rows { rows })?;
        let files = rule_files(&tables);
        Ok(Self { tables, files })
    }

    /// Writes the rules into a site's folder. A month that was imported before is left as it is when it says the same.
    ///
    /// # Errors
    /// A month that was imported before says something else and `replace` is not set (nothing is written then), or a file
    /// cannot be written.
    pub fn write(&self, into: &Path, replace: bool) -> Result<(), ImportError> {
        let other = |(path, text): &&(String, String)| {
            std::fs::read_to_string(into.join(path)).is_ok_and(|there| there != *text)
        };
        if let (Some((path, _)), false) = (self.files.iter().find(other), replace) {
            return Err(ImportError::Exists { file: into.join(path) });
        }
        self.files.iter().try_for_each(|(path, text)| write(&into.join(path), text))
    }
}

/// Writes a file whole or not at all: beside it first, then renamed.
fn write(file: &Path, text: &str) -> Result<(), ImportError> {
    let fail = |source| ImportError::Write { file: file.to_owned(), source };
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    let beside = file.with_extension("toml.new");
    std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, file)).map_err(fail)
}
