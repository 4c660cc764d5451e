//! What the tests share: one way to run the binary, servers, a pseudo-terminal, a sandbox.

#[cfg(unix)]
pub mod authority;
pub mod batch_harness;
pub mod batch_server;
pub mod cli;
#[cfg(unix)]
pub mod load;
pub mod mock;
#[cfg(unix)]
pub mod pty;
pub mod sandbox;
pub mod server;
