//! Papers on real fonts and the standard templates.

mod batches;
mod errors;
mod papers;

use denghuo_papers::Press;
use std::sync::LazyLock;

/// One press for all tests of this program: fonts are read once.
static PRESS: LazyLock<Press> = LazyLock::new(|| {
    Press::new(None).expect("install Debian's package fonts-noto-cjk; `cargo xtask test` does it")
});

/// The sample with some fields of its own.
fn sample(fields: &serde_json::Value) -> String {
    let mut sample: serde_json::Value = serde_json::from_str(PRESS.sample()).expect("sample.json is JSON");
    for (key, value) in fields.as_object().expect("an object") {
        sample[key] = value.clone();
    }
    sample.to_string()
}

/// The pages of a PDF, as another reader of PDFs counts them.
fn pages(pdf: &[u8]) -> usize {
    lopdf::Document::load_mem(pdf).expect("a PDF").page_iter().count()
}
