//! The report of a call to the API that did not end well.

use super::Report;
use crate::api::types::ResponseCode;
use crate::api::{self, ErrorKind, Outcome};
use crate::context::Context;
use crate::ending::Code;
use crate::glossary;

pub(super) fn of_call(cx: &Context, error: &api::Error, code: Code) -> Report {
    let outcome = error.outcome();
    let name = error
        .kind
        .response_code()
        .map_or(code.name(), ResponseCode::as_str);
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
