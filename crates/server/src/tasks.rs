//! 待办: what the people of a role have to look at, the most urgent first.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::registry::{Personal, mask};
use denghuo_rules::access::{Permission, Role};
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::Bilingual;
use denghuo_store::tasks::{After, InboxFilter, Listed, inbox};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The endpoints.
pub fn routes() -> Routes {
    Routes::of("tasks", "待办").list(
        "/tasks",
        Permission::SeeTasks,
        (
            "待办清单",
            "Open tasks of one's role in one's unit, the earliest day first; a manager may ask for any role",
        ),
        task_list,
    )
}

/// Which tasks.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct TaskQuery {
    /// Only of this kind, such as `reading_exception`.
    #[serde(default)]
    kind: Option<String>,
    /// Of this role instead of one's own; for managers.
    #[serde(default)]
    role: Option<Role>,
    /// Only due on or before this day.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    due_by: Option<Date>,
}

/// A task on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TaskLine {
    /// What kind of work it is.
    pub kind: String,
    /// Its name.
    pub name: Bilingual,
    /// 户号; none for a task of no account.
    pub account_no: Option<String>,
    /// 用电地址, its first characters.
    pub address: Option<String>,
    /// What it is about, such as `2026-08`.
    pub subject: String,
    /// Codes of the findings.
    pub codes: Vec<String>,
    /// The findings in words.
    pub detail: Bilingual,
    /// Role that has to act.
    pub role: String,
    /// When it was opened.
    #[schemars(with = "DateForm")]
    pub opened_on: Date,
    /// By when it is to be done.
    #[schemars(with = "Option<DateForm>")]
    pub due_on: Option<Date>,
    /// 还剩 (or, negative, 已超) days.
    pub days_left: Option<i64>,
}

impl TaskLine {
    /// As it is shown on a day.
    pub fn of(listed: Listed, today: Date) -> Self {
        let task = listed.task;
        Self {
            name: name_of(&task.kind),
            account_no: listed.account_no,
            address: listed.address.map(|address| mask(&address, Personal::Address)),
            subject: task.subject,
            codes: task.codes.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
            detail: task.detail,
            role: task.owner_role,
            opened_on: task.opened_on,
            due_on: task.due_on,
            days_left: task.due_on.map(|due| days_between(today, due)),
            kind: task.kind,
        }
    }
}

/// Whole days from one day to another.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// The name of a kind of task; the word itself where there is none.
pub fn name_of(kind: &str) -> Bilingual {
    let known = NAMES.iter().find(|(word, ..)| *word == kind);
    known.map_or_else(|| Bilingual::new(kind, kind.replace('_', " ")), |(_, zh, en)| Bilingual::new(*zh, *en))
}

/// The kinds of tasks and their names.
const NAMES: &[(&str, &str, &str)] = &[
    ("appraisal_dispute", "考核异议待核定", "Disputed appraisal to decide"),
    ("approval_request", "减免与分期审批", "Waiver or plan to decide"),
    ("article_review", "文章到期复核", "Article to look at again"),
    ("bill_parked", "核算搁置", "Bill parked"),
    ("bill_rebill", "重算电费", "Bill again"),
    ("bonus_sheet", "奖金表待办", "Bonus sheet to agree to or freeze"),
    ("campaign_approval", "宣传活动待审批", "Campaign to decide"),
    ("certificate_ending", "证书到期", "Certificate ends"),
    ("certificate_missing", "无证作业", "Done without a certificate"),
    ("claims_end", "债权申报到期", "Claims end"),
    ("contact_call", "电话核实联系方式", "Verify a contact by phone"),
    ("contact_visit", "上门核实联系方式", "Verify a contact by a visit"),
    ("cut_after_payment", "停电前后已缴费", "Paid around the cut"),
    ("cut_approval", "停电审批", "Cut to approve"),
    ("cut_doubtful", "停复电结果待核实", "Outcome of a cut in doubt"),
    ("cut_due", "停电作业", "Cut to carry out"),
    ("cut_parked", "停电流程搁置", "Cut parked"),
    ("cut_unserved", "停电通知未送达", "Stop notice not served"),
    ("delivery_doubt", "发送结果待核实", "Delivery in doubt"),
    ("dunning", "催费", "Collect"),
    ("field_conflict", "现场作业待核实", "Field work in conflict"),
    ("field_no_reading", "现场未抄", "Not read in the field"),
    ("finding", "监督问题待处理", "Finding to decide on"),
    ("finding_late", "整改逾期督办", "Put right too late"),
    ("finding_parked", "问题期限无法计算", "Deadline of a finding in doubt"),
    ("finding_part", "协同事项", "Part of a finding"),
    ("interval_gap", "缺采", "Interval data missing"),
    ("legal_proposal", "法律事务审批", "Legal proposal"),
    ("legal_term", "法律期限", "Legal term"),
    ("limitation_alert", "诉讼时效预警", "Limitation ends soon"),
    ("notice_late", "通知逾期未达", "Notices late"),
    ("notice_undeliverable", "通知无法送达", "Notice undeliverable"),
    ("parked", "业务搁置", "Parked"),
    ("penalty_appeal", "申诉待裁定", "Objection to decide on"),
    ("plan_broken", "缴费计划违约", "Plan broken"),
    ("problem", "集中问题整改", "Problem of many"),
    ("problem_late", "集中问题超期督办", "Problem of many is late"),
    ("reading_doubt", "抄表存疑", "Reading in doubt"),
    ("reading_exception", "抄表异常", "Reading exception"),
    ("reading_notice", "抄表提示", "Reading notice"),
    ("rectification", "整改通知单", "To be put right"),
    ("rectification_verify", "整改待验证", "To verify"),
    ("restoration", "复电作业", "Power to restore"),
    ("restoration_late", "复电超时", "Restoration late"),
    ("review", "专项稽查", "Review"),
    ("security_ends", "担保到期", "Security ends"),
    ("ticket", "客户工单", "Ticket"),
    ("ticket_late", "工单超时督办", "Ticket is late"),
    ("write_off_recovery", "核销收回", "Recovered after write-off"),
    ("write_off_request", "核销审批", "Write-off to decide"),
];

/// The roles whose tasks somebody sees: his own, or the one a manager asks for.
pub fn roles_seen(ask: &Ask<'_>, asked: Option<Role>) -> Result<Vec<&'static str>, Problem> {
    match asked {
        None => Ok(ask.who.person.roles.iter().map(|role| role.word()).collect()),
        Some(role) if ask.who.holds(role) || ask.who.holds(Role::Manager) => Ok(vec![role.word()]),
        Some(_) => Err(Problem::not_permitted(Permission::SeeTasks)),
    }
}

fn task_list(ask: &mut Ask<'_>, _: &Nothing, query: &TaskQuery) -> Result<List<TaskLine>, Problem> {
    let roles = roles_seen(ask, query.role)?;
    // Who belongs to no unit sees the tasks of no account.
    let root = ask.who.person.scope.unwrap_or(-1);
    let filter = InboxFilter { roles: &roles, root, kind: query.kind.as_deref(), due_by: query.due_by };
    let after = match &ask.page.after {
        None => None,
        Some(key) => Some(place_of(key).ok_or_else(|| Problem::unreadable("cursor", "cursor"))?),
    };
    let limit = ask.page.limit;
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1;
    let rows = inbox(ask.conn, &filter, after.as_ref(), one_more)?;
    let page = List::of_one_more(rows, limit, |listed| key_of(&listed.place()));
    let today = ask.today;
    let items = page.items.into_iter().map(|listed| TaskLine::of(listed, today)).collect();
    Ok(List { items, next_cursor: page.next_cursor })
}

fn key_of(place: &After) -> String {
    [place.due_on.to_string(), place.account_id.to_string(), place.kind.clone(), place.subject.clone()]
        .join("\n")
}

fn place_of(key: &str) -> Option<After> {
    let mut parts = key.splitn(4, '\n');
    let (due_on, account_id) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(After { due_on, account_id, kind: parts.next()?.to_owned(), subject: parts.next()?.to_owned() })
}
