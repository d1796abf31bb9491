//! The book that the program carries: every file of `rulebook/`, by path.

macro_rules! book {
    ($($path:literal),* $(,)?) => {
        /// `(path, text)` of every file of the book; a test compares the list with the folder.
        pub const EMBEDDED: &[(&str, &str)] =
            &[$(($path, include_str!(concat!("../../../../rulebook/", $path)))),*];
    };
}

book![
    "cn-sd/flat_price.toml",
    "cn-sd/household_tiers.toml",
    "cn-sd/household_tou.toml",
    "cn/allocation.toml",
    "cn/back_billing.toml",
    "cn/breach.toml",
    "cn/calendar.toml",
    "cn/demand.toml",
    "cn/fixed_parts.toml",
    "cn/late_fee.toml",
    "cn/power_factor.toml",
    "cn/proration.toml",
    "cn/rounding.toml",
    "cn/theft.toml",
    "cn/two_part.toml",
    "sgcc/ageing.toml",
    "sgcc/allocation.toml",
    "sgcc/due.toml",
    "sgcc/reading.toml",
    "sgcc/site_check.toml",
    "sgcc/verification.toml",
    "sgcc/waiver.toml",
];
