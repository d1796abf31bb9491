//! 送达认定: when a notice counts as served.
//!
//! A demand interrupts limitation when it arrived or should have arrived (LIM art. 8); the supplier's own notices follow the
//! model of the court's: signed for by those who may sign, left at the place with a witness or photograph after a refusal,
//! by post on the day of the receipt, electronically when it enters the designated system.

use super::{Channel, NoticeKind};
use crate::derivation::Bilingual;
use crate::evidence::{EvidenceKind, SignerRole};
use crate::refusal::Refuse;
use crate::registry::words;
use serde::{Deserialize, Serialize};

/// The topic in the book.
pub const TOPIC: &str = "notice_service";

words!(
    /// 送达方式
    ServiceWay {
        /// It entered the system that the contract names.
        Designated = "designated" / "约定电子送达",
        /// It reached an electronic address that is known to be his.
        Electronic = "electronic" / "电子送达",
        /// Somebody who may sign signed for it.
        Signed = "signed" / "签收",
        /// Left at the place after a refusal.
        Left = "left" / "留置送达",
        /// By post, with the receipt.
        Post = "post" / "邮寄签收",
        /// Told on the telephone.
        Phone = "phone" / "电话告知",
        /// Posted in a public place.
        Posted = "posted" / "张贴",
        /// Put into the letter box.
        Dropped = "dropped" / "投递",
    }
);

impl ServiceWay {
    /// The kind of proof that it leaves.
    #[must_use]
    pub const fn proof(self) -> EvidenceKind {
        match self {
            Self::Designated | Self::Electronic => EvidenceKind::ElectronicDelivery,
            Self::Signed => EvidenceKind::SignedReceipt,
            Self::Left => EvidenceKind::LeftAtPlace,
            Self::Post => EvidenceKind::Waybill,
            Self::Phone => EvidenceKind::CallRecord,
            Self::Posted => EvidenceKind::Posting,
            Self::Dropped => EvidenceKind::Other,
        }
    }

    /// The channels that it may have come by; the first stands where none was queued.
    #[must_use]
    pub const fn channels(self) -> &'static [Channel] {
        match self {
            Self::Designated | Self::Electronic => &[Channel::Email, Channel::Sms],
            Self::Signed | Self::Left => &[Channel::Door, Channel::PaperOwn, Channel::PaperDelegated],
            Self::Post => &[Channel::Post],
            Self::Phone => &[Channel::Phone],
            Self::Posted => &[Channel::Posting],
            Self::Dropped => &[Channel::PaperOwn, Channel::PaperDelegated],
        }
    }
}

/// 送达认定规则: parameters of the topic `notice_service`, one rule for each kind of notice (`when = { notice = […] }`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceRule {
    /// Ways that count.
    pub ways: Vec<ServiceWay>,
}

/// 送达情况: what happened, as far as it decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// How.
    pub way: ServiceWay,
    /// Who signed.
    pub signer: Option<SignerRole>,
    /// There is a photograph or film.
    pub has_photo: bool,
    /// Somebody else saw it.
    pub has_witness: bool,
    /// There is a waybill or recording number.
    pub has_reference: bool,
}

impl Service {
    /// A service in a way, with nothing to prove it yet.
    #[must_use]
    pub const fn by(way: ServiceWay) -> Self {
        Self { way, signer: None, has_photo: false, has_witness: false, has_reference: false }
    }
}

/// Why a notice does not count as served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceRefusal {
    /// This way does not count for this kind.
    Way(NoticeKind, ServiceWay),
    /// Nobody signed.
    NoSigner,
    /// His signature does not bind the customer.
    Signer,
    /// Left or posted without a photograph or a witness.
    NoProof,
    /// Posted by mail without the number of its waybill.
    NoWaybill,
}

impl Refuse for ServiceRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Way(..) => "notice.way_does_not_count",
            Self::NoSigner => "notice.no_signer",
            Self::Signer => "notice.signer_does_not_count",
            Self::NoProof => "notice.no_proof",
            Self::NoWaybill => "notice.no_waybill",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::Way(kind, way) => Bilingual::new(
                format!("{}不能以“{}”方式送达", kind.zh(), way.zh()),
                format!("a {} is not served by {}", kind.word(), way.word()),
            ),
            Self::NoSigner => Bilingual::new("签收须有签收人及其身份", "who signed, and as what, is missing"),
            Self::Signer => Bilingual::new(
                "签收人须为本人、同住成年家属、法定代表人、负责人、收发部门或受托人",
                "signers are the customer, adult family living with him, the legal representative, the principal, the \
                 mail room, or who is authorised",
            ),
            Self::NoProof => Bilingual::new(
                "留置或张贴须有照片或见证人",
                "left or posted without a photograph or a witness",
            ),
            Self::NoWaybill => {
                Bilingual::new("邮寄送达须有运单号", "by post needs the number of the waybill")
            }
        }
    }
}

impl ServiceRule {
    /// Does the notice count as served?
    ///
    /// # Errors
    /// Why not.
    pub fn counts(&self, kind: NoticeKind, service: &Service) -> Result<(), ServiceRefusal> {
        if !self.ways.contains(&service.way) {
            return Err(ServiceRefusal::Way(kind, service.way));
        }
        match service.way {
            ServiceWay::Signed => match service.signer {
                None => Err(ServiceRefusal::NoSigner),
                Some(SignerRole::Other | SignerRole::Minor) => Err(ServiceRefusal::Signer),
                Some(_) => Ok(()),
            },
            ServiceWay::Left | ServiceWay::Posted if !service.has_photo && !service.has_witness => {
                Err(ServiceRefusal::NoProof)
            }
            ServiceWay::Post if !service.has_reference => Err(ServiceRefusal::NoWaybill),
            _ => Ok(()),
        }
    }
}
