use super::*;

fn file(text: &str) -> File {
    File { name: "readings.csv".into(), bytes: text.into() }
}

/// What happens to a file on 2026-08-11: `+written =already` or `line code` of everything wrong.
fn imported(conn: &mut Conn, book: &Rulebook, file: &File) -> Vec<String> {
    match readings_import(conn, &work(book), file, date(2026, 8, 11)).unwrap() {
        Imported::Loaded(r) => vec![format!("+{} ={}", r.written, r.already_there)],
        Imported::KnownFile => vec!["known".into()],
        Imported::Rejected(problems) => {
            problems.rows.iter().map(|p| format!("{} {}", p.line, p.code)).collect()
        }
    }
}

#[test]
fn bad_rows_are_told_and_nothing_is_taken_in() {
    in_village(2, |conn, book| {
        let cases = [
            ("A7,,2026-08-10,300,", "reading.unknown_account"),
            (",M7,2026-08-10,300,", "reading.unknown_meter"),
            (",,2026-08-10,300,", "reading.no_key"),
            ("A1,M2,2026-08-10,300,", "reading.other_account"),
            ("A1,,2026-08-12,300,", "reading.in_future"),
            ("A1,,2026-06-09,90,", "reading.before_installation"),
            (",M1,2026-06-09,90,", "reading.before_installation"),
            ("A1,,2026-08-10,1000000,", "reading.beyond_dial"),
            ("A1,,2026-07-10,201,", "reading.other_value"),
            ("A1,,2026-07-01,150,", "reading.billed"),
            ("A1,,2026-08-10,-5,", "import.negative"),
            ("A1,,2026-08-10,abc,", "import.not_a_number"),
            ("A1,,1900-01-01,300,", "import.date_out_of_range"),
            ("A1,,2999-01-01,300,", "import.date_out_of_range"),
            ("A1,,2026-08-10,300,provisional", "reading.source_not_from_file"),
        ];
        for (row, code) in cases {
            let text = format!("account_no,meter_no,read_on,total,source\nA2,,2026-08-10,310,\n{row}\n");
            assert_eq!(imported(conn, book, &file(&text)), [format!("3 {code}")], "{row}");
        }
        let unknown = file("户号,抄表日,有功总\nA7,2026-08-10,300\n");
        let Imported::Rejected(problems) =
            readings_import(conn, &work(book), &unknown, date(2026, 8, 11)).unwrap()
        else {
            panic!("it is taken in")
        };
        assert_eq!((&*problems.rows[0].column, &*problems.rows[0].value), ("account_no", "A7"));
        let twice = "户号,抄表日,有功总\nA1,2026-08-10,300\nA1,2026-08-10,301\n";
        assert_eq!(imported(conn, book, &file(twice)), ["3 reading.twice_in_file"]);
        assert_eq!(store::known_readings(conn, ALL, (DUE, DUE)).unwrap(), [], "nothing of any file");
    });
}

#[test]
fn the_same_again_is_there_already_and_another_value_is_refused() {
    in_village(2, |conn, book| {
        let good =
            file("户号,抄表日,有功总,峰\nA1,2026-08-10,300,20\nA2,2026-08-10,310,\nA2,2026-07-10,200,\n");
        assert_eq!(imported(conn, book, &good), ["+2 =1"]);
        assert_eq!(imported(conn, book, &good), ["known"]);
        let renamed = File { name: "again.csv".into(), ..good.clone() };
        assert_eq!(imported(conn, book, &renamed), ["known"], "the same content under another name");
        let grown = "户号,抄表日,有功总,峰\nA1,2026-08-10,300,20\nA2,2026-08-10,310,\n";
        let other_name = File { name: "grown.csv".into(), bytes: grown.into() };
        assert_eq!(imported(conn, book, &other_name), ["+0 =2"]);
        let other = File { name: "other.csv".into(), bytes: grown.replace("310", "311").into() };
        assert_eq!(imported(conn, book, &other), ["3 reading.other_value"]);
        let same_name = File { name: "readings.csv".into(), bytes: grown.replace("310", "312").into() };
        let refused = readings_import(conn, &work(book), &same_name, date(2026, 8, 11)).unwrap_err();
        assert_eq!(refused.code(), Some("import.same_name_other_content"));
    });
}

#[test]
fn many_readings_take_the_path_in_bulk() {
    in_village(3, |conn, _| {
        // More rows than are looked up one account at a time: every day of a month and a half, three accounts, by meter.
        let rows: Vec<ReadingRow> = (0..600)
            .map(|n| ReadingRow {
                line: n,
                account_no: None,
                meter_no: Some(format!("M{}", n % 3 + 1)),
                registers: RegisterSet::total_only(
                    denghuo_rules::calendar::plus_days(date(2026, 7, 11), n as i64 / 3),
                    Energy::kwh(200 + n as i64),
                ),
                source: Source::Remote,
                taken_at: None,
                taken_by: None,
            })
            .collect();
        let far = date(2027, 12, 31);
        let first = readings_register(conn, &rows, far).unwrap().unwrap();
        assert_eq!(first, Registered { written: 600, already_there: 0 });
        let again = readings_register(conn, &rows, far).unwrap().unwrap();
        assert_eq!(again, Registered { written: 0, already_there: 600 });
    });
}
