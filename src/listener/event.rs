//! What happens while listening, as the command is told of it.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use super::auth::Refusal;
use super::received::{FileContents, Received};
use crate::server::BodyPermit;

/// What happens while listening.
#[derive(Debug)]
pub enum Event {
    /// A notification that is not a repetition, and its line of JSON; it has been answered with 200.
    Received(Arc<Received>, String, BodyPermit),
    /// A repetition; it has been answered with 200.
    Repeated,
    /// A request that was refused.
    Refused(SocketAddr, Refusal),
    /// Something about a notification that was answered, which is no failure yet.
    Note(String),
    /// A notification has gone on.
    HandedOn {
        /// Reason and entitlement.
        what: String,
        /// Where to.
        to: String,
        /// What was answered, and after how long.
        how: String,
    },
    /// A notification that was answered has not gone on.
    Failed(String),
    /// A replay has read its file to the end, and found this.
    Found(FileContents),
    /// The file cannot be written (from now on everything is answered with 503), or not be read by a replay.
    Unsaved(io::Error),
    /// Nothing can be received any more; after a stop that is as it should be.
    Lost,
    /// The command shall look whether it was interrupted.
    Woken,
    /// At the end so many notifications had not gone on.
    Unfinished(usize),
    /// At the end so many hand-overs wait in this file for the next start.
    Kept(usize, PathBuf),
    /// All is done after a stop.
    Closed,
}

/// How a hand-over ended.
pub enum HandOverEnd {
    /// It was taken, as these words say.
    Taken(String),
    /// It was not, as this sentence says.
    Failed(String),
    /// It was stopped; at the end those are counted.
    Stopped,
}
