//! New rows of the registry, in bulk.

use super::rows::{
    Account, Contact, Contract, Customer, District, Estate, Installation, Meter, Org, Point, Route, Staff,
    Terms,
};
use super::terms::{end_param, extras_of};
use crate::db::{Conn, StoreError, Table};
use denghuo_rules::units::{Demand, Energy};
use jiff::civil::Date;

/// 底度: the registers of a meter on the day it is installed or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterReading {
    /// The account.
    pub account_id: i64,
    /// Day of the installation or removal.
    pub read_on: Date,
    /// The installation.
    pub installation_no: i64,
    /// `install` or `remove`.
    pub source: &'static str,
    /// 总
    pub total: Energy,
    /// 尖, 峰, 平, 谷, 深谷
    pub bands: [Option<Energy>; 5],
    /// 正向无功
    pub reactive_forward: Option<Energy>,
    /// 反向无功
    pub reactive_reverse: Option<Energy>,
    /// 最大需量
    pub max_demand: Option<Demand>,
}

/// A bulk insert of one kind of row.
macro_rules! inserts {
    ($($(#[$doc:meta])* $method:ident: $row:ty => $table:literal ($($column:literal),* $(,)?) |$r:ident, $out:ident| $bind:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// The database's.
        pub fn $method(conn: &mut Conn, rows: &[$row]) -> Result<(), StoreError> {
            const TABLE: Table = Table { name: $table, columns: &[$($column),*], key: &[] };
            conn.bulk(&TABLE, rows, |$r, $out| { $bind; })
        }
    )*};
}

inserts! {
    /// 单位; parents first.
    insert_orgs: Org => "org" ("org_id", "code", "name", "kind", "parent_id")
        |r, out| out.put(r.org_id).put(&r.code).put(&r.name).put(&r.kind).put(r.parent_id);
    /// 人员
    insert_staff: Staff => "staff" ("staff_id", "code", "name", "org_id", "role", "phone", "from_on", "until_on")
        |r, out| out.put(r.staff_id).put(&r.code).put(&r.name).put(r.org_id).put(&r.role).put(r.phone.as_ref())
            .put(r.from_on).put(end_param(r.until_on));
    /// 客户
    insert_customers: Customer => "customer" ("customer_id", "code", "name", "kind", "identity_no", "industry")
        |r, out| out.put(r.customer_id).put(&r.code).put(&r.name).put(&r.kind).put(r.identity_no.as_ref())
            .put(r.industry.as_ref());
    /// 台区
    insert_districts: District => "district" ("district_id", "code", "name", "org_id", "feeder", "capacity")
        |r, out| out.put(r.district_id).put(&r.code).put(&r.name).put(r.org_id).put(r.feeder.as_ref()).put(r.capacity);
    /// 小区
    insert_estates: Estate => "estate" ("estate_id", "code", "name", "households", "property_company", "developer")
        |r, out| out.put(r.estate_id).put(&r.code).put(&r.name).put(r.households).put(r.property_company.as_ref())
            .put(r.developer.as_ref());
    /// 抄表段
    insert_routes: Route => "route" ("route_id", "code", "name", "org_id", "reader_id", "verifier_id", "read_day",
        "cycle_months", "first_month")
        |r, out| out.put(r.route_id).put(&r.code).put(&r.name).put(r.org_id).put(r.reader_id).put(r.verifier_id)
            .put(r.read_day).put(r.cycle_months).put(r.first_month);
    /// 用电户
    insert_accounts: Account => "account" ("account_id", "account_no", "customer_id", "org_id", "route_id",
        "district_id", "estate_id", "address", "importance", "protection", "opened_on", "closed_on")
        |r, out| out.put(r.account_id).put(&r.account_no).put(r.customer_id).put(r.org_id).put(r.route_id)
            .put(r.district_id).put(r.estate_id).put(&r.address).put(&r.importance).put(r.protection.as_ref())
            .put(r.opened_on).put(end_param(r.closed_on));
    /// 供用电合同
    insert_contracts: Contract => "contract" ("account_id", "from_on", "until_on", "contract_no", "due_rule",
        "late_fee_clause", "late_fee_rate", "cross_year_mode", "allocation", "instalments", "guarantee")
        |r, out| out.put(r.account_id).put(r.from_on).put(end_param(r.until_on)).put(&r.contract_no)
            .put(r.due_rule.as_ref()).put(r.late_fee_clause).put(r.late_fee_rate).put(r.cross_year_mode.as_ref())
            .put(r.allocation.as_ref()).put(r.instalments.as_ref()).put(r.guarantee.as_ref());
    /// 联系方式
    insert_contacts: Contact => "contact" ("account_id", "contact_no", "kind", "value", "preferred", "verified_on",
        "verified_how", "consent", "until_on")
        |r, out| out.put(r.account_id).put(r.contact_no).put(&r.kind).put(&r.value).put(r.preferred)
            .put(r.verified_on).put(r.verified_how.as_ref()).put(r.consent).put(end_param(r.until_on));
    /// 电能表
    insert_meters: Meter => "meter" ("meter_id", "meter_no", "model", "digits", "rated_current")
        |r, out| out.put(r.meter_id).put(&r.meter_no).put(r.model.as_ref()).put(r.digits).put(r.rated_current.as_ref());
    /// 计量点
    insert_points: Point => "metering_point" ("account_id", "point_no", "relation", "address")
        |r, out| out.put(r.account_id).put(r.point_no).put(&r.relation).put(r.address.as_ref());
    /// 装表
    insert_installations: Installation => "installation" ("account_id", "installation_no", "point_no", "meter_id",
        "installed_on", "removed_on", "ct", "pt", "multiplier", "digits")
        |r, out| out.put(r.account_id).put(r.installation_no).put(r.point_no).put(r.meter_id).put(r.installed_on)
            .put(end_param(r.removed_on)).put(r.ct.as_ref()).put(r.pt.as_ref()).put(r.multiplier).put(r.digits);
    /// 底度 of installations, as first versions.
    insert_register_readings: RegisterReading => "reading" ("account_id", "read_on", "installation_no", "version",
        "is_current", "total", "sharp", "peak", "flat", "valley", "deep", "reactive_forward", "reactive_reverse",
        "max_demand", "source")
        |r, out| {
            out.put(r.account_id).put(r.read_on).put(r.installation_no).put(1).put(true).put(r.total);
            for band in r.bands {
                out.put(band);
            }
            out.put(r.reactive_forward).put(r.reactive_reverse).put(r.max_demand).put(r.source)
        };
}

/// 供用电条件
///
/// # Errors
/// The database's.
pub fn insert_terms(conn: &mut Conn, rows: &[Terms]) -> Result<(), StoreError> {
    const TABLE: Table = Table {
        name: "supply_terms",
        columns: &[
            "account_id",
            "from_on",
            "until_on",
            "category",
            "voltage",
            "scheme",
            "time_of_use",
            "capacity",
            "contract_demand",
            "pf_standard",
            "persons",
            "minimum_fen",
            "extras",
        ],
        key: &[],
    };
    let with_extras: Vec<(&Terms, Option<String>)> =
        rows.iter().map(|row| (row, extras_of(&row.terms))).collect();
    conn.bulk(&TABLE, &with_extras, |(row, extras), out| {
        let terms = &row.terms;
        out.put(row.account_id).put(row.from_on).put(end_param(row.until_on));
        out.put(terms.category.word()).put(terms.voltage.word()).put(terms.scheme.word());
        out.put(terms.time_of_use)
            .put(terms.capacity)
            .put(terms.contract_demand)
            .put(terms.pf_standard.word());
        out.put(i64::from(terms.persons)).put(terms.minimum_payment).put(extras.as_ref());
    })
}
