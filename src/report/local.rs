//! The reports of what ended on this side: before a request, after its answer, or among a batch's many.

use serde_json::Value;

use super::Report;
use crate::api;
use crate::api::types::ResponseCode;
use crate::batch;
use crate::context::Context;
use crate::ending::Code;
use crate::failure::Failure;

/// The report of something that ended before any request.
pub(super) fn local(code: Code, message: String, hint: Option<String>) -> Report {
    Report {
        code: code.name().to_owned(),
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
        code: name.unwrap_or(code.name()).to_owned(),
        retryable: true,
        outcome: "partial",
        details: error.details(),
        ..report
    }
}

pub(super) fn of_failure(cx: &Context, failure: &Failure, code: Code) -> Report {
    let hint = failure.answer().map(|_| code.row().next.to_owned());
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
                .map_or(code.name(), ResponseCode::as_str)
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
