//! `suspend`: pauses the user's access.

use serde_json::Map;

use super::change::{self, Words};
use super::fields;
use crate::api::types::{BENEFITS_SUSPENDED, Status, field};
use crate::context::Context;

const WORDS: Words = Words {
    done: &[(Status::Suspended, "suspended")],
    queued: "accepted, the merchant suspends it later; the status is unchanged until then",
};

/// The flags of `suspend`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent suspend 9d6b3a3e-0000-4000-8000-000000000001\n  \
    bango-ent suspend 9d6b3a3e-0000-4000-8000-000000000001 --benefits NONE\n\n\
    Bango documents that entitlementBenefits suspends, but not the value: SUSPENDED is our guess, and --benefits \
    sends another. That it goes to PATCH /entitlement is inferred too ([profiles.NAME.paths] update = \"…\")."
)]
pub struct Args {
    /// The entitlement
    #[arg(value_name = "ENTITLEMENT_ID", value_parser = fields::id)]
    id: String,

    /// The value that suspends (entitlementBenefits); not documented by Bango
    #[arg(long, value_name = "VALUE", default_value = BENEFITS_SUSPENDED, value_parser = fields::id)]
    benefits: String,
}

/// Suspends the entitlement and shows it.
///
/// # Errors
///
/// Whatever the API or the answer earns.
pub fn run(cx: &Context, args: Args) -> anyhow::Result<()> {
    let body = Map::from_iter([(field::ENTITLEMENT_BENEFITS.to_owned(), args.benefits.into())]);
    let client = cx.client()?;
    let answer = client.send(client.update(&args.id, body))?;
    change::show(cx, answer, &WORDS)
}
