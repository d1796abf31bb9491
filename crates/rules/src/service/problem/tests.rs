//! What is put together and what is not, bursts against their level, the order of problems, causes, care and effect.

use super::*;
use crate::refusal::Refuse;
use crate::rulebook::{Rulebook, Selector};
use crate::service::Request;
use jiff::civil::date;
use proptest::prelude::*;
use std::sync::LazyLock;

static BOOK: LazyLock<Rulebook> = LazyLock::new(Rulebook::embedded);

fn rule() -> ProblemRule {
    let site = Selector::in_jurisdictions(&["cn", "sgcc", "site"]);
    BOOK.pick::<ProblemRule>("service_problems", &site, date(2026, 9, 1)).expect("a rule").params
}

fn care() -> CareRule {
    let site = Selector::in_jurisdictions(&["cn", "sgcc", "site"]);
    BOOK.pick::<CareRule>("service_problem_care", &site, date(2026, 9, 1)).expect("a rule").params
}

/// Words with spaces between; a name begins with `@`. What stands before `|` is the heading.
fn voice(day: i32, person: u64, text: &str) -> Voice {
    let (head, body) = text.split_once('|').unwrap_or((text, ""));
    let words = |text: &str| -> Vec<Word> {
        text.split_whitespace()
            .map(|word| word_of(word.trim_start_matches('@'), word.starts_with('@')))
            .collect()
    };
    let mut all = words(head);
    let heading = all.len();
    all.extend(words(body));
    Voice { day, person, likes: 0, words: all, heading }
}

/// Things that nobody else speaks of, so that the words of a problem are rare among all.
fn others(count: u64) -> impl Iterator<Item = Voice> {
    (0..count).map(|at| {
        let day = i32::try_from(at % 28).unwrap_or(0);
        voice(day, 1_000 + at, &format!("咨询{at} 事项{} | 内容{at} 情况{}", at % 17, at % 13))
    })
}

fn about_mixers(day: i32, person: u64) -> Voice {
    voice(day, person, "@丽水 新村 搅拌站 扰民 | 搅拌站 噪音 灰尘 严重 影响 居民 休息")
}

fn about_voltage(day: i32, person: u64) -> Voice {
    voice(day, person, "@东庄 台区 电压 低 空调 启动 | 晚上 电压 低 空调 无法 启动")
}

#[test]
fn what_speaks_of_the_same_thing_is_put_together() {
    let mut voices: Vec<Voice> = others(200).collect();
    for at in 0..6 {
        voices.push(about_mixers(at, u64::try_from(at).unwrap_or(0)));
        voices.push(about_voltage(at, 100 + u64::try_from(at).unwrap_or(0)));
    }
    voices.push(voice(3, 50, "@丽水 新村 旁 建 搅拌站 灰尘 大 | 每天 灰尘 噪音 居民 受苦"));
    let found = topics(&voices, &rule().likeness);
    let of = |at: usize| found.iter().find(|set| set.contains(&at)).cloned().unwrap_or_default();
    assert_eq!(of(200), [200, 202, 204, 206, 208, 210, 212]);
    assert_eq!(of(201), [201, 203, 205, 207, 209, 211]);
    assert!(found.iter().all(|set| set.iter().all(|at| *at >= 200) || set.iter().all(|at| *at < 200)));
}

#[test]
fn one_place_is_not_one_matter() {
    let mut voices: Vec<Voice> = others(200).collect();
    voices.push(voice(1, 1, "@东庄 @东庄小区 路灯 不亮 | @东庄 @东庄小区 夜里 黑"));
    voices.push(voice(2, 2, "@东庄 @东庄小区 发票 抬头 | @东庄 @东庄小区 开票 税号"));
    voices.push(voice(3, 3, "@东庄 @东庄小区 路灯 损坏 不亮 | @东庄 @东庄小区 路灯 夜里 黑"));
    let found = topics(&voices, &rule().likeness);
    assert!(found.iter().any(|set| set == &[200, 202]), "{found:?}");
    let only_places = Likeness { matter_permille: 0, ..rule().likeness };
    assert!(topics(&voices, &only_places).iter().any(|set| set == &[200, 201, 202]));
}

#[test]
fn nearly_the_same_wording_is_found_whatever_it_says() {
    let mut voices: Vec<Voice> = others(50).collect();
    let text = "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六";
    voices.push(voice(0, 1, text));
    voices.push(voice(9, 2, &format!("{text} 十七")));
    voices.push(voice(9, 3, text));
    let found = topics(&voices, &rule().likeness);
    assert!(found.iter().any(|set| set == &[50, 51, 52]), "{found:?}");
}

#[test]
fn too_long_a_silence_ends_a_topic() {
    let mut voices: Vec<Voice> = others(200).collect();
    voices.extend([voice(0, 1, "@甲 乙 丙 丁"), voice(46, 2, "@甲 丙 丁 戊 己 庚 辛")]);
    let near = Likeness { topic_permille: 200, ..rule().likeness };
    assert!(topics(&voices, &near).iter().all(|set| !set.contains(&200)));
    let longer = Likeness { gap_days: 46, ..near };
    assert!(topics(&voices, &longer).iter().any(|set| set == &[200, 201]));
}

fn told(day: i32, person: u64, unit: i64, district: i64, text: &str) -> Told {
    Told { voice: voice(day, person, text), request: Request::Fault, unit, district: Some(district) }
}

#[test]
fn bursts_against_the_usual_level() {
    let rule = rule().burst;
    // Day 63 is not yet seen; the period is 56..=62, the eight before it 0..=55.
    let table: &[(u32, u32, bool)] = &[
        // In the period, in the eight before it, burst?
        (4, 0, false),
        (5, 0, true),
        (5, 8, true),
        (5, 16, false),
        (6, 16, false),
        (8, 16, true),
        (20, 80, false),
        (30, 80, false),
        (31, 80, true),
        (100, 800, false),
    ];
    for (now, before, expected) in table {
        let events = (0..*now)
            .map(|at| ((1, 1), 56 + i32::try_from(at % 7).unwrap_or(0)))
            .chain((0..*before).map(|at| ((1, 1), i32::try_from(at % 56).unwrap_or(0))));
        let found = bursts(events, 63, &rule);
        assert_eq!(!found.is_empty(), *expected, "{now} after {before}");
        if let Some(burst) = found.first() {
            assert_eq!((burst.count, burst.usual_centi), (*now, before * 100 / 8));
        }
    }
    let later = (0..9).map(|_| ((1, 1), 63));
    assert!(bursts(later, 63, &rule).is_empty(), "what was said afterwards is not seen");
}

#[test]
fn what_no_topic_takes_can_still_be_a_burst() {
    let rule = rule();
    let mut all: Vec<Told> =
        (0..6).map(|at| told(85, at, 7, 70, &format!("各说各的{at} 别的话{at} 第三{at}"))).collect();
    all.extend(
        (0..6).map(|at| told(85, 100 + at, 8, i64::try_from(at).unwrap_or(0), &format!("零散{at} 词语{at}"))),
    );
    let found = find(&all, 90, &rule);
    assert_eq!(
        found.iter().map(|found| found.by).collect::<Vec<_>>(),
        [FoundBy::DistrictBurst, FoundBy::UnitBurst]
    );
    assert_eq!(found[0].members, [0, 1, 2, 3, 4, 5]);
    assert_eq!(found[1].burst, Some((6, 0)));
    all.iter_mut().for_each(|told| told.voice.person = 1);
    assert_eq!(find(&all, 90, &rule), [], "one person is no crowd");
}

#[test]
fn new_tickets_find_their_problem() {
    let all: Vec<Told> = (0..8).map(|at| told(1, at, 1, 1, "一样 的 话")).collect();
    let found = |members: &[usize]| Found { members: members.to_vec(), by: FoundBy::Topic, burst: None };
    let (open, ended) = (Some((4, true)), Some((3, false)));
    let held = [open, open, ended, ended, ended, None, None, None];
    let placed = place(
        &all,
        vec![found(&[0, 1, 2, 5]), found(&[2, 3, 5, 6, 7]), found(&[4, 5]), found(&[0, 1])],
        &held,
        3,
    );
    assert_eq!(placed.len(), 2);
    assert_eq!((placed[0].problem, placed[0].follows, placed[0].fresh.as_slice()), (Some(4), None, &[5][..]));
    assert_eq!(
        (placed[1].problem, placed[1].follows, placed[1].fresh.as_slice()),
        (None, Some(3), &[5, 6, 7][..])
    );
    let nobody_new = place(&all, vec![found(&[0, 1])], &held, 3);
    assert_eq!(nobody_new, []);
}

#[test]
fn the_order_of_problems() {
    let rule = rule().rank;
    let of = |voices: &[Voice]| standing(voices.iter(), 30, &rule);
    let many: Vec<Voice> = (0..20).map(|at| about_mixers(10, at)).collect();
    let few: Vec<Voice> = (0..5).map(|at| about_mixers(10, at)).collect();
    let one: Vec<Voice> = (0..20).map(|_| about_mixers(10, 1)).collect();
    assert!(of(&many).score > of(&few).score);
    assert_eq!(of(&one).people, 1);
    let mut lasting = few.clone();
    lasting[0].day = -20;
    assert!(of(&lasting).score > of(&few).score);
    let mut liked = few.clone();
    liked[0].likes = 1_000_000;
    assert_eq!(of(&liked).score, of(&few).score * 2, "likes count at most as much as those who spoke");
    let growing: Vec<Voice> = (0..5).map(|at| about_mixers(25, at)).collect();
    assert!(of(&growing).score > of(&few).score);
    assert_eq!(of(&[]), Standing::default());
}

#[test]
fn causes_stand_out_from_what_is_common() {
    let share = |dimension, value: &str, inside, all| Share {
        dimension,
        value: value.to_owned(),
        inside,
        inside_of: 10,
        all,
        all_of: 10_000,
    };
    let found = causes(
        vec![
            share(Dimension::Unit, "城关所", 10, 5_000),
            share(Dimension::Unit, "东庄所", 9, 3_000),
            share(Dimension::District, "东庄3号台区", 9, 100),
            share(Dimension::Reader, "S009", 2, 3),
            share(Dimension::Category, "household", 10, 9_900),
        ],
        &rule().cause,
    );
    let told: Vec<(&str, i64)> =
        found.iter().map(|cause| (cause.share.value.as_str(), cause.lift_percent)).collect();
    assert_eq!(told, [("东庄3号台区", 9_000), ("东庄所", 300), ("城关所", 200)]);
    assert_eq!(causes(vec![share(Dimension::Route, "R", 9, 0)], &rule().cause), [], "nobody has it");
}

#[test]
fn who_is_told_when_nothing_happens() {
    let (care, calendar) = (care(), BOOK.calendar());
    let since = date(2026, 9, 29);
    let due = care.due_on(ProblemState::Found, since, None, calendar).expect("a calendar").expect("a day");
    assert_eq!(due, date(2026, 10, 8), "across the long holiday");
    let table: &[(i8, u8)] = &[(8, 0), (9, 1), (10, 1), (12, 2), (13, 2), (14, 3), (30, 3)];
    for (day, level) in table {
        let told = level_wanted(due, date(2026, 10, *day), &care, calendar).expect("a calendar");
        assert_eq!(told, *level, "on October {day}");
    }
    assert!(care.due_on(ProblemState::Owned, date(2031, 1, 1), None, calendar).is_err(), "no calendar");
}

#[test]
fn what_comes_before_what() {
    use ProblemDeed as D;
    use ProblemState as S;
    let rule = care();
    let on = date(2026, 9, 10);
    let plan = Some((date(2026, 9, 11), date(2026, 10, 9)));
    let early = Some((date(2026, 9, 11), date(2026, 9, 9)));
    let far = Some((date(2026, 9, 11), date(2027, 9, 9)));
    let (fresh, seen) = (Some(date(2026, 8, 28)), Some(date(2026, 8, 27)));
    let cases: &[(S, D, &str, _, _, Result<S, &str>)] = &[
        (S::Found, D::Own, "", None, None, Ok(S::Owned)),
        (S::Owned, D::Own, "", None, None, Ok(S::Owned)),
        (S::Found, D::Plan, "换变压器", plan, None, Err("problem.not_owned")),
        (S::Owned, D::Plan, "", plan, None, Err("problem.no_words")),
        (S::Owned, D::Plan, "换变压器", None, None, Err("problem.not_planned")),
        (S::Owned, D::Plan, "换变压器", early, None, Err("problem.end_before")),
        (S::Owned, D::Plan, "换变压器", far, None, Err("problem.end_too_far")),
        (S::Owned, D::Plan, "换变压器", plan, None, Ok(S::Planned)),
        (S::Owned, D::Close, "好了", None, seen, Err("problem.not_planned")),
        (S::Planned, D::Close, "好了", None, fresh, Err("problem.effect_too_short")),
        (S::Planned, D::Close, "好了", None, seen, Ok(S::Closed)),
        (S::Found, D::Dismiss, "各不相干", None, None, Ok(S::Dismissed)),
        (S::Closed, D::Note, "又来了", None, None, Err("problem.ended")),
        (S::Found, D::Grow, "x", None, None, Err("problem.not_by_hand")),
        (S::Planned, D::Note, "已下单", None, seen, Ok(S::Planned)),
    ];
    for (state, deed, words, plan, measure, expected) in cases {
        let wanted = ProblemWanted { deed: *deed, words, plan: *plan };
        let said = check_care(*state, *measure, wanted, on, &rule).map_err(|refused| refused.code());
        assert_eq!(said, *expected, "{state:?} {deed:?} {words}");
    }
}

#[test]
fn the_effect_compares_as_many_days_on_both_sides() {
    let days = [0, 5, 10, 12, 14, 18, 19, 21];
    let seen = effect(&days, 20, 27, 56).expect("an effect");
    assert_eq!((seen.days, seen.before, seen.after), (7, 3, 1));
    assert_eq!((seen.before_weekly_centi, seen.after_weekly_centi), (300, 100));
    assert_eq!(effect(&days, 20, 20, 56), None);
    assert_eq!(effect(&days, 20, 100, 10).map(|seen| (seen.days, seen.before)), Some((10, 5)));
    // 1970-01-05, day 4, was a Monday.
    assert_eq!(weekly(&[4, 10, 11, 30], 32), [(4, 2), (11, 1), (18, 0), (25, 1)]);
    assert_eq!(weekly(&[], 32), []);
}

proptest! {
    #[test]
    fn every_voice_is_in_one_set_at_most_and_the_same_twice(seed in 0_u64..1_000, count in 0_u64..120) {
        let mut voices: Vec<Voice> = others(count).collect();
        for at in 0..count / 3 {
            let day = i32::try_from((seed + at * 7) % 60).unwrap_or(0);
            voices.push(if (seed + at) % 2 == 0 { about_mixers(day, at) } else { about_voltage(day, at) });
        }
        let found = topics(&voices, &rule().likeness);
        let mut seen = std::collections::BTreeSet::new();
        for set in &found {
            prop_assert!(set.len() >= 2 && set.is_sorted());
            for at in set {
                prop_assert!(*at < voices.len() && seen.insert(*at));
            }
        }
        prop_assert_eq!(&found, &topics(&voices, &rule().likeness));
    }
}
