//! 如何解除: what would make a gate hold that does not, in words for who has to act.

use super::facts::CutFacts;
use super::gates::Gate;
use super::law::CutLaw;
use crate::calendar::plus_days;
use crate::derivation::Bilingual;
use crate::units::Money;

/// What would unblock a gate that does not hold.
#[must_use]
pub fn unblock(gate: Gate, facts: &CutFacts, law: &CutLaw<'_>) -> Bilingual {
    let (zh, en) = match gate {
        Gate::Overdue => return overdue(facts, law),
        Gate::Demanded => {
            ("送达催缴通知并登记签收、回执等证据", "serve a demand notice and keep the proof that it arrived")
        }
        Gate::Approved => (
            "由审批权限足够、且不是提出人的管理人员审批",
            "have a manager approve whose level reaches and who did not propose it",
        ),
        Gate::Noticed => (
            "当面送达停电计划通知并等到期限;已过期限的,收回后重新送达",
            "serve the stop-plan notice by hand and wait for its window; past the window serve it again",
        ),
        Gate::PermittedTime => {
            ("等到禁停时段以外的日子和钟点", "wait for a day and an hour outside of the protected windows")
        }
        Gate::NoHold => (
            "争议、投诉、缴费计划等暂缓事由结束",
            "the hold has to end: dispute, complaint, payment plan or promise",
        ),
        Gate::Authority => (
            "向电力管理部门报备停电通知,或取得其批准,并登记附件",
            "send the copy to the power administration, or have its approval, and note the paper",
        ),
        Gate::Protected => (
            "由有权限的管理人员作出受保护客户专项决定",
            "a manager of the level decides about the protected user, and the decision is noted",
        ),
        Gate::Estate => (
            "与各有关单位沟通并登记记录,提前张贴停电告示",
            "talk with every listed body, note each talk, and post the notice in time",
        ),
        Gate::StillDue => {
            ("没有可催收的欠费,不得停电", "nothing is left to press for: there is nothing to unblock")
        }
        Gate::FinalCall => (
            "停电前按规定提前再次通知,并登记结果",
            "make the last call in time before the cut and stamp its outcome",
        ),
        Gate::OthersSupplied => (
            "确认并登记其他用户的供电不受影响",
            "note the paper that the others behind this supply keep theirs",
        ),
    };
    Bilingual::new(zh, en)
}

fn overdue(facts: &CutFacts, law: &CutLaw<'_>) -> Bilingual {
    let needed = law.overdue.value.more_than_days;
    let oldest = facts.debts.iter().filter(|debt| debt.open > Money::ZERO).map(|debt| debt.due_on).min();
    match oldest {
        None => Bilingual::new("没有逾期电费,不得停电", "nothing is overdue: there is nothing to unblock"),
        Some(due_on) => {
            let from = plus_days(due_on, i64::from(needed) + 1);
            Bilingual::new(
                format!("至{from}仍未缴清时满足"),
                format!("holds from {from} on when the debt is unpaid then"),
            )
        }
    }
}
