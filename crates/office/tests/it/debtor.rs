//! 欠费者的一生: one debtor on one clock, from the first notice to the suit, and ten other lives.

mod lives;
mod random;
pub mod world;

use super::world::work;
use denghuo_office::legal::{CaseStep, case_approve, case_step};
use denghuo_rules::notices::NoticeKind;
use denghuo_store::testing::on_each_engine;
use jiff::civil::date;
use world::{Company, DEBTOR, HOME};

/// Never pays: noticed, demanded, cut off by the clause, written to by a lawyer, sued.
#[test]
fn from_the_first_notice_to_the_suit() {
    on_each_engine(|store| {
        let mut company = Company::with(store, &HOME);
        company.cut_off();
        company.live_to(date(2026, 4, 20));
        let conn = &mut company.conn;
        case_approve(conn, &work("S003"), (DEBTOR, 1), Some("某律师事务所"), date(2026, 4, 20))
            .expect("a letter");
        company.live_to(date(2026, 4, 22));
        company.hand_over(NoticeKind::LawyerLetter);
        company.live_to(date(2026, 5, 6));
        let conn = &mut company.conn;
        case_approve(conn, &work("S003"), (DEBTOR, 2), Some("某律师事务所"), date(2026, 5, 6))
            .expect("a suit");
        let steps =
            [("filed", date(2026, 5, 12)), ("accepted", date(2026, 5, 18)), ("decided", date(2026, 6, 24))];
        for (kind, happened_on) in steps {
            company.live_to(happened_on);
            let step = CaseStep {
                kind: kind.to_owned(),
                happened_on,
                court: Some("县人民法院".to_owned()),
                ..CaseStep::default()
            };
            case_step(&mut company.conn, &work("S003"), (DEBTOR, 2), &step, happened_on).expect("a step");
        }
        company.live_to(date(2026, 6, 30));
        insta::assert_snapshot!("from_the_first_notice_to_the_suit", company.timeline());
        company.proven();
    });
}
