//! Which proxy the environment names for a base URL. Pure but for reading the environment.

use std::net::IpAddr;

use secrecy::SecretString;

use super::setting::{Setting, Source, variable};
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
        .filter(|(_, list)| is_exception(base_url.host(), base_url.port(), list))
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

/// Tells whether a `NO_PROXY` list names a host and port: `*`, the host itself, a domain that it is in, or a network such as
/// `10.0.0.0/8`, each with or without a port.
fn is_exception(host: &str, port: u16, list: &str) -> bool {
    let host = plain(host);
    list.split([',', ' ', '\t']).any(|entry| {
        let (name, wanted) = match entry.rsplit_once(':') {
            Some((name, port)) if !name.contains(':') || name.ends_with(']') => {
                (name, port.parse().ok())
            }
            _ => (entry, None),
        };
        wanted.is_none_or(|wanted: u16| wanted == port) && names(&plain(name), &host)
    })
}

/// A host as it is compared: without brackets, the dot at its end, and capital letters.
fn plain(host: &str) -> String {
    let host = host.trim_matches(['[', ']']).trim_end_matches('.');
    host.to_ascii_lowercase()
}

fn names(entry: &str, host: &str) -> bool {
    if let Ok(address) = host.parse() {
        return entry == "*" || is_in_network(address, entry);
    }
    let domain = entry.trim_start_matches('*').trim_start_matches('.');
    let before = host.strip_suffix(domain);
    entry == "*"
        || (!domain.is_empty() && before.is_some_and(|it| it.is_empty() || it.ends_with('.')))
}

/// Tells whether an address is another one, or in a network of that many leading bits.
fn is_in_network(address: IpAddr, entry: &str) -> bool {
    let (network, length) = entry.split_once('/').unwrap_or((entry, ""));
    let bits = |address| match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)) << 96, 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    let ((address, most), Ok((network, its_most))) = (bits(address), network.parse().map(bits))
    else {
        return false;
    };
    let length = if length.is_empty() {
        Ok(most)
    } else {
        length.parse()
    };
    let is_same = |length| (address ^ network).checked_shr(128 - length).unwrap_or(0) == 0;
    most == its_most && length.is_ok_and(|length: u32| length <= most && is_same(length))
}

#[cfg(test)]
mod tests {
    use super::is_exception;

    #[test]
    fn exceptions_name_hosts_domains_networks_and_ports() {
        for (list, host) in [
            ("*", "h.test"),
            ("bango.net", "resale.api.bango.net"),
            (".bango.net", "resale.api.bango.net"),
            ("x, resale.api.BANGO.net", "resale.api.bango.net"),
            ("*.api.bango.net.", "resale.api.bango.net"),
            ("bango.net:443", "resale.api.bango.net"),
            ("10.0.0.0/8", "10.1.2.3"),
            ("10.1.2.3", "10.1.2.3"),
            ("0.0.0.0/0", "10.1.2.3"),
            ("2001:db8::1", "[2001:db8::1]"),
            ("[2001:db8::1]:443", "[2001:db8::1]"),
            ("2001:db8::/32", "[2001:db8::1]"),
        ] {
            assert!(is_exception(host, 443, list), "{list} {host}");
        }
        for (list, host) in [
            ("", "resale.api.bango.net"),
            (",.", "resale.api.bango.net"),
            ("ango.net", "resale.api.bango.net"),
            ("resale.api.bango.net.evil.test", "resale.api.bango.net"),
            ("net.bango", "resale.api.bango.net"),
            ("bango.net:8443", "resale.api.bango.net"),
            ("10.0.0.0/8", "11.1.2.3"),
            ("10.0.0.0/33", "10.0.0.0"),
            ("2.3", "10.1.2.3"),
            ("::/0", "10.1.2.3"),
        ] {
            assert!(!is_exception(host, 443, list), "{list} {host}");
        }
    }
}
