//! What the sandbox answers to an API call: Bango's JSON envelope, and refusals. It does not know how an answer is sent.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::record::StoredEntitlement;

/// Bango's response codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ResponseCode {
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

impl ResponseCode {
    /// The HTTP status that the sandbox sends with it. `NOT_AVAILABLE` has none in any document; 400 is our choice.
    pub fn http_status(self) -> u16 {
        match self {
            Self::Ok => 200,
            Self::ClientActionRequired => 202,
            Self::BadRequest | Self::NotAvailable => 400,
            Self::Unauthorized => 401,
            Self::NotFound => 404,
            Self::AlreadyExists | Self::Conflict => 409,
            Self::TooManyRequests => 429,
            Self::InternalError => 500,
            Self::ServiceUnavailable => 503,
        }
    }
}

/// An answer in Bango's envelope.
#[derive(Debug, Clone)]
pub struct Envelope {
    pub http_status: u16,
    pub body: Map<String, Value>,
}

impl Envelope {
    /// Builds the envelope with nothing in it but these parameters.
    pub fn new(code: ResponseCode, message: &str, parameters: Value) -> Self {
        let mut envelope = Self {
            http_status: code.http_status(),
            body: Map::new(),
        };
        envelope.set("responseCode", json!(code));
        envelope.set("responseMessage", message);
        envelope.set("parameters", parameters);
        envelope
    }

    /// Shows an entitlement.
    pub fn showing(record: &StoredEntitlement) -> Self {
        let mut envelope = Self::new(ResponseCode::Ok, "Success", json!({}));
        envelope.body.extend(record.shown.to_map());
        envelope
    }

    /// Shows an entitlement and sends its user to a URL, which works until `expiry`.
    pub fn sending_to(
        record: &StoredEntitlement,
        code: ResponseCode,
        url: &str,
        expiry: &str,
    ) -> Self {
        let parameters = json!({"action": "NAVIGATE_TO_URL", "url": url, "urlExpiry": expiry});
        let message = match code {
            ResponseCode::ClientActionRequired => "The user must complete the registration",
            _ => "Success",
        };
        let mut envelope = Self::new(code, message, parameters);
        envelope.body.extend(record.shown.to_map());
        envelope
    }

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
pub struct ApiRefusal {
    pub code: ResponseCode,
    pub message: String,
}

impl ApiRefusal {
    pub fn new(code: ResponseCode, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, message }
    }

    pub fn required(parameter: &str) -> Self {
        let message = format!("parameter '{parameter}' is required");
        Self::new(ResponseCode::BadRequest, message)
    }

    pub fn invalid(parameter: &str) -> Self {
        let message = format!("parameter '{parameter}' is invalid");
        Self::new(ResponseCode::BadRequest, message)
    }

    pub fn envelope(&self) -> Envelope {
        Envelope::new(self.code, &self.message, json!({}))
    }
}
