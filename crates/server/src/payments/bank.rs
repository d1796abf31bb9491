//! 银行: files of collected payments, statements, suspense.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::{BadCell, Problem};
use crate::route::Routes;
use denghuo_office::disconnection::sweep_after;
use denghuo_office::import::Source;
use denghuo_office::payments::{
    BankImport, Imported, Reconciled, import_collection, reconcile, resolve_suspense, return_suspense,
    suspense_list,
};
use denghuo_office::registry::{Personal, mask};
use denghuo_office::work::Work;
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::units::Money;
use denghuo_store::payments::{BankLineRow, accounts_of_file, bank_files, lines_of_file};
use denghuo_store::{Conn, StoreError};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) fn routes(routes: Routes) -> Routes {
    let bank = Permission::KeepBank;
    routes
        .upload(
            "/bank/collections",
            bank,
            (
                "银行代收入账",
                "Post a file of collected payments, whole or not at all; every bad line is told",
            ),
            bank_collect,
        )
        .once()
        .upload(
            "/bank/collections/check",
            bank,
            ("银行代收试算", "What a file of collected payments would come to; nothing is kept"),
            bank_collect_check,
        )
        .alone()
        .upload(
            "/bank/statements",
            bank,
            (
                "银行对账",
                "Match a statement of our account with the payments; what nobody knows goes to suspense",
            ),
            bank_reconcile,
        )
        .once()
        .upload(
            "/bank/statements/check",
            bank,
            ("银行对账试算", "What a statement would match; nothing is kept"),
            bank_reconcile_check,
        )
        .alone()
        .list(
            "/bank/files",
            bank,
            ("银行文件", "Bank files with what became of their lines, the latest first"),
            files,
        )
        .list(
            "/bank/lines",
            bank,
            ("银行流水", "The lines of a bank file and what became of each"),
            file_lines,
        )
        .list("/bank/suspense", bank, ("暂收款", "Money of unknown origin that waits"), suspense)
        .post(
            "/bank/suspense/resolve",
            bank,
            ("暂收认领", "Give a line in suspense to an account"),
            suspense_resolve,
        )
        .once()
        .post(
            "/bank/suspense/return",
            bank,
            ("暂收退回", "Send a line in suspense back to its payer"),
            suspense_return,
        )
        .once()
}

/// The file that is handed in.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct FileQuery {
    /// The bank's id of the file: the same one is posted once.
    #[schemars(length(min = 1, max = 100))]
    file_id: String,
    /// The bank.
    #[serde(default)]
    bank: String,
}

/// Why a file was not kept.
enum Stop<T> {
    /// It was tried only: what it came to.
    Tried(T),
    /// A problem.
    Problem(Problem),
}

impl<T> From<StoreError> for Stop<T> {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}

type Take<T> = fn(&mut Conn, &Work<'_>, &Source, (&str, &str), Date) -> Result<T, BankImport>;

/// Takes a file with what follows for the accounts it paid, in one transaction; a trial is taken back.
fn take<T>(ask: &mut Ask<'_>, query: &FileQuery, is_trial: bool, take: Take<T>) -> Result<T, Problem> {
    let file_id = query.file_id.trim();
    if file_id.is_empty() || file_id.chars().count() > 100 || file_id.starts_with("pay:") {
        return Err(Problem::unreadable("query", "file_id"));
    }
    let source = Source { name: file_id.to_owned(), bytes: ask.call.body.clone() };
    let (work, now, today) = (ask.work, ask.now, ask.today);
    let system = Work { by: "system".to_owned(), ..work.clone() };
    let done = ask.conn.write(|conn| {
        let done = take(conn, work, &source, (file_id, &query.bank), today)
            .map_err(|error| Stop::Problem(told(error)))?;
        let paid = accounts_of_file(conn, file_id)?;
        sweep_after(conn, &system, &paid, now).map_err(|error| Stop::Problem(error.into()))?;
        if is_trial { Err(Stop::Tried(done)) } else { Ok(done) }
    });
    match done {
        Ok(done) | Err(Stop::Tried(done)) => Ok(done),
        Err(Stop::Problem(problem)) => Err(problem),
    }
}

fn told(error: BankImport) -> Problem {
    match error {
        BankImport::Office(error) => error.into(),
        BankImport::Wrong(problems) => {
            let count = problems.count();
            let cells = problems.rows.into_iter().map(|row| BadCell {
                line: row.line,
                column: row.column.into(),
                value: row.value.into(),
                zh: row.reason.zh,
                en: row.reason.en,
            });
            Problem::bad_rows(
                format!("{count}处有误,整个文件未入账"),
                format!("{count} things are wrong: nothing was posted"),
                cells.collect(),
            )
        }
    }
}

fn bank_collect(ask: &mut Ask<'_>, _: &Nothing, query: &FileQuery) -> Result<Imported, Problem> {
    take(ask, query, false, import_collection)
}

fn bank_collect_check(ask: &mut Ask<'_>, _: &Nothing, query: &FileQuery) -> Result<Imported, Problem> {
    take(ask, query, true, import_collection)
}

fn bank_reconcile(ask: &mut Ask<'_>, _: &Nothing, query: &FileQuery) -> Result<Reconciled, Problem> {
    take(ask, query, false, reconcile)
}

fn bank_reconcile_check(ask: &mut Ask<'_>, _: &Nothing, query: &FileQuery) -> Result<Reconciled, Problem> {
    take(ask, query, true, reconcile)
}

/// 银行文件
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct FileShown {
    /// The bank's id.
    file_id: String,
    /// `collection`, `statement`, `provider`.
    kind: String,
    /// The bank.
    bank: String,
    /// Business day.
    #[schemars(with = "DateForm")]
    on: Date,
    /// Lines.
    rows: i64,
    /// Their sum.
    total: Money,
    /// Lines that became payments.
    posted: i64,
    /// Lines whose money was there already.
    matched: i64,
    /// Lines that wait in suspense.
    suspense: i64,
    /// Lines that waited and were decided on.
    decided: i64,
}

fn files(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<FileShown>, Problem> {
    let rows = bank_files(ask.conn)?;
    let page = ask.page.cut(rows, |row| row.file.file_id.clone())?;
    let items = page.items.into_iter().map(|row| FileShown {
        file_id: row.file.file_id,
        kind: row.file.kind,
        bank: row.file.bank,
        on: row.file.statement_on,
        rows: row.file.rows_kept,
        total: row.file.total,
        posted: row.posted,
        matched: row.matched,
        suspense: row.suspense,
        decided: row.decided,
    });
    Ok(List { items: items.collect(), next_cursor: page.next_cursor })
}

/// 银行流水
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct LineShown {
    /// The bank's id of the file.
    file_id: String,
    /// Line of the file.
    line_no: i64,
    /// The bank's id of the transaction.
    external_id: String,
    /// The account number that the line names.
    account_no: Option<String>,
    /// Who paid; masked.
    payer: Option<String>,
    /// 金额
    amount: Money,
    /// The day on which the money arrived.
    #[schemars(with = "DateForm")]
    value_on: Date,
    /// `posted`, `matched`, `suspense`, `resolved`, `returned`.
    state: String,
    /// Who decided on it.
    resolved_by: Option<String>,
    /// When.
    #[schemars(with = "Option<DateForm>")]
    resolved_on: Option<Date>,
}

impl LineShown {
    fn of(row: BankLineRow) -> Self {
        Self {
            file_id: row.file_id,
            line_no: row.line_no,
            external_id: row.external_id,
            account_no: row.account_no,
            payer: row.payer.map(|name| mask(&name, Personal::Name)),
            amount: row.amount,
            value_on: row.value_on,
            state: row.state,
            resolved_by: row.resolved_by,
            resolved_on: row.resolved_on,
        }
    }
}

fn page_of(ask: &Ask<'_>, rows: Vec<BankLineRow>) -> Result<List<LineShown>, Problem> {
    let rows = rows.into_iter().map(LineShown::of).collect();
    ask.page.cut(rows, |row: &LineShown| format!("{} {}", row.line_no, row.file_id))
}

/// Which file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct LinesQuery {
    /// The bank's id of the file.
    file_id: String,
}

fn file_lines(ask: &mut Ask<'_>, _: &Nothing, query: &LinesQuery) -> Result<List<LineShown>, Problem> {
    let rows = lines_of_file(ask.conn, &query.file_id)?;
    page_of(ask, rows)
}

fn suspense(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<LineShown>, Problem> {
    let rows = suspense_list(ask.conn)?;
    page_of(ask, rows)
}

/// A line in suspense, and whose it is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ResolveBody {
    /// The bank's id of the file.
    file_id: String,
    /// The line.
    line_no: i64,
    /// 户号, of one's own unit.
    account_no: String,
}

/// What became of a line.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Decided {
    /// The amount.
    amount: Money,
    /// The payment of the account; none when it was sent back.
    payment_no: Option<i64>,
}

fn suspense_resolve(ask: &mut Ask<'_>, _: &Nothing, body: &ResolveBody) -> Result<Decided, Problem> {
    let account_id = ask.account_named(&body.account_no)?;
    let today = ask.today;
    ask.with_money(|conn, work| {
        let row = resolve_suspense(conn, work, (&body.file_id, body.line_no), account_id, today)?;
        Ok((Decided { amount: row.amount, payment_no: Some(row.payment_no) }, vec![account_id]))
    })
}

/// A line in suspense.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReturnBody {
    /// The bank's id of the file.
    file_id: String,
    /// The line.
    line_no: i64,
}

fn suspense_return(ask: &mut Ask<'_>, _: &Nothing, body: &ReturnBody) -> Result<Decided, Problem> {
    let row = return_suspense(ask.conn, ask.work, (&body.file_id, body.line_no), ask.today)?;
    Ok(Decided { amount: row.amount, payment_no: None })
}
