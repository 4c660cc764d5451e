//! The order of rows that are about one thing: which rows come before a row, and the rows that wait for one of them.
//! Knows neither requests nor files.

use std::collections::{HashMap, HashSet};

use super::row::InputRow;

/// A thing that a row is about, as short as a million of them must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touch {
    thing: u64,
    row: u32,
    /// A part of the hash of what the row asks for.
    asks: u32,
}

impl Touch {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a part of the hash will do"
    )]
    pub fn new(row: u32, (thing, asks): (u64, u64)) -> Self {
        let asks = asks as u32;
        Self { thing, row, asks }
    }
}

/// A row and the row before it.
pub type Link = (u32, u32);

/// Rows that must be done one after another, in the order of the input.
#[derive(Debug, Default)]
pub struct Chains {
    /// Sorted. A row that is about two things may have two rows before it.
    links: Vec<Link>,
}

impl Chains {
    /// Finds the rows that share a thing; and, of each that seems to ask for the very same as the one before it, both.
    pub fn new(mut touches: Vec<Touch>) -> (Self, Vec<Link>) {
        touches.sort_unstable();
        let (mut links, mut repeated) = (Vec::new(), Vec::new());
        for pair in touches.windows(2) {
            let (before, row) = (pair[0], pair[1]);
            if before.thing == row.thing && before.row != row.row {
                links.push((row.row, before.row));
                if before.asks == row.asks {
                    repeated.push((row.row, before.row));
                }
            }
        }
        for list in [&mut links, &mut repeated] {
            list.sort_unstable();
            list.dedup();
        }
        (Self { links }, repeated)
    }

    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// The links of a row to those right before it.
    pub fn before(&self, row: u32) -> &[Link] {
        let first = self.links.partition_point(|(after, _)| *after < row);
        let count = self.links[first..].partition_point(|(after, _)| *after == row);
        &self.links[first..first + count]
    }

    /// Each row of a chain with the first row of its chain.
    pub fn first_rows(&self) -> Vec<(u32, u32)> {
        let mut rows: Vec<_> = self
            .links
            .iter()
            .flat_map(|link| [link.0, link.1])
            .collect();
        rows.sort_unstable();
        rows.dedup();
        let place = |row| rows.partition_point(|one| *one < row);
        let mut parents: Vec<_> = (0..rows.len()).collect();
        for (row, before) in &self.links {
            let (a, b) = (place(*row), place(*before));
            let (a, b) = (root(&mut parents, a), root(&mut parents, b));
            parents[a.max(b)] = a.min(b);
        }
        let first = |at| rows[root(&mut parents, at)];
        let firsts: Vec<_> = (0..rows.len()).map(first).collect();
        rows.into_iter().zip(firsts).collect()
    }
}

/// The first of a set of places, each of which names an earlier one of its set.
fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

/// Whose turn a row's is.
#[derive(Debug, PartialEq, Eq)]
pub enum Turn {
    Its,
    /// That of a row before it, which this run is still to finish.
    Earlier(u32),
    /// This row before it is not done and will not be in this run.
    Nobodys(u32),
}

/// Rows that wait, in a run, for rows before them.
#[derive(Debug, Default)]
pub struct ChainQueue {
    /// Rows that the run has begun, or that wait.
    unfinished: HashSet<u32>,
    /// By the row for which they wait.
    waiting: HashMap<u32, Vec<InputRow>>,
    count: usize,
}

impl ChainQueue {
    /// Tells whether a row may be sent.
    pub fn turn(&self, before: &[Link], is_done: impl Fn(u32) -> bool) -> Turn {
        let mut turn = Turn::Its;
        for (_, before) in before {
            if is_done(*before) {
                continue;
            }
            if !self.unfinished.contains(before) {
                return Turn::Nobodys(*before);
            }
            turn = Turn::Earlier(*before);
        }
        turn
    }

    /// A row is on its way.
    pub fn begin(&mut self, row: u32) {
        self.unfinished.insert(row);
    }

    /// Keeps a row until another is finished.
    pub fn wait(&mut self, row: InputRow, before: u32) {
        self.unfinished.insert(row.number);
        self.waiting.entry(before).or_default().push(row);
        self.count += 1;
    }

    /// A row is finished, whatever came of it: these have waited for it.
    pub fn finish(&mut self, row: u32) -> Vec<InputRow> {
        self.unfinished.remove(&row);
        let freed = self.waiting.remove(&row).unwrap_or_default();
        self.count -= freed.len();
        freed
    }

    /// How many rows wait.
    pub fn len(&self) -> usize {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chains(touches: &[(u32, u64, u64)]) -> (Chains, Vec<Link>) {
        let touch = |(row, thing, asks): &(u32, u64, u64)| Touch::new(*row, (*thing, *asks));
        Chains::new(touches.iter().map(touch).collect())
    }

    #[test]
    fn rows_without_company_are_in_no_chain() {
        let (chains, repeated) = chains(&[(1, 10, 0), (2, 20, 0), (3, 30, 0), (3, 30, 0)]);
        assert!(chains.is_empty() && repeated.is_empty());
        assert!(chains.before(2).is_empty() && chains.first_rows().is_empty());
    }

    #[test]
    fn a_row_follows_the_one_before_it_of_each_thing() {
        let (chains, repeated) =
            chains(&[(1, 10, 1), (2, 20, 1), (3, 10, 2), (3, 20, 1), (4, 10, 3)]);
        assert_eq!(chains.before(3), [(3, 1), (3, 2)]);
        assert_eq!(chains.before(4), [(4, 3)]);
        assert_eq!(repeated, [(3, 2)]);
        let firsts: Vec<_> = chains.first_rows().iter().map(|row| row.1).collect();
        assert_eq!(firsts, [1; 4], "one chain by its third row");
    }

    #[test]
    fn a_row_waits_for_what_is_under_way_and_not_for_what_will_not_be_done() {
        let mut queue = ChainQueue::default();
        queue.begin(1);
        assert_eq!(queue.turn(&[(2, 1)], |_| false), Turn::Earlier(1));
        assert_eq!(queue.turn(&[(2, 1)], |_| true), Turn::Its);
        queue.finish(1);
        assert_eq!(queue.turn(&[(2, 1)], |_| false), Turn::Nobodys(1));
        queue.begin(1);
        assert_eq!(queue.turn(&[(3, 1), (3, 2)], |_| false), Turn::Nobodys(2));
    }

    proptest! {
        #[test]
        fn every_thing_is_touched_in_the_order_of_the_rows(things in prop::collection::vec(0_u64..8, 1..60)) {
            let touches: Vec<_> = (1..).zip(&things).map(|(row, thing)| (row, *thing, 0)).collect();
            let (chains, _) = chains(&touches);
            let firsts: HashMap<_, _> = chains.first_rows().into_iter().collect();
            for (row, thing) in (1_u32..).zip(&things) {
                let earlier = (1..row).filter(|one| things[*one as usize - 1] == *thing);
                let before: Vec<_> = chains.before(row).iter().map(|link| link.1).collect();
                prop_assert_eq!(earlier.clone().next_back().into_iter().collect::<Vec<_>>(), before);
                prop_assert_eq!(firsts.get(&row).copied().unwrap_or(row), earlier.min().unwrap_or(row));
            }
        }
    }
}
