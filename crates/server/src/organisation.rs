//! 组织与导入: units and staff, and files of the registry that are tried before they are taken.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::{BadCell, Problem};
use crate::route::{File, Routes};
use crate::sorting::{Sort, by};
use denghuo_office::import::{RowError, Source, csv_template};
use denghuo_office::registry::{ImportFailure, Loaded, Outcome, Request, formats, import_kind};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_store::registry::{ImportedFile, imported_files, orgs, staff_on};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The endpoints.
pub fn routes() -> Routes {
    let (see, import) = (Permission::SeeTasks, Permission::ImportRegistry);
    Routes::of("organisation", "组织与导入")
        .list("/orgs", see, ("单位一览", "Units of the company, parents before those below them"), org_list)
        .list("/staff", Permission::ManagePeople, ("人员一览", "Staff on a day, by code"), staff_list)
        .get(
            "/import-kinds",
            import,
            (
                "可导入的文件",
                "Kinds of files of the registry, in the order in which they refer to each other",
            ),
            import_kinds,
        )
        .file(
            "/import-kinds/{kind}/template",
            import,
            ("导入模板", "An empty file of a kind, as CSV"),
            import_template,
        )
        .list("/imports", import, ("导入记录", "Files that were taken, the latest first"), import_list)
        .upload(
            "/imports/{kind}/check",
            import,
            ("试导入", "Try a file: every bad row by its line; nothing is kept"),
            import_check,
        )
        .alone()
        .upload("/imports/{kind}", import, ("导入", "Take a file, whole or not at all"), import_take)
}

/// A unit.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct OrgLine {
    /// 单位编码
    code: String,
    /// 名称
    name: String,
    /// What it is: `company`, `department`, `station`, `hall`, `team`.
    kind: String,
    /// Code of the unit above.
    parent: Option<String>,
    /// How deep it stands, 0 for the top.
    depth: usize,
}

fn org_list(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<OrgLine>, Problem> {
    let all = orgs(ask.conn)?;
    let find = |id: Option<i64>| all.iter().find(|org| Some(org.org_id) == id);
    let mut lines = Vec::with_capacity(all.len());
    for org in &all {
        let mut path = vec![org.code.clone()];
        let mut above = find(org.parent_id);
        // A ring in the data ends at the number of units.
        while let Some(unit) = above.filter(|_| path.len() <= all.len()) {
            path.push(unit.code.clone());
            above = find(unit.parent_id);
        }
        path.reverse();
        let line = OrgLine {
            code: org.code.clone(),
            name: org.name.clone(),
            kind: org.kind.clone(),
            parent: find(org.parent_id).map(|unit| unit.code.clone()),
            depth: path.len() - 1,
        };
        lines.push((path, line));
    }
    lines.sort_by(|(a, _), (b, _)| a.cmp(b));
    ask.page.cut(lines.into_iter().map(|(_, line)| line).collect(), |line| line.code.clone())
}

/// A member of staff.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct StaffLine {
    /// 工号
    code: String,
    /// 姓名
    name: String,
    /// Role.
    role: String,
    /// Code of the unit.
    org: String,
    /// First day.
    #[schemars(with = "DateForm")]
    from_on: Date,
    /// Last day.
    #[schemars(with = "Option<DateForm>")]
    until_on: Option<Date>,
    /// Has a login?
    has_login: bool,
}

by!(StaffLine { code, role, org, from_on, until_on });

/// On which day, in which order.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct StaffQuery {
    /// The day; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    on: Option<Date>,
    /// The order; by code when not given.
    #[serde(default)]
    sort: Sort<StaffLine>,
}

fn staff_list(ask: &mut Ask<'_>, _: &Nothing, query: &StaffQuery) -> Result<List<StaffLine>, Problem> {
    let units = orgs(ask.conn)?;
    let logins = denghuo_store::access::logins(ask.conn)?;
    let staff = staff_on(ask.conn, query.on.unwrap_or(ask.today))?;
    let line = |staff: denghuo_store::registry::Staff| StaffLine {
        org: units
            .iter()
            .find(|unit| unit.org_id == staff.org_id)
            .map(|unit| unit.code.clone())
            .unwrap_or_default(),
        has_login: logins.iter().any(|login| login.name == staff.code),
        code: staff.code,
        name: staff.name,
        role: staff.role,
        from_on: staff.from_on,
        until_on: staff.until_on,
    };
    ask.page.cut_sorted(staff.into_iter().map(line).collect(), &query.sort, |line| line.code.clone())
}

/// Kinds of files.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ImportKinds {
    /// In the order in which they refer to each other.
    kinds: Vec<ImportKind>,
}

/// A kind of file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ImportKind {
    /// Its word.
    kind: String,
    /// Its Chinese name.
    name: String,
    /// Its columns.
    columns: Vec<String>,
}

fn import_kinds(_: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<ImportKinds, Problem> {
    let kinds = formats()
        .into_iter()
        .map(|format| ImportKind {
            kind: format.kind.to_owned(),
            name: format.zh.to_owned(),
            columns: format.columns.iter().map(|column| column.name.to_owned()).collect(),
        })
        .collect();
    Ok(ImportKinds { kinds })
}

/// A kind in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct KindPath {
    /// Such as `accounts`.
    kind: String,
}

fn import_template(_: &mut Ask<'_>, path: &KindPath, _: &Nothing) -> Result<File, Problem> {
    let format =
        formats().into_iter().find(|format| format.is_called(&path.kind)).ok_or_else(Problem::not_found)?;
    Ok(File {
        name: format!("{}.csv", format.kind),
        media_type: "text/csv; charset=utf-8".to_owned(),
        bytes: csv_template(format),
    })
}

/// A file that was taken.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ImportLine {
    /// Its kind.
    kind: String,
    /// Its name.
    name: String,
    /// Rows.
    rows: i64,
    /// Business day.
    #[schemars(with = "DateForm")]
    imported_on: Date,
    /// SHA-256 of its content.
    digest: String,
}

fn import_list(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<ImportLine>, Problem> {
    let line = |file: ImportedFile| ImportLine {
        kind: file.kind,
        name: file.name,
        rows: file.rows_kept,
        imported_on: file.imported_on,
        digest: file.digest,
    };
    let lines = imported_files(ask.conn)?.into_iter().map(line).collect();
    ask.page.cut(lines, |line: &ImportLine| format!("{}\n{}", line.kind, line.name))
}

/// Which file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ImportQuery {
    /// Its name; the ending `.xlsx` tells a workbook, everything else is CSV (UTF-8 or GB18030).
    #[schemars(length(min = 1, max = 200))]
    file_name: String,
}

/// What a file came to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ImportResult {
    /// Was it taken before, so that nothing happened?
    known: bool,
    /// Rows.
    rows: u64,
    /// What is doubtful but allowed.
    warnings: Vec<BadCell>,
}

fn source_of(ask: &Ask<'_>, query: &ImportQuery) -> Source {
    let name = query.file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    Source { name: name.to_owned(), bytes: ask.call.body.clone() }
}

fn cell(error: &RowError) -> BadCell {
    BadCell {
        line: error.line,
        column: error.column.to_string(),
        value: error.value.to_string(),
        zh: error.reason.zh.clone(),
        en: error.reason.en.clone(),
    }
}

fn result(outcome: Outcome) -> ImportResult {
    match outcome {
        Outcome::AlreadyImported(_) => ImportResult { known: true, rows: 0, warnings: Vec::new() },
        Outcome::Loaded(Loaded { rows, warnings }) => ImportResult {
            known: false,
            rows: rows.iter().map(|(_, rows)| rows).sum(),
            warnings: warnings.rows.iter().map(cell).collect(),
        },
    }
}

fn failed(failure: ImportFailure) -> Problem {
    match failure {
        ImportFailure::Bad(problems) => {
            let count = problems.count();
            let (zh, en) = (
                format!("文件有{count}处错误,未导入"),
                format!("{count} things are wrong with the file; nothing was taken"),
            );
            Problem::bad_rows(zh, en, problems.rows.iter().map(cell).collect())
        }
        ImportFailure::Office(error) => error.into(),
    }
}

fn import_take(ask: &mut Ask<'_>, path: &KindPath, query: &ImportQuery) -> Result<ImportResult, Problem> {
    let source = source_of(ask, query);
    let request = Request { work: ask.work, on: ask.today, batch: None };
    import_kind(ask.conn, &request, &path.kind, &source).map(result).map_err(failed)
}

fn import_check(ask: &mut Ask<'_>, path: &KindPath, query: &ImportQuery) -> Result<ImportResult, Problem> {
    let source = source_of(ask, query);
    let request = Request { work: ask.work, on: ask.today, batch: None };
    ask.conn.trial(|conn| import_kind(conn, &request, &path.kind, &source)).map(result).map_err(failed)
}
