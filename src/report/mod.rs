//! Tells the user how a command ended without success: what it means, what to do next, and the JSON document of it.

mod call;
mod local;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::api::types::field;
use crate::api::{self, Answer, ErrorKind, Gateway, Outcome};
use crate::batch;
use crate::context::Context;
use crate::ending::{Code, Ending};
use crate::failure::{Failure, Findings};
use crate::profile;
use crate::terminal::{OutputOptions, Terminal};

use call::of_call;
use local::{local, of_batch, of_failure};

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
    let code = code_of(error);
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
        rescue(&cx.terminal, answer);
    } else if cx.terminal.is_json() && cx.terminal.print_document(&document).is_err() {
        cx.terminal
            .error("the JSON document could not be written to standard output");
        if let Some(answer) = error.downcast_ref::<Failure>().and_then(Failure::answer) {
            rescue(&cx.terminal, answer);
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
    let message = message.trim_start_matches("error: ").trim_end();
    let report = local(Code::Usage, message.to_owned(), None);
    // The message is on standard error already.
    let _ = Terminal::new(OutputOptions::default()).print_document(&Document {
        findings: None,
        error: &report,
    });
}

/// Reports that text which nothing depends on could not be written; a closed pipe is quiet.
pub fn print_unwritten(error: &std::io::Error) -> Code {
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        return Code::Done;
    }
    Terminal::new(OutputOptions::default()).error(&format!("it could not be written: {error}"));
    Code::Bug
}

fn say(terminal: &Terminal, report: &Report) {
    terminal.error(&report.message);
    if let Some(hint) = &report.hint {
        terminal.detail("what next", hint);
    }
    for (label, text) in [
        ("request identifier", &report.request_identifier),
        ("repeat it safely", &report.repeat),
    ] {
        if let Some(text) = text {
            terminal.literal(label, text);
        }
    }
}

/// Lists what is wrong with an input, as far as it is kept.
fn list(terminal: &Terminal, problems: &batch::Problems) {
    for problem in &problems.first {
        terminal.bullet(&problem.to_string());
    }
    let more = problems.count - problems.first.len() as u64;
    if more > 0 {
        terminal.bullet(&format!("and {more} more"));
    }
}

/// Puts what must not be lost on standard error.
fn rescue(terminal: &Terminal, answer: &Answer) {
    for (label, name) in [
        ("entitlement", field::ENTITLEMENT_ID),
        ("status", field::STATUS),
    ] {
        terminal.literal(label, answer.text(name).unwrap_or("unknown"));
    }
    if let Some(url) = answer.action_url() {
        terminal.literal("registration URL", url);
    }
}

fn report(cx: &Context, error: &anyhow::Error, code: Code) -> Report {
    if let Some(error) = error.downcast_ref::<api::Error>() {
        return of_call(cx, error, code);
    }
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return of_failure(cx, failure, code);
    }
    if let Some(ending) = error.downcast_ref::<Ending>() {
        return of_ending(ending);
    }
    if let Some(error) = error.downcast_ref::<batch::Error>() {
        return of_batch(error, code);
    }
    let hint = error
        .downcast_ref::<profile::Error>()
        .and_then(|error| error.hint.clone());
    local(code, format!("{error:#}"), hint)
}

fn of_ending(ending: &Ending) -> Report {
    let hint = ending.next.as_ref().map(|next| next.say.to_string());
    Report {
        outcome: ending.effect.as_str(),
        ..local(ending.code, ending.message.clone(), hint)
    }
}

/// The exit code that an error earns; an error of no known type is a bug or this machine's.
fn code_of(error: &anyhow::Error) -> Code {
    if let Some(error) = error.downcast_ref::<api::Error>() {
        return code_of_call(error);
    }
    if let Some(error) = error.downcast_ref::<profile::Error>() {
        return if error.is_bad_value {
            Code::Usage
        } else {
            Code::Configuration
        };
    }
    if let Some(error) = error.downcast_ref::<batch::Error>() {
        return code_of_batch(error);
    }
    if let Some(ending) = error.downcast_ref::<Ending>() {
        return ending.code;
    }
    if error.is::<api::SetupError>() {
        return Code::Configuration;
    }
    error
        .downcast_ref::<Failure>()
        .map_or(Code::Bug, code_of_failure)
}

fn code_of_failure(failure: &Failure) -> Code {
    match failure {
        Failure::NotReached { is_final: true, .. } | Failure::Lost(_) => Code::WaitFailed,
        Failure::NotReached {
            is_final: false, ..
        }
        | Failure::NeverRead
        | Failure::TimeOver(_) => Code::NotActive,
        Failure::WaitInterrupted(_) | Failure::Stopped(_) => Code::Interrupted,
        Failure::AfterCreate { cause, .. } => code_of(cause),
        Failure::UnrecognisedAction { .. } => Code::UnrecognisedAction,
        Failure::UnclearSuccess { .. } => Code::OutcomeUnknown,
        Failure::Unwritten { .. } => Code::Unwritten,
    }
}

fn code_of_batch(error: &batch::Error) -> Code {
    match error {
        batch::Error::Unreadable(_) | batch::Error::Problems(_) => Code::Usage,
        batch::Error::Changed { .. } | batch::Error::Locked(_) => Code::RefusedLocally,
        batch::Error::Journal(_) => Code::Bug,
        batch::Error::Incomplete(incomplete) => match &incomplete.ending {
            batch::Ending::Interrupted => Code::Interrupted,
            batch::Ending::Hopeless(error) | batch::Ending::GaveUp(error) => code_of_call(error),
            batch::Ending::Results(_) => Code::Unwritten,
            _ => Code::BatchIncomplete,
        },
    }
}

fn code_of_call(error: &api::Error) -> Code {
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
        ErrorKind::Refused(answer) => Code::from(&answer.code),
        ErrorKind::Gateway(Gateway::Status { code, .. }) => Code::from(code),
    }
}
