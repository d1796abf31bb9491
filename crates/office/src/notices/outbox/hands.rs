//! 人工处理: a delivery that was given up or is in doubt is tried again or dropped by a person.

use super::look::close_task;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::notices::DeliveryState;
use denghuo_rules::notices::outbox::DeliveryKey;
use denghuo_rules::refusal::Refuse;
use denghuo_store::Conn;
use denghuo_store::notices::outbox::{self as store, OutboxRow};
use jiff::civil::DateTime;

/// Why a delivery is left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutboxRefusal {
    /// There is none with this key.
    Unknown {
        /// The key as it was given.
        key: String,
    },
    /// Its state does not allow it.
    WrongState {
        /// The delivery.
        key: DeliveryKey,
        /// How it stands.
        state: DeliveryState,
    },
}

impl Refuse for OutboxRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "outbox.unknown",
            Self::WrongState { .. } => "outbox.wrong_state",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::Unknown { key } => {
                Bilingual::new(format!("没有发送记录{key}"), format!("there is no delivery {key}"))
            }
            Self::WrongState { key, state } => Bilingual::new(
                format!("发送记录{key}的状态是{},不能这样处理", state.zh()),
                format!("the delivery {key} is {}: this cannot be done with it", state.word()),
            ),
        }
    }
}

fn taken(conn: &mut Conn, key: &str, states: &[DeliveryState]) -> Result<OutboxRow, OfficeError> {
    let unknown = || OfficeError::refuse(OutboxRefusal::Unknown { key: key.to_owned() });
    let key = DeliveryKey::parse(key).ok_or_else(unknown)?;
    let row = store::locked(conn, key)?.ok_or_else(unknown)?;
    if states.contains(&row.state) {
        return Ok(row);
    }
    Err(OfficeError::refuse(OutboxRefusal::WrongState { key, state: row.state }))
}

/// 重发: one more attempt for what failed or is in doubt. Of a doubtful one the person answers for a second copy.
///
/// # Errors
/// No such delivery, or it neither failed nor is in doubt; the database's.
pub fn outbox_retry(
    conn: &mut Conn,
    work: &Work<'_>,
    key: &str,
    at: DateTime,
) -> Result<OutboxRow, OfficeError> {
    conn.write(|conn| {
        let mut row = taken(conn, key, &[DeliveryState::Failed, DeliveryState::Doubtful])?;
        row.state = DeliveryState::Queued;
        row.next_at = at;
        row.ended_at = None;
        row.detail = Some(format!("retry ordered by {}", work.by));
        store::save(conn, std::slice::from_ref(&row))?;
        close_task(conn, work, row.key, at, "retry")?;
        Ok(row)
    })
}

/// 取消发送: what waits or is in doubt is dropped.
///
/// # Errors
/// No such delivery, or it is under way or at its end; the database's.
pub fn outbox_cancel(
    conn: &mut Conn,
    work: &Work<'_>,
    key: &str,
    at: DateTime,
    why: &str,
) -> Result<OutboxRow, OfficeError> {
    conn.write(|conn| {
        let mut row = taken(conn, key, &[DeliveryState::Queued, DeliveryState::Doubtful])?;
        row.state = DeliveryState::Cancelled;
        row.next_at = at;
        row.ended_at = Some(at);
        row.detail = Some(format!("{}: {why}", work.by));
        store::save(conn, std::slice::from_ref(&row))?;
        close_task(conn, work, row.key, at, "cancel")?;
        Ok(row)
    })
}
