//! 停电闸门: the twelve gates, what each says, and when each has to hold. This file asks the debts; the papers and the
//! moment are asked beside it.

use super::law::{CutLaw, Source};
use super::window::minute;
use super::{CutDebt, CutFacts, moment_gates, paper_gates};
use crate::calendar::YearNotCovered;
use crate::derivation::Bilingual;
use crate::registry::words;
use crate::rulebook::Confidence;
use crate::units::Money;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

words!(
    /// 停电闸门
    Gate {
        /// Overdue for longer than the law asks.
        Overdue = "G01" / "逾期满法定天数",
        /// Demanded, and the demand arrived after the last payment day.
        Demanded = "G02" / "催缴已送达",
        /// Approved by the head's matrix.
        Approved = "G03" / "已按权限审批",
        /// The stop-plan notice was served in time and its window runs.
        Noticed = "G04" / "停电通知在期限内",
        /// Not a protected day or hour.
        PermittedTime = "G05" / "非禁停时段",
        /// No hold in force.
        NoHold = "G06" / "无暂缓事由",
        /// The power administration has its copy, or has approved.
        Authority = "G07" / "主管部门报备或批准",
        /// A protected user has a decision of its own.
        Protected = "G08" / "受保护客户专项决定",
        /// Talks and posting in an estate.
        Estate = "G09" / "小区停电协调与张贴",
        /// An amount is due this second and not secured.
        StillDue = "G10" / "此刻仍欠费且无担保",
        /// The last call was made in time.
        FinalCall = "G11" / "停电前再次通知",
        /// Nobody else loses power.
        OthersSupplied = "G12" / "不影响其他用户",
    }
);

/// When gates are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A cut is proposed, or its notice asked for: there is a debt that allows it.
    Debt,
    /// A warrant is made: everything but the last call.
    Warrant,
    /// Power is cut: everything.
    Operation,
}

/// The gates that have to hold at a stage.
#[must_use]
pub fn gates_of(stage: Stage) -> &'static [Gate] {
    use Gate::{
        Approved, Authority, Demanded, Estate, FinalCall, NoHold, Noticed, OthersSupplied, Overdue,
        PermittedTime, Protected, StillDue,
    };
    const DEBT: &[Gate] = &[Overdue, Demanded, NoHold, StillDue];
    const WARRANT: &[Gate] = &[
        Overdue,
        Demanded,
        Approved,
        Noticed,
        PermittedTime,
        NoHold,
        Authority,
        Protected,
        Estate,
        StillDue,
        OthersSupplied,
    ];
    const ALL: &[Gate] = &[
        Overdue,
        Demanded,
        Approved,
        Noticed,
        PermittedTime,
        NoHold,
        Authority,
        Protected,
        Estate,
        StillDue,
        FinalCall,
        OthersSupplied,
    ];
    match stage {
        Stage::Debt => DEBT,
        Stage::Warrant => WARRANT,
        Stage::Operation => ALL,
    }
}

/// 闸门结论: what a gate says, and the clause it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Finding {
    /// The gate.
    pub gate: Gate,
    /// Does it hold?
    pub holds: bool,
    /// Why, in words.
    pub text: Bilingual,
    /// The rule's id.
    pub rule: String,
    /// The clause as people cite it.
    pub clause: String,
    /// How sure the book is of the rule.
    pub confidence: Confidence,
}

impl Finding {
    pub(super) fn new(
        gate: Gate,
        holds: bool,
        source: &Source,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self {
            gate,
            holds,
            text: Bilingual::new(zh, en),
            rule: source.rule.clone(),
            clause: source.clause.clone(),
            confidence: source.confidence,
        }
    }
}

/// Every gate at a moment, in order.
///
/// # Errors
/// The calendar does not cover a year that is needed.
pub fn all_gates(facts: &CutFacts, law: &CutLaw<'_>, at: DateTime) -> Result<Vec<Finding>, YearNotCovered> {
    Ok(vec![
        overdue(facts, law, at),
        demanded(facts, law, at),
        paper_gates::approved(facts, law, at),
        paper_gates::noticed(facts, law, at)?,
        moment_gates::permitted_time(facts, law, at)?,
        no_hold(facts, law, at),
        paper_gates::authority(facts, law, at),
        paper_gates::protected(facts, law, at),
        paper_gates::estate(facts, law, at),
        still_due(facts, law, at),
        moment_gates::final_call(facts, law, at),
        moment_gates::others_supplied(facts, law, at),
    ])
}

/// The debts that a cut may rest on at a moment: unpaid, free of holds, long overdue, demanded in vain. Once the stop-plan notice
/// was served they must have been so on that day, and the paper must tell them.
#[must_use]
pub fn debts_that_ground<'f>(facts: &'f CutFacts, law: &CutLaw<'_>, at: DateTime) -> Vec<&'f CutDebt> {
    let served = facts.notice.as_ref().and_then(|notice| notice.served_at);
    let told = |bill_no| {
        facts.notice.as_ref().is_none_or(|notice| {
            notice.served_at.is_none() || notice.bills.is_empty() || notice.bills.contains(&bill_no)
        })
    };
    let since = served.map_or(at, |served| served.min(at));
    facts
        .debts
        .iter()
        .filter(|debt| debt.open > Money::ZERO && facts.is_free(law, debt.bill_no, at.date()))
        .filter(|debt| debt.is_long_overdue(law, since.date()) && told(debt.bill_no))
        .filter(|debt| !law.overdue.value.demand_required || debt.demanded(since).is_some())
        .collect()
}

/// What is unpaid and unsecured of the debts that ground a cut, less what the account has to its credit.
#[must_use]
pub fn amount_pressed(facts: &CutFacts, law: &CutLaw<'_>, at: DateTime) -> Money {
    let open: Money = debts_that_ground(facts, law, at).into_iter().map(CutDebt::unsecured).sum();
    (open - facts.credit).at_least(Money::ZERO)
}

fn open_debts(facts: &CutFacts) -> impl Iterator<Item = &CutDebt> {
    facts.debts.iter().filter(|debt| debt.open > Money::ZERO)
}

/// G01
fn overdue(facts: &CutFacts, law: &CutLaw<'_>, at: DateTime) -> Finding {
    let needed = law.overdue.value.more_than_days;
    let source = &law.overdue.source;
    let Some(oldest) = open_debts(facts).min_by_key(|debt| debt.due_on) else {
        return Finding::new(Gate::Overdue, false, source, "没有逾期电费", "nothing is overdue");
    };
    let days = oldest.days_overdue(at.date());
    let bill = oldest.bill_no;
    let holds = days > i64::from(needed);
    let (zh, en) = if holds {
        (
            format!("账单{bill}逾期{days}天,已超过{needed}天"),
            format!("bill {bill} is {days} days overdue, more than {needed}"),
        )
    } else {
        (
            format!("账单{bill}逾期{days}天,未超过{needed}天"),
            format!("bill {bill} is {days} days overdue, not more than {needed}"),
        )
    };
    Finding::new(Gate::Overdue, holds, source, zh, en)
}

/// G02
fn demanded(facts: &CutFacts, law: &CutLaw<'_>, at: DateTime) -> Finding {
    let source = &law.overdue.source;
    if !law.overdue.value.demand_required {
        return Finding::new(Gate::Demanded, true, source, "本规则不要求催缴", "the rule asks for no demand");
    }
    let since = facts.notice.as_ref().and_then(|n| n.served_at).map_or(at, |served| served.min(at));
    let long = |debt: &&CutDebt| debt.is_long_overdue(law, at.date());
    let found =
        open_debts(facts).filter(long).find_map(|debt| debt.demanded(since).map(|demand| (debt, demand)));
    match found {
        Some((debt, demand)) => Finding::new(
            Gate::Demanded,
            true,
            source,
            format!(
                "账单{}的催缴通知{}已于{}送达",
                debt.bill_no,
                demand.notice_no,
                minute(demand.arrived_at)
            ),
            format!(
                "demand {} of bill {} arrived on {}",
                demand.notice_no,
                debt.bill_no,
                minute(demand.arrived_at)
            ),
        ),
        None => Finding::new(
            Gate::Demanded,
            false,
            source,
            "没有在缴费期满后送达并有证据的催缴通知",
            "no demand is proved to have arrived after the last payment day",
        ),
    }
}

/// G06
fn no_hold(facts: &CutFacts, law: &CutLaw<'_>, at: DateTime) -> Finding {
    let on = at.date();
    let source = law.holds.first().map_or(&law.overdue.source, |rule| &rule.source);
    let free = open_debts(facts).any(|debt| facts.is_free(law, debt.bill_no, on));
    let first = facts.holds.iter().find(|hold| hold.in_force(on) && law.stops(&hold.kind));
    match first {
        Some(hold) if !free || hold.bill_no == 0 => Finding::new(
            Gate::NoHold,
            false,
            source,
            format!("暂缓事由有效:{}(至{})", hold.kind, hold.until_on),
            format!("a hold is in force: {} until {}", hold.kind, hold.until_on),
        ),
        Some(hold) => Finding::new(
            Gate::NoHold,
            true,
            source,
            format!("账单{}暂缓({}),其他欠费无暂缓事由", hold.bill_no, hold.kind),
            format!("bill {} is held ({}); other debts are free of holds", hold.bill_no, hold.kind),
        ),
        None => Finding::new(Gate::NoHold, true, source, "没有暂缓事由", "no hold is in force"),
    }
}

/// G10
fn still_due(facts: &CutFacts, law: &CutLaw<'_>, at: DateTime) -> Finding {
    let source = &law.overdue.source;
    let grounds = debts_that_ground(facts, law, at);
    let open: Money = grounds.iter().map(|debt| debt.open).sum();
    let pressed = amount_pressed(facts, law, at);
    if pressed > Money::ZERO {
        let bills: Vec<String> = grounds.iter().map(|debt| debt.bill_no.to_string()).collect();
        let bills = bills.join(",");
        return Finding::new(
            Gate::StillDue,
            true,
            source,
            format!("此刻账单{bills}仍欠电费{pressed}元"),
            format!("{pressed} yuan of bill {bills} are due this second"),
        );
    }
    let (zh, en) = if grounds.is_empty() {
        ("没有可据以停电的欠费".to_owned(), "no debt allows a cut".to_owned())
    } else {
        (
            format!("欠费{open}元已有担保或预存款项"),
            format!("the {open} yuan that are open are secured or covered by credit"),
        )
    };
    Finding::new(Gate::StillDue, false, source, zh, en)
}
