//! Exact decimal text to scaled integers and back; no float on the way.

use serde::Deserialize;
use serde::de::Error as _;
use std::fmt::Write as _;

/// Why a decimal text is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Not of the form `-123.45`.
    #[error("`{0}` is not a decimal number")]
    NotANumber(String),
    /// More decimals than the unit keeps.
    #[error("`{0}` has more than {1} decimals")]
    TooManyDecimals(String, u32),
    /// Outside the range of the unit.
    #[error("`{0}` is out of range")]
    OutOfRange(String),
}

/// Reads decimal text (`-12.5`, `+3`, `1,250.00` without a space) as an integer of `scale` decimals.
///
/// # Errors
/// A text that is no number, has more than `scale` significant decimals, or is out of range.
pub fn parse_scaled(text: &str, scale: u32) -> Result<i64, DecimalError> {
    let bad = || DecimalError::NotANumber(text.to_owned());
    let trimmed = text.trim();
    let (negative, digits) = match trimmed.as_bytes().first() {
        Some(b'-') => (true, &trimmed[1..]),
        Some(b'+') => (false, &trimmed[1..]),
        _ => (false, trimmed),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return Err(bad());
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > scale as usize {
        let all_digits = fraction.bytes().all(|b| b.is_ascii_digit());
        return Err(if all_digits { DecimalError::TooManyDecimals(text.to_owned(), scale) } else { bad() });
    }
    let mut value: i64 = 0;
    let padding = std::iter::repeat_n(b'0', scale as usize - fraction.len());
    for byte in whole.bytes().chain(fraction.bytes()).chain(padding) {
        if !byte.is_ascii_digit() {
            return Err(bad());
        }
        value = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(i64::from(byte - b'0')))
            .ok_or_else(|| DecimalError::OutOfRange(text.to_owned()))?;
    }
    Ok(if negative { -value } else { value })
}

/// Writes a scaled integer as decimal text, with at least `min_decimals` decimals and no needless zeros after.
#[must_use]
pub fn format_scaled(value: i64, scale: u32, min_decimals: u32) -> String {
    let unit = 10_u64.pow(scale);
    let magnitude = value.unsigned_abs();
    let mut text = String::with_capacity(24);
    if value < 0 {
        text.push('-');
    }
    let _ = write!(text, "{}", magnitude / unit);
    if scale == 0 {
        return text;
    }
    let mut fraction = format!("{:0width$}", magnitude % unit, width = scale as usize);
    while fraction.len() > min_decimals as usize && fraction.ends_with('0') {
        fraction.pop();
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(&fraction);
    }
    text
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrNumber {
    Text(String),
    Whole(i64),
    /// A JSON or TOML float is read through its shortest text, which is what the writer typed.
    Number(f64),
}

/// Accepts decimal text or a number literal.
pub(super) fn deserialize_scaled<'de, D: serde::Deserializer<'de>>(
    d: D,
    scale: u32,
) -> Result<i64, D::Error> {
    let text = match TextOrNumber::deserialize(d)? {
        TextOrNumber::Text(text) => text,
        TextOrNumber::Whole(whole) => whole.to_string(),
        TextOrNumber::Number(number) => number.to_string(),
    };
    parse_scaled(&text, scale).map_err(D::Error::custom)
}

/// The JSON schema of a decimal quantity.
pub(super) fn decimal_schema(name: &str, scale: u32) -> schemars::Schema {
    schemars::json_schema!({
        "title": name,
        "description": format!("a decimal number with at most {scale} decimals; text keeps it exact"),
        "x-decimals": scale,
        "anyOf": [
            { "type": "string", "pattern": "^[+-]?[0-9]*(\\.[0-9]+)?$" },
            { "type": "number" }
        ]
    })
}
