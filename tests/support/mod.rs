//! What the tests share: one way to run the binary, servers, a pseudo-terminal, a sandbox.

#[cfg(unix)]
pub mod authority;
pub mod cli;
#[cfg(unix)]
pub mod load;
pub mod mock;
pub mod platform;
#[cfg(unix)]
pub mod pty;
pub mod sandbox;
pub mod schema;
pub mod server;
