//! A batch against the sandbox: killed, its answers dropped after acting, and in the end each row is there exactly once.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::cli::Cli;
use crate::support::sandbox::Sandbox;

const ROWS: usize = 300;

/// The user of a row: for one in twenty the sandbox drops the connection after acting.
fn user(number: usize) -> String {
    match number % 20 {
        0 => format!("fault:drop-after:1:{number}"),
        _ => format!("cust-{number}"),
    }
}

fn batch(sandbox: &Sandbox, arguments: &[&str]) -> Cli {
    let mut cli = sandbox.client();
    cli.args(["batch", "users.csv", "--concurrency", "8"])
        .args(arguments);
    cli
}

#[test]
fn a_batch_that_is_killed_leaves_each_user_with_one_entitlement() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let mut rows = "user,merchant,product\n".to_owned();
    for number in 1..=ROWS {
        let _ = writeln!(rows, "{},SANDBOX,ACTIVE_AT_ONCE", user(number));
    }
    std::fs::write(sandbox.home().path().join("users.csv"), rows).unwrap();
    for milliseconds in [60, 120, 40, 150] {
        let running = batch(&sandbox, &[]).start();
        std::thread::sleep(Duration::from_millis(milliseconds));
        drop(running);
    }
    let output = batch(&sandbox, &["--json"]).run();
    let shown: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(shown["done"], ROWS, "{shown}");
    for number in 1..=ROWS {
        let body = json!({"customerIdentifier": user(number), "productKey": null, "status": null});
        let report = sandbox.api("POST", "/entitlement/report", &body);
        let found = report.json()["entitlements"].as_array().unwrap().len();
        assert_eq!(found, 1, "{}", user(number));
    }
}
