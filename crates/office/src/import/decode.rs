//! 编码: bytes to text. UTF-8, UTF-16 with its mark, and GB18030, which older Chinese systems write.

use super::problem::RowError;
use denghuo_rules::derivation::Bilingual;
use encoding_rs::{Encoding, GB18030, UTF_8};

/// Turns the bytes of a text file into text.
///
/// # Errors
/// Bytes of neither encoding, with their line.
pub fn decode(bytes: Vec<u8>) -> Result<String, RowError> {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        return strict(encoding, &bytes[mark..]);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let bytes = error.into_bytes();
            let encoding = if is_mostly_utf8(&bytes) { UTF_8 } else { GB18030 };
            strict(encoding, &bytes)
        }
    }
}

/// A damaged UTF-8 file must not be read as GB18030: it would turn into other Chinese characters. Line by line,
/// what does not fit decides; a line of Chinese in GB18030 is almost never valid UTF-8.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut fits, mut does_not) = (0_u64, 0_u64);
    for line in bytes.split(|b| *b == b'\n').filter(|line| !line.is_ascii()) {
        if std::str::from_utf8(line).is_ok() { fits += 1 } else { does_not += 1 }
    }
    fits > does_not
}

fn strict(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, RowError> {
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text.into_owned());
    }
    let bad = bytes
        .split(|b| *b == b'\n')
        .position(|line| encoding.decode_without_bom_handling_and_without_replacement(line).is_none());
    let line = bad.unwrap_or(0) as u64 + 1;
    let name = encoding.name();
    Err(RowError::at(
        line,
        "",
        "",
        "import.not_decodable",
        Bilingual::new(
            format!("无法按{name}编码读出文字,请以UTF-8或GB18030另存"),
            format!("the bytes are no {name} text: save the file as UTF-8 or GB18030"),
        ),
    ))
}
