//! Reads what came back and decides what it is. Pure: a response in, an [`Answer`] or the reason against it out.

use std::sync::Arc;

use serde_json::Value;

use super::answer::Answer;
use super::brief;
use super::error::ErrorKind;
use super::json;
use super::types::{Class, ResponseCode, field};
use crate::http::{Redactor, Response};

/// Reads a response: a documented success, or what else it is. What it quotes holds no credential.
pub(super) fn classify(
    response: &Response,
    request_identifier: &str,
    redactor: &Arc<Redactor>,
    is_brief: bool,
) -> Result<Answer, ErrorKind> {
    let (http_status, bytes) = (response.status, &*response.body);
    if response.is_cut {
        let most = match bytes.len() >> 20 {
            0 => format!("{} KiB", bytes.len() >> 10),
            more => format!("{more} MiB"),
        };
        return Err(ErrorKind::Unusable {
            http_status,
            reason: format!("is larger than {most}"),
            body: None,
        });
    }
    let read = if is_brief {
        json::read_by(bytes, brief::read)
    } else {
        json::read(bytes)
    };
    let body = match read {
        Ok(Value::Object(body)) => body,
        Ok(other) => {
            return Err(without_code(
                http_status,
                "is not a JSON object",
                Some(other),
            ));
        }
        Err(_) if json::without_mark(bytes).is_empty() => {
            return Err(without_code(http_status, "is empty", None));
        }
        Err(e) => {
            let reason = json::fault(&e) + &excerpt(bytes, redactor);
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
        asked: None,
        body,
        headers: (!is_brief).then(|| response.headers.clone().into()),
        date: response.date,
        redactor: Arc::clone(redactor),
    };
    match answer.code.class() {
        Class::Success => Ok(answer),
        Class::Refused | Class::Wait => Err(ErrorKind::Refused(answer.into())),
        Class::Unrecognised => Err(ErrorKind::Unusable {
            http_status,
            reason: format!(
                "has the unrecognised response code {:?}",
                answer.quoted(answer.code.as_str())
            ),
            body: Some(Value::Object(answer.body)),
        }),
    }
}

/// A success by its HTTP status alone, for a read of what need not have a response code; anything else is what it was.
pub(super) fn plain(
    response: &Response,
    request_identifier: &str,
    redactor: &Arc<Redactor>,
    kind: ErrorKind,
) -> Result<Answer, ErrorKind> {
    match kind {
        ErrorKind::Unusable {
            http_status: http_status @ 200..300,
            body: Some(Value::Object(body)),
            ..
        } if !body.contains_key(field::RESPONSE_CODE) => Ok(Answer {
            http_status,
            code: ResponseCode::Ok,
            request_identifier: request_identifier.to_owned(),
            asked: None,
            body,
            headers: Some(response.headers.clone().into()),
            date: response.date,
            redactor: Arc::clone(redactor),
        }),
        kind => Err(kind),
    }
}

/// Classes an answer without a response code: a gateway's by its HTTP status, any other as unusable.
fn without_code(http_status: u16, reason: &str, body: Option<Value>) -> ErrorKind {
    let code = match http_status {
        401 => ResponseCode::Unauthorized,
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
    ErrorKind::Gateway {
        http_status,
        code,
        body,
    }
}

/// The beginning of a body that is no JSON, for a person to recognise it by.
fn excerpt(bytes: &[u8], redactor: &Redactor) -> String {
    let text = redactor.text(&String::from_utf8_lossy(&bytes[..bytes.len().min(400)]));
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
    use crate::http::header;
    use proptest::prelude::*;

    fn read(status: u16, body: &[u8]) -> Result<Answer, ErrorKind> {
        let response = Response {
            status,
            headers: header::HeaderMap::new(),
            date: None,
            retry_after: None,
            body: body.to_vec(),
            is_cut: false,
        };
        let redactor = Redactor::new("user", &"elephant".to_owned().into());
        classify(&response, "id", &redactor.into(), false)
    }

    fn kind(http_status: u16, body: &str) -> ErrorKind {
        read(http_status, body.as_bytes()).unwrap_err()
    }

    #[test]
    fn what_is_quoted_holds_no_credential_and_what_is_returned_is_as_it_came() {
        let kinds = [
            kind(200, "elephant"),
            kind(200, r#"{"responseCode":"elephant"}"#),
            kind(
                400,
                r#"{"responseCode":"BAD_REQUEST","responseMessage":"no elephant"}"#,
            ),
        ];
        for kind in kinds {
            let told = kind.to_string();
            assert!(
                told.contains("[redacted]") && !told.contains("elephant"),
                "{told}"
            );
        }
        let body = br#"{"responseCode":"OK","entitlementId":"elephant","elephant":1}"#;
        let answer = read(200, body).unwrap();
        assert_eq!(serde_json::to_vec(&answer.body).unwrap(), body);
    }

    #[test]
    fn the_response_code_decides_before_the_http_status() {
        assert!(
            read(500, br#"{"responseCode":"OK"}"#)
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
        assert!(matches!(kind(407, ""), ErrorKind::Unusable { .. }));
        for (status, expected) in [
            (401, ResponseCode::Unauthorized),
            (429, ResponseCode::TooManyRequests),
            (500, ResponseCode::InternalError),
            (502, ResponseCode::InternalError),
            (503, ResponseCode::ServiceUnavailable),
        ] {
            match kind(status, "<html>") {
                ErrorKind::Gateway { code, .. } => assert_eq!(code, expected),
                other => panic!("{status}: {other:?}"),
            }
        }
    }

    #[test]
    fn unknown_fields_and_exact_numbers_survive() {
        let text = r#"{"responseCode":"OK","n":12345678901234567890123.10,"x":{"y":[1]}}"#;
        let answer = read(200, text.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&answer.body).unwrap(), text);
    }

    #[test]
    fn depth_is_unusable_and_not_fatal() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(matches!(kind(200, &deep), ErrorKind::Unusable { .. }));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(status in 0u16..1000, bytes: Vec<u8>) {
            let _ = read(status, &bytes);
        }

        #[test]
        fn no_json_makes_the_reader_panic(status in 0u16..1000, code in ".*", action in ".*", rest in ".*") {
            let body = serde_json::json!({
                "responseCode": code, "status": action, "parameters": {"action": action, "url": rest}
            });
            if let Ok(answer) = read(status, body.to_string().as_bytes()) {
                let _ = (answer.action(), answer.action_url(), answer.status(), answer.is_contradictory());
            }
        }
    }
}
