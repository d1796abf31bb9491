//! `denghuo targets`: what a period is to bring in, shared out to people; what came of it; bonus sheets.

use crate::context::{Global, print_json, today};
use clap::{Args as ClapArgs, Subcommand};
use denghuo_office::targets::{
    AdjustOrder, PlanOrder, SheetDecision, SheetShown, TargetShown, Wanted, charge_list, charge_set,
    measure_run, sheet_decide, sheet_freeze, sheet_list, sheet_make, sheet_show, target_adjust,
    target_confirm, target_list, target_plan, target_show,
};
use denghuo_rules::targets::{Method, Period};
use denghuo_rules::units::Money;
use jiff::civil::{Date, DateTime};
use serde_json::json;

/// Arguments of `denghuo targets`.
#[derive(ClapArgs)]
#[command(
    after_help = "Examples:\n  denghuo targets plan --period 2026-Q3 --unit 37000 --amount 1200000 --by S001\n  \
        denghuo targets adjust 1 --node 4 --amount 90000 --reason 大户停产 --by S001\n  denghuo targets confirm 1 --by S002\n  \
        denghuo targets show 1 --on 2026-08-20\n  denghuo targets ranking 1\n  denghuo targets bonus make 1 --by S001"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Share a target out, as a draft 分解
    Plan(Plan),
    /// Set a node by hand or agree to it; the rest is shared anew 调整
    Adjust(Adjust),
    /// Put a target of somebody else in force 下达
    Confirm {
        /// Number of the target
        target: i64,
        #[command(flatten)]
        act: Act,
    },
    /// The tree with what came of it, rates and forecast 指标与实绩
    Show(Show),
    /// People by how much of their target they have reached 排名
    Ranking(Show),
    /// Targets, the newest first 指标一览
    List(Common),
    /// Who answers for each route; with --route and --to somebody is named 责任到人
    Charge {
        /// Code of the route
        #[arg(long, requires = "to")]
        route: Option<String>,
        /// Staff code of who answers for it from the day on
        #[arg(long, requires = "by")]
        to: Option<String>,
        /// Staff code
        #[arg(long)]
        by: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Close the periods that end on a day and appraise its month, as the business day does 结账
    Measure(Common),
    /// Bonus sheets 奖金表
    #[command(subcommand)]
    Bonus(Bonus),
}

#[derive(Subcommand)]
enum Bonus {
    /// Draw a sheet up for a closed target 编制
    Make {
        /// Number of the target
        target: i64,
        #[command(flatten)]
        act: Act,
    },
    /// Agree to a sheet of somebody else 审批
    Approve {
        /// Number of the sheet
        sheet: i64,
        #[command(flatten)]
        act: Act,
    },
    /// Send a sheet back 退回
    Reject {
        /// Number of the sheet
        sheet: i64,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        act: Act,
    },
    /// Freeze a sheet that was agreed to 封存
    Freeze {
        /// Number of the sheet
        sheet: i64,
        #[command(flatten)]
        act: Act,
    },
    /// A sheet with how each line came about 奖金表
    Show {
        /// Number of the sheet
        sheet: i64,
        #[command(flatten)]
        common: Common,
    },
    /// Sheets, the newest first 奖金表一览
    List(Common),
}

#[derive(ClapArgs)]
struct Common {
    /// The business date; today when not given
    #[arg(long)]
    on: Option<Date>,
    /// JSON
    #[arg(long)]
    json: bool,
}

impl Common {
    fn day(&self) -> Date {
        self.on.unwrap_or_else(today)
    }
}

#[derive(ClapArgs)]
struct Act {
    /// Staff code
    #[arg(long)]
    by: String,
    #[command(flatten)]
    common: Common,
}

#[derive(ClapArgs)]
struct Plan {
    /// 2026-08, 2026-Q3 or 2026
    #[arg(long)]
    period: Period,
    /// Code of the unit at the root
    #[arg(long)]
    unit: String,
    /// How much is to be recovered, in yuan
    #[arg(long)]
    amount: Money,
    /// weights, expected
    #[arg(long, value_parser = method, default_value = "expected")]
    method: Method,
    /// A weight, such as P01=3 of a unit or P01/S003=2 of a person in it; may be repeated
    #[arg(long, value_parser = weight)]
    weight: Vec<(String, i64)>,
    #[command(flatten)]
    act: Act,
}

#[derive(ClapArgs)]
struct Adjust {
    /// Number of the target
    target: i64,
    /// Number of the node
    #[arg(long)]
    node: i64,
    /// What it gets, in yuan
    #[arg(long)]
    amount: Option<Money>,
    /// Does it stay when others are corrected?
    #[arg(long)]
    fixed: Option<bool>,
    /// Why
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    act: Act,
}

#[derive(ClapArgs)]
struct Show {
    /// Number of the target
    target: i64,
    /// As known at this moment of recording, Beijing time
    #[arg(long)]
    as_known: Option<DateTime>,
    #[command(flatten)]
    common: Common,
}

fn method(text: &str) -> Result<Method, String> {
    Method::from_word(text).ok_or_else(|| format!("`{text}` is none of weights, expected"))
}

fn weight(text: &str) -> Result<(String, i64), String> {
    let parts = text.split_once('=').and_then(|(key, weight)| Some((key.to_owned(), weight.parse().ok()?)));
    parts.ok_or_else(|| format!("`{text}` is not such as P01=3"))
}

/// Does what is asked.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Plan(plan) => planned(global, plan),
        What::Adjust(adjust) => adjusted(global, &adjust),
        What::Confirm { target, act } => {
            let on = act.common.day();
            global.work(&act.by, |conn, work| Ok(target_confirm(conn, work, target, on)?))?;
            told(global, &act.common, ("指标", "target"), target)
        }
        What::Show(show) => {
            let shown = asked(global, &show)?;
            if show.common.json { print_json(&shown) } else { tell(global, &shown) }
        }
        What::Ranking(show) => ranking(global, &show),
        What::List(common) => listed(global, &common),
        What::Charge { route, to, by, common } => {
            if let (Some(route), Some(to), Some(by)) = (route, to, by) {
                global.work(&by, |conn, work| Ok(charge_set(conn, work, (&route, &to), 0, common.day())?))?;
            }
            let rows = global.work("system", |conn, _| Ok(charge_list(conn, 0, common.day())?))?;
            if common.json {
                return print_json(&rows);
            }
            for row in rows {
                let by = row.staff.unwrap_or_else(|| "-".to_owned());
                println!("{:<10} {:<8} {by:<8} {}", row.route, row.unit, row.name);
            }
            Ok(())
        }
        What::Measure(common) => {
            let done = global.work("system", |conn, work| Ok(measure_run(conn, work, common.day())?.done))?;
            if common.json {
                return print_json(&json!({ "done": done }));
            }
            println!("{} {done}", global.say("已结账与考核", "closed and appraised:"));
            Ok(())
        }
        What::Bonus(bonus) => run_bonus(global, bonus),
    }
}

fn told(global: &Global, common: &Common, (zh, en): (&str, &str), no: i64) -> anyhow::Result<()> {
    if common.json {
        return print_json(&json!({ "no": no }));
    }
    println!("{} {no}", global.say(zh, en));
    Ok(())
}

fn planned(global: &Global, plan: Plan) -> anyhow::Result<()> {
    let order = PlanOrder {
        period: plan.period,
        unit: plan.unit,
        amount: plan.amount,
        method: plan.method,
        weights: plan.weight.into_iter().collect(),
    };
    let on = plan.act.common.day();
    let row = global.work(&plan.act.by, |conn, work| Ok(target_plan(conn, work, &order, on)?))?;
    told(global, &plan.act.common, ("指标", "target"), row.target_no)
}

fn adjusted(global: &Global, adjust: &Adjust) -> anyhow::Result<()> {
    let order = AdjustOrder { amount: adjust.amount, fixed: adjust.fixed, reason: adjust.reason.clone() };
    let key = (adjust.target, adjust.node);
    let on = adjust.act.common.day();
    let changed =
        global.work(&adjust.act.by, |conn, work| Ok(target_adjust(conn, work, key, &order, on)?))?;
    if adjust.act.common.json {
        let rows: Vec<_> =
            changed.iter().map(|node| json!({ "node": node.node_no, "amount": node.amount })).collect();
        return print_json(&rows);
    }
    for node in changed {
        println!("{:>4} {:>16}", node.node_no, node.amount);
    }
    Ok(())
}

fn asked(global: &Global, show: &Show) -> anyhow::Result<TargetShown> {
    let as_known = show.as_known.map(crate::context::recorded_at);
    let wanted = Wanted { as_of: show.common.on, as_known, root: 0 };
    global.work("system", |conn, work| Ok(target_show(conn, work, show.target, wanted, today())?))
}

fn tell(global: &Global, shown: &TargetShown) -> anyhow::Result<()> {
    let target = &shown.target;
    let state = global.say(target.state.zh(), target.state.word());
    println!("{} {} {} {} {state}", target.target_no, target.period, target.unit_name, target.amount);
    println!("{} {}", global.say("截至", "as of"), shown.as_of);
    let mut depths = std::collections::HashMap::new();
    for node in &shown.nodes {
        let depth = node.parent_no.and_then(|no| depths.get(&no)).map_or(0, |depth: &usize| depth + 1);
        depths.insert(node.node_no, depth);
        let name = match (&node.staff, node.is_person) {
            (Some(staff), _) => staff.as_str(),
            (None, true) => "-",
            (None, false) => node.name.as_str(),
        };
        let rate = node.cumulative.as_deref().unwrap_or("-");
        let done = node.completion.as_deref().unwrap_or("-");
        print!(
            "{:>4} {}{name}  {} {}  {} {done}%  {} {rate}%",
            node.node_no,
            "  ".repeat(depth),
            node.amount,
            if node.fixed { "=" } else { "" },
            global.say("完成", "reached"),
            global.say("回收率", "rate"),
        );
        match &node.forecast {
            Some(band) => println!("  {} {} … {}", band.middle, band.low, band.high),
            None => println!(),
        }
    }
    Ok(())
}

fn ranking(global: &Global, show: &Show) -> anyhow::Result<()> {
    let mut nodes = asked(global, show)?.nodes;
    nodes.retain(|node| node.is_person && node.rank.is_some());
    nodes.sort_by_key(|node| (node.rank, node.staff.clone()));
    if show.common.json {
        return print_json(&nodes);
    }
    for node in nodes {
        println!(
            "{:>3} {:<8} {} {}%",
            node.rank.unwrap_or_default(),
            node.staff.unwrap_or_default(),
            node.unit,
            node.completion.as_deref().unwrap_or("-")
        );
    }
    Ok(())
}

fn listed(global: &Global, common: &Common) -> anyhow::Result<()> {
    let rows = global.work("system", |conn, _| Ok(target_list(conn, 0, common.day())?))?;
    if common.json {
        return print_json(&rows);
    }
    for row in rows {
        let state = global.say(row.state.zh(), row.state.word());
        println!("{:>4} {:<8} {} {} {state}", row.target_no, row.period, row.unit_name, row.amount);
    }
    Ok(())
}

fn run_bonus(global: &Global, bonus: Bonus) -> anyhow::Result<()> {
    match bonus {
        Bonus::Make { target, act } => {
            let on = act.common.day();
            let no = global.work(&act.by, |conn, work| Ok(sheet_make(conn, work, (target, 0), on)?))?;
            told(global, &act.common, ("奖金表", "bonus sheet"), no)
        }
        Bonus::Approve { sheet, act } => decided(global, sheet, &SheetDecision::Approve, &act),
        Bonus::Reject { sheet, reason, act } => decided(global, sheet, &SheetDecision::Reject(reason), &act),
        Bonus::Freeze { sheet, act } => {
            let on = act.common.day();
            global.work(&act.by, |conn, work| Ok(sheet_freeze(conn, work, sheet, on)?))?;
            told(global, &act.common, ("奖金表", "bonus sheet"), sheet)
        }
        Bonus::Show { sheet, common } => {
            let on = common.day();
            let shown = global.work("system", |conn, work| Ok(sheet_show(conn, work, (sheet, 0), on)?))?;
            if common.json { print_json(&shown) } else { tell_sheet(global, &shown) }
        }
        Bonus::List(common) => {
            let rows = global.work("system", |conn, work| Ok(sheet_list(conn, work, 0, common.day())?))?;
            if common.json {
                return print_json(&rows);
            }
            for row in rows {
                let state = global.say(row.state.zh(), row.state.word());
                println!("{:>4} {:<8} {} {} {state}", row.sheet_no, row.period, row.unit_name, row.total);
            }
            Ok(())
        }
    }
}

fn decided(global: &Global, sheet: i64, decision: &SheetDecision, act: &Act) -> anyhow::Result<()> {
    let on = act.common.day();
    global.work(&act.by, |conn, work| Ok(sheet_decide(conn, work, sheet, decision, on)?))?;
    told(global, &act.common, ("奖金表", "bonus sheet"), sheet)
}

fn tell_sheet(global: &Global, shown: &SheetShown) -> anyhow::Result<()> {
    let state = global.say(shown.state.zh(), shown.state.word());
    println!("{} {} {} {} {state}", shown.sheet_no, shown.period, shown.unit_name, shown.total);
    for line in &shown.lines {
        println!("{:<8} {} {}", line.staff, line.name, line.amount);
        for step in &line.steps {
            println!("    {}", step.text.in_language(global.language()));
        }
    }
    Ok(())
}
