//! How a command ends that did not succeed: an [`Ending`] says what went wrong, what is known, and what to do next.
//! It owns the table of exit codes, and it prints nothing.

use std::borrow::Cow;
use std::fmt::{self, Display};

use serde_json::{Map, Value, json};

use crate::api::types::{Class, ResponseCode, field, is_maximum_reached};
use crate::api::{self, Answer, ErrorKind, Outcome};
use crate::http;
pub use crate::http::in_words;

/// So many of the other fields of a refusal are told, each no longer than this, in characters.
const MOST_POINTS: usize = 10;
const LONGEST_POINT: usize = 200;

/// An exit code. The first digit says who decides what is next.
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

/// What an exit code means, whether the command may be repeated, and what to do next.
#[derive(Debug, Clone, Copy)]
pub struct CodeRow {
    pub code: Code,
    pub meaning: &'static str,
    pub repeat: &'static str,
    pub next: &'static str,
}

type Text = &'static str;

const fn row(code: Code, meaning: Text, repeat: Text, next: Text) -> CodeRow {
    CodeRow {
        code,
        meaning,
        repeat,
        next,
    }
}

/// Every exit code. `docs/exit-codes.md` and `bango-ent explain` are made from it.
#[rustfmt::skip]
pub const TABLE: &[CodeRow] = &[
    row(Code::Done, "done: created (ACTIVE, or PENDING with its next step shown), read, or changed", "not needed", "nothing, or send the user to the URL shown"),
    row(Code::Bug, "a bug, or an error of this machine (disk, memory, output, a port that is taken) where nothing was sent that changes anything; listen that could no longer save or print", "yes, nothing was changed", "read the message; report a bug if it makes no sense"),
    row(Code::Usage, "the command line is wrong", "yes, nothing was sent", "correct it; --help shows what is expected"),
    row(Code::Configuration, "configuration or credentials, or the secret of listen --auth, are missing or unreadable", "yes, nothing was sent", "set BANGO_USERNAME and BANGO_PASSWORD, or correct the profile"),
    row(Code::RefusedLocally, "refused by this tool before any change was sent: a confirmation is missing, arguments changed under a request identifier, or the run is read-only", "yes, nothing was changed", "give the confirmation, or leave out --request-id for a new request"),
    row(Code::NotActive, "known to be not there yet: --require-active met a PENDING entitlement, or a wait ran out of time after it had read the entitlement; listen whose time was over before an --until", "do not create again; read its status instead", "send the user to the registration URL, then look again"),
    row(Code::WaitFailed, "a wait, or an --until of listen, that can no longer succeed: REVOKED, CANCELLED or FAILED", "no", "find out who ended it; FAILED means that Bango itself does not know"),
    row(Code::BadRequest, "BAD_REQUEST: Bango found the request invalid, or the user already has the service", "no, it will be refused again", "read the message and correct the request; case matters in the merchant and product keys"),
    row(Code::Unauthorized, "UNAUTHORIZED: wrong credentials, or an IP address that Bango does not allow", "no, it will be refused again", "check user name and password, and test against live; then ask Bango whether the address that your requests leave from is allowed"),
    row(Code::NotAvailable, "NOT_AVAILABLE: the service cannot be activated", "no, it will be refused again", "check the product and offer keys; ask Bango whether the merchant offers it to this user"),
    row(Code::AlreadyExists, "ALREADY_EXISTS: the entitlement id is in use", "no, it will be refused again", "leave --entitlement-id out, as Bango recommends, or choose another"),
    row(Code::NotFound, "NOT_FOUND: no such entitlement", "no, it will be refused again", "check the id, and that the credentials are of the environment in which it was created"),
    row(Code::Conflict, "CONFLICT: not possible in the entitlement's present status, for example ending what has ended", "no, it will be refused again", "read the entitlement and decide by its status"),
    row(Code::TooManyRequests, "TOO_MANY_REQUESTS, after the last retry", "yes, later, with the same --request-id", "wait and send more slowly; Bango documents no figure"),
    row(Code::InternalError, "INTERNAL_ERROR, after the last retry; Bango may have acted on the request", "yes, with the same --request-id", "repeat it later with the same request identifier; tell Bango that identifier if it lasts"),
    row(Code::ServiceUnavailable, "SERVICE_UNAVAILABLE, after the last retry", "yes, later, with the same --request-id", "wait and repeat it with the same request identifier; maintenance is the usual cause"),
    row(Code::OutcomeUnknown, "outcome unknown: an attempt was sent and got no usable answer (time-out, broken connection, not JSON, unrecognised response code), and no later answer proves what happened; a refusal after such an attempt as well", "yes, but only with the same --request-id", "run the command that the message shows, or look the entitlement up; never create afresh"),
    row(Code::NotSent, "not sent: no connection (DNS, refused, TLS, proxy)", "yes, nothing was sent", "correct what the message names, then run it again; bango-ent doctor looks for the cause"),
    row(Code::UnrecognisedAction, "the entitlement exists, but what the user must do is unknown or its URL is not safe to open", "do not create again", "ask Bango about the action or the URL, with the entitlement id and the request identifier"),
    row(Code::BatchIncomplete, "rows of a batch or notifications of a replay did not succeed, several reads failed for different reasons, or a reconciliation found differences", "yes, finished rows are skipped", "look at the summary and the failed rows"),
    row(Code::Unwritten, "Bango has acted, but the result could not be written", "do not create again; read it instead; a batch continues", "what was done is on standard error, or in the journal of the batch"),
    row(Code::Interrupted, "interrupted", "yes, with the same --request-id if one was shown", "run the command that the message shows, if it shows one"),
];

impl Code {
    /// The number that the process ends with.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The row of the table.
    pub fn row(self) -> &'static CodeRow {
        TABLE
            .iter()
            .find(|row| row.code == self)
            .unwrap_or(&TABLE[1])
    }

    /// The name in JSON, where Bango has none of its own for it.
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
    /// The entitlement was read, and nothing was changed.
    Read,
}

impl Effect {
    /// The name in JSON (`outcome`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Done => "created",
            Self::Partial => "partial",
            Self::Read => "read",
        }
    }
}

/// What to do next: a sentence, and the command line for it if the tool knows one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Next {
    /// The sentence, without a full stop.
    pub say: Cow<'static, str>,
    /// The words after `bango-ent`; `--profile` or `--sandbox` are added when it is shown.
    pub run: Vec<String>,
    /// The flag with which the present command is to be run again.
    pub again_with: Option<&'static str>,
}

impl Next {
    /// Whether it is a command line, and not a sentence alone.
    pub const fn is_command(&self) -> bool {
        self.again_with.is_some() || !self.run.is_empty()
    }
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

impl Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
            message: in_words(&message.into()),
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
            message: in_words(&format!("{cause:#}")),
            cause: Some(cause),
            ..Self::new(Code::Bug, "")
        }
    }

    /// This machine refused, and what could not be done for it.
    pub fn failed(what: impl Display, cause: impl Into<anyhow::Error>) -> Self {
        Self::machine(cause.into().context(what.to_string()))
    }

    /// A file that this machine does not let us write.
    pub fn unwritable(file: impl Display, cause: impl Into<anyhow::Error>) -> Self {
        Self::failed(format_args!("{file} cannot be written"), cause)
    }

    /// The user ended it before anything was sent.
    pub fn interrupted() -> Self {
        Self::new(Code::Interrupted, "interrupted; nothing was sent")
    }

    /// The entitlement exists, but what the user must do is not known, or its URL is not safe.
    pub fn unknown_action(answer: Answer, why: &str) -> Self {
        let message = format!("the entitlement exists, but {why}");
        Self::new(Code::UnrecognisedAction, message).about(answer)
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

    /// The answer to a call that only reads does not hold what it must.
    pub fn unusable(answer: Answer, why: &str) -> Self {
        Self {
            repeat: false,
            answer: None,
            ..Self::unclear(answer, why)
        }
        .next("run it again; reading changes nothing")
    }

    /// Adds what Bango answered: the entitlement exists, whatever else went wrong.
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

    /// The entitlement whose existence is known.
    pub fn entitlement_id(&self) -> Option<&str> {
        self.answer.as_deref()?.entitlement_id()
    }

    /// Whether Bango refused because the user already has the service.
    pub fn is_maximum_reached(&self) -> bool {
        let response = self.response.as_ref();
        let message = response.and_then(|body| body.get(field::RESPONSE_MESSAGE)?.as_str());
        self.code == Code::BadRequest && message.is_some_and(is_maximum_reached)
    }

    /// The document that `--json` prints: described in `docs/json.md`, and only ever added to.
    pub fn document(
        &self,
        next_line: impl FnOnce(&Next) -> String,
        repeat: impl FnOnce(&str) -> String,
    ) -> Map<String, Value> {
        let identifier = self.request_identifier.as_deref();
        let mut error = json!({
            "code": self.name,
            "message": self.message,
            "exitCode": self.code.number(),
            "httpStatus": self.http_status,
            "retryable": self.retryable,
            "outcome": self.effect.as_str(),
            "requestIdentifier": identifier,
            "hint": self.next.as_ref().map(next_line),
            "repeat": identifier.filter(|_| self.repeat).map(repeat),
            "response": self.response,
        });
        if let Some(details) = &self.details {
            error["details"] = details.clone();
        }
        Map::from_iter([("error".to_owned(), error)])
    }

    /// Says what the user can do.
    pub fn next(self, say: impl Into<Cow<'static, str>>) -> Self {
        self.run(say, [])
    }

    /// Says what the user can do, and the command line for it: the words after `bango-ent`.
    pub fn run<const N: usize>(self, say: impl Into<Cow<'static, str>>, run: [&str; N]) -> Self {
        let next = Some(Next {
            say: say.into(),
            run: run.map(str::to_owned).into(),
            ..Next::default()
        });
        Self { next, ..self }
    }

    /// Says what the same command does with one more flag; the line is shown as it can be run.
    pub fn again_with(self, flag: &'static str, say: impl Into<Cow<'static, str>>) -> Self {
        let next = Some(Next {
            say: say.into(),
            again_with: Some(flag),
            ..Next::default()
        });
        Self { next, ..self }
    }
}

impl From<api::Error> for Ending {
    /// Decides code and effect together, so that they cannot contradict each other.
    fn from(error: api::Error) -> Self {
        let outcome = error.outcome();
        let code = code_of(&error);
        let name = error.kind.response_code();
        let name = name.map_or(code.name().into(), |code| code.as_str().to_owned().into());
        let sent = outcome != Outcome::NotSent;
        let repeatable = error.is_retryable() && (sent || error.attempts > 0);
        Self {
            name,
            effect: match outcome {
                Outcome::NotSent => Effect::NotSent,
                Outcome::Refused => Effect::Refused,
                Outcome::Unknown => Effect::Unknown,
            },
            retryable: error.is_retryable(),
            repeat: repeatable && error.changes,
            http_status: error.kind.http_status(),
            response: error.kind.body(),
            next: Some(next(&error, code)),
            request_identifier: Some(error.request_identifier.clone()),
            points: points(&error),
            // It may quote a server.
            message: message(&error),
            ..Self::new(code, "")
        }
    }
}

impl From<http::SetupError> for Ending {
    fn from(error: http::SetupError) -> Self {
        Self::configuration(error.to_string())
    }
}

fn code_of(error: &api::Error) -> Code {
    let unknown = error.outcome() == Outcome::Unknown;
    let code = match &*error.kind {
        ErrorKind::ChangedRequest => return Code::RefusedLocally,
        ErrorKind::Interrupted { .. } => return Code::Interrupted,
        ErrorKind::NoAnswer(_) | ErrorKind::Unusable { .. } => return Code::OutcomeUnknown,
        ErrorKind::NotSent { .. } => {
            return if unknown {
                Code::OutcomeUnknown
            } else {
                Code::NotSent
            };
        }
        ErrorKind::Refused(answer) => &answer.code,
        ErrorKind::Gateway { code, .. } => code,
    };
    // A refusal says nothing about an attempt before it that may have been acted on.
    let is_about_another = error.earlier.doubt && code.class() == Class::Refused;
    if error.changes && (error.earlier.loss || is_about_another) {
        Code::OutcomeUnknown
    } else {
        code.into()
    }
}

fn message(error: &api::Error) -> String {
    let unknown = error.outcome() == Outcome::Unknown;
    match &*error.kind {
        ErrorKind::NotSent { reason, .. } if !unknown => format!("not sent: {reason}"),
        ErrorKind::NoAnswer(_) | ErrorKind::Unusable { .. } if error.changes => format!(
            "outcome unknown: {}; Bango may or may not have acted on the request",
            error.kind
        ),
        ErrorKind::Interrupted { .. } if !error.changes => "interrupted".to_owned(),
        ErrorKind::Interrupted { .. } if unknown => {
            "interrupted while the request was under way; Bango may or may not have acted on it"
                .to_owned()
        }
        ErrorKind::Interrupted { .. } if error.earlier.refusal => {
            "interrupted before the request was repeated; Bango had not acted on it".to_owned()
        }
        ErrorKind::Interrupted { .. } => "interrupted; nothing was sent".to_owned(),
        kind if error.changes && code_of(error) == Code::OutcomeUnknown => {
            format!("outcome unknown: an earlier attempt may have been acted on, and then: {kind}")
        }
        kind => kind.to_string(),
    }
}

/// What else a refusal says, such as who is at fault: Bango documents no name for that.
fn points(error: &api::Error) -> Vec<String> {
    let ErrorKind::Refused(answer) = &*error.kind else {
        return Vec::new();
    };
    let others = answer.others(&[field::RESPONSE_CODE, field::RESPONSE_MESSAGE]);
    let others = others.into_iter().take(MOST_POINTS);
    let point = |(name, text): (String, String)| {
        let text: String = text.chars().take(LONGEST_POINT).collect();
        answer.quoted(&format!("{name}: {text}"))
    };
    others.map(point).collect()
}

fn next(error: &api::Error, code: Code) -> Next {
    let say = match &*error.kind {
        _ if code == Code::OutcomeUnknown && error.kind.response_code().is_some() => {
            "look the entitlement up: the answer may be about an earlier attempt of this very request"
        }
        ErrorKind::ChangedRequest => {
            "leave out --request-id for a new request; the identifier belongs to another one"
        }
        _ if error.is_maximum_reached() => {
            "the user already has this service: look the entitlement up instead of creating it"
        }
        ErrorKind::Unusable {
            http_status: 300..400,
            ..
        } => "redirects are not followed; check the base URL",
        ErrorKind::Unusable {
            http_status: 404 | 405,
            ..
        } if !error.changes => {
            "what is at that address does not answer as the API does; check the base URL, that of v1 ends in /v1"
        }
        ErrorKind::NoAnswer(_) | ErrorKind::Unusable { .. } | ErrorKind::Interrupted { .. }
            if !error.changes =>
        {
            "run it again; reading changes nothing"
        }
        _ if code == Code::InternalError && !error.is_retryable() => {
            "ask Bango, with the request identifier: a repetition will be answered in the same way"
        }
        _ => code.row().next,
    };
    let mut next = Next {
        say: say.into(),
        ..Next::default()
    };
    if let Some(wait) = error.retry_after {
        next.say = format!("{say}; the server asks to wait {} s", wait.as_secs()).into();
    }
    if let Some(id) = &error.entitlement
        && code == Code::OutcomeUnknown
        && error.changes
        && !error.is_retryable()
    {
        next.say = "this shows what came of it".into();
        next.run = vec!["get".to_owned(), id.clone()];
    }
    if code == Code::Unauthorized {
        next.say = "wrong credentials, or an address that is not on Bango's list; this tells which is likelier".into();
        next.run = vec!["doctor".to_owned()];
    }
    next
}

/// What must not be lost of an entitlement: each with its label.
pub fn told(answer: &Answer) -> Vec<(&'static str, String)> {
    let known = |text: Option<&str>| text.unwrap_or("unknown").to_owned();
    let mut told = vec![
        ("request identifier", answer.request_identifier.clone()),
        ("entitlement", known(answer.entitlement_id())),
        ("status", known(answer.text(field::STATUS))),
    ];
    told.extend(
        answer
            .action_url()
            .map(|url| ("registration URL", url.to_owned())),
    );
    told
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
