//! What is wrong with a file: every bad cell with its line, column and reason.

use denghuo_rules::derivation::{Bilingual, Language};
use serde::Serialize;

/// 错误行: one thing that is wrong with an imported file. Line 0 means the file itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowError {
    /// The sheet of a workbook; empty for a plain file.
    pub sheet: Box<str>,
    /// Line of the file, the header being line 1; 0 for the whole file.
    pub line: u64,
    /// Column as documented; empty when the whole row is meant.
    pub column: Box<str>,
    /// The text found, shortened.
    pub value: Box<str>,
    /// Stable code, such as `import.bad_date`.
    pub code: &'static str,
    /// The reason for people.
    pub reason: Bilingual,
}

/// Longest value repeated in a message, in characters.
const SHOWN: usize = 60;

impl RowError {
    /// A thing wrong with a row.
    #[must_use]
    pub fn at(line: u64, column: &str, value: &str, code: &'static str, reason: Bilingual) -> Self {
        Self { sheet: "".into(), line, column: column.into(), value: shortened(value).into(), code, reason }
    }

    /// A thing wrong with the file as a whole.
    #[must_use]
    pub fn file(code: &'static str, reason: Bilingual) -> Self {
        Self::at(0, "", "", code, reason)
    }

    /// The sentence with its place, in one language.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let mut place = String::new();
        let chinese = language == Language::Chinese;
        if !self.sheet.is_empty() {
            place.push_str(&if chinese {
                format!("表“{}” ", self.sheet)
            } else {
                format!("sheet {} ", self.sheet)
            });
        }
        if self.line > 0 {
            place.push_str(&if chinese {
                format!("第{}行", self.line)
            } else {
                format!("line {}", self.line)
            });
        }
        if !self.column.is_empty() {
            place.push_str(&if chinese {
                format!(" {}列", self.column)
            } else {
                format!(", column {}", self.column)
            });
        }
        if !self.value.is_empty() {
            place.push_str(&format!(" [{}]", self.value));
        }
        let reason = self.reason.in_language(language);
        if place.is_empty() { reason.to_owned() } else { format!("{place}: {reason}") }
    }
}

fn shortened(value: &str) -> String {
    let mut chars = value.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut text: String = chars.by_ref().take(SHOWN).collect();
    if chars.next().is_some() {
        text.push('…');
    }
    text
}

/// What was found wrong, kept in full up to a limit and counted beyond it.
#[derive(Debug, Default)]
pub struct Problems {
    /// In the order of the file.
    pub rows: Vec<RowError>,
    /// Further ones that are counted only.
    pub more: u64,
}

impl Problems {
    /// Errors kept in full; a file with more of them is the wrong file.
    pub const KEPT: usize = 10_000;

    /// Keeps or counts one more.
    pub fn push(&mut self, error: RowError) {
        if self.rows.len() < Self::KEPT {
            self.rows.push(error);
        } else {
            self.more += 1;
        }
    }

    /// True when nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many there are, kept or not.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.rows.len() as u64 + self.more
    }

    /// Takes over the problems of one sheet, marking them with its name.
    pub fn absorb(&mut self, sheet: &str, other: Self) {
        for mut error in other.rows {
            error.sheet = sheet.into();
            self.push(error);
        }
        self.more += other.more;
    }

    /// The list as a CSV file for the person who has to correct the input.
    ///
    /// # Errors
    /// Writing fails.
    pub fn write_csv(&self, out: impl std::io::Write) -> Result<(), csv::Error> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record([
            "\u{feff}sheet",
            "line",
            "column",
            "value",
            "code",
            "reason_zh",
            "reason_en",
        ])?;
        for e in &self.rows {
            let line = e.line.to_string();
            let cells = [&*e.sheet, &line, &*e.column, &*e.value, e.code, &e.reason.zh, &e.reason.en];
            writer.write_record(cells)?;
        }
        writer.flush()?;
        Ok(())
    }
}
