//! What the command line takes, and where each command goes.

use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::{
    activation_url, api, auth, batch, command_list, completions, create, doctor, echo, explain,
    get, history, lifecycle, list, listen, man, products, profile, reconcile, reports, sandbox,
    update, wait,
};
use crate::context::{Context, Globals};
use crate::ending::Ending;
use crate::report::Report;

/// The command line of the Bango Resale API: grant, follow and end entitlements
#[derive(Debug, Parser)]
#[command(
    name = "bango-ent",
    version,
    propagate_version = false,
    arg_required_else_help = true
)]
#[command(
    after_help = "First steps:\n  bango-ent --sandbox create --user alice --merchant BANGO --product BangoMusic\n  \
    bango-ent auth login\n  bango-ent doctor\n\n\
    With --sandbox no account is needed. Credentials also come from BANGO_USERNAME\n\
    and BANGO_PASSWORD. bango-ent explain lists the exit codes."
)]
pub struct Cli {
    #[command(flatten)]
    pub globals: Globals,
    #[command(subcommand)]
    pub command: Command,
}

/// The root of the tree: its common options are its own.
pub fn root() -> clap::Command {
    Cli::command().mut_args(|arg| arg.global(false))
}

/// The commands, in the order of the help. The options of one are made when it is named: to make all takes longer than a request.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Ask a merchant to activate a service for a user
    Create(Own<create::Args>),
    /// Read an entitlement, or several
    #[command(alias = "show")]
    Get(Own<get::Args>),
    /// List the entitlements of a user, or of several
    #[command(alias = "ls")]
    List(Own<list::Args>),
    /// List the products that a user may have
    Products(Own<products::Args>),
    /// Change fields of an entitlement
    Update(Own<update::Args>),
    /// Pause the user's access
    Suspend(Own<lifecycle::SuspendArgs>),
    /// Give a suspended user access again
    #[command(aliases = ["unsuspend", "reactivate"])]
    Resume(Own<lifecycle::ResumeArgs>),
    /// End an entitlement at the end of the paid period
    Cancel(Own<lifecycle::CancelArgs>),
    /// End an entitlement at once
    Revoke(Own<lifecycle::RevokeArgs>),
    /// Wait until an entitlement is in a status
    Wait(Own<wait::Args>),
    /// Ask for a fresh registration URL
    ActivationUrl(Own<activation_url::Args>),
    /// Send one request for each row of a file; can be continued
    Batch(Own<batch::Args>),
    /// Compare your records with what Bango says it holds
    Reconcile(Own<reconcile::Args>),
    /// Show what Bango's entitlement reports say; offline
    Reports(Own<reports::Args>),
    /// Ask whether the service is there
    Echo(Own<echo::Args>),
    /// Send any request to the API
    Api(Own<api::Args>),
    /// Show what was sent from here, and send it again
    History(Own<history::Args>),
    /// Receive Bango's notifications; show, save or forward them
    Listen(Own<listen::Args>),
    /// Try everything without an account: a local Bango Platform
    Sandbox(Own<sandbox::Args>),
    /// Set up credentials, look at them, forget them
    Auth(Own<auth::Args>),
    /// List, choose and remove profiles
    Profile(Own<profile::Args>),
    /// Look for what keeps the tool from reaching Bango
    Doctor(Own<doctor::Args>),
    /// Explain a response code, status, exit code or reason
    Explain(Own<explain::Args>),
    /// List the commands; with --json all that they take, for tools
    Commands(Own<command_list::Args>),
    /// Print or install the completion script of a shell
    Completions(Own<completions::Args>),
    /// Show a manual page, or install all of them
    Man(Own<man::Args>),
}

/// The options of one command, and the common ones beside them. Were those `global` in the root, each start would copy all of them
/// into every command; so they are made for the root and for the command that is named, and clap hands their values up and down.
#[derive(Debug)]
pub struct Own<A>(Box<A>);

impl<A: Args> Args for Own<A> {
    fn augment_args(command: clap::Command) -> clap::Command {
        let command = Globals::augment_args(command).next_help_heading(None);
        A::augment_args(command)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl<A: FromArgMatches> FromArgMatches for Own<A> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        A::from_arg_matches(matches).map(|args| Self(Box::new(args)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl Command {
    /// Whether it may change something at Bango. `api` and `history` say so themselves: the request decides.
    fn changes(&self) -> bool {
        match self {
            Self::Create(_)
            | Self::Update(_)
            | Self::Suspend(_)
            | Self::Resume(_)
            | Self::Cancel(_)
            | Self::Revoke(_) => true,
            Self::Batch(args) => args.0.sends(),
            Self::Get(_)
            | Self::List(_)
            | Self::Products(_)
            | Self::Wait(_)
            | Self::ActivationUrl(_)
            | Self::Reconcile(_)
            | Self::Reports(_)
            | Self::Echo(_)
            | Self::Api(_)
            | Self::History(_)
            | Self::Listen(_)
            | Self::Sandbox(_)
            | Self::Auth(_)
            | Self::Profile(_)
            | Self::Doctor(_)
            | Self::Explain(_)
            | Self::Commands(_)
            | Self::Completions(_)
            | Self::Man(_) => false,
        }
    }

    /// Runs the command. One of them shows the whole tree.
    pub fn run(self, cx: &Context, tree: fn() -> clap::Command) -> Result<Report, Ending> {
        if self.changes() {
            cx.permit_change()?;
        }
        match self {
            Self::Create(args) => create::run(cx, *args.0),
            Self::Get(args) => get::run(cx, *args.0),
            Self::List(args) => list::run(cx, *args.0),
            Self::Products(args) => products::run(cx, &args.0),
            Self::Update(args) => update::run(cx, *args.0),
            Self::Suspend(args) => lifecycle::suspend(cx, *args.0),
            Self::Resume(args) => lifecycle::resume(cx, &args.0),
            Self::Cancel(args) => lifecycle::cancel(cx, *args.0),
            Self::Revoke(args) => lifecycle::revoke(cx, *args.0),
            Self::Wait(args) => wait::run(cx, &args.0),
            Self::ActivationUrl(args) => activation_url::run(cx, &args.0),
            Self::Batch(args) => batch::run(cx, *args.0),
            Self::Reconcile(args) => reconcile::run(cx, &args.0),
            Self::Reports(args) => reports::run(cx, &args.0),
            Self::Echo(args) => echo::run(cx, &args.0),
            Self::Api(args) => api::run(cx, *args.0),
            Self::History(args) => history::run(cx, &args.0),
            Self::Listen(args) => listen::run(cx, *args.0),
            Self::Sandbox(args) => sandbox::run(cx, *args.0),
            Self::Auth(args) => auth::run(cx, *args.0),
            Self::Profile(args) => profile::run(cx, &args.0),
            Self::Doctor(args) => Ok(doctor::run(cx, &args.0)),
            Self::Explain(args) => explain::run(&args.0),
            Self::Commands(args) => command_list::run(&args.0, &tree()),
            Self::Completions(args) => completions::run(&args.0),
            Self::Man(args) => man::run(&args.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use clap::FromArgMatches;

    use super::{Cli, root};

    fn read(line: &str) -> Cli {
        let words = ["bango-ent"].into_iter().chain(line.split(' '));
        let matches = root().try_get_matches_from(words).unwrap();
        Cli::from_arg_matches(&matches).unwrap()
    }

    #[test]
    fn a_common_option_means_the_same_wherever_it_stands() {
        for line in [
            "--json --timeout 5s auth status",
            "auth --json --timeout 5s status",
            "auth status --json --timeout 5s",
            "--json auth status --timeout 5s",
        ] {
            let globals = read(line).globals;
            assert!(globals.json, "{line}");
            assert_eq!(globals.timeout, Duration::from_secs(5), "{line}");
        }
    }

    #[test]
    fn a_default_of_a_command_stands_before_the_common_one() {
        let timeout = |line| read(line).globals.timeout.as_secs();
        assert_eq!(timeout("wait e-1"), 600);
        assert_eq!(timeout("--timeout 5s wait e-1"), 5);
        assert_eq!(timeout("get e-1"), 60);
    }
}
