//! Reads what came back and decides what it is. Pure: bytes in, an [`Answer`] or the reason against it out.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::error::{ErrorKind, Gateway};
use super::types::{Class, ResponseCode, Status, field};

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
}

impl Answer {
    /// A field's text; `None` if the field is missing, null or no string.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }

    /// `responseMessage`, or nothing.
    #[must_use]
    pub fn message(&self) -> &str {
        self.text(field::RESPONSE_MESSAGE).unwrap_or_default()
    }

    /// The status, if it is one that Bango documents.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        self.text(field::STATUS).and_then(Status::parse)
    }

    /// `parameters.action`: what the user must do.
    #[must_use]
    pub fn action(&self) -> Option<&str> {
        self.parameter(field::ACTION)
    }

    /// `parameters.url`: where the user must go.
    #[must_use]
    pub fn action_url(&self) -> Option<&str> {
        self.parameter(field::URL)
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.body.get(field::PARAMETERS)?.get(name)?.as_str()
    }

    /// Tells whether the HTTP status says something else than the response code, which has the last word.
    #[must_use]
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

/// Reads an answer.
///
/// # Errors
///
/// Anything but a documented success: a refusal, a passing trouble, or an answer that cannot be used.
pub fn read(http_status: u16, bytes: &[u8], request_identifier: &str) -> Result<Answer, ErrorKind> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let body = match serde_json::from_slice::<Value>(bytes) {
        Ok(Value::Object(body)) => body,
        Ok(other) => {
            return Err(without_code(
                http_status,
                "is not a JSON object",
                Some(other),
            ));
        }
        Err(_) if bytes.is_empty() => return Err(without_code(http_status, "is empty", None)),
        Err(e) => {
            let reason = format!("is not JSON ({e}){}", excerpt(bytes));
            return Err(without_code(http_status, &reason, None));
        }
    };
    let Some(code) = body.get(field::RESPONSE_CODE).and_then(Value::as_str) else {
        let body = Some(Value::Object(body));
        return Err(without_code(http_status, "has no responseCode", body));
    };
    let answer = Answer {
        http_status,
        code: ResponseCode::parse(code),
        request_identifier: request_identifier.to_owned(),
        body,
    };
    match answer.code.class() {
        Class::Success => Ok(answer),
        Class::Refused | Class::Wait => Err(ErrorKind::Refused(answer.into())),
        Class::Unrecognised => Err(ErrorKind::Unusable {
            http_status,
            reason: format!(
                "has the unrecognised response code {:?}",
                answer.code.as_str()
            ),
            body: Some(Value::Object(answer.body)),
        }),
    }
}

/// Classes an answer without a response code: a gateway's by its HTTP status, any other as unusable.
fn without_code(http_status: u16, reason: &str, body: Option<Value>) -> ErrorKind {
    let code = match http_status {
        401 => ResponseCode::Unauthorized,
        407 => return ErrorKind::Gateway(Gateway::ProxyLogin { http_status }),
        429 => ResponseCode::TooManyRequests,
        503 => ResponseCode::ServiceUnavailable,
        500..=599 => ResponseCode::InternalError,
        _ => {
            return ErrorKind::Unusable {
                http_status,
                reason: reason.to_owned(),
                body,
            };
        }
    };
    ErrorKind::Gateway(Gateway::Status {
        http_status,
        code,
        body,
    })
}

/// The beginning of a body that is no JSON, for a person to recognise it by.
fn excerpt(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(400)]);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(80).collect();
    if short.is_empty() {
        String::new()
    } else {
        format!("; it begins with {short:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kind(http_status: u16, body: &str) -> ErrorKind {
        read(http_status, body.as_bytes(), "id").unwrap_err()
    }

    #[test]
    fn the_response_code_decides_before_the_http_status() {
        assert!(
            read(500, br#"{"responseCode":"OK"}"#, "id")
                .unwrap()
                .is_contradictory()
        );
        assert!(matches!(
            kind(200, r#"{"responseCode":"BAD_REQUEST"}"#),
            ErrorKind::Refused(_)
        ));
        assert!(matches!(
            kind(200, r#"{"responseCode":"NEW"}"#),
            ErrorKind::Unusable { .. }
        ));
        assert!(matches!(
            kind(200, r#"{"responseCode":7}"#),
            ErrorKind::Unusable { .. }
        ));
    }

    #[test]
    fn without_a_response_code_the_http_status_decides() {
        assert!(matches!(kind(200, "<html>"), ErrorKind::Unusable { .. }));
        assert!(matches!(kind(302, ""), ErrorKind::Unusable { .. }));
        assert!(matches!(kind(404, "{}"), ErrorKind::Unusable { .. }));
        for (status, expected) in [
            (401, ResponseCode::Unauthorized),
            (429, ResponseCode::TooManyRequests),
            (500, ResponseCode::InternalError),
            (502, ResponseCode::InternalError),
            (503, ResponseCode::ServiceUnavailable),
        ] {
            match kind(status, "<html>") {
                ErrorKind::Gateway(Gateway::Status { code, .. }) => assert_eq!(code, expected),
                other => panic!("{status}: {other:?}"),
            }
        }
    }

    #[test]
    fn unknown_fields_and_exact_numbers_survive() {
        let text = r#"{"responseCode":"OK","n":12345678901234567890123.10,"x":{"y":[1]}}"#;
        let answer = read(200, text.as_bytes(), "id").unwrap();
        assert_eq!(serde_json::to_string(&answer.body).unwrap(), text);
    }

    #[test]
    fn depth_and_lone_surrogates_are_unusable_and_not_fatal() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(matches!(kind(200, &deep), ErrorKind::Unusable { .. }));
        assert!(matches!(
            kind(200, r#"{"responseCode":"OK","a":"\ud800"}"#),
            ErrorKind::Unusable { .. }
        ));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(status in 0u16..1000, bytes: Vec<u8>) {
            let _ = read(status, &bytes, "id");
        }

        #[test]
        fn no_json_makes_the_reader_panic(status in 0u16..1000, code in ".*", action in ".*", rest in ".*") {
            let body = serde_json::json!({
                "responseCode": code, "status": action, "parameters": {"action": action, "url": rest}
            });
            if let Ok(answer) = read(status, body.to_string().as_bytes(), "id") {
                let _ = (answer.action(), answer.action_url(), answer.status(), answer.is_contradictory());
            }
        }
    }
}
