//! Why rows did not succeed: each reason once, with how many rows have it, and the first of them.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::batch::{RowOutcome, RowResult};
use crate::terminal::counted;

/// Reasons that are listed for a person.
const SHOWN: usize = 10;
/// Different messages that are told apart; later ones are counted by outcome and code alone.
const MOST: usize = 100;
/// The length of a reason, in characters.
const LONGEST: usize = 200;

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Reason {
    outcome: &'static str,
    code: String,
    message: String,
    rows: u64,
    first_row: u32,
    /// Its line, if the input is at hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_line: Option<u64>,
}

/// Why rows did not succeed.
#[derive(Debug, Default)]
pub struct Reasons(Vec<Reason>);

impl Reasons {
    /// Counts why a row did not succeed.
    pub fn add(&mut self, row: u32, line: Option<u64>, result: &RowResult) {
        let (outcome, mut code) = (result.outcome.as_str(), result.code.as_str());
        let mut message: String = match result.outcome {
            RowOutcome::Waiting => "a row before it about the same thing is not done".to_owned(),
            _ => result.message.chars().take(LONGEST).collect(),
        };
        let place = |code: &str, message: &str| {
            let is_it = |reason: &Reason| {
                (reason.outcome, &*reason.code, &*reason.message) == (outcome, code, message)
            };
            self.0.iter().position(is_it)
        };
        let mut at = place(code, &message);
        if at.is_none() && self.0.len() >= MOST {
            message.clear();
            at = place(code, &message);
        }
        if at.is_none() && self.0.len() >= 2 * MOST {
            (code, message) = ("", "other codes".to_owned());
            at = place(code, &message);
        }
        match at {
            Some(at) => self.0[at].rows += 1,
            None => self.0.push(Reason {
                outcome,
                code: code.to_owned(),
                message,
                rows: 1,
                first_row: row,
                first_line: line,
            }),
        }
    }

    /// The most frequent one first.
    fn sorted(&self) -> Vec<&Reason> {
        let mut reasons: Vec<_> = self.0.iter().collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.rows));
        reasons
    }

    /// The most frequent ones, in a line each.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let reasons = self.sorted().into_iter().take(SHOWN);
        reasons.map(ToString::to_string)
    }
}

impl Serialize for Reasons {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.sorted())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = [&self.code, &self.message].map(String::as_str);
        let what: Vec<_> = what.into_iter().filter(|text| !text.is_empty()).collect();
        let (rows, what) = (counted(self.rows, "row"), what.join(": "));
        write!(f, "{rows} {}: {what} ", self.outcome)?;
        match self.first_line {
            Some(line) => write!(f, "(first on line {line})"),
            None => write!(f, "(first: row {})", self.first_row),
        }
    }
}
