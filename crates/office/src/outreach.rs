//! 走访宣传 (column `outreach`): articles are written, let out and looked at again; campaigns tell a segment and are measured.

mod articles;
mod campaigns;
mod embedded;
mod stage;

pub use articles::{
    ArticleLine, ArticleShown, ArticleText, NewArticle, article_do, article_read, article_show,
    article_write, articles_find,
};
pub use campaigns::{
    CampaignShown, NewCampaign, campaign_decide, campaign_make, campaign_show, segment_size,
};
pub use embedded::{EMBEDDED, articles_install};
pub use stage::outreach;

/// Task: somebody has to look whether an article is still right.
pub const REVIEW: &str = "article_review";
/// Task: a campaign waits for a second person.
pub const APPROVE: &str = "campaign_approval";
