//! `completions`: prints the completion script of a shell.

use clap_complete::Shell;

use crate::context::Context;

/// The flags of `completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    bango-ent completions bash > ~/.local/share/bash-completion/completions/bango-ent\n  \
    bango-ent completions fish > ~/.config/fish/completions/bango-ent.fish")]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Prints the script for a command tree.
///
/// # Errors
///
/// If standard output cannot be written.
pub fn run(cx: &Context, args: &Args, mut tree: clap::Command) -> anyhow::Result<()> {
    Ok(cx.terminal.print(&script(args.shell, &mut tree)?)?)
}

/// The completion script of a shell.
pub(super) fn script(shell: Shell, tree: &mut clap::Command) -> anyhow::Result<String> {
    let mut script = Vec::new();
    clap_complete::generate(shell, tree, "bango-ent", &mut script);
    Ok(String::from_utf8(script)?)
}
