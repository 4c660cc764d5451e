//! Exactly once: killed at random moments, answers lost, identifiers forgotten, and each row is still done once.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{assert_each_once, batch, journal, start, users, without_checksums};
use crate::support::cli::{Home, Running};
use crate::support::platform::{Behaviour, Platform, Seen};

/// Kills a run without warning once so many more requests have come; `false` if it ended by itself.
pub fn kill_after(server: &Platform, mut child: Running, requests: usize) -> bool {
    let until = server.requests() + requests;
    while server.requests() < until {
        if child.has_ended() {
            return false;
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    drop(child);
    true
}

/// Kills a run of so many rows again and again, then lets it finish; tells how often it was killed.
pub fn exactly_once(manner: Behaviour, rows: usize, kills: usize) -> usize {
    let (home, server) = (Home::new(), Platform::start(manner));
    home.write("users.csv", users(rows));
    let mut random = fastrand::Rng::with_seed(6);
    let mut killed = 0;
    for _ in 0..kills {
        let child = start(&home, &server, &["users.csv", "--concurrency", "8"]);
        let step = random.usize(1..(rows * 3 / 2 / kills));
        if !kill_after(&server, child, step) {
            break;
        }
        killed += 1;
        let status = batch(&home, &server, &["status", "users.csv.journal", "--json"]);
        assert_eq!(status.code, 0, "{}", status.stderr);
    }
    let outcome = batch(
        &home,
        &server,
        &["users.csv", "--concurrency", "8", "--json"],
    );
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(outcome.json()["done"], rows);
    assert_each_once(&server, rows);
    journal(&home.path().join("users.csv.journal"));
    killed
}

#[test]
fn a_run_that_is_killed_again_and_again_does_each_row_once() {
    exactly_once(
        Behaviour {
            latency: Duration::from_millis(1),
            ..Behaviour::default()
        },
        400,
        8,
    );
}

#[test]
fn lost_answers_and_kills_together_do_each_row_once() {
    exactly_once(
        Behaviour {
            lost: 5,
            ..Behaviour::default()
        },
        400,
        8,
    );
}

#[test]
#[ignore = "it takes long"]
fn two_hundred_kills_and_lost_answers_do_each_row_once() {
    let killed = exactly_once(
        Behaviour {
            latency: Duration::from_millis(1),
            lost: 5,
            ..Behaviour::default()
        },
        1200,
        200,
    );
    assert_eq!(killed, 200);
}

#[test]
fn a_repeated_row_repeats_its_identifier() {
    let server = Platform::start(Behaviour {
        lost: 20,
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("users.csv", users(60));
    assert_eq!(batch(&home, &server, &["users.csv"]).code, 0);
    let mut identifiers = std::collections::HashMap::new();
    for seen in server.seen() {
        let user = seen.body["customerIdentifier"].to_string();
        assert_eq!(
            *identifiers.entry(user).or_insert(seen.identifier.clone()),
            seen.identifier
        );
    }
    assert_eq!(
        server.requests(),
        60 + 20,
        "20 of the first 60 got no answer"
    );
    assert_each_once(&server, 60);
}

#[test]
fn a_row_without_an_answer_stays_unanswered_and_is_continued() {
    let server = Platform::start(Behaviour {
        lost: 100,
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("users.csv", users(3));
    let outcome = batch(&home, &server, &["users.csv", "--retries", "0", "--json"]);
    assert_eq!(outcome.code, 40, "{}", outcome.stderr);
    assert_eq!(
        outcome.json()["error"]["details"]["summary"]["unanswered"],
        3
    );
    let status = batch(&home, &server, &["status", "users.csv.journal", "--json"]).json();
    let listed: Vec<_> = status["journals"][0]["unansweredRows"]
        .as_array()
        .unwrap()
        .clone();
    let mut sent: Vec<_> = server
        .seen()
        .into_iter()
        .map(|seen| json!(seen.identifier))
        .collect();
    sent.sort_by_key(ToString::to_string);
    let mut told: Vec<_> = listed
        .iter()
        .map(|row| row["requestIdentifier"].clone())
        .collect();
    told.sort_by_key(ToString::to_string);
    assert_eq!(told, sent);
    assert_eq!(batch(&home, &server, &["users.csv"]).code, 0);
    assert_each_once(&server, 3);
}

/// A platform that forgets identifiers and has lost every answer of a first run.
fn forgotten(rows: usize) -> (Home, Platform) {
    let server = Platform::start(Behaviour {
        lost: 100,
        forgets: true,
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("users.csv", users(rows));
    assert_eq!(
        batch(&home, &server, &["users.csv", "--retries", "0"]).code,
        40
    );
    (home, server)
}

#[test]
fn an_old_row_is_looked_up_before_it_is_repeated() {
    let (home, server) = forgotten(5);
    std::thread::sleep(Duration::from_millis(1100));
    let before = server.seen().len();
    let arguments = [
        "users.csv",
        "--reconcile-after",
        "1s",
        "--results",
        "out.csv",
    ];
    let outcome = batch(&home, &server, &arguments);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let paths: Vec<_> = server.seen()[before..]
        .iter()
        .map(|seen| seen.path.clone())
        .collect();
    assert_eq!(
        paths, ["/v1/entitlement/report"; 5],
        "found by looking up, and not sent again"
    );
    assert_each_once(&server, 5);
    let results = std::fs::read_to_string(home.path().join("out.csv")).unwrap();
    assert_eq!(results.matches("done,OK,ent-cust-").count(), 5, "{results}");
}

#[test]
fn an_intent_from_a_clock_that_was_ahead_is_looked_up_as_well() {
    let (home, server) = forgotten(3);
    let path = home.path().join("users.csv.journal");
    let journal = without_checksums(&std::fs::read_to_string(&path).unwrap());
    let at = journal.find("\"at\":\"").unwrap() + 6;
    let year = &journal[at..at + 4];
    let ahead = journal.replace(&format!("\"at\":\"{year}"), "\"at\":\"2999");
    std::fs::write(&path, ahead).unwrap();
    let before = server.seen().len();
    batch(&home, &server, &["users.csv", "--concurrency", "1"]);
    let first: Vec<_> = server.seen()[before..][..3]
        .iter()
        .map(|seen| seen.path.clone())
        .collect();
    assert_eq!(first, ["/v1/entitlement/report"; 3]);
}

#[test]
fn a_platform_whose_clock_differs_is_asked_by_its_own_time() {
    for clock in [-600, 600] {
        let server = Platform::start(Behaviour {
            lost: 100,
            forgets: true,
            clock: Some(clock),
            ..Behaviour::default()
        });
        let home = Home::new();
        home.write("users.csv", users(5));
        batch(&home, &server, &["users.csv", "--retries", "0"]).assert_code(40);
        std::thread::sleep(Duration::from_millis(1100));
        let arguments = ["users.csv", "--reconcile-after", "1s"];
        let creates = || {
            server
                .seen()
                .iter()
                .filter(|seen| seen.path == "/v1/entitlement")
                .count()
        };
        let before = creates();
        batch(&home, &server, &arguments).assert_code(0);
        assert_eq!(creates(), before, "none is sent a second time: {clock} s");
        assert_each_once(&server, 5);
    }
}

#[test]
fn the_difference_of_the_clocks_is_in_the_journal_once() {
    let server = Platform::start(Behaviour {
        clock: Some(-600),
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("users.csv", users(30));
    batch(&home, &server, &["users.csv"]).assert_code(0);
    let lines = journal(&home.path().join("users.csv.journal"));
    let told: Vec<_> = lines
        .iter()
        .filter_map(|line| line["clock"]["seconds"].as_i64())
        .collect();
    assert!(matches!(told[..], [-660..=-600]), "{told:?}");
}

#[test]
fn an_intent_of_a_clock_that_was_wrong_is_dated_by_the_platform_or_left_to_a_person() {
    let difference = "{\"clock\":{\"seconds\":-1200}}\n";
    for (known, code, outcome) in [(difference, 0, "done"), ("", 40, "unclear")] {
        let (home, server) = forgotten(3);
        let path = home.path().join("users.csv.journal");
        let text = without_checksums(&std::fs::read_to_string(&path).unwrap());
        let ahead = text.lines().map(|line| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            if let Some(at) = line["intent"]["at"].as_str() {
                let at: jiff::Timestamp = at.parse().unwrap();
                let later = at + jiff::SignedDuration::from_mins(20);
                line["intent"]["at"] = later.to_string().into();
            }
            format!("{line}\n")
        });
        std::fs::write(&path, ahead.chain([known.to_owned()]).collect::<String>()).unwrap();
        batch(&home, &server, &["users.csv"]).assert_code(code);
        assert_eq!(status(&home, &server)[outcome], 3);
        assert_each_once(&server, 3);
    }
}

#[test]
fn a_refusal_after_a_lost_answer_is_looked_up() {
    let (home, server) = forgotten(5);
    let outcome = batch(&home, &server, &["users.csv"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_each_once(&server, 5);
}

#[test]
fn an_entitlement_that_is_older_than_the_row_is_not_taken_for_its_own() {
    let server = Platform::start(Behaviour {
        forgets: true,
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("users.csv", users(2));
    let record = json!({"entitlementId": "ent-cust-1", "customerIdentifier": "cust-1", "merchantAccountKey": "BANGO",
        "productKey": "BangoMusic", "status": "ACTIVE", "dateCreated": "2020-01-01T00:00:00Z"});
    server.put("ent-cust-1", record);
    let outcome = batch(&home, &server, &["users.csv", "--json"]);
    assert_eq!(outcome.code, 40);
    assert_eq!(outcome.json()["error"]["details"]["summary"]["refused"], 1);
}

#[test]
fn a_change_whose_answer_was_lost_is_judged_by_the_entitlement() {
    let home = Home::new();
    let server = Platform::start(Behaviour {
        lost: 100,
        ..Behaviour::default()
    });
    let rows = "action,entitlement_id\nsuspend,as-wanted\nsuspend,untouched\nsuspend,touched\n";
    home.write("rows.csv", rows);
    let arguments = [
        "rows.csv",
        "--retries",
        "0",
        "--reconcile-after",
        "1s",
        "--json",
    ];
    assert_eq!(batch(&home, &server, &arguments).code, 40);
    let record = |status: &str, updated: &str| json!({"responseCode": "OK", "status": status, "dateLastUpdated": updated});
    server.put("as-wanted", record("SUSPENDED", "2099-01-01T00:00:00Z"));
    server.put("untouched", record("ACTIVE", "2020-01-01T00:00:00Z"));
    server.put("touched", record("ACTIVE", "2099-01-01T00:00:00Z"));
    std::thread::sleep(Duration::from_millis(1100));
    let before = server.seen().len();
    let outcome = batch(&home, &server, &arguments);
    assert_eq!(outcome.code, 40, "{}", outcome.stderr);
    let summary = &outcome.json()["error"]["details"]["summary"];
    assert_eq!(
        (&summary["done"], &summary["unclear"]),
        (&json!(2), &json!(1))
    );
    let patched: Vec<_> = server.seen()[before..]
        .iter()
        .filter(|seen| seen.method == "PATCH")
        .map(|seen| seen.body["entitlementId"].clone())
        .collect();
    assert_eq!(patched, ["untouched"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_finishes_what_is_under_way_and_the_rest_stays() {
    let server = Platform::start(Behaviour {
        latency: Duration::from_millis(300),
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("users.csv", users(100));
    let child = start(&home, &server, &["users.csv", "--concurrency", "4"]);
    server.wait_for(8);
    let begin = Instant::now();
    child.signal(rustix::process::Signal::INT);
    let outcome = child.end();
    assert_eq!(outcome.code, 130, "{}", outcome.stderr);
    assert!(begin.elapsed() < Duration::from_secs(3));
    assert!(
        outcome.stderr.contains("requests are under way"),
        "{}",
        outcome.stderr
    );
    let status = batch(&home, &server, &["status", "users.csv.journal", "--json"]).json();
    let one = &status["journals"][0];
    assert_eq!(
        (&one["state"], &one["unanswered"]),
        (&json!("stopped"), &json!(0))
    );
    assert_eq!(one["done"], server.requests());
}

#[cfg(unix)]
#[test]
fn a_run_that_is_suspended_for_longer_than_its_time_outs_goes_on() {
    use rustix::process::Signal;
    let server = Platform::start(Behaviour {
        latency: Duration::from_millis(20),
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("users.csv", users(400));
    let arguments = ["users.csv", "--timeout", "1s", "--give-up-after", "2s"];
    let child = start(&home, &server, &arguments);
    server.wait_for(50);
    child.signal(Signal::STOP);
    std::thread::sleep(Duration::from_secs(4));
    child.signal(Signal::CONT);
    child.end().assert_code(0);
    assert_each_once(&server, 400);
}

#[cfg(unix)]
#[test]
fn a_second_ctrl_c_ends_at_once_and_nothing_is_lost() {
    let server = Platform::start(Behaviour {
        latency: Duration::from_secs(6),
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("users.csv", users(8));
    let child = start(&home, &server, &["users.csv", "--concurrency", "4"]);
    server.wait_for(4);
    child.signal(rustix::process::Signal::INT);
    child.wait_for("requests are under way");
    // What follows within 200 ms counts as the same Ctrl-C.
    std::thread::sleep(Duration::from_millis(250));
    let begin = Instant::now();
    child.signal(rustix::process::Signal::INT);
    assert_eq!(child.end().code, 130);
    assert!(
        begin.elapsed() < Duration::from_secs(4),
        "{:?}",
        begin.elapsed()
    );
    let status = batch(&home, &server, &["status", "users.csv.journal", "--json"]).json();
    assert_eq!(status["journals"][0]["state"], "dead");
    assert_eq!(batch(&home, &server, &["users.csv"]).code, 0);
    assert_each_once(&server, 8);
}

/// A platform on which every create comes to `FAILED` at first and is refused after that; a report tells this status.
fn failing(rows: usize, later: &'static str) -> (Home, Platform) {
    let script = move |seen: &Seen| {
        let user = seen.body["customerIdentifier"].as_str().unwrap_or_default();
        let mut record = json!({"entitlementId": format!("ent-{user}"), "customerIdentifier": user,
            "merchantAccountKey": "BANGO", "productKey": "BangoMusic", "responseCode": "OK", "status": "FAILED",
            "dateCreated": jiff::Timestamp::now().to_string()});
        if seen.path.ends_with("/report") {
            record["status"] = later.into();
            let body = json!({"responseCode": "OK", "entitlements": [record]});
            return Some((200, "", body));
        }
        if seen.number < rows {
            return Some((200, "", record));
        }
        let body = json!({"responseCode": "BAD_REQUEST", "responseMessage": "Maximum reached"});
        Some((400, "", body))
    };
    let server = Platform::start(Behaviour {
        latency: Duration::from_millis(300),
        script: Some(Box::new(script)),
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("users.csv", users(rows));
    batch(&home, &server, &["users.csv"]).assert_code(40);
    (home, server)
}

/// The state of the one journal.
fn status(home: &Home, server: &Platform) -> Value {
    let status = batch(home, server, &["status", "users.csv.journal", "--json"]).json();
    status["journals"][0].clone()
}

#[test]
fn an_unclear_row_is_looked_up_and_not_taken_for_refused() {
    for (later, code, outcome) in [("ACTIVE", 0, "done"), ("FAILED", 40, "unclear")] {
        let (home, server) = failing(1, later);
        assert_eq!(status(&home, &server)["unclear"], 1);
        let arguments = ["users.csv", "--retry-failed", "--failed", "failed.csv"];
        batch(&home, &server, &arguments).assert_code(code);
        assert_eq!(status(&home, &server)[outcome], 1, "{later}");
        let seen = server.seen();
        let paths: Vec<_> = seen.iter().map(|seen| seen.path.as_str()).collect();
        assert_eq!(paths, ["/v1/entitlement", "/v1/entitlement/report"]);
        let failed = std::fs::read_to_string(home.path().join("failed.csv")).unwrap();
        assert!(!failed.contains("cust-1"), "{failed}");
    }
}

#[cfg(unix)]
#[test]
fn an_unclear_row_that_was_to_be_repeated_is_not_forgotten_at_ctrl_c() {
    let (home, server) = failing(4, "FAILED");
    let arguments = ["users.csv", "--retry-failed", "--concurrency", "1"];
    let child = start(&home, &server, &arguments);
    server.wait_for(5);
    child.signal(rustix::process::Signal::INT);
    child.end().assert_code(130);
    let one = status(&home, &server);
    assert_eq!((&one["open"], &one["unclear"]), (&json!(0), &json!(4)));
}
