//! 导入手册: the formats written out for people (`docs/import.md`).

use super::cell::Form;
use super::format::{Column, Format};
use denghuo_rules::units::format_scaled;
use std::fmt::Write as _;

/// The manual of these kinds, in Markdown.
#[must_use]
pub fn manual(formats: &[&Format]) -> String {
    let mut out = String::from(HEAD);
    for format in formats {
        let _ = writeln!(out, "- [`{}` {}](#{})", format.kind, format.zh, format.kind);
    }
    for format in formats {
        let _ = write!(
            out,
            "\n<a id=\"{kind}\"></a>\n## `{kind}` {zh}\n\n{about_zh}\n\n{about_en}\n\n\
             | 列 | column | 必填 | 形式 form | 说明 | help | 例 example |\n|---|---|---|---|---|---|---|\n",
            kind = format.kind,
            zh = format.zh,
            about_zh = format.about_zh,
            about_en = format.about_en,
        );
        for column in format.columns {
            let (form_zh, form_en) = form(&column.form);
            let _ = writeln!(
                out,
                "| {} | `{}` | {} | {form_zh}; {form_en} | {} | {} | {} |",
                column.zh,
                column.name,
                if column.required { "是" } else { "" },
                column.help_zh,
                column.help_en,
                column.example,
            );
        }
    }
    out
}

const HEAD: &str = "<!-- Written by `denghuo import --manual`; a test keeps it fresh. -->
# 导入文件格式 Import formats

`denghuo import --template KIND [--xlsx] -o FILE` 写出模板;`denghuo import --list-kinds` 列出种类;
`denghuo import FILE --kind KIND` 导入一个文件;`denghuo import --workbook FILE` 导入含多个表的工作簿。

CSV (UTF-8, UTF-16 with its mark, or GB18030; separated by comma, semicolon or tab) or XLSX. The header names the columns in
Chinese or English, in any order; optional columns may be left out; an unknown column is an error. Give numbers of accounts,
meters and telephones as text. Dates lie between 1990-01-01 and 2099-12-31.

A file is checked whole, and loaded whole or not at all: every bad row is told with line, column and reason. The same file
again changes nothing; another content under the same name is refused.

";

/// Form and help of a column, in Chinese.
pub(super) fn explanation(column: &Column) -> String {
    let (zh, _) = form(&column.form);
    if column.help_zh.is_empty() { zh } else { format!("{zh}。{}", column.help_zh) }
}

/// A form in both languages.
fn form(form: &Form) -> (String, String) {
    match *form {
        Form::Text(max) => (format!("文字,最多{max}字"), format!("text, at most {max}")),
        Form::Code(max) => (format!("编号,最多{max}字"), format!("code, at most {max}")),
        Form::Ref(kind) => (format!("`{kind}`中的编号"), format!("a code of `{kind}`")),
        Form::Date => ("日期".into(), "date".into()),
        Form::Month => ("年月".into(), "month".into()),
        Form::Moment => ("日期和时间".into(), "date and time".into()),
        Form::Whole(min, max) => (format!("整数{min}–{max}"), format!("whole number {min}–{max}")),
        Form::Decimal { scale, min, max, unit } => {
            let (min, max) = (format_scaled(min, scale, 0), format_scaled(max, scale, 0));
            (
                format!("数字{min}–{max} {unit},小数最多{scale}位"),
                format!("number {min}–{max} {unit}, {scale} decimals"),
            )
        }
        Form::Word { list, .. } => {
            let words: Vec<_> = list().into_iter().map(|(en, zh)| format!("{zh} (`{en}`)")).collect();
            (words.join("、"), "one of these".into())
        }
        Form::Flag => ("是/否".into(), "yes/no".into()),
        Form::Phone => ("电话号码".into(), "telephone number".into()),
        Form::Email => ("电子邮件".into(), "e-mail address".into()),
    }
}
