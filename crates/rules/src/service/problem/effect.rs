//! 成效: what was said before a measure and after it.

/// 成效: tickets in as long a time before a measure as after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Days that are compared on each side.
    pub days: u32,
    /// Tickets in the days before the measure.
    pub before: u32,
    /// Tickets in the days from the measure on.
    pub after: u32,
    /// Hundredths of a ticket in a week before it.
    pub before_weekly_centi: u32,
    /// Hundredths of a ticket in a week after it.
    pub after_weekly_centi: u32,
}

/// The effect of a measure of a day as it is seen before another day, over at most so many days; none before a day has passed.
#[must_use]
pub fn effect(days: &[i32], measure: i32, until: i32, most_days: u16) -> Option<Effect> {
    let length = (until - measure).min(i32::from(most_days));
    if length <= 0 {
        return None;
    }
    let count = |from: i32, to: i32| {
        u32::try_from(days.iter().filter(|day| (from..to).contains(*day)).count()).unwrap_or(u32::MAX)
    };
    let (before, after) = (count(measure - length, measure), count(measure, measure + length));
    let days = length.unsigned_abs();
    let weekly = |tickets: u32| u32::try_from(u64::from(tickets) * 700 / u64::from(days)).unwrap_or(u32::MAX);
    Some(Effect {
        days,
        before,
        after,
        before_weekly_centi: weekly(before),
        after_weekly_centi: weekly(after),
    })
}

/// Tickets of each week from the one of the first until a day, with the first day of each week; a week begins on Monday.
#[must_use]
pub fn weekly(days: &[i32], until: i32) -> Vec<(i32, u32)> {
    // Day 0, 1970-01-01, was a Thursday.
    let monday = |day: i32| day - (day + 3).rem_euclid(7);
    let Some(first) = days.iter().min() else { return Vec::new() };
    let mut weeks: Vec<(i32, u32)> = Vec::new();
    let mut week = monday(*first);
    while week < until {
        weeks.push((week, 0));
        week += 7;
    }
    for day in days {
        let at = usize::try_from((monday(*day) - monday(*first)) / 7).unwrap_or(usize::MAX);
        if let Some((_, count)) = weeks.get_mut(at) {
            *count += 1;
        }
    }
    weeks
}
