//! 监督 (column `supervision`): checks look at the records of the work, findings are put right, reviews are drawn, people are trained.

mod clocks;
mod deed;
mod found;
mod penalty;
mod refusal;
mod review;
mod scan;
mod show;
pub mod training;
mod verify;

pub use clocks::supervise;
pub use deed::{FindingOrder, finding_do};
pub use found::{NewFinding, finding_note};
pub use refusal::SupervisionRefusal;
pub use review::{Look, NewReview, review_draw, review_look};
pub use scan::{Scanned, scan};
pub use show::{
    FindingEventShown, FindingShown, ItemShown, OrderShown, PartShown, PenaltyShown, ReviewShown,
    SampleShown, SeenShown, finding_show, review_show,
};
pub use verify::{SupervisionCheck, verify_findings, verify_samples};

/// Task of who decides on a finding.
pub const FOUND: &str = "finding";
/// Task of who has to put it right.
pub const RECTIFY: &str = "rectification";
/// Task of who looks whether it is right.
pub const VERIFY: &str = "rectification_verify";
/// Task of who was told that time ran out.
pub const LATE: &str = "finding_late";
/// Task of another department's part.
pub const PART: &str = "finding_part";
/// Task of who decides on an appeal.
pub const APPEAL: &str = "penalty_appeal";
/// Task of who looks at the records of a review.
pub const REVIEW: &str = "review";
/// Task about a finding whose deadline cannot be counted.
pub const PARKED: &str = "finding_parked";
