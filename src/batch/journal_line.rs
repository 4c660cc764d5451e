//! The lines of a journal, each with a checksum. Pure.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::outcome::RowResult;
use crate::api::json;

/// What stands between a line and its checksum, CRC-32 of the bytes before this.
const CHECKSUM: &[u8] = br#","crc32":"#;

/// A line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Line<R = RowResult> {
    /// The first line.
    Header(Box<Header>),
    /// A row is about to be sent.
    Intent {
        row: u32,
        #[serde(default, skip_serializing_if = "is_zero")]
        round: u32,
        at: Timestamp,
    },
    /// What became of a row.
    Answer { row: u32, at: Timestamp, what: R },
    /// A row was not sent after all.
    Withdrawn { row: u32 },
    /// A row was not begun, because a row before it in its chain is not done.
    Waits {
        row: u32,
        #[serde(rename = "for")]
        before: u32,
    },
    /// From here on rows that failed are asked again, each once; only those with such a code, if there are any.
    Retry { at: Timestamp, codes: Vec<String> },
    /// By so many seconds the platform's clock is ahead of ours, in this run.
    Clock { seconds: i64 },
    /// Every such row was asked.
    Retried { at: Timestamp },
    /// A run takes the journal up again.
    Resumed { at: Timestamp },
    /// A run ended in order.
    Ended { at: Timestamp },
}

/// What the journal is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Header {
    pub version: u32,
    /// The version of this program.
    #[serde(default)]
    pub tool: String,
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

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl<R: Serialize> Line<R> {
    /// Appends the line to a buffer.
    pub fn write(&self, buffer: &mut Vec<u8>) {
        let start = buffer.len();
        // Writing to memory fails only for maps with keys that are no text; there are none.
        let _ = serde_json::to_writer(&mut *buffer, self);
        buffer.pop();
        let sum = crc32fast::hash(&buffer[start..]);
        buffer.extend_from_slice(CHECKSUM);
        buffer.extend_from_slice(format!("{sum}}}\n").as_bytes());
    }
}

impl Line {
    /// Reads a line without its newline, or says what is wrong with it. One of an earlier version has no checksum.
    pub fn read(mut bytes: Vec<u8>) -> Result<Self, String> {
        if let Some((length, sum)) = checksum(&bytes) {
            if crc32fast::hash(&bytes[..length]) != sum {
                return Err("its checksum does not fit".to_owned());
            }
            bytes.truncate(length);
            bytes.push(b'}');
        }
        serde_json::from_slice(&bytes).map_err(|e| format!("a line {}", json::fault(&e)))
    }
}

/// Where a line ends before its checksum, and the checksum.
fn checksum(line: &[u8]) -> Option<(usize, u32)> {
    let text = line.strip_suffix(b"}")?;
    let digits = text.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let before = &text[..text.len() - digits.count()];
    let sum = str::from_utf8(&text[before.len()..]).ok()?.parse().ok()?;
    Some((before.strip_suffix(CHECKSUM)?.len(), sum))
}
