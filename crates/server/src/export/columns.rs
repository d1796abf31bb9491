//! The columns of a list and their types, out of the schema of its row.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text; of anything that is no plain value, its JSON.
    Text,
    /// Yes or no.
    Bool,
    /// A whole number.
    Whole,
    /// A day.
    Day,
    /// A decimal number with so many decimals.
    Decimal(u32),
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// The columns of a row, by name.
pub fn columns_of<R: JsonSchema>() -> Vec<Column> {
    let schema = SchemaGenerator::default().into_root_schema_for::<R>().to_value();
    let Some(properties) = schema["properties"].as_object() else { return Vec::new() };
    let columns = properties.iter();
    columns.map(|(name, property)| Column { name: name.clone(), kind: kind_of(property, &schema) }).collect()
}

fn kind_of(property: &Value, root: &Value) -> Kind {
    if let Some(target) = property["$ref"].as_str().and_then(|at| at.strip_prefix('#')) {
        return root.pointer(target).map_or(Kind::Text, |property| kind_of(property, root));
    }
    if let Some(decimals) = property["x-decimals"].as_u64().and_then(|decimals| decimals.try_into().ok()) {
        return Kind::Decimal(decimals);
    }
    if let Some(either) = property["anyOf"].as_array() {
        let mut real = either.iter().filter(|one| one["type"] != "null");
        return match (real.next(), real.next()) {
            (Some(one), None) => kind_of(one, root),
            _ => Kind::Text,
        };
    }
    let kind = match &property["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").and_then(Value::as_str),
        kind => kind.as_str(),
    };
    match kind {
        Some("boolean") => Kind::Bool,
        Some("integer") => Kind::Whole,
        Some("string") if property["format"] == "date" => Kind::Day,
        _ => Kind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, columns_of};
    use denghuo_rules::calendar::DateForm;
    use denghuo_rules::units::{Energy, Money};
    use jiff::civil::Date;
    use schemars::JsonSchema;

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Row {
        amount: Money,
        energy: Option<Energy>,
        #[schemars(with = "DateForm")]
        due_on: Date,
        #[schemars(with = "Option<DateForm>")]
        paid_on: Option<Date>,
        bill_no: i64,
        round: Option<u8>,
        held: bool,
        name: Option<String>,
        parts: Vec<i64>,
    }

    #[test]
    fn each_column_has_the_type_of_its_field() {
        let found: Vec<_> =
            columns_of::<Row>().into_iter().map(|column| (column.name, column.kind)).collect();
        let expected = [
            ("amount", Kind::Decimal(2)),
            ("bill_no", Kind::Whole),
            ("due_on", Kind::Day),
            ("energy", Kind::Decimal(4)),
            ("held", Kind::Bool),
            ("name", Kind::Text),
            ("paid_on", Kind::Day),
            ("parts", Kind::Text),
            ("round", Kind::Whole),
        ];
        assert_eq!(found, expected.map(|(name, kind)| (name.to_owned(), kind)));
    }
}
