//! 走访宣传: articles are let out by another and looked at again; a campaign tells who agreed to it, leaves some out, and is measured.

use super::world::{Shown, World, work};
use denghuo_office::error::OfficeError;
use denghuo_office::outreach::{
    EMBEDDED, NewArticle, NewCampaign, article_do, article_read, article_show, article_write, articles_find,
    articles_install, campaign_decide, campaign_make, campaign_show, outreach, segment_size,
};
use denghuo_office::service::{NewTicket, ticket_open};
use denghuo_rules::calendar::plus_days;
use denghuo_rules::outreach::{
    ArrearsState, ArticleDeed, ArticleState, ArticleTopic, Audience, CampaignState, Response, Segment,
    is_held_out,
};
use denghuo_rules::registry::Category;
use denghuo_rules::service::Request;
use denghuo_store::day::Range;
use denghuo_store::outreach::{ArticleFilter, members};
use denghuo_store::testing::on_each_engine;
use denghuo_store::{Conn, tasks};
use jiff::civil::Date;
use std::collections::BTreeSet;

fn article(code: &str) -> NewArticle {
    NewArticle {
        code: code.to_owned(),
        topic: ArticleTopic::Saving,
        audience: Audience::Everybody,
        title: "夏季空调节电".to_owned(),
        title_en: "Air conditioning in summer".to_owned(),
        body: "设定26℃以上。".to_owned(),
        body_en: "Set it to 26 °C or more.".to_owned(),
    }
}

fn campaign(seed: i64, held_out_percent: i64) -> NewCampaign {
    NewCampaign {
        title: "夏季安全用电".to_owned(),
        said: "雷雨季请检查漏电保护器。".to_owned(),
        article: Some("safety-wet".to_owned()),
        segment: Segment { category: Some(Category::Household), ..Segment::default() },
        held_out_percent,
        seed,
        answer: Response::Ticket,
        respond_days: 14,
    }
}

/// Articles and campaigns in every state: what `verify` looks at.
pub fn some(world: &mut World) {
    let on = world.on;
    let conn = &mut world.conn;
    articles_install(conn, &work("S003"), on).expect("articles");
    article_write(conn, &work("S001"), &article("summer"), true, on).expect("a draft");
    for (seed, decided) in [(1, Some(true)), (2, Some(false)), (3, None)] {
        let row = campaign_make(conn, &work("S002"), &campaign(seed, 0), 1, on).expect("a campaign");
        if let Some(approve) = decided {
            campaign_decide(conn, &work("S003"), row.campaign_no, approve, on).expect("a decision");
        }
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, OfficeError>) -> &'static str {
    result.expect_err("a refusal").code().expect("a code")
}

fn open_tasks(conn: &mut Conn, kind: &str) -> Vec<String> {
    let whole = Range { from: 0, to: i64::MAX };
    tasks::open_of(conn, kind, whole).expect("tasks").into_iter().map(|task| task.subject).collect()
}

#[test]
fn the_program_carries_every_article_of_the_folder() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates/article");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".toml")?.to_owned()))
        .collect();
    let carried: BTreeSet<String> = EMBEDDED.iter().map(|(code, _)| (*code).to_owned()).collect();
    assert_eq!(carried, files);
    assert!(EMBEDDED.iter().all(|(code, text)| text.contains(&format!("code = \"{code}\""))));
}

#[test]
fn an_article_is_written_let_out_and_looked_at_again() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        let on = world.on;
        let conn = &mut world.conn;
        let count = i64::try_from(EMBEDDED.len()).unwrap();
        assert_eq!(articles_install(conn, &work("S003"), on).expect("articles"), count);
        assert_eq!(articles_install(conn, &work("S003"), on).expect("articles"), 0, "they are there");
        article_write(conn, &work("S001"), &article("summer"), true, on).expect("a draft");
        assert_eq!(code(article_write(conn, &work("S001"), &article("summer"), true, on)), "article.exists");
        assert_eq!(
            code(article_write(conn, &work("S001"), &article("winter"), false, on)),
            "article.unknown"
        );
        let empty = NewArticle { body_en: " ".to_owned(), ..article("x") };
        assert_eq!(code(article_write(conn, &work("S001"), &empty, true, on)), "article.missing");
        assert_eq!(code(article_read(conn, "summer")), "article.unknown", "nobody has let it out");
        assert_eq!(
            code(article_do(conn, &work("S001"), "summer", ArticleDeed::Publish, on)),
            "article.same_person"
        );
        article_do(conn, &work("S002"), "summer", ArticleDeed::Publish, on).expect("let out");
        assert_eq!(article_read(conn, "summer").expect("an article").title.zh, "夏季空调节电");
        // A further version is not read before somebody has let it out.
        let better = NewArticle { title: "夏季空调怎样省电".to_owned(), ..article("summer") };
        article_write(conn, &work("S001"), &better, false, on).expect("a version");
        assert_eq!(article_read(conn, "summer").expect("an article").title.zh, "夏季空调节电");
        article_do(conn, &work("S002"), "summer", ArticleDeed::Publish, on).expect("let out");
        assert_eq!(article_read(conn, "summer").expect("an article").title.zh, "夏季空调怎样省电");
        assert_eq!(article_show(conn, &work("S001"), "summer").expect("shown").versions.len(), 2);
        assert_eq!(code(article_read(conn, "staff-high-bill")), "article.unknown", "it is for the staff");
        let found = |conn: &mut Conn, asked: &str, customers| -> Vec<String> {
            let filter = ArticleFilter { customers, ..ArticleFilter::default() };
            articles_find(conn, &filter, asked).expect("articles").into_iter().map(|line| line.code).collect()
        };
        assert_eq!(found(conn, "违约金", true)[0], "policy-late-fee");
        assert_eq!(found(conn, "电费突然高了", false)[0], "staff-high-bill");
        assert!(!found(conn, "电费突然高了", true).contains(&"staff-high-bill".to_owned()));
        assert!(found(conn, "光伏逆变器", true).is_empty());
        // Saving is looked at once a year.
        outreach(conn, &work("system"), plus_days(on, 364)).expect("a stage");
        assert!(!open_tasks(conn, "article_review").contains(&"summer".to_owned()));
        outreach(conn, &work("system"), plus_days(on, 365)).expect("a stage");
        assert!(open_tasks(conn, "article_review").contains(&"summer".to_owned()));
        let later = plus_days(on, 300);
        article_do(conn, &work("S001"), "summer", ArticleDeed::Confirm, later).expect("still right");
        assert!(!open_tasks(conn, "article_review").contains(&"summer".to_owned()));
        let row =
            article_do(conn, &work("S001"), "summer", ArticleDeed::Withdraw, later).expect("taken away");
        assert_eq!(row.state, ArticleState::Withdrawn);
        assert_eq!(code(article_read(conn, "summer")), "article.unknown");
        world.proven();
    });
}

/// A customer asks something on a day.
fn calls(conn: &mut Conn, account_id: i64, on: Date) {
    let new = NewTicket {
        account_id,
        request: Some(Request::Consultation),
        said: "请教漏电保护器".to_owned(),
        ..NewTicket::default()
    };
    let at = on.at(9, 0, 0, 0);
    ticket_open(conn, &work("S001"), &new, (at, at)).expect("a ticket");
}

#[test]
fn a_campaign_tells_who_agreed_and_leaves_some_out() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        world.live(60, &[Shown::More(200); 4]);
        let on = world.on;
        let conn = &mut world.conn;
        articles_install(conn, &work("S003"), on).expect("articles");
        // A1 agreed to text messages, A2 to mail and text messages; A3 is a shop, A4 a farm.
        let everybody = Segment::default();
        assert_eq!(segment_size(conn, (1, &everybody), on).expect("a size"), 4);
        let owing = Segment { arrears: Some(ArrearsState::Overdue), ..Segment::default() };
        let calm = Segment { arrears: Some(ArrearsState::None), ..Segment::default() };
        let sizes = [&owing, &calm].map(|segment| segment_size(conn, (1, segment), on).expect("a size"));
        assert_eq!(sizes.iter().sum::<i64>(), 4);
        // A seed that leaves out the first home and not the second.
        let seed =
            (1..500).find(|seed| is_held_out(*seed, 1, 50) && !is_held_out(*seed, 2, 50)).expect("a seed");
        let row = campaign_make(conn, &work("S002"), &campaign(seed, 50), 1, on).expect("a campaign");
        assert_eq!(open_tasks(conn, "campaign_approval"), ["1"]);
        assert_eq!(
            code(campaign_decide(conn, &work("S002"), row.campaign_no, true, on)),
            "campaign.same_person"
        );
        campaign_decide(conn, &work("S003"), row.campaign_no, true, on).expect("let out");
        assert_eq!(
            code(campaign_decide(conn, &work("S003"), row.campaign_no, true, on)),
            "campaign.not_draft"
        );
        let told = members(conn, row.campaign_no, None, 10).expect("members");
        let lines: Vec<_> = told
            .iter()
            .map(|(member, account, state)| (account.as_str(), member.held_out, state.as_deref()))
            .collect();
        assert_eq!(lines, [("A1", true, None), ("A2", false, Some("open"))]);
        // Both call: one who was told, one who would have called anyhow.
        for account_id in [1, 2] {
            calls(conn, account_id, plus_days(on, 3));
        }
        let effect = campaign_show(conn, &work("S002"), row.campaign_no, on).unwrap().effect.unwrap();
        assert_eq!((effect.accounts, effect.told, effect.held_out, effect.not_told), (2, 1, 1, 0));
        assert_eq!((effect.answers, effect.answers_held_out), (1, 1));
        assert_eq!(effect.lift.map(|lift| lift.0), Some(0), "the campaign has moved nobody");
        // Within a month nobody is told of another one.
        let again =
            campaign_make(conn, &work("S002"), &campaign(seed, 0), 1, plus_days(on, 29)).expect("another");
        campaign_decide(conn, &work("S003"), again.campaign_no, true, plus_days(on, 29)).expect("let out");
        let told = members(conn, again.campaign_no, None, 10).expect("members");
        let lines: Vec<_> = told
            .iter()
            .map(|(member, account, _)| {
                (account.as_str(), member.notice_no.is_some(), member.skipped.as_deref())
            })
            .collect();
        assert_eq!(lines, [("A1", true, None), ("A2", false, Some("too_often"))]);
        // What has not left by its end does not leave any more.
        outreach(conn, &work("system"), plus_days(on, 14)).expect("a stage");
        assert_eq!(
            campaign_show(conn, &work("S002"), 1, on).unwrap().state,
            CampaignState::Running,
            "its last day"
        );
        outreach(conn, &work("system"), plus_days(on, 15)).expect("a stage");
        let closed = campaign_show(conn, &work("S002"), 1, on).unwrap();
        assert_eq!((closed.state, closed.effect.unwrap().answers), (CampaignState::Closed, 1));
        let states: Vec<_> =
            members(conn, 1, None, 10).unwrap().into_iter().map(|(.., state)| state).collect();
        assert_eq!(states, [None, Some("withdrawn".to_owned())]);
        let there = world.contents();
        outreach(&mut world.conn, &work("system"), plus_days(on, 15)).expect("the same stage");
        world.is_still(&there, "a stage was run again");
        world.proven();
    });
}

#[test]
fn a_campaign_that_cannot_be_is_refused() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        let on = world.on;
        let conn = &mut world.conn;
        articles_install(conn, &work("S003"), on).expect("articles");
        let nobody = Segment { category: Some(Category::Communal), ..Segment::default() };
        for (new, expected) in [
            (NewCampaign { said: " ".to_owned(), ..campaign(1, 0) }, "campaign.missing"),
            (NewCampaign { held_out_percent: 60, ..campaign(1, 0) }, "campaign.out_of_bounds"),
            (NewCampaign { respond_days: 0, ..campaign(1, 0) }, "campaign.out_of_bounds"),
            (NewCampaign { said: "省".repeat(301), ..campaign(1, 0) }, "campaign.too_long"),
            (
                NewCampaign { article: Some("staff-high-bill".to_owned()), ..campaign(1, 0) },
                "article.unknown",
            ),
            (NewCampaign { segment: nobody, ..campaign(1, 0) }, "campaign.nobody"),
        ] {
            assert_eq!(code(campaign_make(conn, &work("S002"), &new, 1, on)), expected);
        }
        assert_eq!(code(campaign_decide(conn, &work("S003"), 9, true, on)), "campaign.unknown");
        world.proven();
    });
}
