//! What was done in the field, through the use case of its column.

use super::deed::{Act, Deed, DeedFile, DeedRefusal, RegisterValue, SignerShown};
use super::sync::{NO_READING, alone, subject_of};
use crate::disconnection::{CutCall, cut_call, cut_confirm};
use crate::error::OfficeError;
use crate::evidence::{NewEvidence, evidence_add};
use crate::metering::{ReadingRefusal, ReadingRow, account_verdict, readings_register};
use crate::notices::{ServiceReport, notice_refused, notice_serve};
use crate::supervision::training::certificate_gate;
use crate::work::Work;
use denghuo_rules::derivation::{Bilingual, Recorder, Step};
use denghuo_rules::evidence::EvidenceKind;
use denghuo_rules::metering::{MeteringRules, RegisterKind, RegisterSet, Source};
use denghuo_rules::notices::service::ServiceWay;
use denghuo_rules::supervision::training::CertifiedAct;
use denghuo_rules::units::Demand;
use denghuo_store::tasks::{self, NewTask};
use denghuo_store::{Conn, disconnection, metering};
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

/// What was kept: numbers of the proofs, and what the verdict says.
type Kept = (Vec<i64>, Vec<Step>);

/// Does a deed, in the running transaction.
pub(super) fn act(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    deed: &Deed,
) -> Result<Kept, OfficeError> {
    match &deed.act {
        Act::Reading { meter_no, registers, max_demand_kw, last_on, photo } => {
            let values = (registers.as_slice(), *max_demand_kw);
            let taken = Taken { account_id, deed, meter_no, last_on: *last_on };
            let verdict = read_meter(conn, work, &taken, values)?;
            Ok((photos(conn, work, account_id, deed, photo.iter().collect())?, verdict))
        }
        Act::NoReading { meter_no, reason, note, photo } => {
            let on = deed.happened_at.date();
            let more = note.as_deref().unwrap_or_default();
            let task = NewTask {
                account_id,
                kind: NO_READING,
                subject: format!("{meter_no}:{on}"),
                codes: reason.word().to_owned(),
                detail: Bilingual::new(
                    format!("表{meter_no}未抄:{} {more}", reason.zh()),
                    format!("meter {meter_no} was not read: {} {more}", reason.in_english()),
                ),
                owner_role: "verifier",
                opened_on: on,
                due_on: None,
            };
            tasks::open(conn, &[task])?;
            Ok((photos(conn, work, account_id, deed, photo.iter().collect())?, Vec::new()))
        }
        Act::NoticeServed { .. } | Act::NoticeRefused { .. } => {
            serve(conn, work, account_id, deed).map(|kept| (kept, Vec::new()))
        }
        Act::CutCall { told_cut_at, outcome } => {
            let call =
                CutCall { account_id, told_cut_at: *told_cut_at, outcome: *outcome, evidence_no: None };
            cut_call(conn, work, &call, deed.happened_at)?;
            Ok((Vec::new(), Vec::new()))
        }
        Act::CutConfirm { done, photo, .. } => confirm(conn, work, account_id, deed, ("cut", *done, photo)),
        Act::RestoreConfirm { done, photo, .. } => {
            confirm(conn, work, account_id, deed, ("restore", *done, photo))
        }
        Act::Photo { photo, .. } => Ok((photos(conn, work, account_id, deed, vec![photo])?, Vec::new())),
    }
}

/// Which meter was read.
struct Taken<'d> {
    account_id: i64,
    deed: &'d Deed,
    meter_no: &'d str,
    last_on: Option<Date>,
}

fn read_meter(
    conn: &mut Conn,
    work: &Work<'_>,
    taken: &Taken<'_>,
    (values, max_demand): (&[RegisterValue], Option<Demand>),
) -> Result<Vec<Step>, OfficeError> {
    let on = taken.deed.happened_at.date();
    certificate_gate(conn, work, (CertifiedAct::Read, &work.by), on)?;
    let total = values.iter().find(|register| register.kind == RegisterKind::Total);
    let total = total.ok_or_else(|| OfficeError::refuse(DeedRefusal::NoTotal))?.value;
    let mut registers = RegisterSet::total_only(on, total);
    for register in values {
        registers.set(register.kind, register.value);
    }
    registers.max_demand = max_demand.unwrap_or_default();
    let known = metering::reading_history(conn, taken.account_id, 40)?;
    let others = known.iter().filter(|past| {
        past.is_current
            && past.meter_no == taken.meter_no
            && past.shown.source != Source::Provisional
            && taken.last_on.is_some_and(|last_on| past.shown.registers.on > last_on)
    });
    if let Some(other) = others.max_by_key(|past| past.shown.registers.on)
        && other.shown.registers != registers
    {
        let there = &other.shown.registers;
        return Err(OfficeError::refuse(DeedRefusal::ReadMeanwhile { on: there.on, total: there.total }));
    }
    let row = ReadingRow {
        line: 1,
        account_no: Some(taken.deed.account_no.clone()),
        meter_no: Some(taken.meter_no.to_owned()),
        registers,
        source: Source::Field,
        taken_at: Some(milliseconds(taken.deed.happened_at)),
        taken_by: Some(work.by.clone()),
    };
    if let Err(rejected) = readings_register(conn, &[row], on)? {
        let refusal = rejected.into_iter().next().map_or(ReadingRefusal::NoKey, |(_, refusal)| refusal);
        return Err(OfficeError::refuse(refusal));
    }
    verdict(conn, work, taken.account_id, on)
}

/// Milliseconds since 1970 of a moment in Beijing time.
fn milliseconds(at: DateTime) -> i64 {
    Offset::constant(8).to_timestamp(at).map_or(0, jiff::Timestamp::as_millisecond)
}

/// What is doubtful about an account's reading as it stands; the business day says it again and opens the tasks.
fn verdict(conn: &mut Conn, work: &Work<'_>, account_id: i64, on: Date) -> Result<Vec<Step>, OfficeError> {
    let range = alone(account_id);
    let Some(account) = metering::due_accounts(conn, on, range)?.into_iter().next() else {
        return Ok(Vec::new());
    };
    let rules = MeteringRules::load(work.book, &work.site, on)?;
    let own = |rows: Vec<(i64, _)>| rows.into_iter().map(|(_, row)| row).collect::<Vec<_>>();
    let installed = own(metering::installations(conn, range, account.since())?);
    let shown: Vec<_> = metering::readings(conn, range, on)?.into_iter().map(|(_, row)| row).collect();
    let mut told = Recorder::default();
    let _ = account_verdict(&account, &installed, &shown, on, &rules, &mut told);
    Ok(told.steps)
}

fn serve(conn: &mut Conn, work: &Work<'_>, account_id: i64, deed: &Deed) -> Result<Vec<i64>, OfficeError> {
    let place = deed.place.as_ref().map(super::Place::told);
    let report =
        |way, signer: &Option<SignerShown>, witness: &Option<String>, note: &Option<String>| ServiceReport {
            place: place.clone(),
            signer: signer.as_ref().map(|signer| signer.name.clone()),
            signer_role: signer.as_ref().map(|signer| signer.role),
            witness: witness.clone(),
            note: note.clone(),
            ..ServiceReport::new(way, deed.happened_at)
        };
    match &deed.act {
        Act::NoticeServed { notice_no, way, signer, witness, note, signature, photo } => {
            // What proves the way best goes with it; the other is a proof of its own.
            let (first, second) =
                if *way == ServiceWay::Signed { (signature, photo) } else { (photo, signature) };
            let (first, second) = if first.is_some() { (first, second) } else { (second, first) };
            let report = ServiceReport {
                file: first.as_ref().map(DeedFile::decoded).transpose()?,
                ..report(*way, signer, witness, note)
            };
            let notice = notice_serve(conn, work, (account_id, *notice_no), &report)?;
            let mut kept: Vec<i64> = notice.evidence_no.into_iter().collect();
            kept.extend(photos(conn, work, account_id, deed, second.iter().collect())?);
            Ok(kept)
        }
        Act::NoticeRefused { notice_no, signer, witness, note, photo } => {
            let report = ServiceReport {
                file: photo.as_ref().map(DeedFile::decoded).transpose()?,
                ..report(ServiceWay::Signed, signer, witness, note)
            };
            Ok(vec![notice_refused(conn, work, (account_id, *notice_no), &report)?])
        }
        _ => Ok(Vec::new()),
    }
}

fn confirm(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    deed: &Deed,
    (kind, done, photo): (&str, bool, &Option<DeedFile>),
) -> Result<Kept, OfficeError> {
    let operations = disconnection::operations_of(conn, account_id)?;
    let waits = |state: &str| matches!(state, "ordered" | "confirm_at_meter" | "doubtful");
    if !operations.iter().any(|operation| operation.kind == kind && waits(&operation.state)) {
        return Err(OfficeError::refuse(DeedRefusal::NoOperation));
    }
    let evidence = photos(conn, work, account_id, deed, photo.iter().collect())?;
    cut_confirm(conn, work, account_id, (done, evidence.first().copied()), deed.happened_at)?;
    Ok((evidence, Vec::new()))
}

fn photos(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    deed: &Deed,
    files: Vec<&DeedFile>,
) -> Result<Vec<i64>, OfficeError> {
    let mut kept = Vec::new();
    for file in files {
        let proof = NewEvidence {
            place: deed.place.as_ref().map(super::Place::told),
            note: Some(deed.act.told().zh),
            file: Some(file.decoded()?),
            ..NewEvidence::new(
                EvidenceKind::Photo,
                &subject_of(conn, account_id, deed)?,
                deed.happened_at,
                &work.by,
            )
        };
        kept.push(evidence_add(conn, work, account_id, &proof)?);
    }
    Ok(kept)
}
