//! The command tree as `--help` shows it, and where each command goes.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::{completions, create, explain, generate};
use crate::context::{Context, Globals};
use crate::exit::Code;
use crate::report;

/// The command line of the Bango Resale API: grant, follow and end entitlements
#[derive(Debug, Parser)]
#[command(
    name = "bango-ent",
    version,
    propagate_version = false,
    arg_required_else_help = true
)]
#[command(
    after_help = "Credentials: set BANGO_USERNAME and BANGO_PASSWORD, or write a profile into config.toml.\n\
    Exit codes: bango-ent explain lists them."
)]
pub struct Cli {
    #[command(flatten)]
    pub globals: Globals,
    #[command(subcommand)]
    pub command: Command,
}

/// The commands, in the order of the help.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ask a merchant, through Bango, to activate a service for a user
    Create(Box<create::Args>),
    /// Explain a response code, status, exit code or reason; offline
    Explain(explain::Args),
    /// Print the completion script of a shell
    Completions(completions::Args),
    /// Write completions, man pages and reference docs below a folder
    #[command(hide = true)]
    Generate(generate::Args),
}

impl Command {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Whatever ended it; `exit::code` knows what that is worth.
    pub fn run(self, cx: &Context) -> anyhow::Result<()> {
        match self {
            Self::Create(args) => create::run(cx, *args),
            Self::Explain(args) => explain::run(cx, &args),
            Self::Completions(args) => completions::run(&args, Cli::command()),
            Self::Generate(args) => generate::run(cx, &args, Cli::command()),
        }
    }
}

/// Answers a command line that cannot be run: help and version are no errors; a mistake is told, in JSON if that was asked for.
#[must_use]
pub fn refuse(error: &clap::Error) -> ExitCode {
    let printed = error.print();
    if !error.use_stderr() {
        let code = printed.map_or_else(|e| report::print_unwritten(&e), |()| Code::Done);
        return ExitCode::from(code.number());
    }
    if std::env::args_os().any(|argument| argument == "--json") {
        report::print_usage(&error.to_string());
    }
    ExitCode::from(Code::Usage.number())
}
