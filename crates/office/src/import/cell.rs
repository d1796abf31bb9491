//! 单元格: the forms of a cell and how its text becomes a value. No float on the way.

use denghuo_rules::derivation::Bilingual;
use denghuo_rules::units::{DecimalError, format_scaled, parse_scaled};
use jiff::civil::{Date, DateTime, Time};

/// What may stand in a cell.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Free text of at most so many characters, without control characters.
    Text(usize),
    /// A number or code that names something (account, meter, organisation): kept as text, no spaces inside.
    Code(usize),
    /// A code of another kind of file.
    Ref(&'static str),
    /// A day.
    Date,
    /// A day with a time, to the second; a bare day means 00:00.
    Moment,
    /// A charging month; its value is the number `yyyymm`.
    Month,
    /// A whole number within bounds, both inclusive.
    Whole(i64, i64),
    /// A decimal number with at most so many decimals, kept exactly, within bounds in the last decimal.
    Decimal {
        /// Decimals kept.
        scale: u32,
        /// Smallest value, scaled.
        min: i64,
        /// Largest value, scaled.
        max: i64,
        /// The unit for the manual.
        unit: &'static str,
    },
    /// One of a list of words, in English or Chinese.
    Word {
        /// Is the word known?
        accepts: fn(&str) -> bool,
        /// The list, English and Chinese.
        list: fn() -> Vec<(&'static str, &'static str)>,
    },
    /// Yes or no.
    Flag,
    /// A telephone number of mainland China.
    Phone,
    /// An e-mail address.
    Email,
}

/// The form of a column whose words are an enum made by `words!` of the rules.
#[macro_export]
macro_rules! word_form {
    ($type:ty) => {
        $crate::import::Form::Word {
            accepts: |text| <$type>::from_word(text).is_some(),
            list: || <$type>::ALL.iter().map(|v| (v.word(), v.zh())).collect(),
        }
    };
}

/// A cell after checking; text is looked up in the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing there.
    Empty,
    /// The text as it stands.
    Text,
    /// A whole or scaled number.
    Number(i64),
    /// A day.
    Date(Date),
    /// A day with a time.
    Moment(DateTime),
    /// Yes or no.
    Flag(bool),
}

/// A code and the reason, when a cell is not accepted.
pub type BadCell = (&'static str, Bilingual);

fn bad<T>(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Result<T, BadCell> {
    Err((code, Bilingual::new(zh, en)))
}

/// First accepted year of a date.
const FIRST_YEAR: i16 = 1990;
/// First year after the accepted ones.
const YEAR_LIMIT: i16 = 2100;

impl Form {
    /// Reads the trimmed, non-empty text of a cell.
    ///
    /// # Errors
    /// The code and the reason.
    pub fn read(&self, text: &str) -> Result<Value, BadCell> {
        match *self {
            Self::Text(max) => free_text(text, max),
            Self::Code(max) => code(text, max),
            Self::Ref(_) => code(text, 64),
            Self::Date => date(text).map(Value::Date),
            Self::Moment => moment(text).map(Value::Moment),
            Self::Month => month(text),
            Self::Whole(min, max) => number(text, 0, min, max),
            Self::Decimal { scale, min, max, .. } => number(text, scale, min, max),
            Self::Word { accepts, list } => word(text, accepts, list),
            Self::Flag => flag(text),
            Self::Phone => phone(text),
            Self::Email => email(text),
        }
    }
}

fn free_text(text: &str, max: usize) -> Result<Value, BadCell> {
    if text.chars().any(|c| c.is_control() || c == '\u{fffd}') {
        return bad(
            "import.control_character",
            "含有控制字符或乱码",
            "holds control characters or garbled text",
        );
    }
    let long = text.chars().count();
    if long > max {
        return bad(
            "import.too_long",
            format!("超过{max}个字符(实为{long}个)"),
            format!("longer than {max} characters ({long} found)"),
        );
    }
    Ok(Value::Text)
}

fn code(text: &str, max: usize) -> Result<Value, BadCell> {
    if text.chars().any(char::is_whitespace) {
        return bad("import.bad_code", "编号中不能有空白", "a code has no spaces inside");
    }
    if text.len() < 18 && text.contains(['E', 'e']) && text.contains('+') {
        return bad(
            "import.digits_lost",
            "编号已被表格软件改成科学计数,原数字已丢失,请以文本格式重新录入",
            "the spreadsheet turned this code into scientific notation and lost digits: enter it as text",
        );
    }
    free_text(text, max)
}

/// Reads a day between 1990-01-01 and 2099-12-31: `2025-01-31`, `2025/1/31`, `2025.1.31`, `20250131`, `2025年1月31日`.
///
/// # Errors
/// The code and the reason.
pub fn date(text: &str) -> Result<Date, BadCell> {
    let day = text.strip_suffix(" 00:00:00").unwrap_or(text);
    let Some((year, month, day)) = date_parts(day) else {
        return bad("import.bad_date", "不是日期,应如2025-01-31", "not a date such as 2025-01-31");
    };
    let Ok(date) = Date::new(year, month, day) else {
        return bad("import.bad_date", "没有这一天", "there is no such day");
    };
    if !(FIRST_YEAR..YEAR_LIMIT).contains(&year) {
        return bad(
            "import.date_out_of_range",
            "日期须在1990-01-01至2099-12-31之间",
            "the date must lie between 1990-01-01 and 2099-12-31",
        );
    }
    Ok(date)
}

fn date_parts(text: &str) -> Option<(i16, i8, i8)> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some((text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?));
    }
    let text = text.strip_suffix('日').unwrap_or(text);
    let mut parts = text.split(['-', '/', '.', '年', '月']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits =
        |s: &str, max: usize| !s.is_empty() && s.len() <= max && s.bytes().all(|b| b.is_ascii_digit());
    let plausible = year.len() == 4 && digits(year, 4) && digits(month, 2) && digits(day, 2);
    if !plausible || parts.next().is_some() {
        return None;
    }
    Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

/// `2026-08`, `202608` or `2026年8月`, in the years of dates.
fn month(text: &str) -> Result<Value, BadCell> {
    let plain = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
    let text = if plain {
        format!("{}-{}", &text[..4], &text[4..])
    } else {
        text.trim_end_matches('月').to_owned()
    };
    match date(&format!("{text}-1")) {
        Ok(day) => Ok(Value::Number(i64::from(day.year()) * 100 + i64::from(day.month()))),
        Err(("import.bad_date", _)) => {
            bad("import.bad_month", "不是年月,应如2026-08", "not a month such as 2026-08")
        }
        Err(other) => Err(other),
    }
}

fn moment(text: &str) -> Result<DateTime, BadCell> {
    let (day, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (date(day)?, time.trim()),
        None => (date(text)?, "00:00:00"),
    };
    let mut parts = time.split(':').map(|p| p.parse::<i8>().ok());
    let (hour, minute) = (parts.next().flatten(), parts.next().flatten());
    let second = parts.next().unwrap_or(Some(0));
    let read = match (hour, minute, second, parts.next()) {
        (Some(h), Some(m), Some(s), None) => Time::new(h, m, s, 0).ok(),
        _ => None,
    };
    match read {
        Some(time) => Ok(day.to_datetime(time)),
        None => bad(
            "import.bad_time",
            "不是时刻,应如2025-01-31 08:30:00",
            "not a time such as 2025-01-31 08:30:00",
        ),
    }
}

fn number(text: &str, scale: u32, min: i64, max: i64) -> Result<Value, BadCell> {
    let value = match parse_scaled(text, scale) {
        Ok(value) => value,
        Err(DecimalError::NotANumber(_)) => return bad("import.not_a_number", "不是数字", "not a number"),
        Err(DecimalError::TooManyDecimals(..)) if scale == 0 => {
            return bad("import.not_whole", "应为整数", "must be a whole number");
        }
        Err(DecimalError::TooManyDecimals(..)) => {
            return bad(
                "import.too_many_decimals",
                format!("小数最多{scale}位"),
                format!("at most {scale} decimals are kept"),
            );
        }
        Err(DecimalError::OutOfRange(_)) => i64::MAX,
    };
    if value < 0 && min == 0 {
        return bad("import.negative", "不能为负", "must not be negative");
    }
    if value < min || value > max {
        let (min, max) = (format_scaled(min, scale, 0), format_scaled(max, scale, 0));
        return bad(
            "import.out_of_range",
            format!("应在{min}至{max}之间"),
            format!("must lie between {min} and {max}"),
        );
    }
    Ok(Value::Number(value))
}

fn word(
    text: &str,
    accepts: fn(&str) -> bool,
    list: fn() -> Vec<(&'static str, &'static str)>,
) -> Result<Value, BadCell> {
    if accepts(text) {
        return Ok(Value::Text);
    }
    let words = list();
    let zh: Vec<_> = words.iter().map(|(_, zh)| *zh).collect();
    let en: Vec<_> = words.iter().map(|(en, _)| *en).collect();
    bad(
        "import.unknown_word",
        format!("应为其中之一:{}", zh.join("、")),
        format!("must be one of {}", en.join(", ")),
    )
}

fn flag(text: &str) -> Result<Value, BadCell> {
    match text.to_ascii_lowercase().as_str() {
        "是" | "yes" | "y" | "true" | "1" => Ok(Value::Flag(true)),
        "否" | "no" | "n" | "false" | "0" => Ok(Value::Flag(false)),
        _ => bad("import.not_yes_or_no", "应为“是”或“否”", "must be yes or no"),
    }
}

/// Mobile `1xxxxxxxxxx`, fixed line with area code (`0536-7211234`), service numbers (`95598`, `400…`), with extension.
fn phone(text: &str) -> Result<Value, BadCell> {
    let main = text.split_once(['转', '#']).map_or(text, |(main, _)| main);
    let plain = main.strip_prefix("+86").unwrap_or(main);
    let formed = plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ' ' | '(' | ')'));
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let known = match digits.as_bytes() {
        [b'1', second, ..] if digits.len() == 11 => (b'3'..=b'9').contains(second),
        [b'0', ..] => (10..=12).contains(&digits.len()),
        [b'9' | b'1', ..] if digits.len() == 5 => true,
        [b'4' | b'8', b'0', b'0', ..] => digits.len() == 10,
        [b'2'..=b'8', ..] => (7..=8).contains(&digits.len()),
        _ => false,
    };
    if formed && known {
        Ok(Value::Text)
    } else {
        bad("import.bad_phone", "不是电话号码", "not a telephone number")
    }
}

fn email(text: &str) -> Result<Value, BadCell> {
    let formed = text.split_once('@').is_some_and(|(user, host)| {
        let clean = |s: &str| {
            s.chars().all(|c| c.is_ascii_graphic() && !matches!(c, ',' | ';' | '<' | '>' | '@' | '"'))
        };
        !user.is_empty()
            && clean(user)
            && clean(host)
            && host.contains('.')
            && host.split('.').all(|p| !p.is_empty())
    });
    if formed && text.len() <= 254 {
        Ok(Value::Text)
    } else {
        bad("import.bad_email", "不是电子邮件地址", "not an e-mail address")
    }
}
