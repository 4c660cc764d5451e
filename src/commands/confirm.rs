//! Asks before access is taken away, showing whose access to what it is.

use crate::api::types::field;
use crate::context::{Context, asked};
use crate::ending::Ending;
use crate::terminal::ask;

/// How firmly to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Firmness {
    /// y or N.
    YesNo,
    /// The id must be typed.
    TypeId,
}

/// What to ask.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// What is about to be done.
    pub verb: &'static str,
    /// How firmly.
    pub firmness: Firmness,
}

/// Asks, unless `--yes` was given or nothing will be sent anyway.
///
/// # Errors
///
/// If nobody can be asked, the entitlement cannot be read, or the answer is no: nothing has been changed then.
pub fn ask(cx: &Context, id: &str, yes: bool, question: Question) -> anyhow::Result<()> {
    let verb = question.verb;
    if yes || cx.is_dry_run() {
        return Ok(());
    }
    if !cx.terminal.can_ask() {
        return Err(Ending::refused_locally(format!(
            "{verb} needs a confirmation, and nobody can be asked here; nothing was sent"
        ))
        .next("--yes confirms")
        .into());
    }
    let client = cx.client()?;
    let answer = client.send(client.get(id))?;
    let text = |name| answer.text(name).unwrap_or("?");
    let what = format!(
        "{verb} {} of {} for user {} ({})",
        text(field::PRODUCT_KEY),
        text(field::MERCHANT_ACCOUNT_KEY),
        text(field::CUSTOMER_IDENTIFIER),
        text(field::STATUS)
    );
    let agreed = match question.firmness {
        Firmness::YesNo => asked(ask::yes(&cx.terminal, &format!("{what}?")))?,
        Firmness::TypeId => {
            let question =
                format!("{what}: access ends at once. Type the entitlement id to confirm");
            asked(ask::any_text(&cx.terminal, &question))?.trim() == id
        }
    };
    if agreed {
        cx.remember(&["--yes"]);
        return Ok(());
    }
    Err(Ending::refused_locally("not confirmed; nothing was changed".to_owned()).into())
}
