//! 整改: somebody owns a problem, plans what is done, and closes it with what came of it.

use super::detect::{ProblemLaw, note, task_of};
use super::show::effect_of;
use super::{KIND, LATE};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::service::problem::{CareRefusal, ProblemDeed, ProblemWanted, check_care};
use denghuo_store::service::problem::{self as store, ProblemRow};
use denghuo_store::tasks::{self, Resolution};
use denghuo_store::{Conn, audit};
use jiff::civil::Date;

/// 整改单: what is done about a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemOrder {
    /// What.
    pub deed: ProblemDeed,
    /// In words.
    pub said: String,
    /// Staff code of who owns it.
    pub owner: Option<String>,
    /// Of a plan: from which day something is done, and by when it ends.
    pub plan: Option<(Date, Date)>,
}

/// Does something about a problem; gives the problem.
///
/// # Errors
/// A [`CareRefusal`], nobody of that staff code, a year without calendar, or the database's.
pub fn problem_do(
    conn: &mut Conn,
    work: &Work<'_>,
    problem_id: i64,
    order: &ProblemOrder,
    on: Date,
) -> Result<ProblemRow, OfficeError> {
    let law = ProblemLaw::of(work, on)?;
    conn.write(|conn| {
        let mut row = store::lock_problem(conn, problem_id)?
            .ok_or_else(|| OfficeError::refuse(CareRefusal::Unknown(problem_id)))?;
        let before = format!("{} {}", row.state.word(), row.owner.as_deref().unwrap_or("-"));
        let wanted = ProblemWanted { deed: order.deed, words: &order.said, plan: order.plan };
        let state =
            check_care(row.state, row.measure_on, wanted, on, &law.care).map_err(OfficeError::refuse)?;
        let mut said = order.said.trim().to_owned();
        match order.deed {
            ProblemDeed::Own => {
                let owner = order.owner.as_deref().unwrap_or(&work.by);
                crate::access::on_staff(conn, owner, on)?;
                row.owner = Some(owner.to_owned());
                said = format!("{owner} {said}").trim().to_owned();
            }
            ProblemDeed::Plan => {
                if let Some((from, until)) = order.plan {
                    (row.measure_on, row.plan_until) = (Some(from), Some(until));
                    said = format!("{said} ({from} — {until})");
                }
            }
            ProblemDeed::Close => {
                if let Some(effect) = effect_of(conn, &law, &row, on)? {
                    said = format!(
                        "{said} (整改前{}天{}张,整改后{}张)",
                        effect.days, effect.before, effect.after
                    );
                }
            }
            _ => {}
        }
        let moves = state != row.state || order.deed == ProblemDeed::Plan;
        if moves {
            (row.state, row.since_on, row.level) = (state, on, 0);
            row.due_on = law.care.due_on(state, on, row.plan_until, work.book.calendar())?;
            row.ended_on = state.is_ended().then_some(on);
        }
        store::save_problems(conn, std::slice::from_ref(&row))?;
        note(conn, &row, (order.deed, &said, None), (&work.by, on))?;
        let subject = problem_id.to_string();
        let resolution = Resolution { decision: order.deed.word(), by: &work.by, on, note: "" };
        if moves {
            tasks::resolve(conn, (0, LATE, &subject), &resolution)?;
            tasks::resolve(conn, (0, KIND, &subject), &resolution)?;
            if !state.is_ended() {
                tasks::open(conn, &[task_of(&row, on)])?;
            }
        }
        let after = format!("{} {}", row.state.word(), row.owner.as_deref().unwrap_or("-"));
        audit::mark(
            conn,
            &audit::Mark {
                account_id: 0,
                happened_on: on,
                subject: &format!("problem:{problem_id}"),
                action: "problem.deed",
                who: &work.by,
                before: Some(&before),
                after: Some(&after),
                recorded_at: work.now,
            },
        )?;
        Ok(row)
    })
}
