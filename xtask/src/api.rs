//! The step `api`: requests that schemathesis makes of the OpenAPI document are sent to a program that serves a small town. No answer may be a
//! failure of the machine, and every answer has the form that the document promises.

use crate::setup;
use crate::shell::{cargo, must, program, target_dir};
use anyhow::{Context as _, bail};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Seconds that the requests may take: the document is walked once, then requests are made up until the time is over.
const SECONDS: &str = "60";
/// Town: small, with a history that has something of everything.
const TOWN: &[&str] = &["--accounts", "60", "--months", "4", "--seed", "1", "--no-serve"];
/// What answers are checked for.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
/// Signing in and out, logins and tokens: they would shut out who asks.
const LEFT_OUT: &str = "(/login|/logout|/me/password|/people|/tokens)";

/// Nobody is told that he asks too often.
const NO_LIMITS: &str = r#"layer = "site"
[[rule]]
id = "site.login.tests"
topic = "login"
from = "2019-12-01"
confidence = "L"
basis = { title = "测试" }
params = { failures_to_lock = 5, lock_minutes = 15, password_characters = 10, password_kinds = 3, idle_minutes = 600, session_hours = 12, attempts_per_minute = 1000000, requests_per_minute = 1000000 }
"#;

/// Makes a manager an administrator as well, and prints a token of his that may do everything.
const TOKEN: &str = r#"
import requests, sys
base = sys.argv[1] + "/api/v1"
session = requests.Session()
me = session.post(base + "/login", json={"name": "admin", "password": "Denghuo-2026"}).json()
session.headers["x-csrf-token"] = me["csrf"]
people = session.get(base + "/people").json()["people"]
name = next(person["name"] for person in people if "manager" in person["roles"])
seen = session.get(base + "/people/" + name)
edit = {"administrator": True, "disabled": False}
session.put(base + "/people/" + name, json=edit, headers={"if-match": seen.headers["etag"]}).raise_for_status()
rights = session.get(base + "/openapi.json").json()["components"]["schemas"]["Permission"]
words = rights.get("enum") or [one["const"] for one in rights["oneOf"]]
token = {"name": name, "purpose": "schemathesis", "permissions": words, "until_on": "2099-12-31"}
made = session.post(base + "/tokens", json=token)
made.raise_for_status()
print(made.json()["token"])
"#;

/// A server that ends with this value.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs the step.
pub fn check() -> anyhow::Result<()> {
    setup::nextest()?;
    let venv = setup::schemathesis()?;
    must(cargo().args(["nextest", "run", "--cargo-quiet", "--locked", "--workspace", "--no-run"]))?;
    let binary = target_dir().join("debug").join("denghuo");
    let folder = target_dir().join("api");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(folder.join("rules").join("site"))?;
    std::fs::write(folder.join("rules").join("site").join("login.toml"), NO_LIMITS)?;
    let db = format!("sqlite://{}", folder.join("town.db").display());
    let mut town = program(&binary.to_string_lossy());
    must(town.args(["--db", &db, "demo"]).args(TOWN).stdout(Stdio::null()).stderr(Stdio::null()))?;
    let (_served, base) = serve(&binary, &db, &folder.join("rules"))?;
    let token = crate::shell::output(Command::new(venv.join("python")).args(["-c", TOKEN, &base]))?;
    let mut walk = program(&venv.join("schemathesis").to_string_lossy());
    // What it keeps of a run stays in the folder of the run.
    walk.current_dir(&folder)
        .args([
            "run",
            &format!("{base}/api/v1/openapi.json"),
            "--checks",
            CHECKS,
            "--phases",
            "coverage,fuzzing",
        ])
        .args(["--header", &format!("Authorization: Bearer {}", token.trim()), "--max-time", SECONDS])
        .args([
            "--max-examples",
            "15",
            "--seed",
            "1",
            "--no-shrink",
            "--continue-on-failure",
            "--warnings",
            "off",
        ])
        .args(["--exclude-path-regex", LEFT_OUT, "--request-timeout", "20", "--no-color"]);
    must(&mut walk)
}

/// Starts the server at a free port and tells its address.
fn serve(binary: &Path, db: &str, rules: &Path) -> anyhow::Result<(Served, String)> {
    let mut command = program(&binary.to_string_lossy());
    command.args(["--db", db, "--rulebook"]).arg(rules).args([
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--log",
        "error",
    ]);
    let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start the server")?;
    let said = child.stdout.take().context("the server says nothing")?;
    let served = Served(child);
    for line in BufReader::new(said).lines() {
        let line = line?;
        if let Some(at) = line.find("http://") {
            return Ok((served, line[at..].trim().to_owned()));
        }
    }
    bail!("the server ended before it served")
}
