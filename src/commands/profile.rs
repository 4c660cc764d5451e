//! `profile`: lists the profiles, chooses the default one, and removes one.

use serde_json::{Value, json};

use crate::context::Context;
use crate::ending::Ending;
use crate::profile::{ConfigFile, Editor, Environment, Profile};
use crate::report::Report;
use crate::terminal::{Block, Cell, Show, Shown, Tone};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  bango-ent profile list\n  bango-ent profile use live")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

// What to do with profiles.
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
pub fn run(cx: &Context, args: &Args) -> Result<Report, Ending> {
    match &args.command {
        Command::List => list(cx),
        Command::Use { name } => choose(cx, name),
        Command::Remove { name } => remove(cx, name),
    }
}

/// Saves the configuration file, and passes a warning about that on.
pub(super) fn save(cx: &Context, editor: Editor) -> Result<(), Ending> {
    if let Some(warning) = editor.save()? {
        cx.terminal.warn(&warning);
    }
    Ok(())
}

/// Refuses `--sandbox`, which reads and changes no profile.
pub(super) fn not_of_the_sandbox(cx: &Context) -> Result<(), Ending> {
    if cx.is_sandbox() {
        return Err(Ending::usage(
            "the sandbox has no profiles and needs no login; leave out --sandbox",
        ));
    }
    Ok(())
}

fn list(cx: &Context) -> Result<Report, Ending> {
    let config = ConfigFile::load()?;
    if let Some(warning) = &config.warning {
        cx.terminal.warn(warning);
    }
    let is_empty = config.profiles.is_empty();
    let report = Report::new(List(config));
    Ok(if is_empty {
        report.remark("there are no profiles; bango-ent auth login sets one up")
    } else {
        report
    })
}

fn choose(cx: &Context, name: &str) -> Result<Report, Ending> {
    not_of_the_sandbox(cx)?;
    let mut editor = Editor::open()?;
    editor.config().profile(name)?;
    if cx.is_dry_run() {
        return Ok(Report::dry_run("changed", []));
    }
    editor.set_default(Some(name));
    save(cx, editor)?;
    if std::env::var_os("BANGO_PROFILE").is_some_and(|value| !value.is_empty()) {
        cx.terminal
            .warn("BANGO_PROFILE is set and goes before the default");
    }
    Ok(changed("Default profile", name))
}

fn remove(cx: &Context, name: &str) -> Result<Report, Ending> {
    not_of_the_sandbox(cx)?;
    let mut editor = Editor::open()?;
    let entry = editor.config().profile(name)?.entry(name);
    if cx.is_dry_run() {
        return Ok(Report::dry_run("changed", []));
    }
    let was_default = editor.config().default_profile.as_deref() == Some(name);
    editor.remove(name);
    save(cx, editor)?;
    if let Some(Err(e)) = entry.map(|entry| entry.remove()) {
        cx.terminal
            .warn(&format!("its password is still in the keyring: {e}"));
    }
    let report = changed("Removed profile", name);
    Ok(if was_default {
        report.remark("it was the default; bango-ent profile use chooses another")
    } else {
        report
    })
}

/// What was done, and the profile.
fn changed(what: &'static str, name: &str) -> Report {
    Report::new(Shown {
        document: json!({"profile": name}),
        blocks: vec![Block::record([(what, Cell::plain(name))])],
    })
}

struct List(ConfigFile);

impl List {
    fn is_default(&self, name: &str) -> bool {
        self.0.default_profile.as_deref() == Some(name)
    }
}

impl Show for List {
    fn document(&self) -> Value {
        let entry = |(name, profile): (&String, &Profile)| {
            json!({
                "name": name,
                "isDefault": self.is_default(name),
                "environment": profile.environment.map(Environment::as_str),
                "username": profile.username,
                "baseUrl": profile.base_url(),
                "passwordPlace": profile.password_place(name),
                "merchant": profile.merchant,
                "product": profile.product,
                "notificationUrl": profile.notification_url,
                "readOnly": profile.read_only == Some(true),
            })
        };
        let profiles: Vec<Value> = self.0.profiles.iter().map(entry).collect();
        json!({"defaultProfile": self.0.default_profile, "profiles": profiles})
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
                Cell::plain(profile.base_url()),
                Cell::plain(profile.password_place(name)),
                Cell::plain(if profile.read_only == Some(true) {
                    "read-only"
                } else {
                    ""
                }),
            ]
        };
        vec![Block::Table {
            heading: vec![
                "Profile",
                "Note",
                "Environment",
                "User",
                "Base URL",
                "Password",
                "Changes",
            ],
            rows: self.0.profiles.iter().map(row).collect(),
        }]
    }
}
