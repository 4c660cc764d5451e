//! The reports of what ended on this side: before a request, after its answer, or among a batch's many.

use serde_json::Value;

use super::Report;
use crate::api;
use crate::api::types::ResponseCode;
use crate::batch;
use crate::context::Context;
use crate::exit::Code;
use crate::failure::Failure;

/// The report of something that ended before any request.
pub(super) fn local(code: Code, message: String, hint: Option<String>) -> Report {
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

pub(super) fn of_batch(error: &batch::Error, code: Code) -> Report {
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

pub(super) fn local_name(code: Code) -> &'static str {
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

pub(super) fn of_failure(cx: &Context, failure: &Failure, code: Code) -> Report {
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
