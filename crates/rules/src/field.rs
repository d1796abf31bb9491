//! 现场作业 (column `field`): words of what is done without a line.

use crate::registry::words;
use serde::{Deserialize, Serialize};

words!(
    /// 未抄原因: why a meter was not read.
    NoReadingReason {
        /// Nobody opened.
        Locked = "locked" / "门闭无人",
        /// The customer would not let the reader in.
        NotAdmitted = "not_admitted" / "拒绝进入",
        /// It shows nothing.
        MeterBroken = "meter_broken" / "表计故障",
        /// It is not where it should be.
        MeterMissing = "meter_missing" / "表计丢失",
        /// The way to it is not safe.
        Unsafe = "unsafe" / "现场不安全",
        /// Something else; the note says what.
        Other = "other" / "其他",
    }
);

words!(
    /// 作业结果
    DeedOutcome {
        /// It is in the books.
        Done = "done" / "已入账",
        /// It was refused; what it brought is kept.
        Refused = "refused" / "未采纳",
        /// The machine failed: to be sent again.
        Failed = "failed" / "请重试",
    }
);
