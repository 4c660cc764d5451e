//! A small HTTP server: one handler, stopped on drop. The only folder that names the HTTP server library; it knows nothing of Bango.

mod connection;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use base64::Engine as _;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{OwnedSemaphorePermit, oneshot, watch};

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

/// How a sender proves itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum AuthScheme {
    /// HTTP Basic; the secret is user:password
    Basic,
    /// An X-Api-Key header
    ApiKey,
    /// A Bearer token
    Bearer,
}

impl AuthScheme {
    /// The header that carries the secret: its name in lower case, and its value.
    pub fn header(self, secret: &SecretString) -> (&'static str, SecretString) {
        let secret = secret.expose_secret();
        match self {
            Self::Basic => {
                let encoded = base64::engine::general_purpose::STANDARD.encode(secret);
                ("authorization", format!("Basic {encoded}").into())
            }
            Self::ApiKey => ("x-api-key", secret.into()),
            Self::Bearer => ("authorization", format!("Bearer {secret}").into()),
        }
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
pub struct Responder(oneshot::Sender<Response>, BodyPermit);

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

/// A running server. Dropping it refuses new connections, lets answers under way finish for up to two seconds and ends.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: Option<watch::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on `address` (port 0 picks a free one) and hands every request to `handler`.
    pub fn start(address: SocketAddr, handler: impl Handler) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()?;
        let (stop, stopped) = watch::channel(());
        let handler: Arc<dyn Handler> = Arc::new(handler);
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let thread = std::thread::Builder::new()
            .name("http".to_owned())
            .spawn(move || runtime.block_on(connection::accept(listener, handler, stopped)))?;
        Ok(Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Returns the address that is really bound.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_peer_gets_its_connections_back_after_its_handlers_have_panicked() {
        let handle = |request: Request, responder: Responder| {
            if request.path == "/panic" {
                // Without the hook, and so without a word on standard error.
                std::panic::resume_unwind(Box::new(()));
            }
            responder.send(Response::new(200, "text/plain", ""));
        };
        let server = Server::start(([127, 0, 0, 1], 0).into(), handle).unwrap();
        let ask = |path: &str| {
            let mut stream = TcpStream::connect(server.address()).unwrap();
            let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).ok();
            answer
        };
        for _ in 0..connection::LOOPBACK_LIMIT {
            assert_eq!(ask("/panic"), "");
        }
        assert!(ask("/").starts_with("HTTP/1.1 200 "));
    }
}
