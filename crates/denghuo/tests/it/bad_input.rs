//! 坏数据: every kind of bad input ends with a clear error on standard error, an exit code other than 0, and nothing kept.

use crate::site::Site;
use denghuo_store::testing::first_difference;

/// A company with one of everything: account 3700000001 on meter 3730001000000012345678 since 2020.
fn company() -> Site {
    let site = Site::new();
    site.ok(&["import", "--template", "all", "-o", "company.xlsx"]);
    site.ok(&["import", "--workbook", "company.xlsx", "--date", "2026-08-01"]);
    site
}

/// Hands a file in: it is refused with each of the words on standard error, nothing on standard output and nothing kept.
fn refused(site: &Site, (name, content): (&str, &[u8]), args: &[&str], words: &[&str]) {
    site.write(name, content);
    let before = site.contents();
    let args = [args, &["--lang", "en", "--date", "2026-08-05"]].concat();
    let (ok, out, err) = site.run(&args);
    assert!(!ok && out.is_empty(), "{args:?}: {out}{err}");
    for word in words {
        assert!(err.contains(word), "{args:?}: no {word:?} in\n{err}");
    }
    assert!(err.len() < 3000 && !err.contains("panicked"), "{err}");
    if let Some(kept) = first_difference(&before, &site.contents()) {
        panic!("{args:?} kept something: {kept}");
    }
}

const READINGS: &[&str] = &["import", "r.csv", "--kind", "readings"];

/// Rows of a file of readings below its heading, and what is told of them.
const BAD_READINGS: &[(&str, &[&str])] = &[
    ("3799999999,2026-08-01,5", &["line 2", "account_no [3799999999]", "no account has this number"]),
    ("3700000001,2026-08-01,-5", &["line 2", "total [-5]", "must not be negative"]),
    ("3700000001,2026-08-01,12a", &["line 2", "total [12a]", "number"]),
    ("3700000001,2026-08-01,", &["line 2", "total", "empty"]),
    ("3700000001,2026-08-01,NaN", &["line 2", "total [NaN]", "number"]),
    ("3700000001,2026-08-01,１２", &["line 2", "total [１２]"]),
    ("3700000001,2026-08-01,99999999999999999999", &["line 2", "total [99999999999999999999]"]),
    ("3700000001,2026-08-01,1000000", &["line 2", "total [1000000]", "digits"]),
    ("3700000001,2019-12-31,5", &["line 2", "read_on [2019-12-31]", "2020-01-01"]),
    ("3700000001,1900-01-01,5", &["line 2", "read_on [1900-01-01]", "must lie between"]),
    ("3700000001,2999-01-01,5", &["line 2", "read_on [2999-01-01]", "must lie between"]),
    ("3700000001,2026-02-30,5", &["line 2", "read_on [2026-02-30]"]),
    ("3700000001,2026-08-06,5", &["line 2", "read_on [2026-08-06]"]),
    ("3700000001,2026-08-01,5\n3700000001,2026-08-01,6", &["line 3", "line 2"]),
    ("3700000001,2026-08-01,5\n\"3700000001,2026-08-02,6", &["line 3"]),
    ("3700000001,2026-08-01,5,9", &["line 2", "4"]),
    ("3700000001,2026-08-01", &["line 2"]),
];

#[test]
fn a_bad_reading_is_told_with_its_line_and_column() {
    let site = company();
    for (rows, words) in BAD_READINGS {
        let text = format!("account_no,read_on,total\n{rows}\n");
        refused(&site, ("r.csv", text.as_bytes()), READINGS, words);
        let good_beside = format!("account_no,read_on,total\n3700000001,2026-08-03,7\n{rows}\n");
        refused(&site, ("r.csv", good_beside.as_bytes()), READINGS, &[]);
    }
}

#[test]
fn another_value_for_a_reading_that_is_there_is_refused() {
    let site = company();
    site.write("first.csv", "account_no,read_on,total\n3700000001,2026-08-01,12.5\n");
    site.ok(&["import", "first.csv", "--kind", "readings", "--date", "2026-08-05"]);
    let other = b"account_no,read_on,total\n3700000001,2026-08-01,12.6\n";
    let words = ["line 2", "total [12.6", "12.5"];
    refused(&site, ("r.csv", other), READINGS, &words);
    refused(
        &site,
        ("first.csv", other),
        &["import", "first.csv", "--kind", "readings"],
        &["first.csv", "other content"],
    );
    site.write(
        "again.csv",
        "account_no,read_on,total\n3700000001,2026-08-01,12.50\n3700000001,2026-08-02,13\n",
    );
    assert!(
        site.ok(&["import", "again.csv", "--kind", "readings", "--date", "2026-08-05", "--json"])
            .contains("\"readings\":1")
    );
}

#[test]
fn two_files_with_one_id_are_refused_when_they_differ() {
    let site = company();
    site.write("staff.csv", "code,org,role,from\nS101,37407,cashier,2020-01-01\n");
    site.ok(&["import", "staff.csv", "--kind", "staff", "--date", "2026-08-05"]);
    let other = b"code,org,role,from\nS102,37407,cashier,2020-01-01\n";
    refused(&site, ("staff.csv", other), &["import", "staff.csv", "--kind", "staff"], &["other content"]);
    let bank = "external_id,account_no,amount,value_on\nT1,3700000001,10,2026-08-04\n";
    site.write("b.csv", bank);
    let import = ["bank", "import", "b.csv", "--by", "S101"];
    site.ok(&[import.as_slice(), &["--date", "2026-08-05"]].concat());
    let words = ["b.csv", "other content"];
    refused(&site, ("b.csv", bank.replace("10,", "11,").as_bytes()), &import, &words);
    let same_id = [("c.csv", "T1,3700000001,11,2026-08-04"), ("d.csv", "T1,3799999999,10,2026-08-04")];
    for (name, row) in same_id {
        let text = format!("external_id,account_no,amount,value_on\n{row}\n");
        let import = ["bank", "import", name, "--by", "S101"];
        refused(&site, (name, text.as_bytes()), &import, &["line 2", "external_id [T1]"]);
    }
}

#[test]
fn gb18030_is_read_and_other_encodings_are_refused() {
    let site = company();
    // 户号,抄表日,有功总 in GB18030.
    let heading = b"\xbb\xa7\xba\xc5,\xb3\xad\xb1\xed\xc8\xd5,\xd3\xd0\xb9\xa6\xd7\xdc\n";
    let file = [heading.as_slice(), b"3700000001,2026-08-01,12.5\n"].concat();
    site.write("gb.csv", &file);
    assert!(
        site.ok(&["import", "gb.csv", "--kind", "readings", "--date", "2026-08-05", "--json"])
            .contains("\"readings\":1")
    );
    let broken = b"account_no,read_on,total,source\n3700000001,2026-08-02,12.5,\xff\xff\n";
    refused(&site, ("r.csv", broken), READINGS, &["UTF-8", "GB18030"]);
    refused(&site, ("r.csv", b"\x00\x01\x02"), READINGS, &[]);
    refused(&site, ("r.csv", b""), READINGS, &[]);
    refused(&site, ("r.xlsx", b"PK\x03\x04broken"), &["import", "r.xlsx", "--kind", "readings"], &[]);
}

#[test]
fn a_row_of_a_thousand_columns_is_refused_in_few_words() {
    let site = company();
    let wide = format!("account_no,read_on,total{}\n", ",x".repeat(1000));
    refused(&site, ("r.csv", wide.as_bytes()), READINGS, &["columns"]);
    let row = format!("account_no,read_on,total\n3700000001,2026-08-01,5{}\n", ",6".repeat(997));
    refused(&site, ("r.csv", row.as_bytes()), READINGS, &["line 2", "1000"]);
}

#[test]
fn dates_of_other_centuries_are_refused_everywhere() {
    let site = company();
    for day in ["1900-01-01", "2999-12-31"] {
        let staff = format!("code,org,role,from\nS9,37407,cashier,{day}\n");
        let import = ["import", "s.csv", "--kind", "staff"];
        refused(&site, ("s.csv", staff.as_bytes()), &import, &["line 2", &format!("from [{day}]")]);
        let bank = format!("external_id,account_no,amount,value_on\nT1,3700000001,10,{day}\n");
        let import = ["bank", "import", "b.csv", "--by", "S001"];
        refused(&site, ("b.csv", bank.as_bytes()), &import, &["line 2", &format!("value_on [{day}]")]);
    }
    let before = site.contents();
    let days: [&[&str]; 6] = [
        &["day", "--date", "1900-01-01"],
        &["day", "--date", "2999-01-01"],
        &["pay", "3700000001", "10", "--by", "S001", "--date", "2999-01-01"],
        &["pay", "3700000001", "10", "--by", "S001", "--date", "1900-01-01"],
        &["pay", "3700000001", "10", "--by", "S001", "--date", "2026-08-05", "--paid-on", "1900-01-01"],
        &["close", "--by", "S001", "--date", "2999-01-01"],
    ];
    for args in days {
        let (ok, out, err) = site.run(args);
        assert!(!ok && out.is_empty() && !err.is_empty(), "{args:?}: {out}{err}");
        if let Some(kept) = first_difference(&before, &site.contents()) {
            panic!("{args:?} kept something: {kept}");
        }
    }
}

#[test]
fn amounts_that_are_none_are_refused_at_the_counter() {
    let site = company();
    let before = site.contents();
    for amount in ["-5", "0", "1.234", "abc", "99999999999999999999", "1e3", ""] {
        let (ok, out, err) = site.run(&["pay", "3700000001", amount, "--by", "S001", "--date", "2026-08-05"]);
        assert!(!ok && out.is_empty() && !err.contains("panicked"), "{amount}: {out}{err}");
    }
    let (ok, _, err) = site.run(&["pay", "3799999999", "5", "--by", "S001", "--date", "2026-08-05"]);
    assert!(!ok && err.contains("3799999999"), "{err}");
    assert_eq!(first_difference(&before, &site.contents()), None);
}

#[test]
fn a_database_that_is_none_is_told() {
    let site = Site::new();
    site.write("site.db", "this is a letter and not a database, however long it may become in the end");
    for url in [site.db(), "mysql://x", "postgres://denghuo@127.0.0.1:1/none"] {
        let (ok, _, err) = Site::at(url).run(&["verify"]);
        assert!(!ok && err.contains(url) && !err.contains("panicked"), "{err}");
    }
}
