//! The result of a row: how an answer or an error of the API is read for it. Pure.

use serde::{Deserialize, Serialize};

use crate::api::types::{Class, ResponseCode, Status, field};
use crate::api::{self, Answer, ErrorKind};

/// How a row stands after it was sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RowOutcome {
    /// Bango did it.
    Done,
    /// Bango refused it; nothing was done.
    Refused,
    /// Bango answered, and the answer does not tell whether the user has access.
    Unclear,
    /// No usable answer; it may have been acted on, and is repeated under the same identifier.
    #[default]
    Unanswered,
}

/// What became of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RowResult {
    pub outcome: RowOutcome,
    /// The response code, or `OUTCOME_UNKNOWN`.
    pub code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entitlement_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Where the user must go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_url: Option<String>,
    /// What Bango said, or what went wrong.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// Whether it was found by looking it up rather than answered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub looked_up: bool,
}

/// The code of a row without a usable answer.
pub const OUTCOME_UNKNOWN: &str = "OUTCOME_UNKNOWN";

impl RowOutcome {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Unclear => "unclear",
            Self::Unanswered => "unanswered",
        }
    }
}

impl RowResult {
    /// Reads a success. An entitlement whose status is `FAILED` is unclear: Bango itself does not know.
    /// Only a create has to name its entitlement.
    pub fn success(answer: &Answer, is_create: bool) -> Self {
        let id = answer.text(field::ENTITLEMENT_ID);
        let why = if answer.status() == Some(Status::Failed) {
            "the merchant did not answer Bango; read the entitlement later"
        } else if is_create && id.is_none_or(str::is_empty) {
            "the answer names no entitlement"
        } else {
            return Self::of_answer(answer);
        };
        Self {
            outcome: RowOutcome::Unclear,
            message: why.to_owned(),
            ..Self::of_answer(answer)
        }
    }

    fn of_answer(answer: &Answer) -> Self {
        Self {
            outcome: RowOutcome::Done,
            code: answer.code.as_str().to_owned(),
            http_status: Some(answer.http_status),
            entitlement_id: answer.text(field::ENTITLEMENT_ID).map(str::to_owned),
            status: answer.text(field::STATUS).map(str::to_owned),
            registration_url: answer.action_url().map(str::to_owned),
            message: answer.message().to_owned(),
            looked_up: false,
        }
    }

    /// Reads an error that is final for its row.
    pub fn failure(error: &api::Error, outcome: RowOutcome) -> Self {
        let read = match &*error.kind {
            ErrorKind::Refused(answer) => Self::of_answer(answer),
            kind => Self {
                http_status: kind.http_status(),
                ..Self::unanswered(kind.to_string())
            },
        };
        let code = error.kind.response_code();
        let code = code
            .map_or(OUTCOME_UNKNOWN, ResponseCode::as_str)
            .to_owned();
        Self {
            outcome,
            code,
            ..read
        }
    }

    /// A row about which nothing can be concluded.
    pub fn unanswered(message: String) -> Self {
        Self {
            code: OUTCOME_UNKNOWN.to_owned(),
            message,
            ..Self::default()
        }
    }
}

/// What an error of one attempt means for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Too many requests, maintenance or no connection: everything slows down, and the row is sent again.
    Throttled,
    /// This request alone went wrong, and it alone is repeated.
    ThisRow,
    /// The answer is final for this row.
    Final,
    /// No request can succeed.
    Fatal,
}

impl Retry {
    /// Tells what an error of one attempt means for the run.
    pub fn after(error: &api::Error) -> Self {
        match &*error.kind {
            ErrorKind::NotSent {
                permanent: true, ..
            }
            | ErrorKind::ChangedRequest
            | ErrorKind::Interrupted { .. } => Self::Fatal,
            ErrorKind::NotSent { .. }
            | ErrorKind::Unusable {
                http_status: 429, ..
            } => Self::Throttled,
            // A balancer says 408 on a connection that it closes; the request behind it was not read.
            ErrorKind::NoAnswer(_)
            | ErrorKind::Unusable {
                http_status: 408 | 425 | 500..,
                ..
            } => Self::ThisRow,
            ErrorKind::Unusable { .. } => Self::Final,
            ErrorKind::Refused(answer) => Self::after_code(&answer.code),
            ErrorKind::Gateway { code, .. } => Self::after_code(code),
        }
    }

    fn after_code(code: &ResponseCode) -> Self {
        match code {
            ResponseCode::TooManyRequests | ResponseCode::ServiceUnavailable => Self::Throttled,
            ResponseCode::Unauthorized => Self::Fatal,
            code if code.class() == Class::Wait => Self::ThisRow,
            _ => Self::Final,
        }
    }
}
