//! The generated files by name.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use clap::{Command, ValueEnum};
use clap_complete::Shell;
use flate2::{Compression, GzBuilder};

use super::man;

const MADE: &str = "by `cargo run --example generate`; do not edit.";

/// Every generated file.
pub fn all() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for shell in Shell::value_variants() {
        let name = format!("completions/bango-ent.{}", extension(*shell));
        let script = bango_ent::script(*shell).expect("the library writes UTF-8");
        files.insert(name, script.into_bytes());
    }
    let tree = bango_ent::tree().term_width(100);
    files.insert("docs/commands.md".to_owned(), reference(tree).into_bytes());
    files.insert("docs/exit-codes.md".to_owned(), exit_codes().into_bytes());
    let pages = man::pages();
    let named = |(path, text): &(String, String)| {
        let name = path.trim_start_matches("docs/man/");
        format!("{name}\0{text}\0")
    };
    let all: String = pages.iter().map(named).collect();
    files.insert("src/commands/man_pages.gz".to_owned(), packed(&all));
    files.insert("src/sandbox/openapi.gz".to_owned(), packed(&openapi()));
    files.extend(pages.into_iter().map(|(name, text)| (name, text.into())));
    files
}

/// The description of the sandbox's API, as it is kept.
fn openapi() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    std::fs::read_to_string(path).expect("docs/openapi.json is there")
}

/// A text as the program carries it; the same text gives the same bytes on every machine and at any time.
fn packed(text: &str) -> Vec<u8> {
    let mut gzip = GzBuilder::new().write(Vec::new(), Compression::best());
    let written = gzip.write_all(text.as_bytes());
    written
        .and_then(|()| gzip.finish())
        .expect("memory takes all")
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

/// Every command that help shows, with those below it, and last the page of the common options.
pub fn commands(tree: &Command) -> Vec<Command> {
    fn add(found: &mut Vec<Command>, command: &Command) {
        found.push(command.clone());
        let below = command.get_subcommands();
        for command in below.filter(|c| !c.is_hide_set() && c.get_name() != "help") {
            add(found, command);
        }
    }
    let mut found = Vec::new();
    add(&mut found, tree);
    found.extend(tree.find_subcommand("options").cloned());
    found
}

/// The name with which a command is typed.
pub fn typed(command: &Command) -> &str {
    command.get_bin_name().unwrap_or(command.get_name())
}

/// `docs/commands.md`: the long help of every command, the common options once.
fn reference(mut tree: Command) -> String {
    tree.build();
    let mut commands = commands(&tree);
    let mut text = format!("# Commands\n\nGenerated from the command line itself {MADE}\n\n");
    let heading = |command: &Command| match command.get_name() {
        "options" => "Common options".to_owned(),
        _ => typed(command).to_owned(),
    };
    for command in &commands {
        let heading = heading(command);
        let anchor = heading.to_lowercase().replace(' ', "-");
        let depth = if command.get_name() == "options" {
            0
        } else {
            typed(command).split(' ').count() - 1
        };
        let about = command
            .get_about()
            .map(ToString::to_string)
            .unwrap_or_default();
        let indent = "  ".repeat(depth.saturating_sub(1));
        let _ = writeln!(text, "{indent}- [{heading}](#{anchor}): {}", lower(&about));
    }
    for command in &mut commands {
        let heading = heading(command);
        let help = command.render_long_help().to_string();
        let help = help.split("\nCommon options: ").next().unwrap_or_default();
        let lines: Vec<_> = help.lines().map(str::trim_end).collect();
        let _ = write!(
            text,
            "\n## {heading}\n\n```text\n{}\n```\n",
            lines.join("\n").trim_end()
        );
    }
    text
}

/// A line of help as a part of a sentence.
pub fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// `docs/exit-codes.md`: the table of `ending.rs`.
fn exit_codes() -> String {
    let mut text = format!(
        "# Exit codes\n\nGenerated from the table in `src/ending.rs` {MADE}\n\n\
        The first digit says who decides what is next: 0 to 4 are decided on this \
        machine, 8 and 9 are the user's or the merchant's, 1x is yours after Bango refused, 2x is Bango's, 3x is not known, \
        4x is done but not all of it. The code never depends on the output format.\n\n\
        | Code | Meaning | Safe to repeat? | What next |\n|---:|---|---|---|\n"
    );
    for row in bango_ent::exit_codes() {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}
