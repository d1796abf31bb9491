//! 随机: lots drawn from the seed. Every thing that is drawn has a stream of its own, so the order of work changes nothing.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// What a stream is about.
#[derive(Clone, Copy, Debug)]
pub enum Topic {
    /// Who an account is and how it is supplied.
    Account = 1,
    /// What it uses on a day.
    Usage = 2,
    /// What goes wrong in a month.
    Fault = 3,
    /// How it pays.
    Payment = 4,
    /// What becomes of a paper at its door.
    Post = 5,
    /// What a picture shows.
    Picture = 6,
    /// Whose telephone is dead.
    Phone = 7,
}

/// Lots of one stream.
pub struct Lots(ChaCha8Rng);

impl Lots {
    /// The stream of a topic for a thing, and for a day or month of it (0 where time plays no part).
    #[must_use]
    pub fn of(seed: u64, topic: Topic, thing: i64, time: i64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ ((topic as u64) << 56));
        rng.set_stream((thing as u64) << 32 | (time as u64 & 0xFFFF_FFFF));
        Self(rng)
    }

    /// A whole number, both ends inclusive.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// True so many times in a thousand.
    pub fn per_mille(&mut self, chance: i64) -> bool {
        self.between(0, 999) < chance
    }

    /// One of several.
    ///
    /// # Panics
    /// When there is nothing to choose from.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.0.random_range(0..from.len())]
    }

    /// One of several by weight.
    ///
    /// # Panics
    /// When the weights are empty or sum to nothing.
    pub fn weighted<'a, T>(&mut self, from: &'a [(i64, T)]) -> &'a T {
        let mut left = self.between(1, from.iter().map(|(weight, _)| weight).sum());
        for (weight, item) in from {
            left -= weight;
            if left <= 0 {
                return item;
            }
        }
        &from[from.len() - 1].1
    }
}
