//! The words of every notice in both languages.

use super::message::{EMBEDDED, Templates};
use denghuo_rules::notices::NoticeKind;
use serde_json::{Value, json};
use std::fmt::Write as _;

fn data(kind: NoticeKind) -> Value {
    let mut data = json!({
        "code": "N-0370000001-12",
        "company": { "name": "样例市供电公司", "phone": "95598" },
        "customer": { "name": "甲", "account_no": "0370000001", "address": "样例小区3号楼501室" },
        "issued_on": "2026-08-05", "deadline_on": "2026-08-15", "month": "2026-07", "kwh": "285",
        "period": { "from": "2026-07-01", "to": "2026-07-31" },
        "amount": "159.62", "to_pay": "159.62", "total": "331.27", "in_favour": false,
        "bills": [
            { "bill_no": 2, "month": "2026-06", "due_on": "2026-07-25", "amount": "123.45", "open": "123.45", "late_fee": "1.36" },
            { "bill_no": 3, "month": "2026-07", "due_on": "2026-08-25", "amount": "207.82", "open": "207.82" },
        ],
        "late_fee": { "total": "3.34", "method_zh": "每日1‰,按日累加,不计复利。", "method_en": "1‰ a day, simple." },
        "clauses": [{ "zh": "《电力供应与使用条例》(国务院令第196号)第39条", "en": "《电力供应与使用条例》(国务院令第196号), art. 39" }],
        "how_to_pay_zh": "营业厅缴纳。", "how_to_pay_en": "At the counter.",
        "how_to_object_zh": "拨打95598。", "how_to_object_en": "Call 95598.",
        "window": { "from": "2026-08-12", "to": "2026-08-16" }, "cut_at": "2026-08-12 10:00",
        "restore_by": "2026-08-14 15:00",
        "payment": { "at": "2026-08-13", "channel_zh": "现金", "channel_en": "cash", "amount": "334.61", "balance": "0.00" },
    });
    if kind == NoticeKind::Bill {
        data["late_fee"]["total"] = Value::Null;
    }
    data
}

#[test]
fn every_notice_has_its_words_in_both_languages() {
    let templates = Templates::embedded().unwrap();
    assert_eq!(EMBEDDED.len(), 2 * NoticeKind::ALL.len());
    for lang in ["zh", "en"] {
        let mut all = String::new();
        // The words of a campaign are its own.
        for kind in NoticeKind::ALL.iter().filter(|kind| **kind != NoticeKind::Campaign) {
            for section in ["sms", "subject", "email", "phone"] {
                let text = templates.text(*kind, lang, section, &data(*kind)).unwrap();
                assert!(!text.is_empty() && !text.contains("{{"), "{kind:?} {section}");
                let _ = writeln!(all, "--- {} {section}\n{text}\n", kind.word());
            }
        }
        insta::assert_snapshot!(format!("messages_{lang}"), all);
    }
}

#[test]
fn a_bill_says_what_is_to_be_paid_and_what_is_given_back() {
    let templates = Templates::embedded().unwrap();
    let said = |changes: Value| {
        let mut data = data(NoticeKind::Bill);
        for (key, value) in changes.as_object().unwrap() {
            data[key] = value.clone();
        }
        templates.text(NoticeKind::Bill, "zh", "sms", &data).unwrap()
    };
    let cases = [
        (json!({}), "电费159.62元,请于2026-08-15前缴纳"),
        (json!({ "to_pay": "0.00" }), "电费159.62元,已由余额付清"),
        (
            json!({ "amount": "-5.00", "to_pay": "0.00", "in_favour": true }),
            "电费更正,退5.00元,已计入您的账户",
        ),
    ];
    for (changes, expected) in cases {
        let text = said(changes.clone());
        assert!(text.contains(expected), "{changes}: {text}");
    }
}

#[test]
fn a_site_lays_its_own_words_over() {
    let own = "=== sms\n{{ code }}!\n=== subject\ns\n=== email\ne\n=== phone\np\n";
    let templates = Templates::with_site(&[("demand.zh.txt".to_owned(), own.to_owned())]).unwrap();
    let text = templates.text(NoticeKind::Demand, "zh", "sms", &data(NoticeKind::Demand)).unwrap();
    assert_eq!(text, "N-0370000001-12!");
    let cut = Templates::with_site(&[("demand.zh.txt".to_owned(), "=== sms\nx\n".to_owned())]);
    assert_eq!(cut.err().and_then(|error| error.code()), Some("notice.bad_template"));
    let broken = own.replace("code }}", "code");
    let broken = Templates::with_site(&[("demand.zh.txt".to_owned(), broken)]);
    assert_eq!(broken.err().and_then(|error| error.code()), Some("notice.bad_template"));
}
