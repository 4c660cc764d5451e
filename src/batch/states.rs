//! The state of every row, in a byte: rebuilt from the journal, kept up to date while the run goes on; and their sums.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::outcome::{RowOutcome, RowResult};

/// The state of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// Not begun.
    Open,
    /// Its intent is durable and no usable answer is.
    Unanswered,
    Answered(RowOutcome),
}

/// The response code of results of more kinds than a byte can tell apart.
const OTHER: &str = "OTHER";

/// The first intent of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// By our clock.
    pub at: Timestamp,
    /// By how much the platform's clock was ahead of it, if that is known.
    pub ahead: Option<SignedDuration>,
}

/// The states of all rows.
#[derive(Debug)]
pub struct RowStates {
    /// For each row, which of the kinds it is.
    rows: Vec<u8>,
    /// States with response codes. The first is of rows that are not begun.
    kinds: Vec<(RowState, String)>,
    /// The offsets of the answers in the journal, if it was read.
    offsets: Vec<u64>,
    /// The first intent of each row that may have been acted on: unanswered, or unclear.
    since: HashMap<u32, Since>,
    /// By how much the platform's clock is ahead of ours, once an answer of this run has told it.
    clock: Option<SignedDuration>,
    /// How often rows were asked afresh, if they were.
    rounds: HashMap<u32, u32>,
    /// What rows were before their last intent, if they were begun: a withdrawal makes them that again.
    earlier: HashMap<u32, Earlier>,
    /// Rows that were not begun because another is not done.
    waits: HashMap<u32, u32>,
    /// Which failed rows are being asked again, by code; none at all if it is empty.
    campaign: Option<Vec<String>>,
    /// Rows that were begun in this campaign and are not done.
    asked: HashSet<u32>,
}

/// What a row was before an intent.
#[derive(Debug)]
struct Earlier {
    kind: u8,
    round: u32,
    since: Option<Since>,
}

fn index(row: u32) -> usize {
    (row as usize).wrapping_sub(1)
}

impl RowStates {
    /// No row is begun.
    pub fn new(rows: u32) -> Self {
        let other = [RowOutcome::Done, RowOutcome::Refused, RowOutcome::Unclear]
            .map(|outcome| (RowState::Answered(outcome), OTHER.to_owned()));
        let mut kinds = vec![
            (RowState::Open, String::new()),
            (RowState::Unanswered, String::new()),
        ];
        kinds.extend(other);
        Self {
            rows: vec![0; rows as usize],
            kinds,
            offsets: Vec::new(),
            since: HashMap::new(),
            clock: None,
            rounds: HashMap::new(),
            earlier: HashMap::new(),
            waits: HashMap::new(),
            campaign: None,
            asked: HashSet::new(),
        }
    }

    fn kind(&self, row: u32) -> u8 {
        self.rows.get(index(row)).copied().unwrap_or(0)
    }

    fn set(&mut self, row: u32, state: RowState, code: &str) {
        let is_it = |(known, name): &(RowState, String)| *known == state && name == code;
        let mut kind = self.kinds.iter().position(is_it);
        if kind.is_none() && u8::try_from(self.kinds.len()).is_ok() {
            kind = Some(self.kinds.len());
            self.kinds.push((state, code.to_owned()));
        }
        // The kinds begin with one for each state.
        let kind = kind.or_else(|| self.kinds.iter().position(|(known, _)| *known == state));
        if let Some(entry) = self.rows.get_mut(index(row)) {
            *entry = u8::try_from(kind.unwrap_or(0)).unwrap_or(0);
        }
    }

    pub fn state(&self, row: u32) -> RowState {
        self.kinds[usize::from(self.kind(row))].0
    }

    /// How often a row was asked afresh.
    pub fn round(&self, row: u32) -> u32 {
        self.rounds.get(&row).copied().unwrap_or(0)
    }

    /// Since when it has not been known what became of a row.
    pub fn since(&self, row: u32) -> Option<Since> {
        self.since.get(&row).copied()
    }

    /// An intent of this moment.
    pub fn intent(&self, at: Timestamp) -> Since {
        let ahead = self.clock;
        Since { at, ahead }
    }

    pub fn clock(&self) -> Option<SignedDuration> {
        self.clock
    }

    /// An answer told the platform's clock. Where it is not known how the clocks differed at an intent, they differed as they do now.
    pub fn tell_clock(&mut self, ahead: SignedDuration) {
        self.clock = Some(ahead);
        for since in self.since.values_mut() {
            since.ahead.get_or_insert(ahead);
        }
    }

    /// Another run begins: our clock may be another.
    pub fn forget_clock(&mut self) {
        self.clock = None;
    }

    /// Begins to ask failed rows again, each once: those with such a code, or all.
    pub fn begin_campaign(&mut self, codes: Vec<String>) {
        self.campaign = Some(codes);
        self.asked = HashSet::new();
    }

    /// Every failed row was asked again that was to be.
    pub fn end_campaign(&mut self) {
        self.campaign = None;
        self.asked = HashSet::new();
    }

    /// Whether rows with these codes are being asked again.
    pub fn is_in_campaign(&self, codes: &[String]) -> bool {
        self.campaign.as_deref() == Some(codes)
    }

    /// Whether a row was answered, did not succeed, and is to be asked again.
    pub fn is_to_be_asked(&self, row: u32) -> bool {
        let (state, code) = &self.kinds[usize::from(self.kind(row))];
        let is_failed =
            matches!(state, RowState::Answered(outcome) if *outcome != RowOutcome::Done);
        let is_wanted = |codes: &Vec<String>| {
            codes.is_empty() || codes.iter().any(|wanted| wanted.eq_ignore_ascii_case(code))
        };
        is_failed && self.campaign.as_ref().is_some_and(is_wanted) && !self.asked.contains(&row)
    }

    /// Whether a row is neither answered nor known not to be sent.
    pub fn has_unanswered(&self) -> bool {
        let is_unanswered = |kind: &u8| self.kinds[usize::from(*kind)].0 == RowState::Unanswered;
        self.rows.iter().any(is_unanswered)
    }

    /// The codes of rows that were answered and did not succeed.
    pub fn failed_codes(&self) -> BTreeSet<&str> {
        let used: HashSet<_> = self.rows.iter().collect();
        let kinds = (0_u8..)
            .zip(&self.kinds)
            .filter(|(kind, _)| used.contains(kind));
        kinds
            .filter(|(_, (state, _))| matches!(state, RowState::Answered(outcome) if *outcome != RowOutcome::Done))
            .map(|(_, (_, code))| code.as_str())
            .collect()
    }

    /// For which row a row waits that was not begun.
    pub fn waits_for(&self, row: u32) -> Option<u32> {
        self.waits.get(&row).copied()
    }

    /// Rows that were not begun because another is not done, and for which they wait.
    pub fn waiting(&self) -> BTreeMap<u32, u32> {
        self.waits
            .iter()
            .map(|(row, before)| (*row, *before))
            .collect()
    }

    /// A row was not begun because another is not done.
    pub fn wait(&mut self, row: u32, before: u32) {
        self.waits.insert(row, before);
    }

    /// The offset of a row's answer in the journal, if it has one: the header stands before all answers.
    pub fn offset(&self, row: u32) -> Option<u64> {
        let offset = self.offsets.get(index(row)).copied();
        offset.filter(|offset| *offset > 0)
    }

    /// A row is about to be sent.
    pub fn intend(&mut self, row: u32, round: u32, at: Timestamp) {
        self.waits.remove(&row);
        if self.campaign.is_some() {
            self.asked.insert(row);
        }
        let earlier = Earlier {
            kind: self.kind(row),
            round: self.round(row),
            since: self.since(row),
        };
        if earlier.kind == 0 {
            self.earlier.remove(&row);
        } else {
            self.earlier.insert(row, earlier);
        }
        if round != self.round(row) {
            self.rounds.insert(row, round);
            self.since.remove(&row);
        }
        let intent = self.intent(at);
        self.since.entry(row).or_insert(intent);
        self.set(row, RowState::Unanswered, "");
    }

    /// A row was not sent after all: it is what it was before its intent.
    pub fn withdraw(&mut self, row: u32) {
        self.asked.remove(&row);
        let earlier = self.earlier.remove(&row);
        let (kind, round, since) =
            earlier.map_or((0, 0, None), |was| (was.kind, was.round, was.since));
        if let Some(entry) = self.rows.get_mut(index(row)) {
            *entry = kind;
        }
        self.rounds.remove(&row);
        if round > 0 {
            self.rounds.insert(row, round);
        }
        self.since.remove(&row);
        if let Some(since) = since {
            self.since.insert(row, since);
        }
    }

    /// What became of a row.
    pub fn answer(&mut self, row: u32, result: &RowResult) {
        self.earlier.remove(&row);
        if matches!(result.outcome, RowOutcome::Done | RowOutcome::Refused) {
            self.since.remove(&row);
        }
        if result.outcome == RowOutcome::Done {
            self.asked.remove(&row);
        }
        if result.outcome != RowOutcome::Unanswered {
            self.set(row, RowState::Answered(result.outcome), &result.code);
        }
    }

    /// Keeps the offset of a row's answer in the journal.
    pub fn keep_offset(&mut self, row: u32, offset: u64) {
        self.offsets.resize(self.rows.len(), 0);
        if let Some(kept) = self.offsets.get_mut(index(row)) {
            *kept = offset;
        }
    }

    /// The rows without a usable answer, and since when.
    pub fn unanswered(&self) -> BTreeMap<u32, Timestamp> {
        let since = self.since.iter().map(|(row, since)| (*row, since.at));
        since
            .filter(|(row, _)| self.state(*row) == RowState::Unanswered)
            .collect()
    }
}

/// Rows by their state, of one journal or of several.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Rows of the journal: those of its shard.
    pub rows: u64,
    pub done: u64,
    pub refused: u64,
    pub unclear: u64,
    pub unanswered: u64,
    /// Not begun.
    pub open: u64,
    /// Of those not begun, the rows that wait for a row that was not done.
    pub waiting: u64,
    /// Answered rows by response code.
    pub codes: BTreeMap<String, u64>,
}

impl Summary {
    /// Counts rows, of an input that may have more than the shard.
    pub fn of(states: &RowStates, in_shard: u32) -> Self {
        let mut counts = vec![0; states.kinds.len()];
        for kind in &states.rows {
            counts[usize::from(*kind)] += 1;
        }
        let mut summary = Self {
            rows: in_shard.into(),
            ..Self::default()
        };
        for ((state, code), count) in states.kinds.iter().zip(counts) {
            let sum = match state {
                RowState::Open => continue,
                RowState::Answered(RowOutcome::Done) => &mut summary.done,
                RowState::Answered(RowOutcome::Refused) => &mut summary.refused,
                RowState::Answered(RowOutcome::Unclear) => &mut summary.unclear,
                RowState::Unanswered
                | RowState::Answered(RowOutcome::Unanswered | RowOutcome::Waiting) => {
                    &mut summary.unanswered
                }
            };
            *sum += count;
            if count > 0 && *state != RowState::Unanswered {
                *summary.codes.entry(code.clone()).or_default() += count;
            }
        }
        let begun = summary.answered() + summary.unanswered;
        summary.open = summary.rows.saturating_sub(begun);
        let is_open = |row: &&u32| states.state(**row) == RowState::Open;
        summary.waiting = states.waits.keys().filter(is_open).count() as u64;
        summary
    }

    /// The rows that were answered.
    pub fn answered(&self) -> u64 {
        self.done + self.refused + self.unclear
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
        self.waiting += other.waiting;
        for (code, count) in &other.codes {
            *self.codes.entry(code.clone()).or_default() += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(outcome: RowOutcome, code: &str) -> RowResult {
        RowResult {
            outcome,
            code: code.to_owned(),
            ..RowResult::unanswered(String::new())
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn unknown(second: i64) -> Since {
        let ahead = None;
        Since {
            at: at(second),
            ahead,
        }
    }

    #[test]
    fn an_intent_keeps_the_difference_of_its_own_run() {
        let [behind, ahead] = [-600, 600].map(SignedDuration::from_secs);
        let mut states = RowStates::new(3);
        states.intend(1, 0, at(10));
        states.tell_clock(behind);
        states.intend(2, 0, at(20));
        states.forget_clock();
        states.intend(3, 0, at(30));
        states.tell_clock(ahead);
        let known = [1, 2, 3].map(|row| states.since(row).unwrap().ahead);
        assert_eq!(known, [Some(behind), Some(behind), Some(ahead)]);
    }

    #[test]
    fn a_row_waits_from_its_first_intent_until_an_answer() {
        let mut states = RowStates::new(2);
        states.intend(1, 0, at(10));
        states.intend(1, 0, at(20));
        states.answer(1, &answered(RowOutcome::Unanswered, "OUTCOME_UNKNOWN"));
        assert_eq!(states.state(1), RowState::Unanswered);
        assert_eq!(states.since(1), Some(unknown(10)));
        states.answer(1, &answered(RowOutcome::Done, "OK"));
        assert_eq!(states.since(1), None);
        let codes = BTreeMap::from([("OK".to_owned(), 1)]);
        assert_eq!(Summary::of(&states, 2).codes, codes);
    }

    #[test]
    fn an_unclear_row_keeps_its_first_intent_and_is_not_listed_as_unanswered() {
        let mut states = RowStates::new(1);
        states.intend(1, 0, at(10));
        states.answer(1, &answered(RowOutcome::Unclear, "OK"));
        assert!(states.unanswered().is_empty());
        states.intend(1, 0, at(99));
        assert_eq!(states.unanswered(), BTreeMap::from([(1, at(10))]));
    }

    #[test]
    fn a_new_round_waits_from_its_own_intent_and_forgets_the_old_answer() {
        let mut states = RowStates::new(1);
        states.intend(1, 0, at(10));
        states.answer(1, &answered(RowOutcome::Refused, "BAD_REQUEST"));
        states.intend(1, 1, at(99));
        assert_eq!((states.round(1), states.since(1)), (1, Some(unknown(99))));
        assert!(Summary::of(&states, 1).codes.is_empty());
    }

    #[test]
    fn a_withdrawn_row_is_open_again() {
        let mut states = RowStates::new(1);
        states.intend(1, 0, at(10));
        states.withdraw(1);
        assert_eq!(states.state(1), RowState::Open);
        assert_eq!(Summary::of(&states, 1).open, 1);
        assert!(states.unanswered().is_empty());
    }

    #[test]
    fn a_withdrawn_row_that_was_answered_has_its_answer_again() {
        let mut states = RowStates::new(2);
        states.intend(1, 0, at(10));
        states.answer(1, &answered(RowOutcome::Refused, "BAD_REQUEST"));
        states.intend(2, 0, at(10));
        states.answer(2, &answered(RowOutcome::Unclear, "OK"));
        let before = Summary::of(&states, 2);
        for _ in 0..2 {
            states.intend(1, 1, at(99));
            states.intend(2, 0, at(99));
            states.withdraw(1);
            states.withdraw(2);
            assert_eq!(Summary::of(&states, 2), before);
            assert_eq!((states.round(1), states.since(1)), (0, None));
            assert_eq!((states.round(2), states.since(2)), (0, Some(unknown(10))));
        }
    }

    #[test]
    fn more_codes_than_a_byte_counts_are_not_lost() {
        let mut states = RowStates::new(400);
        for row in 1..=400 {
            states.answer(row, &answered(RowOutcome::Refused, &format!("CODE_{row}")));
        }
        let summary = Summary::of(&states, 400);
        assert_eq!((summary.refused, summary.codes.values().sum()), (400, 400));
    }
}
