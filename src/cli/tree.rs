//! The command tree as people meet it: commands in groups, common options once, no flag where it does nothing, Tab with values.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::builder::StyledStr;
use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};

use super::args;
use crate::api::BaseUrl;
use crate::api::types::field;
use crate::commands::sandbox;
use crate::context::globals;
use crate::glossary;
use crate::history::{self, Entry};
use crate::profile::{self, ConfigFile, Profile};
use crate::terminal::clean;

/// The commands by what they are for. `help` belongs to the last.
pub const GROUPS: [(&str, &[&str]); 6] = [
    (
        "Entitlements",
        &[
            "create",
            "get",
            "list",
            "products",
            "update",
            "suspend",
            "resume",
            "cancel",
            "revoke",
            "wait",
            "activation-url",
            "api",
            "history",
        ],
    ),
    ("Many at once", &["batch"]),
    ("Bango's files", &["reports", "reconcile"]),
    ("Receiving notifications", &["listen"]),
    (
        "Set-up",
        &["auth", "profile", "doctor", "echo", "completions", "man"],
    ),
    ("Learning", &["sandbox", "explain", "commands"]),
];

/// Bango's test merchant, which the sandbox has too.
const TEST_MERCHANT: [(&str, &str); 2] = [
    (field::MERCHANT_ACCOUNT_KEY, "BANGO"),
    (field::PRODUCT_KEY, "BangoMusic"),
];
/// Tab offers no more of the history.
const MOST_OFFERED: usize = 50;

/// What the help of `options` is about; it is no command.
const OPTIONS: &str = "options";

/// The whole command tree.
#[must_use]
pub fn tree() -> Command {
    let mut root = args::root();
    let common: Vec<_> = root.get_arguments().cloned().map(completed).collect();
    // This makes the options that were put off.
    root.build();
    grouped(shaped(root, &[])).subcommand(options(common))
}

/// A command and those below it: without options that do nothing, with what Tab offers, and with a short and a long help.
fn shaped(mut command: Command, path: &[&str]) -> Command {
    let below = command.get_subcommands();
    let below: Vec<_> = below.map(|below| below.get_name().to_owned()).collect();
    for name in below {
        let path = [path, &[&*name]].concat();
        command = command.mut_subcommand(&name, |below| shaped(below, &path));
    }
    let unused: Vec<_> = globals::unused(path).collect();
    command = command.mut_args(|arg| {
        let is_unused = unused.contains(&arg.get_id().as_str());
        let is_common = arg.get_help_heading() == Some(globals::HEADING);
        completed(arg)
            .hide(is_unused)
            .hide_short_help(is_common)
            .hide_long_help(is_common)
    });
    let line = common_line(&unused);
    let Some(examples) = command.get_after_help().map(StyledStr::to_string) else {
        return command.after_help(line);
    };
    command
        .after_long_help(format!("{examples}\n\n{line}"))
        .after_help(format!("{line}\nExamples and notes: --help"))
}

/// The options that every request takes, as `bango-ent help options` shows them.
fn options(common: Vec<Arg>) -> Command {
    Command::new(OPTIONS)
        .about("The options that the commands have in common")
        .override_usage("bango-ent COMMAND [OPTIONS]")
        .after_help(
            "A command that sends nothing takes only those that have a meaning for it. What stands in the environment or in a \
             profile need not be given: bango-ent auth status shows what is in force.",
        )
        .hide(true)
        .arg_required_else_help(true)
        .args(common.into_iter().map(|arg| arg.global(false)))
}

/// An argument with what Tab offers for it.
fn completed(arg: Arg) -> Arg {
    let names = arg.get_value_names().unwrap_or_default();
    let candidates = match arg.get_id().as_str() {
        _ if names.iter().any(|name| name == "ENTITLEMENT_ID") => {
            ArgValueCandidates::new(entitlements)
        }
        "product" => ArgValueCandidates::new(|| offered(field::PRODUCT_KEY, 1)),
        "merchant" => ArgValueCandidates::new(|| offered(field::MERCHANT_ACCOUNT_KEY, 0)),
        "fault" => ArgValueCandidates::new(|| {
            sandbox::fault_names()
                .map(CompletionCandidate::new)
                .collect()
        }),
        "entry" => ArgValueCandidates::new(entries),
        "profile" | "name" => ArgValueCandidates::new(profiles),
        "code" => ArgValueCandidates::new(terms),
        "method" => ArgValueCandidates::new(|| {
            ["GET", "POST", "PATCH", "PUT", "DELETE"]
                .map(CompletionCandidate::new)
                .into()
        }),
        _ => return arg,
    };
    arg.add(candidates)
}

fn profiles() -> Vec<CompletionCandidate> {
    let config = ConfigFile::load().unwrap_or_default();
    let profiles = config.profiles.iter();
    let candidate = |(name, profile): (&String, &Profile)| candidate(name, profile.base_url());
    profiles.filter_map(candidate).collect()
}

/// The requests of the history, newest first.
fn history() -> impl Iterator<Item = Entry> {
    let log = profile::raw_variable("BANGO_LOG_FILE");
    let path = log.map(PathBuf::from).or_else(history::path);
    let entries = path.and_then(|path| history::read(&path).ok());
    entries.into_iter().flatten().rev()
}

fn entries() -> Vec<CompletionCandidate> {
    let candidate = |entry: Entry| {
        let user = entry.user().unwrap_or_default();
        let help = format!("{} {user} {}", entry.what(), entry.request.time);
        candidate(&entry.request.request_identifier, &help)
    };
    history().take(MOST_OFFERED).filter_map(candidate).collect()
}

fn entitlements() -> Vec<CompletionCandidate> {
    let mut seen = HashSet::new();
    let offered = history().filter_map(|entry| {
        let id = entry.entitlement()?.to_owned();
        let help = format!(
            "{} {}",
            entry.user().unwrap_or_default(),
            entry.request.time
        );
        seen.insert(id.clone()).then(|| candidate(&id, &help))?
    });
    offered.take(MOST_OFFERED).collect()
}

/// What the sandbox that the line is for sells, else what was sent.
fn offered(name: &str, column: usize) -> Vec<CompletionCandidate> {
    let products = sold();
    let mut seen = HashSet::new();
    let new = products
        .iter()
        .filter(|product| seen.insert(&product[column]));
    let offered = new.filter_map(|[merchant, key, title]| match column {
        0 => candidate(merchant, ""),
        _ => candidate(key, &format!("{merchant}: {title}")),
    });
    match offered.collect::<Vec<_>>() {
        offered if offered.is_empty() => sent(name),
        offered => offered,
    }
}

/// What is sold by the sandbox that the line is for, if it is for one on this machine and that runs.
fn sold() -> Vec<[String; 3]> {
    let words: Vec<String> = std::env::args().collect();
    if words.iter().any(|word| word == "--sandbox") {
        return sandbox::products(None);
    }
    let given = words.windows(2).find(|pair| pair[0] == "--profile");
    let given = given.map(|pair| pair[1].clone());
    let named = profile::variable("BANGO_BASE_URL").ok().flatten();
    let named = named.filter(|_| given.is_none());
    let of_profile = || {
        let config = ConfigFile::load().ok()?;
        let chosen = config.chosen(given).ok()??;
        Some(config.profile(&chosen.value).ok()?.base_url().to_owned())
    };
    let url = named.or_else(of_profile);
    match url.and_then(|url| BaseUrl::parse(&url).ok()) {
        Some(url) if url.is_loopback() => sandbox::products(Some(url.origin())),
        _ => Vec::new(),
    }
}

/// What was sent as this field, and what the test merchant has.
fn sent(name: &str) -> Vec<CompletionCandidate> {
    let test = TEST_MERCHANT.iter().filter(|(of, _)| *of == name);
    let test = test.map(|(_, value)| (*value).to_owned());
    let sent = history().filter_map(|entry| {
        let body = entry.request.request_body.as_ref()?;
        Some(body.get(name)?.as_str()?.to_owned())
    });
    let mut seen = HashSet::new();
    let all = sent.chain(test).filter(|value| seen.insert(value.clone()));
    all.filter_map(|value| candidate(&value, "")).collect()
}

/// What Tab offers, unless it would drive the terminal.
fn candidate(value: &str, help: &str) -> Option<CompletionCandidate> {
    let help = clean(help).trim_start().to_owned();
    let is_safe = clean(value) == value;
    let help = (!help.is_empty()).then(|| help.into());
    is_safe.then(|| CompletionCandidate::new(value).help(help))
}

fn terms() -> Vec<CompletionCandidate> {
    let candidate =
        |term: glossary::Term| CompletionCandidate::new(term.name).help(Some(term.meaning.into()));
    glossary::terms().into_iter().map(candidate).collect()
}

/// The line that stands for the common options in the help of a command.
fn common_line(unused: &[&str]) -> String {
    let named = ["json", "profile", "sandbox", "dry_run"].into_iter();
    let named = named.filter(|id| !unused.contains(id));
    let named: Vec<_> = named
        .map(|id| format!("--{}", id.replace('_', "-")))
        .collect();
    format!(
        "Common options: {} (bango-ent help options)",
        named.join(" ")
    )
}

fn grouped(root: Command) -> Command {
    let mut text = "{about}\n\n{usage-heading} {usage}\n".to_owned();
    for (heading, names) in GROUPS {
        let _ = write!(text, "\n{heading}:\n");
        for name in names {
            let about = root.find_subcommand(name).and_then(Command::get_about);
            let about = about.map(StyledStr::to_string).unwrap_or_default();
            let _ = writeln!(text, "  {name:<14}  {about}");
        }
    }
    text.push_str(
        "  help            Show this, or the help of a command\n\nOptions:\n{options}{after-help}",
    );
    root.help_template(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{GROUPS, args, tree};
    use crate::context::globals::{UNUSED, unused};

    #[test]
    fn every_command_is_in_one_group_and_fits_eighty_columns() {
        let mut tree = tree();
        let shown: Vec<_> = GROUPS.iter().flat_map(|(_, names)| *names).collect();
        let commands = tree.get_subcommands().filter(|below| !below.is_hide_set());
        let commands = commands.map(clap::Command::get_name);
        let commands: BTreeSet<_> = commands.filter(|name| *name != "help").collect();
        assert_eq!(shown.len(), commands.len());
        assert!(shown.iter().all(|name| commands.contains(**name)));
        let help = tree.render_help().to_string();
        assert!(
            help.lines().all(|line| line.chars().count() <= 80),
            "{help}"
        );
    }

    /// A group of options that a command takes in has no words of its own: they would replace the command's.
    #[test]
    fn the_options_of_a_command_leave_its_description_as_it_is() {
        let (named, made) = (args::root(), tree());
        for command in named.get_subcommands() {
            let made = made.find_subcommand(command.get_name()).unwrap();
            assert_eq!(made.get_about(), command.get_about());
        }
    }

    #[test]
    fn each_command_without_a_row_uses_every_common_option() {
        fn without_row(command: &clap::Command, path: &[&str], found: &mut Vec<String>) {
            let below = command.get_subcommands();
            for below in below.filter(|below| below.get_name() != "help") {
                without_row(below, &[path, &[below.get_name()]].concat(), found);
            }
            if unused(path).next().is_none() && !command.is_subcommand_required_set() {
                found.push(path.join(" "));
            }
        }
        let (mut tree, mut found) = (tree(), Vec::new());
        tree.build();
        without_row(&tree, &[], &mut found);
        let known = "create, update, suspend, resume, cancel, revoke, batch, api, history repeat, auth login, options";
        assert_eq!(found.join(", "), known);
    }

    #[test]
    fn what_is_unused_names_commands_and_options_that_there_are() {
        let mut tree = tree();
        tree.build();
        let sandbox = tree.find_subcommand("sandbox").unwrap().get_subcommands();
        let sandbox: Vec<_> = sandbox.map(clap::Command::get_name).collect();
        let steers = sandbox.iter().filter(|name| **name != "help");
        let steers: Vec<_> = steers.map(|name| vec!["sandbox", name]).collect();
        let rows = UNUSED.iter().map(|(path, _)| *path);
        for path in rows.chain(steers.iter().map(Vec::as_slice)) {
            let command = path
                .iter()
                .try_fold(&tree, |at, name| at.find_subcommand(name));
            let command = command.unwrap();
            for id in unused(path) {
                let arg = command.get_arguments().find(|arg| arg.get_id() == id);
                assert!(arg.unwrap().is_hide_set(), "{path:?} {id}");
            }
        }
    }
}
