//! Looking up published rows: what is there, what is missing, and the assumption of a site.

use super::*;
use crate::refusal::Refuse as _;
use crate::registry::{Category, Scheme, Voltage};
use crate::rulebook::{BookError, Selector};
use crate::units::Price;
use jiff::civil::{Date, date};

const AUGUST: Date = date(2026, 8, 15);

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

#[test]
fn rows_by_company_scheme_and_voltage() {
    use Scheme::{ActualDemand, Capacity, SinglePart};
    for (province, scheme, voltage, peak, demand) in [
        ("jiangsu", Capacity, Voltage::Kv10, "0.9217", "51.2"),
        ("jiangsu", ActualDemand, Voltage::Kv220, "0.8437", "41.6"),
        ("jiangsu", SinglePart, Voltage::Low, "0.9926", "0"),
        ("beijing", SinglePart, Voltage::Kv35, "0.97872775", "0"),
        ("beijing", SinglePart, Voltage::Kv110, "0.97872775", "0"),
        ("beijing", Capacity, Voltage::Kv110, "0.81578675", "48"),
        ("shanghai", Capacity, Voltage::Low, "1.172812", "48"),
    ] {
        let row = tables(province).row(Category::Commercial, scheme, voltage, AUGUST).unwrap();
        assert_eq!(row.band(Band::Peak), Ok(price(peak)), "{province} {scheme:?} {voltage:?}");
        assert_eq!(row.demand, price(demand), "{province} {scheme:?} {voltage:?}");
        assert_eq!(row.voltage, voltage);
        assert!(row.periods().is_ok());
    }
}

#[test]
fn what_a_table_leaves_out_is_an_error_and_never_zero() {
    let row = |province, scheme, voltage| {
        tables(province).row(Category::Commercial, scheme, voltage, AUGUST).map(|pick| pick.row)
    };
    let fujian = row("fujian", Scheme::SinglePart, Voltage::Low).unwrap();
    assert_eq!(fujian.band(Band::Peak).unwrap_err().code(), "tariff.no_band");
    assert_eq!(fujian.band(Band::Sharp), Ok(price("0.95608855")));
    let jiangsu = row("jiangsu", Scheme::SinglePart, Voltage::Low).unwrap();
    assert_eq!(jiangsu.component(Component::Purchase).unwrap_err().code(), "tariff.no_component");
    assert_eq!(jiangsu.component(Component::Funds), Ok(price("0.0294")));
    let beijing = row("beijing", Scheme::Capacity, Voltage::Kv10).unwrap();
    assert_eq!(beijing.component(Component::System).unwrap_err().code(), "tariff.no_component");
    let missing = row("beijing", Scheme::Capacity, Voltage::Low).unwrap_err();
    assert_eq!(missing.code(), "tariff.no_table", "Beijing has no two-part price below 1 kV");
    let household = tables("beijing").row(Category::Household, Scheme::SinglePart, Voltage::Low, AUGUST);
    assert_eq!(household.unwrap_err().code(), "tariff.no_table");
}

const FALLBACK: &str = "layer = \"site\"\n[[rule]]\nid = \"site.price_fallback\"\ntopic = \"price_fallback\"\n\
    from = \"2018-01-01\"\nuntil = \"2018-12-31\"\nconfidence = \"L\"\nbasis = { title = \"assumption\" }\n\
    params = { month = \"2026-08\" }\n";

fn overlaid(text: &str) -> (Rulebook, Vec<BookError>) {
    Rulebook::embedded().examined([("site/price_fallback.toml".to_owned(), text.to_owned())])
}

#[test]
fn a_month_without_a_table_needs_the_assumption_of_the_site() {
    let key = (Category::Commercial, Scheme::Capacity, Voltage::Kv10);
    let here = SiteProfile::company("jiangsu").selector();
    let on = |book: &Rulebook, day| price_row(book, &here, key, day);
    assert_eq!(on(&Rulebook::embedded(), date(2018, 3, 1)).unwrap_err().code(), "tariff.no_table");

    let (book, errors) = overlaid(FALLBACK);
    assert_eq!(errors, []);
    let lent = on(&book, date(2018, 3, 1)).unwrap();
    assert_eq!(
        lent.rules().collect::<Vec<_>>(),
        ["sgcc-jiangsu.prices.2026-08.two_part.1_10kv", "site.price_fallback"]
    );
    assert_eq!(on(&book, AUGUST).unwrap().rules().count(), 1, "a published month needs no assumption");
    assert!(on(&book, date(2019, 1, 1)).is_err(), "the assumption has its own days");
    let elsewhere = price_row(&book, &Selector::in_jurisdictions(&["cn", "site"]), key, date(2018, 3, 1));
    assert!(elsewhere.is_err(), "the assumed month has no table there");
}

#[test]
fn the_assumption_is_the_sites_and_never_sure() {
    for (from, to) in
        [("layer = \"site\"", "layer = \"province\""), ("\"L\"", "\"H\""), ("2026-08", "2026-13")]
    {
        let (_, errors) = overlaid(&FALLBACK.replacen(from, to, 1));
        assert!(
            errors
                .iter()
                .any(|e| matches!(e, BookError::BadParams { id, .. } if id == "site.price_fallback")),
            "{to}: {errors:?}"
        );
    }
}

#[test]
fn the_embedded_tables_are_the_published_ones() {
    let Some(text) = shared("data/prices_2026_08.json") else { return };
    let rows = read_json(&text).unwrap();
    assert_eq!(rows.len(), 72);
    for (path, written) in rule_files(&check_rows(&rows, Gaps::Accept).unwrap()) {
        let embedded = crate::rulebook::EMBEDDED.iter().find(|(p, _)| *p == path).map(|(_, text)| *text);
        assert_eq!(embedded, Some(written.as_str()), "{path}");
    }
}

/// The same, without the importer: every figure of the raw file against the row that a bill would use.
#[test]
fn every_published_figure_is_the_one_that_is_billed() {
    let Some(text) = shared("data/prices_2026_08.json") else { return };
    let raw: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let companies = [
        ("上海", "shanghai"),
        ("冀北", "jibei"),
        ("北京", "beijing"),
        ("四川", "sichuan"),
        ("安徽", "anhui"),
        ("江苏", "jiangsu"),
        ("浙江", "zhejiang"),
        ("福建", "fujian"),
    ];
    let mut figures = 0;
    for published in &raw {
        let province = published["province"].as_str().unwrap();
        let company = companies.iter().find(|(name, _)| *name == province).unwrap().1;
        let single = published["category"].as_str().unwrap().starts_with("单一制");
        let voltages = match published["voltage"].as_str().unwrap() {
            "35-110kV" => vec![Voltage::Kv35, Voltage::Kv110],
            one => vec![Voltage::from_word(one).unwrap()],
        };
        let scheme = if single { Scheme::SinglePart } else { Scheme::ContractDemand };
        for voltage in voltages {
            let row = tables(company).row(Category::Commercial, scheme, voltage, AUGUST).unwrap();
            for (name, figure) in published["prices"].as_object().unwrap() {
                let billed = match name.as_str() {
                    "tip" => row.band(Band::Sharp),
                    "peak" => row.band(Band::Peak),
                    "flat" => Ok(row.flat),
                    "valley" => row.band(Band::Valley),
                    "deep" => row.band(Band::Deep),
                    "purchase_agent" => row.component(Component::Purchase),
                    "line_loss" => row.component(Component::LineLoss),
                    "system_cost" => row.component(Component::System),
                    "transmission_distribution" => row.component(Component::Transmission),
                    "government_funds" => row.component(Component::Funds),
                    // A single-part account pays neither, whatever the table shows.
                    "demand_charge" | "capacity_charge" if single => continue,
                    "demand_charge" => Ok(row.demand),
                    "capacity_charge" => Ok(row.capacity),
                    other => panic!("an unknown figure {other}"),
                };
                assert_eq!(billed, Ok(price(&figure.to_string())), "{province} {voltage:?} {name}");
                figures += 1;
            }
        }
    }
    assert!(figures > 600, "{figures} figures");
}
