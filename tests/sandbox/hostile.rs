//! Random and oversized requests: never a 500, never a hang.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

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

/// Documents as programs send them to the control API, and others.
fn document() -> impl Strategy<Value = Value> {
    let text = prop::sample::select(vec![
        "",
        "alice",
        "e-1",
        "30d",
        "1mo",
        "soon",
        "-1",
        "99999999999999999999y",
        "9999-12-31",
        "2030-01-01T00:00:00Z",
        "ACTIVE",
        "suspend",
        "resume",
        "end",
        "revoke",
        "fail",
        "product",
        "metadata",
        "register",
        "decline",
        "PERIOD_END",
        "hang",
        "cancel.OK",
        "no url",
        "http://127.0.0.1:9/",
        "\u{0}\u{202e}",
    ]);
    let number = prop::sample::select(vec![
        json!(0),
        json!(1),
        json!(-1),
        json!(0.5),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(i64::MAX),
    ]);
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        3 => number,
        5 => text.prop_map(Value::from),
    ];
    let name = prop::sample::select(vec![
        "by",
        "to",
        "event",
        "fields",
        "body",
        "fault",
        "share",
        "for",
        "customerIdentifier",
        "merchantAccountKey",
        "productKey",
        "entitlementId",
        "entitlements",
        "entities",
        "status",
        "dateExpiry",
        "notificationUrl",
        "extensionData",
        "x",
        "clock",
        "link",
        "secret",
    ]);
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            4 => prop::collection::vec((name.clone(), inner), 0..5)
                .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Value>()),
        ]
    })
}

/// An import of what a sandbox keeps, with numbers from everywhere.
fn import() -> impl Strategy<Value = Value> {
    let number = prop::sample::select(vec![0, 1, 2, 7, 1 << 53, u64::MAX - 1, u64::MAX]);
    let time = prop::sample::select(vec![i64::MIN, -1, 0, 1, 2_000_000_000_000, i64::MAX]);
    let kind = 0..5_usize;
    (number, time, kind).prop_map(|(number, time, kind)| {
        let entity = match kind {
            0 => json!({"clock": {"ahead": time, "movedTo": time}}),
            1 => json!({"link": {"token": "t", "entitlement": "e-1", "expires": time}}),
            2 => json!({"fault": {"fault": "hang", "customer": "nobody", "share": 1.0, "until": time}}),
            3 => json!({"notification": {"entitlement": number, "reason": "R", "url": "no url", "body": null, "queued": "x", "tries": u32::MAX,
                "outcome": "", "delivered": false, "next": time, "give_up": time}}),
            _ => json!({"entitlement": {"shown": {"entitlementId": "i", "status": "ACTIVE", "dateCreated": "", "dateLastUpdated": "",
                "customerIdentifier": "c", "merchantAccountKey": "m", "productKey": "p", "extensionData": null}, "notificationUrl": "no url",
                "extraInformation": null, "history": [], "termination": [time, "REVOKED"]}}),
        };
        json!({"entities": [[number, entity]]})
    })
}

#[test]
fn the_control_api_answers_anything_with_json_and_never_fails() {
    let sandbox = Sandbox::start(&[]);
    let id = json!({"entitlementId": "e-1", "notificationUrl": "http://127.0.0.1:9/"});
    sandbox.create_with("alice", "SANDBOX", "PERIOD_END", &id);
    let segment = prop::sample::select(vec![
        "requests",
        "notifications",
        "clock",
        "trigger",
        "resend",
        "faults",
        "seed",
        "state",
        "state",
        "",
        "..",
    ]);
    let argument = prop_oneof![
        4 => Just(String::new()),
        4 => prop::sample::select(vec!["/e-1", "/i", "/1", "/0", "/18446744073709551616", "/-1", "/%00", "/"]).prop_map(str::to_owned),
        1 => "/[0-9A-Za-z%+&=.:_~-]{0,12}",
    ];
    let query = prop_oneof![
        3 => Just(String::new()),
        2 => ("customer|id|since|after|limit|fault|state", "[0-9A-Za-z%+&=.:_~-]{0,8}|30d|18446744073709551615|2030-01-01").prop_map(|(name, value)| format!("?{name}={value}")),
    ];
    let method = prop::sample::select(vec!["GET", "POST", "POST", "POST", "DELETE", "PUT"]);
    let anything = prop::collection::vec(any::<u8>(), 0..60);
    let body = prop_oneof![
        6 => document().prop_map(|document| document.to_string().into_bytes()),
        2 => import().prop_map(|document| document.to_string().into_bytes()),
        1 => (1..200_usize).prop_map(|depth| format!("{{\"event\":\"metadata\",\"fields\":{{\"x\":{}{}}}}}", "[".repeat(depth), "]".repeat(depth)).into_bytes()),
        1 => anything,
    ];
    let run = runner(800).run(&(method, segment, argument, query, body), |(method, segment, argument, query, body)| {
        let mut bytes = format!(
            "{method} /_sandbox/{segment}{argument}{query} HTTP/1.1\r\nHost: {}\r\nAuthorization: {BASIC}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            sandbox.address(),
            body.len()
        )
        .into_bytes();
        bytes.extend(body);
        let answer = sandbox.raw(&bytes);
        let text = String::from_utf8_lossy(&answer);
        let json = text.split_once("\r\n\r\n").and_then(|(_, body)| serde_json::from_str::<Value>(body).ok());
        prop_assert!(status(&answer).is_some_and(|status| status < 500) && json.is_some_and(|json| json.is_object()), "{text}");
        Ok(())
    });
    run.unwrap();
    assert_eq!(sandbox.page("/").status, 200);
    assert!(!sandbox.log().contains("panicked"), "{}", sandbox.log());
    let sandbox = sandbox.restart(&[]);
    assert!(
        !sandbox.log().contains("cannot be read"),
        "{}",
        sandbox.log()
    );
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
