//! The client: operations that make requests, and [`Client::send`], which alone authenticates, retries and classifies.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};
use url::{Position, Url};

use super::answer::Answer;
use super::base_url::BaseUrl;
use super::classify::{classify, plain};
use super::error::{Error, ErrorKind};
use super::identifier;
use super::observer::{Attempt, Observer, Pause};
use super::paths::{Paths, segments};
use super::types::{BENEFITS_NORMAL, EntitlementQuery, Operation, ResponseCode, field};
use crate::http::retry::Policy;
use crate::http::{
    self, Agent, Canceller, Failure, HeaderName, HeaderValue, Method, Network, REDACTED, Redactor,
    RequestBuilder, SetupError, header,
};

/// The header that makes repeating a request safe.
const IDENTIFIER_HEADER: &str = "X-RequestIdentifier";
/// No documented answer comes near this size, in bytes after decompression.
const LARGEST_ANSWER: usize = 1 << 20;

/// A list of about ten thousand entitlements.
const LARGEST_LIST: usize = 8 << 20;

/// Nor does one come near this size, in bytes, where many answers are read at once.
const LARGEST_BRIEF_ANSWER: usize = 1 << 18;

/// The one path whose `POST` only reads.
const REPORT: [&str; 2] = ["entitlement", "report"];

/// A body of JSON fields.
type Body = Map<String, Value>;

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
    agent: Agent,
    options: Arc<Options>,
    authorization: Arc<SecretString>,
    redactor: Arc<Redactor>,
    observer: Arc<dyn Observer>,
    is_anonymous: bool,
    is_brief: bool,
}

/// A request before it is sent: made by one of the client's operations.
#[derive(Debug, Clone)]
pub struct Request {
    /// None for one that is of the caller's own making.
    operation: Option<Operation>,
    /// The id that is in its path or body.
    entitlement: Option<String>,
    method: Method,
    url: Url,
    body: Option<Body>,
    /// Whether it asks for a change; a reading endpoint may be a `POST` as well.
    changes: bool,
    /// The identifier of a change that was sent before, or is sent under one of the caller's.
    identifier: Option<String>,
    /// A time for this call that is shorter than the client's.
    limit: Option<Duration>,
    /// Headers beside the client's own.
    headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether an answer without a response code will do, if its HTTP status is a success.
    takes_plain: bool,
}

/// A request with all that is needed to send it, as often as it takes.
struct Prepared {
    request: Request,
    identifier: String,
    deadline: Instant,
}

impl Request {
    /// Any request to a path below the base URL, or why the path is refused. Of what is no GET, only a report changes nothing.
    pub fn any(
        base_url: &BaseUrl,
        (method, path, query): (Method, &str, &[(String, String)]),
        headers: Vec<(HeaderName, HeaderValue)>,
        body: Option<Body>,
    ) -> Result<Self, String> {
        let mut url = base_url.resolve(path)?;
        let reads = method == Method::POST && url == base_url.join(&REPORT);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = Self::new(method, url, body);
        let changes = request.changes && !reads;
        Ok(Self {
            headers,
            changes,
            takes_plain: !changes,
            ..request
        })
    }

    /// The same request, which is one of the client's operations, about this entitlement; nothing if it is none.
    pub fn of(self, operation: Option<Operation>, entitlement: Option<String>) -> Self {
        Self {
            takes_plain: self.takes_plain && operation.is_none(),
            operation,
            entitlement,
            ..self
        }
    }

    fn new(method: Method, url: Url, body: Option<Body>) -> Self {
        Self {
            operation: None,
            entitlement: None,
            changes: method != Method::GET,
            method,
            url,
            body,
            identifier: None,
            limit: None,
            headers: Vec::new(),
            takes_plain: false,
        }
    }

    /// Whether it asks for a change.
    pub fn changes(&self) -> bool {
        self.changes
    }

    fn about(self, id: &str) -> Self {
        Self {
            entitlement: Some(id.to_owned()),
            ..self
        }
    }

    /// The same request, which carries this `X-RequestIdentifier` if it is a change.
    pub fn under(self, identifier: impl Into<String>) -> Self {
        Self {
            identifier: Some(identifier.into()),
            ..self
        }
    }

    /// The same request, which ends within a time that may be shorter than the client's.
    pub fn within(self, limit: Duration) -> Self {
        Self {
            limit: Some(limit),
            ..self
        }
    }
}

/// The operations. Each makes its request; nothing is sent.
impl Client {
    /// Creates an entitlement: `POST /entitlement`.
    pub fn create(&self, body: Body) -> Request {
        self.change(Operation::Create, Method::POST, &["entitlement"], body)
    }

    /// Reads one entitlement: `GET /entitlement/{entitlementId}`.
    pub fn get(&self, id: &str) -> Request {
        self.read(Operation::Get, &["entitlement", id]).about(id)
    }

    /// Reads the entitlements of a user: `POST /entitlement/report`.
    pub fn report(&self, query: &EntitlementQuery) -> Request {
        Request {
            changes: false,
            ..self.change(Operation::List, Method::POST, &REPORT, query.body())
        }
    }

    /// Changes fields of an entitlement: `PATCH /entitlement`, the id in the body. The path is inferred.
    pub fn update(&self, id: &str, mut fields: Body) -> Request {
        let mut body = Body::new();
        body.insert(field::ENTITLEMENT_ID.to_owned(), id.into());
        body.append(&mut fields);
        let operation = match body.get(field::ENTITLEMENT_BENEFITS) {
            None => Operation::Update,
            Some(benefits) if benefits == BENEFITS_NORMAL => Operation::Resume,
            Some(_) => Operation::Suspend,
        };
        let path = segments(&self.options.paths.update, id);
        self.change(operation, Method::PATCH, &path, body).about(id)
    }

    /// Ends an entitlement softly: `POST /entitlement/cancel/{entitlementId}`. The path is inferred.
    pub fn cancel(&self, id: &str, reason: Body) -> Request {
        let path = segments(&self.options.paths.cancel, id);
        let request = self.change(Operation::Cancel, Method::POST, &path, reason);
        request.about(id)
    }

    /// Ends an entitlement at once: `POST /entitlement/revoke/{entitlementId}`. The path is inferred.
    pub fn revoke(&self, id: &str, reason: Body) -> Request {
        let path = segments(&self.options.paths.revoke, id);
        let request = self.change(Operation::Revoke, Method::POST, &path, reason);
        request.about(id)
    }

    /// Asks for a fresh activation URL: `GET /entitlement/{entitlementId}/activationInfo`. The path is inferred.
    pub fn activation_info(&self, id: &str) -> Request {
        let path = segments(&self.options.paths.activation_info, id);
        self.read(Operation::ActivationUrl, &path).about(id)
    }

    /// Asks whether the service is there: `GET /echo/{echoRequestId}`. The verb is inferred.
    pub fn echo(&self, id: &str) -> Request {
        self.read(Operation::Echo, &["echo", id])
    }

    fn read(&self, operation: Operation, segments: &[&str]) -> Request {
        let url = self.options.base_url.join(segments);
        Request::new(Method::GET, url, None).of(Some(operation), None)
    }

    fn change(
        &self,
        operation: Operation,
        method: Method,
        segments: &[&str],
        body: Body,
    ) -> Request {
        let url = self.options.base_url.join(segments);
        Request::new(method, url, Some(body)).of(Some(operation), None)
    }
}

impl Client {
    /// Makes a client; opens no connection.
    pub fn new(options: Options, observer: Box<dyn Observer>) -> Result<Self, SetupError> {
        let agent = Agent::new(&options.network, options.base_url.is_loopback())?;
        let authorization = http::basic(&options.username, &options.password);
        let redactor = Redactor::new(&options.username, &options.password);
        Ok(Self {
            agent,
            options: Arc::new(options),
            authorization: Arc::new(authorization),
            redactor: Arc::new(redactor),
            observer: Arc::from(observer),
            is_anonymous: false,
            is_brief: false,
        })
    }

    /// The same client, but its requests carry no credentials: for a diagnosis.
    pub fn anonymous(&self) -> Self {
        Self {
            is_anonymous: true,
            ..self.clone()
        }
    }

    /// The same client, but of each answer it keeps only what tells how the request ended and what it is about.
    pub fn brief(&self) -> Self {
        Self {
            is_brief: true,
            ..self.clone()
        }
    }

    /// What takes this client's credentials out of text that is shown.
    pub fn redactor(&self) -> Arc<Redactor> {
        Arc::clone(&self.redactor)
    }

    /// Uses no connection again that is open now: what comes on it may answer another request.
    pub fn discard_connections(&self) {
        self.agent.discard_connections();
    }

    /// A handle that stops this client's calls.
    pub fn canceller(&self) -> Canceller {
        self.agent.canceller()
    }

    /// Sleeps, but not longer than until the client is stopped. Tells whether it was.
    pub fn sleep(&self, time: Duration) -> bool {
        self.agent.sleep(time)
    }

    /// Whether the client was stopped.
    pub fn is_stopped(&self) -> bool {
        self.agent.is_stopped()
    }

    /// Sends a request, repeating it as the policy says, and reads the answer. Anything but a success is an error.
    pub fn send(&self, request: Request) -> Result<Answer, Error> {
        let changes = request.changes;
        let prepared = self.prepare(request)?;
        let identifier = prepared.identifier.clone();
        let mut error = Error::new(ErrorKind::Interrupted { sent: false }, identifier, changes);
        let entitlement = &prepared.request.entitlement;
        error.entitlement.clone_from(entitlement);
        if changes {
            self.observer
                .change(&self.options.username, self.options.base_url.host());
        }
        let policy = self.options.policy;
        loop {
            error.attempts += 1;
            let attempted = self.attempt(&prepared, error.attempts);
            let kind = match attempted.outcome {
                Ok(answer) => {
                    return Ok(Answer {
                        asked: error.entitlement,
                        ..answer
                    });
                }
                Err(kind) => kind,
            };
            error.retry_after = attempted.retry_after;
            error.date = attempted.date;
            let left = prepared.deadline.saturating_duration_since(Instant::now());
            let wait = policy.draw(error.attempts, error.retry_after, left);
            let Some(wait) = wait.filter(|_| kind.is_retried()) else {
                *error.kind = kind;
                return Err(error);
            };
            error.earlier.add(&kind);
            self.observer.pause(&Pause {
                reason: &kind,
                wait,
                retry: error.attempts,
                retries: policy.retries,
            });
            if self.sleep(wait) {
                error.retry_after = None;
                return Err(error);
            }
        }
    }

    /// Gives a request its identifier and deadline.
    fn prepare(&self, request: Request) -> Result<Prepared, Error> {
        let (method, body) = (request.method.as_str(), request.body.as_ref());
        let mut target = request.url[Position::BeforePath..Position::AfterQuery].to_owned();
        for (name, value) in &request.headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            target.extend(["\n", name.as_str(), ": ", &*value]);
        }
        let target = &*target;
        let chosen = request.identifier.as_ref();
        let chosen = chosen.or(self.options.request_identifier.as_ref());
        let chosen = chosen.filter(|_| request.changes);
        if let Some(id) = chosen.filter(|id| !identifier::fits(id, method, target, body)) {
            let kind = ErrorKind::ChangedRequest;
            return Err(Error::new(kind, id.clone(), request.changes));
        }
        let identifier = chosen
            .cloned()
            .unwrap_or_else(|| identifier::mint(method, target, body));
        Ok(Prepared {
            deadline: Instant::now() + request.limit.unwrap_or(self.options.timeout),
            request,
            identifier,
        })
    }

    /// The request as a dry run shows it; opens no connection.
    pub fn preview(&self, request: Request) -> Result<Value, Error> {
        let Prepared {
            request,
            identifier,
            ..
        } = self.prepare(request)?;
        let mut headers = json!({
            "Authorization": format!("Basic {REDACTED}"),
            IDENTIFIER_HEADER: identifier,
        });
        if request.body.is_some() {
            headers["Content-Type"] = "application/json".into();
        }
        for (name, value) in &request.headers {
            let shown = String::from_utf8_lossy(value.as_bytes());
            let is_secret = value.is_sensitive();
            headers[name.as_str()] = if is_secret { REDACTED } else { &*shown }.into();
        }
        Ok(json!({
            "method": request.method.as_str(),
            "url": request.url.as_str(),
            "username": self.options.username,
            "headers": headers,
            "body": request.body,
        }))
    }

    /// Sends once, reads the answer and tells the observer.
    fn attempt(&self, prepared: &Prepared, number: u32) -> Attempted {
        let (request, identifier) = (&prepared.request, &*prepared.identifier);
        let clock = Instant::now();
        let mut told = Attempt {
            started: Timestamp::now(),
            duration: Duration::ZERO,
            operation: request.operation,
            entitlement: request.entitlement.as_deref(),
            method: request.method.as_str(),
            url: request.url.as_str(),
            headers: &request.headers,
            username: (!self.is_anonymous).then_some(&*self.options.username),
            request_identifier: identifier,
            changes: request.changes,
            number,
            request_body: request.body.as_ref(),
            http_status: None,
            received: None,
            redactor: &self.redactor,
            response_code: None,
            error: None,
        };
        self.observer.begin(&told);
        let received = self.exchange(prepared);
        told.duration = clock.elapsed();
        let outcome = match &received {
            Ok(response) => {
                let read = classify(response, identifier, &self.redactor, self.is_brief);
                read.or_else(|kind| {
                    if request.takes_plain {
                        plain(response, identifier, &self.redactor, kind)
                    } else {
                        Err(kind)
                    }
                })
            }
            Err(failure) => Err(match failure {
                Failure::NotSent { reason, permanent } => ErrorKind::NotSent {
                    reason: reason.clone(),
                    permanent: *permanent,
                },
                Failure::Lost { reason, .. } => ErrorKind::NoAnswer(reason.clone()),
                Failure::Stopped { sent } => ErrorKind::Interrupted { sent: *sent },
            }),
        };
        told.response_code = match &outcome {
            Ok(answer) => answer.text(field::RESPONSE_CODE),
            Err(kind) => kind.response_code().map(ResponseCode::as_str),
        };
        let received = received.ok();
        told.http_status = received.as_ref().map(|response| response.status);
        told.received = received.as_ref().map(|response| &*response.body);
        told.error = outcome.as_ref().err();
        self.observer.attempt(&told);
        Attempted {
            outcome,
            retry_after: received.as_ref().and_then(|response| response.retry_after),
            date: received.and_then(|response| response.date),
        }
    }

    fn exchange(&self, prepared: &Prepared) -> Result<http::Response, Failure> {
        let request = &prepared.request;
        let mut head = RequestBuilder::new()
            .method(&request.method)
            .uri(request.url.as_str())
            .header(header::ACCEPT, "application/json")
            .header(IDENTIFIER_HEADER, &prepared.identifier);
        for (name, value) in &request.headers {
            head = head.header(name, value);
        }
        if !self.is_anonymous {
            head = head.header(header::AUTHORIZATION, self.authorization.expose_secret());
        }
        let mut body = None;
        if let Some(fields) = &request.body {
            head = head.header(header::CONTENT_TYPE, "application/json");
            body = serde_json::to_vec(fields).ok();
        } else if matches!(request.method, Method::POST | Method::PUT | Method::PATCH) {
            // Without one it would be sent in chunks.
            body = Some(Vec::new());
        }
        let left = prepared.deadline.saturating_duration_since(Instant::now());
        let limit = match () {
            () if self.is_brief => LARGEST_BRIEF_ANSWER,
            // No other POST only reads.
            () if !request.changes && request.method == Method::POST => LARGEST_LIST,
            () => LARGEST_ANSWER,
        };
        self.agent.send(head, body, left, limit)
    }
}

/// What came of one attempt.
struct Attempted {
    outcome: Result<Answer, ErrorKind>,
    retry_after: Option<Duration>,
    date: Option<Timestamp>,
}
