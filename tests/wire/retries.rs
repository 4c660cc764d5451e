//! Repeating a request: how often, after which wait, under which identifier, and within which time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use httpmock::{HttpMockResponse, MockServer};
use serde_json::json;

use crate::support::cli::{Home, run};
use crate::support::mock::create;
use crate::support::server::{Server, active, entitlement, http};

/// Answers with these statuses and codes in turn, then with success; keeps the identifiers that came.
fn in_turn(
    server: &MockServer,
    answers: &[(u16, &str, Option<&str>)],
) -> std::sync::Arc<std::sync::Mutex<Vec<String>>> {
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let (kept, answers) = (seen.clone(), owned(answers));
    server.mock(|when, then| {
        when.any_request();
        then.respond_with(move |request: &httpmock::HttpMockRequest| {
            let mut kept = kept.lock().unwrap();
            let headers = request.headers();
            let id = headers.get("X-RequestIdentifier").unwrap();
            kept.push(id.to_str().unwrap().to_owned());
            let answer = answers.get(kept.len() - 1).cloned();
            let (status, body, retry_after) =
                answer.unwrap_or_else(|| (200, entitlement(&json!({})).to_string(), None));
            let mut response = HttpMockResponse::builder().status(status).body(body);
            if let Some(value) = retry_after {
                response = response.header("Retry-After", value);
            }
            response.build()
        });
    });
    seen
}

fn owned(answers: &[(u16, &str, Option<&str>)]) -> Vec<(u16, String, Option<String>)> {
    let body = |code: &str| match code.strip_prefix("raw:") {
        Some(raw) => raw.to_owned(),
        None => json!({"responseCode": code, "responseMessage": "why"}).to_string(),
    };
    answers
        .iter()
        .map(|(status, code, after)| (*status, body(code), after.map(str::to_owned)))
        .collect()
}

#[test]
fn a_passing_trouble_is_repeated_under_the_same_identifier() {
    let home = Home::new();
    for trouble in [
        (429, "TOO_MANY_REQUESTS"),
        (500, "INTERNAL_ERROR"),
        (503, "SERVICE_UNAVAILABLE"),
        (200, "SERVICE_UNAVAILABLE"),
        (502, "raw:<html>bad gateway</html>"),
        (504, "raw:"),
        // What a balancer says on a connection that was idle.
        (408, "raw:"),
        (425, "raw:"),
        (503, "SOMETHING_NEW"),
    ] {
        let server = MockServer::start();
        let seen = in_turn(
            &server,
            &[
                (trouble.0, trouble.1, Some("0")),
                (trouble.0, trouble.1, Some("0")),
            ],
        );
        let outcome = create(&home, &server, [""; 0]);
        assert_eq!(outcome.code, 0, "{trouble:?}: {}", outcome.stderr);
        let seen = seen.lock().unwrap();
        assert_eq!(seen.len(), 3, "{trouble:?}");
        assert!(seen.iter().all(|id| *id == seen[0]), "{seen:?}");
        assert_eq!(
            outcome.stderr.matches("; retry ").count(),
            2,
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn a_refusal_is_never_repeated() {
    let home = Home::new();
    for refusal in [
        (400, "BAD_REQUEST"),
        (401, "UNAUTHORIZED"),
        (503, "CONFLICT"),
        (200, "SOMETHING_NEW"),
        (200, "raw:<html>"),
    ] {
        let server = MockServer::start();
        let seen = in_turn(&server, &[(refusal.0, refusal.1, Some("0"))]);
        assert_ne!(create(&home, &server, [""; 0]).code, 0);
        assert_eq!(seen.lock().unwrap().len(), 1, "{refusal:?}");
    }
}

#[test]
fn the_number_of_retries_is_the_users() {
    let home = Home::new();
    for retries in [0, 1, 4] {
        let server = MockServer::start();
        let seen = in_turn(&server, &[(503, "SERVICE_UNAVAILABLE", Some("0")); 9]);
        let outcome = create(
            &home,
            &server,
            ["--retries".to_owned(), retries.to_string()],
        );
        assert_eq!(outcome.code, 22);
        assert_eq!(seen.lock().unwrap().len(), retries + 1);
        assert!(
            outcome.stderr.contains("repeat it safely: "),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn retry_after_is_obeyed_in_seconds_and_as_a_date() {
    let home = Home::new();
    let in_two_seconds = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(3);
    let date = in_two_seconds
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string();
    for value in ["1", &date] {
        let server = MockServer::start();
        in_turn(&server, &[(429, "TOO_MANY_REQUESTS", Some(value))]);
        let start = Instant::now();
        let outcome = create(&home, &server, [""; 0]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        assert!(
            start.elapsed() >= Duration::from_millis(900),
            "{value}: {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn a_wait_that_is_longer_than_the_time_left_is_not_begun() {
    let (home, server) = (Home::new(), MockServer::start());
    let seen = in_turn(&server, &[(503, "SERVICE_UNAVAILABLE", Some("3600"))]);
    let start = Instant::now();
    let outcome = create(&home, &server, ["--timeout", "5s"]);
    assert_eq!(outcome.code, 22);
    assert!(start.elapsed() < Duration::from_secs(3));
    assert!(
        outcome.stderr.contains("the server asks to wait 3600 s"),
        "{}",
        outcome.stderr
    );
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[test]
fn no_refusal_after_a_lost_answer_says_that_nothing_was_done() {
    for words in [
        "create --user u --merchant M --product P",
        "update e --product P",
        "suspend e",
        "resume e",
        "revoke e --reason REVOKED/FRAUD --yes",
        "api POST x",
    ] {
        for (status, code) in [
            (400, "BAD_REQUEST"),
            (401, "UNAUTHORIZED"),
            (403, "NOT_AVAILABLE"),
            (404, "NOT_FOUND"),
            (409, "ALREADY_EXISTS"),
            (409, "CONFLICT"),
        ] {
            let changes = AtomicUsize::new(0);
            let peer = Server::start(move |mut connection| {
                let request = connection.request();
                if request.starts_with("GET") {
                    connection.say(http(200, &[], active()));
                } else if changes.fetch_add(1, Ordering::SeqCst) > 0 {
                    let body = json!({"responseCode": code, "responseMessage": "no"});
                    connection.say(http(status, &[], body.to_string()));
                }
            });
            let outcome = run(Home::new().client(&peer).args(words.split(' ')).args([
                "--json",
                "--retries",
                "1",
            ]));
            assert_eq!(outcome.code, 30, "{words} {code}: {}", outcome.stderr);
            let error = outcome.json()["error"].take();
            assert_eq!(error["outcome"], "unknown", "{words} {code}");
            assert_eq!(error["code"], code, "{words}");
        }
    }
}

#[test]
fn answers_that_came_are_not_called_unanswered() {
    let (home, server) = (Home::new(), MockServer::start());
    let trouble = (500, "INTERNAL_ERROR", Some("0"));
    in_turn(&server, &[trouble, trouble]);
    let outcome = create(&home, &server, ["--retries", "1"]);
    outcome.assert_code(21);
    for word in ["unanswered", "earlier attempt"] {
        assert!(!outcome.stderr.contains(word), "{}", outcome.stderr);
    }
}

#[test]
fn a_refusal_after_a_lost_answer_stays_unknown() {
    let (home, server) = (Home::new(), MockServer::start());
    let maximum = r#"raw:{"responseCode":"BAD_REQUEST","responseMessage":"Maximum number of subscriptions for user reached"}"#;
    in_turn(
        &server,
        &[(502, "raw:<html>", Some("0")), (400, maximum, None)],
    );
    let outcome = create(&home, &server, ["--json"]);
    assert_eq!(outcome.code, 30);
    assert_eq!(outcome.json()["error"]["code"], "BAD_REQUEST");
    assert_eq!(outcome.json()["error"]["outcome"], "unknown");
    let hint = outcome.json()["error"]["hint"].to_string();
    assert!(hint.contains("bango-ent list --user cust-1"), "{hint}");
}

#[test]
fn what_will_not_be_better_later_is_not_to_be_repeated_later() {
    let server = MockServer::start();
    in_turn(&server, &[(501, "raw:no", None)]);
    let home = Home::new();
    let error = create(&home, &server, ["--json"]).json()["error"].clone();
    assert_eq!(
        (&error["exitCode"], &error["retryable"]),
        (&21.into(), &false.into())
    );
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.starts_with("ask Bango"), "{hint}");
}
