//! Where the API's host is: an address needs no look-up, and a name is remembered for a moment.
//! The usual resolver starts a thread for every request, also on a kept connection.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// How long an address is good.
const GOOD_FOR: Duration = Duration::from_secs(10);

/// The usual resolver and its last answer.
#[derive(Debug, Default)]
pub(super) struct Remembering {
    resolver: DefaultResolver,
    last: Mutex<Option<(Instant, String, ResolvedSocketAddrs)>>,
}

impl Resolver for Remembering {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        if let Some(address) = address(uri) {
            let mut addresses = self.empty();
            addresses.push(address);
            return Ok(addresses);
        }
        let place = format!(
            "{}://{}",
            uri.scheme_str().unwrap_or_default(),
            uri.authority().map_or("", |authority| authority.as_str())
        );
        let is_good = |kept: &&(Instant, String, ResolvedSocketAddrs)| {
            kept.0.elapsed() < GOOD_FOR && kept.1 == place
        };
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, addresses)) = last.as_ref().filter(is_good) {
            return Ok(addresses.clone());
        }
        drop(last);
        let addresses = self.resolver.resolve(uri, config, timeout)?;
        let kept = (Instant::now(), place, addresses.clone());
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(addresses)
    }
}

fn address(uri: &Uri) -> Option<SocketAddr> {
    let text = DefaultResolver::host_and_port(uri.scheme()?, uri.authority()?)?;
    text.parse().ok()
}
