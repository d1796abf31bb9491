//! `denghuo tickets`: what customers ask for, by when it was promised, and what was done.

use crate::context::{Global, account_id, now_local, print_json};
use clap::{Args as ClapArgs, Subcommand};
use denghuo_office::service::{
    DeedOrder, NewTicket, TicketShown, code_of, key_of, service_ranges, service_sweep, ticket_do,
    ticket_open, ticket_show,
};
use denghuo_rules::service::{
    Area, Deed, Measure, PauseReason, Request, Satisfaction, TicketSource, TicketState,
};
use denghuo_store::db::without_places;
use denghuo_store::service::TICKET_ORDERS;
use denghuo_store::service::{TicketFilter, TicketListed, TicketRow, tickets};
use jiff::civil::DateTime;
use serde_json::json;

/// Arguments of `denghuo tickets`.
#[derive(ClapArgs)]
#[command(
    after_help = "Examples:\n  denghuo tickets open --request complaint --account 3710000012 --said 催费态度恶劣 --about bill:3 --by S004\n  \
        denghuo tickets open --request fault --area urban --unit P01 --said 停电 --place 解放路1号 --by S004\n  \
        denghuo tickets do 3710000012-1 dispatch --to S001 --by S004\n  denghuo tickets show 3710000012-1\n  \
        denghuo tickets list --open\n  denghuo tickets sweep"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Take a ticket 受理
    Open(Box<Open>),
    /// Do something on a ticket 处理
    Do(Box<Do>),
    /// A ticket with its clocks and what was done 工单
    Show {
        /// Number of the ticket, such as 3710000012-1
        ticket: String,
        /// Show the caller in full
        #[arg(long)]
        unmask: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Tickets, the newest first 工单清单
    List {
        /// Only those that have not ended
        #[arg(long)]
        open: bool,
        /// Only of this request
        #[arg(long, value_parser = request)]
        request: Option<Request>,
        /// At most so many
        #[arg(long, default_value_t = 100)]
        limit: i64,
        #[command(flatten)]
        common: Common,
    },
    /// Tell the next level what has run short, once 时限巡检
    Sweep {
        #[command(flatten)]
        common: Common,
    },
}

#[derive(ClapArgs)]
struct Common {
    /// The moment in Beijing time, such as 2026-09-08T10:30; now when not given
    #[arg(long)]
    at: Option<DateTime>,
    /// JSON
    #[arg(long)]
    json: bool,
}

#[derive(ClapArgs)]
struct Open {
    /// fault, complaint, reading_data, meter_abnormal, consultation … or the Chinese word
    #[arg(long, value_parser = request)]
    request: Request,
    /// Account number 户号
    #[arg(long)]
    account: Option<String>,
    /// urban, rural, remote
    #[arg(long, value_parser = area)]
    area: Option<Area>,
    /// What it is about, in a word
    #[arg(long, default_value = "")]
    topic: String,
    /// phone, counter, online, field, regulator, own
    #[arg(long, value_parser = source, default_value = "phone")]
    source: TicketSource,
    /// The number that the source gave: the same again is the same ticket
    #[arg(long, default_value = "")]
    source_ref: String,
    /// Code of the unit that takes it; the account's when not given
    #[arg(long)]
    unit: Option<String>,
    /// What the caller is called
    #[arg(long, default_value = "")]
    caller: String,
    /// Where he can be reached
    #[arg(long, default_value = "")]
    phone: String,
    /// The place
    #[arg(long, default_value = "")]
    place: String,
    /// What he said
    #[arg(long)]
    said: String,
    /// What it concerns, such as bill:3, cut:1, reading:2026-08
    #[arg(long)]
    about: Vec<String>,
    /// Staff code
    #[arg(long)]
    by: String,
    #[command(flatten)]
    common: Common,
}

#[derive(ClapArgs)]
struct Do {
    /// Number of the ticket, such as 3710000012-1
    ticket: String,
    /// dispatch, contact, arrive, restore, answer, call_back, pause, resume, note, reopen, close, withdraw
    #[arg(value_parser = deed)]
    deed: Deed,
    /// In words
    #[arg(long, default_value = "")]
    said: String,
    /// Staff code of who gets it
    #[arg(long)]
    to: Option<String>,
    /// Code of the unit that gets it
    #[arg(long)]
    unit: Option<String>,
    /// What a call-back came to: satisfied, neutral, unsatisfied, unreached
    #[arg(long, value_parser = satisfaction)]
    satisfaction: Option<Satisfaction>,
    /// Why it is paused: customer_asked, force_majeure, third_party, customer_papers
    #[arg(long, value_parser = pause)]
    reason: Option<PauseReason>,
    /// Staff code
    #[arg(long)]
    by: String,
    #[command(flatten)]
    common: Common,
}

/// Reads a word of a list; an unknown one is answered with all of them.
fn word<T: Copy>(text: &str, found: Option<T>, all: &[T], name: fn(T) -> &'static str) -> Result<T, String> {
    let words = || all.iter().map(|one| name(*one)).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| format!("`{text}` is none of {}", words()))
}

fn request(text: &str) -> Result<Request, String> {
    word(text, Request::from_word(text), Request::ALL, Request::word)
}
fn area(text: &str) -> Result<Area, String> {
    word(text, Area::from_word(text), Area::ALL, Area::word)
}
fn source(text: &str) -> Result<TicketSource, String> {
    word(text, TicketSource::from_word(text), TicketSource::ALL, TicketSource::word)
}
fn deed(text: &str) -> Result<Deed, String> {
    let by_hand = Deed::from_word(text).filter(|deed| *deed != Deed::Escalate);
    word(text, by_hand, Deed::ALL, Deed::word)
}
fn satisfaction(text: &str) -> Result<Satisfaction, String> {
    word(text, Satisfaction::from_word(text), Satisfaction::ALL, Satisfaction::word)
}
fn pause(text: &str) -> Result<PauseReason, String> {
    word(text, PauseReason::from_word(text), PauseReason::ALL, PauseReason::word)
}

/// Does what is asked.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Open(open) => opened(global, *open),
        What::Do(deed) => done(global, *deed),
        What::Show { ticket, unmask, common } => {
            let now = common.at.unwrap_or_else(now_local);
            global.work("system", |conn, work| {
                let key = key_of(conn, &ticket)?;
                let shown = ticket_show(conn, work, key, (now, unmask))?;
                if common.json { print_json(&shown) } else { tell(global, &shown) }
            })
        }
        What::List { open, request, limit, common } => listed(global, (open, request), limit, &common),
        What::Sweep { common } => {
            let now = common.at.unwrap_or_else(now_local);
            global.work("system", |conn, work| {
                let mut looked_at = 0;
                for range in service_ranges(conn, now, 4_096)? {
                    looked_at += service_sweep(conn, work, range, now)?.done;
                }
                if common.json {
                    return print_json(&json!({ "looked_at": looked_at }));
                }
                println!("{} {looked_at}", global.say("已巡检工单", "tickets looked at:"));
                Ok(())
            })
        }
    }
}

fn opened(global: &Global, open: Open) -> anyhow::Result<()> {
    let now = now_local();
    let at = open.common.at.unwrap_or(now);
    global.work(&open.by, |conn, work| {
        let account_id = match &open.account {
            Some(account) => account_id(conn, account)?,
            None => 0,
        };
        let new = NewTicket {
            account_id,
            request: Some(open.request),
            area: open.area,
            topic: open.topic,
            source: Some(open.source),
            source_ref: open.source_ref,
            unit: open.unit,
            caller: open.caller,
            phone: open.phone,
            place: open.place,
            said: open.said,
            about: open.about,
        };
        let ticket = ticket_open(conn, work, &new, (at, now.max(at)))?;
        told(global, &ticket, open.account.as_deref(), open.common.json)
    })
}

fn done(global: &Global, order: Do) -> anyhow::Result<()> {
    let now = order.common.at.unwrap_or_else(now_local);
    global.work(&order.by, |conn, work| {
        let key = key_of(conn, &order.ticket)?;
        let deed = DeedOrder {
            deed: Some(order.deed),
            at: None,
            said: order.said,
            unit: order.unit,
            owner: order.to,
            satisfaction: order.satisfaction,
            pause: order.reason,
        };
        let ticket = ticket_do(conn, work, key, &deed, now)?;
        let account = order.ticket.rsplit_once('-').map(|(account, _)| account);
        told(global, &ticket, account, order.common.json)
    })
}

/// Tells what became of a ticket.
fn told(global: &Global, ticket: &TicketRow, account: Option<&str>, as_json: bool) -> anyhow::Result<()> {
    let code = code_of(account, ticket.ticket_no);
    if as_json {
        return print_json(&json!({ "ticket": code, "state": ticket.state }));
    }
    println!("{} {code}: {}", global.say("工单", "ticket"), state_of(global, ticket.state));
    Ok(())
}

fn state_of(global: &Global, state: TicketState) -> &'static str {
    global.say(state.zh(), state.word())
}

fn listed(
    global: &Global,
    (open, request): (bool, Option<Request>),
    limit: i64,
    common: &Common,
) -> anyhow::Result<()> {
    let mut conn = global.connect()?;
    let filter = TicketFilter { open, request, ..TicketFilter::default() };
    let rows = without_places(tickets(&mut conn, &filter, &TICKET_ORDERS.first(limit))?);
    let code = |row: &TicketListed| code_of(row.account_no.as_deref(), row.ticket.ticket_no);
    if common.json {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                let ticket = &row.ticket;
                json!({ "ticket": code(row), "request": ticket.request, "state": ticket.state, "unit": row.unit,
                    "accepted_at": ticket.accepted_at, "owner": ticket.owner, "level": ticket.level, "topic": ticket.topic })
            })
            .collect();
        return print_json(&rows);
    }
    for row in &rows {
        let ticket = &row.ticket;
        println!(
            "{:<16} {} {} {} {} {}",
            code(row),
            ticket.accepted_at,
            global.say(ticket.request.zh(), ticket.request.word()),
            state_of(global, ticket.state),
            row.unit,
            ticket.owner.as_deref().unwrap_or("-"),
        );
    }
    println!("{} {}", rows.len(), global.say("张工单", "tickets"));
    Ok(())
}

fn tell(global: &Global, shown: &TicketShown) -> anyhow::Result<()> {
    let language = global.language();
    println!(
        "{} {}  {}",
        shown.code,
        shown.name.in_language(language),
        shown.state_name.in_language(language)
    );
    println!("{} {}  {}", shown.accepted_at, shown.source, shown.unit);
    println!("{}", shown.said);
    for clock in &shown.clocks {
        let due = clock.due_at.map_or_else(|| "-".to_owned(), |due| due.to_string());
        let measure = match clock.measure {
            Measure::Promise => global.say("承诺", "promise"),
            Measure::Limit => global.say("内部", "limit"),
        };
        let state = global.say(clock.state.zh(), clock.state.word());
        println!("  {measure} {}  {due}  {state}  {}", clock.name.in_language(language), clock.clause);
    }
    for event in &shown.events {
        println!(
            "  {} {} {} {}",
            event.happened_at,
            event.name.in_language(language),
            event.noted_by,
            event.said
        );
    }
    Ok(())
}
