//! 即时催缴: the ladder of one account is walked now instead of with the next business day, and what it asks for is asked for.

use super::facts::debtors;
use super::show::ladder_show;
use super::stage::DunStage;
use crate::access;
use crate::day::Stage as _;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::notices::NoticeKind;
use denghuo_rules::refusal::Refuse;
use denghuo_store::day::Range;
use denghuo_store::{Conn, collections, ledger, notices};
use jiff::civil::Date;

/// Why no demand notice is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemandRefusal {
    /// Nothing is owed, or the ladder asks for no notice before a day.
    NotAsked(Option<Date>),
}

impl Refuse for DemandRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAsked(_) => "ladder.no_demand",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::NotAsked(None) => {
                Bilingual::new("现在不应发催缴通知", "no demand notice is to be sent now")
            }
            Self::NotAsked(Some(day)) => Bilingual::new(
                format!("现在不应发催缴通知,{day}再看"),
                format!("no demand notice is to be sent now; to be looked at again on {day}"),
            ),
        }
    }
}

/// Asks for the demand notice that the ladder of an account asks for; gives its number. Whatever else the ladder asks for on that day
/// comes with it, as the stage `dun` would bring it. The ladder decides alone: nobody is told earlier or more often than by its rule.
///
/// # Errors
/// A [`DemandRefusal`], a person who is not on the staff list, a missing rule, or the database's.
pub fn demand_now(conn: &mut Conn, work: &Work<'_>, account_id: i64, on: Date) -> Result<i64, OfficeError> {
    work.check_date(on)?;
    let stage = DunStage::new(work, on)?;
    conn.write(|conn| {
        access::on_staff(conn, &work.by, on)?;
        ledger::lock(conn, account_id)?;
        let refused = |next_on| OfficeError::refuse(DemandRefusal::NotAsked(next_on));
        if debtors(conn, account_id, on)?.is_empty() {
            return Err(refused(None));
        }
        collections::ladder_touch(conn, account_id, on)?;
        let decision = stage.decide(conn, Range::one(account_id))?;
        if !decision.asks_for_notice() {
            let next_on = ladder_show(conn, work, account_id, on)?.next_on;
            return Err(refused(next_on.filter(|day| *day > on)));
        }
        stage.write(conn, decision)?;
        let all = notices::notices_of_account(conn, account_id)?;
        let demands = all.iter().filter(|notice| notice.kind == NoticeKind::Demand);
        demands.map(|notice| notice.notice_no).max().ok_or_else(|| refused(None))
    })
}
