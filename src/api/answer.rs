//! A JSON answer of the Bango Platform, every field as it came.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::types::{Class, NAVIGATE_TO_URL, ResponseCode, Status, field};
use crate::http::{HeaderMap, Redactor};

/// A JSON answer of the Bango Platform, with every field it had.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status; it comes second to the response code.
    pub http_status: u16,
    /// `responseCode`.
    pub code: ResponseCode,
    /// The whole body, unknown fields included, in the order in which they were sent.
    pub body: Map<String, Value>,
    /// The `X-RequestIdentifier` of the request.
    pub request_identifier: String,
    /// The entitlement that the request was about; none for one that named none.
    pub(super) asked: Option<String>,
    /// The headers; none where many answers are read at once.
    pub headers: Option<Box<HeaderMap>>,
    /// The server's clock, if it told it.
    pub date: Option<Timestamp>,
    /// What takes the credentials out of what is quoted.
    pub(super) redactor: Arc<Redactor>,
}

/// Where a success leaves the user; the texts say why.
#[derive(Debug)]
pub enum NextStep<'a> {
    /// Nothing is left to do.
    Done,
    /// The user must go to this URL; whether it is safe has not been looked at.
    Visit(&'a str),
    /// The answer does not hold what a success holds.
    Unclear(String),
    /// The entitlement exists, but what the user must do is not known.
    UnknownAction(String),
    /// The entitlement exists, but the URL where the user must go is missing.
    NoUrl(String),
}

/// What `FAILED` says about a change.
pub const FAILED: &str =
    "the status is FAILED: the merchant did not answer, and Bango does not know";

impl Answer {
    /// Reads the answer to a create: it must name an entitlement that is `ACTIVE` or `PENDING`.
    pub fn created(&self) -> NextStep<'_> {
        if self.text(field::ENTITLEMENT_ID).is_none_or(str::is_empty) {
            return NextStep::Unclear("the answer names no entitlement".to_owned());
        }
        match (self.status(), self.text(field::STATUS)) {
            (Some(Status::Active), _) if !self.wants_action() => NextStep::Done,
            (Some(Status::Active | Status::Pending), _) => self.asked(),
            (Some(Status::Failed), _) => NextStep::Unclear(FAILED.to_owned()),
            (_, Some(status)) => {
                let status = self.quoted(status);
                NextStep::Unclear(format!("the status of a new entitlement is {status:?}"))
            }
            (_, None) => NextStep::Unclear("the answer has no status".to_owned()),
        }
    }

    /// Reads the answer to an update: any known status may stay as it was, and the user may have to do something.
    pub fn updated(&self) -> NextStep<'_> {
        match self.status() {
            Some(Status::Failed) => NextStep::Unclear(FAILED.to_owned()),
            _ if self.wants_action() => self.asked(),
            Some(Status::Pending) if self.action().is_some() => self.asked(),
            _ => NextStep::Done,
        }
    }

    fn wants_action(&self) -> bool {
        self.code == ResponseCode::ClientActionRequired
    }

    /// What the user is asked to do.
    fn asked(&self) -> NextStep<'_> {
        let unknown = "what the user must do is not known: the";
        match (self.action(), self.action_url()) {
            (Some(NAVIGATE_TO_URL), Some(url)) => NextStep::Visit(url),
            (Some(NAVIGATE_TO_URL), None) => {
                NextStep::NoUrl("the answer has no registration URL".to_owned())
            }
            (Some(other), _) => {
                let other = self.quoted(other);
                NextStep::UnknownAction(format!("{unknown} action is {other:?}"))
            }
            (None, _) => NextStep::UnknownAction(format!("{unknown} answer names no action")),
        }
    }

    /// A field's text; `None` if the field is missing, null or no string.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }

    /// The entitlement that it is about: as it names it, or as the request did.
    pub fn entitlement_id(&self) -> Option<&str> {
        let named = self.text(field::ENTITLEMENT_ID);
        named.filter(|id| !id.is_empty()).or(self.asked.as_deref())
    }

    /// `responseMessage`, or nothing.
    pub fn message(&self) -> &str {
        self.text(field::RESPONSE_MESSAGE).unwrap_or_default()
    }

    /// A text of this answer as a message may quote it: without credentials.
    pub fn quoted(&self, text: &str) -> String {
        self.redactor.text(text)
    }

    /// The status, if it is one that Bango documents.
    pub fn status(&self) -> Option<Status> {
        self.text(field::STATUS).and_then(Status::parse)
    }

    /// `parameters.action`: what the user must do.
    pub fn action(&self) -> Option<&str> {
        self.parameter(field::ACTION)
    }

    /// `parameters.url`: where the user must go.
    pub fn action_url(&self) -> Option<&str> {
        self.parameter(field::URL)
    }

    /// Until when that URL works, if the answer tells. At the top level it is inferred, as the URL is there.
    pub fn url_expiry(&self) -> Option<&str> {
        let expiry = self.parameter(field::URL_EXPIRY);
        expiry.or_else(|| self.text(field::URL_EXPIRY))
    }

    /// The texts, numbers and booleans that have another name than these, also those of an object, as text; empty ones are left out.
    pub fn others(&self, known: &[&str]) -> Vec<(String, String)> {
        let mut others = Vec::new();
        let mut add = |name: String, value: &Value| match value {
            Value::String(text) if !text.is_empty() => others.push((name, text.clone())),
            Value::Number(_) | Value::Bool(_) => others.push((name, value.to_string())),
            _ => {}
        };
        for (name, value) in &self.body {
            match value {
                _ if known.contains(&name.as_str()) => {}
                Value::Object(inner) => inner
                    .iter()
                    .for_each(|(below, value)| add(format!("{name}.{below}"), value)),
                value => add(name.clone(), value),
            }
        }
        others
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.body.get(field::PARAMETERS)?.get(name)?.as_str()
    }

    /// Tells whether the HTTP status says something else than the response code, which has the last word.
    pub fn is_contradictory(&self) -> bool {
        (self.code.class() == Class::Success) != (200..300).contains(&self.http_status)
    }
}

/// The body as it came, and `requestIdentifier` last.
impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = self.body.clone();
        let identifier = self.request_identifier.clone();
        document.insert(field::REQUEST_IDENTIFIER.to_owned(), identifier.into());
        document.serialize(serializer)
    }
}
