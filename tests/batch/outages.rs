//! What a batch does when nothing is accepted any more, whatever the cause, and when it is one row alone.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{answering, assert_each_once, batch, users};
use crate::support::cli::Home;
use crate::support::platform::{Reply, Seen};
use crate::support::server::Server;

fn refusal(status: u16, code: &str) -> Reply {
    (status, "", json!({"responseCode": code}))
}

/// Not Bango's answer.
fn page(status: u16) -> Reply {
    (status, "", "<html>".into())
}

#[test]
fn an_outage_of_any_kind_is_waited_out_with_few_requests_and_leaves_no_row_in_doubt() {
    let kinds = [
        refusal(503, "SERVICE_UNAVAILABLE"),
        refusal(500, "INTERNAL_ERROR"),
        page(502),
        page(404),
        page(403),
        page(200),
        (0, "", Value::Null),
    ];
    let run = |kind: &Reply| {
        let begin = OnceLock::new();
        let (shown, kind) = (format!("{kind:?}"), kind.clone());
        let lasts = Duration::from_secs(3);
        let server = answering(5, move |seen| {
            let is_out = seen.number >= 300 && begin.get_or_init(Instant::now).elapsed() < lasts;
            is_out.then(|| kind.clone())
        });
        let home = Home::new();
        home.write("users.csv", users(1500));
        let outcome = batch(&home, &server, &["users.csv"]);
        assert_eq!(outcome.code, 0, "{shown}: {outcome:#?}");
        assert!(outcome.stderr.contains("paused: "), "{shown}");
        assert_each_once(&server, 1500);
        let wasted = server.requests() - 1500;
        assert!((1..=100).contains(&wasted), "{shown}: {wasted}");
    };
    for some in kinds.chunks(4) {
        std::thread::scope(|scope| {
            for kind in some {
                scope.spawn(move || run(kind));
            }
        });
    }
}

#[test]
fn rows_that_are_always_turned_away_do_not_slow_the_others() {
    let is_stuck = |number: usize| number <= 16 || number.is_multiple_of(100);
    let server = answering(5, move |seen| {
        let user = seen.body["customerIdentifier"].as_str().unwrap();
        let number = user.trim_start_matches("cust-").parse().unwrap();
        is_stuck(number).then(|| refusal(503, "SERVICE_UNAVAILABLE"))
    });
    let home = Home::new();
    home.write("users.csv", users(3000));
    // The pauses of a first probe or two that meet such rows are shorter.
    let outcome = batch(&home, &server, &["users.csv", "--give-up-after", "8s"]);
    outcome.assert_code(22);
    let stuck = (1..=3000).filter(|number| is_stuck(*number)).count();
    assert_eq!(server.created().len(), 3000 - stuck, "{outcome:#?}");
    let seen = server.seen();
    let mut good = seen.iter().filter(|seen| {
        let user = seen.body["customerIdentifier"].as_str().unwrap();
        !is_stuck(user.trim_start_matches("cust-").parse().unwrap())
    });
    let took = good.next_back().unwrap().at - seen[0].at;
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn a_platform_that_accepts_connections_and_never_answers_is_given_up() {
    let server = Server::start(|mut connection| {
        connection.request();
        connection.hang();
    });
    let home = Home::new();
    home.write("users.csv", users(500));
    let begin = Instant::now();
    let outcome = home
        .client(&server)
        .args(["batch", "users.csv", "--timeout", "1s"])
        .args(["--give-up-after", "4s", "--json"])
        .run();
    outcome.assert_code(30);
    assert!(begin.elapsed() < Duration::from_secs(20));
    let summary = &outcome.json()["error"]["details"]["summary"];
    assert!(summary["open"].as_u64() > Some(400), "{summary}");
    let requests = server.requests().len();
    assert!(requests < 60, "{requests}");
}

#[test]
fn a_server_that_is_not_bango_stops_the_run_after_its_first_rows() {
    let server = answering(0, |_| Some(page(404)));
    let home = Home::new();
    home.write("users.csv", users(500));
    let outcome = batch(&home, &server, &["users.csv"]);
    outcome.assert_code(30);
    let said = &outcome.stderr;
    assert!(said.contains("is the base URL right?"), "{said}");
    assert!(server.requests() <= 60, "{}", server.requests());
}

#[test]
fn one_refusal_of_the_credentials_is_asked_about_again() {
    let server = answering(0, |seen| {
        (seen.number == 50).then(|| refusal(401, "UNAUTHORIZED"))
    });
    let home = Home::new();
    home.write("users.csv", users(200));
    batch(&home, &server, &["users.csv"]).assert_code(0);
    assert_each_once(&server, 200);
}

#[test]
fn rows_that_an_outage_kept_from_another_try_are_what_they_were_before() {
    let unclear = json!({"responseCode": "OK", "entitlementId": "e", "status": "FAILED"});
    let refused = json!({"responseCode": "NOT_AVAILABLE"});
    for (status, body, outcome) in [(403, refused, "refused"), (200, unclear, "unclear")] {
        let server = answering(0, move |seen| {
            let out = || refusal(503, "SERVICE_UNAVAILABLE");
            Some(if seen.number < 2 {
                (status, "", body.clone())
            } else {
                out()
            })
        });
        let home = Home::new();
        home.write("users.csv", users(2));
        let told = || {
            let status = batch(&home, &server, &["status", "users.csv.journal", "--json"]).json();
            status["journals"][0].clone()
        };
        batch(&home, &server, &["users.csv"]).assert_code(40);
        let before = told();
        assert_eq!(before[outcome], 2);
        let again = ["users.csv", "--retry-failed", "--give-up-after", "1s"];
        let outcome = batch(&home, &server, &[&again[..], &["--json"]].concat());
        outcome.assert_code(22);
        let after = told();
        for count in ["refused", "unclear", "unanswered", "open", "codes"] {
            assert_eq!(after[count], before[count], "{count}");
        }
        let requests = server.requests();
        assert!(requests > 2, "they were tried");
        batch(&home, &server, &["users.csv", "--results", "r.csv"]).assert_code(40);
        assert_eq!(server.requests(), requests, "a plain run leaves them out");
        // Asked for, they go under the identifier of the try that was kept from them.
        batch(&home, &server, &again).assert_code(22);
        let seen = server.seen();
        let is_create = |seen: &Seen| seen.path == "/v1/entitlement";
        let user = |seen: &Seen| is_create(seen) && seen.body["customerIdentifier"] == "cust-1";
        let of_user: Vec<_> = seen.iter().filter(|seen| user(seen)).collect();
        let identifiers: Vec<_> = of_user[1..].iter().map(|seen| &seen.identifier).collect();
        assert!(identifiers.windows(2).all(|two| two[0] == two[1]));
    }
}

#[test]
fn a_long_wait_of_one_row_ends_the_run_when_the_others_are_done() {
    let server = answering(2, |seen| {
        let is_it = seen.body["customerIdentifier"] == "cust-300";
        is_it.then(|| {
            let body = json!({"responseCode": "TOO_MANY_REQUESTS"});
            (429, "Retry-After: 900\r\n", body)
        })
    });
    let home = Home::new();
    home.write("users.csv", users(600));
    let begin = Instant::now();
    batch(&home, &server, &["users.csv"]).assert_code(20);
    assert_eq!(server.created().len(), 599);
    assert!(begin.elapsed() < Duration::from_secs(20));
}

#[test]
fn rows_that_always_fail_at_the_end_of_a_file_are_no_outage() {
    let server = answering(2, |seen| {
        let user = seen.body["customerIdentifier"].as_str().unwrap();
        let number: usize = user.trim_start_matches("cust-").parse().unwrap();
        (number > 288).then(|| refusal(500, "INTERNAL_ERROR"))
    });
    let home = Home::new();
    home.write("users.csv", users(300));
    let outcome = batch(&home, &server, &["users.csv", "--give-up-after", "20s"]);
    outcome.assert_code(40);
    assert_eq!(server.created().len(), 288);
    let said = &outcome.stderr;
    assert!(said.contains("12 rows did not succeed"), "{said}");
    let wasted = server.requests() - 300;
    assert!((12..=100).contains(&wasted), "{wasted}");
}
