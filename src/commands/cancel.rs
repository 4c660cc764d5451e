//! `cancel`: ends an entitlement at the end of the paid period ("soft").

use super::change;
use super::confirm::{Firmness, Question};
use super::ending;
use crate::context::Context;

const QUESTION: Question = Question {
    verb: "cancel",
    firmness: Firmness::YesNo,
};

/// The flags of `cancel`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent cancel 9d6b3a3e-0000-4000-8000-000000000001 --reason CUSTOMER_CANCELLED/NOT_RENEWED\n  \
    bango-ent cancel 9d6b3a3e-0000-4000-8000-000000000001 --reason CUSTOMER_CANCELLED/NOT_RENEWED --yes --json\n\n\
    The path POST /entitlement/cancel/ID is inferred; a profile can set another ([profiles.NAME.paths] cancel = \"…\")."
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
    let answer = client.send(client.cancel(&id, reason))?;
    change::show(cx, answer, &ending::WORDS)
}
