//! 客户全景: one customer on one page. Every alert and every coming day names the resource where it goes on.

use crate::ask::Ask;
use crate::input::{AccountPath, PersonalQuery};
use crate::problem::Problem;
use crate::tasks::name_of;
use denghuo_office::collections::{explain_balance, holds_of, plans_of};
use denghuo_office::registry::{AccountCard, ContractLine, TermsLine, account_card};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::collections::due::days_overdue;
use denghuo_rules::collections::plan::PlanState;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::disconnection::CutState;
use denghuo_rules::units::Money;
use denghuo_store::day::Range;
use denghuo_store::{collections, disconnection, legal, registry, tasks};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// 账户余额 on the day.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Balance {
    /// Unpaid energy charges.
    receivable: Money,
    /// Late fees booked and unpaid.
    late_fee: Money,
    /// Late fees that have grown since and are not booked.
    running_fee: Money,
    /// Paid ahead.
    prepaid: Money,
    /// What has to be paid today to owe nothing.
    to_pay: Money,
    /// Energy charges that are overdue.
    overdue: Money,
    /// Days since the oldest of them was due.
    days_overdue: i64,
}

/// A day on which something comes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Coming {
    /// The day.
    #[schemars(with = "DateForm")]
    on: Date,
    /// What: `payment_due`, `plan_part`, `cut_window`, `ladder`, `task`, `limitation`, `legal_term`.
    what: String,
    /// In Chinese.
    zh: String,
    /// In English.
    en: String,
}

/// What somebody who opens the page has to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Alert {
    /// `overdue`, `cut`, `hold`, `plan`, `contact`, `task`, `protected`, `legal`, `insolvency`, `closed`.
    code: String,
    /// `info`, `warning` or `danger`.
    level: String,
    /// The sentence.
    text: Bilingual,
    /// The part of the account where it goes on, such as `debts`, `ladder`, `contacts`.
    link: String,
}

impl Alert {
    fn new(code: &str, level: &str, link: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            level: level.to_owned(),
            text: Bilingual::new(zh, en),
            link: link.to_owned(),
        }
    }
}

/// 客户全景
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Overview {
    /// The day.
    #[schemars(with = "DateForm")]
    today: Date,
    /// 户卡: terms, contracts, meters and contacts with their history.
    account: AccountCard,
    /// The terms in force today.
    terms: Option<TermsLine>,
    /// The contract in force today.
    contract: Option<ContractLine>,
    /// 余额
    balance: Balance,
    /// What comes next; the first of `coming`.
    next: Option<Coming>,
    /// What comes, in order.
    coming: Vec<Coming>,
    /// What has to be known.
    alerts: Vec<Alert>,
    /// Open tasks.
    open_tasks: usize,
    /// Was personal data shown in full?
    personal: bool,
}

/// The customer's page.
pub fn account_show(
    ask: &mut Ask<'_>,
    path: &AccountPath,
    query: &PersonalQuery,
) -> Result<Overview, Problem> {
    let account_id = ask.account()?;
    let personal = ask.in_full(query.personal, account_id, "account")?;
    let today = ask.today;
    let account = account_card(ask.conn, &path.account_no, personal)?;
    let in_force =
        |from: Date, until: Option<Date>| from <= today && until.is_none_or(|until| today <= until);
    let mut page = Page { coming: Vec::new(), alerts: Vec::new() };
    let balance = page.debts(ask, account_id)?;
    page.customer(&account, today);
    page.agreements(ask, account_id)?;
    page.cuts(ask, account_id)?;
    page.law(ask, account_id)?;
    let open_tasks = page.tasks(ask, account_id)?;
    page.coming.retain(|coming| coming.on >= today);
    page.coming.sort();
    Ok(Overview {
        today,
        terms: account.terms.iter().find(|t| in_force(t.from_on, t.until_on)).cloned(),
        contract: account.contracts.iter().find(|c| in_force(c.from_on, c.until_on)).cloned(),
        balance,
        next: page.coming.first().cloned(),
        coming: page.coming,
        alerts: page.alerts,
        open_tasks,
        personal,
        account,
    })
}

/// What the page gathers.
struct Page {
    coming: Vec<Coming>,
    alerts: Vec<Alert>,
}

impl Page {
    fn comes(&mut self, on: Date, what: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.coming.push(Coming { on, what: what.to_owned(), zh: zh.into(), en: en.into() });
    }

    fn debts(&mut self, ask: &mut Ask<'_>, account_id: i64) -> Result<Balance, Problem> {
        let today = ask.today;
        let told = explain_balance(ask.conn, ask.work, account_id, today)?;
        let owed = || told.debts.iter().filter(|debt| debt.open > Money::ZERO);
        for debt in owed() {
            let (no, open) = (debt.bill_no, debt.open);
            self.comes(
                debt.due_on,
                "payment_due",
                format!("第{no}号账单{open}元缴费截止"),
                format!("bill {no}, {open} yuan, is due"),
            );
        }
        let overdue: Money = owed().filter(|debt| debt.due_on < today).map(|debt| debt.open).sum();
        let oldest = owed().map(|debt| debt.due_on).min();
        let days = oldest.map_or(0, |due_on| days_overdue(due_on, today));
        if overdue > Money::ZERO {
            let (zh, en) = (
                format!("欠费{overdue}元,已逾期{days}天"),
                format!("{overdue} yuan overdue for {days} days"),
            );
            self.alerts.push(Alert::new("overdue", "danger", "debts", zh, en));
        }
        Ok(Balance {
            receivable: told.receivable,
            late_fee: told.late_fee,
            running_fee: told.running_fee,
            prepaid: told.prepaid,
            to_pay: told.to_pay,
            overdue,
            days_overdue: days,
        })
    }

    fn customer(&mut self, account: &AccountCard, today: Date) {
        if account.closed_on.is_some_and(|closed| closed <= today) {
            self.alerts.push(Alert::new("closed", "info", "account", "已销户", "the account is closed"));
        }
        if let Some(protection) = &account.protection {
            let zh = denghuo_rules::registry::Protection::from_word(protection).map_or("", |p| p.zh());
            self.alerts.push(Alert::new(
                "protected",
                "warning",
                "account",
                format!("受保护客户:{zh}"),
                format!("protected: {protection}"),
            ));
        }
        if account.importance != denghuo_rules::registry::Importance::Ordinary.word() {
            let zh =
                denghuo_rules::registry::Importance::from_word(&account.importance).map_or("", |i| i.zh());
            let en = format!("important user: {}", account.importance);
            self.alerts.push(Alert::new("protected", "warning", "account", format!("重要客户:{zh}"), en));
        }
    }

    fn agreements(&mut self, ask: &mut Ask<'_>, account_id: i64) -> Result<(), Problem> {
        let today = ask.today;
        for hold in holds_of(ask.conn, account_id)? {
            let over = hold.released_on.is_some_and(|day| day <= today)
                || hold.until_on.is_some_and(|day| day < today);
            if hold.from_on <= today && !over {
                let until = hold.until_on.map(|day| day.to_string()).unwrap_or_default();
                let zh = format!("催费暂缓({}){until}:{}", hold.kind.zh(), hold.reason);
                let en = format!("held ({}) {until}: {}", hold.kind.word(), hold.reason);
                self.alerts.push(Alert::new("hold", "info", "ladder", zh, en));
            }
        }
        for plan in plans_of(ask.conn, account_id)? {
            if plan.row.state != PlanState::Running {
                continue;
            }
            let (kind, amount) = (plan.row.kind, plan.row.amount);
            let (zh, en) = (
                format!("{}进行中,共{amount}元", kind.zh()),
                format!("a {} of {amount} yuan runs", kind.word()),
            );
            self.alerts.push(Alert::new("plan", "info", "ladder", zh, en));
            for part in plan.parts {
                let (zh, en) =
                    (format!("约定缴费{}元", part.amount), format!("{} yuan are agreed", part.amount));
                self.comes(part.due_on, "plan_part", zh, en);
            }
        }
        let known = registry::known_contacts(ask.conn, Range { from: account_id, to: account_id })?;
        let troubled = known.iter().filter(|contact| contact.trouble.is_some()).count();
        if known.is_empty() {
            self.alerts.push(Alert::new(
                "contact",
                "warning",
                "contacts",
                "没有联系方式",
                "no way to reach the customer",
            ));
        } else if troubled > 0 {
            let (zh, en) = (format!("{troubled}个联系方式失效"), format!("{troubled} contacts have failed"));
            self.alerts.push(Alert::new("contact", "warning", "contacts", zh, en));
        }
        Ok(())
    }

    fn cuts(&mut self, ask: &mut Ask<'_>, account_id: i64) -> Result<(), Problem> {
        if let Some(case) = disconnection::live_case(ask.conn, account_id)? {
            let level = if case.state == CutState::Cut { "danger" } else { "warning" };
            let (zh, en) = (
                format!("停电流程{}:{}", case.case_no, case.state.zh()),
                format!("cut case {}: {}", case.case_no, case.state.word()),
            );
            self.alerts.push(Alert::new("cut", level, "cuts", zh, en));
            if let Some(from) = case.window_from {
                self.comes(from, "cut_window", "可停电时段开始", "the window of the cut begins");
            }
            if let Some(to) = case.window_to {
                self.comes(to, "cut_window", "可停电时段结束", "the window of the cut ends");
            }
        }
        if let Some(ladder) = collections::ladder_of(ask.conn, account_id, ask.today)?
            && ladder.next_on != collections::NEVER
        {
            self.comes(ladder.next_on, "ladder", "催费阶梯下一步", "the ladder is looked at next");
        }
        Ok(())
    }

    fn law(&mut self, ask: &mut Ask<'_>, account_id: i64) -> Result<(), Problem> {
        if !ask.who.may(Permission::SeeLegal) {
            return Ok(());
        }
        let range = Range { from: account_id, to: account_id };
        for clock in legal::limitations(ask.conn, range)? {
            let no = clock.bill_no;
            self.comes(
                clock.expires_on,
                "limitation",
                format!("第{no}号账单诉讼时效届满"),
                format!("the limitation of bill {no} ends"),
            );
        }
        for case in legal::cases_of(ask.conn, range)?.into_iter().filter(|case| case.closed_on.is_none()) {
            let (zh, en) = (
                format!("法律案件{}:{}", case.case_no, case.kind.zh()),
                format!("legal case {}: {}", case.case_no, case.kind.word()),
            );
            self.alerts.push(Alert::new("legal", "warning", "timeline", zh, en));
            if let Some(term) = case.term_on {
                self.comes(term, "legal_term", "法律期限届满", "a legal term ends");
            }
        }
        let open = legal::insolvencies_of(ask.conn, range)?.into_iter().filter(|row| row.ended_on.is_none());
        for row in open {
            let (zh, en) = (
                format!("{}已受理破产,申报截止{}", row.court, row.claims_until),
                format!("insolvent; claims until {}", row.claims_until),
            );
            self.alerts.push(Alert::new("insolvency", "danger", "timeline", zh, en));
        }
        Ok(())
    }

    fn tasks(&mut self, ask: &mut Ask<'_>, account_id: i64) -> Result<usize, Problem> {
        let all = tasks::of_account(ask.conn, account_id)?;
        let open: Vec<_> = all.into_iter().filter(|task| task.state == "open").collect();
        for task in &open {
            let name = name_of(&task.kind);
            self.alerts.push(Alert::new(
                "task",
                "info",
                "tasks",
                format!("待办:{} {}", name.zh, task.detail.zh),
                format!("to do: {}; {}", name.en, task.detail.en),
            ));
            if let Some(due_on) = task.due_on {
                self.comes(
                    due_on,
                    "task",
                    format!("待办到期:{}", name.zh),
                    format!("a task is due: {}", name.en),
                );
            }
        }
        Ok(open.len())
    }
}
