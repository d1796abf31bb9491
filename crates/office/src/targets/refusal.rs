//! Why something about targets, appraisals and bonuses is not done.

use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::{Refusal, Refuse};
use denghuo_rules::targets::{Period, Score, SheetState};
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// Why a target is not shared out, corrected or put in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetRefusal {
    /// There is no such target.
    Unknown(i64),
    /// There is no such unit.
    UnknownUnit(String),
    /// There is no such route.
    UnknownRoute(String),
    /// The target has no such node.
    UnknownNode(i64),
    /// A weight is given to something that is not in the tree.
    UnknownWeight(String),
    /// The unit has a target for the period, in force.
    Exists(Period, i64),
    /// No account is below the unit.
    NoAccounts(String),
    /// The figures of the period are kept.
    Closed(Period),
    /// It is in force already.
    NotDraft,
    /// Who made it does not confirm it.
    SamePerson(String),
    /// The root carries the amount of the target.
    Root,
    /// Nothing is to be changed.
    NothingAsked,
    /// A correction by hand says why.
    NoReason,
    /// A share in hand is not negative.
    Negative(Money),
}

impl Refuse for TargetRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "target.unknown",
            Self::UnknownUnit(_) => "target.unknown_unit",
            Self::UnknownRoute(_) => "target.unknown_route",
            Self::UnknownNode(_) => "target.unknown_node",
            Self::UnknownWeight(_) => "target.unknown_weight",
            Self::Exists(..) => "target.exists",
            Self::NoAccounts(_) => "target.no_accounts",
            Self::Closed(_) => "target.closed",
            Self::NotDraft => "target.not_draft",
            Self::SamePerson(_) => "target.same_person",
            Self::Root => "target.root",
            Self::NothingAsked => "target.nothing_asked",
            Self::NoReason => "target.no_reason",
            Self::Negative(_) => "target.negative_amount",
        }
    }

    fn text(&self) -> Bilingual {
        let (zh, en) = match self {
            Self::Unknown(no) => (format!("没有指标{no}"), format!("there is no target {no}")),
            Self::UnknownUnit(code) => (format!("没有单位{code}"), format!("there is no unit {code}")),
            Self::UnknownRoute(code) => (format!("没有抄表段{code}"), format!("there is no route {code}")),
            Self::UnknownNode(no) => (format!("指标没有节点{no}"), format!("the target has no node {no}")),
            Self::UnknownWeight(key) => (
                format!("权重所指“{key}”不在指标树中"),
                format!("`{key}`, which a weight is given to, is not in the tree"),
            ),
            Self::Exists(period, no) => (
                format!("该单位{period}的指标{no}已下达,请调整而不是重新分解"),
                format!("target {no} of the unit for {period} is in force: correct it instead"),
            ),
            Self::NoAccounts(code) => (
                format!("单位{code}及其下级没有用电户"),
                format!("no account is supplied by {code} or below it"),
            ),
            Self::Closed(period) => (
                format!("{period}已结账,指标不再变动"),
                format!("{period} is closed: its targets change no more"),
            ),
            Self::NotDraft => ("指标已下达".to_owned(), "the target is in force already".to_owned()),
            Self::SamePerson(who) => (
                format!("须由编制人{who}以外的人确认"),
                format!("somebody other than {who}, who made it, has to agree"),
            ),
            Self::Root => (
                "根节点即指标总额,请重新分解".to_owned(),
                "the root carries the whole: share it out anew instead".to_owned(),
            ),
            Self::NothingAsked => ("没有要调整的内容".to_owned(), "nothing is to be changed".to_owned()),
            Self::NoReason => ("调整须说明理由".to_owned(), "a correction says why".to_owned()),
            Self::Negative(amount) => {
                (format!("指标不能为负:{amount}元"), format!("a target is not negative: {amount} yuan"))
            }
        };
        Bilingual::new(zh, en)
    }
}

/// Why an appraisal or a bonus is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RewardRefusal {
    /// There is no appraisal of the person for the period.
    NoAppraisal(String),
    /// A manager has decided it.
    Decided(String),
    /// Only the person himself says something about it.
    NotOneself(String),
    /// Nobody decides his own.
    Oneself(String),
    /// The days in which it could be disputed are over.
    TooLate(Date),
    /// The manager's word lies too far from the score.
    TooFar(Score, Score),
    /// The text is missing or too long.
    Words(usize),
    /// The period is not closed yet.
    NotClosed(Period),
    /// Nobody is there to be paid.
    NobodyToPay,
    /// Somebody is on another sheet of the target.
    PaidTwice(String),
    /// A line has no value.
    Line(String, Refusal),
    /// There is no such sheet.
    UnknownSheet(i64),
    /// The sheet does not stand where this could be done.
    SheetState(SheetState),
    /// Who approves it is on it.
    OwnSheet(String),
}

impl Refuse for RewardRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoAppraisal(_) => "appraisal.unknown",
            Self::Decided(_) => "appraisal.decided",
            Self::NotOneself(_) => "appraisal.not_oneself",
            Self::Oneself(_) => "appraisal.oneself",
            Self::TooLate(_) => "appraisal.too_late",
            Self::TooFar(..) => "appraisal.too_far",
            Self::Words(_) => "appraisal.words",
            Self::NotClosed(_) => "bonus.not_closed",
            Self::NobodyToPay => "bonus.nobody",
            Self::PaidTwice(_) => "bonus.paid_twice",
            Self::Line(_, refusal) => refusal.code,
            Self::UnknownSheet(_) => "bonus.unknown",
            Self::SheetState(_) => "bonus.state",
            Self::OwnSheet(_) => "bonus.own_sheet",
        }
    }

    fn text(&self) -> Bilingual {
        let (zh, en) = match self {
            Self::NoAppraisal(who) => {
                (format!("{who}在该月没有考核"), format!("there is no appraisal of {who} for the month"))
            }
            Self::Decided(who) => {
                (format!("{who}的考核已核定"), format!("the appraisal of {who} has been decided"))
            }
            Self::NotOneself(who) => {
                (format!("只有{who}本人可以发表意见"), format!("only {who} says something about it"))
            }
            Self::Oneself(who) => {
                (format!("{who}不能核定自己的考核"), format!("{who} does not decide his own appraisal"))
            }
            Self::TooLate(day) => {
                (format!("异议期已于{day}届满"), format!("it could be disputed until {day}"))
            }
            Self::TooFar(score, within) => (
                format!("核定分与得分{score}相差不得超过{within}分"),
                format!("the decision lies within {within} points of the score {score}"),
            ),
            Self::Words(most) => {
                (format!("须填写说明,至多{most}个字"), format!("say why, in at most {most} characters"))
            }
            Self::NotClosed(period) => (format!("{period}尚未结账"), format!("{period} is not closed yet")),
            Self::NobodyToPay => {
                ("没有承担指标的人员".to_owned(), "nobody has a share of the target".to_owned())
            }
            Self::PaidTwice(who) => (
                format!("{who}已在该指标的另一张奖金表中"),
                format!("{who} is on another sheet of this target"),
            ),
            Self::Line(who, refusal) => {
                (format!("{who}:{}", refusal.text.zh), format!("{who}: {}", refusal.text.en))
            }
            Self::UnknownSheet(no) => (format!("没有奖金表{no}"), format!("there is no bonus sheet {no}")),
            Self::SheetState(state) => (
                format!("奖金表{},不能进行此操作", state.zh()),
                format!("not possible: the sheet is {}", state.word()),
            ),
            Self::OwnSheet(who) => (
                format!("{who}在奖金表中,不能审批"),
                format!("{who} is on the sheet and does not approve it"),
            ),
        };
        Bilingual::new(zh, en)
    }
}
