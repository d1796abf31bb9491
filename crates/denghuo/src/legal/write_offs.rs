//! `denghuo legal write-off`: debts off the books, and what comes back of them.

use super::Doing;
use crate::context::{Global, account_id, print_json};
use denghuo_office::legal::{WriteOffOrder, write_off, write_off_recover};
use denghuo_rules::legal::write_off::WriteOffGround;
use denghuo_store::day::Range;
use denghuo_store::legal::{self, WriteOffRow};
use serde_json::{Value, json};

#[derive(clap::Subcommand)]
pub enum WriteOff {
    /// Take all that is open of a bill off the books; `--by` approves
    Add {
        /// Account number 户号
        account: String,
        /// Number of the bill within the account
        bill: i64,
        /// bankruptcy, deregistration, death, court_termination, limitation_passed
        #[arg(long, value_parser = ground)]
        ground: WriteOffGround,
        /// Number of its proof
        #[arg(long)]
        evidence: Option<i64>,
        /// Staff code of who asks 申请人
        #[arg(long)]
        asked_by: String,
        #[command(flatten)]
        doing: Doing,
    },
    /// The write-offs of an account
    List {
        /// Account number 户号
        account: String,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Take what came (the account's prepayment) for a written-off debt
    Recover {
        /// Account number 户号
        account: String,
        /// Number of the write-off within the account
        write_off: i64,
        #[command(flatten)]
        doing: Doing,
    },
}

fn ground(text: &str) -> Result<WriteOffGround, String> {
    let words: Vec<&str> = WriteOffGround::ALL.iter().map(|ground| ground.word()).collect();
    WriteOffGround::from_word(text).ok_or_else(|| words.join(", "))
}

fn row_json(row: &WriteOffRow) -> Value {
    let (left, left_fee) = row.left();
    json!({
        "write_off_no": row.write_off_no, "bill_no": row.bill_no, "amount": row.amount, "late_fee": row.fee,
        "recovered": row.recovered, "recovered_fee": row.recovered_fee, "left": left, "left_fee": left_fee,
        "ground": row.ground, "evidence_no": row.evidence_no, "asked_by": row.asked_by,
        "approved_by": row.approved_by, "approved_on": row.approved_on,
    })
}

fn tell(global: &Global, row: &WriteOffRow) {
    let (left, left_fee) = row.left();
    println!(
        "{:>3} #{:<4} {} {:>14} {:>12} {} {} {}",
        row.write_off_no,
        row.bill_no,
        row.approved_on,
        row.amount,
        row.fee,
        row.ground.word(),
        global.say("尚在追索", "still pursued"),
        left + left_fee
    );
}

/// Runs the command.
pub fn run(global: &Global, what: WriteOff) -> anyhow::Result<()> {
    let (row, json) = match what {
        WriteOff::Add { account, bill, ground, evidence, asked_by, doing } => {
            let row = global.work(&doing.by, |conn, work| {
                let account_id = account_id(conn, &account)?;
                let order =
                    WriteOffOrder { account_id, bill_no: bill, ground, evidence_no: evidence, asked_by };
                Ok(write_off(conn, work, &order, doing.on())?)
            })?;
            (row, doing.json)
        }
        WriteOff::Recover { account, write_off, doing } => {
            let row = global.work(&doing.by, |conn, work| {
                let id = account_id(conn, &account)?;
                Ok(write_off_recover(conn, work, (id, write_off), doing.on())?)
            })?;
            (row, doing.json)
        }
        WriteOff::List { account, json } => {
            let mut conn = global.connect()?;
            let id = account_id(&mut conn, &account)?;
            let rows = legal::write_offs_of(&mut conn, Range { from: id, to: id })?;
            if json {
                return print_json(&rows.iter().map(row_json).collect::<Vec<Value>>());
            }
            rows.iter().for_each(|row| tell(global, row));
            return Ok(());
        }
    };
    if json {
        return print_json(&row_json(&row));
    }
    tell(global, &row);
    Ok(())
}
