//! 单位: a company as it is set up: its people, places, routes and supplies. It gets into a database by the files of the
//! import, as any other does.

mod files;

pub(crate) use files::route_code;

use denghuo_rules::metering::{RegisterSet, multiplier};
use denghuo_rules::registry::{CustomerKind, Importance, OrgKind, Protection, StaffRole, SupplyTerms};
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
    /// 固定缴费日 of the charging month; the general rule when there is none.
    pub due_day: Option<i8>,
    /// 违约金条款
    pub late_fee_clause: bool,
    /// 分次结算, as in the import file: `10:0.5;25:0.5`.
    pub instalments: Option<&'static str>,
    /// 担保
    pub guarantee: Option<&'static str>,
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

impl Company {
    /// The code of the first member of staff in a role.
    #[must_use]
    pub fn staff_code(&self, role: StaffRole) -> &str {
        self.staff.iter().find(|person| person.role == role).map_or("system", |person| &person.code)
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
