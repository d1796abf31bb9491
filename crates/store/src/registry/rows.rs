//! The rows of the registry as plain structs; words stay text here and become enums in the office.

use denghuo_rules::registry::SupplyTerms;
use denghuo_rules::units::{Capacity, Ratio};
use jiff::civil::Date;

/// 单位: a unit of the organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Org {
    /// Key.
    pub org_id: i64,
    /// 单位编码
    pub code: String,
    /// 名称
    pub name: String,
    /// An `OrgKind`.
    pub kind: String,
    /// 上级单位
    pub parent_id: Option<i64>,
}

/// 人员: a member of staff, by code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Key.
    pub staff_id: i64,
    /// 工号
    pub code: String,
    /// 姓名 or the code again.
    pub name: String,
    /// 所属单位
    pub org_id: i64,
    /// A `StaffRole`.
    pub role: String,
    /// 电话
    pub phone: Option<String>,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Option<Date>,
}

/// 客户: the party to the contract; may have several accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Key.
    pub customer_id: i64,
    /// 客户编号
    pub code: String,
    /// 客户名称
    pub name: String,
    /// A `CustomerKind`.
    pub kind: String,
    /// 证件号 or 统一社会信用代码.
    pub identity_no: Option<String>,
    /// 行业
    pub industry: Option<String>,
}

/// 台区: the district of a transformer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    /// Key.
    pub district_id: i64,
    /// 台区编号
    pub code: String,
    /// 台区名称
    pub name: String,
    /// 管理单位
    pub org_id: i64,
    /// 线路
    pub feeder: Option<String>,
    /// 变压器容量
    pub capacity: Capacity,
}

/// 小区: an estate with its property company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estate {
    /// Key.
    pub estate_id: i64,
    /// 小区编号
    pub code: String,
    /// 小区名称
    pub name: String,
    /// 户数
    pub households: i64,
    /// 物业公司
    pub property_company: Option<String>,
    /// 开发商
    pub developer: Option<String>,
}

/// 抄表段: accounts that are read together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Key.
    pub route_id: i64,
    /// 抄表段编号
    pub code: String,
    /// 名称
    pub name: String,
    /// 管理单位
    pub org_id: i64,
    /// 抄表员
    pub reader_id: Option<i64>,
    /// 核算员
    pub verifier_id: Option<i64>,
    /// 抄表例日: day of the month.
    pub read_day: i64,
    /// 抄表周期: months.
    pub cycle_months: i64,
    /// First charging month, `yyyymm`.
    pub first_month: i64,
}

/// 用电户: an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Key.
    pub account_id: i64,
    /// 户号
    pub account_no: String,
    /// 客户
    pub customer_id: i64,
    /// 管理单位
    pub org_id: i64,
    /// 抄表段
    pub route_id: i64,
    /// 台区
    pub district_id: Option<i64>,
    /// 小区
    pub estate_id: Option<i64>,
    /// 用电地址
    pub address: String,
    /// An `Importance`.
    pub importance: String,
    /// A `Protection`.
    pub protection: Option<String>,
    /// 立户日期
    pub opened_on: Date,
    /// 销户日期
    pub closed_on: Option<Date>,
}

/// 供用电条件, one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The account.
    pub account_id: i64,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Option<Date>,
    /// The terms.
    pub terms: SupplyTerms,
}

/// 供用电合同, one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// The account.
    pub account_id: i64,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Option<Date>,
    /// 合同编号
    pub contract_no: String,
    /// 缴费期限: a due rule as JSON; none where the general rule holds.
    pub due_rule: Option<String>,
    /// 违约金条款: the contract agrees a late fee.
    pub late_fee_clause: bool,
    /// 违约金日费率, where the contract sets one.
    pub late_fee_rate: Option<Ratio>,
    /// 跨年计算方式, where the contract sets one.
    pub cross_year_mode: Option<String>,
    /// 清偿顺序, where the contract sets one.
    pub allocation: Option<String>,
    /// 分次结算: instalment terms as a JSON list; none where the month is paid at once.
    pub instalments: Option<String>,
    /// 担保
    pub guarantee: Option<String>,
}

/// 联系方式
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The account.
    pub account_id: i64,
    /// Number within the account.
    pub contact_no: i64,
    /// A `ContactKind`.
    pub kind: String,
    /// Number or address.
    pub value: String,
    /// 首选
    pub preferred: bool,
    /// 核实日期
    pub verified_on: Option<Date>,
    /// 核实方式
    pub verified_how: Option<String>,
    /// 同意以此方式接收通知
    pub consent: bool,
    /// Last day.
    pub until_on: Option<Date>,
}

/// 电能表
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meter {
    /// Key.
    pub meter_id: i64,
    /// 资产编号
    pub meter_no: String,
    /// 型号
    pub model: Option<String>,
    /// 整数位数
    pub digits: i64,
    /// 额定电流
    pub rated_current: Option<String>,
}

/// 计量点
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The account.
    pub account_id: i64,
    /// Number within the account.
    pub point_no: i64,
    /// A `PointRelation`.
    pub relation: String,
    /// 安装地址
    pub address: Option<String>,
}

/// 装表: a meter at a metering point for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// The account.
    pub account_id: i64,
    /// Number within the account.
    pub installation_no: i64,
    /// 计量点
    pub point_no: i64,
    /// 电能表
    pub meter_id: i64,
    /// 装表日期
    pub installed_on: Date,
    /// 拆表日期
    pub removed_on: Option<Date>,
    /// 电流互感器变比, such as `150/5`.
    pub ct: Option<String>,
    /// 电压互感器变比, such as `10000/100`.
    pub pt: Option<String>,
    /// 倍率: the product of both ratios and the meter's constant.
    pub multiplier: Ratio,
    /// 整数位数
    pub digits: i64,
}

/// Where a meter hangs and from when to when; what overlap checks need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeterUse {
    /// 电能表
    pub meter_id: i64,
    /// The account.
    pub account_id: i64,
    /// 计量点
    pub point_no: i64,
    /// 装表日期
    pub installed_on: Date,
    /// 拆表日期
    pub removed_on: Option<Date>,
}
