//! Why a batch could not begin or did not come to its end. Holds facts and their words; the exit code is decided elsewhere.

use std::io;

use serde_json::{Value, json};

use super::row::Problem;
use super::summary::Summary;
use crate::api;

/// Problems shown one by one; the rest is counted.
const SHOWN: usize = 20;

/// What is wrong with an input: the first problems, and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    /// The first of them, in the order of the lines.
    pub first: Vec<Problem>,
    /// How many there are in all.
    pub count: u64,
}

impl Problems {
    /// A single problem.
    #[must_use]
    pub fn one(problem: Problem) -> Self {
        Self {
            first: vec![problem],
            count: 1,
        }
    }

    /// Adds a problem.
    pub fn add(&mut self, problem: Problem) {
        self.count += 1;
        if self.first.len() < SHOWN {
            self.first.push(problem);
        }
    }
}

/// Why a batch could not begin.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// Rows are wrong; nothing was sent.
    #[error("the input has {} {}; nothing was sent", .0.count, if .0.count == 1 { "problem" } else { "problems" })]
    Problems(Problems),
    /// The journal belongs to something else: what differs, one line each.
    #[error("the journal {journal} was begun with something else, so it cannot be continued: {}", .differences.join("; "))]
    Changed {
        journal: String,
        differences: Vec<String>,
    },
    /// Another run holds the journal.
    #[error("the journal {0} is in use by another run")]
    Locked(String),
    /// The journal cannot be used.
    #[error("{0}")]
    Journal(String),
    /// The run came to an end, but not all rows to theirs.
    #[error("{}", .0.ending.words(&.0.summary))]
    Incomplete(Box<Incomplete>),
}

impl Error {
    /// The facts, for a program to read.
    #[must_use]
    pub fn details(&self) -> Option<Value> {
        match self {
            Self::Problems(problems) => Some(json!({
                "count": problems.count,
                "problems": problems.first.iter().map(Problem::facts).collect::<Vec<_>>(),
            })),
            Self::Changed { differences, .. } => Some(json!({ "differences": differences })),
            Self::Incomplete(incomplete) => Some(json!({ "summary": incomplete.summary })),
            _ => None,
        }
    }
}

/// A run that left rows behind.
#[derive(Debug)]
pub struct Incomplete {
    /// Why it ended.
    pub ending: Ending,
    /// Where the rows stand.
    pub summary: Summary,
}

/// Why a run ended.
#[derive(Debug)]
pub enum Ending {
    /// Every row had its turn.
    Complete,
    /// The user stopped it.
    Interrupted,
    /// More rows failed than the user allows.
    TooManyFailures,
    /// No request can succeed: credentials, TLS, proxy.
    Hopeless(api::Error),
    /// The platform took no request for too long.
    GaveUp(api::Error),
    /// The journal could not be written.
    Journal(io::Error),
    /// Results could not be written.
    Results(io::Error),
    /// The input is not what was checked.
    Input(String),
}

impl Ending {
    /// The ending in the user's words.
    fn words(&self, summary: &Summary) -> String {
        let rows = |count: u64| if count == 1 { "row" } else { "rows" };
        match self {
            Self::Complete => {
                let left = summary.refused + summary.unclear + summary.unanswered;
                format!("{left} {} did not succeed", rows(left))
            }
            Self::Interrupted => "interrupted; the same command continues".to_owned(),
            Self::TooManyFailures => {
                "stopped: more rows failed than --max-failures allows".to_owned()
            }
            Self::Hopeless(e) => format!("stopped: {e}; every further row would end the same way"),
            Self::GaveUp(e) => format!("stopped, because nothing was taken for too long: {e}"),
            Self::Journal(e) => format!("stopped: the journal cannot be written: {e}"),
            Self::Results(e) => format!("stopped: the results cannot be written: {e}"),
            Self::Input(why) => format!("stopped: {why}"),
        }
    }
}
