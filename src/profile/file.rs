//! Reads `config.toml`: which file, whether it can be trusted, and what is in it. Never writes it.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::{BaseStrategy, choose_base_strategy};
use secrecy::SecretString;
use serde::Deserialize;

use super::keyring::Keyring;
use super::password::PasswordSource;
use super::setting::{Setting, Source, environment, raw_variable};
use crate::api::{BaseUrl, Paths};
use crate::ending::{Ending, in_words};
use crate::files::trusted;

const CONFIG_VARIABLE: &str = "BANGO_CONFIG";
const PROFILE: &str = "BANGO_PROFILE";
const LARGEST: u64 = 1 << 20;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    pub default_profile: Option<String>,
    #[serde(default)]
    pub history: bool,
    #[serde(default)]
    pub profiles: BTreeMap<String, Profile>,
    #[serde(skip)]
    pub warning: Option<String>,
}

/// Named credentials and defaults.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Whether its credentials are Bango's test or live set.
    pub environment: Option<Environment>,
    pub base_url: Option<String>,
    pub username: Option<String>,
    pub password: Option<SecretString>,
    /// A command that prints the password: program and arguments, no shell.
    pub password_command: Option<Vec<String>>,
    /// Where else the password is kept.
    pub password_store: Option<Store>,
    pub merchant: Option<String>,
    pub product: Option<String>,
    pub notification_url: Option<String>,
    /// A program that learns of a failure: its name and arguments, no shell.
    pub on_failure: Option<Vec<String>>,
    pub read_only: Option<bool>,
    /// Paths of operations that Bango does not document, where ours are wrong.
    #[serde(default)]
    pub paths: Paths,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Store {
    Keyring,
}

/// What a profile's credentials act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Bango's test set
    Test,
    /// Real users
    Live,
}

/// The configuration file's path: `BANGO_CONFIG`, or `bango-ent/config.toml` in the XDG configuration directory.
///
/// `None` where this system has no home directory.
pub fn path() -> Option<PathBuf> {
    if let Some(path) = named() {
        return Some(path);
    }
    let folder = choose_base_strategy().ok()?.config_dir();
    // A relative one would be another file in each folder.
    let folder = Some(folder).filter(|folder| folder.is_absolute())?;
    Some(folder.join("bango-ent").join("config.toml"))
}

/// What `BANGO_CONFIG` names; an empty one is unset.
fn named() -> Option<PathBuf> {
    raw_variable(CONFIG_VARIABLE).map(PathBuf::from)
}

impl Environment {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Live => "live",
        }
    }
}

impl ConfigFile {
    /// Reads the configuration. A default file that is not there, or that this user may not read, is an empty one.
    pub fn load() -> Result<Self, Ending> {
        let Some(path) = path() else {
            return Ok(Self::default());
        };
        let is_named = named().is_some();
        match read(&path) {
            Ok(Some(text)) => parse(&path, &text),
            Ok(None) if is_named => Err(failed(&path, "cannot be read: there is no such file")
                .next("correct BANGO_CONFIG, or run bango-ent auth login to make the file")),
            Ok(None) => Ok(Self::default()),
            // The home directory of another user, which a service or a container may run with.
            Err(e) if !is_named && e.raw_os_error().is_some() && is_denied(&e) => Ok(Self {
                warning: Some(format!(
                    "the configuration file {} cannot be read and is left out: {}",
                    path.display(),
                    in_words(&e)
                )),
                ..Self::default()
            }),
            Err(e) => Err(unread(&path, &e)),
        }
    }

    /// Which profile is in use: the flag's, the environment's, or the default one.
    pub fn chosen(&self, flag: Option<String>) -> Result<Option<Setting<String>>, Ending> {
        let default = self.default_profile.clone();
        Ok(Setting::first([
            flag.map(|name| Setting::new(name, Source::Flag("--profile"))),
            environment(PROFILE)?,
            default.map(|name| Setting::new(name, Source::DefaultProfile)),
        ]))
    }

    /// The program of the profile in use that learns of a failure. What cannot be read names none: the failure may be about that.
    pub fn on_failure(flag: Option<String>) -> Option<Vec<String>> {
        let config = Self::load().ok()?;
        let name = config.chosen(flag).ok()??;
        config.profile(&name.value).ok()?.on_failure.clone()
    }

    /// A profile by its name; if there is none, the ending names those that there are.
    pub fn profile(&self, name: &str) -> Result<&Profile, Ending> {
        self.profiles.get(name).ok_or_else(|| {
            let known: Vec<_> = self.profiles.keys().map(String::as_str).collect();
            let ending = Ending::configuration(format!("there is no profile named {name:?}"));
            if known.is_empty() {
                ending.run("there are no profiles; this sets one up", ["auth", "login"])
            } else {
                ending.next(format!("the profiles are: {}", known.join(", ")))
            }
        })
    }
}

fn is_denied(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied
}

fn failed(path: &Path, why: &str) -> Ending {
    Ending::configuration(format!("the configuration file {} {why}", path.display()))
}

fn unread(path: &Path, error: &io::Error) -> Ending {
    let ending = failed(path, &trusted::why_unread(error));
    if trusted::is_distrusted(error) {
        ending.next("a configuration may run commands, so only you and root may be able to change it; BANGO_CONFIG names another file, and BANGO_CONFIG=/dev/null none")
    } else {
        ending
    }
}

/// The text of a file that can be trusted; `None` if there is none.
fn read(path: &Path) -> io::Result<Option<String>> {
    match trusted::read(path, LARGEST) {
        Ok(bytes) => String::from_utf8(bytes)
            .map(Some)
            .map_err(|_| io::Error::other("it is not UTF-8")),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

pub(super) fn text(path: &Path) -> Result<Option<String>, Ending> {
    read(path).map_err(|e| unread(path, &e))
}

pub(super) fn parse(path: &Path, text: &str) -> Result<ConfigFile, Ending> {
    let mut config: ConfigFile = toml_edit::de::from_str(text).map_err(|e| {
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
            .next("keep one of them"));
        }
    }
    config.warning = warning(path, &config);
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
    pub fn base_url(&self) -> &str {
        self.base_url.as_deref().unwrap_or(BaseUrl::DOCUMENTED)
    }

    pub fn entry(&self, name: &str) -> Option<Keyring> {
        match self.stored_password(name) {
            Some(PasswordSource::Keyring(entry)) => Some(entry),
            _ => None,
        }
    }

    /// Where this profile keeps its password, in words; never the password.
    pub fn password_place(&self, name: &str) -> String {
        self.stored_password(name).map_or_else(
            || "nowhere".to_owned(),
            |password| password.place(&Source::Profile(name.to_owned())),
        )
    }

    pub(super) fn stored_password(&self, name: &str) -> Option<PasswordSource> {
        let given = self.password.clone().map(PasswordSource::Given);
        let command = self.password_command.clone().map(PasswordSource::Command);
        given.or(command).or_else(|| {
            let entry = Keyring::entry(name, self.username.as_deref()?);
            self.password_store
                .map(|Store::Keyring| PasswordSource::Keyring(entry))
        })
    }

    /// The same profile with no password anywhere.
    pub fn without_password(&self) -> Self {
        Self {
            password: None,
            password_command: None,
            password_store: None,
            ..self.clone()
        }
    }

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

fn warning(path: &Path, config: &ConfigFile) -> Option<String> {
    let mode = mode(path)?;
    let holds_password = config
        .profiles
        .values()
        .any(|profile| profile.password.is_some());
    if mode & 0o044 == 0 || !holds_password {
        return None;
    }
    Some(format!(
        "{} holds a password and can be read by others (mode {mode:o}); run chmod 600 on it",
        path.display()
    ))
}

/// The permission bits of a file or folder, where the system has such.
#[cfg(unix)]
pub fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = std::fs::metadata(path).ok()?;
    Some(metadata.permissions().mode() & 0o777)
}

/// The permission bits of a file or folder, where the system has such.
#[cfg(not(unix))]
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
