//! 随机: histories drawn from a seed, so that a failure can be played again, and their steps counted.

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use std::cell::Cell;

/// Plays so many histories of a seed; gives the number of steps of all of them, which `play` counts. `DENGHUO_SEED` draws others.
pub fn played<S: Strategy>(seed: u8, cases: u32, histories: &S, play: impl Fn(S::Value) -> u64) -> u64 {
    let other = std::env::var("DENGHUO_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0_u8);
    let mut bytes = [seed; 32];
    bytes[0] = other;
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let steps = Cell::new(0);
    let ended = TestRunner::new_with_rng(config, rng).run(histories, |history| {
        steps.set(steps.get() + play(history));
        Ok(())
    });
    if let Err(found) = ended {
        panic!("seed {seed}: {found}");
    }
    eprintln!("seed {seed}: {cases} histories, {} steps", steps.get());
    steps.get()
}
