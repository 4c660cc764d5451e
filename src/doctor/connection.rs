//! Name, connection and TLS, one after the other. What a proxy does in our place is said to be out of sight.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::Examination;
use crate::api::{self, BaseUrl, Handshake};
use crate::ending::{Code, Ending};
use crate::http::Network;

/// A name server or a server that has not answered by then is given up.
const TIMEOUT: Duration = Duration::from_secs(5);
/// A certificate that ends sooner, in days, deserves a warning.
const FEW_DAYS: i64 = 14;

/// Looks at the way to the API. Tells whether it seems open.
pub fn connection(found: &mut Examination, base_url: &BaseUrl, network: &Network) -> bool {
    if network.proxy.is_some() {
        return through_proxy(found, base_url, network);
    }
    let Some(addresses) = resolve(found, base_url) else {
        return false;
    };
    let Some(stream) = note_tcp(found, base_url.host(), open(&addresses)) else {
        return false;
    };
    if !base_url.is_https() {
        found.skip("tls", "not used: plain HTTP to this machine");
        return true;
    }
    tls(found, stream, base_url, network)
}

/// Looks at the way to the proxy; what lies behind it only a call can tell.
fn through_proxy(found: &mut Examination, base_url: &BaseUrl, network: &Network) -> bool {
    let Some((proxy, port)) = network.proxy_address() else {
        // The client says what is wrong with the setting.
        return true;
    };
    let host = base_url.host();
    found.skip(
        "dns",
        format!("not looked at: the proxy looks {host} up, or this machine does for socks5://"),
    );
    let address = (proxy.trim_matches(['[', ']']).to_owned(), port);
    let addresses = within(move || address.to_socket_addrs().map(Vec::from_iter));
    let stream = addresses.and_then(|addresses| open(&addresses));
    let is_open = note_tcp(found, &format!("the proxy {proxy}:{port}"), stream).is_some();
    if is_open {
        found.skip(
            "tls",
            "cannot be looked at through a proxy; echo tells whether it works",
        );
    }
    is_open
}

/// Runs something that may never come back, for a limited time.
fn within<T: Send + 'static>(
    act: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let (sender, receiver) = mpsc::channel();
    // Nobody listens any more if it came too late.
    std::thread::spawn(move || sender.send(act()));
    receiver
        .recv_timeout(TIMEOUT)
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

fn resolve(found: &mut Examination, base_url: &BaseUrl) -> Option<Vec<SocketAddr>> {
    let (host, wanted) = (base_url.host(), base_url.clone());
    match within(move || wanted.addresses()) {
        Ok(addresses) if !addresses.is_empty() => {
            let shown: Vec<_> = addresses.iter().map(|a| a.ip().to_string()).collect();
            found.ok("dns", format!("{host} is {}", shown.join(", ")));
            Some(addresses)
        }
        other => {
            let why = other.err().map_or_else(String::new, |e| format!(" ({e})"));
            fail(
                found,
                "dns",
                format!("the host name {host} was not found{why}"),
                "check the base URL and this machine's name servers; behind a proxy set HTTPS_PROXY",
            );
            None
        }
    }
}

/// Connects to the first address that answers.
fn open(addresses: &[SocketAddr]) -> io::Result<(TcpStream, Duration)> {
    let start = Instant::now();
    let mut last = io::Error::other("there is no address");
    for address in addresses {
        let left = TIMEOUT.saturating_sub(start.elapsed());
        if left.is_zero() {
            break;
        }
        match TcpStream::connect_timeout(address, left) {
            Ok(stream) => return Ok((stream, start.elapsed())),
            Err(e) => last = e,
        }
    }
    Err(last)
}

fn note_tcp(
    found: &mut Examination,
    what: &str,
    stream: io::Result<(TcpStream, Duration)>,
) -> Option<TcpStream> {
    match stream {
        Ok((stream, time)) => {
            let milliseconds = time.as_secs_f64() * 1000.0;
            let text = format!("{what} takes connections, in {milliseconds:.1} ms");
            found.ok("tcp", text);
            Some(stream)
        }
        Err(e) => {
            fail(
                found,
                "tcp",
                format!("{what} takes no connection: {e}"),
                "check firewall, address and port; behind a proxy set HTTPS_PROXY",
            );
            None
        }
    }
}

fn tls(found: &mut Examination, stream: TcpStream, base_url: &BaseUrl, network: &Network) -> bool {
    // A connection that takes no time-out is one that cannot hang either.
    let _ = stream.set_read_timeout(Some(TIMEOUT));
    let _ = stream.set_write_timeout(Some(TIMEOUT));
    let shown = match api::handshake(stream, base_url, network) {
        Ok(shown) => shown,
        Err(e) => {
            found.fail("tls", e.to_string(), None, e);
            return false;
        }
    };
    let days = shown
        .expires
        .map(|end| end.duration_since(Timestamp::now()).as_hours() / 24);
    let certificate = describe(&shown, days);
    if let Some(fault) = shown.fault {
        fail(
            found,
            "tls",
            format!("{fault}{certificate}"),
            "nothing is sent to a server that cannot prove who it is; look for a proxy that opens TLS, and at the clock",
        );
        return false;
    }
    let text = format!("{}{certificate}", shown.version.unwrap_or("TLS"));
    match days {
        Some(days) if days < FEW_DAYS => {
            found.warn(
                "tls",
                text,
                "the certificate ends soon; its owner must renew it",
            );
        }
        _ => found.ok("tls", text),
    }
    true
}

fn describe(shown: &Handshake, days: Option<i64>) -> String {
    let issuer = shown.issuer.as_ref();
    let issuer = issuer.map_or_else(String::new, |issuer| format!("; certificate by {issuer}"));
    let days = days.map_or_else(String::new, |days| match days {
        ..0 => format!(", ended {} days ago", -days),
        _ => format!(", {days} days left"),
    });
    issuer + &days
}

fn fail(found: &mut Examination, name: &'static str, finding: String, advice: &str) {
    let cause = Ending::new(Code::NotSent, format!("not sent: {finding}")).next(advice.to_owned());
    found.fail(name, finding, Some(advice.to_owned()), cause);
}
