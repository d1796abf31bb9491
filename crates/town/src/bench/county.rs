//! The county of the benchmark, written in bulk.

use denghuo_rules::calendar::Month;
use denghuo_rules::metering::{Entry, History, Mark, RegisterSet, Shown, Source};
use denghuo_rules::registry::{Category, Scheme, SupplyTerms};
use denghuo_rules::units::{Capacity, Energy, Money, Ratio};
use denghuo_store::billing::{self, StandingRelease, StateRow};
use denghuo_store::ledger::{self, Balance};
use denghuo_store::metering::{self, NewReading};
use denghuo_store::registry::{
    self, Account, Customer, Installation, Meter, Org, Point, Route, Staff, Terms,
};
use denghuo_store::{Conn, StoreError, site};
use jiff::civil::{Date, date};
use std::ops::RangeInclusive;

/// The day on which every account is read.
pub const READ_ON: Date = date(2026, 8, 31);
/// The day after, on which one account in a hundred more is read.
pub const SMALL_DAY: Date = date(2026, 9, 1);

const BILLED_TO: [Date; 2] = [date(2026, 8, 1), date(2026, 8, 2)];
pub(super) const OPENED_ON: Date = date(2020, 1, 1);
/// Accounts of a route.
const ROUTE: i64 = 500;
/// Accounts written at a time.
const CHUNK: i64 = 20_000;
/// The manager who grants the standing order to release.
const MANAGER: &str = "S900";
/// The cashier.
pub const CASHIER: &str = "S901";

/// What was made.
#[derive(Clone, Copy, Debug)]
pub struct County {
    /// Accounts that are read on [`READ_ON`].
    pub accounts: i64,
    /// Accounts that are read on [`SMALL_DAY`]: one in a hundred.
    pub small: i64,
}

/// Makes the county in an empty database.
///
/// # Errors
/// The database's.
pub fn build(conn: &mut Conn, accounts: i64) -> Result<County, StoreError> {
    let county = County { accounts, small: (accounts / 100).max(1) };
    site::put(conn, "jurisdictions", "cn,sgcc,cn-sd,sgcc-jiangsu,site")?;
    conn.write(|conn| organisation(conn, &county))?;
    let last = county.accounts + county.small;
    let mut first = 1;
    while first <= last {
        let chunk = first..=(first + CHUNK - 1).min(last);
        conn.write(|conn| accounts_of(conn, &county, chunk.clone()))?;
        first += CHUNK;
    }
    Ok(county)
}

impl County {
    /// The route of an account: full routes for the great day, then those of the small one.
    fn route(&self, account: i64) -> i64 {
        if account <= self.accounts {
            (account - 1) / ROUTE + 1
        } else {
            self.routes() + (account - self.accounts - 1) / ROUTE + 1
        }
    }

    fn routes(&self) -> i64 {
        (self.accounts - 1) / ROUTE + 1
    }

    fn is_small(&self, account: i64) -> bool {
        account > self.accounts
    }
}

fn organisation(conn: &mut Conn, county: &County) -> Result<(), StoreError> {
    let org =
        Org {
            org_id: 1, code: "C01".into(), name: "县公司".into(), kind: "company".into(), parent_id: None
        };
    registry::insert_orgs(conn, &[org])?;
    let staff = [(1, MANAGER, "manager"), (99, CASHIER, "cashier")].map(|(staff_id, code, role)| Staff {
        staff_id,
        code: code.into(),
        name: code.into(),
        org_id: 1,
        role: role.into(),
        phone: None,
        from_on: OPENED_ON,
        until_on: None,
    });
    registry::insert_staff(conn, &staff)?;
    let last = county.route(county.accounts + county.small);
    let routes: Vec<Route> = (1..=last)
        .map(|route_id| Route {
            route_id,
            code: format!("R{route_id:05}"),
            name: format!("{route_id}段"),
            org_id: 1,
            reader_id: None,
            verifier_id: None,
            read_day: if route_id > county.routes() { 1 } else { 31 },
            cycle_months: 1,
            first_month: if route_id > county.routes() { 202_609 } else { 202_608 },
        })
        .collect();
    registry::insert_routes(conn, &routes)?;
    billing::grant_standing_release(
        conn,
        &StandingRelease {
            org_id: 1,
            from_on: OPENED_ON,
            until_on: None,
            granted_by: MANAGER.into(),
            max_bill: Money::yuan(1_000_000),
        },
    )
}

/// What kind of account it is, by its number alone.
fn terms_of(account: i64) -> SupplyTerms {
    let mut terms = SupplyTerms::household();
    if account % 50 == 0 {
        terms.category = Category::Commercial;
        terms.scheme = Scheme::SinglePart;
        terms.time_of_use = true;
        terms.capacity = Capacity::kva(80);
    } else if account % 12 == 0 {
        terms.time_of_use = true;
    }
    terms
}

/// Energy of a month: the same account always uses about the same.
pub(super) fn kwh_of(account: i64, month: i32) -> i64 {
    let base = 80 + account * 7919 % 240;
    let scale = if account % 50 == 0 { 8 } else { 1 };
    (base + i64::from(month) * 31 % 17) * scale
}

fn accounts_of(conn: &mut Conn, county: &County, chunk: RangeInclusive<i64>) -> Result<(), StoreError> {
    let ids: Vec<i64> = chunk.collect();
    let all = |make: &dyn Fn(i64) -> Account| ids.iter().map(|id| make(*id)).collect::<Vec<_>>();
    let customers: Vec<Customer> = ids.iter().map(|id| customer(*id)).collect();
    registry::insert_customers(conn, &customers)?;
    registry::insert_accounts(conn, &all(&|id| account(county, id)))?;
    let meters: Vec<Meter> = ids.iter().map(|id| meter(*id)).collect();
    registry::insert_meters(conn, &meters)?;
    let points: Vec<Point> = ids
        .iter()
        .map(|id| Point { account_id: *id, point_no: 1, relation: "main".into(), address: None })
        .collect();
    registry::insert_points(conn, &points)?;
    let installations: Vec<Installation> = ids.iter().map(|id| installation(*id)).collect();
    registry::insert_installations(conn, &installations)?;
    let terms: Vec<Terms> = ids
        .iter()
        .map(|id| Terms { account_id: *id, from_on: OPENED_ON, until_on: None, terms: terms_of(*id) })
        .collect();
    registry::insert_terms(conn, &terms)?;
    let readings: Vec<NewReading> = ids.iter().flat_map(|id| readings(county, *id)).collect();
    metering::write_readings(conn, &readings)?;
    let states: Vec<StateRow> = ids.iter().map(|id| state(county, *id)).collect();
    billing::save_states(conn, &states)?;
    let balances: Vec<Balance> = ids.iter().map(|id| Balance::new(*id)).collect();
    ledger::save_balances(conn, &balances)
}

fn customer(id: i64) -> Customer {
    Customer {
        customer_id: id,
        code: format!("K{id:08}"),
        name: format!("客户{id}"),
        kind: "person".into(),
        identity_no: None,
        industry: None,
    }
}

fn account(county: &County, id: i64) -> Account {
    Account {
        account_id: id,
        account_no: format!("37{id:08}"),
        customer_id: id,
        org_id: 1,
        route_id: county.route(id),
        district_id: None,
        estate_id: None,
        address: format!("{}号", id),
        importance: "ordinary".into(),
        protection: None,
        opened_on: OPENED_ON,
        closed_on: None,
    }
}

fn meter(id: i64) -> Meter {
    Meter { meter_id: id, meter_no: format!("M{id:010}"), model: None, digits: 6, rated_current: None }
}

fn installation(id: i64) -> Installation {
    Installation {
        account_id: id,
        installation_no: 1,
        point_no: 1,
        meter_id: id,
        installed_on: OPENED_ON,
        removed_on: None,
        ct: None,
        pt: None,
        multiplier: Ratio::ONE,
        digits: 6,
    }
}

fn readings(county: &County, id: i64) -> [NewReading; 2] {
    let (from, to) = if county.is_small(id) { (BILLED_TO[1], SMALL_DAY) } else { (BILLED_TO[0], READ_ON) };
    let last = 1000 + id * 37 % 5000;
    let used = kwh_of(id, 8);
    let terms = terms_of(id);
    let reading = |on: Date, total: i64| {
        let mut registers = RegisterSet::total_only(on, Energy::kwh(total));
        if terms.time_of_use {
            registers.bands = bands_of(terms.category, total).map(|kwh| kwh.map(Energy::kwh));
        }
        let shown = Shown { installation_no: 1, source: Source::Remote, registers };
        NewReading { account_id: id, version: 1, shown, taken_at: None, taken_by: None }
    };
    [reading(from, last), reading(to, last + used)]
}

/// Shops use energy at sharp, peak, flat and valley hours in the shares 1 : 3 : 3 : 3; homes know peak and valley only, 6 : 4.
fn bands_of(category: Category, total: i64) -> [Option<i64>; 5] {
    let (sharp, peak, flat) = match category {
        Category::Household => (None, total * 6 / 10, None),
        _ => (Some(total / 10), total * 3 / 10, Some(total * 3 / 10)),
    };
    let valley = total - peak - sharp.unwrap_or(0) - flat.unwrap_or(0);
    [sharp, Some(peak), flat, Some(valley), None]
}

fn state(county: &County, id: i64) -> StateRow {
    let newest = Month::of(READ_ON).plus(-1);
    let mut history = History::empty(newest);
    for back in 0..12 {
        let month = newest.plus(-back);
        history.set(month, Entry::new(Energy::kwh(kwh_of(id, month.month().into())), 31, Mark::REAL));
    }
    StateRow {
        account_id: id,
        next_bill_no: 1,
        billed_to: BILLED_TO[usize::from(county.is_small(id))],
        tier_year: 2026,
        tier_used: Energy::kwh(kwh_of(id, 7) * 7),
        provisional_runs: 0,
        zero_runs: 0,
        history: history.to_bytes().to_vec(),
    }
}
