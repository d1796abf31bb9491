//! 互感器: ratios of current and voltage transformers.

/// 变比: the two sides of a transformer ratio such as `150/5` (CT, A) or `10000/100` (PT, V); both positive.
#[must_use]
pub fn transformer_ratio(text: &str) -> Option<(i64, i64)> {
    let (primary, secondary) = text.split_once('/')?;
    let side = |side: &str| side.trim().parse::<i64>().ok().filter(|value| (1..=1_000_000).contains(value));
    Some((side(primary)?, side(secondary)?))
}

#[cfg(test)]
mod tests {
    use super::transformer_ratio;

    #[test]
    fn ratios_are_read_as_printed_on_the_plate() {
        let cases = [
            ("150/5", Some((150, 5))),
            ("10000/100", Some((10_000, 100))),
            (" 75 / 5 ", Some((75, 5))),
            ("30", None),
            ("0/5", None),
            ("150/0", None),
            ("-150/5", None),
            ("a/b", None),
        ];
        for (text, expected) in cases {
            assert_eq!(transformer_ratio(text), expected, "{text}");
        }
    }
}
