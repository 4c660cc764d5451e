//! Counts by name, with a bound: what a file names must not fill the memory. Pure.

use std::collections::BTreeMap;

/// Names that are counted one by one.
pub const MOST_NAMES: usize = 10_000;
/// Under what the others are counted.
pub const OTHERS: &str = "(others)";

/// What is counted under a name.
pub fn under<'c, T: Default>(counts: &'c mut BTreeMap<String, T>, name: &str) -> &'c mut T {
    let is_full = counts.len() >= MOST_NAMES && !counts.contains_key(name);
    let name = if is_full { OTHERS } else { name };
    counts.entry(name.to_owned()).or_default()
}
