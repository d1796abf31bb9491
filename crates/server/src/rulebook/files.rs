//! Rule files of the site: looked at, checked, proposed, decided.

use super::shown::{FieldLine, change_lines};
use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::{BadCell, Problem};
use axum::http::StatusCode;
use denghuo_office::rulebook::{
    Examined, ImportError, PriceImport, RuleRefusal, read_price_bytes, rule_decide, rule_file_check,
    rule_propose,
};
use denghuo_rules::calendar::DateForm;
use denghuo_rules::tariff::Gaps;
use denghuo_store::rulebook::{ProposalRow, proposal, proposals};
use denghuo_store::site;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A rule file of the site.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RuleFileLine {
    /// `<jurisdiction>/<topic>.toml`.
    path: String,
    /// Where it stands: `database`, or `folder` for the one that the server was started with.
    place: String,
    /// Its length in bytes.
    bytes: usize,
    /// Rules in it.
    rules: usize,
}

pub fn rule_file_list(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<RuleFileLine>, Problem> {
    let line = |place: &str, (path, text): &(String, String)| RuleFileLine {
        path: path.clone(),
        place: place.to_owned(),
        bytes: text.len(),
        rules: text.lines().filter(|line| line.trim() == "[[rule]]").count(),
    };
    let kept = site::rule_files(ask.conn)?;
    let mut lines: Vec<RuleFileLine> = kept.iter().map(|file| line("database", file)).collect();
    lines.extend(ask.app.options().rule_folder.iter().map(|file| line("folder", file)));
    ask.page.cut(lines, |line| format!("{}:{}", line.place, line.path))
}

/// Which file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct FileQuery {
    /// `<jurisdiction>/<topic>.toml`.
    path: String,
}

/// A rule file with its text.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RuleFileShown {
    /// Its path.
    path: String,
    /// Its text.
    body: String,
}

pub fn rule_file_show(ask: &mut Ask<'_>, _: &Nothing, query: &FileQuery) -> Result<RuleFileShown, Problem> {
    let mut files = site::rule_files(ask.conn)?;
    files.extend(ask.app.options().rule_folder.iter().cloned());
    let found = files.into_iter().rfind(|(path, _)| *path == query.path);
    let (path, body) = found.ok_or_else(|| Problem::refuse(RuleRefusal::NoFile(query.path.clone())))?;
    Ok(RuleFileShown { path, body })
}

/// A file as it is to be.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileBody {
    /// `<jurisdiction>/<topic>.toml`.
    #[schemars(length(max = 128))]
    path: String,
    /// Its text; none to take it away.
    #[serde(default)]
    body: Option<String>,
}

/// What the book would be.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FileCheck {
    /// Nothing would be wrong.
    ok: bool,
    /// Everything that would be wrong.
    errors: Vec<String>,
    /// Rules of the book.
    rules: usize,
    /// Rules that come.
    added: Vec<String>,
    /// Rules that go.
    removed: Vec<String>,
    /// Rules that say something else.
    changed: Vec<ChangedRule>,
}

/// A rule that would say something else.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ChangedRule {
    /// Its id.
    id: String,
    /// Every field that differs.
    fields: Vec<FieldLine>,
}

impl From<Examined> for FileCheck {
    fn from(examined: Examined) -> Self {
        let difference = examined.difference;
        Self {
            ok: examined.errors.is_empty(),
            errors: examined.errors.iter().map(ToString::to_string).collect(),
            rules: examined.rules,
            added: difference.added,
            removed: difference.removed,
            changed: difference
                .changed
                .into_iter()
                .map(|change| ChangedRule { id: change.id, fields: change_lines(change.fields) })
                .collect(),
        }
    }
}

pub fn rule_file_try(ask: &mut Ask<'_>, _: &Nothing, file: &FileBody) -> Result<FileCheck, Problem> {
    let folder = &ask.app.options().rule_folder;
    Ok(rule_file_check(ask.conn, ask.work.book, folder, (&file.path, file.body.as_deref()))?.into())
}

/// A proposed change on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProposalLine {
    /// Its number.
    proposal_no: i64,
    /// The file.
    path: String,
    /// Is the file to be taken away?
    removes: bool,
    /// Why.
    reason: String,
    /// `open`, `accepted` or `rejected`.
    state: String,
    /// Login.
    proposed_by: String,
    /// Business day.
    #[schemars(with = "DateForm")]
    proposed_on: Date,
    /// Login of the second person.
    decided_by: Option<String>,
    /// Business day.
    #[schemars(with = "Option<DateForm>")]
    decided_on: Option<Date>,
    /// What the second person wrote.
    note: Option<String>,
}

impl ProposalLine {
    fn of(row: &ProposalRow) -> Self {
        Self {
            proposal_no: row.proposal_no,
            path: row.path.clone(),
            removes: row.body.is_none(),
            reason: row.reason.clone(),
            state: row.state.clone(),
            proposed_by: row.proposed_by.clone(),
            proposed_on: row.proposed_on,
            decided_by: row.decided_by.clone(),
            decided_on: row.decided_on,
            note: row.note.clone(),
        }
    }
}

pub fn proposal_list(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<ProposalLine>, Problem> {
    let below = match &ask.page.after {
        None => i64::MAX,
        Some(key) => key.parse().map_err(|_| Problem::unreadable("cursor", "cursor"))?,
    };
    let limit = ask.page.limit;
    let rows = proposals(ask.conn, below, i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1)?;
    let page = List::of_one_more(rows, limit, |row| row.proposal_no.to_string());
    let items = page.items.iter().map(ProposalLine::of).collect();
    Ok(List { items, next_cursor: page.next_cursor })
}

/// A proposal in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct ProposalPath {
    /// Its number.
    proposal_no: i64,
}

/// A proposed change with its text.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProposalShown {
    /// As on the list.
    proposal: ProposalLine,
    /// The text that stands now, or that an accepted one replaced.
    before: Option<String>,
    /// The proposed text.
    after: Option<String>,
    /// What the book would be with it; none for one that was decided.
    check: Option<FileCheck>,
}

pub fn proposal_show(ask: &mut Ask<'_>, path: &ProposalPath, _: &Nothing) -> Result<ProposalShown, Problem> {
    let row = proposal(ask.conn, path.proposal_no)?
        .ok_or_else(|| Problem::refuse(RuleRefusal::Unknown(path.proposal_no)))?;
    let is_open = row.state == "open";
    let (before, check) = if is_open {
        let there = site::rule_files(ask.conn)?.into_iter().find(|(path, _)| *path == row.path);
        let folder = &ask.app.options().rule_folder;
        // The file that was to be taken away may have gone meanwhile.
        let check = rule_file_check(ask.conn, ask.work.book, folder, (&row.path, row.body.as_deref())).ok();
        (there.map(|(_, text)| text), check.map(FileCheck::from))
    } else {
        (row.replaced_body.clone(), None)
    };
    Ok(ProposalShown { proposal: ProposalLine::of(&row), before, after: row.body, check })
}

/// A proposal.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalBody {
    /// `<jurisdiction>/<topic>.toml`.
    #[schemars(length(max = 128))]
    path: String,
    /// Its text; none to take it away.
    #[serde(default)]
    body: Option<String>,
    /// Why.
    #[schemars(length(min = 1, max = 500))]
    reason: String,
}

/// Proposals that were made.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Proposed {
    /// Their numbers.
    proposals: Vec<i64>,
}

fn reason_of(reason: &str) -> Result<&str, Problem> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Problem::unreadable("body", "reason: 1–500"));
    }
    Ok(reason)
}

pub fn proposal_make(ask: &mut Ask<'_>, _: &Nothing, body: &ProposalBody) -> Result<Proposed, Problem> {
    let reason = reason_of(&body.reason)?;
    let folder = &ask.app.options().rule_folder;
    let file = (body.path.as_str(), body.body.as_deref());
    let proposal_no = rule_propose(ask.conn, ask.work, folder, file, reason, ask.today)?;
    Ok(Proposed { proposals: vec![proposal_no] })
}

/// A month's price table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct PricesQuery {
    /// Name of the file; its ending tells the form: `.csv`, `.json`, `.toml`.
    file_name: String,
    /// Why.
    reason: String,
    /// Take a table that leaves something out; its rules say what cannot be billed.
    #[serde(default)]
    accept_gaps: bool,
}

pub fn proposal_prices(ask: &mut Ask<'_>, _: &Nothing, query: &PricesQuery) -> Result<Proposed, Problem> {
    let reason = reason_of(&query.reason)?;
    let gaps = if query.accept_gaps { Gaps::Accept } else { Gaps::Refuse };
    let read = read_price_bytes(Path::new(&query.file_name), &ask.call.body);
    let import =
        read.and_then(|rows| PriceImport::checked(&rows, gaps)).map_err(|error| bad_table(&error))?;
    let folder = &ask.app.options().rule_folder;
    let mut made = Vec::new();
    for (path, text) in &import.files {
        made.push(rule_propose(ask.conn, ask.work, folder, (path, Some(text)), reason, ask.today)?);
    }
    Ok(Proposed { proposals: made })
}

fn bad_table(error: &ImportError) -> Problem {
    let cell = |place: &str, zh: String, en: String| BadCell {
        line: place.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0),
        column: String::new(),
        value: place.to_owned(),
        zh,
        en,
    };
    let cells = match error {
        ImportError::Rows { rows } => {
            rows.iter().map(|row| cell(&row.place, row.zh.clone(), row.en.clone())).collect()
        }
        other => vec![cell("", other.to_string(), other.to_string())],
    };
    Problem::bad_rows("电价表有误,未导入", "the price table is wrong; nothing was imported", cells)
}

/// The second person's word.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideBody {
    /// What he writes beside it.
    #[serde(default)]
    #[schemars(length(max = 500))]
    note: String,
}

pub fn proposal_accept(
    ask: &mut Ask<'_>,
    path: &ProposalPath,
    body: &DecideBody,
) -> Result<ProposalLine, Problem> {
    decide(ask, path, (true, &body.note))
}

pub fn proposal_reject(
    ask: &mut Ask<'_>,
    path: &ProposalPath,
    body: &DecideBody,
) -> Result<ProposalLine, Problem> {
    decide(ask, path, (false, &body.note))
}

fn decide(
    ask: &mut Ask<'_>,
    path: &ProposalPath,
    (accept, note): (bool, &str),
) -> Result<ProposalLine, Problem> {
    if note.chars().count() > 500 {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "request.body",
            "备注过长",
            "the note is too long",
        ));
    }
    let folder = &ask.app.options().rule_folder;
    let row = rule_decide(ask.conn, ask.work, folder, (path.proposal_no, accept), note.trim(), ask.today)?;
    ask.app.wake();
    Ok(ProposalLine::of(&row))
}
