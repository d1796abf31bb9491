//! 示数入库: readings from wherever they come. A file or message is taken in whole or not at all; the same value again is
//! there already, another value for the same meter and day is refused.

use super::refusal::ReadingRefusal;
use crate::error::OfficeError;
use denghuo_rules::metering::{Dial, RegisterSet, Shown, Source};
use denghuo_rules::units::Ratio;
use denghuo_store::Conn;
use denghuo_store::day::Range;
use denghuo_store::metering::{self as store, KnownReading, MeterPlace, NewReading};
use denghuo_store::registry::{Registered as Kind, codes, meter_uses};
use jiff::civil::Date;
use std::collections::{HashMap, HashSet};

/// A reading as it comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingRow {
    /// Line of the file, or position in the message.
    pub line: u64,
    /// 户号
    pub account_no: Option<String>,
    /// 表号; needed where several meters hang at an account.
    pub meter_no: Option<String>,
    /// Day and registers.
    pub registers: RegisterSet,
    /// Where it comes from.
    pub source: Source,
    /// Moment, ms since 1970.
    pub taken_at: Option<i64>,
    /// Staff code of the reader.
    pub taken_by: Option<String>,
}

/// What was taken in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Registered {
    /// New readings.
    pub written: usize,
    /// Readings that were there with the same value.
    pub already_there: usize,
}

/// The lines that were refused; nothing of the others was taken in.
pub type Rejected = Vec<(u64, ReadingRefusal)>;

/// Rows handled with one load.
const CHUNK: usize = 50_000;
/// Up to so many rows each account is loaded by itself, beyond the whole range of the chunk.
const FEW: usize = 500;

/// Takes in readings, all or none.
///
/// # Errors
/// A failure of the database. What is wrong with rows is the inner error, complete and in order of lines.
pub fn readings_register(
    conn: &mut Conn,
    rows: &[ReadingRow],
    on: Date,
) -> Result<Result<Registered, Rejected>, OfficeError> {
    let mut rejected = Rejected::new();
    let mut keyed = resolve(conn, rows, &mut rejected)?;
    keyed.sort_by_key(|key| (key.account_id, key.row.registers.on, key.row.line));
    let mut plan = Plan::default();
    for chunk in keyed.chunks(CHUNK) {
        for part in ranges(chunk) {
            check(conn, part, on, &mut plan, &mut rejected)?;
        }
    }
    if !rejected.is_empty() {
        rejected.sort_by_key(|(line, _)| *line);
        return Ok(Err(rejected));
    }
    conn.write(|conn| {
        for (account_id, installation_no, on) in &plan.superseded {
            store::supersede(conn, *account_id, *installation_no, *on)?;
        }
        store::write_readings(conn, &plan.fresh)?;
        Ok(Ok(Registered { written: plan.fresh.len(), already_there: plan.already_there }))
    })
}

/// A row with the ids of what it names.
struct Keyed<'r> {
    row: &'r ReadingRow,
    account_id: i64,
    meter_id: Option<i64>,
    taken_by: Option<i64>,
}

#[derive(Default)]
struct Plan {
    fresh: Vec<NewReading>,
    superseded: Vec<(i64, i64, Date)>,
    already_there: usize,
}

fn resolve<'r>(
    conn: &mut Conn,
    rows: &'r [ReadingRow],
    rejected: &mut Rejected,
) -> Result<Vec<Keyed<'r>>, OfficeError> {
    let ids = |conn: &mut Conn, kind, pick: fn(&ReadingRow) -> Option<&String>| {
        let wanted: HashSet<&str> = rows.iter().filter_map(pick).map(String::as_str).collect();
        codes(conn, kind, &wanted.into_iter().collect::<Vec<_>>())
    };
    let accounts = ids(conn, Kind::Account, |row| row.account_no.as_ref())?;
    let meters = ids(conn, Kind::Meter, |row| row.meter_no.as_ref())?;
    let staff = ids(conn, Kind::Staff, |row| row.taken_by.as_ref())?;
    let without_account = |row: &&ReadingRow| row.account_no.is_none();
    let of_meter = |row: &ReadingRow| row.meter_no.as_ref().and_then(|no| meters.get(no)).copied();
    let lone: HashSet<i64> = rows.iter().filter(without_account).filter_map(of_meter).collect();
    let mut homes: HashMap<i64, Vec<(i64, Date)>> = HashMap::new();
    if !lone.is_empty() {
        for place in meter_uses(conn, &lone, &HashSet::new())? {
            homes.entry(place.meter_id).or_default().push((place.account_id, place.installed_on));
        }
    }
    let mut keyed = Vec::with_capacity(rows.len());
    for row in rows {
        let known = |no: &Option<String>, ids: &HashMap<String, i64>, refusal| match no {
            None => Ok(None),
            Some(no) => ids.get(no).copied().map(Some).ok_or(refusal),
        };
        let key = || {
            let account = known(&row.account_no, &accounts, ReadingRefusal::UnknownAccount)?;
            let meter_id = known(&row.meter_no, &meters, ReadingRefusal::UnknownMeter)?;
            let taken_by = known(&row.taken_by, &staff, ReadingRefusal::UnknownStaff)?;
            let account_id = match (account, meter_id) {
                (Some(account), _) => account,
                (None, None) => return Err(ReadingRefusal::NoKey),
                (None, Some(meter)) => home_of(homes.get(&meter), row.registers.on)?,
            };
            Ok(Keyed { row, account_id, meter_id, taken_by })
        };
        match key() {
            Ok(key) => keyed.push(key),
            Err(refusal) => rejected.push((row.line, refusal)),
        }
    }
    Ok(keyed)
}

/// The account at which a meter hung last on a day.
fn home_of(places: Option<&Vec<(i64, Date)>>, on: Date) -> Result<i64, ReadingRefusal> {
    let places = places.map(Vec::as_slice).unwrap_or_default();
    let last =
        places.iter().filter(|(_, installed_on)| *installed_on <= on).max_by_key(|(_, installed)| *installed);
    match (last, places.iter().map(|(_, installed_on)| *installed_on).min()) {
        (Some((account, _)), _) => Ok(*account),
        (None, Some(installed_on)) => Err(ReadingRefusal::BeforeInstallation { installed_on }),
        (None, None) => Err(ReadingRefusal::UnknownMeter),
    }
}

/// A chunk as it stands, or account by account where it is small.
fn ranges<'k, 'r>(chunk: &'k [Keyed<'r>]) -> Vec<&'k [Keyed<'r>]> {
    if chunk.len() > FEW {
        return vec![chunk];
    }
    chunk.chunk_by(|a, b| a.account_id == b.account_id).collect()
}

fn check(
    conn: &mut Conn,
    part: &[Keyed<'_>],
    on: Date,
    plan: &mut Plan,
    rejected: &mut Rejected,
) -> Result<(), OfficeError> {
    let (Some(first), Some(last)) = (part.first(), part.last()) else { return Ok(()) };
    let range = Range { from: first.account_id, to: last.account_id };
    let days = || part.iter().map(|key| key.row.registers.on);
    let span = (days().min().unwrap_or(on), days().max().unwrap_or(on));
    let places = store::meter_places(conn, range)?;
    let mut there: HashMap<(i64, i64, Date), KnownReading> = HashMap::new();
    for known in store::known_readings(conn, range, span)? {
        let key = (known.account_id, known.shown.installation_no, known.shown.registers.on);
        let version = there.get(&key).map_or(known.version, |other| other.version.max(known.version));
        let kept = there.entry(key).or_insert(known);
        if known.is_current || !kept.is_current {
            *kept = known;
        }
        kept.version = version;
    }
    let mut lines: HashMap<(i64, i64, Date), (u64, RegisterSet)> = HashMap::new();
    for key in part {
        if let Err(refusal) = check_one(key, &places, &there, &mut lines, on, plan) {
            rejected.push((key.row.line, refusal));
        }
    }
    Ok(())
}

fn check_one(
    key: &Keyed<'_>,
    places: &[MeterPlace],
    there: &HashMap<(i64, i64, Date), KnownReading>,
    lines: &mut HashMap<(i64, i64, Date), (u64, RegisterSet)>,
    today: Date,
    plan: &mut Plan,
) -> Result<(), ReadingRefusal> {
    let registers = key.row.registers;
    if registers.on > today {
        return Err(ReadingRefusal::InFuture { today });
    }
    let place = place_of(key, places)?;
    let dial = Dial { digits: u8::try_from(place.digits).unwrap_or(0), multiplier: Ratio::ONE };
    if dial.range().is_some_and(|range| registers.registers().any(|(_, shown)| shown >= range)) {
        return Err(ReadingRefusal::BeyondDial { digits: place.digits });
    }
    let at = (key.account_id, place.installation_no, registers.on);
    if let Some((line, first)) = lines.insert(at, (key.row.line, registers)) {
        plan.already_there += 1;
        return if first == registers { Ok(()) } else { Err(ReadingRefusal::TwiceInFile { line }) };
    }
    let known = there.get(&at);
    if let Some(known) = known.filter(|known| known.is_current) {
        if known.shown.registers == registers {
            plan.already_there += 1;
            return Ok(());
        }
        // A real reading takes the place of an estimate as long as nothing was billed on it.
        if known.shown.source != Source::Provisional {
            return Err(ReadingRefusal::OtherValue { there: known.shown.registers.total.to_string() });
        }
        plan.superseded.push(at);
    }
    if let Some(billed_to) = place.billed_to.filter(|billed_to| registers.on <= *billed_to) {
        return Err(ReadingRefusal::Billed { billed_to });
    }
    plan.fresh.push(NewReading {
        account_id: key.account_id,
        version: known.map_or(1, |known| known.version + 1),
        shown: Shown { installation_no: place.installation_no, source: key.row.source, registers },
        taken_at: key.row.taken_at,
        taken_by: key.taken_by,
    });
    Ok(())
}

/// The installation that a reading belongs to.
fn place_of<'p>(key: &Keyed<'_>, places: &'p [MeterPlace]) -> Result<&'p MeterPlace, ReadingRefusal> {
    let on = key.row.registers.on;
    let start = places.partition_point(|place| place.account_id < key.account_id);
    let own = places[start..].iter().take_while(|place| place.account_id == key.account_id);
    let own: Vec<&MeterPlace> =
        own.filter(|place| key.meter_id.is_none_or(|id| id == place.meter_id)).collect();
    let stands = |place: &&&MeterPlace| {
        place.installed_on <= on && place.removed_on.is_none_or(|removed| on <= removed)
    };
    let mut standing = own.iter().filter(stands);
    match (standing.next(), standing.next()) {
        (Some(place), None) => return Ok(place),
        // The same meter, taken off and put back that day: its new part begins here.
        (Some(_), Some(later)) if key.meter_id.is_some() => return Ok(later),
        (Some(_), Some(_)) => return Err(ReadingRefusal::WhichMeter),
        (None, _) => {}
    }
    let began = own.iter().map(|place| place.installed_on).min();
    let ended =
        own.iter().filter(|place| place.installed_on <= on).filter_map(|place| place.removed_on).max();
    Err(match (ended, began) {
        (Some(removed_on), _) => ReadingRefusal::AfterRemoval { removed_on },
        (None, Some(installed_on)) => ReadingRefusal::BeforeInstallation { installed_on },
        (None, None) => ReadingRefusal::OtherAccount,
    })
}
