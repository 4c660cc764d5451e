//! The wire below every command.

#[cfg(unix)]
mod broken;
#[cfg(unix)]
pub mod doubt;
#[cfg(unix)]
mod hostile;
#[cfg(unix)]
mod limits;
#[cfg(unix)]
mod log;
#[cfg(unix)]
mod proxy;
#[cfg(unix)]
mod real_proxy;
mod retries;
#[cfg(unix)]
mod tls;
