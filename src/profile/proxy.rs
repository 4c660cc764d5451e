//! Which proxy the environment names for a base URL. Pure but for reading the environment.

use secrecy::SecretString;

use super::{Setting, Source};
use crate::api::BaseUrl;

const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const EXCEPTION_VARIABLES: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The proxy for the API: `HTTPS_PROXY`, then `ALL_PROXY`, unless `NO_PROXY` names the host.
///
/// This machine itself is never reached through a proxy: the request would leave it in the clear.
#[must_use]
pub fn proxy_for(base_url: &BaseUrl) -> Option<Setting<SecretString>> {
    let read = |name: &&'static str| {
        Some((
            *name,
            std::env::var(name).ok().filter(|value| !value.is_empty())?,
        ))
    };
    let exceptions = EXCEPTION_VARIABLES
        .iter()
        .find_map(read)
        .map(|(_, value)| value);
    if base_url.is_loopback() || is_exception(base_url.host(), &exceptions.unwrap_or_default()) {
        return None;
    }
    PROXY_VARIABLES
        .iter()
        .find_map(read)
        .map(|(name, value)| Setting {
            value: value.into(),
            source: Source::Environment(name),
        })
}

/// Tells whether a `NO_PROXY` list names a host: `*`, the host itself, or a domain that it is in.
fn is_exception(host: &str, list: &str) -> bool {
    let host = host.to_ascii_lowercase();
    list.split([',', ' '])
        .map(|entry| {
            entry
                .trim()
                .trim_start_matches("*.")
                .trim_start_matches('.')
                .to_ascii_lowercase()
        })
        .filter(|entry| !entry.is_empty())
        .any(|entry| entry == "*" || host == entry || host.ends_with(&format!(".{entry}")))
}

#[cfg(test)]
mod tests {
    use super::is_exception;

    #[test]
    fn exceptions_name_hosts_and_their_domains() {
        for list in [
            "*",
            "bango.net",
            ".bango.net",
            "x, resale.api.BANGO.net",
            "*.api.bango.net",
        ] {
            assert!(is_exception("resale.api.bango.net", list), "{list}");
        }
        for list in [
            "",
            ",",
            "ango.net",
            "resale.api.bango.net.evil.test",
            "net.bango",
        ] {
            assert!(!is_exception("resale.api.bango.net", list), "{list}");
        }
    }
}
