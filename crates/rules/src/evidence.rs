//! 证据 (foundation `evidence`): what proves that something was told, agreed or done, and how strong the proof is.

use crate::registry::words;
use serde::{Deserialize, Serialize};

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
