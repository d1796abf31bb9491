//! 监督: findings and what is done about them, reviews of drawn records, training.

mod findings;
mod reviews;
mod training;

use crate::ask::Ask;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_rules::access::Permission;

/// The endpoints.
pub fn routes() -> Routes {
    training::routes(reviews::routes(findings::routes(Routes::of("supervision", "监督"))))
}

/// Does the asker see everybody's findings of his unit, or only what concerns himself?
fn sees_all(ask: &Ask<'_>) -> bool {
    ask.needs(Permission::KeepSupervision).is_ok()
}

/// Is a unit the asker's, or below it?
fn in_scope(ask: &mut Ask<'_>, org_id: i64) -> Result<(), Problem> {
    let root = ask.root()?;
    let seen = root == 0 || denghuo_store::registry::descendants(ask.conn, root)?.contains(&org_id);
    if seen { Ok(()) } else { Err(Problem::foreign_account()) }
}

/// The unit with a code, in the asker's scope.
fn unit_named(ask: &mut Ask<'_>, code: &str) -> Result<i64, Problem> {
    let unit = denghuo_store::registry::orgs(ask.conn)?.into_iter().find(|unit| unit.code == code);
    let unknown =
        || Problem::refuse(denghuo_office::supervision::SupervisionRefusal::UnknownUnit(code.to_owned()));
    let org_id = unit.ok_or_else(unknown)?.org_id;
    in_scope(ask, org_id)?;
    Ok(org_id)
}
