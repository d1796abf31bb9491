//! 纸质通知: what is printed by own staff or handed to a delegated company, and the receipts that come back.

use super::content::{General, notice_content, paper_template};
use super::desk::mark_served;
use super::serve::{NoticeRefusal, ServiceReport, delivery_ended, notice_serve};
use crate::error::OfficeError;
use crate::evidence::sha256_hex;
use crate::import::{Column, Form, Format, Limits, Problems, Record, RowError, Source, gather};
use crate::word_form;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::evidence::SignerRole;
use denghuo_rules::notices::service::ServiceWay;
use denghuo_rules::notices::{Channel, DeliveryState, NoticeKind};
use denghuo_rules::refusal::Refusal;
use denghuo_store::notices::{self, DeliveryRow, NoticeRow, PaperRunRow};
use denghuo_store::{Conn, StoreError, access, ledger};
use jiff::civil::{Date, DateTime};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// 打印批次: the papers of one run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaperRun {
    /// Its id; none when nothing waited.
    pub run_id: Option<String>,
    /// Papers in it.
    pub papers: usize,
    /// For each template the data of its papers, one JSON object a line.
    #[serde(skip)]
    pub lines: BTreeMap<String, String>,
}

/// Takes every paper of a unit and those below it (0: of all) that waits on a channel at a moment into a new run and gives its data.
/// Taken again, nothing waits.
///
/// # Errors
/// A missing rule; the database's.
pub fn papers_print(
    conn: &mut Conn,
    work: &Work<'_>,
    (channel, root): (Channel, i64),
    at: DateTime,
) -> Result<PaperRun, OfficeError> {
    conn.write(|conn| {
        let Some((run_id, rows)) = take(conn, (channel, root), at)? else {
            return Ok(PaperRun { run_id: None, papers: 0, lines: BTreeMap::new() });
        };
        let run = data_of(conn, work, run_id, &rows, at)?;
        let digest = digest_of(run.lines.values().map(String::as_str));
        keep(conn, work, &run, (channel, None, &digest), at)?;
        Ok(run)
    })
}

/// One paper, ready to be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticePaper {
    /// Name of the template.
    pub template: String,
    /// Its data, a JSON object.
    pub data: String,
    /// Name of the file.
    pub file_name: String,
}

/// The paper of one notice, as it is printed on a day; nothing is taken into a run.
///
/// # Errors
/// There is no such notice; a missing rule; the database's.
pub fn notice_paper(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, notice_no): (i64, i64),
    on: Date,
) -> Result<NoticePaper, OfficeError> {
    let unknown = || OfficeError::refuse(NoticeRefusal::Unknown(notice_no));
    let notice = notices::notice(conn, account_id, notice_no)?.ok_or_else(unknown)?;
    if notice.kind == NoticeKind::Campaign {
        return Err(OfficeError::refuse(NoticeRefusal::NoPaper(notice_no)));
    }
    let general = General::of(conn, work, on)?;
    let data = notice_content(conn, work, &general, &notice)?;
    let code = data.get("code").and_then(Value::as_str).unwrap_or("notice").to_owned();
    Ok(NoticePaper {
        template: paper_template(notice.kind, false).to_owned(),
        data: data.to_string(),
        file_name: format!("{code}.pdf"),
    })
}

/// The data of a run that was made before, for a second print.
///
/// # Errors
/// There is no such run; a missing rule; the database's.
pub fn paper_run_again(
    conn: &mut Conn,
    work: &Work<'_>,
    run_id: &str,
    at: DateTime,
) -> Result<PaperRun, OfficeError> {
    known_run(conn, run_id)?;
    let rows = notices::in_paper_run(conn, run_id)?;
    data_of(conn, work, run_id.to_owned(), &rows, at)
}

fn known_run(conn: &mut Conn, run_id: &str) -> Result<PaperRunRow, OfficeError> {
    notices::paper_run(conn, run_id)?.ok_or_else(|| {
        Refusal::new("notice.unknown_run", format!("没有批次{run_id}"), format!("there is no run {run_id}"))
            .into()
    })
}

/// Marks what waits as taken under a new id; none when nothing waits.
fn take(
    conn: &mut Conn,
    (channel, root): (Channel, i64),
    at: DateTime,
) -> Result<Option<(String, Vec<DeliveryRow>)>, OfficeError> {
    // The company's row: two runs are not made at once.
    ledger::lock(conn, ledger::COMPANY)?;
    let mut n = 1;
    let mut run_id = format!("{}-{}-{n}", at.date(), channel.word());
    while notices::paper_run(conn, &run_id)?.is_some() {
        n += 1;
        run_id = format!("{}-{}-{n}", at.date(), channel.word());
    }
    if notices::take_into_paper_run(conn, &run_id, (channel, root), at, at)? == 0 {
        return Ok(None);
    }
    let rows = notices::in_paper_run(conn, &run_id)?;
    Ok(Some((run_id, rows)))
}

fn keep(
    conn: &mut Conn,
    work: &Work<'_>,
    run: &PaperRun,
    (channel, agent, digest): (Channel, Option<&str>, &str),
    at: DateTime,
) -> Result<(), OfficeError> {
    let row = PaperRunRow {
        run_id: run.run_id.clone().unwrap_or_default(),
        channel,
        agent: agent.map(str::to_owned),
        made_on: at.date(),
        made_by: work.by.clone(),
        rows_kept: run.papers as i64,
        digest: digest.to_owned(),
    };
    Ok(notices::insert_paper_run(conn, &row, work.now)?)
}

fn digest_of<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    sha256_hex(texts.collect::<String>().as_bytes())
}

fn data_of(
    conn: &mut Conn,
    work: &Work<'_>,
    run_id: String,
    rows: &[DeliveryRow],
    at: DateTime,
) -> Result<PaperRun, OfficeError> {
    let general = General::of(conn, work, at.date())?;
    let mut lines: BTreeMap<String, String> = BTreeMap::new();
    for row in rows {
        let Some(notice) = notices::notice(conn, row.account_id, row.notice_no)? else { continue };
        let data = notice_content(conn, work, &general, &notice)?;
        let text = lines.entry(paper_template(notice.kind, false).to_owned()).or_default();
        text.push_str(&data.to_string());
        text.push('\n');
    }
    Ok(PaperRun { run_id: Some(run_id), papers: rows.len(), lines })
}

/// 委托派发: what a delegated company is handed on the same day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandOver {
    /// The run.
    pub run: PaperRun,
    /// The file for the company, CSV.
    #[serde(skip)]
    pub file: String,
    /// Its digest.
    pub digest: Option<String>,
}

/// Takes the papers of a unit and those below it (0: of all) that wait for a delegated company into a run, with the file that it gets.
///
/// # Errors
/// A missing rule; the database's.
pub fn papers_hand_over(
    conn: &mut Conn,
    work: &Work<'_>,
    (agent, root): (&str, i64),
    at: DateTime,
) -> Result<HandOver, OfficeError> {
    conn.write(|conn| {
        let Some((run_id, rows)) = take(conn, (Channel::PaperDelegated, root), at)? else {
            let run = PaperRun { run_id: None, papers: 0, lines: BTreeMap::new() };
            return Ok(HandOver { run, file: String::new(), digest: None });
        };
        let run = data_of(conn, work, run_id, &rows, at)?;
        let file = agent_file(conn, work, &run, &rows, at)?;
        let digest = digest_of(std::iter::once(file.as_str()));
        keep(conn, work, &run, (Channel::PaperDelegated, Some(agent), &digest), at)?;
        Ok(HandOver { run, file, digest: Some(digest) })
    })
}

/// The file of a run that was handed over before, with the addresses and names as they are now.
///
/// # Errors
/// There is no such run; a missing rule; the database's.
pub fn hand_over_again(
    conn: &mut Conn,
    work: &Work<'_>,
    run_id: &str,
    at: DateTime,
) -> Result<String, OfficeError> {
    known_run(conn, run_id)?;
    let rows = notices::in_paper_run(conn, run_id)?;
    let run = data_of(conn, work, run_id.to_owned(), &rows, at)?;
    agent_file(conn, work, &run, &rows, at)
}

/// Columns of the file for a delegated company; the first one comes back in the file of receipts.
const AGENT_COLUMNS: [&str; 9] =
    ["code", "kind", "account_no", "customer", "address", "amount", "deadline_on", "due_by", "run"];

fn agent_file(
    conn: &mut Conn,
    work: &Work<'_>,
    run: &PaperRun,
    rows: &[DeliveryRow],
    at: DateTime,
) -> Result<String, OfficeError> {
    let broken = |error: &dyn std::fmt::Display| OfficeError::Store(StoreError::Corrupt(error.to_string()));
    let general = General::of(conn, work, at.date())?;
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(AGENT_COLUMNS).map_err(|error| broken(&error))?;
    for row in rows {
        let Some(notice) = notices::notice(conn, row.account_id, row.notice_no)? else { continue };
        let data = notice_content(conn, work, &general, &notice)?;
        let text = |path: &str| data.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        csv.write_record([
            text("/code"),
            notice.kind.zh().to_owned(),
            text("/customer/account_no"),
            text("/customer/name"),
            row.address.clone(),
            text("/total"),
            text("/deadline_on"),
            row.due_by.to_string(),
            run.run_id.clone().unwrap_or_default(),
        ])
        .map_err(|error| broken(&error))?;
    }
    let bytes = csv.into_inner().map_err(|error| broken(&error))?;
    String::from_utf8(bytes).map_err(|error| broken(&error))
}

/// 回执结果: what came of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReturnResult {
    /// Handed over, or put into the letter box.
    Delivered,
    /// The recipient would not take it.
    Refused,
    /// It could not be handed over.
    Failed,
}

impl ReturnResult {
    const ALL: &[Self] = &[Self::Delivered, Self::Refused, Self::Failed];

    const fn word(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    const fn zh(self) -> &'static str {
        match self {
            Self::Delivered => "已送达",
            Self::Refused => "拒收",
            Self::Failed => "未送达",
        }
    }

    fn from_word(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|result| result.word() == text || result.zh() == text)
    }
}

/// 派发回执: the file that a delegated company gives back.
pub const RETURNS: Format = Format {
    kind: "paper_returns",
    zh: "派发回执",
    about_zh: "每行一份纸质通知的派发结果",
    about_en: "what came of one paper per row",
    columns: &[
        Column::required("code", "通知编号", Form::Code(64), "N-0370000001-12"),
        Column::required("result", "结果", word_form!(ReturnResult), "已送达"),
        Column::required("at", "时间", Form::Moment, "2026-09-08 10:30"),
        Column::optional("signer", "签收人", Form::Text(60), "乙"),
        Column::optional("signer_role", "签收人身份", word_form!(SignerRole), "同住成年家属"),
        Column::optional("reference", "单号", Form::Code(64), ""),
        Column::optional("reason", "原因", Form::Text(200), ""),
    ],
};

/// One row of it.
#[derive(Clone, Debug)]
struct ReturnRow {
    code: String,
    result: ReturnResult,
    at: DateTime,
    signer: Option<String>,
    signer_role: Option<SignerRole>,
    reference: Option<String>,
    reason: Option<String>,
}

/// What a file of receipts came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Returned {
    /// Rows.
    pub rows: usize,
    /// Notices that are served now.
    pub served: usize,
    /// Papers that were refused or could not be handed over: another way is queued.
    pub ended: usize,
    /// Rows that told nothing new.
    pub known: usize,
}

/// Why a file is not taken: rows are wrong, or something else is.
#[derive(Debug, thiserror::Error)]
pub enum ReturnsImport {
    /// Rows are wrong; nothing was kept.
    #[error("{} rows are wrong", .0.count())]
    Wrong(Problems),
    /// A refusal or a failure.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl From<StoreError> for ReturnsImport {
    fn from(error: StoreError) -> Self {
        Self::Office(error.into())
    }
}

fn return_row(record: &Record<'_>, until: DateTime) -> Result<ReturnRow, RowError> {
    let at = record.moment("at").filter(|at| *at <= until).ok_or_else(|| {
        record.wrong("at", "notice.in_the_future", "时间晚于登记时间", "lies after the moment of recording")
    })?;
    Ok(ReturnRow {
        code: record.text("code").to_owned(),
        result: record.word("result", ReturnResult::from_word).unwrap_or(ReturnResult::Failed),
        at,
        signer: record.text_if_any("signer"),
        signer_role: record.word("signer_role", SignerRole::from_word),
        reference: record.text_if_any("reference"),
        reason: record.text_if_any("reason"),
    })
}

/// 回执登记: takes a file of receipts, checked whole before a row is kept; a notice outside a unit and those below it (0: all) is as if
/// unknown. The same file again changes nothing.
///
/// # Errors
/// Every bad row; a missing rule; the database's.
pub fn papers_return(
    conn: &mut Conn,
    work: &Work<'_>,
    (source, root): (&Source, i64),
    until: DateTime,
) -> Result<Returned, ReturnsImport> {
    let rows = gather(&RETURNS, source, Limits::default(), |record| return_row(record, until))
        .map_err(ReturnsImport::Wrong)?;
    conn.write(|conn| {
        let mut problems = Problems::default();
        let mut done = Returned { rows: rows.len(), ..Returned::default() };
        for (line, row) in &rows {
            let wrong =
                |code: &'static str, text: Bilingual| RowError::at(*line, "code", &row.code, code, text);
            let Some(notice) = notice_of(conn, &row.code, root)? else {
                let text = Bilingual::new("没有这份通知", "there is no such notice");
                problems.push(wrong("notice.unknown", text));
                continue;
            };
            match keep_return(conn, work, &notice, row) {
                Ok(Kept::Served) => done.served += 1,
                Ok(Kept::Ended) => done.ended += 1,
                Ok(Kept::Known) => done.known += 1,
                Err(OfficeError::Refused(refusal)) => problems.push(wrong(refusal.code, refusal.text)),
                Err(error) => return Err(error.into()),
            }
        }
        if problems.is_empty() { Ok(done) } else { Err(ReturnsImport::Wrong(problems)) }
    })
}

/// `N-0370000001-12` is the notice 12 of the account 0370000001.
fn notice_of(conn: &mut Conn, code: &str, root: i64) -> Result<Option<NoticeRow>, OfficeError> {
    let Some((account_no, notice_no)) = code.strip_prefix("N-").and_then(|rest| rest.rsplit_once('-')) else {
        return Ok(None);
    };
    let (Ok(notice_no), Some((account, true))) =
        (notice_no.parse(), access::account_in_scope(conn, account_no, root)?)
    else {
        return Ok(None);
    };
    Ok(notices::notice(conn, account, notice_no)?)
}

/// What a row came to.
enum Kept {
    Served,
    Ended,
    Known,
}

fn keep_return(
    conn: &mut Conn,
    work: &Work<'_>,
    notice: &NoticeRow,
    row: &ReturnRow,
) -> Result<Kept, OfficeError> {
    let key = (notice.account_id, notice.notice_no);
    if notice.state == "served" && notice.served_at.is_some_and(|at| at <= row.at) {
        return Ok(Kept::Known);
    }
    match row.result {
        ReturnResult::Delivered => {
            let way = if row.signer.is_some() { ServiceWay::Signed } else { ServiceWay::Dropped };
            if notice.kind == NoticeKind::Bill {
                papers_arrived_one(conn, work, key, row.at)?;
                return Ok(Kept::Served);
            }
            let report = ServiceReport {
                signer: row.signer.clone(),
                signer_role: row.signer_role,
                reference: row.reference.clone(),
                note: row.reason.clone(),
                ..ServiceReport::new(way, row.at)
            };
            notice_serve(conn, work, key, &report)?;
            Ok(Kept::Served)
        }
        ReturnResult::Refused | ReturnResult::Failed => {
            let is_under_way = |delivery: &DeliveryRow| {
                !delivery.channel.is_electronic() && delivery.state == DeliveryState::Sent
            };
            if !notices::deliveries_of(conn, key.0, key.1)?.iter().any(is_under_way) {
                return Ok(Kept::Known);
            }
            let refused = row.result == ReturnResult::Refused;
            let state = if refused { DeliveryState::Refused } else { DeliveryState::Failed };
            delivery_ended(conn, work, key, state, (row.at, row.reason.as_deref()))?;
            Ok(Kept::Ended)
        }
    }
}

/// A slip of paper was put into the letter box: the bill counts as served without a signature.
fn papers_arrived_one(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, notice_no): (i64, i64),
    at: DateTime,
) -> Result<bool, OfficeError> {
    let Some(mut notice) = notices::notice(conn, account_id, notice_no)? else { return Ok(false) };
    if notice.state != "open" && notice.state != "failed" {
        return Ok(false);
    }
    let mut channel = None;
    for mut delivery in notices::deliveries_of(conn, account_id, notice_no)? {
        if !delivery.channel.is_electronic() && delivery.state == DeliveryState::Sent {
            delivery.state = DeliveryState::Delivered;
            delivery.ended_at = Some(at);
            notices::save_delivery(conn, &delivery)?;
            channel = Some(delivery.channel);
        }
    }
    let Some(channel) = channel else {
        return Err(OfficeError::refuse(super::NoticeRefusal::NotHandedOver(notice_no)));
    };
    mark_served(conn, work, &mut notice, channel, at)?;
    Ok(true)
}

/// 派发完成: own staff has distributed the bills of a run; other papers of it need a receipt of their own. Gives how many
/// bills are served now.
///
/// # Errors
/// There is no such run; the database's.
pub fn papers_arrived(
    conn: &mut Conn,
    work: &Work<'_>,
    run_id: &str,
    at: DateTime,
) -> Result<usize, OfficeError> {
    conn.write(|conn| {
        known_run(conn, run_id)?;
        let mut served = 0;
        for row in notices::in_paper_run(conn, run_id)? {
            if row.state != DeliveryState::Sent {
                continue;
            }
            let notice = notices::notice(conn, row.account_id, row.notice_no)?;
            if notice.is_some_and(|notice| notice.kind == NoticeKind::Bill) {
                served += usize::from(papers_arrived_one(conn, work, (row.account_id, row.notice_no), at)?);
            }
        }
        Ok(served)
    })
}
