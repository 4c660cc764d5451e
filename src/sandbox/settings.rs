//! How one sandbox is set up, and which hosts it answers to. It reads no flag and no environment.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use base64::Engine as _;

use super::catalog::Catalog;
use crate::server::Request;

/// How the sandbox proves itself to the receiver of a notification.
#[derive(Clone, Default)]
pub enum NotificationAuth {
    /// Not at all.
    #[default]
    None,
    /// HTTP Basic with `user:password`.
    Basic(String),
    /// An `X-Api-Key` header.
    ApiKey(String),
    /// A Bearer token.
    Bearer(String),
}

impl NotificationAuth {
    /// Returns the header that carries it.
    #[must_use]
    pub fn header(&self) -> Option<(&'static str, String)> {
        match self {
            Self::None => None,
            Self::Basic(pair) => Some(("Authorization", basic(pair))),
            Self::ApiKey(key) => Some(("X-Api-Key", key.clone())),
            Self::Bearer(token) => Some(("Authorization", format!("Bearer {token}"))),
        }
    }
}

impl std::fmt::Debug for NotificationAuth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Basic(_) => "Basic(…)",
            Self::ApiKey(_) => "ApiKey(…)",
            Self::Bearer(_) => "Bearer(…)",
        })
    }
}

fn basic(pair: &str) -> String {
    let encoded = base64::engine::general_purpose::STANDARD.encode(pair);
    format!("Basic {encoded}")
}

/// The settings that hold for the life of a sandbox.
pub struct Settings {
    /// What is sold.
    pub catalog: Catalog,
    /// The `Authorization` header that every API call must carry.
    pub authorization: String,
    /// Requests per second, if limited.
    pub rate_limit: Option<u32>,
    /// How notifications are authenticated.
    pub notification_auth: NotificationAuth,
    /// Whether each notification is sent twice.
    pub duplicate_notifications: bool,
    /// Whether notifications are held back for a random time, so that they overtake each other.
    pub shuffle_notifications: bool,
    /// How long a registration link works.
    pub link_lifetime: Duration,
    /// The address that is bound.
    pub address: SocketAddr,
}

impl Settings {
    /// Returns the `Authorization` header for a user name and a password.
    #[must_use]
    pub fn authorization(username: &str, password: &str) -> String {
        basic(&format!("{username}:{password}"))
    }

    /// Returns the origin under which a client reaches this sandbox: what it asked for, if that is one of ours.
    #[must_use]
    pub fn origin(&self, request: &Request) -> String {
        match request.header("host") {
            Some(host) if self.is_own_host(host) => format!("http://{host}"),
            _ => self.own_origin(),
        }
    }

    /// Returns the origin that is bound.
    #[must_use]
    pub fn own_origin(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(match address {
                SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
            });
        }
        format!("http://{address}")
    }

    /// Says whether a `Host` header names this sandbox, so that a foreign name that resolves to this machine gets nothing.
    ///
    /// On a loopback address host and port must be ours. Elsewhere any IP address will do, since the port may be mapped and
    /// an attacker needs a name.
    #[must_use]
    pub fn is_own_host(&self, host: &str) -> bool {
        let Ok(url) = url::Url::parse(&format!("http://{host}/")) else {
            return false;
        };
        if url.path() != "/" || !url.username().is_empty() || url.password().is_some() {
            return false;
        }
        let (ip, local) = match url.host() {
            Some(url::Host::Ipv4(ip)) => (Some(IpAddr::V4(ip)), ip.is_loopback()),
            Some(url::Host::Ipv6(ip)) => (Some(IpAddr::V6(ip)), ip.is_loopback()),
            Some(url::Host::Domain(name)) => (None, name == "localhost"),
            None => (None, false),
        };
        if self.address.ip().is_loopback() {
            local && url.port_or_known_default() == Some(self.address.port())
        } else {
            local || ip.is_some()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(address: &str) -> Settings {
        Settings {
            catalog: Catalog::parse(super::super::catalog::BUILT_IN).unwrap(),
            authorization: String::new(),
            rate_limit: None,
            notification_auth: NotificationAuth::None,
            duplicate_notifications: false,
            shuffle_notifications: false,
            link_lifetime: Duration::ZERO,
            address: address.parse().unwrap(),
        }
    }

    #[test]
    fn on_loopback_only_its_own_names_and_port_are_answered() {
        let settings = settings("127.0.0.1:4242");
        for host in [
            "127.0.0.1:4242",
            "localhost:4242",
            "LOCALHOST:4242",
            "[::1]:4242",
        ] {
            assert!(settings.is_own_host(host), "{host}");
        }
        for host in [
            "evil.example:4242",
            "localhost.evil.example:4242",
            "127.0.0.1",
            "127.0.0.1:80",
            "192.168.0.9:4242",
            "a@127.0.0.1:4242",
            "127.0.0.1:4242/x",
            "",
        ] {
            assert!(!settings.is_own_host(host), "{host}");
        }
    }

    #[test]
    fn elsewhere_an_address_is_answered_but_a_name_is_not() {
        let settings = settings("0.0.0.0:4242");
        assert!(settings.is_own_host("10.1.2.3:80"));
        assert!(settings.is_own_host("localhost:8080"));
        assert!(!settings.is_own_host("evil.example:4242"));
    }

    #[test]
    fn the_documented_credentials_give_the_documented_header() {
        assert_eq!(
            Settings::authorization("MyOrganization", "elephant-notepad-dancer"),
            "Basic TXlPcmdhbml6YXRpb246ZWxlcGhhbnQtbm90ZXBhZC1kYW5jZXI="
        );
    }
}
