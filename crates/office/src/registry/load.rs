//! Importing a file or a workbook: whole or not at all, once.

use super::intake::Intake;
use super::kinds::{Entry, KINDS};
use crate::error::OfficeError;
use crate::import::{self, Problems, RowError, Source};
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::registry::TwoPartRule;
use denghuo_rules::rulebook::NoRule;
use denghuo_store::registry::{ImportedFile, imported_file, keep_imported_file};
use denghuo_store::{Conn, StoreError};
use jiff::civil::Date;

/// 导入请求: who imports, when, under which name.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The circumstances.
    pub work: &'a Work<'a>,
    /// Business day.
    pub on: Date,
    /// 批次号: the identity of the file; its name when none is given.
    pub batch: Option<&'a str>,
}

/// What a successful import did.
#[derive(Debug)]
pub enum Outcome {
    /// The same content was imported before; nothing changed.
    AlreadyImported(ImportedFile),
    /// Everything was loaded.
    Loaded(Loaded),
}

/// 导入结果
#[derive(Debug, Default)]
pub struct Loaded {
    /// Rows per kind, in the order of loading.
    pub rows: Vec<(&'static str, u64)>,
    /// What is doubtful but allowed.
    pub warnings: Problems,
}

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub enum ImportFailure {
    /// The file is wrong; everything wrong is told.
    #[error("{} errors in the file; nothing was loaded: 文件有{}处错误,未导入任何数据", .0.count(), .0.count())]
    Bad(Problems),
    /// Something else failed.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl From<StoreError> for ImportFailure {
    fn from(error: StoreError) -> Self {
        Self::Office(error.into())
    }
}

impl From<RowError> for ImportFailure {
    fn from(error: RowError) -> Self {
        let mut problems = Problems::default();
        problems.push(error);
        Self::Bad(problems)
    }
}

fn refused<T>(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Result<T, ImportFailure> {
    Err(RowError::file(code, Bilingual::new(zh, en)).into())
}

/// Imports a file of one kind, given by its word or Chinese name.
///
/// # Errors
/// [`ImportFailure::Bad`] with everything that is wrong; nothing is loaded then.
pub fn import_kind(
    conn: &mut Conn,
    request: &Request<'_>,
    kind: &str,
    source: &Source,
) -> Result<Outcome, ImportFailure> {
    let Some(entry) = KINDS.iter().find(|entry| entry.format.is_called(kind)) else {
        return refused(
            "import.unknown_kind",
            format!("没有“{kind}”这种文件"),
            format!("unknown kind {kind}"),
        );
    };
    once(conn, request, entry.format.kind, source, |conn| {
        take_all(conn, request, &[(String::new(), entry)], source)
    })
}

/// Imports a workbook whose sheets are named after their kinds, in the order in which the kinds refer to each other.
///
/// # Errors
/// [`ImportFailure::Bad`] with everything that is wrong; nothing is loaded then.
pub fn import_workbook(
    conn: &mut Conn,
    request: &Request<'_>,
    source: &Source,
) -> Result<Outcome, ImportFailure> {
    let sheets = import::sheets(source)?;
    if let Some(sheet) = sheets.iter().find(|sheet| !KINDS.iter().any(|entry| entry.format.is_called(sheet)))
    {
        return refused(
            "import.unknown_sheet",
            format!("没有“{sheet}”这种表"),
            format!("no kind of file is called like the sheet {sheet}"),
        );
    }
    let named = |entry: &Entry| sheets.iter().find(|sheet| entry.format.is_called(sheet)).cloned();
    let entries: Vec<(String, &Entry)> =
        KINDS.iter().filter_map(|entry| Some((named(entry)?, entry))).collect();
    if entries.len() < sheets.len() {
        return refused("import.sheet_twice", "同一种表出现两次", "two sheets are of the same kind");
    }
    once(conn, request, "workbook", source, |conn| take_all(conn, request, &entries, source))
}

/// Runs an import in one transaction unless the file was imported before.
fn once(
    conn: &mut Conn,
    request: &Request<'_>,
    kind: &str,
    source: &Source,
    load: impl FnOnce(&mut Conn) -> Result<Loaded, ImportFailure>,
) -> Result<Outcome, ImportFailure> {
    let (name, digest) = (request.batch.unwrap_or(&source.name), source.digest());
    conn.write(|conn| {
        if let Some(known) = imported_file(conn, kind, name, &digest)? {
            if known.digest == digest {
                return Ok(Outcome::AlreadyImported(known));
            }
            return refused(
                "import.same_name_other_content",
                format!("{}已导入过同名文件“{name}”,内容不同;请换名或用批次号", known.imported_on),
                format!(
                    "a file named {name} with other content was imported on {}: give it another name",
                    known.imported_on
                ),
            );
        }
        let loaded = load(conn)?;
        let rows_kept = loaded.rows.iter().map(|(_, rows)| *rows).sum::<u64>();
        let file = ImportedFile {
            name: name.to_owned(),
            digest: digest.clone(),
            kind: kind.to_owned(),
            rows_kept: i64::try_from(rows_kept).unwrap_or(i64::MAX),
            imported_on: request.on,
        };
        keep_imported_file(conn, &file, request.work.now)?;
        Ok(Outcome::Loaded(loaded))
    })
}

/// The two-part rule of the day, where the book has one for it.
pub(super) fn rule_of(request: &Request<'_>) -> Result<Option<TwoPartRule>, OfficeError> {
    match TwoPartRule::on(request.work.book, &request.work.site, request.on) {
        Ok(rule) => Ok(Some(rule)),
        Err(NoRule::Missing { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn take_all(
    conn: &mut Conn,
    request: &Request<'_>,
    entries: &[(String, &Entry)],
    source: &Source,
) -> Result<Loaded, ImportFailure> {
    let rule = rule_of(request)?;
    let mut intake = Intake::new(conn, request, rule.as_ref());
    let mut problems = Problems::default();
    let mut loaded = Loaded::default();
    for (sheet, entry) in entries {
        let rows = (entry.take)(source, &mut intake)?;
        loaded.rows.push((entry.format.kind, rows));
        problems.absorb(sheet, std::mem::take(&mut intake.problems));
        loaded.warnings.absorb(sheet, std::mem::take(&mut intake.warnings));
        intake.earlier_wrong = !problems.is_empty();
    }
    if problems.is_empty() { Ok(loaded) } else { Err(ImportFailure::Bad(problems)) }
}
