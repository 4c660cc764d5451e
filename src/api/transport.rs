//! The connection below the requests: TLS roots, proxy, and whether any byte of a request has left this machine.

use std::cell::Cell;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};
use ureq::{Agent, Proxy};

use super::error::ErrorKind;
use super::resolver::Remembering;

/// A server that does not take a connection within this is not waited for; the rest of the time is for retries.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest head of an answer that is read, in bytes; no API needs more.
const LONGEST_ANSWER_HEAD: usize = 16 * 1024;
/// What a head must fit in, in bytes. There are two for each connection, and two more for TLS, all filled with zeros before use:
/// a process of one request notices the library's default of 128 KiB.
const BUFFER: usize = 32 * 1024;

/// How the API is reached.
#[derive(Debug, Default)]
pub struct Network {
    /// A PEM file whose certificates are trusted in addition to the system's.
    pub ca_cert: Option<PathBuf>,
    /// The proxy's URL, a secret because it may hold a password.
    pub proxy: Option<SecretString>,
    /// Connections kept open between requests; one for each thread that sends.
    pub connections: usize,
}

/// The network settings cannot be used.
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
    #[must_use]
    pub fn proxy_address(&self) -> Option<(String, u16)> {
        let proxy = Proxy::new(self.proxy.as_ref()?.expose_secret()).ok()?;
        Some((proxy.host().to_owned(), proxy.port()))
    }
}

/// Builds the HTTP agent: no redirects, no environment of its own, every status an answer.
///
/// # Errors
///
/// If the proxy is no proxy URL, or the CA file cannot be used.
pub fn agent(network: &Network, timeout: Duration, loopback: bool) -> Result<Agent, SetupError> {
    let proxy = network
        .proxy
        .as_ref()
        .map(|url| Proxy::new(url.expose_secret()))
        .transpose()
        .map_err(|_| SetupError("the proxy setting is not a proxy URL such as http://host:3128 or socks5://host:1080".to_owned()))?;
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .https_only(!loopback)
        .proxy(proxy)
        .timeout_global(Some(timeout))
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .max_idle_connections(network.connections.max(1))
        .max_idle_connections_per_host(network.connections.max(1))
        .max_response_header_size(LONGEST_ANSWER_HEAD)
        .input_buffer_size(BUFFER)
        .output_buffer_size(BUFFER)
        .user_agent(concat!("bango-ent/", env!("CARGO_PKG_VERSION")))
        .tls_config(TlsConfig::builder().root_certs(roots(network)?).build())
        .build();
    Ok(Agent::with_parts(
        config,
        Watched::default(),
        Remembering::default(),
    ))
}

/// The operating system's trust store, or that store and the user's own authority.
pub(super) fn roots(network: &Network) -> Result<RootCerts, SetupError> {
    let Some(path) = &network.ca_cert else {
        return Ok(RootCerts::PlatformVerifier);
    };
    let failed = |why: String| SetupError(format!("the CA file {} {why}", path.display()));
    let pem = std::fs::read(path).map_err(|e| failed(format!("cannot be read: {e}")))?;
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
    // The agent leaves out what it cannot read, and the user would only learn that nothing is trusted.
    let unreadable = |certificate: &Certificate| {
        let der = rustls::pki_types::CertificateDer::from(certificate.der());
        rustls::RootCertStore::empty().add(der).is_err()
    };
    if roots.iter().any(unreadable) {
        return Err(failed("holds a certificate that cannot be read".to_owned()));
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

thread_local! {
    static REQUEST_LEFT: Cell<bool> = const { Cell::new(false) };
}

/// Forgets the last request of this thread.
pub(super) fn forget() {
    REQUEST_LEFT.set(false);
}

/// Tells whether a byte of this thread's current request has been handed to a finished connection.
pub(super) fn request_left() -> bool {
    REQUEST_LEFT.get()
}

/// The usual connector, noting when a connection is complete (TLS and proxy included) and when a request goes into it.
///
/// Only this tells "not sent" from "outcome unknown": the same I/O error can come from a handshake or from a lost answer.
#[derive(Debug, Default)]
struct Watched(DefaultConnector);

impl Connector for Watched {
    type Out = WatchedTransport;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let connected = self.0.connect(details, chained);
        // A proxy's CONNECT goes through a watched transport as well; it is not the request.
        forget();
        Ok(connected?.map(|inner| WatchedTransport {
            inner,
            held: Vec::new(),
        }))
    }
}

/// A finished connection. Holds a request's head back until its body or the wait for its answer, so that both leave as one.
#[derive(Debug)]
struct WatchedTransport {
    inner: Box<dyn Transport>,
    held: Vec<u8>,
}

impl WatchedTransport {
    /// Sends what was held back.
    fn release(&mut self, timeout: NextTimeout) -> Result<(), ureq::Error> {
        if self.held.is_empty() {
            return Ok(());
        }
        let amount = self.held.len();
        self.inner.buffers().output()[..amount].copy_from_slice(&self.held);
        self.held.clear();
        self.pass_on(amount, timeout)
    }

    fn pass_on(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        REQUEST_LEFT.set(true);
        self.inner.transmit_output(amount, timeout)
    }
}

impl Transport for WatchedTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let output = self.inner.buffers().output();
        let held = self.held.len();
        if held == 0 {
            self.held.extend_from_slice(&output[..amount]);
            return Ok(());
        }
        if held + amount <= output.len() {
            output.copy_within(..amount, held);
            output[..held].copy_from_slice(&self.held);
            self.held.clear();
            return self.pass_on(held + amount, timeout);
        }
        let body = output[..amount].to_vec();
        self.release(timeout)?;
        self.inner.buffers().output()[..amount].copy_from_slice(&body);
        self.pass_on(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.release(timeout)?;
        self.inner.await_input(timeout)
    }

    fn maybe_await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.release(timeout)?;
        self.inner.maybe_await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

/// Classes a transport error by whether the request had left, and words its cause.
pub(super) fn classify(error: &ureq::Error, host: &str, proxied: bool) -> ErrorKind {
    if request_left() {
        return ErrorKind::NoAnswer(lost(error));
    }
    let (reason, permanent) = match tls_error(error) {
        Some(tls) => (tls_cause(tls, host), true),
        None if proxied => (unsent_by_proxy(error, host), false),
        None if cannot_be_written(error) => {
            let why = format!(
                "the request cannot be written ({error}); is its URL or a header too long?"
            );
            (why, true)
        }
        None => (unsent(error, host), false),
    };
    ErrorKind::NotSent { reason, permanent }
}

/// Tells whether the library could not make a request of what it was given.
fn cannot_be_written(error: &ureq::Error) -> bool {
    use ureq::Error as E;
    matches!(error, E::Protocol(_) | E::Http(_) | E::BadUri(_))
}

fn lost(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "the time-out ran out before the answer was complete".to_owned(),
        ureq::Error::Io(e) => format!("the connection broke before the answer was complete: {e}"),
        other => format!("the answer could not be read: {other}"),
    }
}

fn unsent(error: &ureq::Error, host: &str) -> String {
    match error {
        ureq::Error::HostNotFound => format!("the host name {host} was not found (DNS)"),
        ureq::Error::Timeout(_) => format!("{host} did not take the connection in time"),
        ureq::Error::Io(e) if has_broken(e.kind()) => {
            format!("the connection to {host} broke during the TLS handshake: {e}")
        }
        other => format!("no connection to {host}: {}", plain(other)),
    }
}

fn unsent_by_proxy(error: &ureq::Error, host: &str) -> String {
    match error {
        ureq::Error::HostNotFound => "the host name of the proxy was not found (DNS)".to_owned(),
        ureq::Error::Timeout(_) => format!("the proxy did not connect to {host} in time"),
        ureq::Error::ConnectProxyFailed(why) => {
            format!("the proxy did not connect to {host}: {why}")
        }
        other => format!(
            "no connection to {host} through the proxy: {}",
            plain(other)
        ),
    }
}

/// The words of the operating system, without the library's own before them.
fn plain(error: &ureq::Error) -> &dyn std::fmt::Display {
    match error {
        ureq::Error::Io(e) => e,
        other => other,
    }
}

/// Tells whether a connection was there before this; all that is said before the request is the handshake.
fn has_broken(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
    )
}

fn tls_error(error: &ureq::Error) -> Option<&rustls::Error> {
    match error {
        ureq::Error::Rustls(e) => Some(e),
        ureq::Error::Io(e) => e.get_ref()?.downcast_ref(),
        _ => None,
    }
}

/// Names the cause of a failed TLS handshake and, where there is one, the remedy.
pub(super) fn tls_cause(error: &rustls::Error, host: &str) -> String {
    use rustls::{AlertDescription, CertificateError as Bad, Error as Tls};
    match error {
        Tls::InvalidCertificate(Bad::Expired | Bad::ExpiredContext { .. }) => {
            format!("the TLS certificate of {host} has expired, or this machine's clock is wrong")
        }
        Tls::InvalidCertificate(Bad::NotValidYet | Bad::NotValidYetContext { .. }) => {
            format!(
                "the TLS certificate of {host} is not valid yet, or this machine's clock is wrong"
            )
        }
        Tls::InvalidCertificate(Bad::NotValidForName | Bad::NotValidForNameContext { .. }) => {
            format!("the TLS certificate is for another host than {host}")
        }
        // A bad signature is that of another authority of the same name.
        Tls::InvalidCertificate(Bad::UnknownIssuer | Bad::BadSignature) => format!(
            "the TLS certificate of {host} is not from an authority that this system trusts; trust your own with --ca-cert or SSL_CERT_FILE"
        ),
        Tls::General(why) if why.starts_with("No CA certificates") => format!(
            "no authority is there to trust {host} by; install this system's CA certificates, and check SSL_CERT_FILE if it is set"
        ),
        Tls::PeerIncompatible(_) | Tls::AlertReceived(AlertDescription::ProtocolVersion) => {
            format!(
                "{host} offers no TLS version that is still safe; TLS 1.2 or newer is needed ({error})"
            )
        }
        Tls::InvalidMessage(_) => format!("{host} does not speak TLS on this port ({error})"),
        other => format!("no TLS connection to {host}: {other}"),
    }
}
