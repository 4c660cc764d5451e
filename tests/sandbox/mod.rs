//! `sandbox`.

#[cfg(unix)]
mod browser;
mod command;
mod contract;
mod control;
mod faults;
mod hostile;
mod journal;
mod journey;
mod notifications;
mod openapi;
mod pages;
#[cfg(unix)]
mod state;
mod testing;
