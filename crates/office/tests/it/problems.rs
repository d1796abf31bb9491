//! Problems of many: the two known ones of the real messages come out first, and nothing depends on the order of the file.

use denghuo_office::service::problem::{Message, hotspots, messages_of_csv};
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_rules::service::problem::ProblemRule;
use jiff::civil::date;
use std::fs::File;
use std::path::Path;

fn rule() -> ProblemRule {
    let site = Selector::in_jurisdictions(&["cn", "sgcc", "site"]);
    let book = Rulebook::embedded();
    book.pick::<ProblemRule>("service_problems", &site, date(2026, 6, 1)).expect("a rule").params
}

/// The real messages; none where the data is not there.
fn messages() -> Option<Vec<Message>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/teddy2020c_citizen_messages_hotspot.csv.gz");
    let Ok(file) = File::open(&path) else {
        eprintln!("{} is absent: the hot spots of the real messages were not looked for", path.display());
        return None;
    };
    Some(messages_of_csv(flate2::read::GzDecoder::new(file)).expect("messages"))
}

#[test]
fn the_known_hot_spots_of_real_messages_come_first() {
    let Some(mut messages) = messages() else { return };
    assert_eq!(messages.len(), 4_326);
    let months = hotspots(messages.clone(), &rule(), 2, 10);
    for (month, words, least) in [("2019-08", ["伊景园", "车位"], 20), ("2019-12", ["丽发新城", "搅拌"], 15)]
    {
        let month = months.iter().find(|found| found.month.to_string() == month).expect("a month");
        let first = &month.hotspots[0];
        let speak =
            first.subjects.iter().filter(|(_, text)| words.iter().any(|word| text.contains(word))).count();
        assert!(first.people >= least, "{} {first:?}", month.month);
        assert!(speak * 10 >= first.subjects.len() * 9, "{} {first:?}", month.month);
        assert!(month.hotspots[1].people * 2 < first.people, "{} {:?}", month.month, month.hotspots[1]);
    }
    messages.reverse();
    assert_eq!(months, hotspots(messages, &rule(), 2, 10), "whatever the order of the file");
}

#[test]
fn files_that_are_no_messages() {
    for (text, said) in [
        ("subject,body\n停电,停电\n", "`time`"),
        ("time,subject,body\n昨天,停电,停电\n", "line 2: `昨天` is no time"),
        ("time,subject,body,likes\n2026-06-01 08:00:00,停电,停电,很多\n", "is no likes"),
        ("time,subject,body\n2026-06-01 08:00:00,停电\n", "CSV"),
    ] {
        let refused = messages_of_csv(text.as_bytes()).expect_err(text).to_string();
        assert!(refused.contains(said), "{refused}");
    }
    let few = messages_of_csv("\u{feff}time,subject,body\n2026-06-01 08:00:00,停电,停电\n".as_bytes())
        .expect("messages");
    assert_eq!(hotspots(few, &rule(), 2, 10)[0].hotspots, []);
    assert_eq!(hotspots(Vec::new(), &rule(), 2, 10), []);
}
