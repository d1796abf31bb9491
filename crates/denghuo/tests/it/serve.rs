//! The service as it runs: it tells the first password once, answers, and ends when it is told to, work in hand included.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;
use wait_timeout::ChildExt as _;

/// A service on a port of its own.
pub struct Service {
    child: Child,
    /// Its host and port.
    pub address: String,
    /// What it said before it was ready.
    said: Vec<String>,
    /// What it says from then on.
    out: BufReader<ChildStdout>,
}

fn program(db: &str, environment: &[(&str, &str)]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_denghuo"))
        .envs(environment.iter().copied())
        .args(["--db", db, "--lang", "en", "serve", "--listen", "127.0.0.1:0", "--date", "2026-08-31"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

fn started(db: &str) -> Service {
    started_with(db, &[])
}

/// A service that serves a database, with this in its environment.
pub fn started_with(db: &str, environment: &[(&str, &str)]) -> Service {
    let mut child = program(db, environment);
    let out = BufReader::new(child.stdout.take().expect("its output"));
    let mut service = Service { child, address: String::new(), said: Vec::new(), out };
    while service.address.is_empty() {
        let mut line = String::new();
        assert!(service.out.read_line(&mut line).expect("text") > 0, "it serves: {:?}", service.said);
        match line.trim_end().strip_prefix("serving at http://") {
            Some(address) => address.clone_into(&mut service.address),
            None => service.said.push(line.trim_end().to_owned()),
        }
    }
    service
}

/// Sends the head of a request for a body of this length.
pub fn ask(address: &str, head: &str, headers: &[(&str, &str)], body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("a connection");
    let mut request = format!("{head} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    request.push_str(&format!("content-length: {}\r\n", body.len()));
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    if headers.iter().all(|(name, _)| *name != "content-type") {
        request.push_str("content-type: application/json\r\n");
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).expect("a request");
    stream
}

/// Sends the body and reads the whole answer.
pub fn answer(mut stream: TcpStream, body: &str) -> String {
    stream.write_all(body.as_bytes()).expect("a body");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("an answer");
    text
}

impl Service {
    /// Tells it to end.
    pub fn end(&mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        assert!(told.success());
    }

    /// Waits for its end.
    pub fn ended(mut self) {
        let status = self.child.wait_timeout(Duration::from_secs(60)).expect("a child").expect("it ends");
        assert!(status.success(), "{status}");
    }
}

#[test]
fn it_serves_and_ends_with_its_work_done() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let db = format!("sqlite://{}", folder.path().join("t.db").display());
    let init = Command::new(env!("CARGO_BIN_EXE_denghuo")).args(["--db", &db, "init"]).output();
    assert!(init.expect("the program starts").status.success());

    let mut service = started(&db);
    let password =
        service.said.iter().find_map(|line| line.strip_prefix("one-time password (shown only now): "));
    let password = password.expect("a first password").to_owned();
    assert!(answer(ask(&service.address, "GET /healthz", &[], ""), "").starts_with("HTTP/1.1 200"));

    // A request whose body is still on its way when the end comes is answered.
    let body = format!("{{\"name\":\"admin\",\"password\":\"{password}\"}}");
    let waiting = ask(&service.address, "POST /api/v1/login", &[], &body);
    let seen = answer(ask(&service.address, "GET /metrics", &[], ""), "");
    assert!(seen.contains("denghuo_http_request_seconds_count"), "{seen}");
    service.end();
    let told = answer(waiting, &body);
    assert!(told.starts_with("HTTP/1.1 200") && told.contains("\"must_change\":true"), "{told}");
    service.ended();

    let mut service = started(&db);
    assert_eq!(service.said, Vec::<String>::new(), "the password is told once");
    service.end();
    service.ended();
}
