//! Reading the command line, with no more of the command tree than the words in it can mean.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Args as _, CommandFactory, FromArgMatches, Subcommand as _};

use super::{Cli, Command};
use crate::context::Globals;

/// Reads the command line of this process.
///
/// # Errors
///
/// What clap has against it; a request for help or the version is one of these.
pub fn read() -> Result<Cli, clap::Error> {
    let words: Vec<_> = std::env::args_os().collect();
    match parse(named_in(&words), &words) {
        // What is wrong, and how it is said, only the whole tree can tell.
        Err(error) if error.kind() != ErrorKind::DisplayVersion => parse(Cli::command(), &words),
        read => read,
    }
}

fn parse(mut tree: clap::Command, words: &[OsString]) -> Result<Cli, clap::Error> {
    let mut matches = tree.try_get_matches_from_mut(words)?;
    let cli = Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut tree));
    // Here as below: the end of the process, which is near, frees a tree for less.
    std::mem::forget(tree);
    cli
}

/// The tree with the commands that the words name. No other can be called, and clap copies every global flag to each that it has:
/// with all of them a third of the time of a quick command goes there.
fn named_in(words: &[OsString]) -> clap::Command {
    let mut all = Command::augment_subcommands(clap::Command::default());
    let named: Vec<_> = all
        .get_subcommands_mut()
        .filter(|command| words.iter().any(|word| word == command.get_name()))
        .map(std::mem::take)
        .collect();
    std::mem::forget(all);
    let root = clap::Command::new(env!("CARGO_PKG_NAME"))
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true);
    Globals::augment_args(root).subcommands(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_commands_read_a_line_as_the_whole_tree_does() {
        for line in [
            "create --user u --merchant M --product P --expires 2027-01-31 --field a=b --wait",
            "create --user create --merchant get --product list --json --quiet",
            "--json --retries 0 --timeout 2m get get -vv",
            "--profile get list --user u --color never",
            "update e --field help=create --request-id r",
            "suspend e",
            "resume e --dry-run",
            "cancel e --help-me",
            "cancel e",
            "revoke e",
            "wait e --timeout 5s",
            "--timeout 5s wait e",
            "activation-url e --sandbox",
            "batch rows.csv --journal j",
            "batch status j --json",
            "echo --base-url http://127.0.0.1:1",
            "api GET /x --ca-cert f",
            "listen --port 0",
            "sandbox --port 0 --ephemeral",
            "--quiet sandbox reset",
            "auth login --profile p",
            "auth status",
            "profile use p",
            "doctor",
            "explain 31",
            "completions fish",
            "generate here",
            "get",
            "gett e",
            "help get",
            "get e --version",
            "--version",
            "",
        ] {
            let words: Vec<OsString> = ["bango-ent"]
                .into_iter()
                .chain(line.split_whitespace())
                .map(Into::into)
                .collect();
            let whole = parse(Cli::command(), &words).map(|cli| format!("{cli:?}"));
            let named = parse(named_in(&words), &words).map(|cli| format!("{cli:?}"));
            match (whole, named) {
                (Ok(whole), Ok(named)) => assert_eq!(named, whole, "{line}"),
                // The whole tree is asked next.
                (whole, Err(_)) => assert!(whole.is_err(), "{line}: {whole:?}"),
                (Err(whole), Ok(named)) => panic!("{line}: {named} and {whole}"),
            }
        }
    }
}
