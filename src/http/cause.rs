//! What an error of the connection means: not sent or not answered, and its cause in words.

use std::io;

use ureq::Timeout;
use ureq::http::uri::Authority;

/// Why no complete answer came.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No byte of the request left this machine.
    #[error("{reason}")]
    NotSent {
        reason: String,
        /// Whether it would fail in the same way again.
        permanent: bool,
    },
    /// The request left, at least in part, and no complete answer came.
    #[error("{reason}")]
    Lost {
        reason: String,
        /// Whether the connection broke, rather than that nothing or nonsense came.
        is_broken: bool,
    },
    #[error("interrupted")]
    Stopped {
        /// Whether a part of the request had left.
        sent: bool,
    },
}

/// Classes an error of an exchange by whether the request had left, and words its cause.
pub(super) fn failure(
    error: &ureq::Error,
    sent: bool,
    place: Option<&Authority>,
    proxied: bool,
) -> Failure {
    let host = place.map_or("", Authority::host);
    if sent {
        return Failure::Lost {
            reason: lost(error),
            is_broken: matches!(error, ureq::Error::Io(e) if e.kind() != io::ErrorKind::InvalidData),
        };
    }
    let (reason, permanent) = match tls_error(error) {
        Some(tls) => (tls_cause(tls, host), true),
        None if cannot_be_written(error, proxied) => {
            let why = "the request cannot be written; is its URL or a header too long?";
            (why.to_owned(), true)
        }
        None if proxied => unsent_by_proxy(error, host),
        None => (unsent(error, host, place), false),
    };
    Failure::NotSent { reason, permanent }
}

/// Tells whether the library could not make a request of what it was given. What breaks the protocol may be a proxy's answer as well.
fn cannot_be_written(error: &ureq::Error, proxied: bool) -> bool {
    use ureq::Error as E;
    matches!(error, E::Http(_) | E::BadUri(_)) || (!proxied && matches!(error, E::Protocol(_)))
}

fn lost(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "the time-out ran out before the answer was complete".to_owned(),
        ureq::Error::Io(e) if e.kind() == io::ErrorKind::InvalidData => {
            format!("the answer could not be read: {e}")
        }
        ureq::Error::Io(e) => {
            let why = in_words(e);
            format!("the connection broke before the answer was complete: {why}")
        }
        ureq::Error::Protocol(_) => "the answer could not be read: it is not HTTP/1.1".to_owned(),
        other => format!("the answer could not be read: {other}"),
    }
}

fn unsent(error: &ureq::Error, host: &str, place: Option<&Authority>) -> String {
    match error {
        ureq::Error::HostNotFound => format!("the host name {host} was not found (DNS)"),
        ureq::Error::Timeout(Timeout::Resolve) => {
            format!("the host name {host} could not be looked up in time (DNS)")
        }
        ureq::Error::Timeout(_) => format!("{host} did not take the connection in time"),
        ureq::Error::Io(e) if has_broken(e.kind()) => {
            let why = in_words(e);
            format!("the connection to {host} broke during the TLS handshake: {why}")
        }
        other => {
            let place = place.map_or("", Authority::as_str);
            format!("no connection to {place}: {}", plain(other))
        }
    }
}

/// The cause, and whether it would be the same again.
fn unsent_by_proxy(error: &ureq::Error, host: &str) -> (String, bool) {
    let why = match error {
        ureq::Error::HostNotFound => "the host name of the proxy was not found (DNS)".to_owned(),
        ureq::Error::Timeout(Timeout::Resolve) => {
            "the host name of the proxy could not be looked up in time (DNS)".to_owned()
        }
        ureq::Error::Timeout(_) => format!("the proxy did not connect to {host} in time"),
        ureq::Error::ConnectProxyFailed(why) if why.contains("407") => {
            let why = format!(
                "the proxy did not connect to {host}: it wants a login (HTTP 407); set it as in HTTPS_PROXY=http://user:password@proxy:3128"
            );
            return (why, true);
        }
        ureq::Error::ConnectProxyFailed(why) => {
            format!("the proxy did not connect to {host}: {why}")
        }
        other => format!(
            "no connection to {host} through the proxy: {}",
            plain(other)
        ),
    };
    (why, false)
}

/// The words of the operating system, without the library's own before them.
fn plain(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Io(e) => in_words(e),
        ureq::Error::Protocol(_) => "what answers there does not speak HTTP/1.1".to_owned(),
        other => other.to_string(),
    }
}

/// What an error says, without the numbers that the operating system has for it, and without the library's own words before it.
pub fn in_words(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let text = text.replace("failed to lookup address information: ", "");
    let (mut words, mut rest) = (String::new(), &*text);
    while let Some((before, after)) = rest.split_once(" (os error ") {
        words += before;
        let number = after.trim_start_matches(|c: char| c == '-' || c.is_ascii_digit());
        rest = match number.strip_prefix(')') {
            Some(rest) if number.len() < after.len() => rest,
            _ => {
                words += " (os error ";
                after
            }
        };
    }
    words + rest
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
        Tls::InvalidCertificate(Bad::Other(why)) if why.to_string() == "CaUsedAsEndEntity" => {
            format!(
                "the TLS certificate of {host} is that of an authority itself; a server needs one of its own, made with basicConstraints=CA:FALSE"
            )
        }
        Tls::InvalidCertificate(Bad::Other(why)) if why.to_string() == "UnsupportedCertVersion" => {
            format!(
                "the TLS certificate of {host} is of an old version without names in it; an X.509 v3 certificate is needed"
            )
        }
        other => format!("no TLS connection to {host}: {other}"),
    }
}
