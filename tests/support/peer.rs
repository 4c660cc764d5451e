//! The names under which some tests still know [`crate::support::server`].

pub use crate::support::server::{Connection, Server as Peer, active, header, http, read_request};
