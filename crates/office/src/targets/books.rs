//! 实绩: what the ledger says of a period, portfolio by portfolio, as of a day and as known at a moment.

use super::house::House;
use crate::error::OfficeError;
use denghuo_rules::targets::{Past, Period, Recovery, Standing};
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::targets::{self as store, Flow, NodeRow, Portfolio};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The books of every portfolio from a day on.
pub(super) struct Books {
    flows: BTreeMap<Portfolio, Vec<Flow>>,
    prior: BTreeMap<Portfolio, (Money, Money)>,
    period: Period,
    as_of: Date,
    first: Date,
}

impl Books {
    /// Reads what is needed for a period and so many before it.
    pub fn of(
        conn: &mut Conn,
        (period, periods): (Period, i32),
        as_of: Date,
        as_known: Option<i64>,
    ) -> Result<Self, OfficeError> {
        let as_of = as_of.min(period.last_day());
        let first = period.before(periods).first_day();
        let mut flows: BTreeMap<Portfolio, Vec<Flow>> = BTreeMap::new();
        for flow in store::flows(conn, (first, as_of), as_known)? {
            flows.entry(flow.portfolio).or_default().push(flow);
        }
        let days = (period.first_day(), as_of.max(period.first_day()));
        let prior = store::prior_years(conn, days, as_known)?;
        let prior = prior.into_iter().map(|row| (row.portfolio, (row.receivable, row.received))).collect();
        Ok(Self { flows, prior, period, as_of, first })
    }

    /// Every portfolio that has books.
    pub fn portfolios(&self) -> impl Iterator<Item = &Portfolio> {
        self.flows.keys()
    }

    /// Where some portfolios stand on a day of a period.
    fn standing(&self, portfolios: &[Portfolio], period: Period, on: Date) -> Standing {
        let first = period.first_day();
        let mut standing = Standing::default();
        for flow in portfolios.iter().filter_map(|portfolio| self.flows.get(portfolio)).flatten() {
            match flow.on {
                // What was open when the period began: everything before it, what was received or written off taken away.
                None => standing.receivable += flow.receivable,
                Some(day) if day < first => {
                    standing.receivable += flow.receivable - flow.received - flow.written_off;
                }
                Some(day) if day <= on => {
                    standing.receivable += flow.receivable;
                    standing.received += flow.received;
                }
                Some(_) => {}
            }
        }
        standing
    }

    /// What came of some portfolios so far.
    pub fn recovery(&self, portfolios: &[Portfolio]) -> Recovery {
        let standing = self.standing(portfolios, self.period, self.as_of);
        let prior = portfolios.iter().filter_map(|portfolio| self.prior.get(portfolio));
        let (receivable, received) =
            prior.fold((Money::ZERO, Money::ZERO), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        Recovery {
            receivable: standing.receivable,
            receivable_prior_years: receivable,
            received: standing.received,
            received_prior_years: received,
        }
    }

    /// Where they stand today.
    pub fn now(&self, portfolios: &[Portfolio]) -> Standing {
        self.standing(portfolios, self.period, self.as_of)
    }

    /// The periods before, as far as they were read.
    pub fn past(&self, portfolios: &[Portfolio]) -> Vec<Past> {
        (1..)
            .map(|n| self.period.before(n))
            .take_while(|past| past.first_day() >= self.first)
            .map(|past| Past {
                then: self.standing(portfolios, past, past.same_day(self.period, self.as_of)),
                received: self.standing(portfolios, past, past.last_day()).received,
            })
            .collect()
    }

    /// The portfolios of a node: those of a person, or all of a unit and the units below it.
    pub fn portfolios_of(&self, house: &House, node: &NodeRow) -> Result<Vec<Portfolio>, OfficeError> {
        if node.is_person {
            return Ok(house.portfolios_of(self.portfolios(), (node.org_id, node.staff_id)));
        }
        let units: BTreeSet<i64> = house.below(node.org_id)?;
        Ok(self.portfolios().filter(|(org_id, _)| units.contains(org_id)).copied().collect())
    }
}
