//! Secrets: tokens, first passwords, and how passwords are kept. The only place of the office that asks for chance.

use crate::evidence::sha256_hex;
use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};

/// Letters of a first password: none that looks like another.
const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

fn chance<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

/// A token of 256 bits, in hex.
#[must_use]
pub fn fresh() -> String {
    hex(&chance::<32>())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What is kept of a token.
#[must_use]
pub fn digest(token: &str) -> String {
    sha256_hex(token.as_bytes())
}

/// A code of six digits.
#[must_use]
pub fn code() -> String {
    // 2^64 is no multiple of a million: the first codes are likelier by less than one in 10^13.
    format!("{:06}", u64::from_le_bytes(chance::<8>()) % 1_000_000)
}

/// A first password: four groups of four letters, some 93 bits.
#[must_use]
pub fn password() -> String {
    let letter = |byte: u8| char::from(LETTERS[usize::from(byte) % LETTERS.len()]);
    let groups: Vec<String> =
        chance::<16>().chunks(4).map(|chunk| chunk.iter().copied().map(letter).collect()).collect();
    groups.join("-")
}

/// Argon2id of a password, in PHC form.
#[must_use]
pub fn hash(password: &str) -> String {
    let salt = SaltString::encode_b64(&chance::<16>()).expect("sixteen bytes are a salt");
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    hash.expect("the default parameters are sound").to_string()
}

/// Is it the password that was hashed? Takes its time without a hash too.
#[must_use]
pub fn matches(kept: Option<&str>, password: &str) -> bool {
    match kept.and_then(|kept| PasswordHash::new(kept).ok()) {
        Some(kept) => Argon2::default().verify_password(password.as_bytes(), &kept).is_ok(),
        None => {
            let _ = hash(password);
            false
        }
    }
}
