//! Credentials, profiles and settings.

mod credentials;
#[cfg(unix)]
pub mod keyring;
#[cfg(unix)]
mod live;
#[cfg(unix)]
pub mod login;
#[cfg(unix)]
mod origin;
#[cfg(unix)]
mod profiles;
#[cfg(unix)]
mod read_only;
#[cfg(unix)]
mod secrets;
#[cfg(unix)]
mod settings;
#[cfg(unix)]
mod trust;
