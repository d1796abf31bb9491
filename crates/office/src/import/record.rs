//! 行: rows checked against their format, and the values they hand to the kinds.

use super::cell::{BadCell, Value};
use super::format::{Format, Limits};
use super::problem::{Problems, RowError};
use denghuo_rules::derivation::Bilingual;
use jiff::civil::{Date, DateTime};

/// A raw row of a file.
pub struct Line<'a> {
    /// Line in the file.
    pub number: u64,
    /// Its cells as text.
    pub cells: &'a csv::StringRecord,
    /// Cells that hold no value at all.
    pub bad: &'a [(usize, BadCell)],
    /// A row shorter than the header is an error (text files), because the file may be cut off.
    pub ragged_is_wrong: bool,
}

/// A row whose cells all fit their forms.
pub struct Record<'a> {
    /// Line in the file.
    pub line: u64,
    format: &'a Format,
    positions: &'a [Option<usize>],
    texts: &'a [&'a str],
    values: &'a [Value],
}

impl<'a> Record<'a> {
    /// Panics on a name that the format does not have: a mistake in our code, found by the first test of the kind.
    fn position(&self, name: &str) -> usize {
        let found = self.format.columns.iter().position(|c| c.name == name);
        found.unwrap_or_else(|| panic!("format {} has no column {name}", self.format.kind))
    }

    /// Does the file have this column at all?
    #[must_use]
    pub fn has_column(&self, name: &str) -> bool {
        self.positions[self.position(name)].is_some()
    }

    /// The text of a cell; empty when there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &'a str {
        self.texts[self.position(name)]
    }

    /// The text of a cell, when there is one.
    #[must_use]
    pub fn text_if_any(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|t| !t.is_empty()).map(str::to_owned)
    }

    /// The whole or scaled number of a cell.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.values[self.position(name)] {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The day of a cell.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<Date> {
        match self.values[self.position(name)] {
            Value::Date(date) => Some(date),
            _ => None,
        }
    }

    /// The moment of a cell.
    #[must_use]
    pub fn moment(&self, name: &str) -> Option<DateTime> {
        match self.values[self.position(name)] {
            Value::Moment(moment) => Some(moment),
            _ => None,
        }
    }

    /// The yes or no of a cell.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.values[self.position(name)] {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// The word of a cell, by the `from_word` of its enum.
    #[must_use]
    pub fn word<T>(&self, name: &str, from_word: impl Fn(&str) -> Option<T>) -> Option<T> {
        from_word(self.text(name))
    }

    /// Something wrong with a cell of this row.
    #[must_use]
    pub fn wrong(
        &self,
        name: &str,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> RowError {
        RowError::at(self.line, name, self.text(name), code, Bilingual::new(zh, en))
    }
}

/// Checks rows one after another and gives the good ones on.
pub struct Checker<'a> {
    format: &'a Format,
    limits: Limits,
    /// For every column of the format, where it stands in the file; empty before the header was read.
    positions: Vec<Option<usize>>,
    width: usize,
    values: Vec<Value>,
    each: &'a mut dyn FnMut(&Record<'_>, &mut Problems),
    /// Rows below the header.
    pub rows: usize,
    /// What was found wrong.
    pub problems: Problems,
}

impl<'a> Checker<'a> {
    /// A checker that calls `each` for every good row.
    pub fn new(
        format: &'a Format,
        limits: Limits,
        each: &'a mut dyn FnMut(&Record<'_>, &mut Problems),
    ) -> Self {
        let values = vec![Value::Empty; format.columns.len()];
        Self {
            format,
            limits,
            positions: Vec::new(),
            width: 0,
            values,
            each,
            rows: 0,
            problems: Problems::default(),
        }
    }

    /// Takes the next row; false when reading on makes no sense.
    pub fn take(&mut self, line: &Line<'_>) -> bool {
        if line.cells.iter().all(|cell| trim(cell).is_empty()) {
            return true;
        }
        if self.positions.is_empty() {
            return self.take_header(line);
        }
        self.rows += 1;
        if self.rows > self.limits.rows {
            let limit = self.limits.rows;
            let reason = Bilingual::new(format!("超过{limit}行"), format!("more than {limit} rows"));
            self.problems.push(RowError::at(line.number, "", "", "import.too_many_rows", reason));
            return false;
        }
        self.take_row(line);
        true
    }

    /// At the end of the file: a file without a header is an error.
    #[must_use]
    pub fn finish(mut self) -> (usize, Problems) {
        if self.positions.is_empty() && self.problems.is_empty() {
            let reason = Bilingual::new("文件是空的", "the file is empty");
            self.problems.push(RowError::file("import.empty", reason));
        }
        (self.rows, self.problems)
    }

    fn take_header(&mut self, line: &Line<'_>) -> bool {
        let (width, limit) = (filled(line.cells), self.limits.columns);
        if width > limit {
            let reason = Bilingual::new(
                format!("表头有{width}列,最多{limit}列"),
                format!("the header has {width} columns, more than {limit}"),
            );
            self.problems.push(RowError::at(line.number, "", "", "import.too_many_columns", reason));
            return false;
        }
        let mut positions = vec![None; self.format.columns.len()];
        for (at, name) in line.cells.iter().map(trim).enumerate().filter(|(_, name)| !name.is_empty()) {
            let (code, zh, en) = match self.format.position(name) {
                None => ("import.unknown_column", "没有这一列", "there is no such column"),
                Some(column) if positions[column].is_some() => {
                    ("import.column_twice", "列重复", "the column stands twice")
                }
                Some(column) => {
                    positions[column] = Some(at);
                    continue;
                }
            };
            self.problems.push(RowError::at(line.number, name, "", code, Bilingual::new(zh, en)));
        }
        for (column, position) in self.format.columns.iter().zip(&positions) {
            if column.required && position.is_none() {
                let reason =
                    Bilingual::new(format!("缺少必填列“{}”", column.zh), "a required column is missing");
                self.problems.push(RowError::at(
                    line.number,
                    column.name,
                    "",
                    "import.missing_column",
                    reason,
                ));
            }
        }
        self.width = width;
        self.positions = positions;
        self.problems.is_empty()
    }

    fn take_row(&mut self, line: &Line<'_>) {
        let before = self.problems.count();
        if filled(line.cells) > self.width || (line.ragged_is_wrong && line.cells.len() < self.width) {
            self.problems.push(wrong_width(line.number, line.cells.len(), self.width));
            return;
        }
        let texts: Vec<&str> = self
            .positions
            .iter()
            .map(|position| position.and_then(|at| line.cells.get(at)).map_or("", trim))
            .collect();
        for (i, column) in self.format.columns.iter().enumerate() {
            let text = texts[i];
            let broken = line.bad.iter().find(|(at, _)| Some(*at) == self.positions[i]);
            let read = match broken {
                Some((_, reason)) => Err(reason.clone()),
                None if text.is_empty() && column.required => {
                    Err(("import.empty_cell", Bilingual::new("必填,不能为空", "must not be empty")))
                }
                None if text.is_empty() => Ok(Value::Empty),
                None if text.len() > self.limits.cell_chars * 4 => {
                    Err(("import.too_long", Bilingual::new("单元格过长", "the cell is too long")))
                }
                None => column.form.read(text),
            };
            match read {
                Ok(value) => self.values[i] = value,
                Err((code, reason)) => {
                    self.problems.push(RowError::at(line.number, column.name, text, code, reason));
                }
            }
        }
        if self.problems.count() == before {
            let record = Record {
                line: line.number,
                format: self.format,
                positions: &self.positions,
                texts: &texts,
                values: &self.values,
            };
            (self.each)(&record, &mut self.problems);
        }
    }
}

/// Cells up to the last one that is filled.
fn filled(cells: &csv::StringRecord) -> usize {
    (0..cells.len()).rev().find(|at| !trim(&cells[*at]).is_empty()).map_or(0, |last| last + 1)
}

fn wrong_width(line: u64, found: usize, width: usize) -> RowError {
    let (code, zh, en) = if found > width {
        ("import.too_many_cells", "多于", "more cells than the header")
    } else {
        ("import.too_few_cells", "少于", "fewer cells than the header")
    };
    let reason =
        Bilingual::new(format!("本行{found}格,{zh}表头的{width}格"), format!("{en}: {found}, not {width}"));
    RowError::at(line, "", "", code, reason)
}

/// Without blanks around, full-width ones and byte-order marks included.
fn trim(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}')
}
