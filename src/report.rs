//! Tells the user how a command ended without success: what it means, what to do next, and the JSON document of it.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::api::types::{ResponseCode, field};
use crate::api::{self, Answer, ErrorKind, Outcome};
use crate::batch;
use crate::context::Context;
use crate::exit::{self, Code};
use crate::failure::{Failure, Findings};
use crate::glossary;
use crate::profile;
use crate::terminal::{self, Manner, Terminal, clean};

/// The document that `--json` prints for a failure: documented in `docs/json.md`, and only ever added to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    /// Bango's response code, or ours in the same spelling.
    code: String,
    message: String,
    exit_code: u8,
    http_status: Option<u16>,
    retryable: bool,
    outcome: &'static str,
    request_identifier: Option<String>,
    hint: Option<String>,
    /// The command that repeats the request safely.
    repeat: Option<String>,
    response: Option<Value>,
    /// What more a batch has to say: its problems, its summary.
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Value>,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    findings: Option<&'a Map<String, Value>>,
    error: &'a Report,
}

/// Reports an error on standard error, or as a JSON document on standard output, and returns its exit code.
pub fn print(cx: &Context, error: &anyhow::Error) -> Code {
    if let Some(ErrorKind::DryRun(preview)) = error.downcast_ref::<api::Error>().map(|e| &*e.kind) {
        return crate::preview::print(&cx.terminal, preview);
    }
    let code = exit::code(error);
    let report = report(cx, error, code);
    let is_closed_pipe = error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe);
    if is_closed_pipe {
        return Code::Done;
    }
    say(&cx.terminal, &report);
    if let Some(batch::Error::Problems(problems)) = error.downcast_ref() {
        list(&cx.terminal, problems);
    }
    let findings = error.downcast_ref::<Findings>();
    let document = Document {
        findings: findings.map(|Findings(found)| found),
        error: &report,
    };
    if let Some(Failure::Unwritten { answer, .. }) = error.downcast_ref() {
        rescue(answer);
    } else if cx.terminal.is_json() && cx.terminal.print_failure(&document).is_err() {
        cx.terminal
            .error("the JSON document could not be written to standard output");
        if let Some(answer) = error.downcast_ref::<Failure>().and_then(Failure::answer) {
            rescue(answer);
            return if code == Code::OutcomeUnknown {
                code
            } else {
                Code::Unwritten
            };
        }
    }
    code
}

/// Reports a command line that could not be read.
pub fn print_usage(message: &str) {
    let report = Report {
        code: "USAGE".to_owned(),
        message: message.trim_start_matches("error: ").trim_end().to_owned(),
        exit_code: Code::Usage.number(),
        http_status: None,
        retryable: false,
        outcome: "not_sent",
        request_identifier: None,
        hint: None,
        repeat: None,
        response: None,
        details: None,
    };
    // The message is on standard error already.
    let _ = terminal::print_document(&Document {
        findings: None,
        error: &report,
    });
}

/// Reports that text which nothing depends on could not be written; a closed pipe is quiet.
pub fn print_unwritten(error: &std::io::Error) -> Code {
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        return Code::Done;
    }
    Terminal::new(Manner::default()).error(&format!("it could not be written: {error}"));
    Code::Bug
}

fn say(terminal: &Terminal, report: &Report) {
    terminal.error(&clean(&report.message));
    if let Some(hint) = &report.hint {
        terminal.detail("what next", &clean(hint));
    }
    for (label, text) in [
        ("request identifier", &report.request_identifier),
        ("repeat it safely", &report.repeat),
    ] {
        if let Some(text) = text {
            Terminal::literal(label, &clean(text));
        }
    }
}

/// Lists what is wrong with an input, as far as it is kept.
fn list(terminal: &Terminal, problems: &batch::Problems) {
    for problem in &problems.first {
        terminal.bullet(&clean(&problem.to_string()));
    }
    let more = problems.count - problems.first.len() as u64;
    if more > 0 {
        terminal.bullet(&format!("and {more} more"));
    }
}

/// Puts what must not be lost on standard error.
fn rescue(answer: &Answer) {
    for (label, name) in [
        ("entitlement", field::ENTITLEMENT_ID),
        ("status", field::STATUS),
    ] {
        Terminal::literal(label, &clean(answer.text(name).unwrap_or("unknown")));
    }
    if let Some(url) = answer.action_url() {
        Terminal::literal("registration URL", &clean(url));
    }
}

fn report(cx: &Context, error: &anyhow::Error, code: Code) -> Report {
    if let Some(error) = error.downcast_ref::<api::Error>() {
        return of_call(cx, error, code);
    }
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return of_failure(cx, failure, code);
    }
    if let Some(error) = error.downcast_ref::<batch::Error>() {
        return of_batch(error, code);
    }
    let hint = error
        .downcast_ref::<profile::Error>()
        .and_then(|error| error.hint.clone());
    local(code, format!("{error:#}"), hint)
}

/// The report of something that ended before any request.
fn local(code: Code, message: String, hint: Option<String>) -> Report {
    Report {
        code: local_name(code).to_owned(),
        message,
        exit_code: code.number(),
        http_status: None,
        retryable: false,
        outcome: "not_sent",
        request_identifier: None,
        hint,
        repeat: None,
        response: None,
        details: None,
    }
}

fn of_batch(error: &batch::Error, code: Code) -> Report {
    let hint = match error {
        batch::Error::Changed { .. } => {
            "give the input and the flags of that journal, or another --journal to begin anew"
        }
        batch::Error::Locked(_) => "wait for that run; bango-ent batch status shows how far it is",
        batch::Error::Incomplete(_) => {
            "the same command continues; with --retry-failed it also sends the failed rows again"
        }
        _ => "",
    };
    let hint = Some(hint.to_owned()).filter(|hint| !hint.is_empty());
    let report = local(code, error.to_string(), hint);
    let batch::Error::Incomplete(incomplete) = error else {
        return Report {
            details: error.details(),
            ..report
        };
    };
    let name = match &incomplete.ending {
        batch::Ending::Hopeless(error) | batch::Ending::GaveUp(error) => {
            error.kind.response_code().map(ResponseCode::as_str)
        }
        _ => None,
    };
    Report {
        code: name.unwrap_or(local_name(code)).to_owned(),
        retryable: true,
        outcome: "partial",
        details: error.details(),
        ..report
    }
}

fn local_name(code: Code) -> &'static str {
    match code {
        Code::Usage => "USAGE",
        Code::Configuration => "CONFIGURATION",
        Code::RefusedLocally => "REFUSED_LOCALLY",
        Code::NotActive => "NOT_ACTIVE",
        Code::WaitFailed => "WAIT_FAILED",
        Code::UnrecognisedAction => "UNRECOGNISED_ACTION",
        Code::OutcomeUnknown => "OUTCOME_UNKNOWN",
        Code::NotSent => "NOT_SENT",
        Code::Unwritten => "RESULT_NOT_WRITTEN",
        Code::BatchIncomplete => "BATCH_INCOMPLETE",
        Code::Interrupted => "INTERRUPTED",
        _ => "INTERNAL",
    }
}

fn of_failure(cx: &Context, failure: &Failure, code: Code) -> Report {
    let hint = failure
        .hint()
        .map_or_else(|| code.row().next.to_owned(), str::to_owned);
    let hint = Some(hint).filter(|_| failure.hint().is_some() || failure.answer().is_some());
    let Some(answer) = failure.answer() else {
        return local(code, failure.to_string(), hint);
    };
    if let Failure::AfterCreate { cause, .. } = failure
        && let Some(error) = cause.downcast_ref::<api::Error>()
    {
        return Report {
            code: error
                .kind
                .response_code()
                .map_or(local_name(code), ResponseCode::as_str)
                .to_owned(),
            http_status: error.kind.http_status(),
            outcome: "created",
            request_identifier: Some(answer.request_identifier.clone()),
            response: Some(Value::Object(answer.body.clone())),
            ..local(
                code,
                failure.to_string(),
                Some("the entitlement exists; read it with bango-ent get".to_owned()),
            )
        };
    }
    let is_unclear = matches!(failure, Failure::UnclearSuccess { .. });
    Report {
        http_status: Some(answer.http_status),
        outcome: if is_unclear { "unknown" } else { "created" },
        request_identifier: Some(answer.request_identifier.clone()),
        retryable: is_unclear,
        repeat: is_unclear.then(|| cx.repeat_command(&answer.request_identifier)),
        response: Some(Value::Object(answer.body.clone())),
        ..local(code, failure.to_string(), hint)
    }
}

fn of_call(cx: &Context, error: &api::Error, code: Code) -> Report {
    let outcome = error.outcome();
    let name = error
        .kind
        .response_code()
        .map_or(local_name(code), ResponseCode::as_str);
    let sent = outcome != Outcome::NotSent;
    let repeatable = error.is_retryable() && (sent || error.attempts > 0);
    Report {
        code: name.to_owned(),
        message: message(error),
        exit_code: code.number(),
        http_status: error.kind.http_status(),
        retryable: error.is_retryable(),
        outcome: match outcome {
            Outcome::NotSent => "not_sent",
            Outcome::Refused => "refused",
            Outcome::Unknown => "unknown",
        },
        request_identifier: Some(error.request_identifier.clone()),
        hint: Some(hint(error, code)),
        repeat: repeatable.then(|| cx.repeat_command(&error.request_identifier)),
        response: error.kind.body(),
        details: None,
    }
}

fn message(error: &api::Error) -> String {
    let unknown = error.outcome() == Outcome::Unknown;
    match &*error.kind {
        ErrorKind::NotSent { reason, .. } if !unknown => format!("not sent: {reason}"),
        ErrorKind::NotSent { reason, .. } => {
            format!(
                "outcome unknown: an earlier attempt may have been acted on, and then: {reason}"
            )
        }
        ErrorKind::NoAnswer(reason) if error.changes => {
            format!("outcome unknown: {reason}; Bango may or may not have acted on the request")
        }
        ErrorKind::Unusable { .. } if error.changes => {
            format!(
                "outcome unknown: {}; Bango may or may not have acted on the request",
                error.kind
            )
        }
        ErrorKind::Interrupted { .. } if !error.changes => "interrupted".to_owned(),
        ErrorKind::Interrupted { .. } if unknown => {
            "interrupted while the request was under way; Bango may or may not have acted on it"
                .to_owned()
        }
        ErrorKind::Interrupted { .. } if error.earlier_refusal => {
            "interrupted before the request was repeated; Bango had not acted on it".to_owned()
        }
        ErrorKind::Interrupted { .. } => "interrupted; nothing was sent".to_owned(),
        kind => kind.to_string(),
    }
}

fn hint(error: &api::Error, code: Code) -> String {
    let next = match &*error.kind {
        _ if error.is_maximum_reached() => {
            "the user already has this service: look the entitlement up instead of creating it"
        }
        ErrorKind::NoAnswer(_) if !error.changes => "run it again; reading changes nothing",
        ErrorKind::Refused(answer) => glossary::of_response(&answer.code).next,
        ErrorKind::Unusable {
            http_status: 300..400,
            ..
        } => "redirects are not followed; check the base URL",
        _ => code.row().next,
    };
    let mut text = next.to_owned();
    if let Some(wait) = error.retry_after {
        text = format!("{text}; the server asks to wait {} s", wait.as_secs());
    }
    if error.earlier_doubt && matches!(*error.kind, ErrorKind::Refused(_)) {
        text += "; an earlier attempt of this very request went unanswered and may be what this answer is about";
    }
    text
}
