//! What a batch believes: an answer, or what a look-up found, must be about the row, and say what a success says.

use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use super::{batch, users};
use crate::support::cli::{Home, Outcome};
use crate::support::platform::{Behaviour, Platform, Seen};
use crate::support::server::{Server, http, json_body, open_http};

#[test]
fn an_answer_about_another_user_is_not_used() {
    let server = Server::start(|mut connection| {
        loop {
            let request = connection.request();
            if request.is_empty() {
                return;
            }
            let user = json_body(&request)["customerIdentifier"].clone();
            let id = format!("ent-{}", user.as_str().unwrap());
            let body = json!({"responseCode": "OK", "status": "ACTIVE", "entitlementId": id, "customerIdentifier": user});
            let answer = open_http(200, &[], body.to_string());
            connection.say(&answer);
            // As a broken proxy does: a second time, when the next request is under way.
            if user.as_str().unwrap().ends_with('7') {
                sleep(Duration::from_millis(5));
                connection.say(&answer);
            }
        }
    });
    let home = Home::new();
    home.write("users.csv", users(300));
    let outcome = home
        .client(&server)
        .args(["batch", "users.csv", "--concurrency", "4"])
        .args(["--results", "results.csv"])
        .run();
    outcome.assert_code(0);
    let said = &outcome.stderr;
    assert!(said.contains("about another user"), "{said}");
    let results = std::fs::read_to_string(home.path().join("results.csv")).unwrap();
    for line in results.lines().skip(1) {
        let user = line.split(',').next().unwrap();
        let own = format!("{user},BANGO,BangoMusic,done,OK,ent-{user},");
        assert!(line.starts_with(&own), "{line}");
    }
    assert_eq!(results.lines().count(), 301);
}

#[test]
fn a_create_and_a_row_say_the_same_of_an_answer_with_which_the_user_cannot_go_on() {
    let act = |parameters: Value| {
        json!({"responseCode": "CLIENT_ACTION_REQUIRED", "status": "PENDING",
        "entitlementId": "e", "parameters": parameters})
    };
    for (body, why) in [
        (
            act(json!({"action": "SCAN_CODE", "url": "https://bango.example"})),
            "the action is \"SCAN_CODE\"",
        ),
        (
            act(json!({"action": "NAVIGATE_TO_URL"})),
            "no registration URL",
        ),
        (act(Value::Null), "what the user must do is not known"),
        (
            json!({"responseCode": "OK", "status": "SUSPENDED", "entitlementId": "e"}),
            "the status of a new entitlement is \"SUSPENDED\"",
        ),
        (
            json!({"responseCode": "OK", "status": "NEW", "entitlementId": "e"}),
            "the status of a new entitlement is \"NEW\"",
        ),
        (
            json!({"responseCode": "OK", "status": null, "entitlementId": "e"}),
            "the answer has no status",
        ),
        (
            json!({"responseCode": "OK", "entitlementId": "e"}),
            "the answer has no status",
        ),
        (
            json!({"responseCode": "OK", "status": "ACTIVE", "entitlementId": ""}),
            "the answer names no entitlement",
        ),
    ] {
        let server = Platform::start(Behaviour {
            script: Some(Box::new(move |_| Some((200, "", body.clone())))),
            ..Behaviour::default()
        });
        let home = Home::new();
        home.write("users.csv", users(1));
        let arguments = ["users.csv", "--results", "-"];
        let outcome = batch(&home, &server, &arguments);
        outcome.assert_code(40);
        let result = outcome.stdout.lines().nth(1).unwrap();
        assert!(result.contains(",unclear,"), "{result}");
        let plain = result.replace("\"\"", "\"");
        assert!(plain.contains(why), "{plain}");
        let created = home
            .client(&server)
            .args(["create", "--user", "u", "--merchant", "M", "--product", "P"])
            .run();
        assert!([30, 32].contains(&created.code), "{}", created.stderr);
        assert!(created.stderr.contains(why), "{}", created.stderr);
    }
}

/// Loses the answer to one row, lets it grow old, and runs the batch again with what a look-up finds.
fn looked_up(row: &str, found: &Value) -> (Outcome, Vec<Seen>) {
    let found = found.clone();
    let script = move |seen: &Seen| {
        let is_report = seen.path.ends_with("/report");
        let body = json!({"responseCode": "OK", "entitlements": [found]});
        let body = if is_report { body } else { found.clone() };
        (seen.method == "GET" || is_report).then_some((200, "", body))
    };
    let server = Platform::start(Behaviour {
        lost: 100,
        script: Some(Box::new(script)),
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("rows.jsonl", row);
    let arguments = ["rows.jsonl", "--retries", "0", "--merchant", "M"];
    batch(&home, &server, &arguments).assert_code(40);
    sleep(Duration::from_millis(1100));
    let before = server.requests();
    let more = ["--reconcile-after", "1s", "--results", "-"];
    let outcome = batch(&home, &server, &[&arguments[..], &more].concat());
    (outcome, server.seen()[before..].to_vec())
}

const ROW: &str = r#"{"user":"a","product":"P"}"#;

/// An entitlement of the row, with the given fields over it.
fn record(over: &Value) -> Value {
    let mut record = json!({"responseCode": "OK", "entitlementId": "e", "customerIdentifier": "a",
        "merchantAccountKey": "M", "productKey": "P", "status": "ACTIVE"});
    for (name, value) in over.as_object().unwrap() {
        record[name] = value.clone();
    }
    record
}

#[test]
fn what_is_over_or_failed_is_not_done_when_it_is_looked_up() {
    for status in ["FAILED", "CANCELLED", "REVOKED"] {
        let (outcome, _) = looked_up(ROW, &record(&json!({"status": status})));
        outcome.assert_code(40);
        assert!(
            outcome.stdout.contains(r#""outcome":"unclear""#),
            "{status}"
        );
    }
}

#[test]
fn what_is_pending_when_it_is_looked_up_says_how_its_user_goes_on() {
    let (outcome, _) = looked_up(ROW, &record(&json!({"status": "PENDING"})));
    outcome.assert_code(0);
    let told: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(told["responseCode"], "CLIENT_ACTION_REQUIRED");
    let message = told["message"].as_str().unwrap();
    assert!(message.contains("bango-ent activation-url e"), "{message}");
}

/// Of an update whose answer was lost: what it sends, what the entitlement is now, and what becomes of the row.
fn lost_updates() -> Vec<(Value, Value, &'static str)> {
    let date = json!({"expires": "2031-01-31"});
    let url = json!({"notification_url": "https://r.example/new"});
    let both = json!({"expires": "2031-01-31", "notification_url": "https://r.example/new"});
    let wanted = "2031-01-31T00:00:00.000Z";
    let untouched = "2020-01-01T00:00:00Z";
    vec![
        (date.clone(), json!({"dateExpiry": wanted}), "found"),
        (date.clone(), json!({"dateExpiry": "2031-01-31"}), "found"),
        (
            date.clone(),
            json!({"dateExpiry": wanted, "dateLastUpdated": untouched}),
            "found",
        ),
        (
            json!({"expires": "2031-01-31T01:00:00+01:00"}),
            json!({"dateExpiry": "2031-01-31T00:00:00Z"}),
            "found",
        ),
        (
            date.clone(),
            json!({"dateExpiry": "2031-01-31T00:00:01Z"}),
            "unclear",
        ),
        (date, json!({}), "unclear"),
        (both.clone(), json!({"dateExpiry": wanted}), "found"),
        (
            both,
            json!({"dateExpiry": wanted, "dateLastUpdated": untouched}),
            "sent",
        ),
        (url.clone(), json!({"dateLastUpdated": untouched}), "sent"),
        (url, json!({}), "unclear"),
        (
            json!({"benefits": "SUSPENDED"}),
            json!({"status": "SUSPENDED"}),
            "found",
        ),
        (
            json!({"benefits": "NORMAL"}),
            json!({"status": "ACTIVE"}),
            "found",
        ),
        (
            json!({"benefits": "NORMAL"}),
            json!({"status": "SUSPENDED"}),
            "unclear",
        ),
    ]
}

#[test]
fn a_lost_update_is_found_by_what_its_fields_mean_and_a_record_shows() {
    let check = |mut row: Value, now: Value, fate: &str| {
        row["action"] = "update".into();
        row["entitlement_id"] = "e".into();
        let (outcome, seen) = looked_up(&row.to_string(), &record(&now));
        outcome.assert_code(if fate == "unclear" { 40 } else { 0 });
        let told: Value = serde_json::from_str(&outcome.stdout).unwrap();
        let expected = if fate == "unclear" { fate } else { "done" };
        assert_eq!(told["outcome"], expected, "{row} {now}");
        let sent = seen.iter().filter(|seen| seen.method == "PATCH").count();
        assert_eq!(sent, usize::from(fate == "sent"), "{row} {now}");
    };
    std::thread::scope(|scope| {
        for (row, now, fate) in lost_updates() {
            scope.spawn(move || check(row, now, fate));
        }
    });
}

#[test]
fn a_row_with_an_id_of_its_own_is_looked_up_by_it() {
    let row = r#"{"user":"a","product":"P","entitlement_id":"own"}"#;
    let (outcome, seen) = looked_up(row, &record(&json!({"entitlementId": "own"})));
    outcome.assert_code(0);
    let paths: Vec<_> = seen.iter().map(|seen| seen.path.as_str()).collect();
    assert_eq!(paths, ["/v1/entitlement/own"]);
}

#[test]
fn a_record_without_a_user_may_be_the_rows() {
    let mut found = record(&json!({}));
    found.as_object_mut().unwrap().remove("customerIdentifier");
    let (outcome, seen) = looked_up(ROW, &found);
    outcome.assert_code(0);
    assert_eq!(seen.len(), 1, "it is not sent again");
}

#[test]
fn a_look_up_that_is_answered_about_somebody_else_tells_nothing() {
    let (outcome, seen) = looked_up(ROW, &record(&json!({"customerIdentifier": "b"})));
    outcome.assert_code(40);
    assert!(outcome.stdout.contains(r#""outcome":"unanswered""#));
    let changes = seen.iter().filter(|seen| seen.path == "/v1/entitlement");
    assert_eq!(changes.count(), 0, "it may have been done");
}

#[test]
fn an_answer_with_half_a_character_is_read() {
    for name in [&br"party \ud83c"[..], b"Caf\xe9", b"a\tb"] {
        let server = Server::replying(move |request, _| {
            let user = json_body(request)["customerIdentifier"].clone();
            let before = format!(
                "{{\"responseCode\":\"OK\",\"entitlementId\":\"e\",\"status\":\"ACTIVE\",\"customerIdentifier\":{user},\"entitlementDisplayName\":\""
            );
            http(200, &[], [before.as_bytes(), name, b"\"}"].concat())
        });
        let home = Home::new();
        home.write("users.csv", users(2));
        home.client(&server)
            .args(["batch", "users.csv"])
            .run()
            .assert_code(0);
        assert_eq!(server.requests().len(), 2);
    }
}
