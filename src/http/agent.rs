//! The agent: one request and its answer, TLS roots, proxy, and whether any byte of a request has left this machine.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use flate2::bufread::GzDecoder;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use ureq::http::{HeaderMap, HeaderValue, Request, Uri, header, request};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};
use ureq::{AsSendBody, Body, Proxy};

use super::cause::{Failure, failure, in_words};
use super::head;
use super::resolver::Names;
use super::retry;
use super::stop::{Canceller, Stop};

/// A server that does not take a connection within this is not waited for; the rest of the time is for retries.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest head of an answer that is read, in bytes; no API needs more.
const LONGEST_ANSWER_HEAD: usize = 16 * 1024;
/// What a head must fit in, in bytes. There are two for each connection, and two more for TLS, all filled with zeros before use:
/// a process of one request notices the library's default of 128 KiB.
const BUFFER: usize = 32 * 1024;

/// A file of every authority that the world's browsers trust is a quarter of a megabyte.
const LARGEST_CA_FILE: u64 = 4 << 20;

#[derive(Debug, Default)]
pub struct Network {
    /// A PEM file whose certificates are trusted in addition to the system's.
    pub ca_cert: Option<PathBuf>,
    /// The proxy's URL, a secret because it may hold a password.
    pub proxy: Option<SecretString>,
    /// Connections kept open between requests; one for each thread that sends.
    pub connections: usize,
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SetupError(String);

impl SetupError {
    pub(super) const fn new(message: String) -> Self {
        Self(message)
    }
}

impl Network {
    /// The proxy's host and port, if one is set that can be used.
    pub fn proxy_address(&self) -> Option<(String, u16)> {
        let proxy = Proxy::new(self.proxy.as_ref()?.expose_secret()).ok()?;
        Some((proxy.host().to_owned(), proxy.port()))
    }
}

/// Sends requests by the same rules: no redirects, no settings of the environment, every status an answer.
/// Threads may share it; a clone shares its connections.
#[derive(Clone)]
pub struct Agent {
    inner: ureq::Agent,
    generation: Arc<AtomicUsize>,
    is_proxied: bool,
    stop: Arc<Stop>,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub headers: HeaderMap,
    /// The server's clock (`Date`).
    pub date: Option<Timestamp>,
    /// The wait that the server asks for (`Retry-After`).
    pub retry_after: Option<Duration>,
    /// The body, decompressed.
    pub body: Vec<u8>,
    /// Whether the body was longer than allowed; the rest is missing.
    pub is_cut: bool,
}

impl Agent {
    /// Makes an agent; opens no connection. Plain HTTP is for `loopback` alone.
    pub fn new(network: &Network, loopback: bool) -> Result<Self, SetupError> {
        let proxy = network
            .proxy
            .as_ref()
            .map(|url| Proxy::new(url.expose_secret()))
            .transpose()
            .map_err(|_| SetupError("the proxy setting is not a proxy URL such as http://host:3128 or socks5://host:1080".to_owned()))?;
        let is_proxied = proxy.is_some();
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .https_only(!loopback)
            .proxy(proxy)
            .timeout_resolve(Some(CONNECT_TIMEOUT))
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .max_idle_connections(network.connections.max(1))
            .max_idle_connections_per_host(network.connections.max(1))
            .max_response_header_size(LONGEST_ANSWER_HEAD)
            .accept_encoding("gzip")
            .input_buffer_size(BUFFER)
            .output_buffer_size(BUFFER)
            .user_agent(concat!("bango-ent/", env!("CARGO_PKG_VERSION")))
            .tls_config(TlsConfig::builder().root_certs(roots(network)?).build())
            .build();
        let connector = Watched::default();
        let generation = Arc::clone(&connector.generation);
        Ok(Self {
            inner: ureq::Agent::with_parts(config, connector, Names::default()),
            generation,
            is_proxied,
            stop: Arc::default(),
        })
    }

    /// Sends a request once and reads up to `limit` bytes of its answer's body, all within a time.
    pub fn send(
        &self,
        head: request::Builder,
        body: Option<Vec<u8>>,
        time: Duration,
        limit: usize,
    ) -> Result<Response, Failure> {
        let place = head.uri_ref().and_then(Uri::authority).cloned();
        let sent = Arc::new(AtomicBool::new(false));
        let (agent, mark) = (self.inner.clone(), Arc::clone(&sent));
        let done = self.stop.unless_stopped(move || {
            SENT.set(mark);
            exchange(&agent, head, body, time, limit)
        });
        let sent = sent.load(Ordering::Relaxed);
        match done {
            Some(Ok(response)) => Ok(response),
            Some(Err(e)) if !self.is_stopped() => {
                Err(failure(&e, sent, place.as_ref(), self.is_proxied))
            }
            _ => Err(Failure::Stopped { sent }),
        }
    }

    /// Uses no connection again that is open now: what comes on it may answer another request.
    pub fn discard_connections(&self) {
        self.generation.fetch_add(1, Ordering::Relaxed);
    }

    pub fn canceller(&self) -> Canceller {
        Canceller::new(self.inner.clone(), Arc::clone(&self.stop))
    }

    /// Sleeps, but not longer than until the agent is stopped. Tells whether it was.
    pub fn sleep(&self, time: Duration) -> bool {
        self.stop.sleep(time)
    }

    pub fn is_stopped(&self) -> bool {
        self.stop.is_stopped()
    }
}

fn exchange(
    agent: &ureq::Agent,
    head: request::Builder,
    body: Option<Vec<u8>>,
    time: Duration,
    limit: usize,
) -> Result<Response, ureq::Error> {
    let response = match body {
        Some(body) => run(agent, head.body(body)?, time),
        None => run(agent, head.body(())?, time),
    }?;
    let (parts, body) = response.into_parts();
    let text = |name| {
        let value: Option<&HeaderValue> = parts.headers.get(name);
        value.and_then(|value| value.to_str().ok())
    };
    let coding = text(header::CONTENT_ENCODING).unwrap_or_default().trim();
    let is_packed = ["gzip", "x-gzip"]
        .iter()
        .any(|name| coding.eq_ignore_ascii_case(name));
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    // Many answers at once are held without what growing leaves behind.
    let expected = body.content_length().unwrap_or_default().min(most);
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or_default());
    let body = body.into_reader();
    if is_packed {
        unpack(BufReader::new(body), most, &mut bytes)?;
    } else {
        body.take(most).read_to_end(&mut bytes)?;
    }
    let is_cut = bytes.len() > limit;
    bytes.truncate(limit);
    let date = text(header::DATE).and_then(retry::parse_http_date);
    let now = date.unwrap_or_else(Timestamp::now);
    Ok(Response {
        status: parts.status.as_u16(),
        date,
        retry_after: text(header::RETRY_AFTER).and_then(|text| retry::parse_retry_after(text, now)),
        headers: parts.headers,
        body: bytes,
        is_cut,
    })
}

/// Reads gzip as curl and browsers do: what follows its last member is left out, and a body that is not packed is taken as it is.
fn unpack(mut body: impl BufRead, most: u64, bytes: &mut Vec<u8>) -> Result<(), ureq::Error> {
    let mut is_packed = false;
    while body.fill_buf()?.first() == Some(&0x1f) {
        is_packed = true;
        let left = most.saturating_sub(bytes.len() as u64);
        if left == 0 {
            return Ok(());
        }
        let mut member = GzDecoder::new(body);
        if let Err(error) = (&mut member).take(left).read_to_end(bytes) {
            let is_ours = error
                .get_ref()
                .is_none_or(|inner| !inner.is::<ureq::Error>());
            return Err(if is_ours {
                io::Error::new(io::ErrorKind::InvalidData, "its gzip is damaged").into()
            } else {
                error.into()
            });
        }
        body = member.into_inner();
    }
    if !is_packed {
        body.take(most).read_to_end(bytes)?;
    }
    Ok(())
}

fn run<B: AsSendBody>(
    agent: &ureq::Agent,
    request: Request<B>,
    time: Duration,
) -> Result<ureq::http::Response<Body>, ureq::Error> {
    let configured = agent.configure_request(request).timeout_global(Some(time));
    agent.run(configured.build())
}

/// The operating system's trust store, or that store and the user's own authority.
pub(super) fn roots(network: &Network) -> Result<RootCerts, SetupError> {
    let Some(path) = &network.ca_cert else {
        return Ok(RootCerts::PlatformVerifier);
    };
    let failed = |why: String| SetupError(format!("the CA file {} {why}", path.display()));
    let pem = read(path).map_err(|e| failed(format!("cannot be read: {}", in_words(&e))))?;
    let mut roots = Vec::new();
    for item in ureq::tls::parse_pem(&pem) {
        match item {
            Ok(ureq::tls::PemItem::Certificate(certificate)) => roots.push(certificate),
            Ok(_) => {}
            Err(e) => return Err(failed(format!("is not PEM: {e}"))),
        }
    }
    if roots.is_empty() {
        return Err(failed("holds no PEM certificate".to_owned()));
    }
    let begun = String::from_utf8_lossy(&pem)
        .matches("-----BEGIN CERTIFICATE-----")
        .count();
    if begun > roots.len() {
        let why = "has a certificate that does not begin on a line of its own";
        return Err(failed(why.to_owned()));
    }
    // The agent leaves out what it cannot read, and the user would only learn that nothing is trusted.
    let is_unreadable = |certificate: &Certificate| {
        let der = rustls::pki_types::CertificateDer::from(certificate.der());
        rustls::RootCertStore::empty().add(der).is_err()
    };
    if let Some(at) = roots.iter().position(is_unreadable) {
        let number = at + 1;
        return Err(failed(format!(
            "cannot be used: its certificate {number} cannot be read"
        )));
    }
    let system = rustls_native_certs::load_native_certs();
    roots.extend(
        system
            .certs
            .iter()
            .map(|der| Certificate::from_der(der).to_owned()),
    );
    Ok(RootCerts::from(roots))
}

/// Reads a file of certificates; a device or a pipe could be without an end.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    // Opening a pipe would wait for its writer.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut pem = Vec::new();
    let size = File::open(path)?
        .take(LARGEST_CA_FILE + 1)
        .read_to_end(&mut pem)?;
    if size as u64 > LARGEST_CA_FILE {
        return Err(io::Error::other("it is larger than 4 MiB"));
    }
    Ok(pem)
}

thread_local! {
    /// Where this thread notes that a byte of its request has been handed to a finished connection.
    static SENT: RefCell<Arc<AtomicBool>> = RefCell::default();
}

fn note_sent(is_sent: bool) {
    SENT.with_borrow(|sent| sent.store(is_sent, Ordering::Relaxed));
}

/// The usual connector, noting when a connection is complete (TLS and proxy included) and when a request goes into it.
///
/// Only this tells "not sent" from "outcome unknown": the same I/O error can come from a handshake or from a lost answer.
#[derive(Debug, Default)]
struct Watched {
    connector: DefaultConnector,
    /// Connections of an earlier one are not used again.
    generation: Arc<AtomicUsize>,
}

impl Connector for Watched {
    type Out = WatchedTransport;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let connected = self.connector.connect(details, chained);
        // A proxy's CONNECT goes through a watched transport as well; it is not the request.
        note_sent(false);
        let generation = self.generation.load(Ordering::Relaxed);
        Ok(connected?.map(|inner| WatchedTransport {
            inner,
            held: Vec::new(),
            is_head: false,
            held_input: Vec::new(),
            generation,
            current: Arc::clone(&self.generation),
        }))
    }
}

/// A finished connection. It sends when an answer is awaited, so that head and body of a request leave together.
#[derive(Debug)]
struct WatchedTransport {
    inner: Box<dyn Transport>,
    held: Vec<u8>,
    /// Whether what comes next belongs to the head of an answer.
    is_head: bool,
    /// What has come and is not handed on: a head until it is whole, because the parser refuses what is mended only then.
    held_input: Vec<u8>,
    generation: usize,
    current: Arc<AtomicUsize>,
}

impl WatchedTransport {
    fn flush(&mut self, timeout: NextTimeout) -> Result<(), ureq::Error> {
        for part in std::mem::take(&mut self.held).chunks(BUFFER) {
            self.inner.buffers().output()[..part.len()].copy_from_slice(part);
            self.inner.transmit_output(part.len(), timeout)?;
        }
        Ok(())
    }

    /// Takes what has come of a head, and mends it as soon as it is whole.
    fn take_head(&mut self) {
        let buffers = self.inner.buffers();
        self.held_input.extend_from_slice(buffers.input());
        let length = buffers.input().len();
        buffers.input_consume(length);
        self.is_head = self.held_input.len() <= LONGEST_ANSWER_HEAD
            && head::may_be_one(&self.held_input)
            && !head::mend(&mut self.held_input);
    }

    /// Hands on what was held, as much as there is room for.
    fn hand_on(&mut self) {
        let buffers = self.inner.buffers();
        let room = buffers.input_append_buf();
        let count = room.len().min(self.held_input.len());
        room[..count].copy_from_slice(&self.held_input[..count]);
        buffers.input_appended(count);
        self.held_input.drain(..count);
    }
}

impl Transport for WatchedTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        note_sent(true);
        self.is_head = true;
        let output = &self.inner.buffers().output()[..amount];
        self.held.extend_from_slice(output);
        if self.held.len() < BUFFER {
            return Ok(());
        }
        self.flush(timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.flush(timeout)?;
        let mut has_come = true;
        if self.is_head || self.held_input.is_empty() {
            has_come = self.inner.await_input(timeout)?;
        }
        if self.is_head {
            self.take_head();
        }
        if !self.is_head && !self.held_input.is_empty() {
            self.hand_on();
        }
        Ok(has_come)
    }

    fn is_open(&mut self) -> bool {
        self.held_input.is_empty()
            && self.generation == self.current.load(Ordering::Relaxed)
            && self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
