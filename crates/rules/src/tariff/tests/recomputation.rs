//! Recomputing published prices from their components.

use super::*;

fn reports(file: &str) -> Option<Vec<TableReport>> {
    Some(recompute(&read_json(&shared(file)?).unwrap()))
}

#[test]
fn the_tables_of_august_2026() {
    let Some(reports) = reports("data/prices_2026_08.json") else { return };
    let told: Vec<String> = reports
        .iter()
        .map(|r| {
            let base: Vec<&str> = r.base.iter().map(|c| c.word()).collect();
            let flat = format!("{}/{}", r.flat.reproduced, r.flat.checked);
            format!(
                "{} {} {}/{} {flat} {}",
                r.province,
                r.category,
                r.reproduced(),
                r.prices.len(),
                base.join("+")
            )
        })
        .collect();
    // Reproduced of the floated prices, of the flat prices, and what floats.
    let expected = [
        "上海 两部制-大工业 15/15 5/5 purchase+transmission",
        "上海 单一制-工商业 10/10 5/5 purchase+transmission",
        "冀北 两部制-大工业 0/20 5/5 purchase+line_loss",
        "冀北 单一制-工商业 0/20 5/5 purchase+line_loss",
        "北京 两部制-大工业 9/9 0/0 purchase",
        "北京 单一制-工商业 12/12 0/0 purchase",
        "四川 两部制-大工业 12/12 4/4 purchase+line_loss+transmission",
        "四川 单一制-工商业 10/10 5/5 purchase+line_loss+transmission",
        "安徽 两部制-大工业 11/12 4/4 purchase+transmission",
        "安徽 单一制-工商业 9/10 5/5 purchase+transmission",
        "江苏 两部制-大工业 12/12 0/0 purchase",
        "江苏 单一制-工商业 15/15 0/0 purchase",
        "浙江 两部制-大工业 12/12 0/4 purchase+line_loss+system",
        "浙江 单一制-工商业 14/15 0/5 purchase+line_loss+system",
        "福建 两部制-大工业 4/4 4/4 purchase",
        "福建 单一制-工商业 5/5 5/5 purchase",
    ];
    assert_eq!(told, expected);
    let off = |province: &str| {
        let prices = reports.iter().filter(|r| r.province == province).flat_map(|r| &r.prices);
        prices.filter(|p| matches!(p.outcome, Outcome::Differs(..))).count()
    };
    assert_eq!(off("上海") + off("四川") + off("福建") + off("北京") + off("江苏"), 0);
    assert_eq!(off("冀北"), 40, "its base holds a part of the system fee that the table does not tell");
}

#[test]
fn zhejiang_2025_floats_everything() {
    let Some(reports) = reports("data/prices_zj_2025_all_component.json") else { return };
    for report in reports {
        assert_eq!(report.base.len(), 5, "{} {}", report.month, report.category);
        for price in &report.prices {
            if let Outcome::Differs(_, difference) = price.outcome {
                assert!(difference.0.abs() <= 10_000, "one last digit at most: {price:?}");
            }
        }
    }
}

#[test]
fn a_made_table_is_recognised() {
    let row = |voltage: &str, transmission: &str, flat: &str, peak: &str, valley: &str| {
        format!(
            "{{\"province\":\"江苏\",\"month\":\"2026-09\",\"category\":\"单一制\",\"voltage\":\"{voltage}\",\"prices\":\
             {{\"peak\":{peak},\"flat\":{flat},\"valley\":{valley},\"purchase\":0.4,\"line_loss\":0.01,\"system\":0.05,\
             \"transmission\":{transmission},\"funds\":0.03}}}}"
        )
    };
    // Purchase and network float by 1.5 and 0.5; 0.09 is fixed.
    let text = format!(
        "[{},{},{}]",
        row("不满1kV", "0.2", "0.69", "0.99", "0.39"),
        row("1-10kV", "0.1", "0.59", "0.84", "0.34"),
        row("35kV", "0.15", "0.64", "0.9151", "0.365")
    );
    let [report] = &recompute(&read_json(&text).unwrap())[..] else { panic!("one table") };
    assert_eq!(report.base, [Component::Purchase, Component::Transmission]);
    assert_eq!(report.reproduced(), 5);
    let off: Vec<_> = report.prices.iter().filter(|p| matches!(p.outcome, Outcome::Differs(..))).collect();
    assert_eq!(off.len(), 1, "the slip in the third row is found");
    assert!(matches!(off[0].outcome, Outcome::Differs(_, difference) if difference.to_string() == "0.0001"));
}
