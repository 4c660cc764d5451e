//! What can go wrong with a call, and what may be concluded from it about the entitlement.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::answer::Answer;
use super::types::{Class, ResponseCode, is_maximum_reached};

/// A call that did not end in success.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    /// What went wrong with the last attempt.
    pub kind: Box<ErrorKind>,
    /// The `X-RequestIdentifier` of every attempt.
    pub request_identifier: String,
    /// How many attempts there were.
    pub attempts: u32,
    /// What is known from the attempts before the last.
    pub earlier: Earlier,
    /// The entitlement that the call was about; none for one that named none.
    pub entitlement: Option<String>,
    /// Whether the call asks for a change; a read changes nothing, however it ends.
    pub changes: bool,
    /// The wait that the last answer asked for, if it did.
    pub retry_after: Option<Duration>,
    /// The server's clock, if the last answer told it.
    pub date: Option<Timestamp>,
}

/// What is known from the attempts before the last.
#[derive(Debug, Clone, Copy, Default)]
pub struct Earlier {
    /// One may have been acted on.
    pub doubt: bool,
    /// One was sent and got no usable answer.
    pub loss: bool,
    /// One was answered without being acted on.
    pub refusal: bool,
}

impl Earlier {
    /// Adds an attempt.
    pub(super) fn add(&mut self, kind: &ErrorKind) {
        self.doubt |= kind.may_have_acted();
        self.loss |= kind.is_loss();
        self.refusal |= kind.http_status().is_some() && !kind.may_have_acted();
    }
}

/// What went wrong with an attempt.
#[derive(Debug, thiserror::Error)]
pub enum ErrorKind {
    /// The request never left: there was no connection.
    #[error("{reason}")]
    NotSent { reason: String, permanent: bool },
    /// The request left, at least in part, and no complete answer came.
    #[error("{0}")]
    NoAnswer(String),
    /// An answer came that nothing can be concluded from.
    #[error("the answer (HTTP {http_status}) {reason}")]
    Unusable {
        http_status: u16,
        reason: String,
        body: Option<Value>,
    },
    /// An answer without a response code, classed by its HTTP status as if Bango had sent that code.
    #[error(
        "HTTP {http_status} without a response code, probably from a gateway before Bango; taken as {}",
        .code.as_str()
    )]
    Gateway {
        http_status: u16,
        code: ResponseCode,
        body: Option<Value>,
    },
    /// Bango answered with a documented code that is not a success.
    #[error("{}", bango_says(.0))]
    Refused(Box<Answer>),
    /// The user stopped it.
    #[error("interrupted")]
    Interrupted { sent: bool },
    /// The given request identifier was made for another request, whose old answer could come back.
    #[error("the request identifier was made for a request with other arguments")]
    ChangedRequest,
}

fn bango_says(answer: &Answer) -> String {
    let code = answer.code.as_str();
    match answer.message() {
        "" => format!("Bango answered {code}"),
        message => format!("Bango answered {code}: {}", answer.quoted(message)),
    }
}

/// What is known about the request after a call that did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// No attempt left this machine.
    NotSent,
    /// Bango refused it; nothing was done.
    Refused,
    /// It may have been acted on.
    Unknown,
}

impl ErrorKind {
    /// Whether the request may be acted on all the same.
    pub(super) fn may_have_acted(&self) -> bool {
        match self {
            Self::NotSent { .. } | Self::ChangedRequest => false,
            Self::NoAnswer(_) | Self::Unusable { .. } => true,
            Self::Gateway { http_status, .. } => *http_status >= 500,
            Self::Refused(answer) => answer.code == ResponseCode::InternalError,
            Self::Interrupted { sent } => *sent,
        }
    }

    /// Whether the request was sent and got no usable answer.
    const fn is_loss(&self) -> bool {
        matches!(self, Self::NoAnswer(_) | Self::Unusable { .. })
    }

    /// Whether the client repeats the request by itself.
    pub(super) fn is_retried(&self) -> bool {
        let by_status = |status: &u16| matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504);
        match self {
            Self::NotSent { permanent, .. } => !permanent,
            Self::NoAnswer(_) => true,
            Self::Unusable { http_status, .. } | Self::Gateway { http_status, .. } => {
                by_status(http_status)
            }
            Self::Refused(answer) => answer.code.class() == Class::Wait,
            _ => false,
        }
    }

    /// The HTTP status, if there was an answer.
    pub fn http_status(&self) -> Option<u16> {
        match self {
            Self::Unusable { http_status, .. } | Self::Gateway { http_status, .. } => {
                Some(*http_status)
            }
            Self::Refused(answer) => Some(answer.http_status),
            _ => None,
        }
    }

    /// The response code: Bango's, or the one that a gateway's HTTP status stands for.
    pub fn response_code(&self) -> Option<&ResponseCode> {
        match self {
            Self::Refused(answer) => Some(&answer.code),
            Self::Gateway { code, .. } => Some(code),
            _ => None,
        }
    }

    /// What was sent back, if it was JSON.
    pub fn body(&self) -> Option<Value> {
        match self {
            Self::Refused(answer) => Some(Value::Object(answer.body.clone())),
            Self::Unusable { body, .. } | Self::Gateway { body, .. } => body.clone(),
            _ => None,
        }
    }
}

impl Error {
    /// An error before any attempt.
    pub(super) fn new(kind: ErrorKind, request_identifier: String, changes: bool) -> Self {
        Self {
            kind: kind.into(),
            request_identifier,
            attempts: 0,
            earlier: Earlier::default(),
            entitlement: None,
            changes,
            retry_after: None,
            date: None,
        }
    }

    /// What may be concluded. One unanswered attempt makes it unknown, whatever the later ones said.
    pub fn outcome(&self) -> Outcome {
        if (self.changes && self.earlier.doubt) || self.kind.may_have_acted() {
            return Outcome::Unknown;
        }
        match *self.kind {
            ErrorKind::Interrupted { .. } if self.earlier.refusal => Outcome::Refused,
            ErrorKind::NotSent { .. }
            | ErrorKind::ChangedRequest
            | ErrorKind::Interrupted { .. } => Outcome::NotSent,
            _ => Outcome::Refused,
        }
    }

    /// Whether the same request, under the same identifier, may be sent again with a chance of success.
    pub fn is_retryable(&self) -> bool {
        self.kind.is_retried()
            || matches!(
                *self.kind,
                ErrorKind::Unusable { .. } | ErrorKind::Interrupted { .. }
            )
    }

    /// Whether Bango refused because the user already has the service.
    pub fn is_maximum_reached(&self) -> bool {
        match &*self.kind {
            ErrorKind::Refused(answer) => {
                answer.code == ResponseCode::BadRequest && is_maximum_reached(answer.message())
            }
            _ => false,
        }
    }
}
