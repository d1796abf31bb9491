//! A company of four accounts, imported from files, that lives through days.

use denghuo_office::day::{DayOptions, Quiet, run_day};
use denghuo_office::error::OfficeError;
use denghuo_office::import::Source as File;
use denghuo_office::metering::{ReadingRow, Registered, readings_register};
use denghuo_office::registry::{Outcome, Request, import_kind};
use denghuo_office::verify::verify;
use denghuo_office::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::metering::{RegisterSet, Source};
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_rules::units::{Energy, Money};
use denghuo_store::testing::{contents, first_difference};
use denghuo_store::{Conn, Store, site};
use jiff::civil::{Date, date};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Every row of every table.
pub type Contents = BTreeMap<String, Vec<String>>;

/// Accounts `A1` (a home), `A2` (a home by time of use), `A3` (a shop by time of use), `A4` (a farm).
pub const ACCOUNTS: usize = 4;
pub const JURISDICTIONS: &str = "cn,sgcc,cn-sd,sgcc-jiangsu,site";

/// Every month is billed by the published table of August 2026.
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

pub static BOOK: LazyLock<Rulebook> = LazyLock::new(|| {
    let files = vec![("site/price_fallback.toml".to_owned(), FALLBACK.to_owned())];
    Rulebook::embedded().overlaid(files).expect("a sound book")
});

/// S001 takes payments, S002 leads a station, S003 the company; S004 answers exceptions.
const FILES: &[(&str, &str)] = &[
    ("orgs", "code,name,kind,parent\nC,县公司,company,\nP,城关所,station,C\n"),
    (
        "staff",
        "code,org,role,from\nS001,P,cashier,2020-01-01\nS002,P,manager,2020-01-01\nS003,C,manager,2020-01-01\n\
         S004,P,verifier,2020-01-01\n",
    ),
    ("customers", "code,name,kind\nK1,甲,person\nK2,乙,person\nK3,丙商店,enterprise\nK4,丁农场,enterprise\n"),
    ("routes", "code,name,org,reader,read_day,first_month\nR1,一段,P,S004,5,2026-03\n"),
    ("accounts", ACCOUNT_FILE),
    ("contacts", CONTACT_FILE),
    ("meters", "meter_no,digits\nM1,6\nM2,6\nM3,6\nM4,6\n"),
    ("points", "account_no,point_no\nA1,1\nA2,1\nA3,1\nA4,1\n"),
    (
        "installations",
        "account_no,meter_no,installed_on,opening_total,opening_sharp,opening_peak,opening_flat,opening_valley\n\
         A1,M1,2026-02-05,100,,,,\nA2,M2,2026-02-05,100,,60,,40\nA3,M3,2026-02-05,100,10,30,30,30\n\
         A4,M4,2026-02-05,100,,,,\n",
    ),
];

/// The first home agreed to text messages, verified; the second to mail and text messages; the others gave nothing.
const CONTACT_FILE: &str = "account_no,kind,value,preferred,verified_on,verified_how,consent\n\
    A1,mobile,13800000001,是,2026-02-05,柜台,是\nA2,email,k2@example.com,否,,,是\nA2,mobile,13800000002,否,,,是\n";

/// The accounts as they were imported; a census hands in a changed copy.
pub const ACCOUNT_FILE: &str = "account_no,customer,org,route,address,opened_on,category,time_of_use,capacity_kva,persons\n\
    A1,K1,P,R1,一号,2026-02-05,household,否,8,\nA2,K2,P,R1,二号,2026-02-05,household,是,8,\n\
    A3,K3,P,R1,三号,2026-02-05,commercial,是,80,\nA4,K4,P,R1,四号,2026-02-05,agriculture,否,30,\n";

/// What the meter of an account shows on the next reading day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// So many kWh more.
    More(i64),
    /// Nothing was read.
    Nothing,
    /// So many kWh less.
    Less(i64),
}

/// The company on a day.
pub struct World {
    /// Its database.
    pub store: Store,
    /// A connection to it.
    pub conn: Conn,
    /// Today.
    pub on: Date,
    /// What the meters show.
    pub totals: [i64; ACCOUNTS],
    /// Number of the next thing that has an id of its own.
    pub next: u32,
}

/// Work of a person.
pub fn work(by: &str) -> Work<'static> {
    let names: Vec<&str> = JURISDICTIONS.split(',').collect();
    Work { book: &BOOK, site: Selector::in_jurisdictions(&names), by: by.to_owned(), now: 1_770_000_000_000 }
}

pub fn file(name: &str, text: &str) -> File {
    File { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
}

impl World {
    /// The company on the day after its accounts were opened; bills up to 400 yuan are released without a look.
    pub fn new(store: &Store) -> Self {
        let mut conn = store.connect().expect("a connection");
        site::put(&mut conn, "jurisdictions", JURISDICTIONS).expect("a profile");
        let work = work("S003");
        let on = date(2026, 2, 6);
        for (kind, text) in FILES {
            let request = Request { work: &work, on, batch: None };
            let outcome = import_kind(&mut conn, &request, kind, &file(kind, text));
            assert!(matches!(outcome, Ok(Outcome::Loaded(_))), "{kind}: {outcome:?}");
        }
        denghuo_office::billing::standing_release_grant(&mut conn, &work, 1, on, Money::yuan(400))
            .expect("a standing order");
        Self { store: store.clone(), conn, on, totals: [100; ACCOUNTS], next: 1 }
    }

    /// A company that is there already.
    pub fn at(store: &Store, conn: Conn) -> Self {
        Self { store: store.clone(), conn, on: date(2026, 2, 6), totals: [100; ACCOUNTS], next: 1 }
    }

    /// Lives on: on the fifth of a month the meters show `shown` and the day is run, as it is on the last of a month.
    pub fn live(&mut self, days: i64, shown: &[Shown; ACCOUNTS]) {
        for _ in 0..days {
            self.on = plus_days(self.on, 1);
            if self.on.day() == 5 {
                self.read(shown);
            }
            if self.on.day() == 5 || self.on == self.on.last_of_month() {
                self.day();
            }
        }
    }

    /// Runs today, and what is left of it once more.
    pub fn day(&mut self) {
        let run =
            |world: &Self| run_day(&world.store, &work("system"), world.on, DayOptions::default(), &Quiet);
        let report = run(self).expect("a day");
        assert!(report.stages.iter().all(denghuo_office::day::StageReport::adds_up), "{report:?}");
        let ended = self.contents();
        assert_eq!(run(self).expect("the same day"), report);
        self.is_still(&ended, "a finished day was run again");
    }

    /// Runs today's stages, and runs them once more as if nobody knew.
    pub fn stages(&mut self) {
        let before = self.stages_forgotten();
        let after = self.stages_forgotten();
        if let Some(difference) = first_difference(&before, &after) {
            panic!("the stages of {} ran again and changed {difference}", self.on);
        }
    }

    /// Forgets that today was run, and runs it; gives what is there then but the marks of the run itself.
    fn stages_forgotten(&mut self) -> Contents {
        for table in ["day_run", "day_stage", "day_shard"] {
            self.conn
                .execute(&format!("DELETE FROM {table} WHERE run_on = $1"), &[self.on.into()])
                .expect("SQL");
        }
        self.day();
        let mut contents = self.contents();
        contents.retain(|table, _| !table.starts_with("day_"));
        contents
    }

    /// The meters are read today, by a head end that sends everything twice.
    fn read(&mut self, shown: &[Shown; ACCOUNTS]) {
        let mut rows = Vec::new();
        for (n, shown) in shown.iter().enumerate() {
            let (total, showing) = match *shown {
                Shown::More(kwh) => (self.totals[n] + kwh, self.totals[n] + kwh),
                Shown::Less(kwh) => (self.totals[n], (self.totals[n] - kwh).max(0)),
                Shown::Nothing => (self.totals[n], -1),
            };
            self.totals[n] = total;
            if showing >= 0 {
                rows.push(row(n, showing, self.on));
            }
        }
        let first = readings_register(&mut self.conn, &rows, self.on).expect("SQL").expect("good readings");
        assert_eq!(first, Registered { written: rows.len(), already_there: 0 });
        let there = self.contents();
        let again = readings_register(&mut self.conn, &rows, self.on).expect("SQL").expect("good readings");
        assert_eq!(again, Registered { written: 0, already_there: rows.len() });
        self.is_still(&there, "the same readings were sent again");
    }

    /// Every row of the database.
    pub fn contents(&mut self) -> Contents {
        contents(&mut self.conn).expect("readable tables")
    }

    /// Nothing has changed since.
    pub fn is_still(&mut self, before: &Contents, what: &str) {
        if let Some(difference) = first_difference(before, &self.contents()) {
            panic!("{what} and changed {difference}");
        }
    }

    /// Every promise holds; gives the digest of the books.
    pub fn proven(&mut self) -> String {
        let found = verify(&mut self.conn, &work("system")).expect("a readable database");
        let broken: Vec<_> = found.checks.iter().filter(|(_, check)| !check.ok).collect();
        assert!(found.ok, "{}: {broken:?}", self.on);
        found.books_digest
    }

    /// A number that was not used before.
    pub fn number(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }
}

/// A refusal is an answer; anything else is a defect.
pub fn allowed<T>(result: Result<T, OfficeError>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            assert!(error.code().is_some(), "{error}");
            None
        }
    }
}

/// What the meter of account `n` shows, its periods in the shares of its kind.
pub fn registers(n: usize, kwh: i64, on: Date) -> RegisterSet {
    let mut registers = RegisterSet::total_only(on, Energy::kwh(kwh));
    let bands = match n {
        1 => [None, Some(kwh * 6 / 10), None, Some(kwh - kwh * 6 / 10), None],
        2 => {
            let (sharp, peak) = (kwh / 10, kwh * 3 / 10);
            [Some(sharp), Some(peak), Some(peak), Some(kwh - sharp - 2 * peak), None]
        }
        _ => [None; 5],
    };
    registers.bands = bands.map(|kwh| kwh.map(Energy::kwh));
    registers
}

fn row(n: usize, kwh: i64, on: Date) -> ReadingRow {
    ReadingRow {
        line: n as u64 + 2,
        account_no: Some(format!("A{}", n + 1)),
        meter_no: None,
        registers: registers(n, kwh, on),
        source: Source::Remote,
        taken_at: None,
        taken_by: None,
    }
}
