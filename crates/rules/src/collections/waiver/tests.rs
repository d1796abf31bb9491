use super::*;
use crate::rulebook::{Rulebook, Selector};
use jiff::civil::date;

#[test]
fn decisions_of_the_book() {
    use ApprovalLevel::{Company, Department, Team};
    let book = Rulebook::embedded();
    let here = Selector::in_jurisdictions(&["cn", "sgcc"]);
    let rule = book.pick::<WaiverRule>(TOPIC, &here, date(2026, 8, 20)).unwrap().params;
    // reason, amount, unpaid fee, asks, approves, level, answer
    let cases = [
        ("own_error", "10.00", "10.00", "S001", "S002", Team, "ok"),
        ("own_error", "0.00", "10.00", "S001", "S002", Team, "waiver.not_positive"),
        ("kindness", "10.00", "10.00", "S001", "S002", Company, "waiver.unknown_reason"),
        ("bank_failure", "10.01", "10.00", "S001", "S002", Company, "waiver.more_than_open"),
        ("bank_failure", "10.00", "10.00", "S001", "S001", Company, "waiver.one_person"),
        ("system_failure", "5000.00", "9000.00", "S001", "S002", Team, "waiver.level_too_low"),
        ("system_failure", "5000.00", "9000.00", "S001", "S002", Department, "ok"),
        ("wrong_master_data", "9000.00", "9000.00", "S001", "S002", Department, "waiver.level_too_low"),
        ("disaster", "1.00", "9000.00", "S001", "S002", Department, "waiver.level_too_low"),
        ("disaster", "1.00", "9000.00", "S001", "S002", Company, "ok"),
    ];
    for (reason, amount, open, requested_by, approved_by, level, expect) in cases {
        let request = WaiverRequest {
            reason,
            amount: amount.parse().unwrap(),
            open_fee: open.parse().unwrap(),
            requested_by,
            approved_by,
            level,
        };
        let answer = rule.decide(&request).map_or_else(|refusal| refusal.code(), |_| "ok");
        assert_eq!(answer, expect, "{reason} {amount} {level:?}");
    }
}
