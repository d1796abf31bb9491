//! 走访宣传 (column `outreach`): articles in versions, campaigns with whom they told and whom they left out.

mod articles;
mod campaigns;
mod verify;

pub use articles::{
    ArticleFilter, ArticleRow, VersionRow, article, articles, articles_due, insert_version, publish_version,
    save_article, version, versions_of,
};
pub use campaigns::{
    CAMPAIGN_ORDERS, CampaignRow, MemberRow, campaign, campaigns, campaigns_ending, effect, insert_members,
    members, save_campaign, segment, told_since,
};
pub use verify::CHECKS;

use crate::db::StoreError;

/// A word of the database as its value.
fn word<T>(text: &str, read: fn(&str) -> Option<T>) -> Result<T, StoreError> {
    read(text).ok_or_else(|| StoreError::Corrupt(format!("`{text}` is no word of the outreach")))
}
