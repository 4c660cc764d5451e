//! The log file: one JSON line for each attempt, for its owner alone, and never in the way of a create.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::cli::{CREATE, Home, Outcome, run};
use crate::support::server::{Server, active, entitlement, http};

fn create(home: &Home, peer: &Server, more: &[&str]) -> Outcome {
    run(home.client(&peer).args(CREATE).args(more))
}

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.ends_with('\n'));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn each_attempt_is_a_line_with_the_same_keys() {
    let home = Home::new();
    let peer = Server::start(|mut connection| {
        connection.request();
        if connection.number == 2 {
            connection.reset();
        } else if connection.number == 1 {
            connection.say(http(503, &["Retry-After: 0"], "<html>later</html>"));
        } else {
            connection.say(http(200, &[], active()));
        }
    });
    let more = ["--log-file", "bango.log", "--request-id", "order-77"];
    assert_eq!(create(&home, &peer, &more).code, 0);
    let lines = lines(&home.path().join("bango.log"));
    for (line, number) in lines.iter().zip(1..) {
        let keys: Vec<_> = line.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "time",
                "method",
                "url",
                "requestIdentifier",
                "attempt",
                "status",
                "responseCode",
                "durationMs",
                "error",
                "requestBody",
                "responseBody",
                "outcome",
                "changes",
                "headers",
                "username",
                "profile",
                "operation",
                "entitlementId"
            ]
        );
        assert!(
            line["time"]
                .as_str()
                .unwrap()
                .parse::<jiff::Timestamp>()
                .is_ok()
        );
        assert_eq!(line["method"], "POST");
        assert_eq!(line["url"], format!("{}/entitlement", peer.base_url()));
        assert_eq!(line["requestIdentifier"], "order-77");
        assert_eq!(line["attempt"], number);
        assert!(line["durationMs"].is_u64());
        assert_eq!(line["requestBody"]["customerIdentifier"], "cust-1");
    }
    let told = |name: &str| {
        lines
            .iter()
            .map(|line| line[name].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(told("status"), [json!(503), Value::Null, json!(200)]);
    assert_eq!(
        told("responseCode"),
        [json!("SERVICE_UNAVAILABLE"), Value::Null, json!("OK")]
    );
    assert_eq!(
        told("responseBody"),
        [
            json!("<html>later</html>"),
            Value::Null,
            entitlement(&json!({}))
        ]
    );
    assert_eq!(
        told("outcome"),
        [json!("unknown"), json!("unknown"), json!("done")]
    );
    assert!(
        lines[0]["error"].is_string()
            && lines[1]["error"].is_string()
            && lines[2]["error"].is_null()
    );
}

#[test]
fn the_log_is_for_its_owner_and_is_appended_to() {
    let (home, peer) = (Home::new(), Server::active());
    let path = home.path().join("bango.log");
    let mut command = home.client(&peer);
    command.args(CREATE).env("BANGO_LOG_FILE", &path);
    assert_eq!(run(&mut command).code, 0);
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(create(&home, &peer, &["--log-file", "bango.log"]).code, 0);
    assert_eq!(lines(&path).len(), 2);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_a_warning_and_the_create_has_succeeded() {
    let (home, peer) = (Home::new(), Server::active());
    let outcome = create(&home, &peer, &["--json", "--log-file", "/dev/full"]);
    assert_eq!(outcome.code, 0);
    assert_eq!(outcome.json()["status"], "ACTIVE");
    assert!(
        outcome
            .stderr
            .starts_with("warning: the log file could not be written: "),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_log_that_cannot_be_opened_ends_it_before_anything_is_sent() {
    let (home, peer) = (Home::new(), Server::active());
    for path in ["missing/bango.log", "."] {
        let outcome = create(&home, &peer, &["--json", "--log-file", path]);
        assert_eq!(outcome.code, 1, "{}", outcome.stderr);
        assert_eq!(outcome.json()["error"]["outcome"], "not_sent");
        assert!(
            outcome
                .stderr
                .contains(&format!("the log file {path} cannot be opened: ")),
            "{}",
            outcome.stderr
        );
    }
    assert_eq!(peer.connections(), 0);
}

#[test]
fn a_dry_run_writes_no_log() {
    let (home, peer) = (Home::new(), Server::active());
    assert_eq!(
        create(&home, &peer, &["--dry-run", "--log-file", "bango.log"]).code,
        0
    );
    assert!(!home.path().join("bango.log").exists());
}
