//! The rows of one file on their way in: references become ids, new things get ids, everything wrong is gathered.

use super::load::Request;
use crate::error::OfficeError;
use crate::import::{Problems, RowError};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::Refusal;
use denghuo_rules::registry::TwoPartRule;
use denghuo_store::Conn;
use denghuo_store::registry::{self as store, Registered};
use jiff::civil::Date;
use std::collections::{HashMap, HashSet};

/// A row with its line in the file.
#[derive(Clone, Debug)]
pub(super) struct Line<T> {
    /// Line in the file.
    pub line: u64,
    /// What the row says.
    pub row: T,
}

/// One import within its transaction.
pub(super) struct Intake<'c> {
    /// The connection, inside the transaction.
    pub conn: &'c mut Conn,
    /// The rule that terms of supply are checked against, where the book has one for the day.
    pub rule: Option<&'c TwoPartRule>,
    /// Business day of the import.
    pub on: Date,
    /// Who imports, for the audit log.
    pub by: &'c str,
    /// Moment of recording.
    pub now: i64,
    /// A sheet before this one was wrong: cells are still checked, references would only repeat the error.
    pub earlier_wrong: bool,
    /// What is wrong.
    pub problems: Problems,
    /// What is doubtful but allowed.
    pub warnings: Problems,
}

/// The Chinese name of what is referred to.
fn zh(what: Registered) -> &'static str {
    match what {
        Registered::Org => "单位",
        Registered::Staff => "人员",
        Registered::Customer => "客户",
        Registered::District => "台区",
        Registered::Estate => "小区",
        Registered::Route => "抄表段",
        Registered::Account => "户号",
        Registered::Meter => "电能表",
    }
}

/// The English name of what is referred to.
fn en(what: Registered) -> &'static str {
    match what {
        Registered::Org => "organisation",
        Registered::Staff => "member of staff",
        Registered::Customer => "customer",
        Registered::District => "district",
        Registered::Estate => "estate",
        Registered::Route => "route",
        Registered::Account => "account",
        Registered::Meter => "meter",
    }
}

impl<'c> Intake<'c> {
    /// An import that begins.
    pub fn new(conn: &'c mut Conn, request: &Request<'c>, rule: Option<&'c TwoPartRule>) -> Self {
        Self {
            conn,
            rule,
            on: request.on,
            by: &request.work.by,
            now: request.work.now,
            earlier_wrong: false,
            problems: Problems::default(),
            warnings: Problems::default(),
        }
    }

    /// Nothing is wrong so far.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// Tells something wrong with a row.
    pub fn wrong(&mut self, line: u64, column: &str, value: &str, code: &'static str, text: [&str; 2]) {
        self.problems.push(RowError::at(line, column, value, code, Bilingual::new(text[0], text[1])));
    }

    /// Tells what the rules found about a row.
    pub fn tell(&mut self, line: u64, column: &str, wrong: Vec<Refusal>, doubtful: Vec<Refusal>) {
        for refusal in wrong {
            self.problems.push(RowError::at(line, column, "", refusal.code, refusal.text));
        }
        for refusal in doubtful {
            self.warnings.push(RowError::at(line, column, "", refusal.code, refusal.text));
        }
    }

    /// Sets the id of what each row refers to; an unknown code is told.
    pub fn resolve<T>(
        &mut self,
        what: Registered,
        column: &str,
        lines: &mut [Line<T>],
        code: impl Fn(&T) -> Option<&str>,
        set: impl Fn(&mut T, i64),
    ) -> Result<(), OfficeError> {
        let wanted: HashSet<&str> = lines.iter().filter_map(|l| code(&l.row)).collect();
        let wanted: Vec<&str> = wanted.into_iter().collect();
        let known = store::codes(self.conn, what, &wanted)?;
        for line in lines {
            let Some(asked) = code(&line.row) else { continue };
            match known.get(asked) {
                Some(id) => set(&mut line.row, *id),
                None => {
                    let reason = [&format!("没有这个{}", zh(what)), &format!("unknown {}", en(what))];
                    self.wrong(
                        line.line,
                        column,
                        asked,
                        "registry.unknown_reference",
                        reason.map(String::as_str),
                    );
                }
            }
        }
        Ok(())
    }

    /// Gives ids to new things; a code that is there already, in the file or in the database, is told.
    pub fn number_new<T>(
        &mut self,
        what: Registered,
        column: &str,
        lines: &mut [Line<T>],
        code: impl Fn(&T) -> &str,
        set: impl Fn(&mut T, i64),
    ) -> Result<(), OfficeError> {
        let wanted: Vec<&str> = lines.iter().map(|l| code(&l.row)).collect();
        let known = store::codes(self.conn, what, &wanted)?;
        let mut id = store::last_id(self.conn, what)?;
        let mut first: HashMap<&str, u64> = HashMap::with_capacity(lines.len());
        for line in lines.iter() {
            let code = code(&line.row);
            if known.contains_key(code) {
                let reason = [&format!("{}已存在", zh(what)), &format!("this {} is there already", en(what))];
                self.wrong(line.line, column, code, "registry.already_there", reason.map(String::as_str));
            }
            if let Some(before) = first.insert(code, line.line) {
                let reason = [&format!("与第{before}行重复"), &format!("the same as in line {before}")];
                self.wrong(line.line, column, code, "registry.twice_in_file", reason.map(String::as_str));
            }
        }
        for line in lines {
            id += 1;
            set(&mut line.row, id);
        }
        Ok(())
    }

    /// A last day before the first is told.
    pub fn check_order(&mut self, line: u64, column: &str, from: Date, until: Option<Date>) {
        if until.is_some_and(|until| until < from) {
            let value = until.map(|u| u.to_string()).unwrap_or_default();
            self.wrong(
                line,
                column,
                &value,
                "registry.ends_before_it_begins",
                ["早于起始日期", "before the first day"],
            );
        }
    }
}

/// The rows without their lines.
pub(super) fn rows<T>(lines: Vec<Line<T>>) -> Vec<T> {
    lines.into_iter().map(|l| l.row).collect()
}
