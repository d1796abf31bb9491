//! 纸质通知: what waits to be printed or handed over, the runs, and the receipts that come back.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::{BadCell, Problem};
use crate::route::{File, Routes};
use denghuo_office::import::Source;
use denghuo_office::notices::{
    Returned, ReturnsImport, hand_over_again, papers_arrived, papers_hand_over, papers_print, papers_return,
};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::{DateForm, plus_days};
use denghuo_rules::notices::{Channel, NoticeKind};
use denghuo_store::notices::{self as store, PaperRunRow};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Days back that runs are listed.
const DAYS: i64 = 400;
/// Runs that are listed at most.
const RUNS: i64 = 1_000;

/// The endpoints.
pub fn add(routes: Routes) -> Routes {
    let (see, work) = (Permission::SeeAccounts, Permission::ServeNotices);
    routes
        .get(
            "/papers-waiting",
            see,
            ("待打印通知", "Papers that wait, by channel and kind: what a run would take"),
            waiting,
        )
        .list("/paper-runs", see, ("打印批次", "Runs of papers, the latest first"), runs)
        .post(
            "/paper-runs",
            work,
            ("打印一批", "Take every paper of a channel that waits into a run"),
            run_make,
        )
        .once()
        .post(
            "/paper-runs/{run_id}/arrived",
            work,
            ("派发完成", "Own staff has distributed the bills of a run"),
            run_arrived,
        )
        .once()
        .file(
            "/paper-runs/{run_id}/hand-over",
            Permission::SeePersonal,
            ("委托派发文件", "The file of a run for the delegated company, CSV; the look is kept"),
            hand_over_file,
        )
        .upload(
            "/paper-returns",
            work,
            ("登记派发回执", "Take a file of receipts, checked whole; the same file again changes nothing"),
            returns,
        )
        .once()
}

/// Papers that wait.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct WaitingLine {
    /// The channel.
    channel: Channel,
    /// What is told.
    kind: NoticeKind,
    /// Papers.
    papers: i64,
    /// The earliest day by which one has to arrive.
    #[schemars(with = "Option<DateForm>")]
    due_by: Option<Date>,
}

/// What waits.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct WaitingShown {
    /// By channel and kind.
    waiting: Vec<WaitingLine>,
}

fn waiting(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<WaitingShown, Problem> {
    let root = ask.root()?;
    let rows = store::waiting_papers(ask.conn, root, ask.now)?;
    let lines = rows.into_iter().map(|row| WaitingLine {
        channel: row.channel,
        kind: row.kind,
        papers: row.papers,
        due_by: row.due_by,
    });
    Ok(WaitingShown { waiting: lines.collect() })
}

/// A run of papers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct RunLine {
    /// Its id.
    run_id: String,
    /// The channel.
    channel: Channel,
    /// The delegated company.
    agent: Option<String>,
    /// When it was made.
    #[schemars(with = "DateForm")]
    made_on: Date,
    /// By whom.
    made_by: String,
    /// Papers in it.
    papers: i64,
    /// Digest of its content.
    digest: String,
}

impl RunLine {
    fn of(row: PaperRunRow) -> Self {
        Self {
            run_id: row.run_id,
            channel: row.channel,
            agent: row.agent,
            made_on: row.made_on,
            made_by: row.made_by,
            papers: row.rows_kept,
            digest: row.digest,
        }
    }
}

fn runs(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<RunLine>, Problem> {
    let root = ask.root()?;
    let mut mine = Vec::new();
    for row in store::paper_runs(ask.conn, plus_days(ask.today, -DAYS), RUNS)? {
        if store::run_is_within(ask.conn, &row.run_id, root)? {
            mine.push(RunLine::of(row));
        }
    }
    ask.page.cut(mine, |run| run.run_id.clone())
}

/// What is to be printed or handed over.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RunBody {
    /// `paper_own`, `post`, `door`, `posting`, or `paper_delegated` with the company.
    channel: Channel,
    /// The delegated company.
    #[serde(default)]
    agent: Option<String>,
}

/// A run that was made.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct RunMade {
    /// Its id; none when nothing waited.
    run_id: Option<String>,
    /// Papers in it.
    papers: usize,
}

fn run_make(ask: &mut Ask<'_>, _: &Nothing, body: &RunBody) -> Result<RunMade, Problem> {
    let root = ask.root()?;
    let run = match (body.channel, body.agent.as_deref().map(str::trim)) {
        (channel, _) if channel.is_electronic() => {
            return Err(Problem::unreadable(
                "body",
                "channel: paper_own, paper_delegated, post, door, posting",
            ));
        }
        (Channel::PaperDelegated, Some(agent)) if !agent.is_empty() => {
            papers_hand_over(ask.conn, ask.work, (agent, root), ask.now)?.run
        }
        (Channel::PaperDelegated, _) => return Err(Problem::unreadable("body", "agent")),
        (channel, _) => papers_print(ask.conn, ask.work, (channel, root), ask.now)?,
    };
    Ok(RunMade { run_id: run.run_id, papers: run.papers })
}

/// A run in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct RunPath {
    /// Its id.
    run_id: String,
}

/// A run that is there and whose papers all belong to the asker's unit.
fn in_scope(ask: &mut Ask<'_>, path: &RunPath) -> Result<PaperRunRow, Problem> {
    let root = ask.root()?;
    let run = store::paper_run(ask.conn, &path.run_id)?.ok_or_else(Problem::not_found)?;
    if store::run_is_within(ask.conn, &path.run_id, root)? {
        Ok(run)
    } else {
        Err(Problem::foreign_account())
    }
}

/// What was distributed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Arrived {
    /// Bills that are served now.
    served: usize,
}

fn run_arrived(ask: &mut Ask<'_>, path: &RunPath, _: &Nothing) -> Result<Arrived, Problem> {
    in_scope(ask, path)?;
    Ok(Arrived { served: papers_arrived(ask.conn, ask.work, &path.run_id, ask.now)? })
}

fn hand_over_file(ask: &mut Ask<'_>, path: &RunPath, _: &Nothing) -> Result<File, Problem> {
    let run = in_scope(ask, path)?;
    if run.channel != Channel::PaperDelegated {
        return Err(Problem::not_found());
    }
    ask.in_full(true, 0, &format!("paper_run:{}", run.run_id))?;
    let csv = hand_over_again(ask.conn, ask.work, &run.run_id, ask.now)?;
    Ok(File {
        name: format!("{}.csv", run.run_id),
        media_type: "text/csv; charset=utf-8".to_owned(),
        bytes: format!("\u{feff}{csv}").into_bytes(),
    })
}

/// The file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ReturnsQuery {
    /// Its name, which tells its form: `.csv` or `.xlsx`.
    #[schemars(length(min = 1, max = 200))]
    file_name: String,
}

/// What a file of receipts came to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ReturnsDone {
    /// Rows.
    rows: usize,
    /// Notices that are served now.
    served: usize,
    /// Papers that were refused or could not be handed over: another way is queued.
    ended: usize,
    /// Rows that told nothing new.
    known: usize,
}

fn returns(ask: &mut Ask<'_>, _: &Nothing, query: &ReturnsQuery) -> Result<ReturnsDone, Problem> {
    let root = ask.root()?;
    let source = Source { name: query.file_name.clone(), bytes: ask.call.body.clone() };
    match papers_return(ask.conn, ask.work, (&source, root), ask.now) {
        Ok(Returned { rows, served, ended, known }) => Ok(ReturnsDone { rows, served, ended, known }),
        Err(ReturnsImport::Office(error)) => Err(error.into()),
        Err(ReturnsImport::Wrong(problems)) => {
            let cells = problems.rows.into_iter().map(|row| BadCell {
                line: row.line,
                column: row.column.into(),
                value: row.value.into(),
                zh: row.reason.zh,
                en: row.reason.en,
            });
            Err(Problem::bad_rows(
                "回执文件有误,未登记任何一行",
                "rows are wrong; nothing was kept",
                cells.collect(),
            ))
        }
    }
}
