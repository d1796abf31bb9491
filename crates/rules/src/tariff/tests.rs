//! Price tables, periods, import and recomputation.

use super::*;
use crate::rulebook::{Rulebook, SiteProfile};

mod import;
mod lookup;
mod recomputation;
mod time_of_use;

/// A file of the shared real data; `None`, and a printed note, where the data is not there.
fn shared(path: &str) -> Option<String> {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(path);
    let text = std::fs::read_to_string(&file).ok();
    if text.is_none() {
        eprintln!("skipped: {} is not there", file.display());
    }
    text
}

fn tables(province: &str) -> PriceTables {
    PriceTables::compile(&Rulebook::embedded(), &SiteProfile::company(province).selector()).unwrap()
}
