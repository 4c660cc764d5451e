//! The way to a server, step by step, as an agent goes it: addresses, connections, TLS. Sends no request and no credential.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::Verifier;
use ureq::tls::RootCerts;

use super::agent::{CONNECT_TIMEOUT, Network, SetupError, roots};
use super::cause::tls_cause;
use super::certificate::Certificate;
use super::resolver::addresses;
use super::stop::locked;

/// The addresses of `host:port`.
pub fn look_up(place: &str) -> io::Result<Vec<SocketAddr>> {
    addresses(place, CONNECT_TIMEOUT)
}

/// An address, and the connection to it and how long that took.
#[derive(Debug)]
pub struct Tried {
    pub address: SocketAddr,
    pub connection: io::Result<(TcpStream, Duration)>,
}

/// Connects to every address at the same time.
pub fn connect(addresses: &[SocketAddr]) -> Vec<Tried> {
    let open = |address: SocketAddr| {
        let clock = Instant::now();
        let stream = TcpStream::connect_timeout(&address, CONNECT_TIMEOUT);
        stream.map(|stream| (stream, clock.elapsed()))
    };
    thread::scope(|scope| {
        let start = |address: &SocketAddr| {
            let address = *address;
            let started = thread::Builder::new().spawn_scoped(scope, move || open(address));
            (address, started)
        };
        let started: Vec<_> = addresses.iter().map(start).collect();
        let finish = |(address, thread): (SocketAddr, io::Result<thread::ScopedJoinHandle<_>>)| {
            let connection = match thread {
                Ok(thread) => (thread.join()).unwrap_or_else(|_| Err(io::ErrorKind::Other.into())),
                // Without threads they are tried one after the other.
                Err(_) => open(address),
            };
            Tried {
                address,
                connection,
            }
        };
        started.into_iter().map(finish).collect()
    })
}

#[derive(Debug)]
pub struct Handshake {
    /// The TLS version, if the handshake got that far.
    pub version: Option<&'static str>,
    /// The server's certificate, if it sent one that can be read.
    pub certificate: Option<Certificate>,
    /// Why an agent would not talk to this server, if so.
    pub fault: Option<String>,
}

/// Shakes hands with a server over a connection, trusting whom an agent trusts.
pub fn handshake(
    mut stream: TcpStream,
    host: &str,
    network: &Network,
) -> Result<Handshake, SetupError> {
    // A connection that takes no time-out is one that cannot hang either.
    let _ = stream.set_read_timeout(Some(CONNECT_TIMEOUT));
    let _ = stream.set_write_timeout(Some(CONNECT_TIMEOUT));
    let provider = Arc::new(ring::default_provider());
    let seen = Arc::new(Recording {
        verifier: verifier(network, &provider)?,
        certificate: Mutex::default(),
    });
    let failed = |e: rustls::Error| SetupError::new(format!("TLS cannot be set up: {e}"));
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&seen) as Arc<dyn ServerCertVerifier>)
        .with_no_client_auth();
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
        .map_err(|e| SetupError::new(format!("{host} is no name that TLS knows: {e}")))?;
    let mut session = ClientConnection::new(Arc::new(config), name).map_err(failed)?;
    let fault = complete(&mut session, &mut stream, host);
    session.send_close_notify();
    // The server may have gone already.
    let _ = session.write_tls(&mut stream);
    let version = session.protocol_version();
    Ok(Handshake {
        version: version.and_then(|version| match version {
            rustls::ProtocolVersion::TLSv1_2 => Some("TLS 1.2"),
            rustls::ProtocolVersion::TLSv1_3 => Some("TLS 1.3"),
            _ => None,
        }),
        certificate: seen.certificate(),
        fault,
    })
}

fn verifier(network: &Network, provider: &Arc<CryptoProvider>) -> Result<Verifier, SetupError> {
    let own = match roots(network)? {
        RootCerts::Specific(certificates) => certificates
            .iter()
            .map(|certificate| CertificateDer::from(certificate.der().to_vec()))
            .collect(),
        _ => Vec::new(),
    };
    let verifier = Verifier::new_with_extra_roots(own, Arc::clone(provider));
    verifier.map_err(|e| {
        SetupError::new(format!(
            "the system's trust store cannot be used: {e}; SSL_CERT_FILE names another"
        ))
    })
}

/// Completes the handshake, or says why not.
fn complete(
    session: &mut ClientConnection,
    stream: &mut (impl Read + Write),
    host: &str,
) -> Option<String> {
    while session.is_handshaking() {
        if let Err(e) = session.complete_io(stream) {
            let tls = e.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>());
            return Some(tls.map_or_else(
                || format!("no TLS connection to {host}: {e}"),
                |tls| tls_cause(tls, host),
            ));
        }
    }
    None
}

/// Judges as the system does, and keeps what it was shown, also if that is refused.
#[derive(Debug)]
struct Recording {
    verifier: Verifier,
    certificate: Mutex<Option<Vec<u8>>>,
}

impl Recording {
    fn certificate(&self) -> Option<Certificate> {
        Certificate::read(locked(&self.certificate).as_deref()?).ok()
    }
}

impl ServerCertVerifier for Recording {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *locked(&self.certificate) = Some(certificate.to_vec());
        self.verifier
            .verify_server_cert(certificate, intermediates, name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}
