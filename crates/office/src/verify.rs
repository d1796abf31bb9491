//! 账实核对: proves the invariants of the whole database. What SQL can tell is asked of the store; what the rules tell
//! is derived again: every metered bill from the facts kept beside it.

use crate::billing::{PriceBook, answer_again, line};
use crate::collections::{verify_fees, verify_stops};
use crate::error::OfficeError;
use crate::evidence;
use crate::legal::verify_clocks;
use crate::service::verify_tickets;
use crate::supervision::{verify_findings, verify_samples};
use crate::targets::{verify_bonuses, verify_scores};
use crate::work::Work;
use denghuo_rules::billing::{BillDraft, Line, difference};
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::billing;
use denghuo_store::day::{self, Range};
use denghuo_store::verify::{books_digest, checks as store_checks, run};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Accounts whose bills are derived at a time.
const CHUNK: usize = 4096;

/// What one check came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckResult {
    /// Does the promise hold?
    pub ok: bool,
    /// How many break it.
    pub broken: u64,
    /// The first of them in words.
    pub sample: Vec<String>,
}

impl CheckResult {
    fn new(broken: u64, sample: Vec<String>) -> Self {
        Self { ok: broken == 0, broken, sample }
    }
}

/// What the whole database came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Does every promise hold?
    pub ok: bool,
    /// The last business day that was run.
    pub date: Option<Date>,
    /// The checks by name.
    pub checks: BTreeMap<String, CheckResult>,
    /// A hash of every money fact, equal for equal books on either engine.
    pub books_digest: String,
}

/// Runs every check over the whole database.
///
/// # Errors
/// A failure of the database.
pub fn verify(conn: &mut Conn, work: &Work<'_>) -> Result<Verification, OfficeError> {
    let mut checks = BTreeMap::new();
    for check in store_checks() {
        let finding = run(conn, check)?;
        let sample = finding.sample.iter().map(|(account, no)| format!("{account}/{no}")).collect();
        checks.insert(check.name.to_owned(), CheckResult::new(finding.broken, sample));
    }
    checks.insert("bills_derive_again".to_owned(), bills_derive_again(conn, work)?);
    let fees = verify_fees(conn, work)?;
    checks.insert("fees_derive_again".to_owned(), CheckResult::new(fees.broken, fees.sample));
    let clocks = verify_clocks(conn, work)?;
    checks.insert("clocks_derive_again".to_owned(), CheckResult::new(clocks.broken, clocks.sample));
    for (name, found) in [
        ("evidence_hashes_again", evidence::verify_chains(conn)?),
        ("evidence_files_hash_again", evidence::verify_files(conn)?),
        ("anchors_hash_again", evidence::verify_anchors(conn)?),
    ] {
        checks.insert(name.to_owned(), CheckResult::new(found.broken, found.sample));
    }
    let stops = verify_stops(conn, work)?;
    checks.insert("planned_stops_are_lawful".to_owned(), CheckResult::new(stops.broken, stops.sample));
    let tickets = verify_tickets(conn)?;
    checks.insert(
        "tickets_stand_where_deeds_lead".to_owned(),
        CheckResult::new(tickets.broken, tickets.sample),
    );
    for (name, found) in [
        ("scores_derive_again", verify_scores(conn, work)?),
        ("bonuses_derive_again", verify_bonuses(conn, work)?),
    ] {
        checks.insert(name.to_owned(), CheckResult::new(found.broken, found.sample));
    }
    let findings = verify_findings(conn)?;
    checks.insert(
        "findings_stand_where_orders_lead".to_owned(),
        CheckResult::new(findings.broken, findings.sample),
    );
    let samples = verify_samples(conn)?;
    checks.insert("samples_draw_again".to_owned(), CheckResult::new(samples.broken, samples.sample));
    let date = day::last_run(conn)?.map(|(date, _)| date);
    let ok = checks.values().all(|check| check.ok);
    Ok(Verification { ok, date, checks, books_digest: books_digest(conn)? })
}

/// Every metered bill with its corrections comes, line by line, to what its facts come to under the book, and every
/// assessed bill to what its case comes to.
fn bills_derive_again(conn: &mut Conn, work: &Work<'_>) -> Result<CheckResult, OfficeError> {
    let mut prices = PriceBook::new(work.book, &work.site);
    let mut draft = BillDraft::new();
    let (mut broken, mut sample) = (0, Vec::new());
    for range in billing::billed_ranges(conn, CHUNK)? {
        for group in groups(conn, range)? {
            let found =
                if group.assessed { group.check_case(work) } else { group.check(&mut prices, &mut draft) };
            if let Err(why) = found {
                broken += 1;
                if sample.len() < 20 {
                    sample.push(format!("{}/{}: {why}", group.account_id, group.bill_no));
                }
            }
        }
    }
    Ok(CheckResult::new(broken, sample))
}

/// A metered bill with everything that corrected it.
struct Group {
    account_id: i64,
    bill_no: i64,
    /// Their lines; nothing when one of them cannot be read.
    lines: Option<Vec<Line>>,
    cancelled: bool,
    /// A metering error, a theft or a breach of use: priced from a case, not from readings.
    assessed: bool,
    facts: String,
}

impl Group {
    fn check_case(&self, work: &Work<'_>) -> Result<(), String> {
        let Some(standing) = &self.lines else { return Err("a line cannot be read".to_owned()) };
        let stands = standing.iter().map(|line| line.amount).sum::<Money>();
        let derives = answer_again(&self.facts, work.book).map_err(|refusal| refusal.to_string())?.total;
        if stands == derives { Ok(()) } else { Err(format!("stands {stands}, derives {derives}")) }
    }

    fn check(&self, prices: &mut PriceBook<'_>, draft: &mut BillDraft) -> Result<(), String> {
        let Some(standing) = &self.lines else { return Err("a line cannot be read".to_owned()) };
        let target = if self.cancelled {
            &[][..]
        } else {
            let facts = serde_json::from_str(&self.facts).map_err(|e| e.to_string())?;
            prices.price(&facts, draft).map_err(|refusal| refusal.to_string())?;
            &draft.lines
        };
        let sum = |lines: &[Line]| lines.iter().map(|line| line.amount).sum::<Money>();
        match difference(target, standing).first() {
            None => Ok(()),
            Some(line) => {
                let item = line.item.word();
                Err(format!(
                    "stands {}, derives {}: {item} differs by {}",
                    sum(standing),
                    sum(target),
                    line.amount
                ))
            }
        }
    }

    /// Takes the lines of a bill in.
    fn take(&mut self, lines: Option<Vec<Line>>) {
        match (&mut self.lines, lines) {
            (Some(known), Some(more)) => known.extend(more),
            (known, _) => *known = None,
        }
    }
}

fn groups(conn: &mut Conn, range: Range) -> Result<Vec<Group>, OfficeError> {
    let mut groups: Vec<Group> = Vec::new();
    let mut lines: HashMap<(i64, i64), Option<Vec<Line>>> = HashMap::new();
    for row in billing::lines_of(conn, range)? {
        let of_bill = lines.entry((row.account_id, row.bill_no)).or_insert_with(|| Some(Vec::new()));
        match (of_bill.as_mut(), line(&row)) {
            (Some(known), Some(line)) => known.push(line),
            _ => *of_bill = None,
        }
    }
    for bill in billing::bills_of(conn, range)? {
        let lines = lines.remove(&(bill.account_id, bill.bill_no)).unwrap_or_else(|| Some(Vec::new()));
        let assessed = matches!(bill.kind.as_str(), "metering_error" | "theft" | "breach");
        if assessed || bill.kind == "regular" || bill.kind == "provisional" {
            let (account_id, bill_no, facts) = (bill.account_id, bill.bill_no, bill.facts);
            groups.push(Group { account_id, bill_no, lines, cancelled: false, assessed, facts });
            continue;
        }
        let target = groups
            .iter_mut()
            .rev()
            .take_while(|group| group.account_id == bill.account_id)
            .find(|group| bill.corrects_no == Some(group.bill_no));
        match (target, bill.kind.as_str()) {
            (Some(group), "cancellation") => {
                group.take(lines);
                group.cancelled = true;
            }
            (Some(group), "correction") => {
                group.take(lines);
                group.facts = bill.facts;
            }
            _ => {}
        }
    }
    Ok(groups)
}
