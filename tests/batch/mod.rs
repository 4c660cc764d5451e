//! `batch`.

mod answers;
mod ends;
mod export;
mod files;
mod input;
mod journal;
mod journey;
mod kill;
mod memory;
mod once;
mod order;
mod outages;
mod pace;
mod reads;
mod retry;
mod shards;
mod simulator;
mod wire;

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::support::cli::{Home, Outcome, Running};
use crate::support::platform::{Behaviour, Platform, Reply, Seen};

/// A CSV input of so many users.
pub fn users(count: usize) -> String {
    let mut text = "user,merchant,product\n".to_owned();
    for number in 1..=count {
        let _ = writeln!(text, "cust-{number},BANGO,BangoMusic");
    }
    text
}

/// A platform that answers after so many milliseconds, by this script where it says anything.
pub fn answering(
    latency: u64,
    script: impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static,
) -> Platform {
    Platform::start(Behaviour {
        latency: Duration::from_millis(latency),
        script: Some(Box::new(script)),
        ..Behaviour::default()
    })
}

/// Runs `batch` with these arguments.
pub fn batch(home: &Home, server: &Platform, arguments: &[&str]) -> Outcome {
    start(home, server, arguments).end()
}

/// Starts `batch` in the background.
pub fn start(home: &Home, server: &Platform, arguments: &[&str]) -> Running {
    home.client(server).arg("batch").args(arguments).start()
}

/// The lines of a journal; each must be JSON.
pub fn journal(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.ends_with('\n'), "the last line has no end");
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect()
}

/// The text of a journal as an earlier version wrote it, without checksums.
pub fn without_checksums(text: &str) -> String {
    let line = |line: &str| format!("{}}}\n", line.rsplit_once(",\"crc32\":").unwrap().0);
    text.lines().map(line).collect()
}

/// Asserts that every user of an input of so many was given exactly one thing, and nobody else anything.
pub fn assert_each_once(server: &Platform, count: usize) {
    let created = server.created();
    for number in 1..=count {
        let user = format!("cust-{number}");
        assert_eq!(created.get(&user), Some(&1), "{user}");
    }
    assert_eq!(created.len(), count);
}
