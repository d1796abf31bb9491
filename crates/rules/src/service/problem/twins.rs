//! 重复诉求: texts that are nearly the same, found by MinHash without comparing each with each.

use super::join::Joined;
use super::words::{Voice, Word, mix, pair};
use std::collections::HashMap;

/// Rows of a band: two texts meet in a band when all its rows agree.
const ROWS: usize = 4;
/// Bands: one meeting makes a candidate.
const BANDS: usize = 8;
/// The seed of the hash functions.
const SEED: u64 = 0x6465_6e67_6875_6f21;
/// Texts of one bucket that a further one is compared with.
const FEW: usize = 4;

/// The shingles of a text: pairs of words, each once, in order.
fn shingles(voice: &Voice) -> Vec<Word> {
    let mut all: Vec<Word> = match voice.words.as_slice() {
        [only] => vec![*only],
        words => words.windows(2).map(|two| pair(two[0], two[1])).collect(),
    };
    all.sort_unstable();
    all.dedup();
    all
}

/// The least value that each of the hash functions takes on the shingles.
fn sketch(shingles: &[Word]) -> [u64; ROWS * BANDS] {
    let mut least = [u64::MAX; ROWS * BANDS];
    for shingle in shingles {
        let (a, b) = (mix(shingle ^ SEED), mix(shingle.wrapping_add(SEED)) | 1);
        for (at, value) in (0_u64..).zip(least.iter_mut()) {
            *value = (*value).min(a.wrapping_add(b.wrapping_mul(at)));
        }
    }
    least
}

/// Joins what is nearly the same: `same_permille` of the shingles of both are common.
pub(super) fn join_twins(voices: &[Voice], same_permille: u32, joined: &mut Joined) {
    let mut exact: HashMap<u64, usize> = HashMap::new();
    let mut buckets: HashMap<(u8, u64), Vec<u32>> = HashMap::new();
    let mut kept: Vec<Vec<Word>> = vec![Vec::new(); voices.len()];
    for (at, voice) in voices.iter().enumerate() {
        let text = shingles(voice);
        if text.is_empty() {
            continue;
        }
        let whole = text.iter().fold(SEED, |hash, shingle| pair(hash, *shingle));
        if let Some(first) = exact.get(&whole) {
            joined.join(*first, at);
            continue;
        }
        exact.insert(whole, at);
        let sketch = sketch(&text);
        kept[at] = text;
        for (band, rows) in (0_u8..).zip(sketch.chunks(ROWS)) {
            let key = rows.iter().fold(SEED, |hash, row| pair(hash, *row));
            let bucket = buckets.entry((band, key)).or_default();
            for other in bucket.iter().rev().take(FEW) {
                let other = *other as usize;
                if !joined.are_joined(other, at) && jaccard(&kept[other], &kept[at]) >= same_permille {
                    joined.join(other, at);
                }
            }
            bucket.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
    }
}

/// What two sorted sets have in common, in thousandths of what they have together.
fn jaccard(a: &[Word], b: &[Word]) -> u32 {
    let (mut i, mut j, mut common) = (0, 0, 0_usize);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                common += 1;
                i += 1;
                j += 1;
            }
        }
    }
    let union = (a.len() + b.len() - common).max(1);
    u32::try_from(common * 1_000 / union).unwrap_or(1_000)
}
