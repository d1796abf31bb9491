//! Single papers: pages, sameness, copies, QR codes.

use crate::{PRESS, pages, sample};
use denghuo_papers::{Modules, STANDARD};
use serde_json::json;

#[test]
fn the_program_carries_every_file_of_the_folder() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/paper");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder of templates")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let carried: Vec<&str> = STANDARD.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, carried, "name the file in crates/papers/src/templates.rs");
}

#[test]
fn every_template_prints_its_sample_in_both_languages_and_nothing_at_all() {
    let checked = PRESS.check();
    let pages: Vec<String> = checked
        .iter()
        .map(|found| match &found.pages {
            Ok((zh, en)) => format!("{} {zh} {en}", found.template),
            Err(error) => format!("{}: {error}", found.template),
        })
        .collect();
    let expected = [
        "authority_copy 1 1",
        "bill 1 1",
        "demand 2 2",
        "e_bill 1 1",
        "estate_posting 1 1",
        "evidence_index 1 1",
        "lawyer_letter 2 2",
        "payment_order 1 2",
        "receipt 1 1",
        "restoration 1 1",
        "stop_execution 2 2",
        "stop_plan 2 2",
    ];
    assert_eq!(pages, expected);
}

#[test]
fn the_same_data_give_the_same_bytes() {
    let data = sample(&json!({}));
    let first = PRESS.pdf("stop_plan", &data).expect("a paper");
    assert!(first.starts_with(b"%PDF-"), "it is a PDF");
    assert!(first == PRESS.pdf("stop_plan", &data).expect("a paper"), "again, from the caches");
    let fresh = denghuo_papers::Press::new(None).expect("fonts");
    assert!(first == fresh.pdf("stop_plan", &data).expect("a paper"), "from another press");
    let other = sample(&json!({ "code": "N-0370000001-13" }));
    assert!(first != PRESS.pdf("stop_plan", &other).expect("a paper"), "another number is another paper");
}

#[test]
fn one_part_of_a_duplicate_is_printed_alone() {
    for (copy, expected) in [(json!(null), 2), (json!("customer"), 1), (json!("company"), 1)] {
        let pdf = PRESS.pdf("demand", &sample(&json!({ "copy": copy }))).expect("a paper");
        assert_eq!(pages(&pdf), expected, "{copy}");
    }
}

#[test]
fn a_long_list_of_bills_goes_on_overleaf() {
    let bill = |number: u32| json!({ "bill_no": number, "month": "2026-07", "due_on": "2026-08-25", "amount": "1.00", "open": "1.00" });
    let bills: Vec<_> = (1..=100).map(bill).collect();
    let pdf = PRESS.pdf("demand", &sample(&json!({ "bills": bills, "copy": "customer" }))).expect("a paper");
    assert!((3..=4).contains(&pages(&pdf)), "{}", pages(&pdf));
}

#[test]
fn fields_may_have_any_shape_and_letters() {
    let strange = json!({
        "customer": { "name": "<b>#panic(1) \\ $x$ \"甲\" 𠮷", "account_no": 370_000_001 },
        "issued_on": "soon", "deadline_on": "2026-13-40", "total": "twelve", "bills": null, "clauses": ["《条例》", {}],
        "late_fee": "none", "window": { "from": "2026-08-05" }, "served": { "refused": true, "at": "2026-08-05 10:00" },
        "copy": "nonsense", "company": null,
    });
    for template in PRESS.templates() {
        let printed = PRESS.pdf(template, &sample(&strange));
        assert!(printed.is_ok(), "{template}: {printed:?}");
    }
}

/// The QR code is read by another program's decoder from its modules.
#[test]
fn the_code_is_read_again() {
    for text in ["N-0370000001-12", "https://example.cn/n/0370000001?k=12", "电费"] {
        let modules = Modules::of(text).expect("a short text");
        let (zoom, quiet) = (4, 4);
        let side = (modules.size + 2 * quiet) * zoom;
        let is_dark = |x: usize, y: usize| {
            let module = |at: usize| (at / zoom).checked_sub(quiet).filter(|at| *at < modules.size);
            module(x).zip(module(y)).is_some_and(|(x, y)| modules.dark[y * modules.size + x])
        };
        let mut image = rqrr::PreparedImage::prepare_from_bitmap(side, side, is_dark);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1, "{text}");
        assert_eq!(grids[0].decode().expect("readable").1, text);
    }
}

#[test]
fn the_picture_has_every_dark_module_once() {
    let modules = Modules::of("N-0370000001-12").expect("a short text");
    let svg = modules.svg();
    let widths = svg.split('h').skip(1).filter_map(|run| run.split_once('v')?.0.parse::<usize>().ok());
    assert_eq!(widths.sum::<usize>(), modules.dark.iter().filter(|dark| **dark).count());
}
