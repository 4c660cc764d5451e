//! `profile`: lists the profiles, chooses the default one, and removes one.

use serde::Serialize;
use serde_json::{Value, json};

use crate::api::BaseUrl;
use crate::context::Context;
use crate::ending::Ending;
use crate::profile::{ConfigFile, Editor, Environment, Profile};
use crate::terminal::{Block, Cell, Show, Tone};

/// The flags of `profile`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  bango-ent profile list\n  bango-ent profile use live")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

/// What to do with profiles.
#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the profiles of the configuration file
    #[command(
        after_help = "Examples:\n  bango-ent profile list\n  bango-ent profile list --json | jq -r .defaultProfile"
    )]
    List,
    /// Use this profile when none is named
    #[command(after_help = "Examples:\n  bango-ent profile use live")]
    Use {
        /// The profile
        name: String,
    },
    /// Remove a profile and its password
    #[command(after_help = "Examples:\n  bango-ent profile remove old")]
    Remove {
        /// The profile
        name: String,
    },
}

/// Runs the subcommand.
///
/// # Errors
///
/// If the file cannot be read or saved, or has no such profile.
pub fn run(cx: &Context, args: &Args) -> anyhow::Result<()> {
    match &args.command {
        Command::List => list(cx),
        Command::Use { name } => choose(cx, name),
        Command::Remove { name } => remove(cx, name),
    }
}

/// A profile by its name.
///
/// # Errors
///
/// If there is none; the hint names those that there are.
pub(super) fn find<'a>(editor: &'a Editor, name: &str) -> Result<&'a Profile, Ending> {
    let profiles = &editor.config().profiles;
    profiles.get(name).ok_or_else(|| {
        let known: Vec<_> = profiles.keys().map(String::as_str).collect();
        Ending::configuration(format!("there is no profile named {name:?}")).next(
            if known.is_empty() {
                "there are no profiles; bango-ent auth login sets one up".to_owned()
            } else {
                format!("the profiles are: {}", known.join(", "))
            },
        )
    })
}

fn list(cx: &Context) -> anyhow::Result<()> {
    let config = ConfigFile::load()?;
    if let Some(warning) = &config.warning {
        cx.terminal.warn(warning);
    }
    if config.profiles.is_empty() {
        cx.terminal
            .remark("there are no profiles; bango-ent auth login sets one up");
    }
    Ok(cx.terminal.show(&List(config))?)
}

fn choose(cx: &Context, name: &str) -> anyhow::Result<()> {
    let mut editor = Editor::open()?;
    find(&editor, name)?;
    if cx.is_dry_run() {
        cx.terminal.remark("dry run: nothing was changed");
        return Ok(());
    }
    editor.set_default(Some(name));
    editor.save()?;
    if std::env::var_os("BANGO_PROFILE").is_some_and(|value| !value.is_empty()) {
        cx.terminal
            .warn("BANGO_PROFILE is set and goes before the default");
    }
    Ok(cx.terminal.show(&Done {
        label: "Default profile",
        name: name.to_owned(),
    })?)
}

fn remove(cx: &Context, name: &str) -> anyhow::Result<()> {
    let mut editor = Editor::open()?;
    let entry = find(&editor, name)?.entry(name);
    if cx.is_dry_run() {
        cx.terminal.remark("dry run: nothing was removed");
        return Ok(());
    }
    let was_default = editor.config().default_profile.as_deref() == Some(name);
    editor.remove(name);
    editor.save()?;
    if let Some(Err(e)) = entry.map(|entry| entry.remove()) {
        cx.terminal
            .warn(&format!("its password is still in the keyring: {e}"));
    }
    if was_default {
        cx.terminal
            .remark("it was the default; bango-ent profile use chooses another");
    }
    Ok(cx.terminal.show(&Done {
        label: "Removed profile",
        name: name.to_owned(),
    })?)
}

struct Done {
    label: &'static str,
    name: String,
}

impl Serialize for Done {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({"profile": self.name}).serialize(serializer)
    }
}

impl Show for Done {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        vec![Block::Record(vec![(self.label, Cell::plain(&self.name))])]
    }
}

struct List(ConfigFile);

impl List {
    fn is_default(&self, name: &str) -> bool {
        self.0.default_profile.as_deref() == Some(name)
    }
}

fn base_url(profile: &Profile) -> &str {
    profile.base_url.as_deref().unwrap_or(BaseUrl::DOCUMENTED)
}

impl Serialize for List {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entry = |(name, profile): (&String, &Profile)| {
            json!({
                "name": name,
                "isDefault": self.is_default(name),
                "environment": profile.environment.map(Environment::as_str),
                "username": profile.username,
                "baseUrl": base_url(profile),
                "passwordPlace": profile.password_place(name),
                "merchant": profile.merchant,
                "product": profile.product,
                "notificationUrl": profile.notification_url,
            })
        };
        let profiles: Vec<Value> = self.0.profiles.iter().map(entry).collect();
        json!({"defaultProfile": self.0.default_profile, "profiles": profiles})
            .serialize(serializer)
    }
}

impl Show for List {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        let row = |(name, profile): (&String, &Profile)| {
            let default = if self.is_default(name) { "default" } else { "" };
            let tone = match profile.environment {
                Some(Environment::Live) => Tone::Warn,
                _ => Tone::Plain,
            };
            vec![
                Cell::toned(name, Tone::Title),
                Cell::plain(default),
                Cell::toned(profile.environment.map_or("", Environment::as_str), tone),
                Cell::plain(profile.username.as_deref().unwrap_or_default()),
                Cell::plain(base_url(profile)),
                Cell::plain(profile.password_place(name)),
            ]
        };
        vec![Block::Table {
            heading: vec!["Profile", "", "Environment", "User", "Base URL", "Password"],
            rows: self.0.profiles.iter().map(row).collect(),
        }]
    }
}
