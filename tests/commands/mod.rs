//! The other commands.

mod api;
mod bad_input;
mod command_list;
mod create;
#[cfg(unix)]
mod doctor;
mod entitlement;
mod explain;
#[cfg(unix)]
mod history;
#[cfg(unix)]
mod hostile_files;
#[cfg(unix)]
mod hostile_input;
#[cfg(unix)]
mod interrupts;
mod next_line;
#[cfg(unix)]
mod on_failure;
mod products;
mod several;
#[cfg(unix)]
mod shown;
#[cfg(unix)]
mod signals;
mod waiting;
#[cfg(unix)]
mod watching;
#[cfg(unix)]
mod words;
