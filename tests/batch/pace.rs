//! How fast `batch` goes, when it slows down, and when it gives up.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::{answering, assert_each_once, batch, start, users};
use crate::support::cli::Home;
use crate::support::platform::{Behaviour, Limit, Platform, Reply};
use crate::support::schema;

fn refusal(status: u16, headers: &'static str, code: &str) -> Reply {
    (
        status,
        headers,
        json!({"responseCode": code, "responseMessage": "why"}),
    )
}

#[test]
fn too_many_requests_pause_the_whole_run_as_long_as_the_platform_asks() {
    let server = answering(0, |seen| {
        (seen.number == 20).then(|| refusal(429, "Retry-After: 1\r\n", "TOO_MANY_REQUESTS"))
    });
    let home = Home::new();
    home.write("users.csv", users(200));
    let outcome = batch(&home, &server, &["users.csv", "--concurrency", "4"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_each_once(&server, 200);
    let times: Vec<_> = server.seen().iter().map(|seen| seen.at).collect();
    let longest = times
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .max()
        .unwrap();
    assert!(longest >= Duration::from_millis(900), "{longest:?}");
    let paused = times
        .windows(2)
        .position(|pair| pair[1] - pair[0] == longest)
        .unwrap();
    assert!(
        (20..=60).contains(&paused),
        "little more than what was under way came after the refusal: {paused}"
    );
}

#[test]
fn a_platform_that_takes_little_is_not_pressed() {
    let at_once = AtomicUsize::new(0);
    let server = answering(0, move |seen| {
        let now = at_once.fetch_add(1, Ordering::SeqCst) + 1;
        std::thread::sleep(Duration::from_millis(5));
        at_once.fetch_sub(1, Ordering::SeqCst);
        (now > 4 && seen.method == "POST")
            .then(|| refusal(503, "Retry-After: 0\r\n", "SERVICE_UNAVAILABLE"))
    });
    let home = Home::new();
    home.write("users.csv", users(400));
    let outcome = batch(&home, &server, &["users.csv", "--concurrency", "32"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_each_once(&server, 400);
    let wasted = server.requests() - 400;
    assert!(
        wasted < 200,
        "{wasted} of {} requests were turned away",
        server.requests()
    );
}

#[test]
fn no_more_requests_are_under_way_than_allowed() {
    let server = answering(20, |_| None);
    let home = Home::new();
    home.write("users.csv", users(60));
    assert_eq!(
        batch(&home, &server, &["users.csv", "--concurrency", "3"]).code,
        0
    );
    assert_eq!(server.most_at_once(), 3);
}

#[test]
fn the_rate_is_kept() {
    let server = answering(0, |_| None);
    let home = Home::new();
    home.write("users.csv", users(60));
    assert_eq!(
        batch(&home, &server, &["users.csv", "--rate", "40/s"]).code,
        0
    );
    let times: Vec<_> = server.seen().iter().map(|seen| seen.at).collect();
    let took = *times.last().unwrap() - times[0];
    assert!(took >= Duration::from_millis(1300), "{took:?}");
}

#[test]
fn wrong_credentials_stop_the_run_instead_of_failing_every_row() {
    let server = answering(0, |_| Some(refusal(401, "", "UNAUTHORIZED")));
    let home = Home::new();
    home.write("users.csv", users(300));
    let outcome = batch(
        &home,
        &server,
        &["users.csv", "--concurrency", "4", "--json"],
    );
    assert_eq!(outcome.code, 11, "{}", outcome.stderr);
    // Each of the four may begin another before it hears of the others' refusals, and one asks once more.
    assert!(server.requests() <= 9, "{}", server.requests());
    let error = &outcome.json()["error"];
    assert_eq!(error["code"], "UNAUTHORIZED");
    assert_eq!(
        error["details"]["summary"]["open"], 300,
        "nothing failed, everything can be sent later"
    );
}

#[test]
fn a_platform_that_is_not_there_is_given_up_and_nothing_fails() {
    let home = Home::new();
    home.write("users.csv", users(5));
    let server = Platform::start(Behaviour::default());
    let begin = Instant::now();
    let arguments = [
        "users.csv",
        "--base-url",
        "http://127.0.0.1:9/v1",
        "--give-up-after",
        "1s",
        "--json",
    ];
    let outcome = batch(&home, &server, &arguments);
    assert_eq!(outcome.code, 31, "{}", outcome.stderr);
    assert!(begin.elapsed() < Duration::from_secs(20));
    assert_eq!(outcome.json()["error"]["details"]["summary"]["open"], 5);
}

#[test]
fn a_wait_longer_than_the_patience_ends_the_run_at_once() {
    let server = answering(0, |_| {
        Some(refusal(503, "Retry-After: 3600\r\n", "SERVICE_UNAVAILABLE"))
    });
    let home = Home::new();
    home.write("users.csv", users(5));
    let begin = Instant::now();
    assert_eq!(batch(&home, &server, &["users.csv"]).code, 22);
    assert!(begin.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_run_that_goes_wrong_is_stopped_by_number_and_by_share() {
    for (most, requests) in [("10", 11..=30), ("20%", 100..=120)] {
        let server = answering(0, |_| Some(refusal(400, "", "BAD_REQUEST")));
        let home = Home::new();
        home.write("users.csv", users(500));
        let outcome = batch(
            &home,
            &server,
            &[
                "users.csv",
                "--concurrency",
                "2",
                "--rate",
                "200/s",
                "--max-failures",
                most,
            ],
        );
        assert_eq!(outcome.code, 40, "{}", outcome.stderr);
        assert!(
            outcome.stderr.contains("--max-failures"),
            "{}",
            outcome.stderr
        );
        assert!(
            requests.contains(&server.requests()),
            "{most}: {}",
            server.requests()
        );
    }
}

#[test]
fn an_internal_error_is_repeated_for_its_row_alone() {
    let server = answering(0, |seen| {
        (seen.number == 0).then(|| refusal(500, "Retry-After: 1\r\n", "INTERNAL_ERROR"))
    });
    let home = Home::new();
    home.write("users.csv", users(30));
    assert_eq!(
        batch(&home, &server, &["users.csv", "--concurrency", "2"]).code,
        0
    );
    let seen = server.seen();
    assert_eq!(seen.len(), 31);
    assert_eq!(
        seen[0].identifier, seen[30].identifier,
        "the others did not wait for it"
    );
    assert_each_once(&server, 30);
}

#[test]
fn no_retry_after_takes_the_backoff_away() {
    for header in [
        "Retry-After: 0\r\n",
        "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n",
        "Retry-After: 99999999999999999999\r\n",
        "Retry-After: -1\r\n",
        "",
    ] {
        let server = answering(0, move |_| Some(refusal(429, header, "TOO_MANY_REQUESTS")));
        let home = Home::new();
        home.write("users.csv", users(200));
        let outcome = batch(&home, &server, &["users.csv", "--give-up-after", "2s"]);
        assert_eq!(outcome.code, 20, "{header}: {}", outcome.stderr);
        assert!(server.requests() < 60, "{header}: {}", server.requests());
    }
}

#[test]
fn an_outage_without_a_word_of_it_is_given_up_as_well() {
    let server = answering(20, |_| Some(refusal(500, "", "INTERNAL_ERROR")));
    let home = Home::new();
    home.write("users.csv", users(5000));
    let arguments = [
        "users.csv",
        "--retries",
        "1",
        "--give-up-after",
        "1s",
        "--json",
    ];
    let begin = Instant::now();
    let outcome = batch(&home, &server, &arguments);
    assert_eq!(outcome.code, 21, "{}", outcome.stderr);
    assert!(begin.elapsed() < Duration::from_secs(5));
    let summary = &outcome.json()["error"]["details"]["summary"];
    assert!(summary["open"].as_u64() > Some(2000), "{summary}");
}

#[test]
fn look_ups_count_against_the_rate() {
    let server = Platform::start(Behaviour {
        lost: 100,
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("users.csv", users(7));
    assert_eq!(
        batch(&home, &server, &["users.csv", "--retries", "0"]).code,
        40
    );
    std::thread::sleep(Duration::from_millis(1100));
    let arguments = ["users.csv", "--reconcile-after", "1s", "--rate", "8/s"];
    let begin = Instant::now();
    assert_eq!(batch(&home, &server, &arguments).code, 0);
    assert!(
        begin.elapsed() >= Duration::from_millis(600),
        "{:?}",
        begin.elapsed()
    );
    assert_each_once(&server, 7);
}

#[test]
fn a_rate_too_low_to_be_kept_is_refused() {
    let (home, server) = (Home::new(), answering(0, |_| None));
    home.write("users.csv", users(1));
    for rate in ["1e-20/s", "1e-19", "0.0006/m"] {
        assert_eq!(
            batch(&home, &server, &["users.csv", "--rate", rate]).code,
            2
        );
    }
}

#[test]
fn what_was_learnt_of_the_rate_is_told_with_the_option_that_avoids_it() {
    let server = Platform::start(Behaviour {
        latency: Duration::from_millis(20),
        limit: Some(Limit::new(1.0, |_| 50.0)),
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("users.csv", users(350));
    let outcome = batch(&home, &server, &["users.csv", "--json"]);
    outcome.assert_code(0);
    assert_each_once(&server, 350);
    let learnt = &outcome.json()["learntRate"];
    let figure = |name: &str| learnt[name].as_f64().unwrap();
    assert!((20.0..=51.0).contains(&figure("taken")), "{learnt}");
    assert!(figure("rate") < figure("taken"), "{learnt}");
    let refused = learnt["refused"].as_u64().unwrap();
    assert!(
        (10..=server.limited() as u64).contains(&refused),
        "{learnt}"
    );
    let (rate, said) = (figure("rate"), &outcome.stderr);
    assert!(said.contains(&format!("--rate {rate}/s")), "{said}");
    schema::assert_valid("batch", &outcome.json());

    let (home, server) = (Home::new(), answering(0, |_| None));
    home.write("users.csv", users(350));
    let outcome = batch(&home, &server, &["users.csv", "--json"]);
    assert_eq!(outcome.json()["learntRate"], serde_json::Value::Null);
    assert!(!outcome.stderr.contains("--rate"), "{}", outcome.stderr);
}

/// How long so many rows take, and how many requests were under way at once.
fn timed(behaviour: Behaviour, rows: usize, arguments: &[&str]) -> (Duration, usize) {
    let server = Platform::start(behaviour);
    let home = Home::new();
    home.write("users.csv", users(rows));
    let begin = Instant::now();
    batch(&home, &server, &[&["users.csv"], arguments].concat()).assert_code(0);
    assert_each_once(&server, rows);
    (begin.elapsed(), server.most_at_once())
}

#[test]
fn more_connections_are_used_while_answers_take_no_longer_by_that() {
    let far = || Behaviour {
        latency: Duration::from_millis(200),
        ..Behaviour::default()
    };
    let ((with_16, at_once), (grown, most)) = std::thread::scope(|scope| {
        let with_16 = scope.spawn(|| timed(far(), 2000, &["--concurrency", "16"]));
        let grown = scope.spawn(|| timed(far(), 2000, &[]));
        (with_16.join().unwrap(), grown.join().unwrap())
    });
    assert!(grown < with_16 / 2, "{grown:?}, with 16 {with_16:?}");
    assert_eq!(at_once, 16, "what the user says is the most");
    assert!((37..=48).contains(&most), "{most}");
}

#[cfg(unix)]
#[test]
fn a_row_that_is_to_wait_for_a_day_is_asked_again_in_an_hour() {
    let server = answering(0, |seen| {
        let is_it = seen.body["customerIdentifier"] == "cust-180";
        is_it.then(|| refusal(429, "Retry-After: 86400\r\n", "TOO_MANY_REQUESTS"))
    });
    let home = Home::new();
    home.write("users.csv", users(200));
    let arguments = ["users.csv", "--concurrency", "1", "--give-up-after", "2h"];
    let child = start(&home, &server, &arguments);
    server.wait_for(200);
    std::thread::sleep(Duration::from_secs(1));
    child.signal(rustix::process::Signal::INT);
    child.end().assert_code(130);
    assert_eq!(server.requests(), 200);
}

#[test]
fn a_platform_that_does_16_at_once_is_not_driven_to_48() {
    let busy = std::sync::Mutex::new(0);
    let free = std::sync::Condvar::new();
    let behaviour = Behaviour {
        script: Some(Box::new(move |_| {
            let all_busy = |busy: &mut i32| *busy >= 16;
            *free.wait_while(busy.lock().unwrap(), all_busy).unwrap() += 1;
            std::thread::sleep(Duration::from_millis(50));
            *busy.lock().unwrap() -= 1;
            free.notify_one();
            None
        })),
        ..Behaviour::default()
    };
    let (_, most) = timed(behaviour, 1500, &[]);
    assert!(most <= 32, "{most}");
}
