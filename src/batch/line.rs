//! The lines of a journal: what each says, and how it is written down. Pure.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::answered::Answered;

/// The version of these lines.
pub const VERSION: u32 = 1;
/// A line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Line<A = Answered> {
    /// The first line.
    Header(Box<Header>),
    /// A row is about to be sent.
    Intent(Intent),
    /// What became of a row.
    Answer(Answer<A>),
    /// A row was not sent after all.
    Withdrawn(Place),
    /// A run takes the journal up again.
    Resumed(Moment),
    /// A run ended in order.
    Ended(Moment),
}

/// What the journal is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Header {
    pub version: u32,
    pub run: Uuid,
    pub started: Timestamp,
    pub input: String,
    pub format: String,
    pub bytes: u64,
    pub sha256: String,
    /// The rows of the whole input.
    pub rows: u32,
    /// The rows of the shard.
    pub in_shard: u32,
    pub shard: String,
    /// What else decides what is sent, by the names of flags; no secret is among it.
    pub settings: Map<String, Value>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    pub row: u32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub round: u32,
    pub at: Timestamp,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer<A = Answered> {
    pub row: u32,
    pub at: Timestamp,
    pub what: A,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub row: u32,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    pub at: Timestamp,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Appends a line to a buffer.
pub fn write_line<A: Serialize>(buffer: &mut Vec<u8>, line: &Line<A>) {
    // Writing to memory fails only for maps with keys that are no text; there are none.
    let _ = serde_json::to_writer(&mut *buffer, line);
    buffer.push(b'\n');
}
