//! Many papers: in order, complete, and one bad paper does not stop the run.

use crate::{PRESS, pages, sample};
use denghuo_papers::PaperError;
use serde_json::json;

fn numbered(count: usize) -> Vec<String> {
    (0..count)
        .map(|number| sample(&json!({ "code": format!("N-{number:06}"), "copy": "customer" })))
        .collect()
}

#[test]
fn each_paper_of_a_run_is_the_paper_alone() {
    let mut data = numbered(90);
    data[70] = "{".to_owned();
    let mut next = 0;
    PRESS
        .each("demand", &data, |at, paper| {
            assert_eq!(at, next, "in order");
            next += 1;
            match paper {
                Ok(pdf) if at % 30 == 0 => {
                    assert!(pdf == PRESS.pdf("demand", &data[at]).expect("alone"), "{at}");
                }
                Ok(_) => assert_ne!(at, 70),
                Err(error) => assert_eq!((at, error.code()), (70, "papers.data_wrong")),
            }
            Ok(())
        })
        .expect("the run");
    assert_eq!(next, 90);
}

#[test]
fn a_run_ends_when_the_taker_cannot_go_on() {
    let full = || PaperError::Write(std::io::Error::other("the disk is full"));
    let mut taken = 0;
    let ended = PRESS.each("receipt", &numbered(3), |_, _| {
        taken += 1;
        Err(full())
    });
    assert_eq!((ended.expect_err("ended").code(), taken), ("papers.unwritable", 1));
}

#[test]
fn a_print_run_is_one_file_with_all_pages() {
    let mut data = numbered(300);
    data[7] = sample(&json!({ "copy": null, "code": "N-7" }));
    data[130] = "[]".to_owned();
    let mut file = Vec::new();
    let mut heard = Vec::new();
    let run = PRESS.joined("demand", &data, &mut file, |behind| heard.push(behind)).expect("the run");
    assert_eq!((run.papers, run.pages), (299, 300), "one has two pages, one is left out");
    assert_eq!(
        run.failed.iter().map(|(at, error)| (*at, error.code())).collect::<Vec<_>>(),
        [(130, "papers.data_wrong")]
    );
    assert_eq!(heard.last(), Some(&300));
    assert_eq!(pages(&file), 300);
    let mut again = Vec::new();
    PRESS.joined("demand", &data, &mut again, |_| ()).expect("the run");
    assert!(file == again, "the same data give the same file");
}

#[test]
fn a_paper_that_its_template_refuses_is_left_out_and_named() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join("strict.typ"),
        "#let paper(d) = {\npagebreak(weak: true)\n[#d.must]\n}",
    )
    .expect("a file");
    let press = denghuo_papers::Press::new(Some(folder.path())).expect("a press");
    let data = ["{\"must\":\"a\"}", "{}", "{\"must\":\"b\"}"];
    let mut file = Vec::new();
    let run = press.joined("strict", &data, &mut file, |_| ()).expect("the run");
    assert_eq!((run.papers, pages(&file)), (2, 2));
    assert!(run.failed[0].0 == 1 && run.failed[0].1.to_string().contains("strict.typ:3"), "{:?}", run.failed);
}

#[test]
fn an_empty_run_is_an_empty_file_of_pages() {
    let mut file = Vec::new();
    let run = PRESS.joined::<String>("demand", &[], &mut file, |_| ()).expect("the run");
    assert_eq!((run.papers, run.pages, pages(&file)), (0, 0, 0));
    assert!(PRESS.joined::<String>("nothing", &[], &mut Vec::new(), |_| ()).is_err());
}
