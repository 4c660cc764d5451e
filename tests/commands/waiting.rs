//! `wait` and `create --wait`: four endings, four exit codes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use httpmock::{HttpMockResponse, Method, MockServer};
use serde_json::json;

use crate::support::cli::{Home, run};
use crate::support::mock::create;
use crate::support::server::{entitlement, pending};

/// Answers reads with these statuses in turn, the last one for ever; `!503` is a failure of that HTTP status.
fn statuses(server: &MockServer, statuses: &[&'static str]) {
    let (statuses, turn) = (statuses.to_vec(), AtomicUsize::new(0));
    server.mock(|when, then| {
        when.method(Method::GET);
        then.respond_with(move |_: &httpmock::HttpMockRequest| {
            let status = statuses[turn.fetch_add(1, Ordering::Relaxed).min(statuses.len() - 1)];
            let http = status
                .strip_prefix('!')
                .map_or(200, |http| http.parse::<u16>().unwrap());
            let body = if status == "<html>" {
                status.to_owned()
            } else if http == 200 {
                entitlement(&json!({"status": status})).to_string()
            } else {
                String::new()
            };
            HttpMockResponse::builder().status(http).body(body).build()
        });
    });
}

#[test]
fn a_wait_ends_in_four_ways() {
    let home = Home::new();
    for (seen, more, code) in [
        (&["PENDING", "PENDING", "ACTIVE"][..], &[][..], 0),
        (
            &["PENDING", "ACTIVE-ENDING", "CANCELLED"],
            &["--for", "CANCELLED"],
            0,
        ),
        (&["PENDING", "REVOKED"], &[], 9),
        (&["PENDING", "CANCELLED"], &[], 9),
        (&["PENDING", "FAILED"], &[], 9),
        (&["ACTIVE", "CANCELLED"], &["--for", "revoked"], 9),
        (&["PENDING"], &[], 8),
        // A passing trouble of a read does not end the wait.
        (&["PENDING", "!503", "!502", "ACTIVE"], &[], 0),
        // Nor one that says nothing of the entitlement: of a balancer, a portal, a firewall.
        (
            &["!408", "!425", "!302", "!403", "<html>", "ACTIVE"],
            &[],
            0,
        ),
        (&["!404"], &[], 30),
        (&["!401"], &[], 11),
    ] {
        let server = MockServer::start();
        statuses(&server, seen);
        let base = [
            "wait",
            "ent-1",
            "--interval",
            "10ms",
            "--timeout",
            "1s",
            "--retries",
            "0",
        ];
        let piped = run(home.client(&server).args(base).args(more));
        assert_eq!(piped.code, code, "{seen:?}: {}", piped.stderr);
        let server = MockServer::start();
        statuses(&server, seen);
        let json = run(home.client(&server).args(base).args(more).arg("--json"));
        assert_eq!(json.code, code, "{seen:?}: {}", json.stderr);
        let error = &json.json()["error"];
        assert_eq!(error.is_null(), code == 0, "{}", json.stdout);
        if matches!(code, 8 | 9) {
            assert_eq!(error["outcome"], "read");
        }
    }
}

#[test]
fn nobody_waits_for_failed() {
    let home = Home::new();
    let outcome = run(home.bango_ent().args(["wait", "ent-1", "--for", "FAILED"]));
    assert_eq!(outcome.code, 2);
}

#[test]
fn a_wait_is_not_longer_than_it_was_told() {
    let (home, server) = (Home::new(), MockServer::start());
    statuses(&server, &["PENDING"]);
    let start = Instant::now();
    let outcome =
        run(home
            .client(&server)
            .args(["wait", "ent-1", "--interval", "1h", "--timeout", "1s"]));
    assert_eq!(outcome.code, 8);
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn create_wait_shows_the_id_first_and_the_active_entitlement_last() {
    let (home, server) = (Home::new(), MockServer::start());
    statuses(&server, &["PENDING", "ACTIVE"]);
    crate::support::mock::answer(&server, 202, &pending("https://merchant.example/r"));
    let piped = create(&home, &server, ["--wait=20s"]);
    assert_eq!(piped.code, 0, "{}", piped.stderr);
    assert!(piped.stdout.contains("Status\tACTIVE") && !piped.stdout.contains("PENDING"));
    assert!(
        piped.stderr.contains("entitlement: 9d6b3a3e"),
        "{}",
        piped.stderr
    );
    let server = MockServer::start();
    statuses(&server, &["PENDING", "ACTIVE"]);
    crate::support::mock::answer(&server, 202, &pending("https://merchant.example/r"));
    let json = create(&home, &server, ["--wait=20s", "--json"]);
    assert_eq!(
        (json.code, json.json()["status"].as_str()),
        (0, Some("ACTIVE"))
    );
    assert!(
        json.stderr.contains("entitlement: 9d6b3a3e")
            && json.stderr.contains("https://merchant.example/r")
    );
}

#[test]
fn a_wait_that_fails_after_a_create_does_not_lose_the_entitlement() {
    let (home, server) = (Home::new(), MockServer::start());
    statuses(&server, &["!401"]);
    crate::support::mock::answer(&server, 202, &pending("https://merchant.example/r"));
    let outcome = create(&home, &server, ["--wait", "--json"]);
    assert_eq!(outcome.code, 11);
    let error = &outcome.json()["error"];
    assert_eq!(error["outcome"], "created");
    assert_eq!(
        error["response"]["entitlementId"],
        "9d6b3a3e-0000-4000-8000-000000000001"
    );
}

#[test]
fn a_wait_of_a_create_that_never_reads_says_that_it_was_created() {
    for troubles in [&["!503"][..], &["!502"], &["<html>"]] {
        let (home, server) = (Home::new(), MockServer::start());
        statuses(&server, troubles);
        crate::support::mock::answer(&server, 202, &pending("https://merchant.example/r"));
        let outcome = create(&home, &server, ["--wait=1s", "--retries", "0", "--json"]);
        assert_ne!(outcome.code, 8, "nothing is known of the entitlement");
        let error = &outcome.json()["error"];
        assert_eq!(error["outcome"], "created", "{error}");
        assert_eq!(error["response"]["status"], "PENDING", "{error}");
        assert_eq!(error["repeat"], serde_json::Value::Null, "{error}");
    }
}

#[cfg(unix)]
#[test]
fn a_wait_that_reaches_nobody_ends_at_an_interrupt_or_as_its_reads_did() {
    let home = Home::new();
    let nobody = "http://127.0.0.1:1/v1";
    let running = home.client(nobody).args(["wait", "e"]).start();
    std::thread::sleep(Duration::from_millis(800));
    running.signal(rustix::process::Signal::INT);
    running.end().assert_code(130);
    let short = run(home.client(nobody).args(["wait", "e", "--timeout", "1s"]));
    short.assert_code(31);
    assert!(
        short.stderr.contains("could not be read"),
        "{}",
        short.stderr
    );
    assert!(
        short.stderr.contains("127.0.0.1:1:"),
        "names the port: {}",
        short.stderr
    );
}
