//! The book that the program carries: every file of `rulebook/`, by path.

macro_rules! book {
    ($($path:literal),* $(,)?) => {
        /// `(path, text)` of every file of the book; a test compares the list with the folder.
        pub const EMBEDDED: &[(&str, &str)] =
            &[$(($path, include_str!(concat!("../../../../rulebook/", $path)))),*];
    };
}

book![
    "cn/allocation.toml",
    "cn/calendar.toml",
    "cn/late_fee.toml",
    "cn/two_part.toml",
    "sgcc/ageing.toml",
    "sgcc/allocation.toml",
    "sgcc/due.toml",
    "sgcc/reading.toml",
    "sgcc/site_check.toml",
    "sgcc/verification.toml",
    "sgcc/waiver.toml",
];
