//! The reports of commands that end with an error of another kind.

use serde_json::Value;

use crate::api;
use crate::api::types::ResponseCode;
use crate::batch;
use crate::ending::{Acted, Code, Effect, Ending, Report};
use crate::failure::{Failure, Findings};
use crate::terminal::{Block, Show};

/// The report of an error.
pub fn of(error: anyhow::Error) -> Report {
    let findings = error
        .downcast_ref::<Findings>()
        .map(|Findings(found)| Found(found.clone().into()));
    let report = ending(error);
    match findings {
        Some(found) => Report {
            shown: Some(Box::new(found)),
            is_beside: true,
            ..report
        },
        None => report,
    }
}

struct Found(Value);

impl Show for Found {
    fn document(&self) -> Value {
        self.0.clone()
    }

    fn blocks(&self) -> Vec<Block> {
        Vec::new()
    }
}

fn ending(error: anyhow::Error) -> Report {
    let closed = error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe);
    if closed {
        return Report::default();
    }
    let error = match error.downcast::<Ending>() {
        Ok(ending) => return ending.into(),
        Err(error) => error,
    };
    let error = match error.downcast::<api::Error>() {
        Ok(error) => return Ending::from(error).into(),
        Err(error) => error,
    };
    let error = match error.downcast::<crate::http::SetupError>() {
        Ok(error) => return Ending::from(error).into(),
        Err(error) => error,
    };
    let error = match error.downcast::<batch::Error>() {
        Ok(error) => return of_batch(error),
        Err(error) => error,
    };
    match error.downcast::<Failure>() {
        Ok(Failure::UnclearSuccess { answer, why }) => Ending::unclear(*answer, &why).into(),
        Err(error) => Ending::machine(error).into(),
    }
}

fn of_batch(error: batch::Error) -> Report {
    let hint = match &error {
        batch::Error::Changed { .. } => {
            "give the input and the flags of that journal, or another --journal to begin anew"
        }
        batch::Error::Locked(_) => "wait for that run; bango-ent batch status shows how far it is",
        batch::Error::Incomplete(_) => {
            "the same command continues; with --retry-failed it also sends the failed rows again"
        }
        _ => "",
    };
    let code = match &error {
        batch::Error::Unreadable(_) | batch::Error::Problems(_) => Code::Usage,
        batch::Error::Changed { .. } | batch::Error::Locked(_) => Code::RefusedLocally,
        batch::Error::Journal(_) => Code::Bug,
        batch::Error::Incomplete(incomplete) => match &incomplete.ending {
            batch::Ending::Interrupted => Code::Interrupted,
            batch::Ending::Results(_) => Code::Unwritten,
            _ => Code::BatchIncomplete,
        },
    };
    let mut ending = Ending::new(code, error.to_string());
    if !hint.is_empty() {
        ending = ending.next(hint);
    }
    ending.details = error.details();
    if let batch::Error::Problems(problems) = &error {
        ending.points = problems.first.iter().map(ToString::to_string).collect();
        let more = problems.count - problems.first.len() as u64;
        if more > 0 {
            ending.points.push(format!("and {more} more"));
        }
    }
    let batch::Error::Incomplete(incomplete) = error else {
        return ending.into();
    };
    if let batch::Ending::Hopeless(error) | batch::Ending::GaveUp(error) = incomplete.ending {
        let name = error
            .kind
            .response_code()
            .map(ResponseCode::as_str)
            .map(str::to_owned);
        ending.code = Ending::from(error).code;
        ending.name = name.map_or(ending.code.name().into(), Into::into);
    }
    ending.retryable = true;
    ending.effect = Effect::Partial;
    Report {
        acted: Acted::Kept,
        ..ending.into()
    }
}
