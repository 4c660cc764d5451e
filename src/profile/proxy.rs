//! Which proxy the environment names for a base URL. Pure but for reading the environment.

use secrecy::SecretString;

use super::{Setting, Source, variable};
use crate::api::BaseUrl;
use crate::ending::Ending;

const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const EXCEPTION_VARIABLES: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The proxy for the API: `HTTPS_PROXY`, then `ALL_PROXY`, unless `NO_PROXY` names the host.
///
/// This machine itself is never reached through a proxy: the request would leave it in the clear.
pub fn proxy_for(base_url: &BaseUrl) -> Result<Option<Setting<SecretString>>, Ending> {
    if base_url.is_loopback() || exception_for(base_url)?.is_some() {
        return Ok(None);
    }
    let found = first(&PROXY_VARIABLES)?;
    Ok(found.map(|(name, value)| Setting::new(value.into(), Source::Environment(name))))
}

/// The variable that excepts the API's host from the proxy, if one does.
pub fn exception_for(base_url: &BaseUrl) -> Result<Option<&'static str>, Ending> {
    let list = first(&EXCEPTION_VARIABLES)?;
    Ok(list
        .filter(|(_, list)| is_exception(base_url.host(), list))
        .map(|(name, _)| name))
}

/// The first variable that is set, and its value.
fn first(names: &[&'static str]) -> Result<Option<(&'static str, String)>, Ending> {
    for name in names {
        if let Some(value) = variable(name)? {
            return Ok(Some((name, value)));
        }
    }
    Ok(None)
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
