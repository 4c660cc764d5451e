//! What happens while listening, as the command is told of it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use super::auth::Refusal;
use super::received::Received;
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
    /// A notification that was answered has not gone on.
    Failed(String),
    /// The file cannot be written; from now on everything is answered with 503.
    Unsaved(io::Error),
    /// Nothing can be received any more; after a stop that is as it should be.
    Lost,
    /// The command shall look whether it was interrupted.
    Woken,
    /// All is done after a stop, but for so many notifications that had not gone on.
    Closed(usize),
}
