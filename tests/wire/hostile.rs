//! Hostile answers: nothing that a server says drives the terminal, opens a bad URL, or ends in a crash.

use serde_json::{Value, json};

use crate::support::cli::{CREATE, Home, Outcome, run};
use crate::support::pty::Screen;
use crate::support::server::{Server, header, http};

/// Every command that shows something of an answer. A new command joins by a line here.
const COMMANDS: &[&[&str]] = &[
    &CREATE,
    &["get", "e"],
    &["list", "--user", "u"],
    &["update", "e", "--product", "p"],
    &["suspend", "e"],
    &["resume", "e"],
    &[
        "cancel",
        "e",
        "--yes",
        "--reason",
        "CUSTOMER_CANCELLED/OTHER",
    ],
    &["revoke", "e", "--yes", "--reason", "REVOKED/ERROR"],
    &["wait", "e", "--timeout", "200ms"],
    &["activation-url", "e"],
    &["echo"],
    &["api", "GET", "entitlement/e"],
    &["auth", "status", "--check"],
    &[
        "auth",
        "login",
        "--username",
        "u",
        "--password-command",
        "printf secret",
        "--retries",
        "0",
    ],
    &["doctor"],
];

/// What drives a terminal: sequences, controls of 7 and 8 bits, text that turns its direction or cannot be seen.
const HOSTILE: &str = "\u{1b}[31m\u{1b}]0;title\u{7}\u{1b}]8;;https://evil.example\u{1b}\\\u{9b}2J\u{90}\r\n\t\u{8}\u{7f}\u{202e}\u{2066}\u{200b}\u{feff}\u{e0041}";

fn is_hostile(character: char) -> bool {
    (character.is_control() && character != '\n' && character != '\t')
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// A record whose every text is hostile, but for what decides how it is read.
fn record(code: &str, status: &str) -> Value {
    let mut record = json!({
        "responseCode": code, "status": status, "entitlementId": format!("e{HOSTILE}"),
        "parameters": {"action": "NAVIGATE_TO_URL", "url": format!("https://m.example/{HOSTILE}"), "urlExpiry": HOSTILE},
        format!("un{HOSTILE}known"): HOSTILE, "extensionData": {HOSTILE: [HOSTILE, {HOSTILE: HOSTILE}]},
        "echo": HOSTILE,
    });
    for name in [
        "responseMessage",
        "dateCreated",
        "dateActivated",
        "dateEnded",
        "dateSuspended",
        "dateResumed",
        "dateLastUpdated",
        "dateExpiry",
        "customerIdentifier",
        "merchantAccountKey",
        "productKey",
        "offerKey",
        "activationCode",
        "entitlementDisplayName",
        "sharedCustomerId",
        "bangoUserId",
        "merchantEntitlementId",
        "extraInformation",
        "notificationUrl",
        "entitlementBenefits",
    ] {
        record[name] = HOSTILE.into();
    }
    let inner = record.clone();
    record["entitlements"] = json!([inner, inner, HOSTILE]);
    record
}

/// A platform that echoes what it must and is hostile in everything else, its headers included.
fn hostile(http_status: u16, body: Value) -> Server {
    Server::start(move |mut connection| {
        let request = connection.request();
        let mut body = body.clone();
        let path = request.split(' ').nth(1).unwrap_or_default();
        if let Some((_, id)) = path.split_once("/echo/") {
            body["echo"] = id.into();
        }
        connection.say(http(
            http_status,
            // A header with an escape sequence is no header; with a control of eight bits it is.
            &[
                "Date: \u{9b}2J",
                "Retry-After: \u{9b}2J",
                "X-Evil: \u{9b}2J",
            ],
            body.to_string(),
        ));
    })
}

fn answers() -> Vec<(u16, Value)> {
    vec![
        (200, record("OK", "ACTIVE")),
        (202, record("CLIENT_ACTION_REQUIRED", "PENDING")),
        (200, record("OK", &format!("ODD{HOSTILE}"))),
        (400, record("BAD_REQUEST", "ACTIVE")),
        (401, record("UNAUTHORIZED", "ACTIVE")),
        (200, record(&format!("NEW{HOSTILE}"), "ACTIVE")),
    ]
}

/// Runs a command in one of its manners, without retries.
fn shown(home: &Home, peer: &Server, command: &[&str], manner: &[&str]) -> Outcome {
    let quick = ["--retries", "0"];
    let quick = quick.iter().filter(|_| !command.contains(&"--retries"));
    run(home.client(&peer).args(command).args(quick).args(manner))
}

#[test]
fn no_answer_drives_the_terminal_through_a_pipe() {
    let home = Home::new();
    let log = home.path().join("bango.log");
    for (status, body) in answers() {
        let peer = hostile(status, body.clone());
        for command in COMMANDS {
            for manner in [&["-vv", "--log-file", "bango.log"][..], &["--json"]] {
                let outcome = shown(&home, &peer, command, manner);
                assert!(outcome.code >= 0, "{command:?} was killed");
                let logged = std::fs::read_to_string(&log).unwrap_or_default();
                // Each run has a log of its own; some send nothing.
                let _ = std::fs::remove_file(&log);
                for text in [&outcome.stdout, &outcome.stderr, &logged] {
                    let code = &body["responseCode"];
                    assert!(
                        !text.contains(is_hostile),
                        "{command:?} {manner:?} {code}: {text:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn no_answer_drives_the_terminal_that_it_is_shown_on() {
    let home = Home::new();
    for (status, body) in [answers().remove(0), answers().remove(3)] {
        let peer = hostile(status, body);
        for command in COMMANDS {
            for more in [&["--quiet"][..], &["--quiet", "--json"]] {
                let screen = Screen::start(
                    home.client(&peer)
                        .args(*command)
                        .args(more)
                        .env("NO_COLOR", "1"),
                    60,
                );
                let ended = screen.end();
                assert!(
                    !ended.screen.contains(is_hostile),
                    "{command:?}: {:?}",
                    ended.screen
                );
            }
        }
    }
}

#[test]
fn no_answer_drives_the_terminal_through_a_batch() {
    for (status, body) in answers() {
        let peer = hostile(status, body);
        for more in [&["-vv"][..], &["--json"]] {
            let home = Home::new();
            home.write("rows.csv", "user,merchant,product\nu1,M,P\nu2,M,P\n");
            let batch = ["batch", "rows.csv", "--max-failures", "1"];
            let outcome = shown(&home, &peer, &batch, more);
            for text in [outcome.stdout, outcome.stderr] {
                assert!(!text.contains(is_hostile), "{status} {more:?}: {text:?}");
            }
        }
    }
}

#[test]
fn json_output_escapes_what_drives_a_terminal_and_loses_nothing() {
    let (home, sent) = (Home::new(), record("OK", "ACTIVE"));
    let peer = hostile(200, sent.clone());
    let outcome = shown(&home, &peer, &["get", "e"], &["--json"]);
    let mut got = outcome.json();
    got.as_object_mut().unwrap().remove("requestIdentifier");
    assert_eq!(got, sent);
}

/// A server that answers everything with these bytes.
fn raw(body: &str) -> Server {
    Server::answering(http(200, &[], body))
}

#[test]
fn extreme_json_is_an_answer_or_an_unknown_outcome_and_never_a_crash() {
    let deep =
        |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    let ok = |rest: &str| {
        format!(
            r#"{{"responseCode":"OK","entitlementId":"e","status":"ACTIVE","echo":"x",{rest}}}"#
        )
    };
    let huge = "9".repeat(100_000);
    for (what, body, code) in [
        ("depth", deep("[", "]"), 30),
        (
            "depth inside",
            ok(&format!(r#""x":{}"#, deep("[", "]"))),
            30,
        ),
        (
            "objects in depth",
            format!("{}1{}", r#"{"a":"#.repeat(50_000), "}".repeat(50_000)),
            30,
        ),
        ("a huge number", ok(&format!(r#""n":{huge}"#)), 0),
        ("a huge exponent", ok(r#""n":1e999999999"#), 0),
        ("a number that is none", ok(r#""n":NaN"#), 30),
        ("a lone surrogate", ok(r#""x":"\ud800""#), 0),
        ("a surrogate pair", ok(r#""x":"\ud83c\udfb5""#), 0),
        ("no UTF-8 escape", ok(r#""x":"\xff""#), 30),
        ("two documents", ok(r#""x":1"#).repeat(2), 30),
        ("an array", "[]".to_owned(), 30),
        (
            "a million keys",
            ok(&format!(
                r#""k":{{{}}}"#,
                (0..20_000)
                    .map(|n| format!(r#""{n}":1"#))
                    .collect::<Vec<_>>()
                    .join(",")
            )),
            0,
        ),
        (
            "types that are not what they should be",
            r#"{"responseCode":"OK","entitlementId":[1],"status":{"a":1},"parameters":"x"}"#
                .to_owned(),
            30,
        ),
        ("an empty key", ok(r#""":"""#), 0),
    ] {
        let (home, peer) = (Home::new(), raw(&body));
        for format in [&[][..], &["--json"]] {
            for command in [
                &["get", "e"][..],
                &CREATE,
                &["list", "--user", "u"],
                &["api", "GET", "x"],
            ] {
                let outcome = shown(&home, &peer, command, format);
                let expected = match command[0] {
                    // A list without an array of entitlements is no list; what api prints need not be an entitlement.
                    "list" => 30,
                    "api" if what.starts_with("types") => 0,
                    "get" if what.starts_with("types") => outcome.code,
                    _ => code,
                };
                assert_eq!(
                    outcome.code, expected,
                    "{what} {command:?}: {}",
                    outcome.stderr
                );
                assert!(outcome.stderr.len() < 20_000, "{what}: a flood");
            }
        }
    }
}

#[test]
fn of_a_key_that_comes_twice_the_last_one_counts_everywhere() {
    let (home, peer) = (
        Home::new(),
        raw(
            r#"{"responseCode":"OK","entitlementId":"a","status":"SUSPENDED","status":"ACTIVE","entitlementId":"b"}"#,
        ),
    );
    for command in [&CREATE[..], &["get", "b"]] {
        let outcome = shown(&home, &peer, command, &["--json"]);
        assert_eq!(outcome.code, 0);
        assert_eq!(
            (&outcome.json()["entitlementId"], &outcome.json()["status"]),
            (&json!("b"), &json!("ACTIVE"))
        );
        assert_eq!(outcome.stdout.matches("\"status\"").count(), 1);
    }
}

/// URLs that must be shown escaped, never as a link, and never opened.
fn hostile_urls() -> Vec<String> {
    let mut urls: Vec<String> = [
        "",
        " ",
        "register",
        "/register",
        "//m.example/",
        "///m.example",
        "\\\\m.example\\x",
        "https",
        "https:",
        "https:/",
        "https://",
        "https:m.example",
        "https:/m.example",
        "https:///m.example",
        "https:\\\\m.example",
        "http://m.example/",
        "HTTP://M.EXAMPLE/",
        "http://127.0.0.1.evil.example/",
        "http://localhost.evil.example/",
        "http://127.0.0.1@evil.example/",
        "http://0.0.0.0/",
        "http://10.0.0.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://167772161/",
        "ftp://m.example/",
        "file:///etc/passwd",
        "file://localhost/etc/passwd",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "mailto:x@y.example",
        "tel:112",
        "ms-msdt:/id",
        "chrome://settings",
        "about:blank",
        "view-source:https://m.example/",
        "https://user@m.example/",
        "https://user:pw@m.example/",
        "https://@m.example/",
        "https://m.example@evil.example/",
        "https://m.example%40@evil.example/",
        "https://m.example\\@evil.example/",
        "https://m.example/ -x",
        " https://m.example/",
        "https://m.example/ ",
        "--help",
        "-oProxyCommand=x",
        "$(id)",
        "`id`",
        "; rm -rf /",
        "https://m.example:99999/",
        "https://[::1",
        "https://m.exa mple/",
        "https://m.example/\t",
        "https://m.example/\r\nSet-Cookie: x",
        "https://m.example/\u{0}",
        "https://m.example/\u{1b}[31m",
        "https://m.example/\u{9b}31m",
        "https://m.example/\u{202e}gpj",
        "https://m.example/\u{2066}",
        "https://m.example/\u{200b}",
        "https://m.example/\u{feff}",
        "https://m.example/\u{e0041}",
        "https://m\u{ad}.example/",
        "https://\u{202e}m.example/",
    ]
    .map(str::to_owned)
    .to_vec();
    urls.push(format!("https://m.example/{}", "a".repeat(10_000)));
    urls
}

#[test]
fn a_hostile_url_is_never_shown_as_a_link_or_opened() {
    let urls = hostile_urls();
    assert!(urls.len() >= 50);
    let home = Home::new();
    let marker = home.path().join("opened");
    let browser = format!("touch {}", marker.display());
    for url in urls {
        let body = json!({"responseCode": "CLIENT_ACTION_REQUIRED", "status": "PENDING", "entitlementId": "e",
            "parameters": {"action": "NAVIGATE_TO_URL", "url": url}});
        let peer = Server::answering(http(202, &[], body.to_string()));
        for more in [&["--qr", "--browser"][..], &["--json", "--browser"]] {
            let outcome = run(home
                .client(&peer)
                .args(CREATE)
                .args(more)
                .env("BROWSER", &browser));
            assert_eq!(outcome.code, 32, "{url:?}: {}", outcome.stderr);
            assert!(!marker.exists(), "{url:?}");
            assert!(
                !outcome
                    .stdout
                    .lines()
                    .any(|line| !url.is_empty() && line == url),
                "{url:?}"
            );
            assert!(!outcome.stderr.contains('\u{2580}'), "{url:?} was drawn");
            for text in [&outcome.stdout, &outcome.stderr] {
                assert!(!text.contains(is_hostile), "{url:?}: {text:?}");
            }
        }
    }
}

#[test]
fn a_retry_after_that_is_hostile_neither_waits_for_ever_nor_ends_in_a_crash() {
    for value in [
        "18446744073709551615",
        "-1",
        "1e9",
        "\u{9b}",
        "Mon, 99 Foo 9999 99:99:99 GMT",
        "99999999999999999999999",
    ] {
        let home = Home::new();
        let header_line = format!("Retry-After: {value}");
        let body = json!({"responseCode": "TOO_MANY_REQUESTS"}).to_string();
        let peer = Server::answering(http(429, &[&header_line], body));
        let outcome =
            run(home
                .client(&peer)
                .args(CREATE)
                .args(["--retries", "1", "--timeout", "2s"]));
        assert_eq!(outcome.code, 20, "{value}: {}", outcome.stderr);
        // A number that overflows is a very long time, not none.
        let digits = value.len() > 19 && value.bytes().all(|byte| byte.is_ascii_digit());
        assert_eq!(peer.requests().len(), if digits { 1 } else { 2 }, "{value}");
        assert!(header(&peer.requests()[0], "X-RequestIdentifier").is_some());
    }
}
