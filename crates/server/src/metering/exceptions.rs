//! 抄表异常: doubts by rule, and the answers to them, one by one or many at once.

use super::enter::RegisterBody;
use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::people::{DONE, Done};
use crate::problem::Problem;
use crate::sorting::{Sort, ordered_by};
use crate::tasks::TaskLine;
use denghuo_office::error::OfficeError;
use denghuo_office::metering::{
    Answer, ExceptionKind, ExceptionRefusal, Resolution, exception_resolve, exception_show, reading_with,
};
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::metering::Exception;
use denghuo_store::access::account_in_scope;
use denghuo_store::tasks::{CodeCount, DOUBT_ORDERS, open_codes, open_with_code};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Answers that are given at once at most.
const MOST: usize = 500;

/// Doubts that have the same finding.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct CodeLine {
    /// `reading_exception` (holds the bill), `reading_doubt` (holds the release), `reading_notice`.
    kind: String,
    /// Code of the finding.
    code: String,
    /// Its name.
    name: Bilingual,
    /// How many are open.
    open: i64,
}

/// Doubts by finding.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct Codes {
    /// The strictest kind first, then the most frequent.
    codes: Vec<CodeLine>,
}

fn name_of(code: &str) -> Bilingual {
    let known = Exception::from_word(code);
    known.map_or_else(|| Bilingual::new(code, code), |e| Bilingual::new(e.zh(), e.in_english()))
}

pub(super) fn exception_codes(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Codes, Problem> {
    let root = ask.root()?;
    let mut codes = Vec::new();
    for kind in ExceptionKind::ALL {
        let mut of_kind: Vec<CodeCount> = open_codes(ask.conn, kind.word(), root)?;
        of_kind.sort_by_key(|count| std::cmp::Reverse(count.count));
        codes.extend(of_kind.into_iter().map(|count| CodeLine {
            kind: kind.word().to_owned(),
            name: name_of(&count.code),
            code: count.code,
            open: count.count,
        }));
    }
    Ok(Codes { codes })
}

/// Which doubts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(super) struct ExceptionQuery {
    /// `reading_exception`, `reading_doubt` or `reading_notice`.
    #[serde(default)]
    kind: Option<String>,
    /// Only with this finding.
    #[serde(default)]
    code: Option<String>,
    /// The order; the strictest kind first when not given.
    #[serde(default)]
    sort: Sort<Doubts>,
}

/// The list of doubts.
enum Doubts {}
ordered_by!(Doubts, DOUBT_ORDERS);

pub(super) fn exception_list(
    ask: &mut Ask<'_>,
    _: &Nothing,
    query: &ExceptionQuery,
) -> Result<List<TaskLine>, Problem> {
    let kinds: Vec<&str> = match query.kind.as_deref() {
        None => ExceptionKind::ALL.iter().map(|kind| kind.word()).collect(),
        Some(word) => {
            let kind = ExceptionKind::from_word(word).ok_or_else(|| Problem::unreadable("query", "kind"))?;
            vec![kind.word()]
        }
    };
    let root = ask.root()?;
    let slice = ask.page.slice(&DOUBT_ORDERS, &query.sort)?;
    let rows = open_with_code(ask.conn, (&kinds, query.code.as_deref()), root, &slice)?;
    let today = ask.today;
    Ok(List::of_placed(rows, ask.page.limit).map(|listed| TaskLine::of(listed, today)))
}

/// A doubt and what was answered.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct ExceptionShown {
    /// What it holds.
    kind: String,
    /// What it is about, such as `reading:2026-08-05` or `missing:2026-08`.
    subject: String,
    /// The findings.
    names: Vec<Bilingual>,
    /// In words.
    detail: Bilingual,
    /// `open` or `done`.
    state: String,
    /// When it was found.
    #[schemars(with = "DateForm")]
    opened_on: Date,
    /// What was answered.
    answer: Option<String>,
    /// By whom.
    answered_by: Option<String>,
    /// When.
    #[schemars(with = "Option<DateForm>")]
    answered_on: Option<Date>,
    /// Why.
    reason: Option<String>,
}

pub(super) fn account_exceptions(
    ask: &mut Ask<'_>,
    _: &Nothing,
    _: &Nothing,
) -> Result<List<ExceptionShown>, Problem> {
    let account_id = ask.account()?;
    let rows = exception_show(ask.conn, account_id)?.into_iter().map(|task| ExceptionShown {
        names: task.codes.split(',').filter(|code| !code.is_empty()).map(name_of).collect(),
        kind: task.kind,
        subject: task.subject,
        detail: task.detail,
        state: task.state,
        opened_on: task.opened_on,
        answer: task.resolution,
        answered_by: task.resolved_by,
        answered_on: task.resolved_on,
        reason: task.note,
    });
    let rows: Vec<ExceptionShown> = rows.collect();
    ask.page.cut(rows, |row| format!("{} {}", row.kind, row.subject))
}

/// The answers that somebody gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AnswerWord {
    /// 确认: it is right.
    Confirm,
    /// 更正: the meter shows something else.
    Correct,
    /// 补抄: it is read again.
    ReRead,
    /// 暂计: billed on the previous period's quantity.
    Provisional,
    /// 暂计结清: right, and the estimates before it were too high.
    Settle,
}

/// An answer to a doubt.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerBody {
    /// What it is about, such as `reading:2026-08-05`.
    #[schemars(length(min = 1, max = 64))]
    subject: String,
    /// What holds.
    answer: AnswerWord,
    /// Why.
    #[schemars(length(min = 1, max = 400))]
    reason: String,
    /// What the meter shows, for `correct`.
    #[serde(default)]
    registers: Vec<RegisterBody>,
    /// 表号, for `correct` where several meters hang.
    #[serde(default)]
    meter_no: Option<String>,
    /// Day of the corrected reading; that of the subject when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    read_on: Option<Date>,
}

pub(super) fn exception_answer(ask: &mut Ask<'_>, _: &Nothing, body: &AnswerBody) -> Result<Done, Problem> {
    let account_id = ask.account()?;
    let answer = match body.answer {
        AnswerWord::Confirm => Answer::Confirm,
        AnswerWord::ReRead => Answer::ReRead,
        AnswerWord::Provisional => Answer::Provisional,
        AnswerWord::Settle => Answer::Settle,
        AnswerWord::Correct => {
            let of_subject = body.subject.strip_prefix("reading:").and_then(|day| day.parse().ok());
            let day = body
                .read_on
                .or(of_subject)
                .ok_or_else(|| Problem::refuse(ExceptionRefusal::NothingToCorrect))?;
            let told: Vec<_> =
                body.registers.iter().map(|register| (register.kind, register.value)).collect();
            Answer::Correct(vec![reading_with(ask.conn, account_id, body.meter_no.as_deref(), day, &told)?])
        }
    };
    answered(ask, account_id, &body.subject, answer, &body.reason)?;
    Ok(DONE)
}

fn answered(
    ask: &mut Ask<'_>,
    account_id: i64,
    subject: &str,
    answer: Answer,
    reason: &str,
) -> Result<(), OfficeError> {
    let all = exception_show(ask.conn, account_id)?;
    let open = all.iter().find(|task| task.subject == subject && task.state == "open");
    let kind = open.and_then(|task| ExceptionKind::from_word(&task.kind));
    let kind = kind.ok_or_else(|| OfficeError::refuse(ExceptionRefusal::NotOpen))?;
    let resolution = Resolution { answer, reason: reason.to_owned() };
    exception_resolve(ask.conn, ask.work, (account_id, kind, subject), &resolution, ask.today)
}

/// One doubt of many.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OneOfMany {
    /// 户号
    account_no: String,
    /// What it is about.
    subject: String,
}

/// The same answer to many doubts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ManyBody {
    /// The doubts.
    #[schemars(length(min = 1, max = 500))]
    doubts: Vec<OneOfMany>,
    /// `confirm`, `re_read`, `provisional` or `settle`; a correction is of one reading.
    answer: AnswerWord,
    /// Why.
    #[schemars(length(min = 1, max = 400))]
    reason: String,
}

/// A doubt that was not answered.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct NotAnswered {
    /// 户号
    account_no: String,
    /// What it is about.
    subject: String,
    /// Code of the refusal.
    code: String,
    /// In words.
    text: Bilingual,
}

/// What came of many answers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct ManyAnswered {
    /// Answered.
    answered: usize,
    /// The others.
    refused: Vec<NotAnswered>,
}

pub(super) fn exceptions_answer(
    ask: &mut Ask<'_>,
    _: &Nothing,
    body: &ManyBody,
) -> Result<ManyAnswered, Problem> {
    let answer = match body.answer {
        AnswerWord::Confirm => Answer::Confirm,
        AnswerWord::ReRead => Answer::ReRead,
        AnswerWord::Provisional => Answer::Provisional,
        AnswerWord::Settle => Answer::Settle,
        AnswerWord::Correct => return Err(Problem::unreadable("body", "answer")),
    };
    if body.doubts.is_empty() || body.doubts.len() > MOST {
        return Err(Problem::unreadable("body", format!("doubts: 1–{MOST}")));
    }
    let root = ask.root()?;
    let mut done = ManyAnswered { answered: 0, refused: Vec::new() };
    for doubt in &body.doubts {
        let Some((account_id, true)) = account_in_scope(ask.conn, &doubt.account_no, root)? else {
            return Err(Problem::foreign_account());
        };
        match answered(ask, account_id, &doubt.subject, answer.clone(), &body.reason) {
            Ok(()) => done.answered += 1,
            Err(OfficeError::Refused(refusal)) => done.refused.push(NotAnswered {
                account_no: doubt.account_no.clone(),
                subject: doubt.subject.clone(),
                code: refusal.code.to_owned(),
                text: refusal.text,
            }),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(done)
}
