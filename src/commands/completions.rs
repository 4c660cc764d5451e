//! `completions`: prints the completion script of a shell.

use clap_complete::Shell;
use serde_json::json;

use crate::ending::{Ending, Report};
use crate::terminal::{Block, Shown};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    bango-ent completions bash > ~/.local/share/bash-completion/completions/bango-ent\n  \
    bango-ent completions fish > ~/.config/fish/completions/bango-ent.fish")]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Shows the script for a command tree.
pub fn run(args: &Args, mut tree: clap::Command) -> Result<Report, Ending> {
    let script = script(args.shell, &mut tree).map_err(Ending::machine)?;
    Ok(Report::new(Shown {
        document: json!({"script": script}),
        blocks: vec![Block::Text(script)],
    }))
}

/// The completion script of a shell.
pub(super) fn script(shell: Shell, tree: &mut clap::Command) -> anyhow::Result<String> {
    let mut script = Vec::new();
    clap_complete::generate(shell, tree, "bango-ent", &mut script);
    let script = String::from_utf8(script)?;
    // In bash the library names the states of a program with a hyphen in two ways, and completes nothing after a command.
    Ok(match shell {
        Shell::Bash => script.replace("bango__subcmd__ent", "bango__ent"),
        _ => script,
    })
}
