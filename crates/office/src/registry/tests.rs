//! Files of the registry on both databases: what is refused, what is loaded, what a census keeps.

use super::*;
use crate::import::{Source, csv_template, xlsx_template};
use crate::work::Work;
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_store::registry as store;
use denghuo_store::testing::on_each_engine;
use denghuo_store::{Conn, Store};
use jiff::civil::{Date, date};

const ON: Date = date(2026, 8, 1);

fn csv(name: &str, text: impl Into<String>) -> Source {
    Source { name: name.to_owned(), bytes: text.into().into_bytes() }
}

/// Runs a test with a request on a fresh database of each engine.
fn on_each(test: impl Fn(&mut Conn, &Request<'_>)) {
    let book = Rulebook::embedded();
    let site = Selector::in_jurisdictions(&["cn", "sgcc", "cn-sd", "site"]);
    let work = Work { book: &book, site, by: "S001".to_owned(), now: 1_754_000_000_000 };
    let request = Request { work: &work, on: ON, batch: None };
    on_each_engine(|store: &Store| test(&mut store.connect().unwrap(), &request));
}

/// The templates of every kind: a registry with one of everything.
fn one_of_everything(conn: &mut Conn, request: &Request<'_>) {
    for format in formats() {
        let source = Source { name: format!("{}.csv", format.kind), bytes: csv_template(format) };
        let outcome = import_kind(conn, request, format.kind, &source);
        assert!(matches!(outcome, Ok(Outcome::Loaded(_))), "{}: {outcome:?}", format.kind);
    }
}

fn load(conn: &mut Conn, request: &Request<'_>, kind: &str, text: &str) -> Result<Loaded, Vec<String>> {
    let name = crate::import::Source { name: String::new(), bytes: text.as_bytes().to_vec() }.digest();
    match import_kind(conn, request, kind, &csv(&name, text)) {
        Ok(Outcome::Loaded(loaded)) => Ok(loaded),
        Err(ImportFailure::Bad(problems)) => Err(told(&problems)),
        other => panic!("{other:?}"),
    }
}

/// `line column code` of everything wrong.
fn told(problems: &crate::import::Problems) -> Vec<String> {
    let tell = |e: &crate::import::RowError| {
        let sheet = if e.sheet.is_empty() { String::new() } else { format!("{}:", e.sheet) };
        let code = e.code.rsplit('.').next().unwrap_or_default();
        format!("{sheet}{} {} {code}", e.line, e.column)
    };
    problems.rows.iter().map(tell).collect()
}

fn count(conn: &mut Conn, table: &str) -> i64 {
    conn.query_int(&format!("SELECT COUNT(*) FROM {table}"), &[]).unwrap()
}

#[test]
fn templates_make_a_registry_with_one_of_everything() {
    on_each(|conn, request| {
        one_of_everything(conn, request);
        let card = account_card(conn, "3700000001", false).unwrap();
        insta::assert_json_snapshot!("account_card", card);
        assert_eq!(count(conn, "reading"), 1);
        assert_eq!(count(conn, "import_file"), i64::try_from(formats().len()).unwrap());
        let cards = store::cards(conn, 0, 1_000, date(2026, 1, 1)).unwrap();
        assert_eq!(cards.len(), 1);
        assert!(cards[0].terms.is_some() && cards[0].contract.is_some());
        assert_eq!(cards[0].installations.len(), 1);
        assert!(store::card(conn, 1, date(2019, 12, 31)).unwrap().unwrap().terms.is_none());
    });
}

#[test]
fn a_workbook_of_every_sheet_is_loaded_in_order_and_once() {
    on_each(|conn, request| {
        let bytes = xlsx_template(&formats()).unwrap();
        let source = Source { name: "all.xlsx".to_owned(), bytes };
        let Ok(Outcome::Loaded(loaded)) = import_workbook(conn, request, &source) else {
            panic!("not loaded")
        };
        assert_eq!(loaded.rows.len(), formats().len());
        assert!(loaded.rows.iter().all(|(_, rows)| *rows == 1));
        let again = import_workbook(conn, request, &source);
        assert!(matches!(again, Ok(Outcome::AlreadyImported(_))), "{again:?}");
        let other = Source { name: "all.xlsx".to_owned(), bytes: xlsx_template(&formats()[..1]).unwrap() };
        let Err(ImportFailure::Bad(problems)) = import_workbook(conn, request, &other) else {
            panic!("not refused")
        };
        assert_eq!(told(&problems), ["0  same_name_other_content"]);
        assert_eq!(count(conn, "account"), 1);
    });
}

#[test]
fn a_wrong_sheet_takes_the_whole_workbook_back() {
    on_each(|conn, request| {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let mut sheet = |name: &str, rows: &[&[&str]]| {
            let sheet = workbook.add_worksheet().set_name(name).unwrap();
            for (r, row) in (0..).zip(rows) {
                for (c, cell) in (0..).zip(*row) {
                    sheet.write_string(r, c, *cell).unwrap();
                }
            }
        };
        sheet("staff", &[&["code", "org", "role", "from"], &["S001", "A", "抄表员", "1900-01-01"]]);
        sheet("单位", &[&["code", "name", "kind"], &["A", "公司", "company"]]);
        let bytes = workbook.save_to_buffer().unwrap();
        let result = import_workbook(conn, request, &Source { name: "w.xlsx".to_owned(), bytes });
        let Err(ImportFailure::Bad(problems)) = result else { panic!("{result:?}") };
        assert_eq!(told(&problems), ["staff:2 from date_out_of_range"]);
        assert_eq!((count(conn, "org"), count(conn, "import_file")), (0, 0));
    });
}

#[test]
fn every_bad_row_is_told() {
    on_each(|conn, request| {
        one_of_everything(conn, request);
        for (kind, text, expected) in BAD {
            let told = load(conn, request, kind, text).map(|loaded| loaded.rows);
            assert_eq!(told, Err(expected.iter().map(|e| (*e).to_owned()).collect()), "{kind}\n{text}");
        }
    });
}

const ACCOUNTS: &str = "account_no,customer,org,route,address,opened_on,category";

/// Kind, file, what is told.
const BAD: &[(&str, &str, &[&str])] = &[
    (
        "orgs",
        "code,name,kind,parent\nA,a,team,B\nB,b,team,A\n",
        &["2 parent ring_of_orgs", "3 parent ring_of_orgs"],
    ),
    ("orgs", "code,name,kind,parent\nA,a,team,A\n", &["2 parent ring_of_orgs"]),
    ("orgs", "code,name,kind,parent\nA,a,team,NONE\n", &["2 parent unknown_reference"]),
    (
        "orgs",
        "code,name,kind\n37407,a,team\nB,b,team\nB,c,team\n",
        &["2 code already_there", "4 code twice_in_file"],
    ),
    ("orgs", "code,name,kind\nB,b,club\n", &["2 kind unknown_word"]),
    (
        "staff",
        "code,org,role,from,until\nS2,37407,reader,2026-01-02,2026-01-01\n",
        &["2 until ends_before_it_begins"],
    ),
    ("staff", "code,org,role,from\nS2,X,reader,2026-01-02\n", &["2 org unknown_reference"]),
    (
        "routes",
        "code,name,org,reader,read_day,first_month\nR2,r,37407,S9,32,2026-01\n",
        &["2 read_day out_of_range"],
    ),
    (
        "routes",
        "code,name,org,reader,read_day,first_month\nR2,r,37407,S9,5,2026-01\n",
        &["2 reader unknown_reference"],
    ),
    ("customers", "code,name,kind\nC0000001,x,person\n", &["2 code already_there"]),
    ("estates", "code,name,households\nE2,x,-1\n", &["2 households negative"]),
    (
        "accounts",
        "account_no,customer,org,route,address,opened_on,category\n1,C9,37407,R9,x,2025-01-01,household\n",
        &["2 customer unknown_reference", "2 route unknown_reference"],
    ),
    (
        "accounts",
        "account_no,customer,org,route,address,opened_on,category\n3700000001,C0000001,37407,R0001,x,2025-01-01,household\n",
        &["2 account_no already_there"],
    ),
    (
        "accounts",
        "account_no,customer,org,route,address,opened_on,closed_on,terms_from,category\n\
         1,C0000001,37407,R0001,x,2025-01-02,2025-01-01,2024-01-01,household\n",
        &["2 closed_on ends_before_it_begins", "2 terms_from terms_before_opening"],
    ),
    (
        "accounts",
        "account_no,customer,org,route,address,opened_on,category,scheme,capacity_kva\n\
         1,C0000001,37407,R0001,x,2025-01-01,commercial,capacity,99\n\
         2,C0000001,37407,R0001,x,2025-01-01,household,capacity,400\n",
        &["2 scheme two_part_below_threshold", "3 scheme two_part_not_commercial"],
    ),
    (
        "accounts",
        "account_no,customer,org,route,address,opened_on,category,fixed_parts,loss_monthly_kwh,loss_no_load_kw\n\
         1,C0000001,37407,R0001,x,2025-01-01,commercial,定比:1.5:农业生产,,\n\
         2,C0000001,37407,R0001,x,2025-01-01,commercial,,300,0.5\n\
         3,C0000001,37407,R0001,x,2025-01-01,commercial,,,0.5\n",
        &[
            "2 fixed_parts bad_fixed_part",
            "3 loss_monthly_kwh two_losses",
            "4 loss_no_load_kw nameplate_incomplete",
        ],
    ),
    ("meters", "meter_no,digits\nM2,6\nM2,6\n", &["3 meter_no twice_in_file"]),
    (
        "points",
        "account_no,point_no\n3700000001,1\n3700000001,2\n3700000001,2\n9,1\n",
        &["5 account_no unknown_reference", "2 point_no already_there", "4 point_no twice_in_file"],
    ),
    (
        "contacts",
        "account_no,kind,value\n3700000001,mobile,12345\n3700000001,email,nobody\n",
        &["2 value bad_phone", "3 value bad_email"],
    ),
    ("contacts", "account_no,kind,value\n3700000001,mobile,13800000000\n", &["2 value already_there"]),
    ("flags", "account_no,importance\n9,special\n3700000001,vip\n", &["3 importance unknown_word"]),
    (
        "contracts",
        "account_no,contract_no,from,until,late_fee_clause\n3700000001,K2,2019-01-01,2020-06-01,yes\n",
        &["2 from contracts_overlap"],
    ),
    (
        "contracts",
        "account_no,contract_no,from,late_fee_clause\n3700000001,K2,2020-01-01,yes\n",
        &["2 from contracts_overlap"],
    ),
    (
        "contracts",
        "account_no,contract_no,from,late_fee_clause,due_rule,due_days,instalments\n\
         3700000001,K2,2026-01-01,yes,固定日,,\n\
         3700000001,K3,2026-01-01,yes,fixed_day,40,\n\
         3700000001,K4,2026-01-01,yes,,,10:0.3;20:0.3\n",
        &["2 due_days due_days_missing", "3 due_days no_such_day", "4 instalments bad_instalments"],
    ),
    (
        "installations",
        "account_no,meter_no,installed_on,opening_total\n3700000001,3730001000000012345678,2021-01-01,0\n",
        &["2 meter_no meter_installed_twice"],
    ),
    (
        "installations",
        "account_no,meter_no,installed_on,opening_total,ct\n3700000001,M9,2021-01-01,0,30\n",
        &["2 ct bad_ratio"],
    ),
    (
        "installations",
        "account_no,meter_no,installed_on,opening_total\n3700000001,M9,2021-01-01,0\n3700000001,M9,2021-01-01,-5\n",
        &["3 opening_total negative"],
    ),
    (
        "installations",
        "account_no,meter_no,installed_on,removed_on,opening_total\n3700000001,M9,2021-01-01,2022-01-01,0\n",
        &["2 closing_total removal_incomplete"],
    ),
    (
        "installations",
        "account_no,meter_no,installed_on,opening_total\n3700000001,M9,2021-01-01,0\n",
        &["2 meter_no unknown_reference"],
    ),
];

#[test]
fn meters_hang_at_one_place_at_a_time() {
    on_each(|conn, request| {
        one_of_everything(conn, request);
        load(conn, request, "meters", "meter_no,digits\nM1,6\nM2,5\n").unwrap();
        let more = format!("{ACCOUNTS}\n2,C0000001,37407,R0001,x,2021-01-01,household\n");
        load(conn, request, "accounts", &more).unwrap();
        let head = "account_no,meter_no,installed_on,removed_on,opening_total,closing_total,ct,pt";
        let cases: [(&str, &[&str]); 5] = [
            ("2,M1,2020-01-01,,0,,,", &["2 installed_on installed_before_opening"]),
            ("2,M1,2021-01-01,2021-06-01,0,500,,\n2,M2,2021-05-31,,0,,,", &["3 point_no point_occupied"]),
            (
                "2,M1,2021-01-01,2021-06-01,0,500,,\n3700000001,M1,2021-05-01,,0,,,",
                &["3 point_no point_occupied", "2 meter_no meter_installed_twice"],
            ),
            ("2,M2,2021-01-01,,100000,,,", &["2 opening_total register_too_long"]),
            ("2,M2,2021-02-01,2021-01-01,0,1,,", &["2 removed_on ends_before_it_begins"]),
        ];
        for (rows, expected) in cases {
            let told = load(conn, request, "installations", &format!("{head}\n{rows}\n")).map(|l| l.rows);
            assert_eq!(told, Err(expected.iter().map(|e| (*e).to_owned()).collect()), "{rows}");
        }
        // Changed on one day, in any order of the rows; numbered in the order of the days.
        let rows = "2,M2,2021-06-01,,0,,150/5,10000/100\n2,M1,2021-01-01,2021-06-01,10.5,500,,";
        load(conn, request, "installations", &format!("{head}\n{rows}\n")).unwrap();
        let hanging = store::installations(conn, 2, 2).unwrap();
        let shown: Vec<_> = hanging
            .iter()
            .map(|(i, no)| (i.installation_no, no.as_str(), i.multiplier.to_string(), i.digits))
            .collect();
        assert_eq!(shown, [(1, "M1", "1".to_owned(), 6), (2, "M2", "3000".to_owned(), 5)]);
        let on = |conn: &mut Conn, first, last| {
            let found = store::installations_between(conn, 2, 2, first, last).unwrap();
            found.into_iter().map(|i| i.installation_no).collect::<Vec<_>>()
        };
        assert_eq!(on(conn, date(2021, 5, 31), date(2021, 5, 31)), [1]);
        assert_eq!(on(conn, date(2021, 6, 1), date(2021, 6, 1)), [2]);
        assert_eq!(on(conn, date(2021, 5, 31), date(2021, 6, 1)), [1, 2]);
        let readings = conn
            .query(
                "SELECT read_on, source, total FROM reading WHERE account_id = 2 ORDER BY read_on, source",
                &[],
                |r| Ok((r.int(0)?, r.text(1)?, r.int(2)?)),
            )
            .unwrap();
        let expected =
            [(20_210_101, "install", 105_000), (20_210_601, "install", 0), (20_210_601, "remove", 5_000_000)];
        assert_eq!(readings, expected.map(|(on, source, total)| (on, source.to_owned(), total)));
    });
}

#[test]
fn one_bad_row_among_a_thousand_loads_nothing() {
    on_each(|conn, request| {
        one_of_everything(conn, request);
        let mut text = format!("{ACCOUNTS}\n");
        for n in 0..1000 {
            let day = if n == 617 { "2999-01-01" } else { "2025-01-01" };
            text.push_str(&format!("{n},C0000001,37407,R0001,x,{day},household\n"));
        }
        assert_eq!(load(conn, request, "accounts", &text).unwrap_err(), ["619 opened_on date_out_of_range"]);
        assert_eq!((count(conn, "account"), count(conn, "supply_terms")), (1, 1));
        let good = text.replace("2999", "2025");
        assert_eq!(load(conn, request, "accounts", &good).unwrap().rows, [("accounts", 1000)]);
        assert_eq!((count(conn, "account"), count(conn, "supply_terms")), (1001, 1001));
        assert_eq!(load(conn, request, "accounts", &format!("{good}\n")).unwrap_err().len(), 1000);
        let again = import_kind(conn, request, "accounts", &csv("other name", good)).unwrap();
        assert!(matches!(again, Outcome::AlreadyImported(_)), "{again:?}");
        assert_eq!(count(conn, "account"), 1001);
    });
}

#[test]
fn choices_that_the_law_leaves_are_warnings() {
    on_each(|conn, request| {
        one_of_everything(conn, request);
        let text = "account_no,customer,org,route,address,opened_on,category,capacity_kva\n\
                    1,C0000001,37407,R0001,x,2025-01-01,commercial,400\n";
        let loaded = load(conn, request, "accounts", text).unwrap();
        let expected = ["2 scheme single_part_above_threshold", "2 scheme power_factor_not_assessed"];
        assert_eq!(told(&loaded.warnings), expected);
    });
}

#[test]
fn a_later_contract_takes_over() {
    on_each(|conn, request| {
        one_of_everything(conn, request);
        let text = "account_no,contract_no,from,late_fee_clause,late_fee_rate,instalments\n\
                    3700000001,K3,2027-01-01,no,,\n3700000001,K2,2026-01-01,yes,0.001,10:0.3;31:0.7\n";
        load(conn, request, "contracts", text).unwrap();
        let contracts = store::contracts(conn, 1, 1).unwrap();
        let days: Vec<_> = contracts.iter().map(|c| (c.contract_no.as_str(), c.until_on)).collect();
        let first = ("HT-2020-0001", Some(date(2025, 12, 31)));
        assert_eq!(days, [first, ("K2", Some(date(2026, 12, 31))), ("K3", None)]);
        assert_eq!(
            contracts[0].due_rule.as_deref(),
            Some(r#"{"by":"fixed_day","day":15,"months_later":1,"roll":false}"#)
        );
        assert!(contracts[1].instalments.as_deref().unwrap().contains(r#""day":31"#));
    });
}

#[test]
fn flags_change_with_an_audit_line() {
    on_each(|conn, request| {
        one_of_everything(conn, request);
        let before = count(conn, "audit");
        load(conn, request, "flags", "account_no,importance\n3700000001,一级\n").unwrap();
        let account = &store::accounts(conn, 1, 1).unwrap()[0];
        assert_eq!((account.importance.as_str(), account.protection.as_deref()), ("first", None));
        assert_eq!(count(conn, "audit"), before + 1);
    });
}

#[test]
fn a_census_shows_differences_first_and_keeps_history() {
    on_each(|conn, request| {
        one_of_everything(conn, request);
        let two = format!(
            "{ACCOUNTS}\n2,C0000001,37407,R0001,x,2021-01-01,household\n3,C0000001,37407,R0001,x,2021-01-01,household\n"
        );
        load(conn, request, "accounts", &two).unwrap();
        let as_of = date(2026, 7, 1);
        let file = format!(
            "{ACCOUNTS},persons\n3700000001,C0000001,37407,R0001,新地址,2020-01-01,household,0\n\
             2,C0000001,37407,R0001,x,2021-01-01,household,5\n4,C0000001,37407,R0001,x,2026-06-01,household,\n"
        );
        let source = csv("census.csv", file);
        let shown = census(conn, request, &source, as_of, false).unwrap();
        let changed: Vec<_> =
            shown.changed.iter().map(|c| (c.account_no.as_str(), c.fields.clone())).collect();
        let address = ("address", "示例小区1号楼101".to_owned(), "新地址".to_owned());
        let persons = ("persons", "0".to_owned(), "5".to_owned());
        assert_eq!(changed, [("3700000001", vec![address]), ("2", vec![persons])]);
        assert_eq!(
            (shown.added.as_slice(), shown.missing.as_slice()),
            (&["4".to_owned()][..], &["3".to_owned()][..])
        );
        assert_eq!((count(conn, "account"), count(conn, "supply_terms")), (3, 3));

        assert!(census(conn, request, &source, as_of, true).unwrap().applied);
        let versions: Vec<_> = store::terms_history(conn, 2, 2)
            .unwrap()
            .into_iter()
            .map(|t| (t.from_on, t.until_on, t.terms.persons))
            .collect();
        assert_eq!(versions, [(date(2021, 1, 1), Some(date(2026, 6, 30)), 0), (as_of, None, 5)]);
        assert_eq!(store::accounts(conn, 1, 1).unwrap()[0].address, "新地址");
        assert_eq!((count(conn, "account"), count(conn, "supply_terms")), (4, 5));
        // What the file does not tell stays: the first account keeps its district and capacity.
        assert!(store::accounts(conn, 1, 1).unwrap()[0].district_id.is_some());

        let again = census(conn, request, &source, as_of, true).unwrap();
        assert_eq!((again.changed.len(), again.added.len(), again.unchanged), (0, 0, 3));
        let earlier = census(
            conn,
            request,
            &csv("c2.csv", format!("{ACCOUNTS},persons\n2,C0000001,37407,R0001,x,2021-01-01,household,6\n")),
            as_of,
            true,
        );
        let Err(ImportFailure::Bad(problems)) = earlier else { panic!("{earlier:?}") };
        assert_eq!(told(&problems), ["2 account_no terms_version_exists"]);
    });
}

#[test]
fn accounts_are_found_by_what_people_know() {
    on_each(|conn, request| {
        one_of_everything(conn, request);
        let asked = [
            ("3700000001", Some("account_no")),
            ("13800000000", Some("contact")),
            ("3730001000000012345678", Some("meter_no")),
            ("示例客户", Some("name")),
            ("1号楼", Some("address")),
            ("100%", None),
            ("nobody", None),
        ];
        for (text, by) in asked {
            let found = store::find(conn, text, (10, 0), &store::FIND_ORDERS.first(10)).unwrap();
            assert_eq!(found.first().map(|f| f.by), by, "{text}");
        }
    });
}

#[test]
fn units_are_found_below_each_other() {
    on_each(|conn, request| {
        let text = "code,name,kind,parent\nT1,t,team,S1\nS1,s,station,C\nS2,s,station,C\nC,c,company,\n";
        load(conn, request, "orgs", text).unwrap();
        let orgs = store::orgs(conn).unwrap();
        let id = |code: &str| orgs.iter().find(|o| o.code == code).unwrap().org_id;
        assert_eq!(store::descendants(conn, id("C")).unwrap().len(), 4);
        let mut below = store::descendants(conn, id("S1")).unwrap();
        below.sort_unstable();
        let mut expected = [id("S1"), id("T1")];
        expected.sort_unstable();
        assert_eq!(below, expected);
    });
}

#[test]
fn personal_data_is_masked() {
    let cases = [
        ("张三丰", Personal::Name, "张**"),
        ("张", Personal::Name, "*"),
        ("13812345678", Personal::Phone, "138****5678"),
        ("123", Personal::Phone, "1**"),
        ("370786199001011234", Personal::Identity, "370*************34"),
        ("someone@b.cn", Personal::Email, "s***@b.cn"),
        ("", Personal::Name, ""),
    ];
    for (text, what, masked) in cases {
        assert_eq!(mask(text, what), masked, "{text}");
    }
}
