//! `revoke`: ends an entitlement at once ("hard").

use super::change;
use super::confirm::{Firmness, Question};
use super::ending;
use crate::context::Context;

const QUESTION: Question = Question {
    verb: "revoke",
    firmness: Firmness::TypeId,
};

/// The flags of `revoke`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent revoke 9d6b3a3e-0000-4000-8000-000000000001 --reason REVOKED/FRAUD\n  \
    bango-ent revoke 9d6b3a3e-0000-4000-8000-000000000001 --reason REVOKED/FRAUD --yes --json\n\n\
    The path POST /entitlement/revoke/ID is inferred; a profile can set another ([profiles.NAME.paths] revoke = \"…\")."
)]
pub struct Args {
    #[command(flatten)]
    ending: ending::Args,
}

/// Asks, ends the entitlement and shows what came of it.
///
/// # Errors
///
/// If it is not confirmed, or whatever the API or the answer earns.
pub fn run(cx: &Context, args: Args) -> anyhow::Result<()> {
    let (id, reason) = ending::prepare(cx, args.ending, QUESTION)?;
    let client = cx.client()?;
    let answer = client.send(client.revoke(&id, reason))?;
    change::show(cx, answer, &ending::WORDS)
}
