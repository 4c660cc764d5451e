//! Name, connection and TLS, one after the other, as the client goes them. What a proxy does is said to be out of sight.

use std::net::{SocketAddr, TcpStream};

use jiff::Timestamp;

use super::examination::Examination;
use crate::api::BaseUrl;
use crate::ending::{Code, Ending, in_words};
use crate::http::{self, Certificate, Network};

/// A certificate that ends sooner, in days, deserves a warning.
const FEW_DAYS: i64 = 14;

/// Looks at the way to the API. Tells whether it seems open.
pub fn connection(found: &mut Examination, base_url: &BaseUrl, network: &Network) -> bool {
    let host = base_url.host();
    if network.proxy.is_some() {
        return through_proxy(found, host, network);
    }
    let addresses = match http::look_up(&base_url.place()) {
        Ok(addresses) => addresses,
        Err(e) => {
            let finding = format!("the host name {host} was not found ({})", in_words(&e));
            let advice = "check the base URL and this machine's name servers; behind a proxy set HTTPS_PROXY";
            fail(found, "dns", finding, advice);
            return false;
        }
    };
    let shown: Vec<_> = addresses.iter().map(|a| a.ip().to_string()).collect();
    found.ok("dns", format!("{host} is {}", shown.join(", ")));
    let Some(stream) = tcp(found, host, &addresses) else {
        return false;
    };
    if !base_url.is_https() {
        found.skip("tls", "not used: plain HTTP to this machine");
        return true;
    }
    tls(found, stream, host, network)
}

/// Looks at the way to the proxy; what lies behind it only a call can tell.
fn through_proxy(found: &mut Examination, host: &str, network: &Network) -> bool {
    let Some((proxy, port)) = network.proxy_address() else {
        // The client says what is wrong with the setting.
        return true;
    };
    found.skip(
        "dns",
        format!("not looked at: the proxy looks {host} up, or this machine does for socks5://"),
    );
    let what = format!("the proxy {proxy}:{port}");
    let addresses = http::look_up(&format!("{proxy}:{port}")).unwrap_or_default();
    let is_open = tcp(found, &what, &addresses).is_some();
    if is_open {
        found.skip(
            "tls",
            "cannot be looked at through a proxy; echo tells whether it works",
        );
    }
    is_open
}

/// Tries every address, as the client does until one works.
fn tcp(found: &mut Examination, what: &str, addresses: &[SocketAddr]) -> Option<TcpStream> {
    let (mut open, mut dead, mut is_slow) = (Vec::new(), Vec::new(), false);
    for tried in http::connect(addresses) {
        match tried.connection {
            Ok(connection) => open.push(connection),
            Err(e) => {
                is_slow |= e.kind() == std::io::ErrorKind::TimedOut;
                dead.push(format!("{} ({})", tried.address.ip(), in_words(&e)));
            }
        }
    }
    let dead = dead.join(", ");
    let Some((stream, time)) = open.into_iter().next() else {
        let finding = match dead.as_str() {
            "" => format!("{what} takes no connection: its name was not found"),
            dead => format!("{what} takes no connection: {dead}"),
        };
        let advice = "check firewall, address and port; behind a proxy set HTTPS_PROXY";
        fail(found, "tcp", finding, advice);
        return None;
    };
    let milliseconds = time.as_secs_f64() * 1000.0;
    let mut finding = format!("{what} takes connections, in {milliseconds:.1} ms");
    if !dead.is_empty() {
        finding = format!("{finding}; not at {dead}");
    }
    if is_slow {
        let advice = "each new connection may wait some seconds for the dead address; correct the route to it, or the name";
        found.warn("tcp", finding, advice);
    } else {
        found.ok("tcp", finding);
    }
    Some(stream)
}

fn tls(found: &mut Examination, stream: TcpStream, host: &str, network: &Network) -> bool {
    let shown = match http::handshake(stream, host, network) {
        Ok(shown) => shown,
        Err(e) => {
            found.fail("tls", e);
            return false;
        }
    };
    // One that ended an hour ago has less than no day left.
    let days_left = |certificate: &Certificate| {
        let left = certificate.ends?.duration_since(Timestamp::now());
        Some(left.as_secs().div_euclid(24 * 3600))
    };
    let days = shown.certificate.as_ref().and_then(days_left);
    let issuer = shown.certificate.map_or_else(String::new, |certificate| {
        format!("; certificate by {}", certificate.issuer)
    });
    let days_shown = days.map_or_else(String::new, |days| match days {
        -1 => ", ended today".to_owned(),
        ..0 => format!(", ended {} days ago", -1 - days),
        _ => format!(", {days} days left"),
    });
    let certificate = issuer + &days_shown;
    if let Some(fault) = shown.fault {
        let advice = "nothing is sent to a server that cannot prove who it is; look for a proxy that opens TLS, and at the clock";
        fail(found, "tls", fault + &certificate, advice);
        return false;
    }
    let text = format!("{}{certificate}", shown.version.unwrap_or("TLS"));
    match days {
        Some(days) if days < FEW_DAYS => {
            let advice = "the certificate ends soon; its owner must renew it";
            found.warn("tls", text, advice);
        }
        _ => found.ok("tls", text),
    }
    true
}

fn fail(found: &mut Examination, name: &'static str, finding: String, advice: &'static str) {
    let cause = Ending::new(Code::NotSent, format!("not sent: {finding}")).next(advice);
    found.fail_as(name, finding, cause);
}
