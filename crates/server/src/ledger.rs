//! 总账: the trial balance, the books of an account, and what was recovered.

use crate::ask::Ask;
use crate::input::{AccountPath, Nothing};
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::collections::recovery;
use denghuo_office::ledger::{TrialBalance, statement, trial_balance};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::units::Money;
use denghuo_store::day::Range;
use denghuo_store::ledger::entries_of;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The endpoints.
pub fn routes() -> Routes {
    let (see, reports) = (Permission::SeeAccounts, Permission::SeeReports);
    Routes::of("ledger", "总账")
        .get(
            "/ledger/trial-balance",
            reports,
            ("试算平衡", "Debits and credits by ledger account, as of a day and as known at a moment"),
            ledger_trial,
        )
        .get(
            "/ledger/recovery",
            reports,
            ("回收率", "What was receivable and received in a time, and the three recovery rates"),
            ledger_recovery,
        )
        .get(
            "/accounts/{account_no}/statement",
            see,
            ("对账单", "What moved what an account owes in a time, with the balance after each entry"),
            account_statement,
        )
        .list(
            "/accounts/{account_no}/entries",
            see,
            ("分录", "The ledger entries of an account, the newest first"),
            account_entries,
        )
}

/// Of which day, known when.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
struct TrialQuery {
    /// Entries of business dates through this day; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    as_of: Option<Date>,
    /// Entries recorded through this moment, such as `2026-09-02T18:00:00+08:00`; all when not given.
    #[serde(default)]
    as_known: Option<String>,
}

fn ledger_trial(ask: &mut Ask<'_>, _: &Nothing, query: &TrialQuery) -> Result<TrialBalance, Problem> {
    let as_known = match query.as_known.as_deref().filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => {
            let moment: jiff::Timestamp = text
                .parse()
                .map_err(|_| Problem::unreadable("query", "as_known: 2026-09-02T18:00:00+08:00"))?;
            Some(moment.as_millisecond())
        }
    };
    Ok(trial_balance(ask.conn, query.as_of.unwrap_or(ask.today), as_known)?)
}

/// A time, both days inside.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
struct TimeQuery {
    /// First day; the first of January of the last day's year when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    from: Option<Date>,
    /// Last day; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    to: Option<Date>,
}

impl TimeQuery {
    fn days(&self, today: Date) -> Result<(Date, Date), Problem> {
        let to = self.to.unwrap_or(today);
        let from = self.from.unwrap_or_else(|| jiff::civil::date(to.year(), 1, 1));
        if from > to {
            return Err(Problem::unreadable("query", "from > to"));
        }
        Ok((from, to))
    }
}

/// 回收率
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct RecoveryShown {
    /// First day.
    #[schemars(with = "DateForm")]
    from: Date,
    /// Last day.
    #[schemars(with = "DateForm")]
    to: Date,
    /// 应收, prior years' debts inside.
    receivable: Money,
    /// Of it, debts of prior years.
    receivable_prior_years: Money,
    /// 实收, prior years' debts inside.
    received: Money,
    /// Of it, for debts of prior years.
    received_prior_years: Money,
    /// 累计回收率 in tenths of a percent; none where nothing was receivable.
    cumulative_permille: Option<i64>,
    /// 当年回收率 in tenths of a percent.
    this_year_permille: Option<i64>,
    /// 陈欠回收率 in tenths of a percent.
    prior_years_permille: Option<i64>,
}

fn ledger_recovery(ask: &mut Ask<'_>, _: &Nothing, query: &TimeQuery) -> Result<RecoveryShown, Problem> {
    let (from, to) = query.days(ask.today)?;
    let (sums, rates) = recovery(ask.conn, from, to)?;
    Ok(RecoveryShown {
        from,
        to,
        receivable: sums.receivable,
        receivable_prior_years: sums.receivable_prior_years,
        received: sums.received,
        received_prior_years: sums.received_prior_years,
        cumulative_permille: rates.cumulative.map(|rate| rate.0),
        this_year_permille: rates.this_year.map(|rate| rate.0),
        prior_years_permille: rates.prior_years.map(|rate| rate.0),
    })
}

/// One entry of a statement.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct StatementLine {
    /// Business date.
    #[schemars(with = "DateForm")]
    on: Date,
    /// Word of the kind of entry.
    kind: String,
    /// Its Chinese name.
    kind_zh: String,
    /// What it is about, such as `bill:3`.
    subject: String,
    /// What it adds to what the customer owes.
    amount: Money,
    /// What the customer owes then, prepayment taken off.
    owed: Money,
}

/// 对账单
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct StatementShown {
    /// First day.
    #[schemars(with = "DateForm")]
    from: Date,
    /// Last day.
    #[schemars(with = "DateForm")]
    to: Date,
    /// What was owed before the first day.
    opening: Money,
    /// Entries in order.
    lines: Vec<StatementLine>,
    /// What is owed at the end of the last day.
    closing: Money,
}

fn account_statement(
    ask: &mut Ask<'_>,
    path: &AccountPath,
    query: &TimeQuery,
) -> Result<StatementShown, Problem> {
    let (from, to) = query.days(ask.today)?;
    let account_id = ask.account()?;
    let told = statement(ask.conn, account_id, &path.account_no, from, to)?;
    let lines = told.lines.into_iter().map(|line| StatementLine {
        on: line.on,
        kind: line.kind.word().to_owned(),
        kind_zh: line.kind.zh().to_owned(),
        subject: line.subject,
        amount: line.amount,
        owed: line.owed,
    });
    Ok(StatementShown { from, to, opening: told.opening, lines: lines.collect(), closing: told.closing })
}

/// One line of an entry.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct PostingShown {
    /// Code of the ledger account.
    code: String,
    /// 科目
    zh: String,
    /// Its English name.
    en: String,
    /// Debit positive.
    amount: Money,
}

/// 分录
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct EntryShown {
    /// Number within the account.
    entry_no: i64,
    /// Business date.
    #[schemars(with = "DateForm")]
    business_on: Date,
    /// Word of the kind.
    kind: String,
    /// Its Chinese name.
    kind_zh: String,
    /// What it is about.
    subject: String,
    /// Who made it.
    made_by: String,
    /// Its lines; they sum to zero.
    postings: Vec<PostingShown>,
}

fn account_entries(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<EntryShown>, Problem> {
    let account_id = ask.account()?;
    let mut rows = entries_of(ask.conn, Range { from: account_id, to: account_id })?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.entry_no));
    let page = ask.page.cut(rows, |row| row.entry_no.to_string())?;
    let items = page.items.into_iter().map(|row| EntryShown {
        entry_no: row.entry_no,
        business_on: row.entry.business_date(),
        kind: row.entry.kind().word().to_owned(),
        kind_zh: row.entry.kind().zh().to_owned(),
        subject: row.subject,
        made_by: row.made_by,
        postings: row
            .entry
            .postings()
            .iter()
            .map(|line| PostingShown {
                code: line.account.word().to_owned(),
                zh: line.account.zh().to_owned(),
                en: line.account.en().to_owned(),
                amount: line.amount,
            })
            .collect(),
    });
    Ok(List { items: items.collect(), next_cursor: page.next_cursor })
}
