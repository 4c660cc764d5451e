//! The index of the integration tests: every file of this folder is a module here.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::too_many_lines, reason = "a table of cases is one list")]

#[cfg(unix)]
mod authority;
mod bad_input;
#[cfg(unix)]
mod browser;
mod create;
#[cfg(unix)]
mod credentials;
#[cfg(unix)]
mod doubt;
mod harness;
#[cfg(unix)]
mod interrupts;
#[cfg(unix)]
mod limits;
#[cfg(unix)]
mod log;
#[cfg(unix)]
mod output;
#[cfg(unix)]
mod peer;
#[cfg(unix)]
mod person;
#[cfg(unix)]
mod process;
#[cfg(unix)]
mod proxy;
mod retries;
#[cfg(unix)]
mod screen;
#[cfg(unix)]
mod secrets;
#[cfg(unix)]
mod settings;
#[cfg(unix)]
mod tls;
#[cfg(unix)]
mod wire;
