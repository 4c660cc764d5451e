//! How a command ends: a [`Report`] to show, or an [`Ending`] that says what went wrong, what is known, and what to do next.
//! It owns the table of exit codes, and it prints nothing.

use std::borrow::Cow;

use serde_json::Value;

use crate::api::Answer;
use crate::api::types::ResponseCode;

/// An exit code. The first digit says whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Code {
    Done = 0,
    Bug = 1,
    Usage = 2,
    Configuration = 3,
    RefusedLocally = 4,
    NotActive = 8,
    WaitFailed = 9,
    BadRequest = 10,
    Unauthorized = 11,
    NotAvailable = 12,
    AlreadyExists = 13,
    NotFound = 14,
    Conflict = 15,
    TooManyRequests = 20,
    InternalError = 21,
    ServiceUnavailable = 22,
    OutcomeUnknown = 30,
    NotSent = 31,
    UnrecognisedAction = 32,
    BatchIncomplete = 40,
    Unwritten = 41,
    Interrupted = 130,
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The code.
    pub code: Code,
    /// What it means.
    pub meaning: &'static str,
    /// Whether the command may be repeated.
    pub repeat: &'static str,
    /// What to do next.
    pub next: &'static str,
}

const fn row(code: Code, meaning: &'static str, repeat: &'static str, next: &'static str) -> Row {
    Row {
        code,
        meaning,
        repeat,
        next,
    }
}

/// Every exit code. `docs/exit-codes.md` and `bango-ent explain` are made from it.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    row(Code::Done, "done: created (ACTIVE, or PENDING with its next step shown), read, or changed", "not needed", "nothing, or send the user to the URL shown"),
    row(Code::Bug, "a bug, or an error of this machine (disk, output) before anything was sent", "yes, nothing was sent", "read the message; report a bug if it makes no sense"),
    row(Code::Usage, "the command line is wrong", "yes, nothing was sent", "correct it; --help shows what is expected"),
    row(Code::Configuration, "configuration or credentials are missing or unreadable", "yes, nothing was sent", "set BANGO_USERNAME and BANGO_PASSWORD, or mend the profile"),
    row(Code::RefusedLocally, "refused by this tool before any request: a confirmation is missing, or arguments changed under a request identifier", "yes, nothing was sent", "give the confirmation, or leave out --request-id for a new intent"),
    row(Code::NotActive, "not ACTIVE yet: --require-active met a PENDING entitlement, or a wait ran out of time", "do not create again; read its status instead", "send the user to the registration URL, then look again"),
    row(Code::WaitFailed, "a wait that can no longer succeed: REVOKED, CANCELLED or FAILED", "no", "find out who ended it; FAILED means that Bango itself does not know"),
    row(Code::BadRequest, "BAD_REQUEST: Bango found the request invalid, or the user already has the service", "no, it will be refused again", "read the message and correct the request"),
    row(Code::Unauthorized, "UNAUTHORIZED: wrong credentials, or an IP address that Bango does not allow", "no, it will be refused again", "check the credentials, and from which address the request leaves"),
    row(Code::NotAvailable, "NOT_AVAILABLE: the service cannot be activated", "no, it will be refused again", "ask the merchant or Bango whether the product is offered to this user"),
    row(Code::AlreadyExists, "ALREADY_EXISTS: the entitlement id is in use", "no, it will be refused again", "leave out --entitlement-id, or choose another"),
    row(Code::NotFound, "NOT_FOUND: no such entitlement", "no, it will be refused again", "check the id, and whether the credentials are test or live"),
    row(Code::Conflict, "CONFLICT: not possible in the entitlement's present status, for example ending what has ended", "no, it will be refused again", "read the entitlement and decide by its status"),
    row(Code::TooManyRequests, "TOO_MANY_REQUESTS, after the last retry", "yes, later, with the same --request-id", "wait, then repeat it more slowly"),
    row(Code::InternalError, "INTERNAL_ERROR, after the last retry; Bango may have acted on the request", "yes, with the same --request-id", "repeat it later; tell Bango the request identifier if it lasts"),
    row(Code::ServiceUnavailable, "SERVICE_UNAVAILABLE, after the last retry", "yes, later, with the same --request-id", "wait, then repeat it; maintenance is the usual cause"),
    row(Code::OutcomeUnknown, "outcome unknown: sent, but no usable answer (time-out, broken connection, not JSON, unrecognised response code)", "yes, but only with the same --request-id", "run the command that the message shows, or look the entitlement up; never create afresh"),
    row(Code::NotSent, "not sent: no connection (DNS, refused, TLS, proxy)", "yes, nothing was sent", "mend what the message names, then run it again"),
    row(Code::UnrecognisedAction, "the entitlement exists, but what the user must do is unknown or its URL is not safe to open", "do not create again", "ask Bango what the action means, with the entitlement id and the request identifier"),
    row(Code::BatchIncomplete, "a batch ended with rows that did not succeed", "yes, finished rows are skipped", "look at the summary and the failed rows"),
    row(Code::Unwritten, "done, but the result could not be written to standard output", "do not create again; read it instead", "take the entitlement id from standard error"),
    row(Code::Interrupted, "interrupted", "yes, with the same --request-id if one was shown", "run the command that the message shows, if it shows one"),
];

impl Code {
    /// The number that the process ends with.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The row of the table.
    #[must_use]
    pub fn row(self) -> &'static Row {
        TABLE
            .iter()
            .find(|row| row.code == self)
            .unwrap_or(&TABLE[1])
    }

    /// The name in JSON, where Bango has none of its own for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usage => "USAGE",
            Self::Configuration => "CONFIGURATION",
            Self::RefusedLocally => "REFUSED_LOCALLY",
            Self::NotActive => "NOT_ACTIVE",
            Self::WaitFailed => "WAIT_FAILED",
            Self::UnrecognisedAction => "UNRECOGNISED_ACTION",
            Self::OutcomeUnknown => "OUTCOME_UNKNOWN",
            Self::NotSent => "NOT_SENT",
            Self::Unwritten => "RESULT_NOT_WRITTEN",
            Self::BatchIncomplete => "BATCH_INCOMPLETE",
            Self::Interrupted => "INTERRUPTED",
            _ => "INTERNAL",
        }
    }
}

impl From<&ResponseCode> for Code {
    fn from(code: &ResponseCode) -> Self {
        match code {
            ResponseCode::Ok | ResponseCode::ClientActionRequired => Self::Done,
            ResponseCode::BadRequest => Self::BadRequest,
            ResponseCode::Unauthorized => Self::Unauthorized,
            ResponseCode::NotAvailable => Self::NotAvailable,
            ResponseCode::NotFound => Self::NotFound,
            ResponseCode::AlreadyExists => Self::AlreadyExists,
            ResponseCode::Conflict => Self::Conflict,
            ResponseCode::TooManyRequests => Self::TooManyRequests,
            ResponseCode::InternalError => Self::InternalError,
            ResponseCode::ServiceUnavailable => Self::ServiceUnavailable,
            ResponseCode::Unrecognised(_) => Self::OutcomeUnknown,
        }
    }
}

/// What is known about what Bango did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing that changes anything left this machine.
    NotSent,
    /// Bango did not do it.
    Refused,
    /// Bango may or may not have acted.
    Unknown,
    /// Bango has acted, or the entitlement is known to exist.
    Done,
    /// Some of several requests were done.
    Partial,
}

impl Effect {
    /// The name in JSON (`outcome`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Done => "created",
            Self::Partial => "partial",
        }
    }
}

/// What to do next: a sentence, and the command line for it if the tool knows one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The sentence, without a full stop.
    pub say: Cow<'static, str>,
    /// The words after `bango-ent`; `--profile` or `--sandbox` are added when it is shown.
    pub run: Vec<String>,
}

/// How a command ended without what was asked for. Above `api` there is no other error type.
#[derive(Debug)]
pub struct Ending {
    /// The exit code.
    pub code: Code,
    /// The code in JSON: Bango's, or ours in the same spelling.
    pub name: Cow<'static, str>,
    /// What happened; shown escaped, so it may hold any text.
    pub message: String,
    /// What the user can do about it.
    pub next: Option<Next>,
    /// What is known about what Bango did.
    pub effect: Effect,
    /// Whether the same request, under the same identifier, may be sent again with a chance of success.
    pub retryable: bool,
    /// Whether the command that repeats the request is shown.
    pub repeat: bool,
    /// The HTTP status of the last answer.
    pub http_status: Option<u16>,
    /// The `X-RequestIdentifier` of the request.
    pub request_identifier: Option<String>,
    /// What was sent back, if it was JSON.
    pub response: Option<Value>,
    /// The entitlement that exists in spite of the failure: its id is never lost.
    pub answer: Option<Box<Answer>>,
    /// What more there is to say in JSON.
    pub details: Option<Value>,
    /// What more there is to say to a person, a line each.
    pub points: Vec<String>,
    /// What a library or the operating system said, shown with `-v`.
    pub cause: Option<anyhow::Error>,
}

impl std::fmt::Display for Ending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Ending {}

impl Ending {
    /// An ending where nothing that changes anything was sent, unless the fields say otherwise.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            name: code.name().into(),
            message: message.into(),
            next: None,
            effect: Effect::NotSent,
            retryable: false,
            repeat: false,
            http_status: None,
            request_identifier: None,
            response: None,
            answer: None,
            details: None,
            points: Vec::new(),
            cause: None,
        }
    }

    /// The command line, or a file that it names, is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Code::Usage, message)
    }

    /// Configuration or credentials are missing or unreadable.
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(Code::Configuration, message)
    }

    /// This tool refused before any change was sent.
    pub fn refused_locally(message: impl Into<String>) -> Self {
        Self::new(Code::RefusedLocally, message)
    }

    /// This machine refused (files, programs, the terminal); nothing that changes anything was sent.
    pub fn machine(cause: impl Into<anyhow::Error>) -> Self {
        let cause = cause.into();
        Self {
            message: format!("{cause:#}"),
            cause: Some(cause),
            ..Self::new(Code::Bug, "")
        }
    }

    /// The user ended it before anything was sent.
    #[must_use]
    pub fn interrupted() -> Self {
        Self::new(Code::Interrupted, "interrupted; nothing was sent")
    }

    /// The answer is a success that does not hold what a success holds.
    pub fn unclear(answer: Answer, why: &str) -> Self {
        let message = format!("Bango answered {}, but {why}", answer.code.as_str());
        Self {
            effect: Effect::Unknown,
            retryable: true,
            repeat: true,
            ..Self::new(Code::OutcomeUnknown, message).about(answer)
        }
        .next(Code::OutcomeUnknown.row().next)
    }

    /// Adds what Bango answered: the entitlement exists, whatever else went wrong.
    #[must_use]
    pub fn about(self, answer: Answer) -> Self {
        Self {
            effect: Effect::Done,
            http_status: Some(answer.http_status),
            request_identifier: Some(answer.request_identifier.clone()),
            response: Some(Value::Object(answer.body.clone())),
            answer: Some(answer.into()),
            ..self
        }
    }

    /// Says what the user can do.
    #[must_use]
    pub fn next(self, say: impl Into<Cow<'static, str>>) -> Self {
        let next = Some(Next {
            say: say.into(),
            run: Vec::new(),
        });
        Self { next, ..self }
    }

    /// Says what the user can do, and the command line for it: the words after `bango-ent`.
    #[must_use]
    pub fn run<const N: usize>(self, say: impl Into<Cow<'static, str>>, run: [&str; N]) -> Self {
        let next = Some(Next {
            say: say.into(),
            run: run.map(str::to_owned).into(),
        });
        Self { next, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_response_code_has_a_row() {
        for response in ResponseCode::DOCUMENTED {
            let code = Code::from(&response);
            assert_eq!(code.row().code, code);
        }
    }

    #[test]
    fn the_table_is_in_order_and_has_no_number_twice() {
        assert!(TABLE.is_sorted_by(|a, b| a.code.number() < b.code.number()));
    }
}
