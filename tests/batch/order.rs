//! Rows about one thing are done in the order of the input: repeated, killed, in shards; and a row that failed holds back those after it.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use super::kill::kill_after;
use super::{batch, start};
use crate::support::cli::Home;
use crate::support::platform::{Behaviour, Platform, Reply, Seen};

const HEADER: &str = "action,entitlement_id,user,merchant,product,reason\n";

/// What happened to each entitlement, in order; each identifier is acted on once.
#[derive(Default)]
struct Histories {
    events: HashMap<String, Vec<String>>,
    answers: HashMap<String, Value>,
}

type Shared = Arc<Mutex<Histories>>;

/// The entitlement and what is done to it.
fn event(seen: &Seen) -> (String, String) {
    let text = |name: &str| seen.body[name].as_str().unwrap_or_default().to_owned();
    match seen.path.strip_prefix("/v1/entitlement/") {
        Some(rest) => {
            let (action, id) = rest.split_once('/').unwrap();
            (id.to_owned(), action.to_owned())
        }
        None if seen.method == "POST" => (text("entitlementId"), "create".to_owned()),
        None => (text("entitlementId"), text("entitlementBenefits")),
    }
}

/// A platform that keeps histories, and answers after a random time; of a hundred requests so many are lost before they are
/// acted on, and as many answers after it.
fn unsteady(lost: u32) -> (Platform, Shared) {
    let shared = Shared::default();
    let own = Arc::clone(&shared);
    let script = move |seen: &Seen| -> Option<Reply> {
        sleep(Duration::from_micros(fastrand::u64(..6000)));
        if fastrand::u32(..100) < lost {
            return Some((0, "", Value::Null));
        }
        let (id, what) = event(seen);
        let mut histories = own.lock().unwrap();
        let status = if what == "SUSPENDED" {
            "SUSPENDED"
        } else {
            "ACTIVE"
        };
        let answer = json!({"responseCode": "OK", "entitlementId": id, "status": status});
        if !histories.answers.contains_key(&seen.identifier) {
            histories
                .answers
                .insert(seen.identifier.clone(), answer.clone());
            histories.events.entry(id).or_default().push(what);
        }
        let is_lost = fastrand::u32(..100) < lost;
        Some((if is_lost { 0 } else { 200 }, "", answer))
    };
    let behaviour = Behaviour {
        script: Some(Box::new(script)),
        ..Behaviour::default()
    };
    (Platform::start(behaviour), shared)
}

/// Three rows for each of so many entitlements: made, suspended and resumed. Two stand next to each other, one far away.
fn three_rows_each(count: usize) -> String {
    let mut text = HEADER.to_owned();
    for number in 1..=count {
        let _ = writeln!(text, "create,e-{number},cust-{number},M,P,");
        let _ = writeln!(text, "suspend,e-{number},,,,");
    }
    for number in 1..=count {
        let _ = writeln!(text, "resume,e-{number},,,,");
    }
    text
}

fn assert_in_order(shared: &Shared, count: usize) {
    let histories = shared.lock().unwrap();
    for number in 1..=count {
        let events = &histories.events[&format!("e-{number}")];
        assert_eq!(events, &["create", "SUSPENDED", "NORMAL"], "{number}");
    }
    assert_eq!(histories.events.len(), count);
}

#[test]
fn rows_of_one_entitlement_are_done_in_order_also_when_they_are_repeated() {
    let (home, (server, shared)) = (Home::new(), unsteady(4));
    home.write("rows.csv", three_rows_each(100));
    let arguments = ["rows.csv", "--retries", "9", "--json"];
    let outcome = batch(&home, &server, &arguments);
    outcome.assert_code(0);
    assert_in_order(&shared, 100);
}

#[test]
fn the_order_is_kept_over_any_number_of_kills() {
    let (home, (server, shared)) = (Home::new(), unsteady(2));
    home.write("rows.csv", three_rows_each(100));
    for _ in 0..6 {
        let child = start(&home, &server, &["rows.csv"]);
        kill_after(&server, child, fastrand::usize(1..50));
    }
    let arguments = ["rows.csv", "--retries", "9"];
    batch(&home, &server, &arguments).assert_code(0);
    assert_in_order(&shared, 100);
}

#[test]
fn the_rows_of_a_chain_meet_in_one_shard() {
    let (home, (server, shared)) = (Home::new(), unsteady(0));
    home.write("rows.csv", three_rows_each(60));
    let shards = ["1/3", "2/3", "3/3"];
    let running = shards.map(|shard| start(&home, &server, &["rows.csv", "--shard", shard]));
    for shard in running {
        shard.end().assert_code(0);
    }
    assert_in_order(&shared, 60);
    assert_eq!(server.requests(), 180);
}

/// What was sent, in the order in which it arrived.
fn sent(server: &Platform) -> Vec<(String, String)> {
    server.seen().iter().map(event).collect()
}

#[test]
fn the_old_entitlement_of_a_user_is_ended_before_a_new_one_is_made() {
    let (home, (server, _)) = (Home::new(), unsteady(0));
    let mut text = HEADER.to_owned();
    for number in 1..=50 {
        let _ = writeln!(text, "cancel,old-{number},cust-{number},M,,A/B");
        let _ = writeln!(text, "create,new-{number},cust-{number},M,P2,");
    }
    home.write("rows.csv", text);
    batch(&home, &server, &["rows.csv", "--yes"]).assert_code(0);
    let sent = sent(&server);
    let place = |id: &str| sent.iter().position(|(one, _)| one == id).unwrap();
    for number in 1..=50 {
        let (old, new) = (format!("old-{number}"), format!("new-{number}"));
        assert!(place(&old) < place(&new), "{number}");
    }
    let cancel = server
        .seen()
        .into_iter()
        .find(|seen| seen.path.contains("/cancel/"));
    let body = json!({"cancelReasonCategory": "A", "cancelReasonCode": "B"});
    assert_eq!(cancel.unwrap().body, body, "whose it is is not sent");
}

/// A platform that refuses to suspend `e`, as often as that.
fn refusing_suspend(times: usize) -> Platform {
    let script = move |seen: &Seen| {
        let is_it = seen.body["entitlementBenefits"] == "SUSPENDED" && seen.number < times;
        is_it.then(|| (400, "", json!({"responseCode": "BAD_REQUEST"})))
    };
    Platform::start(Behaviour {
        script: Some(Box::new(script)),
        latency: Duration::from_millis(20),
        ..Behaviour::default()
    })
}

const HELD_BACK: &str = "action,entitlement_id\nsuspend,e\nresume,e\nupdate,other\nsuspend,e\n";

#[test]
fn a_row_that_failed_holds_back_those_after_it_until_it_is_done() {
    let (home, server) = (Home::new(), refusing_suspend(2));
    let rows = HELD_BACK.replace("update,other", "resume,other");
    home.write("rows.csv", &rows);
    for requests in [2, 2] {
        let arguments = ["rows.csv", "--results", "out.csv"];
        let outcome = batch(&home, &server, &arguments);
        outcome.assert_code(40);
        for part in [
            "1 row did not succeed, and 2 wait for rows before them",
            "2 rows waiting: a row before it about the same thing is not done (first on line 3)",
            "--no-order sends those that wait",
        ] {
            assert!(outcome.stderr.contains(part), "{part}: {}", outcome.stderr);
        }
        assert_eq!(server.requests(), requests);
        let results = std::fs::read_to_string(home.path().join("out.csv")).unwrap();
        assert!(
            results.contains("resume,e,waiting,,,,,not begun: waits for row 1,"),
            "{results}"
        );
        assert!(
            results.contains("suspend,e,waiting,,,,,not begun: waits for row 2,"),
            "{results}"
        );
    }
    let status = batch(&home, &server, &["status", "rows.csv.journal", "--json"]).json();
    let one = &status["journals"][0];
    assert_eq!((&one["open"], &one["waiting"]), (&json!(2), &json!(2)));
    let waits = json!([{"row": 2, "waitsFor": 1}, {"row": 4, "waitsFor": 2}]);
    assert_eq!(one["waitingRows"], waits);
    let shown = batch(&home, &server, &["status", "rows.csv.journal"]).stdout;
    assert!(shown.contains("\n4\twaits for row 2\n"), "{shown}");
    batch(&home, &server, &["rows.csv", "--retry-failed"]).assert_code(0);
    let of_e: Vec<_> = sent(&server)
        .into_iter()
        .filter(|one| one.0 == "e")
        .collect();
    let events: Vec<_> = of_e.iter().map(|one| one.1.as_str()).collect();
    assert_eq!(events, ["SUSPENDED", "SUSPENDED", "NORMAL", "SUSPENDED"]);
}

#[test]
fn without_order_nothing_waits() {
    let (home, server) = (Home::new(), refusing_suspend(1));
    home.write(
        "rows.csv",
        HELD_BACK.replace("update,other", "resume,other"),
    );
    let first = ["rows.csv", "--concurrency", "1"];
    batch(&home, &server, &first).assert_code(40);
    assert_eq!(server.requests(), 2);
    let outcome = batch(&home, &server, &["rows.csv", "--no-order", "--json"]);
    outcome.assert_code(40);
    let summary = &outcome.json()["error"]["details"]["summary"];
    assert_eq!(
        (&summary["done"], &summary["refused"], &summary["waiting"]),
        (&json!(3), &json!(1), &json!(0))
    );
    assert_eq!(server.requests(), 4);
}

#[test]
fn a_row_that_fails_late_ends_the_wait_of_very_many() {
    let script = |_: &Seen| Some((400, "", json!({"responseCode": "BAD_REQUEST"})));
    let server = Platform::start(Behaviour {
        script: Some(Box::new(script)),
        latency: Duration::from_secs(1),
        ..Behaviour::default()
    });
    let home = Home::new();
    let rows = "suspend,e\nresume,e\n".repeat(6000);
    home.write("rows.csv", format!("action,entitlement_id\n{rows}"));
    let outcome = batch(&home, &server, &["rows.csv", "--json"]);
    outcome.assert_code(40);
    let summary = &outcome.json()["error"]["details"]["summary"];
    assert_eq!(
        (&summary["refused"], &summary["waiting"]),
        (&json!(1), &json!(11_999))
    );
    assert_eq!(server.requests(), 1);
}

#[test]
fn a_check_says_how_many_chains_there_are() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("rows.csv", three_rows_each(7));
    let outcome = batch(&home, &server, &["rows.csv", "--check"]);
    outcome.assert_code(0);
    assert!(
        outcome.stdout.contains("7 chains of rows about one"),
        "{}",
        outcome.stdout
    );
    assert!(
        !outcome.stdout.contains("In this shard"),
        "{}",
        outcome.stdout
    );
    let told = batch(&home, &server, &["rows.csv", "--check", "--json"]).json();
    assert_eq!(told["chainCount"], 7);
    home.write("users.csv", super::users(7));
    let outcome = batch(&home, &server, &["users.csv", "--check", "--json"]);
    assert_eq!(outcome.json()["chainCount"], 0);
}
