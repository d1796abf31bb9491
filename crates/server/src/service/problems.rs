//! 突出、集中问题: what the desk found, what may lie behind it, and what is done about it.

use super::in_scope;
use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use crate::sorting::{Sort, by};
use denghuo_office::service::problem::{
    HeatCell, ProblemLine, ProblemOrder, ProblemShown, problem_do, problem_list, problem_map, problem_show,
};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::service::problem::{CareRefusal, ProblemDeed, ProblemState};
use denghuo_store::service::problem::{ProblemFilter, problem};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Problems that a list holds.
const MOST: i64 = 10_000;

/// The endpoints.
pub fn routes() -> Routes {
    let (see, care) = (Permission::SeeTickets, Permission::CareProblems);
    Routes::of("service", "客户服务")
        .list(
            "/problems",
            see,
            ("集中问题清单", "Problems of many of one's unit, open ones first, the worst first"),
            list,
        )
        .get(
            "/problems/{problem_no}",
            see,
            (
                "集中问题",
                "A problem with its tickets, what may lie behind it, its weeks, and what came of the measure",
            ),
            show,
        )
        .post(
            "/problems/{problem_no}/deeds",
            care,
            (
                "处理集中问题",
                "Own a problem, plan what is done, note, close it with its effect, or dismiss it",
            ),
            deed,
        )
        .once()
        .get(
            "/problem-map",
            see,
            ("诉求热力图", "How much of which kind is said in which unit now, against what is usual"),
            map,
        )
}

/// A problem in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ProblemPath {
    /// Its number.
    problem_no: i64,
}

/// Which problems.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ProblemQuery {
    /// Only those that have not ended.
    #[serde(default)]
    open: bool,
    /// Only in this state.
    #[serde(default)]
    state: Option<ProblemState>,
    /// The order; open ones first, the worst first when not given.
    #[serde(default)]
    sort: Sort<ProblemLine>,
}

by!(ProblemLine { people, tickets, score, first_on, last_on, found_on, due_on, level });

fn list(ask: &mut Ask<'_>, _: &Nothing, query: &ProblemQuery) -> Result<List<ProblemLine>, Problem> {
    let filter = ProblemFilter { root: ask.root()?, open: query.open, state: query.state };
    let rows = problem_list(ask.conn, filter, MOST)?;
    ask.page.cut_sorted(rows, &query.sort, |line| line.problem_no.to_string())
}

/// A problem that is in the asker's scope.
fn seen(ask: &mut Ask<'_>, problem_no: i64) -> Result<i64, Problem> {
    let row =
        problem(ask.conn, problem_no)?.ok_or_else(|| Problem::refuse(CareRefusal::Unknown(problem_no)))?;
    in_scope(ask, row.org_id)?;
    Ok(problem_no)
}

fn show(ask: &mut Ask<'_>, path: &ProblemPath, _: &Nothing) -> Result<ProblemShown, Problem> {
    let problem_no = seen(ask, path.problem_no)?;
    Ok(problem_show(ask.conn, ask.work, problem_no, ask.today)?)
}

/// What is done about a problem.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ProblemDeedBody {
    /// What: `own`, `plan`, `note`, `close`, `dismiss`; the others are the desk's.
    deed: ProblemDeed,
    /// In words.
    #[serde(default)]
    #[schemars(length(max = 2000))]
    said: String,
    /// Staff code of who owns it; oneself when not given.
    #[serde(default)]
    owner: Option<String>,
    /// Of a plan: from which day something is done.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    measure_on: Option<Date>,
    /// Of a plan: by when that ends.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    plan_until: Option<Date>,
}

fn deed(ask: &mut Ask<'_>, path: &ProblemPath, body: &ProblemDeedBody) -> Result<ProblemShown, Problem> {
    if body.said.chars().count() > 2_000 {
        return Err(Problem::unreadable("body", "said"));
    }
    let problem_no = seen(ask, path.problem_no)?;
    let order = ProblemOrder {
        deed: body.deed,
        said: body.said.clone(),
        owner: body.owner.clone(),
        plan: body.measure_on.zip(body.plan_until),
    };
    problem_do(ask.conn, ask.work, problem_no, &order, ask.today)?;
    Ok(problem_show(ask.conn, ask.work, problem_no, ask.today)?)
}

/// 热力图
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ProblemMap {
    /// Units and kinds of which anything was said.
    cells: Vec<HeatCell>,
}

fn map(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<ProblemMap, Problem> {
    let root = ask.root()?;
    Ok(ProblemMap { cells: problem_map(ask.conn, ask.work, root, ask.today)? })
}
