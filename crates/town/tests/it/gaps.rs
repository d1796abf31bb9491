use denghuo_rules::units::Energy;
use denghuo_town::real::{Moment, Sample, Series, home_meter, long_table};
use jiff::civil::date;
use std::path::Path;

#[test]
fn every_gap_of_the_real_homes_is_found() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !folder.is_dir() {
        eprintln!("{} is absent: the real gaps were not counted", folder.display());
        return;
    }
    let homes = long_table(&folder, "sgsc50_homes_halfhourly.csv.gz").unwrap();
    let gaps: Vec<_> = homes.iter().flat_map(Series::gaps).collect();
    let missing: i64 = gaps.iter().map(|gap| gap.missing).sum();
    assert_eq!((homes.len(), gaps.len(), missing), (50, 352, 31_992));
}

/// Half hours of 0.5 kWh from noon of 1 January to the end of April, without those that begin in `[from, to)`.
fn series(from: Moment, to: Moment) -> Series {
    let first = Moment::midnight(date(2013, 1, 1)).plus(12 * 60);
    let samples = (0..48 * 119)
        .map(|n| first.plus(n * 30))
        .filter(|at| !(from..to).contains(at))
        .map(|at| Sample { at, energy: Energy(5_000) })
        .collect();
    Series { code: "h".to_owned(), samples }
}

#[test]
fn a_reading_in_a_gap_is_missing_and_its_energy_is_not_invented() {
    let from = Moment::midnight(date(2013, 2, 27));
    let to = Moment::midnight(date(2013, 3, 2));
    let series = series(from, to);
    let meter = home_meter(&series, 12, None).unwrap();
    let shown: Vec<_> = meter
        .readings
        .iter()
        .map(|(on, set)| (on.to_string(), set.map(|set| set.total.to_string())))
        .collect();
    assert_eq!(meter.opening.on, date(2025, 1, 2));
    let expected = [("2025-02-01", Some("720")), ("2025-03-01", None), ("2025-04-01", Some("2064"))];
    let expected: Vec<_> =
        expected.map(|(on, total)| (on.to_owned(), total.map(str::to_owned))).into_iter().collect();
    assert_eq!(shown, expected);
    assert_eq!(series.gaps()[0].missing, 144);
}
