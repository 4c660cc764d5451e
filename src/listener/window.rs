//! A map that remembers only so much: what was used longest ago is forgotten first. Pure.

use std::collections::{BTreeMap, HashMap};

/// Values by key, at most `capacity` of them.
#[derive(Debug)]
pub struct Window<V> {
    capacity: usize,
    values: HashMap<u128, (V, u64)>,
    /// When each key was last used, the oldest first.
    uses: BTreeMap<u64, u128>,
    clock: u64,
}

impl<V> Window<V> {
    /// Makes an empty one; a capacity of zero counts as one.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            values: HashMap::new(),
            uses: BTreeMap::new(),
            clock: 0,
        }
    }

    /// Puts a value in, and returns the one that was there.
    pub fn put(&mut self, key: u128, value: V) -> Option<V> {
        self.clock += 1;
        let old = self.values.insert(key, (value, self.clock));
        self.uses.insert(self.clock, key);
        if let Some((_, used)) = &old {
            self.uses.remove(used);
        } else if self.values.len() > self.capacity
            && let Some((_, oldest)) = self.uses.pop_first()
        {
            self.values.remove(&oldest);
        }
        old.map(|(value, _)| value)
    }

    /// Returns a value, without counting that as a use.
    #[must_use]
    pub fn get(&self, key: u128) -> Option<&V> {
        self.values.get(&key).map(|(value, _)| value)
    }
}
