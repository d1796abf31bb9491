//! 规则变更: a rule file of the site is proposed by one person and put in force by another; it is checked with the whole book both times.

use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::Refuse;
use denghuo_rules::rulebook::{BookDiff, BookError, Rulebook, diff};
use denghuo_store::rulebook::{self as store, ProposalRow};
use denghuo_store::{Conn, audit, site};
use jiff::civil::Date;

/// Rule files, `(path, text)`.
pub type Files = Vec<(String, String)>;

/// Why a change of the rules is not taken; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleRefusal {
    /// There is no such proposal.
    Unknown(i64),
    /// It was decided already.
    Decided(i64),
    /// Who proposed it does not decide it.
    SamePerson,
    /// Not `<jurisdiction>/<topic>.toml`.
    BadPath(String),
    /// The file is not there.
    NoFile(String),
    /// The book would be wrong with it: the faults, one a line.
    Wrong(String),
}

impl Refuse for RuleRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "rule.unknown_proposal",
            Self::Decided(_) => "rule.decided",
            Self::SamePerson => "rule.same_person",
            Self::BadPath(_) => "rule.bad_path",
            Self::NoFile(_) => "rule.unknown_file",
            Self::Wrong(_) => "rule.wrong",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::Unknown(no) => {
                Bilingual::new(format!("没有规则变更{no}"), format!("there is no proposal {no}"))
            }
            Self::Decided(no) => {
                Bilingual::new(format!("规则变更{no}已审批"), format!("proposal {no} was decided already"))
            }
            Self::SamePerson => Bilingual::new(
                "提出人不能审批自己的规则变更",
                "who proposed a change of the rules does not decide it",
            ),
            Self::BadPath(path) => Bilingual::new(
                format!("规则文件路径须为“地区/主题.toml”:{path}"),
                format!("a rule file is <jurisdiction>/<topic>.toml: {path}"),
            ),
            Self::NoFile(path) => Bilingual::new(
                format!("本单位没有规则文件{path}"),
                format!("the site has no rule file {path}"),
            ),
            Self::Wrong(lines) => Bilingual::new(
                format!("规则库将有误:\n{lines}"),
                format!("the book would be wrong:\n{lines}"),
            ),
        }
    }
}

/// What the book would be with a file changed.
#[derive(Clone, Debug)]
pub struct Examined {
    /// Everything that would be wrong.
    pub errors: Vec<BookError>,
    /// The difference to the book in force.
    pub difference: BookDiff,
    /// Rules of the book.
    pub rules: usize,
}

/// The book of a site: embedded, the files of its database, those of a folder.
#[must_use]
pub fn site_book(kept: Files, folder: Files) -> (Rulebook, Vec<BookError>) {
    let (book, mut errors) = Rulebook::embedded().examined(kept);
    if folder.is_empty() {
        return (book, errors);
    }
    let (book, more) = book.examined(folder);
    errors.extend(more);
    (book, errors)
}

fn changed(mut kept: Files, path: &str, body: Option<&str>) -> Files {
    kept.retain(|(there, _)| there != path);
    kept.extend(body.map(|body| (path.to_owned(), body.to_owned())));
    kept.sort();
    kept
}

/// Checks a changed file with the whole book.
///
/// # Errors
/// A bad path, or the database's.
pub fn rule_file_check(
    conn: &mut Conn,
    book: &Rulebook,
    folder: &Files,
    (path, body): (&str, Option<&str>),
) -> Result<Examined, OfficeError> {
    if !is_path(path) {
        return Err(OfficeError::refuse(RuleRefusal::BadPath(path.to_owned())));
    }
    let kept = site::rule_files(conn)?;
    if body.is_none() && !kept.iter().any(|(there, _)| there == path) {
        return Err(OfficeError::refuse(RuleRefusal::NoFile(path.to_owned())));
    }
    let (fresh, errors) = site_book(changed(kept, path, body), folder.clone());
    Ok(Examined { errors, difference: diff(book, &fresh), rules: fresh.rules().count() })
}

fn is_path(path: &str) -> bool {
    let is_word = |text: &str| {
        !text.is_empty()
            && text.len() <= 64
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
    };
    let parts = path.strip_suffix(".toml").and_then(|path| path.split_once('/'));
    parts.is_some_and(|(jurisdiction, topic)| is_word(jurisdiction) && is_word(topic))
}

fn sound(examined: &Examined) -> Result<(), OfficeError> {
    if examined.errors.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = examined.errors.iter().map(ToString::to_string).collect();
    Err(OfficeError::refuse(RuleRefusal::Wrong(lines.join("\n"))))
}

/// Proposes a changed file; gives the number of the proposal.
///
/// # Errors
/// A [`RuleRefusal`], or the database's.
pub fn rule_propose(
    conn: &mut Conn,
    work: &Work<'_>,
    folder: &Files,
    (path, body): (&str, Option<&str>),
    reason: &str,
    on: Date,
) -> Result<i64, OfficeError> {
    sound(&rule_file_check(conn, work.book, folder, (path, body))?)?;
    conn.write(|conn| {
        let proposal_no = store::last_proposal_no(conn)? + 1;
        let row = ProposalRow {
            proposal_no,
            path: path.to_owned(),
            body: body.map(str::to_owned),
            reason: reason.to_owned(),
            state: "open".to_owned(),
            proposed_by: work.by.clone(),
            proposed_on: on,
            decided_by: None,
            decided_on: None,
            note: None,
            replaced_body: None,
        };
        store::save_proposal(conn, &row)?;
        note(conn, work, ("rule.propose", path), on, (None, Some(reason)))?;
        Ok(proposal_no)
    })
}

/// A second person's word on a proposal: an accepted file is in force from the next reading of the book on.
///
/// # Errors
/// A [`RuleRefusal`]; an accepted file is checked once more; the database's.
pub fn rule_decide(
    conn: &mut Conn,
    work: &Work<'_>,
    folder: &Files,
    (proposal_no, accept): (i64, bool),
    written: &str,
    on: Date,
) -> Result<ProposalRow, OfficeError> {
    let row = store::proposal(conn, proposal_no)?
        .ok_or_else(|| OfficeError::refuse(RuleRefusal::Unknown(proposal_no)))?;
    if row.state != "open" {
        return Err(OfficeError::refuse(RuleRefusal::Decided(proposal_no)));
    }
    if accept {
        if row.proposed_by == work.by {
            return Err(OfficeError::refuse(RuleRefusal::SamePerson));
        }
        sound(&rule_file_check(conn, work.book, folder, (&row.path, row.body.as_deref()))?)?;
    }
    conn.write(|conn| {
        let mut row = row;
        let kept = site::rule_files(conn)?;
        let there = kept.into_iter().find(|(path, _)| *path == row.path).map(|(_, text)| text);
        if accept {
            match &row.body {
                Some(body) => site::put_rule_files(conn, &[(row.path.clone(), body.clone())])?,
                None => site::remove_rule_file(conn, &row.path)?,
            }
            row.replaced_body.clone_from(&there);
        }
        row.state = if accept { "accepted" } else { "rejected" }.to_owned();
        row.decided_by = Some(work.by.clone());
        row.decided_on = Some(on);
        row.note = Some(written.to_owned()).filter(|note| !note.is_empty());
        store::save_proposal(conn, &row)?;
        let action = if accept { "rule.accept" } else { "rule.reject" };
        let after = if accept { row.body.as_deref() } else { None };
        note(conn, work, (action, &row.path), on, (there.as_deref().filter(|_| accept), after))?;
        Ok(row)
    })
}

fn note(
    conn: &mut Conn,
    work: &Work<'_>,
    (action, path): (&str, &str),
    on: Date,
    (before, after): (Option<&str>, Option<&str>),
) -> Result<(), OfficeError> {
    let mark = audit::Mark {
        account_id: 0,
        happened_on: on,
        subject: &format!("rule_file:{path}"),
        action,
        who: &work.by,
        before,
        after,
        recorded_at: work.now,
    };
    Ok(audit::mark(conn, &mark)?)
}
