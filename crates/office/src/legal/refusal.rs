//! Why legal work is not done.

use denghuo_rules::derivation::Bilingual;
use denghuo_rules::legal::triggers::CaseKind;
use denghuo_rules::refusal::Refuse;

/// 法律业务拒绝理由; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LegalRefusal {
    /// No such case.
    UnknownCase(i64),
    /// The case has ended.
    Closed(i64),
    /// The case is in another state.
    WrongState {
        /// Its state.
        state: String,
        /// What was asked.
        asked: String,
    },
    /// One person proposes and approves.
    OnePerson,
    /// Nothing is overdue, or all of it is disputed.
    NothingToClaim,
    /// The bill is disputed: no legal action.
    Disputed(i64),
    /// A case of the kind is open.
    AlreadyOpen(CaseKind),
    /// The check list of a payment order does not hold.
    OrderNotAllowed(String),
    /// A step that no case takes.
    UnknownStep(String),
    /// It is dated before the case, or after today.
    WrongDay,
    /// No such security.
    UnknownSecurity(i64),
    /// No insolvency is open.
    NoInsolvency,
    /// An insolvency is open already.
    InsolvencyOpen,
    /// A bill that the account does not have.
    UnknownBill(i64),
    /// A proof that the account does not have.
    UnknownEvidence(i64),
    /// A case without a letter.
    NoLetter(i64),
    /// No such request of a write-off.
    UnknownRequest(i64),
    /// A request about the bill waits already.
    RequestOpen(i64),
    /// The request was decided.
    RequestDecided(i64),
}

impl Refuse for LegalRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownCase(_) => "legal.unknown_case",
            Self::Closed(_) => "legal.closed",
            Self::WrongState { .. } => "legal.wrong_state",
            Self::OnePerson => "legal.one_person",
            Self::NothingToClaim => "legal.nothing_to_claim",
            Self::Disputed(_) => "legal.disputed",
            Self::AlreadyOpen(_) => "legal.already_open",
            Self::OrderNotAllowed(_) => "legal.order_not_allowed",
            Self::UnknownStep(_) => "legal.unknown_step",
            Self::WrongDay => "legal.wrong_day",
            Self::UnknownSecurity(_) => "legal.unknown_security",
            Self::NoInsolvency => "legal.no_insolvency",
            Self::InsolvencyOpen => "legal.insolvency_open",
            Self::UnknownBill(_) => "legal.unknown_bill",
            Self::UnknownEvidence(_) => "legal.unknown_evidence",
            Self::NoLetter(_) => "legal.no_letter",
            Self::UnknownRequest(_) => "legal.unknown_request",
            Self::RequestOpen(_) => "legal.request_open",
            Self::RequestDecided(_) => "legal.request_decided",
        }
    }
    fn text(&self) -> Bilingual {
        let (zh, en) = match self {
            Self::UnknownCase(no) => (format!("没有法律案件{no}"), format!("there is no legal case {no}")),
            Self::Closed(no) => (format!("案件{no}已结"), format!("the case {no} is closed")),
            Self::WrongState { state, asked } => (
                format!("案件处于“{state}”,不能{asked}"),
                format!("the case is `{state}`: `{asked}` does not follow on that"),
            ),
            Self::OnePerson => {
                ("提出人与审批人不得为同一人".to_owned(), "one person may not propose and approve".to_owned())
            }
            Self::NothingToClaim => {
                ("没有可主张的逾期欠费(争议欠费除外)".to_owned(), "nothing undisputed is overdue".to_owned())
            }
            Self::Disputed(bill) => (
                format!("第{bill}号账单有争议、投诉或示数存疑,不得采取法律措施"),
                format!("bill {bill} is disputed: no legal action"),
            ),
            Self::AlreadyOpen(kind) => {
                (format!("已有未结的{}", kind.zh()), format!("a case `{}` is open already", kind.word()))
            }
            Self::OrderNotAllowed(codes) => (
                format!("不符合申请支付令的条件:{codes}"),
                format!("the conditions of a payment order do not hold: {codes}"),
            ),
            Self::UnknownStep(step) => (format!("没有步骤“{step}”"), format!("there is no step `{step}`")),
            Self::WrongDay => {
                ("日期早于案件提出日或晚于今日".to_owned(), "dated before the case or after today".to_owned())
            }
            Self::UnknownSecurity(no) => (format!("没有担保{no}"), format!("there is no security {no}")),
            Self::NoInsolvency => ("没有未结的破产程序".to_owned(), "no insolvency is open".to_owned()),
            Self::InsolvencyOpen => {
                ("已有未结的破产程序".to_owned(), "an insolvency is open already".to_owned())
            }
            Self::UnknownBill(no) => {
                (format!("没有已发行的账单{no}"), format!("there is no released bill {no}"))
            }
            Self::UnknownEvidence(no) => (format!("没有证据{no}"), format!("there is no proof {no}")),
            Self::NoLetter(no) => {
                (format!("案件{no}没有已发出的催告函"), format!("case {no} has sent no letter"))
            }
            Self::UnknownRequest(no) => {
                (format!("没有核销申请{no}"), format!("there is no request {no} of a write-off"))
            }
            Self::RequestOpen(bill) => (
                format!("第{bill}号账单已有待审批的核销申请"),
                format!("a write-off of bill {bill} waits for its decision"),
            ),
            Self::RequestDecided(no) => {
                (format!("核销申请{no}已审批"), format!("the request {no} was decided already"))
            }
        };
        Bilingual::new(zh, en)
    }
}
