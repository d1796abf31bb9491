//! Sets that grow together (union-find); the least member names a set, so that the order of joining does not matter.

/// Which of some things belong together.
#[derive(Clone, Debug)]
pub(super) struct Joined {
    parent: Vec<u32>,
}

impl Joined {
    /// Each for itself.
    pub fn new(count: usize) -> Self {
        Self { parent: (0..u32::try_from(count).unwrap_or(u32::MAX)).collect() }
    }

    /// The least of the set that one belongs to.
    pub fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] as usize != at {
            self.parent[at] = self.parent[self.parent[at] as usize];
            at = self.parent[at] as usize;
        }
        at
    }

    /// Do two belong together?
    pub fn are_joined(&mut self, a: usize, b: usize) -> bool {
        self.root(a) == self.root(b)
    }

    /// Makes two belong together.
    pub fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let (least, other) = (a.min(b), a.max(b));
        self.parent[other] = self.parent[least];
    }

    /// The sets with at least so many members, each in order.
    pub fn sets(&mut self, least: usize) -> Vec<Vec<usize>> {
        let mut sets: Vec<Vec<usize>> = vec![Vec::new(); self.parent.len()];
        for at in 0..self.parent.len() {
            let root = self.root(at);
            sets[root].push(at);
        }
        sets.retain(|set| set.len() >= least.max(1));
        sets
    }
}
