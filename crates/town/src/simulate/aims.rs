//! 指标: the last month of the history and its year have targets, shared out to those who answer for the routes; then the month is appraised
//! and a bonus sheet waits for its second person.

use super::recovery::tried;
use crate::company::{Company, route_code};
use crate::crew::{Crew, Tally};
use crate::error::TownError;
use denghuo_office::collections::recovery;
use denghuo_office::targets::{
    AdjustOrder, PlanOrder, Said, appraisal_say, charge_set, sheet_make, target_adjust, target_confirm,
    target_plan,
};
use denghuo_rules::calendar::Month;
use denghuo_rules::registry::StaffRole;
use denghuo_rules::targets::{Method, Period};
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::targets::nodes;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Months of a year.
const YEAR: i64 = 12;

/// The targets of a town, from the first day of the last month on.
pub struct Aims<'c, 'b> {
    crew: &'c Crew<'b>,
    company: &'c Company,
    month: Month,
    second: String,
    target_no: Option<i64>,
}

impl<'c, 'b> Aims<'c, 'b> {
    /// Those of a company whose history ends on a day.
    #[must_use]
    pub fn new(crew: &'c Crew<'b>, company: &'c Company, until: Date) -> Self {
        let managers = company.staff.iter().filter(|person| person.role == StaffRole::Manager);
        let second = managers.map(|person| person.code.clone()).nth(1).unwrap_or_default();
        Self { crew, company, month: Month::of(until), second, target_no: None }
    }

    /// On the first day of the last month everything is shared out.
    ///
    /// # Errors
    /// The database's.
    pub fn morning(&mut self, conn: &mut Conn, on: Date, tally: &mut Tally) -> Result<(), TownError> {
        if on != self.month.first_day() {
            return Ok(());
        }
        self.name(conn, on, tally)?;
        let before = self.month.plus(-1);
        let (known, _) = recovery(conn, before.first_day(), before.last_day())?;
        let amount = known.received.max(Money::yuan(1));
        let year: Period = self.month.year().to_string().parse().unwrap_or(Period::month(self.month));
        self.plan(conn, (year, Money(amount.0 * YEAR)), on, tally)?;
        self.target_no = self.plan(conn, (Period::month(self.month), amount), on, tally)?;
        // One share is set by hand, so that the tree shows one that stays.
        let person = match self.target_no {
            Some(no) => nodes(conn, no)?.into_iter().find(|node| node.staff_id.is_some()),
            None => None,
        };
        if let Some(node) = person {
            let order = AdjustOrder {
                amount: Some(Money(node.amount.0 / 20 * 19)),
                fixed: None,
                reason: "台区改造停电, 指标下调".to_owned(),
            };
            let work = self.crew.work(&self.crew.manager, on);
            let done = target_adjust(conn, &work, (node.target_no, node.node_no), &order, on);
            tried(done, "target:adjust", tally)?;
        }
        Ok(())
    }

    /// The collectors of a team answer for its routes in turn.
    fn name(&self, conn: &mut Conn, on: Date, tally: &mut Tally) -> Result<(), TownError> {
        let mut turn: BTreeMap<i64, usize> = BTreeMap::new();
        for (n, route) in (1..).zip(&self.company.routes) {
            let collectors: Vec<&str> = self
                .company
                .staff
                .iter()
                .filter(|person| person.role == StaffRole::Collector && person.org == route.org)
                .map(|person| person.code.as_str())
                .collect();
            let at = turn.entry(route.org).or_default();
            let Some(who) = collectors.get(*at % collectors.len().max(1)) else { continue };
            *at += 1;
            let code = route_code(n);
            let work = self.crew.work(&self.crew.manager, on);
            tried(charge_set(conn, &work, (&code, who), 0, on), "target:charge", tally)?;
        }
        Ok(())
    }

    fn plan(
        &self,
        conn: &mut Conn,
        (period, amount): (Period, Money),
        on: Date,
        tally: &mut Tally,
    ) -> Result<Option<i64>, TownError> {
        let root = self.company.orgs.iter().find(|org| org.parent.is_none());
        let order = PlanOrder {
            period,
            unit: root.map_or_else(String::new, |org| org.code.clone()),
            amount,
            method: Method::Expected,
            weights: BTreeMap::new(),
        };
        let work = self.crew.work(&self.crew.manager, on);
        let Some(row) = tried(target_plan(conn, &work, &order, on), "target:plan", tally)? else {
            return Ok(None);
        };
        let second = self.crew.work(&self.second, on);
        tried(target_confirm(conn, &second, row.target_no, on), "target:confirm", tally)?;
        Ok(Some(row.target_no))
    }

    /// On the day after the history the new month is shared out, somebody disputes his score, and a bonus sheet is drawn up.
    ///
    /// # Errors
    /// The database's.
    pub fn after(&self, conn: &mut Conn, on: Date, tally: &mut Tally) -> Result<(), TownError> {
        let (known, _) = recovery(conn, self.month.first_day(), self.month.last_day())?;
        let next = Period::month(self.month.plus(1));
        self.plan(conn, (next, known.received.max(Money::yuan(1))), on, tally)?;
        let readers = self.company.staff.iter().filter(|person| person.role == StaffRole::Reader);
        if let Some(reader) = readers.map(|person| person.code.as_str()).nth(1) {
            let work = self.crew.work(reader, on);
            let said = (Said::Dispute, "更正的示数为表计故障所致, 非抄表差错");
            tried(appraisal_say(conn, &work, (self.month, reader), said, on), "appraisal:dispute", tally)?;
        }
        if let Some(target_no) = self.target_no {
            let work = self.crew.work(self.company.staff_code(StaffRole::Accountant), on);
            tried(sheet_make(conn, &work, (target_no, 0), on), "bonus:make", tally)?;
        }
        Ok(())
    }
}
