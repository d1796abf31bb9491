//! `denghuo reviews`: records are drawn with a seed and looked at by a list of the book.

use crate::context::{Global, print_json, today};
use clap::{Args as ClapArgs, Subcommand};
use denghuo_office::supervision::{Look, NewReview, ReviewShown, review_draw, review_look, review_show};
use denghuo_rules::supervision::Answer;
use denghuo_store::db::without_places;
use denghuo_store::supervision::REVIEW_ORDERS;
use denghuo_store::supervision::reviews;
use jiff::civil::Date;
use serde_json::json;

/// Arguments of `denghuo reviews`.
#[derive(ClapArgs)]
#[command(
    after_help = "Examples:\n  denghuo reviews draw --list bill --unit C --from 2026-03-01 --until 2026-03-31 --seed 7 --auditor S003 --by S001\n  \
        denghuo reviews show 1\n  denghuo reviews look 1 3 price=good quantity=good second=bad day=good --note 未经第二人审核 --by S003"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Draw a review: the same seed draws the same records 抽样
    Draw(Box<Draw>),
    /// Reviews, the newest first 稽查清单
    List {
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// A review with its records 稽查
    Show {
        /// Its number
        review: i64,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Say what was seen of a record 检查
    Look(Box<Seen>),
}

#[derive(ClapArgs)]
struct Draw {
    /// reading, bill, notice, ticket, cut, counter, or a list of the site
    #[arg(long)]
    list: String,
    /// Code of the unit whose records and those of the units below it are drawn
    #[arg(long)]
    unit: String,
    /// Only records of this person
    #[arg(long)]
    person: Option<String>,
    /// First day of the records
    #[arg(long)]
    from: Date,
    /// Last day
    #[arg(long)]
    until: Date,
    /// The same seed draws the same records
    #[arg(long)]
    seed: i64,
    /// Staff code of who looks at them
    #[arg(long)]
    auditor: String,
    /// Staff code
    #[arg(long)]
    by: String,
    /// The business date; today when not given
    #[arg(long)]
    date: Option<Date>,
    /// JSON
    #[arg(long)]
    json: bool,
}

#[derive(ClapArgs)]
struct Seen {
    /// Number of the review
    review: i64,
    /// Number of the record
    sample: i64,
    /// ITEM=good, ITEM=bad, ITEM=without, for every item of the list
    #[arg(required = true, value_parser = answer)]
    answers: Vec<(String, Answer)>,
    /// In words; wanted where something is not as it should be
    #[arg(long, default_value = "")]
    note: String,
    /// Staff code
    #[arg(long)]
    by: String,
    /// The business date; today when not given
    #[arg(long)]
    date: Option<Date>,
    /// JSON
    #[arg(long)]
    json: bool,
}

fn answer(text: &str) -> Result<(String, Answer), String> {
    let read =
        text.split_once('=').and_then(|(item, word)| Some((item.to_owned(), Answer::from_word(word)?)));
    read.ok_or_else(|| format!("`{text}` is not ITEM=good, ITEM=bad or ITEM=without"))
}

/// Does what is asked.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Draw(draw) => global.work(&draw.by, |conn, work| {
            let new = NewReview {
                list: draw.list.clone(),
                unit: draw.unit.clone(),
                person: draw.person.clone(),
                from_on: draw.from,
                until_on: draw.until,
                seed: draw.seed,
                auditor: draw.auditor.clone(),
            };
            let row = review_draw(conn, work, &new, draw.date.unwrap_or_else(today))?;
            told(global, &review_show(conn, work, row.review_no)?, draw.json)
        }),
        What::Show { review, json } => {
            global.work("system", |conn, work| told(global, &review_show(conn, work, review)?, json))
        }
        What::Look(seen) => global.work(&seen.by, |conn, work| {
            let look = Look { answers: seen.answers.clone(), note: seen.note.clone() };
            let on = seen.date.unwrap_or_else(today);
            review_look(conn, work, (seen.review, seen.sample), &look, on)?;
            told(global, &review_show(conn, work, seen.review)?, seen.json)
        }),
        What::List { json: as_json } => {
            let mut conn = global.connect()?;
            let rows = without_places(reviews(&mut conn, (0, None), &REVIEW_ORDERS.first(1_000))?);
            if as_json {
                let rows: Vec<_> = rows
                    .iter()
                    .map(|(row, unit, looked)| {
                        json!({ "review": row.review_no, "list": row.list, "unit": unit, "size": row.size,
                            "looked": looked, "auditor": row.auditor, "due_on": row.due_on, "state": row.state })
                    })
                    .collect();
                return print_json(&rows);
            }
            for (row, unit, looked) in &rows {
                let state = global.say(row.state.zh(), row.state.word());
                println!(
                    "{:>5} {} {unit} {looked}/{} {} {} {state}",
                    row.review_no, row.list, row.size, row.auditor, row.due_on
                );
            }
            Ok(())
        }
    }
}

fn told(global: &Global, shown: &ReviewShown, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        return print_json(shown);
    }
    let language = global.language();
    println!(
        "{} {}  {}  {}–{}  {}/{}  {} {}",
        shown.review_no,
        shown.name.in_language(language),
        shown.unit,
        shown.from_on,
        shown.until_on,
        shown.size,
        shown.whole,
        global.say("种子", "seed"),
        shown.seed,
    );
    for item in &shown.items {
        println!("  {:<12} {}", item.code, item.text.in_language(language));
    }
    for sample in &shown.samples {
        let seen: Vec<String> =
            sample.answers.iter().map(|answer| format!("{}={}", answer.item, answer.answer.word())).collect();
        println!(
            "  {:>4} {} {} {} {} {}",
            sample.sample_no,
            sample.unit,
            sample.account_no,
            sample.about,
            sample.person.as_deref().unwrap_or("-"),
            if seen.is_empty() { "-".to_owned() } else { seen.join(" ") },
        );
    }
    Ok(())
}
