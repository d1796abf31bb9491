//! 宣传活动: made, let out by another, told through the outbox, measured against those who were left out.

use super::APPROVE;
use crate::error::OfficeError;
use crate::notices::{NoticeOrder, notice_withdraw, notices_request};
use crate::work::Work;
use denghuo_rules::calendar::{DateForm, plus_days};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::notices::NoticeKind;
use denghuo_rules::outreach::{
    CampaignRefusal, CampaignRule, CampaignState, Effect, Response, Segment, check_campaign, is_held_out,
};
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::outreach::{self as store, CampaignRow, MemberRow};
use denghuo_store::supervision::{lock, next_numbers};
use denghuo_store::tasks::{self, NewTask, Resolution};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

/// Messages that are queued at a time.
const BATCH: usize = 1_000;
/// Members that are looked at at a time.
const PAGE: i64 = 1_000;
/// Why somebody is not told: of another campaign too lately.
const TOO_OFTEN: &str = "too_often";

/// 活动方案: a campaign as it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCampaign {
    /// What it is called.
    pub title: String,
    /// What is told.
    pub said: String,
    /// Code of the article that says more.
    pub article: Option<String>,
    /// Whom it is for.
    pub segment: Segment,
    /// Percent that are left out to compare.
    pub held_out_percent: i64,
    /// The same seed leaves out the same accounts.
    pub seed: i64,
    /// What counts as an answer.
    pub answer: Response,
    /// Days for which answers are counted.
    pub respond_days: i64,
}

/// Makes a campaign of a unit; it waits for a second person.
///
/// # Errors
/// A [`CampaignRefusal`], or the database's.
pub fn campaign_make(
    conn: &mut Conn,
    work: &Work<'_>,
    new: &NewCampaign,
    org_id: i64,
    on: Date,
) -> Result<CampaignRow, OfficeError> {
    work.check_date(on)?;
    let rule = work.book.pick::<CampaignRule>(CampaignRule::TOPIC, &work.site, on)?.params;
    check_campaign(&rule, (&new.title, &new.said), (new.held_out_percent, new.respond_days))
        .map_err(OfficeError::refuse)?;
    conn.write(|conn| {
        if let Some(code) = &new.article {
            // What customers are pointed to they can read.
            super::article_read(conn, code)?;
        }
        let size = store::segment(conn, org_id, &new.segment, on)?.len();
        if size == 0 {
            return Err(OfficeError::refuse(CampaignRefusal::Nobody));
        }
        let row = CampaignRow {
            campaign_no: next_numbers(conn, "campaign", 1)?,
            title: new.title.trim().to_owned(),
            said: new.said.trim().to_owned(),
            article: new.article.clone(),
            segment: new.segment.clone(),
            held_out_percent: new.held_out_percent,
            seed: new.seed,
            answer: new.answer,
            respond_days: new.respond_days,
            org_id,
            state: CampaignState::Draft,
            made_on: on,
            made_by: work.by.clone(),
            decided_on: None,
            decided_by: None,
            closes_on: None,
            effect: None,
        };
        store::save_campaign(conn, &row)?;
        let task = NewTask {
            account_id: 0,
            kind: APPROVE,
            subject: row.campaign_no.to_string(),
            codes: row.answer.word().to_owned(),
            detail: Bilingual::new(
                format!("宣传活动“{}”待审批,客户群{size}户", row.title),
                format!("the campaign \"{}\" waits for approval, {size} accounts", row.title),
            ),
            owner_role: "manager",
            opened_on: on,
            due_on: None,
        };
        tasks::open(conn, &[task])?;
        Ok(row)
    })
}

/// How many accounts a segment of a unit has on a day.
///
/// # Errors
/// The database's.
pub fn segment_size(
    conn: &mut Conn,
    (org_id, segment): (i64, &Segment),
    on: Date,
) -> Result<i64, OfficeError> {
    Ok(i64::try_from(store::segment(conn, org_id, segment, on)?.len()).unwrap_or(i64::MAX))
}

/// Lets a campaign out or drops it. Let out, its messages wait in the outbox in the same transaction: to those who agreed to be told, who were
/// told of no other campaign too lately, and who are not left out to compare.
///
/// # Errors
/// A [`CampaignRefusal`], a missing rule, or the database's.
pub fn campaign_decide(
    conn: &mut Conn,
    work: &Work<'_>,
    campaign_no: i64,
    approve: bool,
    on: Date,
) -> Result<CampaignRow, OfficeError> {
    work.check_date(on)?;
    let rule = work.book.pick::<CampaignRule>(CampaignRule::TOPIC, &work.site, on)?.params;
    conn.write(|conn| {
        // Two campaigns that are let out at once would not see whom the other tells.
        lock(conn, "campaign")?;
        let mut row = known(conn, campaign_no)?;
        if row.state != CampaignState::Draft {
            return Err(OfficeError::refuse(CampaignRefusal::NotDraft(row.state)));
        }
        if row.made_by == work.by {
            return Err(OfficeError::refuse(CampaignRefusal::SamePerson));
        }
        (row.decided_on, row.decided_by) = (Some(on), Some(work.by.clone()));
        if approve {
            let accounts = store::segment(conn, row.org_id, &row.segment, on)?;
            if accounts.is_empty() {
                return Err(OfficeError::refuse(CampaignRefusal::Nobody));
            }
            let lately = store::told_since(conn, plus_days(on, -i64::from(rule.days_between)))?;
            row.state = CampaignState::Running;
            row.closes_on = Some(plus_days(on, row.respond_days));
            store::save_campaign(conn, &row)?;
            let (told, quiet): (Vec<i64>, Vec<i64>) = accounts.into_iter().partition(|account_id| {
                !is_held_out(row.seed, *account_id, row.held_out_percent) && !lately.contains(account_id)
            });
            let quiet: Vec<MemberRow> = quiet
                .into_iter()
                .map(|account_id| {
                    let held_out = is_held_out(row.seed, account_id, row.held_out_percent);
                    let skipped = (!held_out).then(|| TOO_OFTEN.to_owned());
                    MemberRow { account_id, campaign_no, held_out, notice_no: None, skipped, told_on: on }
                })
                .collect();
            store::insert_members(conn, &quiet)?;
            for batch in told.chunks(BATCH) {
                tell(conn, work, &row, batch, on)?;
            }
        } else {
            row.state = CampaignState::Dropped;
            store::save_campaign(conn, &row)?;
        }
        let decision = if approve { "approved" } else { "dropped" };
        let resolution = Resolution { decision, by: &work.by, on, note: "" };
        tasks::resolve(conn, (0, APPROVE, &campaign_no.to_string()), &resolution)?;
        Ok(row)
    })
}

/// Queues the messages of some accounts.
fn tell(
    conn: &mut Conn,
    work: &Work<'_>,
    row: &CampaignRow,
    accounts: &[i64],
    on: Date,
) -> Result<(), OfficeError> {
    let orders: Vec<NoticeOrder> = accounts
        .iter()
        .map(|account_id| NoticeOrder {
            account_id: *account_id,
            kind: NoticeKind::Campaign,
            subject: format!("campaign:{}", row.campaign_no),
            bill_no: 0,
            // The day after its end: what has not left by then is withdrawn before it counts as late.
            due_by: plus_days(on, row.respond_days + 1),
            deadline_on: None,
            amount: Money::ZERO,
            fee: Money::ZERO,
            content: json!({ "campaign": { "title": row.title, "text": row.said, "article": row.article } }),
            rules: Vec::new(),
        })
        .collect();
    let numbers = notices_request(conn, work, &orders, on)?;
    let members: Vec<MemberRow> = accounts
        .iter()
        .zip(numbers)
        .map(|(account_id, notice_no)| MemberRow {
            account_id: *account_id,
            campaign_no: row.campaign_no,
            held_out: false,
            notice_no: Some(notice_no),
            skipped: None,
            told_on: on,
        })
        .collect();
    store::insert_members(conn, &members)?;
    Ok(())
}

fn known(conn: &mut Conn, campaign_no: i64) -> Result<CampaignRow, OfficeError> {
    store::campaign(conn, campaign_no)?
        .ok_or_else(|| OfficeError::refuse(CampaignRefusal::Unknown(campaign_no)))
}

/// Measures a campaign for good: its messages that have not left by now do not leave any more.
pub(super) fn close(conn: &mut Conn, work: &Work<'_>, row: CampaignRow, on: Date) -> Result<(), OfficeError> {
    let effect = store::effect(conn, &row)?;
    let text = serde_json::to_string(&effect)
        .map_err(|error| denghuo_store::StoreError::Corrupt(format!("an effect: {error}")))?;
    let mut after = None;
    loop {
        let page = store::members(conn, row.campaign_no, after, PAGE)?;
        let Some((last, ..)) = page.last() else { break };
        after = Some(last.account_id);
        for (member, _, state) in &page {
            if let (Some(no), Some("open" | "failed")) = (member.notice_no, state.as_deref()) {
                notice_withdraw(conn, work, (member.account_id, no), "campaign_closed", on.at(0, 0, 0, 0))?;
            }
        }
    }
    let row = CampaignRow { state: CampaignState::Closed, effect: Some(text), ..row };
    store::save_campaign(conn, &row)?;
    Ok(())
}

/// 宣传活动 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CampaignShown {
    /// Its number.
    pub campaign_no: i64,
    /// What it is called.
    pub title: String,
    /// What is told.
    pub said: String,
    /// Code of the article that says more.
    pub article: Option<String>,
    /// Whom it is for.
    pub segment: Segment,
    /// Accounts of the segment today, while it waits.
    pub segment_size: Option<i64>,
    /// Percent that are left out.
    pub held_out_percent: i64,
    /// The same seed leaves out the same accounts.
    pub seed: i64,
    /// What counts as an answer.
    pub answer: Response,
    /// Days for which answers are counted.
    pub respond_days: i64,
    /// Where it stands.
    pub state: CampaignState,
    /// When it was made.
    #[schemars(with = "DateForm")]
    pub made_on: Date,
    /// By whom.
    pub made_by: String,
    /// When it was let out or not.
    #[schemars(with = "Option<DateForm>")]
    pub decided_on: Option<Date>,
    /// By whom.
    pub decided_by: Option<String>,
    /// When it is measured for good.
    #[schemars(with = "Option<DateForm>")]
    pub closes_on: Option<Date>,
    /// May the asker let it out?
    pub may_decide: bool,
    /// What it came to so far, or for good. Whether a message was read nobody knows on these channels.
    pub effect: Option<Effect>,
}

/// Shows a campaign as it stands on a day.
///
/// # Errors
/// [`CampaignRefusal::Unknown`], or the database's.
pub fn campaign_show(
    conn: &mut Conn,
    work: &Work<'_>,
    campaign_no: i64,
    on: Date,
) -> Result<CampaignShown, OfficeError> {
    let row = known(conn, campaign_no)?;
    let effect = match (row.state, &row.effect) {
        (CampaignState::Running, _) => Some(store::effect(conn, &row)?),
        (CampaignState::Closed, Some(text)) => serde_json::from_str(text).ok(),
        _ => None,
    };
    let is_draft = row.state == CampaignState::Draft;
    let segment_size =
        if is_draft { Some(segment_size(conn, (row.org_id, &row.segment), on)?) } else { None };
    Ok(CampaignShown {
        campaign_no,
        may_decide: is_draft && row.made_by != work.by,
        title: row.title,
        said: row.said,
        article: row.article,
        segment: row.segment,
        segment_size,
        held_out_percent: row.held_out_percent,
        seed: row.seed,
        answer: row.answer,
        respond_days: row.respond_days,
        state: row.state,
        made_on: row.made_on,
        made_by: row.made_by,
        decided_on: row.decided_on,
        decided_by: row.decided_by,
        closes_on: row.closes_on,
        effect,
    })
}
