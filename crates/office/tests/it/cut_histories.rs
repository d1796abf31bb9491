//! 随机停电经历: whatever people do and in whatever order, power goes off only as the law lets it. What the program decides is
//! judged here by other means: by the rows and by plain arithmetic.

use super::cuts::{Fake, at, indebted};
use super::luck::played;
use super::world::{World, allowed, work};
use denghuo_office::disconnection::{
    Channel, CutCall, CutProposal, NewWindow, cut_approve, cut_call, cut_confirm, cut_execute, cut_propose,
    cut_withdraw, disconnect_ranges, disconnect_stage, restore_send, sweep, sweep_after, warrant_issue,
    window_declare,
};
use denghuo_office::payments::{Payment, pay, reverse};
use denghuo_office::ports::PortError;
use denghuo_rules::calendar::days_between;
use denghuo_rules::disconnection::{CallOutcome, CutState};
use denghuo_rules::payments::Channel as Paid;
use denghuo_rules::units::Money;
use denghuo_store::disconnection as store;
use denghuo_store::testing::{TestStore, sqlite};
use denghuo_store::verify::{checks, run};
use jiff::Span;
use jiff::civil::{DateTime, Time};
use proptest::prelude::*;
use std::path::PathBuf;
use std::sync::LazyLock;

/// The home that owes its bill on the first lawful day, as a file.
static DEBTOR: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let database = sqlite().expect("a database");
    let mut world = indebted(&database.store);
    world.conn.settle().expect("a short log");
    drop(world);
    std::fs::read(path(&database)).expect("a file")
});

fn path(database: &TestStore) -> PathBuf {
    PathBuf::from(database.store.url().trim_start_matches("sqlite://"))
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Wait(i64),
    Propose,
    Approve,
    Serve,
    Warrant,
    Call(i64, CallOutcome),
    Field,
    Remote(u8),
    Confirm(bool),
    Pay(i64),
    Counter(i64),
    Reverse,
    Hold,
    Release,
    Heat,
    Withdraw,
    RestoreRemote(u8),
    Sweep,
    Day,
}

fn act() -> impl Strategy<Value = Act> {
    let minutes = prop::sample::select(vec![1_i64, 5, 29, 30, 31, 45, 60, 120, 240, 900, 1440, 2880]);
    let outcome = prop::sample::select(CallOutcome::ALL.to_vec());
    prop_oneof![
        12 => minutes.clone().prop_map(Act::Wait),
        1 => Just(Act::Propose),
        3 => Just(Act::Approve),
        4 => Just(Act::Serve),
        8 => Just(Act::Warrant),
        6 => (prop::sample::select(vec![10_i64, 29, 30, 31, 60]), outcome).prop_map(|(m, o)| Act::Call(m, o)),
        6 => Just(Act::Field),
        6 => (0_u8..4).prop_map(Act::Remote),
        4 => any::<bool>().prop_map(Act::Confirm),
        1 => prop::sample::select(vec![1_i64, 50, 500]).prop_map(Act::Pay),
        1 => prop::sample::select(vec![1_i64, 50, 500]).prop_map(Act::Counter),
        1 => Just(Act::Reverse),
        1 => Just(Act::Hold),
        1 => Just(Act::Release),
        1 => Just(Act::Heat),
        1 => Just(Act::Withdraw),
        2 => (0_u8..4).prop_map(Act::RestoreRemote),
        3 => Just(Act::Sweep),
        2 => Just(Act::Day),
    ]
}

fn answer(kind: u8) -> Result<bool, PortError> {
    match kind {
        0 => Ok(false),
        1 => Ok(true),
        2 => Err(PortError::Unknown("超时".to_owned())),
        _ => Err(PortError::Never("拒绝".to_owned())),
    }
}

struct Life {
    world: World,
    now: DateTime,
    cuts: usize,
    _kept: TestStore,
}

impl Life {
    /// On the morning after the first lawful day.
    fn new() -> Self {
        let database = sqlite().expect("a database");
        std::fs::write(path(&database), &*DEBTOR).expect("a file");
        let conn = database.store.connect().expect("a connection");
        let mut world = World::at(&database.store, conn);
        world.on = jiff::civil::date(2026, 4, 12);
        Self { world, now: at("2026-04-13T09:00"), cuts: 0, _kept: database }
    }

    fn play(&mut self, act: Act) {
        let (now, on) = (self.now, self.now.date());
        let conn = &mut self.world.conn;
        let staff = work("S004");
        match act {
            Act::Wait(minutes) => self.now = now.checked_add(Span::new().minutes(minutes)).expect("a moment"),
            Act::Propose => {
                let proposal = CutProposal { account_id: 1, reason: "arrears".to_owned(), step: None };
                allowed(cut_propose(conn, &work("S001"), &proposal, now));
            }
            Act::Approve => {
                allowed(cut_approve(conn, &work("S002"), 1, now));
            }
            Act::Serve => {
                conn.execute(
                    "UPDATE notice SET state = 'served', served_at = $1, served_how = 'door' \
                     WHERE account_id = 1 AND kind = 'stop_plan' AND state = 'open'",
                    &[now.into()],
                )
                .expect("SQL");
            }
            Act::Warrant => {
                allowed(warrant_issue(conn, &staff, 1, now));
            }
            Act::Call(minutes, outcome) => {
                let told_cut_at = now.checked_add(Span::new().minutes(minutes)).expect("a moment");
                let call = CutCall { account_id: 1, told_cut_at, outcome, evidence_no: None };
                allowed(cut_call(conn, &staff, &call, now));
            }
            Act::Field => {
                let before = self.judge();
                let done = allowed(cut_execute(&mut self.world.conn, &staff, 1, Channel::Field, now));
                self.cut(done.is_some(), before.as_ref());
            }
            Act::Remote(kind) => {
                let before = self.judge();
                let relay = Fake::new(answer(kind));
                let done =
                    allowed(cut_execute(&mut self.world.conn, &staff, 1, Channel::Remote(&relay), now));
                assert_eq!(relay.count(), usize::from(done.is_some()));
                self.cut(done.is_some(), before.as_ref());
            }
            Act::Confirm(done) => {
                allowed(cut_confirm(conn, &staff, 1, (done, None), now));
            }
            Act::Pay(_) | Act::Counter(_) | Act::Reverse | Act::Hold | Act::Release | Act::Heat => {
                self.around(act);
            }
            Act::Withdraw => {
                allowed(cut_withdraw(conn, &staff, 1, "撤回", now));
            }
            Act::RestoreRemote(kind) => {
                allowed(restore_send(conn, &staff, 1, &Fake::new(answer(kind)), now));
            }
            Act::Sweep => {
                sweep(conn, &work("system"), now).expect("a sweep");
                self.restored_when_paid();
            }
            Act::Day => {
                for range in disconnect_ranges(conn, on, 100).expect("SQL") {
                    let counts = disconnect_stage(conn, &work("system"), on, range).expect("a stage");
                    assert_eq!((counts.due, counts.parked), (counts.done, 0));
                }
            }
        }
    }

    /// What happens around a case: money, holds, the weather.
    fn around(&mut self, act: Act) {
        let on = self.now.date();
        let conn = &mut self.world.conn;
        match act {
            Act::Pay(yuan) => {
                let external_id = format!("H{}", self.world.number());
                let payment =
                    Payment { channel: Paid::Cash, external_id, amount: Money::yuan(yuan), paid_on: on };
                allowed(pay(&mut self.world.conn, &work("S001"), 1, &payment, on));
            }
            // At the counter the cases hear of it at once.
            Act::Counter(yuan) => {
                let external_id = format!("C{}", self.world.number());
                let now = self.now;
                let payment =
                    Payment { channel: Paid::Cash, external_id, amount: Money::yuan(yuan), paid_on: on };
                let paid = self.world.conn.write(|conn| {
                    pay(conn, &work("S001"), 1, &payment, on)?;
                    sweep_after(conn, &work("system"), &[1], now)
                });
                allowed(paid);
                let live = "SELECT COUNT(*) FROM warrant WHERE state = 'live'";
                assert_eq!(
                    self.world.conn.query_int(live, &[]).expect("SQL"),
                    0,
                    "a warrant outlived a payment"
                );
                self.restored_when_paid();
            }
            Act::Reverse => {
                let last = conn
                    .query_int("SELECT MAX(payment_no) FROM payment WHERE account_id = 1", &[])
                    .expect("SQL");
                allowed(reverse(conn, &work("S001"), (1, last), "误收", on));
            }
            Act::Hold => {
                conn.execute(
                    "INSERT INTO hold (account_id, hold_no, kind, bill_no, from_on, reason, source, set_by) \
                     SELECT 1, COALESCE(MAX(hold_no), 0) + 1, 'dispute', 0, $1, '', '', 'S001' FROM hold",
                    &[on.into()],
                )
                .expect("SQL");
            }
            Act::Release => {
                conn.execute("UPDATE hold SET released_on = $1, released_by = 'S001', release_reason = '' WHERE released_on IS NULL", &[on.into()])
                    .expect("SQL");
            }
            Act::Heat => {
                let heat = NewWindow {
                    kind: "extreme_heat".to_owned(),
                    org: None,
                    from_on: on,
                    until_on: on,
                    reason: "高温".to_owned(),
                };
                allowed(window_declare(conn, &work("S002"), &heat, on));
            }
            _ => {}
        }
    }

    /// Why power may not be cut now, by the rows and by arithmetic; nothing when nothing speaks against it.
    fn judge(&mut self) -> Option<&'static str> {
        let (now, on) = (self.now, self.now.date());
        let conn = &mut self.world.conn;
        let count =
            |conn: &mut denghuo_store::Conn, sql: &str| conn.query_int(sql, &[on.into()]).expect("SQL");
        let Some(case) = store::live_case(conn, 1).expect("SQL") else { return Some("no case") };
        let warrant = store::live_warrant(conn, 1, case.case_no).expect("SQL");
        let books = denghuo_store::ledger::balance(conn, 1).expect("SQL");
        let calls = store::calls_of(conn, 1, case.case_no).expect("SQL");
        let heard = |call: &&store::CallRow| {
            let ahead = call.called_at.duration_until(call.told_cut_at).as_secs();
            call.outcome != CallOutcome::NoAnswer
                && ahead >= 1800
                && call.told_cut_at <= now
                && call.told_cut_at.date() == on
        };
        let notice = store::stop_notice(conn, 1, "stop_plan", &case.subject()).expect("SQL");
        let served = notice.and_then(|notice| notice.served_at);
        let book = work("system").book;
        let rest = |day| !book.calendar().is_working_day(day).expect("a covered year");
        let tomorrow = on.tomorrow().expect("a day");
        let open = "SELECT COALESCE(SUM(open_fen), 0) FROM receivable WHERE account_id = 1 AND due_on < $1 AND due_on = 20260312";
        let held = "SELECT COUNT(*) FROM hold WHERE account_id = 1 AND from_on <= $1 AND (released_on IS NULL OR released_on > $1)";
        let heat = "SELECT COUNT(*) FROM declared_window WHERE from_on <= $1 AND until_on >= $1";
        if case.approved_by.is_none() || case.approved_by.as_deref() == Some(&case.proposed_by) {
            return Some("not approved");
        }
        match served {
            Some(at) if at <= now && (3..=7).contains(&days_between(at.date(), on)) => {}
            _ => return Some("outside the window"),
        }
        match warrant {
            None => return Some("no warrant"),
            Some(w) if w.made_at > now || w.expires_at < now || w.made_at.date() != on => {
                return Some("not good");
            }
            Some(w) if w.entry_no != books.next_entry_no => return Some("the books have moved"),
            Some(_) => {}
        }
        if now.time() < Time::constant(8, 0, 0, 0) || now.time() >= Time::constant(16, 0, 0, 0) {
            return Some("the hour");
        }
        if rest(on) || book.calendar().is_holiday(tomorrow).expect("a covered year") {
            return Some("the day");
        }
        if count(conn, open) <= 0 || count(conn, held) > 0 || count(conn, heat) > 0 {
            return Some("paid, held or hot");
        }
        if !calls.iter().any(|call| heard(&call)) {
            return Some("not told");
        }
        None
    }

    fn cut(&mut self, cut: bool, against: Option<&&'static str>) {
        assert!(!cut || against.is_none(), "cut at {} although: {against:?}", self.now);
        self.cuts += usize::from(cut);
    }

    /// After a sweep nobody who has paid is dark without a restoration on its way.
    fn restored_when_paid(&mut self) {
        let conn = &mut self.world.conn;
        let Some(case) = store::live_case(conn, 1).expect("SQL") else { return };
        let open = conn
            .query_int(
                "SELECT COALESCE(SUM(r.open_fen), 0) FROM receivable r JOIN cut_case_bill b ON b.account_id = r.account_id \
                 AND b.bill_no = r.bill_no WHERE b.account_id = 1 AND b.case_no = $1",
                &[case.case_no.into()],
            )
            .expect("SQL");
        let operations = store::operations_of(conn, 1).expect("SQL");
        let restoring = operations
            .iter()
            .any(|o| o.case_no == case.case_no && o.kind == "restore" && o.state != "failed");
        assert!(case.state != CutState::Cut || open > 0 || restoring, "{case:?}");
    }

    /// Every promise about cuts holds.
    fn proven(&mut self) {
        for check in checks().filter(|check| check.sql.contains("warrant") || check.sql.contains("cut_case"))
        {
            let found = run(&mut self.world.conn, check).expect("SQL");
            assert_eq!(found.broken, 0, "{} at {}: {:?}", check.name, self.now, found.sample);
        }
    }
}

fn cases() -> u32 {
    std::env::var("DENGHUO_CUT_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES)
}

/// Histories of a test, of some 70 random acts each.
const CASES: u32 = 255;
/// Tests below, each with a seed of its own.
const SEEDS: u64 = 6;
/// Random acts that all of them play together, at least.
const ACTS: u64 = 100_000;

/// Plays the histories of a seed.
fn histories(seed: u8) {
    let strategy = (0..LAWFUL.len(), prop::collection::vec(act(), 20..120));
    let steps = played(seed, cases(), &strategy, |(lawful, acts)| {
        let mut life = Life::new();
        let steps = acts.len() as u64;
        // A part of the lawful way first, so that many histories come near a cut.
        for act in LAWFUL[..lawful].iter().copied().chain(acts) {
            life.play(act);
            life.proven();
        }
        steps
    });
    let least = ACTS * u64::from(cases()) / u64::from(CASES) / SEEDS;
    assert!(steps > least, "{steps} random acts");
}

#[test]
fn no_operation_without_a_live_warrant() {
    histories(1);
}

#[test]
fn no_operation_without_a_live_warrant_in_other_histories() {
    histories(2);
}

#[test]
fn no_operation_without_a_live_warrant_in_more_histories() {
    histories(3);
}

#[test]
fn no_operation_without_a_live_warrant_in_still_others() {
    histories(4);
}

#[test]
fn no_operation_without_a_live_warrant_in_a_fifth_part() {
    histories(5);
}

#[test]
fn no_operation_without_a_live_warrant_in_the_last_part() {
    histories(6);
}

/// The lawful way to a cut and back, from Monday 13 April.
const LAWFUL: &[Act] = &[
    Act::Approve,
    Act::Serve,
    Act::Wait(3 * 1440),
    Act::Warrant,
    Act::Call(30, CallOutcome::Reached),
    Act::Wait(30),
    Act::Remote(0),
    Act::Pay(500),
    Act::Sweep,
    Act::RestoreRemote(0),
];

/// The acts of the law in their order do cut, so that the property above is not about nothing.
#[test]
fn the_lawful_order_of_acts_cuts() {
    let mut life = Life::new();
    for act in LAWFUL {
        life.play(*act);
        life.proven();
    }
    assert_eq!(life.cuts, 1);
    let case = store::cases_of(&mut life.world.conn, 1).unwrap().pop().unwrap();
    assert_eq!(case.state, CutState::Restored);
}
