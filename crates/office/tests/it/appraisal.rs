//! 考核公平: collectors of equal skill are scored alike, whatever their portfolios; one who works worse is not.

use super::world::work;
use denghuo_office::targets::appraisals_measure;
use denghuo_rules::calendar::Month;
use denghuo_rules::targets::{Score, WorkMeasure};
use denghuo_store::Conn;
use denghuo_store::targets::{AppraisalRow, appraisals};
use denghuo_store::testing::on_each_engine;
use jiff::civil::date;

/// Months of history, the last of them appraised.
const MONTHS: i64 = 8;

/// How likely a customer pays in time, in thousandths: the good, the shaky, the bad.
const PAYS: [u64; 3] = [970, 700, 350];
const CATEGORIES: [&str; 3] = ["household", "commercial", "agriculture"];

/// A portfolio: its route, how many of ten customers are of each kind, and the skill of who collects, in thousandths.
type Portfolio = (i64, [u64; 3], u64);

/// The portfolios with their accounts. The weaker one is small, so that the usual rates are those of the others.
const PORTFOLIOS: [(Portfolio, i64); 3] =
    [((1, [9, 1, 0], 1_000), 1_200), ((2, [2, 4, 4], 1_000), 1_200), ((3, [9, 1, 0], 850), 150)];

/// Chance from a seed.
struct Lots(u64);

impl Lots {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % most
    }
}

#[derive(Default)]
struct Rows {
    accounts: Vec<String>,
    receivables: Vec<String>,
    payments: Vec<String>,
    allocations: Vec<String>,
}

impl Rows {
    fn write(&self, conn: &mut Conn) {
        for (table, rows) in [
            (
                "account (account_id, account_no, customer_id, org_id, route_id, address, opened_on)",
                &self.accounts,
            ),
            (
                "receivable (account_id, bill_no, month, category, amount_fen, open_fen, released_on, released_by, due_on, settled_on)",
                &self.receivables,
            ),
            (
                "payment (account_id, payment_no, channel, external_id, amount_fen, unused_fen, paid_on, posted_on, received_by)",
                &self.payments,
            ),
            (
                "allocation (account_id, allocation_no, payment_no, bill_no, kind, amount_fen, effective_on, allocated_on)",
                &self.allocations,
            ),
        ] {
            for some in rows.chunks(500) {
                conn.batch(&format!("INSERT INTO {table} VALUES {}", some.join(", "))).expect("SQL");
            }
        }
    }
}

/// One customer lives through the months: he pays in time by chance, or in a later month, helped by who collects.
fn live(rows: &mut Rows, lots: &mut Lots, id: i64, (route, mix, skill): Portfolio) {
    let drawn = lots.below(10);
    let kind = if drawn < mix[0] {
        0
    } else if drawn < mix[0] + mix[1] {
        1
    } else {
        2
    };
    rows.accounts.push(format!("({id}, 'A{id}', 1, 2, {route}, '', 20200101)"));
    let chance = PAYS[kind] * skill / 1_000;
    for n in 1..=MONTHS {
        let amount = 5_000 + lots.below(20_000);
        let mut paid = None;
        for month in n..=MONTHS {
            let chance = if month == n { chance } else { chance / 2 };
            if lots.below(1_000) < chance {
                paid = Some(20_260_000 + month * 100 + if month == n { 12 } else { 20 });
                break;
            }
        }
        let open = if paid.is_some() { 0 } else { amount };
        let settled = paid.map_or_else(|| "NULL".to_owned(), |day| day.to_string());
        let first = 20_260_000 + n * 100;
        rows.receivables.push(format!(
            "({id}, {n}, {}, '{}', {amount}, {open}, {}, 'system', {}, {settled})",
            202_600 + n,
            CATEGORIES[kind],
            first + 5,
            first + 15
        ));
        if let Some(day) = paid {
            rows.payments.push(format!("({id}, {n}, 'cash', '{id}-{n}', {amount}, 0, {day}, {day}, 'S1')"));
            rows.allocations.push(format!("({id}, {n}, {n}, {n}, 'energy', {amount}, {day}, {day})"));
        }
    }
}

fn town(conn: &mut Conn, seed: u64) {
    conn.batch(
        "INSERT INTO org (org_id, code, name, kind, parent_id) VALUES (1, 'C', '县公司', 'company', NULL), (2, 'P', '城关所', 'station', 1);
         INSERT INTO staff (staff_id, code, name, org_id, role, from_on) VALUES (1, 'S1', '', 2, 'collector', 20200101),
           (2, 'S2', '', 2, 'collector', 20200101), (3, 'S3', '', 2, 'collector', 20200101);
         INSERT INTO customer (customer_id, code, name, kind) VALUES (1, 'K1', '甲', 'person');
         INSERT INTO route (route_id, code, name, org_id, read_day, first_month) VALUES (1, 'R1', '', 2, 5, 202601),
           (2, 'R2', '', 2, 5, 202601), (3, 'R3', '', 2, 5, 202601);
         INSERT INTO route_charge (route_id, from_on, staff_id, made_by) VALUES (1, 20200101, 1, 'S'), (2, 20200101, 2, 'S'),
           (3, 20200101, 3, 'S')",
    )
    .expect("SQL");
    let mut rows = Rows::default();
    let mut lots = Lots(seed);
    let mut id = 0;
    for (portfolio, accounts) in PORTFOLIOS {
        for _ in 0..accounts {
            id += 1;
            live(&mut rows, &mut lots, id, portfolio);
        }
    }
    rows.write(conn);
}

/// What was received of what was expected, in hundredths of a percent.
fn against_expected(row: &AppraisalRow) -> i64 {
    row.record.of(WorkMeasure::Received) * 10_000 / row.record.of(WorkMeasure::Expected)
}

/// What was received of the receivable, in hundredths of a percent.
fn raw_rate(row: &AppraisalRow) -> i64 {
    row.record.of(WorkMeasure::Received) * 10_000 / row.record.of(WorkMeasure::Receivable)
}

#[test]
fn equal_skill_scores_alike_on_an_easy_and_a_hard_portfolio() {
    on_each_engine(|store| {
        let mut conn = store.connect().expect("a connection");
        town(&mut conn, 20_260_831);
        let month = Month::new(2026, 8).expect("a month");
        let on = date(2026, 8, 31);
        assert_eq!(appraisals_measure(&mut conn, &work("system"), month, on).expect("appraisals"), 3);
        assert_eq!(appraisals_measure(&mut conn, &work("system"), month, on).expect("the same"), 0);
        let rows = appraisals(&mut conn, month).expect("rows");
        let [easy, hard, weak] = &rows[..] else { panic!("{} appraisals", rows.len()) };
        let (raw_easy, raw_hard) = (raw_rate(easy), raw_rate(hard));
        for row in &rows {
            let (raw, expected) = (raw_rate(row), against_expected(row));
            eprintln!(
                "S{}: score {}, raw rate {raw}, of what was expected {expected}",
                row.staff_id, row.score
            );
        }
        assert!(
            easy.score < Score(10_000) && hard.score < Score(10_000),
            "no score hides behind the top of its line"
        );
        assert!(
            (against_expected(easy) - against_expected(hard)).abs() < 200,
            "within two points of a hundred"
        );
        assert!(
            raw_easy - raw_hard > 2_000,
            "the raw rates lie more than twenty points apart: {raw_easy}, {raw_hard}"
        );
        let apart = (easy.score.0 - hard.score.0).abs();
        assert!(apart <= 500, "within five points: {} and {}", easy.score, hard.score);
        assert!(
            weak.score < Score(easy.score.0.min(hard.score.0) - 800),
            "worse work is seen: {}",
            weak.score
        );
        assert!(
            raw_rate(weak) > raw_hard,
            "and by the raw rate the weaker one would have beaten the better one"
        );
    });
}
