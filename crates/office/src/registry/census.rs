//! 普查: a list of accounts as found on a day, against what is there. Differences first; then new versions, nothing deleted.

use super::intake::{Intake, Line};
use super::kinds::Kind as _;
use super::kinds::accounts::{AccountLine, Accounts, check, check_rule};
use super::load::{ImportFailure, Request, rule_of};
use crate::error::OfficeError;
use crate::import::{self, Limits, Problems, Source};
use denghuo_rules::calendar::plus_days;
use denghuo_rules::registry::SupplyTerms;
use denghuo_store::Conn;
use denghuo_store::audit::{Mark, mark};
use denghuo_store::registry::{self as store, Account, Registered, Terms};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// 差异: one account that a census found different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Line in the file.
    pub line: u64,
    /// 户号
    pub account_no: String,
    /// Column, value before, value after.
    pub fields: Vec<(&'static str, String, String)>,
}

/// 普查结果
#[derive(Debug, Default, Serialize)]
pub struct Census {
    /// Accounts that are new.
    pub added: Vec<String>,
    /// Accounts that differ, field by field.
    pub changed: Vec<Change>,
    /// Open accounts that the file does not have.
    pub missing: Vec<String>,
    /// Accounts that are as they were.
    pub unchanged: u64,
    /// Were the differences written?
    pub applied: bool,
    /// What is doubtful but allowed.
    #[serde(skip)]
    pub warnings: Problems,
}

/// What is known of an account before the census.
struct Known {
    account: Account,
    current: Option<Terms>,
    /// First day of the latest version.
    latest: Option<Date>,
}

/// An account that differs, ready to be written.
struct Update {
    account: Option<Account>,
    terms: Option<Terms>,
    change: Change,
}

/// Compares a file of accounts with what is there on a day; with `apply` writes what is new and what changed, from that day.
/// Columns that the file does not have are left as they are.
///
/// # Errors
/// [`ImportFailure::Bad`] with everything that is wrong; nothing is written then.
pub fn census(
    conn: &mut Conn,
    request: &Request<'_>,
    source: &Source,
    as_of: Date,
    apply: bool,
) -> Result<Census, ImportFailure> {
    let (lines, columns) = read(source)?;
    let rule = rule_of(request)?;
    conn.write(|conn| {
        let mut intake = Intake::new(conn, request, rule.as_ref());
        let mut census = compare(lines, &columns, &mut intake, as_of, apply)?;
        if !intake.is_clean() {
            return Err(ImportFailure::Bad(intake.problems));
        }
        census.warnings = intake.warnings;
        Ok(census)
    })
}

type Lines = Vec<Line<AccountLine>>;

/// The rows, and the columns that the file has.
fn read(source: &Source) -> Result<(Lines, HashSet<&'static str>), ImportFailure> {
    let mut lines = Vec::new();
    let mut columns = HashSet::new();
    let (_, problems) = import::read(&Accounts::FORMAT, source, Limits::default(), |record, problems| {
        if columns.is_empty() {
            let names = Accounts::FORMAT.columns.iter().map(|c| c.name);
            columns.extend(names.filter(|name| record.has_column(name)));
        }
        match Accounts::row(record) {
            Ok(row) => lines.push(Line { line: record.line, row }),
            Err(error) => problems.push(error),
        }
    });
    if problems.is_empty() { Ok((lines, columns)) } else { Err(ImportFailure::Bad(problems)) }
}

fn compare(
    mut lines: Lines,
    columns: &HashSet<&'static str>,
    intake: &mut Intake<'_>,
    as_of: Date,
    apply: bool,
) -> Result<Census, OfficeError> {
    check(&mut lines, intake)?;
    let known = known(intake, as_of)?;
    let mut census = Census { applied: apply, ..Census::default() };
    let mut seen: HashSet<String> = HashSet::with_capacity(lines.len());
    let mut added = Vec::new();
    let mut updates = Vec::new();
    for line in lines {
        let account_no = line.row.account.account_no.clone();
        if seen.contains(&account_no) {
            let reason = ["文件中重复", "twice in the file"];
            intake.wrong(line.line, "account_no", &account_no, "registry.twice_in_file", reason);
            continue;
        }
        match known.get(&account_no) {
            None => {
                check_rule(line.line, &line.row.terms.terms, intake);
                census.added.push(account_no.clone());
                added.push(line);
            }
            Some(before) => match difference(before, line, columns, intake, as_of)? {
                Some(update) => updates.push(update),
                None => census.unchanged += 1,
            },
        }
        seen.insert(account_no);
    }
    census.missing = missing(&known, &seen, as_of);
    if apply && intake.is_clean() {
        add(added, intake)?;
        write(&updates, intake, as_of)?;
    }
    census.changed = updates.into_iter().map(|u| u.change).collect();
    Ok(census)
}

fn missing(known: &HashMap<String, Known>, seen: &HashSet<String>, as_of: Date) -> Vec<String> {
    let open =
        |k: &&Known| k.account.closed_on.is_none_or(|closed| closed > as_of) && k.account.opened_on <= as_of;
    let mut missing: Vec<String> = known
        .values()
        .filter(open)
        .map(|k| k.account.account_no.clone())
        .filter(|no| !seen.contains(no))
        .collect();
    missing.sort();
    missing
}

/// Every account by its number, with its terms on the day.
fn known(intake: &mut Intake<'_>, as_of: Date) -> Result<HashMap<String, Known>, OfficeError> {
    let mut versions: HashMap<i64, (Option<Terms>, Option<Date>)> = HashMap::new();
    for version in store::terms_history(intake.conn, 0, i64::MAX)? {
        let entry = versions.entry(version.account_id).or_default();
        entry.1 = Some(version.from_on);
        if version.from_on <= as_of && version.until_on.is_none_or(|until| until >= as_of) {
            entry.0 = Some(version);
        }
    }
    let accounts = store::accounts(intake.conn, 0, i64::MAX)?;
    let known = accounts.into_iter().map(|account| {
        let (current, latest) = versions.remove(&account.account_id).unwrap_or_default();
        (account.account_no.clone(), Known { account, current, latest })
    });
    Ok(known.collect())
}

/// What differs, or nothing.
fn difference(
    before: &Known,
    line: Line<AccountLine>,
    columns: &HashSet<&'static str>,
    intake: &mut Intake<'_>,
    as_of: Date,
) -> Result<Option<Update>, OfficeError> {
    let account = merged_account(&before.account, line.row.account, columns);
    let old_terms = before.current.as_ref().map_or_else(SupplyTerms::household, |t| t.terms.clone());
    let terms = merged_terms(&old_terms, line.row.terms.terms, columns);
    let mut fields = account_fields(&before.account, &account, intake)?;
    let account_differs = !fields.is_empty();
    let terms_differ = before.current.is_none() || terms != old_terms;
    if terms_differ {
        check_rule(line.line, &terms, intake);
        fields.extend(terms_fields(&old_terms, &terms));
        if let Some(latest) = before.latest.filter(|latest| *latest >= as_of) {
            let value = latest.to_string();
            let reason =
                ["该户在普查日或之后已有新的供用电条件", "terms from that day or later are there already"];
            intake.wrong(line.line, "account_no", &value, "registry.terms_version_exists", reason);
        }
    }
    if fields.is_empty() && !terms_differ {
        return Ok(None);
    }
    let account_id = account.account_id;
    let change = Change { line: line.line, account_no: account.account_no.clone(), fields };
    Ok(Some(Update {
        account: account_differs.then_some(account),
        terms: terms_differ.then_some(Terms { account_id, from_on: as_of, until_on: None, terms }),
        change,
    }))
}

fn merged_account(old: &Account, new: Account, columns: &HashSet<&'static str>) -> Account {
    let has = |name| columns.contains(name);
    Account {
        account_id: old.account_id,
        district_id: if has("district") { new.district_id } else { old.district_id },
        estate_id: if has("estate") { new.estate_id } else { old.estate_id },
        closed_on: if has("closed_on") { new.closed_on } else { old.closed_on },
        importance: if has("importance") { new.importance } else { old.importance.clone() },
        protection: if has("protection") { new.protection } else { old.protection.clone() },
        ..new
    }
}

fn merged_terms(old: &SupplyTerms, new: SupplyTerms, columns: &HashSet<&'static str>) -> SupplyTerms {
    let has = |name| columns.contains(name);
    let has_loss = columns.iter().any(|name| name.starts_with("loss_"));
    SupplyTerms {
        category: new.category,
        voltage: if has("voltage") { new.voltage } else { old.voltage },
        scheme: if has("scheme") { new.scheme } else { old.scheme },
        time_of_use: if has("time_of_use") { new.time_of_use } else { old.time_of_use },
        capacity: if has("capacity_kva") { new.capacity } else { old.capacity },
        contract_demand: if has("contract_demand_kw") { new.contract_demand } else { old.contract_demand },
        pf_standard: if has("pf_standard") { new.pf_standard } else { old.pf_standard },
        persons: if has("persons") { new.persons } else { old.persons },
        transformer_loss: if has_loss { new.transformer_loss } else { old.transformer_loss },
        line_loss: if has("line_loss") { new.line_loss } else { old.line_loss },
        fixed_parts: if has("fixed_parts") { new.fixed_parts } else { old.fixed_parts.clone() },
        minimum_payment: if has("minimum_payment") { new.minimum_payment } else { old.minimum_payment },
    }
}

type Fields = Vec<(&'static str, String, String)>;

fn account_fields(old: &Account, new: &Account, intake: &mut Intake<'_>) -> Result<Fields, OfficeError> {
    let mut fields = Vec::new();
    let references = [
        ("customer", Registered::Customer, Some(old.customer_id), Some(new.customer_id)),
        ("org", Registered::Org, Some(old.org_id), Some(new.org_id)),
        ("route", Registered::Route, Some(old.route_id), Some(new.route_id)),
        ("district", Registered::District, old.district_id, new.district_id),
        ("estate", Registered::Estate, old.estate_id, new.estate_id),
    ];
    for (name, what, old, new) in references.into_iter().filter(|(_, _, old, new)| old != new) {
        fields.push((name, store::code_of(intake.conn, what, old)?, store::code_of(intake.conn, what, new)?));
    }
    let day = |day: Option<Date>| day.map(|d| d.to_string()).unwrap_or_default();
    let own = [
        ("address", old.address.clone(), new.address.clone()),
        ("opened_on", old.opened_on.to_string(), new.opened_on.to_string()),
        ("closed_on", day(old.closed_on), day(new.closed_on)),
        ("importance", old.importance.clone(), new.importance.clone()),
        (
            "protection",
            old.protection.clone().unwrap_or_default(),
            new.protection.clone().unwrap_or_default(),
        ),
    ];
    fields.extend(own.into_iter().filter(|(_, old, new)| old != new));
    Ok(fields)
}

fn json<T: Serialize>(value: Option<&T>) -> String {
    value.map(|v| serde_json::to_string(v).unwrap_or_default()).unwrap_or_default()
}

fn terms_fields(old: &SupplyTerms, new: &SupplyTerms) -> Fields {
    let pairs = [
        ("category", old.category.zh().to_owned(), new.category.zh().to_owned()),
        ("voltage", old.voltage.zh().to_owned(), new.voltage.zh().to_owned()),
        ("scheme", old.scheme.zh().to_owned(), new.scheme.zh().to_owned()),
        ("time_of_use", old.time_of_use.to_string(), new.time_of_use.to_string()),
        ("capacity_kva", old.capacity.to_string(), new.capacity.to_string()),
        ("contract_demand_kw", old.contract_demand.to_string(), new.contract_demand.to_string()),
        ("pf_standard", old.pf_standard.word().to_owned(), new.pf_standard.word().to_owned()),
        ("persons", old.persons.to_string(), new.persons.to_string()),
        ("transformer_loss", json(old.transformer_loss.as_ref()), json(new.transformer_loss.as_ref())),
        ("line_loss", old.line_loss.to_string(), new.line_loss.to_string()),
        ("fixed_parts", json(Some(&old.fixed_parts)), json(Some(&new.fixed_parts))),
        ("minimum_payment", old.minimum_payment.to_string(), new.minimum_payment.to_string()),
    ];
    pairs.into_iter().filter(|(_, old, new)| old != new).collect()
}

/// New accounts of the census.
fn add(mut lines: Lines, intake: &mut Intake<'_>) -> Result<(), OfficeError> {
    let numbered = |r: &mut AccountLine, id| {
        r.account.account_id = id;
        r.terms.account_id = id;
    };
    intake.number_new(Registered::Account, "account_no", &mut lines, |r| &r.account.account_no, numbered)?;
    let (accounts, terms): (Vec<_>, Vec<_>) = lines.into_iter().map(|l| (l.row.account, l.row.terms)).unzip();
    store::insert_accounts(intake.conn, &accounts)?;
    store::insert_terms(intake.conn, &terms)?;
    Ok(())
}

/// New versions of terms, own fields of accounts, and an audit line for each account.
fn write(updates: &[Update], intake: &mut Intake<'_>, as_of: Date) -> Result<(), OfficeError> {
    let terms: Vec<Terms> = updates.iter().filter_map(|u| u.terms.clone()).collect();
    let ended: Vec<i64> = terms.iter().map(|t| t.account_id).collect();
    store::close_terms(intake.conn, &ended, plus_days(as_of, -1))?;
    store::insert_terms(intake.conn, &terms)?;
    let accounts: Vec<Account> = updates.iter().filter_map(|u| u.account.clone()).collect();
    store::update_accounts(intake.conn, &accounts)?;
    for update in updates {
        let account_id =
            update.account.as_ref().map(|a| a.account_id).or(update.terms.as_ref().map(|t| t.account_id));
        let side = |after: bool| {
            let value = |(name, old, new): &(&str, String, String)| {
                format!("{name}={}", if after { new } else { old })
            };
            update.change.fields.iter().map(value).collect::<Vec<_>>().join("; ")
        };
        let (before, after) = (side(false), side(true));
        let line = Mark {
            account_id: account_id.unwrap_or(0),
            happened_on: intake.on,
            subject: "account",
            action: "census.apply",
            who: intake.by,
            before: Some(&before),
            after: Some(&after),
            recorded_at: intake.now,
        };
        mark(intake.conn, &line)?;
    }
    Ok(())
}
