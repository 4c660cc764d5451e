//! `activation-url`: a fresh registration URL for a pending entitlement.

use serde::{Serialize, Serializer};

use super::entitlement::Entitlement;
use super::{fields, next_step};
use crate::api::types::{ResponseCode, field};
use crate::api::{Answer, ErrorKind};
use crate::context::Context;
use crate::failure::Failure;
use crate::terminal::{Block, Show, gate};

/// The flags of `activation-url`.
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

/// Asks for the URL, shows it and opens it.
///
/// # Errors
///
/// Whatever the API earns, or a URL that is missing or unsafe.
pub fn run(cx: &Context, args: &Args) -> anyhow::Result<()> {
    let client = cx.client()?;
    let answer = client.send(client.activation_info(&args.id)).inspect_err(|error| {
        let is_missing = match &*error.kind {
            ErrorKind::Unusable { http_status, .. } => *http_status == 404,
            ErrorKind::Refused(answer) => answer.code == ResponseCode::NotFound,
            _ => false,
        };
        if is_missing {
            cx.terminal.remark(
                "this platform may not have the call at all; repeating create with the same parameters gives a new URL",
            );
        }
    })?;
    // Where the URL stands in the answer is inferred: as in create, or at the top level.
    let Some(url) = answer.action_url().or_else(|| answer.text(field::URL)) else {
        let why = "the answer has no registration URL".to_owned();
        return Err(Failure::UnrecognisedAction {
            answer: answer.into(),
            why,
        }
        .into());
    };
    match gate::check(url) {
        Ok(url) => {
            cx.terminal.show(&ActivationUrl {
                answer: &answer,
                url: url.as_str(),
            })?;
            args.visit.follow(cx, &url);
            Ok(())
        }
        Err(why) => {
            let why = format!("its registration URL {why} and was not opened: {url:?}");
            Err(Failure::UnrecognisedAction {
                answer: answer.into(),
                why,
            }
            .into())
        }
    }
}

struct ActivationUrl<'a> {
    answer: &'a Answer,
    url: &'a str,
}

impl Serialize for ActivationUrl<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Entitlement {
            answer: self.answer,
            registration_url: None,
        }
        .serialize(serializer)
    }
}

impl Show for ActivationUrl<'_> {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        vec![Block::Alone(self.url.to_owned())]
    }
}
