//! Whatever is done to an account, in whatever order: the books balance, and taking everything back restores them.

use super::*;
use denghuo_store::testing::sqlite;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Act {
    Release(i64),
    Correct(i64),
    Pay { amount: i64, days_ago: i64 },
    Apply,
    MonthEnd,
    Reverse(usize),
    Refund(i64),
    Waive(i64),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (1_i64..200_000).prop_map(Act::Release),
        1 => (1_i64..100_000).prop_map(Act::Correct),
        4 => (1_i64..300_000, 0_i64..20).prop_map(|(amount, days_ago)| Act::Pay { amount, days_ago }),
        2 => Just(Act::Apply),
        1 => Just(Act::MonthEnd),
        2 => (0_usize..8).prop_map(Act::Reverse),
        1 => (1_i64..50_000).prop_map(Act::Refund),
        1 => (1_i64..2_000).prop_map(Act::Waive),
    ]
}

struct Story {
    conn: Conn,
    on: Date,
    bills: i64,
    payments: i64,
}

impl Story {
    fn refused<T>(result: Result<T, OfficeError>) {
        if let Err(error) = result {
            assert!(error.code().is_some(), "{error}");
        }
    }

    fn play(&mut self, act: &Act) {
        let conn = &mut self.conn;
        let clerk = work("S001");
        match act {
            Act::Release(amount) => {
                self.bills += 1;
                let due = denghuo_rules::calendar::plus_days(self.on, 7).to_string();
                release(conn, 1, self.bills, *amount, &due);
            }
            Act::Correct(amount) => {
                let corrects = self.bills;
                self.bills += 1;
                bill(conn, 1, self.bills, corrects);
                let due = denghuo_rules::calendar::plus_days(self.on, 7).to_string();
                release(conn, 1, self.bills, -*amount, &due);
            }
            Act::Pay { amount, days_ago } => {
                self.payments += 1;
                let paid_on = denghuo_rules::calendar::plus_days(self.on, -*days_ago);
                let payment = cash(*amount, &format!("p{}", self.payments), paid_on);
                receipt(pay(conn, &clerk, 1, &payment, self.on).unwrap());
                assert!(matches!(pay(conn, &clerk, 1, &payment, self.on).unwrap(), Posted::AlreadyThere(_)));
            }
            Act::Apply => {
                apply_prepayments(conn, &clerk, self.on, EVERYBODY).unwrap();
            }
            Act::MonthEnd => {
                book_late_fees(conn, &clerk, self.on, EVERYBODY).unwrap();
                assert_eq!(book_late_fees(conn, &clerk, self.on, EVERYBODY).unwrap().amount_fen, 0);
            }
            Act::Reverse(n) => Self::refused(reverse(conn, &clerk, (1, *n as i64), "", self.on)),
            Act::Refund(amount) => {
                let order = RefundOrder {
                    account_id: 1,
                    amount: Money(*amount),
                    channel: Channel::Cash,
                    reason: String::new(),
                    asked_by: "S002".to_owned(),
                };
                Self::refused(refund(conn, &work("S003"), &order, self.on));
            }
            Act::Waive(amount) => {
                let order = WaiveOrder {
                    account_id: 1,
                    bill_no: 1,
                    amount: Some(Money(*amount)),
                    reason: "own_error".to_owned(),
                    asked_by: "S002".to_owned(),
                };
                Self::refused(waive(conn, &work("S003"), &order, self.on));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_books_balance_whatever_happens(acts in prop::collection::vec((act(), 0_i64..25), 1..18)) {
        let database = sqlite().unwrap();
        let mut conn = database.store.connect().unwrap();
        open_account(&mut conn, 1);
        staff(&mut conn);
        let mut story = Story { conn, on: date(2025, 11, 3), bills: 0, payments: 0 };
        for (act, days) in &acts {
            story.on = denghuo_rules::calendar::plus_days(story.on, *days);
            story.play(act);
            check(&mut story.conn, story.on);
        }
    }

    #[test]
    fn taking_every_payment_back_restores_the_debt(amounts in prop::collection::vec(1_i64..150_000, 1..6)) {
        let database = sqlite().unwrap();
        let mut conn = database.store.connect().unwrap();
        open_account(&mut conn, 1);
        release(&mut conn, 1, 1, 100_000, "2025-09-10");
        release(&mut conn, 1, 2, 50_000, "2025-09-30");
        let on = date(2025, 9, 20);
        book_late_fees(&mut conn, &work("system"), on, EVERYBODY).unwrap();
        let before = balance(&mut conn, 1);
        for (n, amount) in amounts.iter().enumerate() {
            pay(&mut conn, &work("S001"), 1, &cash(*amount, &format!("p{n}"), on), on).unwrap();
        }
        for n in (1..=amounts.len()).rev() {
            reverse(&mut conn, &work("S001"), (1, n as i64), "", on).unwrap();
            check(&mut conn, on);
        }
        prop_assert_eq!(balance(&mut conn, 1), before);
    }
}
