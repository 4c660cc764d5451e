//! `api`: headers, query and plain answers, so that what has no command of its own can be called.

use serde_json::{Value, json};

use crate::support::cli::{Home, run};
use crate::support::schema::assert_valid;
use crate::support::server::{Server, active, header, http};

const PRODUCTS: &str =
    r#"{"eligibleProducts": [{"productIdentifier": "p1", "productRank": 1.50}]}"#;

#[test]
fn the_product_api_is_called_with_its_headers_and_needs_no_response_code() {
    let (home, server) = (Home::new(), Server::answering(http(200, &[], PRODUCTS)));
    let mut cli = home.client(&server);
    cli.args(["api", "GET", "products/reseller-1", "--json"])
        .args([
            "--header",
            "X-CustomerIdentifier: cust-1",
            "-H",
            "X-More:a:b",
        ])
        .args(["--query", "a=b c&d", "--query", "e="]);
    let outcome = run(&mut cli);
    outcome.assert_code(0);
    assert_valid("api", &outcome.json());
    assert_eq!(
        outcome.json()["eligibleProducts"][0]["productRank"].to_string(),
        "1.50"
    );
    let sent = &server.requests()[0];
    assert!(
        sent.starts_with("GET /v1/products/reseller-1?a=b+c%26d&e= "),
        "{sent}"
    );
    assert_eq!(header(sent, "X-CustomerIdentifier"), Some("cust-1"));
    assert_eq!(header(sent, "X-More"), Some("a:b"));
    assert!(header(sent, "Authorization").is_some());
    assert_eq!(header(sent, "X-RequestIdentifier").unwrap().len(), 36);
}

#[test]
fn only_a_read_whose_status_is_a_success_may_lack_a_response_code() {
    for (method, status, code) in [
        ("GET", 200, 0),
        ("GET", 404, 30),
        ("GET", 302, 30),
        ("POST", 200, 30),
        ("PATCH", 201, 30),
    ] {
        let (home, server) = (Home::new(), Server::answering(http(status, &[], PRODUCTS)));
        let outcome = run(home
            .client(&server)
            .args(["api", method, "x", "--retries", "0"]));
        assert_eq!(outcome.code, code, "{method} {status}: {}", outcome.stderr);
    }
    // What is no JSON object, or has a code that is not known, is no answer.
    for body in [
        "<html>",
        "[1]",
        r#"{"responseCode": "NEW"}"#,
        r#"{"responseCode": 1}"#,
    ] {
        let (home, server) = (Home::new(), Server::answering(http(200, &[], body)));
        let outcome = run(home
            .client(&server)
            .args(["api", "GET", "x", "--retries", "0"]));
        assert_eq!(outcome.code, 30, "{body}: {}", outcome.stderr);
    }
    // No other command takes such an answer.
    let (home, server) = (Home::new(), Server::answering(http(200, &[], PRODUCTS)));
    run(home.client(&server).args(["get", "e1", "--retries", "0"])).assert_code(30);
}

#[test]
fn headers_that_are_ours_or_none_are_refused() {
    let (home, server) = (Home::new(), Server::active());
    for (given, why) in [
        ("Authorization: Basic eA==", "sets authorization itself"),
        ("proxy-authorization:x", "itself"),
        ("Content-Length: 5", "itself"),
        ("transfer-encoding: chunked", "itself"),
        ("Host: evil.example", "itself"),
        ("X-RequestIdentifier: 1", "--request-id"),
        ("no-colon", "NAME:VALUE"),
        ("a b: c", "NAME:VALUE"),
        (": c", "NAME:VALUE"),
        ("a: b\r\nc: d", "NAME:VALUE"),
    ] {
        let outcome = run(home
            .client(&server)
            .args(["api", "GET", "x", "--header", given]));
        assert_eq!(outcome.code, 2, "{given:?}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains(why),
            "{given:?}: {}",
            outcome.stderr
        );
    }
    assert!(server.requests().is_empty());
}

#[test]
fn the_status_and_the_headers_of_an_answer_are_shown_if_asked_for() {
    let answer = http(202, &["X-Seen: 1", "X-Seen: \u{202e}"], active());
    let (home, server) = (Home::new(), Server::answering(answer));
    let shown = run(home.client(&server).args(["api", "GET", "x", "--include"]));
    shown.assert_code(0);
    let head: Vec<_> = shown.lines().into_iter().take(5).collect();
    assert_eq!(head[0], "HTTP 202");
    assert!(head.contains(&"x-seen\t1"), "{head:?}");
    assert!(!shown.stdout.contains('\u{202e}'), "{:?}", shown.stdout);
    let outcome = run(home
        .client(&server)
        .args(["api", "GET", "x", "-i", "--json"]));
    let document = outcome.json();
    assert_valid("api", &document);
    assert_eq!(document["http"]["status"], 202);
    let headers = document["http"]["headers"].as_array().unwrap();
    assert!(headers.contains(&json!(["x-seen", "1"])), "{headers:?}");
    let without = run(home.client(&server).args(["api", "GET", "x", "--json"]));
    assert_eq!(without.json()["http"], Value::Null);
}

#[test]
fn a_dry_run_shows_the_headers_but_no_secret_among_them() {
    let home = Home::new();
    let mut cli = home.bango_ent();
    cli.args(["api", "GET", "x", "--dry-run", "--header", "X-Trace: 42"])
        .args(["--header", "X-Api-Key: a-secret"]);
    let outcome = run(&mut cli);
    outcome.assert_code(0);
    assert!(outcome.stdout.contains("x-trace: 42"), "{}", outcome.stdout);
    assert!(
        outcome.stdout.contains("x-api-key: [redacted]"),
        "{}",
        outcome.stdout
    );
    assert!(!outcome.stdout.contains("a-secret"));
}

#[test]
fn a_request_identifier_belongs_to_the_headers_as_well() {
    let (home, server) = (Home::new(), Server::active());
    let post = |more: &[&str]| {
        let mut cli = home.client(&server);
        run(cli.args(["api", "POST", "x", "--json"]).args(more))
    };
    let first = post(&["--header", "X-CustomerIdentifier: a"]);
    let id = first.assert_code(0).json()["requestIdentifier"].clone();
    let id = ["--request-id", id.as_str().unwrap()];
    post(&[&["--header", "X-CustomerIdentifier: b"], &id[..]].concat()).assert_code(4);
    post(&id).assert_code(4);
    post(&[&["--header", "X-CustomerIdentifier: a"], &id[..]].concat()).assert_code(0);
}
