//! What the sandbox answers to an API call: Bango's JSON envelope, and refusals. It does not know how an answer is sent.

use serde_json::{Map, Value, json};

use super::record::Record;

/// Bango's response codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    Ok,
    ClientActionRequired,
    BadRequest,
    Unauthorized,
    NotAvailable,
    NotFound,
    AlreadyExists,
    Conflict,
    TooManyRequests,
    InternalError,
    ServiceUnavailable,
}

impl Code {
    /// Every code with its wire spelling and the HTTP status that the sandbox sends with it.
    ///
    /// `NOT_AVAILABLE` has no status in any document; 400 is our choice.
    #[rustfmt::skip]
    pub const TABLE: [(Self, &'static str, u16); 11] = [
        (Self::Ok, "OK", 200),
        (Self::ClientActionRequired, "CLIENT_ACTION_REQUIRED", 202),
        (Self::BadRequest, "BAD_REQUEST", 400),
        (Self::Unauthorized, "UNAUTHORIZED", 401),
        (Self::NotAvailable, "NOT_AVAILABLE", 400),
        (Self::NotFound, "NOT_FOUND", 404),
        (Self::AlreadyExists, "ALREADY_EXISTS", 409),
        (Self::Conflict, "CONFLICT", 409),
        (Self::TooManyRequests, "TOO_MANY_REQUESTS", 429),
        (Self::InternalError, "INTERNAL_ERROR", 500),
        (Self::ServiceUnavailable, "SERVICE_UNAVAILABLE", 503),
    ];

    /// The wire spelling.
    pub fn name(self) -> &'static str {
        Self::TABLE[self as usize].1
    }

    /// The HTTP status.
    pub fn http(self) -> u16 {
        Self::TABLE[self as usize].2
    }
}

/// An answer in Bango's envelope.
#[derive(Debug, Clone)]
pub struct Answer {
    pub http: u16,
    pub body: Map<String, Value>,
}

impl Answer {
    /// Builds the envelope with nothing in it but these parameters.
    pub fn new(code: Code, message: &str, parameters: Value) -> Self {
        let mut body = Map::new();
        body.insert("responseCode".to_owned(), code.name().into());
        body.insert("responseMessage".to_owned(), message.into());
        body.insert("parameters".to_owned(), parameters);
        let http = code.http();
        Self { http, body }
    }

    /// Shows an entitlement.
    pub fn showing(record: &Record) -> Self {
        let mut answer = Self::new(Code::Ok, "Success", json!({}));
        answer.body.extend(record.shown.members());
        answer
    }

    /// Shows an entitlement and sends its user to a URL.
    pub fn sending_to(record: &Record, code: Code, url: &str, expires: &str) -> Self {
        let parameters = json!({"action": "NAVIGATE_TO_URL", "url": url, "urlExpiry": expires});
        let message = match code {
            Code::ClientActionRequired => "The user must complete the registration",
            _ => "Success",
        };
        let mut answer = Self::new(code, message, parameters);
        answer.body.extend(record.shown.members());
        answer
    }

    /// Sets a member.
    pub fn set(&mut self, member: &str, value: impl Into<Value>) {
        self.body.insert(member.to_owned(), value.into());
    }

    /// A member that is a string, or an empty text.
    pub fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or("")
    }

    /// The body as it is sent.
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(&self.body).unwrap_or_default()
    }
}

/// Why a call ends without having changed anything.
#[derive(Debug)]
pub struct Refusal {
    pub code: Code,
    pub message: String,
}

impl Refusal {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, message }
    }

    /// A parameter is missing.
    pub fn required(parameter: &str) -> Self {
        Self::new(
            Code::BadRequest,
            format!("parameter '{parameter}' is required"),
        )
    }

    /// A parameter cannot be used.
    pub fn invalid(parameter: &str) -> Self {
        Self::new(
            Code::BadRequest,
            format!("parameter '{parameter}' is invalid"),
        )
    }

    pub fn answer(&self) -> Answer {
        Answer::new(self.code, &self.message, json!({}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_has_its_own_row() {
        for (row, (code, name, http)) in Code::TABLE.into_iter().enumerate() {
            assert_eq!(code as usize, row);
            assert_eq!((code.name(), code.http()), (name, http));
        }
    }
}
