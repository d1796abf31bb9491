use super::*;
use denghuo_store::tasks;

fn answer(
    conn: &mut Conn,
    book: &Rulebook,
    subject: &str,
    answer: Answer,
    on: Date,
) -> Result<(), OfficeError> {
    let kinds = exception_list(conn, Range { from: 1, to: 1 }).unwrap();
    let kind = kinds.iter().find(|t| t.subject == subject).map_or("reading_exception", |t| &t.kind);
    let kind = ExceptionKind::from_word(kind).unwrap();
    let resolution = Resolution { answer, reason: "现场核实".into() };
    exception_resolve(conn, &work(book), (1, kind, subject), &resolution, on)
}

/// The current readings of account 1 on a day: `kWh source version`.
fn shows(conn: &mut Conn, on: Date) -> Vec<String> {
    let all = store::known_readings(conn, Range { from: 1, to: 1 }, (on, on)).unwrap();
    let told = |k: &store::KnownReading| {
        format!("{} {} v{}", k.shown.registers.total, k.shown.source.word(), k.version)
    };
    all.iter().filter(|k| k.is_current).map(told).collect()
}

const SUBJECT: &str = "reading:2026-08-10";

#[test]
fn a_spike_is_confirmed_and_asked_no_more() {
    in_village(1, |conn, book| {
        read(conn, &[(1, DUE, 5200)]);
        verify(conn, book, DUE);
        answer(conn, book, SUBJECT, Answer::Confirm, DUE).unwrap();
        verify(conn, book, date(2026, 8, 11));
        assert_eq!(open(conn), [""; 0]);
        let task = &tasks::of_account(conn, 1).unwrap()[0];
        assert_eq!(
            (task.resolution.as_deref(), task.resolved_by.as_deref()),
            (Some("confirm"), Some("S002"))
        );
        let twice = answer(conn, book, SUBJECT, Answer::Confirm, DUE).unwrap_err();
        assert_eq!(twice.code(), Some("exception.not_open"));
    });
}

#[test]
fn what_has_no_quantity_cannot_be_confirmed() {
    in_village(1, |conn, book| {
        read(conn, &[(1, DUE, 150)]);
        verify(conn, book, DUE);
        let refused = answer(conn, book, SUBJECT, Answer::Confirm, DUE).unwrap_err();
        assert_eq!(refused.code(), Some("exception.nothing_to_confirm"));
        assert_eq!(open(conn), ["1 exception reading:2026-08-10 went_back"]);
    });
}

#[test]
fn a_correction_is_a_new_version() {
    in_village(1, |conn, book| {
        read(conn, &[(1, DUE, 150)]);
        verify(conn, book, DUE);
        let corrected = |kwh| vec![reading(1, 1, DUE, kwh, Source::Field).shown];
        let refused =
            |conn: &mut Conn, shown| answer(conn, book, SUBJECT, Answer::Correct(shown), DUE).unwrap_err();
        assert_eq!(refused(conn, vec![]).code(), Some("exception.nothing_to_correct"));
        assert_eq!(refused(conn, corrected(1_000_000)).code(), Some("exception.beyond_dial"));
        let unread = vec![reading(1, 1, date(2026, 7, 1), 150, Source::Field).shown];
        assert_eq!(
            refused(conn, unread).code(),
            Some("exception.nothing_to_correct"),
            "billed without a reading"
        );
        answer(conn, book, SUBJECT, Answer::Correct(corrected(310)), DUE).unwrap();
        assert_eq!(shows(conn, DUE), ["310 field v2"]);
        let versions = store::reading_history(conn, 1, 10).unwrap();
        let kept: Vec<_> = versions
            .iter()
            .filter(|p| p.shown.registers.on == DUE)
            .map(|p| (p.version, p.is_current))
            .collect();
        assert_eq!(kept, [(2, true), (1, false)], "the old one is kept");
        assert_eq!(verify(conn, book, DUE).done, 1);
        assert_eq!(open(conn), [""; 0]);
    });
}

#[test]
fn a_reading_is_taken_again() {
    in_village(1, |conn, book| {
        read(conn, &[(1, DUE, 150)]);
        verify(conn, book, DUE);
        answer(conn, book, SUBJECT, Answer::ReRead, DUE).unwrap();
        assert_eq!(shows(conn, DUE), [""; 0]);
        assert_eq!(verify(conn, book, DUE).parked, 1, "it is awaited, not zero");
        read(conn, &[(1, DUE, 305)]);
        assert_eq!(shows(conn, DUE), ["305 remote v2"]);
        assert_eq!(verify(conn, book, DUE).done, 1);
    });
}

#[test]
fn a_missing_reading_is_waited_for_or_billed_provisionally() {
    in_village(1, |conn, book| {
        let late = date(2026, 8, 13);
        verify(conn, book, late);
        let subject = "missing:2026-08";
        answer(conn, book, subject, Answer::ReRead, late).unwrap();
        assert_eq!(open(conn).len(), 1, "it stays open");
        assert_eq!(tasks::of_account(conn, 1).unwrap()[0].due_on, Some(date(2026, 8, 16)));
        answer(conn, book, subject, Answer::Provisional, late).unwrap();
        assert_eq!(shows(conn, DUE), ["300 provisional v1"], "200 + the 100 of the period before");
        assert_eq!(verify(conn, book, late).done, 1);
        assert_eq!(open(conn), [""; 0]);
        // A real reading of the day replaces the estimate while it is not billed.
        read(conn, &[(1, DUE, 290)]);
        assert_eq!(shows(conn, DUE), ["290 remote v2"]);
    });
}

#[test]
fn a_second_estimate_in_a_row_is_a_doubt() {
    in_village(1, |conn, book| {
        let july = Month::new(2026, 7).unwrap();
        let mut history = History::empty(july);
        history.set(july, Entry::new(Energy::kwh(100), 30, Mark::ESTIMATED));
        bill_to(conn, 1, date(2026, 7, 10), &history);
        let late = date(2026, 8, 13);
        verify(conn, book, late);
        assert_eq!(open(conn), ["1 exception missing:2026-08 missed,repeated_estimate"]);
        answer(conn, book, "missing:2026-08", Answer::Provisional, late).unwrap();
        verify(conn, book, late);
        assert_eq!(open(conn), ["1 doubt reading:2026-08-10 repeated_estimate"]);
    });
}

#[test]
fn an_estimate_of_nothing_is_refused() {
    in_village(1, |conn, book| {
        store::supersede(conn, 1, 1, date(2026, 7, 10)).unwrap();
        let still = store::NewReading { version: 2, ..reading(1, 1, date(2026, 7, 10), 100, Source::Field) };
        store::write_readings(conn, &[still]).unwrap();
        let late = date(2026, 8, 13);
        verify(conn, book, late);
        let refused = answer(conn, book, "missing:2026-08", Answer::Provisional, late).unwrap_err();
        assert_eq!(refused.code(), Some("exception.zero_previous_period"));
        assert_eq!(shows(conn, DUE), [""; 0], "a missing reading is never a zero");
    });
}

#[test]
fn an_estimate_needs_a_period_before() {
    in_village(1, |conn, book| {
        store::supersede(conn, 1, 1, date(2026, 6, 10)).unwrap();
        let late = date(2026, 8, 13);
        verify(conn, book, late);
        let refused = answer(conn, book, "missing:2026-08", Answer::Provisional, late).unwrap_err();
        assert_eq!(refused.code(), Some("exception.no_previous_period"));
        assert_eq!(open(conn).len(), 1, "nothing changed");
        let resolution = Resolution { answer: Answer::ReRead, reason: " ".into() };
        let key = (1, ExceptionKind::Exception, "missing:2026-08");
        let refused = exception_resolve(conn, &work(book), key, &resolution, late).unwrap_err();
        assert_eq!(refused.code(), Some("exception.no_reason"));
    });
}

#[test]
fn a_corrected_reading_keeps_what_is_not_told() {
    use denghuo_rules::metering::RegisterKind::{Peak, Total};
    in_village(1, |conn, _| {
        let row = ReadingRow {
            line: 1,
            account_no: Some("A1".into()),
            meter_no: None,
            registers: RegisterSet {
                bands: [None, Some(Energy::kwh(40)), None, None, None],
                ..RegisterSet::total_only(DUE, Energy::kwh(150))
            },
            source: Source::Remote,
            taken_at: None,
            taken_by: None,
        };
        readings_register(conn, &[row], DUE).unwrap().unwrap();
        let told = |conn: &mut Conn, meter, day, told: &[_]| {
            reading_with(conn, 1, meter, day, told)
                .map(|shown| (shown.registers.total, shown.registers.bands[1]))
        };
        let kwh = Energy::kwh;
        assert_eq!(told(conn, None, DUE, &[(Total, kwh(310))]).unwrap(), (kwh(310), Some(kwh(40))));
        assert_eq!(told(conn, Some("M1"), DUE, &[(Peak, kwh(60))]).unwrap(), (kwh(150), Some(kwh(60))));
        let next = date(2026, 8, 11);
        assert_eq!(
            told(conn, None, next, &[(Total, kwh(311))]).unwrap(),
            (kwh(311), None),
            "a day without a reading"
        );
        let refused = |result: Result<_, OfficeError>| result.unwrap_err().code();
        assert_eq!(refused(told(conn, None, next, &[(Peak, kwh(1))])), Some("exception.nothing_to_correct"));
        assert_eq!(
            refused(told(conn, Some("M7"), DUE, &[(Total, kwh(1))])),
            Some("exception.nothing_to_correct")
        );
    });
}

#[test]
fn a_late_correction_asks_for_the_bill_to_be_made_again() {
    in_village(1, |conn, book| {
        let july = date(2026, 7, 10);
        let corrected = [reading(1, 1, july, 190, Source::Field).shown];
        let refused = reading_correct(conn, &work(book), 1, &corrected, "", DUE).unwrap_err();
        assert_eq!(refused.code(), Some("exception.no_reason"));
        for _ in 0..2 {
            reading_correct(conn, &work(book), 1, &corrected, "看错一位", DUE).unwrap();
        }
        assert_eq!(shows(conn, july), ["190 field v3"]);
        let tasks = tasks::open_of(conn, REBILL_TASK, ALL).unwrap();
        let told: Vec<_> = tasks.iter().map(|t| (t.subject.as_str(), t.codes.as_str())).collect();
        assert_eq!(told, [("reading:2026-07-10", "late_correction:200:190")]);
        read(conn, &[(1, DUE, 300)]);
        assert_eq!(verify(conn, book, DUE).done, 1, "the next period begins at the corrected value");
    });
}
