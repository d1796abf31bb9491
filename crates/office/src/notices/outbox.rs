//! 发件箱: messages leave, once. A claim is committed before anything is handed over, so that a sender that dies leaves a
//! trace; what it left in doubt is settled by asking the carrier, never by sending blindly again.
//!
//! The order of one round: take over the claims of silent senders; settle doubts; note arrivals; claim what is due; prepare
//! the messages; for each group note `handing`, hand over in parallel, record. A sender whose claim was taken over finds
//! its attempt ended and sends nothing.

mod hands;
mod look;
mod receipts;
mod round;
#[cfg(test)]
mod tests;

pub use hands::{OutboxRefusal, outbox_cancel, outbox_retry};
pub use receipts::{Bounce, ReceiptNews, Received, SignedCall, bounce_take, is_signed, sign, sms_receipt};

use crate::error::OfficeError;
use crate::ports::{Mailer, Papers, SmsGateway};
use crate::work::Work;
use denghuo_rules::notices::Channel;
use denghuo_rules::notices::outbox::{AttemptOutcome, OutboxRule, TOPIC};
use denghuo_store::Conn;
use denghuo_store::notices::outbox::OutboxRow;
use jiff::civil::{Date, DateTime};
use serde::Serialize;

/// The channels of the sender.
pub const CHANNELS: [Channel; 2] = [Channel::Email, Channel::Sms];

/// A message as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Subject line; not used by SMS.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The paper that goes with a mail.
    pub paper: Option<Paper>,
}

/// A paper to be printed and attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// The template.
    pub template: String,
    /// Its data, a JSON object.
    pub data: String,
    /// Name of the file.
    pub file_name: String,
}

/// What is to be told for one delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// This.
    Ready(Message),
    /// Nothing any more: the notice was withdrawn or has arrived otherwise.
    NotNeeded(String),
    /// It cannot be told: the content does not suit the template.
    Broken(String),
}

/// 收发台: what the sender asks of the rest of the column.
pub trait Desk: Sync {
    /// The messages of claimed deliveries, in their order.
    ///
    /// # Errors
    /// The database's.
    fn messages(
        &self,
        conn: &mut Conn,
        work: &Work<'_>,
        rows: &[OutboxRow],
        on: Date,
    ) -> Result<Vec<Prepared>, OfficeError>;

    /// The first moment from `at` on at which the channel may disturb.
    fn calm(&self, channel: Channel, at: DateTime) -> DateTime;

    /// Messages arrived; each with the moment of arrival. In the running transaction.
    ///
    /// # Errors
    /// The database's.
    fn arrived(
        &self,
        conn: &mut Conn,
        work: &Work<'_>,
        rows: &[(OutboxRow, DateTime)],
    ) -> Result<(), OfficeError>;

    /// Messages came back or were given up; the column chooses another channel. In the running transaction.
    ///
    /// # Errors
    /// The database's.
    fn failed(
        &self,
        conn: &mut Conn,
        work: &Work<'_>,
        rows: &[OutboxRow],
        at: DateTime,
    ) -> Result<(), OfficeError>;
}

/// 外部: carriers, printer and clock of a sender.
#[derive(Clone, Copy)]
pub struct Carriers<'p> {
    /// The mail relay, where there is one.
    pub mail: Option<&'p dyn Mailer>,
    /// The SMS gateway, where there is one.
    pub sms: Option<&'p dyn SmsGateway>,
    /// The printer of attached papers.
    pub papers: Option<&'p dyn Papers>,
    /// Waits for the turn of the next message and tells the moment. Called once for each message that leaves.
    pub turn: &'p (dyn Fn() -> DateTime + Sync),
}

impl Carriers<'_> {
    fn serves(&self, channel: Channel) -> bool {
        match channel {
            Channel::Email => self.mail.is_some(),
            Channel::Sms => self.sms.is_some(),
            _ => false,
        }
    }

    /// Can a doubt about this channel be settled by asking?
    fn can_trace(&self, channel: Channel) -> bool {
        match channel {
            Channel::Email => self.mail.is_some_and(Mailer::can_trace),
            Channel::Sms => self.sms.is_some_and(SmsGateway::can_trace),
            _ => false,
        }
    }
}

/// How a round is worked.
#[derive(Clone, Copy, Debug)]
pub struct SendOptions {
    /// Deliveries that are claimed in one transaction.
    pub batch: usize,
    /// Messages that are in the air at once, and connections.
    pub workers: usize,
    /// Messages that one `handing` mark covers where doubts can be settled by asking; where they cannot it is one.
    pub group: usize,
    /// No other sender runs: every claim found is taken over at once.
    pub alone: bool,
}

impl Default for SendOptions {
    fn default() -> Self {
        Self { batch: 256, workers: 4, group: 16, alone: false }
    }
}

/// What a round came to, in messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SendReport {
    /// Claimed for sending.
    pub claimed: usize,
    /// Taken by the carrier.
    pub sent: usize,
    /// To be tried again.
    pub later: usize,
    /// Refused by the carrier for good.
    pub bounced: usize,
    /// Given up after the last attempt.
    pub failed: usize,
    /// Nobody knows.
    pub doubtful: usize,
    /// Not needed any more.
    pub cancelled: usize,
    /// Claims taken over from a silent sender.
    pub taken_over: usize,
    /// Doubts that were settled.
    pub settled: usize,
    /// Messages that count as arrived now.
    pub arrived: usize,
    /// Doubts and silences that a person has to settle.
    pub tasks: usize,
}

impl SendReport {
    /// Was there nothing to do?
    #[must_use]
    pub fn is_idle(&self) -> bool {
        *self == Self::default()
    }
}

impl std::ops::AddAssign for SendReport {
    fn add_assign(&mut self, other: Self) {
        self.claimed += other.claimed;
        self.sent += other.sent;
        self.later += other.later;
        self.bounced += other.bounced;
        self.failed += other.failed;
        self.doubtful += other.doubtful;
        self.cancelled += other.cancelled;
        self.taken_over += other.taken_over;
        self.settled += other.settled;
        self.arrived += other.arrived;
        self.tasks += other.tasks;
    }
}

/// A sender of messages: one for each process, with its connections.
pub struct Sender<'p> {
    carriers: Carriers<'p>,
    desk: &'p dyn Desk,
    options: SendOptions,
    pool: rayon::ThreadPool,
}

impl<'p> Sender<'p> {
    /// A sender with threads of its own.
    ///
    /// # Errors
    /// The machine gives no more threads.
    pub fn new(
        carriers: Carriers<'p>,
        desk: &'p dyn Desk,
        options: SendOptions,
    ) -> Result<Self, rayon::ThreadPoolBuildError> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(options.workers.max(1)).build()?;
        Ok(Self { carriers, desk, options, pool })
    }

    /// One round at a moment: at most a batch of each channel. A round that found nothing to do is idle.
    ///
    /// # Errors
    /// The database's, or no rule; what was sent and not recorded is found in doubt by the next round.
    pub fn round(&self, conn: &mut Conn, work: &Work<'_>, at: DateTime) -> Result<SendReport, OfficeError> {
        let rule = rule(work, at.date())?;
        let mut report = look::look(self, conn, work, &rule, at)?;
        for channel in CHANNELS {
            if self.carriers.serves(channel) && self.desk.calm(channel, at) <= at {
                report += round::send(self, conn, work, &rule, (channel, at))?;
            }
        }
        Ok(report)
    }
}

/// Sends what is due until nothing is left to do at that moment.
///
/// # Errors
/// Those of [`Sender::round`].
pub fn send_due(
    sender: &Sender<'_>,
    conn: &mut Conn,
    work: &Work<'_>,
    at: DateTime,
) -> Result<SendReport, OfficeError> {
    let mut total = SendReport::default();
    loop {
        let report = sender.round(conn, work, at)?;
        if report.is_idle() {
            return Ok(total);
        }
        total += report;
    }
}

/// The rule of the outbox on a day.
///
/// # Errors
/// There is none.
pub fn rule(work: &Work<'_>, on: Date) -> Result<OutboxRule, OfficeError> {
    Ok(work.book.pick(TOPIC, &work.site, on)?.params)
}

/// What came of one attempt.
#[derive(Clone, Debug)]
struct Ended {
    row: OutboxRow,
    outcome: AttemptOutcome,
    at: DateTime,
    detail: Option<String>,
    reference: Option<String>,
}
