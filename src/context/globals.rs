//! The flags that every command takes, and how their values are read.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{ArgAction, Args, ValueEnum};

use crate::api::{
    self,
    value::{duration, number},
};
use crate::program::Argv;

const BASE_URL_HELP: &str = "Reach the API here [default: https://resale.api.bango.net/v1]";

/// Under which the help lists them.
pub const HEADING: &str = "Common options";

// Flags that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = HEADING)]
#[group(skip)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub struct Globals {
    /// Print one JSON document instead of a table, also for errors
    #[arg(long, global = true)]
    pub json: bool,

    /// Use this profile of the configuration file, before the environment
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,

    /// Send to the sandbox on this machine, or start one for this command; no profile is read
    #[arg(long, global = true, conflicts_with_all = ["profile", "base_url"])]
    pub sandbox: bool,

    #[arg(long, global = true, value_name = "URL", value_parser = base_url, help = BASE_URL_HELP)]
    pub base_url: Option<String>,

    /// Refuse whatever may change something at Bango, before the password is fetched
    #[arg(long, global = true)]
    pub read_only: bool,

    /// Show the request and open no connection
    #[arg(long, global = true)]
    pub dry_run: bool,

    /// Use this X-RequestIdentifier: repeats a request safely [default: a new one]
    #[arg(long, global = true, value_name = "ID", value_parser = request_identifier)]
    pub request_id: Option<String>,

    /// End the call, with all its retries, after this time (60, 90s, 2m)
    ///
    /// In batch it is for one request, in listen for handing one notification on, in wait for the whole wait.
    #[arg(long, global = true, value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub timeout: Duration,

    /// Repeat a request up to N times after a temporary error
    #[arg(
        long,
        global = true,
        value_name = "N",
        default_value_t = 3,
        allow_negative_numbers = true,
        value_parser = number::<u32>
    )]
    pub retries: u32,

    /// Trust the PEM certificates in this file as well as the system's
    #[arg(long, global = true, value_name = "FILE")]
    pub ca_cert: Option<PathBuf>,

    /// Show the exchange on standard error; -vv shows the bodies too
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,

    /// Append each attempt to this file as a JSON line
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "BANGO_LOG_FILE",
        hide_env_values = true,
        // An empty variable is an unset one.
        value_parser = OsStringValueParser::new().map(PathBuf::from)
    )]
    pub log_file: Option<PathBuf>,

    /// Run this program after a failure, which it reads as JSON from standard input; no shell
    #[arg(
        long,
        global = true,
        value_name = "COMMAND",
        env = "BANGO_ON_FAILURE",
        hide_env_values = true,
        value_parser = on_failure
    )]
    pub on_failure: Option<Argv>,

    /// Say nothing but results, errors and changes of a live account
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Colour the output
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// At a terminal, unless the environment says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

fn base_url(text: &str) -> Result<String, String> {
    api::BaseUrl::parse(text).map(|_| text.to_owned())
}

/// An empty text names none, whatever the profile says.
fn on_failure(text: &str) -> Result<Argv, &'static str> {
    if text.is_empty() {
        return Ok(Argv::default());
    }
    Argv::parse(text)
}

fn request_identifier(text: &str) -> Result<String, &'static str> {
    if text.is_empty() || text.len() > 128 || !text.chars().all(|c| c.is_ascii_graphic()) {
        return Err("it must be 1 to 128 printable ASCII characters without spaces");
    }
    Ok(text.to_owned())
}

/// The common options that only a request uses.
const REQUEST: &[&str] = &["request_id", "retries", "ca_cert", "log_file", "timeout"];
/// Those that say for which account it is.
const ACCOUNT: &[&str] = &["profile", "sandbox", "base_url"];
/// Those of them that have no meaning where a log file is read.
const CALL: &[&str] = &["request_id", "retries", "ca_cert", "timeout"];
const DRY_RUN: &[&str] = &["dry_run"];
const OFFLINE: &[&[&str]] = &[REQUEST, ACCOUNT, DRY_RUN];
/// What steers a sandbox, as all commands below `sandbox` do, is for no profile, and no request of the API.
const CONTROL: &[&[&str]] = &[REQUEST, &["profile"]];
/// A read carries a new identifier each time: there is nothing to repeat safely.
const READS: &[&[&str]] = &[&["request_id"]];

/// The commands without a use for some of the common options, and which these are.
pub const UNUSED: &[(&[&str], &[&[&str]])] = &[
    (&["get"], READS),
    (&["list"], READS),
    (&["products"], READS),
    (&["wait"], READS),
    (&["activation-url"], READS),
    (&["echo"], READS),
    (&["doctor"], READS),
    (&["reconcile"], READS),
    (&["reconcile", "write"], OFFLINE),
    (&["reconcile", "read"], OFFLINE),
    (&["reports", "show"], OFFLINE),
    (&["reports", "history"], OFFLINE),
    (&["history", "list"], &[CALL, ACCOUNT, DRY_RUN]),
    (&["history", "show"], &[CALL, ACCOUNT, DRY_RUN]),
    (&["history", "curl"], &[CALL, ACCOUNT, DRY_RUN]),
    (&["listen"], &[&["request_id"], ACCOUNT, DRY_RUN]),
    (&["listen", "replay"], &[&["request_id"], ACCOUNT]),
    (&["auth", "status"], READS),
    (&["auth", "logout"], &[REQUEST, &["sandbox", "base_url"]]),
    (&["profile", "list"], OFFLINE),
    (&["profile", "use"], &[REQUEST, ACCOUNT]),
    (&["profile", "remove"], &[REQUEST, ACCOUNT]),
    (&["batch", "status"], OFFLINE),
    (
        &["batch", "export"],
        &[REQUEST, &["sandbox", "base_url"], DRY_RUN],
    ),
    (&["batch", "resolve"], OFFLINE),
    (&["sandbox"], OFFLINE),
    (&["explain"], OFFLINE),
    (&["commands"], OFFLINE),
    (&["completions"], OFFLINE),
    (&["man"], OFFLINE),
];

/// The common options that a command has no use for.
pub fn unused(path: &[&str]) -> impl Iterator<Item = &'static str> + use<> {
    let row = UNUSED.iter().find(|(name, _)| *name == path);
    let groups = match (row, path) {
        (Some((_, groups)), _) => groups,
        (None, ["sandbox", ..]) => CONTROL,
        (None, _) => &[],
    };
    groups.iter().copied().flatten().copied()
}
