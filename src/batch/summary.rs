//! Where the rows of one journal or of several stand, in numbers.

use std::collections::BTreeMap;

use serde::Serialize;

use super::answered::Outcome;
use super::ledger::{Ledger, State};

/// Rows by how they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Rows of the journal: those of its shard.
    pub rows: u64,
    /// Done by Bango.
    pub done: u64,
    /// Refused by Bango.
    pub refused: u64,
    /// Answered in a way that does not tell.
    pub unclear: u64,
    /// Sent, or about to be, without a usable answer.
    pub unanswered: u64,
    /// Their turn has not come.
    pub open: u64,
    /// Answered rows by response code.
    pub codes: BTreeMap<String, u64>,
}

impl Summary {
    /// Counts the rows of a ledger that has more rows than the shard.
    #[must_use]
    pub fn of(ledger: &Ledger, in_shard: u32) -> Self {
        let answered = |outcome| ledger.count(State::Answered(outcome));
        let mut summary = Self {
            rows: in_shard.into(),
            done: answered(Outcome::Done),
            refused: answered(Outcome::Refused),
            unclear: answered(Outcome::Unclear),
            unanswered: ledger.count(State::Unanswered),
            open: 0,
            codes: ledger.codes(),
        };
        let begun = summary.done + summary.refused + summary.unclear + summary.unanswered;
        summary.open = summary.rows.saturating_sub(begun);
        summary
    }

    /// Whether every row was done.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.done == self.rows
    }

    /// Adds the rows of another journal.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.done += other.done;
        self.refused += other.refused;
        self.unclear += other.unclear;
        self.unanswered += other.unanswered;
        self.open += other.open;
        for (code, count) in &other.codes {
            *self.codes.entry(code.clone()).or_default() += count;
        }
    }
}
