//! What a server and its handler exchange: requests, responses, and the right to answer.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, oneshot};

/// The largest request body that is handed to a handler, in bytes; a larger one is answered 413.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// A request, read whole; before that, its head with an empty body.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method in upper case, as sent.
    pub method: String,
    /// The path as sent, still percent-encoded.
    pub path: String,
    /// What followed the `?`, still percent-encoded.
    pub query: Option<String>,
    /// Header names in lower case with their values; bytes that are not UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The body, at most [`BODY_LIMIT`] bytes.
    pub body: Vec<u8>,
    /// Who sent it.
    pub peer: SocketAddr,
}

impl Request {
    /// Returns the first header of this name, given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// What a handler answers.
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Header names in lower case with their values; an invalid pair is left out.
    pub headers: Vec<(&'static str, String)>,
    /// The body, or how to misbehave in its place.
    pub body: Body,
}

impl Response {
    /// Builds a response of one content type.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: Body::Bytes(body.into()),
        }
    }

    /// Adds a header.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Builds a misbehaviour that needs no status.
    pub fn misbehaving(body: Body) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body,
        }
    }
}

/// The body of a response, or a misbehaviour.
pub enum Body {
    /// A whole body, with its length.
    Bytes(Vec<u8>),
    /// Pieces made while they are sent, with a pause before each; chunked unless a `content-length` header is given.
    Pieces(Box<dyn Iterator<Item = Vec<u8>> + Send>, Duration),
    /// Nothing at all is sent until the client gives up or the server stops.
    Hang,
    /// The connection is closed without an answer.
    Drop,
    /// These bytes are written in place of an answer, then the connection is closed.
    Raw(Vec<u8>),
}

/// What holds a request's place in the server's budget of bytes, until it is dropped.
pub type BodyPermit = Option<OwnedSemaphorePermit>;

/// Takes the answer to one request, from any thread and at any time; dropped unused, the client receives a 500.
pub struct Responder(pub(super) oneshot::Sender<Response>, pub(super) BodyPermit);

impl Responder {
    /// Sends the answer; a client that has gone away meanwhile is no error. Whoever keeps the body keeps the place as long.
    pub fn send(self, response: Response) -> BodyPermit {
        self.0.send(response).ok();
        self.1
    }
}

/// What answers requests. It runs on the one thread that serves all connections, so it must return at once: what takes time
/// goes to a thread of its own together with the [`Responder`].
pub trait Handler: Send + Sync + 'static {
    /// How long a connection is kept while no whole head comes.
    fn head_timeout(&self) -> Duration {
        Duration::from_secs(30)
    }

    /// Looks at a request's head before its body is read or asked for; an answer refuses it and ends the connection.
    fn refuse(&self, head: &Request) -> Option<Response>;

    /// Answers a whole request.
    fn handle(&self, request: Request, responder: Responder);
}

impl<F: Fn(Request, Responder) + Send + Sync + 'static> Handler for F {
    fn refuse(&self, _: &Request) -> Option<Response> {
        None
    }

    fn handle(&self, request: Request, responder: Responder) {
        self(request, responder);
    }
}
