//! Values coming out.

use super::error::StoreError;
use super::param::{date_from_int, moment_from_int};
use denghuo_rules::calendar::Month;
use denghuo_rules::units::{Capacity, Demand, Energy, Money, Price, Ratio};
use jiff::civil::{Date, DateTime};

/// One row of a result, read by position.
pub enum Row<'a> {
    /// From SQLite.
    Sqlite(&'a rusqlite::Row<'a>),
    /// From PostgreSQL.
    Postgres(&'a postgres::Row),
}

impl Row<'_> {
    /// A whole number.
    ///
    /// # Errors
    /// The column is absent, NULL or of another type.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }

    /// A whole number or nothing.
    ///
    /// # Errors
    /// The column is absent or of another type.
    pub fn int_or_null(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }

    /// Text.
    ///
    /// # Errors
    /// The column is absent, NULL or of another type.
    pub fn text(&self, column: usize) -> Result<String, StoreError> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }

    /// Text or nothing.
    ///
    /// # Errors
    /// The column is absent or of another type.
    pub fn text_or_null(&self, column: usize) -> Result<Option<String>, StoreError> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }

    /// Text without a copy of its own.
    ///
    /// # Errors
    /// The column is absent, NULL or of another type.
    pub fn str(&self, column: usize) -> Result<&str, StoreError> {
        match self {
            Self::Sqlite(row) => row
                .get_ref(column)?
                .as_str()
                .map_err(|e| StoreError::Corrupt(format!("column {column}: {e}"))),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }

    /// Bytes without a copy of their own; empty when NULL.
    ///
    /// # Errors
    /// The column is absent or of another type.
    pub fn blob(&self, column: usize) -> Result<&[u8], StoreError> {
        match self {
            Self::Sqlite(row) => Ok(row
                .get_ref(column)?
                .as_bytes_or_null()
                .map_err(|e| StoreError::Corrupt(format!("column {column}: {e}")))?
                .unwrap_or_default()),
            Self::Postgres(row) => Ok(row.try_get::<_, Option<&[u8]>>(column)?.unwrap_or_default()),
        }
    }

    /// 0/1 as truth.
    ///
    /// # Errors
    /// The column is absent, NULL or of another type.
    pub fn truth(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    /// A date.
    ///
    /// # Errors
    /// The column is no date of the form `yyyymmdd`.
    pub fn date(&self, column: usize) -> Result<Date, StoreError> {
        let value = self.int(column)?;
        date_from_int(value).ok_or_else(|| StoreError::Corrupt(format!("{value} is no date")))
    }

    /// A date or nothing.
    ///
    /// # Errors
    /// The column is no date of the form `yyyymmdd`.
    pub fn date_or_null(&self, column: usize) -> Result<Option<Date>, StoreError> {
        let Some(value) = self.int_or_null(column)? else { return Ok(None) };
        date_from_int(value).map(Some).ok_or_else(|| StoreError::Corrupt(format!("{value} is no date")))
    }

    /// A business moment.
    ///
    /// # Errors
    /// The column is no moment of the form `yyyymmddhhmmss`.
    pub fn moment(&self, column: usize) -> Result<DateTime, StoreError> {
        let value = self.int(column)?;
        moment_from_int(value).ok_or_else(|| StoreError::Corrupt(format!("{value} is no moment")))
    }

    /// A business moment or nothing.
    ///
    /// # Errors
    /// The column is no moment of the form `yyyymmddhhmmss`.
    pub fn moment_or_null(&self, column: usize) -> Result<Option<DateTime>, StoreError> {
        let Some(value) = self.int_or_null(column)? else { return Ok(None) };
        moment_from_int(value).map(Some).ok_or_else(|| StoreError::Corrupt(format!("{value} is no moment")))
    }

    /// The whole row by the names of its columns: whole numbers and texts.
    ///
    /// # Errors
    /// A column is of another type.
    pub fn to_json(&self) -> Result<serde_json::Map<String, serde_json::Value>, StoreError> {
        let columns: Vec<(String, bool)> = match self {
            Self::Sqlite(row) => {
                let names = row.as_ref().column_names();
                let is_text =
                    |at| Ok::<_, StoreError>(matches!(row.get_ref(at)?, rusqlite::types::ValueRef::Text(_)));
                let typed =
                    names.into_iter().enumerate().map(|(at, name)| Ok((name.to_owned(), is_text(at)?)));
                typed.collect::<Result<_, StoreError>>()?
            }
            Self::Postgres(row) => {
                let is_text = |kind: &postgres::types::Type| *kind == postgres::types::Type::TEXT;
                row.columns().iter().map(|c| (c.name().to_owned(), is_text(c.type_()))).collect()
            }
        };
        let mut values = serde_json::Map::new();
        for (at, (name, is_text)) in columns.into_iter().enumerate() {
            let value = if is_text { self.text_or_null(at)?.into() } else { self.int_or_null(at)?.into() };
            values.insert(name, value);
        }
        Ok(values)
    }

    /// A charging month.
    ///
    /// # Errors
    /// The column is no month of the form `yyyymm`.
    pub fn month(&self, column: usize) -> Result<Month, StoreError> {
        let value = self.int(column)?;
        Month::from_yyyymm(value).ok_or_else(|| StoreError::Corrupt(format!("{value} is no month")))
    }
}

macro_rules! quantities {
    ($($(#[$doc:meta])* $method:ident: $quantity:ident),* $(,)?) => {
        impl Row<'_> {$(
            $(#[$doc])*
            ///
            /// # Errors
            /// The column is absent, NULL or of another type.
            pub fn $method(&self, column: usize) -> Result<$quantity, StoreError> {
                self.int(column).map($quantity)
            }
        )*}
    };
}
quantities!(
    /// An amount of money.
    money: Money,
    /// A price.
    price: Price,
    /// An energy.
    energy: Energy,
    /// A demand.
    demand: Demand,
    /// A capacity.
    capacity: Capacity,
    /// A ratio.
    ratio: Ratio,
);
