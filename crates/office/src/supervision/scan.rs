//! 规则扫描: every check of the book looks at the records of some days; what was found before stays as it is.

use super::found::{Draft, keep};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::{Month, days_between, plus_days};
use denghuo_rules::rulebook::{NoRule, Picked};
use denghuo_rules::supervision::training::{ActRule, CertifiedAct};
use denghuo_rules::supervision::{
    Act, Check, CheckRule, FindingSource, Hit, acts, acts_within, paces, shares,
};
use denghuo_store::supervision as store;
use denghuo_store::{Conn, notices};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What a scan came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scanned {
    /// What the checks hit.
    pub hits: i64,
    /// Findings that are new.
    pub found: i64,
}

/// Looks at the records of the days from one through another, and at the months that ended in between; writes the findings that are new.
///
/// # Errors
/// A missing rule, or the database's.
pub fn scan(
    conn: &mut Conn,
    work: &Work<'_>,
    (from, to): (Date, Date),
    on: Date,
) -> Result<Scanned, OfficeError> {
    conn.write(|conn| {
        let mut hits = Vec::new();
        for check in Check::ALL {
            let site = work.site.clone().with("check", check.word());
            let picked = match work.book.pick::<CheckRule>(CheckRule::TOPIC, &site, on) {
                Ok(picked) => picked,
                Err(NoRule::Missing { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
            if !picked.params.off {
                hits.extend(hits_of(conn, work, *check, &picked, (from, to), on)?);
            }
        }
        store::lock(conn, "finding")?;
        let keys: Vec<&str> = hits.iter().map(|hit| hit.key.as_str()).collect();
        let mut known = store::known_keys(conn, &keys)?;
        let count = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
        let all = count(hits.len());
        let fresh: Vec<Draft> =
            hits.into_iter().filter(|hit| known.insert(hit.key.clone())).map(draft).collect();
        let found = count(keep(conn, work, fresh, on)?.len());
        Ok(Scanned { hits: all, found })
    })
}

fn draft(hit: Hit) -> Draft {
    Draft {
        source: FindingSource::Rule,
        subject: hit.check.word().to_owned(),
        phase: hit.check.phase(),
        severity: hit.severity,
        said: hit.text(),
        rule: hit.rule,
        account_id: hit.account_id,
        about: hit.about,
        person: hit.person,
        org_id: hit.org_id,
        measured: (hit.measured, hit.limit, hit.count),
        evidence_no: None,
        once_key: Some(hit.key),
    }
}

/// What one check hits.
fn hits_of(
    conn: &mut Conn,
    work: &Work<'_>,
    check: Check,
    picked: &Picked<'_, CheckRule>,
    span: (Date, Date),
    on: Date,
) -> Result<Vec<Hit>, OfficeError> {
    let rule = (picked.rule.id.as_str(), &picked.params);
    if check.is_monthly() {
        let mut hits = Vec::new();
        for month in ended_months(span) {
            let rows = match check {
                Check::EstimatedShare => store::estimated_shares(conn, month)?,
                Check::ReadEqualsLast => store::same_shares(conn, month)?,
                Check::WaiverShare => store::waiver_shares(conn, month)?,
                _ => store::taken_back_shares(conn, month)?,
            };
            hits.extend(shares(check, rule, &month.to_string(), &rows));
        }
        return Ok(hits);
    }
    Ok(match check {
        Check::ReadingTooFast => paces(rule, &store::paces(conn, span)?),
        Check::RouteWithoutReader => acts_within(check, rule, &routes(conn, on)?),
        Check::ReaderIsVerifier => acts(check, rule, &store::readers_who_verify(conn)?),
        Check::CertificateMissing => acts(check, rule, &uncertified(conn, work, on)?),
        Check::SamePersonBothKeys => acts(check, rule, &store::acts_with_both_keys(conn, span)?),
        Check::LateNotice => acts(check, rule, &late(conn, span)?),
        Check::WaiverAmount => acts(check, rule, &store::waiver_acts(conn, span)?),
        Check::WriteOff => acts(check, rule, &store::acts_of_write_offs(conn, span)?),
        _ => acts(check, rule, &store::tickets_late(conn, span)?),
    })
}

/// The months whose last day lies among the days, the last of them excluded: that day is not over.
fn ended_months((from, to): (Date, Date)) -> Vec<Month> {
    let mut months = Vec::new();
    let mut month = Month::of(from);
    while month.last_day() < to {
        months.push(month);
        month = month.plus(1);
    }
    months
}

/// Routes that are due and have no reader, with the days that are left.
fn routes(conn: &mut Conn, on: Date) -> Result<Vec<Act>, OfficeError> {
    let mut rows = Vec::new();
    for (code, org_id, read_day, cycle, first) in store::routes_without_reader(conn)? {
        let Some(first) = first else { continue };
        let day = i8::try_from(read_day).unwrap_or(28);
        // The day of this month or of the next; a route of two months is not due in each.
        let next = (0..=cycle.max(1)).filter_map(|ahead| {
            let month = Month::of(on).plus(i32::try_from(ahead).unwrap_or(0));
            let due = month.day_or_last(day);
            let is_due = i64::from(month.since(first)).rem_euclid(cycle.max(1)) == 0;
            (is_due && due >= on).then_some((month, due))
        });
        if let Some((month, due)) = next.min_by_key(|(_, due)| *due) {
            rows.push(Act {
                key: format!("{code}:{month}"),
                person: None,
                org_id,
                account_id: 0,
                about: format!("route:{code}"),
                value: days_between(on, due),
                count: 1,
            });
        }
    }
    Ok(rows)
}

/// Who is set to do what wants a certificate that he has not.
fn uncertified(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<Vec<Act>, OfficeError> {
    let mut rows = Vec::new();
    for act in CertifiedAct::ALL {
        let Some(picked) = ActRule::of(work.book, &work.site, *act, on)? else { continue };
        for (person, org_id) in store::certificates_wanted(conn, (*act, &picked.params.course), on)? {
            rows.push(Act {
                key: format!("{}:{person}:{}", act.word(), Month::of(on)),
                person: Some(person),
                org_id,
                account_id: 0,
                about: format!("course:{}", picked.params.course),
                value: 1,
                count: 1,
            });
        }
    }
    Ok(rows)
}

/// Notices that had not arrived by their day, summed up by unit, kind and day.
fn late(conn: &mut Conn, (from, to): (Date, Date)) -> Result<Vec<Act>, OfficeError> {
    let mut groups: BTreeMap<(i64, &'static str, Date), Act> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for late in notices::late_notices(conn, from, plus_days(to, -1))? {
        let notice = late.notice;
        if !seen.insert((notice.account_id, notice.notice_no)) {
            continue;
        }
        let place = (late.org_id, notice.kind.word(), notice.due_by);
        let act = groups.entry(place).or_insert_with(|| Act {
            key: format!("{}:{}:{}", place.0, place.1, place.2),
            person: None,
            org_id: late.org_id,
            account_id: notice.account_id,
            about: format!("notice:{}", notice.notice_no),
            value: 0,
            count: 0,
        });
        act.value += 1;
        act.count += 1;
    }
    Ok(groups.into_values().collect())
}
