//! `auth logout`: forgets the password of a profile, wherever it is kept; the rest of the profile stays.

use serde::Serialize;

use super::super::profile::find;
use crate::context::Context;
use crate::ending::Ending;
use crate::profile::{self, Editor, Profile};
use crate::terminal::{Block, Cell, Show};

/// The flags of `auth logout`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent auth logout\n  bango-ent auth logout --profile live\n\n\
    User name, base URL and defaults stay. bango-ent profile remove removes those too."
)]
pub struct Args {}

/// Forgets the password.
///
/// # Errors
///
/// If there is no such profile, or the keyring or the file refuses; the password is then still there.
pub fn run(cx: &Context, _: &Args) -> anyhow::Result<()> {
    let mut editor = Editor::open()?;
    let named = profile::profile_name(cx.flags().profile, editor.config())?;
    let name = named.ok_or_else(|| {
        Ending::configuration("no profile is set up, so there is no password to forget".to_owned())
            .next("bango-ent profile list shows the profiles; --profile names one")
    })?;
    let name = name.value;
    let old = find(&editor, &name)?.clone();
    let place = old.password_place(&name);
    if cx.is_dry_run() {
        cx.terminal.remark("dry run: nothing was forgotten");
        return Ok(());
    }
    if let Some(entry) = old.entry(&name) {
        entry.remove()?;
    }
    let kept = Profile {
        password: None,
        password_command: None,
        password_store: None,
        ..old
    };
    editor.put(&name, &kept)?;
    editor.save()?;
    if std::env::var_os("BANGO_PASSWORD").is_some() {
        cx.terminal
            .warn("BANGO_PASSWORD is still set in the environment");
    }
    Ok(cx.terminal.show(&Forgotten {
        profile: name,
        forgotten: place,
    })?)
}

#[derive(Serialize)]
struct Forgotten {
    profile: String,
    forgotten: String,
}

impl Show for Forgotten {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        vec![Block::Record(vec![
            ("Profile", Cell::plain(&self.profile)),
            ("Password forgotten", Cell::plain(&self.forgotten)),
        ])]
    }
}
