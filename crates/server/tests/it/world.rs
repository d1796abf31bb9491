//! A company of two stations with a history, its people, and clients that ask its server.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use denghuo_office::access::{first_administrator, session_begin};
use denghuo_office::day::{DayOptions, Quiet, run_day};
use denghuo_office::evidence::sha256_hex;
use denghuo_office::import::Source as File;
use denghuo_office::metering::{ReadingRow, readings_register};
use denghuo_office::ports::{Papers, PortError};
use denghuo_office::registry::{Outcome, Request as Import, import_kind};
use denghuo_office::work::Work;
use denghuo_rules::metering::{RegisterSet, Source};
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_rules::units::{Energy, Money};
use denghuo_server::{App, Moment, Options, PayPort, Ports, router};
use denghuo_store::access::{LoginRow, login, save_login};
use denghuo_store::customer::{self, CustomerSession};
use denghuo_store::{Store, site};
use jiff::civil::{Date, DateTime, date};
use serde_json::Value;
use std::sync::{Arc, LazyLock, Mutex};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

const JURISDICTIONS: &str = "cn,sgcc,cn-sd,sgcc-jiangsu,site";

const FALLBACK: &str = r#"layer = "site"
[[rule]]
id = "site.price_fallback.test"
topic = "price_fallback"
from = "2023-01-01"
until = "2026-12-31"
confidence = "L"
basis = { title = "测试" }
params = { month = "2026-08" }
"#;

static BOOK: LazyLock<Rulebook> = LazyLock::new(|| {
    let files = vec![("site/price_fallback.toml".to_owned(), FALLBACK.to_owned())];
    Rulebook::embedded().overlaid(files).expect("a sound book")
});

/// Company C with stations P and Q; a person of every role in P (S-reader …), a manager of the company (S-company).
/// Accounts A1 and A2 belong to P, A3 to Q.
const FILES: &[(&str, &str)] = &[
    (
        "orgs",
        "code,name,kind,parent\nC,县公司,company,\nP,城关所,station,C\nQ,河东所,station,C\nPT,城关一班,team,P\n",
    ),
    (
        "staff",
        "code,org,role,from\nS-company,C,manager,2020-01-01\nS-reader,PT,reader,2020-01-01\nS-verifier,P,verifier,2020-01-01\n\
         S-cashier,P,cashier,2020-01-01\nS-collector,P,collector,2020-01-01\nS-inspector,P,inspector,2020-01-01\n\
         S-accountant,P,accountant,2020-01-01\nS-agent,P,agent,2020-01-01\nS-legal,P,legal,2020-01-01\n\
         S-manager,P,manager,2020-01-01\nS-other,P,other,2020-01-01\n",
    ),
    ("customers", "code,name,kind\nK1,甲某某,person\nK2,乙商店,enterprise\nK3,丙某,person\n"),
    (
        "routes",
        "code,name,org,reader,read_day,first_month\nR1,一段,P,S-reader,5,2026-03\nR2,二段,Q,,5,2026-03\n",
    ),
    (
        "accounts",
        "account_no,customer,org,route,address,opened_on,category,time_of_use,capacity_kva\n\
         A1,K1,P,R1,城关镇解放路一号,2026-02-05,household,否,8\nA2,K2,P,R1,城关镇解放路二号,2026-02-05,commercial,否,30\n\
         A3,K3,Q,R2,河东镇三号,2026-02-05,household,否,8\n",
    ),
    (
        "contacts",
        "account_no,kind,value,preferred,verified_on,verified_how,consent\n\
         A1,mobile,13800000001,是,2026-02-05,柜台,是\nA3,mobile,13800000003,是,2026-02-05,柜台,是\n",
    ),
    ("meters", "meter_no,digits\nM1,6\nM2,6\nM3,6\n"),
    ("points", "account_no,point_no\nA1,1\nA2,1\nA3,1\n"),
    (
        "installations",
        "account_no,meter_no,installed_on,opening_total\nA1,M1,2026-02-05,100\nA2,M2,2026-02-05,100\nA3,M3,2026-02-05,100\n",
    ),
];

/// What the payment provider signs with.
pub const PAY_SECRET: &[u8] = b"a shared secret";

/// A press that prints what it is told.
struct Paper;

impl Papers for Paper {
    fn pdf(&self, template: &str, data: &str) -> Result<Vec<u8>, PortError> {
        Ok(format!("%PDF {template} {data}").into_bytes())
    }
}

/// The server with its clock in hand.
pub struct World {
    runtime: Runtime,
    router: Router,
    /// The application.
    pub app: App,
    /// Its database.
    pub store: Store,
    now: Arc<Mutex<Moment>>,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The code of the problem that it is.
    pub fn code(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Somebody who asks.
#[derive(Clone)]
pub struct Client<'w> {
    world: &'w World,
    /// Headers of every request.
    pub headers: Vec<(String, String)>,
}

impl World {
    /// The company on 2026-03-20: two readings, bills released, one payment, nothing overdue yet.
    pub fn new(store: &Store) -> Self {
        // What failed is told with the test that failed.
        let log = tracing_subscriber::fmt().with_max_level(tracing_subscriber::filter::LevelFilter::WARN);
        let _ = log.with_test_writer().try_init();
        let mut conn = store.connect().expect("a connection");
        site::put(&mut conn, "jurisdictions", JURISDICTIONS).expect("a profile");
        let office = work("S-company");
        for (kind, text) in FILES {
            let file = File { name: (*kind).to_owned(), bytes: text.as_bytes().to_vec() };
            let request = Import { work: &office, on: date(2026, 2, 6), batch: None };
            let outcome = import_kind(&mut conn, &request, kind, &file);
            assert!(matches!(outcome, Ok(Outcome::Loaded(_))), "{kind}: {outcome:?}");
        }
        denghuo_office::billing::standing_release_grant(
            &mut conn,
            &office,
            1,
            date(2026, 2, 6),
            Money::yuan(900),
        )
        .expect("a standing order");
        let read_on = date(2026, 3, 5);
        let rows: Vec<ReadingRow> = (1..=3).map(|n| reading(n, 100 + 150 * n, read_on)).collect();
        readings_register(&mut conn, &rows, read_on).expect("SQL").expect("good readings");
        let run = run_day(store, &work("system"), read_on, DayOptions::default(), &Quiet);
        run.expect("a day");
        let moment = at(date(2026, 3, 20));
        let admin = Work { now: moment.recorded_at, ..work("system") };
        first_administrator(&mut conn, &admin, moment.local.date()).expect("an administrator");
        let now = Arc::new(Mutex::new(moment));
        let clock = now.clone();
        let app = App::new(
            store.clone(),
            BOOK.clone(),
            Arc::new(move || *clock.lock().expect("a clock")),
            Options {
                body_limit: 300_000,
                rule_folder: vec![("site/price_fallback.toml".to_owned(), FALLBACK.to_owned())],
                ..Options::default()
            },
        );
        let pay = PayPort { secret: PAY_SECRET.to_vec(), link: "pay:".to_owned(), simulated: true };
        let ports = Ports { papers: Some(Arc::new(Paper)), pay: Some(pay), ..Ports::default() };
        let app = app.expect("an application").with_ports(ports);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        Self {
            runtime: runtime.expect("a runtime"),
            router: router(app.clone()),
            app,
            store: store.clone(),
            now,
        }
    }

    /// Reaches another world outside.
    pub fn reach(&mut self, ports: Ports) {
        self.app = self.app.clone().with_ports(ports);
        self.router = router(self.app.clone());
    }

    /// The clock stands at nine in the morning of a day.
    pub fn set(&self, day: Date) {
        *self.now.lock().expect("a clock") = at(day);
    }

    /// The clock goes on.
    pub fn wait(&self, minutes: i64) {
        let mut now = self.now.lock().expect("a clock");
        now.recorded_at += minutes * 60_000;
        now.local = now.local.checked_add(jiff::Span::new().minutes(minutes)).expect("a moment");
    }

    /// Nobody.
    pub fn nobody(&self) -> Client<'_> {
        Client { world: self, headers: Vec::new() }
    }

    /// Somebody who has signed in; a login is made for him when there is none.
    pub fn person(&self, name: &str) -> Client<'_> {
        let mut conn = self.store.connect().expect("a connection");
        let moment = *self.now.lock().expect("a clock");
        let work = Work { now: moment.recorded_at, ..work("system") };
        let row = LoginRow {
            name: name.to_owned(),
            password_hash: String::new(),
            administrator: name == "admin",
            must_change: false,
            failures: 0,
            locked_until: None,
            disabled_on: None,
            made_by: "system".to_owned(),
            changed_at: 0,
        };
        let there = login(&mut conn, name).expect("SQL");
        let row = LoginRow { must_change: false, ..there.unwrap_or(row) };
        save_login(&mut conn, &row).expect("a login");
        let begun = session_begin(&mut conn, &work, &row, moment.local.date()).expect("a session");
        let cookie = ("cookie".to_owned(), format!("denghuo_session={}", begun.token));
        Client { world: self, headers: vec![cookie, ("x-csrf-token".to_owned(), begun.csrf)] }
    }
}

impl World {
    /// The customer of an account, signed in.
    pub fn customer(&self, account_no: &str) -> Client<'_> {
        let mut conn = self.store.connect().expect("a connection");
        let now = self.now.lock().expect("a clock").recorded_at;
        let account = customer::account(&mut conn, account_no).expect("SQL").expect("an account");
        let session = CustomerSession {
            token_hash: sha256_hex(account_no.as_bytes()),
            customer_id: account.customer_id,
            account_no: account.account_no,
            csrf: "secret".to_owned(),
            begun_at: now,
            seen_at: now,
            ends_at: now + 60_000,
        };
        customer::end_session(&mut conn, &session.token_hash).expect("SQL");
        customer::insert_session(&mut conn, &session).expect("a session");
        let cookie = ("cookie".to_owned(), format!("denghuo_customer={account_no}"));
        Client { world: self, headers: vec![cookie, ("x-csrf-token".to_owned(), session.csrf)] }
    }
}

impl Client<'_> {
    /// With one more header.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without a header.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    /// Reads; the path stands below `/api/v1`.
    pub fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, &format!("/api/v1{path}"), None)
    }

    /// Does something with a JSON body.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, &format!("/api/v1{path}"), Some(body.to_string()))
    }

    /// Any request.
    pub fn send(&self, method: Method, path: &str, body: Option<String>) -> Answer {
        let request = self.request(method, path, body);
        self.world.runtime.block_on(answered(self.world.router.clone(), request))
    }

    /// A file that is read: its bytes, and the digest that its answer tells.
    pub fn bytes(&self, path: &str) -> (Vec<u8>, String) {
        let request = self.request(Method::GET, &format!("/api/v1{path}"), None);
        self.world.runtime.block_on(async {
            let response = self.world.router.clone().oneshot(request).await.expect("an answer");
            assert_eq!(response.status(), 200, "{path}");
            let digest = response.headers().get("bundle-digest").and_then(|value| value.to_str().ok());
            let digest = digest.unwrap_or_default().to_owned();
            let bytes = axum::body::to_bytes(response.into_body(), 50_000_000).await.expect("a body");
            (bytes.to_vec(), digest)
        })
    }

    /// Hands in a file.
    pub fn upload(&self, path: &str, bytes: Vec<u8>) -> Answer {
        let mut request = self.request(Method::POST, &format!("/api/v1{path}"), None);
        *request.body_mut() = Body::from(bytes);
        self.world.runtime.block_on(answered(self.world.router.clone(), request))
    }

    /// The same POST many times at once.
    pub fn post_at_once(&self, times: usize, path: &str, body: &Value) -> Vec<Answer> {
        self.send_at_once(times, &Method::POST, path, body)
    }

    /// The same request many times at once.
    pub fn send_at_once(&self, times: usize, method: &Method, path: &str, body: &Value) -> Vec<Answer> {
        let request = || self.request(method.clone(), &format!("/api/v1{path}"), Some(body.to_string()));
        let running: Vec<_> = (0..times)
            .map(|_| self.world.runtime.spawn(answered(self.world.router.clone(), request())))
            .collect();
        let ended = running.into_iter().map(|one| self.world.runtime.block_on(one).expect("an answer"));
        ended.collect()
    }

    fn request(&self, method: Method, path: &str, body: Option<String>) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if body.is_some() && !self.headers.iter().any(|(name, _)| name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        request.body(body.map_or_else(Body::empty, Body::from)).expect("a request")
    }
}

async fn answered(router: Router, request: Request<Body>) -> Answer {
    let response = router.oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 50_000_000).await.expect("a body");
    let headers = parts.headers.iter();
    Answer {
        status: parts.status.as_u16(),
        headers: headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("?").to_owned()))
            .collect(),
        body: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

/// Work of a person.
pub fn work(by: &str) -> Work<'static> {
    let names: Vec<&str> = JURISDICTIONS.split(',').collect();
    Work { book: &BOOK, site: Selector::in_jurisdictions(&names), by: by.to_owned(), now: 1_770_000_000_000 }
}

fn at(day: Date) -> Moment {
    let local: DateTime = day.at(9, 0, 0, 0);
    let stamp = jiff::tz::Offset::constant(8).to_timestamp(local).expect("a moment");
    Moment { local, recorded_at: stamp.as_millisecond() }
}

/// Every meter is read on a day: `more` kWh and the usual difference above the opening reading.
pub fn read_month(store: &Store, on: Date, more: i64) {
    let mut conn = store.connect().expect("a connection");
    let rows: Vec<ReadingRow> = (1..=3).map(|n| reading(n, 100 + 150 * n + more, on)).collect();
    readings_register(&mut conn, &rows, on).expect("SQL").expect("good readings");
}

fn reading(n: i64, kwh: i64, on: Date) -> ReadingRow {
    ReadingRow {
        line: n.unsigned_abs() + 1,
        account_no: Some(format!("A{n}")),
        meter_no: None,
        registers: RegisterSet::total_only(on, Energy::kwh(kwh)),
        source: Source::Remote,
        taken_at: None,
        taken_by: None,
    }
}
