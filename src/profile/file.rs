//! Reads `config.toml`: which file, whether it can be trusted, and what is in it. Never writes it.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use etcetera::{BaseStrategy, choose_base_strategy};
use secrecy::SecretString;
use serde::Deserialize;

use super::Error;
use crate::api::Paths;

/// Names another configuration file.
const CONFIG_VARIABLE: &str = "BANGO_CONFIG";
/// No configuration is larger than this, in bytes.
const LARGEST: u64 = 1 << 20;

/// The configuration file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// The profile that is used when none is named.
    pub default_profile: Option<String>,
    /// The profiles by name.
    #[serde(default)]
    pub profiles: BTreeMap<String, Profile>,
    /// What is doubtful about the file, for a remark to the user.
    #[serde(skip)]
    pub warning: Option<String>,
}

/// Named credentials and defaults.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Whether its credentials are Bango's test or live set.
    pub environment: Option<Environment>,
    /// Where the API lives.
    pub base_url: Option<String>,
    /// The user name of the credentials.
    pub username: Option<String>,
    /// The password itself.
    pub password: Option<SecretString>,
    /// A command that prints the password: program and arguments, no shell.
    pub password_command: Option<Vec<String>>,
    /// Where else the password is kept.
    pub password_store: Option<Store>,
    /// The default `merchantAccountKey`.
    pub merchant: Option<String>,
    /// The default `productKey`.
    pub product: Option<String>,
    /// The default `notificationUrl`.
    pub notification_url: Option<String>,
    /// Paths of operations that Bango does not document, where ours are wrong.
    #[serde(default)]
    pub paths: Paths,
}

/// A place for the password outside the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Store {
    /// The operating system's keyring.
    Keyring,
}

/// What a profile's credentials act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Nothing that is paid for.
    Test,
    /// Real users.
    Live,
}

/// The configuration file's path: `BANGO_CONFIG`, or `bango-ent/config.toml` in the XDG configuration directory.
///
/// `None` where this system has no home directory.
#[must_use]
pub fn path() -> Option<PathBuf> {
    if let Some(path) = named() {
        return Some(path);
    }
    let directories = choose_base_strategy().ok()?;
    Some(
        directories
            .config_dir()
            .join("bango-ent")
            .join("config.toml"),
    )
}

/// What `BANGO_CONFIG` names; an empty one is unset.
fn named() -> Option<PathBuf> {
    let path = std::env::var_os(CONFIG_VARIABLE).filter(|path| !path.is_empty())?;
    Some(path.into())
}

impl Environment {
    /// As it is spelt in the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Live => "live",
        }
    }
}

impl ConfigFile {
    /// Reads the configuration; a missing default file is an empty one.
    ///
    /// # Errors
    ///
    /// If the file is named but missing, is a symbolic link or no regular file, is too large, or is not valid.
    pub fn load() -> Result<Self, Error> {
        let Some(path) = path() else {
            return Ok(Self::default());
        };
        match text(&path)? {
            Some(text) => parse(&path, &text),
            None if named().is_some() => {
                Err(failed(&path, "cannot be read: there is no such file")
                    .hint("correct BANGO_CONFIG, or run bango-ent auth login to make the file"))
            }
            None => Ok(Self::default()),
        }
    }
}

fn failed(path: &Path, why: &str) -> Error {
    Error::new(format!("the configuration file {} {why}", path.display()))
}

/// The text of the configuration file; `None` if there is none.
///
/// # Errors
///
/// If it is a symbolic link or no regular file, is too large, or cannot be read.
pub(super) fn text(path: &Path) -> Result<Option<String>, Error> {
    let cannot = |e: std::io::Error| failed(path, &format!("cannot be read: {e}"));
    let metadata = match std::fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(cannot(e)),
    };
    if metadata.is_symlink() {
        return Err(failed(path, "is a symbolic link, which is not followed")
            .hint("put the file itself there, or name the real one with BANGO_CONFIG"));
    }
    if !metadata.is_file() {
        return Err(failed(path, "is not a regular file"));
    }
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text))
        .map_err(cannot)?;
    if text.len() as u64 > LARGEST {
        return Err(failed(path, "is larger than 1 MiB"));
    }
    Ok(Some(text))
}

/// Reads the text of a configuration file.
///
/// # Errors
///
/// If it is not valid, or a profile has its password in two places.
pub(super) fn parse(path: &Path, text: &str) -> Result<ConfigFile, Error> {
    let mut config: ConfigFile = toml::from_str(text).map_err(|e| {
        let before = e.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(1, |before| before.matches('\n').count() + 1);
        let reason = reason(e.message());
        failed(path, &format!("is not valid, line {line}: {reason}"))
    })?;
    for (name, profile) in &config.profiles {
        if profile.places().len() > 1 {
            let places = profile.places().join(" and ");
            return Err(failed(
                path,
                &format!("gives the password of profile {name} twice: {places}"),
            )
            .hint("keep one of them"));
        }
    }
    config.warning = doubt(path, &config);
    Ok(config)
}

/// What is wrong, without the text that is wrong: that may be a password in the wrong place.
fn reason(message: &str) -> &str {
    let quotes = [
        "invalid type",
        "invalid value",
        "unknown variant",
        "unknown field",
    ];
    if !quotes.iter().any(|start| message.starts_with(start)) {
        return message;
    }
    message
        .rfind(", expected ")
        .map_or("unexpected value", |at| &message[at + 2..])
}

impl Profile {
    /// The keys that say where the password is; one at most in a valid file.
    fn places(&self) -> Vec<&'static str> {
        [
            ("password", self.password.is_some()),
            ("password_command", self.password_command.is_some()),
            ("password_store", self.password_store.is_some()),
        ]
        .into_iter()
        .filter_map(|(key, is_there)| is_there.then_some(key))
        .collect()
    }
}

/// What is doubtful about a file that can be read.
fn doubt(path: &Path, config: &ConfigFile) -> Option<String> {
    let mode = mode(path)?;
    let holds_password = config
        .profiles
        .values()
        .any(|profile| profile.password.is_some());
    let danger = if mode & 0o022 != 0 {
        "can be changed by others"
    } else if mode & 0o044 != 0 && holds_password {
        "holds a password and can be read by others"
    } else {
        return None;
    };
    let path = path.display();
    Some(format!(
        "{path} {danger} (mode {mode:o}); run chmod 600 on it"
    ))
}

/// The permission bits of a file or folder, where the system has such.
#[cfg(unix)]
#[must_use]
pub fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = std::fs::metadata(path).ok()?;
    Some(metadata.permissions().mode() & 0o777)
}

/// The permission bits of a file or folder, where the system has such.
#[cfg(not(unix))]
#[must_use]
pub fn mode(_: &Path) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_shown_without_its_password() {
        let text = "[profiles.p]\npassword = 'elephant-notepad-dancer'\n";
        let config = parse(Path::new("config.toml"), text).unwrap();
        assert!(config.profiles["p"].password.is_some());
        assert!(!format!("{config:?}").contains("elephant"));
    }
}
