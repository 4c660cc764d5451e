//! The sandbox as the far side: its reports are read and reconciled, and it answers correlation files.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::cli::Outcome;
use crate::support::sandbox::Sandbox;
use crate::support::schema::assert_valid;

const DAY: &str = "2040-01-24";

/// A sandbox with a sample in every status, on a day that is not over soon.
fn seeded() -> Sandbox {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    say(&sandbox, "sandbox advance --to 2040-01-24T08:00:00Z");
    say(&sandbox, "sandbox seed");
    sandbox
}

fn run(sandbox: &Sandbox, line: &str) -> Outcome {
    let words = line.split(' ');
    sandbox.client().args(words).arg("--json").run()
}

fn say(sandbox: &Sandbox, line: &str) -> Value {
    run(sandbox, line).assert_code(0).json()
}

/// Writes a report to a file of its own, with all merchants, and reads it.
fn report(sandbox: &Sandbox, kind: &str, more: &str) -> Value {
    let outcome = run(sandbox, &format!("sandbox report {kind} --to -{more}"));
    let name = format!("{kind}_V1_D_20400124.csv");
    sandbox.home().write(&name, &outcome.assert_code(0).stdout);
    say(sandbox, &format!("reports show {name}"))
}

#[test]
fn reports_hold_what_was_active_what_changed_and_every_event() {
    let sandbox = seeded();
    let active = report(&sandbox, "AR", "");
    assert_eq!(active["statuses"], json!({"ACTIVE": 1, "ACTIVE-ENDING": 1}));
    let changed = report(&sandbox, "CR", "");
    assert_eq!(changed["entitlements"], 7, "all were made today: {changed}");
    assert_eq!(changed["statuses"]["SUSPENDED"], 1);

    say(&sandbox, "sandbox advance --to 2040-01-25T08:00:00Z");
    let product = "--merchant SANDBOX --product ACTIVE_AT_ONCE --external-id own-1";
    let made = say(
        &sandbox,
        &format!("create --user late {product} --expires 9999-12-31"),
    );
    let id = made["entitlementId"].as_str().unwrap();
    say(&sandbox, "sandbox advance 1h");
    say(&sandbox, &format!("suspend {id}"));
    say(&sandbox, "sandbox advance 1h");
    say(
        &sandbox,
        &format!("sandbox trigger metadata {id} --field offerKey=O"),
    );
    let events = report(&sandbox, "ER", "");
    let expected = json!({"ACTIVE": 1, "SUSPENDED": 2});
    assert_eq!(events["statuses"], expected, "{events}");
    assert_eq!(events["oddities"], json!([]));
    let text = run(&sandbox, "sandbox report ER --to -").stdout;
    let first = text.lines().nth(1).unwrap();
    let as_then = format!(
        "late,{id},Active,SANDBOX,,ACTIVE_AT_ONCE,,25/01/2040 08:00:00,25/01/2040 08:00:00,,31/12/9999 00:00:00,25/01/2040 08:00:00,,,"
    );
    assert_eq!(first, as_then, "the status and the dates of then");
    assert_eq!(
        report(&sandbox, "CR", "")["entitlements"],
        1,
        "the rest changed yesterday"
    );
    let yesterday = report(&sandbox, "AR", &format!(" --period {DAY}"));
    assert_eq!(yesterday["statuses"], active["statuses"]);
    assert_eq!(
        report(&sandbox, "ER", &format!(" --period {DAY}"))["rows"],
        7
    );
}

#[test]
fn an_event_has_the_product_and_the_user_of_then() {
    let sandbox = seeded();
    say(&sandbox, "sandbox advance --to 2040-01-25T08:00:00Z");
    let made = say(
        &sandbox,
        "create --user first --merchant SANDBOX --product ACTIVE_AT_ONCE",
    );
    let id = made["entitlementId"].as_str().unwrap();
    for change in [
        format!("update {id} --product PERIOD_END"),
        format!("update {id} --user second"),
        format!("sandbox trigger metadata {id} --field offerKey=O"),
    ] {
        say(&sandbox, "sandbox advance 1h");
        say(&sandbox, &change);
    }
    let text = run(&sandbox, "sandbox report ER --to -").stdout;
    let rows = text.lines().filter(|line| line.contains(id));
    let told: Vec<_> = rows
        .map(|row| row.split(',').collect::<Vec<_>>())
        .map(|cells| [cells[0].to_owned(), cells[5].to_owned()])
        .collect();
    let expected = [
        ["first", "ACTIVE_AT_ONCE"],
        ["first", "PERIOD_END"],
        ["second", "PERIOD_END"],
        ["second", "PERIOD_END"],
    ];
    assert_eq!(told, expected, "{text}");
}

#[test]
fn reports_lie_as_in_the_bucket() {
    let sandbox = seeded();
    let period = "--period 2040-01 --to bucket";
    let written = say(&sandbox, &format!("sandbox report er {period}"));
    assert_valid("sandbox-report", &written);
    let files = written["files"].as_array().unwrap();
    for file in files {
        let name = file["file"].as_str().unwrap();
        assert!(name.starts_with("bucket/EntitlementReports/"), "{name}");
        assert!(name.ends_with("/Monthly/ER_V1_M_204001.csv"), "{name}");
        let read = say(&sandbox, &format!("reports show {name}"));
        assert_eq!(read["rows"], file["rows"]);
    }
    let rows = files.iter().map(|file| file["rows"].as_u64().unwrap());
    assert_eq!(rows.sum::<u64>(), 7);
    let odd = run(
        &sandbox,
        "sandbox report AR --period 2040-01-23..2040-01-25",
    );
    odd.assert_code(2);
    let sample = json!([{"customerIdentifier": "=1", "merchantAccountKey": "A/..", "productKey": "P", "user": "other"}]);
    sandbox.home().write("own.json", sample.to_string());
    say(&sandbox, "sandbox seed own.json");
    run(&sandbox, "sandbox report AR --to elsewhere").assert_code(2);
    let text = run(&sandbox, "sandbox report AR --to -").stdout;
    assert!(text.contains("\n=1,"), "a cell as Bango writes it: {text}");
    let dry = say(&sandbox, "sandbox report AR --to elsewhere --dry-run");
    assert_eq!(dry["dryRun"], true);
    assert!(!sandbox.home().path().join("elsewhere").exists());
}

#[test]
fn a_correlation_file_is_answered_with_each_planted_difference() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    say(&sandbox, "sandbox advance --to 2040-01-24T08:00:00Z");
    let rows = [1, 2, 3, 4, 5, 6].map(|number| format!("u{number},SANDBOX,ACTIVE_AT_ONCE\n"));
    let home = sandbox.home();
    home.write(
        "new.csv",
        format!("user,merchant,product\n{}", rows.concat()),
    );
    say(&sandbox, "batch new.csv --results made.csv");
    let ours = run(&sandbox, "sandbox report AR --to -").stdout;
    home.write("ours.csv", &ours);
    let reconciled = run(&sandbox, "reconcile ours.csv --with made.csv");
    assert_eq!(reconciled.code, 2, "results are nothing of Bango's");
    home.write("AR_V1_D_20400124.csv", &ours);
    say(&sandbox, "reconcile made.csv --with AR_V1_D_20400124.csv");

    let id = |user: &str| {
        let line = ours.lines().find(|line| line.starts_with(user)).unwrap();
        line.split(',').nth(1).unwrap().to_owned()
    };
    say(&sandbox, &format!("suspend {}", id("u1")));
    say(
        &sandbox,
        &format!("update {} --product PERIOD_END", id("u2")),
    );
    say(&sandbox, &format!("update {} --user other", id("u3")));
    say(&sandbox, &format!("update {} --user another", id("u4")));
    say(&sandbox, &format!("suspend {}", id("u4")));
    let product = "--merchant SANDBOX --product ACTIVE_AT_ONCE";
    let extra = say(&sandbox, &format!("create --user stranger {product}"));
    say(
        &sandbox,
        "create --user elsewhere --merchant BANGO --product BangoMusic",
    );
    let lost = "9d6b3a3e-0000-4000-8000-000000000000";
    home.write("ours.csv", ours.replace(&id("u5"), lost));
    let written = say(
        &sandbox,
        &format!("reconcile write ours.csv --period {DAY} --merchant SANDBOX"),
    );
    let file = written["file"].as_str().unwrap();
    let answered = say(
        &sandbox,
        &format!("sandbox correlate {file} --to answer.csv"),
    );
    assert_valid("sandbox-correlate", &answered);

    let stdout = run(&sandbox, &format!("sandbox correlate {file}")).stdout;
    let text = std::fs::read_to_string(home.path().join("answer.csv")).unwrap();
    assert_eq!(stdout, text, "the same on standard output");
    let cells = text
        .lines()
        .skip(1)
        .map(|line| line.split_once(",,").unwrap());
    let found: BTreeMap<_, _> = cells.map(|(id, words)| (id.to_owned(), words)).collect();
    let stranger = extra["entitlementId"].as_str().unwrap().to_owned();
    let expected = [
        (id("u1"), "Error: Status is different"),
        (id("u2"), "Error: ProductKey is different"),
        (id("u3"), "Error: CustomerIdentifier is different"),
        (id("u4"), "Error: Multiple differences"),
        (
            id("u5"),
            "Error: Extra Entitlement detected in Bango system",
        ),
        (id("u6"), "OK: Entitlement data matches"),
        (
            lost.to_owned(),
            "Error: Missing Entitlement detected in Bango system",
        ),
        (
            stranger,
            "Error: Extra Entitlement detected in Bango system",
        ),
    ];
    assert_eq!(found, BTreeMap::from(expected));

    let read = run(&sandbox, "reconcile read answer.csv --ours ours.csv");
    read.assert_code(40);
    let results = &read.json()["results"];
    assert_eq!(results, &answered["results"], "{}", read.stdout);

    // Nothing has changed since: of events alone nothing is expected.
    say(&sandbox, "sandbox advance 2d");
    for (scope, extras) in [("", 2), (" --events-only", 0)] {
        let line = format!("sandbox correlate {file} --period 2040-01-26{scope}");
        let later = run(&sandbox, &line).stdout;
        assert_eq!(later.matches("Extra").count(), extras, "{later}");
    }
    run(&sandbox, "sandbox correlate ours.csv").assert_code(2);
    let over = format!("sandbox correlate {file} --to {file}");
    run(&sandbox, &over).assert_code(2);
    assert!(home.path().join(file).metadata().unwrap().len() > 500);
}
