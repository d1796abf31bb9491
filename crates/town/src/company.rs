//! 单位: a company as it is set up: its people, places, routes and supplies, and how they get into a database.

use denghuo_office::error::OfficeError;
use denghuo_rules::metering::{RegisterSet, multiplier};
use denghuo_rules::registry::{
    ContactKind, CustomerKind, Importance, OrgKind, PointRelation, Protection, StaffRole, SupplyTerms,
};
use denghuo_rules::units::{Capacity, Ratio};
use denghuo_store::Conn;
use denghuo_store::registry as rows;
use jiff::civil::Date;

/// A unit of the organisation; its number is its position, from 1.
#[derive(Clone, Debug)]
pub struct Org {
    /// 单位编码
    pub code: String,
    /// 名称
    pub name: String,
    /// 类型
    pub kind: OrgKind,
    /// Number of the unit above.
    pub parent: Option<i64>,
}

/// A member of staff; the number is the position, from 1.
#[derive(Clone, Debug)]
pub struct Staff {
    /// 工号
    pub code: String,
    /// Number of the unit.
    pub org: i64,
    /// 岗位
    pub role: StaffRole,
}

/// An estate; its number is its position, from 1.
#[derive(Clone, Debug)]
pub struct Estate {
    /// 名称
    pub name: String,
    /// 户数
    pub households: i64,
    /// 物业公司
    pub property_company: String,
    /// 开发商
    pub developer: String,
}

/// A route; its number is its position, from 1.
#[derive(Clone, Debug)]
pub struct Route {
    /// 名称
    pub name: String,
    /// Number of the unit.
    pub org: i64,
    /// Number of the reader.
    pub reader: i64,
    /// Number of the verifier.
    pub verifier: i64,
    /// 抄表例日
    pub read_day: i64,
    /// First charging month, `yyyymm`.
    pub first_month: i64,
}

/// 台区; its number is its position, from 1.
#[derive(Clone, Debug)]
pub struct District {
    /// 名称
    pub name: String,
    /// Number of the unit.
    pub org: i64,
    /// 容量
    pub capacity: Capacity,
}

/// 供用电合同 of a supply.
#[derive(Clone, Debug, Default)]
pub struct Contract {
    /// 缴费期限, as JSON.
    pub due_rule: Option<String>,
    /// 违约金条款
    pub late_fee_clause: bool,
    /// 分次结算, as JSON.
    pub instalments: Option<String>,
    /// 担保
    pub guarantee: Option<String>,
}

/// A meter at its place, from a day on.
#[derive(Clone, Debug)]
pub struct Hung {
    /// 资产编号
    pub meter_no: String,
    /// 整数位数
    pub digits: u8,
    /// 电流互感器变比
    pub ct: (i64, i64),
    /// 电压互感器变比
    pub pt: (i64, i64),
    /// The opening registers, on the day of the installation.
    pub opening: RegisterSet,
    /// 拆表: the closing registers on the day of the removal.
    pub closing: Option<RegisterSet>,
}

impl Hung {
    /// 综合倍率
    ///
    /// # Panics
    /// When a secondary of a transformer is zero.
    #[must_use]
    pub fn multiplier(&self) -> Ratio {
        multiplier(self.ct, self.pt).expect("transformers have a secondary")
    }
}

/// One account with all that hangs on it; its number is its position, from 1.
#[derive(Clone, Debug)]
pub struct Supply {
    /// 户号
    pub account_no: String,
    /// 名称
    pub name: String,
    /// 客户类型
    pub kind: CustomerKind,
    /// 行业
    pub industry: Option<String>,
    /// 用电地址
    pub address: String,
    /// Number of the route.
    pub route: i64,
    /// Number of the district.
    pub district: Option<i64>,
    /// Number of the estate.
    pub estate: Option<i64>,
    /// 重要等级
    pub importance: Importance,
    /// 保护
    pub protection: Option<Protection>,
    /// 立户
    pub opened_on: Date,
    /// 销户
    pub closed_on: Option<Date>,
    /// Versions of the terms, each from its day on.
    pub terms: Vec<(Date, SupplyTerms)>,
    /// 合同
    pub contract: Contract,
    /// 手机
    pub mobile: Option<String>,
    /// Meters, one after another.
    pub meters: Vec<Hung>,
}

/// A company before its first day.
#[derive(Clone, Debug, Default)]
pub struct Company {
    /// Units, the highest first.
    pub orgs: Vec<Org>,
    /// People.
    pub staff: Vec<Staff>,
    /// Estates.
    pub estates: Vec<Estate>,
    /// Districts.
    pub districts: Vec<District>,
    /// Routes.
    pub routes: Vec<Route>,
    /// Accounts.
    pub supplies: Vec<Supply>,
}

/// The numbers of a list, from 1.
fn numbered<T>(list: &[T]) -> impl Iterator<Item = (i64, &T)> {
    (1_i64..).zip(list)
}

fn ratio_text((primary, secondary): (i64, i64)) -> Option<String> {
    (primary != secondary).then(|| format!("{primary}/{secondary}"))
}

impl Company {
    /// The code of the first member of staff in a role.
    #[must_use]
    pub fn staff_code(&self, role: StaffRole) -> &str {
        self.staff.iter().find(|person| person.role == role).map_or("system", |person| &person.code)
    }

    /// Writes the whole company in one transaction.
    ///
    /// # Errors
    /// The database's.
    pub fn found(&self, conn: &mut Conn, founded_on: Date) -> Result<(), OfficeError> {
        conn.write(|conn| {
            self.write_units(conn, founded_on)?;
            self.write_accounts(conn)?;
            self.write_meters(conn)
        })
    }

    fn write_units(&self, conn: &mut Conn, founded_on: Date) -> Result<(), OfficeError> {
        let orgs: Vec<_> = numbered(&self.orgs)
            .map(|(org_id, o)| rows::Org {
                org_id,
                code: o.code.clone(),
                name: o.name.clone(),
                kind: o.kind.word().to_owned(),
                parent_id: o.parent,
            })
            .collect();
        let staff: Vec<_> = numbered(&self.staff)
            .map(|(staff_id, s)| rows::Staff {
                staff_id,
                code: s.code.clone(),
                name: s.code.clone(),
                org_id: s.org,
                role: s.role.word().to_owned(),
                phone: None,
                from_on: founded_on,
                until_on: None,
            })
            .collect();
        let estates: Vec<_> = numbered(&self.estates)
            .map(|(estate_id, e)| rows::Estate {
                estate_id,
                code: format!("E{estate_id:03}"),
                name: e.name.clone(),
                households: e.households,
                property_company: Some(e.property_company.clone()),
                developer: Some(e.developer.clone()),
            })
            .collect();
        let districts: Vec<_> = numbered(&self.districts)
            .map(|(district_id, d)| rows::District {
                district_id,
                code: format!("D{district_id:04}"),
                name: d.name.clone(),
                org_id: d.org,
                feeder: Some(format!("10kV-{:02}", district_id % 12 + 1)),
                capacity: d.capacity,
            })
            .collect();
        let routes: Vec<_> = numbered(&self.routes)
            .map(|(route_id, r)| rows::Route {
                route_id,
                code: format!("R{route_id:04}"),
                name: r.name.clone(),
                org_id: r.org,
                reader_id: Some(r.reader),
                verifier_id: Some(r.verifier),
                read_day: r.read_day,
                cycle_months: 1,
                first_month: r.first_month,
            })
            .collect();
        rows::insert_orgs(conn, &orgs)?;
        rows::insert_staff(conn, &staff)?;
        rows::insert_estates(conn, &estates)?;
        rows::insert_districts(conn, &districts)?;
        Ok(rows::insert_routes(conn, &routes)?)
    }

    fn write_accounts(&self, conn: &mut Conn) -> Result<(), OfficeError> {
        let mut customers = Vec::with_capacity(self.supplies.len());
        let mut accounts = Vec::with_capacity(self.supplies.len());
        let (mut terms, mut contracts, mut contacts) = (Vec::new(), Vec::new(), Vec::new());
        for (id, supply) in numbered(&self.supplies) {
            customers.push(supply.customer_row(id));
            let org =
                usize::try_from(supply.route - 1).ok().and_then(|n| self.routes.get(n)).map_or(1, |r| r.org);
            accounts.push(supply.account_row(id, org));
            terms.extend(supply.terms_rows(id));
            contracts.push(supply.contract_row(id));
            contacts.extend(supply.contact_row(id));
        }
        rows::insert_customers(conn, &customers)?;
        rows::insert_accounts(conn, &accounts)?;
        rows::insert_terms(conn, &terms)?;
        rows::insert_contracts(conn, &contracts)?;
        Ok(rows::insert_contacts(conn, &contacts)?)
    }

    fn write_meters(&self, conn: &mut Conn) -> Result<(), OfficeError> {
        let (mut meters, mut points) = (Vec::new(), Vec::new());
        let (mut hung, mut readings) = (Vec::new(), Vec::new());
        for (account_id, supply) in numbered(&self.supplies) {
            points.push(rows::Point {
                account_id,
                point_no: 1,
                relation: PointRelation::Main.word().to_owned(),
                address: None,
            });
            for (installation_no, meter) in numbered(&supply.meters) {
                let meter_id = meters.len() as i64 + 1;
                meters.push(rows::Meter {
                    meter_id,
                    meter_no: meter.meter_no.clone(),
                    model: None,
                    digits: meter.digits.into(),
                    rated_current: None,
                });
                hung.push(meter.installation_row(account_id, installation_no, meter_id));
                readings.push(register_row(account_id, installation_no, &meter.opening, "install"));
                let closing = meter.closing.as_ref();
                readings.extend(closing.map(|set| register_row(account_id, installation_no, set, "remove")));
            }
        }
        rows::insert_meters(conn, &meters)?;
        rows::insert_points(conn, &points)?;
        rows::insert_installations(conn, &hung)?;
        Ok(rows::insert_register_readings(conn, &readings)?)
    }
}

impl Hung {
    fn installation_row(&self, account_id: i64, installation_no: i64, meter_id: i64) -> rows::Installation {
        rows::Installation {
            account_id,
            installation_no,
            point_no: 1,
            meter_id,
            installed_on: self.opening.on,
            removed_on: self.closing.as_ref().map(|set| set.on),
            ct: ratio_text(self.ct),
            pt: ratio_text(self.pt),
            multiplier: self.multiplier(),
            digits: self.digits.into(),
        }
    }
}

fn register_row(
    account_id: i64,
    installation_no: i64,
    set: &RegisterSet,
    source: &'static str,
) -> rows::RegisterReading {
    rows::RegisterReading {
        account_id,
        read_on: set.on,
        installation_no,
        source,
        total: set.total,
        bands: set.bands,
        reactive_forward: Some(set.reactive_forward),
        reactive_reverse: Some(set.reactive_reverse),
        max_demand: Some(set.max_demand),
    }
}

impl Supply {
    fn customer_row(&self, customer_id: i64) -> rows::Customer {
        rows::Customer {
            customer_id,
            code: format!("C{customer_id:07}"),
            name: self.name.clone(),
            kind: self.kind.word().to_owned(),
            identity_no: None,
            industry: self.industry.clone(),
        }
    }

    fn account_row(&self, account_id: i64, org_id: i64) -> rows::Account {
        rows::Account {
            account_id,
            account_no: self.account_no.clone(),
            customer_id: account_id,
            org_id,
            route_id: self.route,
            district_id: self.district,
            estate_id: self.estate,
            address: self.address.clone(),
            importance: self.importance.word().to_owned(),
            protection: self.protection.map(|p| p.word().to_owned()),
            opened_on: self.opened_on,
            closed_on: self.closed_on,
        }
    }

    fn terms_rows(&self, account_id: i64) -> impl Iterator<Item = rows::Terms> {
        (0..self.terms.len()).map(move |n| rows::Terms {
            account_id,
            from_on: self.terms[n].0,
            until_on: self.terms.get(n + 1).map(|next| denghuo_rules::calendar::plus_days(next.0, -1)),
            terms: self.terms[n].1.clone(),
        })
    }

    fn contract_row(&self, account_id: i64) -> rows::Contract {
        rows::Contract {
            account_id,
            from_on: self.opened_on,
            until_on: None,
            contract_no: format!("HT{account_id:07}"),
            due_rule: self.contract.due_rule.clone(),
            late_fee_clause: self.contract.late_fee_clause,
            late_fee_rate: None,
            cross_year_mode: None,
            allocation: None,
            instalments: self.contract.instalments.clone(),
            guarantee: self.contract.guarantee.clone(),
        }
    }

    fn contact_row(&self, account_id: i64) -> Option<rows::Contact> {
        Some(rows::Contact {
            account_id,
            contact_no: 1,
            kind: ContactKind::Mobile.word().to_owned(),
            value: self.mobile.clone()?,
            preferred: true,
            verified_on: Some(self.opened_on),
            verified_how: Some("contract".to_owned()),
            consent: true,
            until_on: None,
        })
    }
}

/// A town is only made in a database without accounts.
///
/// # Errors
/// There are accounts already; the database's.
pub fn must_be_empty(conn: &mut Conn) -> Result<(), crate::error::TownError> {
    let last = rows::last_id(conn, rows::Registered::Account)?;
    if last == 0 {
        return Ok(());
    }
    Err(crate::error::TownError::Refused(denghuo_rules::refusal::Refusal::new(
        "town.not_empty",
        "数据库中已有用户, 请换一个空库 (SQLite文件可加--fresh重建)",
        "the database holds accounts already: name an empty one (--fresh makes a SQLite file anew)",
    )))
}
