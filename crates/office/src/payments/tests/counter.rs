//! Counter, prepayments, reversals, refunds, waivers, corrections, day close.

use super::*;

const DUE: &str = "2025-09-10";
const LATE: Date = date(2025, 9, 20);

/// An account with one overdue bill of 1,000 yuan: 2 yuan a day.
fn overdue(conn: &mut Conn) {
    open_account(conn, 1);
    release(conn, 1, 1, 100_000, DUE);
}

#[test]
fn a_part_payment_settles_principal_and_fee_together_and_the_fee_survives() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        overdue(&mut conn);
        let first = pay(&mut conn, &work("S001"), 1, &cash(51_000, "c1", LATE), LATE).unwrap();
        let first = receipt(first);
        assert_eq!((first.energy, first.late_fee), (Money(50_000), Money(1_000)));
        assert_eq!(balance(&mut conn, 1), (50_000, 1_000, 0));
        // Ten days later 1 yuan a day has come to it; the principal alone is not the debt.
        let later = date(2025, 9, 30);
        let fee = explain_late_fee(&mut conn, &work("S001"), (1, 1), later).unwrap();
        assert_eq!((fee.fee, fee.booked, fee.unpaid), (Money(3_000), Money(2_000), Money(1_000)));
        assert_eq!(fee.steps.iter().filter(|step| step.code == "late_fee_span").count(), 2);
        let owed = explain_balance(&mut conn, &work("S001"), 1, later).unwrap();
        assert_eq!((owed.receivable, owed.to_pay), (Money(50_000), Money(52_000)));
        let second = receipt(pay(&mut conn, &work("S001"), 1, &cash(60_000, "c2", later), later).unwrap());
        assert_eq!(
            (second.energy, second.late_fee, second.prepayment),
            (Money(50_000), Money(2_000), Money(8_000))
        );
        assert_eq!(balance(&mut conn, 1), (0, 0, 8_000));
        check(&mut conn, later);
    });
}

#[test]
fn an_id_is_posted_once_and_other_content_is_refused() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        overdue(&mut conn);
        let payment = cash(10_000, "x1", LATE);
        let first = receipt(pay(&mut conn, &work("S001"), 1, &payment, LATE).unwrap());
        let again = pay(&mut conn, &work("S002"), 1, &payment, date(2025, 9, 25)).unwrap();
        assert_eq!(again, Posted::AlreadyThere(first));
        let other = pay(&mut conn, &work("S001"), 1, &cash(10_001, "x1", LATE), LATE);
        assert_eq!(code(other), "payment.same_id_other_content");
        assert_eq!(code(pay(&mut conn, &work("S001"), 1, &cash(0, "", LATE), LATE)), "payment.not_positive");
        let future = cash(1, "", date(2025, 9, 21));
        assert_eq!(code(pay(&mut conn, &work("S001"), 1, &future, LATE)), "payment.in_the_future");
        assert_eq!(code(find_account(&mut conn, "A9")), "payment.unknown_account");
        check(&mut conn, LATE);
    });
}

#[test]
fn a_reversal_opens_the_debt_as_if_it_had_never_been_paid() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        overdue(&mut conn);
        let settled = receipt(pay(&mut conn, &work("S001"), 1, &cash(110_000, "c1", LATE), LATE).unwrap());
        assert_eq!((settled.late_fee, settled.prepayment), (Money(2_000), Money(8_000)));
        let on = date(2025, 9, 25);
        reverse(&mut conn, &work("S002"), (1, 1), "支票退票", on).unwrap();
        // 15 days at 2 yuan; the prepayment is gone with the payment.
        assert_eq!(balance(&mut conn, 1), (100_000, 3_000, 0));
        assert_eq!(code(reverse(&mut conn, &work("S002"), (1, 1), "", on)), "payment.already_reversed");
        assert_eq!(code(reverse(&mut conn, &work("S002"), (1, 2), "", on)), "payment.not_reversible");
        assert_eq!(code(reverse(&mut conn, &work("S002"), (1, 9), "", on)), "payment.unknown_payment");
        let cash_left = trial_balance(&mut conn, on, None).unwrap();
        let cash_left = cash_left.lines.iter().find(|line| line.code == LedgerAccount::Cash.word()).unwrap();
        assert_eq!(cash_left.balance, Money::ZERO);
        check(&mut conn, on);
    });
}

#[test]
fn a_prepayment_pays_the_next_bill_and_its_payment_can_still_be_taken_back() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        open_account(&mut conn, 1);
        let early = date(2025, 9, 1);
        pay(&mut conn, &work("S001"), 1, &cash(30_000, "p1", early), early).unwrap();
        pay(&mut conn, &work("S001"), 1, &cash(30_000, "p2", early), early).unwrap();
        release(&mut conn, 1, 1, 40_000, DUE);
        let on = date(2025, 9, 4);
        let counts = apply_prepayments(&mut conn, &work("system"), on, EVERYBODY).unwrap();
        assert_eq!((counts.due, counts.done, counts.amount_fen), (1, 1, 40_000));
        assert_eq!(balance(&mut conn, 1), (0, 0, 20_000));
        let again = apply_prepayments(&mut conn, &work("system"), on, EVERYBODY).unwrap();
        assert_eq!((again.due, again.amount_fen), (0, 0));
        check(&mut conn, on);
        reverse(&mut conn, &work("S001"), (1, 1), "", on).unwrap();
        assert_eq!(balance(&mut conn, 1), (30_000, 0, 20_000));
        check(&mut conn, on);
        apply_prepayments(&mut conn, &work("system"), on, EVERYBODY).unwrap();
        assert_eq!(balance(&mut conn, 1), (10_000, 0, 0));
        check(&mut conn, on);
    });
}

#[test]
fn a_refund_needs_two_persons_and_blocks_the_reversal() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        open_account(&mut conn, 1);
        staff(&mut conn);
        pay(&mut conn, &work("S001"), 1, &cash(30_000, "p1", LATE), LATE).unwrap();
        let order = |amount, asked_by: &str| RefundOrder {
            account_id: 1,
            amount: Money(amount),
            channel: Channel::Transfer,
            reason: "销户".to_owned(),
            asked_by: asked_by.to_owned(),
        };
        assert_eq!(code(refund(&mut conn, &work("S002"), &order(1, "S002"), LATE)), "refund.one_person");
        assert_eq!(
            code(refund(&mut conn, &work("S002"), &order(30_001, "S001"), LATE)),
            "refund.more_than_prepaid"
        );
        let made = refund(&mut conn, &work("S002"), &order(10_000, "S001"), LATE).unwrap();
        assert_eq!(made.refund_no, 1);
        assert_eq!(balance(&mut conn, 1), (0, 0, 20_000));
        assert_eq!(code(reverse(&mut conn, &work("S002"), (1, 1), "", LATE)), "payment.refunded");
        check(&mut conn, LATE);
    });
}

#[test]
fn month_end_books_the_running_fee_once_and_a_late_bank_day_sets_it_right() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        overdue(&mut conn);
        let end = date(2025, 9, 30);
        assert!(crate::collections::late_fee_ranges(&mut conn, LATE, 100).unwrap().is_empty());
        assert_eq!(
            crate::collections::late_fee_ranges(&mut conn, end, 100).unwrap(),
            [Range { from: 1, to: 1 }]
        );
        for expect in [4_000, 0] {
            let counts = book_late_fees(&mut conn, &work("system"), end, EVERYBODY).unwrap();
            assert_eq!(counts.amount_fen, expect);
        }
        check(&mut conn, end);
        // Paid on the 15th, told by the bank in October: only five days are owed.
        let told = date(2025, 10, 8);
        let mut payment = cash(101_000, "b1", date(2025, 9, 15));
        payment.channel = Channel::Bank;
        let paid = receipt(pay(&mut conn, &work("S001"), 1, &payment, told).unwrap());
        assert_eq!(
            (paid.late_fee, paid.prepayment, paid.still_owed),
            (Money(1_000), Money::ZERO, Money::ZERO)
        );
        check(&mut conn, told);
    });
}

#[test]
fn a_waiver_needs_a_listed_reason_and_a_level() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        overdue(&mut conn);
        staff(&mut conn);
        let order = |amount: Option<i64>, reason: &str| WaiveOrder {
            account_id: 1,
            bill_no: 1,
            amount: amount.map(Money),
            reason: reason.to_owned(),
            asked_by: "S001".to_owned(),
        };
        let cashier = waive(&mut conn, &work("S001"), &order(None, "own_error"), LATE);
        assert_eq!(code(cashier), "access.not_a_manager");
        let stranger = waive(&mut conn, &work("S007"), &order(None, "own_error"), LATE);
        assert_eq!(code(stranger), "access.unknown_staff");
        let station = waive(&mut conn, &work("S002"), &order(None, "disaster"), LATE);
        assert_eq!(code(station), "waiver.level_too_low");
        let refused = waive(&mut conn, &work("S002"), &order(None, "kindness"), LATE);
        assert_eq!(code(refused), "waiver.unknown_reason");
        assert_eq!(balance(&mut conn, 1), (100_000, 0, 0), "a refusal books nothing");
        let too_much = waive(&mut conn, &work("S002"), &order(Some(2_001), "own_error"), LATE);
        assert_eq!(code(too_much), "waiver.more_than_open");
        waive(&mut conn, &work("S002"), &order(Some(500), "own_error"), LATE).unwrap();
        assert_eq!(balance(&mut conn, 1), (100_000, 1_500, 0));
        waive(&mut conn, &work("S002"), &order(None, "bank_failure"), LATE).unwrap();
        assert_eq!(balance(&mut conn, 1), (100_000, 0, 0));
        check(&mut conn, LATE);
    });
}

#[test]
fn a_correction_takes_its_late_fee_with_it_and_the_rest_is_kept_for_the_customer() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        overdue(&mut conn);
        pay(&mut conn, &work("S001"), 1, &cash(51_000, "c1", LATE), LATE).unwrap();
        // 600 of the 1,000 yuan were wrong: 400 were owed, and late for ten days: 8 yuan.
        bill(&mut conn, 1, 2, 1);
        release(&mut conn, 1, 2, -60_000, "2025-09-28");
        let on = date(2025, 9, 25);
        apply_prepayments(&mut conn, &work("system"), on, EVERYBODY).unwrap();
        assert_eq!(balance(&mut conn, 1), (0, 0, 51_000 - 40_000 - 800));
        check(&mut conn, on);
        let again = apply_prepayments(&mut conn, &work("system"), on, EVERYBODY).unwrap();
        assert_eq!((again.due, again.amount_fen), (0, 0));
    });
}

#[test]
fn a_closed_day_takes_no_payment_and_the_cash_must_be_there() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        overdue(&mut conn);
        pay(&mut conn, &work("S001"), 1, &cash(10_000, "c1", LATE), LATE).unwrap();
        let short = close_day(&mut conn, &work("S009"), "S001", Some(Money(9_999)), LATE);
        assert_eq!(code(short), "close.cash_differs");
        let closed = close_day(&mut conn, &work("S009"), "S001", Some(Money(10_000)), LATE).unwrap();
        assert_eq!((closed.net, closed.already_closed), (Money(10_000), false));
        let refused = pay(&mut conn, &work("S001"), 1, &cash(1, "c2", LATE), LATE);
        assert_eq!(code(refused), "payment.day_closed");
        pay(&mut conn, &work("S002"), 1, &cash(1, "c3", LATE), LATE).unwrap();
        let whole = close_day(&mut conn, &work("S009"), "all", None, LATE).unwrap();
        assert_eq!((whole.lines.len(), whole.net), (2, Money(10_001)));
        assert!(close_day(&mut conn, &work("S009"), "all", None, LATE).unwrap().already_closed);
        let refused = pay(&mut conn, &work("S002"), 1, &cash(1, "c4", LATE), LATE);
        assert_eq!(code(refused), "payment.day_closed");
    });
}

#[test]
fn arrears_recovery_and_statement_tell_one_story() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        overdue(&mut conn);
        open_account(&mut conn, 2);
        release(&mut conn, 2, 1, 50_000, "2024-12-20");
        release(&mut conn, 2, 2, 7_000, "2025-09-28");
        let list = arrears(&mut conn, &work("S001"), LATE, OverdueFilter::default()).unwrap();
        let rows: Vec<_> =
            list.rows.iter().map(|r| (r.account_no.as_str(), r.bill_no, r.age.as_str())).collect();
        assert_eq!(rows, [("A1", 1, "current_month"), ("A2", 1, "last_year")]);
        assert_eq!((list.accounts, list.principal), (2, Money(150_000)));
        // 500 yuan: 11 days at 2‰ and 263 at 3‰ of the new year.
        assert_eq!(list.rows[1].late_fee, Money(1_100 + 39_450));
        assert_eq!(list.ageing.iter().map(|a| a.principal).sum::<Money>(), list.principal);
        let nobody = OverdueFilter { org: Some("X"), ..OverdueFilter::default() };
        assert!(arrears(&mut conn, &work("S001"), LATE, nobody).unwrap().rows.is_empty());
        pay(&mut conn, &work("S001"), 2, &cash(40_550 + 50_000, "c1", LATE), LATE).unwrap();
        let (sums, rates) = recovery(&mut conn, date(2025, 1, 1), date(2025, 12, 31)).unwrap();
        assert_eq!((sums.receivable, sums.receivable_prior_years), (Money(157_000), Money(50_000)));
        assert_eq!((sums.received, sums.received_prior_years), (Money(50_000), Money(50_000)));
        assert_eq!(rates.prior_years.unwrap().to_string(), "100.0");
        let told = statement(&mut conn, 2, "A2", date(2025, 1, 1), LATE).unwrap();
        assert_eq!((told.opening, told.closing), (Money(50_000), Money::ZERO + Money(0)));
        assert_eq!(told.opening + told.lines.iter().map(|l| l.amount).sum::<Money>(), told.closing);
    });
}

#[test]
fn two_counters_with_one_id_post_it_once() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        overdue(&mut conn);
        let posted = std::thread::scope(|scope| {
            let counters: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        let mut conn = store.connect().unwrap();
                        pay(&mut conn, &work("S001"), 1, &cash(10_000, "same", LATE), LATE).unwrap()
                    })
                })
                .collect();
            counters.into_iter().map(|counter| counter.join().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(posted.iter().filter(|posted| matches!(posted, Posted::New(_))).count(), 1);
        check(&mut conn, LATE);
    });
}

#[test]
fn a_correction_of_a_settled_bill_becomes_a_prepayment() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        overdue(&mut conn);
        pay(&mut conn, &work("S001"), 1, &cash(102_000, "c1", LATE), LATE).unwrap();
        bill(&mut conn, 1, 2, 1);
        release(&mut conn, 1, 2, -50_000, "2025-09-28");
        let on = date(2025, 9, 25);
        apply_prepayments(&mut conn, &work("system"), on, EVERYBODY).unwrap();
        // Half of the bill and half of its late fee of 20 yuan.
        assert_eq!(balance(&mut conn, 1), (0, 0, 51_000));
        check(&mut conn, on);
    });
}
