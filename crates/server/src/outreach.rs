//! 走访宣传: articles for customers and agents, campaigns.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::{Access, Routes};
use crate::sorting::{Sort, ordered_by};
use denghuo_office::outreach::{
    ArticleLine, ArticleShown, ArticleText, CampaignShown, NewArticle, NewCampaign, article_do, article_read,
    article_show, article_write, articles_find, campaign_decide, campaign_make, campaign_show, segment_size,
};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::outreach::{
    ArticleDeed, ArticleState, ArticleTopic, Audience, CampaignRefusal, CampaignState, Response, Segment,
};
use denghuo_store::outreach::CAMPAIGN_ORDERS;
use denghuo_store::outreach::{ArticleFilter, CampaignRow, campaign, campaigns, members};
use denghuo_store::registry::{descendants, orgs};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The endpoints.
pub fn routes() -> Routes {
    let (see, keep) = (Permission::SeeArticles, Permission::KeepArticles);
    let (look, run) = (Permission::SeeCampaigns, Permission::RunCampaigns);
    Routes::of("outreach", "走访宣传")
        .list(
            "/articles",
            see,
            ("知识库", "Articles; those that answer best first when something is asked"),
            article_list,
        )
        .post("/articles", keep, ("撰写文章", "Write an article; another person lets it out"), article_open)
        .once()
        .get("/articles/{article}", see, ("文章与版本", "An article with its versions"), article_one)
        .post("/articles/{article}/versions", keep, ("撰写新版本", "Write a further version"), article_again)
        .once()
        .post(
            "/articles/{article}/deeds",
            keep,
            ("发布、复核、撤下", "Let the newest version out, confirm that it is right, take it away"),
            article_deed,
        )
        .list(
            "/customer/articles",
            Access::Customer,
            ("用电知识", "What customers may read; those that answer best first"),
            customer_articles,
        )
        .get(
            "/customer/articles/{article}",
            Access::Customer,
            ("用电知识正文", "An article"),
            customer_article,
        )
        .list(
            "/campaigns",
            look,
            ("宣传活动清单", "Campaigns of one's unit, the newest first"),
            campaign_list,
        )
        .post(
            "/campaigns",
            run,
            ("发起宣传活动", "Make a campaign; another person lets it out"),
            campaign_open,
        )
        .once()
        .post(
            "/campaign-segments",
            look,
            ("客户群户数", "How many accounts a segment has today"),
            segment_count,
        )
        .get(
            "/campaigns/{campaign_no}",
            look,
            ("宣传活动与效果", "A campaign and what it came to"),
            campaign_one,
        )
        .list(
            "/campaigns/{campaign_no}/members",
            look,
            ("活动客户", "Whom it told and whom it left out, by account"),
            campaign_members,
        )
        .post(
            "/campaigns/{campaign_no}/decision",
            run,
            ("审批宣传活动", "Let a campaign out, or drop it"),
            campaign_decision,
        )
        .once()
}

/// An article in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ArticlePath {
    /// Its name.
    article: String,
}

/// Which articles.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ArticleQuery {
    /// Words that they have to speak of.
    #[serde(default)]
    #[schemars(length(max = 100))]
    q: String,
    /// Only about this.
    #[serde(default)]
    topic: Option<ArticleTopic>,
    /// Only in this state.
    #[serde(default)]
    state: Option<ArticleState>,
}

fn article_list(ask: &mut Ask<'_>, _: &Nothing, query: &ArticleQuery) -> Result<List<ArticleLine>, Problem> {
    let filter = ArticleFilter { topic: query.topic, state: query.state, customers: false };
    let rows = articles_find(ask.conn, &filter, &query.q)?;
    ask.page.cut(rows, |line| line.code.clone())
}

fn customer_articles(
    ask: &mut Ask<'_>,
    _: &Nothing,
    query: &CustomerArticleQuery,
) -> Result<List<ArticleLine>, Problem> {
    let filter = ArticleFilter { topic: query.topic, state: None, customers: true };
    let rows = articles_find(ask.conn, &filter, &query.q)?;
    ask.page.cut(rows, |line| line.code.clone())
}

/// Which articles a customer wants.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct CustomerArticleQuery {
    /// Words that they have to speak of.
    #[serde(default)]
    #[schemars(length(max = 100))]
    q: String,
    /// Only about this.
    #[serde(default)]
    topic: Option<ArticleTopic>,
}

fn customer_article(ask: &mut Ask<'_>, path: &ArticlePath, _: &Nothing) -> Result<ArticleText, Problem> {
    Ok(article_read(ask.conn, &path.article)?)
}

fn article_one(ask: &mut Ask<'_>, path: &ArticlePath, _: &Nothing) -> Result<ArticleShown, Problem> {
    Ok(article_show(ask.conn, ask.work, &path.article)?)
}

/// What is written.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct VersionBody {
    /// What it is about.
    topic: ArticleTopic,
    /// Who reads it.
    audience: Audience,
    /// Title in Chinese.
    #[schemars(length(min = 1, max = 200))]
    title: String,
    /// In English.
    #[schemars(length(min = 1, max = 200))]
    title_en: String,
    /// Text in Chinese, a paragraph a line.
    #[schemars(length(min = 1, max = 20_000))]
    body: String,
    /// In English.
    #[schemars(length(min = 1, max = 20_000))]
    body_en: String,
}

/// An article as it is written.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ArticleBody {
    /// Its name: letters, digits, `-`, `_`.
    #[schemars(length(min = 1, max = 64))]
    code: String,
    /// What is written.
    #[serde(flatten)]
    version: VersionBody,
}

fn written(code: &str, body: &VersionBody) -> NewArticle {
    NewArticle {
        code: code.to_owned(),
        topic: body.topic,
        audience: body.audience,
        title: body.title.clone(),
        title_en: body.title_en.clone(),
        body: body.body.clone(),
        body_en: body.body_en.clone(),
    }
}

fn article_open(ask: &mut Ask<'_>, _: &Nothing, body: &ArticleBody) -> Result<ArticleShown, Problem> {
    let row = article_write(ask.conn, ask.work, &written(&body.code, &body.version), true, ask.today)?;
    Ok(article_show(ask.conn, ask.work, &row.code)?)
}

fn article_again(ask: &mut Ask<'_>, path: &ArticlePath, body: &VersionBody) -> Result<ArticleShown, Problem> {
    let row = article_write(ask.conn, ask.work, &written(&path.article, body), false, ask.today)?;
    Ok(article_show(ask.conn, ask.work, &row.code)?)
}

/// What is done with an article.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ArticleDeedBody {
    /// What.
    deed: ArticleDeed,
}

fn article_deed(
    ask: &mut Ask<'_>,
    path: &ArticlePath,
    body: &ArticleDeedBody,
) -> Result<ArticleShown, Problem> {
    article_do(ask.conn, ask.work, &path.article, body.deed, ask.today)?;
    Ok(article_show(ask.conn, ask.work, &path.article)?)
}

/// A campaign in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct CampaignPath {
    /// Its number.
    campaign_no: i64,
}

/// A campaign on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CampaignLine {
    /// Its number.
    campaign_no: i64,
    /// What it is called.
    title: String,
    /// What counts as an answer.
    answer: Response,
    /// Where it stands.
    state: CampaignState,
    /// When it was made.
    #[schemars(with = "DateForm")]
    made_on: Date,
    /// By whom.
    made_by: String,
    /// When it was let out or not.
    #[schemars(with = "Option<DateForm>")]
    decided_on: Option<Date>,
    /// When it is measured for good.
    #[schemars(with = "Option<DateForm>")]
    closes_on: Option<Date>,
}

ordered_by!(CampaignLine, CAMPAIGN_ORDERS);

impl CampaignLine {
    fn of(row: CampaignRow) -> Self {
        Self {
            campaign_no: row.campaign_no,
            title: row.title,
            answer: row.answer,
            state: row.state,
            made_on: row.made_on,
            made_by: row.made_by,
            decided_on: row.decided_on,
            closes_on: row.closes_on,
        }
    }
}

/// The key after which a page begins, and one row more than it holds.
fn place(ask: &Ask<'_>) -> Result<(Option<i64>, i64), Problem> {
    let unreadable = || Problem::unreadable("cursor", "cursor");
    let after = match &ask.page.after {
        None => None,
        Some(key) => Some(key.parse().map_err(|_| unreadable())?),
    };
    Ok((after, i64::try_from(ask.page.limit).unwrap_or(i64::MAX - 1) + 1))
}

/// In which order.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct CampaignQuery {
    /// The order; the newest first when not given.
    #[serde(default)]
    sort: Sort<CampaignLine>,
}

fn campaign_list(
    ask: &mut Ask<'_>,
    _: &Nothing,
    query: &CampaignQuery,
) -> Result<List<CampaignLine>, Problem> {
    let root = ask.root()?;
    let slice = ask.page.slice(&CAMPAIGN_ORDERS, &query.sort)?;
    let rows = campaigns(ask.conn, root, &slice)?;
    Ok(List::of_placed(rows, ask.page.limit).map(CampaignLine::of))
}

/// A campaign as it is made.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CampaignBody {
    /// What it is called.
    #[schemars(length(min = 1, max = 300))]
    title: String,
    /// What is told.
    #[schemars(length(min = 1, max = 1000))]
    said: String,
    /// Code of the article that says more.
    #[serde(default)]
    article: Option<String>,
    /// Whom it is for.
    #[serde(default)]
    segment: Segment,
    /// Percent that are left out to compare.
    #[serde(default)]
    held_out_percent: i64,
    /// The same seed leaves out the same accounts.
    #[serde(default)]
    seed: i64,
    /// What counts as an answer.
    answer: Response,
    /// Days for which answers are counted.
    respond_days: i64,
}

/// The unit of the asker: the company's own where he sees all.
fn own_unit(ask: &mut Ask<'_>) -> Result<i64, Problem> {
    let root = ask.root()?;
    if root != 0 {
        return Ok(root);
    }
    let top = orgs(ask.conn)?.into_iter().find(|unit| unit.parent_id.is_none());
    top.map(|unit| unit.org_id).ok_or_else(Problem::not_found)
}

fn campaign_open(ask: &mut Ask<'_>, _: &Nothing, body: &CampaignBody) -> Result<CampaignShown, Problem> {
    let new = NewCampaign {
        title: body.title.clone(),
        said: body.said.clone(),
        article: body.article.clone().filter(|code| !code.is_empty()),
        segment: body.segment.clone(),
        held_out_percent: body.held_out_percent,
        seed: body.seed,
        answer: body.answer,
        respond_days: body.respond_days,
    };
    let unit = own_unit(ask)?;
    let row = campaign_make(ask.conn, ask.work, &new, unit, ask.today)?;
    Ok(campaign_show(ask.conn, ask.work, row.campaign_no, ask.today)?)
}

/// Whom a campaign would reach.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SegmentBody {
    /// Whom it is for.
    segment: Segment,
}

/// How many they are.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct SegmentCounted {
    /// Accounts of the segment today.
    accounts: i64,
}

fn segment_count(ask: &mut Ask<'_>, _: &Nothing, body: &SegmentBody) -> Result<SegmentCounted, Problem> {
    let unit = own_unit(ask)?;
    Ok(SegmentCounted { accounts: segment_size(ask.conn, (unit, &body.segment), ask.today)? })
}

/// A campaign of the asker's unit, or of one below it.
fn seen(ask: &mut Ask<'_>, campaign_no: i64) -> Result<(), Problem> {
    let row = campaign(ask.conn, campaign_no)?
        .ok_or_else(|| Problem::refuse(CampaignRefusal::Unknown(campaign_no)))?;
    let root = ask.root()?;
    let is_own = root == 0 || descendants(ask.conn, root)?.contains(&row.org_id);
    if is_own { Ok(()) } else { Err(Problem::foreign_account()) }
}

fn campaign_one(ask: &mut Ask<'_>, path: &CampaignPath, _: &Nothing) -> Result<CampaignShown, Problem> {
    seen(ask, path.campaign_no)?;
    Ok(campaign_show(ask.conn, ask.work, path.campaign_no, ask.today)?)
}

/// Somebody whom a campaign told or left out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CampaignMember {
    /// 户号
    account_no: String,
    /// Left out to compare.
    held_out: bool,
    /// Number of the message within the account.
    notice_no: Option<i64>,
    /// Where that stands: `open`, `served`, `failed`, `withdrawn`.
    state: Option<String>,
    /// Why there is none.
    skipped: Option<String>,
}

fn campaign_members(
    ask: &mut Ask<'_>,
    path: &CampaignPath,
    _: &Nothing,
) -> Result<List<CampaignMember>, Problem> {
    seen(ask, path.campaign_no)?;
    let (after, one_more) = place(ask)?;
    let rows = members(ask.conn, path.campaign_no, after, one_more)?;
    let page = List::of_one_more(rows, ask.page.limit, |(row, ..)| row.account_id.to_string());
    let line = |(row, account_no, state): (denghuo_store::outreach::MemberRow, String, Option<String>)| {
        CampaignMember {
            account_no,
            held_out: row.held_out,
            notice_no: row.notice_no,
            state,
            skipped: row.skipped,
        }
    };
    Ok(List { items: page.items.into_iter().map(line).collect(), next_cursor: page.next_cursor })
}

/// What is decided.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DecisionBody {
    /// Let it out, or drop it.
    approve: bool,
}

fn campaign_decision(
    ask: &mut Ask<'_>,
    path: &CampaignPath,
    body: &DecisionBody,
) -> Result<CampaignShown, Problem> {
    seen(ask, path.campaign_no)?;
    campaign_decide(ask.conn, ask.work, path.campaign_no, body.approve, ask.today)?;
    Ok(campaign_show(ask.conn, ask.work, path.campaign_no, ask.today)?)
}
