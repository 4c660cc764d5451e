//! What a change of status came to, in words: done, or accepted and left to the merchant.

use serde::{Serialize, Serializer};

use super::entitlement::Entitlement;
use super::next_step;
use crate::api::Answer;
use crate::api::types::{ResponseCode, Status, field};
use crate::context::Context;
use crate::failure::Failure;
use crate::terminal::{Block, Cell, Show, Tone};

/// The words for what a change can come to.
#[derive(Debug)]
pub struct Words {
    /// Statuses that say that it is done, and how to say so.
    pub done: &'static [(Status, &'static str)],
    /// HTTP 202: the merchant has it queued, the status is unchanged.
    pub queued: &'static str,
}

/// Shows an entitlement after a change of its status.
///
/// # Errors
///
/// If the status says that Bango does not know, or the result cannot be written.
pub fn show(cx: &Context, answer: Answer, words: &Words) -> anyhow::Result<()> {
    next_step::warn_of_contradiction(cx, &answer);
    if answer.status() == Some(Status::Failed) {
        let why =
            "the status is FAILED: the merchant did not answer, and Bango does not know".to_owned();
        return Err(Failure::UnclearSuccess {
            answer: answer.into(),
            why,
        }
        .into());
    }
    let (result, tone) = words.describe(&answer);
    let shown = cx.terminal.show(&Changed {
        answer: &answer,
        result,
        tone,
    });
    shown.map_err(|cause| {
        Failure::Unwritten {
            answer: answer.into(),
            cause,
        }
        .into()
    })
}

impl Words {
    fn describe(&self, answer: &Answer) -> (String, Tone) {
        if answer.http_status == 202 || answer.code == ResponseCode::ClientActionRequired {
            return (self.queued.to_owned(), Tone::Warn);
        }
        let Some(status) = answer.text(field::STATUS) else {
            return (
                "done; the answer does not name the status".to_owned(),
                Tone::Warn,
            );
        };
        let known = self
            .done
            .iter()
            .find(|(done, _)| Some(*done) == answer.status());
        match known {
            Some((_, words)) => ((*words).to_owned(), Tone::Good),
            None => (
                format!("accepted, but the status is {status}; read it again"),
                Tone::Warn,
            ),
        }
    }
}

struct Changed<'a> {
    answer: &'a Answer,
    result: String,
    tone: Tone,
}

impl Serialize for Changed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Entitlement {
            answer: self.answer,
            registration_url: None,
        }
        .serialize(serializer)
    }
}

impl Show for Changed<'_> {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        let mut rows = vec![("Result", Cell::toned(&self.result, self.tone))];
        rows.extend(
            Entitlement {
                answer: self.answer,
                registration_url: None,
            }
            .rows(),
        );
        vec![Block::Record(rows)]
    }
}
