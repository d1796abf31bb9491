//! 断电: the program is killed at random moments, run again, and ends where an undisturbed run ends: every row of every
//! table is the same, and every promise of `verify` holds.

mod cuts;
mod desk;

use crate::site::{Contents, Site};
use denghuo_office::error::OfficeError;
use denghuo_office::payments::{Payment, pay};
use denghuo_office::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::payments::Channel;
use denghuo_rules::rulebook::Rulebook;
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::testing::first_difference;
use denghuo_town::bench::{READ_ON, build};
use denghuo_town::lots::{Lots, Topic};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use wait_timeout::ChildExt as _;

const ACCOUNTS: i64 = 300;
const SEED: u64 = 20_260_901;

/// The day on which everybody is read: verify, bill, issue, and the prepayments that pay.
const GREAT_DAY: &[&str] = &["day", "--date", "2026-08-31", "--shard", "25", "--json"];
/// The end of that month: late fees of what was not paid, and the accounts that were read on the second.
const MONTH_END: &[&str] = &["day", "--date", "2026-09-30", "--shard", "25", "--json"];
const BANK_FILE: &[&str] =
    &["bank", "import", "bank.csv", "--bank", "农行", "--by", "S900", "--date", "2026-09-05", "--json"];
const CUSTOMERS: &[&str] =
    &["import", "customers.csv", "--kind", "customers", "--date", "2026-09-05", "--json"];

/// The county of the benchmark, in which one account in seven has paid ahead.
fn county(site: &Site) {
    let mut conn = site.conn();
    build(&mut conn, ACCOUNTS).expect("a county");
    let book = Rulebook::embedded();
    let work = Work::at_site(&mut conn, &book, "S900", 0).expect("a site");
    let on = plus_days(READ_ON, -10);
    conn.write(|conn| {
        for account in (7..=ACCOUNTS).step_by(7) {
            let amount = Money::yuan(20 + account % 100);
            let external_id = format!("P{account}");
            let payment = Payment { channel: Channel::Cash, external_id, amount, paid_on: on };
            pay(conn, &work, account, &payment, on)?;
        }
        Ok::<_, OfficeError>(())
    })
    .expect("payments");
    conn.settle().expect("an orderly database");
}

/// Files that a run reads: money of every third account, some of it for nobody, and many customers.
fn files(site: &Site) {
    let mut bank = "external_id,account_no,amount,value_on\n".to_owned();
    for account in (1..=ACCOUNTS + 9).step_by(3) {
        let _ = writeln!(
            bank,
            "B{account},37{account:08},{}.{:02},2026-09-04",
            15 + account % 150,
            account % 100
        );
    }
    site.write("bank.csv", bank);
    let mut customers = "code,name,kind\n".to_owned();
    for n in 0..2000 {
        let _ = writeln!(customers, "N{n},客户{n},person");
    }
    site.write("customers.csv", customers);
}

/// A run whose end is of no interest.
fn start(site: &Site, args: &[&str]) -> Child {
    site.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
}

/// Kills a run after a while; false when it ended before.
fn killed(site: &Site, args: &[&str], after: Duration) -> bool {
    let mut child = start(site, args);
    if let Some(status) = child.wait_timeout(after).expect("it can be waited for") {
        assert!(status.success(), "{args:?} ended with {status}");
        return false;
    }
    child.kill().expect("it can be killed");
    !child.wait().expect("it has ended").success()
}

/// Where a kill has left the last day: a run of the test shows that kills fall into the midst of the work.
fn how_far(site: &Site) -> String {
    let mut conn = site.conn();
    let count = |conn: &mut Conn, sql: &str| conn.query_int(sql, &[]).expect("a count");
    let shards = "(SELECT MAX(run_on) FROM day_run) = run_on";
    let done = count(&mut conn, &format!("SELECT COUNT(*) FROM day_shard WHERE {shards} AND state = 'done'"));
    let planned = count(&mut conn, &format!("SELECT COUNT(*) FROM day_shard WHERE {shards}"));
    format!("{done} of {planned} planned shards were done")
}

/// Every row of the database, after every promise was proven on it.
fn proven(site: &Site) -> Contents {
    let mut conn = site.conn();
    let book = Rulebook::embedded();
    let work = Work::at_site(&mut conn, &book, "system", 0).expect("a site");
    let found = denghuo_office::verify::verify(&mut conn, &work).expect("a readable database");
    assert!(found.ok, "{:?}", found.checks.iter().filter(|(_, check)| !check.ok).collect::<Vec<_>>());
    site.contents()
}

/// Where a run is tried: made anew for every try, by steps that an undisturbed program has done.
struct Place<'p> {
    fresh: &'p dyn Fn() -> Site,
    args: &'p [&'p str],
    /// What the run has to have done, lest nothing is tested.
    did: &'p dyn Fn(&serde_json::Value),
}

/// What an undisturbed run came to, and between which times after its start it did its work.
struct Undisturbed {
    contents: Contents,
    digest: String,
    from: Duration,
    to: Duration,
}

impl Place<'_> {
    fn undisturbed(&self) -> Undisturbed {
        let site = (self.fresh)();
        let timed = || {
            let begun = Instant::now();
            let told = site.ok(self.args);
            (begun.elapsed(), serde_json::from_str(&told).expect("JSON"))
        };
        let (to, told) = timed();
        (self.did)(&told);
        let first = proven(&site);
        // The same again finds everything done: what it costs is the start.
        let (from, _) = timed();
        let digest = digest(&site);
        same(&first, &proven(&site), "run once more");
        Undisturbed { contents: first, digest, from: from.min(to), to }
    }

    /// Kills `times` runs, spread over the time in which the work is done, and finishes each; `series` draws other moments.
    fn survives(&self, times: u32, series: i64) {
        let whole = self.undisturbed();
        let step = (whole.to - whole.from) / times;
        for n in 0..times {
            let jitter = Lots::of(SEED, Topic::Fault, n.into(), series).between(0, 1000) as u32;
            let mut after = whole.from / 4 * 3 + step * n + step * jitter / 1000;
            let mut site = (self.fresh)();
            while !killed(&site, self.args, after) {
                site = (self.fresh)();
                after = after / 4 * 3;
            }
            eprintln!("killed after {after:?}: {}", how_far(&site));
            site.ok(self.args);
            same(&whole.contents, &proven(&site), &format!("{:?} killed after {after:?}", self.args));
            if n == 0 {
                assert_eq!(digest(&site), whole.digest);
            }
        }
    }
}

fn stage<'t>(told: &'t serde_json::Value, name: &str) -> &'t serde_json::Value {
    told["stages"]
        .as_array()
        .and_then(|all| all.iter().find(|stage| stage["stage"] == name))
        .expect("a stage")
}

fn did_bill(told: &serde_json::Value) {
    for name in ["verify", "bill", "issue"] {
        assert_eq!(stage(told, name)["done"], ACCOUNTS, "{told}");
    }
    assert_eq!(stage(told, "post")["done"], ACCOUNTS / 7, "{told}");
}

fn did_accrue(told: &serde_json::Value) {
    assert_eq!(stage(told, "bill")["done"], ACCOUNTS / 100, "{told}");
    assert!(stage(told, "accrue")["done"].as_i64() > Some(ACCOUNTS / 2), "{told}");
}

fn did_post(told: &serde_json::Value) {
    assert!(told["posted"].as_i64() > Some(ACCOUNTS / 4) && told["suspense"].as_i64() > Some(0), "{told}");
}

fn did_load(told: &serde_json::Value) {
    assert_eq!(told["rows"]["customers"], 2000, "{told}");
}

fn same(one: &Contents, other: &Contents, what: &str) {
    if let Some(difference) = first_difference(one, other) {
        panic!("{what}: {difference}");
    }
}

/// What `verify --json` tells of the books.
fn digest(site: &Site) -> String {
    let told: serde_json::Value = serde_json::from_str(&site.ok(&["verify", "--json"])).expect("JSON");
    assert_eq!(told["ok"], true, "{told}");
    told["books_digest"].as_str().expect("a digest").to_owned()
}

/// An embedded county at a point of its life, to be copied.
fn embedded(steps: &[&[&str]]) -> (Site, PathBuf) {
    let site = Site::new();
    county(&site);
    files(&site);
    for step in steps {
        site.ok(step);
    }
    site.conn().settle().expect("an orderly database");
    let file = site.file();
    (site, file)
}

fn copied(file: &Path) -> Site {
    let site = Site::copy_of(file);
    files(&site);
    site
}

#[test]
fn a_day_killed_at_any_moment_ends_as_if_it_never_was() {
    let (_kept, file) = embedded(&[]);
    let day = Place { fresh: &|| copied(&file), args: GREAT_DAY, did: &did_bill };
    day.survives(20, 0);
}

#[test]
fn a_month_end_killed_at_any_moment_books_its_late_fees_once() {
    let (_kept, file) = embedded(&[GREAT_DAY]);
    Place { fresh: &|| copied(&file), args: MONTH_END, did: &did_accrue }.survives(6, 0);
}

#[test]
fn a_bank_file_killed_at_any_moment_is_posted_once() {
    let (_kept, file) = embedded(&[GREAT_DAY]);
    Place { fresh: &|| copied(&file), args: BANK_FILE, did: &did_post }.survives(5, 0);
}

#[test]
fn an_import_killed_at_any_moment_even_while_the_tables_are_made_is_loaded_once() {
    let fresh = || {
        let site = Site::new();
        files(&site);
        site
    };
    Place { fresh: &fresh, args: CUSTOMERS, did: &did_load }.survives(5, 0);
}

#[test]
fn several_programs_may_make_the_tables_of_a_new_database_at_once() {
    let emptied = Site::postgres().inspect(|site| {
        let mut conn = site.conn();
        let schema = conn.query_first("SELECT CAST(CURRENT_SCHEMA AS TEXT)", &[], |row| row.text(0)).unwrap();
        let schema = schema.expect("a schema");
        conn.batch(&format!("DROP SCHEMA {schema} CASCADE; CREATE SCHEMA {schema}")).unwrap();
    });
    for site in [Some(Site::new()), emptied].into_iter().flatten() {
        let all: Vec<Child> = (0..4).map(|_| start(&site, &["init"])).collect();
        for mut one in all {
            assert!(one.wait().unwrap().success());
        }
        proven(&site);
    }
}

fn on_postgres(steps: &[&[&str]]) -> Option<Site> {
    let site = Site::postgres()?;
    county(&site);
    files(&site);
    for step in steps {
        site.ok(step);
    }
    Some(site)
}

fn skipped() {
    eprintln!("DENGHUO_TEST_PG is not set: nothing was killed on PostgreSQL");
}

/// Ten kills on the server, of twenty.
fn server_day(series: i64) {
    if Site::postgres().is_none() {
        return skipped();
    }
    let day = Place { fresh: &|| on_postgres(&[]).expect("a server"), args: GREAT_DAY, did: &did_bill };
    day.survives(10, series);
}

#[test]
fn on_a_server_a_killed_day_ends_as_if_it_never_was() {
    server_day(1);
}

#[test]
fn on_a_server_a_day_killed_at_other_moments_does_so_too() {
    server_day(2);
}

#[test]
fn on_a_server_killed_files_are_posted_once() {
    if Site::postgres().is_none() {
        return skipped();
    }
    Place { fresh: &|| on_postgres(&[GREAT_DAY]).unwrap(), args: BANK_FILE, did: &did_post }.survives(3, 0);
    Place { fresh: &|| on_postgres(&[GREAT_DAY]).unwrap(), args: MONTH_END, did: &did_accrue }.survives(3, 0);
}

#[test]
fn of_two_workers_one_is_killed_and_the_other_ends_the_day() {
    let Some(site) = on_postgres(&[]) else { return skipped() };
    let begun = Instant::now();
    site.ok(GREAT_DAY);
    let (whole, took) = (proven(&site), begun.elapsed());
    for n in 0..4_u32 {
        let site = on_postgres(&[]).unwrap();
        let (mut one, mut other) = (start(&site, GREAT_DAY), start(&site, GREAT_DAY));
        // The last pair lives.
        if n < 3 {
            let jitter = Lots::of(SEED, Topic::Fault, n.into(), 1).between(0, 100) as u32;
            let after = took / 2 + took * (n * 100 + jitter) / 600;
            if one.wait_timeout(after).unwrap().is_none() {
                one.kill().unwrap();
            }
        }
        let ended = one.wait().unwrap();
        assert!(n < 3 || ended.success());
        assert!(other.wait().unwrap().success(), "the other worker ends the day");
        same(&whole, &proven(&site), &format!("two workers, pair {n}"));
    }
}
