//! Sentences of tasks in both languages.

use super::{NewTask, of_account, open};
use crate::testing::on_each_engine;
use denghuo_rules::derivation::Bilingual;
use jiff::civil::date;

#[test]
fn a_task_tells_both_languages_and_one_of_before_its_only_one() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        let task = |subject: &str| NewTask {
            account_id: 1,
            kind: "dunning",
            subject: subject.to_owned(),
            codes: "phone_call".to_owned(),
            detail: Bilingual::new("账单1:电话催收", "bill 1: phone call"),
            owner_role: "collector",
            opened_on: date(2026, 3, 10),
            due_on: None,
        };
        open(&mut conn, &[task("a"), task("b")]).unwrap();
        conn.execute("UPDATE task SET detail_en = '' WHERE subject = 'b'", &[]).unwrap();
        let told: Vec<_> = of_account(&mut conn, 1).unwrap().into_iter().map(|task| task.detail.en).collect();
        assert_eq!(told, ["bill 1: phone call", "账单1:电话催收"]);
    });
}
