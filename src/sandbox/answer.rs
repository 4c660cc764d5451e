//! What the sandbox answers to an API call: Bango's JSON envelope, and the refusals. It does not know how an answer is sent.

use serde_json::{Map, Value, json};

use super::record::Record;

/// A response code of Bango's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Done.
    Ok,
    /// Done, and the user must do something.
    ClientActionRequired,
    /// The request is invalid.
    BadRequest,
    /// Wrong credentials, or an unknown address.
    Unauthorized,
    /// The service cannot be activated.
    NotAvailable,
    /// No such entitlement.
    NotFound,
    /// The entitlement id is in use.
    AlreadyExists,
    /// The status does not allow it.
    Conflict,
    /// The request limit is reached.
    TooManyRequests,
    /// Bango's side failed.
    InternalError,
    /// Bango's side is in maintenance.
    ServiceUnavailable,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 11] = [
        Self::Ok,
        Self::ClientActionRequired,
        Self::BadRequest,
        Self::Unauthorized,
        Self::NotAvailable,
        Self::NotFound,
        Self::AlreadyExists,
        Self::Conflict,
        Self::TooManyRequests,
        Self::InternalError,
        Self::ServiceUnavailable,
    ];

    /// Returns the wire spelling.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::ClientActionRequired => "CLIENT_ACTION_REQUIRED",
            Self::BadRequest => "BAD_REQUEST",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::NotAvailable => "NOT_AVAILABLE",
            Self::NotFound => "NOT_FOUND",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::Conflict => "CONFLICT",
            Self::TooManyRequests => "TOO_MANY_REQUESTS",
            Self::InternalError => "INTERNAL_ERROR",
            Self::ServiceUnavailable => "SERVICE_UNAVAILABLE",
        }
    }

    /// Returns the HTTP status that the sandbox sends with it. `NOT_AVAILABLE` has none in any document; 400 is our choice.
    #[must_use]
    pub const fn http(self) -> u16 {
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
pub struct Answer {
    /// The HTTP status.
    pub http: u16,
    /// The JSON object.
    pub body: Map<String, Value>,
}

impl Answer {
    /// Builds the envelope with nothing in it but these parameters.
    #[must_use]
    pub fn new(code: Code, message: &str, parameters: Value) -> Self {
        let mut body = Map::new();
        body.insert("responseCode".to_owned(), code.name().into());
        body.insert("responseMessage".to_owned(), message.into());
        body.insert("parameters".to_owned(), parameters);
        Self {
            http: code.http(),
            body,
        }
    }

    /// Builds the answer that shows an entitlement.
    #[must_use]
    pub fn showing(record: &Record) -> Self {
        let mut answer = Self::new(Code::Ok, "Success", json!({}));
        answer.body.extend(record.fields.clone());
        answer
    }

    /// Builds the answer that shows an entitlement and sends its user to a URL.
    #[must_use]
    pub fn sending_to(record: &Record, code: Code, url: &str, expires: &str) -> Self {
        let parameters = json!({"action": "NAVIGATE_TO_URL", "url": url, "urlExpiry": expires});
        let message = match code {
            Code::ClientActionRequired => "The user must complete the registration",
            _ => "Success",
        };
        let mut answer = Self::new(code, message, parameters);
        answer.body.extend(record.fields.clone());
        answer
    }

    /// Returns a member that is a string, or an empty one.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or("")
    }
}

/// Why a call ends without having changed anything.
#[derive(Debug)]
pub enum Stop {
    /// The caller's doing: answered with this code and message.
    Refused(Code, String),
    /// The sandbox's own failure: answered 500.
    Broken(anyhow::Error),
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Broken(error)
    }
}

impl Stop {
    /// Refuses for a parameter that is missing.
    #[must_use]
    pub fn required(parameter: &str) -> Self {
        Self::Refused(
            Code::BadRequest,
            format!("parameter '{parameter}' is required"),
        )
    }

    /// Refuses for a parameter that cannot be used.
    #[must_use]
    pub fn invalid(parameter: &str) -> Self {
        Self::Refused(
            Code::BadRequest,
            format!("parameter '{parameter}' is invalid"),
        )
    }

    /// Returns the answer for a call that ended so.
    #[must_use]
    pub fn answer(&self) -> Answer {
        match self {
            Self::Refused(code, message) => Answer::new(*code, message, json!({})),
            Self::Broken(error) => {
                let message = format!("the sandbox failed: {error:#}");
                Answer::new(Code::InternalError, &message, json!({}))
            }
        }
    }
}
