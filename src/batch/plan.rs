//! What a run is to do and within which bounds; and whether a journal was begun with the same plan.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::answered::Answered;
use super::check::Checked;
use super::draft::Rows;
use super::error::Error;
use super::input::Input;
use super::journal::Journal;
use super::ledger::Ledger;
use super::line::{Header, Line, Moment, VERSION, write_line};
use super::replay::Replay;
use super::shard::Shard;

/// A share of failures is judged when so many rows are finished.
const ENOUGH: u64 = 100;

/// What a run is to do.
#[derive(Debug)]
pub struct Plan {
    pub input: Input,
    pub rows: Rows,
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
    /// Somebody wants the rows with their answers, those of earlier runs too.
    pub wants_rows: bool,
    /// What decides what is sent, by the names of flags; for the journal.
    pub settings: Map<String, Value>,
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
    #[must_use]
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

impl Plan {
    /// How many rows may be durable and not yet sent. At a low rate few, so that an intent is soon followed by its request.
    #[must_use]
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

    /// Opens the journal and begins it, or continues it if it was begun with the same plan.
    ///
    /// # Errors
    ///
    /// If it cannot be used, is in use, or was begun with something else.
    pub fn open_journal(&self, path: &Path) -> Result<(Journal, Replay), Error> {
        let (mut journal, replay) = Journal::open(path)?;
        if let Some(replay) = replay {
            let differences = self.differences(&replay.header);
            if !differences.is_empty() {
                let journal = path.display().to_string();
                return Err(Error::Changed {
                    journal,
                    differences,
                });
            }
            let mut line = Vec::new();
            write_line(
                &mut line,
                &Line::<Answered>::Resumed(Moment {
                    at: Timestamp::now(),
                }),
            );
            journal.append(&line).map_err(|e| {
                Error::Journal(format!(
                    "the journal {} cannot be written: {e}",
                    path.display()
                ))
            })?;
            return Ok((journal, replay));
        }
        let header = self.header();
        journal.begin(header.clone())?;
        let replay = Replay {
            ledger: Ledger::new(header.rows),
            header,
            ended: false,
            length: 0,
            torn: false,
        };
        Ok((journal, replay))
    }

    fn header(&self) -> Header {
        Header {
            version: VERSION,
            run: Uuid::new_v4(),
            started: Timestamp::now(),
            input: self.input.path.display().to_string(),
            format: self.input.format.as_str().to_owned(),
            bytes: self.checked.seen.bytes,
            sha256: self.checked.seen.sha256.clone(),
            rows: self.checked.rows,
            in_shard: self.checked.in_shard,
            shard: self.shard.to_string(),
            settings: self.settings.clone(),
        }
    }

    /// What differs from the plan that a journal was begun with, in the user's words.
    fn differences(&self, old: &Header) -> Vec<String> {
        let new = self.header();
        let mut differences = Vec::new();
        if (old.bytes, &old.sha256) != (new.bytes, &new.sha256) {
            differences.push(format!(
                "the input was changed: {} bytes and {} rows with SHA-256 {} then, {} bytes and {} rows with {} now",
                old.bytes, old.rows, short(&old.sha256), new.bytes, new.rows, short(&new.sha256)
            ));
        }
        let plain = [
            ("format", &old.format, &new.format),
            ("shard", &old.shard, &new.shard),
        ];
        for (name, old, new) in plain {
            if old != new {
                differences.push(format!("{name} was {old}, now {new}"));
            }
        }
        let names = old.settings.keys().chain(new.settings.keys());
        let mut names: Vec<_> = names.collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let shown = |value: Option<&Value>| match value {
                None | Some(Value::Null) => "not set".to_owned(),
                Some(Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
            };
            let (then, now) = (shown(old.settings.get(name)), shown(new.settings.get(name)));
            if then != now {
                differences.push(format!("{name} was {then}, now {now}"));
            }
        }
        differences
    }
}

fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
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
