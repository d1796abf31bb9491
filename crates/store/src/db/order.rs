//! The order of a list, and the page of it that begins behind a place: any columns in any direction, one query a page.

#[cfg(test)]
mod tests;

use super::{Condition, Conn, Param, Row, StoreError};

/// A column of an order: an expression that is never NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Of whole numbers.
    Int(&'static str),
    /// Of text.
    Text(&'static str),
}

impl Key {
    const fn sql(self) -> &'static str {
        match self {
            Self::Int(sql) | Self::Text(sql) => sql,
        }
    }

    fn read(self, text: &str) -> Option<Value> {
        match self {
            Self::Int(_) => text.parse().ok().map(Value::Int),
            Self::Text(_) => Some(Value::Text(text.to_owned())),
        }
    }

    fn of_row(self, row: &Row<'_>, at: usize) -> Result<String, StoreError> {
        match self {
            Self::Int(_) => Ok(row.int(at)?.to_string()),
            Self::Text(_) => row.text(at),
        }
    }
}

/// What a list can be ordered by.
#[derive(Clone, Copy, Debug)]
pub struct Orders {
    /// The words that a reader may choose, each with its column.
    pub words: &'static [(&'static str, Key)],
    /// The order when nothing is chosen: columns, each with whether the largest comes first.
    pub usual: &'static [(Key, bool)],
    /// What tells rows apart that are the same in a chosen column.
    pub rest: &'static [Key],
}

impl Orders {
    /// A page: in the order of a word with whether the largest comes first, behind a place that [`Slice::rows`] gave. None where
    /// the word is not known, or the place is none of this order.
    #[must_use]
    pub fn slice(&self, chosen: Option<(&str, bool)>, after: Option<&str>, limit: usize) -> Option<Slice> {
        let keys: Vec<(Key, bool)> = match chosen {
            None => self.usual.to_vec(),
            Some((word, descending)) => {
                let (_, first) = self.words.iter().find(|(known, _)| *known == word)?;
                std::iter::once(first).chain(self.rest).map(|key| (*key, descending)).collect()
            }
        };
        let after = match after {
            None => None,
            Some(place) => Some(read_place(&keys, place)?),
        };
        let most = i64::try_from(limit).ok()?.checked_add(1)?;
        Some(Slice { keys, after, most })
    }

    /// So many rows from the beginning, in the usual order.
    #[must_use]
    pub fn first(&self, most: i64) -> Slice {
        Slice { keys: self.usual.to_vec(), after: None, most }
    }
}

/// Rows, each with its place in the order of their list.
pub type Placed<T> = Vec<(T, String)>;

/// Rows without their places.
#[must_use]
pub fn without_places<T>(rows: Placed<T>) -> Vec<T> {
    rows.into_iter().map(|(row, _)| row).collect()
}

/// Between the parts of a place.
const MARK: &str = "\n";

fn read_place(keys: &[(Key, bool)], place: &str) -> Option<Vec<Value>> {
    let parts: Vec<&str> = place.splitn(keys.len(), MARK).collect();
    if parts.len() != keys.len() {
        return None;
    }
    keys.iter().zip(parts).map(|((key, _), part)| key.read(part)).collect()
}

/// A part of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Int(i64),
    Text(String),
}

impl<'a> From<&'a Value> for Param<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Int(value) => Self::Int(*value),
            Value::Text(value) => Self::Text(value),
        }
    }
}

/// A page of a list in an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    keys: Vec<(Key, bool)>,
    after: Option<Vec<Value>>,
    most: i64,
}

impl Slice {
    /// The rows of the page and one more where there is one, each with its place: so many columns of a source under a condition.
    ///
    /// # Errors
    /// The database's, or those of `read`.
    pub fn rows<'a, T>(
        &'a self,
        conn: &mut Conn,
        (columns, width, from): (&str, usize, &str),
        mut which: Condition<'a>,
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Placed<T>, StoreError> {
        if let Some(after) = &self.after {
            let part = self.behind(&mut which, after);
            which.add(&part);
        }
        let most = which.place(self.most);
        let condition = if which.sql().is_empty() { "1 = 1" } else { which.sql() };
        let sql = format!(
            "SELECT {columns}, {} FROM {from} WHERE {condition} ORDER BY {} LIMIT {most}",
            self.columns(),
            self.order()
        );
        conn.query(&sql, which.params(), |row| {
            let parts = self.keys.iter().enumerate().map(|(at, (key, _))| key.of_row(row, width + at));
            let place = parts.collect::<Result<Vec<_>, _>>()?.join(MARK);
            Ok((read(row)?, place))
        })
    }

    fn columns(&self) -> String {
        self.keys.iter().map(|(key, _)| key.sql()).collect::<Vec<_>>().join(", ")
    }

    /// The columns with their directions, as they stand behind `ORDER BY`.
    #[must_use]
    pub fn order(&self) -> String {
        let way = |descending: bool| if descending { " DESC" } else { "" };
        let parts = self.keys.iter().map(|(key, descending)| format!("{}{}", key.sql(), way(*descending)));
        parts.collect::<Vec<_>>().join(", ")
    }

    /// The condition of rows behind a place. One direction is one comparison of rows, which an index answers; else the first
    /// column alone stands before the rest for the same reason.
    fn behind<'a>(&self, which: &mut Condition<'a>, after: &'a [Value]) -> String {
        let beyond = |descending: bool| if descending { "<" } else { ">" };
        let names: Vec<String> = after.iter().map(|value| which.place(value)).collect();
        let first = self.keys.first().copied().unwrap_or((Key::Int("0"), false));
        if self.keys.iter().all(|(_, descending)| *descending == first.1) {
            return format!("({}) {} ({})", self.columns(), beyond(first.1), names.join(", "));
        }
        let mut part = String::new();
        for ((key, descending), name) in self.keys.iter().zip(&names).rev() {
            let (sql, beyond) = (key.sql(), beyond(*descending));
            part = if part.is_empty() {
                format!("{sql} {beyond} {name}")
            } else {
                format!("({sql} {beyond} {name} OR ({sql} = {name} AND {part}))")
            };
        }
        let first_name = names.first().map_or("0", String::as_str);
        format!("{} {}= {first_name} AND {part}", first.0.sql(), beyond(first.1))
    }
}
