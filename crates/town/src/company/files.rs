//! 导入文件: a company as the files that the import takes, one kind after another.

use super::{Company, Hung, Supply};
use crate::error::TownError;
use denghuo_office::import::{RowError, Source};
use denghuo_office::registry::{Request, import_kind};
use denghuo_office::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::metering::RegisterSet;
use denghuo_rules::registry::{ContactKind, FixedPart, PointRelation, TransformerLoss};
use denghuo_store::Conn;
use denghuo_store::registry as rows;
use jiff::civil::Date;

/// A file that grows row by row.
struct Table {
    kind: &'static str,
    text: String,
}

impl Table {
    fn new(kind: &'static str, header: &str) -> Self {
        Self { kind, text: format!("{header}\n") }
    }

    /// Our own words hold neither commas nor quotes.
    fn row(&mut self, cells: &[&str]) {
        self.text.push_str(&cells.join(","));
        self.text.push('\n');
    }
}

impl Company {
    /// Imports the whole company in one transaction.
    ///
    /// # Errors
    /// A file that the import refuses; the database's.
    pub fn found(&self, conn: &mut Conn, work: &Work<'_>, founded_on: Date) -> Result<(), TownError> {
        conn.write(|conn| {
            for table in self.tables(founded_on) {
                let source = Source { name: format!("{}.csv", table.kind), bytes: table.text.into_bytes() };
                let request = Request { work, on: founded_on, batch: None };
                import_kind(conn, &request, table.kind, &source)
                    .map_err(|error| TownError::Data { file: source.name.clone(), reason: told(&error) })?;
            }
            self.later_terms(conn)
        })
    }

    fn tables(&self, founded_on: Date) -> Vec<Table> {
        let mut all = self.units(founded_on);
        all.extend(self.places());
        all.extend(self.accounts());
        all.extend(self.meters());
        all
    }

    fn units(&self, founded_on: Date) -> Vec<Table> {
        let mut orgs = Table::new("orgs", "code,name,kind,parent");
        for org in &self.orgs {
            let parent = org.parent.map_or("", |number| &self.orgs[number as usize - 1].code);
            orgs.row(&[&org.code, &org.name, org.kind.word(), parent]);
        }
        let mut staff = Table::new("staff", "code,org,role,from");
        for person in &self.staff {
            staff.row(&[
                &person.code,
                self.org_code(person.org),
                person.role.word(),
                &founded_on.to_string(),
            ]);
        }
        vec![orgs, staff]
    }

    fn places(&self) -> Vec<Table> {
        let mut routes =
            Table::new("routes", "code,name,org,reader,verifier,read_day,cycle_months,first_month");
        for (number, route) in (1..).zip(&self.routes) {
            let person = |number: i64| self.staff[number as usize - 1].code.as_str();
            let first = format!("{}-{:02}", route.first_month / 100, route.first_month % 100);
            let read_day = route.read_day.to_string();
            let org = self.org_code(route.org);
            let (reader, verifier) = (person(route.reader), person(route.verifier));
            routes.row(&[&route_code(number), &route.name, org, reader, verifier, &read_day, "1", &first]);
        }
        let mut districts = Table::new("districts", "code,name,org,feeder,capacity_kva");
        for (number, place) in (1..).zip(&self.districts) {
            let feeder = format!("10kV-{:02}", number % 12 + 1);
            let capacity = place.capacity.to_string();
            districts.row(&[
                &district_code(number),
                &place.name,
                self.org_code(place.org),
                &feeder,
                &capacity,
            ]);
        }
        let mut estates = Table::new("estates", "code,name,households,property_company,developer");
        for (number, estate) in (1..).zip(&self.estates) {
            let households = estate.households.to_string();
            let (property, developer) = (&estate.property_company, &estate.developer);
            estates.row(&[&estate_code(number), &estate.name, &households, property, developer]);
        }
        [routes, districts, estates].into_iter().filter(|table| table.text.lines().count() > 1).collect()
    }

    fn accounts(&self) -> Vec<Table> {
        let mut customers = Table::new("customers", "code,name,kind,industry");
        let mut accounts = Table::new(
            "accounts",
            "account_no,customer,org,route,district,estate,address,opened_on,closed_on,category,voltage,scheme,\
             time_of_use,capacity_kva,contract_demand_kw,pf_standard,persons,line_loss,loss_monthly_kwh,\
             loss_monthly_kvarh,fixed_parts,importance,protection",
        );
        let mut contracts = Table::new(
            "contracts",
            "account_no,contract_no,from,due_rule,due_days,due_months_later,late_fee_clause,instalments,guarantee",
        );
        let mut contacts =
            Table::new("contacts", "account_no,kind,value,preferred,verified_on,verified_how,consent");
        for (number, supply) in (1..).zip(&self.supplies) {
            let industry = supply.industry.as_deref().unwrap_or("");
            customers.row(&[&customer_code(number), &supply.name, supply.kind.word(), industry]);
            let org = self.routes[supply.route as usize - 1].org;
            accounts.row(&supply.cells(number, self.org_code(org)).each_ref().map(String::as_str));
            contracts.row(&supply.contract_cells(number).each_ref().map(String::as_str));
            if let Some(mobile) = &supply.mobile {
                let (kind, since) = (ContactKind::Mobile.word(), supply.opened_on.to_string());
                contacts.row(&[&supply.account_no, kind, mobile, "1", &since, "contract", "1"]);
            }
        }
        [customers, accounts, contracts, contacts]
            .into_iter()
            .filter(|table| table.text.lines().count() > 1)
            .collect()
    }

    fn meters(&self) -> Vec<Table> {
        let mut meters = Table::new("meters", "meter_no,digits");
        let mut points = Table::new("points", "account_no,point_no,relation");
        let mut hung = Table::new("installations", &installation_header());
        for supply in &self.supplies {
            points.row(&[&supply.account_no, "1", PointRelation::Main.word()]);
            for meter in &supply.meters {
                meters.row(&[&meter.meter_no, &meter.digits.to_string()]);
                let cells = meter.cells(&supply.account_no);
                hung.row(&cells.iter().map(String::as_str).collect::<Vec<_>>());
            }
        }
        vec![meters, points, hung]
    }

    /// 变更: versions of the terms after the first; the files of the import tell the first only.
    fn later_terms(&self, conn: &mut Conn) -> Result<(), TownError> {
        let mut later = Vec::new();
        for (account_id, supply) in (1..).zip(&self.supplies) {
            for (n, (from_on, terms)) in supply.terms.iter().enumerate().skip(1) {
                rows::close_terms(conn, &[account_id], plus_days(*from_on, -1))?;
                let until_on = supply.terms.get(n + 1).map(|next| plus_days(next.0, -1));
                later.push(rows::Terms { account_id, from_on: *from_on, until_on, terms: terms.clone() });
            }
        }
        Ok(rows::insert_terms(conn, &later)?)
    }

    fn org_code(&self, number: i64) -> &str {
        &self.orgs[number as usize - 1].code
    }
}

/// The first of what the import found wrong.
fn told(error: &denghuo_office::registry::ImportFailure) -> String {
    match error {
        denghuo_office::registry::ImportFailure::Bad(problems) => {
            let line =
                |row: &RowError| format!("line {} {} {}: {}", row.line, row.column, row.value, row.reason.en);
            let lines: Vec<String> = problems.rows.iter().take(5).map(line).collect();
            lines.join("; ")
        }
        denghuo_office::registry::ImportFailure::Office(error) => error.to_string(),
    }
}

pub(crate) fn route_code(number: i64) -> String {
    format!("R{number:04}")
}
fn district_code(number: i64) -> String {
    format!("D{number:04}")
}
fn estate_code(number: i64) -> String {
    format!("E{number:03}")
}
fn customer_code(number: i64) -> String {
    format!("C{number:07}")
}

/// A value, or an empty cell where there is nothing to tell.
fn some<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

impl Supply {
    fn cells(&self, number: i64, org: &str) -> [String; 23] {
        let terms = &self.terms[0].1;
        let loss = match terms.transformer_loss {
            Some(TransformerLoss::Table { monthly_kwh, monthly_kvarh }) => Some((monthly_kwh, monthly_kvarh)),
            _ => None,
        };
        [
            self.account_no.clone(),
            customer_code(number),
            org.to_owned(),
            route_code(self.route),
            some(self.district.map(district_code)),
            some(self.estate.map(estate_code)),
            self.address.clone(),
            self.opened_on.to_string(),
            some(self.closed_on),
            terms.category.word().to_owned(),
            terms.voltage.word().to_owned(),
            terms.scheme.word().to_owned(),
            i32::from(terms.time_of_use).to_string(),
            terms.capacity.to_string(),
            terms.contract_demand.to_string(),
            terms.pf_standard.word().to_owned(),
            terms.persons.to_string(),
            terms.line_loss.to_string(),
            some(loss.map(|(active, _)| active)),
            some(loss.map(|(_, reactive)| reactive)),
            terms.fixed_parts.iter().map(part_text).collect::<Vec<_>>().join(";"),
            self.importance.word().to_owned(),
            some(self.protection.map(|kind| kind.word())),
        ]
    }

    fn contract_cells(&self, number: i64) -> [String; 9] {
        let contract = &self.contract;
        let fixed = contract.due_day.map(|_| "fixed_day");
        [
            self.account_no.clone(),
            format!("HT{number:07}"),
            self.opened_on.to_string(),
            some(fixed),
            some(contract.due_day),
            some(fixed.map(|_| 0)),
            i32::from(contract.late_fee_clause).to_string(),
            some(contract.instalments),
            some(contract.guarantee),
        ]
    }
}

fn part_text(part: &FixedPart) -> String {
    match part {
        FixedPart::Quantity { monthly_kwh, category } => {
            format!("quantity:{monthly_kwh}:{}", category.word())
        }
        FixedPart::Ratio { share, category } => format!("ratio:{share}:{}", category.word()),
    }
}

fn installation_header() -> String {
    let registers =
        ["total", "sharp", "peak", "flat", "valley", "deep", "reactive_forward", "reactive_reverse"];
    let of = |when: &str| registers.map(|register| format!("{when}_{register}")).join(",");
    format!(
        "account_no,point_no,meter_no,installed_on,removed_on,ct,pt,digits,{},{},closing_max_demand",
        of("opening"),
        of("closing")
    )
}

impl Hung {
    fn cells(&self, account_no: &str) -> Vec<String> {
        let ratio = |(primary, secondary): (i64, i64)| {
            (primary != secondary).then(|| format!("{primary}/{secondary}"))
        };
        let mut cells = vec![
            account_no.to_owned(),
            "1".to_owned(),
            self.meter_no.clone(),
            self.opening.on.to_string(),
            some(self.closing.as_ref().map(|set| set.on)),
            some(ratio(self.ct)),
            some(ratio(self.pt)),
            self.digits.to_string(),
        ];
        cells.extend(register_cells(Some(&self.opening)));
        cells.extend(register_cells(self.closing.as_ref()));
        cells.push(some(self.closing.as_ref().map(|set| set.max_demand)));
        cells
    }
}

fn register_cells(set: Option<&RegisterSet>) -> Vec<String> {
    let mut cells = vec![some(set.map(|set| set.total))];
    for band in 0..5 {
        cells.push(some(set.and_then(|set| set.bands[band])));
    }
    cells.push(some(set.map(|set| set.reactive_forward)));
    cells.push(some(set.map(|set| set.reactive_reverse)));
    cells
}
