//! 词: what a text is compared by. Words are known by their hashes, so nothing has to be remembered between two runs.

use std::collections::HashMap;

/// One word, or two that stand beside each other, by its hash. Its lowest bit says whether it is a name: of a place, a firm, a person.
pub type Word = u64;

/// Is it a name, or does it hold one?
pub(super) const fn is_name(word: Word) -> bool {
    word & 1 == 1
}

/// Fractions of a bit of information that weights are counted in.
const BIT: u64 = 256;

/// A word is weighed as if so many had spoken at least: among few voices, one that all of them use is not common yet.
const FEWEST: usize = 500;

/// 诉求: one thing that somebody said, as the desk compares it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Voice {
    /// The day on which it was said, counted from any fixed day.
    pub day: i32,
    /// Who said it: the same number is the same person.
    pub person: u64,
    /// How many others agreed.
    pub likes: u32,
    /// Its words in order, those of the heading first.
    pub words: Vec<Word>,
    /// How many of them are the heading's.
    pub heading: usize,
}

/// The hash of a word: FNV-1a, mixed once more so that every bit is as good as the others.
#[must_use]
pub fn word_of(text: &str, is_name: bool) -> Word {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (mix(hash) & !1) | u64::from(is_name)
}

/// A number that depends on every bit of another.
pub(super) const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Two words beside each other.
pub(super) const fn pair(a: Word, b: Word) -> Word {
    (mix(a.rotate_left(23) ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15)) & !1) | ((a | b) & 1)
}

/// log2 of `over / under` in fractions of a bit; 0 when it is not above one.
pub(super) fn log2(over: u64, under: u64) -> u64 {
    if under == 0 || over <= under {
        return 0;
    }
    // 32 binary places of the quotient, then a bit of the result for each squaring.
    let mut x = (u128::from(over) << 32) / u128::from(under);
    let whole = u64::from(x.ilog2() - 32);
    x >>= whole;
    let mut result = whole * BIT;
    let mut bit = BIT / 2;
    while bit > 0 {
        x = (x * x) >> 32;
        if x >= 2 << 32 {
            result += bit;
            x >>= 1;
        }
        bit /= 2;
    }
    result
}

/// What makes a voice: its weightiest terms, in order of the term, with their weights and the length of the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Profile {
    pub terms: Vec<(Word, u32)>,
    /// The terms that a voice is looked up by, the weightiest first.
    pub keys: Vec<Word>,
    /// Sum of the squares of the weights.
    pub square: u64,
    /// Of them, of the terms that are no names.
    pub square_of_matter: u64,
}

/// How alike two profiles are, in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Alike {
    /// In all their terms.
    pub whole: u32,
    /// In those that are no names: whether they speak of one matter, and not only of one place.
    pub matter: u32,
}

/// How voices are weighed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Weighing {
    /// Terms that are kept of one voice.
    pub terms: usize,
    /// Terms that it is looked up by.
    pub keys: usize,
    /// A term of the heading weighs so many times as much.
    pub heading: u32,
    /// A term that more than one in so many voices use says nothing.
    pub common: u32,
}

/// The profile of every voice: a term weighs what it tells, the rarer the more.
pub(super) fn profiles(voices: &[Voice], how: Weighing) -> Vec<Profile> {
    let mut used: HashMap<Word, u32> = HashMap::new();
    let mut terms = Vec::new();
    for voice in voices {
        terms_of(voice, how.heading, &mut terms);
        for (term, _) in &terms {
            *used.entry(*term).or_default() += 1;
        }
    }
    let all = voices.len().max(FEWEST);
    let most = all / how.common.max(1) as usize;
    let all = all as u64;
    let mut made = Vec::with_capacity(voices.len());
    for voice in voices {
        terms_of(voice, how.heading, &mut terms);
        let mut kept: Vec<(Word, u32)> = terms
            .iter()
            .filter_map(|(term, times)| {
                let used = used.get(term).copied().unwrap_or(1);
                let tells = used > 1 && used as usize <= most;
                tells.then(|| (*term, times * u32::try_from(log2(all, u64::from(used))).unwrap_or(u32::MAX)))
            })
            .collect();
        kept.sort_unstable_by_key(|(term, weight)| (std::cmp::Reverse(*weight), *term));
        kept.truncate(how.terms);
        let keys = kept.iter().take(how.keys).map(|(term, _)| *term).collect();
        kept.sort_unstable();
        made.push(Profile { keys, ..Profile::of(kept) });
    }
    made
}

/// The terms of a voice, each once, with how much its place makes it weigh.
fn terms_of(voice: &Voice, heading: u32, terms: &mut Vec<(Word, u32)>) {
    terms.clear();
    let weigh = |at: usize| if at < voice.heading { heading } else { 1 };
    for (at, word) in voice.words.iter().enumerate() {
        terms.push((*word, weigh(at)));
        if at > 0 && at != voice.heading {
            terms.push((pair(voice.words[at - 1], *word), weigh(at)));
        }
    }
    terms.sort_unstable_by_key(|(term, times)| (*term, std::cmp::Reverse(*times)));
    terms.dedup_by_key(|(term, _)| *term);
}

impl Profile {
    /// Of terms in their order.
    pub fn of(terms: Vec<(Word, u32)>) -> Self {
        let squared = |(_, weight): &(Word, u32)| u64::from(*weight) * u64::from(*weight);
        let square = terms.iter().map(squared).sum();
        let square_of_matter = terms.iter().filter(|(term, _)| !is_name(*term)).map(squared).sum();
        Self { terms, keys: Vec::new(), square, square_of_matter }
    }

    /// Its heaviest terms, the heaviest first.
    pub fn heaviest(&self, most: usize) -> Vec<Word> {
        let mut terms = self.terms.clone();
        terms.sort_unstable_by_key(|(term, weight)| (std::cmp::Reverse(*weight), *term));
        terms.into_iter().take(most).map(|(term, _)| term).collect()
    }

    /// How alike two are: the cosine of the angle between them.
    pub fn alike(&self, other: &Self) -> Alike {
        let (mut a, mut b) = (self.terms.iter().peekable(), other.terms.iter().peekable());
        let (mut common, mut of_matter) = (0_u64, 0_u64);
        while let (Some((term, weight)), Some((other_term, other_weight))) = (a.peek(), b.peek()) {
            match term.cmp(other_term) {
                std::cmp::Ordering::Less => _ = a.next(),
                std::cmp::Ordering::Greater => _ = b.next(),
                std::cmp::Ordering::Equal => {
                    let product = u64::from(*weight) * u64::from(*other_weight);
                    common += product;
                    if !is_name(*term) {
                        of_matter += product;
                    }
                    a.next();
                    b.next();
                }
            }
        }
        Alike {
            whole: cosine(common, self.square, other.square),
            matter: cosine(of_matter, self.square_of_matter, other.square_of_matter),
        }
    }
}

/// A product of two lengths as a share of them, in thousandths.
fn cosine(common: u64, a: u64, b: u64) -> u32 {
    let length = (u128::from(a) * u128::from(b)).isqrt();
    u32::try_from(u128::from(common) * 1_000 / length.max(1)).unwrap_or(1_000)
}
