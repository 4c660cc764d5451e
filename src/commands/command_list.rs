//! `commands`: the command tree as data, for tools and agents; offline.

use clap::{Arg, ArgAction, Command};
use serde_json::{Value, json};

use crate::context::globals::HEADING;
use crate::ending::{self, Ending};
use crate::report::Report;
use crate::terminal::{Block, Cell, Shown, Tone};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    bango-ent commands\n  \
    bango-ent commands --json batch\n  \
    bango-ent commands --json | jq -r '.commands[].command'\n\n\
    With --json it has what --help says, for tools and agents: arguments, options, values, defaults and exit codes.")]
pub struct Args {
    /// Only this command and those below it
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
}

/// Shows the commands that can be run; in JSON with all that they take.
pub fn run(args: &Args, tree: &Command) -> Result<Report, Ending> {
    let mut found = Vec::new();
    collect(tree, &mut Vec::new(), &mut found);
    found.retain(|(path, _)| path.starts_with(&args.command));
    if found.is_empty() {
        let typed = args.command.join(" ");
        let ending = Ending::usage(format!("there is no command {typed:?}"));
        return Err(ending.run("this lists the commands", ["commands"]));
    }
    let common: Vec<_> = tree.get_arguments().filter(|arg| is_common(arg)).collect();
    let commands = found.iter();
    let commands = commands.map(|(path, command)| described(path, command, &common));
    let document = json!({
        "name": tree.get_name(),
        "version": tree.get_version(),
        "commands": commands.collect::<Vec<_>>(),
        "commonOptions": common.iter().copied().map(argument).collect::<Vec<_>>(),
        "exitCodes": exit_codes(),
    });
    let row = |(path, command): &(Vec<String>, &Command)| {
        let name = Cell::toned(path.join(" "), Tone::Title);
        [name, Cell::plain(about(command))]
    };
    let table = Block::table(["Command", "What it does"], found.iter().map(row));
    Ok(Report::new(Shown::new(document, [table])))
}

/// The commands that can be run, each with its path, in the order of the help.
fn collect<'a>(
    command: &'a Command,
    path: &mut Vec<String>,
    found: &mut Vec<(Vec<String>, &'a Command)>,
) {
    for below in command.get_subcommands() {
        if below.is_hide_set() || below.get_name() == "help" {
            continue;
        }
        path.push(below.get_name().to_owned());
        if !below.is_subcommand_required_set() {
            found.push((path.clone(), below));
        }
        collect(below, path, found);
        path.pop();
    }
}

fn is_common(arg: &Arg) -> bool {
    arg.get_help_heading() == Some(HEADING)
}

fn about(command: &Command) -> String {
    command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// A command with what it takes. A common option that means something else here stands among its own.
fn described(path: &[String], command: &Command, common: &[&Arg]) -> Value {
    let is_as_usual = |arg: &&Arg| {
        let is_it = |other: &&Arg| {
            other.get_id() == arg.get_id() && other.get_default_values() == arg.get_default_values()
        };
        is_common(arg) && common.iter().any(is_it)
    };
    let is_own = |arg: &&Arg| !matches!(arg.get_action(), ArgAction::Help | ArgAction::HelpLong);
    let shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
    let (usual, own): (Vec<_>, Vec<_>) = shown.filter(is_own).partition(is_as_usual);
    let (arguments, options): (Vec<&Arg>, Vec<_>) =
        own.into_iter().partition(|arg| arg.is_positional());
    let usage = command.clone().render_usage().to_string();
    json!({
        "command": path.join(" "),
        "aliases": command.get_all_aliases().collect::<Vec<_>>(),
        "about": about(command),
        "usage": usage.trim_start_matches("Usage: "),
        "arguments": arguments.into_iter().map(argument).collect::<Vec<_>>(),
        "options": options.into_iter().map(argument).collect::<Vec<_>>(),
        "commonOptions": usual.into_iter().map(name).collect::<Vec<_>>(),
    })
}

/// How it is written: the flag, or the word that stands for an argument.
fn name(arg: &Arg) -> String {
    match arg.get_long() {
        Some(long) => format!("--{long}"),
        None => value(arg).unwrap_or_default(),
    }
}

/// The word that stands for a value, where one is taken.
fn value(arg: &Arg) -> Option<String> {
    let names = arg.get_value_names().unwrap_or_default();
    let name = names.first().map(ToString::to_string);
    arg.get_action()
        .takes_values()
        .then(|| name.unwrap_or_else(|| arg.get_id().to_string().to_uppercase()))
}

fn argument(arg: &Arg) -> Value {
    let value = value(arg);
    let values = arg.get_possible_values();
    let values = values.iter().filter(|_| value.is_some());
    let values: Vec<_> = values.map(clap::builder::PossibleValue::get_name).collect();
    let defaults = arg.get_default_values().iter();
    let defaults = defaults.filter(|_| value.is_some());
    let defaults: Vec<_> = defaults.map(|default| default.to_string_lossy()).collect();
    let is_many = arg
        .get_num_args()
        .is_some_and(|range| range.max_values() > 1);
    let is_repeatable = matches!(arg.get_action(), ArgAction::Append | ArgAction::Count);
    json!({
        "name": name(arg),
        "short": arg.get_short().map(|short| format!("-{short}")),
        "value": value,
        "values": values,
        "defaults": defaults,
        "variable": arg.get_env().map(|variable| variable.to_string_lossy()),
        "isRequired": arg.is_required_set(),
        "isRepeatable": is_many || is_repeatable,
        "help": arg.get_help().map(ToString::to_string).unwrap_or_default(),
    })
}

fn exit_codes() -> Vec<Value> {
    let row = |row: &ending::CodeRow| {
        json!({
            "exitCode": row.code.number(),
            "meaning": row.meaning,
            "repeat": row.repeat,
            "next": row.next,
        })
    };
    ending::TABLE.iter().map(row).collect()
}
