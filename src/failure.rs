//! The ways in which a command ends without success that no API error tells. Holds facts; words for the user are in `report`.

use crate::api::Answer;

/// Why a command ended.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The entitlement is not in the status that was wanted, yet or ever.
    #[error("the entitlement is {status}, not {wanted}", status = shown_status(.answer))]
    NotReached {
        answer: Box<Answer>,
        wanted: &'static str,
        is_final: bool,
    },
    /// What was waited for did not come in time.
    #[error("{0}")]
    TimeOver(String),
    /// What is waited for can no longer come.
    #[error("{0}")]
    Lost(String),
    /// The user stopped it before what was waited for had come.
    #[error("{0}")]
    Stopped(String),
    /// The entitlement exists, and what the user must do is not known.
    #[error("the entitlement exists, but {why}")]
    UnrecognisedAction { answer: Box<Answer>, why: String },
    /// The user stopped a wait.
    #[error("interrupted; the entitlement was {status} when it was last read", status = shown_status(.0))]
    WaitInterrupted(Box<Answer>),
    /// A wait ended before the entitlement could be read once.
    #[error("the entitlement could not be read in time")]
    NeverRead,
    /// The entitlement was created, and then waiting for it went wrong.
    #[error("the entitlement was created, but waiting for it failed: {cause}")]
    AfterCreate {
        answer: Box<Answer>,
        cause: anyhow::Error,
    },
    /// The answer says success and does not hold what a success holds.
    #[error("Bango answered {code}, but {why}", code = .answer.code.as_str())]
    UnclearSuccess { answer: Box<Answer>, why: String },
    /// The API has acted, and the result could not be written to standard output.
    #[error("done, but the result could not be written: {cause}")]
    Unwritten {
        answer: Box<Answer>,
        cause: std::io::Error,
    },
}

/// What was found out on the way to an error: stands beside it in the JSON document.
#[derive(Debug)]
pub struct Findings(pub serde_json::Map<String, serde_json::Value>);

impl std::fmt::Display for Findings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the examination found a fault")
    }
}

fn shown_status(answer: &Answer) -> &str {
    answer
        .text(crate::api::types::field::STATUS)
        .unwrap_or("without a status")
}

impl Failure {
    /// What the API answered, if it had acted.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::NotReached { answer, .. }
            | Self::UnrecognisedAction { answer, .. }
            | Self::WaitInterrupted(answer)
            | Self::AfterCreate { answer, .. }
            | Self::UnclearSuccess { answer, .. }
            | Self::Unwritten { answer, .. } => Some(answer),
            _ => None,
        }
    }
}
