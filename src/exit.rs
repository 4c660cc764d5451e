//! The exit codes: the one table of them, and which error earns which.

use crate::api::types::ResponseCode;
use crate::api::{self, ErrorKind, Gateway, Outcome};
use crate::batch::{self, Ending};
use crate::failure::Failure;
use crate::profile;

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
}

/// The exit code that an error earns; an error of no known type is a bug or this machine's.
#[must_use]
pub fn code(error: &anyhow::Error) -> Code {
    if let Some(error) = error.downcast_ref::<api::Error>() {
        return of_call(error);
    }
    if let Some(error) = error.downcast_ref::<profile::Error>() {
        return if error.is_bad_value {
            Code::Usage
        } else {
            Code::Configuration
        };
    }
    if let Some(error) = error.downcast_ref::<batch::Error>() {
        return of_batch(error);
    }
    if error.is::<api::SetupError>() {
        return Code::Configuration;
    }
    error
        .downcast_ref::<Failure>()
        .map_or(Code::Bug, of_failure)
}

fn of_failure(failure: &Failure) -> Code {
    match failure {
        Failure::Usage { .. } => Code::Usage,
        Failure::Configuration { .. } => Code::Configuration,
        Failure::RefusedLocally { .. } => Code::RefusedLocally,
        Failure::NoConnection { .. } => Code::NotSent,
        Failure::NotReached { is_final: true, .. } | Failure::Lost(_) => Code::WaitFailed,
        Failure::NotReached {
            is_final: false, ..
        }
        | Failure::NeverRead
        | Failure::TimeOver(_) => Code::NotActive,
        Failure::Interrupted | Failure::WaitInterrupted(_) | Failure::Stopped(_) => {
            Code::Interrupted
        }
        Failure::AfterCreate { cause, .. } => code(cause),
        Failure::UnrecognisedAction { .. } => Code::UnrecognisedAction,
        Failure::UnclearSuccess { .. } => Code::OutcomeUnknown,
        Failure::Unwritten { .. } => Code::Unwritten,
    }
}

fn of_batch(error: &batch::Error) -> Code {
    match error {
        batch::Error::Unreadable(_) | batch::Error::Problems(_) => Code::Usage,
        batch::Error::Changed { .. } | batch::Error::Locked(_) => Code::RefusedLocally,
        batch::Error::Journal(_) => Code::Bug,
        batch::Error::Incomplete(incomplete) => match &incomplete.ending {
            Ending::Interrupted => Code::Interrupted,
            Ending::Hopeless(error) | Ending::GaveUp(error) => of_call(error),
            Ending::Results(_) => Code::Unwritten,
            _ => Code::BatchIncomplete,
        },
    }
}

fn of_call(error: &api::Error) -> Code {
    match &*error.kind {
        ErrorKind::DryRun(_) => Code::Done,
        ErrorKind::ChangedRequest => Code::RefusedLocally,
        ErrorKind::Interrupted { .. } => Code::Interrupted,
        ErrorKind::NoAnswer(_) | ErrorKind::Unusable { .. } => Code::OutcomeUnknown,
        ErrorKind::NotSent { .. } | ErrorKind::Gateway(Gateway::ProxyLogin { .. }) => {
            if error.outcome() == Outcome::Unknown {
                Code::OutcomeUnknown
            } else {
                Code::NotSent
            }
        }
        ErrorKind::Refused(answer) => of_response(&answer.code),
        ErrorKind::Gateway(Gateway::Status { code, .. }) => of_response(code),
    }
}

/// The exit code of a response code.
#[must_use]
pub fn of_response(code: &ResponseCode) -> Code {
    match code {
        ResponseCode::Ok | ResponseCode::ClientActionRequired => Code::Done,
        ResponseCode::BadRequest => Code::BadRequest,
        ResponseCode::Unauthorized => Code::Unauthorized,
        ResponseCode::NotAvailable => Code::NotAvailable,
        ResponseCode::NotFound => Code::NotFound,
        ResponseCode::AlreadyExists => Code::AlreadyExists,
        ResponseCode::Conflict => Code::Conflict,
        ResponseCode::TooManyRequests => Code::TooManyRequests,
        ResponseCode::InternalError => Code::InternalError,
        ResponseCode::ServiceUnavailable => Code::ServiceUnavailable,
        ResponseCode::Unrecognised(_) => Code::OutcomeUnknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_response_code_has_a_row() {
        for response in ResponseCode::DOCUMENTED {
            let code = of_response(&response);
            assert_eq!(code.row().code, code);
        }
    }

    #[test]
    fn the_table_is_in_order_and_has_no_number_twice() {
        assert!(TABLE.is_sorted_by(|a, b| a.code.number() < b.code.number()));
    }
}
