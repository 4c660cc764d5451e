//! `auth`: sets up the credentials of a profile, tells what is in force, and forgets a password.

mod login;
mod logout;
mod status;

use crate::context::Context;
use crate::ending::Ending;
use crate::report::Report;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  bango-ent auth login\n  bango-ent auth status --check")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

// What to do with credentials.
#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Set up a profile: credentials, base URL, test or live, defaults
    Login(Box<login::Args>),
    /// Show which settings are in force, where each came from and what it shadows
    Status(status::Args),
    /// Forget the password of a profile
    Logout(logout::Args),
}

pub fn run(cx: &Context, args: Args) -> Result<Report, Ending> {
    match args.command {
        Command::Login(args) => login::run(cx, *args),
        Command::Status(args) => status::run(cx, &args),
        Command::Logout(args) => logout::run(cx, &args),
    }
}
