//! 时间轴: what happened on an account, in order, out of the facts of all columns.

use super::case::{Case, Fact, int, text};
use super::index::{day_text, moment_text};
use denghuo_rules::evidence::Record;
use serde_json::{Value, json};

/// Table, column of the day or moment, number within the account, what it says in Chinese and English.
const EVENTS: &[(&str, &str, &str, &str, &str)] = &[
    ("receivable", "released_on", "bill_no", "电费发行", "bill released"),
    ("receivable", "due_on", "bill_no", "缴费截止", "last payment day"),
    ("receivable", "settled_on", "bill_no", "结清", "settled"),
    ("payment", "paid_on", "payment_no", "缴费", "payment"),
    ("payment", "reversed_on", "payment_no", "冲正", "payment taken back"),
    ("refund", "paid_on", "refund_no", "退费", "refund"),
    ("waiver", "approved_on", "waiver_no", "减免违约金", "late fee waived"),
    ("notice", "decided_on", "notice_no", "通知", "notice decided"),
    ("notice", "served_at", "notice_no", "通知送达", "notice served"),
    ("delivery", "sent_at", "notice_no", "发送", "sent"),
    ("ladder_step", "done_on", "bill_no", "催费步骤", "step of the ladder"),
    ("hold", "from_on", "hold_no", "暂缓", "held"),
    ("hold", "released_on", "hold_no", "解除暂缓", "hold released"),
    ("payment_plan", "agreed_on", "plan_no", "缴费计划或承诺", "plan or promise"),
    ("payment_plan", "ended_on", "plan_no", "计划或承诺终止", "plan or promise ended"),
    ("cut_case", "proposed_on", "case_no", "拟停电", "cut proposed"),
    ("cut_case", "approved_on", "case_no", "停电审批", "cut approved"),
    ("cut_document", "happened_on", "case_no", "停电文件", "document of the cut"),
    ("final_call", "called_at", "case_no", "停电前通知", "final call"),
    ("warrant", "made_at", "case_no", "停电许可", "warrant"),
    ("operation", "ordered_at", "operation_no", "停复电指令", "operation ordered"),
    ("operation", "done_at", "operation_no", "停复电执行", "operation done"),
    ("limitation_event", "effective_on", "event_no", "时效中断事由", "interrupts the limitation"),
    ("legal_case", "opened_on", "case_no", "法律案件立项", "legal case opened"),
    ("legal_step", "happened_on", "case_no", "法律步骤", "legal step"),
    ("insolvency", "accepted_on", "insolvency_no", "破产受理", "insolvency accepted"),
    ("write_off", "approved_on", "write_off_no", "账销案存", "written off"),
];

/// Every event of the case, in order of its day, then of its moment.
pub(super) fn of(case: &Case, chain: &[Record]) -> Vec<Value> {
    let mut events: Vec<(i64, i64, Value)> = Vec::new();
    for (table, column, number, zh, en) in EVENTS {
        for fact in case.rows(table) {
            let when = int(fact, column);
            if when > 0 {
                events.push(event(when, (table, int(fact, number)), (zh, en), &detail(fact)));
            }
        }
    }
    for link in chain.iter().filter(|link| case.proofs.contains(&link.evidence_no)) {
        let told = format!("{} {}", link.kind, link.subject);
        events.push(event(link.happened_at, ("evidence", link.evidence_no), ("证据", "proof"), &told));
    }
    events.sort_by_key(|(day, moment, _)| (*day, *moment));
    events.into_iter().map(|(.., event)| event).collect()
}

fn event(when: i64, (table, no): (&str, i64), (zh, en): (&str, &str), detail: &str) -> (i64, i64, Value) {
    // A moment has fourteen digits, a day eight.
    let is_moment = when > 99_999_999;
    let day = if is_moment { when / 1_000_000 } else { when };
    let at = if is_moment { moment_text(when) } else { day_text(when) };
    let told =
        json!({ "at": at, "what": { "zh": zh, "en": en }, "of": format!("{table}:{no}"), "detail": detail });
    (day, if is_moment { when } else { 0 }, told)
}

/// The words of a fact that tell it apart.
fn detail(fact: &Fact) -> String {
    let words = ["kind", "subject", "channel", "state", "outcome", "reason", "note"];
    words
        .into_iter()
        .map(|name| text(fact, name))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
