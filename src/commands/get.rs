//! `get`: reads one entitlement.

use super::entitlement::Entitlement;
use super::fields;
use crate::context::Context;

/// The flags of `get`.
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
///
/// # Errors
///
/// Whatever the API earns.
pub fn run(cx: &Context, args: &Args) -> anyhow::Result<()> {
    let client = cx.client()?;
    let answer = client.send(client.get(&args.id))?;
    let shown = Entitlement {
        answer: &answer,
        registration_url: None,
    };
    Ok(cx.terminal.show(&shown)?)
}
