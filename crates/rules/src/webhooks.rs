//! 推送 (foundation `webhooks`): what other systems can be told.

use crate::registry::words;
use serde::{Deserialize, Serialize};

words!(
    /// 推送事件
    HookEvent {
        /// A bill became a receivable.
        BillReleased = "bill.released" / "电费发行",
        /// A payment was posted.
        PaymentPosted = "payment.posted" / "收费入账",
        /// Power was cut.
        CutExecuted = "cut.executed" / "停电执行",
        /// Power is back.
        PowerRestored = "power.restored" / "恢复供电",
    }
);
