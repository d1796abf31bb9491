//! 经历: the town lives through its history, one business day after another.

use super::aims::Aims;
use super::build::Town;
use super::meters::Meters;
use super::money::Till;
use super::oversight::Oversight;
use super::recovery::Recovery;
use super::{Plan, Resident};
use crate::clocks::Clocks;
use crate::crew::{Crew, Tally};
use crate::days::{Watch, run};
use crate::error::TownError;
use crate::site;
use crate::summary::Summary;
use denghuo_office::billing::standing_release_grant;
use denghuo_office::payments::close_day;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::registry::StaffRole;
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_rules::units::Money;
use denghuo_store::Store;
use jiff::civil::Date;

/// Bills up to this amount are released by standing order.
const STANDING_LIMIT: Money = Money::yuan(20_000);

/// Days before the end of the history from which on doubts and held bills are left to those who work on.
const LEFT_OPEN: i64 = 13;

/// Makes the town of a plan and lets it live to the end of its history.
///
/// # Errors
/// The database holds accounts already; a missing rule; the database's.
pub fn simulate(store: &Store, plan: &Plan, watch: &dyn Watch) -> Result<Summary, TownError> {
    let mut conn = store.connect()?;
    crate::company::must_be_empty(&mut conn)?;
    site::settle(&mut conn)?;
    let book = site::book();
    let selector = Selector::in_jurisdictions(&site::JURISDICTIONS.split(',').collect::<Vec<_>>());
    let clocks = Clocks::of(&book, &selector, plan.until)?;
    let Town { company, mut residents } = Town::draw(plan, &clocks);
    let first = plan.first_month().first_day();
    let founded = plan.first_month().plus(-1).first_day();
    let classes: Vec<_> = residents.iter().map(|r| (r.class.word(), r.class.zh())).collect();
    let payers: Vec<Resident> = residents.clone();
    let crew = crew_of(&company, &book, selector);
    company.found(&mut conn, &crew.work("system", founded), founded)?;
    let cashier = company.staff_code(StaffRole::Cashier).to_owned();
    let accountant = company.staff_code(StaffRole::Accountant).to_owned();
    let till = Till { crew: &crew, cashier, accountant };
    standing_release_grant(&mut conn, &crew.work(&crew.manager, first), 1, first, STANDING_LIMIT)?;
    let readers: Vec<String> = company.staff.iter().map(|person| person.code.clone()).collect();
    let mut meters = Meters::new(&mut residents, &clocks, plus_days(plan.until, -LEFT_OPEN));
    let people = (
        company.staff_code(StaffRole::Collector),
        company.staff_code(StaffRole::Inspector),
        company.staff_code(StaffRole::Legal),
    );
    let mut recovery = Recovery::new(&till, &payers, people, (plan.seed, plan.until));
    let mut aims = Aims::new(&crew, &company, plan.until);
    let oversight = Oversight::new(&company, first, plan.until);
    let mut tally = Tally::new();
    let mut days = 0;
    let mut on = first;
    watch.begin(denghuo_rules::calendar::days_between(first, plan.until) as u64 + 1);
    while on <= plan.until {
        aims.morning(&mut conn, on, &mut tally)?;
        crew.register(&mut conn, &meters.read(&company.routes, &readers, on), on)?;
        till.day(&mut conn, &payers, on, &mut tally)?;
        recovery.day(&mut conn, on, &mut tally)?;
        oversight.day(&mut conn, &crew, on)?;
        run(store, &crew, on)?;
        super::voices::say(&mut conn, &crew, (plan.seed, plan.accounts), (on, plan.until), &mut tally)?;
        recovery.send(&mut conn, on, &mut tally)?;
        if on < plus_days(plan.until, -LEFT_OPEN) {
            crew.answer(&mut conn, on, &mut meters, &mut tally)?;
            crew.release(&mut conn, on, &mut tally)?;
        }
        if on == on.last_of_month() {
            close_month(&mut conn, &till, on)?;
        }
        watch.day(on);
        days += 1;
        on = plus_days(on, 1);
    }
    recovery.morning(&mut conn, on, &mut tally)?;
    aims.after(&mut conn, on, &mut tally)?;
    for (fault, count) in &meters.faults {
        tally.insert(format!("fault:{}", fault.word()), *count);
    }
    Ok(Summary::gather(&mut conn, &crew.work("system", plan.until), (plan.until, days), &classes, tally)?)
}

fn crew_of<'b>(company: &crate::company::Company, book: &'b Rulebook, site: Selector) -> Crew<'b> {
    Crew {
        book,
        site,
        verifier: company.staff_code(StaffRole::Verifier).to_owned(),
        manager: company.staff_code(StaffRole::Manager).to_owned(),
    }
}

fn close_month(conn: &mut denghuo_store::Conn, till: &Till<'_, '_>, on: Date) -> Result<(), TownError> {
    close_day(conn, &till.crew.work(&till.accountant, on), "all", None, on)?;
    Ok(())
}
