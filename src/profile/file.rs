//! Reads `config.toml`: which file, whether it can be trusted, and what is in it.

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
#[derive(Debug, Default, Deserialize)]
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
        match std::fs::symlink_metadata(&path) {
            Ok(metadata) => read(&path, &metadata),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && named().is_none() => {
                Ok(Self::default())
            }
            Err(e) => Err(Error::new(format!(
                "the configuration file {} cannot be read: {e}",
                path.display()
            ))),
        }
    }
}

fn read(path: &Path, metadata: &std::fs::Metadata) -> Result<ConfigFile, Error> {
    let failed = |why: &str| Error::new(format!("the configuration file {} {why}", path.display()));
    if metadata.is_symlink() {
        return Err(failed("is a symbolic link, which is not followed")
            .hint("put the file itself there, or name the real one with BANGO_CONFIG"));
    }
    if !metadata.is_file() {
        return Err(failed("is not a regular file"));
    }
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text))
        .map_err(|e| failed(&format!("cannot be read: {e}")))?;
    if text.len() as u64 > LARGEST {
        return Err(failed("is larger than 1 MiB"));
    }
    let mut config: ConfigFile = toml::from_str(&text).map_err(|e| {
        let line = e
            .span()
            .map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        failed(&format!(
            "is not valid, line {line}: {}",
            reason(e.message())
        ))
    })?;
    config.warning = wide_mode(metadata)
        .filter(|_| config.profiles.values().any(|profile| profile.password.is_some()))
        .map(|mode| {
            format!(
                "{} holds a password and can be read by others (mode {mode:o}); run chmod 600 on it",
                path.display()
            )
        });
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

#[cfg(unix)]
fn wide_mode(metadata: &std::fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn wide_mode(_: &std::fs::Metadata) -> Option<u32> {
    None
}
