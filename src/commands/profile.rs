//! `profile`: lists the profiles, chooses the default one, and removes one.

use serde_json::json;

use crate::context::Context;
use crate::ending::Ending;
use crate::profile::{ConfigFile, Editor, Environment, Profile, is_set};
use crate::report::Report;
use crate::terminal::{Block, Cell, Shown, Tone};

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
    if cx.globals.sandbox {
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
    let report = Report::new(shown(&config));
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
    if is_set("BANGO_PROFILE") {
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
    if let Some(entry) = entry
        && let Err(e) = entry.remove()
    {
        let account = entry.account();
        cx.terminal.warn(&format!(
            "its password is still in the keyring, entry {account}: {e}"
        ));
    }
    let report = changed("Removed profile", name);
    Ok(if was_default {
        report.remark("it was the default; bango-ent profile use chooses another")
    } else {
        report
    })
}

fn changed(what: &'static str, name: &str) -> Report {
    let record = Block::record([(what, Cell::plain(name))]);
    Report::new(Shown::new(json!({"profile": name}), [record]))
}

fn shown(config: &ConfigFile) -> Shown {
    let is_default = |name: &str| config.default_profile.as_deref() == Some(name);
    let entry = |(name, profile): (&String, &Profile)| {
        json!({
            "name": name,
            "isDefault": is_default(name),
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
    let profiles: Vec<_> = config.profiles.iter().map(entry).collect();
    let row = |(name, profile): (&String, &Profile)| {
        let tone = match profile.environment {
            Some(Environment::Live) => Tone::Warn,
            _ => Tone::Plain,
        };
        let is_read_only = profile.read_only == Some(true);
        [
            Cell::toned(name, Tone::Title),
            Cell::optional(is_default(name).then_some("default")),
            Cell::toned(profile.environment.map_or("", Environment::as_str), tone),
            Cell::optional(profile.username.as_deref()),
            Cell::plain(profile.base_url()),
            Cell::plain(profile.password_place(name)),
            Cell::optional(is_read_only.then_some("read-only")),
        ]
    };
    let heading = [
        "Profile",
        "Note",
        "Environment",
        "User",
        "Base URL",
        "Password",
        "Changes",
    ];
    Shown::new(
        json!({"defaultProfile": config.default_profile, "profiles": profiles}),
        [Block::table(heading, config.profiles.iter().map(row))],
    )
}
