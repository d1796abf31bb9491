//! CSV: separators `,` `;` and tab, quoted fields, lines as in the file.

use super::decode::decode;
use super::format::Format;
use super::problem::RowError;
use super::record::{Checker, Line};
use denghuo_rules::derivation::Bilingual;

/// Reads a text file row by row into the checker.
///
/// # Errors
/// A file that is no text or no table at all.
pub fn walk(bytes: Vec<u8>, format: &Format, checker: &mut Checker<'_>) -> Result<(), RowError> {
    let text = decode(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(&text, format))
        .from_reader(text.as_bytes());
    let mut cells = csv::StringRecord::new();
    let mut lines = Lines { text: text.as_bytes(), counted: 0, line: 1 };
    loop {
        match reader.read_record(&mut cells) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => return Err(unreadable(&error)),
        }
        let number = lines.at(cells.position().map_or(0, csv::Position::byte));
        if !checker.take(&Line { number, cells: &cells, bad: &[], ragged_is_wrong: true }) {
            return Ok(());
        }
    }
}

/// Counts lines as an editor shows them: the parser counts neither blank lines nor CR LF in time.
struct Lines<'a> {
    text: &'a [u8],
    counted: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the record that begins at or after this byte.
    fn at(&mut self, byte: u64) -> u64 {
        let start = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        let blanks = self.text[start..].iter().take_while(|b| matches!(b, b'\n' | b'\r')).count();
        let passed = &self.text[self.counted..start + blanks];
        self.line += passed.iter().filter(|b| **b == b'\n').count() as u64;
        self.counted = start + blanks;
        self.line
    }
}

fn unreadable(error: &csv::Error) -> RowError {
    let line = error.position().map_or(0, csv::Position::line);
    let reason = Bilingual::new(format!("不是CSV表格:{error}"), format!("not a CSV table: {error}"));
    RowError::at(line, "", "", "import.unreadable", reason)
}

/// The separator under which the header names most columns of the format.
fn separator(text: &str, format: &Format) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let known = |separator: u8| {
        let names = header.split(char::from(separator)).map(|name| name.trim().trim_matches('"').trim());
        names.filter(|name| format.position(name).is_some()).count()
    };
    let mut best = b',';
    for candidate in [b';', b'\t'] {
        if known(candidate) > known(best) {
            best = candidate;
        }
    }
    best
}
