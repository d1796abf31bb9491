//! What must hold of articles and campaigns.

use crate::verify::Check;

/// The invariants that SQL can tell.
pub const CHECKS: &[Check] = &[
    Check {
        name: "outreach_numbers_have_no_gap",
        promise: "articles and campaigns are numbered without a gap, and the counter knows the last",
        sql: "SELECT q.kind, q.last_no FROM (\
              SELECT CAST(1 AS BIGINT) AS kind, COUNT(*) AS rows_kept, COALESCE(MAX(article_no), 0) AS last_no, 'article' AS name FROM article \
              UNION ALL SELECT 2, COUNT(*), COALESCE(MAX(campaign_no), 0), 'campaign' FROM campaign) q \
              LEFT JOIN supervision_counter c ON c.name = q.name \
              WHERE q.rows_kept <> q.last_no OR q.last_no <> COALESCE(c.last_no, 0)",
    },
    Check {
        name: "article_is_let_out_by_another",
        promise: "the versions of an article are numbered without a gap, and what is read was let out by another than its writer",
        sql: "SELECT a.article_no, a.version FROM article a LEFT JOIN (SELECT article_no, COUNT(*) AS kept, MAX(version) AS last \
              FROM article_version GROUP BY article_no) v ON v.article_no = a.article_no \
              LEFT JOIN article_version p ON p.article_no = a.article_no AND p.version = a.published \
              WHERE COALESCE(v.kept, 0) <> a.version OR COALESCE(v.last, 0) <> a.version \
              OR (a.state = 'published') <> (a.review_on IS NOT NULL) \
              OR (a.state = 'published' AND (p.published_on IS NULL OR p.published_by = p.written_by))",
    },
    Check {
        name: "campaign_is_let_out_by_another",
        promise: "a campaign is let out by another than its maker, and only then it tells somebody",
        sql: "SELECT c.campaign_no, c.org_id FROM campaign c WHERE c.decided_by = c.made_by \
              OR (c.state = 'draft') <> (c.decided_on IS NULL) OR (c.state = 'closed') <> (c.effect IS NOT NULL) \
              OR (c.state IN ('draft', 'dropped') AND EXISTS (SELECT 1 FROM campaign_member m WHERE m.campaign_no = c.campaign_no))",
    },
    Check {
        name: "who_is_left_out_is_not_told",
        promise: "who is left out of a campaign gets no message of it, and whoever gets one is told of this campaign",
        sql: "SELECT m.account_id, m.campaign_no FROM campaign_member m LEFT JOIN notice n ON n.account_id = m.account_id \
              AND n.notice_no = m.notice_no WHERE (m.held_out = 1 AND m.notice_no IS NOT NULL) \
              OR (m.held_out = 0 AND (m.notice_no IS NULL) = (m.skipped IS NULL)) \
              OR (m.notice_no IS NOT NULL AND (n.notice_no IS NULL OR n.subject <> 'campaign:' || CAST(m.campaign_no AS TEXT)))",
    },
];
