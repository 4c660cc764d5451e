//! Creates against a mock of the API.

use std::ffi::OsStr;

use httpmock::{Method::POST, Mock, MockServer};
use serde_json::Value;

use super::cli::{CREATE, Home, Outcome};

/// Runs a create with more arguments.
pub fn create<I: AsRef<OsStr>>(
    home: &Home,
    server: &MockServer,
    more: impl IntoIterator<Item = I>,
) -> Outcome {
    home.client(server).args(CREATE).args(more).run()
}

/// Answers every create in the same way.
pub fn answer<'a>(server: &'a MockServer, status: u16, body: &Value) -> Mock<'a> {
    server.mock(|when, then| {
        when.method(POST).path("/v1/entitlement");
        then.status(status).json_body(body.clone());
    })
}
