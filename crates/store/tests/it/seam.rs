//! The seam behaves the same on both engines.

use denghuo_store::testing::on_each_engine;
use denghuo_store::{Conn, Param, StoreError, Table};

const RULE_SET: Table = Table { name: "rule_set", columns: &["rule_set_id", "rules"], key: &["rule_set_id"] };

#[test]
fn bulk_rows_come_back_as_they_went_in() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        let rows: Vec<(i64, String)> = (0..5000).map(|n| (n, format!("规则-{n}"))).collect();
        conn.write(|conn| {
            conn.bulk(&RULE_SET, &rows, |row, out| {
                out.put(row.0).put(&row.1);
            })
        })
        .unwrap();
        let read = conn
            .query(
                "SELECT rule_set_id, rules FROM rule_set WHERE rule_set_id >= $1 ORDER BY 1",
                &[10.into()],
                |r| Ok((r.int(0)?, r.text(1)?)),
            )
            .unwrap();
        assert_eq!(read, rows[10..]);
        let again: Vec<(i64, String)> = vec![(3, "neu".into()), (9000, "later".into())];
        conn.bulk_upsert(&RULE_SET, &again, |row, out| {
            out.put(row.0).put(&row.1);
        })
        .unwrap();
        assert_eq!(conn.query_int("SELECT COUNT(*) FROM rule_set", &[]).unwrap(), 5001);
        let third = conn.query_first("SELECT rules FROM rule_set WHERE rule_set_id = 3", &[], |r| r.text(0));
        assert_eq!(third.unwrap().as_deref(), Some("neu"));
    });
}

#[test]
fn a_failed_write_keeps_nothing() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        let result: Result<(), StoreError> = conn.write(|conn| {
            conn.execute("INSERT INTO site (name, value) VALUES ($1, $2)", &["a".into(), "b".into()])?;
            conn.execute("INSERT INTO site (name, value) VALUES ($1, $2)", &["a".into(), Param::Text("c")])?;
            Ok(())
        });
        assert!(result.unwrap_err().is_duplicate());
        assert_eq!(conn.query_int("SELECT COUNT(*) FROM site", &[]).unwrap(), 0);
    });
}

#[test]
fn a_trial_keeps_nothing_wherever_it_runs() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        conn.batch("CREATE TABLE thing (id BIGINT PRIMARY KEY)").unwrap();
        let insert =
            |conn: &mut Conn, id: i64| conn.execute("INSERT INTO thing (id) VALUES ($1)", &[id.into()]);
        let count = |conn: &mut Conn| conn.query_int("SELECT COUNT(*) FROM thing", &[]);
        let seen = conn.trial(|conn| insert(conn, 1).and_then(|_| count(conn))).unwrap();
        assert_eq!((seen, count(&mut conn).unwrap()), (1, 0));
        conn.write(|conn| {
            insert(conn, 2)?;
            assert_eq!(conn.trial(|conn| conn.write(|conn| insert(conn, 3)).and_then(|_| count(conn)))?, 2);
            // A statement that fails in a trial does not end the write around it.
            assert!(conn.trial(|conn| insert(conn, 2)).is_err());
            insert(conn, 4)
        })
        .unwrap();
        assert_eq!(count(&mut conn).unwrap(), 2);
    });
}

#[test]
fn null_text_blob_and_dates_keep_their_kind() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        conn.execute(
            "INSERT INTO billing_state (account_id, next_bill_no, billed_to, tier_year, tier_used, provisional_runs, \
             zero_runs, history) VALUES ($1, 1, $2, 2026, 0, 0, 0, $3)",
            &[7.into(), jiff::civil::date(2026, 8, 1).into(), Param::Blob(&[1, 2, 255])],
        )
        .unwrap();
        let row = conn.query_first("SELECT billed_to, history FROM billing_state", &[], |r| {
            Ok((r.date(0)?, r.blob(1)?.to_vec()))
        });
        assert_eq!(row.unwrap(), Some((jiff::civil::date(2026, 8, 1), vec![1, 2, 255])));
    });
}

#[test]
fn parameters_are_bound_by_their_number_in_any_order() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        conn.execute("INSERT INTO rule_set (rules, rule_set_id) VALUES ($2, $1)", &[7.into(), "a".into()])
            .unwrap();
        let touched = conn
            .execute(
                "UPDATE rule_set SET rules = $2 WHERE rule_set_id = $1 AND rule_set_id = $1",
                &[7.into(), "b".into()],
            )
            .unwrap();
        assert_eq!(touched, 1);
        let sql = "SELECT rules FROM rule_set WHERE rules = $2 AND rule_set_id = $1";
        let read = conn.query_first(sql, &[7.into(), "b".into()], |row| row.text(0)).unwrap();
        assert_eq!(read.as_deref(), Some("b"));
        assert!(
            conn.execute("DELETE FROM rule_set WHERE rule_set_id = $1 AND rules = $2", &[7.into()]).is_err()
        );
    });
}
