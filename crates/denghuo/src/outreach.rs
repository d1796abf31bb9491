//! `denghuo outreach`: articles that customers and agents read, campaigns with what they came to.

use crate::context::{Global, print_json, today};
use clap::{Args as ClapArgs, Subcommand};
use denghuo_office::outreach::{
    NewCampaign, article_do, article_show, articles_find, articles_install, campaign_decide, campaign_make,
    campaign_show,
};
use denghuo_rules::outreach::{ArrearsState, ArticleDeed, Response, Segment};
use denghuo_rules::registry::Category;
use denghuo_store::db::without_places;
use denghuo_store::outreach::CAMPAIGN_ORDERS;
use denghuo_store::outreach::{ArticleFilter, campaigns};
use denghuo_store::registry::orgs;
use jiff::civil::Date;
use serde_json::json;

/// Arguments of `denghuo outreach`.
#[derive(ClapArgs)]
#[command(
    after_help = "Examples:\n  denghuo outreach install --by S001\n  denghuo outreach articles 违约金\n  denghuo outreach article policy-cut\n  \
        denghuo outreach article policy-cut --deed confirm --by S001\n  denghuo outreach campaign --title 夏季用电 --said 请提前检查线路 \
        --category household --answer ticket --days 14 --held-out 10 --seed 1 --by S001\n  denghuo outreach decide 1 --by S002\n  \
        denghuo outreach show 1"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Write the articles that the program carries and the database has not 安装文章
    Install {
        #[command(flatten)]
        common: Common,
    },
    /// Articles that speak of what is asked 知识库
    Articles {
        /// Words; all articles without
        #[arg(default_value = "")]
        asked: String,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// An article with its versions; with --deed let it out, confirm it, take it away 文章
    Article {
        /// Its code, such as policy-cut
        code: String,
        /// publish, confirm, withdraw
        #[arg(long, value_parser = deed, requires = "by")]
        deed: Option<ArticleDeed>,
        /// Staff code
        #[arg(long)]
        by: Option<String>,
        /// The business date; today when not given
        #[arg(long)]
        date: Option<Date>,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a campaign of the company; another person lets it out 发起宣传活动
    Campaign(Box<Campaign>),
    /// Campaigns, the newest first 宣传活动清单
    Campaigns {
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Let a campaign out, or drop it 审批宣传活动
    Decide {
        /// Its number
        campaign: i64,
        /// Drop it
        #[arg(long)]
        drop: bool,
        #[command(flatten)]
        common: Common,
    },
    /// A campaign and what it came to 活动效果
    Show {
        /// Its number
        campaign: i64,
        /// JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(ClapArgs)]
struct Common {
    /// Staff code
    #[arg(long)]
    by: String,
    /// The business date; today when not given
    #[arg(long)]
    date: Option<Date>,
}

impl Common {
    fn on(&self) -> Date {
        self.date.unwrap_or_else(today)
    }
}

#[derive(ClapArgs)]
struct Campaign {
    /// What it is called
    #[arg(long)]
    title: String,
    /// What is told
    #[arg(long)]
    said: String,
    /// Code of the article that says more
    #[arg(long)]
    article: Option<String>,
    /// household, communal, agriculture, commercial
    #[arg(long, value_parser = category)]
    category: Option<Category>,
    /// Code of the unit
    #[arg(long)]
    unit: Option<String>,
    /// overdue, none
    #[arg(long, value_parser = arrears)]
    arrears: Option<ArrearsState>,
    /// What counts as an answer: payment, ticket, contact
    #[arg(long, value_parser = answer)]
    answer: Response,
    /// Days for which answers are counted
    #[arg(long, default_value_t = 14)]
    days: i64,
    /// Percent that are left out to compare
    #[arg(long, default_value_t = 10)]
    held_out: i64,
    /// The same seed leaves out the same accounts
    #[arg(long, default_value_t = 1)]
    seed: i64,
    #[command(flatten)]
    common: Common,
}

/// Reads a word of a list; an unknown one is answered with all of them.
fn word<T: Copy>(text: &str, found: Option<T>, all: &[T], name: fn(T) -> &'static str) -> Result<T, String> {
    let words = || all.iter().map(|one| name(*one)).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| format!("`{text}` is none of {}", words()))
}

fn deed(text: &str) -> Result<ArticleDeed, String> {
    word(text, ArticleDeed::from_word(text), ArticleDeed::ALL, ArticleDeed::word)
}
fn category(text: &str) -> Result<Category, String> {
    word(text, Category::from_word(text), Category::ALL, Category::word)
}
fn arrears(text: &str) -> Result<ArrearsState, String> {
    word(text, ArrearsState::from_word(text), ArrearsState::ALL, ArrearsState::word)
}
fn answer(text: &str) -> Result<Response, String> {
    word(text, Response::from_word(text), Response::ALL, Response::word)
}

/// Does what is asked.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Install { common } => global.work(&common.by, |conn, work| {
            let written = articles_install(conn, work, common.on())?;
            println!("{} {written}", global.say("新增文章", "articles written:"));
            Ok(())
        }),
        What::Articles { asked, json } => {
            let mut conn = global.connect()?;
            let rows = articles_find(&mut conn, &ArticleFilter::default(), &asked)?;
            if json {
                return print_json(&rows);
            }
            for row in &rows {
                let state = global.say(row.state.zh(), row.state.word());
                println!("{:<20} {state} {}", row.code, row.title.in_language(global.language()));
            }
            Ok(())
        }
        What::Article { code, deed, by, date, json } => {
            global.work(by.as_deref().unwrap_or("system"), |conn, work| {
                if let Some(deed) = deed {
                    article_do(conn, work, &code, deed, date.unwrap_or_else(today))?;
                }
                let shown = article_show(conn, work, &code)?;
                if json {
                    return print_json(&shown);
                }
                let language = global.language();
                let state = global.say(shown.line.state.zh(), shown.line.state.word());
                println!("{}  {state}", shown.line.title.in_language(language));
                if let Some(version) = shown.versions.first() {
                    println!("{}", version.body.in_language(language));
                }
                Ok(())
            })
        }
        What::Campaign(made) => made_campaign(global, *made),
        What::Campaigns { json } => list_campaigns(global, json),
        What::Decide { campaign, drop, common } => global.work(&common.by, |conn, work| {
            let row = campaign_decide(conn, work, campaign, !drop, common.on())?;
            println!("{campaign} {}", global.say(row.state.zh(), row.state.word()));
            Ok(())
        }),
        What::Show { campaign, json } => global.work("system", |conn, work| {
            let shown = campaign_show(conn, work, campaign, today())?;
            if json {
                return print_json(&shown);
            }
            println!("{} {}  {}", campaign, shown.title, global.say(shown.state.zh(), shown.state.word()));
            println!("{}", shown.said);
            if let Some(effect) = shown.effect {
                print_json(&effect)?;
            }
            Ok(())
        }),
    }
}

fn list_campaigns(global: &Global, as_json: bool) -> anyhow::Result<()> {
    let mut conn = global.connect()?;
    let rows = without_places(campaigns(&mut conn, 0, &CAMPAIGN_ORDERS.first(1_000))?);
    if as_json {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                json!({ "campaign": row.campaign_no, "title": row.title, "state": row.state,
                    "made_on": row.made_on, "closes_on": row.closes_on })
            })
            .collect();
        return print_json(&rows);
    }
    for row in &rows {
        let state = global.say(row.state.zh(), row.state.word());
        println!("{:>5} {} {state} {}", row.campaign_no, row.made_on, row.title);
    }
    Ok(())
}

fn made_campaign(global: &Global, made: Campaign) -> anyhow::Result<()> {
    global.work(&made.common.by, |conn, work| {
        let top = orgs(conn)?.into_iter().find(|unit| unit.parent_id.is_none());
        let top = top.ok_or_else(|| anyhow::anyhow!("尚无单位: there is no unit yet"))?;
        let new = NewCampaign {
            title: made.title,
            said: made.said,
            article: made.article,
            segment: Segment {
                category: made.category,
                unit: made.unit,
                arrears: made.arrears,
                ..Segment::default()
            },
            held_out_percent: made.held_out,
            seed: made.seed,
            answer: made.answer,
            respond_days: made.days,
        };
        let row = campaign_make(conn, work, &new, top.org_id, made.common.on())?;
        println!("{} {}", row.campaign_no, global.say(row.state.zh(), row.state.word()));
        Ok(())
    })
}
