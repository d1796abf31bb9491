//! 单位档案: the jurisdictions whose rules a site follows.

use super::Selector;
use serde::{Deserialize, Serialize};

/// 单位档案: from general to specific, the jurisdictions that apply to a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteProfile {
    /// Such as `["cn", "sgcc", "cn-sd", "site"]`.
    pub jurisdictions: Vec<String>,
}

/// A county company in Shandong.
impl Default for SiteProfile {
    fn default() -> Self {
        Self::of(&["cn", "sgcc", "cn-sd", "site"])
    }
}

impl SiteProfile {
    /// A profile of the given jurisdictions, from general to specific.
    #[must_use]
    pub fn of(jurisdictions: &[&str]) -> Self {
        Self { jurisdictions: jurisdictions.iter().map(|j| (*j).to_owned()).collect() }
    }

    /// From the text that a site keeps: jurisdictions separated by commas.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self::of(&text.split(',').map(str::trim).filter(|j| !j.is_empty()).collect::<Vec<_>>())
    }

    /// A company with published price tables, such as `jiangsu`.
    #[must_use]
    pub fn company(province: &str) -> Self {
        Self::of(&["cn", "sgcc", &format!("sgcc-{province}"), "site"])
    }

    /// A selector without facts in these jurisdictions.
    #[must_use]
    pub fn selector(&self) -> Selector {
        Selector { jurisdictions: self.jurisdictions.clone(), ..Selector::default() }
    }
}
