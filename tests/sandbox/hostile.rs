//! Random and oversized requests: never a 500, never a hang.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::sandbox::{BASIC, Sandbox};

fn status(answer: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(answer.get(..12)?).ok()?;
    line.strip_prefix("HTTP/1.1 ")?.parse().ok()
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    })
}

/// Segments that lead deep into the routes, among others.
fn path() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "v1",
        "entitlement",
        "report",
        "cancel",
        "revoke",
        "reactivate",
        "activationInfo",
        "echo",
        "register",
        "merchant",
        "entitlements",
        "requests",
        "notifications",
        "1",
        "openapi.json",
        "..",
        "%2e%2e",
        "%00",
        "%ff",
        "fault:echo.OK",
        "",
    ]);
    let segment = prop_oneof![4 => known.prop_map(str::to_owned), 1 => "[!-~&&[^ ?#]]{0,12}"];
    prop::collection::vec(segment, 0..5).prop_map(|segments| format!("/{}", segments.join("/")))
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let name = prop::sample::select(vec![
        "customerIdentifier",
        "merchantAccountKey",
        "productKey",
        "entitlementId",
        "status",
        "dateExpiry",
        "notificationUrl",
        "extensionData",
        "entitlementBenefits",
        "cancelReasonCategory",
        "cancelReasonCode",
    ]);
    let value = prop_oneof![
        Just("null".to_owned()),
        Just("\"BANGO\"".to_owned()),
        Just("\"BangoMusic\"".to_owned()),
        Just("\"ACTIVE\"".to_owned()),
        Just("1e999".to_owned()),
        Just("[".repeat(200)),
        Just("\"2999-01-01T00:00:00Z\"".to_owned()),
        "\"[a-z\u{0}\u{202e}\\\\]{0,6}\"",
    ];
    let object = prop::collection::vec((name, value), 0..6).prop_map(|members| {
        let members: Vec<String> = members
            .iter()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        format!("{{{}}}", members.join(",")).into_bytes()
    });
    prop_oneof![3 => object, 1 => prop::collection::vec(any::<u8>(), 0..200)]
}

#[test]
fn random_requests_never_give_a_500_or_a_hang() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let method = prop_oneof![
        4 => prop::sample::select(vec!["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE"]).prop_map(str::to_owned),
        1 => "[A-Z]{1,8}",
    ];
    let header = ("[A-Za-z-]{1,12}", "[ -~]{0,30}").prop_filter("framing is ours", |(name, _)| {
        ![
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "expect",
            "upgrade",
        ]
        .contains(&name.to_lowercase().as_str())
    });
    let request = (
        method,
        path(),
        prop::collection::vec(header, 0..4),
        body(),
        any::<bool>(),
    );
    let run = runner(600).run(&request, |(method, path, headers, body, authorized)| {
        let mut lines = vec![
            format!("{method} {path} HTTP/1.1"),
            format!("Host: {}", sandbox.address()),
            "Connection: close".to_owned(),
            format!("Content-Length: {}", body.len()),
        ];
        if authorized {
            lines.push(format!("Authorization: {BASIC}"));
            lines.push("Content-Type: application/json".to_owned());
        }
        lines.extend(
            headers
                .iter()
                .map(|(name, value)| format!("{name}: {value}")),
        );
        let mut bytes = format!("{}\r\n\r\n", lines.join("\r\n")).into_bytes();
        bytes.extend(body);
        let answer = sandbox.raw(&bytes);
        let status = status(&answer);
        prop_assert!(
            status.is_some_and(|status| status < 500),
            "{:?}",
            String::from_utf8_lossy(&answer)
        );
        Ok(())
    });
    run.unwrap();
    assert_eq!(sandbox.page("/").status, 200);
}

#[test]
fn random_bytes_are_answered_400_or_dropped() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let run = runner(100).run(&prop::collection::vec(any::<u8>(), 1..300), |bytes| {
        let mut stream = TcpStream::connect(sandbox.address()).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        stream.write_all(&bytes).ok();
        stream.shutdown(Shutdown::Write).ok();
        let mut answer = Vec::new();
        let ended = stream.read_to_end(&mut answer);
        prop_assert!(
            ended.is_ok()
                || !answer.is_empty()
                || ended.unwrap_err().kind() == std::io::ErrorKind::ConnectionReset
        );
        prop_assert!(
            answer.is_empty() || status(&answer) == Some(400),
            "{answer:?}"
        );
        Ok(())
    });
    run.unwrap();
    assert_eq!(sandbox.page("/").status, 200);
}

#[test]
fn a_body_over_one_mebibyte_is_413_and_one_of_it_is_not() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let headers = [
        ("authorization", BASIC),
        ("content-type", "application/json"),
    ];
    let send = |length: usize| {
        let body = format!("{{\"customerIdentifier\":\"{}\"}}", "x".repeat(length - 25));
        assert_eq!(body.len(), length);
        sandbox
            .send("POST", "/v1/entitlement", &headers, &body)
            .unwrap()
            .status
    };
    assert_eq!(send(1024 * 1024), 400);
    assert_eq!(send(1024 * 1024 + 1), 413);
    assert_eq!(send(8 * 1024 * 1024), 413);
    // Announced, but never sent.
    let request = format!(
        "POST /v1/entitlement HTTP/1.1\r\nHost: {}\r\nContent-Length: 99999999999\r\n\r\n",
        sandbox.address()
    );
    assert_eq!(status(&sandbox.raw(request.as_bytes())), Some(413));
}

#[test]
fn a_connection_that_says_nothing_does_not_hold_up_others() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let idle: Vec<_> = (0..200)
        .map(|_| TcpStream::connect(sandbox.address()).unwrap())
        .collect();
    for mut stream in &idle {
        stream
            .write_all(b"POST /v1/entitlement HTTP/1.1\r\nContent-Length: 10\r\n")
            .unwrap();
    }
    assert_eq!(sandbox.create("alice", "BANGO", "BangoMusic").status, 202);
}
