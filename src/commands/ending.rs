//! What `cancel` and `revoke` share: the reason, the confirmation, and the words for the end.

use clap::builder::{PossibleValue, TypedValueParser};
use serde_json::{Map, Value};

use super::change::Words;
use super::confirm::{self, Question};
use super::fields;
use crate::api::types::{Status, field};
use crate::context::{Context, asked};
use crate::ending::Ending;
use crate::glossary::END_REASONS;
use crate::terminal::ask;

/// The words for the end of an entitlement.
pub const WORDS: Words = Words {
    done: &[
        (Status::Cancelled, "ended"),
        (Status::Revoked, "ended"),
        (
            Status::ActiveEnding,
            "cancelled; usable to the end of the paid period",
        ),
    ],
    queued: "accepted, the merchant ends it later; the status is unchanged until then",
};

/// The flags of `cancel` and `revoke`.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct Args {
    /// The entitlement
    #[arg(value_name = "ENTITLEMENT_ID", value_parser = fields::id)]
    pub id: String,

    /// Why: category and code; one that is not listed is sent with a note
    #[arg(long, value_name = "CATEGORY/CODE", value_parser = ReasonParser)]
    reason: Option<Reason>,

    /// Why, in your own words (cancelReasonDescription, an inferred name)
    #[arg(long, value_name = "TEXT", value_parser = fields::id)]
    description: Option<String>,

    /// Do not ask for confirmation
    #[arg(long, short)]
    yes: bool,
}

/// A reason for ending an entitlement.
#[derive(Debug, Clone)]
struct Reason {
    category: String,
    code: String,
}

/// Reads a reason: the listed ones are offered by completion, any other pair is taken.
#[derive(Debug, Clone)]
struct ReasonParser;

impl TypedValueParser for ReasonParser {
    type Value = Reason;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Reason, clap::Error> {
        let pair = value.to_str().and_then(|text| text.split_once('/'));
        let is_word = |text: &str| {
            !text.is_empty()
                && !text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '/')
        };
        match pair {
            Some((category, code)) if is_word(category) && is_word(code) => Ok(Reason {
                category: category.to_owned(),
                code: code.to_owned(),
            }),
            _ => Err(clap::Error::raw(
                clap::error::ErrorKind::InvalidValue,
                "--reason must be CATEGORY/CODE, such as CUSTOMER_CANCELLED/NOT_RENEWED; bango-ent explain lists them\n",
            )
            .with_cmd(command)),
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(END_REASONS.iter().map(|(name, meaning)| {
            PossibleValue::new(*name).help(*meaning)
        })))
    }
}

/// Asks what must be asked, and returns the body of the request.
///
/// # Errors
///
/// If the reason is missing or the confirmation is, and nobody can be asked; or if the answer is no.
pub fn prepare(
    cx: &Context,
    args: Args,
    question: Question,
) -> anyhow::Result<(String, Map<String, Value>)> {
    let Args {
        id,
        reason,
        description,
        yes,
    } = args;
    let reason = match reason {
        Some(reason) => reason,
        None => choose(cx, question.verb)?,
    };
    let name = format!("{}/{}", reason.category, reason.code);
    if !END_REASONS.iter().any(|(known, _)| *known == name) {
        cx.terminal.remark(&format!(
            "{name} is not on Bango's newer list of reasons; it is sent as it is"
        ));
    }
    confirm::ask(cx, &id, yes, question)?;
    let mut body = Map::new();
    body.insert(
        field::CANCEL_REASON_CATEGORY.to_owned(),
        reason.category.into(),
    );
    body.insert(field::CANCEL_REASON_CODE.to_owned(), reason.code.into());
    if let Some(description) = description {
        body.insert(
            field::CANCEL_REASON_DESCRIPTION.to_owned(),
            description.into(),
        );
    }
    Ok((id, body))
}

fn choose(cx: &Context, verb: &str) -> anyhow::Result<Reason> {
    if !cx.terminal.can_ask() {
        return Err(Ending::usage("missing --reason".to_owned()).next("give a category and code such as CUSTOMER_CANCELLED/NOT_RENEWED; bango-ent explain lists them")
        .into());
    }
    let names: Vec<_> = END_REASONS.iter().map(|(name, _)| *name).collect();
    let question = format!("Why {verb} it?");
    let name = names[asked(ask::choice(&cx.terminal, &question, names.clone()))?];
    cx.remember(&["--reason", name]);
    let (category, code) = name.split_once('/').unwrap_or((name, ""));
    Ok(Reason {
        category: category.to_owned(),
        code: code.to_owned(),
    })
}
