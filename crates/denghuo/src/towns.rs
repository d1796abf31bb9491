//! What the commands that make a town share: the bar, the tables, what to try next.

use crate::context::Global;
use denghuo_town::days::Watch;
use denghuo_town::summary::{ClassTotals, Summary};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;

/// A progress bar over business days; hidden where there is no terminal.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar with its words in the asked language.
    #[must_use]
    pub fn new(global: &Global) -> Self {
        let bar = ProgressBar::new(0);
        let template = global.say(
            "营业日 {msg} [{bar:40}] {pos}/{len} 剩余{eta}",
            "business day {msg} [{bar:40}] {pos}/{len} {eta} left",
        );
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Watch for Bar {
    fn begin(&self, days: u64) {
        self.0.set_length(days);
    }
    fn day(&self, on: Date) {
        self.0.set_message(on.to_string());
        self.0.inc(1);
        if self.0.position() == self.0.length().unwrap_or(0) {
            self.0.finish_and_clear();
        }
    }
}

/// Deletes a SQLite file so that it is made anew.
///
/// # Errors
/// Not a SQLite address, or the file cannot be deleted.
pub fn fresh(url: &str) -> anyhow::Result<()> {
    let path = url.strip_prefix("sqlite://").ok_or_else(|| {
        anyhow::anyhow!("--fresh is for SQLite files; name an empty database instead of {url}")
    })?;
    for suffix in ["", "-wal", "-shm", "-journal"] {
        match std::fs::remove_file(format!("{path}{suffix}")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                anyhow::bail!("cannot delete {path}{suffix}: {error}")
            }
            _ => {}
        }
    }
    Ok(())
}

/// The table by class and the money, as Markdown.
pub fn print_summary(global: &Global, summary: &Summary) {
    let heads = [
        global.say("类别", "class"),
        global.say("户", "accounts"),
        global.say("账单", "bills"),
        global.say("暂计", "provisional"),
        global.say("退补", "corrections"),
        global.say("零电量", "zero"),
        "kWh",
        global.say("应收(元)", "billed (yuan)"),
        global.say("已发行(元)", "released (yuan)"),
    ];
    println!("| {} |", heads.join(" | "));
    println!("| --- |{}", " ---: |".repeat(heads.len() - 1));
    for (word, class) in &summary.classes {
        print_class(global.say(&class.name, word), class);
    }
    print_class(global.say("合计", "total"), &summary.total);
    println!();
    println!(
        "{} {} ({} {}): {} {}, {} {}, {} {}, {} {}",
        global.say("截至", "as of"),
        summary.until,
        summary.days,
        global.say("个营业日", "business days"),
        global.say("已收", "received"),
        summary.received,
        global.say("逾期本金", "overdue"),
        summary.overdue,
        global.say("逾期违约金", "late fees"),
        summary.late_fee,
        global.say("逾期户", "accounts in arrears"),
        summary.accounts_in_arrears,
    );
}

fn print_class(name: &str, class: &ClassTotals) {
    println!(
        "| {name} | {} | {} | {} | {} | {} | {} | {} | {} |",
        class.accounts,
        class.bills,
        class.provisional,
        class.corrections,
        class.zero,
        class.active,
        class.billed,
        class.released
    );
}

/// Exceptions by kind with what was decided, as Markdown.
pub fn table_of_exceptions(global: &Global, summary: &Summary) {
    println!(
        "| {} | {} | {} |",
        global.say("异常", "exception"),
        global.say("数", "count"),
        global.say("处理", "outcome")
    );
    println!("| --- | ---: | --- |");
    for (code, outcomes) in &summary.exceptions {
        let told: Vec<String> =
            outcomes.iter().map(|(outcome, count)| format!("{outcome} {count}")).collect();
        println!("| {code} | {} | {} |", outcomes.values().sum::<i64>(), told.join(", "));
    }
}

/// What to look at next.
pub fn commands_to_try(global: &Global, until: Date) {
    println!("{}:", global.say("接下来可以试", "To try next"));
    let db = &global.db;
    let month = until.strftime("%Y-%m");
    let next = denghuo_rules::calendar::plus_days(until, 1);
    for command in [
        "verify".to_owned(),
        "day --next".to_owned(),
        "bill pending".to_owned(),
        "explain bill 3710000010 1".to_owned(),
        "arrears".to_owned(),
        format!("worklist S017 --date {next}"),
        format!("cuts gates 3710000038 --at {next}T09:00"),
        "ladder show 3710000042".to_owned(),
        "legal list".to_owned(),
        "evidence list 3710000042".to_owned(),
        format!("trial-balance --as-of {until}"),
        "account show 3710000001".to_owned(),
        "statement 3710000017".to_owned(),
        "exceptions list".to_owned(),
        format!("readings orders {month}"),
        format!("serve --date {next}"),
    ] {
        println!("  denghuo --db {db} {command}");
    }
}
