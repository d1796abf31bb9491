//! 实绩: the record of a person's work in a period, gathered from what the columns keep. A column that has something to tell of people adds a
//! line to [`SOURCES`].

use super::house::House;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::Month;
use denghuo_rules::targets::{
    Period, Rates, SEGMENT_TOPIC, SegmentRule, SegmentSum, WorkMeasure, WorkRecord, expected,
};
use denghuo_store::Conn;
use denghuo_store::targets as store;
use std::collections::BTreeMap;

/// The record of every person, by his key.
pub(super) type Records = BTreeMap<i64, WorkRecord>;

/// Tells what people did in a period.
type Source = fn(&mut Conn, &Work<'_>, &House, Period, &mut Records) -> Result<(), OfficeError>;

/// Who tells something of people.
const SOURCES: &[Source] = &[readings, notices, tickets, supervision, recovery, targets];

/// Everybody's record of a period.
pub(super) fn records(
    conn: &mut Conn,
    work: &Work<'_>,
    house: &House,
    period: Period,
) -> Result<Records, OfficeError> {
    let mut records = Records::new();
    for source in SOURCES {
        source(conn, work, house, period, &mut records)?;
    }
    records.retain(|_, record| !record.is_empty());
    Ok(records)
}

fn readings(
    conn: &mut Conn,
    _: &Work<'_>,
    _: &House,
    period: Period,
    records: &mut Records,
) -> Result<(), OfficeError> {
    for (staff_id, [read, estimated, corrected]) in
        store::readings_done(conn, period.first_day(), period.last_day())?
    {
        let record = records.entry(staff_id).or_default();
        record.add(WorkMeasure::Readings, read);
        record.add(WorkMeasure::EstimatedReadings, estimated);
        record.add(WorkMeasure::CorrectedReadings, corrected);
    }
    Ok(())
}

fn notices(
    conn: &mut Conn,
    _: &Work<'_>,
    house: &House,
    period: Period,
    records: &mut Records,
) -> Result<(), OfficeError> {
    for (route_id, [due, in_time]) in store::notices_done(conn, period.first_day(), period.last_day())? {
        if let Some(staff_id) = house.owner(route_id) {
            let record = records.entry(staff_id).or_default();
            record.add(WorkMeasure::Notices, due);
            record.add(WorkMeasure::NoticesOnTime, in_time);
        }
    }
    Ok(())
}

fn tickets(
    conn: &mut Conn,
    _: &Work<'_>,
    house: &House,
    period: Period,
    records: &mut Records,
) -> Result<(), OfficeError> {
    let (from, to) = (period.first_day(), period.last_day());
    for (code, [ended, in_time, rated, content]) in store::tickets_done(conn, from, to)? {
        let Ok(person) = house.person(&code) else { continue };
        let record = records.entry(person.staff_id).or_default();
        record.add(WorkMeasure::Tickets, ended);
        record.add(WorkMeasure::TicketsInTime, in_time);
        record.add(WorkMeasure::TicketsRated, rated);
        record.add(WorkMeasure::TicketsSatisfied, content);
    }
    for (route_id, [praise]) in store::praise_taken(conn, from, to)? {
        if let Some(staff_id) = house.owner(route_id) {
            records.entry(staff_id).or_default().add(WorkMeasure::Praise, praise);
        }
    }
    Ok(())
}

fn supervision(
    conn: &mut Conn,
    _: &Work<'_>,
    house: &House,
    period: Period,
    records: &mut Records,
) -> Result<(), OfficeError> {
    for (code, [findings, trainings]) in store::supervision_done(conn, period.first_day(), period.last_day())?
    {
        let Ok(person) = house.person(&code) else { continue };
        let record = records.entry(person.staff_id).or_default();
        record.add(WorkMeasure::Findings, findings);
        record.add(WorkMeasure::Trainings, trainings);
    }
    Ok(())
}

fn recovery(
    conn: &mut Conn,
    work: &Work<'_>,
    house: &House,
    period: Period,
    records: &mut Records,
) -> Result<(), OfficeError> {
    let picked = work.book.pick::<SegmentRule>(SEGMENT_TOPIC, &work.site, period.last_day())?;
    let rates = usual_rates(conn, &picked.params, period)?;
    for sum in segments_of(conn, &picked.params, period)? {
        if let Some(staff_id) = house.owner(sum.route_id) {
            let record = records.entry(staff_id).or_default();
            record.add(WorkMeasure::Receivable, sum.receivable.0);
            record.add(WorkMeasure::Received, sum.received.0);
            record.add(WorkMeasure::Expected, expected([&sum], &rates).0);
        }
    }
    Ok(())
}

fn targets(
    conn: &mut Conn,
    _: &Work<'_>,
    _: &House,
    period: Period,
    records: &mut Records,
) -> Result<(), OfficeError> {
    for (staff_id, amount) in store::targets_of_people(conn, period)? {
        records.entry(staff_id).or_default().add(WorkMeasure::Target, amount.0);
    }
    Ok(())
}

/// What was to be recovered in a period and was, by route and segment.
pub(super) fn segments_of(
    conn: &mut Conn,
    rule: &SegmentRule,
    period: Period,
) -> Result<Vec<SegmentSum>, OfficeError> {
    let look_from = Month::of(period.first_day()).plus(-rule.look_back_months).first_day();
    Ok(store::segment_sums(conn, (period.first_day(), period.last_day()), rule, look_from)?)
}

/// What the whole company usually recovers of each segment: in the periods before this one, as many as the rule's months hold; in this one
/// where there is nothing before it.
pub(super) fn usual_rates(conn: &mut Conn, rule: &SegmentRule, period: Period) -> Result<Rates, OfficeError> {
    let mut sums = Vec::new();
    for n in 1..=(rule.base_months / period.months()).max(1) {
        sums.extend(segments_of(conn, rule, period.before(n))?);
    }
    if sums.is_empty() {
        sums = segments_of(conn, rule, period)?;
    }
    Ok(Rates::of(&sums, rule))
}
