//! How a sandbox is started, what it tells its owner, and which hosts it answers to. It serves nothing.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use secrecy::{ExposeSecret as _, SecretString};

use url::Url;

use super::catalog::Catalog;
use super::requests::LoggedRequest;
use crate::files;
use crate::http::{self, AuthScheme};
use crate::server::Request;

/// The port and the credentials unless others are given.
pub const PORT: u16 = 4242;
const CREDENTIALS: (&str, &str) = ("sandbox", "sandbox");
const PORT_VARIABLE: &str = "BANGO_SANDBOX_PORT";
const USERNAME_VARIABLE: &str = "BANGO_SANDBOX_USERNAME";
const PASSWORD_VARIABLE: &str = "BANGO_SANDBOX_PASSWORD";

/// What an observer is told.
pub enum SandboxEvent<'e> {
    /// An API call, a registration or an act of a merchant was answered.
    Request(&'e LoggedRequest),
    /// Something is wrong with the state file, or right again.
    State(&'e str),
}

/// How to start a sandbox.
#[derive(Clone)]
pub struct SandboxOptions {
    /// Where to listen; port 0 picks a free one.
    pub address: SocketAddr,
    /// The state file; without one everything is forgotten at the end.
    pub state: Option<PathBuf>,
    /// What API calls must give.
    pub username: String,
    pub password: String,
    /// What is sold.
    pub catalog: Catalog,
    /// The most API requests per second.
    pub rate_limit: Option<u32>,
    /// Where notifications go of what is created without a URL of its own, as an account may have one.
    pub notification_url: Option<String>,
    /// How notifications are authenticated, and the secret.
    pub notification_auth: Option<(AuthScheme, SecretString)>,
    /// Under which URL clients reach it, if that is not the address.
    pub public_url: Option<Url>,
    /// More host names that it answers to.
    pub hosts: Vec<String>,
    /// Whether each notification is sent twice.
    pub duplicate_notifications: bool,
    /// Whether notifications are held back at random, so that they overtake each other.
    pub shuffle_notifications: bool,
    /// How long a registration link works.
    pub link_lifetime: Duration,
    /// Called from the sandbox's thread, so it must be quick.
    pub observer: Arc<dyn Fn(SandboxEvent) + Send + Sync>,
}

impl SandboxOptions {
    /// A sandbox as the environment names it: the port unless it is given, credentials, and the state file under the XDG state
    /// directory.
    pub fn from_environment(port: Option<u16>) -> Result<Self> {
        let read = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let parse = |text: String| {
            let why = || format!("{PORT_VARIABLE}={text} is no port");
            text.parse().with_context(why)
        };
        let port = match port {
            None => read(PORT_VARIABLE).map_or(Ok(PORT), parse)?,
            Some(port) => port,
        };
        let or = |name, default: &str| read(name).unwrap_or_else(|| default.to_owned());
        Ok(Self {
            address: (Ipv4Addr::LOCALHOST, port).into(),
            state: state_file().ok(),
            username: or(USERNAME_VARIABLE, CREDENTIALS.0),
            password: or(PASSWORD_VARIABLE, CREDENTIALS.1),
            catalog: Catalog::built_in()?,
            rate_limit: None,
            notification_url: None,
            notification_auth: None,
            public_url: None,
            hosts: Vec::new(),
            duplicate_notifications: false,
            shuffle_notifications: false,
            link_lifetime: Duration::from_secs(3600),
            observer: Arc::new(|_| {}),
        })
    }

    /// Says whether anybody knows the password.
    pub fn has_default_password(&self) -> bool {
        self.password == CREDENTIALS.1
    }
}

/// Where the state is kept unless another file is given: under the XDG state directory.
pub fn state_file() -> Result<PathBuf> {
    let folder = files::state_folder().context("there is no home directory")?;
    Ok(folder.join("sandbox.jsonl"))
}

/// What holds for the life of a sandbox.
pub struct Config {
    pub options: SandboxOptions,
    /// The `Authorization` header that every API call must carry.
    pub authorization: SecretString,
    /// The address that is bound.
    pub address: SocketAddr,
}

impl Config {
    pub fn new(options: SandboxOptions, address: SocketAddr) -> Self {
        Self {
            authorization: http::basic(&options.username, &options.password.as_str().into()),
            options,
            address,
        }
    }

    /// Says whether a request carries the credentials.
    pub fn admits(&self, request: &Request) -> bool {
        let wanted = self.authorization.expose_secret().split_once(' ');
        let given = request
            .header("authorization")
            .and_then(|value| value.split_once(' '));
        given.zip(wanted).is_some_and(|(given, wanted)| {
            given.0.eq_ignore_ascii_case(wanted.0) && given.1 == wanted.1
        })
    }

    /// The origin under which a client reaches this sandbox: the public one, or what it asked for, if that is one of ours.
    pub fn origin(&self, request: &Request) -> String {
        match request.header("host") {
            // Behind a proxy its scheme may differ.
            Some(host) if self.is_public(host) => self.public_origin().unwrap_or_default(),
            Some(host) if self.is_own_host(host) => format!("http://{host}"),
            _ => self.own_origin(),
        }
    }

    /// Whether a host is that of the public URL.
    fn is_public(&self, host: &str) -> bool {
        let public = self.options.public_url.as_ref();
        public.is_some_and(|url| url.authority().eq_ignore_ascii_case(host))
    }

    /// The public origin, if there is one.
    pub fn public_origin(&self) -> Option<String> {
        let url = self.options.public_url.as_ref()?;
        Some(url.origin().ascii_serialization())
    }

    /// The origin that is bound.
    pub fn own_origin(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(match address {
                SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        format!("http://{address}")
    }

    /// Says whether a `Host` header names this sandbox, so that a foreign name that resolves to this machine gets nothing.
    ///
    /// On a loopback address host and port must be ours. Elsewhere any IP address will do, since the port may be mapped and
    /// an attacker needs a name.
    pub fn is_own_host(&self, host: &str) -> bool {
        let Ok(url) = Url::parse(&format!("http://{host}/")) else {
            return false;
        };
        if url.path() != "/" || !url.username().is_empty() || url.password().is_some() {
            return false;
        }
        let is_allowed = |name: &String| {
            url.host_str()
                .is_some_and(|host| host.eq_ignore_ascii_case(name))
        };
        if self.is_public(host) || self.options.hosts.iter().any(is_allowed) {
            return true;
        }
        let host = url.host();
        let is_local = host.as_ref().is_some_and(http::is_loopback);
        if self.address.ip().is_loopback() {
            is_local && url.port_or_known_default() == Some(self.address.port())
        } else {
            is_local || matches!(host, Some(url::Host::Ipv4(_) | url::Host::Ipv6(_)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(address: &str) -> Config {
        Config::new(
            SandboxOptions::from_environment(Some(0)).unwrap(),
            address.parse().unwrap(),
        )
    }

    #[test]
    fn on_loopback_only_its_own_names_and_port_are_answered() {
        let config = config("127.0.0.1:4242");
        for host in [
            "127.0.0.1:4242",
            "localhost:4242",
            "LOCALHOST:4242",
            "[::1]:4242",
        ] {
            assert!(config.is_own_host(host), "{host}");
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
            assert!(!config.is_own_host(host), "{host}");
        }
    }

    #[test]
    fn elsewhere_an_address_is_answered_but_a_name_is_not() {
        let config = config("0.0.0.0:4242");
        assert!(config.is_own_host("10.1.2.3:80"));
        assert!(config.is_own_host("localhost:8080"));
        assert!(!config.is_own_host("evil.example:4242"));
    }
}
