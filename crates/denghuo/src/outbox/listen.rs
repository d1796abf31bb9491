//! `denghuo notices listen`: the door at which the SMS gateway rings with its receipts.

use crate::adapters::config::{SMS_KEY, SMS_RECEIPT_KEY, is_loopback, secret};
use crate::context::{Global, now_local, recorded_at, recorded_now};
use anyhow::{anyhow, bail};
use denghuo_office::error::OfficeError;
use denghuo_office::notices::Templates;
use denghuo_office::notices::desk::NoticeDesk;
use denghuo_office::notices::outbox::{SignedCall, sms_receipt};
use denghuo_office::work::Work;
use denghuo_rules::rulebook::Rulebook;
use denghuo_store::{Conn, Store};
use jiff::civil::DateTime;
use std::io::Read as _;
use tiny_http::{Header, Method, Request, Response, Server};

/// Most bytes of a call that are read.
const MOST_BODY: u64 = 1024 * 1024;
/// Where receipts are posted.
const PATH: &str = "/sms/receipts";

/// Arguments of `denghuo notices listen`.
#[derive(clap::Args)]
pub struct Args {
    /// Address and port; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8095", value_name = "ADDRESS")]
    bind: std::net::SocketAddr,
    /// Listen on an address that others can reach; put a proxy with TLS before it
    #[arg(long)]
    public: bool,
    /// Moment at which its clock stands, for a replay; the clock when not given
    #[arg(long)]
    at: Option<DateTime>,
}

/// Listens until it is ended; tells its address on standard output first.
///
/// # Errors
/// An address that cannot be taken, a missing key, a database that cannot be opened.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    if !is_loopback(&args.bind.ip().to_string()) && !args.public {
        bail!("{} can be reached by others: say --public, behind a proxy with TLS", args.bind);
    }
    let key = secret(SMS_RECEIPT_KEY).or_else(|_| secret(SMS_KEY))?;
    let store = global.store()?;
    let book = global.site_book(&mut store.connect()?)?;
    let server =
        Server::http(args.bind).map_err(|error| anyhow!("cannot listen on {}: {error}", args.bind))?;
    println!("http://{}{PATH}", server.server_addr());
    let mut door = Door { store, book, key, stands_at: args.at, conn: None };
    for request in server.incoming_requests() {
        door.answer(request);
    }
    Ok(())
}

struct Door {
    store: Store,
    book: Rulebook,
    key: String,
    stands_at: Option<DateTime>,
    conn: Option<Conn>,
}

impl Door {
    fn answer(&mut self, mut request: Request) {
        let (status, text) = self.take(&mut request);
        let json = Header::from_bytes("Content-Type", "application/json").ok();
        let mut response = Response::from_string(text).with_status_code(status);
        if let Some(json) = json {
            response.add_header(json);
        }
        // A caller that has gone away rings again.
        let _ = request.respond(response);
    }

    /// Status and body of the answer. Whatever is not 200 asks the gateway to ring again.
    fn take(&mut self, request: &mut Request) -> (u16, String) {
        let said = |code: &str| serde_json::json!({ "error": code }).to_string();
        if *request.method() != Method::Post || request.url() != PATH {
            return (404, said("not_found"));
        }
        let header = |name: &'static str| {
            let found = request.headers().iter().find(|header| header.field.equiv(name));
            found.map(|header| header.value.as_str().to_owned()).unwrap_or_default()
        };
        let (timestamp, signature) = (header("X-Denghuo-Timestamp"), header("X-Denghuo-Signature"));
        let mut body = Vec::new();
        if request.as_reader().take(MOST_BODY).read_to_end(&mut body).is_err() {
            return (400, said("unreadable"));
        }
        let call = SignedCall { timestamp: &timestamp, signature: &signature, body: &body };
        match self.receive(&call) {
            Ok(received) => (200, serde_json::to_string(&received).unwrap_or_default()),
            Err(OfficeError::Refused(refusal)) => {
                eprintln!("{} [{}]", refusal.text.en, refusal.code);
                (if refusal.code == "receipt.unreadable" { 400 } else { 401 }, said(refusal.code))
            }
            Err(error) => {
                eprintln!("{error}");
                // The next call gets a connection of its own.
                self.conn = None;
                (503, said("unavailable"))
            }
        }
    }

    fn receive(
        &mut self,
        call: &SignedCall<'_>,
    ) -> Result<denghuo_office::notices::outbox::Received, OfficeError> {
        let conn = match &mut self.conn {
            Some(conn) => conn,
            empty => empty.insert(self.store.connect()?),
        };
        let (at, now) = match self.stands_at {
            Some(at) => (at, recorded_at(at)),
            None => (now_local(), recorded_now()),
        };
        let work = Work::at_site(conn, &self.book, "system", now)?;
        let desk = NoticeDesk::open(conn, &work, (Templates::embedded()?, false), at.date())?;
        sms_receipt(conn, &work, &desk, (call, self.key.as_bytes()), at)
    }
}
