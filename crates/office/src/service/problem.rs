//! 突出、集中问题: what many customers speak of is found, owned, planned, watched and closed with what came of it.

mod act;
mod detect;
mod messages;
mod reader;
mod show;

pub use act::{ProblemOrder, problem_do};
pub use detect::{problems_detect, problems_due};
pub use messages::{Hotspot, Message, MessageError, MonthOfHotspots, hotspots, messages_of_csv};
pub use show::{
    CauseShown, EffectShown, HeatCell, MemberShown, ProblemEventShown, ProblemLine, ProblemShown, WeekShown,
    problem_list, problem_map, problem_show,
};

/// Task of the manager of the unit that has a problem.
pub const KIND: &str = "problem";
/// Task of who was told that a step is late.
pub const LATE: &str = "problem_late";
