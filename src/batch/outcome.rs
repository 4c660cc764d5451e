//! The result of a row: how an answer or an error of the API is read for it. Pure.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api::types::{Class, ResponseCode, Status, field};
use crate::api::{self, Answer, Earlier, ErrorKind, NextStep};

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
    /// Not begun: a row before it that is about the same thing is not done.
    Waiting,
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
    /// What the entitlement is, of a row that reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Map<String, Value>>,
}

/// The code of a row without a usable answer.
pub const OUTCOME_UNKNOWN: &str = "OUTCOME_UNKNOWN";

impl RowOutcome {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Unclear => "unclear",
            Self::Waiting => "waiting",
            Self::Unanswered => "unanswered",
        }
    }
}

impl RowResult {
    /// Reads a success. It is unclear if it does not hold what the success of its action holds.
    pub fn success(answer: &Answer, is_create: bool) -> Self {
        let message = match answer.created() {
            _ if answer.status() == Some(Status::Failed) => {
                "the merchant did not answer Bango; read the entitlement later".to_owned()
            }
            NextStep::Unclear(why) | NextStep::UnknownAction(why) | NextStep::NoUrl(why)
                if is_create =>
            {
                why
            }
            _ => return Self::of_answer(answer),
        };
        Self {
            outcome: RowOutcome::Unclear,
            message,
            ..Self::of_answer(answer)
        }
    }

    /// Reads what was asked for: any status is one.
    pub fn of_answer(answer: &Answer) -> Self {
        Self {
            outcome: RowOutcome::Done,
            code: answer.code.as_str().to_owned(),
            http_status: Some(answer.http_status),
            entitlement_id: answer.text(field::ENTITLEMENT_ID).map(str::to_owned),
            status: answer.text(field::STATUS).map(str::to_owned),
            registration_url: answer.action_url().map(str::to_owned),
            message: answer.message().to_owned(),
            looked_up: false,
            record: None,
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
        let code = match &*error.kind {
            ErrorKind::Unusable { body, .. } => unknown_code(body.as_ref()),
            kind => kind.response_code().map(ResponseCode::as_str),
        };
        let code = code.unwrap_or(OUTCOME_UNKNOWN).to_owned();
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

/// A response code that this tool does not know, if it looks like one.
fn unknown_code(body: Option<&Value>) -> Option<&str> {
    let code = body?.get(field::RESPONSE_CODE)?.as_str()?;
    let is_fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let is_code = (1..=64).contains(&code.len()) && code.chars().all(is_fit);
    is_code.then_some(code)
}

/// What is told of a row that was not begun.
pub fn waiting(before: u32) -> RowResult {
    RowResult {
        outcome: RowOutcome::Waiting,
        message: format!("not begun: waits for row {before}"),
        ..RowResult::default()
    }
}

/// Why an answer is not used that names another user or entitlement than its row does.
const MIXED_UP: &str = "is about another user or entitlement: answers were mixed up on the way";

/// Tells whether two names are of different things; a name that is missing may be the same.
pub fn is_another(told: Option<&str>, asked: Option<&str>) -> bool {
    let same = |(told, asked): (&str, &str)| told.trim().eq_ignore_ascii_case(asked.trim());
    told.zip(asked).is_some_and(|pair| !same(pair))
}

/// An answer whose user or entitlement is not the row's. A proxy that sends one answer twice shifts all that follow.
pub fn mixed_up(answer: &Answer) -> api::Error {
    let kind = ErrorKind::Unusable {
        http_status: answer.http_status,
        reason: MIXED_UP.to_owned(),
        body: None,
    };
    api::Error {
        kind: Box::new(kind),
        request_identifier: answer.request_identifier.clone(),
        attempts: 1,
        earlier: Earlier::default(),
        entitlement: None,
        changes: true,
        retry_after: None,
        date: answer.date,
    }
}

pub fn is_mixed_up(error: &api::Error) -> bool {
    matches!(&*error.kind, ErrorKind::Unusable { reason, .. } if reason == MIXED_UP)
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
            // Bango's own answer would be the same again.
            ErrorKind::Unusable {
                body: Some(body), ..
            } if body.get(field::RESPONSE_CODE).is_some() => Self::Final,
            ErrorKind::NoAnswer(_) | ErrorKind::Unusable { .. } => Self::ThisRow,
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
