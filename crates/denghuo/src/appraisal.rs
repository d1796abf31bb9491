//! `denghuo appraisal`: how the work of a month is scored, what people say about it, what is decided.

use crate::context::{Global, print_json, today};
use clap::{Args as ClapArgs, Subcommand};
use denghuo_office::targets::{
    AppraisalShown, Decision, Said, appraisal_decide, appraisal_list, appraisal_say, appraisal_show,
};
use denghuo_rules::calendar::Month;
use denghuo_rules::targets::Score;
use denghuo_rules::units::parse_scaled;
use jiff::civil::Date;

/// Arguments of `denghuo appraisal`.
#[derive(ClapArgs)]
#[command(
    after_help = "Examples:\n  denghuo appraisal list --month 2026-08\n  denghuo appraisal show 2026-08 S003\n  \
        denghuo appraisal dispute 2026-08 --said 更正非本人差错 --by S003\n  \
        denghuo appraisal decide 2026-08 S003 --score 88.50 --reason 已核实 --by S001"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Appraisals, the newest first 考核一览
    List {
        /// Only of this month
        #[arg(long)]
        month: Option<Month>,
        /// Only of this person
        #[arg(long)]
        staff: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// An appraisal with how the score came about 考核
    Show {
        /// The month
        month: Month,
        /// Staff code
        staff: String,
        #[command(flatten)]
        common: Common,
    },
    /// Say something about one's own 意见
    Comment(Remark),
    /// Dispute one's own 异议
    Dispute(Remark),
    /// Decide somebody's; then it stands 核定
    Decide {
        /// The month
        month: Month,
        /// Staff code of who is appraised
        staff: String,
        /// The score that stands; the one of the rule when not given
        #[arg(long, value_parser = score)]
        score: Option<Score>,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
        /// Staff code of the manager
        #[arg(long)]
        by: String,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(ClapArgs)]
struct Remark {
    /// The month
    month: Month,
    /// In words
    #[arg(long)]
    said: String,
    /// Staff code
    #[arg(long)]
    by: String,
    #[command(flatten)]
    common: Common,
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

fn score(text: &str) -> Result<Score, String> {
    parse_scaled(text, 2).map(Score).map_err(|error| error.to_string())
}

/// Does what is asked.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::List { month, staff, common } => {
            let on = common.on.unwrap_or_else(today);
            let filter = (0, staff.as_deref(), month);
            let rows = global.work("system", |conn, work| Ok(appraisal_list(conn, work, filter, on)?))?;
            if common.json {
                return print_json(&rows);
            }
            for row in rows {
                println!("{} {:<8} {} {}", row.month, row.staff, row.score, state_of(global, &row));
            }
            Ok(())
        }
        What::Show { month, staff, common } => show(global, (month, &staff), &common),
        What::Comment(remark) => said(global, Said::Comment, &remark),
        What::Dispute(remark) => said(global, Said::Dispute, &remark),
        What::Decide { month, staff, score, reason, by, common } => {
            let on = common.on.unwrap_or_else(today);
            let decision = Decision { score, reason };
            global
                .work(&by, |conn, work| Ok(appraisal_decide(conn, work, (month, &staff), &decision, on)?))?;
            show(global, (month, &staff), &common)
        }
    }
}

fn said(global: &Global, what: Said, remark: &Remark) -> anyhow::Result<()> {
    let on = remark.common.on.unwrap_or_else(today);
    let key = (remark.month, remark.by.as_str());
    global.work(&remark.by, |conn, work| Ok(appraisal_say(conn, work, key, (what, &remark.said), on)?))?;
    show(global, key, &remark.common)
}

fn state_of(global: &Global, row: &AppraisalShown) -> String {
    let state = global.say(row.state.zh(), row.state.word());
    row.decided.map_or_else(|| state.to_owned(), |decided| format!("{state} {decided}"))
}

fn show(global: &Global, key: (Month, &str), common: &Common) -> anyhow::Result<()> {
    let on = common.on.unwrap_or_else(today);
    let row = global.work("system", |conn, work| Ok(appraisal_show(conn, work, key, None, on)?))?;
    if common.json {
        return print_json(&row);
    }
    println!("{} {} {}  {}  {}", row.month, row.staff, row.name, row.score, state_of(global, &row));
    for step in &row.steps {
        println!("  {}", step.text.in_language(global.language()));
    }
    for said in &row.said {
        println!("  {} {} {} {}", said.on, said.by, said.deed, said.said);
    }
    Ok(())
}
