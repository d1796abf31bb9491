//! 聚类: which voices speak of the same thing. First what is nearly the same text, then what is of one topic: a voice is compared with the
//! last few that share one of its weightiest terms, so the work grows with the number of voices and not with its square.

use super::join::Joined;
use super::twins::join_twins;
use super::words::{Profile, Voice, Weighing, Word, profiles};
use serde::Deserialize;
use std::collections::HashMap;

/// 聚类规则: how alike voices are that speak of the same thing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Likeness {
    /// Thousandths of their word pairs that two texts of one wording have in common.
    pub twin_permille: u32,
    /// Thousandths of likeness of two voices of one topic.
    pub topic_permille: u32,
    /// Thousandths of likeness in their words that are no names: of one place is not yet of one matter.
    pub matter_permille: u32,
    /// Thousandths of likeness to the whole that a voice keeps, or it leaves the topic again.
    pub core_permille: u32,
    /// Thousandths of likeness of the middles of two topics that are one, in the whole and in what is no name.
    pub middle_permille: u32,
    /// Days that may lie between two voices that are linked.
    pub gap_days: i32,
    /// A term of the heading weighs so many times as much.
    pub heading_times: u32,
    /// A term that more than one in so many voices use says nothing.
    pub common_one_in: u32,
    /// Terms that are kept of a voice.
    pub terms: usize,
    /// Terms that a voice is looked up by.
    pub keys: usize,
    /// Voices that it is compared with for each of them.
    pub compared: usize,
}

impl Likeness {
    fn is_one_topic(&self, a: &Profile, b: &Profile) -> bool {
        let alike = a.alike(b);
        alike.whole >= self.topic_permille && alike.matter >= self.matter_permille
    }

    /// One without any term of its own is there for its wording alone.
    fn is_of_core(&self, of: &Profile, middle: &Profile) -> bool {
        let alike = of.alike(middle);
        of.square == 0 || (alike.whole >= self.core_permille && alike.matter >= self.matter_permille)
    }
}

/// How often a set is parted: what is then left is like no middle, and to look at it for ever would cost the square of its size.
const ROUNDS: usize = 8;

/// Sets of at least two voices that speak of the same thing, each in the order given, by their places in `voices`. The order of the sets
/// is that of their first voices.
#[must_use]
pub fn topics(voices: &[Voice], how: &Likeness) -> Vec<Vec<usize>> {
    let mut joined = Joined::new(voices.len());
    join_twins(voices, how.twin_permille, &mut joined);
    let weighing =
        Weighing { terms: how.terms, keys: how.keys, heading: how.heading_times, common: how.common_one_in };
    let profiles = profiles(voices, weighing);
    link(voices, &profiles, how, &mut joined);
    let mut sets = Vec::new();
    for set in joined.sets(2) {
        cores(&set, &profiles, how, &mut sets);
    }
    let mut sets = merged(&sets, &profiles, how);
    sets.sort_unstable_by_key(|set| set[0]);
    sets
}

/// Sets whose middles are alike are one: no two of their voices were near enough, but what all of them say is.
fn merged(sets: &[Vec<usize>], profiles: &[Profile], how: &Likeness) -> Vec<Vec<usize>> {
    let middles: Vec<Profile> = sets.iter().map(|set| middle(set, profiles, how.terms)).collect();
    let mut joined = Joined::new(sets.len());
    let mut seen: HashMap<Word, Vec<usize>> = HashMap::new();
    for (at, middle) in middles.iter().enumerate() {
        for key in middle.heaviest(how.keys) {
            let bucket = seen.entry(key).or_default();
            for other in bucket.iter().rev().take(how.compared) {
                let alike = middle.alike(&middles[*other]);
                if alike.whole >= how.middle_permille && alike.matter >= how.middle_permille {
                    joined.join(*other, at);
                }
            }
            bucket.push(at);
        }
    }
    let together = |of: Vec<usize>| {
        let mut set: Vec<usize> = of.into_iter().flat_map(|at| sets[at].iter().copied()).collect();
        set.sort_unstable();
        set
    };
    joined.sets(1).into_iter().map(together).collect()
}

/// Single link: each voice with the last few of each of its keys.
fn link(voices: &[Voice], profiles: &[Profile], how: &Likeness, joined: &mut Joined) {
    let mut order: Vec<usize> = (0..voices.len()).collect();
    order.sort_by_key(|at| voices[*at].day);
    let mut seen: HashMap<Word, Vec<u32>> = HashMap::new();
    for at in order {
        let (voice, profile) = (&voices[at], &profiles[at]);
        for key in &profile.keys {
            let bucket = seen.entry(*key).or_default();
            for other in bucket.iter().rev().take(how.compared) {
                let other = *other as usize;
                if voice.day - voices[other].day > how.gap_days {
                    break;
                }
                if !joined.are_joined(other, at) && how.is_one_topic(profile, &profiles[other]) {
                    joined.join(other, at);
                }
            }
            bucket.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
    }
}

/// A chain of links may lead from one thing to another. So a set is read once more: what is not like its middle is taken out, and forms a set
/// of its own where it belongs together.
fn cores(set: &[usize], profiles: &[Profile], how: &Likeness, sets: &mut Vec<Vec<usize>>) {
    let mut left = set.to_vec();
    for _ in 0..ROUNDS {
        if left.len() < 2 {
            return;
        }
        let middle = middle(&left, profiles, how.terms);
        let (core, out): (Vec<usize>, Vec<usize>) =
            left.iter().partition(|at| how.is_of_core(&profiles[**at], &middle));
        if core.len() >= 2 {
            sets.push(core.clone());
        }
        // Nobody is like the middle, or everybody: there is nothing more to part.
        if core.is_empty() || out.is_empty() {
            return;
        }
        left = out;
    }
}

/// The middle of a set: the terms that most of its weight lies on.
fn middle(set: &[usize], profiles: &[Profile], terms: usize) -> Profile {
    let mut sums: HashMap<Word, u64> = HashMap::new();
    for at in set {
        for (term, weight) in &profiles[*at].terms {
            *sums.entry(*term).or_default() += u64::from(*weight);
        }
    }
    let mut kept: Vec<(Word, u64)> = sums.into_iter().collect();
    kept.sort_unstable_by_key(|(term, sum)| (std::cmp::Reverse(*sum), *term));
    kept.truncate(terms);
    kept.sort_unstable();
    let count = set.len() as u64;
    let kept: Vec<(Word, u32)> = kept
        .into_iter()
        .map(|(term, sum)| (term, u32::try_from(sum / count.max(1)).unwrap_or(u32::MAX)))
        .collect();
    Profile::of(kept)
}
