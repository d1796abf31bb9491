//! Articles that are found by their words, campaigns within bounds, who is left out.

use super::*;
use crate::refusal::Refuse;
use crate::units::Ratio;
use jiff::civil::date;

#[test]
fn what_is_asked_is_found_by_its_words() {
    let (title, body) = ("如何看懂电费账单", "账单列出示数、电量、电价和金额。Tier prices are yearly.");
    // (asked, found?)
    for (asked, found) in [
        ("账单", true),
        ("电费账单", true),
        ("tier", true),
        ("账单 电价", true),
        ("账单 充电桩", false),
        ("停电", false),
        ("", false),
    ] {
        assert_eq!(rank(asked, title, body) > 0, found, "{asked}");
    }
    assert!(rank("账单", title, "") > rank("账单", "", body), "a title counts more");
}

#[test]
fn who_may_do_what_with_an_article() {
    let draft =
        ArticleFacts { state: ArticleState::Draft, version: 1, written_by: "S1".into(), published: 0 };
    let read = ArticleFacts { state: ArticleState::Published, published: 1, ..draft.clone() };
    let newer = ArticleFacts { version: 2, ..read.clone() };
    for (facts, deed, by, code) in [
        (&draft, ArticleDeed::Publish, "S1", Some("article.same_person")),
        (&draft, ArticleDeed::Publish, "S2", None),
        (&draft, ArticleDeed::Withdraw, "S2", Some("article.not_published")),
        (&read, ArticleDeed::Publish, "S2", Some("article.nothing_new")),
        (&read, ArticleDeed::Confirm, "S1", None),
        (&newer, ArticleDeed::Publish, "S2", None),
    ] {
        let said = check_article(facts, deed, by).err().map(|refusal| refusal.code());
        assert_eq!(said, code, "{} by {by}", deed.word());
    }
    let rule = ArticleRule { review_months: 12 };
    assert_eq!(rule.review_on(date(2024, 2, 29)), date(2025, 2, 28));
}

#[test]
fn a_campaign_stays_within_its_bounds() {
    let rule = CampaignRule { days_between: 30, held_out_most: 50, respond_days_most: 60, text_most: 20 };
    for (title, text, held_out, days, code) in [
        ("夏季用电", "请节约用电", 10, 14, None),
        ("", "请节约用电", 10, 14, Some("campaign.missing")),
        ("夏季用电", "请节约用电请节约用电请节约用电请节约用电请", 10, 14, Some("campaign.too_long")),
        ("夏季用电", "请节约用电", 51, 14, Some("campaign.out_of_bounds")),
        ("夏季用电", "请节约用电", -1, 14, Some("campaign.out_of_bounds")),
        ("夏季用电", "请节约用电", 10, 0, Some("campaign.out_of_bounds")),
    ] {
        let said = check_campaign(&rule, (title, text), (held_out, days)).err().map(|refusal| refusal.code());
        assert_eq!(said, code, "{title} {held_out} {days}");
    }
}

#[test]
fn the_same_accounts_are_left_out() {
    let out = |seed: i64, percent| (1..=1_000).filter(|id| is_held_out(seed, *id, percent)).count();
    assert_eq!((out(7, 0), out(7, 100)), (0, 1_000));
    let fifth = out(7, 20);
    assert!((150..250).contains(&fifth), "about a fifth: {fifth}");
    assert!((1..=100).all(|id| is_held_out(7, id, 20) == is_held_out(7, id, 20)));
    assert!((1..=100).any(|id| is_held_out(7, id, 20) != is_held_out(8, id, 20)));
}

#[test]
fn the_lift_is_the_difference_to_those_left_out() {
    let effect = Effect { told: 80, answers: 20, held_out: 20, answers_held_out: 2, ..Effect::default() };
    let effect = effect.with_rates();
    assert_eq!((effect.rate, effect.rate_held_out), (Some(Ratio(250_000)), Some(Ratio(100_000))));
    assert_eq!(effect.lift, Some(Ratio(150_000)));
    assert_eq!(Effect { told: 1, ..Effect::default() }.with_rates().lift, None, "nobody was left out");
}
