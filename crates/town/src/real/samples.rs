//! 采样数据: the files of measured consumption, read as they are: values with their moments, and the gaps between them.

use crate::error::TownError;
use denghuo_rules::calendar::{days_between, plus_days};
use denghuo_rules::units::Energy;
use flate2::read::MultiGzDecoder;
use jiff::civil::{Date, date};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Minutes of a half-hourly interval.
pub const HALF_HOUR: i64 = 30;
const MINUTES_OF_DAY: i64 = 1440;
const EPOCH: Date = date(1970, 1, 1);

/// A moment on the clock of the place, in minutes since 1970; no time zone plays a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i64);

impl Moment {
    /// 0:00 of a day.
    #[must_use]
    pub fn midnight(day: Date) -> Self {
        Self(days_between(EPOCH, day) * MINUTES_OF_DAY)
    }

    /// The day that holds it.
    #[must_use]
    pub fn day(self) -> Date {
        plus_days(EPOCH, self.0.div_euclid(MINUTES_OF_DAY))
    }

    /// Minute of its day, 0…1439.
    #[must_use]
    pub fn minute(self) -> u16 {
        self.0.rem_euclid(MINUTES_OF_DAY) as u16
    }

    /// So many minutes later.
    #[must_use]
    pub fn plus(self, minutes: i64) -> Self {
        Self(self.0 + minutes)
    }

    /// Minutes from `other` to this one.
    #[must_use]
    pub fn since(self, other: Self) -> i64 {
        self.0 - other.0
    }
}

/// Reads moments such as `2012-02-10 08:00`; rows of one day follow each other, so its midnight is kept.
#[derive(Default)]
struct Clock {
    day: String,
    midnight: Option<Moment>,
}

impl Clock {
    fn read(&mut self, text: &str) -> Option<Moment> {
        let (day, time) = text.split_once(' ').unwrap_or((text, "00:00"));
        let (hour, minute) = time.split_once(':')?;
        let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
        if self.day != day {
            self.midnight = day.parse().ok().map(Moment::midnight);
            day.clone_into(&mut self.day);
        }
        Some(self.midnight?.plus(hour * 60 + minute))
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:02}:{:02}", self.day(), self.minute() / 60, self.minute() % 60)
    }
}

/// One measured interval: when it began and what was used in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Its begin.
    pub at: Moment,
    /// What was used.
    pub energy: Energy,
}

/// The intervals of one customer, in order.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// The customer's code in the file.
    pub code: String,
    /// What was measured.
    pub samples: Vec<Sample>,
}

/// 缺采: intervals of a series that are not in the file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Gap {
    /// The customer's code in the file.
    pub code: String,
    /// Begin of the first interval that is missing.
    #[serde(serialize_with = "as_text")]
    pub from: Moment,
    /// Begin of the next interval that is there.
    #[serde(serialize_with = "as_text")]
    pub to: Moment,
    /// Intervals that are missing.
    pub missing: i64,
}

fn as_text<S: serde::Serializer>(moment: &Moment, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(moment)
}

impl Series {
    /// Every gap between its first and its last interval.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        self.samples
            .windows(2)
            .filter(|pair| pair[1].at.since(pair[0].at) > HALF_HOUR)
            .map(|pair| {
                let (from, to) = (pair[0].at.plus(HALF_HOUR), pair[1].at);
                Gap { code: self.code.clone(), from, to, missing: to.since(from) / HALF_HOUR }
            })
            .collect()
    }
}

/// A compressed table of the data folder.
///
/// # Errors
/// The file is absent or cannot be read.
pub(super) fn table(
    folder: &Path,
    name: &str,
) -> Result<csv::Reader<BufReader<MultiGzDecoder<File>>>, TownError> {
    let path = folder.join(name);
    let file = File::open(&path).map_err(|e| TownError::unreadable(&path, e))?;
    Ok(csv::Reader::from_reader(BufReader::with_capacity(1 << 20, MultiGzDecoder::new(file))))
}

/// `customer,moment,kWh` rows, the customers one after another.
///
/// # Errors
/// The file is absent, or a row is not of that form.
pub fn long_table(folder: &Path, name: &str) -> Result<Vec<Series>, TownError> {
    let mut reader = table(folder, name)?;
    let mut all: Vec<Series> = Vec::new();
    let mut row = csv::StringRecord::new();
    let mut clock = Clock::default();
    while reader.read_record(&mut row).map_err(|e| TownError::bad(name, &row, &e))? {
        let parsed = clock.read(&row[1]).zip(row[2].parse().ok());
        let (at, energy) = parsed.ok_or_else(|| TownError::bad(name, &row, &"not `customer,moment,kWh`"))?;
        if all.last().is_none_or(|series| series.code != row[0]) {
            all.push(Series { code: row[0].to_owned(), samples: Vec::new() });
        }
        if let Some(series) = all.last_mut() {
            series.samples.push(Sample { at, energy });
        }
    }
    Ok(all)
}

/// One row per moment or day, one column per customer.
///
/// # Errors
/// The file is absent, or a cell is no number.
pub fn wide_table(folder: &Path, name: &str) -> Result<Vec<Series>, TownError> {
    let mut reader = table(folder, name)?;
    let mut row = csv::StringRecord::new();
    let mut clock = Clock::default();
    let header = reader.headers().map_err(|e| TownError::bad(name, &row, &e))?;
    let mut all: Vec<Series> =
        header.iter().skip(1).map(|code| Series { code: code.to_owned(), samples: Vec::new() }).collect();
    while reader.read_record(&mut row).map_err(|e| TownError::bad(name, &row, &e))? {
        let at = clock.read(&row[0]);
        let at = at.ok_or_else(|| TownError::bad(name, &row, &"the first column is no moment"))?;
        for (series, cell) in all.iter_mut().zip(row.iter().skip(1)) {
            let energy = cell.parse().map_err(|e| TownError::bad(name, &row, &e))?;
            series.samples.push(Sample { at, energy });
        }
    }
    Ok(all)
}

/// A quarter hour of the steel plant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quarter {
    /// Its begin; the file tells its end.
    pub at: Moment,
    /// 有功, kWh.
    pub active: Energy,
    /// 感性无功 (lagging), kvarh.
    pub lagging: Energy,
    /// 容性无功 (leading), kvarh.
    pub leading: Energy,
}

/// The steel plant's year, `interval_end,kwh,lag_kvarh,lead_kvarh,…`, in order.
///
/// # Errors
/// The file is absent, or a row is not of that form.
pub fn quarters(folder: &Path, name: &str) -> Result<Vec<Quarter>, TownError> {
    let mut reader = table(folder, name)?;
    let mut row = csv::StringRecord::new();
    let mut clock = Clock::default();
    let mut all = Vec::new();
    while reader.read_record(&mut row).map_err(|e| TownError::bad(name, &row, &e))? {
        let value = |n: usize| row[n].parse::<Energy>().map_err(|e| TownError::bad(name, &row, &e));
        let end = clock.read(&row[0]).ok_or_else(|| TownError::bad(name, &row, &"no moment"))?;
        all.push(Quarter { at: end.plus(-15), active: value(1)?, lagging: value(2)?, leading: value(3)? });
    }
    Ok(all)
}
