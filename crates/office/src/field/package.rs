//! 作业包: what a phone takes along for a day, with what it needs to say something about a reading without a line.

use crate::disconnection::{GatesShown, gates_show};
use crate::error::OfficeError;
use crate::registry::{Personal, mask};
use crate::work::Work;
use denghuo_rules::calendar::{DateForm, MomentForm, Month};
use denghuo_rules::disconnection::Finding;
use denghuo_rules::metering::{CheckClass, Entry, History, Jump, MeteringRules, RegisterKind};
use denghuo_rules::notices::service::{ServiceRule, ServiceWay, TOPIC};
use denghuo_rules::units::{Capacity, Energy, Money, Ratio};
use denghuo_store::field::{self as store, CutToWork, MeterToRead, NoticeToServe};
use denghuo_store::{Conn, audit, disconnection};
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::Serialize;

use super::deed::RegisterValue;

/// Meters, notices and cases that a package holds at most.
const MOST: (i64, i64, i64) = (2_000, 300, 60);

/// What somebody may do in the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldRights {
    /// Take readings.
    pub reads: bool,
    /// Serve notices.
    pub serves: bool,
    /// Cut and restore.
    pub cuts: bool,
}

/// A change of quantity that is worth a look: beyond a share of the compared quantity, and by more than so many kWh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangeLimits {
    /// Share upward.
    pub rise: Ratio,
    /// Share downward.
    pub fall: Ratio,
    /// kWh.
    pub above: Energy,
}

impl From<&Jump> for ChangeLimits {
    fn from(jump: &Jump) -> Self {
        Self { rise: jump.rise, fall: jump.fall, above: jump.above }
    }
}

/// 即时校核参数: enough of the rules for a hint without a line; the server's verdict counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VerdictRules {
    /// Ids of the rules.
    pub rules: Vec<String>,
    /// Energy counts in whole kWh.
    pub whole_kwh: bool,
    /// A lower register is a rollover when the advance over the end is at most this share of the range.
    pub rollover_share: Ratio,
    /// Homes.
    pub residential: ChangeLimits,
    /// Everyone else.
    pub other: ChangeLimits,
}

/// A remembered period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PastUse {
    /// kWh.
    pub kwh: i32,
    /// Days.
    pub days: u8,
}

impl From<Entry> for PastUse {
    fn from(entry: Entry) -> Self {
        Self { kwh: entry.kwh, days: entry.days }
    }
}

/// A meter to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MeterWork {
    /// 户号
    pub account_no: String,
    /// The customer's name, masked.
    pub customer: String,
    /// 用电地址: where the way leads, in full.
    pub address: String,
    /// 抄表段
    pub route: String,
    /// 电费年月
    pub month: Month,
    /// 抄表例日
    #[schemars(with = "DateForm")]
    pub due_on: Date,
    /// 表号
    pub meter_no: String,
    /// 倍率
    pub multiplier: Ratio,
    /// Whole digits that it shows.
    pub digits: i64,
    /// Homes have limits of their own.
    pub is_home: bool,
    /// 合同容量, kVA; none when not registered.
    pub capacity_kva: Option<Capacity>,
    /// Day of the last reading.
    #[schemars(with = "Option<DateForm>")]
    pub last_on: Option<Date>,
    /// What it showed; these registers are asked for.
    pub last: Vec<RegisterValue>,
    /// The last period.
    pub last_use: Option<PastUse>,
    /// The same month last year.
    pub year_ago: Option<PastUse>,
}

impl MeterWork {
    fn of(meter: MeterToRead) -> Self {
        const KINDS: [RegisterKind; 8] = [
            RegisterKind::Total,
            RegisterKind::Sharp,
            RegisterKind::Peak,
            RegisterKind::Flat,
            RegisterKind::Valley,
            RegisterKind::Deep,
            RegisterKind::ReactiveForward,
            RegisterKind::ReactiveReverse,
        ];
        let history = History::from_bytes(&meter.history).unwrap_or_else(|| History::empty(meter.month));
        let shown = |(kind, value): (RegisterKind, Option<Energy>)| {
            let value = value?;
            let is_reactive = matches!(kind, RegisterKind::ReactiveForward | RegisterKind::ReactiveReverse);
            (!is_reactive || !value.is_zero()).then_some(RegisterValue { kind, value })
        };
        Self {
            account_no: meter.account_no,
            customer: mask(&meter.customer, Personal::Name),
            address: meter.address,
            route: meter.route,
            month: meter.month,
            due_on: meter.due_on,
            meter_no: meter.meter_no,
            multiplier: meter.multiplier,
            digits: meter.digits,
            is_home: meter.terms.is_some_and(|(category, voltage, _)| {
                CheckClass::of(category, voltage) == CheckClass::Residential
            }),
            capacity_kva: meter.terms.map(|(_, _, capacity)| capacity).filter(|c| !c.is_zero()),
            last_on: meter.last_on,
            last: KINDS.into_iter().zip(meter.last).filter_map(shown).collect(),
            last_use: history.before(meter.month).map(PastUse::from),
            year_ago: history.year_ago(meter.month).map(PastUse::from),
        }
    }
}

/// A notice to be served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoticeWork {
    /// 户号
    pub account_no: String,
    /// The customer's name, masked.
    pub customer: String,
    /// 用电地址, in full.
    pub address: String,
    /// Number within the account.
    pub notice_no: i64,
    /// A `NoticeKind`.
    pub kind: String,
    /// What it asks for.
    pub amount: Money,
    /// 最后缴费日
    #[schemars(with = "Option<DateForm>")]
    pub deadline_on: Option<Date>,
    /// By when it has to be served.
    #[schemars(with = "DateForm")]
    pub due_by: Date,
    /// The channel that waits for somebody.
    pub channel: String,
    /// Ways that count for this kind and that a person can go.
    pub ways: Vec<ServiceWay>,
    /// Rule that says so.
    pub rule: Option<String>,
}

/// An operation that waits for somebody at the meter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OperationShown {
    /// `cut` or `restore`.
    pub kind: String,
    /// `ordered`, `confirm_at_meter` or `doubtful`.
    pub state: String,
    /// When it was ordered.
    #[schemars(with = "MomentForm")]
    pub ordered_at: DateTime,
    /// By when power has to be back.
    #[schemars(with = "Option<MomentForm>")]
    pub due_at: Option<DateTime>,
}

/// A cut or a restoration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CutWork {
    /// 户号
    pub account_no: String,
    /// The customer's name, masked.
    pub customer: String,
    /// 用电地址, in full.
    pub address: String,
    /// The case.
    pub case_no: i64,
    /// A `CutState`.
    pub state: String,
    /// First day on which it may be cut.
    #[schemars(with = "Option<DateForm>")]
    pub window_from: Option<Date>,
    /// Last day.
    #[schemars(with = "Option<DateForm>")]
    pub window_to: Option<Date>,
    /// What the cut presses for.
    pub amount: Option<Money>,
    /// 停电前条件 as they stood when the package was made; asked again when the cut is executed.
    pub gates: Vec<Finding>,
    /// The last call: when the cut was told for.
    #[schemars(with = "Option<MomentForm>")]
    pub told_cut_at: Option<DateTime>,
    /// The operation that waits.
    pub operation: Option<OperationShown>,
}

/// 作业包
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FieldPackage {
    /// The business date.
    #[schemars(with = "DateForm")]
    pub today: Date,
    /// When it was made.
    #[schemars(with = "MomentForm")]
    pub made_at: DateTime,
    /// For whom.
    pub who: String,
    /// For a hint about a reading.
    pub verdict: Option<VerdictRules>,
    /// Meters of one's own routes.
    pub meters: Vec<MeterWork>,
    /// Notices of one's unit.
    pub notices: Vec<NoticeWork>,
    /// Cuts and restorations of one's unit.
    pub cuts: Vec<CutWork>,
}

/// Makes a package for `work.by`, who sees the accounts of the unit `root` (0: all) and holds these rights. That addresses are shown in
/// full is kept.
///
/// # Errors
/// A missing rule, or the database's.
pub fn package(
    conn: &mut Conn,
    work: &Work<'_>,
    root: i64,
    rights: FieldRights,
    now: DateTime,
) -> Result<FieldPackage, OfficeError> {
    let today = now.date();
    let (mut meters, mut notices, mut cuts) = (Vec::new(), Vec::new(), Vec::new());
    let mut verdict = None;
    if rights.reads {
        let rules = MeteringRules::load(work.book, &work.site, today)?;
        verdict = Some(VerdictRules {
            rules: rules.ids[..2].to_vec(),
            whole_kwh: rules.reading.whole_kwh,
            rollover_share: rules.reading.rollover_share,
            residential: (&rules.check.residential).into(),
            other: (&rules.check.other).into(),
        });
        let rows = store::meters_to_read(conn, &work.by, today, MOST.0)?;
        meters = rows.into_iter().map(MeterWork::of).collect();
    }
    if rights.serves {
        let rows = store::notices_to_serve(conn, root, MOST.1)?;
        notices = rows.into_iter().map(|row| notice(work, row, today)).collect();
    }
    if rights.cuts {
        for row in store::cuts_to_work(conn, root, MOST.2)? {
            cuts.extend(cut(conn, work, row, now)?);
        }
    }
    audit::look(conn, 0, (&work.by, "field:package"), now, work.now)?;
    Ok(FieldPackage { today, made_at: now, who: work.by.clone(), verdict, meters, notices, cuts })
}

fn notice(work: &Work<'_>, row: NoticeToServe, on: Date) -> NoticeWork {
    let selector = work.site.clone().with("notice", &row.kind);
    let rule = work.book.pick::<ServiceRule>(TOPIC, &selector, on).ok();
    let by_hand = |way: &ServiceWay| !matches!(way, ServiceWay::Designated | ServiceWay::Electronic);
    let ways = rule.as_ref().map(|rule| rule.params.ways.iter().copied().filter(by_hand).collect());
    NoticeWork {
        account_no: row.account_no,
        customer: mask(&row.customer, Personal::Name),
        address: row.address,
        notice_no: row.notice_no,
        kind: row.kind,
        amount: row.amount,
        deadline_on: row.deadline_on,
        due_by: row.due_by,
        channel: row.channel,
        ways: ways.unwrap_or_default(),
        rule: rule.map(|rule| rule.rule.id.clone()),
    }
}

fn cut(
    conn: &mut Conn,
    work: &Work<'_>,
    row: CutToWork,
    now: DateTime,
) -> Result<Option<CutWork>, OfficeError> {
    let account_id = row.account_id;
    let Some(case) = disconnection::live_case(conn, account_id)? else { return Ok(None) };
    let waits = |state: &str| matches!(state, "ordered" | "confirm_at_meter" | "doubtful");
    let operations = disconnection::operations_of(conn, account_id)?;
    let operation = operations.into_iter().rev().find(|o| o.case_no == case.case_no && waits(&o.state));
    let calls = disconnection::calls_of(conn, account_id, case.case_no)?;
    let is_cut = case.state == denghuo_rules::disconnection::CutState::Cut;
    let gates = if is_cut { None } else { gates(conn, work, account_id, now)? };
    if is_cut && operation.is_none() {
        return Ok(None);
    }
    Ok(Some(CutWork {
        account_no: row.account_no,
        customer: mask(&row.customer, Personal::Name),
        address: row.address,
        case_no: case.case_no,
        state: case.state.word().to_owned(),
        window_from: case.window_from,
        window_to: case.window_to,
        amount: gates.as_ref().map(|gates| gates.amount),
        gates: gates.map(|gates| gates.gates).unwrap_or_default(),
        told_cut_at: calls.last().map(|call| call.told_cut_at),
        operation: operation.map(|o| OperationShown {
            kind: o.kind,
            state: o.state,
            ordered_at: o.ordered_at,
            due_at: o.due_at,
        }),
    }))
}

/// The gates of a case; none where a rule or the calendar does not tell them, so that one case does not cost the others.
fn gates(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    now: DateTime,
) -> Result<Option<GatesShown>, OfficeError> {
    match gates_show(conn, work, account_id, now) {
        Ok(gates) => Ok(Some(gates)),
        Err(OfficeError::Store(error)) => Err(error.into()),
        Err(_) => Ok(None),
    }
}
