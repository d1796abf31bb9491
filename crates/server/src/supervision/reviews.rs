//! 专项稽查: drawn, looked at.

use super::{in_scope, sees_all, unit_named};
use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use crate::sorting::{Sort, ordered_by};
use denghuo_office::supervision::{
    Look, NewReview, ReviewShown, SupervisionRefusal, review_draw, review_look, review_show,
};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::supervision::{Answer, ChecklistRule, Population, ReviewState};
use denghuo_store::supervision::REVIEW_ORDERS;
use denghuo_store::supervision::{review, reviews};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) fn routes(routes: Routes) -> Routes {
    let (see, answer, keep) =
        (Permission::SeeFindings, Permission::AnswerFindings, Permission::KeepSupervision);
    routes
        .get("/checklists", see, ("检查表", "The checklists of the book"), checklists)
        .list("/reviews", see, ("稽查清单", "Reviews of one's unit, the newest first"), review_list)
        .post(
            "/reviews",
            keep,
            ("抽样稽查", "Draw a review: the same seed draws the same records"),
            review_open,
        )
        .once()
        .get(
            "/reviews/{review_no}",
            see,
            ("稽查与样本", "A review with its list and its records"),
            review_one,
        )
        .post(
            "/reviews/{review_no}/samples/{sample_no}",
            answer,
            ("检查样本", "Say what was seen of a record; what is not as it should be becomes a finding"),
            sample_look,
        )
        .once()
}

/// A review in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ReviewPath {
    /// Its number.
    review_no: i64,
}

/// A record of a review in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct SamplePath {
    /// The review.
    review_no: i64,
    /// The record.
    sample_no: i64,
}

/// A checklist.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ChecklistLine {
    /// Its word.
    list: String,
    /// Its name.
    name: Bilingual,
    /// What is drawn.
    population: Population,
    /// How many things are looked at.
    items: i64,
    /// Percent of the records that are drawn.
    sample_percent: u32,
    /// Id of the rule.
    rule: String,
}

/// The checklists.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Checklists {
    /// By word.
    items: Vec<ChecklistLine>,
}

fn checklists(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Checklists, Problem> {
    let mut lists: Vec<&str> = ask
        .work
        .book
        .of_jurisdictions(ChecklistRule::TOPIC, &ask.work.site)
        .into_iter()
        .filter_map(|rule| rule.when.get("list")?.first().map(String::as_str))
        .collect();
    lists.sort_unstable();
    lists.dedup();
    let mut items = Vec::new();
    for list in lists {
        let site = ask.work.site.clone().with("list", list);
        let Ok(picked) = ask.work.book.pick::<ChecklistRule>(ChecklistRule::TOPIC, &site, ask.today) else {
            continue;
        };
        items.push(ChecklistLine {
            list: list.to_owned(),
            name: picked.params.name(),
            population: picked.params.population,
            items: i64::try_from(picked.params.items.len()).unwrap_or(i64::MAX),
            sample_percent: picked.params.sample_percent,
            rule: picked.rule.id.clone(),
        });
    }
    Ok(Checklists { items })
}

/// A review on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ReviewLine {
    /// Its number.
    review_no: i64,
    /// Word of the list.
    list: String,
    /// What was drawn.
    population: Population,
    /// Name of the unit.
    unit: String,
    /// Only records of this person.
    person: Option<String>,
    /// First day of the records.
    #[schemars(with = "DateForm")]
    from_on: Date,
    /// Last day.
    #[schemars(with = "DateForm")]
    until_on: Date,
    /// Records there were.
    whole: i64,
    /// Records that were drawn.
    size: i64,
    /// Records that were looked at.
    looked: i64,
    /// Staff code of who looks at them.
    auditor: String,
    /// By when.
    #[schemars(with = "DateForm")]
    due_on: Date,
    /// Where it stands.
    state: ReviewState,
}

ordered_by!(ReviewLine, REVIEW_ORDERS);

/// In which order.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ReviewQuery {
    /// The order; the newest first when not given.
    #[serde(default)]
    sort: Sort<ReviewLine>,
}

fn review_list(ask: &mut Ask<'_>, _: &Nothing, query: &ReviewQuery) -> Result<List<ReviewLine>, Problem> {
    let root = ask.root()?;
    let me = (!sees_all(ask)).then(|| ask.who.person.name.clone());
    let slice = ask.page.slice(&REVIEW_ORDERS, &query.sort)?;
    let rows = reviews(ask.conn, (root, me.as_deref()), &slice)?;
    let line = |(row, unit, looked): (denghuo_store::supervision::ReviewRow, String, i64)| ReviewLine {
        review_no: row.review_no,
        list: row.list,
        population: row.population,
        unit,
        person: row.person,
        from_on: row.from_on,
        until_on: row.until_on,
        whole: row.whole,
        size: row.size,
        looked,
        auditor: row.auditor,
        due_on: row.due_on,
        state: row.state,
    };
    Ok(List::of_placed(rows, ask.page.limit).map(line))
}

/// A review as it is ordered.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReviewBody {
    /// Word of the list.
    #[schemars(length(min = 1, max = 40))]
    list: String,
    /// Code of the unit whose records and those of the units below it are drawn.
    #[schemars(length(min = 1, max = 64))]
    unit: String,
    /// Only records of this person: a planned review of somebody's work.
    #[serde(default)]
    person: Option<String>,
    /// First day of the records.
    #[schemars(with = "DateForm")]
    from_on: Date,
    /// Last day.
    #[schemars(with = "DateForm")]
    until_on: Date,
    /// The same seed draws the same records.
    seed: i64,
    /// Staff code of who looks at them.
    #[schemars(length(min = 1, max = 64))]
    auditor: String,
}

fn review_open(ask: &mut Ask<'_>, _: &Nothing, body: &ReviewBody) -> Result<ReviewShown, Problem> {
    unit_named(ask, &body.unit)?;
    let new = NewReview {
        list: body.list.clone(),
        unit: body.unit.clone(),
        person: body.person.clone(),
        from_on: body.from_on,
        until_on: body.until_on,
        seed: body.seed,
        auditor: body.auditor.clone(),
    };
    let row = review_draw(ask.conn, ask.work, &new, ask.today)?;
    Ok(review_show(ask.conn, ask.work, row.review_no)?)
}

/// A review that the asker sees: of his unit, and where he does not lead, one that he looks at.
fn seen(ask: &mut Ask<'_>, review_no: i64) -> Result<(), Problem> {
    let row = review(ask.conn, review_no)?
        .ok_or_else(|| Problem::refuse(SupervisionRefusal::UnknownReview(review_no)))?;
    if row.auditor == ask.who.person.name {
        return Ok(());
    }
    in_scope(ask, row.org_id)?;
    if sees_all(ask) { Ok(()) } else { Err(Problem::foreign_account()) }
}

fn review_one(ask: &mut Ask<'_>, path: &ReviewPath, _: &Nothing) -> Result<ReviewShown, Problem> {
    seen(ask, path.review_no)?;
    Ok(review_show(ask.conn, ask.work, path.review_no)?)
}

/// What was seen of one item.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SeenBody {
    /// Code of the item.
    item: String,
    /// What was seen.
    answer: Answer,
}

/// What was seen of a record.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LookBody {
    /// Every item of the list once.
    answers: Vec<SeenBody>,
    /// In words; wanted where something is not as it should be.
    #[serde(default)]
    #[schemars(length(max = 2000))]
    note: String,
}

fn sample_look(ask: &mut Ask<'_>, path: &SamplePath, body: &LookBody) -> Result<ReviewShown, Problem> {
    seen(ask, path.review_no)?;
    let answers = body.answers.iter().map(|seen| (seen.item.clone(), seen.answer)).collect();
    let look = Look { answers, note: body.note.clone() };
    review_look(ask.conn, ask.work, (path.review_no, path.sample_no), &look, ask.today)?;
    Ok(review_show(ask.conn, ask.work, path.review_no)?)
}
