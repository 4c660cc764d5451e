//! Rows that failed: asked once more in a campaign, looked up where an answer was unclear, and resolved by a person.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{answering, batch, start, users};
use crate::support::cli::Home;
use crate::support::platform::{Platform, Seen};

fn is_create(seen: &Seen) -> bool {
    seen.path == "/v1/entitlement"
}

/// Refuses every create of an odd user with one code and of an even one with another.
fn refusing(latency: u64) -> Platform {
    answering(latency, |seen| {
        if !is_create(seen) {
            return None;
        }
        let user = seen.body["customerIdentifier"].as_str().unwrap();
        let number: usize = user.trim_start_matches("cust-").parse().unwrap();
        let code = ["NOT_AVAILABLE", "ALREADY_EXISTS"][number % 2];
        Some((400, "", json!({"responseCode": code})))
    })
}

/// Under how many identifiers each user was asked for.
fn asked(server: &Platform, count: usize) -> Vec<usize> {
    let seen = server.seen();
    let of = |number: usize| {
        let user = format!("cust-{number}");
        let is_it = |seen: &&Seen| is_create(seen) && seen.body["customerIdentifier"] == *user;
        let identifiers = seen.iter().filter(is_it).map(|seen| &seen.identifier);
        identifiers.collect::<BTreeSet<_>>().len()
    };
    (1..=count).map(of).collect()
}

#[cfg(unix)]
#[test]
fn a_campaign_that_is_interrupted_goes_on_where_it_stopped() {
    let (home, server) = (Home::new(), refusing(10));
    home.write("users.csv", users(200));
    let again = ["users.csv", "--retry-failed", "--concurrency", "4"];
    batch(&home, &server, &["users.csv"]).assert_code(40);
    for round in 0..4 {
        // Slow enough to be in the middle of it on a busy machine, too.
        let slowly = [&again[..], &["--rate", "100"]].concat();
        let child = start(&home, &server, &slowly);
        server.wait_for(200 + 40 * (round + 1));
        if round % 2 == 0 {
            child.signal(rustix::process::Signal::INT);
            child.end().assert_code(130);
        }
    }
    batch(&home, &server, &again).assert_code(40);
    assert_eq!(asked(&server, 200), [2; 200]);
    let before = server.requests();
    batch(&home, &server, &["users.csv", "--retry-failed"]).assert_code(40);
    assert_eq!(server.requests() - before, 200, "a campaign of its own");
}

#[test]
fn a_campaign_may_be_for_some_codes_alone() {
    let (home, server) = (Home::new(), refusing(0));
    home.write("users.csv", users(10));
    batch(&home, &server, &["users.csv"]).assert_code(40);
    let some = ["users.csv", "--retry-failed=not_available,"];
    batch(&home, &server, &some).assert_code(40);
    assert_eq!(asked(&server, 4), [1, 2, 1, 2]);
    let outcome = batch(
        &home,
        &server,
        &["users.csv", "--retry-failed=NOT_AVAILBLE"],
    );
    outcome.assert_code(2);
    let why = "rows failed with ALREADY_EXISTS, NOT_AVAILABLE";
    assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
}

#[test]
fn a_code_with_small_letters_is_found() {
    let server = answering(0, |seen| {
        let body = json!({"responseCode": "Quota_exceeded"});
        (seen.number < 1).then(|| (400, "", body.clone()))
    });
    let home = Home::new();
    home.write("users.csv", users(1));
    batch(&home, &server, &["users.csv"]).assert_code(40);
    let again = ["users.csv", "--retry-failed=Quota_exceeded"];
    batch(&home, &server, &again).assert_code(0);
}

/// A platform whose first answers come to `FAILED`, or to a code that this tool does not know; reports have what they are told.
fn unclear(answer: Value, records: Vec<Value>) -> Platform {
    answering(0, move |seen| {
        let report = json!({"responseCode": "OK", "entitlements": records});
        if seen.path.ends_with("/report") {
            return Some((200, "", report));
        }
        let status = if answer["responseCode"] == "OK" {
            200
        } else {
            400
        };
        (seen.number < 1).then(|| (status, "", answer.clone()))
    })
}

fn paths(server: &Platform) -> Vec<String> {
    let tail = |seen: Seen| seen.path.trim_start_matches("/v1/").to_owned();
    server.seen().into_iter().map(tail).collect()
}

const CREATE: &str = "entitlement";
const REPORT: &str = "entitlement/report";

#[test]
fn what_an_answer_left_unclear_is_looked_up_before_it_is_asked_for_again() {
    let failed = json!({"responseCode": "OK", "status": "FAILED", "entitlementId": "e"});
    let (home, server) = (Home::new(), unclear(failed, Vec::new()));
    home.write("users.csv", users(1));
    batch(&home, &server, &["users.csv"]).assert_code(40);
    batch(&home, &server, &["users.csv", "--retry-failed"]).assert_code(0);
    assert_eq!(paths(&server), [CREATE, REPORT, CREATE]);
    let seen = server.seen();
    assert_eq!(seen[0].identifier, seen[2].identifier);
}

#[test]
fn a_code_that_nobody_knows_is_looked_up_and_is_no_dead_end() {
    let answer = json!({"responseCode": "INVALID_PRODUCT_KEY", "responseMessage": "no such"});
    let own = json!({"entitlementId": "e", "customerIdentifier": "cust-1", "status": "ACTIVE"});
    for (records, code) in [(vec![], 40), (vec![own], 0)] {
        let (home, server) = (Home::new(), unclear(answer.clone(), records));
        home.write("users.csv", users(1));
        let outcome = batch(&home, &server, &["users.csv"]);
        outcome.assert_code(code);
        assert_eq!(paths(&server), [CREATE, REPORT]);
        if code == 0 {
            continue;
        }
        let said = &outcome.stderr;
        assert!(
            said.contains("1 row refused: INVALID_PRODUCT_KEY"),
            "{said}"
        );
        let again = ["users.csv", "--retry-failed=INVALID_PRODUCT_KEY"];
        batch(&home, &server, &again).assert_code(0);
        let seen = server.seen();
        assert_ne!(seen[0].identifier, seen[2].identifier);
    }
}

#[test]
fn a_person_tells_the_journal_what_became_of_a_row() {
    let failed = json!({"responseCode": "OK", "status": "FAILED", "entitlementId": "e"});
    for (found, outcome) in [("done", "done"), ("not-done", "refused")] {
        let (home, server) = (Home::new(), unclear(failed.clone(), Vec::new()));
        home.write("users.csv", users(2));
        let first = ["users.csv", "--concurrency", "1"];
        batch(&home, &server, &first).assert_code(40);
        let resolve = |row: &str, found: &str, more: &[&str]| {
            let words = ["resolve", "users.csv.journal", row, found, "--json"];
            batch(&home, &server, &[&words[..], more].concat())
        };
        resolve("1", found, &[]).assert_code(4);
        resolve("2", found, &["--yes"]).assert_code(4);
        resolve("3", found, &["--yes"]).assert_code(2);
        let told = resolve("1", found, &["--yes"]);
        told.assert_code(0);
        let told = told.json();
        assert_eq!(
            (&told["was"], &told["outcome"]),
            (&json!("unclear"), &json!(outcome))
        );
        let status = batch(&home, &server, &["status", "users.csv.journal", "--json"]).json();
        let one = &status["journals"][0];
        assert_eq!(
            (&one["unclear"], &one["codes"]),
            (&json!(0), &json!({"OK": 1, "RESOLVED": 1}))
        );
        batch(&home, &server, &["users.csv", "--results", "out.csv"]);
        let results = std::fs::read_to_string(home.path().join("out.csv")).unwrap();
        let line = format!("cust-1,BANGO,BangoMusic,{outcome},RESOLVED,e,FAILED,");
        assert!(results.contains(&line), "{results}");
        assert_eq!(server.requests(), 2);
        batch(&home, &server, &["users.csv", "--retry-failed"]).assert_code(0);
        let sent = if found == "done" { 2 } else { 3 };
        assert_eq!(server.requests(), sent);
        let seen = server.seen();
        assert_ne!(seen[0].identifier, seen[sent - 1].identifier);
    }
}

#[test]
fn a_refused_row_that_was_done_by_hand_lets_the_next_one_go() {
    let server = answering(0, |seen| {
        let body = json!({"responseCode": "BAD_REQUEST"});
        (seen.body["entitlementBenefits"] == "SUSPENDED").then(|| (400, "", body.clone()))
    });
    let home = Home::new();
    home.write("rows.csv", "action,entitlement_id\nsuspend,e\nresume,e\n");
    batch(&home, &server, &["rows.csv"]).assert_code(40);
    let resolve = ["resolve", "rows.csv.journal", "1", "done", "--yes"];
    batch(&home, &server, &resolve).assert_code(0);
    batch(&home, &server, &["rows.csv"]).assert_code(0);
    assert_eq!(server.requests(), 2);
}

#[test]
fn a_campaign_for_a_code_goes_on_when_its_rows_are_unanswered() {
    let server = answering(0, |seen| match seen.number {
        0 => Some((400, "", json!({"responseCode": "BAD_REQUEST"}))),
        1 => Some((0, "", Value::Null)),
        _ => None,
    });
    let home = Home::new();
    home.write("users.csv", users(1));
    batch(&home, &server, &["users.csv"]).assert_code(40);
    let again = ["users.csv", "--retry-failed=BAD_REQUEST", "--retries", "0"];
    batch(&home, &server, &again).assert_code(40);
    batch(&home, &server, &again).assert_code(0);
    let seen = server.seen();
    assert_eq!((seen.len(), &seen[1].identifier), (3, &seen[2].identifier));
}

#[test]
fn a_lost_row_that_is_old_is_looked_up_within_a_run_too() {
    for (lost, sent, code) in [(1, 2, 0), (9, 3, 40)] {
        let server = answering(0, move |seen| {
            if seen.path.ends_with("/report") {
                return Some((200, "", json!({"responseCode": "OK", "entitlements": []})));
            }
            (seen.number < lost).then_some((0, "", Value::Null))
        });
        let home = Home::new();
        home.write("users.csv", users(1));
        let always = ["users.csv", "--reconcile-after", "0", "--retries", "2"];
        batch(&home, &server, &always).assert_code(code);
        let expected = [CREATE, REPORT].into_iter().cycle().take(2 * sent - 1);
        assert_eq!(paths(&server), expected.collect::<Vec<_>>());
    }
}

#[test]
fn a_create_with_the_id_of_somebody_else_is_refused() {
    let server = answering(0, |seen| {
        if seen.path.ends_with("/E1") {
            let record = json!({"responseCode": "OK", "entitlementId": "E1", "customerIdentifier": "b", "status": "ACTIVE"});
            return Some((200, "", record));
        }
        let refusal = json!({"responseCode": "ALREADY_EXISTS"});
        Some(if seen.number == 0 {
            (0, "", Value::Null)
        } else {
            (400, "", refusal)
        })
    });
    let home = Home::new();
    home.write(
        "users.csv",
        "user,merchant,product,entitlement_id\na,M,P,E1\n",
    );
    let outcome = batch(&home, &server, &["users.csv"]);
    outcome.assert_code(40);
    let said = &outcome.stderr;
    assert!(said.contains("1 row refused: ALREADY_EXISTS"), "{said}");
    assert_eq!(
        paths(&server),
        ["entitlement", "entitlement", "entitlement/E1"]
    );
}

#[test]
fn an_unanswered_row_is_repeated_whatever_became_of_the_one_before_it() {
    let server = answering(0, |seen| {
        if seen.body["entitlementBenefits"] == "SUSPENDED" {
            return Some((400, "", json!({"responseCode": "BAD_REQUEST"})));
        }
        (seen.number < 2).then_some((0, "", Value::Null))
    });
    let home = Home::new();
    home.write("rows.csv", "action,entitlement_id\nsuspend,e\nresume,e\n");
    let unordered = ["rows.csv", "--no-order", "--retries", "0"];
    batch(&home, &server, &unordered).assert_code(40);
    let outcome = batch(&home, &server, &["rows.csv", "--json"]);
    let summary = &outcome.json()["error"]["details"]["summary"];
    assert_eq!(summary["done"], 1, "{outcome:#?}");
    assert_eq!(server.requests(), 3);
}
