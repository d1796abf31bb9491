//! Lists: a page of them, and where the next one begins.

use crate::problem::Problem;
use crate::sorting::{InMemory, Sort};
use denghuo_store::db::{Orders, Slice};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Rows of a page when nothing is asked.
const USUAL: usize = 50;
/// Rows of a page at most.
const MOST: usize = 500;

/// The form of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A page of JSON.
    #[default]
    Json,
    /// The whole list as CSV.
    Csv,
    /// The whole list as a workbook.
    Xlsx,
    /// The whole list as a Parquet file with typed columns.
    Parquet,
}

/// The parameters that every list takes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct PageQuery {
    /// Where the page begins: `next_cursor` of the page before.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Rows of the page, 50 when not given.
    #[serde(default)]
    #[schemars(range(min = 1, max = 500))]
    pub limit: Option<usize>,
    /// `json`, `csv`, `xlsx` or `parquet`; all but the first give the whole list.
    #[serde(default)]
    pub format: Format,
}

/// A page that is asked for.
#[derive(Clone, Debug)]
pub struct Page {
    /// The key after which it begins, as the list itself wrote it.
    pub after: Option<String>,
    /// Rows at most.
    pub limit: usize,
}

impl Page {
    /// The page of a query.
    ///
    /// # Errors
    /// The cursor is none of ours, or the limit is out of bounds.
    pub fn of(query: &PageQuery) -> Result<Self, Problem> {
        let limit = query.limit.unwrap_or(USUAL);
        if limit == 0 || limit > MOST {
            return Err(Problem::unreadable("limit", format!("limit: 1–{MOST}")));
        }
        let after = match &query.cursor {
            None => None,
            Some(cursor) => Some(opened(cursor).ok_or_else(|| Problem::unreadable("cursor", "cursor"))?),
        };
        Ok(Self { after, limit })
    }

    /// The whole list in pages of the largest size.
    pub fn largest(after: Option<String>) -> Self {
        Self { after, limit: MOST }
    }

    /// A page of rows that are all there, each with the key that tells where it stands.
    ///
    /// # Errors
    /// The cursor names no row of the list.
    pub fn cut<T>(&self, rows: Vec<T>, key: impl Fn(&T) -> String) -> Result<List<T>, Problem> {
        let from = match &self.after {
            None => 0,
            Some(after) => {
                let at = rows.iter().position(|row| key(row) == *after);
                at.map(|at| at + 1).ok_or_else(|| Problem::unreadable("cursor", "cursor"))?
            }
        };
        let more = rows.len() > from + self.limit;
        let items: Vec<T> = rows.into_iter().skip(from).take(self.limit).collect();
        let next_cursor = if more { items.last().map(|row| sealed(&key(row))) } else { None };
        Ok(List { items, next_cursor })
    }

    /// The same of rows that are put into an order first.
    ///
    /// # Errors
    /// The cursor names no row of the list.
    pub fn cut_sorted<T: InMemory>(
        &self,
        mut rows: Vec<T>,
        sort: &Sort<T>,
        key: impl Fn(&T) -> String,
    ) -> Result<List<T>, Problem> {
        sort.apply(&mut rows);
        self.cut(rows, key)
    }

    /// The page of a list that the database orders.
    ///
    /// # Errors
    /// The cursor is none of this order.
    pub fn slice<W>(&self, orders: &Orders, sort: &Sort<W>) -> Result<Slice, Problem> {
        let slice = orders.slice(sort.chosen(), self.after.as_deref(), self.limit);
        slice.ok_or_else(|| Problem::unreadable("cursor", "cursor"))
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct List<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; none after the last row.
    pub next_cursor: Option<String>,
}

impl<T> List<T> {
    /// A page of at most `limit` rows out of `limit + 1` that were asked for: one more row means one more page.
    pub fn of_one_more(mut rows: Vec<T>, limit: usize, key: impl Fn(&T) -> String) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = if more { rows.last().map(|row| sealed(&key(row))) } else { None };
        Self { items: rows, next_cursor }
    }

    /// The same of rows with their places, as [`Slice::rows`] gives them.
    pub fn of_placed(rows: Vec<(T, String)>, limit: usize) -> Self {
        let page = List::of_one_more(rows, limit, |(_, place)| place.clone());
        page.map(|(row, _)| row)
    }

    /// The page with its rows as they are shown.
    pub fn map<R>(self, show: impl FnMut(T) -> R) -> List<R> {
        List { items: self.items.into_iter().map(show).collect(), next_cursor: self.next_cursor }
    }
}

/// An opaque cursor of a key: its bytes in hex.
pub fn sealed(key: &str) -> String {
    use std::fmt::Write as _;
    key.bytes().fold(String::with_capacity(key.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The key of a cursor.
pub fn opened(cursor: &str) -> Option<String> {
    if !cursor.is_ascii() || cursor.len() % 2 == 1 {
        return None;
    }
    let bytes: Option<Vec<u8>> =
        (0..cursor.len() / 2).map(|at| u8::from_str_radix(&cursor[at * 2..at * 2 + 2], 16).ok()).collect();
    String::from_utf8(bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::{Page, opened, sealed};

    #[test]
    fn pages_follow_each_other_and_end() {
        let rows = || (1..=5).collect::<Vec<i32>>();
        let mut seen = Vec::new();
        let mut page = Page { after: None, limit: 2 };
        loop {
            let list = page.cut(rows(), ToString::to_string).unwrap();
            seen.extend(list.items);
            let Some(next) = list.next_cursor else { break };
            page.after = opened(&next);
        }
        assert_eq!(seen, rows());
        assert!(Page { after: Some("9".into()), limit: 2 }.cut(rows(), ToString::to_string).is_err());
    }

    #[test]
    fn cursors_of_others_are_refused() {
        assert_eq!(opened(&sealed("甲:3")).as_deref(), Some("甲:3"));
        for bad in ["0", "zz", "ff", "é"] {
            assert_eq!(opened(bad), None, "{bad}");
        }
    }
}
