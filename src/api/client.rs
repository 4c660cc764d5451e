//! The client: every request goes through [`Client::send`], which alone authenticates, retries and classifies.

use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::SecretString;
use serde_json::{Map, Value, json};
use ureq::http::Method;
use url::Url;

use super::answer::Answer;
use super::attempt::Prepared;
use super::base_url::BaseUrl;
use super::error::{Earlier, Error, ErrorKind};
use super::identifier;
use super::observer::{Observer, Pause};
use super::paths::Paths;
use super::scrub::{REDACTED, Scrubber};
use crate::http::{self, Canceller, Network, SetupError, Stop, retry::Policy};

/// The header that makes repeating a request safe.
pub(super) const IDENTIFIER_HEADER: &str = "X-RequestIdentifier";

/// What a client needs to know.
#[derive(Debug)]
pub struct Options {
    /// Where the API lives.
    pub base_url: BaseUrl,
    /// The user name that stands for the organisation.
    pub username: String,
    /// Its password.
    pub password: SecretString,
    /// The paths that are inferred.
    pub paths: Paths,
    /// How the API is reached.
    pub network: Network,
    /// How often to repeat.
    pub policy: Policy,
    /// The time for a call with all its attempts and waits.
    pub timeout: Duration,
    /// The identifier for the change that follows, if the user chose it.
    pub request_identifier: Option<String>,
}

/// The API. Threads may share it; a clone shares its connections.
#[derive(Clone)]
pub struct Client {
    pub(super) agent: ureq::Agent,
    pub(super) options: Arc<Options>,
    pub(super) authorization: Arc<SecretString>,
    pub(super) scrubber: Arc<Scrubber>,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) stop: Arc<Stop>,
    identifier: Option<String>,
    pub(super) anonymous: bool,
}

/// A request before it has an identifier: made by one of the client's operations.
#[derive(Debug, Clone)]
pub struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<Map<String, Value>>,
    /// Whether it asks for a change; a reading endpoint may be a `POST` as well.
    pub(super) changes: bool,
    /// A time for this call that is shorter than the client's.
    pub(super) limit: Option<Duration>,
}

impl Client {
    /// Makes a client; opens no connection.
    ///
    /// # Errors
    ///
    /// If the CA file or the proxy setting cannot be used.
    pub fn new(options: Options, observer: Box<dyn Observer>) -> Result<Self, SetupError> {
        let loopback = options.base_url.is_loopback();
        let agent = http::agent(&options.network, options.timeout, loopback)?;
        let authorization = http::basic(&options.username, &options.password);
        let scrubber = Scrubber::new(&options.username, &options.password);
        Ok(Self {
            agent,
            identifier: options.request_identifier.clone(),
            options: Arc::new(options),
            authorization: Arc::new(authorization),
            scrubber: Arc::new(scrubber),
            observer: Arc::from(observer),
            stop: Arc::default(),
            anonymous: false,
        })
    }

    /// The same client, whose changes carry this `X-RequestIdentifier`.
    #[must_use]
    pub fn identified(self, request_identifier: String) -> Self {
        Self {
            identifier: Some(request_identifier),
            ..self
        }
    }

    /// The same client, but its requests carry no credentials: for a diagnosis.
    #[must_use]
    pub fn anonymous(&self) -> Self {
        Self {
            anonymous: true,
            ..self.clone()
        }
    }

    /// A handle that stops this client's calls.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        Canceller::new(self.agent.clone(), Arc::clone(&self.stop))
    }

    /// Sleeps, but not longer than until the client is stopped. Tells whether it was.
    #[must_use]
    pub fn sleep(&self, time: Duration) -> bool {
        self.stop.sleep(time)
    }

    /// Whether the client was stopped.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stop.is_stopped()
    }

    pub(super) fn base_url(&self) -> &BaseUrl {
        &self.options.base_url
    }

    pub(super) fn paths(&self) -> &Paths {
        &self.options.paths
    }

    /// Sends a request, repeating it as the policy says, and reads the answer.
    ///
    /// # Errors
    ///
    /// Anything but a success.
    pub fn send(&self, request: Request) -> Result<Answer, Error> {
        let changes = request.changes;
        let prepared = self.prepare(request)?;
        let mut earlier = Earlier::default();
        let fail = |kind, attempts, earlier, retry_after| Error {
            kind: Box::new(kind),
            request_identifier: prepared.identifier.clone(),
            attempts,
            earlier,
            changes,
            retry_after,
        };
        if changes {
            self.observer
                .change(&self.options.username, self.options.base_url.host());
        }
        let mut number = 1;
        loop {
            let (outcome, retry_after) = self.attempt(&prepared, number);
            let kind = match outcome {
                Ok(answer) => return Ok(answer),
                Err(kind) => kind,
            };
            let wait = self
                .options
                .policy
                .wait(number, retry_after, fastrand::f64());
            // The server chooses the wait, so it is never added to anything.
            let left = prepared.deadline.saturating_duration_since(Instant::now());
            let in_time = |wait: &Duration| *wait < left;
            let Some(wait) = wait.filter(|wait| kind.is_retried() && in_time(wait)) else {
                return Err(fail(kind, number, earlier, retry_after));
            };
            earlier.doubt |= kind.may_have_acted();
            earlier.loss |= kind.is_loss();
            earlier.refusal |= kind.http_status().is_some() && !kind.may_have_acted();
            self.observer.pause(&Pause {
                reason: &kind,
                wait,
                retry: number,
                retries: self.options.policy.retries,
            });
            if self.stop.sleep(wait) {
                let kind = ErrorKind::Interrupted { sent: false };
                return Err(fail(kind, number, earlier, None));
            }
            number += 1;
        }
    }

    /// Gives a request its identifier and deadline.
    fn prepare(&self, request: Request) -> Result<Prepared, Error> {
        let url = request.url;
        let (method, body) = (request.method.as_str(), request.body.as_ref());
        let chosen = self.identifier.as_ref().filter(|_| request.changes);
        if let Some(id) = chosen.filter(|id| !identifier::fits(id, method, url.path(), body)) {
            return Err(Error {
                kind: ErrorKind::ChangedRequest.into(),
                request_identifier: id.clone(),
                attempts: 0,
                earlier: Earlier::default(),
                changes: request.changes,
                retry_after: None,
            });
        }
        let identifier = chosen
            .cloned()
            .unwrap_or_else(|| identifier::mint(method, url.path(), body));
        Ok(Prepared {
            method: request.method,
            url: url.into(),
            body: request.body,
            identifier,
            deadline: Instant::now() + request.limit.unwrap_or(self.options.timeout),
        })
    }

    /// The request as a dry run shows it; opens no connection.
    pub fn preview(&self, request: Request) -> Result<Value, Error> {
        let request = self.prepare(request)?;
        let mut headers = json!({
            "Authorization": format!("Basic {REDACTED}"),
            IDENTIFIER_HEADER: request.identifier,
        });
        if request.body.is_some() {
            headers["Content-Type"] = "application/json".into();
        }
        Ok(json!({
            "method": request.method.as_str(),
            "url": request.url,
            "username": self.options.username,
            "headers": headers,
            "body": request.body,
        }))
    }
}
