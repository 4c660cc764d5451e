//! Asks a running sandbox by its control API. It starts none.

use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use url::Url;

use super::page::PRODUCT;
use super::settings::SandboxOptions;
use crate::http::{self, Agent, Failure, Method, Network, RequestBuilder};

/// How long a sandbox may take to show that it is one.
pub const PROBE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an answer may take: time that is moved ahead may end many entitlements.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The longest answer that is read, in bytes: ten thousand requests with their bodies.
const ANSWER_LIMIT: usize = 1 << 30;

/// A sandbox that runs, seen from another process.
pub struct RunningSandbox {
    agent: Agent,
    origin: String,
    authorization: SecretString,
}

/// Why a sandbox did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    #[error("no sandbox answers at {0}")]
    Absent(String),
    #[error("what answers at {0} is no sandbox")]
    Other(String),
    #[error("{message}")]
    Refused {
        status: u16,
        code: String,
        message: String,
        document: Value,
    },
    #[error("{0}")]
    Broken(String),
}

/// What a probe asks for: it needs no credentials.
pub const PROBED: &str = "/icon.svg";

/// What a probe found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probed {
    Nothing,
    /// A sandbox, of any version.
    Sandbox,
    /// Something else, or something that does not answer.
    Other,
}

/// Asks whoever listens at an origin, and knows a sandbox by the `Server` header of its answer.
pub fn probe(origin: &str, patience: Duration) -> Probed {
    let Ok(agent) = Agent::new(&Network::default(), true) else {
        return Probed::Other;
    };
    let request = RequestBuilder::new()
        .method(Method::HEAD)
        .uri(format!("{origin}{PROBED}"));
    match agent.send(request, None, patience, 0) {
        Ok(answer) => {
            let server = answer.headers.get("server");
            if server.is_some_and(|name| name.as_bytes().starts_with(PRODUCT.as_bytes())) {
                Probed::Sandbox
            } else {
                Probed::Other
            }
        }
        // Refused, or broken off: what was there is just ending.
        Err(
            Failure::NotSent { .. }
            | Failure::Lost {
                is_broken: true, ..
            },
        ) => Probed::Nothing,
        Err(_) => Probed::Other,
    }
}

impl RunningSandbox {
    /// Finds the sandbox at this origin, or at the environment's address, and asks it for nothing yet.
    pub fn find(
        options: &SandboxOptions,
        origin: Option<String>,
        patience: Duration,
    ) -> Result<Self, ControlError> {
        let origin = origin.unwrap_or_else(|| format!("http://{}", options.address));
        // Credentials go to a sandbox alone.
        match probe(&origin, patience) {
            Probed::Sandbox => {}
            Probed::Nothing => return Err(ControlError::Absent(origin)),
            Probed::Other => return Err(ControlError::Other(origin)),
        }
        let agent = Agent::new(&Network::default(), true);
        Ok(Self {
            agent: agent.map_err(|error| ControlError::Broken(error.to_string()))?,
            origin,
            authorization: http::basic(&options.username, &options.password.as_str().into()),
        })
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Reads a document of the control API.
    pub fn get(&self, path: &str) -> Result<Value, ControlError> {
        self.send(Method::GET, path, None)
    }

    /// Changes something by the control API; returns what came of it.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value, ControlError> {
        self.send(Method::POST, path, Some(body))
    }

    /// Removes something by the control API; returns what came of it.
    pub fn delete(&self, path: &str) -> Result<Value, ControlError> {
        self.send(Method::DELETE, path, None)
    }

    /// Sends a request to the control API and returns its document.
    fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, ControlError> {
        let request = RequestBuilder::new()
            .method(method)
            .uri(format!("{}{path}", self.origin))
            .header("Authorization", self.authorization.expose_secret())
            .header("Content-Type", "application/json");
        let body = body.map(|body| body.to_string().into_bytes());
        let answer = self.agent.send(request, body, TIMEOUT, ANSWER_LIMIT);
        let answer = answer.map_err(|failure| match failure {
            Failure::NotSent { .. } => ControlError::Absent(self.origin.clone()),
            failure => ControlError::Broken(failure.to_string()),
        })?;
        let status = answer.status;
        let document: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if status < 300 {
            return Ok(document);
        }
        let text = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
        let (code, message) = match status {
            // Of a version without this request.
            404 | 405 if document.is_null() => (
                String::new(),
                "this sandbox is of another version".to_owned(),
            ),
            421 => (
                String::new(),
                "the sandbox does not answer under this address".to_owned(),
            ),
            _ => (text("responseCode"), text("responseMessage")),
        };
        Err(ControlError::Refused {
            status,
            code,
            message,
            document,
        })
    }
}

/// The path of a list with what narrows it; empty values are left out.
pub fn with_query(path: &str, query: &[(&str, String)]) -> String {
    let mut url = Url::parse("http://sandbox").map(|mut url| {
        url.set_path(path);
        url
    });
    if let Ok(url) = &mut url {
        let given = query.iter().filter(|(_, value)| !value.is_empty());
        url.query_pairs_mut().extend_pairs(given);
    }
    url.map_or_else(
        |_| path.to_owned(),
        |url| url[url::Position::BeforePath..].to_owned(),
    )
}

/// An id as a segment of a path.
pub fn in_path(id: &str) -> String {
    utf8_percent_encode(id, NON_ALPHANUMERIC).to_string()
}
