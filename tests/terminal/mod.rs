//! What a person sees and is asked.

#[cfg(unix)]
mod browser;
#[cfg(unix)]
mod completion;
#[cfg(unix)]
mod desk;
#[cfg(unix)]
mod help;
#[cfg(unix)]
mod install;
#[cfg(unix)]
mod output;
#[cfg(unix)]
mod pager;
#[cfg(unix)]
mod person;
