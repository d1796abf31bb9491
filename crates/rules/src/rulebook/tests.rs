//! The mechanism of the book, on small books of its own, and the embedded book as a whole.

use super::*;
use jiff::civil::date;
use serde::Deserialize;

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
fn the_embedded_book_is_whole() {
    assert_eq!(Rulebook::embedded().check_all(), []);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook");
    let mut on_disk = Vec::new();
    for jurisdiction in std::fs::read_dir(&folder).unwrap() {
        let jurisdiction = jurisdiction.unwrap().path();
        for file in std::fs::read_dir(&jurisdiction).unwrap() {
            let path = file.unwrap().path();
            on_disk.push(path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned());
        }
    }
    on_disk.sort();
    let mut embedded: Vec<_> = EMBEDDED.iter().map(|(path, _)| (*path).to_owned()).collect();
    embedded.sort();
    assert_eq!(on_disk, embedded, "rulebook/embedded.rs lists every file of rulebook/");
}
