//! Changes `config.toml`: one profile at a time; comments and whatever else is in the file stay as they are.

use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;
use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value};

use super::file::{self, ConfigFile, Environment, Profile, Store};
use crate::ending::{Ending, in_words};
use crate::files;

const DEFAULT_PROFILE: &str = "default_profile";
const PROFILES: &str = "profiles";

/// The configuration file while it is changed.
#[derive(Debug)]
pub struct Editor {
    path: PathBuf,
    before: Option<String>,
    document: DocumentMut,
    config: ConfigFile,
}

impl Editor {
    /// Opens the configuration for a change. A file that is not there is an empty one, also if it was named.
    pub fn open() -> Result<Self, Ending> {
        let path = file::path().ok_or_else(|| {
            Ending::configuration("this system names no home directory")
                .next("name a file with BANGO_CONFIG")
        })?;
        let before = file::text(&path)?;
        files::check_replaceable(&path).map_err(|e| {
            let name = path.display();
            Ending::configuration(format!("the configuration file {name} is not changed: {e}"))
                .next("name the file itself with BANGO_CONFIG")
        })?;
        let text = before.as_deref().unwrap_or_default();
        let config = file::parse(&path, text)?;
        // The same parser has just read it.
        let document = text
            .parse()
            .map_err(|_| Ending::configuration(format!("{} is not valid TOML", path.display())))?;
        Ok(Self {
            path,
            before,
            document,
            config,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is in the file, as it will be.
    pub fn config(&self) -> &ConfigFile {
        &self.config
    }

    /// Sets the profile that is used when none is named, or that none is.
    pub fn set_default(&mut self, name: Option<&str>) {
        let before = self.config.default_profile.take().map(Value::from);
        let table = self.document.as_table_mut();
        set(
            table,
            DEFAULT_PROFILE,
            before.as_ref(),
            name.map(Value::from),
        );
        self.config.default_profile = name.map(str::to_owned);
    }

    /// Puts a profile in place of the one with this name, or adds it.
    pub fn put(&mut self, name: &str, profile: &Profile) -> Result<(), Ending> {
        let path = self.path.display();
        let odd = || Ending::configuration(format!("{PROFILES} in {path} is not a table"));
        let profiles = self.document.entry(PROFILES).or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let profiles = profiles.as_table_like_mut().ok_or_else(odd)?;
        let table = profiles
            .entry(name)
            .or_insert_with(|| Item::Table(Table::new()));
        let table = table.as_table_like_mut().ok_or_else(odd)?;
        let profiles = &mut self.config.profiles;
        let before = profiles.insert(name.to_owned(), profile.clone());
        let before = values(&before.unwrap_or_default());
        for ((key, value), (_, before)) in values(profile).into_iter().zip(before) {
            set(table, key, before.as_ref(), value);
        }
        Ok(())
    }

    /// Removes a profile; without it, it is no longer the default either.
    pub fn remove(&mut self, name: &str) {
        let profiles = self.document.get_mut(PROFILES);
        if let Some(profiles) = profiles.and_then(Item::as_table_like_mut) {
            profiles.remove(name);
        }
        self.config.profiles.remove(name);
        if self.config.default_profile.as_deref() == Some(name) {
            self.set_default(None);
        }
    }

    /// Writes the file, whole or not at all. `Some` is a warning about a file that is saved.
    pub fn save(self) -> Result<Option<String>, Ending> {
        let path = self.path.display();
        let mut text = self.document.to_string();
        // TOML's writer ends lines its own way.
        if let Some(before) = &self.before {
            if before.contains("\r\n") {
                text = text.replace("\r\n", "\n").replace('\n', "\r\n");
            }
            if before.starts_with('\u{feff}') && !text.starts_with('\u{feff}') {
                text.insert(0, '\u{feff}');
            }
        }
        file::parse(&self.path, &text)?;
        if file::text(&self.path)? != self.before {
            return Err(Ending::configuration(format!(
                "{path} was changed by another program meanwhile; nothing was saved"
            ))
            .next("run the command again"));
        }
        let saved = files::replace(&self.path, text.as_bytes()).map_err(|e| {
            Ending::configuration(format!("{path} cannot be saved: {e}; it is as it was"))
                .next("correct that, or name another file with BANGO_CONFIG")
        })?;
        Ok(saved.map(|e| {
            let why = in_words(&e);
            format!("{path} is saved, but may be as it was after a crash of this machine: {why}")
        }))
    }
}

/// A profile's keys in the order in which they are written, with `None` for what it does not have. `on_failure` and `paths` are
/// written by hand alone, and stay as they are.
fn values(profile: &Profile) -> [(&'static str, Option<Value>); 10] {
    let text = |value: &Option<String>| value.as_deref().map(Value::from);
    let environment = profile.environment.map(Environment::as_str);
    let password = profile.password.as_ref().map(ExposeSecret::expose_secret);
    let command = profile.password_command.as_ref();
    let command = command.map(|argv| argv.iter().collect::<Array>());
    let store = profile.password_store.map(|Store::Keyring| "keyring");
    [
        ("environment", environment.map(Value::from)),
        ("base_url", text(&profile.base_url)),
        ("username", text(&profile.username)),
        ("password", password.map(Value::from)),
        ("password_command", command.map(Value::from)),
        ("password_store", store.map(Value::from)),
        ("merchant", text(&profile.merchant)),
        ("product", text(&profile.product)),
        ("notification_url", text(&profile.notification_url)),
        ("read_only", profile.read_only.map(Value::from)),
    ]
}

/// Sets or removes a key, if its value is another than before: one that stays keeps its spelling, and a changed one the comment beside it.
fn set(table: &mut dyn TableLike, key: &str, before: Option<&Value>, value: Option<Value>) {
    let text = |value: Option<&Value>| value.map(ToString::to_string);
    if text(before) == text(value.as_ref()) {
        return;
    }
    let Some(mut value) = value else {
        table.remove(key);
        return;
    };
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}
