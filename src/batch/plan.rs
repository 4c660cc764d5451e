//! What a run is to do and within which bounds. Pure.

use std::str::FromStr;
use std::time::Duration;

use serde_json::{Map, Value};

use super::check::Checked;
use super::input::Input;
use super::parser::RowParser;
use super::row::Shard;

/// A share of failures is judged when so many rows are finished.
const ENOUGH: u64 = 100;

/// What a run is to do.
#[derive(Debug)]
pub struct Plan {
    pub input: Input,
    pub parser: RowParser,
    pub checked: Checked,
    pub shard: Shard,
    pub allow_duplicates: bool,
    /// Send the rows again that were answered and did not succeed.
    pub retry_failed: bool,
    /// Rows that have gone unanswered for longer are looked up before they are sent again.
    pub reconcile_after: Duration,
    /// Stop when the platform has taken nothing for so long.
    pub give_up_after: Duration,
    /// Repetitions of a row whose request went wrong by itself.
    pub retries: u32,
    pub concurrency: u32,
    /// Requests in a second.
    pub rate: Option<f64>,
    pub max_failures: Option<MaxFailures>,
    /// Whether the rows are written out with their results, those of earlier runs too.
    pub wants_rows: bool,
    /// What decides what is sent, by the names of flags; for the journal.
    pub settings: Map<String, Value>,
}

impl Plan {
    /// How many rows may be durable and not yet sent. At a low rate few, so that an intent is soon followed by its request.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a bounded number of rows"
    )]
    pub fn window(&self) -> usize {
        let most = (self.concurrency as usize * 16).clamp(512, 2048);
        match self.rate {
            Some(rate) => ((rate / 2.0).min(2048.0) as usize).clamp(8, most),
            None => most,
        }
    }

    /// So few of them that the workers may soon have nothing to do.
    pub fn few(&self) -> usize {
        self.window() / 4
    }
}

/// How many rows may fail before the run stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MaxFailures {
    /// So many.
    Rows(u64),
    /// So many in a hundred of those finished, once a hundred are.
    Percent(f64),
}

impl MaxFailures {
    /// Whether more rows failed.
    #[expect(clippy::cast_precision_loss, reason = "a share of rows needs no more")]
    pub fn is_exceeded(self, failed: u64, finished: u64) -> bool {
        match self {
            Self::Rows(most) => failed > most,
            Self::Percent(most) => {
                finished >= ENOUGH && failed as f64 > finished as f64 * most / 100.0
            }
        }
    }
}

impl FromStr for MaxFailures {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let why = || "it must be a number of rows such as 50, or a share such as 5%".to_owned();
        match text.strip_suffix('%') {
            Some(share) => match share.parse() {
                Ok(share) if (0.0..=100.0).contains(&share) => Ok(Self::Percent(share)),
                _ => Err(why()),
            },
            None => text.parse().map(Self::Rows).map_err(|_| why()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_allowed_by_number_or_by_share() {
        let rows: MaxFailures = "2".parse().unwrap();
        assert!(!rows.is_exceeded(2, 2));
        assert!(rows.is_exceeded(3, 1000));
        let share: MaxFailures = "5%".parse().unwrap();
        assert!(!share.is_exceeded(99, 99), "too early to judge");
        assert!(!share.is_exceeded(5, 100));
        assert!(share.is_exceeded(6, 100));
        for bad in ["", "%", "-1", "101%", "x", "NaN%"] {
            assert!(bad.parse::<MaxFailures>().is_err(), "{bad}");
        }
    }
}
