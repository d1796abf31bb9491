//! 身份鉴别: how long a session lives, how many wrong passwords lock a login, what a password has to be.

use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use serde::{Deserialize, Serialize};

/// The topic in the book.
pub const TOPIC: &str = "login";

const MINUTE: i64 = 60_000;

/// 登录规则: the parameters of the topic `login`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginRule {
    /// Wrong passwords in a row that lock a login.
    pub failures_to_lock: i64,
    /// How long it stays locked.
    pub lock_minutes: i64,
    /// Characters that a password has at least.
    pub password_characters: usize,
    /// Kinds of characters that a password has at least, of: small letters, capitals, digits, anything else.
    pub password_kinds: usize,
    /// A session ends after so long without a request.
    pub idle_minutes: i64,
    /// A session ends so long after it began.
    pub session_hours: i64,
    /// Attempts to sign in from one address in a minute.
    pub attempts_per_minute: u32,
    /// Requests of one person in a minute.
    pub requests_per_minute: u32,
}

/// Why a password is not taken; checked in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// Too few characters; so many are needed.
    Short(usize),
    /// Too few kinds of characters; so many are needed.
    Simple(usize),
    /// It holds the login's name.
    HoldsName,
}

impl Refuse for PasswordFault {
    fn code(&self) -> &'static str {
        match self {
            Self::Short(_) => "password.short",
            Self::Simple(_) => "password.simple",
            Self::HoldsName => "password.holds_name",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::Short(least) => Bilingual::new(
                format!("密码至少{least}个字符"),
                format!("a password has at least {least} characters"),
            ),
            Self::Simple(least) => Bilingual::new(
                format!("密码须含大写字母、小写字母、数字、其他字符中的至少{least}类"),
                format!(
                    "a password has at least {least} of: small letters, capitals, digits, other characters"
                ),
            ),
            Self::HoldsName => {
                Bilingual::new("密码不得包含登录名", "a password does not hold the login's name")
            }
        }
    }
}

impl LoginRule {
    /// Is this password good enough for a login?
    ///
    /// # Errors
    /// The first [`PasswordFault`].
    pub fn check_password(&self, name: &str, password: &str) -> Result<(), PasswordFault> {
        if password.chars().count() < self.password_characters {
            return Err(PasswordFault::Short(self.password_characters));
        }
        let kinds = [
            password.chars().any(|c| c.is_ascii_lowercase()),
            password.chars().any(|c| c.is_ascii_uppercase()),
            password.chars().any(|c| c.is_ascii_digit()),
            password.chars().any(|c| !c.is_ascii_alphanumeric()),
        ];
        if kinds.iter().filter(|has| **has).count() < self.password_kinds {
            return Err(PasswordFault::Simple(self.password_kinds));
        }
        if password.to_lowercase().contains(&name.to_lowercase()) {
            return Err(PasswordFault::HoldsName);
        }
        Ok(())
    }

    /// The moment until which a login is locked after so many wrong passwords in a row, in ms since 1970; none while it is
    /// not locked.
    #[must_use]
    pub fn locked_until(&self, failures: i64, now: i64) -> Option<i64> {
        (failures >= self.failures_to_lock).then(|| now + self.lock_minutes * MINUTE)
    }

    /// The last moment of a session that begins now.
    #[must_use]
    pub fn ends_at(&self, now: i64) -> i64 {
        now + self.session_hours * 60 * MINUTE
    }

    /// Does a session live that was last used at `seen` and ends at `ends`? All in ms since 1970.
    #[must_use]
    pub fn lives(&self, seen: i64, ends: i64, now: i64) -> bool {
        now < ends && now < seen + self.idle_minutes * MINUTE
    }
}
