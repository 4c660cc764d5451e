//! `listen`.

#[cfg(unix)]
mod forward;
#[cfg(unix)]
mod journey;
#[cfg(unix)]
mod load;
#[cfg(unix)]
mod receive;
#[cfg(unix)]
mod replay;
#[cfg(unix)]
mod save;
#[cfg(unix)]
mod strangers;
