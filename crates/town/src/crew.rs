//! 班组: the people who answer what the day leaves open: doubtful readings, over-estimates, bills that wait for release.

use crate::error::TownError;
use denghuo_office::billing::{bill_rebill, pending_approve, pending_list};
use denghuo_office::error::OfficeError;
use denghuo_office::metering::{
    Answer, ExceptionKind, ReadingRefusal, ReadingRow, Resolution, exception_list, exception_resolve,
    reading_correct, readings_register,
};
use denghuo_office::work::Work;
use denghuo_rules::calendar::days_between;
use denghuo_rules::metering::{Exception, ExceptionSet, Shown, Source};
use denghuo_rules::refusal::Refusal;
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_store::Conn;
use denghuo_store::billing::bills_of;
use denghuo_store::day::Range;
use denghuo_store::metering as store;
use denghuo_store::tasks::Task;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What can be found out on the spot.
pub trait Truth {
    /// What the meter of an account really showed on a day on which it was due.
    fn shown(&self, account_id: i64, on: Date) -> Option<Shown>;
    /// A reader goes there today; nothing when nobody can.
    fn visit(&mut self, account_id: i64, on: Date) -> Option<ReadingRow>;
}

/// The people by their codes, and the rules they work by.
pub struct Crew<'b> {
    /// The rulebook of the site.
    pub book: &'b Rulebook,
    /// Its jurisdictions.
    pub site: Selector,
    /// 核算员
    pub verifier: String,
    /// 管理人员, who releases.
    pub manager: String,
}

/// Answers by exception and answer, and bills by what was decided.
pub type Tally = BTreeMap<String, u64>;

/// Every account.
const ALL: Range = Range { from: 1, to: i64::MAX };

/// The moment of recording of a business date: its evening, so that no clock plays a part.
#[must_use]
pub fn evening(on: Date) -> i64 {
    days_between(jiff::civil::date(1970, 1, 1), on) * 86_400_000 + 12 * 3_600_000
}

impl<'b> Crew<'b> {
    /// A piece of work of one person on a day.
    #[must_use]
    pub fn work(&self, by: &str, on: Date) -> Work<'b> {
        Work { book: self.book, site: self.site.clone(), by: by.to_owned(), now: evening(on) }
    }

    /// Takes readings in.
    ///
    /// # Errors
    /// The database's; a refused reading, which our own meters never send.
    pub fn register(&self, conn: &mut Conn, rows: &[ReadingRow], on: Date) -> Result<(), TownError> {
        if rows.is_empty() {
            return Ok(());
        }
        match readings_register(conn, rows, on)? {
            Ok(_) => Ok(()),
            Err(rejected) => {
                let (line, refusal) = rejected.into_iter().next().unwrap_or((0, ReadingRefusal::NoKey));
                let account = rows.iter().find(|row| row.line == line).and_then(|row| row.account_no.clone());
                Err(TownError::Data {
                    file: format!("readings of {on}, account {}", account.unwrap_or_default()),
                    reason: Refusal::from(refusal).to_string(),
                })
            }
        }
    }

    /// Answers every open exception that can be answered today.
    ///
    /// # Errors
    /// The database's, or a refusal that a verifier would not run into.
    pub fn answer(
        &self,
        conn: &mut Conn,
        on: Date,
        truth: &mut dyn Truth,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        conn.write(|conn| {
            for task in exception_list(conn, ALL)? {
                if let Some(answer) = self.answer_one(conn, on, &task, truth)? {
                    for code in task.codes.split(',') {
                        *tally.entry(format!("{code}:{answer}")).or_default() += 1;
                    }
                }
            }
            Ok(())
        })
    }

    fn answer_one(
        &self,
        conn: &mut Conn,
        on: Date,
        task: &Task,
        truth: &mut dyn Truth,
    ) -> Result<Option<&'static str>, TownError> {
        let Some(kind) = ExceptionKind::from_word(&task.kind) else { return Ok(None) };
        let found = ExceptionSet::from_codes(&task.codes);
        if found.contains(Exception::Missed) {
            return self.answer_missing(conn, on, task, truth);
        }
        let read_on = task.subject.strip_prefix("reading:").and_then(|day| day.parse::<Date>().ok());
        let read = match read_on {
            Some(day) => current(conn, task.account_id, day)?,
            None => None,
        };
        let real = read_on.and_then(|day| truth.shown(task.account_id, day));
        let misread = match (&read, &real) {
            (Some(read), Some(real)) => {
                read.source != Source::Provisional && read.registers != real.registers
            }
            _ => false,
        };
        let resolve = |conn: &mut Conn, answer: Answer, reason: &str| {
            let resolution = Resolution { answer, reason: reason.to_owned() };
            let work = self.work(&self.verifier, on);
            exception_resolve(conn, &work, (task.account_id, kind, &task.subject), &resolution, on)
        };
        match (kind, real.filter(|_| misread)) {
            (ExceptionKind::Exception, Some(real)) => {
                resolve(conn, Answer::Correct(vec![real]), "现场核实后更正示数")?;
                Ok(Some("correct"))
            }
            (_, Some(real)) => {
                self.correct_billed(conn, on, task.account_id, real)?;
                resolve(conn, Answer::Confirm, "账单已算, 示数更正并退补")?;
                Ok(Some("correct_and_rebill"))
            }
            (ExceptionKind::Exception, None) if found.contains(Exception::WentBack) => {
                let Some(read) = read else { return Ok(None) };
                let past = readings_before(conn, task.account_id, &read)?;
                let earlier = past.iter().find(|shown| shown.source != Source::Provisional);
                let misread_then = earlier
                    .and_then(|earlier| Some((earlier, truth.shown(task.account_id, earlier.registers.on)?)))
                    .filter(|(earlier, real)| earlier.registers != real.registers);
                if let Some((_, real)) = misread_then {
                    self.correct_billed(conn, on, task.account_id, real)?;
                } else {
                    let settled = self.settle(conn, on, (task.account_id, &task.subject), &past)?;
                    return Ok(settled.then_some("settle"));
                }
                resolve(conn, Answer::Correct(vec![read]), "上次多计, 已按实抄退补")?;
                Ok(Some("settle"))
            }
            (ExceptionKind::Exception, None) => Ok(None),
            _ => {
                resolve(conn, Answer::Confirm, "核实无误")?;
                Ok(Some("confirm"))
            }
        }
    }

    /// A missing reading is fetched where somebody can go, else billed provisionally. Without a period before it, or after
    /// one without use, it waits for the next reading: what is not known is never billed as zero.
    fn answer_missing(
        &self,
        conn: &mut Conn,
        on: Date,
        task: &Task,
        truth: &mut dyn Truth,
    ) -> Result<Option<&'static str>, TownError> {
        if let Some(row) = truth.visit(task.account_id, on) {
            self.register(conn, &[row], on)?;
            // The next day finds that it has arrived.
            return Ok(Some("visit"));
        }
        if !used_before(conn, task.account_id)? {
            return Ok(None);
        }
        let resolution =
            Resolution { answer: Answer::Provisional, reason: "本期无示数, 暂计".to_owned() };
        let key = (task.account_id, ExceptionKind::Exception, task.subject.as_str());
        match exception_resolve(conn, &self.work(&self.verifier, on), key, &resolution, on) {
            Ok(()) => Ok(Some("provisional")),
            Err(refused) if refused.code() == Some("exception.no_previous_period") => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// 退补: a reading that was billed already gets its right value, and its bill the difference.
    fn correct_billed(
        &self,
        conn: &mut Conn,
        on: Date,
        account_id: i64,
        real: Shown,
    ) -> Result<(), TownError> {
        self.correct(conn, on, account_id, real, "示数更正退补")?;
        self.rebill(conn, on, account_id, real.registers.on, "示数更正退补")
    }

    fn correct(
        &self,
        conn: &mut Conn,
        on: Date,
        account_id: i64,
        shown: Shown,
        reason: &str,
    ) -> Result<(), TownError> {
        let work = self.work(&self.verifier, on);
        Ok(reading_correct(conn, &work, account_id, &[shown], reason, on)?)
    }

    fn rebill(
        &self,
        conn: &mut Conn,
        on: Date,
        account_id: i64,
        to_on: Date,
        reason: &str,
    ) -> Result<(), TownError> {
        let bills = bills_of(conn, Range { from: account_id, to: account_id })?;
        let Some(bill) = bills.iter().find(|bill| bill.corrects_no.is_none() && bill.to_on == to_on) else {
            return Ok(());
        };
        let key = (account_id, bill.bill_no);
        match bill_rebill(conn, &self.work(&self.verifier, on), on, key, reason) {
            Ok(_) => {}
            Err(refused) if refused.code() == Some("correction.nothing") => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// 暂计结清: a real reading below the estimates before it: they get their settled values, and every bill that was made on
    /// one gets the difference. False when no estimate is the cause.
    fn settle(
        &self,
        conn: &mut Conn,
        on: Date,
        (account_id, subject): (i64, &str),
        past: &[Shown],
    ) -> Result<bool, TownError> {
        let reason = "暂计按实抄结清";
        let resolution = Resolution { answer: Answer::Settle, reason: reason.to_owned() };
        let key = (account_id, ExceptionKind::Exception, subject);
        match exception_resolve(conn, &self.work(&self.verifier, on), key, &resolution, on) {
            Err(refused) if refused.code() == Some("exception.nothing_to_settle") => return Ok(false),
            other => other?,
        }
        for estimate in past.iter().take_while(|shown| shown.source == Source::Provisional) {
            self.rebill(conn, on, account_id, estimate.registers.on, reason)?;
        }
        Ok(true)
    }

    /// 发行审批: releases what waits since yesterday or longer and has no open doubt.
    ///
    /// # Errors
    /// The database's.
    pub fn release(&self, conn: &mut Conn, on: Date, tally: &mut Tally) -> Result<(), TownError> {
        let work = self.work(&self.manager, on);
        conn.write(|conn| {
            let doubted: BTreeSet<i64> =
                exception_list(conn, ALL)?.into_iter().map(|task| task.account_id).collect();
            for bill in pending_list(conn, None)? {
                if bill.calculated_on >= on || bill.state == "approved" || doubted.contains(&bill.account_id)
                {
                    continue;
                }
                pending_approve(conn, &work, on, (bill.account_id, bill.bill_no), true, "复核无误")?;
                *tally.entry(format!("release:{}", bill.state)).or_default() += 1;
            }
            Ok::<_, OfficeError>(())
        })?;
        Ok(())
    }
}

/// The readings of a meter that count before one of it, the newest first.
fn readings_before(conn: &mut Conn, account_id: i64, read: &Shown) -> Result<Vec<Shown>, TownError> {
    let mut past: Vec<Shown> = store::reading_history(conn, account_id, 400)?
        .into_iter()
        .filter(|past| past.is_current && past.shown.installation_no == read.installation_no)
        .map(|past| past.shown)
        .filter(|shown| shown.registers.on < read.registers.on)
        .collect();
    past.sort_by_key(|shown| std::cmp::Reverse(shown.registers.on));
    Ok(past)
}

/// Did the last metered bill of an account have a quantity?
fn used_before(conn: &mut Conn, account_id: i64) -> Result<bool, TownError> {
    let bills = bills_of(conn, Range { from: account_id, to: account_id })?;
    let last = bills.iter().rev().find(|bill| bill.corrects_no.is_none());
    Ok(last.is_some_and(|bill| !bill.active.is_zero()))
}

/// The reading that counts on a day.
fn current(conn: &mut Conn, account_id: i64, day: Date) -> Result<Option<Shown>, TownError> {
    let range = Range { from: account_id, to: account_id };
    let known = store::known_readings(conn, range, (day, day))?;
    Ok(known.into_iter().rev().find(|reading| reading.is_current).map(|reading| reading.shown))
}
