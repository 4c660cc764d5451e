//! The index of the integration tests: a folder for each room, and what they share in `support`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::too_many_lines, reason = "a table of cases is one list")]

mod auth;
mod batch;
mod commands;
#[cfg(unix)]
mod endings;
mod exchange;
mod guards;
#[cfg(target_os = "linux")]
mod install;
mod listen;
mod reconcile;
mod sandbox;
mod support;
mod terminal;
mod wire;
