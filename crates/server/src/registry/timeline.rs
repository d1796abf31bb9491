//! 时间轴 of a customer: every column's facts in one list.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::{DateForm, MomentForm};
use denghuo_rules::units::{Energy, Money};
use denghuo_store::registry::{Happening, happenings};
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which events.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct TimelineQuery {
    /// Only of these kinds, with commas between, such as `payment,notice_served`.
    #[serde(default)]
    what: Option<String>,
}

/// One thing that happened.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Event {
    /// The day.
    #[schemars(with = "DateForm")]
    on: Date,
    /// The moment, where one is known.
    #[schemars(with = "Option<MomentForm>")]
    at: Option<DateTime>,
    /// What, such as `reading`, `bill_released`, `notice_served`, `payment`, `cut_case`, `evidence`.
    what: String,
    /// Its number in its own table.
    no: i64,
    /// A number below that, such as the delivery of a notice; 0 when there is none.
    sub_no: i64,
    /// The bill that it belongs to; 0 for the account.
    bill_no: i64,
    /// Its kind or channel.
    kind: String,
    /// How it stands; empty where there is none.
    state: String,
    /// What was written beside it.
    note: String,
    /// An amount.
    amount: Option<Money>,
    /// An energy: what a meter showed, what a bill charges.
    energy: Option<Energy>,
}

/// What only who may see it is told, and the right that it takes.
const GUARDED: &[(&str, Permission)] = &[
    ("evidence", Permission::SeeEvidence),
    ("legal_case", Permission::SeeLegal),
    ("legal_step", Permission::SeeLegal),
    ("limitation_event", Permission::SeeLegal),
    ("insolvency", Permission::SeeLegal),
    ("write_off", Permission::SeeLegal),
];

/// Everything that happened on an account, as far as who asks may see it.
pub fn account_timeline(
    ask: &mut Ask<'_>,
    _: &Nothing,
    query: &TimelineQuery,
) -> Result<List<Event>, Problem> {
    let account_id = ask.account()?;
    let wanted: Option<Vec<&str>> =
        query.what.as_deref().map(|text| text.split(',').map(str::trim).collect());
    let who = ask.who;
    let may_see = |what: &str| GUARDED.iter().all(|(guarded, right)| *guarded != what || who.may(*right));
    let rows = happenings(ask.conn, account_id)?;
    let events = rows
        .into_iter()
        .filter(|row| wanted.as_ref().is_none_or(|wanted| wanted.contains(&row.what.as_str())))
        .filter(|row| may_see(&row.what))
        .map(event)
        .collect();
    ask.page.cut(events, |event: &Event| {
        format!(
            "{} {} {} {} {} {} {}",
            event.on, event.what, event.kind, event.bill_no, event.no, event.sub_no, event.state
        )
    })
}

fn event(row: Happening) -> Event {
    Event {
        on: row.on,
        at: row.at,
        what: row.what,
        no: row.no,
        sub_no: row.sub_no,
        bill_no: row.bill_no,
        kind: row.kind,
        state: row.state,
        note: row.note,
        amount: row.amount,
        energy: row.energy,
    }
}
