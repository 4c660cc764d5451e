//! The command line: how it is read, and what is said about a mistake in it.

mod args;
mod tree;

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{ArgMatches, FromArgMatches};
use clap_complete::CompleteEnv;

use crate::commands::completions;
use crate::context::globals;
use crate::ending::{Code, Ending, in_words};
use crate::terminal::{OutputOptions, Terminal, clean, clean_colored};

use args::Cli;
pub use tree::{GROUPS, tree};

/// Answers a shell that asks what Tab may offer; tells whether one did.
pub fn complete() -> Result<bool, clap::Error> {
    if std::env::var_os(completions::VARIABLE).is_none() {
        return Ok(false);
    }
    let folder = std::env::current_dir().ok();
    CompleteEnv::with_factory(tree)
        .var(completions::VARIABLE)
        .try_complete(std::env::args_os(), folder.as_deref())
}

/// Reads the command line of this process. Only a mistake, or help, needs the whole tree.
pub fn parse() -> Result<Cli, clap::Error> {
    let matches = args::root().try_get_matches();
    let matches = matches.or_else(|_| tree().try_get_matches())?;
    refuse_unused(&matches)?;
    Cli::from_arg_matches(&matches)
}

/// Refuses an option that means nothing to the command: who gives it expects something that will not happen.
fn refuse_unused(matches: &ArgMatches) -> Result<(), clap::Error> {
    let (mut path, mut leaf) = (Vec::new(), matches);
    while let Some((name, below)) = leaf.subcommand() {
        path.push(name);
        leaf = below;
    }
    let is_given = |id: &&str| leaf.value_source(id) == Some(ValueSource::CommandLine);
    let Some(id) = globals::unused(&path).find(is_given) else {
        return Ok(());
    };
    let (flag, command) = (id.replace('_', "-"), path.join(" "));
    let instead = match (&*command, id) {
        ("listen", "sandbox") => "write --with-sandbox",
        _ => "leave it out",
    };
    let message = format!("--{flag} has no meaning for {command}; {instead}");
    Err(tree().error(ErrorKind::UnknownArgument, message))
}

/// Answers a command line that cannot be run: help and version are no errors; a mistake is told, in JSON if that was asked for.
pub fn refuse(error: clap::Error) -> ExitCode {
    let options = options();
    let terminal = Terminal::new(options);
    if !error.use_stderr() {
        let printed = terminal.help(&rendered(&error, terminal.stdout.color));
        let code = match printed {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                terminal.error(&format!("it could not be written: {}", in_words(&error)));
                Code::Bug
            }
            _ => Code::Done,
        };
        return ExitCode::from(code.number());
    }
    let error = escaped(with_hint(error));
    terminal.usage(&rendered(&error, terminal.stderr.color));
    if options.json {
        let message = error.to_string();
        let ending = Ending::usage(message.trim_start_matches("error: ").trim_end());
        let document = ending.document(|next| next.say.to_string(), str::to_owned);
        // The message is on standard error already.
        let _ = terminal.print_document(&document);
    }
    ExitCode::from(Code::Usage.number())
}

/// Commands of other tools, and what does the same here. What ends an entitlement is named, and never run for another word.
const MEANT: [(&str, &str); 12] = [
    ("login", "bango-ent auth login"),
    ("logout", "bango-ent auth logout"),
    ("whoami", "bango-ent auth status"),
    (
        "status",
        "bango-ent get shows an entitlement, bango-ent auth status the account",
    ),
    ("config", "bango-ent auth login, bango-ent profile"),
    ("version", "bango-ent --version"),
    ("delete", ENDS),
    ("remove", ENDS),
    ("rm", ENDS),
    ("end", ENDS),
    ("stop", ENDS),
    ("pause", "bango-ent suspend"),
];
const ENDS: &str =
    "bango-ent cancel ends an entitlement with the paid period, bango-ent revoke at once";

/// Adds what was probably meant, where the library cannot know it.
fn with_hint(mut error: clap::Error) -> clap::Error {
    let words: Vec<_> = std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let part = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => Some(word.clone()),
        _ => None,
    };
    let hint = if let Some(word) = part(ContextKind::InvalidSubcommand) {
        let meant = MEANT.iter().find(|(known, _)| *known == word);
        meant.map(|(_, meant)| (*meant).to_owned())
    } else if let Some(word) = part(ContextKind::InvalidArg) {
        let at = words.iter().position(|other| *other == word);
        let before = at.and_then(|at| words.get(at.checked_sub(1)?));
        match before.map(String::as_str) {
            Some("--wait") => Some(format!("write --wait={word}")),
            _ if words.iter().any(|word| word == "wait") && !word.starts_with('-') => {
                Some(format!("write --for {word}"))
            }
            Some("list" | "ls") if !word.starts_with('-') => Some(format!("write --user {word}")),
            _ => None,
        }
    } else if let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg)
        && missing.iter().any(|flag| flag.starts_with("--with "))
    {
        Some("--with names Bango's reports; --live asks Bango instead".to_owned())
    } else {
        None
    };
    if let Some(hint) = hint {
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(
            ContextKind::Suggested,
            ContextValue::StyledStrs(vec![hint.into()]),
        );
    }
    error
}

/// What a command line that cannot be read says about output: up to `--`, where flags end.
fn options() -> OutputOptions {
    let words = std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .take_while(|word| word != "--");
    let words: Vec<_> = words.collect();
    let after = words.iter().skip_while(|word| *word != "--color").nth(1);
    let joined = words.iter().find_map(|word| word.strip_prefix("--color="));
    OutputOptions {
        json: words.iter().any(|word| word == "--json"),
        color: match joined.or(after.map(String::as_str)) {
            Some("always") => Some(true),
            Some("never") => Some(false),
            _ => None,
        },
        ..OutputOptions::default()
    }
}

fn rendered(error: &clap::Error, color: bool) -> String {
    let text = error.render();
    if color {
        text.ansi().to_string()
    } else {
        text.to_string()
    }
}

/// The same error with the words of the command line made harmless: a line break in one of them shall not forge a line.
fn escaped(mut error: clap::Error) -> clap::Error {
    let parts: Vec<_> = error
        .context()
        .map(|(kind, part)| (kind, part.clone()))
        .collect();
    for (kind, part) in parts {
        let part = match part {
            ContextValue::String(word) => ContextValue::String(clean(&word).into_owned()),
            ContextValue::Strings(words) => {
                ContextValue::Strings(words.iter().map(|word| clean(word).into_owned()).collect())
            }
            ContextValue::StyledStrs(tips) => ContextValue::StyledStrs(
                tips.iter()
                    .map(|tip| clean_colored(&tip.ansi().to_string()).into())
                    .collect(),
            ),
            part => part,
        };
        error.insert(kind, part);
    }
    error
}
