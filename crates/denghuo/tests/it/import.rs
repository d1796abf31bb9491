//! `denghuo import` and `denghuo account`: what they print, write and how they end.

use crate::site::Site;
use std::path::Path;

#[test]
fn a_template_of_everything_becomes_a_company() {
    let site = Site::new();
    site.ok(&["import", "--template", "all", "-o", "company.xlsx"]);
    let out = site.ok(&["import", "--workbook", "company.xlsx", "--date", "2026-08-01", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(value["rows"]["accounts"], 1);
    assert!(
        site.ok(&["import", "--workbook", "company.xlsx", "--lang", "en"]).starts_with("already imported")
    );

    let masked = site.ok(&["account", "show", "3700000001"]);
    assert!(masked.contains("138****0000") && !masked.contains("13800000000"), "{masked}");
    assert!(site.ok(&["account", "show", "3700000001", "--unmask"]).contains("13800000000"));
    let found: serde_json::Value =
        serde_json::from_str(&site.ok(&["account", "find", "13800000000", "--json"])).unwrap();
    assert_eq!((&found[0]["account_no"], &found[0]["by"]), (&"3700000001".into(), &"contact".into()));
    let (ok, _, err) = site.run(&["account", "show", "42"]);
    assert!(!ok && err.contains("account.unknown"), "{err}");

    let row = "account_no,read_on,total\n3700000001,2026-08-01,12.5\n";
    std::fs::write(site.path("readings.csv"), row).unwrap();
    let args = ["import", "readings.csv", "--kind", "readings", "--date", "2026-08-01", "--json"];
    assert!(site.ok(&args).contains("\"readings\":1"));
    assert!(site.ok(&args).contains("already_imported"));
}

#[test]
fn a_wrong_file_ends_with_an_error_and_a_list() {
    let site = Site::new();
    std::fs::write(
        site.path("staff.csv"),
        "code,org,role,from\nS1,X,reader,1900-01-01\nS2,X,boss,2020-01-01\n",
    )
    .unwrap();
    let (ok, out, err) =
        site.run(&["import", "staff.csv", "--kind", "staff", "--errors-file", "--lang", "en"]);
    assert!(!ok && out.is_empty());
    assert!(err.contains("line 2, column from [1900-01-01]: the date must lie between"), "{err}");
    assert!(err.contains("2 errors in the file, nothing was loaded"), "{err}");
    let list = std::fs::read_to_string(site.path("staff.csv.errors.csv")).unwrap();
    assert_eq!(list.lines().count(), 3, "{list}");
    for (args, code) in [
        (["import", "none.csv", "--kind", "staff"].as_slice(), "import.cannot_open"),
        (&["import", "staff.csv", "--kind", "nothing"], "import.unknown_kind"),
        (&["import", "--workbook", "staff.csv"], "import.not_a_workbook"),
        (
            &["import", "--census", "staff.csv", "--as-of", "2026-01-01", "--kind", "staff"],
            "import.census_of_accounts_only",
        ),
    ] {
        let (ok, _, err) = site.run(args);
        assert!(!ok && err.contains(code), "{args:?}: {err}");
    }
}

#[test]
fn a_census_is_shown_first() {
    let site = Site::new();
    site.ok(&["import", "--template", "all", "-o", "company.xlsx"]);
    site.ok(&["import", "--workbook", "company.xlsx", "--date", "2026-08-01"]);
    let row = "3700000001,C0000001,37407,R0001,示例小区1号楼101,2020-01-01,household,6";
    let text = format!("account_no,customer,org,route,address,opened_on,category,persons\n{row}\n");
    std::fs::write(site.path("census.csv"), text).unwrap();
    let args = ["import", "--kind", "accounts", "--census", "census.csv", "--as-of", "2026-07-01"];
    assert!(site.ok(&args).contains("persons: 0 → 6"));
    let applied = site.ok(&[args.as_slice(), &["--apply", "--json"]].concat());
    assert!(applied.contains("\"applied\": true"), "{applied}");
    assert!(site.ok(&["account", "show", "3700000001"]).contains("2020-01-01 – 2026-06-30"));
}

#[test]
fn the_page_of_formats_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/import.md");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let written = Site::new().ok(&["import", "--manual"]);
    assert!(committed == written, "run `denghuo import --manual -o docs/import.md`");
}
