//! One request with its answer as it is logged and kept, without secrets. It decides nothing about the answer. Most requests are
//! never looked at: their bodies are kept as they came.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use url::Url;

use super::answer::Envelope;
use super::body::{DEPTH_LIMIT, depth};
use crate::http::REDACTED;
use crate::server::{Body, Request, Response};

/// How much of the body of a request and of its answer is kept, in bytes.
const KEPT: usize = 64 * 1024;
/// Headers that carry credentials.
const SECRET_HEADERS: [&str; 4] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "x-api-key",
];

/// Header names in lower case with their values; those of one name are joined.
pub type KeptHeaders = BTreeMap<String, String>;

/// One request and its answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedRequest {
    /// Under which the state keeps it; 0 until it does.
    #[serde(skip)]
    pub number: u64,
    /// When it was answered, in the wire's format.
    pub time: String,
    /// How long the answer took, its durable storage included.
    pub duration_ms: f64,
    /// Who asked.
    pub peer: IpAddr,
    /// The name of the operation; none if the request led to none.
    pub operation: Option<String>,
    /// The customer whom it concerned, or an empty text. Taken from the request, so not safe to print unescaped.
    pub customer_identifier: String,
    /// The entitlement that it concerned, or an empty text.
    pub entitlement_id: String,
    /// The `X-RequestIdentifier`.
    pub request_identifier: Option<String>,
    pub request: KeptRequest,
    pub answer: KeptResponse,
}

/// What was asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeptRequest {
    pub method: String,
    /// The path as sent, without the query.
    pub path: String,
    pub query: Option<String>,
    pub headers: KeptHeaders,
    pub body: KeptBody,
}

/// What was answered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptResponse {
    /// None if a fault sent something else than an HTTP answer.
    pub http_status: Option<u16>,
    /// Bango's response code, or an empty text.
    pub response_code: String,
    /// Why, in the answer's words.
    pub response_message: String,
    /// The entitlement's status afterwards, or an empty text.
    pub status: String,
    pub headers: KeptHeaders,
    /// What was sent; where a fault sent no whole answer, what it would have been.
    pub body: KeptBody,
}

/// The start of a body as it came. In the log it is a text, which older versions wrote only where it was no JSON.
#[derive(Debug, Clone, Default)]
pub struct KeptBody(Vec<u8>);

impl KeptBody {
    fn of(body: &[u8]) -> Self {
        // One more than is shown: so it is known that there was more.
        Self(body[..body.len().min(KEPT + 1)].to_vec())
    }

    /// What was sent as JSON as JSON, without the password of its notification URL, anything else as a text.
    pub fn json(&self) -> Option<Box<RawValue>> {
        let kept = kept_body(&self.0, KEPT)?;
        Some(without_its_password(&kept).unwrap_or(kept))
    }
}

impl Serialize for KeptBody {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [] => serializer.serialize_none(),
            bytes => serializer.serialize_str(&String::from_utf8_lossy(bytes)),
        }
    }
}

impl<'de> Deserialize<'de> for KeptBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kept = Option::<Box<RawValue>>::deserialize(deserializer)?;
        let text = kept.map(|raw| match serde_json::from_str::<String>(raw.get()) {
            Ok(text) => text,
            Err(_) => raw.get().to_owned(),
        });
        Ok(Self(text.unwrap_or_default().into()))
    }
}

impl LoggedRequest {
    /// Describes what every request has.
    pub fn new(request: &Request, time: String) -> Self {
        let headers = request.headers.iter();
        let headers = headers.map(|(name, value)| (name.as_str(), value.as_str()));
        Self {
            number: 0,
            time,
            duration_ms: 0.0,
            peer: request.peer.ip(),
            operation: None,
            customer_identifier: String::new(),
            entitlement_id: String::new(),
            request_identifier: request.header("x-requestidentifier").map(str::to_owned),
            request: KeptRequest {
                method: request.method.clone(),
                path: request.path.clone(),
                query: request.query.clone(),
                headers: kept_headers(headers),
                body: KeptBody::of(&request.body),
            },
            answer: KeptResponse::default(),
        }
    }

    /// Notes what is sent, and what it means as an answer of the API.
    pub fn answered(&mut self, response: &Response, envelope: Option<&Envelope>) {
        let answer = &mut self.answer;
        let is_http = matches!(response.body, Body::Bytes(_) | Body::Pieces(..));
        answer.http_status = is_http.then_some(response.status);
        let headers = response.headers.iter();
        answer.headers = kept_headers(headers.map(|(name, value)| (*name, value.as_str())));
        if let Body::Bytes(bytes) = &response.body {
            answer.body = KeptBody::of(bytes);
        }
        let Some(envelope) = envelope else {
            return;
        };
        if answer.body.0.is_empty() {
            answer.body = KeptBody::of(&envelope.bytes());
        }
        let text = |name| envelope.text(name).to_owned();
        answer.response_code = text("responseCode");
        answer.response_message = text("responseMessage");
        answer.status = text("status");
        for (name, known) in [
            ("customerIdentifier", &mut self.customer_identifier),
            ("entitlementId", &mut self.entitlement_id),
        ] {
            if !envelope.text(name).is_empty() {
                envelope.text(name).clone_into(known);
            }
        }
    }

    /// Notes how long it took.
    pub fn took(&mut self, duration: Duration) {
        self.duration_ms = milliseconds(duration);
    }

    /// What was answered, in a few words: the response code, or else the HTTP status.
    pub fn outcome(&self) -> String {
        match (self.answer.response_code.as_str(), self.answer.http_status) {
            ("", Some(status)) => status.to_string(),
            ("", None) => "no answer".to_owned(),
            (code, Some(_)) => code.to_owned(),
            (code, None) => format!("{code} (not sent)"),
        }
    }
}

/// A duration in milliseconds, to the microsecond.
pub fn milliseconds(duration: Duration) -> f64 {
    let micros = u32::try_from(duration.as_micros()).unwrap_or(u32::MAX);
    f64::from(micros) / 1_000.0
}

/// Headers without the secrets that they carry.
pub fn kept_headers<'h>(headers: impl Iterator<Item = (&'h str, &'h str)>) -> KeptHeaders {
    let mut kept = KeptHeaders::new();
    for (name, value) in headers {
        let is_secret = SECRET_HEADERS.contains(&name);
        let value = if is_secret { REDACTED } else { value };
        kept.entry(name.to_owned())
            .and_modify(|known| *known = format!("{known}, {value}"))
            .or_insert_with(|| value.to_owned());
    }
    kept
}

/// A URL without the password in it.
pub fn without_password(text: &str) -> String {
    match Url::parse(text) {
        Ok(mut url) if url.password().is_some() => {
            // A URL with a password may have one.
            url.set_password(Some("redacted")).ok();
            url.into()
        }
        _ => text.to_owned(),
    }
}

/// The same with another notification URL, if that has a password.
fn without_its_password(body: &RawValue) -> Option<Box<RawValue>> {
    const URL: &str = "notificationUrl";
    // Most have none.
    if !(body.get().contains(URL) && body.get().contains('@')) {
        return None;
    }
    let mut body: Value = serde_json::from_str(body.get()).ok()?;
    let url = without_password(body.get(URL)?.as_str()?);
    body[URL] = url.into();
    to_raw_value(&body).ok()
}

/// A body in one line of JSON: what is JSON as it is, anything else, too long or nested too deep to be read again, as a text.
pub fn kept_body(body: &[u8], limit: usize) -> Option<Box<RawValue>> {
    if body.is_empty() {
        return None;
    }
    let json = Some(body).filter(|body| body.len() <= limit).and_then(json);
    json.or_else(|| {
        let text = String::from_utf8_lossy(&body[..body.len().min(limit)]);
        to_raw_value(&text).ok()
    })
}

fn json(body: &[u8]) -> Option<Box<RawValue>> {
    let openings = body.iter().filter(|byte| matches!(byte, b'{' | b'['));
    if openings.count() < DEPTH_LIMIT && !body.contains(&b'\n') && !body.contains(&b'\r') {
        return serde_json::from_slice(body).ok();
    }
    let value: Value = serde_json::from_slice(body).ok()?;
    Some(value)
        .filter(|value| depth(value) < DEPTH_LIMIT)
        .and_then(|value| to_raw_value(&value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_kept_in_one_line_that_can_be_read_again() {
        let kept = |body: &[u8]| kept_body(body, KEPT).unwrap().get().to_owned();
        assert_eq!(kept(br#"{"b": 1.50,"a":2}"#), r#"{"b": 1.50,"a":2}"#);
        assert_eq!(kept(b"{\n\"a\":\n1.50}"), r#"{"a":1.50}"#);
        assert_eq!(kept(b"<p>\n"), r#""<p>\n""#);
        assert_eq!(kept(b"\xff"), "\"\u{fffd}\"");
        assert!(kept_body(b"", KEPT).is_none());
        let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        assert!(kept(deep.as_bytes()).starts_with('"'));
        let long = format!("\"{}\"", "x".repeat(KEPT));
        assert_eq!(kept(long.as_bytes()).len(), KEPT + 3);
    }

    #[test]
    fn a_body_in_the_log_of_any_version_is_read_as_it_came() {
        for (line, shown) in [
            (r#""{\"b\": 1.50}""#, Some(r#"{"b": 1.50}"#)),
            (r#"{"b": 1.50}"#, Some(r#"{"b": 1.50}"#)),
            (r#""<p>\n""#, Some(r#""<p>\n""#)),
            ("null", None),
        ] {
            let kept: KeptBody = serde_json::from_str(line).unwrap();
            let again = serde_json::to_string(&kept).unwrap();
            let kept: KeptBody = serde_json::from_str(&again).unwrap();
            assert_eq!(kept.json().as_deref().map(RawValue::get), shown, "{line}");
        }
    }

    #[test]
    fn headers_keep_no_secret() {
        let sent = [
            ("authorization", "Basic c2VjcmV0"),
            ("x-api-key", "k"),
            ("accept", "a"),
            ("accept", "b"),
        ];
        let kept = kept_headers(sent.into_iter());
        assert_eq!(kept["authorization"], REDACTED);
        assert_eq!(kept["x-api-key"], REDACTED);
        assert_eq!(kept["accept"], "a, b");
    }
}
