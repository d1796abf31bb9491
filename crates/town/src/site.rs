//! 单位档案: the site that the demonstration and the real data live at, and the assumption it makes about prices.

use denghuo_rules::rulebook::Rulebook;
use denghuo_store::{Conn, StoreError};

/// Homes by Shandong's tiers, everything else by the published table of Jiangsu.
pub const JURISDICTIONS: &str = "cn,sgcc,cn-sd,sgcc-jiangsu,site";

/// 假设: where no table of a month is published, the table of August 2026 is used.
const PRICE_FALLBACK: &str = r#"# 假设: the months without a published table are billed by the table of August 2026.
layer = "site"

[[rule]]
id = "site.price_fallback.2026-08"
topic = "price_fallback"
from = "2023-01-01"
until = "2026-12-31"
confidence = "L"
basis = { title = "本单位假设 (an assumption of this site)", note = "only the table of August 2026 is at hand: every other month is billed by it, for demonstration and measurement, not for real bills" }
params = { month = "2026-08" }
"#;

/// The site's rule files, as `(path, text)`.
#[must_use]
pub fn rule_files() -> Vec<(String, String)> {
    vec![("site/price_fallback.toml".to_owned(), PRICE_FALLBACK.to_owned())]
}

/// The embedded book with the site's assumption laid over it.
///
/// # Panics
/// When the site's own files are broken, which the tests forbid.
#[must_use]
pub fn book() -> Rulebook {
    Rulebook::embedded()
        .overlaid(rule_files())
        .unwrap_or_else(|errors| panic!("the site's rules are broken: {errors:?}"))
}

/// Keeps the site's profile and its rules in the database.
///
/// # Errors
/// The database's.
pub fn settle(conn: &mut Conn) -> Result<(), StoreError> {
    denghuo_store::site::put(conn, "jurisdictions", JURISDICTIONS)?;
    denghuo_store::site::put_rule_files(conn, &rule_files())
}
