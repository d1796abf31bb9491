//! 频率限制: how often somebody may ask in a minute. The numbers are a rule of the book; the counts are this process's own.

use crate::problem::Problem;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

const MINUTE: i64 = 60_000;
/// Names that are counted at a time; beyond, those of the last minutes are forgotten.
const MANY: usize = 50_000;

/// Who asked how often in the running minute.
#[derive(Default)]
pub struct Limits {
    counts: Mutex<HashMap<String, (i64, u32)>>,
}

impl Limits {
    /// Counts one more request of `who` at `now` (ms since 1970).
    ///
    /// # Errors
    /// It is one too many for this minute.
    pub fn count(&self, who: &str, most: u32, now: i64) -> Result<(), Problem> {
        let minute = now.div_euclid(MINUTE);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() > MANY {
            counts.retain(|_, (then, _)| *then == minute);
        }
        let entry = counts.entry(who.to_owned()).or_insert((minute, 0));
        if entry.0 != minute {
            *entry = (minute, 0);
        }
        entry.1 += 1;
        if entry.1 > most { Err(Problem::too_often()) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;

    #[test]
    fn a_minute_has_its_own_count() {
        let limits = Limits::default();
        for _ in 0..3 {
            limits.count("a", 3, 59_999).unwrap();
        }
        assert!(limits.count("a", 3, 59_999).is_err());
        limits.count("b", 3, 59_999).unwrap();
        limits.count("a", 3, 60_000).unwrap();
    }
}
