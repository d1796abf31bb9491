//! `denghuo`: the command line, the configuration and the wiring of the real adapters.

mod account;
mod adapters;
mod appraisal;
mod arrears;
mod bank;
mod bench;
mod bill;
mod books;
mod contacts;
mod context;
mod cuts;
mod day;
mod demo;
mod evidence;
mod exceptions;
mod explain;
mod findings;
mod import;
mod init;
mod ladder;
mod legal;
mod notices;
mod outbox;
mod outreach;
mod papers;
mod pay;
mod problems;
mod quote;
mod readings;
mod real;
mod refund;
mod reviews;
mod rules;
mod serve;
mod targets;
mod tickets;
mod towns;
mod training;
mod users;
mod verify;
mod webhooks;

use clap::{Parser, Subcommand};
use context::Global;
use std::process::ExitCode;

/// Denghuo 灯火: meter to cash for a power-supply company, explained and provable.
#[derive(Parser)]
#[command(name = "denghuo", version, about, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Take a payment at the counter 柜台收费
    Pay(pay::Args),
    /// Take a payment back 收费冲正
    Reverse(pay::ReverseArgs),
    /// Bank files, statements, suspense 银行代收与对账
    Bank(bank::Args),
    /// Give a prepayment back 退费
    Refund(refund::Args),
    /// What is overdue, with age and late fee 欠费清单
    Arrears(arrears::Args),
    /// Give up a late fee, for a listed reason 违约金减免
    Waive(arrears::WaiveArgs),
    /// Recovery rates of a period 电费回收率
    Recovery(arrears::RecoveryArgs),
    /// Close a day for a cashier or the company 日结
    Close(books::CloseArgs),
    /// Trial balance as of a day and as known at a moment 试算平衡
    TrialBalance(books::TrialArgs),
    /// What happened on an account 对账单
    Statement(books::StatementArgs),
    /// Accounts: one with its history, or those that match 用电户
    Account(account::Args),
    /// Where a debtor stands, why, and everything that happened 催费阶梯
    Ladder(ladder::LadderArgs),
    /// What pauses a ladder 暂缓催收
    Holds(ladder::HoldArgs),
    /// Payment plans and promises to pay 分期付款与承诺
    Plans(ladder::PlanArgs),
    /// Whom a collector turns to first 催费工作清单
    Worklist(ladder::WorklistArgs),
    /// What a day costs on this machine 基准
    Bench(bench::Args),
    /// Bills: those that wait for release, approval, corrections, cancellation 电费核算与发行
    Bill(bill::Args),
    /// Cuts for arrears, from the proposal to the restoration 停复电
    Cuts(cuts::Args),
    /// Run a business day 营业日
    Day(day::Args),
    /// A simulated town with a history, to try everything on 模拟县城
    Demo(demo::Args),
    /// Ways to reach a customer: verified, designated, agreed to, failed 联系方式
    Contacts(contacts::Args),
    /// What customers are told: sending, receipts, returned mail 通知发送
    Notices(notices::Args),
    /// Proofs: hand in, list, export for the court, check without a database 证据
    Evidence(evidence::Args),
    /// Why an amount is what it is 解释
    Explain(explain::Args),
    /// Meter readings: what an account was read, corrections, reading orders 抄表
    Readings(readings::Args),
    /// Doubtful and missing readings, and the answers to them 抄表异常
    Exceptions(exceptions::Args),
    /// Prove the invariants of the whole database 核对
    Verify(verify::Args),
    /// Import files of the registry 导入档案
    Import(Box<import::Args>),
    /// Create a database for a site 建立数据库
    Init(init::Args),
    /// Bills, notices and letters as PDF, and their templates 票据与文书
    Papers(papers::Args),
    /// Limitation, letters, payment orders, suits, security, write-offs 法律
    Legal(legal::Args),
    /// What many customers speak of: found, owned, planned, closed with its effect 突出集中问题
    Problems(problems::Args),
    /// Price a described case without a database 试算
    Quote(quote::Args),
    /// The real data sets as a company, billed and proven 实数
    Real(real::Args),
    /// The rulebook: check, show, compare, import a price table 规则库
    Rules(rules::Args),
    /// The HTTP API and the console 启动服务
    Serve(serve::Args),
    /// What a period is to bring in, what came of it, bonus sheets 指标与奖金
    Targets(Box<targets::Args>),
    /// How the work of a month is scored 员工考核
    Appraisal(appraisal::Args),
    /// What the records of the work give away, and how it is put right 监督问题
    Findings(findings::Args),
    /// Articles for customers and agents, campaigns 知识文章与宣传活动
    Outreach(outreach::Args),
    /// Records drawn with a seed and looked at by a list 专项稽查
    Reviews(reviews::Args),
    /// What customers ask for, with its clocks 客户工单
    Tickets(tickets::Args),
    /// Courses, tests, certificates 培训
    Training(training::Args),
    /// Logins and tokens 登录与令牌
    Users(users::Args),
    /// Events that other systems are told 推送
    Webhooks(webhooks::Args),
}

/// A reader that has gone away (`denghuo arrears | head`) ends the program without a word.
fn end_quietly_on_a_closed_pipe() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let said = panic.payload().downcast_ref::<String>();
        if said.is_some_and(|text| text.starts_with("failed printing to stdout")) {
            std::process::exit(141);
        }
        usual(panic);
    }));
}

fn main() -> ExitCode {
    end_quietly_on_a_closed_pipe();
    let cli = Cli::parse();
    let global = &cli.global;
    let result = match cli.command {
        Command::Pay(args) => pay::run(global, args),
        Command::Reverse(args) => pay::run_reverse(global, &args),
        Command::Bank(args) => bank::run(global, args),
        Command::Refund(args) => refund::run(global, args),
        Command::Arrears(args) => arrears::run(global, &args),
        Command::Waive(args) => arrears::run_waive(global, args),
        Command::Recovery(args) => arrears::run_recovery(global, &args),
        Command::Close(args) => books::run_close(global, &args),
        Command::TrialBalance(args) => books::run_trial(global, &args),
        Command::Statement(args) => books::run_statement(global, &args),
        Command::Account(args) => account::run(global, &args),
        Command::Ladder(args) => ladder::run(global, args),
        Command::Holds(args) => ladder::run_holds(global, args),
        Command::Plans(args) => ladder::run_plans(global, args),
        Command::Worklist(args) => ladder::run_worklist(global, &args),
        Command::Bench(args) => bench::run(global, &args),
        Command::Bill(args) => bill::run(global, args),
        Command::Cuts(args) => cuts::run(global, args),
        Command::Day(args) => day::run(global, &args),
        Command::Demo(args) => demo::run(global, &args),
        Command::Evidence(args) => evidence::run(global, args),
        Command::Explain(args) => explain::run(global, &args),
        Command::Contacts(args) => contacts::run(global, args),
        Command::Notices(args) => notices::run(global, args),
        Command::Readings(args) => readings::run(global, args),
        Command::Exceptions(args) => exceptions::run(global, args),
        Command::Verify(args) => verify::run(global, &args),
        Command::Import(args) => import::run(global, &args),
        Command::Init(args) => init::run(global, &args),
        Command::Papers(args) => papers::run(global, &args),
        Command::Legal(args) => legal::run(global, args),
        Command::Problems(args) => problems::run(global, args),
        Command::Quote(args) => quote::run(global, &args),
        Command::Real(args) => real::run(global, &args),
        Command::Rules(args) => rules::run(global, &args),
        Command::Serve(args) => serve::run(global, &args),
        Command::Targets(args) => targets::run(global, *args),
        Command::Appraisal(args) => appraisal::run(global, args),
        Command::Findings(args) => findings::run(global, args),
        Command::Outreach(args) => outreach::run(global, args),
        Command::Reviews(args) => reviews::run(global, args),
        Command::Tickets(args) => tickets::run(global, args),
        Command::Training(args) => training::run(global, args),
        Command::Users(args) => users::run(global, args),
        Command::Webhooks(args) => webhooks::run(global, &args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            context::tell_error(global, &error);
            ExitCode::FAILURE
        }
    }
}
