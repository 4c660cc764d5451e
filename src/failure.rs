//! The ways in which `doctor` ends without success that no API error tells.

use crate::api::Answer;

/// Why a command ended.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The answer says success and does not hold what a success holds.
    #[error("Bango answered {code}, but {why}", code = .answer.code.as_str())]
    UnclearSuccess { answer: Box<Answer>, why: String },
}

/// What was found out on the way to an error: stands beside it in the JSON document.
#[derive(Debug)]
pub struct Findings(pub serde_json::Map<String, serde_json::Value>);

impl std::fmt::Display for Findings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the examination found a fault")
    }
}
