//! 宣传活动: who is told what, who is left out to compare, and what it came to.

use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::registry::{Category, words};
use crate::rulebook::Rule;
use crate::supervision::{Unit, draw_rank};
use crate::units::{Energy, Ratio, Rounding};
use serde::{Deserialize, Serialize};

words!(
    /// 活动状态
    CampaignState {
        /// It waits for a second person.
        Draft = "draft" / "待审批",
        /// Its messages leave, and what follows is counted.
        Running = "running" / "进行中",
        /// It was measured.
        Closed = "closed" / "已结束",
        /// It was not let out.
        Dropped = "dropped" / "已取消",
    }
);

words!(
    /// 欠费状态 of a segment.
    ArrearsState {
        /// Something is overdue.
        Overdue = "overdue" / "有逾期",
        /// Nothing is.
        None = "none" / "无逾期",
    }
);

words!(
    /// 响应: what counts as an answer to a campaign.
    Response {
        /// The customer pays.
        Payment = "payment" / "缴费",
        /// He asks for something.
        Ticket = "ticket" / "来电来访",
        /// A contact of his was confirmed.
        Contact = "contact" / "确认联系方式",
    }
);

/// 客户群: whom a campaign is for. What is not named does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Segment {
    /// Price category.
    pub category: Option<Category>,
    /// Code of the unit; with those below it.
    pub unit: Option<String>,
    /// Overdue or not.
    pub arrears: Option<ArrearsState>,
    /// kWh of the last bill at least.
    pub kwh_from: Option<Energy>,
    /// kWh of the last bill at most.
    pub kwh_until: Option<Energy>,
}

/// 活动规则: parameters of the topic `campaign`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignRule {
    /// Days between two campaigns to one account at least.
    pub days_between: u32,
    /// Percent that are left out at most.
    pub held_out_most: u32,
    /// Days for which answers are counted at most.
    pub respond_days_most: u32,
    /// Characters of a message at most.
    pub text_most: u32,
}

impl CampaignRule {
    /// Topic of the rules.
    pub const TOPIC: &str = "campaign";

    /// The form of the topic.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        let params = rule.form::<Self>()?;
        if params.held_out_most >= 100 || params.respond_days_most == 0 || params.text_most == 0 {
            return Err("somebody is told something, and answers are counted for a time".to_owned());
        }
        Ok(())
    }
}

/// Why a campaign is not taken; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CampaignRefusal {
    /// There is none.
    Unknown(i64),
    /// Something has to be given.
    Missing(&'static str),
    /// A text is too long.
    TooLong(&'static str, u32),
    /// A number is out of bounds: what, from, to.
    OutOfBounds(&'static str, u32, u32),
    /// It does not wait for a second person.
    NotDraft(CampaignState),
    /// Another person than its maker lets it out.
    SamePerson,
    /// There is nobody in the segment.
    Nobody,
}

impl Refuse for CampaignRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "campaign.unknown",
            Self::Missing(_) => "campaign.missing",
            Self::TooLong(..) => "campaign.too_long",
            Self::OutOfBounds(..) => "campaign.out_of_bounds",
            Self::NotDraft(_) => "campaign.not_draft",
            Self::SamePerson => "campaign.same_person",
            Self::Nobody => "campaign.nobody",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::Unknown(no) => {
                Bilingual::new(format!("没有宣传活动{no}"), format!("there is no campaign {no}"))
            }
            Self::Missing(what) => {
                Bilingual::new(format!("请填写{what}"), format!("`{what}` has to be given"))
            }
            Self::TooLong(what, most) => Bilingual::new(
                format!("{what}最多{most}字"),
                format!("`{what}` has at most {most} characters"),
            ),
            Self::OutOfBounds(what, from, to) => Bilingual::new(
                format!("{what}应在{from}至{to}之间"),
                format!("`{what}` lies between {from} and {to}"),
            ),
            Self::NotDraft(state) => Bilingual::new(
                format!("宣传活动{},不能再审批", state.zh()),
                format!("the campaign is {}: it does not wait", state.word()),
            ),
            Self::SamePerson => {
                Bilingual::new("审批人不能是发起人", "another person than its maker lets it out")
            }
            Self::Nobody => Bilingual::new("该客户群没有客户", "there is nobody in the segment"),
        }
    }
}

/// Is a campaign within the bounds of the book?
///
/// # Errors
/// A [`CampaignRefusal`].
pub fn check_campaign(
    rule: &CampaignRule,
    (title, text): (&str, &str),
    (held_out, respond_days): (i64, i64),
) -> Result<(), CampaignRefusal> {
    for (what, said) in [("title", title), ("text", text)] {
        if said.trim().is_empty() {
            return Err(CampaignRefusal::Missing(what));
        }
        if said.chars().count() > rule.text_most as usize {
            return Err(CampaignRefusal::TooLong(what, rule.text_most));
        }
    }
    if !(0..=i64::from(rule.held_out_most)).contains(&held_out) {
        return Err(CampaignRefusal::OutOfBounds("held_out_percent", 0, rule.held_out_most));
    }
    if !(1..=i64::from(rule.respond_days_most)).contains(&respond_days) {
        return Err(CampaignRefusal::OutOfBounds("respond_days", 1, rule.respond_days_most));
    }
    Ok(())
}

/// 对照组: is an account left out, to see what would have happened anyhow? The same campaign leaves out the same accounts.
#[must_use]
pub fn is_held_out(seed: i64, account_id: i64, percent: i64) -> bool {
    let unit = Unit { org_id: 0, account_id, about: String::new(), person: None };
    draw_rank(seed, &unit).rem_euclid(100) < percent
}

/// 活动效果: what a campaign came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Effect {
    /// Accounts of the segment.
    pub accounts: i64,
    /// Left out to compare.
    pub held_out: i64,
    /// Told: a message left or waits.
    pub told: i64,
    /// Not told: no way that they agreed to, or told too lately of something else.
    pub not_told: i64,
    /// Messages that arrived.
    pub delivered: i64,
    /// Messages that did not.
    pub failed: i64,
    /// Answers of those who were told.
    pub answers: i64,
    /// Answers of those who were left out.
    pub answers_held_out: i64,
    /// Share of those told who answered.
    pub rate: Option<Ratio>,
    /// Share of those left out who did the same unasked.
    pub rate_held_out: Option<Ratio>,
    /// How much more of those told did it; none where nobody was left out.
    pub lift: Option<Ratio>,
}

impl Effect {
    /// The shares of the counts.
    #[must_use]
    pub fn with_rates(mut self) -> Self {
        self.rate = Ratio::of(self.answers, self.told, Rounding::HalfUp);
        self.rate_held_out = Ratio::of(self.answers_held_out, self.held_out, Rounding::HalfUp);
        self.lift = match (self.rate, self.rate_held_out) {
            (Some(told), Some(held)) => Some(Ratio(told.0 - held.0)),
            _ => None,
        };
        self
    }
}
