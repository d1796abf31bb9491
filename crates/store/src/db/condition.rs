//! The condition of a list: parts that hold together, each with its parameters in place.

use super::Param;
use jiff::civil::Date;

/// A condition that grows.
#[derive(Default)]
pub struct Condition<'a> {
    sql: String,
    params: Vec<Param<'a>>,
}

impl<'a> Condition<'a> {
    /// One that begins with a text without parameters.
    #[must_use]
    pub fn of(sql: &str) -> Self {
        Self { sql: sql.to_owned(), params: Vec::new() }
    }

    /// Places a value and gives its name.
    pub fn place(&mut self, value: impl Into<Param<'a>>) -> String {
        self.params.push(value.into());
        format!("${}", self.params.len())
    }

    /// One part more; `?` stands for the value.
    pub fn and(&mut self, part: &str, value: impl Into<Param<'a>>) {
        let name = self.place(value);
        self.add(&part.replace('?', &name));
    }

    /// One part more where there is a value.
    pub fn and_if<T: Into<Param<'a>>>(&mut self, part: &str, value: Option<T>) {
        if let Some(value) = value {
            self.and(part, value);
        }
    }

    /// One part more without a value.
    pub fn add(&mut self, part: &str) {
        if !self.sql.is_empty() {
            self.sql.push_str(" AND ");
        }
        self.sql.push_str(part);
    }

    /// Only what belongs to a unit or to one below it, by the column that names the unit; 0 for all.
    pub fn within(&mut self, column: &str, root: i64) {
        if root != 0 {
            let part = format!(
                "{column} IN (WITH RECURSIVE below (org_id) AS (SELECT org_id FROM org WHERE org_id = ? \
                 UNION SELECT o.org_id FROM org o JOIN below b ON o.parent_id = b.org_id) SELECT org_id FROM below)"
            );
            self.and(&part, root);
        }
    }

    /// Only what belongs to accounts of a unit or of one below it; 0 for all.
    pub fn accounts_within(&mut self, column: &str, root: i64) {
        if root != 0 {
            let part = format!(
                "{column} IN (SELECT w.account_id FROM account w WHERE w.org_id IN (WITH RECURSIVE below (org_id) AS \
                 (SELECT org_id FROM org WHERE org_id = ? UNION SELECT o.org_id FROM org o JOIN below b \
                 ON o.parent_id = b.org_id) SELECT org_id FROM below))"
            );
            self.and(&part, root);
        }
    }

    /// Only what belongs to the unit with a code or to one below it.
    pub fn within_code(&mut self, column: &str, code: Option<&'a str>) {
        let part = format!(
            "{column} IN (WITH RECURSIVE below (org_id) AS (SELECT org_id FROM org WHERE code = ? \
             UNION SELECT o.org_id FROM org o JOIN below b ON o.parent_id = b.org_id) SELECT org_id FROM below)"
        );
        self.and_if(&part, code);
    }

    /// Only days from one on through another.
    pub fn days(&mut self, column: &str, (from, until): (Option<Date>, Option<Date>)) {
        self.and_if(&format!("{column} >= ?"), from);
        self.and_if(&format!("{column} <= ?"), until);
    }

    /// The condition.
    #[must_use]
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// Its parameters.
    #[must_use]
    pub fn params(&self) -> &[Param<'a>] {
        &self.params
    }
}
