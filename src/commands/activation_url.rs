//! `activation-url`: a fresh registration URL for a pending entitlement.

use super::{fields, next_step};
use crate::api::Answer;
use crate::api::types::field;
use crate::context::Context;
use crate::ending::{Code, Ending};
use crate::report::Report;
use crate::terminal::{Block, Shown};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent activation-url 9d6b3a3e-0000-4000-8000-000000000001\n  \
    bango-ent activation-url 9d6b3a3e-0000-4000-8000-000000000001 --qr\n\n\
    Bango's newer platform has this; the path GET /entitlement/ID/activationInfo is inferred, and a profile can set \
    another ([profiles.NAME.paths] activation_info = \"…\"). Elsewhere, repeat create with the same parameters and \
    without --request-id: Bango answers with a new URL."
)]
pub struct Args {
    /// The entitlement
    #[arg(value_name = "ENTITLEMENT_ID", value_parser = fields::id)]
    id: String,

    #[command(flatten)]
    visit: next_step::Visit,
}

pub fn run(cx: &Context, args: &Args) -> Result<Report, Ending> {
    let ended = cx.call(
        |client| client.activation_info(&args.id),
        |answer| report(cx, args, answer),
    );
    ended.inspect_err(|ending| {
        // A gateway's 404 has no response code.
        if ending.http_status == Some(404) || ending.code == Code::NotFound {
            cx.terminal.remark(
                "this platform may not have the call at all; repeating create with the same parameters gives a new URL",
            );
        }
    })
}

fn report(cx: &Context, args: &Args, answer: Answer) -> Result<Report, Ending> {
    // Where the URL stands in the answer is inferred: as in create, or at the top level.
    let Some(url) = answer.action_url().or_else(|| answer.text(field::URL)) else {
        return Err(unusable(args, answer, "the answer has no registration URL"));
    };
    match next_step::checked_url(cx, &answer, url)? {
        Ok(url) => {
            next_step::tell_expiry(cx, &answer);
            let report = args.visit.report(cx, &url);
            Ok(Report {
                shown: Some(Shown::new(&answer, [Block::Line(url.into())])),
                ..report
            })
        }
        Err(why) => Err(unusable(args, answer, &why)),
    }
}

/// Asking again is what has just failed, and the answer need not name the entitlement.
fn unusable(args: &Args, answer: Answer, why: &str) -> Ending {
    Ending::unknown_action(answer, why).run(
        "tell Bango the entitlement id and the request identifier; this shows the entitlement",
        ["get", &args.id],
    )
}
