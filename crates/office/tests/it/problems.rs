//! Problems of many: the two known ones of the real messages come out first; one is found, cared for, told upwards, closed, and comes
//! back.

use super::world::{World, work};
use denghuo_office::service::problem::{
    KIND, LATE, Message, ProblemOrder, hotspots, messages_of_csv, problem_do, problem_map, problem_show,
    problems_detect, problems_due,
};
use denghuo_office::service::{NewTicket, ticket_open};
use denghuo_rules::calendar::plus_days;
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_rules::service::Request;
use denghuo_rules::service::problem::{ProblemDeed, ProblemRule, ProblemState};
use denghuo_store::testing::on_each_engine;
use denghuo_store::{Conn, tasks};
use jiff::civil::{Date, DateTime, date};
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
    let Some(messages) = messages() else { return };
    assert_eq!(messages.len(), 4_326);
    for (from, until, words, least) in [
        (date(2019, 6, 1), date(2019, 8, 31), ["伊景园", "车位"], 20),
        (date(2019, 10, 1), date(2019, 12, 31), ["丽发新城", "搅拌"], 15),
    ] {
        // What the desk had of the window at the end of the month.
        let of = |message: &&Message| (from..=until).contains(&message.at.date());
        let mut quarter: Vec<Message> = messages.iter().filter(of).cloned().collect();
        let months = hotspots(quarter.clone(), &rule(), 2, 10);
        let month = months.last().expect("a month");
        let first = &month.hotspots[0];
        let speaks = |text: &str| words.iter().any(|word| text.contains(word));
        let speak = first.subjects.iter().filter(|(_, text)| speaks(text)).count();
        assert!(first.people >= least, "{} {first:?}", month.month);
        assert!(speak * 10 >= first.subjects.len() * 9, "{} {first:?}", month.month);
        assert!(month.hotspots[1].people * 2 < first.people, "{} {:?}", month.month, month.hotspots[1]);
        if words[0] == "伊景园" {
            quarter.reverse();
            assert_eq!(months, hotspots(quarter, &rule(), 2, 10), "whatever the order of the file");
        }
    }
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

fn at(text: &str) -> DateTime {
    text.parse().expect("a moment")
}

/// A ticket of no account, of somebody with a telephone, in the station.
fn told(conn: &mut Conn, when: &str, phone: u32, said: &str) {
    let new = NewTicket {
        request: Some(Request::Opinion),
        unit: Some("P".to_owned()),
        phone: format!("1390000{phone:04}"),
        topic: "电压".to_owned(),
        said: said.to_owned(),
        ..NewTicket::default()
    };
    ticket_open(conn, &work("S001"), &new, (at(when), at(when))).expect("a ticket");
}

const LOW: &str = "东庄台区每天晚上电压太低,空调无法启动,请尽快更换变压器";

fn order(deed: ProblemDeed, said: &str) -> ProblemOrder {
    ProblemOrder { deed, said: said.to_owned(), owner: Some("S001".to_owned()), plan: None }
}

/// One problem that was closed and came back, as one with a plan.
pub fn some(world: &mut World) {
    let conn = &mut world.conn;
    for phone in 1..=4 {
        told(conn, "2026-06-02T09:00", phone, LOW);
    }
    let detect = |conn: &mut Conn, on| problems_detect(conn, &work("system"), on).expect("a look").done;
    assert_eq!(detect(conn, date(2026, 6, 3)), 1);
    care(conn, 1, date(2026, 6, 3));
    let close = order(ProblemDeed::Close, "已更换变压器");
    problem_do(conn, &work("S001"), 1, &close, date(2026, 6, 20)).expect("an end");
    for phone in 5..=8 {
        told(conn, "2026-06-22T09:00", phone, LOW);
    }
    assert_eq!(detect(conn, date(2026, 6, 23)), 1);
    care(conn, 2, date(2026, 6, 23));
}

/// Somebody owns it and plans what is done.
fn care(conn: &mut Conn, problem_id: i64, on: Date) {
    problem_do(conn, &work("S001"), problem_id, &order(ProblemDeed::Own, ""), on).expect("an owner");
    let plan =
        ProblemOrder { plan: Some((on, plus_days(on, 20))), ..order(ProblemDeed::Plan, "更换变压器") };
    problem_do(conn, &work("S001"), problem_id, &plan, on).expect("a plan");
}

#[test]
fn a_problem_from_its_find_to_its_return() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        world.live(60, &[super::world::Shown::More(200); 4]);
        some(&mut world);
        let conn = &mut world.conn;
        let shown = problem_show(conn, &work("S001"), 2, date(2026, 6, 24)).expect("a problem");
        assert_eq!((shown.line.follows, shown.line.people, shown.line.tickets), (Some(1), 4, 4));
        assert_eq!(shown.line.state, ProblemState::Planned);
        assert_eq!(shown.line.due_on, Some(date(2026, 7, 13)));
        let deeds: Vec<ProblemDeed> = shown.events.iter().map(|event| event.deed).collect();
        assert_eq!(deeds, [ProblemDeed::Find, ProblemDeed::Own, ProblemDeed::Plan]);
        let first = problem_show(conn, &work("S001"), 1, date(2026, 6, 24)).expect("a problem");
        let effect = first.effect.expect("an effect");
        assert_eq!((effect.before, effect.after), (4, 4), "it came back: the measure did nothing");
        assert_eq!(first.weeks.iter().map(|week| week.tickets).sum::<u32>(), 4);
        assert!(first.next.is_empty());
        told(conn, "2026-06-24T09:00", 9, LOW);
        let detect = |conn: &mut Conn, on| problems_detect(conn, &work("system"), on).expect("a look").done;
        assert_eq!(detect(conn, date(2026, 6, 25)), 1, "it grows");
        let there = world.contents();
        assert_eq!(detect(&mut world.conn, date(2026, 6, 25)), 0);
        world.is_still(&there, "the same was looked at again");
        let grown = problem_show(&mut world.conn, &work("S001"), 2, date(2026, 6, 25)).expect("a problem");
        assert_eq!((grown.line.people, grown.line.tickets, grown.members.len()), (5, 5, 5));
        let cells = problem_map(&mut world.conn, &work("S001"), 0, date(2026, 6, 24)).expect("a map");
        let cell = cells.iter().find(|cell| cell.request == Request::Opinion).expect("a cell");
        assert_eq!((cell.tickets, cell.usual_centi), (5, 50));
        world.proven();
    });
}

#[test]
fn what_nobody_cares_for_is_told_upwards_once() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        world.live(60, &[super::world::Shown::More(200); 4]);
        let conn = &mut world.conn;
        for phone in 1..=3 {
            told(conn, "2026-06-01T09:00", phone, LOW);
        }
        let detect = |conn: &mut Conn, on| problems_detect(conn, &work("system"), on).expect("a look").done;
        assert_eq!(detect(conn, date(2026, 6, 2)), 1);
        assert!(
            !problems_due(conn, date(2026, 6, 4)).expect("SQL"),
            "due on the 4th, and nobody said anything"
        );
        assert!(problems_due(conn, date(2026, 6, 5)).expect("SQL"));
        assert_eq!(detect(conn, date(2026, 6, 5)), 1);
        assert_eq!(detect(conn, date(2026, 6, 5)), 0);
        assert_eq!(detect(conn, date(2026, 6, 9)), 1, "and the one above");
        let shown = problem_show(conn, &work("S001"), 1, date(2026, 6, 9)).expect("a problem");
        assert_eq!(shown.line.level, 2);
        let late = tasks::task(conn, (0, LATE, "1")).expect("SQL").expect("a task");
        assert_eq!((late.owner_role.as_str(), late.state.as_str()), ("manager", "open"));
        let refused = |conn: &mut Conn, wanted: &ProblemOrder| {
            problem_do(conn, &work("S001"), 1, wanted, date(2026, 6, 9)).map_err(|error| error.code()).err()
        };
        assert_eq!(refused(conn, &order(ProblemDeed::Close, "好了")), Some(Some("problem.not_owned")));
        let nobody = ProblemOrder { owner: Some("S999".to_owned()), ..order(ProblemDeed::Own, "") };
        assert_eq!(refused(conn, &nobody), Some(Some("access.unknown_staff")));
        assert_eq!(refused(conn, &order(ProblemDeed::Dismiss, " ")), Some(Some("problem.no_words")));
        let unknown = problem_do(conn, &work("S001"), 9, &order(ProblemDeed::Note, "x"), date(2026, 6, 9));
        assert_eq!(unknown.map_err(|error| error.code()).err(), Some(Some("problem.unknown")));
        assert_eq!(refused(conn, &order(ProblemDeed::Dismiss, "各不相干")), None);
        for kind in [KIND, LATE] {
            let task = tasks::task(conn, (0, kind, "1")).expect("SQL").expect("a task");
            assert_eq!(task.state, "done", "{kind}");
        }
        world.proven();
    });
}
