//! The reports of commands that end with an error of another kind.

use serde_json::Value;

use crate::api;
use crate::ending::{Ending, Report};
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
    match error.downcast::<Failure>() {
        Ok(Failure::UnclearSuccess { answer, why }) => Ending::unclear(*answer, &why).into(),
        Err(error) => Ending::machine(error).into(),
    }
}
