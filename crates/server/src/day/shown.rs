//! A run of a day as it is shown.

use super::shown_at;
use crate::ask::Ask;
use crate::problem::Problem;
use crate::tasks::name_of;
use denghuo_office::day::{DayReport, StageReport};
use denghuo_rules::calendar::{DateForm, MomentForm};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::units::Money;
use denghuo_store::day::{self as store, OpenedTasks, RunRow, STAGES, StageProgress};
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// 环节: a stage and what it came to: `due = done + parked`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StageLine {
    /// Its name, such as `bill`.
    stage: String,
    /// Its Chinese name.
    name: String,
    /// Shards that it was cut into; none before it was planned.
    shards: Option<i64>,
    /// Shards that are done.
    shards_done: i64,
    /// What was due.
    due: i64,
    /// What was done.
    done: i64,
    /// What was set aside with a reason.
    parked: i64,
    /// Money that it moved.
    amount: Money,
}

/// The stages and their Chinese names.
const NAMES: &[(&str, &str)] = &[
    ("collect", "采集"),
    ("verify", "审核示数"),
    ("bill", "计算电费"),
    ("issue", "发行"),
    ("notify", "通知"),
    ("post", "预收结转"),
    ("accrue", "计违约金"),
    ("dun", "催费"),
    ("disconnect", "停复电"),
    ("legal", "法律时限"),
    ("serve", "服务时限"),
    ("measure", "指标与考核"),
    ("supervise", "监督稽查"),
    ("outreach", "走访宣传"),
    ("detect", "集中问题发现"),
    ("close", "结束"),
];

fn name_of_stage(stage: &str) -> &str {
    NAMES.iter().find(|(word, _)| *word == stage).map_or(stage, |(_, name)| name)
}

impl StageLine {
    /// A stage that has run as one.
    pub fn of_report(report: StageReport) -> Self {
        Self {
            name: name_of_stage(&report.stage).to_owned(),
            stage: report.stage,
            shards: None,
            shards_done: 0,
            due: report.due,
            done: report.done,
            parked: report.parked,
            amount: report.amount,
        }
    }

    fn of(stage: &str, progress: Option<&StageProgress>) -> Self {
        let counts = progress.map(|progress| progress.counts).unwrap_or_default();
        Self {
            stage: stage.to_owned(),
            name: name_of_stage(stage).to_owned(),
            shards: progress.map(|progress| progress.shards),
            shards_done: progress.map_or(0, |progress| progress.shards_done),
            due: counts.due,
            done: counts.done,
            parked: counts.parked,
            amount: Money(counts.amount_fen),
        }
    }
}

/// A total of money.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Total {
    /// Of what: `billed`, `released`, `prepaid_applied`, `late_fee`, `received`.
    pub of: String,
    /// How much.
    pub amount: Money,
}

/// The totals of a report.
pub fn totals_of(totals: BTreeMap<String, Money>) -> Vec<Total> {
    totals.into_iter().map(|(of, amount)| Total { of, amount }).collect()
}

/// Tasks of a kind that a day opened.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Found {
    /// The kind.
    kind: String,
    /// Its name.
    name: Bilingual,
    /// How many.
    count: i64,
    /// How many of them are open still.
    open: i64,
}

/// As it is shown.
pub fn found(opened: OpenedTasks) -> Found {
    Found { name: name_of(&opened.kind), kind: opened.kind, count: opened.count, open: opened.open }
}

/// 运行状态
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Asked for, and not begun yet.
    Waiting,
    /// Running.
    Running,
    /// Running, and asked to stop.
    Stopping,
    /// Stopped between two shards.
    Stopped,
    /// Ended by a failure; what was done stays done.
    Failed,
    /// Begun by the command line and not finished, or running there.
    Begun,
    /// Finished.
    Done,
}

/// Why a day failed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Failure {
    /// Stable code.
    pub code: String,
    /// In words.
    pub detail: Bilingual,
}

/// 营业日运行: one run.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DayRun {
    /// The business date.
    #[schemars(with = "DateForm")]
    run_on: Date,
    /// How it stands.
    state: RunState,
    /// Who asked for it; none when the command line ran it.
    asked_by: Option<String>,
    /// Who asked it to stop.
    stop_by: Option<String>,
    /// When it began.
    #[schemars(with = "Option<MomentForm>")]
    started_at: Option<DateTime>,
    /// When it ended.
    #[schemars(with = "Option<MomentForm>")]
    finished_at: Option<DateTime>,
    /// What was due in all stages.
    due: i64,
    /// What was done.
    done: i64,
    /// What was set aside with a reason.
    parked: i64,
    /// Tasks that it opened for people.
    exceptions: Vec<Found>,
    /// Totals of money; while it runs, of what is done.
    totals: Vec<Total>,
    /// The stages in their order.
    stages: Vec<StageLine>,
    /// Why it failed.
    failure: Option<Failure>,
}

impl DayRun {
    /// Will it change by itself?
    pub fn is_under_way(&self) -> bool {
        matches!(self.state, RunState::Waiting | RunState::Running | RunState::Stopping)
    }
}

fn state_of(run: &RunRow, request: Option<&store::RequestRow>) -> RunState {
    if run.state.as_deref() == Some("done") {
        return RunState::Done;
    }
    match request {
        None => RunState::Begun,
        Some(request) => match request.state.as_str() {
            "stopped" => RunState::Stopped,
            "failed" => RunState::Failed,
            "done" => RunState::Done,
            _ if request.stop_by.is_some() => RunState::Stopping,
            _ if run.state.is_none() => RunState::Waiting,
            _ => RunState::Running,
        },
    }
}

/// The money of stages that have not been reported yet.
fn running_totals(progress: &[StageProgress]) -> Vec<Total> {
    [("billed", "bill"), ("late_fee", "accrue"), ("prepaid_applied", "post"), ("released", "issue")]
        .into_iter()
        .filter_map(|(of, stage)| {
            let stage = progress.iter().find(|known| known.stage == stage)?;
            Some(Total { of: of.to_owned(), amount: Money(stage.counts.amount_fen) })
        })
        .collect()
}

/// A run with everything that is known of it.
pub fn run_of(ask: &mut Ask<'_>, run: &RunRow) -> Result<DayRun, Problem> {
    let request = store::request(ask.conn, run.run_on)?;
    let progress = store::progress(ask.conn, run.run_on)?;
    let root = ask.who.person.scope.unwrap_or(-1);
    let opened = store::tasks_opened(ask.conn, run.run_on, root)?;
    let report: Option<DayReport> = run.report.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let stages: Vec<StageLine> = STAGES
        .iter()
        .map(|stage| StageLine::of(stage, progress.iter().find(|known| known.stage == *stage)))
        .collect();
    Ok(DayRun {
        run_on: run.run_on,
        state: state_of(run, request.as_ref()),
        stop_by: request.as_ref().and_then(|request| request.stop_by.clone()),
        failure: request
            .as_ref()
            .and_then(|request| request.failure.as_deref())
            .and_then(|text| serde_json::from_str(text).ok()),
        asked_by: request.map(|request| request.asked_by),
        started_at: shown_at(run.started_at),
        finished_at: shown_at(run.finished_at),
        due: stages.iter().map(|stage| stage.due).sum(),
        done: stages.iter().map(|stage| stage.done).sum(),
        parked: stages.iter().map(|stage| stage.parked).sum(),
        exceptions: opened.into_iter().map(found).collect(),
        totals: report.map_or_else(|| running_totals(&progress), |report| totals_of(report.totals)),
        stages,
    })
}
