//! Price files in every form, good and bad.

use super::*;

const HEADER: &str = "province,month,category,voltage,sharp,peak,flat,valley,deep,purchase,line_loss,transmission,system,funds,demand,capacity,periods,policy,source";
const GOOD: &str = "江苏,2026-09,单一制-工商业,不满1kV,,0.95,0.62,0.3,,0.39,0.0115,0.1279,0.0612,0.0294,,,00:00-08:00 valley;08:00-19:00 peak;19:00-24:00 flat,,国网江苏";

fn import(name: &str, bytes: &[u8]) -> (Result<PriceImport, ImportError>, usize) {
    let folder = tempfile::tempdir().unwrap();
    let (file, into) = (folder.path().join(name), folder.path().join("rules"));
    std::fs::write(&file, bytes).unwrap();
    let imported = PriceImport::read(&file, Gaps::Refuse).and_then(|import| {
        import.write(&into, false)?;
        Ok(import)
    });
    let written = std::fs::read_dir(into.join("sgcc-jiangsu")).map_or(0, Iterator::count);
    (imported, written)
}

#[test]
fn a_good_file_is_written_once_in_either_encoding() {
    let text = format!("{HEADER}\n{GOOD}\n");
    let (gb18030, _, _) = encoding_rs::GB18030.encode(&text);
    for bytes in [text.as_bytes(), format!("\u{feff}{text}").as_bytes(), &gb18030] {
        let (imported, written) = import("prices.csv", bytes);
        assert_eq!(written, 1);
        let imported = imported.unwrap();
        assert_eq!(imported.files[0].0, "sgcc-jiangsu/prices_2026_09.toml");
        assert!(imported.files[0].1.contains("国网江苏"));
    }
}

#[test]
fn a_bad_file_tells_every_row_and_writes_nothing() {
    let text = format!("{HEADER}\n{GOOD}\n{}\n{}\n", GOOD.replace("0.95", "9.5"), GOOD.replace("0.39", ""));
    let (imported, written) = import("prices.csv", text.as_bytes());
    assert_eq!(written, 0);
    let told = imported.unwrap_err().to_string();
    assert!(told.contains("line 3: ") && told.contains("line 4: "), "{told}");
}

#[test]
fn a_file_of_no_form_is_refused() {
    for (name, bytes) in [
        ("prices.xlsx", &b"PK"[..]),
        ("prices.json", b"{}"),
        ("prices.json", b"[1"),
        ("prices.toml", b"row = 1"),
        ("prices.csv", b"a,b\n1,2,3\n"),
        ("prices.csv", b"province\n\xff\xff\n"),
        ("prices.csv", b""),
    ] {
        let (imported, written) = import(name, bytes);
        assert!(imported.is_err(), "{name} {bytes:?}");
        assert_eq!(written, 0);
    }
    assert!(read_prices(Path::new("/no/such/file.json")).is_err());
}

#[test]
fn a_month_is_not_written_over_by_accident() {
    let folder = tempfile::tempdir().unwrap();
    let read = |text: &str| {
        let file = folder.path().join("prices.csv");
        std::fs::write(&file, text).unwrap();
        PriceImport::read(&file, Gaps::Refuse).unwrap()
    };
    let first = read(&format!("{HEADER}\n{GOOD}\n"));
    first.write(folder.path(), false).unwrap();
    first.write(folder.path(), false).unwrap();
    let other = read(&format!("{HEADER}\n{}\n", GOOD.replace("0.95", "0.96")));
    assert!(matches!(other.write(folder.path(), false), Err(ImportError::Exists { .. })));
    let there = || std::fs::read_to_string(folder.path().join("sgcc-jiangsu/prices_2026_09.toml")).unwrap();
    assert_eq!(there(), first.files[0].1);
    other.write(folder.path(), true).unwrap();
    assert_eq!(there(), other.files[0].1);
}
