//! 诉讼时效: which terms end when, and the clock of each debt with what interrupted it.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use crate::sorting::{Sort, by};
use crate::tasks::days_between;
use denghuo_office::legal::{DebtClock, NewEvent, clocks, event_note};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::{DateForm, plus_days};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::evidence::Strength;
use denghuo_rules::legal::limitation::EventKind;
use denghuo_rules::legal::terms::LimitationAlerts;
use denghuo_rules::units::Money;
use denghuo_store::day::Range;
use denghuo_store::legal::{ListedClock, clocks_within};
use jiff::civil::{Date, date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Adds the endpoints.
pub fn add(routes: Routes) -> Routes {
    use Permission::{SeeLegal, WorkLegal};
    routes
        .list(
            "/limitations",
            SeeLegal,
            (
                "时效一览",
                "Unpaid debts of one's unit by the day on which their term ends, the earliest first",
            ),
            limitations,
        )
        .get(
            "/limitations/calendar",
            SeeLegal,
            (
                "时效日历",
                "Debts by the alert that they have reached and by the month in which their term ends",
            ),
            limitation_calendar,
        )
        .get(
            "/accounts/{account_no}/limitations",
            SeeLegal,
            ("客户债权时效", "The clock of each overdue debt: every event, what it did, and the rules"),
            account_limitations,
        )
        .post(
            "/accounts/{account_no}/limitations/events",
            WorkLegal,
            (
                "登记时效中断事由",
                "Note an interruption that stands in no other record; without a proof it interrupts nothing",
            ),
            limitation_event,
        )
}

/// Which terms.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ClockQuery {
    /// Only terms that end within so many days, or have ended.
    #[serde(default)]
    within_days: Option<u16>,
    /// Only terms that have not ended.
    #[serde(default)]
    running: bool,
    /// Only terms that end in this month, `2027-03`.
    #[serde(default)]
    month: Option<String>,
    /// The order; the first to end first when not given.
    #[serde(default)]
    sort: Sort<ClockLine>,
}

/// 时效 on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ClockLine {
    /// 户号
    account_no: String,
    /// The bill.
    bill_no: i64,
    /// What is unpaid.
    open: Money,
    /// Last day to pay.
    #[schemars(with = "DateForm")]
    due_on: Date,
    /// The last interruption, or the due day.
    #[schemars(with = "DateForm")]
    runs_from: Date,
    /// Last day of the term.
    #[schemars(with = "DateForm")]
    expires_on: Date,
    /// 还剩 (or, negative, 已超) days.
    days_left: i64,
    /// The alert that was reached, in days before the end; 0 when the term has ended, none before the first.
    alert: Option<u16>,
    /// Twenty years from the due day.
    #[schemars(with = "DateForm")]
    long_stop_on: Date,
}

by!(ClockLine { account_no, open, due_on, expires_on, days_left, long_stop_on });

fn alerts(ask: &Ask<'_>) -> Result<LimitationAlerts, Problem> {
    let work = ask.work;
    let picked = work.book.pick::<LimitationAlerts>("limitation_alerts", &work.site, ask.today);
    Ok(picked.map_err(denghuo_office::error::OfficeError::from)?.params)
}

fn line(listed: ListedClock, alerts: &LimitationAlerts, today: Date) -> ClockLine {
    ClockLine {
        days_left: days_between(today, listed.expires_on),
        alert: alerts.reached(listed.expires_on, today),
        account_no: listed.account_no,
        bill_no: listed.bill_no,
        open: listed.open,
        due_on: listed.due_on,
        runs_from: listed.base_on,
        expires_on: listed.expires_on,
        long_stop_on: listed.long_stop_on,
    }
}

const FIRST: Date = date(1990, 1, 1);
const LAST: Date = date(9999, 12, 31);

fn limitations(ask: &mut Ask<'_>, _: &Nothing, query: &ClockQuery) -> Result<List<ClockLine>, Problem> {
    let root = ask.root()?;
    let alerts = alerts(ask)?;
    let mut from = if query.running { ask.today } else { FIRST };
    let mut until = query.within_days.map_or(LAST, |days| plus_days(ask.today, i64::from(days)));
    if let Some(month) = &query.month {
        let first: Date =
            format!("{month}-01").parse().map_err(|_| Problem::unreadable("month", "month: YYYY-MM"))?;
        (from, until) = (from.max(first), until.min(first.last_of_month()));
    }
    let today = ask.today;
    let rows = clocks_within(ask.conn, root, (from, until))?;
    let lines = rows.into_iter().map(|listed| line(listed, &alerts, today)).collect();
    ask.page.cut_sorted(lines, &query.sort, |line| format!("{}/{}", line.account_no, line.bill_no))
}

/// So many debts with so much open.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
struct ClockSum {
    /// The alert in days (`30`), `0` when the term has ended; or the month `2027-03`.
    of: String,
    /// Debts.
    debts: i64,
    /// What is open of them.
    open: Money,
}

/// 时效日历
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ClockCalendar {
    /// By the alert that was reached: ended first, then from late to early. A debt counts at one of them.
    alerts: Vec<ClockSum>,
    /// By the month in which the term ends, of terms that have not ended.
    months: Vec<ClockSum>,
}

fn limitation_calendar(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<ClockCalendar, Problem> {
    let root = ask.root()?;
    let rule = alerts(ask)?;
    let today = ask.today;
    let mut by_alert: BTreeMap<u16, ClockSum> = BTreeMap::new();
    for days in rule.days.iter().copied().chain([0]) {
        by_alert.insert(days, ClockSum { of: days.to_string(), ..ClockSum::default() });
    }
    let mut by_month: BTreeMap<String, ClockSum> = BTreeMap::new();
    for listed in clocks_within(ask.conn, root, (FIRST, LAST))? {
        if let Some(sum) = rule.reached(listed.expires_on, today).and_then(|alert| by_alert.get_mut(&alert)) {
            sum.debts += 1;
            sum.open += listed.open;
        }
        if listed.expires_on >= today {
            let month = listed.expires_on.strftime("%Y-%m").to_string();
            let sum = by_month.entry(month.clone()).or_insert(ClockSum { of: month, ..ClockSum::default() });
            sum.debts += 1;
            sum.open += listed.open;
        }
    }
    Ok(ClockCalendar { alerts: by_alert.into_values().collect(), months: by_month.into_values().collect() })
}

/// Something that happened to a debt, and what it did to its term.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Interruption {
    /// What.
    kind: EventKind,
    /// The day it took effect.
    #[schemars(with = "DateForm")]
    on: Date,
    /// How strong its proof is.
    strength: Strength,
    /// Where it is found, such as `notice:3`.
    reference: String,
    /// Did it interrupt?
    interrupts: bool,
    /// Why it did not.
    void: Option<Bilingual>,
    /// Last day of the term after it.
    #[schemars(with = "DateForm")]
    expires_on: Date,
}

/// 债权时效
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ClockTold {
    /// The bill.
    bill_no: i64,
    /// What is unpaid.
    open: Money,
    /// Last day to pay: the term counts from it.
    #[schemars(with = "DateForm")]
    due_on: Date,
    /// The last interruption, or the due day.
    #[schemars(with = "DateForm")]
    runs_from: Date,
    /// Last day of the term.
    #[schemars(with = "DateForm")]
    expires_on: Date,
    /// 还剩 (or, negative, 已超) days.
    days_left: i64,
    /// Was the last day moved off rest days? Not when the calendar of its year is not known.
    rest_days_known: bool,
    /// 二十年 from the due day.
    #[schemars(with = "DateForm")]
    long_stop_on: Date,
    /// Every event in order.
    events: Vec<Interruption>,
    /// Ids of the rules.
    rules: Vec<String>,
}

impl ClockTold {
    fn of(debt: DebtClock, today: Date) -> Self {
        let clock = debt.clock;
        let events = clock.events.into_iter().map(|judged| Interruption {
            kind: judged.event.kind,
            on: judged.event.on,
            strength: judged.event.strength,
            reference: judged.event.reference,
            interrupts: judged.void.is_none(),
            void: judged.void.map(denghuo_rules::legal::limitation::VoidReason::text),
            expires_on: judged.expires_on,
        });
        Self {
            bill_no: debt.bill_no,
            open: debt.open,
            due_on: clock.due_on,
            runs_from: clock.runs_from,
            expires_on: clock.expires_on,
            days_left: days_between(today, clock.expires_on),
            rest_days_known: clock.rest_days_known,
            long_stop_on: clock.long_stop_on,
            events: events.collect(),
            rules: clock.rules,
        }
    }
}

/// The clocks of an account.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct AccountClocks {
    /// In order of the bill.
    clocks: Vec<ClockTold>,
}

fn told(ask: &mut Ask<'_>) -> Result<AccountClocks, Problem> {
    let (account_id, today) = (ask.account()?, ask.today);
    let debts = clocks(ask.conn, ask.work, Range { from: account_id, to: account_id }, today)?;
    Ok(AccountClocks { clocks: debts.into_iter().map(|debt| ClockTold::of(debt, today)).collect() })
}

fn account_limitations(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<AccountClocks, Problem> {
    told(ask)
}

/// 时效中断事由
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct EventBody {
    /// The bill; 0 for every debt of the account.
    #[serde(default)]
    bill_no: i64,
    /// What happened.
    kind: EventKind,
    /// The day it took effect.
    #[schemars(with = "DateForm")]
    effective_on: Date,
    /// Number of its proof; without one it interrupts nothing.
    #[serde(default)]
    evidence_no: Option<i64>,
    /// In words.
    #[serde(default)]
    note: String,
}

fn limitation_event(ask: &mut Ask<'_>, _: &Nothing, body: &EventBody) -> Result<AccountClocks, Problem> {
    let event = NewEvent {
        bill_no: body.bill_no,
        kind: body.kind,
        effective_on: body.effective_on,
        evidence_no: body.evidence_no,
        note: body.note.clone(),
    };
    event_note(ask.conn, ask.work, ask.account()?, &event, ask.today)?;
    told(ask)
}
