//! 客户服务: tickets are taken, worked on and watched.

pub mod problems;

use crate::ask::Ask;
use crate::input::{Nothing, PersonalQuery};
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use crate::sorting::{Sort, ordered_by};
use denghuo_office::service::{
    DeedOrder, NewTicket, TicketRefusal, TicketShown, code_of, service_ranges, service_sweep, ticket_do,
    ticket_open, ticket_show,
};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::MomentForm;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::service::{Area, Deed, PauseReason, Request, Satisfaction, TicketSource, TicketState};
use denghuo_store::service::{NEVER, TICKET_ORDERS, TicketFilter, TicketListed, ticket, tickets};
use jiff::civil::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Accounts that a sweep takes at a time.
const SHARD: usize = 4_096;

/// The endpoints.
pub fn routes() -> Routes {
    let (see, take, work) = (Permission::SeeTickets, Permission::TakeTickets, Permission::WorkTickets);
    Routes::of("service", "客户服务")
        .list("/tickets", see, ("工单清单", "Tickets of one's unit, the newest first"), ticket_list)
        .post("/tickets", take, ("受理无户号工单", "Take a ticket of no account"), free_ticket_open)
        .once()
        .get("/tickets/{ticket_no}", see, ("无户号工单", "A ticket of no account with its clocks"), free_ticket)
        .post(
            "/tickets/{ticket_no}/deeds",
            work,
            ("处理无户号工单", "Do something on a ticket of no account"),
            free_ticket_deed,
        )
        .once()
        .post(
            "/ticket-sweeps",
            Permission::RunDay,
            ("时限巡检", "Tell the next level what has run short, each once"),
            ticket_sweep,
        )
        .list(
            "/accounts/{account_no}/tickets",
            see,
            ("客户工单", "The tickets of an account, the newest first"),
            account_tickets,
        )
        .post(
            "/accounts/{account_no}/tickets",
            take,
            ("受理工单", "Take a ticket; a complaint or a doubt about a meter holds the debt it is about"),
            account_ticket_open,
        )
        .once()
        .get(
            "/accounts/{account_no}/tickets/{ticket_no}",
            see,
            ("工单与时限", "A ticket with what was done, its clocks with their rules, and what may be done now"),
            account_ticket,
        )
        .post(
            "/accounts/{account_no}/tickets/{ticket_no}/deeds",
            work,
            ("处理工单", "Dispatch, contact, arrive, restore, answer, call back, pause, resume, reopen, close, withdraw"),
            account_ticket_deed,
        )
        .once()
}

/// A ticket in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct TicketPath {
    /// Its number within the account.
    ticket_no: i64,
}

/// Which tickets.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct TicketQuery {
    /// Only those that have not ended.
    #[serde(default)]
    open: bool,
    /// Only one's own.
    #[serde(default)]
    mine: bool,
    /// Only whose clocks run short now.
    #[serde(default)]
    late: bool,
    /// Only of this request.
    #[serde(default)]
    request: Option<Request>,
    /// Only in this state.
    #[serde(default)]
    state: Option<TicketState>,
    /// The order; the newest first when not given.
    #[serde(default)]
    sort: Sort<TicketLine>,
}

/// A ticket on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct TicketLine {
    /// 工单号
    code: String,
    /// 户号; none for a ticket of no account.
    account_no: Option<String>,
    /// Its number within the account.
    ticket_no: i64,
    /// What is asked for.
    request: Request,
    /// Its name.
    name: Bilingual,
    /// What it is about.
    topic: String,
    /// The first of what was said.
    said: String,
    /// How it came.
    source: TicketSource,
    /// Where it stands.
    state: TicketState,
    /// Name of the unit that has it.
    unit: String,
    /// Staff code of who has it.
    owner: Option<String>,
    /// How many levels up it was told.
    level: i64,
    /// When it was taken.
    #[schemars(with = "MomentForm")]
    accepted_at: DateTime,
    /// When a clock of it runs short; none when none does.
    #[schemars(with = "Option<MomentForm>")]
    next_at: Option<DateTime>,
    /// When it ended.
    #[schemars(with = "Option<MomentForm>")]
    ended_at: Option<DateTime>,
}

ordered_by!(TicketLine, TICKET_ORDERS);

impl TicketLine {
    fn of(listed: TicketListed) -> Self {
        let row = listed.ticket;
        Self {
            code: code_of(listed.account_no.as_deref(), row.ticket_no),
            account_no: listed.account_no,
            ticket_no: row.ticket_no,
            name: Bilingual::new(row.request.zh(), row.request.word().replace('_', " ")),
            request: row.request,
            topic: row.topic,
            said: row.said.chars().take(80).collect(),
            source: row.source,
            state: row.state,
            unit: listed.unit,
            owner: row.owner,
            level: row.level,
            accepted_at: row.accepted_at,
            next_at: Some(row.next_at).filter(|at| *at != NEVER),
            ended_at: row.ended_at,
        }
    }
}

fn ticket_list(ask: &mut Ask<'_>, _: &Nothing, query: &TicketQuery) -> Result<List<TicketLine>, Problem> {
    let filter = TicketFilter {
        root: ask.root()?,
        open: query.open,
        request: query.request,
        state: query.state,
        due_by: query.late.then_some(ask.now),
        owner: query.mine.then(|| ask.who.person.name.clone()),
        account_id: 0,
    };
    page(ask, &filter, &query.sort)
}

/// In which order.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct OrderQuery {
    /// The order; the newest first when not given.
    #[serde(default)]
    sort: Sort<TicketLine>,
}

fn account_tickets(ask: &mut Ask<'_>, _: &Nothing, query: &OrderQuery) -> Result<List<TicketLine>, Problem> {
    let filter = TicketFilter { account_id: ask.account()?, ..TicketFilter::default() };
    page(ask, &filter, &query.sort)
}

fn page(
    ask: &mut Ask<'_>,
    filter: &TicketFilter,
    sort: &Sort<TicketLine>,
) -> Result<List<TicketLine>, Problem> {
    let slice = ask.page.slice(&TICKET_ORDERS, sort)?;
    let rows = tickets(ask.conn, filter, &slice)?;
    Ok(List::of_placed(rows, ask.page.limit).map(TicketLine::of))
}

/// A ticket as it is taken.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TicketBody {
    /// What is asked for.
    request: Request,
    /// Where; wanted for a fault.
    #[serde(default)]
    area: Option<Area>,
    /// What it is about, in a word.
    #[serde(default)]
    #[schemars(length(max = 200))]
    topic: String,
    /// How it came; by telephone when not given.
    #[serde(default)]
    source: Option<TicketSource>,
    /// The number that the source gave: the same again is the same ticket.
    #[serde(default)]
    #[schemars(length(max = 200))]
    source_ref: String,
    /// Code of the unit that takes it; the account's when not given.
    #[serde(default)]
    unit: Option<String>,
    /// What the caller is called.
    #[serde(default)]
    #[schemars(length(max = 200))]
    caller: String,
    /// Where he can be reached.
    #[serde(default)]
    #[schemars(length(max = 200))]
    phone: String,
    /// The place.
    #[serde(default)]
    #[schemars(length(max = 200))]
    place: String,
    /// What he said.
    #[schemars(length(min = 1, max = 4000))]
    said: String,
    /// What it concerns, such as `bill:3`, `cut:1`, `reading:2026-08`.
    #[serde(default)]
    about: Vec<String>,
    /// When he said it; now when not given.
    #[serde(default)]
    #[schemars(with = "Option<MomentForm>")]
    accepted_at: Option<DateTime>,
}

fn open(ask: &mut Ask<'_>, account_id: i64, body: &TicketBody) -> Result<TicketShown, Problem> {
    let new = NewTicket {
        account_id,
        request: Some(body.request),
        area: body.area,
        topic: body.topic.clone(),
        source: body.source,
        source_ref: body.source_ref.clone(),
        unit: body.unit.clone(),
        caller: body.caller.clone(),
        phone: body.phone.clone(),
        place: body.place.clone(),
        said: body.said.clone(),
        about: body.about.clone(),
    };
    let row = ticket_open(ask.conn, ask.work, &new, (body.accepted_at.unwrap_or(ask.now), ask.now))?;
    Ok(ticket_show(ask.conn, ask.work, (account_id, row.ticket_no), (ask.now, false))?)
}

fn account_ticket_open(ask: &mut Ask<'_>, _: &Nothing, body: &TicketBody) -> Result<TicketShown, Problem> {
    let account_id = ask.account()?;
    open(ask, account_id, body)
}

fn free_ticket_open(ask: &mut Ask<'_>, _: &Nothing, body: &TicketBody) -> Result<TicketShown, Problem> {
    if let Some(code) = &body.unit {
        let unit = denghuo_store::registry::orgs(ask.conn)?.into_iter().find(|unit| unit.code == *code);
        let unit = unit.ok_or_else(|| Problem::refuse(TicketRefusal::UnknownUnit(code.clone())))?;
        in_scope(ask, unit.org_id)?;
    }
    open(ask, 0, body)
}

/// Is the unit that has a ticket the asker's, or below it?
fn in_scope(ask: &mut Ask<'_>, org_id: i64) -> Result<(), Problem> {
    let root = ask.root()?;
    let seen = root == 0 || denghuo_store::registry::descendants(ask.conn, root)?.contains(&org_id);
    if seen { Ok(()) } else { Err(Problem::foreign_account()) }
}

/// A ticket of no account that is in the asker's scope.
fn free(ask: &mut Ask<'_>, ticket_no: i64) -> Result<(i64, i64), Problem> {
    let row = ticket(ask.conn, (0, ticket_no))?
        .ok_or_else(|| Problem::refuse(TicketRefusal::Unknown(ticket_no.to_string())))?;
    in_scope(ask, row.org_id)?;
    Ok((0, ticket_no))
}

fn free_ticket(ask: &mut Ask<'_>, path: &TicketPath, query: &PersonalQuery) -> Result<TicketShown, Problem> {
    let key = free(ask, path.ticket_no)?;
    let personal = ask.in_full(query.personal, 0, "ticket")?;
    Ok(ticket_show(ask.conn, ask.work, key, (ask.now, personal))?)
}

fn account_ticket(
    ask: &mut Ask<'_>,
    path: &TicketPath,
    query: &PersonalQuery,
) -> Result<TicketShown, Problem> {
    let account_id = ask.account()?;
    let personal = ask.in_full(query.personal, account_id, "ticket")?;
    Ok(ticket_show(ask.conn, ask.work, (account_id, path.ticket_no), (ask.now, personal))?)
}

/// A deed on a ticket.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DeedBody {
    /// What. `escalate` is done by the clocks.
    deed: Deed,
    /// When; now when not given.
    #[serde(default)]
    #[schemars(with = "Option<MomentForm>")]
    at: Option<DateTime>,
    /// In words.
    #[serde(default)]
    #[schemars(length(max = 4000))]
    said: String,
    /// Code of the unit that gets it.
    #[serde(default)]
    unit: Option<String>,
    /// Staff code of who gets it.
    #[serde(default)]
    owner: Option<String>,
    /// What a call-back came to.
    #[serde(default)]
    satisfaction: Option<Satisfaction>,
    /// Why it is paused.
    #[serde(default)]
    pause: Option<PauseReason>,
}

fn deed(ask: &mut Ask<'_>, key: (i64, i64), body: &DeedBody) -> Result<TicketShown, Problem> {
    if body.deed == Deed::Escalate || body.said.chars().count() > 4_000 {
        return Err(Problem::unreadable("body", "deed, said"));
    }
    let order = DeedOrder {
        deed: Some(body.deed),
        at: body.at,
        said: body.said.clone(),
        unit: body.unit.clone(),
        owner: body.owner.clone(),
        satisfaction: body.satisfaction,
        pause: body.pause,
    };
    ticket_do(ask.conn, ask.work, key, &order, ask.now)?;
    Ok(ticket_show(ask.conn, ask.work, key, (ask.now, false))?)
}

fn account_ticket_deed(
    ask: &mut Ask<'_>,
    path: &TicketPath,
    body: &DeedBody,
) -> Result<TicketShown, Problem> {
    let account_id = ask.account()?;
    deed(ask, (account_id, path.ticket_no), body)
}

fn free_ticket_deed(ask: &mut Ask<'_>, path: &TicketPath, body: &DeedBody) -> Result<TicketShown, Problem> {
    let key = free(ask, path.ticket_no)?;
    deed(ask, key, body)
}

/// What a sweep came to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Swept {
    /// Tickets that were looked at.
    looked_at: i64,
}

fn ticket_sweep(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Swept, Problem> {
    let mut looked_at = 0;
    for range in service_ranges(ask.conn, ask.now, SHARD)? {
        looked_at += service_sweep(ask.conn, ask.work, range, ask.now)?.done;
    }
    Ok(Swept { looked_at })
}
