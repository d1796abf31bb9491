//! 建档: the company that the real data make: who is supplied on which terms, and what the meters show.

use super::registers::{HomeMeter, daily_meter, home_meter, quarter_meter, shifted};
use super::samples::{Gap, Quarter, Series, long_table, quarters, wide_table};
use crate::clocks::Clocks;
use crate::company::{Company, Contract, Hung, Org, Route, Staff, Supply};
use crate::error::TownError;
use crate::schedule::{Planned, Schedule};
use crate::simulate::next_size;
use denghuo_rules::calendar::Month;
use denghuo_rules::metering::RegisterSet;
use denghuo_rules::registry::{
    Category, CustomerKind, Importance, OrgKind, PfStandard, Scheme, StaffRole, SupplyTerms, Voltage,
};
use denghuo_rules::tariff::DayBands;
use denghuo_rules::units::{Capacity, Energy, Rounding};
use jiff::civil::Date;
use std::path::Path;

/// Years by which the files are moved into the time of the published prices.
const ENTERPRISE_YEARS: i16 = 10;
const STEEL_YEARS: i16 = 7;
pub(super) const LONG_HOME_YEARS: i16 = 12;
const SHORT_HOME_YEARS: i16 = 17;
/// Accounts of a route.
const PER_ROUTE: usize = 350;

/// What the data are and how they were moved; the words of the report.
pub const ASSUMPTIONS: &[(&str, &str)] = &[
    (
        "整年平移日历: 企业2015–2016年→2025–2026年, 钢厂2018年→2025年, 50户2012–2014年→2024–2026年, 622户2009年→2026年; 2016-02-29的电量计入28日",
        "The calendar is moved by whole years: enterprises 2015–2016 to 2025–2026, steel plant 2018 to 2025, 50 homes 2012–2014 to 2024–2026, 622 homes 2009 to 2026; the energy of 2016-02-29 stands with the 28th",
    ),
    (
        "无电价表的月份一律用江苏2026年8月表 (本单位规则 site.price_fallback.2026-08, 可信度L)",
        "Months without a published table use that of Jiangsu for August 2026 (site rule site.price_fallback.2026-08, confidence L)",
    ),
    (
        "企业容量: 不小于最大日电量平均负荷两倍的标准变压器; 不足100kVA低压单一制, 100kVA起10kV单一制, 315kVA起两部制按容量, 超过10000kVA为35kV, 超过50000kVA为110kV; 日电量无时段, 不执行分时; 无无功, 不考核功率因数; 文件以1代0, 照算",
        "Enterprises: the standard transformer of at least twice the mean load of the largest day; below 100 kVA low voltage single-part, from 100 kVA 10 kV single-part, from 315 kVA two-part by capacity, above 10,000 kVA at 35 kV, above 50,000 kVA at 110 kV; daily totals have no hours, so no time of use; no reactive energy, so no power factor; the file writes 1 for 0, billed as it stands",
    ),
    (
        "居民: 半小时数据按时段开始计; 单号户按分时, 双号户不分时; 每月1日0:00抄表, 首个完整日装表, 最后一个1日销户",
        "Homes: the moments of the half hours are read as their begin; every second home is on time of use; read at 0:00 of the first of each month, installed on the first whole day, closed on the last first of a month",
    ),
    (
        "缺采时段不补: 示数停在缺采前; 缺采覆盖的抄表为漏抄, 暂计后于下次实抄结清, 上期无电量的不暂计而待下次实抄; 每处缺采立一张待办",
        "Gaps are not filled: the register stands still over them; a reading that falls into one is missed, billed provisionally and settled at the next reading (after a period without use it waits for that reading instead); every gap is a task",
    ),
    (
        "钢厂: 按江苏时段分时, 两部制按实际最大需量, 15分钟最大需量, 正向无功=滞后, 反向无功=超前, 考核标准0.90",
        "Steel plant: time of use by Jiangsu's periods, two-part by actual maximum demand of quarter hours, forward reactive = lagging, reverse = leading, standard 0.90",
    ),
];

/// The company of the real data, with what its meters show and where the data have gaps.
#[derive(Debug, Default)]
pub struct RealCompany {
    /// What is set up before the first day.
    pub company: Company,
    /// What comes in.
    pub schedule: Schedule,
    /// Readings that fall into a gap: account number and day.
    pub unread: Vec<(String, Date)>,
    /// Every gap of the half-hourly homes.
    pub gaps: Vec<(String, Gap)>,
    /// Intervals of the half-hourly homes that were read.
    pub intervals: usize,
    /// Consumption by data set: in the files, and between the first and the last reading.
    pub measured: Vec<(&'static str, Energy, Energy)>,
}

/// Reads the folder and makes the company.
///
/// # Errors
/// The folder or a file of it cannot be read.
pub fn company(folder: &Path, clocks: &Clocks, steel_day: &DayBands) -> Result<RealCompany, TownError> {
    let mut real = RealCompany::default();
    offices(&mut real.company);
    real.enterprises(&wide_table(folder, "tianchi_yangzhong_enterprise_daily_kwh.csv.gz")?);
    real.steel(&quarters(folder, "uci_steel_plant_15min.csv.gz")?, steel_day);
    let long = long_table(folder, "sgsc50_homes_halfhourly.csv.gz")?;
    real.intervals = long.iter().map(|series| series.samples.len()).sum();
    real.homes(&long, ("home_long", "S", LONG_HOME_YEARS), clocks);
    let short = wide_table(folder, "edrp_scotland_622homes_halfhourly.csv.gz")?;
    real.homes(&short, ("home_short", "", SHORT_HOME_YEARS), clocks);
    Ok(real)
}

fn offices(company: &mut Company) {
    company.orgs =
        vec![Org {
            code: "32000".into(), name: "实数供电公司".into(), kind: OrgKind::Company, parent: None
        }];
    let roles = [
        StaffRole::Manager,
        StaffRole::Reader,
        StaffRole::Verifier,
        StaffRole::Verifier,
        StaffRole::Cashier,
        StaffRole::Accountant,
    ];
    company.staff =
        (1..).zip(roles).map(|(n, role)| Staff { code: format!("S{n:03}"), org: 1, role }).collect();
}

impl RealCompany {
    /// The number of an account by its account number; 0 when it is none of ours.
    #[must_use]
    pub fn account_id(&self, account_no: &str) -> i64 {
        let at = self.company.supplies.iter().position(|supply| supply.account_no == account_no);
        at.map_or(0, |at| at as i64 + 1)
    }

    fn enterprises(&mut self, all: &[Series]) {
        self.measured.push(("enterprise", total(all), Energy::ZERO));
        for (n, series) in all.iter().enumerate() {
            let largest = series.samples.iter().map(|sample| sample.energy.0).max().unwrap_or(0);
            let terms = enterprise_terms(next_size(2 * largest / (24 * 10_000)));
            let (ct, pt) =
                if terms.voltage == Voltage::Low { ((100, 5), (1, 1)) } else { ((50, 5), (10_000, 100)) };
            let mut hung =
                meter(&format!("M-E{}", series.code), 6, RegisterSet::total_only(Date::MIN, Energy::ZERO));
            (hung.ct, hung.pt) = (ct, pt);
            let readings = daily_meter(series, ENTERPRISE_YEARS, hung.multiplier());
            let route = self.route("企业", n, readings.first().map(|set| set.on));
            let account_no = format!("3210{:06}", n + 1);
            self.add(&account_no, &format!("企业{}", series.code), route, terms, hung, &readings);
        }
    }

    fn steel(&mut self, quarters: &[Quarter], day: &DayBands) {
        self.measured.push(("steel", quarters.iter().map(|quarter| quarter.active).sum(), Energy::ZERO));
        let terms = SupplyTerms {
            category: Category::Commercial,
            voltage: Voltage::Kv10,
            scheme: Scheme::ActualDemand,
            time_of_use: true,
            capacity: Capacity::kva(1_000),
            pf_standard: PfStandard::P90,
            ..SupplyTerms::household()
        };
        let mut hung = meter("M-STEEL", 6, RegisterSet::total_only(Date::MIN, Energy::ZERO));
        (hung.ct, hung.pt) = ((50, 5), (10_000, 100));
        let readings = quarter_meter(quarters, STEEL_YEARS, day, hung.multiplier());
        let route = self.route("钢厂", 0, readings.first().map(|set| set.on));
        self.add("3290000001", "钢厂", route, terms, hung, &readings);
        self.close_last(readings.last().map(|set| set.on));
    }

    fn homes(&mut self, all: &[Series], (class, prefix, years): (&'static str, &str, i16), clocks: &Clocks) {
        self.measured.push((class, total(all), Energy::ZERO));
        for (n, series) in all.iter().enumerate() {
            let account_no = format!("37{}{:07}", if class == "home_long" { 1 } else { 2 }, n + 1);
            self.gaps.extend(series.gaps().into_iter().map(|gap| (account_no.clone(), gap)));
            let by_time = n % 2 == 0;
            let Some(HomeMeter { opening, readings }) = home_meter(series, years, by_time.then_some(clocks))
            else {
                continue;
            };
            let terms = SupplyTerms { time_of_use: by_time, ..SupplyTerms::household() };
            let hung = meter(&format!("M-{prefix}{}", series.code), 6, opening);
            let first =
                all.iter().filter_map(|s| s.samples.first()).map(|s| shifted(s.at.day(), years)).min();
            let route = self.route(class, n, first);
            let taken: Vec<RegisterSet> = readings.iter().filter_map(|(_, set)| *set).collect();
            self.unread.extend(
                readings.iter().filter(|(_, set)| set.is_none()).map(|(on, _)| (account_no.clone(), *on)),
            );
            let sets: Vec<RegisterSet> = std::iter::once(opening).chain(taken).collect();
            self.add(&account_no, &format!("居民{}", series.code), route, terms, hung, &sets);
            self.close_last(readings.last().map(|(on, _)| *on));
        }
    }

    /// The number of the route for the n-th account of a data set.
    fn route(&mut self, name: &str, n: usize, first_on: Option<Date>) -> i64 {
        if n.is_multiple_of(PER_ROUTE) {
            let first = first_on.map_or(202501, |on| Month::of(on).plus(1).yyyymm());
            self.company.routes.push(Route {
                name: format!("{name}{}", n / PER_ROUTE + 1),
                org: 1,
                reader: 2,
                verifier: 3,
                read_day: 1,
                first_month: first,
            });
        }
        self.company.routes.len() as i64
    }

    /// An account whose meter opens with the first of the readings; the others come in on their days.
    fn add(
        &mut self,
        account_no: &str,
        name: &str,
        route: i64,
        terms: SupplyTerms,
        mut hung: Hung,
        readings: &[RegisterSet],
    ) {
        let Some((opening, later)) = readings.split_first() else { return };
        hung.opening = *opening;
        if let (Some((_, _, read)), Some(closing)) = (self.measured.last_mut(), later.last()) {
            *read += (closing.total - opening.total).times(hung.multiplier(), Rounding::HalfUp);
        }
        for set in later {
            let planned =
                Planned { account_no: account_no.to_owned(), meter_no: hung.meter_no.clone(), set: *set };
            self.schedule.entry(set.on).or_default().push(planned);
        }
        let home = terms.category == Category::Household;
        self.company.supplies.push(Supply {
            account_no: account_no.to_owned(),
            name: name.to_owned(),
            kind: if home { CustomerKind::Person } else { CustomerKind::Enterprise },
            industry: None,
            address: format!("{name}地址"),
            route,
            district: None,
            estate: None,
            importance: Importance::Ordinary,
            protection: None,
            opened_on: opening.on,
            closed_on: None,
            terms: vec![(opening.on, terms)],
            contract: Contract { late_fee_clause: true, ..Contract::default() },
            mobile: None,
            meters: vec![hung],
        });
    }

    fn close_last(&mut self, on: Option<Date>) {
        if let Some(last) = self.company.supplies.last_mut() {
            last.closed_on = on;
        }
    }
}

fn total(all: &[Series]) -> Energy {
    all.iter().flat_map(|series| &series.samples).map(|sample| sample.energy).sum()
}

fn meter(meter_no: &str, digits: u8, opening: RegisterSet) -> Hung {
    Hung { meter_no: meter_no.to_owned(), digits, ct: (1, 1), pt: (1, 1), opening, closing: None }
}

/// The stated rule from size to terms.
fn enterprise_terms(capacity: Capacity) -> SupplyTerms {
    let two_part = capacity >= Capacity::kva(315);
    SupplyTerms {
        category: Category::Commercial,
        voltage: match capacity.0 / 10_000 {
            ..100 => Voltage::Low,
            100..=10_000 => Voltage::Kv10,
            10_001..=50_000 => Voltage::Kv35,
            _ => Voltage::Kv110,
        },
        scheme: if two_part { Scheme::Capacity } else { Scheme::SinglePart },
        capacity,
        ..SupplyTerms::household()
    }
}
