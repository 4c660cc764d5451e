//! The names under which some tests still know [`crate::support::pty`].

pub use crate::support::cli::Outcome as Ended;
pub use crate::support::process::client;
pub use crate::support::pty::Screen;
