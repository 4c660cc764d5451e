//! `get`: reads one entitlement.

use super::{entitlement, fields};
use crate::context::Context;
use crate::ending::Ending;
use crate::report::Report;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent get 9d6b3a3e-0000-4000-8000-000000000001\n  \
    bango-ent get 9d6b3a3e-0000-4000-8000-000000000001 --json | jq -r .status"
)]
pub struct Args {
    /// The entitlement
    #[arg(value_name = "ENTITLEMENT_ID", value_parser = fields::id)]
    id: String,
}

/// Reads and shows the entitlement.
pub fn run(cx: &Context, args: &Args) -> Result<Report, Ending> {
    cx.call(
        |client| client.get(&args.id),
        |answer| Ok(Report::new(entitlement::shown(&answer, None))),
    )
}
