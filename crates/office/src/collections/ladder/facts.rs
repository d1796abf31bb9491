//! The facts of many ladders, loaded by range.

use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::YearNotCovered;
use denghuo_rules::collections::hold::HoldFact;
use denghuo_rules::collections::ladder::{
    CaseFact, Climb, Event, Ladder, LadderFacts, LadderParams, NoticeFact, OpenDebt, Step, TOPIC, ladder,
};
use denghuo_rules::derivation::Sink;
use denghuo_rules::registry::{Category, Importance};
use denghuo_rules::rulebook::NoRule;
use denghuo_store::Conn;
use denghuo_store::collections::{self, LadderRow, StepRow, Which};
use denghuo_store::day::Range;
use jiff::civil::Date;
use std::collections::HashMap;

/// Who is walked down which ladder.
type Kind = (Category, bool, bool, Importance);

/// 各类阶梯: the ladders of a day, one for each kind of debtor.
#[derive(Debug)]
pub struct Ladders {
    of: HashMap<Kind, Ladder>,
    lead: i64,
}

impl Ladders {
    /// The ladders in force on a day.
    ///
    /// # Errors
    /// A kind of debtor has no ladder, or a rule is not of its topic's form.
    pub fn on(work: &Work<'_>, on: Date) -> Result<Self, OfficeError> {
        let mut of = HashMap::new();
        let flag = |yes| if yes { "true" } else { "false" };
        for category in Category::ALL {
            for (large, protected) in [(false, false), (false, true), (true, false), (true, true)] {
                for importance in Importance::ALL {
                    let selector = work.site.clone().with("class", category.word());
                    let selector = selector.with("large", flag(large)).with("protected", flag(protected));
                    let selector = selector.with("importance", importance.word());
                    let ladder = Ladder::on(work.book, &selector, on)?;
                    of.insert((*category, large, protected, *importance), ladder);
                }
            }
        }
        let lead = lead(of.values().map(|ladder| &ladder.params));
        Ok(Self { of, lead })
    }

    /// Days before the last payment day on which the first step may fall.
    #[must_use]
    pub fn lead(&self) -> i64 {
        self.lead
    }

    /// The ladder of a debtor.
    ///
    /// # Errors
    /// A category without a ladder.
    pub fn of(&self, debtor: &Debtor<'_>, on: Date) -> Result<&Ladder, OfficeError> {
        let importance = Importance::from_word(&debtor.row.importance).unwrap_or(Importance::Ordinary);
        let kind = (debtor.category, debtor.row.large, debtor.row.protected, importance);
        self.of.get(&kind).ok_or_else(|| {
            NoRule::Missing { topic: TOPIC.to_owned(), legal_day: on, facts: Default::default() }.into()
        })
    }
}

fn lead<'l>(ladders: impl Iterator<Item = &'l LadderParams>) -> i64 {
    let counts = ladders.flat_map(|ladder| &ladder.steps).flat_map(|step| &step.counts);
    counts
        .filter(|count| count.from == Event::Due)
        .map(|count| -i64::from(count.days))
        .max()
        .unwrap_or(0)
        .max(0)
}

/// 欠费户: an account with its ladder and everything that decides about it.
#[derive(Clone, Copy, Debug)]
pub struct Debtor<'d> {
    /// Its ladder.
    pub row: &'d LadderRow,
    /// Category of its oldest open bill; of a home when nothing is open.
    pub category: Category,
    /// The facts.
    pub facts: LadderFacts<'d>,
}

impl Debtor<'_> {
    /// What its ladder comes to on a day.
    ///
    /// # Errors
    /// The calendar does not cover a year.
    pub fn climb(
        &self,
        work: &Work<'_>,
        rules: &Ladder,
        on: Date,
        sink: &mut impl Sink,
    ) -> Result<Climb, YearNotCovered> {
        ladder(&self.facts, rules, work.book.calendar(), on, sink)
    }
}

/// Rows of many accounts in order, given out account by account.
struct Grouped<T> {
    accounts: Vec<i64>,
    items: Vec<T>,
}

impl<T> Grouped<T> {
    fn new(rows: impl IntoIterator<Item = (i64, T)>) -> Self {
        let (accounts, items) = rows.into_iter().unzip();
        Self { accounts, items }
    }

    /// The items of an account; accounts are asked in order.
    fn of(&self, from: &mut usize, account: i64) -> &[T] {
        while self.accounts.get(*from).is_some_and(|at| *at < account) {
            *from += 1;
        }
        let begin = *from;
        while self.accounts.get(*from).is_some_and(|at| *at == account) {
            *from += 1;
        }
        &self.items[begin..*from]
    }
}

/// 欠费户集: what was loaded for a range of accounts.
pub struct Debtors {
    rows: Vec<LadderRow>,
    debts: Grouped<OpenDebt>,
    categories: Vec<Category>,
    steps: Grouped<Step>,
    notices: Grouped<NoticeFact>,
    holds: Grouped<HoldFact>,
    cases: Grouped<CaseFact>,
}

impl Debtors {
    /// Gives every account to `each`, in order.
    ///
    /// # Errors
    /// The first of `each`.
    pub fn try_each<E>(&self, mut each: impl FnMut(Debtor<'_>) -> Result<(), E>) -> Result<(), E> {
        let mut at = [0; 5];
        for row in &self.rows {
            let account = row.account_id;
            let [debts, steps, notices, holds, cases] = &mut at;
            let open = self.debts.of(debts, account);
            let category = self.categories.get(*debts - open.len()).filter(|_| !open.is_empty());
            let facts = LadderFacts {
                debts: open,
                steps: self.steps.of(steps, account),
                notices: self.notices.of(notices, account),
                holds: self.holds.of(holds, account),
                cases: self.cases.of(cases, account),
            };
            each(Debtor { row, category: category.copied().unwrap_or(Category::Household), facts })?;
        }
        Ok(())
    }

    /// A hold that is released on a day, before the ladder is looked at.
    pub(in crate::collections) fn end_hold(&mut self, account_id: i64, hold_no: Option<i64>, on: Date) {
        let of = self.holds.accounts.iter().zip(&mut self.holds.items);
        for (_, hold) in of.filter(|(account, hold)| **account == account_id && Some(hold.hold_no) == hold_no)
        {
            hold.until_on = Some(denghuo_rules::calendar::plus_days(on, -1));
        }
    }

    /// Is an account among them?
    #[must_use]
    pub fn has(&self, account_id: i64) -> bool {
        self.rows.binary_search_by_key(&account_id, |row| row.account_id).is_ok()
    }

    /// How many accounts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Is there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// The accounts of a range that are to be looked at on a day.
///
/// # Errors
/// The database's.
pub fn debtors_due(conn: &mut Conn, range: Range, on: Date) -> Result<Debtors, OfficeError> {
    let rows = collections::ladders_due(conn, range, on)?;
    load(conn, rows, range, Which::DueOn(on))
}

/// One account, whenever it is looked at; nobody when nothing of it was ever overdue.
///
/// # Errors
/// The database's.
pub fn debtors(conn: &mut Conn, account_id: i64, on: Date) -> Result<Debtors, OfficeError> {
    let rows: Vec<LadderRow> = collections::ladder_of(conn, account_id, on)?.into_iter().collect();
    load(conn, rows, Range { from: account_id, to: account_id }, Which::All)
}

fn load(conn: &mut Conn, rows: Vec<LadderRow>, range: Range, which: Which) -> Result<Debtors, OfficeError> {
    let open = collections::dunned_debts(conn, range, which)?;
    let categories = open.iter().map(|(_, category, _)| *category).collect();
    let debts = Grouped::new(open.into_iter().map(|(account, _, debt)| (account, debt)));
    let steps = collections::dunned_steps(conn, range, which)?;
    let steps = Grouped::new(steps.into_iter().map(|StepRow { account_id, step, .. }| (account_id, step)));
    let notices = Grouped::new(collections::dunned_notices(conn, range, which)?);
    let mut holds: Vec<(i64, HoldFact)> =
        collections::holds(conn, range)?.iter().map(|hold| (hold.account_id, hold.fact())).collect();
    holds.extend(collections::insolvencies(conn, range)?);
    holds.sort_by_key(|(account, _)| *account);
    let cases = Grouped::new(collections::dunned_cases(conn, range)?);
    Ok(Debtors { rows, debts, categories, steps, notices, holds: Grouped::new(holds), cases })
}
