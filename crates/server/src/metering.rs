//! 抄表: what the meters of an account were read.

mod enter;
mod exceptions;
mod orders;

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
    let (see, take, decide) = (Permission::SeeAccounts, Permission::TakeReadings, Permission::DecideReadings);
    Routes::of("metering", "抄表")
        .list(
            "/reading-orders",
            see,
            ("抄表计划", "The reading orders of a month and how far they are"),
            orders::order_list,
        )
        .list(
            "/unread-accounts",
            see,
            ("待抄与补抄", "Accounts that are due and not read, those to be read again among them"),
            orders::unread_list,
        )
        .get(
            "/exceptions/codes",
            see,
            ("异常分类", "Open doubts about readings by finding, the strictest kind first"),
            exceptions::exception_codes,
        )
        .list("/exceptions", see, ("抄表异常", "Open doubts about readings"), exceptions::exception_list)
        .post(
            "/exceptions/answers",
            decide,
            ("批量处理异常", "Give the same answer to many doubts; each is told whether it was taken"),
            exceptions::exceptions_answer,
        )
        .list(
            "/accounts/{account_no}/readings",
            see,
            ("示数记录", "What the meters of an account were read, every version, the newest day first"),
            account_readings,
        )
        .post(
            "/accounts/{account_no}/readings",
            take,
            ("录入示数", "Enter a reading; verification says at once what it doubts"),
            enter::reading_enter,
        )
        .post(
            "/accounts/{account_no}/reading-corrections",
            decide,
            ("更正示数", "Correct a reading; the old version is kept and its bill is made again"),
            enter::reading_correction,
        )
        .list(
            "/accounts/{account_no}/exceptions",
            see,
            ("客户抄表异常", "The doubts about the readings of an account, open and answered"),
            exceptions::account_exceptions,
        )
        .post(
            "/accounts/{account_no}/exceptions/answers",
            decide,
            ("处理异常", "Answer a doubt: confirm, correct, read again, bill provisionally, settle"),
            exceptions::exception_answer,
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
