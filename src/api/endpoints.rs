//! The operations, each one method of the client that makes its request; [`Client::send`] sends it.

use std::time::Duration;

use serde_json::{Map, Value};
use ureq::http::Method;
use url::Url;

use super::client::{Client, Request};
use super::paths::segments;
use super::types::{EntitlementQuery, field};

/// A body of JSON fields.
type Body = Map<String, Value>;

impl Request {
    /// Any request; the URL comes from [`Client::resolve`].
    #[must_use]
    pub fn raw(method: Method, url: Url, body: Option<Body>) -> Request {
        let changes = method != Method::GET;
        Request {
            method,
            url,
            body,
            changes,
            limit: None,
        }
    }

    /// The same request, which ends within a time that may be shorter than the client's.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self {
            limit: Some(limit),
            ..self
        }
    }
}

impl Client {
    /// Reads one entitlement: `GET /entitlement/{entitlementId}`.
    #[must_use]
    pub fn get(&self, id: &str) -> Request {
        self.read(&["entitlement", id])
    }

    /// Reads the entitlements of a user: `POST /entitlement/report`.
    #[must_use]
    pub fn report(&self, query: &EntitlementQuery) -> Request {
        Request {
            changes: false,
            ..self.change(Method::POST, &["entitlement", "report"], query.body())
        }
    }

    /// Changes fields of an entitlement: `PATCH /entitlement`, the id in the body. The path is inferred.
    #[must_use]
    pub fn update(&self, id: &str, mut fields: Body) -> Request {
        let mut body = Body::new();
        body.insert(field::ENTITLEMENT_ID.to_owned(), id.into());
        body.append(&mut fields);
        self.change(Method::PATCH, &segments(&self.paths().update, id), body)
    }

    /// Ends an entitlement softly: `POST /entitlement/cancel/{entitlementId}`. The path is inferred.
    #[must_use]
    pub fn cancel(&self, id: &str, reason: Body) -> Request {
        self.change(Method::POST, &segments(&self.paths().cancel, id), reason)
    }

    /// Ends an entitlement at once: `POST /entitlement/revoke/{entitlementId}`. The path is inferred.
    #[must_use]
    pub fn revoke(&self, id: &str, reason: Body) -> Request {
        self.change(Method::POST, &segments(&self.paths().revoke, id), reason)
    }

    /// Asks for a fresh activation URL: `GET /entitlement/{entitlementId}/activationInfo`. The path is inferred.
    #[must_use]
    pub fn activation_info(&self, id: &str) -> Request {
        self.read(&segments(&self.paths().activation_info, id))
    }

    /// Asks whether the service is there: `GET /echo/{echoRequestId}`. The verb is inferred.
    #[must_use]
    pub fn echo(&self, id: &str) -> Request {
        self.read(&["echo", id])
    }

    /// Puts a path given by the user behind the base URL.
    ///
    /// # Errors
    ///
    /// Says why a path that leaves the base URL is refused.
    pub fn resolve(&self, path: &str) -> Result<Url, String> {
        self.base_url().resolve(path)
    }

    fn read(&self, segments: &[&str]) -> Request {
        Request {
            method: Method::GET,
            url: self.base_url().join(segments),
            body: None,
            changes: false,
            limit: None,
        }
    }

    fn change(&self, method: Method, segments: &[&str], body: Body) -> Request {
        Request {
            method,
            url: self.base_url().join(segments),
            body: Some(body),
            changes: true,
            limit: None,
        }
    }

    /// Creates an entitlement: `POST /entitlement`.
    #[must_use]
    pub fn create(&self, body: Body) -> Request {
        self.change(Method::POST, &["entitlement"], body)
    }
}
