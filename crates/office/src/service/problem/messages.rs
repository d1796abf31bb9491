//! 留言热点: the problems in a file of messages, month by month, as the desk would have seen them at the end of each month.

use super::reader::read;
use denghuo_rules::calendar::{Month, plus_days};
use denghuo_rules::service::problem::{
    ProblemRule, Standing, Voice, day_number, day_of_number, standing, topics, word_of,
};
use jiff::civil::{Date, DateTime};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Read;

/// 留言: one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// When it was written.
    pub at: DateTime,
    /// Who wrote it; nobody knows where it is empty.
    pub person: String,
    /// Its heading.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// How many agreed.
    pub likes: u32,
}

/// Why a file of messages cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// A column is missing.
    #[error("缺少列 {0} / the column `{0}` is missing")]
    NoColumn(&'static str),
    /// A value cannot be read.
    #[error("第{line}行: {column} “{value}”无法识别 / line {line}: `{value}` is no {column}")]
    BadValue {
        /// The line.
        line: u64,
        /// The column.
        column: &'static str,
        /// What stands there.
        value: String,
    },
    /// It is no CSV.
    #[error(transparent)]
    Csv(#[from] csv::Error),
}

/// Reads messages from CSV in UTF-8 with the columns `time`, `subject`, `body`, and as far as they are there `user_id` and `likes`.
///
/// # Errors
/// A [`MessageError`].
pub fn messages_of_csv(file: impl Read) -> Result<Vec<Message>, MessageError> {
    let mut reader = csv::Reader::from_reader(file);
    let headers = reader.headers()?.clone();
    let column = |name: &str| headers.iter().position(|header| header.trim_start_matches('\u{feff}') == name);
    let needed = |name: &'static str| column(name).ok_or(MessageError::NoColumn(name));
    let (time, subject, body) = (needed("time")?, needed("subject")?, needed("body")?);
    let (person, likes) = (column("user_id"), column("likes"));
    let mut messages = Vec::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let text = |at: usize| record.get(at).unwrap_or_default().trim().to_owned();
        let bad = |column: &'static str, value: String| MessageError::BadValue { line, column, value };
        let at = text(time);
        let liked = likes.map(text).filter(|likes| !likes.is_empty()).unwrap_or_else(|| "0".to_owned());
        messages.push(Message {
            at: at.parse().map_err(|_| bad("time", at))?,
            person: person.map(text).unwrap_or_default(),
            subject: text(subject),
            body: text(body),
            likes: liked.parse().map_err(|_| bad("likes", liked))?,
        });
    }
    Ok(messages)
}

/// 热点问题: one problem of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hotspot {
    /// Distinct persons who wrote in the month.
    pub people: u32,
    /// Messages of the month.
    pub messages: u32,
    /// How many agreed.
    pub likes: u64,
    /// Messages in the whole window.
    pub in_window: usize,
    /// Day of the first in the window.
    pub first_on: Date,
    /// Day of the last.
    pub last_on: Date,
    /// What they are ordered by.
    pub score: u64,
    /// Days and headings of the month, in order.
    pub subjects: Vec<(Date, String)>,
}

/// 当月热点
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MonthOfHotspots {
    /// The month.
    pub month: Month,
    /// Messages of the month.
    pub messages: usize,
    /// Its problems, the worst first.
    pub hotspots: Vec<Hotspot>,
}

/// The problems of every month with a message: what was said in the window that ends with the month is put together, and what at least so many
/// persons wrote of in the month itself is told, at most so many.
#[must_use]
pub fn hotspots(
    mut messages: Vec<Message>,
    rule: &ProblemRule,
    least_people: u32,
    most: usize,
) -> Vec<MonthOfHotspots> {
    messages.sort_by(|a, b| (a.at, &a.person, &a.subject).cmp(&(b.at, &b.person, &b.subject)));
    let voices: Vec<Voice> =
        messages.par_iter().enumerate().map(|(at, message)| voice(at, message)).collect();
    let mut months: BTreeMap<Month, usize> = BTreeMap::new();
    for message in &messages {
        *months.entry(Month::of(message.at.date())).or_default() += 1;
    }
    let told = |(month, count): (Month, usize)| {
        let until = plus_days(month.last_day(), 1);
        let begin = plus_days(until, -i64::from(rule.window_days));
        let from = messages.partition_point(|message| message.at.date() < begin);
        let to = messages.partition_point(|message| message.at.date() < until);
        let mut found = of_month(&messages[from..to], &voices[from..to], month, rule);
        found.retain(|hotspot| hotspot.people >= least_people);
        found.sort_by(|a, b| (b.score, a.first_on, &a.subjects).cmp(&(a.score, b.first_on, &b.subjects)));
        found.truncate(most);
        MonthOfHotspots { month, messages: count, hotspots: found }
    };
    months.into_iter().map(told).collect()
}

fn of_month(messages: &[Message], voices: &[Voice], month: Month, rule: &ProblemRule) -> Vec<Hotspot> {
    let (first, until) = (month.first_day(), day_number(month.last_day()) + 1);
    let in_month = |set: &[usize]| -> Vec<usize> {
        set.iter().copied().filter(|at| messages[*at].at.date() >= first).collect()
    };
    let hotspot = |set: Vec<usize>| {
        let now = in_month(&set);
        let all = standing(set.iter().map(|at| &voices[*at]), until, &rule.rank);
        let Standing { people, voices: count, likes, score, .. } =
            standing(now.iter().map(|at| &voices[*at]), until, &rule.rank);
        (count > 0).then(|| Hotspot {
            people,
            messages: count,
            likes,
            in_window: set.len(),
            first_on: day_of_number(all.first),
            last_on: day_of_number(all.last),
            score,
            subjects: now.iter().map(|at| (messages[*at].at.date(), messages[*at].subject.clone())).collect(),
        })
    };
    topics(voices, &rule.likeness).into_iter().filter_map(hotspot).collect()
}

/// A message as the desk compares it; who is not known is somebody of his own.
fn voice(at: usize, message: &Message) -> Voice {
    let person = if message.person.is_empty() {
        word_of(&format!("#{at}"), false)
    } else {
        word_of(&message.person, false)
    };
    let day = day_number(message.at.date());
    Voice { likes: message.likes, ..read(day, person, (&message.subject, &message.body)) }
}
