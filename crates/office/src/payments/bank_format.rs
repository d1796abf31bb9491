//! The files of banks: collected payments, and statements of our account.

use crate::import::{Column, Form, Format, Limits, Problems, Record, RowError, Source, gather};
use denghuo_rules::units::Money;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Amounts of a line: above zero, below a thousand million yuan.
const AMOUNT: Form = Form::Decimal { scale: 2, min: 1, max: 100_000_000_000, unit: "yuan" };

const COLUMNS: &[Column] = &[
    Column::required("external_id", "流水号", Form::Code(64), "20260820000123")
        .help("银行交易流水号,全行唯一", "the bank's id of the transaction, unique at the bank"),
    Column::optional("account_no", "户号", Form::Code(32), "0370000001")
        .help("不存在的户号转入暂收款", "money for an unknown account goes to suspense"),
    Column::required("amount", "金额", AMOUNT, "128.50").help("元", "yuan"),
    Column::required("value_on", "日期", Form::Date, "2026-08-20").help("缴费日", "day of the payment"),
    Column::optional("payer", "付款人", Form::Text(120), "某公司"),
];

/// 代收文件: payments that a bank collected for us.
pub const COLLECTION: Format = Format {
    kind: "bank_collection",
    zh: "银行代收",
    about_zh: "每行一笔银行代收的电费",
    about_en: "one payment collected by the bank per row",
    columns: COLUMNS,
};

/// 对账单: lines of our account at a bank.
pub const STATEMENT: Format = Format {
    kind: "bank_statement",
    zh: "银行对账单",
    about_zh: "每行一笔我方账户的到账",
    about_en: "one credit of our bank account per row",
    columns: COLUMNS,
};

/// One line of a bank file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankRow {
    /// Line in the file.
    pub line_no: i64,
    /// The bank's id.
    pub external_id: String,
    /// 户号
    pub account_no: Option<String>,
    /// The amount.
    pub amount: Money,
    /// The day.
    pub value_on: Date,
    /// 付款人
    pub payer: Option<String>,
}

fn row(record: &Record<'_>, until: Date) -> Result<BankRow, RowError> {
    let missing = |column| record.wrong(column, "import.empty", "不能为空", "must not be empty");
    let value_on = record.date("value_on").ok_or_else(|| missing("value_on"))?;
    if value_on > until {
        return Err(record.wrong(
            "value_on",
            "bank.in_the_future",
            format!("日期晚于业务日{until}"),
            format!("lies after the business date {until}"),
        ));
    }
    Ok(BankRow {
        line_no: record.line as i64,
        external_id: record.text("external_id").to_owned(),
        account_no: record.text_if_any("account_no"),
        amount: Money(record.number("amount").ok_or_else(|| missing("amount"))?),
        value_on,
        payer: record.text_if_any("payer"),
    })
}

/// Reads a bank file as a whole. An id that stands twice in it is wrong in every line but its first.
///
/// # Errors
/// Every bad line with its reason.
pub fn bank_rows(format: &Format, source: &Source, until: Date) -> Result<Vec<BankRow>, Problems> {
    let rows = gather(format, source, Limits::default(), |record| row(record, until))?;
    let mut problems = Problems::default();
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    for (line, row) in &rows {
        if let Some(first) = seen.insert(&row.external_id, *line) {
            let reason = denghuo_rules::derivation::Bilingual::new(
                format!("流水号与第{first}行重复"),
                format!("the id stands in line {first} already"),
            );
            problems.push(RowError::at(*line, "external_id", &row.external_id, "bank.duplicate_id", reason));
        }
    }
    if problems.is_empty() { Ok(rows.into_iter().map(|(_, row)| row).collect()) } else { Err(problems) }
}
