//! Carriers that answer as they are told, and a desk that remembers what it was told.

use crate::error::OfficeError;
use crate::notices::outbox::{Carriers, Desk, Message, Prepared, SendOptions, Sender};
use crate::ports::{Mail, Mailer, PortError, SmsGateway, Trace};
use crate::work::Work;
use denghuo_rules::notices::outbox::DeliveryKey;
use denghuo_rules::notices::{Channel, DeliveryState};
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_store::Conn;
use denghuo_store::notices::outbox::{self as store, OutboxRow};
use jiff::civil::{Date, DateTime, date};
use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeInclusive;
use std::sync::{LazyLock, Mutex};

static BOOK: LazyLock<Rulebook> = LazyLock::new(Rulebook::embedded);

pub fn work() -> Work<'static> {
    let site = Selector::in_jurisdictions(&["cn", "sgcc"]);
    Work { book: &BOOK, site, by: "system".to_owned(), now: 1_000_000 }
}

/// A time of the first of September.
pub fn at(time: &str) -> DateTime {
    date(2026, 9, 1).to_datetime(time.parse().expect("a time"))
}

pub fn row(channel: Channel, account_id: i64) -> OutboxRow {
    OutboxRow {
        key: DeliveryKey { account_id, notice_no: 1, delivery_no: 1 },
        channel,
        contact_no: Some(1),
        address: format!("a{account_id}@example.com"),
        state: DeliveryState::Queued,
        due_by: date(2026, 9, 1),
        next_at: at("08:00"),
        attempts: 0,
        sent_at: None,
        ended_at: None,
        gateway_ref: None,
        detail: None,
    }
}

/// Queues one message for each of some accounts.
pub fn queue(conn: &mut Conn, channel: Channel, accounts: RangeInclusive<i64>) {
    let rows: Vec<OutboxRow> = accounts.map(|account| row(channel, account)).collect();
    store::save(conn, &rows).expect("rows");
}

/// The state of every delivery.
pub fn states(conn: &mut Conn) -> Vec<(String, DeliveryState)> {
    let mut all = Vec::new();
    for state in DeliveryState::ALL {
        let rows = store::in_state(conn, *state, 1000).expect("rows");
        all.extend(rows.into_iter().map(|row| (row.key.to_string(), row.state)));
    }
    all.sort();
    all
}

/// What a carrier does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Take,
    Later,
    Never,
    /// It takes the message and the answer is lost.
    TakeAndLose,
    /// It does not take the message and the answer is lost.
    Lose,
    /// The sender dies before the message left.
    DieBefore,
    /// The sender dies after the message was taken.
    DieAfter,
    /// The question is not answered.
    Silent,
}

/// The end of the sender's process.
pub struct Killed;

fn die() -> ! {
    // Unwinding without the panic's message.
    std::panic::resume_unwind(Box::new(Killed))
}

/// A carrier with a script; when it ends, everything goes well.
#[derive(Default)]
pub struct Gateway {
    script: Mutex<VecDeque<Answer>>,
    usual: Option<Answer>,
    /// How often each message reached the customer.
    taken: Mutex<BTreeMap<String, usize>>,
    cannot_tell: bool,
}

impl Gateway {
    pub fn always(answer: Answer) -> Self {
        Self { usual: Some(answer), ..Self::default() }
    }

    pub fn scripted(script: impl IntoIterator<Item = Answer>) -> Self {
        Self { script: Mutex::new(script.into_iter().collect()), ..Self::default() }
    }

    /// The same, but nobody can ask it.
    pub fn mute(self) -> Self {
        Self { cannot_tell: true, ..self }
    }

    pub fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().keys().cloned().collect()
    }

    pub fn most(&self) -> usize {
        self.taken.lock().unwrap().values().copied().max().unwrap_or(0)
    }

    fn next(&self) -> Answer {
        self.script.lock().unwrap().pop_front().or(self.usual).unwrap_or(Answer::Take)
    }

    fn keep(&self, key: &str) -> String {
        *self.taken.lock().unwrap().entry(key.to_owned()).or_default() += 1;
        format!("ref-{key}")
    }

    fn hand(&self, key: &str) -> Result<String, PortError> {
        match self.next() {
            Answer::Take | Answer::Silent => Ok(self.keep(key)),
            Answer::Later => Err(PortError::Later("busy".to_owned())),
            Answer::Never => Err(PortError::Never("no such user".to_owned())),
            Answer::TakeAndLose => {
                self.keep(key);
                Err(PortError::Unknown("lost".to_owned()))
            }
            Answer::Lose => Err(PortError::Unknown("lost".to_owned())),
            Answer::DieBefore => die(),
            Answer::DieAfter => {
                self.keep(key);
                die()
            }
        }
    }

    fn told(&self, key: &str) -> Result<Trace, PortError> {
        if self.cannot_tell {
            return Ok(Trace::CannotTell);
        }
        match self.next() {
            Answer::Silent | Answer::Lose => return Err(PortError::Later("no answer".to_owned())),
            Answer::DieBefore | Answer::DieAfter => die(),
            _ => {}
        }
        let taken = self.taken.lock().unwrap().contains_key(key);
        Ok(if taken { Trace::Taken(format!("ref-{key}")) } else { Trace::Absent })
    }
}

impl Mailer for Gateway {
    fn send(&self, mail: &Mail) -> Result<String, PortError> {
        self.hand(&mail.key)
    }
    fn trace(&self, key: &str) -> Result<Trace, PortError> {
        self.told(key)
    }
    fn can_trace(&self) -> bool {
        !self.cannot_tell
    }
}

impl SmsGateway for Gateway {
    fn send(&self, key: &str, _: &str, _: &str) -> Result<String, PortError> {
        self.hand(key)
    }
    fn trace(&self, key: &str) -> Result<Trace, PortError> {
        self.told(key)
    }
    fn can_trace(&self) -> bool {
        !self.cannot_tell
    }
}

type Meanwhile = Box<dyn Fn() + Send + Sync>;

/// Quiet hours from eight in the evening to eight in the morning for SMS.
#[derive(Default)]
pub struct TestDesk {
    told: Mutex<Vec<String>>,
    meanwhile: Mutex<Option<Meanwhile>>,
}

impl TestDesk {
    pub fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().clone()
    }

    /// What happens while messages are prepared.
    pub fn when_asked(&self, meanwhile: Meanwhile) {
        *self.meanwhile.lock().unwrap() = Some(meanwhile);
    }
}

impl Desk for TestDesk {
    fn messages(
        &self,
        _: &mut Conn,
        _: &Work<'_>,
        rows: &[OutboxRow],
        _: Date,
    ) -> Result<Vec<Prepared>, OfficeError> {
        if let Some(meanwhile) = self.meanwhile.lock().unwrap().take() {
            meanwhile();
        }
        let message = |row: &OutboxRow| {
            let text = format!("to {}", row.address);
            Prepared::Ready(Message { subject: "电费账单".to_owned(), text, paper: None })
        };
        Ok(rows.iter().map(message).collect())
    }

    fn calm(&self, channel: Channel, at: DateTime) -> DateTime {
        let (day, hour) = (at.date(), at.hour());
        match channel {
            Channel::Sms if hour < 8 => day.at(8, 0, 0, 0),
            Channel::Sms if hour >= 20 => denghuo_rules::calendar::plus_days(day, 1).at(8, 0, 0, 0),
            _ => at,
        }
    }

    fn arrived(&self, _: &mut Conn, _: &Work<'_>, rows: &[(OutboxRow, DateTime)]) -> Result<(), OfficeError> {
        let lines = rows.iter().map(|(row, at)| format!("{} arrived {at}", row.key));
        self.told.lock().unwrap().extend(lines);
        Ok(())
    }

    fn failed(&self, _: &mut Conn, _: &Work<'_>, rows: &[OutboxRow], _: DateTime) -> Result<(), OfficeError> {
        self.told.lock().unwrap().extend(rows.iter().map(|row| format!("{} failed", row.key)));
        Ok(())
    }
}

/// A sender for both channels whose clock stands.
pub fn sender<'p>(gateway: &'p Gateway, desk: &'p TestDesk, now: DateTime) -> Sender<'p> {
    let turn: &'p (dyn Fn() -> DateTime + Sync) = Box::leak(Box::new(move || now));
    let carriers = Carriers { mail: Some(gateway), sms: Some(gateway), papers: None, turn };
    let options = SendOptions { batch: 4, workers: 1, group: 2, alone: false };
    Sender::new(carriers, desk, options).expect("threads")
}
