//! Tells a journal what a person found out about a row of which this tool could not.

use std::path::Path;

use jiff::Timestamp;

use super::journal::{Journal, OldResults};
use super::journal_line::Line;
use super::outcome::{RowOutcome, RowResult};
use super::row::request_identifier;
use super::states::RowState;
use crate::ending::Ending;

/// The code of a row that a person has decided.
const RESOLVED: &str = "RESOLVED";

/// A journal that is held, and a row of it that may be resolved.
#[derive(Debug)]
pub struct Unresolved {
    journal: Journal,
    /// Where the last whole line of the journal ends.
    end: u64,
    row: u32,
    /// How the row stands.
    pub was: RowOutcome,
    pub request_identifier: String,
    /// What the last answer told.
    told: RowResult,
}

impl Unresolved {
    /// Opens the journal, and refuses a row that is not in doubt.
    pub fn open(path: &Path, row: u32, is_done: bool) -> Result<Self, Ending> {
        let name = path.display();
        if !path.exists() {
            let why = format!("there is no journal {name}");
            return Err(Ending::usage(why));
        }
        let journal = Journal::open(path)?;
        let (Some(replay), end) = journal.replay()? else {
            return Err(Ending::usage(format!("{name} holds no run yet")));
        };
        let rows = replay.header.rows;
        if !(1..=rows).contains(&row) {
            let why = format!("{name} has no row {row}; its rows are 1 to {rows}");
            return Err(Ending::usage(why));
        }
        let refused = |why: &str| Err(Ending::refused_locally(format!("row {row} {why}")));
        let was = match replay.states.state(row) {
            RowState::Unanswered => RowOutcome::Unanswered,
            RowState::Open => {
                return refused(
                    "was not begun; the same batch command sends it, unless another shard has it",
                );
            }
            RowState::Answered(RowOutcome::Done) => return refused("is done"),
            RowState::Answered(RowOutcome::Refused) if !is_done => {
                return refused("is refused: it is known not to be done");
            }
            RowState::Answered(outcome) => outcome,
        };
        let (round, offset) = (replay.states.round(row), replay.states.offset(row));
        let read = |offset| OldResults::open(path)?.at(offset);
        // An answer of before is not about what is unanswered.
        let told = offset.filter(|_| was != RowOutcome::Unanswered);
        let told = told.map(read).transpose().map_err(Ending::machine)?;
        Ok(Self {
            request_identifier: request_identifier(replay.header.run, row, round),
            told: told.unwrap_or_default(),
            journal,
            end,
            row,
            was,
        })
    }

    /// Writes what was found out. It is durable when this returns.
    pub fn resolve(mut self, is_done: bool) -> Result<RowOutcome, Ending> {
        let (outcome, found) = if is_done {
            (RowOutcome::Done, "done")
        } else {
            (RowOutcome::Refused, "not done")
        };
        let was = self.was.as_str();
        let what = RowResult {
            outcome,
            code: RESOLVED.to_owned(),
            message: format!("{was} until a person found that it was {found}"),
            ..self.told
        };
        let mut lines = Vec::new();
        let (row, at) = (self.row, Timestamp::now());
        Line::Answer { row, at, what }.write(&mut lines);
        self.journal.append(self.end, &lines)?;
        Ok(outcome)
    }
}
