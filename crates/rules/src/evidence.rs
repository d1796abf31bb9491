//! 证据 (foundation `evidence`): what proves that something was told, agreed or done, and how strong the proof is.

use crate::registry::words;
use serde::{Deserialize, Serialize};

mod arrival;
mod files;
mod grade;
mod record;
#[cfg(test)]
mod tests;

pub use arrival::{Arrival, ArrivalRule, Group, Proof, TogetherRule, proves_arrival};
pub use files::{EvidenceRefusal, FileRule, RetentionRule, check_file, retention};
pub use grade::{EvidenceFacts, Grade, StrengthRule, grade};
pub use record::{Field, GENESIS, Record, anchor_text};

words!(
    /// 证据种类
    EvidenceKind {
        /// The receipt of a paper, signed.
        SignedReceipt = "signed_receipt" / "签收回执",
        /// A refusal to sign, recorded.
        RefusalRecord = "refusal_record" / "拒签记录",
        /// A photograph or film.
        Photo = "photo" / "照片录像",
        /// Left at the residence, with witness or photograph.
        LeftAtPlace = "left_at_place" / "留置送达",
        /// A waybill of the post with its delivery status.
        Waybill = "waybill" / "邮寄凭证",
        /// A telephone call, with its recording where there is one.
        CallRecord = "call_record" / "电话记录",
        /// The word of a third party.
        WitnessStatement = "witness_statement" / "第三方证明",
        /// A message that entered an electronic system.
        ElectronicDelivery = "electronic_delivery" / "电子送达记录",
        /// A certificate of a notary.
        Notarial = "notarial" / "公证书",
        /// A notice posted in public.
        Posting = "posting" / "张贴记录",
        /// A talk with an authority or a committee.
        TalkRecord = "talk_record" / "沟通记录",
        /// A contract, plan or promise.
        Agreement = "agreement" / "合同协议",
        /// A paper of a court or an authority.
        OfficialPaper = "official_paper" / "官方文书",
        /// Anything else.
        Other = "other" / "其他",
    }
);

words!(
    /// 证明力, from weak to strong.
    Strength {
        /// Proves nothing by itself.
        Void = "void" / "无证明力",
        /// Needs support by other proofs.
        Weak = "weak" / "弱",
        /// Good unless rebutted.
        Medium = "medium" / "中",
        /// Signed, certified, or delivered to the designated address.
        Strong = "strong" / "强",
    }
);

words!(
    /// 签收人身份
    SignerRole {
        /// The customer himself.
        Oneself = "self" / "本人",
        /// An adult relative who lives with him.
        AdultRelative = "adult_relative" / "同住成年家属",
        /// 法定代表人 of an organisation.
        LegalRepresentative = "legal_representative" / "法定代表人",
        /// 主要负责人 of an organisation.
        Principal = "principal" / "主要负责人",
        /// 收发部门 of an organisation.
        MailRoom = "mail_room" / "收发部门",
        /// Somebody with authority to receive.
        Authorised = "authorised" / "被授权人",
        /// A child.
        Minor = "minor" / "未成年人",
        /// Anybody else: a neighbour, a guard, an employee without authority.
        Other = "other" / "其他人",
    }
);

words!(
    /// 结果 of what the proof tells of.
    Outcome {
        /// Handed over to the carrier or the gateway.
        Sent = "sent" / "已发出",
        /// Entered the recipient's system, with the system's own receipt.
        Entered = "entered" / "已进入系统",
        /// Opened or answered by the recipient.
        Read = "read" / "已阅或已回复",
        /// Handed over by the post.
        Delivered = "delivered" / "已妥投",
        /// The recipient refused it.
        Refused = "refused" / "拒收",
        /// It came back.
        Returned = "returned" / "退回",
        /// Under way.
        InTransit = "in_transit" / "在途",
        /// The person himself was spoken to.
        Reached = "reached" / "本人接听",
        /// Somebody else was spoken to.
        AnsweredByOther = "answered_by_other" / "他人接听",
        /// Nobody answered.
        NoAnswer = "no_answer" / "无人接听",
    }
);

words!(
    /// 当事人: what kind of customer it is about.
    Party {
        /// A person.
        Person = "person" / "自然人",
        /// An enterprise, an institution, any other organisation.
        Organisation = "organisation" / "单位",
    }
);
