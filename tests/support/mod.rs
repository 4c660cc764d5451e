//! What the tests share: one way to run the binary, servers, a pseudo-terminal, a sandbox.

#[cfg(unix)]
pub mod authority;
pub mod batch_harness;
pub mod batch_server;
pub mod cli;
pub mod harness;
#[cfg(unix)]
pub mod listen_fixture;
pub mod load;
#[cfg(unix)]
pub mod peer;
#[cfg(unix)]
pub mod process;
#[cfg(unix)]
pub mod pty;
pub mod sandbox_fixture;
#[cfg(unix)]
pub mod screen;
pub mod server;
