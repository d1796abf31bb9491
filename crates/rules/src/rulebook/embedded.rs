//! The book that the program carries: every file of `rulebook/`, by path.

macro_rules! book {
    ($($path:literal),* $(,)?) => {
        /// `(path, text)` of every file of the book; a test compares the list with the folder.
        pub const EMBEDDED: &[(&str, &str)] =
            &[$(($path, include_str!(concat!("../../../../rulebook/", $path)))),*];
    };
}

book![
    "cn-sd/disconnection.toml",
    "cn-sd/flat_price.toml",
    "cn-sd/funds.toml",
    "cn-sd/household_tiers.toml",
    "cn-sd/household_tou.toml",
    "cn-sd/monthly_items.toml",
    "cn-sd/network_tariff.toml",
    "cn-sd/tou.toml",
    "cn/allocation.toml",
    "cn/back_billing.toml",
    "cn/breach.toml",
    "cn/calendar.toml",
    "cn/demand.toml",
    "cn/disconnection.toml",
    "cn/evidence.toml",
    "cn/fixed_parts.toml",
    "cn/late_fee.toml",
    "cn/limitation.toml",
    "cn/power_factor.toml",
    "cn/proration.toml",
    "cn/rounding.toml",
    "cn/service.toml",
    "cn/theft.toml",
    "cn/two_part.toml",
    "sgcc-anhui/prices_2026_08.toml",
    "sgcc-beijing/prices_2026_08.toml",
    "sgcc-fujian/prices_2026_08.toml",
    "sgcc-jiangsu/prices_2026_08.toml",
    "sgcc-jibei/prices_2026_08.toml",
    "sgcc-shanghai/prices_2026_08.toml",
    "sgcc-sichuan/prices_2026_08.toml",
    "sgcc-zhejiang/prices_2026_08.toml",
    "sgcc/access.toml",
    "sgcc/ageing.toml",
    "sgcc/allocation.toml",
    "sgcc/disconnection.toml",
    "sgcc/due.toml",
    "sgcc/evidence.toml",
    "sgcc/ladder.toml",
    "sgcc/legal.toml",
    "sgcc/notices.toml",
    "sgcc/outbox.toml",
    "sgcc/outreach.toml",
    "sgcc/reading.toml",
    "sgcc/review.toml",
    "sgcc/service.toml",
    "sgcc/site_check.toml",
    "sgcc/supervision.toml",
    "sgcc/training.toml",
    "sgcc/verification.toml",
    "sgcc/waiver.toml",
];
