//! The commands after create on the wire: what each sends, and every failure in every format.

use httpmock::{Method, MockServer};
use serde_json::{Value, json};

use crate::auth::login::{CONFIG, echoing};
use crate::support::cli::{AUTHORIZATION, Home, Outcome, run};
use crate::support::server::{Server, entitlement, http};

/// A command, the request it sends, and its body.
type Sent = (&'static [&'static str], Method, &'static str, Option<Value>);

const ID: &str = "ent-1";

fn sent() -> Vec<Sent> {
    let reason = |category: &str, code: &str| {
        Some(json!({"cancelReasonCategory": category, "cancelReasonCode": code}))
    };
    vec![
        (&["get", ID], Method::GET, "/v1/entitlement/ent-1", None),
        (
            &["list", "--user", "cust-1"],
            Method::POST,
            "/v1/entitlement/report",
            Some(json!({"customerIdentifier": "cust-1", "productKey": null, "status": null})),
        ),
        (
            &[
                "list",
                "--user",
                "cust-1",
                "--product",
                "P",
                "--status",
                "active-ending",
            ],
            Method::POST,
            "/v1/entitlement/report",
            Some(
                json!({"customerIdentifier": "cust-1", "productKey": "P", "status": "ACTIVE-ENDING"}),
            ),
        ),
        (
            &[
                "update",
                ID,
                "--product",
                "P2",
                "--expires",
                "2027-01-31",
                "--user",
                "cust-2",
                "--notification-url",
                "https://r.example/n",
                "--extension-data",
                "\"x\"",
                "--field",
                "more:=1",
            ],
            Method::PATCH,
            "/v1/entitlement",
            Some(
                json!({"entitlementId": ID, "productKey": "P2", "dateExpiry": "2027-01-31T00:00:00Z", "customerIdentifier": "cust-2",
                "notificationUrl": "https://r.example/n", "extensionData": "x", "more": 1}),
            ),
        ),
        (
            &["suspend", ID],
            Method::PATCH,
            "/v1/entitlement",
            Some(json!({"entitlementId": ID, "entitlementBenefits": "SUSPENDED"})),
        ),
        (
            &["suspend", ID, "--benefits", "NONE"],
            Method::PATCH,
            "/v1/entitlement",
            Some(json!({"entitlementId": ID, "entitlementBenefits": "NONE"})),
        ),
        (
            &[
                "suspend",
                ID,
                "--reason",
                "REVOKED/FRAUD",
                "--field",
                "note=1",
            ],
            Method::PATCH,
            "/v1/entitlement",
            Some(
                json!({"entitlementId": ID, "entitlementBenefits": "SUSPENDED",
                "cancelReasonCategory": "REVOKED", "cancelReasonCode": "FRAUD", "note": "1"}),
            ),
        ),
        (
            &[
                "revoke",
                ID,
                "-y",
                "--reason",
                "REVOKED/FRAUD",
                "--field",
                "note:={}",
            ],
            Method::POST,
            "/v1/entitlement/revoke/ent-1",
            Some(
                json!({"cancelReasonCategory": "REVOKED", "cancelReasonCode": "FRAUD", "note": {}}),
            ),
        ),
        (
            &["resume", ID],
            Method::PATCH,
            "/v1/entitlement",
            Some(json!({"entitlementId": ID, "entitlementBenefits": "NORMAL"})),
        ),
        (
            &[
                "cancel",
                ID,
                "--yes",
                "--reason",
                "CUSTOMER_CANCELLED/NOT_RENEWED",
            ],
            Method::POST,
            "/v1/entitlement/cancel/ent-1",
            reason("CUSTOMER_CANCELLED", "NOT_RENEWED"),
        ),
        (
            &[
                "revoke",
                ID,
                "-y",
                "--reason",
                "REVOKED/FRAUD",
                "--description",
                "stolen card",
            ],
            Method::POST,
            "/v1/entitlement/revoke/ent-1",
            Some(
                json!({"cancelReasonCategory": "REVOKED", "cancelReasonCode": "FRAUD", "cancelReasonDescription": "stolen card"}),
            ),
        ),
        (
            &["activation-url", ID],
            Method::GET,
            "/v1/entitlement/ent-1/activationInfo",
            None,
        ),
        (
            &["api", "PATCH", "entitlement", "--field", "a=b"],
            Method::PATCH,
            "/v1/entitlement",
            Some(json!({"a": "b"})),
        ),
        (
            &["api", "GET", "/entitlement/a%2Fb?x=1"],
            Method::GET,
            "/v1/entitlement/a%2Fb",
            None,
        ),
        (&["wait", ID], Method::GET, "/v1/entitlement/ent-1", None),
    ]
}

fn client(home: &Home, server: &MockServer, arguments: &[&str]) -> Outcome {
    run(home.client(server).args(arguments))
}

/// An answer that every one of the commands takes as a success.
fn success() -> Value {
    entitlement(&json!({"entitlementId": ID, "entitlements": [],
        "parameters": {"action": "NAVIGATE_TO_URL", "url": "https://merchant.example/r"}}))
}

#[test]
fn each_command_sends_its_request_and_no_other() {
    let home = Home::new();
    for (arguments, method, path, body) in sent() {
        let server = MockServer::start();
        let name = method.to_string();
        let mock = server.mock(|when, then| {
            let when = when
                .method(method)
                .path(path)
                .header("Authorization", AUTHORIZATION)
                .header_exists("X-RequestIdentifier");
            if let Some(body) = body {
                when.header("Content-Type", "application/json")
                    .json_body(body);
            }
            then.status(200).json_body(success());
        });
        let outcome = client(&home, &server, arguments);
        assert_eq!(outcome.code, 0, "{arguments:?}: {}", outcome.stderr);
        mock.assert_calls(1);
        let dry = client(
            &home,
            &server,
            &[arguments, &["--dry-run", "--json"]].concat(),
        );
        assert_eq!(dry.code, 0, "{arguments:?}: {}", dry.stderr);
        assert_eq!(dry.json()["request"]["method"], name);
        mock.assert_calls(1);
    }
}

#[test]
fn every_failure_code_of_every_command_has_one_exit_code_in_every_format() {
    let home = Home::new();
    let codes = [
        (400, "BAD_REQUEST", 10),
        (401, "UNAUTHORIZED", 11),
        (400, "NOT_AVAILABLE", 12),
        (409, "ALREADY_EXISTS", 13),
        (404, "NOT_FOUND", 14),
        (409, "CONFLICT", 15),
        (429, "TOO_MANY_REQUESTS", 20),
        (500, "INTERNAL_ERROR", 21),
        (503, "SERVICE_UNAVAILABLE", 22),
        (200, "SOMETHING_NEW", 30),
    ];
    for (status, code, exit) in codes {
        let server = MockServer::start();
        server.mock(|when, then| {
            when.any_request();
            then.status(status)
                .json_body(json!({"responseCode": code, "responseMessage": "why"}));
        });
        for (arguments, ..) in sent()
            .into_iter()
            .chain([(&["echo"][..], Method::GET, "", None)])
        {
            // A wait goes on after a passing trouble; its own test is below.
            if arguments[0] == "wait" && exit >= 20 {
                continue;
            }
            let quick = [arguments, &["--retries", "0"]].concat();
            let piped = client(&home, &server, &quick);
            let colored = client(
                &home,
                &server,
                &[&quick[..], &["--color", "always", "-vv"]].concat(),
            );
            let json = client(&home, &server, &[&quick[..], &["--json"]].concat());
            let context = format!("{arguments:?} {code}: {}", piped.stderr);
            assert_eq!(
                [piped.code, colored.code, json.code],
                [exit; 3],
                "{context}"
            );
            assert_eq!(piped.stdout, "", "{context}");
            let expected = if exit == 30 { "OUTCOME_UNKNOWN" } else { code };
            assert_eq!(json.json()["error"]["code"], expected, "{context}");
            assert_eq!(json.json()["error"]["exitCode"], exit, "{context}");
        }
    }
}

#[test]
fn an_id_is_one_path_segment_or_refused() {
    let home = Home::new();
    let server = MockServer::start();
    let mock = server.mock(|when, then| {
        when.any_request();
        then.status(200).json_body(success());
    });
    for id in ["", " ", ".", "..", "a\nb", "a\r\nX-Evil: 1", "\u{1b}[31m"] {
        for command in [
            &["get"][..],
            &["wait"],
            &["suspend"],
            &["activation-url"],
            &["revoke", "-y", "--reason", "REVOKED/ERROR"],
        ] {
            let outcome = client(&home, &server, &[command, &[id]].concat());
            assert_eq!(outcome.code, 2, "{command:?} {id:?}: {}", outcome.stderr);
        }
    }
    mock.assert_calls(0);
    for (id, path) in [
        ("a/b", "a%2Fb"),
        ("../x", "..%2Fx"),
        ("a b?c#d", "a%20b%3Fc%23d"),
        ("%2e%2e", "%252e%252e"),
        ("ü", "%C3%BC"),
    ] {
        let outcome = client(&home, &server, &["get", id, "--dry-run", "--json"]);
        let url = outcome.json()["request"]["url"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(
            url.ends_with(&format!("/v1/entitlement/{path}")),
            "{id}: {url}"
        );
    }
}

#[test]
fn inferred_paths_can_be_set_right_in_a_profile() {
    let home = Home::new();
    home.write(
        ".config/bango-ent/config.toml",
        "[profiles.x.paths]\ncancel = \"ent/{entitlementId}/stop\"\nupdate = \"ent\"\n",
    );
    let url = |arguments: &[&str]| {
        let outcome =
            run(home
                .bango_ent()
                .args(arguments)
                .args(["--profile", "x", "--dry-run", "--json"]));
        outcome.json()["request"]["url"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(url(&["cancel", "a/b", "--reason", "REVOKED/ERROR"]).ends_with("/v1/ent/a%2Fb/stop"));
    assert!(url(&["suspend", ID]).ends_with("/v1/ent"));
    assert!(
        url(&["revoke", ID, "--reason", "REVOKED/ERROR"]).ends_with("/v1/entitlement/revoke/ent-1")
    );
    home.write(
        ".config/bango-ent/config.toml",
        "[profiles.x.paths]\ncancel = \"ent/stop\"\n",
    );
    let outcome = run(home.bango_ent().args(["get", ID, "--profile", "x"]));
    assert_eq!(outcome.code, 3);
    assert!(
        outcome.stderr.contains("does not say where the id goes"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn ended_and_accepted_are_told_apart_in_words() {
    let home = Home::new();
    let cancel = [
        "cancel",
        ID,
        "--yes",
        "--reason",
        "CUSTOMER_CANCELLED/OTHER",
    ];
    for (http, code, status, words) in [
        (200, "OK", "CANCELLED", "Result\tended\n"),
        (
            200,
            "OK",
            "ACTIVE-ENDING",
            "Result\tcancelled; usable to the end of the paid period\n",
        ),
        (
            202,
            "OK",
            "ACTIVE",
            "Result\taccepted, the merchant cancels it later",
        ),
        (
            202,
            "CLIENT_ACTION_REQUIRED",
            "ACTIVE",
            "Result\taccepted, the merchant cancels it later",
        ),
        (
            200,
            "OK",
            "ACTIVE",
            "Result\taccepted, but the status is ACTIVE; read it again\n",
        ),
    ] {
        let server = MockServer::start();
        server.mock(|when, then| {
            when.any_request();
            then.status(http).json_body(entitlement(
                &json!({"responseCode": code, "status": status}),
            ));
        });
        let outcome = client(&home, &server, &cancel);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        assert!(
            outcome.stdout.starts_with(words),
            "{http} {status}: {}",
            outcome.stdout
        );
    }
    // What revoke promises is that access ends at once.
    let ending = entitlement(&json!({"status": "ACTIVE-ENDING"})).to_string();
    let peer = Server::answering(http(200, &[], ending));
    let revoke = ["revoke", ID, "--yes", "--reason", "REVOKED/FRAUD"];
    let outcome = run(home.client(&peer).args(revoke));
    outcome.assert_code(0);
    let told = "Result\taccepted, but the status is ACTIVE-ENDING; read it again\n";
    assert!(outcome.stdout.starts_with(told), "{}", outcome.stdout);
}

#[test]
fn a_change_that_may_have_been_made_is_followed_by_the_command_that_shows_it() {
    let home = Home::new();
    for arguments in [
        &["update", ID, "--product", "P"][..],
        &["suspend", ID],
        &["cancel", ID, "-y", "--reason", "REVOKED/ERROR"],
    ] {
        let refused = json!({"responseCode": "BAD_REQUEST"}).to_string();
        let peer = Server::replying(move |_, turn| match turn {
            1 => http(504, &[], ""),
            _ => http(400, &[], &refused),
        });
        let outcome = run(home.client(&peer).args(arguments));
        outcome.assert_code(30);
        assert!(outcome.stderr.contains("this shows what came of it"));
        let next = "bango-ent get ent-1\n";
        assert!(outcome.stderr.contains(next), "{}", outcome.stderr);
    }
}

#[test]
fn an_answer_that_does_not_name_the_entitlement_leaves_a_command_that_can_be_run() {
    let home = Home::new();
    let pending = json!({"responseCode": "OK", "status": "PENDING"}).to_string();
    let peer = Server::answering(http(200, &[], pending));
    for (arguments, code, next) in [
        (
            &["wait", ID, "--timeout", "1s"][..],
            8,
            "bango-ent activation-url ent-1\n",
        ),
        (
            &["wait", ID, "--timeout", "1s", "--for", "SUSPENDED"],
            8,
            "bango-ent wait ent-1 --for SUSPENDED\n",
        ),
        (
            &["update", ID, "--product", "P", "--require-active"],
            8,
            "bango-ent activation-url ent-1\n",
        ),
    ] {
        let outcome = run(home.client(&peer).args(arguments));
        outcome.assert_code(code);
        assert!(outcome.stderr.contains(next), "{}", outcome.stderr);
    }
    let action = json!({"responseCode": "CLIENT_ACTION_REQUIRED", "parameters": {"action": "NAVIGATE_TO_URL"}});
    let peer = Server::answering(http(202, &[], action.to_string()));
    let outcome = run(home.client(&peer).args(["update", ID, "--product", "P"]));
    outcome.assert_code(32);
    let next = "bango-ent activation-url ent-1\n";
    assert!(outcome.stderr.contains(next), "{}", outcome.stderr);
}

#[test]
fn failed_is_never_a_success_of_a_change() {
    let home = Home::new();
    let server = MockServer::start();
    server.mock(|when, then| {
        when.any_request();
        then.status(200)
            .json_body(entitlement(&json!({"status": "FAILED"})));
    });
    for arguments in [
        &["suspend", ID][..],
        &["resume", ID],
        &["update", ID, "--product", "P"],
        &["cancel", ID, "-y", "--reason", "REVOKED/ERROR"],
        &["revoke", ID, "-y", "--reason", "REVOKED/ERROR"],
    ] {
        let outcome = client(&home, &server, arguments);
        assert_eq!(outcome.code, 30, "{arguments:?}");
        assert!(
            outcome.stderr.contains("Bango does not know"),
            "{}",
            outcome.stderr
        );
    }
    // Reading it is a success: the status is what was asked for.
    assert_eq!(client(&home, &server, &["get", ID]).code, 0);
}

#[test]
fn ending_needs_a_reason_and_a_confirmation() {
    let home = Home::new();
    let server = MockServer::start();
    let mock = server.mock(|when, then| {
        when.any_request();
        then.status(200).json_body(success());
    });
    for command in ["cancel", "revoke"] {
        let unconfirmed = client(
            &home,
            &server,
            &[command, ID, "--reason", "REVOKED/ERROR", "--json"],
        );
        assert_eq!(unconfirmed.code, 4);
        assert_eq!(unconfirmed.json()["error"]["code"], "REFUSED_LOCALLY");
        assert_eq!(client(&home, &server, &[command, ID, "--yes"]).code, 2);
        for reason in ["", "FRAUD", "/", "A/", "A/B/C", "A B/C"] {
            let outcome = client(&home, &server, &[command, ID, "--yes", "--reason", reason]);
            assert_eq!(outcome.code, 2, "{reason}");
            assert!(outcome.stderr.contains("--reason"), "{}", outcome.stderr);
        }
    }
    mock.assert_calls(0);
    let unlisted = client(
        &home,
        &server,
        &["cancel", ID, "--yes", "--reason", "ACTIVATION_ROLLBACK/X"],
    );
    assert_eq!(unlisted.code, 0);
    assert!(
        unlisted.stderr.contains("is not on Bango's newer list"),
        "{}",
        unlisted.stderr
    );
    mock.assert_calls(1);
}

#[test]
fn a_reason_that_looks_like_a_slip_is_sent_only_on_purpose() {
    let home = Home::new();
    let server = MockServer::start();
    let mock = server.mock(|when, then| {
        when.any_request().json_body_includes(
            r#"{"cancelReasonCategory": "CUSTOMER_CANCELED", "cancelReasonCode": "NOT_RENEWED"}"#,
        );
        then.status(200).json_body(success());
    });
    for command in ["cancel", "revoke", "suspend"] {
        let confirmed = if command == "suspend" {
            "--quiet"
        } else {
            "--yes"
        };
        let slip = [
            command,
            ID,
            confirmed,
            "--reason",
            "CUSTOMER_CANCELED/NOT_RENEWED",
        ];
        let refused = client(&home, &server, &slip);
        assert_eq!(refused.code, 2, "{}", refused.stderr);
        for said in [
            "did you mean CUSTOMER_CANCELLED/NOT_RENEWED?",
            "--field cancelReasonCategory=CUSTOMER_CANCELED --field cancelReasonCode=NOT_RENEWED",
        ] {
            assert!(refused.stderr.contains(said), "{}", refused.stderr);
        }
    }
    mock.assert_calls(0);
    let on_purpose = [
        "cancel",
        ID,
        "--yes",
        "--field",
        "cancelReasonCategory=CUSTOMER_CANCELED",
        "--field",
        "cancelReasonCode=NOT_RENEWED",
    ];
    let sent = client(&home, &server, &on_purpose);
    assert_eq!(sent.code, 0, "{}", sent.stderr);
    mock.assert_calls(1);
}

#[test]
fn an_update_must_change_something_that_can_be_changed() {
    let home = Home::new();
    let server = MockServer::start();
    for arguments in [
        &["update", ID][..],
        &["update", ID, "--field", "status=ACTIVE"],
        &["update", ID, "--field", "entitlementId=x"],
    ] {
        let outcome = client(&home, &server, arguments);
        assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    }
}

#[test]
fn an_update_that_needs_the_user_is_handled_as_in_create() {
    let home = Home::new();
    let server = MockServer::start();
    server.mock(|when, then| {
        when.any_request();
        then.status(202).json_body(crate::support::server::pending(
            "https://merchant.example/consent",
        ));
    });
    let outcome = client(&home, &server, &["update", ID, "--product", "P"]);
    assert_eq!(outcome.code, 0);
    assert!(
        outcome
            .stdout
            .ends_with("\nhttps://merchant.example/consent\n"),
        "{}",
        outcome.stdout
    );
    assert_eq!(
        client(
            &home,
            &server,
            &["update", ID, "--product", "P", "--require-active"]
        )
        .code,
        8
    );
}

#[test]
fn a_list_is_newest_first_and_an_unknown_status_lists_the_known_ones() {
    let home = Home::new();
    let server = MockServer::start();
    let record = |id: &str, created: &str| {
        entitlement(
            &json!({"entitlementId": id, "dateCreated": created, "productKey": "P\u{1b}[2J"}),
        )
    };
    server.mock(|when, then| {
        when.any_request();
        then.status(200).json_body(json!({"responseCode": "OK", "entitlements": [
            record("old", "2025-01-01T00:00:00Z"), record("new", "2026-01-01T00:00:00.5Z"), record("mid", "2025-06-01T00:00:00"), 7]}));
    });
    let outcome = client(&home, &server, &["list", "--user", "cust-1"]);
    let ids: Vec<_> = outcome
        .stdout
        .lines()
        .map(|line| line.split('\t').next().unwrap())
        .collect();
    assert_eq!(ids, ["new", "mid", "old", ""], "{}", outcome.stdout);
    assert!(
        outcome.stdout.contains("2026-01-01T00:00:00.5Z") && !outcome.stdout.contains('\u{1b}')
    );
    let wrong = client(
        &home,
        &server,
        &["list", "--user", "cust-1", "--status", "GONE"],
    );
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.stderr.contains("PENDING, ACTIVE, ACTIVE-ENDING"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn an_empty_list_is_no_error_and_an_answer_without_a_list_is_unknown() {
    let home = Home::new();
    for (body, code) in [
        (json!({"responseCode": "OK", "entitlements": []}), 0),
        (json!({"responseCode": "OK"}), 30),
    ] {
        let server = MockServer::start();
        server.mock(|when, then| {
            when.any_request();
            then.status(200).json_body(body);
        });
        let outcome = client(&home, &server, &["list", "--user", "cust-1"]);
        assert_eq!(
            (outcome.code, outcome.stdout.as_str()),
            (code, ""),
            "{}",
            outcome.stderr
        );
        let none = "this user has no entitlement";
        assert_eq!(
            outcome.stderr.contains(none),
            code == 0,
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn an_activation_url_is_alone_on_standard_output() {
    let home = Home::new();
    for body in [
        json!({"responseCode": "OK", "parameters": {"action": "NAVIGATE_TO_URL", "url": "https://merchant.example/r"}}),
        json!({"responseCode": "OK", "url": "https://merchant.example/r"}),
    ] {
        let server = MockServer::start();
        server.mock(|when, then| {
            when.any_request();
            then.status(200).json_body(body);
        });
        let outcome = client(&home, &server, &["activation-url", ID]);
        assert_eq!(
            (outcome.code, outcome.stdout.as_str()),
            (0, "https://merchant.example/r\n"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn where_the_platform_has_no_activation_info_the_way_around_is_told() {
    let home = Home::new();
    for (body, code) in [
        ("<html>not found</html>", 30),
        (r#"{"responseCode":"NOT_FOUND"}"#, 14),
    ] {
        let server = MockServer::start();
        server.mock(|when, then| {
            when.any_request();
            then.status(404).body(body);
        });
        let outcome = client(&home, &server, &["activation-url", ID]);
        assert_eq!(outcome.code, code);
        assert!(
            outcome
                .stderr
                .contains("repeating create with the same parameters gives a new URL"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn the_round_trip_of_echo_is_without_the_password_command() {
    let (home, peer) = (Home::new(), echoing());
    home.write(
        CONFIG,
        format!(
            "default_profile = 'p'\n[profiles.p]\nusername = 'u'\nbase_url = '{}'\npassword_command = ['sh', '-c', 'sleep 3; echo x']\n",
            peer.base_url()
        ),
    );
    let outcome = run(home.bango_ent().args(["echo", "--json"]));
    outcome.assert_code(0);
    let took = outcome.json()["roundTripMs"].as_f64().unwrap();
    assert!(took < 2900.0, "{took}");
}

#[test]
fn echo_is_believed_only_if_it_echoes() {
    let home = Home::new();
    let server = MockServer::start();
    server.mock(|when, then| {
        when.any_request();
        then.status(200).json_body(
            json!({"responseCode": "OK", "responseMessage": "Success", "echo": "something else"}),
        );
    });
    assert_eq!(client(&home, &server, &["echo"]).code, 30);
    let server = MockServer::start();
    server.mock(|when, then| {
        when.method(Method::GET).path_prefix("/v1/echo/");
        then.respond_with(|request: &httpmock::HttpMockRequest| {
            let id = request.uri().path().rsplit('/').next().unwrap().to_owned();
            let body = json!({"responseCode": "OK", "responseMessage": "Success", "echo": id});
            httpmock::HttpMockResponse::builder()
                .status(200)
                .body(body.to_string())
                .build()
        });
    });
    let outcome = client(&home, &server, &["echo", "--json"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.json()["roundTripMs"].is_number());
}

#[test]
fn api_stays_below_the_base_url() {
    let home = Home::new();
    let server = MockServer::start();
    let mock = server.mock(|when, then| {
        when.any_request();
        then.status(200).json_body(success());
    });
    for path in [
        "https://evil.test/v1/x",
        "//evil.test/x",
        "../admin",
        "a/%2e%2e/%2e%2e/x",
        "a\nb",
        "http://127.0.0.1:1/v1/x",
    ] {
        let outcome = client(&home, &server, &["api", "GET", path]);
        assert_eq!(outcome.code, 2, "{path}: {}", outcome.stderr);
    }
    assert_eq!(
        client(&home, &server, &["api", "GET", "x", "--field", "a=b"]).code,
        2
    );
    assert_eq!(client(&home, &server, &["api", "BREW", "x"]).code, 2);
    mock.assert_calls(0);
    home.write("body.json", r#"{"customerIdentifier":"x"}"#);
    let outcome = client(
        &home,
        &server,
        &[
            "api",
            "post",
            &server.url("/v1/entitlement/report"),
            "--input",
            "body.json",
        ],
    );
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(outcome.json()["status"], "ACTIVE");
}

#[test]
fn a_date_to_come_is_when_it_ends_and_one_that_is_over_when_it_ended() {
    let home = Home::new();
    for (status, date, label) in [
        ("ACTIVE-ENDING", "2099-01-01T00:00:00Z", "Ends"),
        ("CANCELLED", "2020-01-01T00:00:00Z", "Ended"),
    ] {
        let server = MockServer::start();
        let body = entitlement(&json!({"status": status, "dateEnded": date}));
        server.mock(|when, then| {
            when.method(Method::GET);
            then.status(200).json_body(body);
        });
        let outcome = run(home.client(&server).args(["get", ID]));
        let row = format!("\n{label}\t{date}\n");
        assert!(outcome.stdout.contains(&row), "{}", outcome.stdout);
    }
}
