//! Every kind of case: the examples of `docs/quote`, the published cases as a table, and the shared file of worked examples.

use super::*;

mod examples;
mod table;
mod worked;

fn answer(case: &serde_json::Value) -> Quote {
    let case = Case::from_json(&case.to_string()).unwrap_or_else(|e| panic!("{case}: {e}"));
    case.answer(&Rulebook::embedded()).unwrap_or_else(|e| panic!("{case:?}: {e}"))
}

fn amounts(quote: &Quote) -> Vec<String> {
    quote.items.iter().map(|item| item.amount.to_string()).collect()
}
