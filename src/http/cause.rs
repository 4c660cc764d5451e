//! What an error of the connection means: not sent or not answered, and its cause in words.

use std::io;

use super::agent::request_left;

/// Why no complete answer came.
#[derive(Debug)]
pub struct Failure {
    /// The cause in words.
    pub reason: String,
    /// Whether a part of the request had left this machine.
    pub left: bool,
    /// Whether it would fail in the same way again.
    pub permanent: bool,
}

/// Classes the error of this thread's last exchange by whether the request had left, and words its cause.
#[must_use]
pub fn failure(error: &ureq::Error, host: &str, proxied: bool) -> Failure {
    if request_left() {
        return Failure {
            reason: lost(error),
            left: true,
            permanent: false,
        };
    }
    let (reason, permanent) = match tls_error(error) {
        Some(tls) => (tls_cause(tls, host), true),
        None if cannot_be_written(error, proxied) => {
            let why = format!(
                "the request cannot be written ({error}); is its URL or a header too long?"
            );
            (why, true)
        }
        None if proxied => (unsent_by_proxy(error, host), false),
        None => (unsent(error, host), false),
    };
    Failure {
        reason,
        left: false,
        permanent,
    }
}

/// Tells whether the library could not make a request of what it was given. What breaks the protocol may be a proxy's answer as well.
fn cannot_be_written(error: &ureq::Error, proxied: bool) -> bool {
    use ureq::Error as E;
    matches!(error, E::Http(_) | E::BadUri(_)) || (!proxied && matches!(error, E::Protocol(_)))
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
#[must_use]
pub fn tls_cause(error: &rustls::Error, host: &str) -> String {
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
