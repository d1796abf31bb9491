use super::*;

const NONE: [&str; 5] = ["", "", "", "", ""];

fn meter(installation_no: i64, installed: i8, removed: Option<i8>) -> Installed {
    Installed {
        installation_no,
        point: 1,
        relation: PointRelation::Main,
        dial: Dial { digits: 6, multiplier: Ratio::ONE },
        installed_on: day(installed),
        removed_on: removed.map(day),
    }
}

fn shown(installation_no: i64, d: i8, total: &str) -> Shown {
    Shown { installation_no, source: Source::Remote, registers: set(day(d), total, NONE) }
}

/// `from total - to total` of each span with its days, or the gap.
fn spans(due: i8, cuts: &[i8], meters: &[Installed], readings: &[Shown]) -> Result<Vec<String>, Gap> {
    let cuts: Vec<Date> = cuts.iter().copied().map(day).collect();
    let period = period((day(1), day(due)), &cuts, meters, readings)?;
    let told =
        |s: &MeterSpan| format!("{}:{} {}:{}", s.from.on.day(), s.from.total, s.to.on.day(), s.to.total);
    Ok(period.spans.iter().map(told).collect())
}

#[test]
fn one_meter() {
    let meters = [meter(1, 1, None)];
    let readings = [shown(1, 1, "100"), shown(1, 11, "150"), shown(1, 28, "200"), shown(1, 30, "210")];
    assert_eq!(
        spans(28, &[], &meters, &readings).unwrap(),
        ["1:100 28:200"],
        "others in between do not count"
    );
    assert_eq!(
        spans(27, &[], &meters, &readings).unwrap(),
        ["1:100 28:200"],
        "the first one not before the due day"
    );
    assert_eq!(spans(28, &[11], &meters, &readings).unwrap(), ["1:100 11:150", "11:150 28:200"]);
    assert_eq!(
        spans(28, &[12], &meters, &readings).unwrap(),
        ["1:100 28:200"],
        "no reading on that boundary"
    );
    assert_eq!(spans(31, &[], &meters, &readings), Err(Gap::Awaited), "late is not zero");
    assert_eq!(
        spans(28, &[], &meters, &readings[1..]),
        Err(Gap::Incomplete { installation_no: 1, on: day(1) }),
        "nothing to compare with"
    );
}

#[test]
fn a_meter_change() {
    let meters = [meter(1, 1, Some(11)), meter(2, 11, None)];
    let readings = [shown(1, 1, "100"), shown(1, 11, "150"), shown(2, 11, "7"), shown(2, 28, "50")];
    assert_eq!(spans(28, &[], &meters, &readings).unwrap(), ["1:100 11:150", "11:7 28:50"]);
    let without_closing = [readings[0], readings[2], readings[3]];
    assert_eq!(
        spans(28, &[], &meters, &without_closing),
        Err(Gap::Incomplete { installation_no: 1, on: day(11) })
    );
    assert_eq!(
        spans(11, &[], &meters, &readings).unwrap(),
        ["1:100 11:150"],
        "on the day itself the old one counts"
    );
}

#[test]
fn every_standing_meter_is_needed() {
    let mut sub = meter(2, 1, None);
    (sub.point, sub.relation) = (2, PointRelation::Sub);
    let meters = [meter(1, 1, None), sub];
    let readings =
        [shown(1, 1, "0"), shown(2, 1, "0"), shown(1, 28, "9"), shown(1, 29, "10"), shown(2, 29, "4")];
    assert_eq!(
        spans(28, &[], &meters, &readings).unwrap(),
        ["1:0 29:10", "1:0 29:4"],
        "both were read on the 29th"
    );
    assert_eq!(spans(28, &[], &meters, &readings[..4]), Err(Gap::Awaited));
    let estimate = Shown { source: Source::Provisional, ..shown(2, 28, "3") };
    let with_estimate = [&readings[..], &[estimate]].concat();
    assert!(period((day(1), day(28)), &[], &meters, &with_estimate).unwrap().provisional);
}
