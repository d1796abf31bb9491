//! A list as a Parquet file: typed columns, written group by group, so that memory holds one group and no list.

use super::columns::{Column, Kind};
use super::{Row, cell};
use denghuo_rules::units::parse_scaled;
use jiff::civil::{Date, date};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};
use serde_json::Value;
use std::io::Write;
use std::sync::Arc;

/// Rows of a group.
const GROUP: usize = 20_000;

/// Digits of a decimal number that 64 bits hold.
const DIGITS: i32 = 18;

/// Writes the rows of a list.
pub struct Sheet<W: Write + Send> {
    known: Vec<Column>,
    columns: Vec<Column>,
    waiting: Vec<Row>,
    state: State<W>,
}

enum State<W: Write + Send> {
    Fresh(W),
    Begun(Box<SerializedFileWriter<W>>),
    Broken,
}

impl<W: Write + Send> Sheet<W> {
    /// A file of a list with these columns. In the file they stand as in its first row.
    pub fn new(target: W, known: Vec<Column>) -> Self {
        Self { known, columns: Vec::new(), waiting: Vec::new(), state: State::Fresh(target) }
    }

    /// Takes rows.
    ///
    /// # Errors
    /// A value is not of its column's type, or the target cannot be written.
    pub fn take(&mut self, rows: Vec<Row>) -> Result<()> {
        self.waiting.extend(rows);
        if self.waiting.len() >= GROUP { self.write() } else { Ok(()) }
    }

    /// Writes what waits, and the end of the file.
    ///
    /// # Errors
    /// As [`Sheet::take`].
    pub fn end(mut self) -> Result<()> {
        self.write()?;
        match self.state {
            State::Begun(file) => file.close().map(|_| ()),
            State::Fresh(_) | State::Broken => Err(ParquetError::General("no file".to_owned())),
        }
    }

    fn write(&mut self) -> Result<()> {
        self.begin()?;
        let State::Begun(file) = &mut self.state else {
            return Err(ParquetError::General("no file".to_owned()));
        };
        let rows = std::mem::take(&mut self.waiting);
        if rows.is_empty() {
            return Ok(());
        }
        let mut group = file.next_row_group()?;
        for column in &self.columns {
            write_column(&mut group, column, &rows)?;
        }
        group.close().map(|_| ())
    }

    /// Opens the file once the order of its columns is known.
    fn begin(&mut self) -> Result<()> {
        if !matches!(self.state, State::Fresh(_)) {
            return Ok(());
        }
        let State::Fresh(target) = std::mem::replace(&mut self.state, State::Broken) else { return Ok(()) };
        self.columns = in_order(&self.known, self.waiting.first());
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let file = SerializedFileWriter::new(target, schema(&self.columns)?, Arc::new(properties))?;
        self.state = State::Begun(Box::new(file));
        Ok(())
    }
}

/// The columns in the order of a row; one that the row lacks comes last, one that the schema does not know is a text.
fn in_order(known: &[Column], first: Option<&Row>) -> Vec<Column> {
    let names = first.map_or(&[][..], |Row(cells)| cells);
    let of_row = names.iter().map(|(name, _)| {
        let known = known.iter().find(|column| column.name == *name).cloned();
        known.unwrap_or_else(|| Column { name: name.clone(), kind: Kind::Text })
    });
    let lacking = known.iter().filter(|column| names.iter().all(|(name, _)| *name != column.name)).cloned();
    of_row.chain(lacking).collect()
}

fn schema(columns: &[Column]) -> Result<TypePtr> {
    let fields = columns.iter().map(|column| {
        let (physical, logical) = match column.kind {
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Bool => (Physical::BOOLEAN, None),
            Kind::Whole => (Physical::INT64, None),
            Kind::Day => (Physical::INT32, Some(LogicalType::Date)),
            Kind::Decimal(decimals) => {
                (Physical::INT64, Some(LogicalType::decimal(decimals.cast_signed(), DIGITS)))
            }
        };
        let field = Type::primitive_type_builder(&column.name, physical).with_logical_type(logical);
        let field = match column.kind {
            Kind::Decimal(decimals) => field.with_precision(DIGITS).with_scale(decimals.cast_signed()),
            _ => field,
        };
        field.with_repetition(Repetition::OPTIONAL).build().map(Arc::new)
    });
    let fields = fields.collect::<Result<Vec<_>>>()?;
    Ok(Arc::new(Type::group_type_builder("list").with_fields(fields).build()?))
}

fn write_column<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: &Column,
    rows: &[Row],
) -> Result<()> {
    match column.kind {
        Kind::Text => write_as::<ByteArrayType, _>(group, column, rows, |value| Some(cell_text(value))),
        Kind::Bool => write_as::<BoolType, _>(group, column, rows, Value::as_bool),
        Kind::Whole => write_as::<Int64Type, _>(group, column, rows, Value::as_i64),
        Kind::Day => write_as::<Int32Type, _>(group, column, rows, |value| day_number(value.as_str()?)),
        Kind::Decimal(decimals) => {
            write_as::<Int64Type, _>(group, column, rows, |value| parse_scaled(&cell(value), decimals).ok())
        }
    }
}

fn write_as<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: &Column,
    rows: &[Row],
    read: impl Fn(&Value) -> Option<T::T>,
) -> Result<()> {
    let mut values = Vec::with_capacity(rows.len());
    let mut present = Vec::with_capacity(rows.len());
    for Row(cells) in rows {
        let value = cells.iter().find(|(name, _)| *name == column.name).map(|(_, value)| value);
        let Some(value) = value.filter(|value| !value.is_null()) else {
            present.push(0);
            continue;
        };
        let misfit = || ParquetError::General(format!("{}: {value} is no {:?}", column.name, column.kind));
        values.push(read(value).ok_or_else(misfit)?);
        present.push(1);
    }
    let Some(mut writer) = group.next_column()? else {
        return Err(ParquetError::General(format!("{} has no place", column.name)));
    };
    writer.typed::<T>().write_batch(&values, Some(&present), None)?;
    writer.close()
}

/// A text as it is: nothing runs in a Parquet file.
fn cell_text(value: &Value) -> ByteArray {
    match value {
        Value::String(text) => text.as_str().into(),
        other => other.to_string().as_str().into(),
    }
}

/// Days since 1970.
fn day_number(text: &str) -> Option<i32> {
    let day: Date = text.parse().ok()?;
    Some(day.since((jiff::Unit::Day, date(1970, 1, 1))).ok()?.get_days())
}

#[cfg(test)]
mod tests {
    use super::{Column, Kind, Row, Sheet};
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::RowAccessor as _;

    fn column(name: &str, kind: Kind) -> Column {
        Column { name: name.to_owned(), kind }
    }

    fn written(rows: &str) -> Result<Vec<u8>, parquet::errors::ParquetError> {
        let known = vec![
            column("amount", Kind::Decimal(2)),
            column("held", Kind::Bool),
            column("name", Kind::Text),
            column("no", Kind::Whole),
            column("on", Kind::Day),
        ];
        let mut bytes = Vec::new();
        let mut sheet = Sheet::new(&mut bytes, known);
        sheet.take(serde_json::from_str::<Vec<Row>>(rows).unwrap())?;
        sheet.end()?;
        Ok(bytes)
    }

    #[test]
    fn a_reader_gets_back_what_was_written() {
        let rows = r#"[{"on":"2026-09-01","no":7,"name":"=甲","amount":"-5.10","held":true,"more":[1,2]},
            {"on":null,"no":null,"name":null,"amount":null,"held":null,"more":null}]"#;
        let reader = SerializedFileReader::new(axum::body::Bytes::from(written(rows).unwrap())).unwrap();
        let read: Vec<_> = reader.get_row_iter(None).unwrap().map(|row| row.unwrap()).collect();
        assert_eq!(read.len(), 2);
        let names: Vec<_> = read[0].get_column_iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(names, ["on", "no", "name", "amount", "held", "more"]);
        assert_eq!(
            read[0].to_string(),
            r#"{on: 2026-09-01, no: 7, name: "=甲", amount: -5.10, held: true, more: "[1,2]"}"#
        );
        assert!(read[1].get_column_iter().all(|(_, field)| field.to_string() == "null"));
        assert_eq!(read[0].get_long(1).unwrap(), 7);
    }

    #[test]
    fn an_empty_list_is_a_file_with_its_columns() {
        let reader = SerializedFileReader::new(axum::body::Bytes::from(written("[]").unwrap())).unwrap();
        assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
        assert_eq!(reader.metadata().file_metadata().schema_descr().num_columns(), 5);
    }

    #[test]
    fn a_value_of_another_type_is_no_silent_gap() {
        let told = written(r#"[{"no":"seven"}]"#).unwrap_err().to_string();
        assert!(told.contains("no: \"seven\""), "{told}");
    }
}
