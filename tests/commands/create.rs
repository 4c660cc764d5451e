//! `create` on the wire: the request that is sent, and what becomes of each answer.

use httpmock::{Method::POST, MockServer};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::cli::{AUTHORIZATION, CREATE, Home, run};
use crate::support::mock::{answer, create};
use crate::support::server::{entitlement, pending};

#[test]
fn the_request_is_what_the_contract_says() {
    let (home, server) = (Home::new(), MockServer::start());
    let mock = server.mock(|when, then| {
        when.method(POST)
            .path("/v1/entitlement")
            .header("Authorization", AUTHORIZATION)
            .header("Content-Type", "application/json")
            .header("X-RequestIdentifier", "order-77")
            .json_body(json!({
                "customerIdentifier": "Zoë/1",
                "merchantAccountKey": "BANGO",
                "productKey": "BangoMusic",
                "offerKey": "summer",
                "notificationUrl": "https://reseller.example/bango?id=1",
                "entitlementId": "mine-1",
                "dateExpiry": "2027-01-31T10:00:00Z",
                "entitlementDisplayName": "Music",
                "extensionData": {"shop": 7},
                "extraInformation": {"device": "phone"},
                "note": "a=b",
            }));
        then.status(200).json_body(entitlement(&json!({})));
    });
    let outcome = run(home.client(&server).args([
        "create",
        "--user",
        "Zoë/1",
        "--merchant",
        "BANGO",
        "--product",
        "BangoMusic",
        "--offer",
        "summer",
        "--notification-url",
        "https://reseller.example/bango?id=1",
        "--entitlement-id",
        "mine-1",
        "--expires",
        "2027-01-31T12:00:00+02:00",
        "--display-name",
        "Music",
        "--extension-data",
        r#"{"shop":7}"#,
        "--field",
        r#"extraInformation:={"device":"phone"}"#,
        "--field",
        "note=a=b",
        "--request-id",
        "order-77",
    ]));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    mock.assert_calls(1);
}

#[test]
fn only_given_fields_are_sent() {
    let (home, server) = (Home::new(), MockServer::start());
    let mock = server.mock(|when, then| {
        when.method(POST).path("/v1/entitlement").json_body(json!({
            "customerIdentifier": "cust-1", "merchantAccountKey": "BANGO", "productKey": "BangoMusic",
        }));
        then.status(200).json_body(entitlement(&json!({})));
    });
    assert_eq!(create(&home, &server, [""; 0]).code, 0);
    mock.assert_calls(1);
}

#[test]
fn an_active_entitlement_is_shown() {
    let (home, server) = (Home::new(), MockServer::start());
    answer(
        &server,
        200,
        &entitlement(&json!({"offerKey": null, "dateActivated": "2026-11-23T04:00:01Z"})),
    );
    assert_snapshot!(create(&home, &server, [""; 0]).shown(), @r"
    exit code: 0
    ----- stdout -----
    Entitlement	[UUID]
    Status	ACTIVE
    Customer	cust-1
    Merchant	BANGO
    Product	BangoMusic
    Created	2026-11-23T04:00:00.000Z
    Activated	2026-11-23T04:00:01Z
    Request identifier	[UUID]
    ----- stderr -----
    ");
}

#[test]
fn a_pending_create_prints_the_registration_url_alone_on_its_line() {
    let (home, server) = (Home::new(), MockServer::start());
    answer(
        &server,
        202,
        &pending("https://merchant.example/register?token=abc"),
    );
    let outcome = create(&home, &server, [""; 0]);
    assert!(
        outcome
            .stdout
            .lines()
            .any(|line| line == "https://merchant.example/register?token=abc")
    );
    assert_snapshot!(outcome.shown(), @r"
    exit code: 0
    ----- stdout -----
    Entitlement	[UUID]
    Status	PENDING
    Customer	cust-1
    Merchant	BANGO
    Product	BangoMusic
    Created	2026-11-23T04:00:00.000Z
    Request identifier	[UUID]
    https://merchant.example/register?token=abc
    ----- stderr -----
    note: no notification URL was given; unless your account has a default one, only reading it shows the activation: bango-ent wait does
    ");
}

#[test]
fn json_keeps_every_field_and_adds_the_request_identifier() {
    let (home, server) = (Home::new(), MockServer::start());
    let mut sent = entitlement(
        &json!({"bangoUserId": 12_345_678_901_234_567_u64, "new": {"deep": [1, null]}}),
    );
    answer(&server, 200, &sent);
    let outcome = create(&home, &server, ["--json", "--request-id", "order-1"]);
    sent["requestIdentifier"] = "order-1".into();
    assert_eq!((outcome.code, outcome.json()), (0, sent));
    assert_eq!(outcome.stderr, "");
}

/// Rows of the contract's table: HTTP status, body, exit code, `code` of the error document, outcome.
fn failures() -> Vec<(u16, Value, i32, &'static str, &'static str)> {
    let code = |code: &str| json!({"responseCode": code, "responseMessage": "why"});
    vec![
        (400, code("BAD_REQUEST"), 10, "BAD_REQUEST", "refused"),
        (401, code("UNAUTHORIZED"), 11, "UNAUTHORIZED", "refused"),
        (400, code("NOT_AVAILABLE"), 12, "NOT_AVAILABLE", "refused"),
        (409, code("ALREADY_EXISTS"), 13, "ALREADY_EXISTS", "refused"),
        (404, code("NOT_FOUND"), 14, "NOT_FOUND", "refused"),
        (409, code("CONFLICT"), 15, "CONFLICT", "refused"),
        (
            429,
            code("TOO_MANY_REQUESTS"),
            20,
            "TOO_MANY_REQUESTS",
            "refused",
        ),
        (500, code("INTERNAL_ERROR"), 21, "INTERNAL_ERROR", "unknown"),
        (
            503,
            code("SERVICE_UNAVAILABLE"),
            22,
            "SERVICE_UNAVAILABLE",
            "refused",
        ),
        (200, code("SOMETHING_NEW"), 30, "OUTCOME_UNKNOWN", "unknown"),
        (418, code("SOMETHING_NEW"), 30, "OUTCOME_UNKNOWN", "unknown"),
        (
            200,
            json!(["not", "an", "object"]),
            30,
            "OUTCOME_UNKNOWN",
            "unknown",
        ),
        (200, json!({"no": "code"}), 30, "OUTCOME_UNKNOWN", "unknown"),
        // The response code decides before the HTTP status.
        (200, code("BAD_REQUEST"), 10, "BAD_REQUEST", "refused"),
        (503, code("NOT_AVAILABLE"), 12, "NOT_AVAILABLE", "refused"),
        (
            200,
            code("SERVICE_UNAVAILABLE"),
            22,
            "SERVICE_UNAVAILABLE",
            "refused",
        ),
        // A success that is none.
        (
            200,
            entitlement(&json!({"status": "FAILED"})),
            30,
            "OUTCOME_UNKNOWN",
            "unknown",
        ),
        (
            200,
            entitlement(&json!({"status": null})),
            30,
            "OUTCOME_UNKNOWN",
            "unknown",
        ),
        (
            200,
            entitlement(&json!({"status": "NEW"})),
            30,
            "OUTCOME_UNKNOWN",
            "unknown",
        ),
        (
            200,
            entitlement(&json!({"entitlementId": null})),
            30,
            "OUTCOME_UNKNOWN",
            "unknown",
        ),
        // The entitlement exists, the next step is unknown or unsafe.
        (
            202,
            pending("http://merchant.example/"),
            32,
            "UNRECOGNISED_ACTION",
            "created",
        ),
        (
            202,
            pending("https://user@merchant.example/"),
            32,
            "UNRECOGNISED_ACTION",
            "created",
        ),
        (
            202,
            entitlement(
                &json!({"responseCode": "CLIENT_ACTION_REQUIRED", "status": "PENDING",
            "parameters": {"action": "DANCE"}}),
            ),
            32,
            "UNRECOGNISED_ACTION",
            "created",
        ),
        (
            202,
            entitlement(&json!({"responseCode": "CLIENT_ACTION_REQUIRED", "status": "PENDING"})),
            32,
            "UNRECOGNISED_ACTION",
            "created",
        ),
        (
            202,
            entitlement(
                &json!({"responseCode": "CLIENT_ACTION_REQUIRED", "status": "PENDING",
            "parameters": {"action": "NAVIGATE_TO_URL"}}),
            ),
            32,
            "UNRECOGNISED_ACTION",
            "created",
        ),
    ]
}

#[test]
fn every_failure_has_its_exit_code_in_every_format_and_one_json_document() {
    let home = Home::new();
    for (status, body, exit, code, outcome) in failures() {
        let server = MockServer::start();
        let mock = answer(&server, status, &body);
        let piped = create(&home, &server, ["--retries", "0"]);
        let json = create(&home, &server, ["--retries", "0", "--json"]);
        let context = format!("{status} {body}: {}", piped.stderr);
        assert_eq!((piped.code, json.code), (exit, exit), "{context}");
        assert!(
            piped.stderr.starts_with("error: ") || piped.stderr.contains("\nerror: "),
            "{context}"
        );
        assert!(piped.stderr.contains("request identifier: "), "{context}");
        assert!(piped.stderr.contains("what next: "), "{context}");
        let document = json.json();
        let error = &document["error"];
        assert_eq!(error["code"], code, "{document}");
        assert_eq!(error["outcome"], outcome, "{document}");
        assert_eq!(error["exitCode"], exit, "{document}");
        assert_eq!(error["httpStatus"], status, "{document}");
        assert_eq!(error["response"], body, "{document}");
        assert!(
            error["requestIdentifier"].is_string() && error["hint"].is_string(),
            "{document}"
        );
        mock.assert_calls(2);
    }
}

#[test]
fn answers_of_gateways_are_classed_by_their_http_status() {
    let home = Home::new();
    for (status, exit) in [
        (401, 11),
        // Where no proxy is, or only a tunnel, none can have said it.
        (407, 30),
        (429, 20),
        (500, 21),
        (502, 21),
        (503, 22),
        (504, 21),
        (200, 30),
        (204, 30),
        (301, 30),
        (302, 30),
        (307, 30),
        (403, 30),
        (404, 30),
    ] {
        let server = MockServer::start();
        let mock = server.mock(|when, then| {
            when.any_request();
            then.status(status)
                .header("Location", "/v1/elsewhere")
                .body("<html>gateway</html>");
        });
        let outcome = create(&home, &server, ["--retries", "0", "--json"]);
        assert_eq!(outcome.code, exit, "{status}: {}", outcome.stderr);
        assert_eq!(outcome.json()["error"]["response"], Value::Null);
        // One call: no redirect was followed.
        mock.assert_calls(1);
    }
}

#[test]
fn a_contradiction_is_told_and_the_response_code_decides() {
    let (home, server) = (Home::new(), MockServer::start());
    answer(&server, 500, &entitlement(&json!({})));
    let outcome = create(&home, &server, [""; 0]);
    assert_eq!(outcome.code, 0);
    assert!(
        outcome
            .stderr
            .contains("warning: the answer contradicts itself: HTTP 500 with OK"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn an_unauthorized_answer_names_both_causes() {
    let (home, server) = (Home::new(), MockServer::start());
    answer(
        &server,
        401,
        &json!({"responseCode": "UNAUTHORIZED", "responseMessage": "Unauthorized"}),
    );
    assert_snapshot!(create(&home, &server, [""; 0]).shown(), @r"
    exit code: 11
    ----- stdout -----
    ----- stderr -----
    error: Bango answered UNAUTHORIZED: Unauthorized
      what next: wrong credentials, or an address that is not on Bango's list; this tells which is likelier: bango-ent doctor
      request identifier: [UUID]
    ");
}

#[test]
fn maximum_number_of_subscriptions_means_that_the_user_already_has_it() {
    let (home, server) = (Home::new(), MockServer::start());
    answer(
        &server,
        400,
        &json!({
            "responseCode": "BAD_REQUEST", "responseMessage": "Maximum number of subscriptions for user reached"
        }),
    );
    assert_snapshot!(create(&home, &server, [""; 0]).shown(), @r"
    exit code: 10
    ----- stdout -----
    ----- stderr -----
    error: Bango answered BAD_REQUEST: Maximum number of subscriptions for user reached
      what next: the user already has this service; this shows it: bango-ent list --user cust-1 --product BangoMusic
      request identifier: [UUID]
    ");
}

#[test]
fn an_unsafe_registration_url_is_shown_escaped_and_the_entitlement_is_kept() {
    let (home, server) = (Home::new(), MockServer::start());
    answer(
        &server,
        202,
        &pending("https://m.example/\u{1b}]0;x\u{7}\u{202e}"),
    );
    assert_snapshot!(create(&home, &server, [""; 0]).shown(), @r#"
    exit code: 32
    ----- stdout -----
    Entitlement	[UUID]
    Status	PENDING
    Customer	cust-1
    Merchant	BANGO
    Product	BangoMusic
    Created	2026-11-23T04:00:00.000Z
    Request identifier	[UUID]
    ----- stderr -----
    note: no notification URL was given; unless your account has a default one, only reading it shows the activation: bango-ent wait does
    error: the entitlement exists, but its registration URL contains a control, invisible or space character and was not opened: "https://m.example/\u{1b}]0;x\u{7}\u{202e}"
      what next: do not open it; tell Bango the entitlement id and the request identifier; this asks for another URL: bango-ent activation-url [UUID]
      request identifier: [UUID]
    "#);
}

#[test]
fn require_active_turns_pending_into_exit_code_8() {
    let (home, server) = (Home::new(), MockServer::start());
    let body = pending("https://merchant.example/r");
    answer(&server, 202, &body);
    let piped = create(&home, &server, ["--require-active"]);
    assert_eq!(piped.code, 8);
    assert!(piped.stdout.contains("https://merchant.example/r\n"));
    let json = create(&home, &server, ["--require-active", "--json"]);
    assert_eq!(json.code, 8);
    assert_eq!(json.json()["error"]["code"], "NOT_ACTIVE");
    assert_eq!(json.json()["error"]["response"], body);
}

#[test]
fn without_a_notification_url_the_user_is_told_that_bango_cannot_report() {
    let (home, server) = (Home::new(), MockServer::start());
    answer(&server, 202, &pending("https://merchant.example/r"));
    // A default may have been configured at Bango: that nobody reports is not known.
    let told = |outcome: &str| {
        assert!(!outcome.contains("cannot report"), "{outcome}");
        outcome.contains("no notification URL was given") && outcome.contains("bango-ent wait")
    };
    assert!(told(&create(&home, &server, [""; 0]).stderr));
    assert!(!told(&create(&home, &server, ["--quiet"]).stderr));
    assert!(!told(
        &create(
            &home,
            &server,
            ["--notification-url", "https://r.example/n"]
        )
        .stderr
    ));
}

#[test]
fn a_qr_code_is_drawn_on_standard_error() {
    let (home, server) = (Home::new(), MockServer::start());
    answer(&server, 202, &pending("https://merchant.example/r"));
    let outcome = create(&home, &server, ["--qr", "--json"]);
    assert_eq!(outcome.code, 0);
    assert!(
        outcome.stderr.contains('█') && outcome.stderr.contains('▀'),
        "{}",
        outcome.stderr
    );
    assert_eq!(outcome.json()["status"], "PENDING");
}

#[test]
fn what_the_server_says_cannot_drive_a_terminal() {
    let (home, server) = (Home::new(), MockServer::start());
    let evil = "\u{1b}[2J\u{9b}31m\u{202e}x\r\n\u{7}";
    answer(
        &server,
        200,
        &entitlement(
            &json!({"customerIdentifier": evil, "productKey": evil, "extensionData": {"a": evil}}),
        ),
    );
    let shown = create(&home, &server, [""; 0]);
    assert!(
        !shown
            .stdout
            .contains(['\u{1b}', '\u{9b}', '\u{202e}', '\r', '\u{7}']),
        "{:?}",
        shown.stdout
    );
    let server = MockServer::start();
    answer(
        &server,
        400,
        &json!({"responseCode": "BAD_REQUEST", "responseMessage": evil}),
    );
    let shown = create(&home, &server, ["-vv"]);
    assert!(
        !shown
            .stderr
            .contains(['\u{1b}', '\u{9b}', '\u{202e}', '\r', '\u{7}']),
        "{:?}",
        shown.stderr
    );
}

#[test]
fn arguments_that_changed_under_a_request_identifier_are_refused_before_anything_is_sent() {
    let (home, server) = (Home::new(), MockServer::start());
    let mock = answer(&server, 200, &entitlement(&json!({})));
    let first = create(&home, &server, ["--json"]).json();
    let id = first["requestIdentifier"].as_str().unwrap();
    let again = create(&home, &server, ["--request-id", id]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    let changed = create(
        &home,
        &server,
        ["--request-id", id, "--offer", "other", "--json"],
    );
    assert_eq!(changed.code, 4);
    assert_eq!(changed.json()["error"]["code"], "REFUSED_LOCALLY");
    assert_eq!(changed.json()["error"]["outcome"], "not_sent");
    mock.assert_calls(2);
}

#[test]
fn a_dry_run_opens_no_socket_and_needs_no_credentials() {
    let (home, server) = (Home::new(), MockServer::start());
    let mock = server.mock(|when, then| {
        when.any_request();
        then.status(200);
    });
    let outcome = create(&home, &server, ["--dry-run", "--request-id", "order-1"]);
    assert_snapshot!(outcome.shown(), @r#"
    exit code: 0
    ----- stdout -----
    Request	POST http://127.0.0.1:[PORT]/v1/entitlement
    User	MyOrganization
    Header	Authorization: Basic [redacted]
    Header	X-RequestIdentifier: order-1
    Header	Content-Type: application/json
    {
      "customerIdentifier": "cust-1",
      "merchantAccountKey": "BANGO",
      "productKey": "BangoMusic"
    }
    ----- stderr -----
    note: dry run: nothing was sent
    "#);
    let bare = run(home.bango_ent().args(CREATE).args(["--dry-run", "--json"]));
    assert_eq!(bare.code, 0);
    assert_eq!(
        bare.json()["request"]["url"],
        "https://resale.api.bango.net/v1/entitlement"
    );
    mock.assert_calls(0);
}
