//! What every command needs: the database, the rulebook, the language, the clock.

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use denghuo_office::disconnection::{Swept, sweep_after};
use denghuo_office::error::OfficeError;
use denghuo_office::work::Work;
use denghuo_rules::derivation::Language;
use denghuo_rules::refusal::Refusal;
use denghuo_rules::rulebook::Rulebook;
use denghuo_store::{Conn, Store};
use jiff::civil::{Date, DateTime};
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

/// Options that every command takes.
#[derive(Args, Clone, Debug)]
pub struct Global {
    /// Database: sqlite://PATH or postgres://USER@HOST/NAME
    #[arg(
        long,
        global = true,
        env = "DENGHUO_DB",
        default_value = "sqlite://denghuo.db",
        value_name = "URL"
    )]
    pub db: String,
    /// A site's rulebook folder, laid over the embedded book
    #[arg(long, global = true, env = "DENGHUO_RULEBOOK", value_name = "DIR")]
    pub rulebook: Option<PathBuf>,
    /// Language of what is told to people
    #[arg(long, global = true, env = "DENGHUO_LANG", default_value = "zh")]
    pub lang: Lang,
}

/// The two languages of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

impl Global {
    /// The language as the rules know it.
    #[must_use]
    pub fn language(&self) -> Language {
        match self.lang {
            Lang::Zh => Language::Chinese,
            Lang::En => Language::English,
        }
    }

    /// The sentence in the asked language.
    #[must_use]
    pub fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Opens (and migrates) the database, which is made when it is not there.
    ///
    /// # Errors
    /// A bad address or an unreachable database.
    pub fn new_store(&self) -> anyhow::Result<Store> {
        Store::open(&self.db).with_context(|| format!("cannot open the database {}", self.db))
    }

    /// Opens (and migrates) a database that is there: a mistyped path makes no empty one.
    ///
    /// # Errors
    /// No such file, a bad address or an unreachable database.
    pub fn store(&self) -> anyhow::Result<Store> {
        if let Some(path) = self.db.strip_prefix("sqlite://")
            && !std::path::Path::new(path).exists()
        {
            return Err(Refusal::new(
                "database.absent",
                format!("没有数据库{path}:请先运行 denghuo init"),
                format!("there is no database {path}: run `denghuo init` first"),
            )
            .into());
        }
        self.new_store()
    }

    /// A connection to the database.
    ///
    /// # Errors
    /// Those of [`Global::store`].
    pub fn connect(&self) -> anyhow::Result<Conn> {
        Ok(self.store()?.connect()?)
    }

    /// The embedded book with the folder of --rulebook laid over it.
    ///
    /// # Errors
    /// Every error of the folder's files.
    pub fn book(&self) -> anyhow::Result<Rulebook> {
        self.with_folder(Rulebook::embedded())
    }

    /// The book in force at the site of a database: embedded, then the rule files that the database keeps, then the
    /// folder of --rulebook.
    ///
    /// # Errors
    /// Every error of the files.
    pub fn site_book(&self, conn: &mut Conn) -> anyhow::Result<Rulebook> {
        let kept = denghuo_store::site::rule_files(conn)?;
        self.with_folder(overlaid(&Rulebook::embedded(), kept)?)
    }

    /// Does a piece of work at the site of the database, as `by`.
    ///
    /// # Errors
    /// The database or the rulebook cannot be opened, or what `work` returns.
    pub fn work<T>(
        &self,
        by: &str,
        work: impl FnOnce(&mut Conn, &Work<'_>) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let mut conn = self.connect()?;
        let book = self.site_book(&mut conn)?;
        let circumstances = Work::at_site(&mut conn, &book, by, recorded_now())?;
        work(&mut conn, &circumstances)
    }

    /// The files of --rulebook.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn rule_folder(&self) -> anyhow::Result<Vec<(String, String)>> {
        Ok(self.rulebook.as_deref().map(read_rulebook).transpose()?.unwrap_or_default())
    }

    fn with_folder(&self, book: Rulebook) -> anyhow::Result<Rulebook> {
        match &self.rulebook {
            Some(folder) => overlaid(&book, read_rulebook(folder)?),
            None => Ok(book),
        }
    }
}

fn overlaid(book: &Rulebook, files: Vec<(String, String)>) -> anyhow::Result<Rulebook> {
    let (book, errors) = book.examined(files);
    if errors.is_empty() {
        return Ok(book);
    }
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    anyhow::bail!("{}", lines.join("\n"))
}

/// Every `<jurisdiction>/<topic>.toml` of a folder, in order of its path.
///
/// # Errors
/// The folder or a file cannot be read.
pub fn read_rulebook(folder: &std::path::Path) -> anyhow::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read the rulebook {}", folder.display()))?;
    for jurisdiction in entries {
        let jurisdiction = jurisdiction?.path();
        if !jurisdiction.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(&jurisdiction)? {
            let path = file?.path();
            if path.extension().is_some_and(|e| e == "toml") {
                let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                let text = std::fs::read_to_string(&path)
                    .with_context(|| format!("cannot read {}", path.display()))?;
                files.push((name, text));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// 北京时间: the civil time of the whole country, whatever the time zone of the machine.
const BEIJING: jiff::tz::Offset = jiff::tz::Offset::constant(8);

/// Today by the clock of the machine, for commands that were given no date.
#[must_use]
pub fn today() -> Date {
    now_local().date()
}

/// This moment in Beijing time by the clock of the machine, for commands that were given no moment.
#[must_use]
pub fn now_local() -> DateTime {
    #[expect(clippy::disallowed_methods, reason = "the binary is where the clock is read")]
    BEIJING.to_datetime(jiff::Timestamp::now())
}

/// The moment at which a command with a business date is given: this time of day on that date.
#[must_use]
pub fn moment_on(on: Date) -> DateTime {
    on.to_datetime(now_local().time())
}

/// Money has moved at some accounts: a warrant of theirs ends and power that was cut is ordered back, in the transaction of the money.
///
/// # Errors
/// The database's.
pub fn money_moved(
    conn: &mut Conn,
    work: &Work<'_>,
    accounts: &[i64],
    at: DateTime,
) -> Result<Swept, OfficeError> {
    let system = Work { by: "system".to_owned(), ..work.clone() };
    sweep_after(conn, &system, accounts, at)
}

/// Milliseconds since 1970 of a moment in Beijing time.
#[must_use]
pub fn recorded_at(moment: DateTime) -> i64 {
    BEIJING.to_timestamp(moment).map_or(0, jiff::Timestamp::as_millisecond)
}

/// Milliseconds since 1970 by the clock of the machine: the moment at which something is recorded.
#[must_use]
pub fn recorded_now() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "the binary is where the clock is read")]
    jiff::Timestamp::now().as_millisecond()
}

/// Tells an error on standard error: a refusal by its code and sentence, anything else with its causes.
pub fn tell_error(global: &Global, error: &anyhow::Error) {
    let refused = match error.downcast_ref::<OfficeError>() {
        Some(OfficeError::Refused(refusal)) => Some(refusal),
        _ => error.downcast_ref::<Refusal>(),
    };
    if let Some(refusal) = refused {
        eprintln!("{} [{}]", refusal.text.in_language(global.language()), refusal.code);
        return;
    }
    eprintln!("{}: {error:#}", global.say("错误", "error"));
}

/// The account with a number.
///
/// # Errors
/// No account has that number; the database's.
pub fn account_id(conn: &mut Conn, account_no: &str) -> anyhow::Result<i64> {
    Ok(denghuo_office::payments::find_account(conn, account_no)?)
}

/// The numbers by which people know some accounts.
///
/// # Errors
/// The database's.
pub fn account_numbers(
    conn: &mut Conn,
    ids: impl IntoIterator<Item = i64>,
) -> anyhow::Result<HashMap<i64, String>> {
    let ids: BTreeSet<i64> = ids.into_iter().collect();
    let mut numbers = HashMap::new();
    for id in ids {
        let found = denghuo_store::registry::accounts(conn, id, id)?;
        numbers.extend(found.into_iter().map(|account| (account.account_id, account.account_no)));
    }
    Ok(numbers)
}

/// Prints a value as JSON on standard output.
///
/// # Errors
/// The value cannot be written as JSON.
pub fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}
