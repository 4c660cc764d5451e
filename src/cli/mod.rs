//! The command tree as `--help` shows it, and where each command goes.

mod deferred;
mod read;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::{
    activation_url, api, auth, batch, cancel, completions, create, doctor, echo, explain, generate,
    get, list, listen, profile, resume, revoke, sandbox, suspend, update, wait,
};
use crate::context::{Context, Globals};
use crate::ending::Code;
use crate::report;

use deferred::Deferred;
pub use read::read;

/// The command line of the Bango Resale API: grant, follow and end entitlements
#[derive(Debug, Parser)]
#[command(
    name = "bango-ent",
    version,
    propagate_version = false,
    arg_required_else_help = true
)]
#[command(
    after_help = "Credentials: bango-ent auth login, or set BANGO_USERNAME and BANGO_PASSWORD. What is wrong: bango-ent doctor.\n\
    Exit codes: bango-ent explain lists them."
)]
pub struct Cli {
    #[command(flatten)]
    pub globals: Globals,
    #[command(subcommand)]
    pub command: Command,
}

/// The commands, in the order of the help. A start pays for the flags of the one that is called, where [`Deferred`] can be.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ask a merchant, through Bango, to activate a service for a user
    Create(Deferred<create::Args>),
    /// Read one entitlement
    Get(Deferred<get::Args>),
    /// List the entitlements of a user
    List(Deferred<list::Args>),
    /// Change fields of an entitlement
    Update(Deferred<update::Args>),
    /// Pause the user's access
    Suspend(Deferred<suspend::Args>),
    /// Give a suspended user access again
    Resume(Deferred<resume::Args>),
    /// End an entitlement at the end of the paid period
    Cancel(Deferred<cancel::Args>),
    /// End an entitlement at once
    Revoke(Deferred<revoke::Args>),
    /// Wait until an entitlement is in a status
    Wait(wait::Args),
    /// Ask for a fresh registration URL
    ActivationUrl(Deferred<activation_url::Args>),
    /// Send one request for each row of a file, each exactly once
    Batch(Box<batch::Args>),
    /// Ask whether the service is there
    Echo(Deferred<echo::Args>),
    /// Send any request to the API
    Api(Deferred<api::Args>),
    /// Receive Bango's notifications: show, save, forward or act on them
    Listen(Deferred<listen::Args>),
    /// Run a local imitation of the Bango Platform, to try everything without an account
    Sandbox(Box<sandbox::Args>),
    /// Set up credentials, look at them, forget them
    Auth(auth::Args),
    /// List, choose and remove profiles
    Profile(profile::Args),
    /// Look for what keeps the tool from reaching Bango
    Doctor(Deferred<doctor::Args>),
    /// Explain a response code, status, exit code or reason; offline
    Explain(Deferred<explain::Args>),
    /// Print the completion script of a shell
    Completions(Deferred<completions::Args>),
    /// Write completions, man pages and reference docs below a folder
    #[command(hide = true)]
    Generate(Deferred<generate::Args>),
}

impl Command {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Whatever ended it; `exit::code` knows what that is worth.
    pub fn run(self, cx: &Context) -> anyhow::Result<()> {
        match self {
            Self::Create(args) => create::run(cx, *args.0),
            Self::Get(args) => get::run(cx, &args.0),
            Self::List(args) => list::run(cx, *args.0),
            Self::Update(args) => update::run(cx, *args.0),
            Self::Suspend(args) => suspend::run(cx, *args.0),
            Self::Resume(args) => resume::run(cx, &args.0),
            Self::Cancel(args) => cancel::run(cx, *args.0),
            Self::Revoke(args) => revoke::run(cx, *args.0),
            Self::Wait(args) => wait::run(cx, &args),
            Self::ActivationUrl(args) => activation_url::run(cx, &args.0),
            Self::Batch(args) => batch::run(cx, *args),
            Self::Echo(args) => echo::run(cx, &args.0),
            Self::Api(args) => api::run(cx, *args.0),
            Self::Listen(args) => listen::run(cx, *args.0),
            Self::Sandbox(args) => sandbox::run(cx, *args),
            Self::Auth(args) => auth::run(cx, args),
            Self::Profile(args) => profile::run(cx, &args),
            Self::Doctor(args) => doctor::run(cx, &args.0),
            Self::Explain(args) => explain::run(cx, &args.0),
            Self::Completions(args) => completions::run(&args.0, Cli::command()),
            Self::Generate(args) => generate::run(cx, &args.0, Cli::command()),
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
