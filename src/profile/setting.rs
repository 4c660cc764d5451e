//! A value, and where it came from.

use std::ffi::OsString;
use std::fmt;

use crate::ending::Ending;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Flag(&'static str),
    Environment(&'static str),
    Profile(String),
    DefaultProfile,
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

#[derive(Debug, Clone)]
pub struct Setting<T> {
    pub value: T,
    pub source: Source,
    /// The sources that have a value for it too and were not asked.
    pub shadows: Vec<Source>,
}

impl<T> Setting<T> {
    pub const fn new(value: T, source: Source) -> Self {
        Self {
            value,
            source,
            shadows: Vec::new(),
        }
    }

    /// Another value of the same source.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Setting<U> {
        Setting {
            value: change(self.value),
            source: self.source,
            shadows: self.shadows,
        }
    }

    /// The sources that were not asked, in words; empty if there are none.
    pub fn over(&self) -> String {
        let names: Vec<_> = self.shadows.iter().map(ToString::to_string).collect();
        if names.is_empty() {
            String::new()
        } else {
            format!("over {}", names.join(" and "))
        }
    }

    /// The first that is there; the sources of the others are kept.
    pub fn first(candidates: impl IntoIterator<Item = Option<Self>>) -> Option<Self> {
        let mut candidates = candidates.into_iter().flatten();
        let mut found = candidates.next()?;
        found.shadows = candidates.map(|other| other.source).collect();
        Some(found)
    }
}

/// An environment variable as it is; an empty one is unset.
pub fn raw_variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

pub fn is_set(name: &str) -> bool {
    raw_variable(name).is_some()
}

/// Reads an environment variable; an empty one is unset. One that is not UTF-8 is refused: another source would silently
/// take its place.
pub fn variable(name: &'static str) -> Result<Option<String>, Ending> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Ending::configuration(format!("{name} is not valid UTF-8")))
        }
    }
}

pub fn environment(name: &'static str) -> Result<Option<Setting<String>>, Ending> {
    let value = variable(name)?;
    Ok(value.map(|value| Setting::new(value, Source::Environment(name))))
}

/// Whether a variable of the environment is set, and not to a word for no.
pub fn switch(name: &'static str) -> Result<bool, Ending> {
    let word = variable(name)?.unwrap_or_default().to_ascii_lowercase();
    Ok(!["", "0", "false", "no", "off"].contains(&word.as_str()))
}
