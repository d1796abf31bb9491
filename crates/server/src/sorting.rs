//! `sort=word` and `sort=-word`: the order of a list that its reader chooses.

use denghuo_rules::calendar::Month;
use denghuo_rules::targets::Score;
use denghuo_rules::units::Money;
use jiff::civil::{Date, DateTime};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// What a list can be ordered by.
pub trait Words {
    /// The words, without the sign of the opposite direction.
    fn words() -> Vec<&'static str>;
}

/// A value that rows are ordered by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A number, an amount in fen, a day or a moment.
    Number(i128),
    /// A text, by its characters.
    Text(String),
}

/// A word, and how a row gives its value.
pub type By<T> = (&'static str, fn(&T) -> Option<Value>);

/// A row of a list that is there as a whole: its words, each with the value of a row. A row without a value stands last in both directions.
pub trait InMemory: Sized + 'static {
    /// The words and the values.
    const BY: &'static [By<Self>];
}

impl<T: InMemory> Words for T {
    fn words() -> Vec<&'static str> {
        T::BY.iter().map(|(word, _)| *word).collect()
    }
}

/// The order that is asked for: one of the words of `W`, with `-` before it the largest first; none, the usual one.
pub struct Sort<W> {
    chosen: Option<(&'static str, bool)>,
    of: PhantomData<fn() -> W>,
}

impl<W> Sort<W> {
    /// The word, and whether the largest comes first.
    pub fn chosen(&self) -> Option<(&'static str, bool)> {
        self.chosen
    }
}

impl<T: InMemory> Sort<T> {
    /// Puts rows into the order; those that are the same in it stay as they were.
    pub fn apply(&self, rows: &mut [T]) {
        let Some((word, descending)) = self.chosen else { return };
        let Some((_, value)) = T::BY.iter().find(|(known, _)| *known == word) else { return };
        rows.sort_by(|a, b| match (value(a), value(b)) {
            (Some(a), Some(b)) if descending => b.cmp(&a),
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        });
    }
}

impl<W> Clone for Sort<W> {
    fn clone(&self) -> Self {
        Self { chosen: self.chosen, of: PhantomData }
    }
}

impl<W> Default for Sort<W> {
    fn default() -> Self {
        Self { chosen: None, of: PhantomData }
    }
}

impl<W> fmt::Debug for Sort<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sort({:?})", self.chosen)
    }
}

impl<'de, W: Words> Deserialize<'de> for Sort<W> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (word, descending) = text.strip_prefix('-').map_or((text.as_str(), false), |word| (word, true));
        let words = W::words();
        let known = words.iter().find(|known| **known == word);
        let known = known.ok_or_else(|| D::Error::custom(format!("sort: {}", words.join(", "))))?;
        Ok(Self { chosen: Some((*known, descending)), of: PhantomData })
    }
}

impl<W: Words> JsonSchema for Sort<W> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Sort".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let both = |word: &'static str| [word.to_owned(), format!("-{word}")];
        let words: Vec<String> = W::words().into_iter().flat_map(both).collect();
        json_schema!({ "type": "string", "enum": words })
    }
}

/// What can be a value, or may be missing.
pub trait Sortable {
    /// As a value.
    fn value(&self) -> Option<Value>;
}

impl<T: Sortable> Sortable for Option<T> {
    fn value(&self) -> Option<Value> {
        self.as_ref().and_then(Sortable::value)
    }
}

impl Sortable for i64 {
    fn value(&self) -> Option<Value> {
        Some(Value::Number((*self).into()))
    }
}

impl Sortable for Money {
    fn value(&self) -> Option<Value> {
        self.0.value()
    }
}

impl Sortable for Score {
    fn value(&self) -> Option<Value> {
        self.0.value()
    }
}

impl Sortable for Month {
    fn value(&self) -> Option<Value> {
        self.yyyymm().value()
    }
}

impl Sortable for Date {
    fn value(&self) -> Option<Value> {
        self.at(0, 0, 0, 0).value()
    }
}

impl Sortable for DateTime {
    fn value(&self) -> Option<Value> {
        let day = denghuo_rules::calendar::days_between(Date::ZERO, self.date());
        let second =
            i64::from(self.hour()) * 3_600 + i64::from(self.minute()) * 60 + i64::from(self.second());
        Some(Value::Number(
            i128::from(day) * 86_400_000_000_000
                + i128::from(second) * 1_000_000_000
                + i128::from(self.subsec_nanosecond()),
        ))
    }
}

impl Sortable for String {
    fn value(&self) -> Option<Value> {
        Some(Value::Text(self.clone()))
    }
}

/// Declares the words of a list that is there as a whole, each with a field of its row: `by!(Line { opened_on, amount: open })`.
macro_rules! by {
    (@ $of:ident $word:ident) => { $crate::sorting::Sortable::value(&$of.$word) };
    (@ $of:ident $word:ident $($field:ident).+) => { $crate::sorting::Sortable::value(&$of.$($field).+) };
    ($row:ty { $($word:ident $(: $($field:ident).+)?),* $(,)? }) => {
        impl $crate::sorting::InMemory for $row {
            const BY: &'static [$crate::sorting::By<Self>] =
                &[$((stringify!($word), |row| $crate::sorting::by!(@ row $word $($($field).+)?))),*];
        }
    };
}
pub(crate) use by;

/// Declares the words of a list that the database orders: `ordered_by!(Line, store::WAITING_ORDERS)`.
macro_rules! ordered_by {
    ($row:ty, $orders:expr) => {
        impl $crate::sorting::Words for $row {
            fn words() -> Vec<&'static str> {
                $orders.words.iter().map(|(word, _)| *word).collect()
            }
        }
    };
}
pub(crate) use ordered_by;

#[cfg(test)]
mod tests;
