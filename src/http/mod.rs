//! HTTP with rules, for whatever is called: agent, TLS, proxy, retries, and what has left this machine. Knows nothing of Bango.

mod agent;
mod cause;
mod resolver;
pub mod retry;
mod stop;

pub use agent::{Network, SetupError, agent, forget, roots};
pub use cause::{Failure, failure, tls_cause};
pub use stop::{Canceller, Stop};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use url::Host;

/// Tells whether a parsed host is this machine: `127.0.0.0/8`, `[::1]` or `localhost`.
#[must_use]
pub fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
    }
}

/// The value of the `Authorization` header for a user name and a password.
#[must_use]
pub fn basic(username: &str, password: &SecretString) -> SecretString {
    let pair = format!("{username}:{}", password.expose_secret());
    format!("Basic {}", BASE64_STANDARD.encode(pair)).into()
}
