//! 催费台: whom a collector turns to, everything about one debtor on a card, and what came of a call.

use super::plans::{HoldShown, PlanShown};
use crate::ask::Ask;
use crate::input::{AccountPath, Nothing, PersonalQuery};
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use crate::sorting::{Sort, by};
use denghuo_office::collections::{
    BalanceExplained, CallHours, CallNote, CallNoted, WorkLine, call_hours, call_note, explain_balance,
    holds_of, ladder_show, plans_of, worklist,
};
use denghuo_office::notices::{NoticeShown, notice_list};
use denghuo_office::registry::{ContactShown, Personal, account_card, contacts_show, mask};
use denghuo_rules::access::{Permission, Role};
use denghuo_rules::calendar::{DateForm, MomentForm};
use denghuo_rules::derivation::{Bilingual, Step};
use denghuo_rules::evidence::{EvidenceKind, Outcome, SignerRole};
use denghuo_store::day::Range;
use denghuo_store::db::moment_from_int;
use denghuo_store::{collections as store, evidence};
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Notices and calls that a card shows.
const LATELY: usize = 8;

/// The endpoints.
pub fn add(routes: Routes) -> Routes {
    let (see, work) = (Permission::SeeArrears, Permission::WorkLadder);
    routes
        .get("/collectors", see, ("催费人员", "Who collects in one's unit"), collectors)
        .list("/worklist", work, ("催费工作清单", "The debtors of a collector, ranked by value, chance and deadline; a manager may ask for anybody of his unit"), work_list)
        .get("/accounts/{account_no}/call-card", see, ("催费卡", "Everything that a call needs: who, how much, why, what was promised, whether he may be called now"), call_card)
        .post("/accounts/{account_no}/calls", work, ("登记通话", "What came of a call; a step of the ladder that waits for it is done by it"), call)
        .once()
}

/// Who collects.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Collector {
    /// Staff code.
    code: String,
    /// Name.
    name: String,
    /// A `StaffRole`.
    role: String,
    /// Name of the unit.
    org: String,
}

/// Who collects in one's unit.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Collectors {
    /// By code.
    collectors: Vec<Collector>,
}

fn collectors(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Collectors, Problem> {
    let root = ask.root()?;
    let rows = store::collectors(ask.conn, root, ask.today)?;
    let collectors = rows
        .into_iter()
        .map(|row| Collector { code: row.code, name: row.name, role: row.role, org: row.org })
        .collect();
    Ok(Collectors { collectors })
}

/// Whose list.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct WorklistQuery {
    /// Staff code; one's own when not given.
    #[serde(default)]
    staff: Option<String>,
    /// Show names and addresses in full; the look is kept.
    #[serde(default)]
    personal: bool,
    /// The order; the most urgent first when not given.
    #[serde(default)]
    sort: Sort<WorkLine>,
}

by!(WorkLine { account_no, overdue, due_on });

fn work_list(ask: &mut Ask<'_>, _: &Nothing, query: &WorklistQuery) -> Result<List<WorkLine>, Problem> {
    let root = ask.root()?;
    let own = ask.work.by.clone();
    let staff = query.staff.clone().unwrap_or_else(|| own.clone());
    if staff != own {
        if !ask.who.holds(Role::Manager) {
            return Err(Problem::not_permitted(Permission::WorkLadder));
        }
        let known = store::collectors(ask.conn, root, ask.today)?;
        if !known.iter().any(|row| row.code == staff) {
            return Err(Problem::not_found());
        }
    }
    let in_full = ask.in_full(query.personal, 0, &format!("worklist:{staff}"))?;
    let mut lines = worklist(ask.conn, ask.work, &staff, ask.today)?;
    if !in_full {
        for line in &mut lines {
            line.name = mask(&line.name, Personal::Name);
            line.address = mask(&line.address, Personal::Address);
        }
    }
    ask.page.cut_sorted(lines, &query.sort, |line| line.account_no.clone())
}

/// A call that was made.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CallShown {
    /// Number in the chain of proofs.
    evidence_no: i64,
    /// When.
    #[schemars(with = "Option<MomentForm>")]
    at: Option<DateTime>,
    /// What came of it.
    outcome: Option<String>,
    /// What it was about, such as `bill:3`.
    subject: String,
    /// What was said.
    note: Option<String>,
    /// Who called.
    by: String,
}

/// 催费卡
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CallCard {
    /// 户号
    account_no: String,
    /// 户名
    customer: String,
    /// A `CustomerKind`.
    customer_kind: String,
    /// 用电地址
    address: String,
    /// An `Importance`.
    importance: String,
    /// A `Protection`.
    protection: Option<String>,
    /// Ways to reach him.
    contacts: Vec<ContactShown>,
    /// What he owes and why, debt by debt.
    owes: BalanceExplained,
    /// The ladder that applies.
    ladder_rule: Option<String>,
    /// Why each step stands where it does.
    why: Vec<Step>,
    /// The next day on which time alone can change something.
    #[schemars(with = "Option<DateForm>")]
    next_on: Option<Date>,
    /// Plans and promises, the latest first.
    plans: Vec<PlanShown>,
    /// Holds, those in force first.
    holds: Vec<HoldShown>,
    /// The latest notices.
    notices: Vec<NoticeShown>,
    /// The latest calls.
    calls: Vec<CallShown>,
    /// May he be called now?
    hours: CallHours,
    /// What may be done next, and what stands against it.
    acts: Vec<Act>,
}

/// Something that may be done next.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Act {
    /// `call`, `promise`, `plan`, `waiver`.
    what: &'static str,
    /// May it be done now?
    allowed: bool,
    /// Code of what stands against it.
    code: Option<String>,
    /// In words.
    text: Option<Bilingual>,
    /// Ids of the rules.
    rules: Vec<String>,
}

fn call_card(ask: &mut Ask<'_>, path: &AccountPath, query: &PersonalQuery) -> Result<CallCard, Problem> {
    let account_id = ask.account()?;
    let in_full = ask.in_full(query.personal, account_id, "call_card")?;
    let today = ask.today;
    let card = account_card(ask.conn, &path.account_no, in_full)?;
    let owes = explain_balance(ask.conn, ask.work, account_id, today)?;
    let ladder = ladder_show(ask.conn, ask.work, account_id, today)?;
    let hours = call_hours(ask.conn, ask.work, account_id, ask.now)?;
    let mut plans = plans_of(ask.conn, account_id)?;
    plans.reverse();
    let mut holds = holds_of(ask.conn, account_id)?;
    holds.sort_by_key(|hold| (hold.released_on.is_some(), std::cmp::Reverse(hold.hold_no)));
    let mut notices = notice_list(ask.conn, account_id, in_full)?;
    notices.truncate(LATELY);
    let acts = acts_of(ask, account_id, &owes, &hours)?;
    Ok(CallCard {
        contacts: contacts_show(ask.conn, account_id, in_full)?,
        calls: calls_of(ask, account_id)?,
        account_no: card.account_no,
        customer: card.customer,
        customer_kind: card.customer_kind,
        address: card.address,
        importance: card.importance,
        protection: card.protection,
        owes,
        ladder_rule: ladder.rule,
        why: ladder.why,
        next_on: ladder.next_on,
        plans: plans.into_iter().map(PlanShown::of).collect(),
        holds: holds.into_iter().map(HoldShown::of).collect(),
        notices,
        hours,
        acts,
    })
}

fn calls_of(ask: &mut Ask<'_>, account_id: i64) -> Result<Vec<CallShown>, Problem> {
    let chain = evidence::chains(ask.conn, Range { from: account_id, to: account_id })?;
    let calls = chain.into_iter().rev().filter(|link| link.kind == EvidenceKind::CallRecord.word());
    let shown = calls.take(LATELY).map(|link| CallShown {
        evidence_no: link.evidence_no,
        at: moment_from_int(link.happened_at),
        outcome: link.outcome,
        subject: link.subject,
        note: link.note,
        by: link.made_by,
    });
    Ok(shown.collect())
}

/// What may be done, each asked of the rule that would decide it.
fn acts_of(
    ask: &mut Ask<'_>,
    account_id: i64,
    owes: &BalanceExplained,
    hours: &CallHours,
) -> Result<Vec<Act>, Problem> {
    let mut acts = vec![Act {
        what: "call",
        allowed: hours.allowed,
        code: hours.code.clone(),
        text: hours.text.clone(),
        rules: hours.rules.clone(),
    }];
    for (what, is_plan) in [("promise", false), ("plan", true)] {
        acts.push(super::plans::may_agree(ask, account_id, owes, (what, is_plan))?);
    }
    let fee = owes.late_fee + owes.running_fee;
    let nothing = Bilingual::new("没有未缴违约金", "no late fee is unpaid");
    let has_fee = fee > denghuo_rules::units::Money::ZERO;
    acts.push(Act {
        what: "waiver",
        allowed: has_fee,
        code: (!has_fee).then(|| "waiver.not_positive".to_owned()),
        text: (!has_fee).then_some(nothing),
        rules: Vec::new(),
    });
    Ok(acts)
}

impl Act {
    /// An act with what a rule says against it.
    pub fn judged(what: &'static str, refusal: Option<(String, Bilingual)>, rules: Vec<String>) -> Self {
        let (code, text) = refusal.unzip();
        Self { what, allowed: code.is_none(), code, text, rules }
    }
}

/// What came of a call.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CallBody {
    /// `reached`, `answered_by_other` or `no_answer`.
    outcome: Outcome,
    /// Did the customer call? Then no hour is quiet.
    #[serde(default)]
    incoming: bool,
    /// The bill that it was about; the account when not given.
    #[serde(default)]
    bill_no: Option<i64>,
    /// Who was spoken to.
    #[serde(default)]
    #[schemars(length(max = 60))]
    spoke_with: Option<String>,
    /// As what.
    #[serde(default)]
    role: Option<SignerRole>,
    /// Number of the recording.
    #[serde(default)]
    #[schemars(length(max = 64))]
    reference: Option<String>,
    /// What was said.
    #[schemars(length(min = 1, max = 500))]
    note: String,
}

fn call(ask: &mut Ask<'_>, _: &Nothing, body: &CallBody) -> Result<CallNoted, Problem> {
    let account_id = ask.account()?;
    if !matches!(body.outcome, Outcome::Reached | Outcome::AnsweredByOther | Outcome::NoAnswer) {
        return Err(Problem::unreadable("body", "outcome: reached, answered_by_other, no_answer"));
    }
    if body.note.trim().is_empty() {
        return Err(Problem::unreadable("body", "note: 1–500"));
    }
    let note = CallNote {
        at: ask.now,
        incoming: body.incoming,
        bill_no: body.bill_no.unwrap_or(0),
        outcome: body.outcome,
        spoke_with: body.spoke_with.clone(),
        role: body.role,
        reference: body.reference.clone(),
        note: body.note.clone(),
    };
    Ok(call_note(ask.conn, ask.work, account_id, &note)?)
}
