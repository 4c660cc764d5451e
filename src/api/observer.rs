//! What can be watched of the wire; holds no credential.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::error::{ErrorKind, Outcome};
use super::json;
use super::types::Operation;
use crate::http::{HeaderName, HeaderValue, Redactor};

/// One attempt.
#[derive(Debug)]
pub struct Attempt<'a> {
    /// When it began.
    pub started: Timestamp,
    /// How long it took, the body of the answer included.
    pub duration: Duration,
    /// The operation, unless the request is of the caller's own making.
    pub operation: Option<Operation>,
    /// The entitlement that the operation is about, if it names one.
    pub entitlement: Option<&'a str>,
    /// The HTTP method.
    pub method: &'a str,
    /// The whole URL.
    pub url: &'a str,
    /// The headers beside the client's own.
    pub headers: &'a [(HeaderName, HeaderValue)],
    /// The user name of the credentials, unless it went without any.
    pub username: Option<&'a str>,
    /// The `X-RequestIdentifier`.
    pub request_identifier: &'a str,
    /// Whether it asks for a change.
    pub changes: bool,
    /// 1 is the first.
    pub number: u32,
    /// The body that was sent.
    pub request_body: Option<&'a Map<String, Value>>,
    /// The HTTP status, if an answer came.
    pub http_status: Option<u16>,
    /// What came back, as it came.
    pub(super) received: Option<&'a [u8]>,
    /// What takes the credentials out of it.
    pub(super) redactor: &'a Redactor,
    /// The response code, if the answer had one.
    pub response_code: Option<&'a str>,
    /// What went wrong, if anything did.
    pub error: Option<&'a ErrorKind>,
}

impl Attempt<'_> {
    /// What is known of the change once the attempt is over; none after a success.
    pub fn outcome(&self) -> Option<Outcome> {
        let kind = self.error?;
        Some(if kind.may_have_acted() {
            Outcome::Unknown
        } else if kind.http_status().is_some() {
            Outcome::Refused
        } else {
            Outcome::NotSent
        })
    }

    /// What came back as it may be shown: decompressed, without credentials; a text if it is not JSON.
    pub fn answer(&self) -> Option<Value> {
        let bytes = self.received?;
        let read = json::read(bytes);
        let value = read.unwrap_or_else(|_| String::from_utf8_lossy(bytes).into());
        Some(self.redactor.json(value))
    }
}

/// A wait before a retry.
#[derive(Debug)]
pub struct Pause<'a> {
    /// Why the last attempt is repeated.
    pub reason: &'a ErrorKind,
    /// How long the client waits.
    pub wait: Duration,
    /// The number of the retry that follows: 1 is the first.
    pub retry: u32,
    /// The last number that there will be.
    pub retries: u32,
}

/// Watches the wire; nothing that it does changes what is sent.
pub trait Observer: Send + Sync {
    /// A change is about to be sent, before its first attempt.
    fn change(&self, username: &str, host: &str);
    /// An attempt is about to be made; nothing of its outcome is known.
    fn begin(&self, attempt: &Attempt);
    /// An attempt is over.
    fn attempt(&self, attempt: &Attempt);
    /// The client waits before it tries again.
    fn pause(&self, pause: &Pause);
}
