//! One TLS handshake by the rules of the client, to look at the server's certificate; sends no request and no credential.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::Verifier;
use ureq::tls::RootCerts;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::base_url::BaseUrl;
use crate::http::{Network, SetupError, roots, tls_cause};

/// What a handshake showed.
#[derive(Debug)]
pub struct Handshake {
    /// The TLS version, if the handshake got that far.
    pub version: Option<&'static str>,
    /// Who signed the server's certificate.
    pub issuer: Option<String>,
    /// When the certificate ends.
    pub expires: Option<Timestamp>,
    /// Why the client would not talk to this server, if so.
    pub fault: Option<String>,
}

/// Shakes hands over a connection that is there, within the connection's own time-outs.
///
/// # Errors
///
/// If the CA file or the system's trust store cannot be used.
pub fn handshake(
    mut stream: TcpStream,
    base_url: &BaseUrl,
    network: &Network,
) -> Result<Handshake, SetupError> {
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
    let host = base_url.host();
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
        .map_err(|e| SetupError::new(format!("{host} is no name that TLS knows: {e}")))?;
    let mut session = ClientConnection::new(Arc::new(config), name).map_err(failed)?;
    let fault = complete(&mut session, &mut stream, host);
    session.send_close_notify();
    // The server may have gone already.
    let _ = session.write_tls(&mut stream);
    let (issuer, expires) = seen.told().unzip();
    Ok(Handshake {
        version: session
            .protocol_version()
            .and_then(|version| match version {
                rustls::ProtocolVersion::TLSv1_2 => Some("TLS 1.2"),
                rustls::ProtocolVersion::TLSv1_3 => Some("TLS 1.3"),
                _ => None,
            }),
        issuer,
        expires: expires.flatten(),
        fault,
    })
}

fn verifier(
    network: &Network,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, SetupError> {
    let own = match roots(network)? {
        RootCerts::Specific(certificates) => certificates
            .iter()
            .map(|certificate| CertificateDer::from(certificate.der().to_vec()))
            .collect(),
        _ => Vec::new(),
    };
    let verifier = Verifier::new_with_extra_roots(own, Arc::clone(provider));
    let verifier = verifier.map_err(|e| {
        SetupError::new(format!(
            "the system's trust store cannot be used: {e}; SSL_CERT_FILE names another"
        ))
    })?;
    Ok(Arc::new(verifier))
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

/// Verifies as the client does, and keeps what it was shown, also if that is refused.
#[derive(Debug)]
struct Recording {
    verifier: Arc<dyn ServerCertVerifier>,
    certificate: Mutex<Option<Vec<u8>>>,
}

impl Recording {
    /// Issuer and end of the certificate that was shown, if it can be read.
    fn told(&self) -> Option<(String, Option<Timestamp>)> {
        let kept = self
            .certificate
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (_, certificate) = X509Certificate::from_der(kept.as_deref()?).ok()?;
        let ends = certificate.validity().not_after.timestamp();
        Some((
            certificate.issuer().to_string(),
            Timestamp::from_second(ends).ok(),
        ))
    }
}

impl ServerCertVerifier for Recording {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self
            .certificate
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(end_entity.to_vec());
        self.verifier
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}
