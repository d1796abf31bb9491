//! Published cases beside those of `docs/quote`, and the calculators' other branches. One line per case.

use super::*;
use serde_json::{Value, json};

fn check(cases: &[(&str, Value, &[&str])]) {
    for (name, case, expect) in cases {
        assert_eq!(amounts(&answer(case)), *expect, "{name}");
    }
}

#[test]
fn tiers() {
    let three =
        json!([{ "up_to": 260, "price": "0.64" }, { "up_to": 600, "price": "0.69" }, { "price": "0.94" }]);
    let tou = |peak: i64| {
        json!({ "kind": "tier_bill", "usage_kwh": 100, "tiers": [{ "price": "0.5469" }],
            "time_of_use": { "peak_kwh": peak, "peak_add": "0.03", "valley_add": "-0.17" } })
    };
    check(&[
        (
            "W-26",
            json!({ "kind": "tier_bill", "usage_kwh": 650, "tiers": three }),
            &["166.40", "234.60", "47.00"],
        ),
        ("W-28 95/5", tou(95), &["54.81", "1.88"]),
        ("W-28 60/40", tou(60), &["34.61", "15.08"]),
        (
            "W-28 by the book",
            json!({ "kind": "tier_bill", "usage_kwh": 100, "on": "2025-06-30" }),
            &["54.69"],
        ),
        (
            "W-39",
            json!({ "kind": "tier_bill", "usage_kwh": 300, "used_before_kwh": 2400 }),
            &["65.63", "107.44"],
        ),
        ("W-40", json!({ "kind": "tier_bill", "usage_kwh": 5000 }), &["1378.19", "1360.93", "169.38"]),
    ]);
}

#[test]
fn power_factors() {
    let case = |active: i64, reactive: i64, price: &str| json!({ "kind": "power_factor", "active_kwh": active, "reactive_kvarh": reactive, "standard": "0.90", "price": price });
    check(&[
        ("W-08", case(50_000, 59_000, "0.60"), &["4500.00"]),
        ("W-33", case(40_000, 30_000, "0.25"), &["500.00"]),
        ("W-38", case(5_115, 3_090, "1"), &["102.30"]),
    ]);
    // W-10: the published bill truncates. Its list of items lacks 20,800.00, without which its own result cannot be had.
    let mut w10 = json!({ "kind": "power_factor", "active_kwh": 694_152, "reactive_kvarh": 256_728, "standard": "0.90",
        "base_items": ["178939.16", "119679.07", "62182.05", "2060.40", "1075.61", "543.06", "20800.00"] });
    assert_eq!(amounts(&answer(&w10)), ["-2311.68"]);
    w10["rounding"] = json!("truncate");
    assert_eq!(amounts(&answer(&w10)), ["-2311.67"]);
}

#[test]
fn demand() {
    let case = |billed: bool| json!({ "kind": "demand", "contract_kw": 1000, "actual_kw": 1120, "price_per_kw": "38.4", "tolerance_is_billed": billed });
    check(&[
        ("W-42", case(false), &["38400.00", "5376.00"]),
        ("W-42, 105 % paid", case(true), &["40320.00", "5376.00"]),
        (
            "actual demand",
            json!({ "kind": "demand", "actual_kw": 100, "price_per_kw": "38.4" }),
            &["3840.00"],
        ),
        (
            "high use",
            json!({ "kind": "demand", "actual_kw": 100, "price_per_kw": "38.4", "capacity_kva": 100, "active_kwh": 26000 }),
            &["3456.00"],
        ),
    ]);
}

#[test]
fn metering_errors() {
    let case = |fault: Value, energy: i64, price: &str, on: &str| json!({ "kind": "metering_error", "fault": fault, "on": on, "recorded": [{ "energy": energy, "price": price }] });
    let new = "2025-01-01";
    check(&[
        (
            "W-19",
            case(json!({ "is": "elements", "registered": [1, 1, "0.75"] }), 3_000, "0.45", new),
            &["122.72"],
        ),
        // 10 % slow: 9,000 registered were 10,000; half of the missing 1,000.
        (
            "slow meter",
            case(json!({ "is": "meter_error", "error": "-0.1" }), 9_000, "0.50", new),
            &["250.00"],
        ),
        (
            "fast meter",
            case(json!({ "is": "meter_error", "error": "0.25" }), 10_000, "0.50", new),
            &["-500.00"],
        ),
        (
            "multiplier",
            case(json!({ "is": "multiplier", "billed": 40, "right": 60 }), 1_000, "0.50", new),
            &["250.00"],
        ),
        (
            "normal month",
            case(json!({ "is": "normal_month", "normal": 1500 }), 1_000, "0.50", new),
            &["250.00"],
        ),
        ("rate", case(json!({ "is": "rate", "correction": "0.5" }), 1_000, "0.50", new), &["250.00"]),
        (
            "drop",
            case(json!({ "is": "voltage_drop", "measured": "0.02", "allowed": "0.005" }), 1_000, "1", new),
            &["15.00"],
        ),
        (
            "drop below, 2024",
            case(json!({ "is": "voltage_drop", "measured": "0", "allowed": "0.005" }), 1_000, "1", new),
            &["-5.00"],
        ),
        (
            "drop below, 1996",
            case(
                json!({ "is": "voltage_drop", "measured": "0", "allowed": "0.005" }),
                1_000,
                "1",
                "2020-01-01",
            ),
            &["0.00"],
        ),
    ]);
    let quote = answer(&case(json!({ "is": "elements", "registered": [1, 1, "0.75"] }), 3_000, "0.45", new));
    assert_eq!(quote.values["correction_rate_percent"], "9.09");
    assert_eq!(quote.items[0].quantity, "272.7", "272.7 × 0.45 = 122.715 before rounding");
}

#[test]
fn theft() {
    let case = |theft: Value, on: &str| json!({ "kind": "theft", "on": on, "theft": theft });
    let old = "2020-01-01";
    check(&[
        ("W-21", case(json!({ "load_kw": 2, "price": "0.40" }), old), &["1728.00", "5184.00"]),
        ("W-22", case(json!({ "load_kw": 10, "price": "0.50" }), old), &["10800.00", "32400.00"]),
        (
            "lighting",
            case(json!({ "load_kw": 1, "price": "0.50", "use": "lighting" }), old),
            &["540.00", "1620.00"],
        ),
        (
            "known time, partly registered",
            case(
                json!({ "load_kw": 1, "price": "0.50", "days": 10, "hours_per_day": 24, "registered": 40 }),
                old,
            ),
            &["100.00", "300.00"],
        ),
        (
            "a lower multiple since 2024",
            case(json!({ "load_kw": 2, "price": "0.40", "multiple": 1 }), "2024-06-01"),
            &["1728.00", "1728.00"],
        ),
    ]);
}

#[test]
fn breach() {
    let case = |breach: Value, on: &str| json!({ "kind": "breach", "on": on, "breach": breach });
    let old = "2020-01-01";
    let over = |extra: Value| {
        let mut breach = json!({ "is": "over_capacity", "excess": 21 });
        breach.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        breach
    };
    let outage =
        |two_part: bool| json!({ "is": "outage", "energy": 100, "price": "0.50", "two_part": two_part });
    check(&[
        (
            "W-23",
            case(
                json!({ "is": "misuse", "energy": 650, "price_right": "0.80", "price_billed": "0.50" }),
                old,
            ),
            &["195.00", "390.00"],
        ),
        ("W-24", case(over(json!({})), old), &["1050.00"]),
        ("two-part", case(over(json!({ "capacity_price": "20", "months": 2 })), old), &["840.00", "2520.00"]),
        (
            "two-part, lower multiple",
            case(over(json!({ "capacity_price": "20", "multiple": 1 })), "2025-01-01"),
            &["420.00", "420.00"],
        ),
        ("sealed equipment", case(json!({ "is": "suspended", "capacity": 10 }), old), &["300.00"]),
        (
            "sealed equipment, two-part",
            case(json!({ "is": "suspended", "capacity": 10, "capacity_price": "20" }), old),
            &["200.00", "400.00"],
        ),
        (
            "tampering, home",
            case(json!({ "is": "tampering", "household": true, "times": 2 }), old),
            &["1000.00"],
        ),
        (
            "tampering, other",
            case(json!({ "is": "tampering", "household": false, "times": 1 }), old),
            &["5000.00"],
        ),
        ("own source", case(json!({ "is": "unauthorised_source", "capacity": 3 }), old), &["1500.00"]),
        ("outage, two-part, 1996", case(outage(true), old), &["-250.00"]),
        ("outage, two-part, 2024", case(outage(true), "2024-06-01"), &["-200.00"]),
        ("outage, single-part, 1996", case(outage(false), old), &["-200.00"]),
    ]);
}

#[test]
fn other_bills() {
    let fish_farm = json!({ "kind": "bill", "from": "2024-05-01", "to": "2024-06-01", "segments": [{
        "terms": { "category": "agriculture", "voltage": "below_1kv", "scheme": "single_part", "time_of_use": false,
            "fixed_parts": [{ "by": "quantity", "monthly_kwh": 817, "category": "communal" }] },
        "usage": { "active": 5000 },
        "prices": { "energy": "0.395", "fixed": { "communal": { "price": "0.40" } } } }] });
    let quote = answer(&fish_farm);
    assert_eq!(amounts(&quote), ["326.80", "1652.29"]);
    assert_eq!(quote.total.to_string(), "1979.09", "the published 1,987.26 is a misprint");
}
