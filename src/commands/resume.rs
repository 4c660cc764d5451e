//! `resume`: gives a suspended user access again.

use serde_json::Map;

use super::change::{self, Words};
use super::fields;
use crate::api::types::{BENEFITS_NORMAL, Status, field};
use crate::context::Context;

const WORDS: Words = Words {
    done: &[(Status::Active, "resumed")],
    queued: "accepted, the merchant resumes it later; the status is unchanged until then",
};

/// The flags of `resume`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent resume 9d6b3a3e-0000-4000-8000-000000000001\n\n\
    That it goes to PATCH /entitlement is inferred ([profiles.NAME.paths] update = \"…\")."
)]
pub struct Args {
    /// The entitlement
    #[arg(value_name = "ENTITLEMENT_ID", value_parser = fields::id)]
    id: String,
}

/// Resumes the entitlement and shows it.
///
/// # Errors
///
/// Whatever the API or the answer earns.
pub fn run(cx: &Context, args: &Args) -> anyhow::Result<()> {
    let body = Map::from_iter([(
        field::ENTITLEMENT_BENEFITS.to_owned(),
        BENEFITS_NORMAL.into(),
    )]);
    let client = cx.client()?;
    let answer = client.send(client.update(&args.id, body))?;
    change::show(cx, answer, &WORDS)
}
