//! What a run is to do and within which bounds. Pure.

use std::str::FromStr;
use std::time::Duration;

use serde_json::{Map, Value};

use super::chains::Link;
use super::check::Checked;
use super::input::Input;
use super::parser::RowParser;
use super::row::Shard;
use crate::api::value::duration;

/// A share of failures is judged when so many rows are finished.
const ENOUGH: u64 = 100;
/// Connections at first and at most, unless the user says how many: each may meet an outage with a request.
const CONNECTIONS: (u32, u32) = (16, 48);
/// No rate is lower, in requests a second: one a day.
const LOWEST_RATE: f64 = 1.0 / 86_400.0;

/// What a run is to do.
#[derive(Debug)]
pub struct Plan {
    pub input: Input,
    pub parser: RowParser,
    pub checked: Checked,
    pub shard: Shard,
    pub allow_duplicates: bool,
    /// Begin although rows of this input were begun under another journal.
    pub begin_anew: bool,
    pub limits: Limits,
    /// Repetitions of a row whose request went wrong by itself.
    pub retries: u32,
    /// Whether the rows are written out with their results, those of earlier runs too.
    pub wants_rows: bool,
    /// What decides what is sent, by the names of flags; for the journal.
    pub settings: Map<String, Value>,
}

// How the rows are sent, as the flags say it.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct Limits {
    /// Ask the rows once more that were answered and did not succeed; only those with one of these response codes, if there are any
    #[arg(long, value_name = "CODE,…", num_args = 0..=1, require_equals = true, default_missing_value = "", value_parser = codes)]
    pub retry_failed: Option<RetryCodes>,

    /// Send rows about one entitlement or user in any order, and those after a row that failed as well
    #[arg(long)]
    pub no_order: bool,

    /// Look a row up before it is repeated, if its answer has been missing for so long; 0 is always
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = age)]
    pub reconcile_after: Duration,

    /// Requests under way at once, at most; fewer while the platform asks for it [default: 16, and up to 48 while answers take no longer by that]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub concurrency: Option<u32>,

    /// Requests in a second, at most; shards share it
    #[arg(long, value_name = "N/s", value_parser = rate)]
    pub rate: Option<f64>,

    /// Stop when more rows fail: a number, or a share such as 5%, judged once 100 rows are finished
    #[arg(long, value_name = "N|N%")]
    pub max_failures: Option<MaxFailures>,

    /// Stop when the platform has taken no request for so long
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub give_up_after: Duration,
}

/// Reads a time that may be zero.
fn age(text: &str) -> Result<Duration, String> {
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    duration(text)
}

impl Limits {
    /// The limits of rows that only read, with so many at once and in a second.
    pub const fn of_reads(concurrency: u32, rate: Option<f64>) -> Self {
        Self {
            retry_failed: None,
            no_order: true,
            reconcile_after: Duration::MAX,
            concurrency: Some(concurrency),
            rate,
            max_failures: None,
            give_up_after: Duration::from_secs(600),
        }
    }

    /// Requests under way at once, at first and at most.
    pub fn connections(&self) -> (u32, u32) {
        self.concurrency.map_or(CONNECTIONS, |given| (given, given))
    }
}

/// Response codes, sorted; without any, all are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryCodes(pub Vec<String>);

/// Reads response codes with commas between them.
#[expect(clippy::unnecessary_wraps, reason = "a parser of clap's may fail")]
fn codes(text: &str) -> Result<RetryCodes, String> {
    let codes = text.split(',').map(|code| code.trim().to_uppercase());
    let mut codes: Vec<_> = codes.filter(|code| !code.is_empty()).collect();
    codes.sort();
    codes.dedup();
    Ok(RetryCodes(codes))
}

impl Plan {
    /// This shard's part of the rate.
    pub fn rate(&self) -> Option<f64> {
        let shards = f64::from(self.shard.count);
        self.limits.rate.map(|rate| rate / shards)
    }

    /// The links of a row to the rows that must be done before it.
    pub fn before(&self, row: u32) -> &[Link] {
        if self.limits.no_order {
            return &[];
        }
        self.checked.chains.before(row)
    }

    /// How many rows may be durable and not yet sent. At a low rate few, so that an intent is soon followed by its request.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a bounded number of rows"
    )]
    pub fn max_unsent(&self) -> usize {
        let most = (self.limits.connections().0 as usize * 16).clamp(512, 2048);
        self.rate().map_or(most, |rate| {
            ((rate / 2.0).min(2048.0) as usize).clamp(8, most)
        })
    }

    /// With fewer of them the workers may soon have nothing to do.
    pub fn low_water(&self) -> usize {
        self.max_unsent() / 4
    }
}

/// Reads a rate such as `50`, `50/s` or `600/m`.
pub fn rate(text: &str) -> Result<f64, String> {
    let (number, divisor) = match text.rsplit_once('/') {
        Some((number, "s")) => (number, 1.0),
        Some((number, "m")) => (number, 60.0),
        Some(_) => ("", 1.0),
        None => (text, 1.0),
    };
    match number.trim().parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Some(number / divisor)
            .filter(|rate| *rate >= LOWEST_RATE)
            .ok_or_else(|| "it must be at least one request a day".to_owned()),
        _ => Err("it must be a rate such as 50/s or 600/m".to_owned()),
    }
}

/// How many rows may fail before the run stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MaxFailures {
    Rows(u64),
    /// So many in a hundred of those finished, once a hundred are.
    Percent(f64),
}

impl MaxFailures {
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
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = match text.strip_suffix('%') {
            Some(share) => share.parse().ok().map(Self::Percent),
            None => text.parse().ok().map(Self::Rows),
        };
        read.filter(|most| !matches!(most, Self::Percent(share) if !(0.0..=100.0).contains(share)))
            .ok_or("it must be a number of rows such as 50, or a share such as 5%")
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

    #[test]
    fn rates_are_numbers_in_a_second_or_a_minute() {
        assert_eq!(rate("50"), Ok(50.0));
        assert_eq!(rate("0.5/s"), Ok(0.5));
        assert_eq!(rate("600/m"), Ok(10.0));
        for bad in ["", "0", "-1", "x/s", "5/h", "inf", "NaN", "1e-20/s"] {
            assert!(rate(bad).is_err(), "{bad}");
        }
    }
}
