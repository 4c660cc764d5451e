//! TLS: which servers are trusted, and that a request is not sent to any other, with the cause named.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use insta::assert_snapshot;

use crate::support::authority::{Authority, HOST, Tls, serve};
use crate::support::cli::{AUTHORIZATION, CREATE, Home, Outcome, run};
use crate::support::server::{Connection, Server, active, header, http};

fn url(peer: &Server) -> String {
    format!("https://{HOST}:{}/v1", peer.port())
}

/// Runs a create against this server; trusts this file alone.
fn create(home: &Home, peer: &Server, trusted: &Path, more: &[&str]) -> Outcome {
    run(home
        .client(&url(peer))
        .args(CREATE)
        .args(more)
        .env("SSL_CERT_FILE", trusted))
}

/// Expects that nothing was sent to this server, which everybody trusts, and returns the reason.
fn refusal(
    serve: impl Fn(Connection, &Authority) + Send + Sync + 'static,
    retries: &str,
) -> (String, usize) {
    let (home, authority) = (Home::new(), Arc::new(Authority::new()));
    let trusted = home.write("trusted.pem", authority.pem());
    let peer = Server::start(move |connection| serve(connection, &authority));
    let outcome = create(&home, &peer, &trusted, &["--json", "--retries", retries]);
    assert_eq!(outcome.code, 31, "{}", outcome.stderr);
    let error = outcome.json()["error"].take();
    assert_eq!(error["code"], "NOT_SENT");
    assert_eq!(error["outcome"], "not_sent");
    assert_eq!(peer.requests(), [""; 0]);
    let reason = error["message"].as_str().unwrap().to_owned();
    assert!(
        outcome.stderr.contains(&format!("error: {reason}\n")),
        "{}",
        outcome.stderr
    );
    (reason, peer.connections())
}

#[test]
fn a_server_of_ones_own_authority_is_trusted_through_either_setting() {
    let (home, authority) = (Home::new(), Authority::new());
    let peer = authority.answering(http(200, &[], active()));
    let (own, other) = (
        home.write("own.pem", authority.pem()),
        home.write("other.pem", Authority::new().pem()),
    );
    let outcome = create(&home, &peer, &own, &[]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    // --ca-cert adds to what is trusted already.
    for (set, added) in [(&other, &own), (&own, &other)] {
        let outcome = create(&home, &peer, set, &["--ca-cert", added.to_str().unwrap()]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    }
    let requests = peer.requests();
    assert_eq!(requests.len(), 3);
    assert!(
        requests
            .iter()
            .all(|request| header(request, "Authorization") == Some(AUTHORIZATION)),
        "{requests:?}"
    );
}

#[test]
fn a_server_of_an_unknown_authority_is_refused_and_the_remedy_is_named() {
    let (home, authority) = (Home::new(), Authority::new());
    let peer = authority.answering(http(200, &[], active()));
    let other = home.write("other.pem", Authority::named("another").pem());
    let outcome = create(&home, &peer, &other, &[]);
    assert_snapshot!(outcome.shown(), @r"
    exit code: 31
    ----- stdout -----
    ----- stderr -----
    error: not sent: the TLS certificate of 127.0.0.1 is not from an authority that this system trusts; trust your own with --ca-cert or SSL_CERT_FILE
      what next: correct what the message names; this looks for the cause: bango-ent doctor
      request identifier: [UUID]
    ");
    let namesake = home.write("namesake.pem", Authority::new().pem());
    let by_a_namesake = create(&home, &peer, &namesake, &[]);
    assert_eq!(by_a_namesake.shown(), outcome.shown());
    let by_the_system = run(home.client(&url(&peer)).args(CREATE));
    assert_eq!(by_the_system.code, 31, "{}", by_the_system.stderr);
    assert_eq!(peer.requests(), [""; 0]);
    assert_eq!(peer.connections(), 3, "none was repeated");
}

#[test]
fn an_empty_trust_store_is_named_as_the_cause() {
    let (home, authority) = (Home::new(), Authority::new());
    let peer = authority.answering(http(200, &[], active()));
    for file in ["missing.pem", "empty.pem"] {
        home.write("empty.pem", "");
        let outcome = create(&home, &peer, &home.path().join(file), &[]);
        assert_eq!(outcome.code, 31, "{}", outcome.stderr);
        assert!(
            outcome.stderr.contains("no authority is there to trust")
                && outcome.stderr.contains("SSL_CERT_FILE"),
            "{}",
            outcome.stderr
        );
    }
    assert_eq!(peer.requests(), [""; 0]);
}

#[test]
fn a_certificate_that_does_not_fit_is_refused_once_and_its_fault_is_named() {
    for (host, from, until, fault) in [
        (
            "other.example",
            2020,
            2100,
            "is for another host than 127.0.0.1",
        ),
        (HOST, 2001, 2002, "has expired"),
        (HOST, 2098, 2099, "is not valid yet"),
    ] {
        let (reason, connections) = refusal(
            move |connection, authority| {
                serve(&connection, &authority.server(host, from, until), &drop);
            },
            "3",
        );
        assert!(reason.contains(fault), "{reason}");
        assert_eq!(connections, 1, "{fault}");
    }
}

/// A `ServerHello` of TLS 1.1 that chooses a cipher suite of its time.
fn hello_of_tls_1_1() -> Vec<u8> {
    let mut body = vec![0x03, 0x02];
    body.extend([7; 32]);
    body.extend([0x00, 0x00, 0x2f, 0x00]);
    let length = u8::try_from(body.len()).unwrap();
    let head = [0x16, 0x03, 0x02, 0x00, length + 4, 0x02, 0x00, 0x00, length];
    [&head[..], &body].concat()
}

#[test]
fn a_server_that_cannot_speak_safe_tls_is_refused_and_the_reason_is_named() {
    let alert_protocol_version = vec![0x15, 0x03, 0x02, 0x00, 0x02, 0x02, 0x46];
    for (answer, fault) in [
        (hello_of_tls_1_1(), "TLS 1.2 or newer is needed"),
        (alert_protocol_version, "TLS 1.2 or newer is needed"),
        (
            http(400, &[], "no TLS here"),
            "does not speak TLS on this port",
        ),
        (
            b"220 mail.example ESMTP\r\n".to_vec(),
            "does not speak TLS on this port",
        ),
    ] {
        let (reason, connections) = refusal(
            move |mut connection, _| {
                std::io::Read::read(&mut connection.stream, &mut [0; 4096]).unwrap();
                connection.say(&answer);
                connection.hang();
            },
            "3",
        );
        assert!(reason.contains(fault), "{reason}");
        assert_eq!(connections, 1, "{fault}");
    }
}

#[test]
fn a_handshake_that_breaks_is_not_sent_and_is_tried_again() {
    let hello = |connection: &mut Connection| {
        std::io::Read::read(&mut connection.stream, &mut [0; 4096]).unwrap();
    };
    let (closed, connections) = refusal(move |mut connection, _| hello(&mut connection), "1");
    assert!(closed.contains("TLS handshake"), "{closed}");
    assert_eq!(connections, 2);
    let (reset, connections) = refusal(
        move |mut connection, _| {
            hello(&mut connection);
            connection.reset();
        },
        "1",
    );
    assert!(reset.contains("TLS handshake"), "{reset}");
    assert_eq!(connections, 2);
}

#[test]
fn a_handshake_that_never_ends_is_not_sent() {
    let (home, authority) = (Home::new(), Authority::new());
    let trusted = home.write("trusted.pem", authority.pem());
    let peer = Server::start(Connection::hang);
    let outcome = create(&home, &peer, &trusted, &["--timeout", "1s"]);
    assert_eq!(outcome.code, 31, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("in time"), "{}", outcome.stderr);
}

#[test]
fn a_server_that_breaks_after_the_request_leaves_the_outcome_unknown() {
    let (home, authority) = (Home::new(), Authority::new());
    let trusted = home.write("trusted.pem", authority.pem());
    let vanish = |stream: Tls| drop(stream.sock);
    let cut = |mut stream: Tls| stream.write_all(&http(200, &[], active())[..60]).unwrap();
    // Without a length nothing but the JSON itself tells that something is missing.
    let unended = |mut stream: Tls| {
        stream.write_all(b"HTTP/1.0 200 OK\r\n\r\n").unwrap();
        let body = active();
        stream.write_all(&body.as_bytes()[..90]).unwrap();
    };
    for peer in [
        authority.serving(vanish),
        authority.serving(cut),
        authority.serving(unended),
    ] {
        let outcome = create(&home, &peer, &trusted, &["--json", "--retries", "0"]);
        assert_eq!(outcome.code, 30, "{}", outcome.stderr);
        assert_eq!(outcome.json()["error"]["outcome"], "unknown");
        assert_eq!(peer.requests().len(), 1);
    }
}

#[test]
fn a_ca_file_that_cannot_be_used_is_a_configuration_error() {
    let home = Home::new();
    home.write("empty.pem", "");
    home.write("text.pem", "no certificate in here\n");
    home.write(
        "broken.pem",
        "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
    );
    home.write(
        "garbage.pem",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    home.write("bytes.pem", [0, 159, 146, 150]);
    let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    home.write("key.pem", key);
    let peer = Server::start(drop);
    for file in [
        "missing.pem",
        "empty.pem",
        "text.pem",
        "broken.pem",
        "garbage.pem",
        "bytes.pem",
        "key.pem",
        ".",
    ] {
        let outcome =
            run(home
                .client(&url(&peer))
                .args(CREATE)
                .args(["--json", "--ca-cert", file]));
        assert_eq!(outcome.code, 3, "{file}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains(&format!("the CA file {file} ")),
            "{}",
            outcome.stderr
        );
        assert_eq!(outcome.json()["error"]["outcome"], "not_sent");
    }
    assert_eq!(peer.connections(), 0);
}

#[test]
fn an_authoritys_own_certificate_as_a_servers_is_refused_in_words() {
    // The usual recipe for a self-signed certificate makes it one of an authority.
    let mut params = rcgen::CertificateParams::new([HOST.to_owned()]).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let der = rustls::pki_types::PrivatePkcs8KeyDer::from(key.serialize_der());
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], der.into());
    let config = Arc::new(config.unwrap());
    let peer = Server::start(move |connection| serve(&connection, &config, &drop));
    let home = Home::new();
    let own = home.write("own.pem", certificate.pem());
    let outcome = create(&home, &peer, &own, &["--retries", "0"]);
    assert_eq!(outcome.code, 31, "{}", outcome.stderr);
    let words = "is that of an authority itself";
    assert!(outcome.stderr.contains(words), "{}", outcome.stderr);
}
