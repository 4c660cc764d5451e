//! The man pages: each command's own options, its examples ready to be copied, and what a manual page is opened for.

use clap::Command;
use clap_mangen::Man;
use roff::{Roff, bold, roman};

use super::pages::{commands, lower, typed};

/// The day of the version, as `.TH` wants it: it changes with the version.
const DATE: &str = "2026-11-30";

const ENVIRONMENT: [(&str, &str); 13] = [
    ("BANGO_USERNAME, BANGO_PASSWORD", "The credentials."),
    (
        "BANGO_PASSWORD_FILE",
        "A file that holds the password alone.",
    ),
    ("BANGO_PROFILE", "The profile to use."),
    ("BANGO_BASE_URL", "Where the API is reached."),
    ("BANGO_READ_ONLY", "As --read-only; 0 and no mean no."),
    (
        "BANGO_CONFIG",
        "Another configuration file; /dev/null is none.",
    ),
    (
        "BANGO_LOG_FILE",
        "A file that gets one line of JSON for each attempt.",
    ),
    ("BANGO_LISTEN_SECRET", "The secret of listen --auth."),
    (
        "BANGO_SANDBOX_PORT, BANGO_SANDBOX_USERNAME, BANGO_SANDBOX_PASSWORD, BANGO_SANDBOX_NOTIFICATION_SECRET",
        "The sandbox's port, its credentials, and the secret of its notifications.",
    ),
    (
        "HTTPS_PROXY, ALL_PROXY, NO_PROXY",
        "The proxy, and the hosts that are reached without one.",
    ),
    (
        "SSL_CERT_FILE",
        "The certificates to trust instead of the system's.",
    ),
    (
        "BROWSER",
        "The browser that opens registration pages; none opens none.",
    ),
    ("NO_COLOR, CLICOLOR, CLICOLOR_FORCE, CI", "As everywhere."),
];

const FILES: [(&str, &str); 2] = [
    (
        "~/.config/bango-ent/config.toml",
        "The profiles. Only you may read it. XDG_CONFIG_HOME moves it.",
    ),
    (
        "~/.local/state/bango-ent/",
        "The state of the sandbox, and the identifiers of requests. XDG_STATE_HOME moves it.",
    ),
];

/// Every page by its file name. A page is about a command's own options; those in common are on the first one.
pub fn pages() -> Vec<(String, String)> {
    let mut tree = bango_ent::tree();
    tree.build();
    let options = tree
        .find_subcommand("options")
        .cloned()
        .expect("it is there");
    let all: Vec<_> = commands(&tree)
        .into_iter()
        .filter(|command| command.get_name() != "options")
        .collect();
    let names: Vec<_> = all.iter().map(page_name).collect();
    let page = |command: &Command| {
        let name = page_name(command);
        let text = page(command, &options, &names);
        (format!("docs/man/{name}.1"), text)
    };
    all.iter().map(page).collect()
}

fn page_name(command: &Command) -> String {
    typed(command).replace(' ', "-")
}

fn page(command: &Command, options: &Command, names: &[String]) -> String {
    let is_root = page_name(command) == "bango-ent";
    let extra = command.get_after_long_help().map(ToString::to_string);
    let extra = extra.unwrap_or_default();
    let parts = extra.split("\n\n");
    let (examples, notes): (Vec<_>, Vec<_>) = parts
        .filter(|part| !part.starts_with("Common options: "))
        .partition(|part| part.starts_with("Examples:\n") || part.starts_with("First steps:\n"));
    let mut text = head(command, &notes).to_roff();
    text.push_str(&flags(if is_root { options } else { command }));
    let mut roff = Roff::new();
    if is_root {
        below(&mut roff, command);
    } else {
        roff.control("PP", []);
        let said = "The options that the commands have in common are described in bango-ent(1).";
        roff.text([roman(said)]);
    }
    roff.control("SH", ["EXAMPLES"]);
    for part in examples {
        unfilled(&mut roff, part.lines().skip(1));
    }
    around(&mut roff, &page_name(command), names);
    with_plain_apostrophes(&(text + &roff.to_roff()))
}

/// Title, name, synopsis and description.
fn head(command: &Command, notes: &[&str]) -> Roff {
    let name = page_name(command);
    let about = command.get_about().map(ToString::to_string);
    let about = about.unwrap_or_default();
    let mut roff = Roff::new();
    let source = format!("bango-ent {}", env!("CARGO_PKG_VERSION"));
    let title = name.to_uppercase();
    roff.control("TH", [&*title, "1", DATE, &source, "bango-ent manual"]);
    roff.control("SH", ["NAME"]);
    roff.text([roman(format!("{name} - {}", lower(&about)))]);
    roff.control("SH", ["SYNOPSIS"]);
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").lines();
    for (number, line) in usage.map(str::trim_start).enumerate() {
        if number > 0 {
            roff.control("br", []);
        }
        let rest = line.strip_prefix(typed(command)).unwrap_or(line);
        roff.text([bold(typed(command)), roman(rest)]);
    }
    roff.control("SH", ["DESCRIPTION"]);
    let long = command.get_long_about().map(ToString::to_string);
    let long = long.unwrap_or(about);
    roff.text([roman(format!("{}.", long.trim_end_matches('.')))]);
    for part in notes {
        roff.control("PP", []);
        paragraph(&mut roff, part);
    }
    roff
}

/// What is outside of the program: environment, files, exit codes, other pages.
fn around(roff: &mut Roff, name: &str, names: &[String]) {
    let is_root = name == "bango-ent";
    if is_root {
        list(roff, "ENVIRONMENT", &ENVIRONMENT);
        list(roff, "FILES", &FILES);
        exit_status(roff);
    } else {
        roff.control("SH", ["ENVIRONMENT"]);
        roff.text([roman("See bango-ent(1), also for FILES.")]);
        roff.control("SH", ["EXIT STATUS"]);
        roff.text([roman(
            "0 if it is done. Every other code says who acts next: bango-ent(1) lists them.",
        )]);
    }
    roff.control("SH", ["SEE ALSO"]);
    let near = names.iter().filter(|other| *other != name);
    let near = near.filter(|other| is_root || is_near(other, name));
    let near: Vec<_> = near.map(|other| format!("{other}(1)")).collect();
    roff.text([roman(near.join(", "))]);
}

/// The options, as the library writes them.
fn flags(command: &Command) -> String {
    let mut text = Vec::new();
    let own = command.clone().mut_args(|arg| {
        let is_common = arg.is_hide_long_help_set();
        if is_common { arg.hide(true) } else { arg }
    });
    let man = Man::new(own);
    man.render_options_section(&mut text)
        .expect("a buffer takes everything");
    let text = String::from_utf8(text).expect("the library writes UTF-8");
    text.replace(".br\n\n.br\n", ".sp\n")
}

/// The apostrophe by its name instead of by a string that each part of a page would define.
fn with_plain_apostrophes(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.contains(".ds Aq"));
    lines
        .map(|line| line.replace(r"\*(Aq", r"\(aq") + "\n")
        .collect()
}

/// Whether a page is the parent, a child or a sister of another, or of the same group.
fn is_near(other: &str, name: &str) -> bool {
    let family = |name: &str| {
        let command = name.strip_prefix("bango-ent-").unwrap_or_default();
        let is_of =
            |member: &&str| command == *member || command.starts_with(&format!("{member}-"));
        bango_ent::GROUPS
            .iter()
            .find(|(_, members)| members.iter().any(&is_of))
    };
    other == "bango-ent" || family(other) == family(name)
}

/// A paragraph; lines that are indented stay as they are.
fn paragraph(roff: &mut Roff, part: &str) {
    if part.lines().any(|line| line.starts_with("  ")) {
        unfilled(roff, part.lines());
    } else {
        roff.text([roman(part.replace('\n', " "))]);
    }
}

fn unfilled<'a>(roff: &mut Roff, lines: impl Iterator<Item = &'a str>) {
    roff.control("nf", []);
    for line in lines {
        roff.text([roman(line.trim_start())]);
    }
    roff.control("fi", []);
}

fn below(roff: &mut Roff, command: &Command) {
    roff.control("SH", ["COMMANDS"]);
    let shown = command
        .get_subcommands()
        .filter(|c| !c.is_hide_set() && c.get_name() != "help");
    for command in shown {
        roff.control("TP", []);
        roff.text([roman(format!("{}(1)", page_name(command)))]);
        roff.text([roman(
            command
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default(),
        )]);
    }
}

fn list(roff: &mut Roff, heading: &str, rows: &[(&str, &str)]) {
    roff.control("SH", [heading]);
    for (term, meaning) in rows {
        roff.control("TP", []);
        roff.text([bold(*term)]);
        roff.text([roman(*meaning)]);
    }
}

fn exit_status(roff: &mut Roff) {
    roff.control("SH", ["EXIT STATUS"]);
    for [code, meaning, ..] in bango_ent::exit_codes() {
        roff.control("TP", []);
        roff.text([bold(code)]);
        roff.text([roman(meaning)]);
    }
}
