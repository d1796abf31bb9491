//! 走访宣传 (column `outreach`): what customers and agents can read, until when it is known to be right, and campaigns that are
//! measured against those who were left out.

mod article;
mod campaign;
#[cfg(test)]
mod tests;

pub use article::{
    ArticleDeed, ArticleFacts, ArticleRefusal, ArticleRule, ArticleState, ArticleTopic, Audience,
    check_article, rank,
};
pub use campaign::{
    ArrearsState, CampaignRefusal, CampaignRule, CampaignState, Effect, Response, Segment, check_campaign,
    is_held_out,
};
