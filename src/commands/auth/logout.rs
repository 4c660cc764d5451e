//! `auth logout`: forgets the password of a profile, wherever it is kept; the rest of the profile stays.

use serde_json::json;

use super::super::profile::{not_of_the_sandbox, save};
use crate::context::Context;
use crate::ending::Ending;
use crate::profile::{Editor, is_set};
use crate::report::Report;
use crate::terminal::{Block, Cell, Shown};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent auth logout\n  bango-ent auth logout --profile live\n\n\
    User name, base URL and defaults stay. bango-ent profile remove removes those too."
)]
pub struct Args {}

/// Forgets the password; if the keyring refuses, nothing is changed, and if the file does, it can be run again.
pub fn run(cx: &Context, _: &Args) -> Result<Report, Ending> {
    not_of_the_sandbox(cx)?;
    let mut editor = Editor::open()?;
    let named = editor.config().chosen(cx.flags().profile)?;
    let name = named.ok_or_else(|| {
        Ending::configuration("no profile is set up, so there is no password to forget").run(
            "--profile names a profile; this shows them",
            ["profile", "list"],
        )
    })?;
    let name = name.value;
    let old = editor.config().profile(&name)?.clone();
    if cx.is_dry_run() {
        return Ok(Report::dry_run("changed", []));
    }
    // Only the file says where the password is, so the file forgets that last.
    if let Some(entry) = old.entry(&name) {
        entry.remove()?;
    }
    editor.put(&name, &old.without_password())?;
    save(cx, editor)?;
    for name in ["BANGO_PASSWORD", "BANGO_PASSWORD_FILE"] {
        if is_set(name) {
            cx.terminal
                .warn(&format!("{name} is still set in the environment"));
        }
    }
    let forgotten = old.password_place(&name);
    let document = json!({"profile": name, "forgotten": forgotten});
    let record = Block::record([
        ("Profile", Cell::plain(name)),
        ("Password forgotten", Cell::plain(forgotten)),
    ]);
    Ok(Report::new(Shown::new(document, [record])))
}
