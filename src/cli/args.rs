//! What the command line takes, and where each command goes.

use clap::{Parser, Subcommand};

use crate::commands::{
    activation_url, api, auth, batch, completions, create, doctor, echo, explain, get, lifecycle,
    list, listen, profile, reconcile, reports, sandbox, update, wait,
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

/// The commands, in the order of the help. The options of one are made when it is named: to make all takes longer than a request.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Ask a merchant to activate a service for a user
    Create(Box<create::Args>),
    /// Read one entitlement
    #[command(alias = "show")]
    Get(Box<get::Args>),
    /// List the entitlements of a user
    #[command(alias = "ls")]
    List(Box<list::Args>),
    /// Change fields of an entitlement
    Update(Box<update::Args>),
    /// Pause the user's access
    Suspend(Box<lifecycle::SuspendArgs>),
    /// Give a suspended user access again
    #[command(aliases = ["unsuspend", "reactivate"])]
    Resume(Box<lifecycle::ResumeArgs>),
    /// End an entitlement at the end of the paid period
    Cancel(Box<lifecycle::CancelArgs>),
    /// End an entitlement at once
    Revoke(Box<lifecycle::RevokeArgs>),
    /// Wait until an entitlement is in a status
    Wait(wait::Args),
    /// Ask for a fresh registration URL
    ActivationUrl(Box<activation_url::Args>),
    /// Send one request for each row of a file; can be continued
    Batch(Box<batch::Args>),
    /// Compare your records with what Bango says it holds; offline
    Reconcile(Box<reconcile::Args>),
    /// Show what Bango's entitlement reports say; offline
    Reports(reports::Args),
    /// Ask whether the service is there
    Echo(Box<echo::Args>),
    /// Send any request to the API
    Api(Box<api::Args>),
    /// Receive Bango's notifications; show, save or forward them
    Listen(Box<listen::Args>),
    /// Try everything without an account: a local Bango Platform
    Sandbox(Box<sandbox::Args>),
    /// Set up credentials, look at them, forget them
    Auth(auth::Args),
    /// List, choose and remove profiles
    Profile(profile::Args),
    /// Look for what keeps the tool from reaching Bango
    Doctor(Box<doctor::Args>),
    /// Explain a response code, status, exit code or reason
    Explain(Box<explain::Args>),
    /// Print the completion script of a shell
    Completions(Box<completions::Args>),
}

impl Command {
    /// Whether it may change something at Bango. `api` says so itself: its request decides.
    fn changes(&self) -> bool {
        match self {
            Self::Create(_)
            | Self::Update(_)
            | Self::Suspend(_)
            | Self::Resume(_)
            | Self::Cancel(_)
            | Self::Revoke(_) => true,
            Self::Batch(args) => args.sends(),
            Self::Get(_)
            | Self::List(_)
            | Self::Wait(_)
            | Self::ActivationUrl(_)
            | Self::Reconcile(_)
            | Self::Reports(_)
            | Self::Echo(_)
            | Self::Api(_)
            | Self::Listen(_)
            | Self::Sandbox(_)
            | Self::Auth(_)
            | Self::Profile(_)
            | Self::Doctor(_)
            | Self::Explain(_)
            | Self::Completions(_) => false,
        }
    }

    /// Runs the command.
    pub fn run(self, cx: &Context) -> Result<Report, Ending> {
        if self.changes() {
            cx.permit_change()?;
        }
        match self {
            Self::Create(args) => create::run(cx, *args),
            Self::Get(args) => get::run(cx, &args),
            Self::List(args) => list::run(cx, *args),
            Self::Update(args) => update::run(cx, *args),
            Self::Suspend(args) => lifecycle::suspend(cx, *args),
            Self::Resume(args) => lifecycle::resume(cx, &args),
            Self::Cancel(args) => lifecycle::cancel(cx, *args),
            Self::Revoke(args) => lifecycle::revoke(cx, *args),
            Self::Wait(args) => wait::run(cx, &args),
            Self::ActivationUrl(args) => activation_url::run(cx, &args),
            Self::Batch(args) => batch::run(cx, *args),
            Self::Reconcile(args) => reconcile::run(cx, &args),
            Self::Reports(args) => reports::run(cx, &args),
            Self::Echo(args) => echo::run(cx, &args),
            Self::Api(args) => api::run(cx, *args),
            Self::Listen(args) => listen::run(cx, *args),
            Self::Sandbox(args) => sandbox::run(cx, *args),
            Self::Auth(args) => auth::run(cx, args),
            Self::Profile(args) => profile::run(cx, &args),
            Self::Doctor(args) => Ok(doctor::run(cx, &args)),
            Self::Explain(args) => explain::run(&args),
            Self::Completions(args) => completions::run(&args),
        }
    }
}
