//! The units and people of a day, and who answers for which portfolio.

use super::refusal::TargetRefusal;
use crate::error::OfficeError;
use denghuo_rules::targets::TreeRefusal;
use denghuo_store::registry::{Org, Staff};
use denghuo_store::targets::{self as store, Portfolio};
use denghuo_store::{Conn, registry};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The company on a day.
pub(super) struct House {
    /// Every unit.
    pub units: Vec<Org>,
    /// Everybody on the staff list.
    pub staff: Vec<Staff>,
    owners: BTreeMap<i64, Option<i64>>,
}

impl House {
    /// As it is on a day.
    pub fn on(conn: &mut Conn, on: Date) -> Result<Self, OfficeError> {
        let owners = store::charges(conn, on)?.into_iter().map(|row| (row.route_id, row.staff_id)).collect();
        Ok(Self { units: registry::orgs(conn)?, staff: registry::staff_on(conn, on)?, owners })
    }

    /// Who answers for a route.
    pub fn owner(&self, route_id: i64) -> Option<i64> {
        self.owners.get(&route_id).copied().flatten()
    }

    /// A unit by its code.
    pub fn unit(&self, code: &str) -> Result<&Org, OfficeError> {
        let unit = self.units.iter().find(|unit| unit.code == code);
        unit.ok_or_else(|| OfficeError::refuse(TargetRefusal::UnknownUnit(code.to_owned())))
    }

    /// A unit by its key.
    pub fn unit_of(&self, org_id: i64) -> Option<&Org> {
        self.units.iter().find(|unit| unit.org_id == org_id)
    }

    /// A person by his code.
    pub fn person(&self, code: &str) -> Result<&Staff, OfficeError> {
        let person = self.staff.iter().find(|person| person.code == code);
        person.ok_or_else(|| OfficeError::refuse(crate::access::AccessRefusal::UnknownStaff(code.to_owned())))
    }

    /// Code and name of a person; one who has left is told by his key.
    pub fn called(&self, staff_id: i64) -> (String, String) {
        let person = self.staff.iter().find(|person| person.staff_id == staff_id);
        person.map_or_else(
            || (format!("#{staff_id}"), String::new()),
            |person| (person.code.clone(), person.name.clone()),
        )
    }

    /// A unit and those below it; 0 for all.
    ///
    /// # Errors
    /// A unit stands below itself.
    pub fn below(&self, root: i64) -> Result<BTreeSet<i64>, OfficeError> {
        if root == 0 {
            return Ok(self.units.iter().map(|unit| unit.org_id).collect());
        }
        let mut found = BTreeSet::from([root]);
        let mut open = vec![root];
        while let Some(at) = open.pop() {
            for unit in self.units.iter().filter(|unit| unit.parent_id == Some(at)) {
                if !found.insert(unit.org_id) {
                    return Err(OfficeError::refuse(TreeRefusal::Cycle(unit.org_id)));
                }
                open.push(unit.org_id);
            }
        }
        Ok(found)
    }

    /// Of some portfolios, those of a unit that somebody (or nobody) answers for.
    pub fn portfolios_of<'p>(
        &self,
        all: impl IntoIterator<Item = &'p Portfolio>,
        (org_id, staff_id): (i64, Option<i64>),
    ) -> Vec<Portfolio> {
        let is_his = |(org, route): &&Portfolio| *org == org_id && self.owner(*route) == staff_id;
        all.into_iter().filter(is_his).copied().collect()
    }
}
