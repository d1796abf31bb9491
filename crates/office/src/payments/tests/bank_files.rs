//! Bank files, suspense and reconciliation.

use super::*;

const ON: Date = date(2025, 9, 8);

fn file(name: &str, lines: &[&str]) -> Source {
    let text = format!("流水号,户号,金额,日期,付款人\n{}\n", lines.join("\n"));
    Source { name: name.to_owned(), bytes: text.into_bytes() }
}

fn two_accounts(conn: &mut Conn) {
    for account in [1, 2] {
        open_account(conn, account);
        release(conn, account, 1, 10_000, "2025-09-10");
    }
}

fn import(conn: &mut Conn, id: &str, source: &Source) -> Result<Imported, BankImport> {
    import_collection(conn, &work("bank"), source, (id, "农行"), ON)
}

const LINES: &[&str] = &[
    "k1,A1,100.00,2025-09-08,甲",
    "k2,A2,60,2025-09-07,乙",
    "k3,A2,60.00,2025-09-08,乙",
    "k4,A7,5.00,2025-09-08,丙",
];

#[test]
fn a_file_is_posted_once_and_the_unknown_waits_in_suspense() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        two_accounts(&mut conn);
        let source = file("f1.csv", LINES);
        let done = import(&mut conn, "F1", &source).unwrap();
        assert_eq!((done.rows, done.posted, done.suspense, done.known), (4, 3, 1, 0));
        assert_eq!((balance(&mut conn, 1), balance(&mut conn, 2)), ((0, 0, 0), (0, 0, 2_000)));
        check(&mut conn, ON);
        let before = trial_balance(&mut conn, ON, None).unwrap();
        assert!(import(&mut conn, "F1", &source).unwrap().already_there);
        let other = import(&mut conn, "F1", &file("f1.csv", &LINES[..2]));
        assert!(
            matches!(other, Err(BankImport::Office(e)) if e.code() == Some("bank.same_file_other_content"))
        );
        // The same lines in another file are known one by one, the one that waits in suspense too.
        let repeated = import(&mut conn, "F2", &file("f2.csv", LINES)).unwrap();
        assert_eq!((repeated.posted, repeated.known, repeated.suspense), (0, 4, 0));
        assert_eq!(trial_balance(&mut conn, ON, None).unwrap(), before);
        check(&mut conn, ON);
    });
}

#[test]
fn gb18030_is_read_and_every_bad_line_is_told_with_nothing_posted() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        two_accounts(&mut conn);
        let good = file("g.csv", &["k1,A1,100.00,2025-09-08,张三"]);
        let (bytes, ..) = encoding_of(&good);
        import(&mut conn, "G1", &Source { name: "g.csv".to_owned(), bytes }).unwrap();
        let bad = file(
            "bad.csv",
            &[
                "k2,A2,-5,2025-09-08,乙",
                "k3,A2,abc,2025-09-08,乙",
                "k4,A2,5,2999-01-01,乙",
                "k5,A2,5,2025-09-09,乙",
                "k6,A2,5,2025-09-08,乙",
                "k6,A2,6,2025-09-08,乙",
                ",A2,6,2025-09-08,乙",
            ],
        );
        let Err(BankImport::Wrong(problems)) = import(&mut conn, "B1", &bad) else {
            panic!("a bad file was posted")
        };
        let lines: Vec<u64> = problems.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [2, 3, 4, 5, 8]);
        let Err(BankImport::Wrong(problems)) =
            import(&mut conn, "B2", &file("b2.csv", &["k1,A1,100.01,2025-09-08,"]))
        else {
            panic!("an id was posted with two contents")
        };
        assert_eq!(problems.rows[0].code, "payment.same_id_other_content");
        assert_eq!(balance(&mut conn, 2), (10_000, 0, 0));
        check(&mut conn, ON);
    });
}

fn encoding_of(source: &Source) -> (Vec<u8>, bool) {
    let text = String::from_utf8(source.bytes.clone()).unwrap();
    let (bytes, _, lossy) = encoding_rs::GB18030.encode(&text);
    (bytes.into_owned(), lossy)
}

#[test]
fn suspense_finds_its_owner_or_goes_back() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        two_accounts(&mut conn);
        let source = file("f.csv", &["k1,A8,100.00,2025-09-08,甲", "k2,,7.00,2025-09-08,乙"]);
        import(&mut conn, "F1", &source).unwrap();
        assert_eq!(suspense_list(&mut conn).unwrap().len(), 2);
        let paid = resolve_suspense(&mut conn, &work("S001"), ("F1", 2), 1, ON).unwrap();
        assert_eq!(balance(&mut conn, 1), (0, 0, 0));
        let twice = resolve_suspense(&mut conn, &work("S001"), ("F1", 2), 2, ON);
        assert_eq!(code(twice), "bank.not_in_suspense");
        check(&mut conn, ON);
        reverse(&mut conn, &work("S001"), (1, paid.payment_no), "认领有误", ON).unwrap();
        assert_eq!(suspense_list(&mut conn).unwrap().len(), 2);
        check(&mut conn, ON);
        resolve_suspense(&mut conn, &work("S001"), ("F1", 2), 2, ON).unwrap();
        return_suspense(&mut conn, &work("S001"), ("F1", 3), ON).unwrap();
        assert!(suspense_list(&mut conn).unwrap().is_empty());
        check(&mut conn, ON);
    });
}

#[test]
fn a_statement_matches_by_id_then_by_amount_and_hangs_up_the_rest() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        two_accounts(&mut conn);
        import(&mut conn, "F1", &file("f.csv", &["k1,A1,40.00,2025-09-08,甲", "k9,A9,3.00,2025-09-08,丙"]))
            .unwrap();
        for (account, amount, id) in [(1, 1_500, "t1"), (2, 2_500, "t2")] {
            let payment = Payment {
                channel: Channel::Transfer,
                external_id: id.to_owned(),
                amount: Money(amount),
                paid_on: ON,
            };
            pay(&mut conn, &work("S001"), account, &payment, ON).unwrap();
        }
        let source = file(
            "s.csv",
            &[
                "k1,,40.00,2025-09-08,甲",
                "bank7,,15.00,2025-09-08,乙",
                "k9,,3.00,2025-09-08,丙",
                "bank8,,88.00,2025-09-08,丁",
            ],
        );
        let done = reconcile(&mut conn, &work("S001"), &source, ("S1", "农行"), ON).unwrap();
        assert_eq!((done.by_id, done.by_amount, done.seen, done.unmatched), (1, 1, 1, 1));
        assert_eq!(done.unconfirmed.iter().map(|u| u.external_id.as_str()).collect::<Vec<_>>(), ["t2"]);
        assert_eq!(done.unmatched_total, Money(8_800));
        assert!(reconcile(&mut conn, &work("S001"), &source, ("S1", "农行"), ON).unwrap().already_there);
        assert_eq!(suspense_list(&mut conn).unwrap().len(), 2);
        check(&mut conn, ON);
    });
}

#[test]
fn money_that_a_statement_told_first_is_not_booked_twice() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        two_accounts(&mut conn);
        let lines = &["k1,,100.00,2025-09-08,甲", "k2,,7.00,2025-09-08,乙"];
        let told = reconcile(&mut conn, &work("S001"), &file("s.csv", lines), ("S1", ""), ON).unwrap();
        assert_eq!(told.unmatched, 2);
        let again = reconcile(&mut conn, &work("S001"), &file("t.csv", lines), ("S2", ""), ON).unwrap();
        assert_eq!((again.seen, again.unmatched), (2, 0));
        let source = file("f.csv", &["k1,A1,100.00,2025-09-08,甲", "k2,A7,7.00,2025-09-08,乙"]);
        let done = import(&mut conn, "F1", &source).unwrap();
        assert_eq!((done.posted, done.known, done.suspense), (1, 1, 0));
        assert_eq!((balance(&mut conn, 1), suspense_list(&mut conn).unwrap().len()), ((0, 0, 0), 1));
        let trial = trial_balance(&mut conn, ON, None).unwrap();
        let bank = trial.lines.iter().find(|line| line.code == LedgerAccount::Bank.word()).unwrap();
        assert_eq!(bank.balance, Money(10_700));
        check(&mut conn, ON);
        let repeated = import(&mut conn, "F2", &file("f2.csv", &["k1,A1,100.00,2025-09-08,甲"])).unwrap();
        assert_eq!((repeated.posted, repeated.known), (0, 1));
        check(&mut conn, ON);
    });
}
