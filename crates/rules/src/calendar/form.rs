//! Days and moments as they stand in JSON, for schemas: `#[schemars(with = "DateForm")]` beside a field.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// A date: `2026-08-31`.
#[derive(Clone, Copy, Debug)]
pub struct DateForm;

/// A moment in the site's local time: `2026-08-31T09:30:00`.
#[derive(Clone, Copy, Debug)]
pub struct MomentForm;

impl JsonSchema for DateForm {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

impl JsonSchema for MomentForm {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?$" })
    }
}
