//! 客户自助 (column `customer`): customers sign in with a code that goes to a contact that is known to be theirs, prove new contacts, and
//! tell what is wrong. Nothing tells a stranger which account numbers there are.

mod codes;
mod contacts;
mod reports;

pub use codes::{
    CodePost, CustomerBegun, CustomerWho, code_request, codes_send, codes_waiting, customer_rule,
    customer_session, customer_sign_in, customer_sign_out,
};
pub use contacts::{Proved, contact_code, contact_prove};
pub use reports::{Report, ReportShown, report, reports_of};

use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::Refuse;

/// Why a customer is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomerRefusal {
    /// The code is wrong or over, there is none, or no such account: all the same to who asks.
    WrongCode,
    /// Too many codes in an hour.
    TooManyCodes,
    /// Too many reports in a day.
    TooManyReports,
    /// Neither a mobile number nor an e-mail address.
    BadContact,
    /// Nothing is said.
    Empty,
}

impl Refuse for CustomerRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongCode => "customer.wrong_code",
            Self::TooManyCodes => "customer.too_many_codes",
            Self::TooManyReports => "customer.too_many_reports",
            Self::BadContact => "customer.bad_contact",
            Self::Empty => "customer.empty",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::WrongCode => Bilingual::new(
                "户号或验证码不正确,或验证码已失效",
                "wrong account number or code, or the code is over",
            ),
            Self::TooManyCodes => {
                Bilingual::new("验证码发送过于频繁,请一小时后再试", "too many codes; try again in an hour")
            }
            Self::TooManyReports => Bilingual::new(
                "今日提交次数已达上限,紧急情况请拨打95598",
                "too many reports today; call 95598 when it is urgent",
            ),
            Self::BadContact => {
                Bilingual::new("手机号或邮箱格式不正确", "no mobile number or e-mail address")
            }
            Self::Empty => Bilingual::new("请填写内容", "say what it is about"),
        }
    }
}
