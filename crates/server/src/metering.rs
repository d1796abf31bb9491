//! 抄表: what the meters of an account were read.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::metering::{RegisterKind, Source};
use denghuo_rules::units::{Demand, Energy};
use denghuo_store::metering::{PastReading, reading_history};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// Readings that are looked at: ten years of daily ones.
const MANY: i64 = 4_000;

/// The endpoints.
pub fn routes() -> Routes {
    Routes::of("metering", "抄表").list(
        "/accounts/{account_no}/readings",
        Permission::SeeAccounts,
        ("示数记录", "What the meters of an account were read, every version, the newest day first"),
        account_readings,
    )
}

/// What one register shows.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Register {
    /// Which.
    kind: RegisterKind,
    /// What it shows, before the multiplier.
    value: Energy,
}

/// One version of a reading.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Reading {
    /// The day.
    #[schemars(with = "DateForm")]
    read_on: Date,
    /// 表号
    meter_no: String,
    /// 1 for the first, more for corrections.
    version: i64,
    /// Is it the one that counts?
    is_current: bool,
    /// 抄表方式
    source: Source,
    /// Staff code of the reader.
    taken_by: Option<String>,
    /// The total, and the others that are not zero.
    registers: Vec<Register>,
    /// 最大需量
    max_demand_kw: Demand,
}

impl Reading {
    fn of(past: PastReading) -> Self {
        let set = &past.shown.registers;
        let told = set.registers().filter(|(kind, value)| *kind == RegisterKind::Total || !value.is_zero());
        Self {
            read_on: set.on,
            version: past.version,
            is_current: past.is_current,
            source: past.shown.source,
            registers: told.map(|(kind, value)| Register { kind, value }).collect(),
            max_demand_kw: set.max_demand,
            taken_by: past.taken_by,
            meter_no: past.meter_no,
        }
    }
}

fn account_readings(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<Reading>, Problem> {
    let account_id = ask.account()?;
    let readings: Vec<Reading> =
        reading_history(ask.conn, account_id, MANY)?.into_iter().map(Reading::of).collect();
    ask.page.cut(readings, |reading| format!("{} {} {}", reading.read_on, reading.meter_no, reading.version))
}
