//! 分时时段: the tariff period of every half hour, read from the text of a notice or painted from hour ranges.

use super::{Band, DayBands};
use serde::Deserialize;

/// A text of periods that does not describe a whole day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPeriods {
    /// Not of the form `00:00-06:00 valley`.
    #[error("`{0}` is not of the form `00:00-06:00 valley`: 时段格式应为“00:00-06:00 valley”")]
    Form(String),
    /// A half hour has no period.
    #[error("the periods do not cover 24 hours, {0} has none: 时段未覆盖24小时,{0}缺")]
    Gap(String),
    /// A half hour has two periods.
    #[error("the periods overlap at {0}: 时段在{0}重叠")]
    Overlap(String),
    /// An hour range is not of the form `10-15`.
    #[error("`{0}` is not a range of hours such as 10-15 or 23-7: 小时段格式应为10-15")]
    Range(String),
    /// Sharp hours outside the peak, deep hours outside the valley, or peak and valley in one hour.
    #[error("{0} hours must lie inside their parent period, at {1}: {0}须在其上级时段内({1})")]
    Nesting(&'static str, String),
}

fn clock(half_hour: usize) -> String {
    format!("{:02}:{:02}", half_hour / 2, half_hour % 2 * 30)
}

/// `HH:MM` on the half hour as an index 0…48.
fn half_hour(text: &str) -> Option<usize> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let hours: usize = hours.parse().ok().filter(|h| *h <= 24)?;
    let half = match minutes {
        "00" => 0,
        "30" => 1,
        _ => return None,
    };
    Some(hours * 2 + half).filter(|n| *n <= 48)
}

/// The words of the notices: `tip` is how one transcription calls the sharp period.
fn band_word(word: &str) -> Option<Band> {
    match word {
        "tip" | "尖峰" => Some(Band::Sharp),
        "高峰" => Some(Band::Peak),
        "平段" => Some(Band::Flat),
        "低谷" => Some(Band::Valley),
        _ => Band::from_word(word),
    }
}

impl DayBands {
    /// Reads `00:00-06:00 valley;06:00-08:00 flat;…`.
    ///
    /// # Errors
    /// A part that cannot be read, a gap or an overlap.
    pub fn parse(text: &str) -> Result<Self, BadPeriods> {
        let mut day = [None; 48];
        for part in text.split([';', '；']).map(str::trim).filter(|p| !p.is_empty()) {
            let bad = || BadPeriods::Form(part.to_owned());
            let (range, word) = part.split_once(' ').ok_or_else(bad)?;
            let (from, to) = range.split_once('-').ok_or_else(bad)?;
            let (from, to) = (half_hour(from).ok_or_else(bad)?, half_hour(to).ok_or_else(bad)?);
            let band = band_word(word.trim()).ok_or_else(bad)?;
            if from >= to {
                return Err(bad());
            }
            for (n, slot) in day.iter_mut().enumerate().take(to).skip(from) {
                if slot.replace(band).is_some() {
                    return Err(BadPeriods::Overlap(clock(n)));
                }
            }
        }
        let mut bands = [Band::Flat; 48];
        for (n, slot) in day.into_iter().enumerate() {
            bands[n] = slot.ok_or_else(|| BadPeriods::Gap(clock(n)))?;
        }
        Ok(Self(bands))
    }

    /// The period of a minute of the day (0…1439); a quarter hour or an hour is classified by its first minute.
    #[must_use]
    pub fn at_minute(&self, minute_of_day: u16) -> Band {
        self.0[usize::from(minute_of_day / 30).min(47)]
    }

    /// The period at a time of the day.
    #[must_use]
    pub fn at(&self, time: jiff::civil::Time) -> Band {
        self.at_minute(u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs()))
    }

    /// As text of the form that [`Self::parse`] reads.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut parts = Vec::new();
        let mut from = 0;
        for n in 1..=48 {
            if n == 48 || self.0[n] != self.0[from] {
                parts.push(format!("{}-{} {}", clock(from), clock(n), self.0[from].word()));
                from = n;
            }
        }
        parts.join(";")
    }

    /// Paints the periods of a season over flat hours: valley and peak first, then what stands inside them.
    ///
    /// # Errors
    /// Deep outside the valley, sharp outside the peak, or peak and valley in one hour.
    pub(super) fn paint(parts: &[(Band, &[HourRange])]) -> Result<Self, BadPeriods> {
        let mut day = [Band::Flat; 48];
        for (band, ranges) in parts {
            let (parent, name) = match band {
                Band::Deep => (Band::Valley, "deep/深谷"),
                Band::Sharp => (Band::Peak, "sharp/尖峰"),
                Band::Peak => (Band::Flat, "peak/高峰"),
                Band::Valley | Band::Flat => (Band::Flat, "valley/低谷"),
            };
            for n in ranges.iter().flat_map(|r| r.half_hours()) {
                if day[n] != parent {
                    return Err(BadPeriods::Nesting(name, clock(n)));
                }
                day[n] = *band;
            }
        }
        Ok(Self(day))
    }
}

/// 小时段: whole hours such as `10-15`; `23-7` runs over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourRange {
    from: u8,
    to: u8,
}

impl HourRange {
    fn half_hours(self) -> impl Iterator<Item = usize> {
        let (from, to) = (usize::from(self.from) * 2, usize::from(self.to) * 2);
        let (first, second) = if from < to { (from..to, 0..0) } else { (from..48, 0..to) };
        first.chain(second)
    }
}

impl std::str::FromStr for HourRange {
    type Err = BadPeriods;
    fn from_str(text: &str) -> Result<Self, BadPeriods> {
        let bad = || BadPeriods::Range(text.to_owned());
        let (from, to) = text.split_once('-').ok_or_else(bad)?;
        let (from, to): (u8, u8) = (from.parse().map_err(|_| bad())?, to.parse().map_err(|_| bad())?);
        if from > 23 || to > 24 || from == to { Err(bad()) } else { Ok(Self { from, to }) }
    }
}

impl<'de> Deserialize<'de> for HourRange {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}
