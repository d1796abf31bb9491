//! 催费责任到人: who answers for the money of a route.

use super::house::House;
use super::refusal::TargetRefusal;
use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_store::targets as store;
use denghuo_store::{Conn, audit};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// 责任路线 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChargeShown {
    /// Code of the route.
    pub route: String,
    /// Its name.
    pub name: String,
    /// Code of its unit.
    pub unit: String,
    /// Staff code of who answers for it.
    pub staff: Option<String>,
    /// What he is called.
    pub called: String,
    /// Was he named? Otherwise it is the reader of the route.
    pub named: bool,
}

/// The routes of a unit and those below it (0: all) with who answers for them on a day.
///
/// # Errors
/// The database's.
pub fn charge_list(conn: &mut Conn, root: i64, on: Date) -> Result<Vec<ChargeShown>, OfficeError> {
    let house = House::on(conn, on)?;
    let within = house.below(root)?;
    let rows = store::charges(conn, on)?.into_iter().filter(|row| within.contains(&row.org_id));
    Ok(rows
        .map(|row| {
            let person = row.staff_id.map(|staff_id| house.called(staff_id));
            ChargeShown {
                route: row.code,
                name: row.name,
                unit: house.unit_of(row.org_id).map_or_else(String::new, |unit| unit.code.clone()),
                called: person.as_ref().map_or_else(String::new, |(_, name)| name.clone()),
                staff: person.map(|(code, _)| code),
                named: row.named,
            }
        })
        .collect())
}

/// Says who answers for the money of a route from a day on. `root` is the unit in whose sight the route has to be (0: all).
///
/// # Errors
/// No such route or person, no manager, or the database's.
pub fn charge_set(
    conn: &mut Conn,
    work: &Work<'_>,
    (route, staff): (&str, &str),
    root: i64,
    on: Date,
) -> Result<(), OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::approval_level(conn, &work.by, on)?;
        let house = House::on(conn, on)?;
        let within = house.below(root)?;
        let row = store::charges(conn, on)?
            .into_iter()
            .find(|row| row.code == route && within.contains(&row.org_id))
            .ok_or_else(|| OfficeError::refuse(TargetRefusal::UnknownRoute(route.to_owned())))?;
        let person = house.person(staff)?;
        store::save_charge(conn, (row.route_id, on), person.staff_id, &work.by)?;
        let before = row.staff_id.map(|staff_id| house.called(staff_id).0);
        audit::mark(
            conn,
            &audit::Mark {
                account_id: 0,
                happened_on: on,
                subject: &format!("route:{route}"),
                action: "route.charge",
                who: &work.by,
                before: before.as_deref(),
                after: Some(staff),
                recorded_at: work.now,
            },
        )?;
        Ok(())
    })
}
