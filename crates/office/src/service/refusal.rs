//! Why a ticket is not taken.

use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::Refuse;
use denghuo_rules::service::Request;

/// Why a ticket is not taken or not given; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TicketRefusal {
    /// There is no such ticket.
    Unknown(String),
    /// The request is about an account, and none is named.
    NoAccount(Request),
    /// The promise depends on the area, and none is said.
    NoArea(Request),
    /// Nothing is said.
    NothingSaid,
    /// A text is too long.
    TooLong(&'static str, usize),
    /// What it concerns cannot be read.
    BadReference(String),
    /// The account has no such bill.
    UnknownBill(i64),
    /// There is no such unit.
    UnknownUnit(String),
    /// A ticket of no account names the unit that takes it.
    NoUnit,
    /// A ticket is given to somebody.
    NoOwner,
    /// It lies in the future.
    InFuture,
    /// The source gave the number before, with other content.
    SameSourceOtherContent(String),
}

impl Refuse for TicketRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "ticket.unknown",
            Self::NoAccount(_) => "ticket.no_account",
            Self::NoArea(_) => "ticket.no_area",
            Self::NothingSaid => "ticket.nothing_said",
            Self::TooLong(..) => "ticket.too_long",
            Self::BadReference(_) => "ticket.bad_reference",
            Self::UnknownBill(_) => "ticket.unknown_bill",
            Self::UnknownUnit(_) => "ticket.unknown_unit",
            Self::NoUnit => "ticket.no_unit",
            Self::NoOwner => "ticket.no_owner",
            Self::InFuture => "ticket.in_future",
            Self::SameSourceOtherContent(_) => "ticket.same_source_other_content",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::Unknown(code) => {
                Bilingual::new(format!("没有工单{code}"), format!("there is no ticket {code}"))
            }
            Self::NoAccount(request) => Bilingual::new(
                format!("“{}”须指明户号", request.zh()),
                format!("{} has to name an account", request.word()),
            ),
            Self::NoArea(request) => Bilingual::new(
                format!("“{}”须指明地域(城区、农村、特殊边远地区)", request.zh()),
                format!("{} has to say the area: urban, rural, remote", request.word()),
            ),
            Self::NothingSaid => Bilingual::new("须填写受理内容", "what the customer said is missing"),
            Self::TooLong(what, most) => Bilingual::new(
                format!("{what}超过{most}个字"),
                format!("{what} is longer than {most} characters"),
            ),
            Self::BadReference(text) => Bilingual::new(
                format!("关联“{text}”无法识别,应为 bill:3、cut:1、reading:2026-08、notice:4 之类"),
                format!("`{text}` is no reference such as bill:3, cut:1, reading:2026-08, notice:4"),
            ),
            Self::UnknownBill(bill_no) => {
                Bilingual::new(format!("该户没有账单{bill_no}"), format!("the account has no bill {bill_no}"))
            }
            Self::UnknownUnit(code) => {
                Bilingual::new(format!("没有单位{code}"), format!("there is no unit {code}"))
            }
            Self::NoUnit => {
                Bilingual::new("无户号的工单须指明承办单位", "a ticket of no account has to name its unit")
            }
            Self::NoOwner => Bilingual::new("派单须指明承办人", "a dispatch has to name a person"),
            Self::InFuture => Bilingual::new("受理时间尚未到", "the moment of acceptance has not come yet"),
            Self::SameSourceOtherContent(source) => Bilingual::new(
                format!("来源编号{source}已受理,但内容不同"),
                format!("{source} was taken before, with other content"),
            ),
        }
    }
}
