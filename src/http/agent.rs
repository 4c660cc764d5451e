//! The agent and its connections: TLS roots, proxy, and whether any byte of a request has left this machine.

use std::cell::Cell;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};
use ureq::{Agent, Proxy};

use super::resolver::Remembering;

/// A server that does not take a connection within this is not waited for; the rest of the time is for retries.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest head of an answer that is read, in bytes; no API needs more.
const LONGEST_ANSWER_HEAD: usize = 16 * 1024;
/// What a head must fit in, in bytes. There are two for each connection, and two more for TLS, all filled with zeros before use:
/// a process of one request notices the library's default of 128 KiB.
const BUFFER: usize = 32 * 1024;

/// How a server is reached.
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
    /// An error in these words.
    pub const fn new(message: String) -> Self {
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
pub fn roots(network: &Network) -> Result<RootCerts, SetupError> {
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
pub fn forget() {
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
        Ok(connected?.map(WatchedTransport))
    }
}

/// A finished connection.
#[derive(Debug)]
struct WatchedTransport(Box<dyn Transport>);

impl Transport for WatchedTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        REQUEST_LEFT.set(true);
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.0.await_input(timeout)
    }

    fn maybe_await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.0.maybe_await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}
