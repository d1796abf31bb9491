use super::*;
use denghuo_store::tasks;

#[test]
fn a_village_is_judged_and_a_second_run_changes_nothing() {
    in_village(6, |conn, book| {
        assert_eq!(orders_open(conn, date(2026, 8, 9)).unwrap(), 0);
        // 1 good, 2 spike, 3 went back, 4 rolled over, 5 zero, 6 has no reading.
        read(conn, &[(1, DUE, 300), (2, DUE, 5200), (3, DUE, 150), (5, DUE, 200)]);
        let expected = ["3 exception reading:2026-08-10 went_back", "2 doubt reading:2026-08-10 spike"];
        for _ in 0..2 {
            let counts = verify(conn, book, DUE);
            assert_eq!(counts, Counts { due: 6, done: 3, parked: 3, amount_fen: 0 });
            assert_eq!(open(conn), expected, "4 and 6 are only awaited");
        }
        assert_eq!(verify(conn, book, date(2026, 8, 12)).parked, 3, "still within the days of grace");
        verify(conn, book, date(2026, 8, 13));
        let missed = |id: i64| format!("{id} exception missing:2026-08 missed");
        assert_eq!(open(conn), [expected[0].to_owned(), missed(4), missed(6), expected[1].to_owned()]);
    });
}

#[test]
fn a_late_reading_ends_the_wait_and_is_never_zero() {
    in_village(1, |conn, book| {
        verify(conn, book, DUE);
        verify(conn, book, date(2026, 8, 14));
        assert_eq!(open(conn), ["1 exception missing:2026-08 missed"]);
        read(conn, &[(1, date(2026, 8, 15), 320)]);
        let counts = verify(conn, book, date(2026, 8, 15));
        assert_eq!((counts.done, counts.parked), (1, 0));
        assert_eq!(open(conn), [""; 0]);
        let task = &tasks::of_account(conn, 1).unwrap()[0];
        assert_eq!(task.resolution.as_deref(), Some("arrived"));
    });
}

#[test]
fn a_rollover_and_a_meter_change() {
    in_village(2, |conn, book| {
        let july = date(2026, 7, 10);
        store::supersede(conn, 1, 1, july).unwrap();
        let high = store::NewReading { version: 2, ..reading(1, 1, july, 999_950, Source::Remote) };
        let change = date(2026, 7, 20);
        rows::insert_meters(
            conn,
            &[rows::Meter {
                meter_id: 9,
                meter_no: "M9".into(),
                model: None,
                digits: 6,
                rated_current: None,
            }],
        )
        .unwrap();
        conn.execute("UPDATE installation SET removed_on = $1 WHERE account_id = 2", &[change.into()])
            .unwrap();
        rows::insert_installations(conn, &[installation(2, 2, 9, change, None)]).unwrap();
        let readings =
            [high, reading(2, 1, change, 240, Source::Remove), reading(2, 2, change, 5, Source::Install)];
        store::write_readings(conn, &readings).unwrap();
        read(conn, &[(1, DUE, 50), (2, DUE, 65)]);
        verify(conn, book, DUE);
        assert_eq!(
            open(conn),
            ["1 doubt reading:2026-08-10 rolled_over"],
            "100 kWh each; the swap needs no answer"
        );
    });
}

#[test]
fn an_order_lives_until_its_accounts_are_billed() {
    in_village(2, |conn, _| {
        assert_eq!(orders_open(conn, DUE).unwrap(), 1);
        assert_eq!(orders_open(conn, date(2026, 8, 11)).unwrap(), 0, "once per cycle");
        read(conn, &[(1, DUE, 300)]);
        let august = Month::new(2026, 8).unwrap();
        let order = &store::orders(conn, august).unwrap()[0];
        assert_eq!((order.state.as_str(), order.expected, order.taken, order.missed), ("open", 2, 1, 1));
        bill_to(conn, 1, DUE, &History::empty(august));
        assert_eq!(orders_close(conn, DUE).unwrap(), 0);
        bill_to(conn, 2, date(2026, 8, 11), &History::empty(august));
        assert_eq!(orders_close(conn, date(2026, 8, 11)).unwrap(), 1);
        assert_eq!(store::orders(conn, august).unwrap()[0].state, "closed");
    });
}

#[test]
fn a_route_written_at_a_desk_is_noticed_once() {
    in_village(25, |conn, book| {
        orders_open(conn, DUE).unwrap();
        let field: Vec<_> = (1..=25)
            .map(|id| store::NewReading {
                taken_at: Some(id * 1000),
                ..reading(id, 1, DUE, 300, Source::Field)
            })
            .collect();
        store::write_readings(conn, &field).unwrap();
        for _ in 0..2 {
            assert_eq!(routes_judge(conn, &work(book), DUE).unwrap(), 1);
            assert_eq!(open(conn), ["0 notice route:R001:2026-08 too_fast,same_increment,round_numbers"]);
        }
    });
}

#[test]
fn a_closed_account_is_read_a_last_time() {
    in_village(2, |conn, book| {
        let last = date(2026, 8, 1);
        for (table, column) in [("account", "closed_on"), ("installation", "removed_on")] {
            let sql = format!("UPDATE {table} SET {column} = $1 WHERE account_id = 2");
            conn.execute(&sql, &[last.into()]).unwrap();
        }
        read(conn, &[(1, DUE, 300)]);
        assert_eq!(verify(conn, book, DUE), Counts { due: 2, done: 1, parked: 1, amount_fen: 0 });
        store::write_readings(conn, &[reading(2, 1, last, 260, Source::Remove)]).unwrap();
        assert_eq!(verify(conn, book, DUE).done, 2, "its last 60 kWh are billed with the cycle");
        let august = History::empty(Month::new(2026, 8).unwrap());
        bill_to(conn, 1, DUE, &august);
        bill_to(conn, 2, last, &august);
        assert_eq!(verify(conn, book, date(2026, 8, 11)).due, 0, "and never again");
        assert_eq!(orders_close(conn, date(2026, 8, 11)).unwrap(), 1);
    });
}
