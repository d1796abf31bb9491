//! `denghuo notices`: what customers are told, how it leaves, and the proof that it arrived.

mod hand;
mod paper;
mod words;

pub use words::templates;

use crate::context::{Global, account_id, account_numbers, now_local, print_json, today};
use crate::outbox;
use anyhow::Context as _;
use denghuo_office::notices::{
    General, NoticeShown, late_list, message, notice_list, notice_show, notice_withdraw,
};
use denghuo_rules::notices::Channel;
use denghuo_store::{notices, site};
use jiff::civil::{Date, DateTime};
use serde_json::json;
use std::path::PathBuf;

/// Arguments of `denghuo notices`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// The notices of an account with their deliveries, the newest first 通知清单
    #[command(after_help = "Example:\n  denghuo notices list 3700000001 --json")]
    List {
        /// Account number 户号
        account: String,
        /// Show addresses in full
        #[arg(long)]
        unmask: bool,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// One notice 通知
    #[command(after_help = "Example:\n  denghuo notices show 3700000001 12")]
    Show {
        #[command(flatten)]
        notice: Notice,
        /// Show addresses in full
        #[arg(long)]
        unmask: bool,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// The words of a notice as it leaves by a channel 通知文字
    #[command(
        after_help = "Example:\n  denghuo notices text 3700000001 12 --channel sms\n\nThe templates: templates/message/README.md."
    )]
    Text {
        #[command(flatten)]
        notice: Notice,
        /// email, sms or phone
        #[arg(long, default_value = "sms")]
        channel: String,
        /// A site's folder of templates, laid over the standard ones file by file
        #[arg(long, env = "DENGHUO_MESSAGES", value_name = "DIR")]
        templates: Option<PathBuf>,
        /// JSON: subject, text, template and data of the paper that goes with it
        #[arg(long)]
        json: bool,
    },
    /// Notices whose clock has run out 逾期未送达
    #[command(after_help = "Example:\n  denghuo notices late --date 2026-09-08")]
    Late {
        /// Business date; today when not given
        #[arg(long)]
        date: Option<Date>,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// A notice that was not served is not needed any more 撤回
    #[command(after_help = "Example:\n  denghuo notices withdraw 3700000001 12 --by S001 --why 已缴清")]
    Withdraw {
        #[command(flatten)]
        notice: Notice,
        /// Staff code
        #[arg(long)]
        by: String,
        /// Why
        #[arg(long)]
        why: String,
        /// Moment; now when not given
        #[arg(long)]
        at: Option<DateTime>,
    },
    /// What the site says in every notice: company, how to pay, how to object 通知设置
    #[command(
        after_help = "Examples:\n  denghuo notices settings\n  denghuo notices settings company_name 样例县供电公司"
    )]
    Settings {
        /// Name of the setting
        name: Option<String>,
        /// Its value
        value: Option<String>,
    },
    #[command(flatten)]
    Hand(hand::What),
    #[command(flatten)]
    Paper(paper::What),
    #[command(flatten)]
    Outbox(outbox::What),
}

/// Which notice.
#[derive(clap::Args)]
pub struct Notice {
    /// Account number 户号
    account: String,
    /// Number of the notice within the account
    number: i64,
}

/// Does what is asked.
///
/// # Errors
/// A refusal, an unusable configuration, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::List { account, unmask, json } => {
            let mut conn = global.connect()?;
            let id = account_id(&mut conn, &account)?;
            tell(global, &notice_list(&mut conn, id, unmask)?, json)
        }
        What::Show { notice, unmask, json } => {
            let mut conn = global.connect()?;
            let id = account_id(&mut conn, &notice.account)?;
            tell(global, &[notice_show(&mut conn, (id, notice.number), unmask)?], json)
        }
        What::Text { notice, channel, templates: folder, json } => {
            text(global, &notice, &channel, folder.as_deref(), json)
        }
        What::Late { date, json } => late(global, date.unwrap_or_else(today), json),
        What::Withdraw { notice, by, why, at } => global.work(&by, |conn, work| {
            let id = account_id(conn, &notice.account)?;
            notice_withdraw(conn, work, (id, notice.number), &why, at.unwrap_or_else(now_local))?;
            println!("{}", global.say("已撤回", "withdrawn"));
            Ok(())
        }),
        What::Settings { name, value } => settings(global, name, value),
        What::Hand(what) => hand::run(global, what),
        What::Paper(what) => paper::run(global, what),
        What::Outbox(what) => outbox::run(global, what),
    }
}

fn tell(global: &Global, all: &[NoticeShown], as_json: bool) -> anyhow::Result<()> {
    if as_json {
        return print_json(&all);
    }
    for one in all {
        println!(
            "{:>4}  {}  {}  {} {}  {}  {}",
            one.notice_no,
            one.kind.zh(),
            one.decided_on,
            global.say("限", "by"),
            one.due_by,
            one.amount,
            state(global, one)
        );
        for delivery in &one.deliveries {
            println!(
                "      {}  {}  {}  {} {}",
                delivery.channel.zh(),
                delivery.address,
                delivery.state.zh(),
                delivery.ended_at.or(delivery.sent_at).unwrap_or(delivery.next_at),
                delivery.detail.as_deref().unwrap_or_default()
            );
        }
    }
    if all.is_empty() {
        println!("{}", global.say("没有通知", "no notices"));
    }
    Ok(())
}

fn state(global: &Global, one: &NoticeShown) -> String {
    match (one.served_at, one.served_how) {
        (Some(at), Some(how)) => format!("{} {at} {}", global.say("已送达", "served"), how.zh()),
        _ => match one.state.as_str() {
            "withdrawn" => global.say("已撤回", "withdrawn").to_owned(),
            "failed" => global.say("未能送达", "failed").to_owned(),
            _ => global.say("未送达", "not served").to_owned(),
        },
    }
}

fn text(
    global: &Global,
    notice: &Notice,
    channel: &str,
    folder: Option<&std::path::Path>,
    as_json: bool,
) -> anyhow::Result<()> {
    let channel = Channel::from_word(channel).with_context(|| format!("`{channel}` is no channel"))?;
    let templates = templates(folder)?;
    global.work("system", |conn, work| {
        let id = account_id(conn, &notice.account)?;
        // The refusal of an unknown notice is that of `show`.
        notice_show(conn, (id, notice.number), false)?;
        let row = notices::notice(conn, id, notice.number)?.context("the notice has gone")?;
        let general = General::of(conn, work, row.decided_on)?;
        let said = message(conn, work, (&general, &templates), &row, channel)?;
        if as_json {
            let paper = said.paper.map(|paper| {
                let data: serde_json::Value = serde_json::from_str(&paper.data).unwrap_or_default();
                json!({ "template": paper.template, "data": data })
            });
            return print_json(&json!({ "subject": said.subject, "text": said.text, "paper": paper }));
        }
        if channel == Channel::Email {
            println!("{}\n", said.subject);
        }
        println!("{}", said.text);
        Ok(())
    })
}

fn late(global: &Global, on: Date, as_json: bool) -> anyhow::Result<()> {
    let mut conn = global.connect()?;
    let late = late_list(&mut conn, on)?;
    let numbers = account_numbers(&mut conn, late.iter().map(|notice| notice.account_id))?;
    let rows: Vec<_> = late
        .iter()
        .map(|notice| {
            json!({
                "account_no": numbers.get(&notice.account_id), "notice_no": notice.notice_no, "kind": notice.kind,
                "subject": notice.subject, "due_by": notice.due_by, "decided_on": notice.decided_on,
            })
        })
        .collect();
    if as_json {
        return print_json(&rows);
    }
    for notice in &late {
        let number = numbers.get(&notice.account_id).map_or("", String::as_str);
        println!("{number}  {:>4}  {}  {}", notice.notice_no, notice.kind.zh(), notice.due_by);
    }
    println!("{} {}", late.len(), global.say("份逾期未送达", "late"));
    Ok(())
}

/// Settings that notices read, with what they are.
const SETTINGS: &[(&str, &str, &str)] = &[
    ("company_name", "公司名称", "name of the company"),
    ("company_address", "公司地址", "its address"),
    ("company_phone", "服务电话", "its telephone"),
    ("company_hours", "营业时间", "its hours"),
    ("notice_lang", "通知语言 zh/en", "language of notices, zh or en"),
    ("how_to_pay_zh", "缴费方式(中文)", "how to pay, Chinese"),
    ("how_to_pay_en", "缴费方式(英文)", "how to pay, English"),
    ("how_to_object_zh", "异议方式(中文)", "how to object, Chinese"),
    ("how_to_object_en", "异议方式(英文)", "how to object, English"),
    ("authority_address", "电力管理部门", "who gets copies for the authority"),
];

fn settings(global: &Global, name: Option<String>, value: Option<String>) -> anyhow::Result<()> {
    let mut conn = global.connect()?;
    let Some(name) = name else {
        for (name, zh, en) in SETTINGS {
            let value = site::get(&mut conn, name)?;
            println!("{name:<20} {}  {}", global.say(zh, en), value.as_deref().unwrap_or("-"));
        }
        return Ok(());
    };
    anyhow::ensure!(
        SETTINGS.iter().any(|(known, ..)| *known == name),
        "{} {name}",
        global.say("没有此设置:", "there is no setting")
    );
    if let Some(value) = value {
        site::put(&mut conn, &name, &value)?;
    }
    println!("{name} {}", site::get(&mut conn, &name)?.as_deref().unwrap_or("-"));
    Ok(())
}
