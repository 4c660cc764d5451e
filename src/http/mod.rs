//! HTTP with rules, for whatever is called: agent, TLS, proxy, retries, and what has left this machine. Knows nothing of Bango.

mod agent;
mod auth;
mod cause;
mod certificate;
mod head;
mod probe;
mod redact;
mod resolver;
pub mod retry;
mod stop;

pub use agent::{Agent, Network, Response, SetupError};
pub use auth::AuthScheme;
pub use cause::{Failure, in_words};
pub use certificate::Certificate;
pub use probe::{connect, handshake, look_up};
pub use redact::{REDACTED, Redactor, basic};
pub use stop::Canceller;
pub use ureq::http::{
    HeaderMap, HeaderName, HeaderValue, Method, header, request::Builder as RequestBuilder,
};

use url::Host;

/// Tells whether a parsed host is this machine: `127.0.0.0/8`, `[::1]` or `localhost`.
pub fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
    }
}
