//! The mechanism of the book, on small books of its own, and the embedded book as a whole.

use super::*;
use jiff::civil::date;
use serde::Deserialize;

mod book;

#[derive(Debug, Deserialize)]
struct Fee {
    per_day: String,
}

fn book(files: &[(&str, &str)]) -> Result<Rulebook, Vec<BookError>> {
    Rulebook::parse(files.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())))
}

fn rule(id: &str, from: &str, rest: &str, per_day: &str) -> String {
    format!(
        "[[rule]]\nid = \"{id}\"\ntopic = \"fee\"\nfrom = \"{from}\"\n{rest}\nconfidence = \"H\"\n\
         basis = {{ title = \"t\" }}\nparams = {{ per_day = \"{per_day}\" }}\n"
    )
}

#[test]
fn the_legal_day_picks_the_version() {
    let text = format!(
        "layer = \"national\"\n{}{}",
        rule("a", "1996-10-08", "until = \"2024-05-31\"", "0.001"),
        rule("b", "2024-06-01", "", "0.002")
    );
    let book = book(&[("cn/fee.toml", &text)]).unwrap();
    let here = Selector::in_jurisdictions(&["cn"]);
    let on = |day| book.pick::<Fee>("fee", &here, day).map(|p| (p.rule.id.clone(), p.params.per_day));
    assert_eq!(on(date(2024, 5, 31)).unwrap(), ("a".into(), "0.001".into()));
    assert_eq!(on(date(2024, 6, 1)).unwrap(), ("b".into(), "0.002".into()));
    assert!(matches!(on(date(1996, 10, 7)), Err(NoRule::Missing { .. })));
}

#[test]
fn the_more_specific_layer_and_selector_win() {
    let national = format!("layer = \"national\"\n{}", rule("n", "2020-01-01", "", "1"));
    let province = format!(
        "layer = \"province\"\n{}{}",
        rule("p", "2020-01-01", "", "2"),
        rule("p.home", "2020-01-01", "when = { class = [\"household\"] }", "3")
    );
    let book = book(&[("cn/fee.toml", &national), ("cn-sd/fee.toml", &province)]).unwrap();
    let day = date(2025, 1, 1);
    let pick = |s: &Selector| book.pick::<Fee>("fee", s, day).unwrap().rule.id.clone();
    let shandong = Selector::in_jurisdictions(&["cn", "cn-sd"]);
    assert_eq!(pick(&Selector::in_jurisdictions(&["cn"])), "n");
    assert_eq!(pick(&shandong), "p");
    assert_eq!(pick(&shandong.clone().with("class", "household")), "p.home");
    assert_eq!(book.pick_all::<Fee>("fee", &shandong, day).unwrap().len(), 2);
}

#[test]
fn a_broken_book_tells_all_its_errors() {
    let text = format!(
        "layer = \"national\"\n{}{}{}",
        rule("a", "2020-01-01", "", "1"),
        rule("b", "2021-01-01", "", "1"),
        rule("a", "2020-01-01", "until = \"2019-01-01\"", "1")
    );
    let errors = book(&[("cn/fee.toml", &text), ("cn/x.toml", "layer = 3")]).unwrap_err();
    assert!(errors.iter().any(|e| matches!(e, BookError::DuplicateId { .. })), "{errors:?}");
    assert!(errors.iter().any(|e| matches!(e, BookError::Overlap { .. })), "{errors:?}");
    assert!(errors.iter().any(|e| matches!(e, BookError::Unreadable { .. })), "{errors:?}");
}

#[test]
fn a_site_replaces_a_rule_by_its_id() {
    let text = format!("layer = \"national\"\n{}", rule("a", "2020-01-01", "", "1"));
    let site = format!("layer = \"site\"\n{}", rule("a", "2020-01-01", "", "9"));
    let book = book(&[("cn/fee.toml", &text)]).unwrap();
    let over = book.overlaid([("cn/fee.toml".to_owned(), site)]).unwrap();
    let here = Selector::in_jurisdictions(&["cn"]);
    assert_eq!(over.pick::<Fee>("fee", &here, date(2025, 1, 1)).unwrap().params.per_day, "9");
}

#[test]
fn every_error_of_a_folder_is_told_at_once() {
    let file = |rest: &str| format!("layer = \"site\"\n{rest}");
    let limitation = |extra: &str, params: &str| {
        file(&format!(
            "[[rule]]\nid = \"l\"\ntopic = \"limitation\"\nfrom = \"2030-01-01\"\nconfidence = \"L\"\n\
             basis = {{ title = \"t\" }}\n{extra}\nparams = {{ {params} }}\n"
        ))
    };
    let good = "years = 3, long_stop_years = 20";
    for (text, reason) in [
        (limitation("", good), "national law only"),
        (limitation("contract = { may_override = true }", good), "by contract"),
        (limitation("", good).replace("\"limitation\"", "\"limitations\""), "`limitations` is not known"),
        (
            limitation("", good).replace("\"limitation\"", "\"restoration\""),
            "unknown field `long_stop_years`",
        ),
        (limitation("", "hours = \"soon\"").replace("\"limitation\"", "\"restoration\""), "expected u16"),
        (limitation("", good).replace("2030-01-01", "2999-01-01"), "2999-01-01 is not a day of a rule"),
        (limitation("", good).replace("title = \"t\"", "title = \"\""), "title of its basis"),
        (limitation("", good).replace("confidence = \"L\"\n", ""), "missing field `confidence`"),
        (limitation("", good).replace("confidence = \"L\"", "confidence = \"X\""), "unknown variant `X`"),
    ] {
        let site = ("site/x.toml".to_owned(), text.clone());
        let broken = ("site/y.toml".to_owned(), "rule = 1".to_owned());
        let (_, errors) = Rulebook::default().examined([site, broken]);
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|e| e.contains("site/x.toml") && e.contains(reason)), "{reason}: {told:?}");
        assert!(told.iter().any(|e| e.contains("site/y.toml")), "{told:?}");
    }
}

#[test]
fn two_books_are_compared_field_by_field() {
    let national = |rules: &str| [("cn/fee.toml".to_owned(), format!("layer = \"national\"\n{rules}"))];
    let before = Rulebook::parse(national(&format!(
        "{}{}",
        rule("a", "2020-01-01", "until = \"2020-12-31\"", "1"),
        rule("b", "2021-01-01", "", "1")
    )));
    let after = Rulebook::parse(national(&format!(
        "{}{}",
        rule("a", "2020-01-01", "", "2"),
        rule("c", "2021-01-01", "when = { class = [\"household\"] }", "1")
    )));
    let difference = diff(&before.unwrap(), &after.unwrap());
    assert_eq!(
        (&difference.added[..], &difference.removed[..]),
        (&["c".to_owned()][..], &["b".to_owned()][..])
    );
    let [change] = &difference.changed[..] else { panic!("one change") };
    let fields: Vec<_> =
        change.fields.iter().map(|f| (f.field.as_str(), f.before.as_deref(), f.after.as_deref())).collect();
    assert_eq!(fields, [("params.per_day", Some("1"), Some("2")), ("until", Some("2020-12-31"), None)]);
    assert!(diff(&Rulebook::embedded(), &Rulebook::embedded()).is_empty());
}

#[test]
fn the_strictest_value_names_its_rule() {
    let national = format!("layer = \"national\"\n{}", rule("n", "2020-01-01", "", "3"));
    let grid = format!("layer = \"grid\"\n{}", rule("g", "2020-01-01", "", "7"));
    let site = format!("layer = \"site\"\n{}", rule("s", "2020-01-01", "", "5"));
    let book = book(&[("cn/a.toml", &national), ("sgcc/a.toml", &grid), ("site/a.toml", &site)]).unwrap();
    let all = book
        .pick_all::<Fee>("fee", &Selector::in_jurisdictions(&["cn", "sgcc", "site"]), date(2025, 1, 1))
        .unwrap();
    let value = |fee: &Fee| fee.per_day.parse::<u8>().ok();
    assert_eq!(strictest(&all, Stricter::Larger, value), Some(Ruled { value: 7, rule: "g".into() }));
    assert_eq!(strictest(&all, Stricter::Smaller, value), Some(Ruled { value: 3, rule: "n".into() }));
    assert_eq!(strictest(&all, Stricter::Smaller, |_| None::<u8>), None);
}
