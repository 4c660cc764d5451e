//! The state of every row, in a few bytes each: rebuilt from the journal, kept up to date while the run goes on; and their sums.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde::Serialize;

use super::outcome::{Outcome, RowResult};

/// The state of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// Not begun.
    Open,
    /// Its intent is durable and no usable answer is.
    Unanswered,
    /// It was answered.
    Answered(Outcome),
}

/// A row in the table.
#[derive(Debug, Clone, Copy)]
struct Entry {
    state: RowState,
    /// An index into the codes.
    code: u8,
}

/// The states of all rows.
#[derive(Debug)]
pub struct RowStates {
    entries: Vec<Entry>,
    codes: Vec<String>,
    /// The offsets of the answers in the journal, if it was read.
    offsets: Vec<u64>,
    /// The first intent of each row that has no usable answer.
    since: HashMap<u32, Timestamp>,
    /// The rounds of rows that are not in their first.
    rounds: HashMap<u32, u32>,
}

impl RowStates {
    /// No row is begun.
    pub fn new(rows: u32) -> Self {
        let open = Entry {
            state: RowState::Open,
            code: 0,
        };
        Self {
            entries: vec![open; rows as usize],
            codes: vec![String::new()],
            offsets: Vec::new(),
            since: HashMap::new(),
            rounds: HashMap::new(),
        }
    }

    fn entry(&mut self, row: u32) -> Option<&mut Entry> {
        self.entries.get_mut((row as usize).checked_sub(1)?)
    }

    /// The state of a row.
    pub fn state(&self, row: u32) -> RowState {
        let at = (row as usize).wrapping_sub(1);
        self.entries
            .get(at)
            .map_or(RowState::Open, |entry| entry.state)
    }

    /// The round that a row is in.
    pub fn round(&self, row: u32) -> u32 {
        self.rounds.get(&row).copied().unwrap_or(0)
    }

    /// Since when a row has been waiting for a usable answer.
    pub fn since(&self, row: u32) -> Option<Timestamp> {
        self.since.get(&row).copied()
    }

    /// The offset of a row's answer in the journal.
    pub fn offset(&self, row: u32) -> Option<u64> {
        self.offsets.get((row as usize).checked_sub(1)?).copied()
    }

    /// Notes that a row is about to be sent.
    pub fn intend(&mut self, row: u32, round: u32, at: Timestamp) {
        if round != self.round(row) {
            self.rounds.insert(row, round);
            self.since.remove(&row);
        }
        self.since.entry(row).or_insert(at);
        if let Some(entry) = self.entry(row) {
            entry.state = RowState::Unanswered;
            entry.code = 0;
        }
    }

    /// Notes that a row was not sent after all.
    pub fn withdraw(&mut self, row: u32) {
        self.since.remove(&row);
        if let Some(entry) = self.entry(row) {
            entry.state = RowState::Open;
        }
    }

    /// Notes what became of a row.
    pub fn answer(&mut self, row: u32, result: &RowResult) {
        if result.outcome == Outcome::Unanswered {
            return;
        }
        self.since.remove(&row);
        let code = self.code(&result.code);
        if let Some(entry) = self.entry(row) {
            entry.state = RowState::Answered(result.outcome);
            entry.code = code;
        }
    }

    /// Keeps the offset of a row's answer in the journal.
    pub fn keep_offset(&mut self, row: u32, offset: u64) {
        self.offsets.resize(self.entries.len(), 0);
        let at = (row as usize).checked_sub(1);
        if let Some(kept) = at.and_then(|at| self.offsets.get_mut(at)) {
            *kept = offset;
        }
    }

    /// The index of a code; codes beyond 255 share the last.
    fn code(&mut self, code: &str) -> u8 {
        let found = self.codes.iter().position(|known| known == code);
        let index = found.unwrap_or_else(|| {
            if u8::try_from(self.codes.len()).is_ok() {
                self.codes.push(code.to_owned());
            }
            self.codes.len() - 1
        });
        u8::try_from(index).unwrap_or(u8::MAX)
    }

    /// Counts the rows in a state.
    pub fn count(&self, state: RowState) -> u64 {
        self.entries
            .iter()
            .filter(|entry| entry.state == state)
            .count() as u64
    }

    /// Counts answered rows by response code.
    pub fn codes(&self) -> BTreeMap<String, u64> {
        let mut counts = vec![0_u64; self.codes.len()];
        for entry in &self.entries {
            if matches!(entry.state, RowState::Answered(_)) {
                counts[usize::from(entry.code)] += 1;
            }
        }
        let named = self.codes.iter().cloned().zip(counts);
        named.filter(|(_, count)| *count > 0).collect()
    }

    /// The rows without a usable answer, and since when.
    pub fn unanswered(&self) -> BTreeMap<u32, Timestamp> {
        self.since.iter().map(|(row, at)| (*row, *at)).collect()
    }
}

/// Rows by their state, of one journal or of several.
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
    /// Not begun.
    pub open: u64,
    /// Answered rows by response code.
    pub codes: BTreeMap<String, u64>,
}

impl Summary {
    /// Counts rows, of an input that may have more than the shard.
    pub fn of(states: &RowStates, in_shard: u32) -> Self {
        let answered = |outcome| states.count(RowState::Answered(outcome));
        let mut summary = Self {
            rows: in_shard.into(),
            done: answered(Outcome::Done),
            refused: answered(Outcome::Refused),
            unclear: answered(Outcome::Unclear),
            unanswered: states.count(RowState::Unanswered),
            open: 0,
            codes: states.codes(),
        };
        let begun = summary.answered() + summary.unanswered;
        summary.open = summary.rows.saturating_sub(begun);
        summary
    }

    /// The rows that were answered.
    pub fn answered(&self) -> u64 {
        self.done + self.refused + self.unclear
    }

    /// The rows that another run leaves out.
    pub fn finished(&self, retry_failed: bool) -> u64 {
        if retry_failed {
            self.done
        } else {
            self.answered()
        }
    }

    /// Whether every row was done.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(outcome: Outcome, code: &str) -> RowResult {
        RowResult {
            outcome,
            code: code.to_owned(),
            ..RowResult::unanswered(String::new())
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_row_waits_from_its_first_intent_until_an_answer() {
        let mut states = RowStates::new(2);
        states.intend(1, 0, at(10));
        states.intend(1, 0, at(20));
        states.answer(1, &answered(Outcome::Unanswered, "OUTCOME_UNKNOWN"));
        assert_eq!(states.state(1), RowState::Unanswered);
        assert_eq!(states.since(1), Some(at(10)));
        states.answer(1, &answered(Outcome::Done, "OK"));
        assert_eq!(states.since(1), None);
        assert_eq!(states.codes(), BTreeMap::from([("OK".to_owned(), 1)]));
    }

    #[test]
    fn a_new_round_waits_from_its_own_intent_and_forgets_the_old_answer() {
        let mut states = RowStates::new(1);
        states.intend(1, 0, at(10));
        states.answer(1, &answered(Outcome::Refused, "BAD_REQUEST"));
        states.intend(1, 1, at(99));
        assert_eq!((states.round(1), states.since(1)), (1, Some(at(99))));
        assert!(states.codes().is_empty());
    }

    #[test]
    fn a_withdrawn_row_is_open_again() {
        let mut states = RowStates::new(1);
        states.intend(1, 0, at(10));
        states.withdraw(1);
        assert_eq!(
            (states.state(1), states.count(RowState::Open)),
            (RowState::Open, 1)
        );
        assert!(states.unanswered().is_empty());
    }

    #[test]
    fn more_codes_than_a_byte_counts_are_not_lost() {
        let mut states = RowStates::new(400);
        for row in 1..=400 {
            states.answer(row, &answered(Outcome::Refused, &format!("CODE_{row}")));
        }
        assert_eq!(states.codes().values().sum::<u64>(), 400);
    }
}
