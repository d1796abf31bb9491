//! 文件格式: what a kind of file looks like. Parsing, templates and the manual all come from this description.

use super::cell::Form;

/// One column of a file.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// English name in the header.
    pub name: &'static str,
    /// Chinese name in the header.
    pub zh: &'static str,
    /// An empty cell is an error.
    pub required: bool,
    /// What may stand in the cell.
    pub form: Form,
    /// Explanation in Chinese.
    pub help_zh: &'static str,
    /// Explanation in English.
    pub help_en: &'static str,
    /// A value that is accepted, used in the template.
    pub example: &'static str,
}

impl Column {
    /// A column that must be filled.
    #[must_use]
    pub const fn required(name: &'static str, zh: &'static str, form: Form, example: &'static str) -> Self {
        Self { name, zh, required: true, form, help_zh: "", help_en: "", example }
    }

    /// A column that may be left out.
    #[must_use]
    pub const fn optional(name: &'static str, zh: &'static str, form: Form, example: &'static str) -> Self {
        Self { name, zh, required: false, form, help_zh: "", help_en: "", example }
    }

    /// With an explanation.
    #[must_use]
    pub const fn help(mut self, zh: &'static str, en: &'static str) -> Self {
        self.help_zh = zh;
        self.help_en = en;
        self
    }
}

/// A kind of file.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// The word for `--kind`, and the English name of its sheet in a workbook.
    pub kind: &'static str,
    /// The Chinese name, and the Chinese name of its sheet.
    pub zh: &'static str,
    /// What one row is, in Chinese.
    pub about_zh: &'static str,
    /// What one row is, in English.
    pub about_en: &'static str,
    /// The columns, in the order of the template.
    pub columns: &'static [Column],
}

impl Format {
    /// Position of the column with this English or Chinese name.
    #[must_use]
    pub fn position(&self, header: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.zh == header || c.name.eq_ignore_ascii_case(header))
    }

    /// Is this the name of its sheet?
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.zh == name || self.kind.eq_ignore_ascii_case(name)
    }
}

/// 限制: what a file may be at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: u64,
    /// Rows below the header.
    pub rows: usize,
    /// Columns of a row.
    pub columns: usize,
    /// Characters of a cell.
    pub cell_chars: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 512 << 20, rows: 3_000_000, columns: 200, cell_chars: 2_000 }
    }
}
