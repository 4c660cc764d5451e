//! `list --watch`: what differs is shown, and nothing else.

use serde_json::{Value, json};

use crate::support::cli::{Cli, Home, wait_until};
use crate::support::server::{Server, entitlement, http};

/// Lists one entitlement that becomes `ACTIVE` with the third answer, after one that is no answer, and one more that goes with the fifth.
fn platform() -> Server {
    Server::replying(|_, number| {
        let status = if number < 3 { "PENDING" } else { "ACTIVE" };
        let mut found = vec![entitlement(
            &json!({"entitlementId": "one", "status": status}),
        )];
        if number < 5 {
            found.push(entitlement(&json!({"entitlementId": "two"})));
        }
        let body = json!({"responseCode": "OK", "entitlements": found});
        match number {
            2 => http(503, &[], "<p>"),
            _ => http(200, &[], body.to_string()),
        }
    })
}

fn watch(home: &Home, server: &Server, more: &[&str]) -> Cli {
    let mut cli = home.client(server);
    cli.args(["list", "--user", "u", "--watch=50ms", "--retries", "0"]);
    cli.args(more);
    cli
}

#[test]
fn only_what_differs_is_shown_and_an_interrupt_is_its_end() {
    let (home, server) = (Home::new(), platform());
    let watching = watch(&home, &server, &[]).start();
    wait_until("it has read often", || server.requests().len() > 7);
    watching.signal(rustix::process::Signal::INT);
    let outcome = watching.end_with_rest();
    let ids = |line: &str| {
        line.split('\t')
            .take(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let rows: Vec<_> = outcome.assert_code(0).stdout.lines().map(ids).collect();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows[..2].contains(&vec!["one".to_owned(), "PENDING".to_owned()]));
    assert_eq!(rows[2], ["one", "ACTIVE"]);
    assert!(
        outcome.stderr.contains("two is not listed any more"),
        "{}",
        outcome.stderr
    );

    let server = platform();
    let watching = watch(&home, &server, &["--json"]).start();
    wait_until("it has read often", || server.requests().len() > 7);
    watching.signal(rustix::process::Signal::TERM);
    let outcome = watching.end_with_rest();
    let lines: Vec<Value> = outcome
        .assert_code(0)
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let counts: Vec<_> = lines
        .iter()
        .map(|line| line["entitlements"].as_array().unwrap().len())
        .collect();
    assert_eq!(counts, [2, 2, 1]);
}

#[test]
fn a_refusal_ends_it_and_several_users_are_refused() {
    let home = Home::new();
    let body = r#"{"responseCode":"UNAUTHORIZED","responseMessage":"no"}"#;
    let server = Server::answering(http(401, &[], body));
    watch(&home, &server, &[]).run().assert_code(11);
    watch(&home, &server, &["--user", "v"]).run().assert_code(2);
    assert_eq!(server.requests().len(), 1);
}
