//! `denghuo real`: the real data sets as a company, billed and proven.

use crate::context::{Global, print_json};
use crate::towns::{Bar, fresh, print_summary, table_of_exceptions};
use denghuo_store::Store;
use denghuo_town::real::{ASSUMPTIONS, GapReport, RealReport, bill_real};
use std::path::PathBuf;

/// Arguments of `denghuo real`.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  denghuo --db sqlite://real.db real --data ../shared/data --fresh\n\nThe data sets are not part of this repository."
)]
pub struct Args {
    /// The folder of the data sets
    #[arg(long, value_name = "DIR", default_value = "../shared/data")]
    data: PathBuf,
    /// Make the SQLite file anew when it is there
    #[arg(long)]
    fresh: bool,
    /// The report as JSON
    #[arg(long)]
    json: bool,
}

/// Bills the real data and tells what came of it.
///
/// # Errors
/// The folder is absent, the database holds accounts already or cannot be written, or a promise of the books is broken.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    anyhow::ensure!(
        args.data.is_dir(),
        "{}: {}",
        args.data.display(),
        global.say(
            "数据目录不存在 (数据集不随本仓库提供)",
            "the folder of the data sets is absent (they are not part of this repository)"
        )
    );
    if args.fresh {
        fresh(&global.db)?;
    }
    let store = Store::open(&global.db)?.without_waiting();
    let report = bill_real(&store, &args.data, &Bar::new(global))?;
    if args.json {
        print_json(&report)?;
    } else {
        print_report(global, &report);
    }
    let broken: Vec<&String> =
        report.verification.checks.iter().filter(|(_, check)| !check.ok).map(|(name, _)| name).collect();
    anyhow::ensure!(broken.is_empty(), "{} {broken:?}", global.say("核对不通过", "checks are broken:"));
    Ok(())
}

fn print_report(global: &Global, report: &RealReport) {
    println!("## {}", global.say("假设", "Assumptions"));
    println!();
    for (zh, en) in ASSUMPTIONS {
        println!("- {}", global.say(zh, en));
    }
    println!();
    println!("## {}", global.say("账单", "Bills"));
    println!();
    print_summary(global, &report.summary);
    println!();
    println!(
        "| {} | {} | {} |",
        global.say("数据集", "data set"),
        global.say("文件中 kWh", "kWh in the file"),
        global.say("首末次抄表间 kWh", "kWh between the first and the last reading")
    );
    println!("| --- | ---: | ---: |");
    for (set, (file, read)) in &report.measured {
        println!("| {set} | {file} | {read} |");
    }
    println!();
    println!("## {}", global.say("异常", "Exceptions"));
    println!();
    table_of_exceptions(global, &report.summary);
    println!();
    print_gaps(global, &report.gaps);
    println!();
    println!("## {}", global.say("各类最大账单的推导", "The largest bill of each class, explained"));
    for bill in &report.largest {
        println!();
        println!(
            "### {} — {} {} / {} {}, {}, {} kWh, {} {}",
            bill.class,
            global.say("户", "account"),
            bill.account_id,
            global.say("账单", "bill"),
            bill.bill_no,
            bill.month,
            bill.active,
            bill.amount,
            global.say("元", "yuan")
        );
        println!();
        for step in &bill.steps {
            let rule = step.rule.as_deref().map(|rule| format!(" `{rule}`")).unwrap_or_default();
            println!("1. {}{rule}", step.text.in_language(global.language()));
        }
        println!();
        for (id, clause, confidence) in &bill.rules {
            println!("- `{id}` [{confidence}] {clause}");
        }
    }
    println!();
    println!("## {}", global.say("核对", "Proof"));
    println!();
    for (name, check) in &report.verification.checks {
        println!("- {} {name}", if check.ok { "✓" } else { "✗" });
    }
    println!("- books_digest `{}`", report.verification.books_digest);
}

fn print_gaps(global: &Global, gaps: &GapReport) {
    let lines = [
        ("读到的半小时时段", "half hours read", gaps.intervals as i64),
        ("缺采处", "gaps found", gaps.gaps as i64),
        ("缺采时段", "half hours missing in them", gaps.missing_intervals),
        ("有缺采的户", "homes with a gap", gaps.homes as i64),
        ("缺采待办", "gaps kept as tasks", gaps.tasks as i64),
        ("落入缺采的月抄表", "monthly readings that fall into a gap", gaps.unread as i64),
        ("其中判为漏抄", "of them found as missed", gaps.found_missed as i64),
        ("跨缺采的账单", "bills over a gap", gaps.bills_over_gaps as i64),
        ("其中实抄零电量", "of them measured as zero between two real readings", gaps.measured_zero as i64),
        (
            "其中无示数而按零计费",
            "of them billed as zero without a reading",
            gaps.billed_as_zero.len() as i64,
        ),
    ];
    println!("| {} | {} |", global.say("缺采", "Gaps"), global.say("数", "count"));
    println!("| --- | ---: |");
    for (zh, en, count) in lines {
        println!("| {} | {count} |", global.say(zh, en));
    }
}
