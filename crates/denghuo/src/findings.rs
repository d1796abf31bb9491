//! `denghuo findings`: what the records of the work give away, and how it is put right.

use crate::context::{Global, account_id, print_json, today};
use clap::{Args as ClapArgs, Subcommand};
use denghuo_office::supervision::{
    FindingOrder, FindingShown, NewFinding, finding_do, finding_note, finding_show, scan,
};
use denghuo_rules::supervision::{FindingDeed, FindingState, Severity};
use denghuo_store::db::without_places;
use denghuo_store::supervision::FINDING_ORDERS;
use denghuo_store::supervision::{FindingFilter, findings};
use jiff::civil::Date;
use serde_json::json;

/// Arguments of `denghuo findings`.
#[derive(ClapArgs)]
#[command(
    after_help = "Examples:\n  denghuo findings scan --from 2026-03-01 --until 2026-03-31\n  denghuo findings list --open\n  \
        denghuo findings note --account 3710000012 --about bill:3 --person S004 --said 未按规定送达 --by S001\n  \
        denghuo findings do 12 order --said 三日内补送 --to S004 --by S001\n  denghuo findings do 12 tell --said 已补送并签收 --by S004\n  \
        denghuo findings do 12 accept --by S001\n  denghuo findings show 12"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Look at the records of some days by every check of the book; the day does so by itself 规则扫描
    Scan {
        /// First day
        #[arg(long)]
        from: Date,
        /// Last day
        #[arg(long)]
        until: Date,
        #[command(flatten)]
        common: Common,
    },
    /// Findings, the newest first 问题清单
    List {
        /// Only those that have not ended
        #[arg(long)]
        open: bool,
        /// Only in this state: open, ordered, told, closed, dismissed
        #[arg(long, value_parser = state)]
        state: Option<FindingState>,
        /// Only whose deadline has passed
        #[arg(long)]
        late: bool,
        /// At most so many
        #[arg(long, default_value_t = 100)]
        limit: i64,
        #[command(flatten)]
        common: Common,
    },
    /// A finding with its orders and what was done 问题
    Show {
        /// Its number
        finding: i64,
        #[command(flatten)]
        common: Common,
    },
    /// Note a finding by hand 登记问题
    Note(Box<Note>),
    /// Order, tell, accept, reject, dismiss, ask, answer, penalise, appeal, decide, note 处理
    Do(Box<Do>),
}

#[derive(ClapArgs)]
struct Common {
    /// The business date; today when not given
    #[arg(long)]
    date: Option<Date>,
    /// JSON
    #[arg(long)]
    json: bool,
}

impl Common {
    fn on(&self) -> Date {
        self.date.unwrap_or_else(today)
    }
}

#[derive(ClapArgs)]
struct Note {
    /// Account number 户号
    #[arg(long)]
    account: Option<String>,
    /// The record, such as bill:3
    #[arg(long, default_value = "")]
    about: String,
    /// Staff code of whose act it is
    #[arg(long)]
    person: Option<String>,
    /// Code of the unit that answers; that of the person or the account when not given
    #[arg(long)]
    unit: Option<String>,
    /// minor, ordinary, serious
    #[arg(long, value_parser = severity)]
    severity: Option<Severity>,
    /// What is wrong
    #[arg(long)]
    said: String,
    /// Number of a proof of the account
    #[arg(long)]
    evidence: Option<i64>,
    /// Staff code
    #[arg(long)]
    by: String,
    #[command(flatten)]
    common: Common,
}

#[derive(ClapArgs)]
struct Do {
    /// Number of the finding
    finding: i64,
    /// order, tell, accept, reject, dismiss, ask, answer, penalise, appeal, decide, note
    #[arg(value_parser = deed)]
    deed: FindingDeed,
    /// In words
    #[arg(long, default_value = "")]
    said: String,
    /// Staff code of who gets the order or the part
    #[arg(long)]
    to: Option<String>,
    /// An earlier deadline than the book's
    #[arg(long)]
    due: Option<Date>,
    /// The part that is done
    #[arg(long)]
    part: Option<i64>,
    /// Points that are left after an appeal
    #[arg(long)]
    points_left: Option<i64>,
    /// Staff code
    #[arg(long)]
    by: String,
    #[command(flatten)]
    common: Common,
}

/// Reads a word of a list; an unknown one is answered with all of them.
fn word<T: Copy>(text: &str, found: Option<T>, all: &[T], name: fn(T) -> &'static str) -> Result<T, String> {
    let words = || all.iter().map(|one| name(*one)).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| format!("`{text}` is none of {}", words()))
}

fn state(text: &str) -> Result<FindingState, String> {
    word(text, FindingState::from_word(text), FindingState::ALL, FindingState::word)
}
fn severity(text: &str) -> Result<Severity, String> {
    word(text, Severity::from_word(text), Severity::ALL, Severity::word)
}
fn deed(text: &str) -> Result<FindingDeed, String> {
    let by_hand = FindingDeed::from_word(text).filter(|deed| *deed != FindingDeed::Escalate);
    word(text, by_hand, FindingDeed::ALL, FindingDeed::word)
}

/// Does what is asked.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Scan { from, until, common } => global.work("system", |conn, work| {
            anyhow::ensure!(from <= until && until <= common.on(), "--from, --until: 起止日期颠倒或晚于今日");
            let scanned = scan(conn, work, (from, until), common.on())?;
            if common.json {
                return print_json(&json!({ "hits": scanned.hits, "found": scanned.found }));
            }
            println!(
                "{} {}, {} {}",
                global.say("命中", "hits:"),
                scanned.hits,
                global.say("新问题", "new findings:"),
                scanned.found
            );
            Ok(())
        }),
        What::List { open, state, late, limit, common } => {
            let filter =
                FindingFilter { open, state, late_on: late.then(|| common.on()), ..FindingFilter::default() };
            listed(global, &filter, limit, &common)
        }
        What::Show { finding, common } => global.work("system", |conn, work| {
            let shown = finding_show(conn, work, finding, common.on())?;
            told(global, &shown, common.json)
        }),
        What::Note(note) => global.work(&note.by, |conn, work| {
            let account = match &note.account {
                Some(account) => account_id(conn, account)?,
                None => 0,
            };
            let new = NewFinding {
                account_id: account,
                about: note.about.clone(),
                person: note.person.clone(),
                unit: note.unit.clone(),
                severity: note.severity,
                said: note.said.clone(),
                evidence_no: note.evidence,
            };
            let on = note.common.on();
            let row = finding_note(conn, work, &new, on)?;
            let shown = finding_show(conn, work, row.finding_no, on)?;
            told(global, &shown, note.common.json)
        }),
        What::Do(order) => global.work(&order.by, |conn, work| {
            let deed = FindingOrder {
                deed: Some(order.deed),
                said: order.said.clone(),
                owner: order.to.clone(),
                due_on: order.due,
                part_no: order.part,
                points_left: order.points_left,
            };
            let on = order.common.on();
            finding_do(conn, work, order.finding, &deed, on)?;
            let shown = finding_show(conn, work, order.finding, on)?;
            told(global, &shown, order.common.json)
        }),
    }
}

fn listed(global: &Global, filter: &FindingFilter, limit: i64, common: &Common) -> anyhow::Result<()> {
    let mut conn = global.connect()?;
    let rows = without_places(findings(&mut conn, filter, &FINDING_ORDERS.first(limit))?);
    if common.json {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                let finding = &row.finding;
                json!({ "finding": finding.finding_no, "subject": finding.subject, "severity": finding.severity,
                    "state": finding.state, "person": finding.person, "unit": row.unit, "account_no": row.account_no,
                    "about": finding.about, "said": finding.said, "owner": row.owner, "due_on": row.due_on,
                    "level": finding.level, "found_on": finding.found_on })
            })
            .collect();
        return print_json(&rows);
    }
    for row in &rows {
        let finding = &row.finding;
        println!(
            "{:>6} {} {} {} {} {} {}",
            finding.finding_no,
            finding.found_on,
            global.say(finding.severity.zh(), finding.severity.word()),
            global.say(finding.state.zh(), finding.state.word()),
            row.unit,
            finding.person.as_deref().unwrap_or("-"),
            global.say(&finding.said, &finding.said_en),
        );
    }
    println!("{} {}", rows.len(), global.say("个问题", "findings"));
    Ok(())
}

/// Tells a finding.
fn told(global: &Global, shown: &FindingShown, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        return print_json(shown);
    }
    println!(
        "{} {}  {}  {}",
        shown.finding_no,
        global.say(shown.severity.zh(), shown.severity.word()),
        global.say(shown.state.zh(), shown.state.word()),
        shown.unit
    );
    println!("{}", shown.said.in_language(global.language()));
    let record = [shown.account_no.as_deref(), Some(shown.about.as_str()), shown.person.as_deref()];
    println!("{}", record.into_iter().flatten().collect::<Vec<_>>().join("  "));
    if !shown.clause.is_empty() {
        println!("{}", shown.clause);
    }
    for order in &shown.orders {
        println!(
            "  {} {}  {} {}  {} {}  {}",
            global.say("整改", "order"),
            order.round,
            order.owner,
            order.wanted,
            global.say("期限", "until"),
            order.due_on,
            order.told.as_deref().unwrap_or("-"),
        );
    }
    if let Some(penalty) = &shown.penalty {
        println!(
            "  {} {} {}/{}  {}",
            global.say("扣分", "points"),
            penalty.person,
            penalty.points_left,
            penalty.points,
            global.say(penalty.state.zh(), penalty.state.word())
        );
    }
    for event in &shown.events {
        let name = global.say(event.deed.zh(), event.deed.word());
        println!("  {} {name} {} {}", event.happened_on, event.noted_by, event.said);
    }
    Ok(())
}
