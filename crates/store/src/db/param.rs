//! Values going in.

use denghuo_rules::calendar::Month;
use denghuo_rules::units::{Capacity, Demand, Energy, Money, Price, Ratio};
use jiff::civil::{Date, DateTime};

/// The `until` of what has no end yet: 9999-12-31.
pub const OPEN_END: i64 = 99_991_231;

/// A value bound to a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Param<'a> {
    /// `BIGINT`
    Int(i64),
    /// `TEXT`
    Text(&'a str),
    /// `BYTEA`
    Blob(&'a [u8]),
    /// Nothing; of any type.
    Null,
}

/// A date as the database keeps it: `yyyymmdd`.
#[must_use]
pub fn date_to_int(date: Date) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

/// A date from the form the database keeps.
#[must_use]
pub fn date_from_int(value: i64) -> Option<Date> {
    let year = i16::try_from(value.div_euclid(10_000)).ok()?;
    let month = i8::try_from(value.div_euclid(100).rem_euclid(100)).ok()?;
    Date::new(year, month, i8::try_from(value.rem_euclid(100)).ok()?).ok()
}

/// A business moment as the database keeps it: `yyyymmddhhmmss` in the site's local time.
#[must_use]
pub fn moment_to_int(moment: DateTime) -> i64 {
    let time =
        i64::from(moment.hour()) * 10_000 + i64::from(moment.minute()) * 100 + i64::from(moment.second());
    date_to_int(moment.date()) * 1_000_000 + time
}

/// A business moment from the form the database keeps.
#[must_use]
pub fn moment_from_int(value: i64) -> Option<DateTime> {
    let date = date_from_int(value.div_euclid(1_000_000))?;
    let part = |unit: i64| i8::try_from(value.div_euclid(unit).rem_euclid(100)).ok();
    let time = jiff::civil::Time::new(part(10_000)?, part(100)?, part(1)?, 0).ok()?;
    Some(date.to_datetime(time))
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Self::Int(value.into())
    }
}
impl From<Date> for Param<'_> {
    fn from(value: Date) -> Self {
        Self::Int(date_to_int(value))
    }
}
impl From<DateTime> for Param<'_> {
    fn from(value: DateTime) -> Self {
        Self::Int(moment_to_int(value))
    }
}
impl From<Month> for Param<'_> {
    fn from(value: Month) -> Self {
        Self::Int(value.yyyymm())
    }
}
impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}
impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}
impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(value)
    }
}
impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! raw {
    ($($quantity:ty),*) => {$(
        impl From<$quantity> for Param<'_> {
            fn from(value: $quantity) -> Self {
                Self::Int(value.0)
            }
        }
    )*};
}
raw!(Money, Price, Energy, Demand, Capacity, Ratio);

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Int(value) => ValueRef::Integer(value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
            Self::Null => ValueRef::Null,
        }))
    }
}

impl postgres::types::ToSql for Param<'_> {
    fn to_sql(
        &self,
        ty: &postgres::types::Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Int(value) if *ty == postgres::types::Type::INT4 => i32::try_from(*value)?.to_sql(ty, out),
            Self::Int(value) => value.to_sql(ty, out),
            Self::Text(value) => value.to_sql(ty, out),
            Self::Blob(value) => value.to_sql(ty, out),
            Self::Null => Ok(postgres::types::IsNull::Yes),
        }
    }

    fn accepts(_: &postgres::types::Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}
