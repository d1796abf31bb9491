//! Bad input line by line, encodings, separators and workbooks.

use super::*;
use denghuo_rules::registry::Category;
use proptest::prelude::*;

const SAMPLE: Format = Format {
    kind: "samples",
    zh: "样例",
    about_zh: "样例",
    about_en: "Samples",
    columns: &[
        Column::required("code", "编号", Form::Code(12), "0001"),
        Column::required("name", "名称", Form::Text(10), "第一,户"),
        Column::optional("since", "日期", Form::Date, "2025-01-31"),
        Column::optional(
            "amount",
            "金额",
            Form::Decimal { scale: 2, min: 0, max: 1_000_000, unit: "元" },
            "12.50",
        ),
        Column::optional("count", "数量", Form::Whole(1, 9), "3"),
        Column::optional("category", "类别", crate::word_form!(Category), "居民生活"),
        Column::optional("active", "有效", Form::Flag, "是"),
        Column::optional("phone", "电话", Form::Phone, "0536-7211234"),
        Column::optional("email", "邮箱", Form::Email, "a@b.cn"),
        Column::optional("at", "时刻", Form::Moment, "2025-01-31 08:30:00"),
    ],
};

fn source(bytes: impl Into<Vec<u8>>) -> Source {
    Source { name: "sample.csv".into(), bytes: bytes.into() }
}

/// `line column code` of everything wrong.
fn wrong(bytes: impl Into<Vec<u8>>) -> Vec<String> {
    wrong_within(bytes, Limits::default())
}

fn wrong_within(bytes: impl Into<Vec<u8>>, limits: Limits) -> Vec<String> {
    let (_, problems) = read(&SAMPLE, &source(bytes), limits, |_, _| {});
    problems
        .rows
        .iter()
        .map(|e| format!("{} {} {}", e.line, e.column, e.code.trim_start_matches("import.")))
        .collect()
}

fn codes_and_names(bytes: impl Into<Vec<u8>>) -> Vec<(String, String)> {
    let rows = gather(&SAMPLE, &source(bytes), Limits::default(), |r| {
        Ok((r.text("code").to_owned(), r.text("name").to_owned()))
    });
    rows.unwrap().into_iter().map(|(_, row)| row).collect()
}

#[test]
fn every_bad_cell_is_told_with_its_line_and_column() {
    let cases = [
        ("code,name,since\n1,a,1900-01-01", "2 since date_out_of_range"),
        ("code,name,since\n1,a,2999-01-01", "2 since date_out_of_range"),
        ("code,name,since\n1,a,2100-01-01", "2 since date_out_of_range"),
        ("code,name,since\n1,a,2025-02-30", "2 since bad_date"),
        ("code,name,since\n1,a,45678", "2 since bad_date"),
        ("code,name,since\n1,a,25-1-3", "2 since bad_date"),
        ("code,name,amount\n1,a,-1", "2 amount negative"),
        ("code,name,amount\n1,a,1.234", "2 amount too_many_decimals"),
        ("code,name,amount\n1,a,x", "2 amount not_a_number"),
        ("code,name,amount\n1,a,1e3", "2 amount not_a_number"),
        ("code,name,amount\n1,a,99999", "2 amount out_of_range"),
        ("code,name,amount\n1,a,99999999999999999999", "2 amount out_of_range"),
        ("code,name,count\n1,a,2.5", "2 count not_whole"),
        ("code,name,count\n1,a,0", "2 count out_of_range"),
        ("code,name,category\n1,a,home", "2 category unknown_word"),
        ("code,name,active\n1,a,maybe", "2 active not_yes_or_no"),
        ("code,name,phone\n1,a,1234", "2 phone bad_phone"),
        ("code,name,phone\n1,a,1380000000", "2 phone bad_phone"),
        ("code,name,email\n1,a,a@b", "2 email bad_email"),
        ("code,name,email\n1,a,a b@c.cn", "2 email bad_email"),
        ("code,name,at\n1,a,2025-01-31 25:00", "2 at bad_time"),
        ("code,name\n,a", "2 code empty_cell"),
        ("code,name\n1 2,a", "2 code bad_code"),
        ("code,name\n3.7E+11,a", "2 code digits_lost"),
        ("code,name\n1,abcdefghijk", "2 name too_long"),
        ("code,name\n1,a\u{7}", "2 name control_character"),
        ("code,name\n1,a\n\n2", "4  too_few_cells"),
        ("code,name\r\n1,a\r\n2\r\n", "3  too_few_cells"),
        ("code,name\n1,\"a\n\"\n2\n", "4  too_few_cells"),
        ("code,name\n1,a,b", "2  too_many_cells"),
        ("code,name,colour\n1,a,b", "1 colour unknown_column"),
        ("code,name,编号\n1,a,b", "1 编号 column_twice"),
        ("code\n1", "1 name missing_column"),
        ("", "0  empty"),
        ("\n\n", "0  empty"),
    ];
    for (text, expected) in cases {
        assert_eq!(wrong(text), [expected], "{text:?}");
    }
}

#[test]
fn all_bad_rows_are_told_and_the_good_ones_do_not_hide_them() {
    let text = "code,name,count,since\n1,a,0,1900-01-01\n2,b,3,2025-01-01\n3,,x,2025-01-01\n";
    assert_eq!(
        wrong(text),
        ["2 since date_out_of_range", "2 count out_of_range", "4 name empty_cell", "4 count not_a_number"]
    );
}

#[test]
fn a_thousand_columns_are_a_row_error() {
    let row = vec!["x"; 1000].join(",");
    assert_eq!(wrong(format!("code,name\n{row}\n1,a\n")), ["2  too_many_cells"]);
    let header = (0..1000).map(|n| format!("c{n}")).collect::<Vec<_>>().join(",");
    assert_eq!(wrong(format!("{header}\n")), ["1  too_many_columns"]);
}

#[test]
fn limits_are_errors() {
    let limits = Limits { rows: 2, cell_chars: 5, bytes: 10, ..Limits::default() };
    assert_eq!(wrong_within("code,name\n1,a\n2,a\n3,a\n4,a\n", limits), ["4  too_many_rows"]);
    assert_eq!(wrong_within(format!("code,name\n1,{}\n", "a".repeat(21)), limits), ["2 name too_long"]);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "code,name\n1,a\n").unwrap();
    assert_eq!(Source::open(file.path(), &limits).unwrap_err().code, "import.too_large");
}

#[test]
fn dates_are_read_as_people_write_them() {
    for text in ["2025-01-31", "2025/1/31", "2025.1.31", "20250131", "2025年1月31日", "2025-01-31 00:00:00"]
    {
        assert_eq!(date(text), Ok(jiff::civil::date(2025, 1, 31)), "{text}");
    }
}

#[test]
fn months_are_read_as_people_write_them() {
    for text in ["2026-08", "202608", "2026年8月", "2026/8"] {
        assert_eq!(Form::Month.read(text), Ok(Value::Number(202_608)), "{text}");
    }
    for text in ["2026", "2026-13", "08-2026", "1900-01", "2026-08-01"] {
        assert!(Form::Month.read(text).is_err(), "{text}");
    }
}

#[test]
fn phones_are_read_as_people_write_them() {
    for good in
        ["13805361234", "+8613805361234", "0536-7211234", "(0536)7211234", "7211234", "95598", "400-8095598"]
    {
        assert!(Form::Phone.read(good).is_ok(), "{good}");
    }
    for bad in ["12805361234", "138053612345", "0", "电话", "1380536123a"] {
        assert!(Form::Phone.read(bad).is_err(), "{bad}");
    }
}

#[test]
fn encodings_and_separators_give_the_same_rows() {
    let text = "名称,编号\n\"甲,乙\",0001\n昌邑,0002\n";
    let expected = [("0001".to_owned(), "甲,乙".to_owned()), ("0002".to_owned(), "昌邑".to_owned())];
    assert_eq!(codes_and_names(text), expected);
    assert_eq!(codes_and_names(format!("\u{feff}{text}")), expected);
    assert_eq!(codes_and_names(encoding_rs::GB18030.encode(text).0.into_owned()), expected);
    assert_eq!(codes_and_names(text.replace('\n', "\r\n")), expected);
    assert_eq!(codes_and_names("名称;编号\n甲,乙;0001\n昌邑;0002\n"), expected);
    assert_eq!(codes_and_names("名称\t编号\n甲,乙\t0001\n昌邑\t0002\n"), expected);
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(codes_and_names(utf16), expected);
}

#[test]
fn undecodable_bytes_are_told_with_their_line() {
    let mut utf8 = "编号,名称\n1,昌邑\n2,".as_bytes().to_vec();
    utf8.extend([0xE6, 0x98]);
    utf8.extend("\n3,潍坊\n".as_bytes());
    assert_eq!(wrong(utf8), ["3  not_decodable"]);
    let mut gb = encoding_rs::GB18030.encode("编号,名称\n1,昌邑\n").0.into_owned();
    gb.extend([b'2', b',', 0xFF, 0xFF, b'\n']);
    assert_eq!(wrong(gb), ["3  not_decodable"]);
    assert_eq!(wrong([0xD0, 0xCF, 0x11, 0xE0]), ["0  old_excel"]);
    assert_eq!(wrong(*b"PK\x03\x04 not a zip"), ["0  unreadable"]);
}

#[test]
fn templates_are_read_back() {
    for bytes in [csv_template(&SAMPLE), xlsx_template(&[&SAMPLE]).unwrap()] {
        let rows = gather(&SAMPLE, &source(bytes), Limits::default(), |r| {
            Ok((r.text("code").to_owned(), r.number("amount"), r.date("since"), r.moment("at")))
        });
        let day = jiff::civil::date(2025, 1, 31);
        assert_eq!(
            rows.unwrap(),
            [(2, ("0001".to_owned(), Some(1250), Some(day), Some(day.at(8, 30, 0, 0))))]
        );
    }
}

#[test]
fn workbook_cells_come_out_as_exact_text() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let day = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    let sheet = workbook.add_worksheet();
    for (at, name) in [(0, "编号"), (1, "名称"), (2, "日期"), (3, "金额"), (5, "有效")] {
        sheet.write_string(0, at, name).unwrap();
    }
    sheet.write_number(2, 0, 370_612_345_678_f64).unwrap();
    sheet.write_string(2, 1, "甲").unwrap();
    sheet.write_number_with_format(2, 2, 45688.0, &day).unwrap();
    sheet.write_number(2, 3, 0.1 + 0.2).unwrap();
    sheet.write_boolean(2, 5, true).unwrap();
    sheet.write_number(3, 0, 1e21).unwrap();
    sheet.write_string(3, 1, "乙").unwrap();
    sheet.write_string(4, 900, "far away").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let mut seen = Vec::new();
    let (rows, problems) = read(&SAMPLE, &source(bytes), Limits::default(), |r, _| {
        seen.push((r.line, r.text("code").to_owned(), r.number("amount"), r.date("since"), r.flag("active")));
    });
    let expected = (3, "370612345678".to_owned(), Some(30), Some(jiff::civil::date(2025, 1, 31)), Some(true));
    assert_eq!(seen, [expected]);
    assert_eq!(rows, 3);
    let told: Vec<_> = problems.rows.iter().map(|e| (e.line, e.code)).collect();
    assert_eq!(told, [(4, "import.digits_lost"), (5, "import.too_many_cells")]);
}

#[test]
fn errors_speak_both_languages_with_their_place() {
    use denghuo_rules::derivation::Language;
    let (_, problems) = read(&SAMPLE, &source("code,name,count\n1,a,0\n"), Limits::default(), |_, _| {});
    let error = &problems.rows[0];
    assert_eq!(error.sentence(Language::Chinese), "第2行 count列 [0]: 应在1至9之间");
    assert_eq!(error.sentence(Language::English), "line 2, column count [0]: must lie between 1 and 9");
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = wrong(bytes.clone());
        let mut behind_header = b"code,name,since,amount,at\n".to_vec();
        behind_header.extend(bytes);
        let _ = wrong(behind_header);
    }

    #[test]
    fn gb18030_text_survives(name in "[\u{4e00}-\u{9fa5}]{1,10}") {
        let text = format!("编号,名称\n0001,{name}\n");
        let rows = codes_and_names(encoding_rs::GB18030.encode(&text).0.into_owned());
        prop_assert_eq!(rows, vec![("0001".to_owned(), name)]);
    }
}
