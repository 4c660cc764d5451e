//! The wire at its worst: answers that are broken off or odd, and connections that never come about.

use std::fmt::Write;
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use flate2::Compression;
use rustix::net::{AddressFamily, SocketType};
use serde_json::json;

use crate::support::cli::{CREATE, Cli, Home, run};
use crate::support::server::{Connection, Server, active, entitlement, header, http, read_request};
use crate::wire::doubt::{create, doubt};

#[test]
fn a_compressed_answer_is_read() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(active().as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let whole = Server::answering(http(200, &["Content-Encoding: gzip"], &packed));
    assert_eq!(create(&whole, &[]).code, 0);
    assert!(
        header(&whole.requests()[0], "Accept-Encoding").is_some_and(|value| value.contains("gzip"))
    );
    for coding in ["GZIP", "x-gzip"] {
        let header = format!("Content-Encoding: {coding}");
        let peer = Server::answering(http(200, &[&header], &packed));
        assert_eq!(create(&peer, &[]).code, 0, "{coding}");
    }
    for broken in [&packed[..packed.len() / 2], b"no gzip at all"] {
        let peer = Server::answering(http(200, &["Content-Encoding: gzip"], broken));
        doubt(&peer, &["--retries", "0"]);
    }
}

#[test]
fn an_answer_that_breaks_off_is_asked_for_again_under_the_same_identifier() {
    let truncated = |mut connection: Connection| {
        connection.request();
        connection.say(format!(
            "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{}",
            active()
        ));
    };
    let unfinished_chunk = |mut connection: Connection| {
        connection.request();
        connection.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n{");
    };
    let reset = |mut connection: Connection| {
        connection.request();
        connection.reset();
    };
    let closed = |mut connection: Connection| {
        connection.request();
    };
    let half_a_head = |mut connection: Connection| {
        connection.request();
        connection.say("HTTP/1.1 200 OK\r\nContent-Le");
    };
    for peer in [
        Server::start(truncated),
        Server::start(unfinished_chunk),
        Server::start(reset),
        Server::start(closed),
        Server::start(half_a_head),
    ] {
        let message = doubt(&peer, &["--retries", "1"]);
        assert!(
            message.contains("Bango may or may not have acted"),
            "{message}"
        );
        assert_eq!(peer.requests().len(), 2);
    }
}

#[test]
fn an_answer_that_comes_at_the_second_attempt_is_the_result() {
    let peer = Server::start(|mut connection| {
        connection.request();
        if connection.number == 1 {
            connection.reset();
        } else {
            connection.say(http(200, &[], active()));
        }
    });
    let outcome = create(&peer, &[]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(outcome.stderr.matches("; retry 1 of 3 in ").count(), 1);
    assert_eq!(peer.requests().len(), 2);
}

#[test]
fn without_a_connection_nothing_was_sent() {
    let home = Home::new();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let refused = format!("http://127.0.0.1:{port}/v1");
    for (base_url, reason) in [
        (refused.as_str(), "Connection refused"),
        ("https://bango-ent.invalid/v1", "bango-ent.invalid"),
    ] {
        let arguments = ["--json", "--retries", "1", "--timeout", "10s"];
        let outcome = run(home.client(base_url).args(CREATE).args(arguments));
        assert_eq!(outcome.code, 31, "{}", outcome.stderr);
        let error = outcome.json()["error"].take();
        assert_eq!(
            (error["code"].as_str(), error["outcome"].as_str()),
            (Some("NOT_SENT"), Some("not_sent"))
        );
        let message = error["message"].as_str().unwrap();
        assert!(
            message.starts_with("not sent: ") && message.contains(reason),
            "{message}"
        );
    }
}

#[test]
fn a_lost_answer_stays_unknown_when_later_attempts_find_no_connection() {
    let home = Home::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        drop(listener);
        read_request(&mut stream)
    });
    let outcome = run(home
        .client(&base_url)
        .args(CREATE)
        .args(["--json", "--retries", "1"]));
    assert!(server.join().unwrap().starts_with("POST /v1/entitlement "));
    assert_eq!(outcome.code, 30, "{}", outcome.stderr);
    let error = outcome.json()["error"].take();
    assert_eq!(error["outcome"], "unknown");
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("an earlier attempt may have been acted on"),
        "{message}"
    );
    assert!(message.contains("Connection refused"), "{message}");
    assert!(error["repeat"].is_string());
}

#[test]
fn a_redirect_is_not_followed_and_no_credential_goes_elsewhere() {
    let elsewhere = Server::answering(http(200, &[], active()));
    let location = format!("Location: {}/entitlement", elsewhere.base_url());
    for status in [301, 302, 303, 307, 308] {
        let peer = Server::answering(http(status, &[&location], ""));
        doubt(&peer, &[]);
        assert_eq!(peer.requests().len(), 1);
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn odd_but_legal_answers_are_read() {
    let body = active();
    let mut chunked = String::from("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n");
    for part in body.as_bytes().chunks(7) {
        let text = String::from_utf8_lossy(part);
        write!(chunked, "{:x};name=value\r\n{text}\r\n", part.len()).unwrap();
    }
    chunked.push_str("0\r\nTrailer: yes\r\n\r\n");
    let length = body.len();
    for answer in [
        format!("HTTP/1.0 200 OK\r\n\r\n{body}"),
        format!("HTTP/1.0 200 OK\r\nContent-Length: {length}\r\n\r\n{body}"),
        format!("HTTP/1.1 200 OK\r\n\r\n{body}"),
        format!("HTTP/1.1 200\r\nCONTENT-LENGTH:{length}\r\n\r\n{body}"),
        format!(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}"
        ),
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX: \u{fc}\r\nContent-Length: {length}\r\n\r\n{body}"
        ),
        format!(
            "HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: {length}\r\n\r\n{body}",
            "j".repeat(9000)
        ),
        chunked,
    ] {
        let head = answer[..answer.len().min(60)].to_owned();
        let peer = Server::answering(answer);
        let outcome = create(&peer, &["--retries", "0"]);
        assert_eq!(outcome.code, 0, "{head:?}: {}", outcome.stderr);
    }
}

#[test]
fn what_is_no_http_is_an_unknown_outcome() {
    let endless_head = Server::start(|mut connection| {
        connection.request();
        connection.say("HTTP/1.1 200 OK\r\n");
        while connection.say(format!("X: {}\r\n", "j".repeat(1000))) {}
    });
    for peer in [
        Server::answering("220 mail.example ESMTP\r\n\r\n"),
        Server::answering("\r\n\r\n\r\n"),
        Server::answering([0, 159, 146, 150, 13, 10, 13, 10]),
        Server::answering("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}"),
        Server::answering("HTTP/1.1 200 OK\r\nno colon\r\n\r\n{}"),
        Server::answering("HTTP/1.1 200 OK\r\nX-\u{e9}: 1\r\n\r\n{}"),
        Server::answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}"),
        endless_head,
    ] {
        doubt(&peer, &["--retries", "0"]);
    }
}

#[test]
fn a_success_without_what_a_success_holds_can_be_repeated_safely() {
    for missing in [json!({"status": "FAILED"}), json!({"entitlementId": null})] {
        let peer = Server::answering(http(200, &[], entitlement(&missing).to_string()));
        let message = doubt(&peer, &[]);
        assert!(message.starts_with("Bango answered OK, but "), "{message}");
    }
}

#[test]
fn a_connection_that_is_kept_open_serves_the_retry_too() {
    let peer = Server::start(|mut connection| {
        connection.request();
        let busy = json!({"responseCode": "SERVICE_UNAVAILABLE"}).to_string();
        let head = format!("Retry-After: 0\r\nContent-Length: {}\r\n", busy.len());
        connection.say(format!("HTTP/1.1 503 X\r\n{head}\r\n{busy}"));
        connection.request();
        connection.say(http(200, &[], active()));
        connection.hang();
    });
    let outcome = create(&peer, &[]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!((peer.connections(), peer.requests().len()), (1, 2));
}

/// A listener that takes no connection and refuses none, as a host behind a firewall: its queue is full.
fn silent(address: &str) -> (OwnedFd, Vec<OwnedFd>, u16) {
    let address: SocketAddr = address.parse().unwrap();
    let family = if address.is_ipv4() {
        AddressFamily::INET
    } else {
        AddressFamily::INET6
    };
    let socket = || rustix::net::socket(family, SocketType::STREAM, None).unwrap();
    let listener = socket();
    rustix::net::bind(&listener, &address).unwrap();
    rustix::net::listen(&listener, 0).unwrap();
    let bound: SocketAddr = rustix::net::getsockname(&listener)
        .unwrap()
        .try_into()
        .unwrap();
    let fill = |_| {
        let waiting = socket();
        rustix::io::ioctl_fionbio(&waiting, true).unwrap();
        // It is under way, or waits for ever.
        rustix::net::connect(&waiting, &bound).ok();
        waiting
    };
    let waiting = (0..4).map(fill).collect();
    (listener, waiting, bound.port())
}

#[test]
fn ctrl_c_while_connecting_ends_at_once() {
    let (_listener, _waiting, port) = silent("127.0.0.1:0");
    let home = Home::new();
    let mut command = home.client(&format!("http://127.0.0.1:{port}/v1"));
    let running = command.args(CREATE).arg("--json").start();
    std::thread::sleep(Duration::from_millis(700));
    let clock = Instant::now();
    running.signal(rustix::process::Signal::INT);
    let outcome = running.end();
    assert_eq!(outcome.code, 130, "{}", outcome.stderr);
    assert_eq!(outcome.json()["error"]["outcome"], "not_sent");
    assert!(
        clock.elapsed() < Duration::from_secs(2),
        "{:?}",
        clock.elapsed()
    );
}

#[test]
fn a_dead_address_is_passed_by_and_named_by_doctor() {
    let (_listener, _waiting, port) = silent("127.0.0.1:0");
    let listener = TcpListener::bind(("::1", port)).unwrap();
    let server = std::thread::spawn(move || {
        for stream in listener.incoming().take(3) {
            let mut stream = stream.unwrap();
            read_request(&mut stream);
            stream
                .write_all(&http(200, &["Connection: close"], active()))
                .unwrap();
        }
    });
    let home = Home::new();
    let url = format!("http://localhost:{port}/v1");
    let created = run(home.client(&url).args(CREATE));
    assert_eq!(created.code, 0, "{}", created.stderr);
    let outcome = run(home
        .client(&url)
        .args(["doctor", "--json", "--retries", "0"]));
    let document = outcome.json();
    let checks = document["checks"].as_array().unwrap();
    let tcp = checks.iter().find(|check| check["name"] == "tcp").unwrap();
    assert_eq!(tcp["verdict"], "warning", "{tcp}");
    let finding = tcp["finding"].as_str().unwrap();
    assert!(
        finding.starts_with("localhost takes connections"),
        "{finding}"
    );
    assert!(
        finding.contains("not at 127.0.0.1 (connection timed out)"),
        "{finding}"
    );
    server.join().unwrap();
}

#[test]
fn a_407_of_the_api_itself_is_no_word_of_a_proxy() {
    let peer = Server::answering(http(407, &[], ""));
    let message = doubt(&peer, &[]);
    assert!(!message.contains("proxy"), "{message}");
    assert_eq!(peer.requests().len(), 1);
}

#[test]
fn an_answer_with_half_a_character_is_read() {
    let success = |name: &[u8]| {
        let before = br#"{"responseCode":"OK","entitlementId":"e","status":"ACTIVE","entitlementDisplayName":""#;
        http(200, &[], [before, name, b"\"}"].concat())
    };
    for name in [&br"party \ud83c"[..], b"Caf\xe9", b"a\tb"] {
        let peer = Server::answering(success(name));
        let outcome = create(&peer, &["--json"]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        assert_eq!(outcome.json()["entitlementId"], "e");
        assert_eq!(peer.requests().len(), 1);
    }
    let refusal = r#"{"responseCode":"BAD_REQUEST","responseMessage":"bad \ud83d"}"#;
    let peer = Server::answering(http(400, &[], refusal));
    create(&peer, &[]).assert_code(10);
}

#[test]
fn a_page_in_place_of_an_answer_to_a_read_points_to_the_base_url() {
    for status in [404, 405] {
        let peer = Server::answering(http(status, &[], "<html>"));
        let outcome = Home::new().client(&peer).args(["get", "ent-1"]).run();
        let said = &outcome.assert_code(30).stderr;
        assert!(said.contains("check the base URL"), "{said}");
    }
}

#[test]
fn a_read_that_says_nothing_is_not_told_as_a_change() {
    let peer = Server::answering(http(200, &[], "<html>"));
    let outcome = Home::new().client(&peer).args(["get", "ent-1"]).run();
    outcome.assert_code(30);
    assert!(
        outcome.stderr.contains("reading changes nothing"),
        "{}",
        outcome.stderr
    );
    assert!(!outcome.stderr.contains("acted on"), "{}", outcome.stderr);
}

#[test]
fn a_request_without_a_body_says_that_it_has_none() {
    let peer = Server::answering(http(200, &[], active()));
    for method in ["POST", "PATCH", "PUT", "DELETE"] {
        Home::new()
            .client(&peer)
            .args(["api", method, "x"])
            .run()
            .assert_code(0);
    }
    for request in peer.requests() {
        assert_eq!(header(&request, "Transfer-Encoding"), None, "{request}");
        if !request.starts_with("DELETE") {
            assert_eq!(header(&request, "Content-Length"), Some("0"), "{request}");
        }
    }
}

#[test]
fn heads_of_old_servers_and_padded_gzip_are_read() {
    let pack = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let (whole, packed) = (active(), pack(&active()));
    let (first, second) = whole.split_at(20);
    let many = (0..300).map(|n| format!("X-{n}: {n}")).collect::<Vec<_>>();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    let gzip = ["Content-Encoding: gzip"];
    for (what, answer) in [
        (
            "a fold",
            http(200, &["Content-Security-Policy: a\r\n b\r\n\tc"], &whole),
        ),
        ("a blank", http(200, &["X-A : b", "X-B\t: c"], &whole)),
        ("300 headers", http(200, &many, &whole)),
        (
            "padding",
            http(200, &gzip, [&packed[..], &[0; 100]].concat()),
        ),
        (
            "bytes behind it",
            http(200, &gzip, [&packed[..], b"junk"].concat()),
        ),
        (
            "two members",
            http(200, &gzip, [pack(first), pack(second)].concat()),
        ),
        ("no gzip in spite of its name", http(200, &gzip, &whole)),
    ] {
        // Also byte by byte, so that each head comes in parts.
        let parts = answer.clone();
        let dripping = Server::start(move |mut connection| {
            connection.request();
            let (head, body) = parts.split_at(parts.len().min(90));
            for byte in head {
                connection.say([*byte]);
                std::thread::sleep(Duration::from_millis(1));
            }
            connection.say(body);
        });
        for peer in [Server::answering(answer), dripping] {
            let outcome = create(&peer, &["--retries", "0"]);
            assert_eq!(outcome.code, 0, "{what}: {}", outcome.stderr);
        }
    }
}

/// The words in a mount namespace of their own, where this is the only name server.
fn with_name_server(home: &Home, server: &str, command: &Cli) -> Cli {
    home.write("resolv.conf", format!("nameserver {server}\n"));
    home.write("nsswitch.conf", "hosts: dns\n");
    command
        .in_shell("for f in resolv.conf nsswitch.conf; do mount --bind $f /etc/$f; done; exec \"$0\" \"$@\"")
        .under(&["unshare", "--mount"])
}

#[test]
#[ignore = "only root can have a name server of its own"]
fn a_silent_name_server_is_named_and_holds_up_no_interrupt() {
    let silent = UdpSocket::bind("127.0.0.54:53").unwrap();
    let home = Home::new();
    let base_url = "https://api.bango.example/v1";
    let mut command = home.client(base_url);
    command
        .args(CREATE)
        .args(["--retries", "0", "--timeout", "2s"]);
    let outcome = with_name_server(&home, "127.0.0.54", &command).run();
    outcome.assert_code(31);
    let named = outcome
        .stderr
        .contains("could not be looked up in time (DNS)");
    assert!(named, "{}", outcome.stderr);
    let mut command = home.client(base_url);
    command.args(CREATE);
    let running = with_name_server(&home, "127.0.0.54", &command).start();
    let mut query = [0; 512];
    silent
        .set_read_timeout(Some(crate::support::cli::PATIENCE))
        .unwrap();
    silent.recv(&mut query).unwrap();
    std::thread::sleep(Duration::from_millis(1_500));
    let clock = Instant::now();
    running.signal(rustix::process::Signal::INT);
    running.end().assert_code(130);
    assert!(
        clock.elapsed() < Duration::from_secs(3),
        "{:?}",
        clock.elapsed()
    );
}
