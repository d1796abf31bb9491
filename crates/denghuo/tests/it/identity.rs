//! 统一身份认证 against a real OpenID Connect provider: there and back, as a browser goes.

use crate::serve::{answer, ask, started_with};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running provider.
struct Provider {
    child: Child,
    issuer: String,
}

impl Provider {
    /// Starts one that knows these names; nothing where it is not installed.
    fn start(names: &[&str]) -> Option<Self> {
        let made = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/venv/bin/python");
        let python = std::env::var_os("DENGHUO_TEST_PYTHON").map_or_else(made, PathBuf::from);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/oidc_peer.py");
        let mut look = Command::new(&python);
        look.args(["-c", "import oidc_provider_mock"]).stderr(Stdio::null());
        if !look.status().is_ok_and(|status| status.success()) {
            eprintln!("run `cargo xtask setup`: without oidc-provider-mock nobody signs in by a provider");
            return None;
        }
        let mut command = Command::new(python);
        command.arg(script).args(names).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the provider starts");
        let mut first = String::new();
        let mut said = BufReader::new(child.stdout.take().expect("its output"));
        said.read_line(&mut first).expect("a line");
        let port = first.trim().strip_prefix("port ").expect("its port");
        Some(Self { child, issuer: format!("http://localhost:{port}") })
    }

    /// Somebody says at the provider who he is; the path to which he is sent back.
    fn agrees(&self, url: &str, name: &str) -> String {
        let path = url.strip_prefix(&self.issuer).expect("the provider's address");
        let form = format!("sub=id-of-{name}");
        let host = self.issuer.strip_prefix("http://").expect("a host");
        let told = answer(
            ask(
                host,
                &format!("POST {path}"),
                &[("content-type", "application/x-www-form-urlencoded")],
                &form,
            ),
            &form,
        );
        let back = header(&told, "location").expect("sent back");
        back.strip_prefix("http://127.0.0.1:9999").expect("to us").to_owned()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn header<'t>(told: &'t str, name: &str) -> Option<&'t str> {
    let head = told.split("\r\n\r\n").next()?;
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(": ")?;
        found.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

fn json(told: &str) -> Value {
    let body = told.split_once("\r\n\r\n").expect("a body").1;
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {told}"))
}

fn part<'t>(query: &'t str, name: &str) -> &'t str {
    let pairs = query.split_once('?').expect("a query").1.split('&');
    pairs.filter_map(|pair| pair.split_once('=')).find(|(found, _)| *found == name).expect("a part").1
}

#[test]
fn who_the_provider_knows_comes_in_and_nobody_else() {
    let Some(provider) = Provider::start(&["admin", "S999"]) else { return };
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let db = format!("sqlite://{}", folder.path().join("t.db").display());
    let init = Command::new(env!("CARGO_BIN_EXE_denghuo")).args(["--db", &db, "init"]).output();
    assert!(init.expect("the program starts").status.success());
    let mut service = started_with(
        &db,
        &[
            ("DENGHUO_OIDC_ISSUER", provider.issuer.as_str()),
            ("DENGHUO_OIDC_CLIENT", "denghuo"),
            ("DENGHUO_OIDC_SECRET", "secret"),
            ("DENGHUO_PUBLIC_URL", "http://127.0.0.1:9999/"),
            ("DENGHUO_OIDC_NAME", "County SSO"),
        ],
    );
    let at = service.address.clone();
    let post = |path: &str, headers: &[(&str, &str)], body: &str| {
        answer(ask(&at, &format!("POST /api/v1{path}"), headers, body), body)
    };
    let ways = answer(ask(&at, "GET /api/v1/login/ways", &[], ""), "");
    assert_eq!(json(&ways)["sso"], "County SSO");

    let away = || {
        let told = post("/login/sso", &[], "{}");
        let cookie = header(&told, "set-cookie").expect("a cookie").split(';').next().expect("a pair");
        (json(&told)["url"].as_str().expect("an address").to_owned(), cookie.to_owned())
    };
    let back = |path: &str, cookie: &str| {
        let (state, code) = (part(path, "state"), part(path, "code"));
        let body = format!("{{\"state\":\"{state}\",\"code\":\"{code}\"}}");
        post("/login/sso/back", &[("cookie", cookie)], &body)
    };

    let (url, cookie) = away();
    assert!(url.contains("code_challenge_method=S256") && url.contains("nonce="), "{url}");
    let path = provider.agrees(&url, "admin");
    assert!(path.starts_with("/login/back?"), "{path}");
    let told = back(&path, "denghuo_departed=somebody-else");
    assert_eq!(json(&told)["code"], "login.not_awaited", "another browser does not come in");
    let told = back(&path, &cookie);
    assert_eq!(json(&told)["code"], "login.not_awaited", "a state is good once");

    let (url, cookie) = away();
    let path = provider.agrees(&url, "admin");
    let told = back(&path, &cookie);
    assert!(told.starts_with("HTTP/1.1 200"), "{told}");
    let me = json(&told);
    assert_eq!((&me["name"], &me["must_change"]), (&"admin".into(), &false.into()));
    let session = told
        .lines()
        .filter_map(|line| line.strip_prefix("set-cookie: "))
        .find(|cookie| cookie.starts_with("denghuo_session="));
    let session = session.expect("a session").split(';').next().expect("a pair");
    let known = answer(ask(&at, "GET /api/v1/me", &[("cookie", session)], ""), "");
    assert_eq!(json(&known)["name"], "admin");

    let (url, cookie) = away();
    let told = back(&provider.agrees(&url, "S999"), &cookie);
    assert_eq!(json(&told)["code"], "login.no_login_for");

    let (_, cookie) = away();
    let (url, _) = away();
    let path = provider.agrees(&url, "admin");
    assert_eq!(json(&back(&path, &cookie))["code"], "login.not_awaited", "one departure, one browser");
    service.end();
    service.ended();
}
