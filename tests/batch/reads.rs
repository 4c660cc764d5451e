//! Rows that read: a hundred thousand states as results, and nothing is changed.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{answering, batch, journal};
use crate::support::cli::Home;
use crate::support::platform::{Behaviour, Platform};

fn put(server: &Platform, id: &str, user: &str, product: &str, status: &str, updated: &str) {
    let record = json!({
        "responseCode": "OK", "entitlementId": id, "customerIdentifier": user, "merchantAccountKey": "M",
        "productKey": product, "status": status, "dateLastUpdated": updated,
    });
    server.put(id, record);
}

/// The results by the number of the row.
fn results(home: &Home) -> Vec<Value> {
    let text = std::fs::read_to_string(home.path().join("results.jsonl")).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

#[test]
fn every_row_has_the_state_of_its_entitlement_by_id_or_by_user() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    put(&server, "e-1", "a", "P", "PENDING", "2026-11-24T08:00:00Z");
    put(
        &server,
        "e-2",
        "b",
        "P",
        "CANCELLED",
        "2026-11-24T08:00:00Z",
    );
    put(
        &server,
        "e-3",
        "b",
        "P",
        "SUSPENDED",
        "2026-11-20T08:00:00Z",
    );
    // It ended before the other, but was changed after that.
    let revoked = json!({
        "responseCode": "OK", "entitlementId": "e-4", "customerIdentifier": "c", "merchantAccountKey": "M", "productKey": "P",
        "status": "REVOKED", "dateEnded": "2026-11-20T08:00:00Z", "dateLastUpdated": "2026-11-26T08:00:00Z",
    });
    server.put("e-4", revoked);
    put(
        &server,
        "e-5",
        "c",
        "P",
        "CANCELLED",
        "2026-11-24T08:00:00Z",
    );
    put(&server, "e-6", "d", "P", "ACTIVE", "2026-11-24T08:00:00Z");
    put(&server, "e-7", "d", "Q", "FAILED", "2026-11-24T08:00:00Z");
    home.write(
        "rows.csv",
        "entitlement_id,user,product,merchant\ne-1,,,\n,b,,\n,c,P,M\n,d,Q,\n,d,,\n,nobody,,\ngone,,,\n",
    );
    let arguments = [
        "rows.csv",
        "--action",
        "GET",
        "--results",
        "results.jsonl",
        "--concurrency",
        "1",
    ];
    batch(&home, &server, &arguments).assert_code(40);
    let told: Vec<_> = results(&home)
        .iter()
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap_or("-").to_owned();
            [
                text("outcome"),
                text("entitlementId"),
                text("status"),
                text("responseCode"),
            ]
            .join(" ")
        })
        .collect();
    assert_eq!(
        told,
        [
            "done e-1 PENDING OK",
            "done e-3 SUSPENDED OK",
            "done e-5 CANCELLED OK",
            "done e-7 FAILED OK",
            "unclear - - OUTCOME_UNKNOWN",
            "refused - - NOT_FOUND",
            "refused - - NOT_FOUND",
        ]
    );
    let several = results(&home)[4]["message"].as_str().unwrap().to_owned();
    assert!(
        several.contains("has 2 such entitlements: ") && several.contains("e-6"),
        "{several}"
    );
    let is_read = |method: &str, path: &str| method == "GET" || path.ends_with("/report");
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| is_read(&seen.method, &seen.path))
    );
}

#[test]
fn rows_that_read_are_not_confirmed_repeated_freely_and_continued() {
    let (home, server) = (
        Home::new(),
        answering(0, |seen| {
            // Every third request is dropped.
            (seen.number % 3 == 2).then_some((0, "", Value::Null))
        }),
    );
    let mut rows = "entitlement_id\n".to_owned();
    for i in 0..60 {
        put(
            &server,
            &format!("e-{i}"),
            "a",
            "P",
            "ACTIVE",
            "2026-11-24T08:00:00Z",
        );
        let _ = writeln!(rows, "e-{i}");
    }
    // One twice: it is no harm.
    home.write("rows.csv", rows + "e-1\n");

    let arguments = [
        "rows.csv",
        "--action",
        "get",
        "--results",
        "results.jsonl",
        "--retries",
        "0",
    ];
    let mut runs = 0;
    while batch(&home, &server, &arguments).code != 0 {
        runs += 1;
        assert!(runs < 40, "the rows are never all read");
    }
    assert!(runs > 0);
    let told = results(&home);
    assert_eq!(told.len(), 61);
    assert!(
        told.iter()
            .all(|line| line["status"] == "ACTIVE" && line["outcome"] == "done")
    );
    // Another journal begins anew without a word: nothing is done twice.
    batch(
        &home,
        &server,
        &[
            "rows.csv",
            "--action",
            "get",
            "--journal",
            "again.journal",
            "--retries",
            "9",
            "--read-only",
        ],
    )
    .assert_code(0);
    assert!(journal(&home.path().join("again.journal")).len() > 61);
}

#[test]
fn a_row_that_reads_names_an_entitlement_or_a_user() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("rows.csv", "entitlement_id,product\n,P\n");
    let outcome = batch(&home, &server, &["rows.csv", "--action", "get"]);
    outcome.assert_code(2);
    let why = "line 2, column entitlement_id: is empty, and get needs it, or user";
    assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    assert_eq!(server.requests(), 0);
}
