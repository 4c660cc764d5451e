//! Where every row stands, in a few bytes each: rebuilt from the journal, kept up to date while the run goes on.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::answered::{Answered, Outcome};

/// How a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its turn has not come.
    Open,
    /// Its intent is durable and no usable answer is.
    Unanswered,
    /// It was answered.
    Answered(Outcome),
}

/// A row of the ledger.
#[derive(Debug, Clone, Copy)]
struct Entry {
    state: State,
    /// An index into the codes.
    code: u8,
}

/// How all rows stand.
#[derive(Debug)]
pub struct Ledger {
    entries: Vec<Entry>,
    codes: Vec<String>,
    /// Where the answers stand in the journal, if it was read.
    places: Vec<u64>,
    /// The first intent of each row that has no usable answer.
    since: HashMap<u32, Timestamp>,
    /// The rounds of rows that are not in their first.
    rounds: HashMap<u32, u32>,
}

impl Ledger {
    /// A ledger of rows whose turn has not come.
    #[must_use]
    pub fn new(rows: u32) -> Self {
        let open = Entry {
            state: State::Open,
            code: 0,
        };
        Self {
            entries: vec![open; rows as usize],
            codes: vec![String::new()],
            places: Vec::new(),
            since: HashMap::new(),
            rounds: HashMap::new(),
        }
    }

    fn entry(&mut self, row: u32) -> Option<&mut Entry> {
        self.entries.get_mut((row as usize).checked_sub(1)?)
    }

    /// How a row stands.
    #[must_use]
    pub fn state(&self, row: u32) -> State {
        let at = (row as usize).wrapping_sub(1);
        self.entries
            .get(at)
            .map_or(State::Open, |entry| entry.state)
    }

    /// The round that a row is in.
    #[must_use]
    pub fn round(&self, row: u32) -> u32 {
        self.rounds.get(&row).copied().unwrap_or(0)
    }

    /// Since when a row has been waiting for a usable answer.
    #[must_use]
    pub fn since(&self, row: u32) -> Option<Timestamp> {
        self.since.get(&row).copied()
    }

    /// Where in the journal a row's answer begins.
    #[must_use]
    pub fn place(&self, row: u32) -> Option<u64> {
        self.places.get((row as usize).checked_sub(1)?).copied()
    }

    /// Notes that a row is about to be sent.
    pub fn intend(&mut self, row: u32, round: u32, at: Timestamp) {
        if round != self.round(row) {
            self.rounds.insert(row, round);
            self.since.remove(&row);
        }
        self.since.entry(row).or_insert(at);
        if let Some(entry) = self.entry(row) {
            entry.state = State::Unanswered;
            entry.code = 0;
        }
    }

    /// Notes that a row was not sent after all.
    pub fn withdraw(&mut self, row: u32) {
        self.since.remove(&row);
        if let Some(entry) = self.entry(row) {
            entry.state = State::Open;
        }
    }

    /// Notes what became of a row.
    pub fn answer(&mut self, row: u32, answered: &Answered) {
        if answered.outcome == Outcome::Unanswered {
            return;
        }
        self.since.remove(&row);
        let code = self.code(&answered.code);
        if let Some(entry) = self.entry(row) {
            entry.state = State::Answered(answered.outcome);
            entry.code = code;
        }
    }

    /// Remembers where in the journal a row's answer begins.
    pub fn remember(&mut self, row: u32, place: u64) {
        self.places.resize(self.entries.len(), 0);
        if let Some(kept) = (row as usize)
            .checked_sub(1)
            .and_then(|at| self.places.get_mut(at))
        {
            *kept = place;
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

    /// Counts rows by how they stand.
    #[must_use]
    pub fn count(&self, state: State) -> u64 {
        self.entries
            .iter()
            .filter(|entry| entry.state == state)
            .count() as u64
    }

    /// Counts answered rows by response code.
    #[must_use]
    pub fn codes(&self) -> BTreeMap<String, u64> {
        let mut counts = vec![0_u64; self.codes.len()];
        for entry in &self.entries {
            if matches!(entry.state, State::Answered(_)) {
                counts[usize::from(entry.code)] += 1;
            }
        }
        let named = self.codes.iter().cloned().zip(counts);
        named.filter(|(_, count)| *count > 0).collect()
    }

    /// The rows without a usable answer, and since when.
    #[must_use]
    pub fn unanswered(&self) -> BTreeMap<u32, Timestamp> {
        self.since.iter().map(|(row, at)| (*row, *at)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(outcome: Outcome, code: &str) -> Answered {
        Answered {
            outcome,
            code: code.to_owned(),
            ..Answered::unanswered(String::new())
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_row_waits_from_its_first_intent_until_an_answer() {
        let mut ledger = Ledger::new(2);
        ledger.intend(1, 0, at(10));
        ledger.intend(1, 0, at(20));
        ledger.answer(1, &answered(Outcome::Unanswered, "OUTCOME_UNKNOWN"));
        assert_eq!(ledger.state(1), State::Unanswered);
        assert_eq!(ledger.since(1), Some(at(10)));
        ledger.answer(1, &answered(Outcome::Done, "OK"));
        assert_eq!(ledger.since(1), None);
        assert_eq!(ledger.codes(), BTreeMap::from([("OK".to_owned(), 1)]));
    }

    #[test]
    fn a_new_round_waits_from_its_own_intent_and_forgets_the_old_answer() {
        let mut ledger = Ledger::new(1);
        ledger.intend(1, 0, at(10));
        ledger.answer(1, &answered(Outcome::Refused, "BAD_REQUEST"));
        ledger.intend(1, 1, at(99));
        assert_eq!((ledger.round(1), ledger.since(1)), (1, Some(at(99))));
        assert!(ledger.codes().is_empty());
    }

    #[test]
    fn a_withdrawn_row_is_open_again() {
        let mut ledger = Ledger::new(1);
        ledger.intend(1, 0, at(10));
        ledger.withdraw(1);
        assert_eq!(
            (ledger.state(1), ledger.count(State::Open)),
            (State::Open, 1)
        );
        assert!(ledger.unanswered().is_empty());
    }

    #[test]
    fn more_codes_than_a_byte_counts_are_not_lost() {
        let mut ledger = Ledger::new(400);
        for row in 1..=400 {
            ledger.answer(row, &answered(Outcome::Refused, &format!("CODE_{row}")));
        }
        assert_eq!(ledger.codes().values().sum::<u64>(), 400);
    }
}
