//! 法律案件: proposed, approved by a second person, sent or filed, and followed through the court's terms.

use super::notes::audited;
use super::refusal::LegalRefusal;
use crate::access;
use crate::collections::FeeBook;
use crate::error::OfficeError;
use crate::ledger::Books;
use crate::notices::{NoticeOrder, notice_request};
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::derivation::{Bilingual, Silent};
use denghuo_rules::legal::case::{CaseState, StepKind, after};
use denghuo_rules::legal::terms::LegalTerms;
use denghuo_rules::legal::triggers::{CaseKind, Measure};
use denghuo_rules::notices::NoticeKind;
use denghuo_rules::units::Money;
use denghuo_store::collections;
use denghuo_store::day::Range;
use denghuo_store::legal::{self, CaseBillRow, CaseRow, NEVER, StepRow};
use denghuo_store::tasks::{self, NewTask, Resolution};
use denghuo_store::{Conn, ledger};
use jiff::civil::Date;

/// Writes a proposal in the running transaction; gives its number.
pub(super) fn propose(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    measure: &Measure,
    (rule, on): (&str, Date),
) -> Result<i64, OfficeError> {
    ledger::lock(conn, account_id)?;
    let case_no = legal::last_number(conn, "case", account_id)? + 1;
    let bills = priced(conn, work, (account_id, case_no, measure.kind), &measure.bills, on)?;
    let case = CaseRow {
        account_id,
        case_no,
        kind: measure.kind,
        state: "proposed".to_owned(),
        opened_on: on,
        opened_by: work.by.clone(),
        approved_by: None,
        approved_on: None,
        claim: bills.iter().map(|bill| bill.amount).sum(),
        fee: bills.iter().map(|bill| bill.fee).sum(),
        notice_no: None,
        counsel: None,
        court: None,
        court_ref: None,
        term_on: None,
        next_on: NEVER,
        closed_on: None,
        outcome: None,
        rules: rule.to_owned(),
    };
    legal::save_case(conn, &case)?;
    legal::insert_case_bills(conn, &bills)?;
    note(conn, work, &case, ("proposed", on, &measure.why.zh), None)?;
    let task = NewTask {
        account_id,
        kind: "legal_proposal",
        subject: format!("legal:{case_no}"),
        codes: measure.kind.word().to_owned(),
        detail: Bilingual::new(
            format!("建议{}: {}", measure.kind.zh(), measure.why.zh),
            format!("proposed: {}; {}", measure.kind.in_english(), measure.why.en),
        ),
        owner_role: "manager",
        opened_on: on,
        due_on: None,
    };
    tasks::open(conn, &[task])?;
    Ok(case_no)
}

/// What a case claims of its bills as they stand on a day; nothing of what is paid.
fn priced(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, case_no, kind): (i64, i64, CaseKind),
    bill_nos: &[i64],
    on: Date,
) -> Result<Vec<CaseBillRow>, OfficeError> {
    let books = Books::read(conn, &[account_id], on)?;
    let fees = FeeBook::of(work)?;
    // An order that insists on a fee which no paper agrees is rejected (CPI 428); a claim in bankruptcy counts the fee
    // through the day of acceptance (BK 46).
    let with_fee = kind != CaseKind::PaymentOrder || books[0].contract.late_fee_clause;
    let insolvency = legal::insolvencies_of(conn, Range { from: account_id, to: account_id })?;
    let accepted_on = insolvency.iter().filter(|row| row.ended_on.is_none()).map(|row| row.accepted_on).min();
    let through = accepted_on.filter(|_| kind == CaseKind::BankruptcyClaim).map_or(on, |day| day.min(on));
    let mut bills = Vec::new();
    for bill_no in bill_nos {
        let Some(at) = books[0].position(*bill_no) else { continue };
        let debt = &books[0].debts[at];
        if debt.receivable.open <= Money::ZERO {
            continue;
        }
        let fee = if with_fee { fees.target(&books[0], debt, through, &mut Silent)? } else { Money::ZERO };
        let waived = debt.fee.map_or(Money::ZERO, |fee| fee.booked - fee.open);
        let fee = (fee - waived).at_least(Money::ZERO);
        bills.push(CaseBillRow { account_id, case_no, bill_no: *bill_no, amount: debt.receivable.open, fee });
    }
    Ok(bills)
}

/// What a case claims is set to what is open of its bills today; refused when nothing is, or a bill is disputed by now.
fn refresh(conn: &mut Conn, work: &Work<'_>, case: &mut CaseRow, on: Date) -> Result<(), OfficeError> {
    let key = (case.account_id, case.case_no);
    let bills: Vec<i64> = legal::case_bills(conn, key.0, key.1)?.iter().map(|bill| bill.bill_no).collect();
    let range = Range { from: key.0, to: key.0 };
    for hold in legal::disputes(conn, range, on)? {
        if let Some(bill) = bills.iter().find(|bill| hold.bill_no == 0 || hold.bill_no == **bill) {
            return Err(OfficeError::refuse(LegalRefusal::Disputed(*bill)));
        }
    }
    let rows = priced(conn, work, (key.0, key.1, case.kind), &bills, on)?;
    if rows.iter().all(|row| row.amount.is_zero()) {
        return Err(OfficeError::refuse(LegalRefusal::NothingToClaim));
    }
    case.claim = rows.iter().map(|row| row.amount).sum();
    case.fee = rows.iter().map(|row| row.fee).sum();
    Ok(legal::replace_case_bills(conn, key, &rows)?)
}

/// Proposes a measure by hand about every overdue debt that is not disputed; a payment order only where its check list holds.
///
/// # Errors
/// A [`LegalRefusal`], or the database's.
pub fn case_propose(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    kind: CaseKind,
    on: Date,
) -> Result<CaseRow, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::on_staff(conn, &work.by, on)?;
        let range = Range { from: account_id, to: account_id };
        let open = legal::cases_of(conn, range)?;
        if open.iter().any(|case| case.closed_on.is_none() && case.kind == kind) {
            return Err(OfficeError::refuse(LegalRefusal::AlreadyOpen(kind)));
        }
        let in_court = open.iter().find(|case| case.closed_on.is_none() && case.kind != CaseKind::Letter);
        if let Some(case) = in_court.filter(|_| kind != CaseKind::Letter) {
            return Err(OfficeError::refuse(LegalRefusal::AlreadyOpen(case.kind)));
        }
        let disputes = legal::disputes(conn, range, on)?;
        let bills: Vec<i64> = collections::open_debts(conn, range)?
            .into_iter()
            .map(|debt| debt.receivable)
            .filter(|debt| debt.open > Money::ZERO && debt.due_on < on)
            .filter(|debt| !disputes.iter().any(|h| h.bill_no == 0 || h.bill_no == debt.bill_no))
            .map(|debt| debt.bill_no)
            .collect();
        if bills.is_empty() {
            return Err(OfficeError::refuse(LegalRefusal::NothingToClaim));
        }
        if kind == CaseKind::PaymentOrder {
            let list = super::order::list(conn, work, account_id, on)?;
            if !list.may_apply {
                return Err(OfficeError::refuse(LegalRefusal::OrderNotAllowed(list.failed())));
            }
        }
        let why = Bilingual::new("人工提出", "proposed by a person");
        let measure = Measure { kind, bills, claim: Money::ZERO, fee: Money::ZERO, why };
        let case_no = propose(conn, work, account_id, &measure, ("", on))?;
        find(conn, account_id, case_no)
    })
}

/// A manager who did not propose it lets a case go ahead. A lawyer's letter is sent with that, and its term begins.
///
/// # Errors
/// A [`LegalRefusal`], no manager, or the database's.
pub fn case_approve(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, case_no): (i64, i64),
    counsel: Option<&str>,
    on: Date,
) -> Result<CaseRow, OfficeError> {
    work.check_date(on)?;
    let terms = work.book.pick::<LegalTerms>("legal_terms", &work.site, on)?;
    conn.write(|conn| {
        access::approval_level(conn, &work.by, on)?;
        ledger::lock(conn, account_id)?;
        let mut case = find(conn, account_id, case_no)?;
        in_state(&case, &["proposed"], "approve")?;
        if case.opened_by == work.by {
            return Err(OfficeError::refuse(LegalRefusal::OnePerson));
        }
        refresh(conn, work, &mut case, on)?;
        case.approved_by = Some(work.by.clone());
        case.approved_on = Some(on);
        case.counsel = counsel.map(str::to_owned);
        case.state = "approved".to_owned();
        note(conn, work, &case, ("approved", on, counsel.unwrap_or_default()), None)?;
        if case.kind == CaseKind::Letter {
            let deadline = plus_days(on, i64::from(terms.params.letter_days));
            case.notice_no = Some(send_letter(conn, work, &case, (on, deadline), &terms.rule.id)?);
            case.state = "sent".to_owned();
            case.term_on = Some(deadline);
            case.next_on = plus_days(deadline, 1);
            note(conn, work, &case, ("sent", on, &format!("期限{deadline}")), None)?;
        } else {
            case.next_on = on;
        }
        legal::save_case(conn, &case)?;
        decided(conn, work, &case, ("approved", on))?;
        Ok(case)
    })
}

fn send_letter(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &CaseRow,
    (on, deadline): (Date, Date),
    rule: &str,
) -> Result<i64, OfficeError> {
    let mut bills = Vec::new();
    for bill in legal::case_bills(conn, case.account_id, case.case_no)? {
        let Some(debt) = collections::debt(conn, case.account_id, bill.bill_no)? else { continue };
        let receivable = debt.receivable;
        bills.push(serde_json::json!({
            "bill_no": bill.bill_no,
            "month": receivable.month.to_string(),
            "due_on": receivable.due_on.to_string(),
            "amount": receivable.amount.to_string(),
            "open": bill.amount.to_string(),
            "late_fee": bill.fee.to_string(),
        }));
    }
    let order = NoticeOrder {
        account_id: case.account_id,
        kind: NoticeKind::LawyerLetter,
        subject: format!("legal:{}", case.case_no),
        bill_no: 0,
        due_by: deadline,
        deadline_on: Some(deadline),
        amount: case.claim,
        fee: case.fee,
        content: serde_json::json!({ "bills": bills, "counsel": case.counsel }),
        rules: vec![rule.to_owned()],
    };
    notice_request(conn, work, &order, on)
}

/// A manager turns a proposal down; the reason is kept.
///
/// # Errors
/// A [`LegalRefusal`], no manager, or the database's.
pub fn case_reject(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, case_no): (i64, i64),
    reason: &str,
    on: Date,
) -> Result<CaseRow, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::approval_level(conn, &work.by, on)?;
        ledger::lock(conn, account_id)?;
        let case = find(conn, account_id, case_no)?;
        in_state(&case, &["proposed"], "reject")?;
        decided(conn, work, &case, ("rejected", on))?;
        note(conn, work, &case, ("rejected", on, reason), None)?;
        let case = CaseRow {
            state: "rejected".to_owned(),
            closed_on: Some(on),
            outcome: Some("rejected".to_owned()),
            next_on: NEVER,
            ..case
        };
        legal::save_case(conn, &case)?;
        Ok(case)
    })
}

/// 案件步骤: something that happened in a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseStep {
    /// Word of a [`StepKind`].
    pub kind: String,
    /// The day it happened; not before the case, not after today.
    pub happened_on: Date,
    /// In words.
    pub note: String,
    /// The court.
    pub court: Option<String>,
    /// 案号
    pub court_ref: Option<String>,
    /// Its proof.
    pub evidence_no: Option<i64>,
}

/// Notes a step of a case: its state and the term that runs from it.
///
/// # Errors
/// A [`LegalRefusal`], or the database's.
pub fn case_step(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, case_no): (i64, i64),
    step: &CaseStep,
    on: Date,
) -> Result<CaseRow, OfficeError> {
    work.check_date(on)?;
    let terms = work.book.pick::<LegalTerms>("legal_terms", &work.site, on)?.params;
    conn.write(|conn| {
        access::on_staff(conn, &work.by, on)?;
        ledger::lock(conn, account_id)?;
        let mut case = find(conn, account_id, case_no)?;
        let day = step.happened_on;
        if case.closed_on.is_some() {
            return Err(OfficeError::refuse(LegalRefusal::Closed(case_no)));
        }
        let unknown = || OfficeError::refuse(LegalRefusal::UnknownStep(step.kind.clone()));
        let kind = StepKind::from_word(&step.kind).ok_or_else(unknown)?;
        let state = CaseState::from_word(&case.state).ok_or_else(unknown)?;
        let next = after(case.kind, state, kind).map_err(OfficeError::refuse)?;
        if day < case.opened_on || day > on {
            return Err(OfficeError::refuse(LegalRefusal::WrongDay));
        }
        if let Some(no) = step.evidence_no
            && denghuo_store::evidence::link(conn, account_id, no)?.is_none()
        {
            return Err(OfficeError::refuse(LegalRefusal::UnknownEvidence(no)));
        }
        case.term_on = terms.until(case.kind, next, day);
        next.word().clone_into(&mut case.state);
        case.court = step.court.clone().or(case.court);
        case.court_ref = step.court_ref.clone().or(case.court_ref);
        case.next_on = case.term_on.map_or(NEVER, |term| plus_days(term, 1));
        note(conn, work, &case, (kind.word(), day, &step.note), step.evidence_no)?;
        if next == CaseState::Closed {
            return close(conn, work, case, (kind.word(), on));
        }
        legal::save_case(conn, &case)?;
        if kind == StepKind::Filed {
            super::stage::legal_run(conn, work, on, Range { from: account_id, to: account_id })?;
        }
        Ok(case)
    })
}

/// Ends a case by hand: paid, settled, withdrawn, dismissed, enforced, unenforceable.
///
/// # Errors
/// A [`LegalRefusal`], or the database's.
pub fn case_close(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, case_no): (i64, i64),
    outcome: &str,
    on: Date,
) -> Result<CaseRow, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::on_staff(conn, &work.by, on)?;
        ledger::lock(conn, account_id)?;
        let case = find(conn, account_id, case_no)?;
        if case.closed_on.is_some() {
            return Err(OfficeError::refuse(LegalRefusal::Closed(case_no)));
        }
        close(conn, work, case, (outcome, on))
    })
}

/// Ends a case in the running transaction.
pub(super) fn close(
    conn: &mut Conn,
    work: &Work<'_>,
    case: CaseRow,
    (outcome, on): (&str, Date),
) -> Result<CaseRow, OfficeError> {
    note(conn, work, &case, ("closed", on, outcome), None)?;
    let case = CaseRow {
        state: "closed".to_owned(),
        closed_on: Some(on),
        outcome: Some(outcome.to_owned()),
        next_on: NEVER,
        ..case
    };
    legal::save_case(conn, &case)?;
    decided(conn, work, &case, (outcome, on))?;
    Ok(case)
}

/// 转入诉讼: an order that the debtor objected to goes on as a suit, filed on the day of the order's filing (CPI 439).
pub(super) fn become_suit(
    conn: &mut Conn,
    work: &Work<'_>,
    order: CaseRow,
    on: Date,
) -> Result<(), OfficeError> {
    let (account_id, order_no) = (order.account_id, order.case_no);
    let steps = legal::steps_of(conn, account_id, order_no)?;
    let filed_on = steps.iter().find(|step| step.kind == "filed").map_or(on, |step| step.happened_on);
    let suit = CaseRow {
        case_no: legal::last_number(conn, "case", account_id)? + 1,
        kind: CaseKind::Suit,
        state: CaseState::Filed.word().to_owned(),
        opened_on: on,
        term_on: None,
        next_on: NEVER,
        ..order.clone()
    };
    close(conn, work, order, ("became_suit", on))?;
    let bills: Vec<CaseBillRow> = legal::case_bills(conn, account_id, order_no)?
        .into_iter()
        .map(|bill| CaseBillRow { case_no: suit.case_no, ..bill })
        .collect();
    legal::save_case(conn, &suit)?;
    legal::insert_case_bills(conn, &bills)?;
    note(conn, work, &suit, ("filed", filed_on, &format!("支付令{order_no}转入诉讼")), None)
}

fn find(conn: &mut Conn, account_id: i64, case_no: i64) -> Result<CaseRow, OfficeError> {
    legal::case(conn, account_id, case_no)?
        .ok_or_else(|| OfficeError::refuse(LegalRefusal::UnknownCase(case_no)))
}

fn in_state(case: &CaseRow, states: &[&str], asked: &str) -> Result<(), OfficeError> {
    if case.closed_on.is_some() {
        return Err(OfficeError::refuse(LegalRefusal::Closed(case.case_no)));
    }
    if !states.contains(&case.state.as_str()) {
        let (state, asked) = (case.state.clone(), asked.to_owned());
        return Err(OfficeError::refuse(LegalRefusal::WrongState { state, asked }));
    }
    Ok(())
}

/// The proposal's task is answered.
fn decided(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &CaseRow,
    (decision, on): (&str, Date),
) -> Result<(), OfficeError> {
    let subject = format!("legal:{}", case.case_no);
    let resolution = Resolution { decision, by: &work.by, on, note: "" };
    tasks::resolve(conn, (case.account_id, "legal_proposal", &subject), &resolution)?;
    audited(conn, work, (case.account_id, &subject), (decision, case.kind.word()), on)
}

fn note(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &CaseRow,
    (kind, happened_on, text): (&str, Date, &str),
    evidence_no: Option<i64>,
) -> Result<(), OfficeError> {
    let steps = legal::steps_of(conn, case.account_id, case.case_no)?;
    let step = StepRow {
        account_id: case.account_id,
        case_no: case.case_no,
        step_no: steps.len() as i64 + 1,
        kind: kind.to_owned(),
        happened_on,
        note: text.to_owned(),
        evidence_no,
        noted_by: work.by.clone(),
    };
    Ok(legal::insert_steps(conn, &[step])?)
}
