//! Real proxies: tinyproxy with and without a login, and SOCKS5. The request and its credentials stay inside TLS.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use serde_json::json;

use crate::support::authority::{Authority, serve};
use crate::support::cli::{AUTHORIZATION, CREATE, Home, Outcome, PASSWORD, run, wait_until};
use crate::support::server::{Server, entitlement, header, http};

/// This machine under an address that is not a loopback one, so that a proxy is used for it.
const HERE: &str = "0.0.0.0";

/// The API inside TLS, and the file of its authority.
fn api(home: &Home, host: &str) -> (Server, std::path::PathBuf) {
    let authority = Authority::new();
    let trusted = home.write("trusted.pem", authority.pem());
    let config = authority.server(host, 2020, 2100);
    let peer = Server::start(move |connection| {
        serve(&connection, &Arc::clone(&config), &|mut stream| {
            let body = entitlement(&json!({})).to_string();
            stream.write_all(&http(200, &[], body)).unwrap();
        });
    });
    (peer, trusted)
}

fn create(home: &Home, url: &str, proxy: (&str, &str), more: &[(&str, &str)]) -> Outcome {
    let trusted = home.path().join("trusted.pem");
    run(home
        .client(url)
        .args(CREATE)
        .args(["--json", "-vv", "--log-file", "bango.log", "--retries", "0"])
        .env("SSL_CERT_FILE", trusted)
        .env(proxy.0, proxy.1)
        .envs(more.iter().copied()))
}

/// Fails if a secret is in what the run left behind.
fn assert_kept(home: &Home, outcome: &Outcome, secrets: &[&str]) {
    let log = std::fs::read_to_string(home.path().join("bango.log")).unwrap_or_default();
    for secret in [&[PASSWORD], secrets].concat() {
        for text in [&outcome.stdout, &outcome.stderr, &log] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

struct Tinyproxy {
    child: Child,
    port: u16,
}

impl Drop for Tinyproxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn tinyproxy(home: &Home, more: &str) -> Tinyproxy {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let config = home.write(
        "tinyproxy.conf",
        format!(
            "Port {port}\nListen 127.0.0.1\nTimeout 30\nMaxClients 20\nAllow 127.0.0.1\n{more}"
        ),
    );
    let child = Command::new("tinyproxy")
        .arg("-d")
        .arg("-c")
        .arg(config)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("tinyproxy", || {
        TcpStream::connect(("127.0.0.1", port)).is_ok()
    });
    Tinyproxy { child, port }
}

#[test]
#[ignore = "needs tinyproxy"]
fn a_request_goes_through_tinyproxy() {
    let home = Home::new();
    let proxy = tinyproxy(&home, "");
    let (peer, _) = api(&home, HERE);
    let url = format!("https://{HERE}:{}/v1", peer.port());
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let outcome = create(
            &home,
            &url,
            (variable, &format!("http://127.0.0.1:{}", proxy.port)),
            &[],
        );
        assert_eq!(outcome.code, 0, "{variable}: {}", outcome.stderr);
        assert_kept(&home, &outcome, &[]);
    }
    let requests = peer.requests();
    assert_eq!(requests.len(), 4);
    assert_eq!(header(&requests[0], "Authorization"), Some(AUTHORIZATION));
}

#[test]
#[ignore = "needs tinyproxy"]
fn tinyproxy_with_a_login_takes_the_right_one_alone() {
    let home = Home::new();
    let proxy = tinyproxy(&home, "BasicAuth who secret-ofproxy\n");
    let (peer, _) = api(&home, HERE);
    let url = format!("https://{HERE}:{}/v1", peer.port());
    let secrets = ["secret-ofproxy", "secret%2Dofproxy", "d2hvOnNlY3Jld"];
    // The password is percent-encoded in the URL, as everywhere.
    for (login, code) in [
        ("who:secret%2Dofproxy@", 0),
        ("who:wrong-password@", 31),
        ("", 31),
    ] {
        let address = format!("http://{login}127.0.0.1:{}", proxy.port);
        let outcome = create(&home, &url, ("HTTPS_PROXY", &address), &[]);
        assert_eq!(outcome.code, code, "{login}: {}", outcome.stderr);
        assert_kept(
            &home,
            &outcome,
            &[&secrets[..], &["wrong-password"]].concat(),
        );
        if code == 31 {
            assert_eq!(outcome.json()["error"]["outcome"], "not_sent");
            assert!(outcome.stderr.contains("the proxy"), "{}", outcome.stderr);
        }
    }
    assert_eq!(peer.requests().len(), 1);
    assert_eq!(header(&peer.requests()[0], "Proxy-Authorization"), None);
}

#[test]
fn no_proxy_leaves_tinyproxy_out() {
    let home = Home::new();
    // Nothing listens there: a request that goes to it fails.
    let nowhere = ("HTTPS_PROXY", "http://127.0.0.1:1");
    let (peer, _) = api(&home, HERE);
    let url = format!("https://{HERE}:{}/v1", peer.port());
    assert_eq!(create(&home, &url, nowhere, &[]).code, 31);
    for list in [HERE, "*", "x.example, 0.0.0.0"] {
        let outcome = create(&home, &url, nowhere, &[("NO_PROXY", list)]);
        assert_eq!(outcome.code, 0, "{list}: {}", outcome.stderr);
    }
}

/// A SOCKS5 server that sends every connection to this port here. It wants this login, if one is given.
fn socks(port: u16, login: Option<(&'static str, &'static str)>) -> Server {
    Server::start(move |connection| {
        let mut stream = connection.stream.try_clone().unwrap();
        let Some(target) = negotiate(&mut stream, login) else {
            return;
        };
        connection.keep(target);
        let onward = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
        let (mut from, mut to) = (stream.try_clone().unwrap(), onward.try_clone().unwrap());
        std::thread::spawn(move || {
            // An error is an end as well.
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        });
        let mut onward = onward;
        let _ = std::io::copy(&mut onward, &mut stream);
        let _ = stream.shutdown(Shutdown::Both);
    })
}

fn take(stream: &mut TcpStream, length: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// Speaks SOCKS5 up to the request, and returns where it is to go.
fn negotiate(stream: &mut TcpStream, login: Option<(&str, &str)>) -> Option<String> {
    let methods = take(stream, 2)?[1];
    let offered = take(stream, usize::from(methods))?;
    let wanted = if login.is_some() { 2 } else { 0 };
    if !offered.contains(&wanted) {
        stream.write_all(&[5, 0xff]).ok()?;
        return None;
    }
    stream.write_all(&[5, wanted]).ok()?;
    if let Some((name, password)) = login {
        let length = take(stream, 2)?[1];
        let given_name = take(stream, usize::from(length))?;
        let length = take(stream, 1)?[0];
        let given_password = take(stream, usize::from(length))?;
        let fits = given_name == name.as_bytes() && given_password == password.as_bytes();
        stream.write_all(&[1, u8::from(!fits)]).ok()?;
        if !fits {
            return None;
        }
    }
    let head = take(stream, 4)?;
    let host = if head[3] == 1 {
        let address: [u8; 4] = take(stream, 4)?.try_into().ok()?;
        Ipv4Addr::from(address).to_string()
    } else {
        let length = take(stream, 1)?[0];
        String::from_utf8(take(stream, usize::from(length))?).ok()?
    };
    take(stream, 2)?;
    Some(host)
}

#[test]
fn a_request_goes_through_socks5_and_socks5h_looks_the_name_up_there() {
    for (host, scheme) in [(HERE, "socks5"), ("resale.bango-ent.invalid", "socks5h")] {
        let home = Home::new();
        let (peer, _) = api(&home, host);
        let proxy = socks(peer.port(), None);
        let url = format!("https://{host}:{}/v1", peer.port());
        let address = format!("{scheme}://127.0.0.1:{}", proxy.port());
        let outcome = create(&home, &url, ("ALL_PROXY", &address), &[]);
        assert_eq!(outcome.code, 0, "{scheme}: {}", outcome.stderr);
        assert_eq!(proxy.requests(), [host]);
        assert_eq!(
            header(&peer.requests()[0], "Authorization"),
            Some(AUTHORIZATION)
        );
    }
}

#[test]
fn socks5_with_a_login_takes_the_right_one_alone() {
    let home = Home::new();
    let (peer, _) = api(&home, HERE);
    let proxy = socks(peer.port(), Some(("who", "secret-of-proxy")));
    let url = format!("https://{HERE}:{}/v1", peer.port());
    for (login, code) in [
        ("who:secret-of-proxy@", 0),
        ("who:wrong-password@", 31),
        ("", 31),
    ] {
        let address = format!("socks5://{login}127.0.0.1:{}", proxy.port());
        let outcome = create(&home, &url, ("HTTPS_PROXY", &address), &[]);
        assert_eq!(outcome.code, code, "{login}: {}", outcome.stderr);
        assert_kept(&home, &outcome, &["secret-of-proxy", "wrong-password"]);
    }
    assert_eq!(peer.requests().len(), 1);
}
