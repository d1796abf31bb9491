//! 经历: the company of the real data lives from its first reading to the last, and tells what came of it.

use super::build::{RealCompany, company};
use super::registers::shifted_moment;
use super::report::{RealReport, largest};
use super::samples::Gap;
use crate::clocks::Clocks;
use crate::company::must_be_empty;
use crate::crew::{Crew, Tally, Truth};
use crate::days::{Watch, run};
use crate::error::TownError;
use crate::schedule::Planned;
use crate::site;
use crate::summary::Summary;
use denghuo_office::billing::standing_release_grant;
use denghuo_office::import::Source as File;
use denghuo_office::metering::ReadingRow;
use denghuo_office::payments::import_collection;
use denghuo_office::verify::verify;
use denghuo_rules::calendar::{days_between, plus_days};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::metering::{Shown, Source};
use denghuo_rules::registry::{Category, Scheme, StaffRole, Voltage};
use denghuo_rules::rulebook::Selector;
use denghuo_rules::tariff::price_row;
use denghuo_rules::units::Money;
use denghuo_store::collections::open_debts;
use denghuo_store::day::Range;
use denghuo_store::tasks::{self, NewTask};
use denghuo_store::{Conn, Store};
use jiff::civil::{Date, date};
use std::path::Path;

/// The day of the published tables.
const TABLE_DAY: Date = date(2026, 8, 1);
/// Days after the last reading in which what is open is answered and released.
const LAST_DAYS: i64 = 6;
/// Bills up to this amount are released by standing order.
const STANDING_LIMIT: Money = Money::yuan(50_000);
/// Day of the month on which the bank's file pays everything: before the bills of the first fall due.
const PAY_DAY: i8 = 7;
/// Largest bills that are explained, of each class.
const EXPLAINED: usize = 1;

/// Nobody can go and look at a meter of a file.
struct OnlyTheFile;

impl Truth for OnlyTheFile {
    fn shown(&self, _: i64, _: Date) -> Option<Shown> {
        None
    }
    fn visit(&mut self, _: i64, _: Date) -> Option<ReadingRow> {
        None
    }
}

/// Makes the company of the data folder, bills it month after month and proves its books.
///
/// # Errors
/// The folder is absent or unreadable; the database holds accounts already; a missing rule; the database's.
pub fn bill_real(store: &Store, folder: &Path, watch: &dyn Watch) -> Result<RealReport, TownError> {
    if !folder.is_dir() {
        return Err(TownError::unreadable(folder, "数据目录不存在 / the folder of the data sets is absent"));
    }
    let mut conn = store.connect()?;
    must_be_empty(&mut conn)?;
    site::settle(&mut conn)?;
    let book = site::book();
    let selector = Selector::in_jurisdictions(&site::JURISDICTIONS.split(',').collect::<Vec<_>>());
    let clocks = Clocks::of(&book, &selector, TABLE_DAY)?;
    let key = (Category::Commercial, Scheme::ActualDemand, Voltage::Kv10);
    let steel_day = price_row(&book, &selector, key, TABLE_DAY)
        .ok()
        .and_then(|row| row.day_bands)
        .ok_or_else(|| TownError::unreadable(Path::new("sgcc-jiangsu"), "no periods of the day"))?;
    let real = company(folder, &clocks, &steel_day)?;
    let code = |role| real.company.staff_code(role).to_owned();
    let crew = Crew {
        book: &book,
        site: selector,
        verifier: code(StaffRole::Verifier),
        manager: code(StaffRole::Manager),
    };
    let mut days =
        Days { store, crew: &crew, accountant: code(StaffRole::Accountant), tally: Tally::new(), count: 0 };
    let until = days.live(&mut conn, &real, watch)?;
    let work = crew.work("system", until);
    let classes: Vec<_> = real.company.supplies.iter().map(class_of).collect();
    let (count, tally) = (days.count, days.tally);
    Ok(RealReport {
        summary: Summary::gather(&mut conn, &work, (until, count), &classes, tally)?,
        largest: largest(&mut conn, &work, &classes, EXPLAINED)?,
        gaps: super::report::gap_report(&mut conn, &real)?,
        measured: real.measured.iter().map(|(set, file, read)| ((*set).to_owned(), (*file, *read))).collect(),
        verification: verify(&mut conn, &work)?,
    })
}

/// The class of an account, for the report.
fn class_of(supply: &crate::company::Supply) -> (&'static str, &'static str) {
    let terms = &supply.terms[0].1;
    match (terms.category, terms.scheme, terms.voltage) {
        (Category::Household, ..) if supply.account_no.starts_with("371") => {
            if terms.time_of_use {
                ("home_long_tou", "居民50户分时")
            } else {
                ("home_long", "居民50户")
            }
        }
        (Category::Household, ..) if terms.time_of_use => ("home_short_tou", "居民622户分时"),
        (Category::Household, ..) => ("home_short", "居民622户"),
        (_, Scheme::ActualDemand, _) => ("steel", "钢厂两部制按实际需量"),
        (_, Scheme::SinglePart, Voltage::Low) => ("enterprise_low", "企业单一制低压"),
        (_, Scheme::SinglePart, _) => ("enterprise_10kv", "企业单一制10kV"),
        _ => ("enterprise_two_part", "企业两部制按容量"),
    }
}

struct Days<'d, 'b> {
    store: &'d Store,
    crew: &'d Crew<'b>,
    accountant: String,
    tally: Tally,
    count: u64,
}

impl Days<'_, '_> {
    /// Lives from the first opening to some days after the last reading, which it gives back.
    fn live(&mut self, conn: &mut Conn, real: &RealCompany, watch: &dyn Watch) -> Result<Date, TownError> {
        let first = real.company.supplies.iter().map(|supply| supply.opened_on).min().unwrap_or(TABLE_DAY);
        let last = real.schedule.keys().next_back().copied().unwrap_or(first);
        let until = plus_days(last, LAST_DAYS);
        real.company.found(conn, &self.crew.work("system", first), first)?;
        tasks::open(conn, &real.gaps.iter().map(|(no, gap)| gap_task(real, no, gap)).collect::<Vec<_>>())?;
        let manager = self.crew.work(&self.crew.manager, first);
        standing_release_grant(conn, &manager, 1, first, STANDING_LIMIT)?;
        watch.begin(days_between(first, until) as u64 + 1);
        let mut on = first;
        while on <= until {
            let planned = real.schedule.get(&on).map(Vec::as_slice).unwrap_or_default();
            let rows: Vec<ReadingRow> = (1..).zip(planned).map(|(line, p)| row(line, p)).collect();
            self.crew.register(conn, &rows, on)?;
            if on.day() == PAY_DAY {
                self.collect(conn, real, on)?;
            }
            run(self.store, self.crew, on)?;
            self.crew.answer(conn, on, &mut OnlyTheFile, &mut self.tally)?;
            self.crew.release(conn, on, &mut self.tally)?;
            self.count += 1;
            watch.day(on);
            on = plus_days(on, 1);
        }
        Ok(until)
    }

    /// The bank's file of the month pays everything that is open.
    fn collect(&mut self, conn: &mut Conn, real: &RealCompany, on: Date) -> Result<(), TownError> {
        let mut owed = std::collections::BTreeMap::<i64, Money>::new();
        for debt in open_debts(conn, Range { from: 1, to: i64::MAX })? {
            *owed.entry(debt.receivable.account_id).or_default() +=
                debt.receivable.open + debt.fee.map_or(Money::ZERO, |fee| fee.open);
        }
        let mut text = String::from("external_id,account_no,amount,value_on,payer\n");
        let mut lines = 0;
        for (account_id, amount) in owed.into_iter().filter(|(_, amount)| *amount > Money::ZERO) {
            let number = &real.company.supplies[account_id as usize - 1].account_no;
            text.push_str(&format!("B{}{account_id:07},{number},{amount},{on},\n", on.strftime("%Y%m%d")));
            lines += 1;
        }
        if lines == 0 {
            return Ok(());
        }
        let id = format!("BF{}", on.strftime("%Y%m%d"));
        let file = File { name: format!("{id}.csv"), bytes: text.into_bytes() };
        let work = self.crew.work(&self.accountant, on);
        let imported = import_collection(conn, &work, &file, (&id, "bank"), on)
            .map_err(|error| TownError::Data { file: file.name.clone(), reason: error.to_string() })?;
        *self.tally.entry("bank_line:posted".to_owned()).or_default() += imported.posted as u64;
        Ok(())
    }
}

fn row(line: u64, planned: &Planned) -> ReadingRow {
    ReadingRow {
        line,
        account_no: Some(planned.account_no.clone()),
        meter_no: Some(planned.meter_no.clone()),
        registers: planned.set,
        source: Source::Remote,
        taken_at: None,
        taken_by: None,
    }
}

/// 缺采待办: one task for every gap of the data.
fn gap_task(real: &RealCompany, account_no: &str, gap: &Gap) -> NewTask {
    let account_id = real.account_id(account_no);
    let (from, to) = (shifted_moment(gap.from), shifted_moment(gap.to));
    NewTask {
        account_id,
        kind: "interval_gap",
        subject: format!("gap:{from}"),
        codes: "interval_gap".to_owned(),
        detail: Bilingual::new(
            format!("缺{}个半小时数据: {from} 至 {to}", gap.missing),
            format!("{} half hours are missing, from {from} to {to}", gap.missing),
        ),
        owner_role: "verifier",
        opened_on: shifted_moment(gap.to).day(),
        due_on: None,
    }
}
