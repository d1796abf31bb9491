//! 权限 (foundation `access`): what each role may do, whose accounts a unit's people see, and when a door stays shut.
//!
//! [`RIGHTS`] is the whole table: one line for each permission with the roles that hold it. Nothing else decides.

use crate::registry::{OrgKind, StaffRole, words};
use serde::{Deserialize, Serialize};

mod log;
mod login;
mod rights;
#[cfg(test)]
mod tests;

pub use log::{LOG_TOPIC, LogRule};
pub use login::{LoginRule, PasswordFault, TOPIC};
pub use rights::RIGHTS;

words!(
    /// 登录角色: the roles of the staff list, and the administrator, which is a role of logins alone.
    Role {
        /// Reads meters.
        Reader = "reader" / "抄表员",
        /// Verifies bills.
        Verifier = "verifier" / "核算员",
        /// Takes payments.
        Cashier = "cashier" / "收费员",
        /// Collects arrears.
        Collector = "collector" / "催费员",
        /// Inspects the use of electricity, cuts and restores.
        Inspector = "inspector" / "用电检查员",
        /// Keeps the accounts.
        Accountant = "accountant" / "账务员",
        /// Answers customers.
        Agent = "agent" / "客服",
        /// Writes letters and goes to court.
        Legal = "legal" / "法务",
        /// Leads.
        Manager = "manager" / "管理人员",
        /// Anything else.
        Other = "other" / "其他",
        /// Keeps logins, roles and the rulebook.
        Administrator = "administrator" / "系统管理员",
    }
);

impl From<StaffRole> for Role {
    fn from(role: StaffRole) -> Self {
        Self::from_word(role.word()).unwrap_or(Self::Other)
    }
}

words!(
    /// 操作权限: one thing that somebody may do.
    Permission {
        /// Search, customer card, timeline, readings, bills, payments, notices.
        SeeAccounts = "see_accounts" / "查看客户",
        /// Names, telephones and addresses in full; every look is kept.
        SeePersonal = "see_personal" / "查看完整个人信息",
        /// Debts, ladders, work lists, ageing.
        SeeArrears = "see_arrears" / "查看欠费",
        /// Proofs and their files.
        SeeEvidence = "see_evidence" / "查看证据",
        /// Cases, clocks of limitation.
        SeeLegal = "see_legal" / "查看法律事务",
        /// One's own work: home and tasks.
        SeeTasks = "see_tasks" / "查看待办",
        /// Recovery, ageing totals, trial balance, day runs.
        SeeReports = "see_reports" / "查看报表",
        /// The rulebook.
        SeeRules = "see_rules" / "查看规则库",
        /// Who changed or looked at what.
        SeeAudit = "see_audit" / "查看审计",
        /// Enter readings.
        TakeReadings = "take_readings" / "录入示数",
        /// Answer doubtful and missing readings; correct readings.
        DecideReadings = "decide_readings" / "处理抄表异常",
        /// Release bills that wait, reject them.
        ReleaseBills = "release_bills" / "审批发行电费",
        /// Rebill, cancel, assess.
        CorrectBills = "correct_bills" / "退补电费",
        /// Take payments at the counter, make payment intents.
        TakePayments = "take_payments" / "收费",
        /// Take payments back: a cashier his own of the day, the accountant any.
        ReversePayments = "reverse_payments" / "冲正",
        /// Bank files, suspense, asking for refunds.
        KeepBank = "keep_bank" / "银行对账与退费申请",
        /// Decide on refunds that another person has asked for.
        ApproveRefunds = "approve_refunds" / "审批退费",
        /// Close a day.
        CloseDay = "close_day" / "日结",
        /// Verify, designate and replace contacts.
        KeepContacts = "keep_contacts" / "维护联系方式",
        /// Take the day's work along on a phone and bring its deeds back.
        WorkInField = "work_in_field" / "现场作业",
        /// Serve, withdraw and repeat notices; print runs.
        ServeNotices = "serve_notices" / "送达通知",
        /// Holds, plans, promises, steps of the ladder.
        WorkLadder = "work_ladder" / "催费作业",
        /// Ask for and approve waivers.
        WaiveFees = "waive_fees" / "减免违约金",
        /// Propose cuts, keep their papers and calls.
        ProposeCuts = "propose_cuts" / "提出停电",
        /// Approve and reject cuts, declare windows.
        ApproveCuts = "approve_cuts" / "审批停电",
        /// Warrants, cuts and restorations.
        OperateCuts = "operate_cuts" / "执行停复电",
        /// Hand in proofs, export bundles.
        KeepEvidence = "keep_evidence" / "登记证据",
        /// Propose and walk legal cases, note events.
        WorkLegal = "work_legal" / "办理法律事务",
        /// Approve legal measures and write-offs.
        ApproveLegal = "approve_legal" / "审批法律事务与核销",
        /// Tickets of customers, with their clocks.
        SeeTickets = "see_tickets" / "查看工单",
        /// Take a ticket.
        TakeTickets = "take_tickets" / "受理工单",
        /// Dispatch, work on, answer and close tickets.
        WorkTickets = "work_tickets" / "处理工单",
        /// Targets of one's unit, with what came of them.
        SeeTargets = "see_targets" / "查看指标",
        /// Share targets out, adjust and confirm them, say who answers for a route.
        SetTargets = "set_targets" / "分解下达指标",
        /// One's own appraisal; those of the unit for its manager.
        SeeAppraisals = "see_appraisals" / "查看考核",
        /// Decide appraisals.
        DecideAppraisals = "decide_appraisals" / "核定考核",
        /// Bonus sheets: look and make.
        MakeBonus = "make_bonus" / "编制奖金表",
        /// Approve and freeze bonus sheets.
        ApproveBonus = "approve_bonus" / "审批奖金表",
        /// Findings of the supervision: one's own, or one's unit's where one leads; reviews.
        SeeFindings = "see_findings" / "查看监督问题",
        /// Tell what was done about a finding, look at the records of a review, object to points.
        AnswerFindings = "answer_findings" / "反馈整改与申诉",
        /// Note findings, order, verify, dismiss, take points off, decide on appeals, draw reviews.
        KeepSupervision = "keep_supervision" / "监督稽查",
        /// Courses, sessions, certificates.
        SeeTraining = "see_training" / "查看培训",
        /// Courses, sessions, tests; revoke certificates.
        KeepTraining = "keep_training" / "培训管理",
        /// Articles of the knowledge base.
        SeeArticles = "see_articles" / "查看知识库",
        /// Write articles, let them out, confirm them.
        KeepArticles = "keep_articles" / "维护知识库",
        /// Campaigns and what they came to.
        SeeCampaigns = "see_campaigns" / "查看宣传活动",
        /// Make campaigns, and let out those of others.
        RunCampaigns = "run_campaigns" / "开展宣传活动",
        /// Own problems of many, plan what is done, close them.
        CareProblems = "care_problems" / "整改集中问题",
        /// Take files of the registry.
        ImportRegistry = "import_registry" / "导入档案",
        /// Run a business day.
        RunDay = "run_day" / "运行营业日",
        /// Change the site's rules.
        EditRules = "edit_rules" / "维护规则库",
        /// Put changed rules in force that another person has proposed.
        ApproveRules = "approve_rules" / "批准规则变更",
        /// Endpoints of other systems that are told what happened.
        ManageHooks = "manage_hooks" / "管理推送",
        /// Logins, roles, tokens.
        ManagePeople = "manage_people" / "管理登录",
    }
);

/// Does a role hold a permission?
#[must_use]
pub fn may(role: Role, permission: Permission) -> bool {
    RIGHTS.iter().any(|(held, roles)| *held == permission && roles.contains(&role))
}

/// 单位 as far as scope needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Key.
    pub org_id: i64,
    /// What it is.
    pub kind: OrgKind,
    /// The unit above.
    pub parent_id: Option<i64>,
}

/// 管辖范围: the unit whose accounts, and those of the units below it, a person of `org_id` sees: the nearest station or
/// company at or above his own. Where there is neither, his own unit.
#[must_use]
pub fn scope_root(units: &[Unit], org_id: i64) -> i64 {
    let mut at = org_id;
    // A tree cannot be deeper than its units are many; a ring in the data ends here.
    for _ in 0..=units.len() {
        let Some(unit) = units.iter().find(|unit| unit.org_id == at) else { break };
        if matches!(unit.kind, OrgKind::Station | OrgKind::Company | OrgKind::City | OrgKind::Province) {
            return at;
        }
        let Some(parent) = unit.parent_id else { break };
        at = parent;
    }
    org_id
}
