//! 建档: the town's company, drawn from the seed.

use super::Plan;
use super::class::Class;
use super::resident::Resident;
use crate::clocks::Clocks;
use crate::company::{Company, Contract, District, Estate, Org, Route, Staff, Supply};
use crate::lots::{Lots, Topic};
use denghuo_rules::calendar::Month;
use denghuo_rules::registry::{Importance, OrgKind, Protection, StaffRole};
use denghuo_rules::units::Capacity;
use jiff::civil::Date;

/// Accounts of a district.
const PER_DISTRICT: i64 = 120;
/// Accounts of an estate that live in it.
const PER_ESTATE: i64 = 90;

/// The town: its company, and its people as they live.
#[derive(Debug)]
pub struct Town {
    /// What is set up before the first day.
    pub company: Company,
    /// Every account as it lives, in the order of its number.
    pub residents: Vec<Resident>,
}

impl Town {
    /// The town of a plan.
    #[must_use]
    pub fn draw(plan: &Plan, clocks: &Clocks) -> Self {
        let mut company = offices();
        let per_route = per_route(plan.accounts);
        let routes = (plan.accounts + per_route - 1) / per_route;
        company.routes = (1..=routes).map(|n| route(n, routes, plan.first_month())).collect();
        company.districts = (1..=plan.accounts / PER_DISTRICT + 1).map(district).collect();
        company.estates = (1..=plan.accounts / PER_ESTATE + 1).map(|n| estate(plan.seed, n)).collect();
        let residents: Vec<Resident> = (1..=plan.accounts)
            .map(|id| {
                let route = (id - 1) / per_route + 1;
                let read_on = read_before(&company.routes[route as usize - 1], plan.first_month());
                Resident::draw(id, route, read_on, plan, clocks)
            })
            .collect();
        company.supplies = residents.iter().map(|resident| supply(resident, plan)).collect();
        Self { company, residents }
    }
}

/// Between 200 and 500 accounts a route in a town of some size; small towns have smaller routes.
fn per_route(accounts: i64) -> i64 {
    (accounts / 8).clamp(20, 350)
}

/// The day of the reading before the history begins.
fn read_before(route: &Route, first: Month) -> Date {
    first.plus(-1).day_or_last(route.read_day as i8)
}

fn offices() -> Company {
    let unit =
        |code: &str, name: &str, kind, parent| Org { code: code.into(), name: name.into(), kind, parent };
    let orgs = vec![
        unit("37000", "灯火县供电公司", OrgKind::Company, None),
        unit("37001", "城关供电所", OrgKind::Station, Some(1)),
        unit("37002", "河东供电所", OrgKind::Station, Some(1)),
        unit("37003", "城关抄表班", OrgKind::Team, Some(2)),
        unit("37004", "河东抄表班", OrgKind::Team, Some(3)),
        unit("37005", "核算班", OrgKind::Team, Some(1)),
        unit("37006", "营业厅", OrgKind::Hall, Some(1)),
    ];
    let people = [
        (StaffRole::Manager, 1, 2),
        (StaffRole::Reader, 4, 4),
        (StaffRole::Reader, 5, 4),
        (StaffRole::Verifier, 6, 3),
        (StaffRole::Cashier, 7, 3),
        (StaffRole::Collector, 4, 2),
        (StaffRole::Accountant, 1, 2),
        (StaffRole::Inspector, 1, 1),
        (StaffRole::Legal, 1, 1),
        (StaffRole::Agent, 7, 2),
        (StaffRole::Manager, 2, 1),
        (StaffRole::Collector, 5, 1),
        (StaffRole::Inspector, 4, 1),
    ];
    let roles = people.iter().flat_map(|(role, org, count)| std::iter::repeat_n((*role, *org), *count));
    let staff =
        (1..).zip(roles).map(|(n, (role, org))| Staff { code: format!("S{n:03}"), org, role }).collect();
    Company { orgs, staff, ..Company::default() }
}

/// Read days are spread over the month, but for its last days.
fn route(number: i64, routes: i64, first: Month) -> Route {
    let org = if number % 2 == 1 { 4 } else { 5 };
    Route {
        name: format!("抄表段{number:03}"),
        org,
        // Readers are 3 to 10, verifiers 11 to 13.
        reader: 3 + (number - 1) % 8,
        verifier: 11 + number % 3,
        read_day: 1 + (number - 1) * 28 / routes.max(1),
        first_month: first.yyyymm(),
    }
}

fn district(number: i64) -> District {
    let capacity = Capacity::kva([200, 400, 630][number as usize % 3]);
    District { name: format!("{number:03}号台区"), org: 2 + number % 2, capacity }
}

fn estate(seed: u64, number: i64) -> Estate {
    let mut lots = Lots::of(seed, Topic::Account, -number, 0);
    Estate {
        name: format!("{}{}", lots.pick(&["阳光", "和谐", "滨河", "锦绣", "翠竹"]), number),
        households: lots.between(30, 900),
        property_company: format!("第{}物业公司", lots.between(1, 6)),
        developer: format!("第{}房地产公司", lots.between(1, 4)),
    }
}

fn supply(resident: &Resident, plan: &Plan) -> Supply {
    let mut lots = Lots::of(plan.seed, Topic::Account, resident.id, 1);
    let class = resident.class;
    let (kind, industry) = class.customer(&mut lots);
    let estate = class.is_home().then(|| (resident.id - 1) / PER_ESTATE + 1);
    Supply {
        account_no: resident.account_no.clone(),
        name: format!("{}{:06}", class.zh(), resident.id),
        kind,
        industry: industry.map(str::to_owned),
        address: format!("灯火县{}路{}号", lots.pick(&["人民", "解放", "建设", "新华"]), resident.id),
        route: resident.route,
        district: Some((resident.id - 1) / PER_DISTRICT + 1),
        estate,
        importance: if class.is_two_part() && lots.per_mille(80) {
            Importance::Second
        } else {
            Importance::Ordinary
        },
        protection: protection(class, &mut lots),
        opened_on: resident.since,
        closed_on: None,
        terms: resident.terms.clone(),
        contract: contract(class, &mut lots),
        mobile: lots.per_mille(930).then(|| format!("139{:08}", resident.id)),
        meters: resident.meters.iter().map(|(hung, _)| hung.clone()).collect(),
    }
}

fn protection(class: Class, lots: &mut Lots) -> Option<Protection> {
    match class {
        Class::Home | Class::LargeFamily if lots.per_mille(6) => Some(Protection::Medical),
        Class::Home | Class::LargeFamily if lots.per_mille(25) => Some(Protection::LowIncome),
        Class::Communal => Some(Protection::School),
        _ => None,
    }
}

fn contract(class: Class, lots: &mut Lots) -> Contract {
    Contract {
        due_day: (!class.is_home()).then_some(28),
        late_fee_clause: !class.is_home() || lots.per_mille(800),
        instalments: (class.is_two_part() && lots.per_mille(300)).then_some("10:0.5;25:0.5"),
        guarantee: (class.is_two_part() && lots.per_mille(250)).then_some("银行保函"),
    }
}
