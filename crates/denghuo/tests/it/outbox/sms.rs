//! Text messages by a gateway that answers late, twice or never.

use super::{on_each, queue, states};
use crate::site::Site;
use denghuo_office::notices::outbox::sign;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};

const MESSAGES: i64 = 20;
/// 2026-09-01 12:00 in Beijing, seconds since 1970.
const NOON: &str = "1788235200";
const KEY: &str = "key of the test";

/// What the gateway knows.
#[derive(Default)]
struct Known {
    /// How often a message was handed over under each key.
    asked: BTreeMap<String, usize>,
    /// How often the gateway brought it to the customer.
    taken: BTreeMap<String, usize>,
    /// Connections on which no answer ever comes.
    held: Vec<TcpStream>,
    complaints: Vec<String>,
}

/// What is answered: a status and a body, or nothing.
type Answer = Option<(u16, String)>;

/// A gateway on loopback, one connection for each request.
struct Gateway {
    address: SocketAddr,
    known: Arc<Mutex<Known>>,
}

impl Gateway {
    fn start() -> Self {
        let door = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = door.local_addr().expect("an address");
        let known = Arc::new(Mutex::new(Known::default()));
        let shared = Arc::clone(&known);
        // Both threads end with the process of the test.
        std::thread::spawn(move || {
            for stream in door.incoming() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream.expect("a connection"), &shared));
            }
        });
        Self { address, known }
    }

    fn config(&self) -> String {
        format!("[sms]\nurl = \"http://{}/v1/messages\"\ntimeout_seconds = 1\n", self.address)
    }
}

fn serve(stream: TcpStream, known: &Mutex<Known>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let mut first = String::new();
    reader.read_line(&mut first).expect("a request");
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a header");
        let Some((name, value)) = line.split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    let mut known = known.lock().expect("a sound gateway");
    let answer = match first.strip_prefix("GET ") {
        Some(rest) => {
            let path = rest.split(' ').next().unwrap_or_default();
            told(path.rsplit('/').next().unwrap_or_default(), &headers, &mut known)
        }
        None => taken(&body, &headers, &mut known),
    };
    let mut stream = stream;
    match answer {
        Some((status, text)) => {
            let length = text.len();
            let head =
                format!("HTTP/1.1 {status} x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
            // A client that has gone away asks again.
            let _ = stream.write_all(format!("{head}{text}").as_bytes());
        }
        None => known.held.push(stream),
    }
}

fn check(what: &str, body: &[u8], headers: &BTreeMap<String, String>, known: &mut Known) {
    let header = |name: &str| headers.get(name).cloned().unwrap_or_default();
    if header("x-denghuo-signature") != sign(KEY.as_bytes(), &header("x-denghuo-timestamp"), body) {
        known.complaints.push(format!("{what} is not signed"));
    }
}

/// What became of a message.
fn told(key: &str, headers: &BTreeMap<String, String>, known: &mut Known) -> Answer {
    check(key, key.as_bytes(), headers, known);
    Some(match known.taken.contains_key(key) {
        true => (200, format!("{{\"state\":\"accepted\",\"ref\":\"R{key}\"}}")),
        false => (404, "{\"state\":\"absent\"}".to_owned()),
    })
}

/// Of five accounts one is answered too late, one never and not taken, one refused at first, one with a broken line.
fn taken(body: &[u8], headers: &BTreeMap<String, String>, known: &mut Known) -> Answer {
    let message: serde_json::Value = serde_json::from_slice(body).expect("JSON");
    let key = message["key"].as_str().expect("a key").to_owned();
    check(&key, body, headers, known);
    if headers.get("idempotency-key") != Some(&key) {
        known.complaints.push(format!("{key} has no idempotency key"));
    }
    let asked = known.asked.entry(key.clone()).or_default();
    *asked += 1;
    let account: i64 = key.split('-').next().and_then(|text| text.parse().ok()).expect("an account");
    let (takes, answer) = match (account % 5, *asked) {
        (1, 1) => (true, None),
        (2, 1) => (false, None),
        (3, 1) => (false, Some((503, "busy".to_owned()))),
        (4, 1) => (true, Some((502, "bad gateway".to_owned()))),
        _ => (true, Some((200, format!("{{\"ref\":\"R{key}\"}}")))),
    };
    if takes {
        *known.taken.entry(key).or_default() += 1;
    }
    answer
}

/// `denghuo notices listen`, ended with this value.
struct Listener {
    child: Child,
    url: String,
}

impl Listener {
    fn start(site: &Site) -> Self {
        let mut command =
            site.command(&["notices", "listen", "--bind", "127.0.0.1:0", "--at", "2026-09-01T12:00"]);
        let mut child =
            command.env("DENGHUO_SMS_KEY", KEY).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut url).expect("its address");
        Self { child, url: url.trim().to_owned() }
    }

    /// Status and text of the answer to a receipt.
    fn ring(&self, body: &str, key: &str) -> (u16, String) {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        let sent = agent
            .post(&self.url)
            .header("X-Denghuo-Timestamp", NOON)
            .header("X-Denghuo-Signature", sign(key.as_bytes(), NOON, body.as_bytes()))
            .send(body);
        let mut answer = sent.expect("an answer");
        (answer.status().as_u16(), answer.body_mut().read_to_string().expect("text"))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn send(site: &Site, at: &str) -> String {
    let args = ["notices", "send", "--config", "site.toml", "--json", "--workers", "16", "--at", at];
    let output = site.command(&args).env("DENGHUO_SMS_KEY", KEY).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_gateway_that_answers_late_twice_or_never_brings_every_message_once() {
    on_each(|site| {
        let gateway = Gateway::start();
        queue(&site, "sms", MESSAGES);
        site.write("site.toml", gateway.config());
        let told = send(&site, "2026-09-01T09:00");
        assert!(told.contains("\"doubtful\": 12") && told.contains("\"sent\": 4"), "{told}");
        send(&site, "2026-09-01T09:31");
        assert_eq!(states(&site), BTreeMap::from([("sent".to_owned(), MESSAGES)]));
        {
            let known = gateway.known.lock().unwrap();
            assert_eq!(known.complaints, Vec::<String>::new());
            assert_eq!(known.taken.len(), MESSAGES as usize, "nothing is lost");
            assert!(known.taken.values().all(|count| *count == 1), "{:?}", known.taken);
        }
        let listener = Listener::start(&site);
        let receipt =
            |account: i64, state: &str| format!("{{\"key\":\"{account}-1-1\",\"state\":\"{state}\"}}");
        for account in 1..MESSAGES {
            let state = if account == 3 { "failed" } else { "delivered" };
            for repeated in [0, 1] {
                let (status, text) = listener.ring(&receipt(account, state), KEY);
                assert_eq!(status, 200, "{text}");
                assert!(text.contains(&format!("\"repeated\":{repeated}")), "{text}");
            }
        }
        assert_eq!(listener.ring(&receipt(20, "delivered"), "another key").0, 401);
        assert_eq!(listener.ring("nonsense", KEY).0, 400);
        let (status, text) = listener.ring(&receipt(99, "delivered"), KEY);
        assert_eq!((status, text.contains("99-1-1")), (200, true));
        let states = states(&site);
        // What came back goes out again by the next channel.
        let expected = [("delivered", MESSAGES - 2), ("bounced", 1), ("queued", 1), ("sent", 1)];
        assert_eq!(states, expected.map(|(state, count)| (state.to_owned(), count)).into());
    });
}
