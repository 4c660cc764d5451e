//! Where a host is: an address needs no look-up, `localhost` is this machine, and a name is remembered for a moment.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::stop::{aside, locked};

const GOOD_FOR: Duration = Duration::from_secs(10);

/// Looks names up, and remembers the last one.
#[derive(Debug, Default)]
pub(super) struct Names {
    last: Mutex<Option<(Instant, String, ResolvedSocketAddrs)>>,
}

impl Resolver for Names {
    fn resolve(
        &self,
        uri: &Uri,
        _: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(ureq::Error::BadUri(uri.to_string()));
        };
        let place = DefaultResolver::host_and_port(scheme, authority)
            .ok_or_else(|| ureq::Error::BadUri(uri.to_string()))?;
        let is_good = |kept: &&(Instant, String, ResolvedSocketAddrs)| {
            kept.0.elapsed() < GOOD_FOR && kept.1 == place
        };
        let last = locked(&self.last);
        if let Some((_, _, addresses)) = last.as_ref().filter(is_good) {
            return Ok(addresses.clone());
        }
        drop(last);
        let found = addresses(&place, *timeout.after).map_err(|e| match e.kind() {
            io::ErrorKind::TimedOut => ureq::Error::Timeout(ureq::Timeout::Resolve),
            _ => ureq::Error::HostNotFound,
        })?;
        let mut addresses = self.empty();
        for address in found.into_iter().take(16) {
            addresses.push(address);
        }
        let kept = (Instant::now(), place, addresses.clone());
        *locked(&self.last) = Some(kept);
        Ok(addresses)
    }
}

/// The addresses of `host:port`, at least one, found out within a time.
pub(super) fn addresses(place: &str, time: Duration) -> io::Result<Vec<SocketAddr>> {
    if let Ok(address) = place.parse() {
        return Ok(vec![address]);
    }
    if let Some((host, port)) = place.rsplit_once(':')
        && host.eq_ignore_ascii_case("localhost")
        && let Ok(port) = port.parse::<u16>()
    {
        // RFC 6761: a resolver could send credentials to another machine, in clear.
        return Ok(vec![
            (Ipv4Addr::LOCALHOST, port).into(),
            (Ipv6Addr::LOCALHOST, port).into(),
        ]);
    }
    let (place, clock) = (place.to_owned(), Instant::now());
    let look_up = move || place.to_socket_addrs().map(Vec::from_iter);
    let found = aside(look_up, || clock.elapsed() >= time);
    let found = found.unwrap_or_else(|| Err(io::ErrorKind::TimedOut.into()))?;
    if found.is_empty() {
        return Err(io::Error::other("it has no address"));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_and_localhost_are_looked_up_nowhere() {
        let shown = |place: &str| {
            let found = addresses(place, Duration::ZERO).unwrap();
            found.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(shown("127.0.0.9:80"), ["127.0.0.9:80"]);
        assert_eq!(shown("[::1]:80"), ["[::1]:80"]);
        assert_eq!(shown("LocalHost:8080"), ["127.0.0.1:8080", "[::1]:8080"]);
    }
}
