//! The reports of commands that end with an error of another kind.

use crate::api;
use crate::ending::{Ending, Report};

/// The report of an error.
pub fn of(error: anyhow::Error) -> Report {
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
    Ending::machine(error).into()
}
