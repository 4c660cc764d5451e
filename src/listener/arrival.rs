//! One notification as it came in, and the line that tells of it. It owns the shape of that line; it prints and writes nothing.

use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api::Notification;
use crate::server::Request;

/// The headers that may hold what Bango proves itself with.
const CREDENTIAL_HEADERS: [&str; 2] = ["authorization", "x-api-key"];

/// A notification that is not a repetition.
#[derive(Debug)]
pub struct Arrival {
    /// When it was received.
    pub received: Timestamp,
    /// The path and query that it was sent to: the reseller's own id may be in there.
    pub target: String,
    /// Whether a newer one of the same entitlement had been received before.
    pub late: bool,
    /// What it says.
    pub notification: Notification,
    /// The body, byte for byte.
    pub body: Vec<u8>,
    /// The `Content-Type` as it came.
    pub content_type: Option<String>,
    /// The headers that Bango proved itself with.
    pub credentials: Vec<(&'static str, SecretString)>,
}

/// The line of JSON for one notification, on standard output and in the file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    received_at: String,
    target: &'a str,
    late: bool,
    notification: &'a Map<String, Value>,
}

/// What is read back of a line.
#[derive(Deserialize)]
struct Kept {
    notification: Map<String, Value>,
}

impl Arrival {
    /// What every line begins with.
    pub const LINE_START: &str = "{\"receivedAt\":\"";

    /// Makes one of a request.
    #[must_use]
    pub fn new(request: Request, notification: Notification, late: bool) -> Self {
        let credential = |name: &&'static str| {
            let value = request.header(name)?;
            Some((*name, SecretString::from(value)))
        };
        Self {
            received: Timestamp::now(),
            target: match &request.query {
                Some(query) => format!("{}?{query}", request.path),
                None => request.path.clone(),
            },
            late,
            notification,
            credentials: CREDENTIAL_HEADERS.iter().filter_map(credential).collect(),
            content_type: request.header("content-type").map(str::to_owned),
            body: request.body,
        }
    }

    /// When it was received, in the wire's format.
    #[must_use]
    pub fn received_at(&self) -> String {
        format!("{:.3}", self.received)
    }

    /// The line, without its newline.
    ///
    /// # Errors
    ///
    /// Never in practice: what was read as JSON can be written as JSON.
    pub fn line(&self) -> serde_json::Result<String> {
        serde_json::to_string(&Line {
            received_at: self.received_at(),
            target: &self.target,
            late: self.late,
            notification: &self.notification.body,
        })
    }

    /// Reads a line back; nothing if it is none.
    #[must_use]
    pub fn notification_in(line: &[u8]) -> Option<Notification> {
        if !line.starts_with(Self::LINE_START.as_bytes()) {
            return None;
        }
        let Kept { notification } = serde_json::from_slice(line).ok()?;
        Some(Notification { body: notification })
    }

    /// Names it for a message: reason and entitlement.
    #[must_use]
    pub fn name(&self) -> String {
        let reason = self.notification.reason();
        let reason = reason.as_deref().unwrap_or("a notification");
        match self.notification.entitlement_id() {
            Some(id) => format!("{reason} of {id}"),
            None => reason.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_everything_and_is_read_back() {
        let request = Request {
            method: "POST".to_owned(),
            path: "/hook".to_owned(),
            query: Some("id=7".to_owned()),
            headers: vec![("authorization".to_owned(), "Bearer t-1".to_owned())],
            body: b"{\n \"reason\": \"NEW\",\n \"n\": 1.50}".to_vec(),
            peer: ([127, 0, 0, 1], 1).into(),
        };
        let notification = Notification::read(&request.body).unwrap();
        let mut arrival = Arrival::new(request, notification, true);
        arrival.received = "2026-11-23T04:00:00Z".parse().unwrap();
        let line = arrival.line().unwrap();
        let expected = r#"{"receivedAt":"2026-11-23T04:00:00.000Z","target":"/hook?id=7","late":true,"notification":{"reason":"NEW","n":1.50}}"#;
        assert_eq!(line, expected);
        let kept = Arrival::notification_in(line.as_bytes()).unwrap();
        assert_eq!(kept, arrival.notification);
        assert!(!format!("{arrival:?}").contains("t-1"));
    }
}
