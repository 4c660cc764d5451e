//! `generate`: writes what is made from the command tree and the tables: completions, man pages, reference docs.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::ValueEnum;
use clap_complete::Shell;

use super::completions;
use crate::ending::{self, Ending, Report};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder that gets completions/ and docs/
    root: PathBuf,
}

/// Writes every generated file below the folder.
pub fn run(args: &Args, tree: clap::Command) -> Result<Report, Ending> {
    generate(&args.root, tree).map_err(Ending::machine)?;
    Ok(Report::default().remark(format!("written below {}", args.root.display())))
}

fn generate(root: &Path, mut tree: clap::Command) -> anyhow::Result<()> {
    let pages = tree.clone().disable_help_subcommand(true);
    tree = tree.term_width(100);
    tree.build();
    for shell in Shell::value_variants() {
        let name = format!("completions/bango-ent.{}", extension(*shell));
        write(root, &name, &completions::script(*shell, &mut tree)?)?;
    }
    write(root, "docs/commands.md", &reference(&mut tree))?;
    write(root, "docs/exit-codes.md", &exit_codes())?;
    let man = root.join("docs/man");
    fs::create_dir_all(&man)?;
    clap_mangen::generate_to(pages, &man)?;
    Ok(())
}

fn extension(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => "bash",
        Shell::Elvish => "elv",
        Shell::Fish => "fish",
        Shell::PowerShell => "ps1",
        _ => "zsh",
    }
}

fn write(root: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let path = root.join(name);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))
}

/// `docs/commands.md`: the long help of every command.
fn reference(tree: &mut clap::Command) -> String {
    let mut text = "# Commands\n\nGenerated from the command line itself by `cargo run -- generate .`; do not edit.\n".to_owned();
    section(&mut text, tree);
    text
}

fn section(text: &mut String, command: &mut clap::Command) {
    let name = command
        .get_bin_name()
        .unwrap_or_else(|| command.get_name())
        .to_owned();
    let help = command.render_long_help().to_string();
    let lines: Vec<_> = help.lines().map(str::trim_end).collect();
    let _ = write!(
        text,
        "\n## {name}\n\n```text\n{}\n```\n",
        lines.join("\n").trim_end()
    );
    for child in command.get_subcommands_mut() {
        if !child.is_hide_set() && child.get_name() != "help" {
            section(text, child);
        }
    }
}

/// `docs/exit-codes.md`: the table of `ending.rs`.
fn exit_codes() -> String {
    let mut text = "# Exit codes\n\nGenerated from the table in `src/ending.rs` by `cargo run -- generate .`; do not edit.\n\n\
        The first digit says who decides what is next: 0 to 4 are decided on this \
        machine, 8 and 9 are the user's or the merchant's, 1x is yours after Bango refused, 2x is Bango's, 3x is not known, \
        4x is done but not all of it. The code never depends on the output format.\n\n\
        | Code | Meaning | Safe to repeat? | What next |\n|---:|---|---|---|\n"
        .to_owned();
    for row in ending::TABLE {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            row.code.number(),
            row.meaning,
            row.repeat,
            row.next
        );
    }
    text
}
