//! 停复电 (column `disconnection`): from the proposal of a cut to the restoration. What must never happen cannot be written: an
//! operation takes an order, an order comes from a warrant, and a warrant from gates that hold.

use crate::error::OfficeError;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::disconnection::CutState;
use denghuo_rules::refusal::Refuse;
use denghuo_rules::registry::ApprovalLevel;
use denghuo_store::Conn;
use denghuo_store::disconnection::{self as store, CutCase};
use jiff::civil::DateTime;

mod cases;
mod facts;
mod known;
mod notices;
mod operate;
mod papers;
mod restore;
mod round;
mod show;
mod stage;
mod windows;

pub use cases::{CutProposal, cut_approve, cut_propose, cut_reject, cut_withdraw};
pub use operate::{Channel, Executed, cut_confirm, cut_execute, warrant_issue};
pub use papers::{CutCall, NewDocument, cut_call, cut_document};
pub use restore::{restore_order, restore_send};
pub use show::{CaseShown, GatesShown, Unblock, case_json, case_list, case_show, gates_show, operation_json};
pub use stage::{Swept, disconnect_ranges, disconnect_stage, sweep, sweep_after};
pub use windows::{NewWindow, window_declare, window_end, window_list};

/// Why something about a cut is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CutRefusal {
    /// Theft, danger and the like have their own procedure.
    NotArrears {
        /// The reason that was given.
        reason: String,
    },
    /// The account has no live case.
    NoCase,
    /// It has one already.
    AlreadyLive {
        /// Its number.
        case_no: i64,
    },
    /// The case does not stand there.
    WrongState {
        /// Where it stands.
        state: CutState,
    },
    /// One person proposes and decides.
    OnePerson,
    /// The level does not reach.
    LevelTooLow {
        /// The lowest level that may approve.
        needed: ApprovalLevel,
    },
    /// No body of this name is to be talked with.
    UnknownBody {
        /// The name that was given.
        about: String,
        /// The names that are listed.
        listed: String,
    },
    /// The told time leaves too little time.
    ToldTooSoon {
        /// Minutes that are needed.
        minutes: u16,
    },
    /// No live warrant.
    NoWarrant,
    /// Nothing was ordered that waits for an answer.
    NoOperation,
    /// The warrant had expired when it is said to have been done.
    TooLate {
        /// Its last moment.
        expired_at: DateTime,
    },
    /// There is no remote relay.
    NoRelay,
    /// What happened lies after the moment of the work, or before it may.
    WrongMoment,
    /// No window of this number, or none of this kind.
    NoWindow,
    /// No organisation of this code.
    UnknownOrg,
    /// No such account.
    UnknownAccount,
}

impl Refuse for CutRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotArrears { .. } => "cuts.not_arrears",
            Self::NoCase => "cuts.no_case",
            Self::AlreadyLive { .. } => "cuts.already_live",
            Self::WrongState { .. } => "cuts.wrong_state",
            Self::OnePerson => "cuts.one_person",
            Self::LevelTooLow { .. } => "cuts.level_too_low",
            Self::UnknownBody { .. } => "cuts.unknown_body",
            Self::ToldTooSoon { .. } => "cuts.told_too_soon",
            Self::NoWarrant => "cuts.no_warrant",
            Self::NoOperation => "cuts.no_operation",
            Self::TooLate { .. } => "cuts.too_late",
            Self::NoRelay => "cuts.no_relay",
            Self::WrongMoment => "cuts.wrong_moment",
            Self::NoWindow => "cuts.no_window",
            Self::UnknownOrg => "cuts.unknown_org",
            Self::UnknownAccount => "cuts.unknown_account",
        }
    }
    fn text(&self) -> Bilingual {
        let say = |zh: String, en: String| Bilingual::new(zh, en);
        match self {
            Self::NotArrears { reason } => say(
                format!("“{reason}”不属欠费停电:窃电、安全等原因另按其程序办理"),
                format!("`{reason}` is no arrears: theft, danger and the like have their own procedure"),
            ),
            Self::NoCase => say("该户没有进行中的停电流程".into(), "the account has no live case".into()),
            Self::AlreadyLive { case_no } => say(
                format!("该户已有进行中的停电流程{case_no}"),
                format!("the account has the live case {case_no} already"),
            ),
            Self::WrongState { state } => say(
                format!("停电流程为“{}”,不能进行此项操作", state.zh()),
                format!("the case is `{}`: this cannot be done now", state.word()),
            ),
            Self::OnePerson => {
                say("提出人与决定人不得为同一人".into(), "the same person may not propose and decide".into())
            }
            Self::LevelTooLow { needed } => {
                say(format!("须由{}审批", needed.zh()), format!("the level `{}` must approve", needed.word()))
            }
            Self::UnknownBody { about, listed } => say(
                format!("“{about}”不在应沟通的单位内:{listed}"),
                format!("`{about}` is not among the bodies to be talked with: {listed}"),
            ),
            Self::ToldTooSoon { minutes } => say(
                format!("告知的停电时间须在{minutes}分钟以后"),
                format!("the told time must be at least {minutes} minutes away"),
            ),
            Self::NoWarrant => say("没有有效的停电许可".into(), "there is no live warrant".into()),
            Self::NoOperation => {
                say("没有待确认的停复电操作".into(), "no operation waits for an answer".into())
            }
            Self::TooLate { expired_at } => say(
                format!("许可已于{expired_at}失效,不得停电;如已停电须立即恢复并按失败上报"),
                format!(
                    "the warrant expired at {expired_at}: put power back at once and report the operation as failed"
                ),
            ),
            Self::NoRelay => say("未接入远程停复电".into(), "no remote relay is connected".into()),
            Self::WrongMoment => say("时间不合理".into(), "this moment cannot be".into()),
            Self::NoWindow => {
                say("没有该禁停时段或类型".into(), "there is no such window, or no such kind".into())
            }
            Self::UnknownOrg => say("没有该单位".into(), "there is no such organisation".into()),
            Self::UnknownAccount => say("没有该用电户".into(), "there is no such account".into()),
        }
    }
}

/// The live case of an account.
fn live(conn: &mut Conn, account_id: i64) -> Result<CutCase, OfficeError> {
    store::live_case(conn, account_id)?.ok_or_else(|| OfficeError::refuse(CutRefusal::NoCase))
}

/// Refuses a case that does not stand in one of some states.
fn standing(case: &CutCase, states: &[CutState]) -> Result<(), OfficeError> {
    if states.contains(&case.state) {
        return Ok(());
    }
    Err(OfficeError::refuse(CutRefusal::WrongState { state: case.state }))
}
