//! Settings: named credentials and defaults. Flag over environment over file over built-in; never sends or prints.

mod editor;
mod file;
mod keyring;
mod password;
mod program;
mod proxy;
mod resolve;

pub use editor::Editor;
pub use file::{ConfigFile, Environment, Profile, Store, mode, path};
pub use keyring::Keyring;
pub use password::{Password, from_stream};
pub use proxy::{exception_for, proxy_for};
pub use resolve::{Flags, Settings, check_username, profile_name};

use crate::ending::Ending;
use std::fmt;

/// Settings are missing or cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What is wrong, and where.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Whether a value is there and is wrong, rather than missing or unreadable.
    pub is_bad_value: bool,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            is_bad_value: false,
        }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    pub(crate) fn bad_value(self) -> Self {
        Self {
            is_bad_value: true,
            ..self
        }
    }
}

impl From<Error> for Ending {
    fn from(error: Error) -> Self {
        let ending = if error.is_bad_value {
            Self::usage(error.message)
        } else {
            Self::configuration(error.message)
        };
        match error.hint {
            Some(hint) => ending.next(hint),
            None => ending,
        }
    }
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A flag of the command line.
    Flag(&'static str),
    /// An environment variable.
    Environment(&'static str),
    /// A profile of the configuration file.
    Profile(String),
    /// `default_profile` of the configuration file.
    DefaultProfile,
    /// Built in.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Environment(name) => f.write_str(name),
            Self::Profile(name) => write!(f, "profile {name}"),
            Self::DefaultProfile => f.write_str("default_profile"),
            Self::Default => f.write_str("built-in default"),
        }
    }
}

/// A value and where it came from.
#[derive(Debug, Clone)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Its source.
    pub source: Source,
    /// The sources that have a value for it too and were not asked.
    pub shadows: Vec<Source>,
}

impl<T> Setting<T> {
    /// A value of a source.
    pub const fn new(value: T, source: Source) -> Self {
        Self {
            value,
            source,
            shadows: Vec::new(),
        }
    }

    /// The first that is there; the sources of the others are kept.
    pub(crate) fn first(candidates: impl IntoIterator<Item = Option<Self>>) -> Option<Self> {
        let mut candidates = candidates.into_iter().flatten();
        let mut found = candidates.next()?;
        found.shadows = candidates.map(|other| other.source).collect();
        Some(found)
    }
}

/// Reads an environment variable; an empty one is unset.
///
/// # Errors
///
/// If it is not UTF-8, because another source would silently take its place.
fn variable(name: &str) -> Result<Option<String>, Error> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Error::new(format!("{name} is not valid UTF-8")))
        }
    }
}
