//! 停电执行: the warrant, the one operation that it allows, and what came of it.

use super::facts::{Loaded, load};
use super::{CutRefusal, cases, live, notices, restore, stage, standing};
use crate::access;
use crate::error::OfficeError;
use crate::ports::{PortError, RemoteRelay};
use crate::supervision::training::certificate_gate;
use crate::webhooks::{self, HookEvent, HookFact};
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::disconnection::{CutOrder, CutRefused, CutState, KeptWarrant, Warrant};
use denghuo_rules::refusal::Refusal;
use denghuo_rules::supervision::training::CertifiedAct;
use denghuo_store::disconnection::{self as store, CutCase, OperationRow, WarrantRow};
use denghuo_store::tasks::{self, NewTask, Resolution};
use denghuo_store::{Conn, ledger};
use jiff::civil::DateTime;

/// Task when nobody knows whether a relay did it.
pub const DOUBTFUL: &str = "cut_doubtful";

/// How power is cut.
#[derive(Clone, Copy)]
pub enum Channel<'r> {
    /// 现场: by field staff, who confirm it.
    Field,
    /// 远程: by the relay of the meter.
    Remote(&'r dyn RemoteRelay),
}

impl Channel<'_> {
    fn word(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Remote(_) => "remote",
        }
    }
}

/// What an order to cut came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executed {
    /// The operation.
    pub operation: OperationRow,
    /// What every gate said, as JSON.
    pub gates: String,
}

/// Makes a warrant, or gives the one that is still good.
///
/// # Errors
/// A [`CutRefusal`], the gates that do not hold, or the database's.
pub fn warrant_issue(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    at: DateTime,
) -> Result<WarrantRow, OfficeError> {
    work.check_date(at.date())?;
    committed(conn, |conn| {
        access::on_staff(conn, &work.by, at.date())?;
        ledger::lock(conn, account_id)?;
        let mut case = live(conn, account_id)?;
        stage::take_service(conn, work, &mut case, at)?;
        standing(&case, &[CutState::Served])?;
        nothing_open(conn, &case)?;
        let loaded = load(conn, work, account_id, Some(&case), at)?;
        if let Some(row) = store::live_warrant(conn, account_id, case.case_no)? {
            match Warrant::taken_up(&kept(&row), &loaded.facts, &loaded.law, at) {
                Ok(_) => return Ok(Ok(row)),
                Err(why) => end(conn, &row, &why, at)?,
            }
        }
        let warrant_no = store::last_warrant_no(conn, account_id, case.case_no)? + 1;
        let warrant = match Warrant::issue(&loaded.facts, &loaded.law, warrant_no, at) {
            Ok(warrant) => warrant,
            Err(refused) => return Ok(Err(Refusal::from(refused))),
        };
        let kept = warrant.kept();
        let row = WarrantRow {
            account_id,
            case_no: case.case_no,
            warrant_no,
            state: "live".to_owned(),
            made_at: kept.made_at,
            made_by: work.by.clone(),
            expires_at: kept.expires_at,
            entry_no: kept.entry_no,
            gates: as_json(warrant.findings()),
            rules: loaded.law.rule_ids().join(","),
            ended_at: None,
            ended_why: None,
        };
        store::insert_warrant(conn, &row)?;
        keep_grounds(conn, &case, &loaded, warrant.bills())?;
        cases::mark(conn, work, &case, ("cut.warrant", None, Some(&warrant_no.to_string())), at.date())?;
        Ok(Ok(row))
    })
}

/// Runs a transaction whose refusal is kept too: what was found on the way to it, such as a revoked warrant, stays.
fn committed<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<Result<T, Refusal>, OfficeError>,
) -> Result<T, OfficeError> {
    conn.write(work)?.map_err(OfficeError::Refused)
}

fn as_json(findings: &[denghuo_rules::disconnection::Finding]) -> String {
    serde_json::to_string(findings).expect("plain values become JSON")
}

fn kept(row: &WarrantRow) -> KeptWarrant {
    KeptWarrant {
        account_id: row.account_id,
        case_no: row.case_no,
        warrant_no: row.warrant_no,
        entry_no: row.entry_no,
        made_at: row.made_at,
        expires_at: row.expires_at,
    }
}

/// Ends a kept warrant that is good no more.
fn end(conn: &mut Conn, row: &WarrantRow, why: &CutRefused, at: DateTime) -> Result<(), OfficeError> {
    let state = if matches!(why, CutRefused::Expired { .. }) { "expired" } else { "revoked" };
    let reason = Refusal::from(why.clone()).code;
    store::end_warrant(conn, (row.account_id, row.case_no, row.warrant_no), (state, reason), at)?;
    Ok(())
}

fn nothing_open(conn: &mut Conn, case: &CutCase) -> Result<(), OfficeError> {
    let operations = store::operations_of(conn, case.account_id)?;
    match operations.iter().any(|o| o.case_no == case.case_no && cases::is_open(&o.state)) {
        true => Err(OfficeError::refuse(CutRefusal::WrongState { state: case.state })),
        false => Ok(()),
    }
}

fn keep_grounds(
    conn: &mut Conn,
    case: &CutCase,
    loaded: &Loaded<'_>,
    bills: &[i64],
) -> Result<(), OfficeError> {
    let debts = loaded.facts.debts.iter().filter(|debt| bills.contains(&debt.bill_no));
    let rows: Vec<_> = debts.map(|debt| (debt.bill_no, debt.open)).collect();
    Ok(store::keep_case_bills(conn, (case.account_id, case.case_no), &rows)?)
}

/// Cuts power on the live warrant of a case. In one transaction under the account's lock every gate is asked again and the books
/// stand as they stood when the warrant was made; a remote relay hears of it only after that is kept.
///
/// # Errors
/// A [`CutRefusal`], the gates that do not hold, or the database's.
pub fn cut_execute(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    channel: Channel<'_>,
    at: DateTime,
) -> Result<Executed, OfficeError> {
    work.check_date(at.date())?;
    let (order, mut operation) = committed(conn, |conn| {
        access::on_staff(conn, &work.by, at.date())?;
        certificate_gate(conn, work, (CertifiedAct::Cut, &work.by), at.date())?;
        ledger::lock(conn, account_id)?;
        let case = live(conn, account_id)?;
        standing(&case, &[CutState::Served])?;
        nothing_open(conn, &case)?;
        let row = store::live_warrant(conn, account_id, case.case_no)?
            .ok_or_else(|| OfficeError::refuse(CutRefusal::NoWarrant))?;
        let loaded = load(conn, work, account_id, Some(&case), at)?;
        let warrant = match Warrant::taken_up(&kept(&row), &loaded.facts, &loaded.law, at) {
            Ok(warrant) => warrant,
            Err(why) => {
                end(conn, &row, &why, at)?;
                stage::tend(conn, work, account_id, at)?;
                return Ok(Err(Refusal::from(why)));
            }
        };
        // A call that was forgotten does not cost the warrant: it stays live for the same day.
        let order = match warrant.consume(&loaded.facts, &loaded.law, at) {
            Ok(order) => order,
            Err(why) => return Ok(Err(Refusal::from(why))),
        };
        keep_grounds(conn, &case, &loaded, order.bills())?;
        let operation = operation_order(conn, work, &order, channel, at)?;
        cases::mark(conn, work, &case, ("cut.execute", None, Some(channel.word())), at.date())?;
        Ok(Ok((order, operation)))
    })?;
    let gates = as_json(order.findings());
    if let Channel::Remote(relay) = channel {
        let outcome = relayed(conn, relay, &order, &operation, at)?;
        operation = conclude(conn, work, &operation, outcome, at)?;
    }
    Ok(Executed { operation, gates })
}

/// Writes the one operation of an order.
fn operation_order(
    conn: &mut Conn,
    work: &Work<'_>,
    order: &CutOrder,
    channel: Channel<'_>,
    at: DateTime,
) -> Result<OperationRow, OfficeError> {
    let key = (order.account_id(), order.case_no(), order.warrant_no());
    if !store::consume_warrant(conn, key, &as_json(order.findings()), at)? {
        return Err(OfficeError::refuse(CutRefusal::NoWarrant));
    }
    let row = OperationRow {
        account_id: order.account_id(),
        operation_no: store::last_operation_no(conn, order.account_id())? + 1,
        case_no: order.case_no(),
        kind: "cut".to_owned(),
        channel: channel.word().to_owned(),
        state: "ordered".to_owned(),
        warrant_no: Some(order.warrant_no()),
        ordered_at: at,
        ordered_by: work.by.clone(),
        due_at: None,
        done_at: None,
        done_by: None,
        detail: None,
        evidence_no: None,
    };
    store::save_operation(conn, &row)?;
    Ok(row)
}

/// The key under which a relay hears of an operation.
pub fn key_of(operation: &OperationRow) -> String {
    format!("{}-{}", operation.account_id, operation.operation_no)
}

/// Opens the relays of an account; the first that does not do it ends it, and after one that did, the rest is in doubt.
fn relayed(
    conn: &mut Conn,
    relay: &dyn RemoteRelay,
    order: &CutOrder,
    operation: &OperationRow,
    at: DateTime,
) -> Result<Result<(), PortError>, OfficeError> {
    let meters = store::meters_of(conn, order.account_id(), at.date())?;
    if meters.is_empty() {
        return Ok(Err(PortError::Never("no meter hangs there: 无在装电能表".to_owned())));
    }
    for (n, meter_no) in meters.iter().enumerate() {
        if let Err(error) = relay.open(order, &key_of(operation), meter_no) {
            return Ok(Err(if n == 0 { error } else { PortError::Unknown(error.to_string()) }));
        }
    }
    Ok(Ok(()))
}

/// Keeps what a relay said of a cut.
fn conclude(
    conn: &mut Conn,
    work: &Work<'_>,
    operation: &OperationRow,
    outcome: Result<(), PortError>,
    at: DateTime,
) -> Result<OperationRow, OfficeError> {
    conn.write(|conn| {
        ledger::lock(conn, operation.account_id)?;
        let mut row = operation.clone();
        match outcome {
            Ok(()) => return cut_done(conn, work, row, at, at),
            Err(PortError::Unknown(why)) => {
                doubtful(conn, &mut row, &why, at)?;
            }
            Err(PortError::Later(why) | PortError::Never(why)) => {
                row.state = "failed".to_owned();
                row.detail = Some(why);
            }
        }
        store::save_operation(conn, &row)?;
        Ok(row)
    })
}

/// Nobody knows whether it was done: somebody has to look, and no second command is sent.
pub fn doubtful(conn: &mut Conn, row: &mut OperationRow, why: &str, at: DateTime) -> Result<(), OfficeError> {
    row.state = "doubtful".to_owned();
    row.detail = Some(why.to_owned());
    let task = NewTask {
        account_id: row.account_id,
        kind: DOUBTFUL,
        subject: format!("operation:{}", row.operation_no),
        codes: row.kind.clone(),
        detail: Bilingual::new(
            format!("远程操作结果不明,须到现场核实:{why}"),
            format!("nobody knows whether the remote operation was done: look on site; {why}"),
        ),
        owner_role: "inspector",
        opened_on: at.date(),
        due_on: Some(at.date()),
    };
    tasks::open(conn, &[task])?;
    store::save_operation(conn, row)?;
    Ok(())
}

/// What other systems are told of an operation that was carried out.
fn told(row: &OperationRow, event: HookEvent, at: DateTime) -> HookFact {
    HookFact {
        account_id: row.account_id,
        event,
        no: row.operation_no,
        happened_on: at.date(),
        data: serde_json::json!({ "operation_no": row.operation_no, "channel": row.channel, "done_at": at }),
    }
}

/// Power is off: keeps it, and looks at once whether somebody has paid meanwhile.
fn cut_done(
    conn: &mut Conn,
    work: &Work<'_>,
    mut row: OperationRow,
    done_at: DateTime,
    at: DateTime,
) -> Result<OperationRow, OfficeError> {
    row.state = "done".to_owned();
    row.done_at = Some(done_at);
    row.done_by = Some(work.by.clone());
    store::save_operation(conn, &row)?;
    webhooks::tell(conn, work, &[told(&row, HookEvent::CutExecuted, done_at)])?;
    let mut case = live(conn, row.account_id)?;
    case.state = CutState::Cut;
    case.next_on = cases::NEVER;
    store::save_case(conn, &case)?;
    cases::answered(conn, work, &case, ("done", ""), at.date())?;
    stage::tend(conn, work, row.account_id, at)?;
    Ok(row)
}

/// What field staff found at the meter about the operation that waits: `done`, or not. `at` is when it was done.
///
/// # Errors
/// A [`CutRefusal`], or the database's.
pub fn cut_confirm(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    (done, evidence_no): (bool, Option<i64>),
    at: DateTime,
) -> Result<OperationRow, OfficeError> {
    conn.write(|conn| {
        access::on_staff(conn, &work.by, at.date())?;
        ledger::lock(conn, account_id)?;
        let mut case = live(conn, account_id)?;
        let operations = store::operations_of(conn, account_id)?;
        let open = operations.into_iter().find(|o| o.case_no == case.case_no && cases::is_open(&o.state));
        let mut row = open.ok_or_else(|| OfficeError::refuse(CutRefusal::NoOperation))?;
        if at < row.ordered_at {
            return Err(OfficeError::refuse(CutRefusal::WrongMoment));
        }
        row.evidence_no = evidence_no.or(row.evidence_no);
        let resolution = Resolution {
            decision: if done { "done" } else { "failed" },
            by: &work.by,
            on: at.date(),
            note: "",
        };
        let subject = format!("operation:{}", row.operation_no);
        let was_doubtful = tasks::resolve(conn, (account_id, DOUBTFUL, &subject), &resolution)?;
        if row.kind == "restore" {
            return restored(conn, work, (&mut case, row), done, at);
        }
        if !done {
            row.state = "failed".to_owned();
            store::save_operation(conn, &row)?;
            stage::tend(conn, work, account_id, at)?;
            return Ok(row);
        }
        // A remote command that was in doubt was carried out when it was given, not when somebody looked.
        let done_at = if was_doubtful { row.ordered_at } else { at };
        let warrants = store::warrants_of(conn, account_id, case.case_no)?;
        let used = warrants.iter().find(|warrant| Some(warrant.warrant_no) == row.warrant_no);
        if let Some(expired_at) = used.map(|w| w.expires_at).filter(|expires_at| done_at > *expires_at) {
            return Err(OfficeError::refuse(CutRefusal::TooLate { expired_at }));
        }
        cut_done(conn, work, row, done_at, at)
    })
}

/// What was found at the meter about a restoration.
fn restored(
    conn: &mut Conn,
    work: &Work<'_>,
    (case, mut row): (&mut CutCase, OperationRow),
    done: bool,
    at: DateTime,
) -> Result<OperationRow, OfficeError> {
    if !done {
        // It stays ordered: who is to have power has it only when somebody has given it.
        row.state = "ordered".to_owned();
        row.channel = "field".to_owned();
        store::save_operation(conn, &row)?;
        return Ok(row);
    }
    row.state = "done".to_owned();
    row.done_at = Some(at);
    row.done_by = Some(work.by.clone());
    store::save_operation(conn, &row)?;
    webhooks::tell(conn, work, &[told(&row, HookEvent::PowerRestored, at)])?;
    cases::close(conn, work, case, (CutState::Restored, "restored"), at)?;
    cases::answered(conn, work, case, ("restored", ""), at.date())?;
    restore::answered(conn, work, &row, at)?;
    notices::restoration(conn, work, case, at, at.date())?;
    cases::mark(conn, work, case, ("cut.restored", None, None), at.date())?;
    Ok(row)
}

/// Closes what a relay restored by itself.
pub fn restored_remotely(
    conn: &mut Conn,
    work: &Work<'_>,
    row: OperationRow,
    at: DateTime,
) -> Result<OperationRow, OfficeError> {
    let mut case = live(conn, row.account_id)?;
    restored(conn, work, (&mut case, row), true, at)
}
