//! Protective topics: of all the rules that apply, the strictest value wins, and it is known which rule gave it.

use super::Picked;

/// Which value of a protective rule is the stricter one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stricter {
    /// The larger, such as days of notice.
    Larger,
    /// The smaller, such as hours until power is restored.
    Smaller,
}

/// A value together with the rule that gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruled<V> {
    /// The value.
    pub value: V,
    /// The rule's id.
    pub rule: String,
}

/// The strictest value among the applicable rules; rules that do not set it are passed over. Of equal values the most
/// general rule is named.
#[must_use]
pub fn strictest<T, V: Ord>(
    rules: &[Picked<'_, T>],
    stricter: Stricter,
    value: impl Fn(&T) -> Option<V>,
) -> Option<Ruled<V>> {
    let mut best: Option<Ruled<V>> = None;
    for picked in rules {
        let Some(value) = value(&picked.params) else { continue };
        let better = best.as_ref().is_none_or(|best| match stricter {
            Stricter::Larger => value > best.value,
            Stricter::Smaller => value < best.value,
        });
        if better {
            best = Some(Ruled { value, rule: picked.rule.id.clone() });
        }
    }
    best
}
