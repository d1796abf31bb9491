//! 抄表审核, the stage `verify`: every due account's reading gets its verdict. It writes tasks only, under natural keys,
//! so running it again changes nothing.

use super::exceptions::{ExceptionKind, is_about_missing, subject_of_missing, subject_of_reading};
use crate::day::Stage;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::{days_between, plus_days};
use denghuo_rules::derivation::{Bilingual, Recorder, Silent, Sink, Step};
use denghuo_rules::metering::{
    self, CheckClass, Exception, ExceptionSet, Gap, History, Installed, MeteringRefusal, MeteringRules,
    Period, ReadingFacts, Severity, Shown, Source,
};
use denghuo_rules::registry::{Category, Voltage};
use denghuo_rules::units::{Capacity, Energy, Ratio};
use denghuo_store::Conn;
use denghuo_store::day::{Counts, Range};
use denghuo_store::metering::{self as store, DueAccount};
use denghuo_store::tasks::{self, NewTask};
use jiff::civil::Date;

/// 抄表审核 of a day.
pub struct VerifyStage {
    on: Date,
    rules: MeteringRules,
}

/// What was found in a shard.
#[derive(Debug, Default)]
pub struct VerifyDecision {
    /// Accounts due, fit to be billed, and set aside.
    pub counts: Counts,
    /// Doubts that became tasks.
    pub tasks: Vec<NewTask>,
    /// Accounts whose missing reading has come, with the subject of the task that asked for it.
    pub arrived: Vec<(i64, String)>,
}

impl VerifyStage {
    /// The stage of a day.
    ///
    /// # Errors
    /// The book lacks a rule of metering on that day.
    pub fn new(work: &Work<'_>, on: Date) -> Result<Self, OfficeError> {
        Ok(Self { on, rules: MeteringRules::load(work.book, &work.site, on)? })
    }

    fn note(
        &self,
        account: &DueAccount,
        meters: &[Installed],
        shown: &[Shown],
        found: &AccountVerdict,
        decision: &mut VerifyDecision,
    ) {
        decision.counts.due += 1;
        let (subject, exceptions) = match found {
            AccountVerdict::Awaited(exceptions) => (subject_of_missing(account.month), *exceptions),
            AccountVerdict::Read { on, exceptions } => (subject_of_reading(*on), *exceptions),
        };
        let hold = self.rules.check.hold(exceptions);
        let stops = matches!(found, AccountVerdict::Awaited(_)) || hold == metering::Hold::Billing;
        decision.counts.parked += i64::from(stops);
        decision.counts.done += i64::from(!stops);
        let worth_a_task = hold != metering::Hold::Nothing
            || exceptions.iter().any(|exception| exception.severity() > Severity::Notice);
        if !worth_a_task {
            return;
        }
        let mut told = Recorder::default();
        let _ = account_verdict(account, meters, shown, self.on, &self.rules, &mut told);
        let mut said: Vec<Bilingual> = told.steps.into_iter().map(|step| step.text).collect();
        if said.is_empty() {
            let named = exceptions.iter().map(|one| Bilingual::new(one.zh(), one.in_english()));
            said = named.collect();
        }
        decision.tasks.push(NewTask {
            account_id: account.account_id,
            kind: ExceptionKind::of(hold).word(),
            subject,
            codes: exceptions.codes(),
            detail: Bilingual::joined(said, "; "),
            owner_role: if exceptions.contains(Exception::Missed) { "reader" } else { "verifier" },
            opened_on: self.on,
            due_on: None,
        });
    }
}

impl Stage for VerifyStage {
    type Decision = VerifyDecision;

    fn name(&self) -> &'static str {
        "verify"
    }

    fn plan(&self, conn: &mut Conn, shard: usize) -> Result<Vec<Range>, OfficeError> {
        Ok(store::due_ranges(conn, self.on, shard)?)
    }

    fn decide(&self, conn: &mut Conn, range: Range) -> Result<VerifyDecision, OfficeError> {
        let accounts = store::due_accounts(conn, self.on, range)?;
        let since = accounts.iter().map(DueAccount::since).min().unwrap_or(self.on);
        let installed = store::installations(conn, range, since)?;
        let readings = store::readings(conn, range, self.on)?;
        let waiting = tasks::open_of(conn, ExceptionKind::Exception.word(), range)?;
        let (mut installed_at, mut readings_at) = (0, 0);
        let (mut meters, mut shown) = (Vec::new(), Vec::new());
        let mut decision = VerifyDecision::default();
        for account in &accounts {
            take(&installed, &mut installed_at, account.account_id, &mut meters);
            take(&readings, &mut readings_at, account.account_id, &mut shown);
            let found = account_verdict(account, &meters, &shown, self.on, &self.rules, &mut Silent);
            self.note(account, &meters, &shown, &found, &mut decision);
            if !matches!(found, AccountVerdict::Awaited(_)) {
                // A reading that has come covers every cycle that was missed before it.
                let asked = waiting.iter().filter(|task| task.account_id == account.account_id);
                let missing = asked.filter(|task| is_about_missing(&task.subject));
                decision.arrived.extend(missing.map(|task| (task.account_id, task.subject.clone())));
            }
        }
        Ok(decision)
    }

    fn write(&self, conn: &mut Conn, decision: VerifyDecision) -> Result<Counts, OfficeError> {
        for (account_id, subject) in &decision.arrived {
            let resolution =
                tasks::Resolution { decision: "arrived", by: "system", on: self.on, note: "示数已到" };
            tasks::resolve(conn, (*account_id, ExceptionKind::Exception.word(), subject), &resolution)?;
        }
        tasks::open(conn, &decision.tasks)?;
        Ok(decision.counts)
    }
}

/// The verdict on a due account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountVerdict {
    /// No complete reading yet; with doubts once it counts as missed.
    Awaited(ExceptionSet),
    /// Read, with the doubts about it.
    Read {
        /// Day of the closing readings.
        on: Date,
        /// The doubts.
        exceptions: ExceptionSet,
    },
}

/// Judges one due account: the period that its readings bound, the energy they make, and what is doubtful about it.
#[must_use]
pub fn account_verdict(
    account: &DueAccount,
    installed: &[Installed],
    readings: &[Shown],
    today: Date,
    rules: &MeteringRules,
    sink: &mut impl Sink,
) -> AccountVerdict {
    let history = History::from_bytes(&account.history).unwrap_or_else(|| History::empty(account.month));
    let period = match metering::period((account.from(installed), account.due_on), &[], installed, readings) {
        Ok(period) => period,
        Err(Gap::Awaited) => {
            let late = today >= plus_days(account.due_on, rules.reading.missed_after_days.into());
            let exceptions = if late {
                metering::judge_missing(account.month, &history, rules)
            } else {
                ExceptionSet::EMPTY
            };
            return AccountVerdict::Awaited(exceptions);
        }
        Err(Gap::Incomplete { on, .. }) => {
            let exceptions = [Exception::Incomplete].into_iter().collect();
            return AccountVerdict::Read { on: on.max(account.due_on), exceptions };
        }
    };
    let mut facts = facts_of(account, installed, &period);
    match metering::account_usage(&period.spans, &rules.reading, &mut Silent) {
        Ok(metered) => {
            facts.energy = metered.usage.active;
            facts.band_gap = metered.band_gap;
            facts.rolled_over = metered.rolled_over;
        }
        Err(MeteringRefusal::WentBack { .. }) => facts.went_back = true,
        Err(MeteringRefusal::OutOfOrder { .. } | MeteringRefusal::BeyondDial { .. }) => {
            let exceptions = [Exception::Incomplete].into_iter().collect();
            return AccountVerdict::Read { on: period.until, exceptions };
        }
    }
    let exceptions = metering::judge(&facts, &history, rules, sink);
    AccountVerdict::Read { on: period.until, exceptions }
}

/// What verification finds about an account as it is read now: every doubt with its step in words; empty for an account that is not due.
/// It writes nothing.
///
/// # Errors
/// The book lacks a rule of metering on that day; a failure of the database.
pub fn account_doubts(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    on: Date,
) -> Result<(ExceptionSet, Vec<Step>), OfficeError> {
    let rules = MeteringRules::load(work.book, &work.site, on)?;
    let range = Range::one(account_id);
    let (mut found, mut told) = (ExceptionSet::EMPTY, Recorder::default());
    for account in store::due_accounts(conn, on, range)? {
        let meters = store::installations(conn, range, account.since())?;
        let shown = store::readings(conn, range, on)?;
        let meters: Vec<Installed> = meters.into_iter().map(|(_, meter)| meter).collect();
        let shown: Vec<Shown> = shown.into_iter().map(|(_, reading)| reading).collect();
        let verdict = account_verdict(&account, &meters, &shown, on, &rules, &mut told);
        let (AccountVerdict::Awaited(exceptions) | AccountVerdict::Read { exceptions, .. }) = verdict;
        found = found.union(exceptions);
    }
    Ok((found, told.steps))
}

fn facts_of(account: &DueAccount, installed: &[Installed], period: &Period) -> ReadingFacts {
    let (category, voltage, capacity) =
        account.terms.unwrap_or((Category::Commercial, Voltage::Low, Capacity::ZERO));
    let multiplier =
        |span: Option<&metering::MeterSpan>| span.map_or(Ratio::ONE, |span| span.dial.multiplier);
    let last = period.spans.last();
    let same_point = |span: &&metering::MeterSpan| last.is_some_and(|last| last.point == span.point);
    ReadingFacts {
        account: account.account_id,
        class: CheckClass::of(category, voltage),
        month: account.month,
        on: period.until,
        days: days_between(period.from, period.until),
        installed_on: installed.iter().map(|meter| meter.installed_on).min().unwrap_or(period.until),
        source: if period.provisional { Source::Provisional } else { Source::Remote },
        energy: Energy::ZERO,
        band_gap: Energy::ZERO,
        rolled_over: false,
        went_back: false,
        multiplier: multiplier(last),
        last_multiplier: multiplier(period.spans.iter().find(same_point)),
        capacity,
    }
}

/// The rows of one account out of rows in order of accounts; `at` moves on from call to call.
fn take<T: Copy>(rows: &[(i64, T)], at: &mut usize, account: i64, out: &mut Vec<T>) {
    out.clear();
    while let Some((of, row)) = rows.get(*at).filter(|(of, _)| *of <= account) {
        if *of == account {
            out.push(*row);
        }
        *at += 1;
    }
}
