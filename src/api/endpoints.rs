//! The operations besides create, each one method of the client.

use std::time::Duration;

use serde_json::{Map, Value};
use ureq::http::Method;
use url::Url;

use super::answer::Answer;
use super::client::{Client, Request};
use super::error::Error;
use super::paths::segments;
use super::types::{EntitlementQuery, field};

/// A body of JSON fields.
type Body = Map<String, Value>;

impl Client {
    /// Reads one entitlement: `GET /entitlement/{entitlementId}`.
    ///
    /// # Errors
    ///
    /// An [`Error`] for anything but a success; so for every method here.
    pub fn get(&self, id: &str) -> Result<Answer, Error> {
        self.send(self.read(&["entitlement", id]))
    }

    /// Like [`get`](Self::get), but ends within a time that may be shorter than the client's.
    pub fn get_within(&self, id: &str, limit: Duration) -> Result<Answer, Error> {
        let request = self.read(&["entitlement", id]);
        self.send(Request {
            limit: Some(limit),
            ..request
        })
    }

    /// Reads the entitlements of a user: `POST /entitlement/report`.
    pub fn report(&self, query: &EntitlementQuery) -> Result<Answer, Error> {
        let request = self.change(Method::POST, &["entitlement", "report"], query.body());
        self.send(Request {
            changes: false,
            ..request
        })
    }

    /// Changes fields of an entitlement: `PATCH /entitlement`, the id in the body. The path is inferred.
    pub fn update(&self, id: &str, mut fields: Body) -> Result<Answer, Error> {
        let mut body = Body::new();
        body.insert(field::ENTITLEMENT_ID.to_owned(), id.into());
        body.append(&mut fields);
        self.send(self.change(Method::PATCH, &segments(&self.paths().update, id), body))
    }

    /// Ends an entitlement softly: `POST /entitlement/cancel/{entitlementId}`. The path is inferred.
    pub fn cancel(&self, id: &str, reason: Body) -> Result<Answer, Error> {
        self.send(self.change(Method::POST, &segments(&self.paths().cancel, id), reason))
    }

    /// Ends an entitlement at once: `POST /entitlement/revoke/{entitlementId}`. The path is inferred.
    pub fn revoke(&self, id: &str, reason: Body) -> Result<Answer, Error> {
        self.send(self.change(Method::POST, &segments(&self.paths().revoke, id), reason))
    }

    /// Asks for a fresh activation URL: `GET /entitlement/{entitlementId}/activationInfo`. The path is inferred.
    pub fn activation_info(&self, id: &str) -> Result<Answer, Error> {
        self.send(self.read(&segments(&self.paths().activation_info, id)))
    }

    /// Asks whether the service is there: `GET /echo/{echoRequestId}`. The verb is inferred.
    pub fn echo(&self, id: &str) -> Result<Answer, Error> {
        self.send(self.read(&["echo", id]))
    }

    /// Puts a path given by the user behind the base URL.
    ///
    /// # Errors
    ///
    /// Says why a path that leaves the base URL is refused.
    pub fn resolve(&self, path: &str) -> Result<Url, String> {
        self.base_url().resolve(path)
    }

    /// Sends any request; the URL comes from [`resolve`](Self::resolve).
    pub fn raw(&self, method: Method, url: Url, body: Option<Body>) -> Result<Answer, Error> {
        let changes = method != Method::GET;
        self.send(Request {
            method,
            url,
            body,
            changes,
            limit: None,
        })
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
    pub fn create(&self, body: Body) -> Result<Answer, Error> {
        self.send(self.change(Method::POST, &["entitlement"], body))
    }
}
