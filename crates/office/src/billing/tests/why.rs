//! Why a bill is higher than the one before it, on both databases.

use super::*;
use crate::billing::{Earlier, WhyBill, why_bill};

/// What is compared and why, as text.
fn told(why: &WhyBill) -> Vec<String> {
    let beside = why.beside.iter().flat_map(|beside| {
        let head = format!("{:?} {}: {}", beside.earlier, beside.bill_no, beside.comparison.change);
        let effects = beside.comparison.effects.iter().map(|e| format!("{} {}", e.cause.word(), e.amount));
        std::iter::once(head).chain(effects)
    });
    beside.collect()
}

fn notes(why: &WhyBill) -> Vec<&str> {
    why.notes.iter().map(|note| note.code.as_str()).collect()
}

#[test]
fn a_bill_is_compared_as_it_stands_after_its_corrections() {
    let book = Rulebook::embedded();
    on_each_engine(|store| {
        let mut conn = home(store, &book);
        let first = why_bill(&mut conn, (1, 1)).unwrap();
        assert_eq!((told(&first), first.amount), (Vec::new(), yuan("82.04")), "nothing was billed before");
        let same = why_bill(&mut conn, (1, 2)).unwrap();
        assert_eq!(told(&same), ["Previous 1: 0.00"], "150 kWh in 31 days, twice");
        assert_eq!(notes(&same), ["used_before", "last_reading"]);
        let shown = Shown {
            installation_no: 1,
            source: Source::Field,
            registers: RegisterSet::total_only(AUGUST, Energy::kwh(320)),
        };
        reading_correct(&mut conn, &by("S001", &book), 1, &[shown], "抄错", SEPTEMBER).unwrap();
        bill_rebill(&mut conn, &by("S002", &book), SEPTEMBER, (1, 1), "抄错").unwrap();
        let waiting = why_bill(&mut conn, (1, 2)).unwrap();
        assert_eq!(told(&waiting), ["Previous 1: 0.00"], "corrections that wait do not count");
        for bill_no in [3, 4] {
            pending_approve(&mut conn, &by("S003", &book), SEPTEMBER, (1, bill_no), true, "核对").unwrap();
        }
        day(store, &book, date(2026, 9, 11));
        let corrected = why_bill(&mut conn, (1, 2)).unwrap();
        assert_eq!(told(&corrected), ["Previous 1: 32.81", "use 32.81"], "180 kWh beside 120");
        assert_eq!(notes(&corrected), ["used_before", "last_reading", "corrected"]);
        assert_eq!(why_bill(&mut conn, (1, 4)).unwrap(), corrected, "asked by its correction");
        assert_eq!(why_bill(&mut conn, (1, 9)).unwrap_err().code(), Some("bill.unknown"));
    });
}

#[test]
fn an_estimate_and_an_open_doubt_are_told() {
    let book = Rulebook::embedded();
    on_each_engine(|store| {
        let mut conn = estimated(store, &book);
        assert!(notes(&why_bill(&mut conn, (1, 1)).unwrap()).contains(&"provisional"));
        // 100 kWh were estimated; 340 in the next month are many.
        read(&mut conn, &[(1, SEPTEMBER, 640)]);
        day(store, &book, SEPTEMBER);
        let after = why_bill(&mut conn, (1, 2)).unwrap();
        assert_eq!(after.beside.first().map(|beside| beside.earlier), Some(Earlier::Previous));
        assert!(notes(&after).contains(&"settles_provisional"), "{:?}", after.notes);
    });
}

#[test]
fn what_is_not_metered_or_was_taken_back_is_not_compared() {
    let book = Rulebook::embedded();
    on_each_engine(|store| {
        let mut conn = home(store, &book);
        bill_cancel(&mut conn, &by("S001", &book), SEPTEMBER, (1, 2), "重算").unwrap();
        assert_eq!(told(&why_bill(&mut conn, (1, 2)).unwrap()), ["Previous 1: 0.00"], "it waits");
        pending_approve(&mut conn, &by("S002", &book), SEPTEMBER, (1, 3), true, "核对").unwrap();
        day(store, &book, date(2026, 9, 11));
        let taken_back = why_bill(&mut conn, (1, 2)).unwrap();
        assert_eq!((told(&taken_back), notes(&taken_back)), (Vec::new(), vec!["cancelled"]));
        assert_eq!(why_bill(&mut conn, (1, 3)).unwrap_err().code(), Some("why.not_metered"));
    });
}
