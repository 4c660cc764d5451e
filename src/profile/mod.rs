//! Settings: named credentials and defaults. Flag over environment over file over built-in; never sends or prints.

mod file;
mod password;
mod proxy;
mod resolve;

pub use file::{ConfigFile, Environment};
pub use password::Password;
pub use proxy::proxy_for;
pub use resolve::{Flags, Settings};

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

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A flag of the command line.
    Flag(&'static str),
    /// An environment variable.
    Environment(&'static str),
    /// A profile of the configuration file.
    Profile(String),
    /// Built in.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Environment(name) => f.write_str(name),
            Self::Profile(name) => write!(f, "profile {name}"),
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
}
