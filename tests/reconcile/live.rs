//! `reconcile --live`: each of our records is asked about, and nothing else; what was answered is kept until all of it is there.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use super::{OURS, read};
use crate::support::cli::{Home, Outcome};
use crate::support::platform::{Behaviour, Platform, Reply, Seen};
use crate::support::sandbox::Sandbox;
use crate::support::schema::assert_valid;

const HEADER: &str = "entitlement_id,user,merchant,product,status\n";
const JOURNAL: &str = "ours.csv.live.journal";

/// A platform with so many entitlements, each of a user of its own, that answers by this script where it says anything.
fn platform(
    count: usize,
    script: impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static,
) -> (Home, Platform) {
    let (home, server) = (
        Home::new(),
        Platform::start(Behaviour {
            latency: Duration::from_millis(2),
            script: Some(Box::new(script)),
            ..Behaviour::default()
        }),
    );
    let mut ours = HEADER.to_owned();
    for number in 0..count {
        server.put(&format!("e-{number}"), record(number, "ACTIVE"));
        let _ = writeln!(ours, "e-{number},cust-{number},M,P,ACTIVE");
    }
    home.write(OURS, ours);
    (home, server)
}

fn record(number: usize, status: &str) -> Value {
    json!({
        "responseCode": "OK", "entitlementId": format!("e-{number}"), "customerIdentifier": format!("cust-{number}"),
        "merchantAccountKey": "M", "productKey": "P", "status": status, "dateLastUpdated": "2026-11-24T08:00:00Z",
    })
}

fn live(home: &Home, server: &Platform, arguments: &[&str]) -> Outcome {
    let mut cli = home.client(server);
    cli.args(["reconcile", OURS, "--live"])
        .args(arguments)
        .run()
}

/// Which entitlements were asked about, and how often.
fn asked(server: &Platform) -> std::collections::BTreeMap<String, usize> {
    let mut asked = std::collections::BTreeMap::new();
    for seen in server.seen() {
        *asked.entry(seen.path).or_default() += 1;
    }
    asked
}

#[test]
fn each_planted_difference_is_found_at_the_sandbox_and_nothing_else() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let home = sandbox.home();
    let run = |line: &str| sandbox.client().args(line.split(' ')).run();
    let users =
        [1, 2, 3, 4, 5, 6, 7, 8].map(|number| format!("u{number},SANDBOX,ACTIVE_AT_ONCE\n"));
    home.write(
        "new.csv",
        format!("user,merchant,product\n{}", users.concat()),
    );
    run("batch new.csv --results made.csv").assert_code(0);
    let made = read(home, "made.csv");
    let id = |user: &str| {
        let line = made.lines().find(|line| line.starts_with(user)).unwrap();
        let mut cells = line.split(',');
        cells.find(|cell| cell.len() == 36).unwrap().to_owned()
    };
    // The same state, however it is spelt; and one that is found by whose it is.
    let mut ours = "entitlement_id,user,merchant,product,status,expires\n".to_owned();
    for user in ["u1", "u2", "u3", "u4", "u5", "u6"] {
        let _ = writeln!(ours, "{},{user},SANDBOX,ACTIVE_AT_ONCE,active,", id(user));
    }
    ours.push_str(",u7,SANDBOX,ACTIVE_AT_ONCE,ACTIVE,\n,u8,SANDBOX,ACTIVE_AT_ONCE,ACTIVE,\n");
    ours.push_str("9d6b3a3e-0000-4000-8000-000000000000,lost,SANDBOX,ACTIVE_AT_ONCE,ACTIVE,\n");
    ours.push_str(",nobody,SANDBOX,ACTIVE_AT_ONCE,ACTIVE,\n");
    home.write(OURS, ours.clone());
    let agree = run("reconcile made.csv --live --json");
    assert_eq!(agree.code, 0, "{agree:?}");
    assert_eq!(
        agree.json()["results"],
        json!({"OK: Entitlement data matches": 8})
    );
    for line in [
        format!("suspend {}", id("u1")),
        format!("update {} --product PERIOD_END", id("u2")),
        format!("update {} --user other", id("u3")),
        format!("update {} --user another", id("u4")),
        format!("suspend {}", id("u4")),
        format!("update {} --expires 2040-01-01", id("u5")),
        format!("suspend {}", id("u8")),
        "create --user stranger --merchant SANDBOX --product ACTIVE_AT_ONCE".to_owned(),
    ] {
        run(&line).assert_code(0);
    }
    let outcome = run(
        "reconcile ours.csv --live --dates --json --results r.csv --full --fix fix.csv --fix-ours own.csv",
    );
    outcome.assert_code(40);
    let json = outcome.json();
    assert_valid("reconcile", &json);
    let differences = json["differences"].as_array().unwrap().iter();
    let found: Vec<_> = differences
        .map(|one| {
            let user = one["ours"]["customerIdentifier"].as_str().unwrap();
            let result = one["correlationResult"].as_str().unwrap();
            format!("{user} {result}")
        })
        .collect();
    assert_eq!(
        found,
        [
            "u1 Error: Status is different",
            "u2 Error: ProductKey is different",
            "u3 Error: CustomerIdentifier is different",
            "u4 Error: Multiple differences",
            "u5 Error: Dates are different",
            "u8 Error: Status is different",
            "lost Error: Missing Entitlement detected in Bango system",
            "nobody Error: Missing Entitlement detected in Bango system",
        ]
    );
    assert_eq!(json["results"]["OK: Entitlement data matches"], 2);
    assert_eq!(json["differences"][4]["differs"], json!(["dateExpiry"]));
    assert_eq!((&json["ours"], &json["bango"]), (&json!(10), &json!(8)));
    assert!(json["askedSince"].is_string());
    assert!(!home.path().join(JOURNAL).exists(), "all was answered");

    // What brings Bango to our state is an input of batch, and does.
    run("batch fix.csv --yes").assert_code(0);
    let after = run("reconcile ours.csv --live --json").json();
    let left = after["differences"].as_array().unwrap().iter();
    let left: Vec<_> = left.map(|one| &one["ours"]["customerIdentifier"]).collect();
    assert_eq!(left, ["lost"], "{after}");
    // Under another id the user may have it: a create might give it twice.
    assert!(!read(home, "fix.csv").contains("lost"));
    let own = read(home, "own.csv");
    let lost = own.lines().find(|line| line.contains("lost")).unwrap();
    assert!(lost.contains("ask"), "{lost}");
    assert!(json["differences"][6]["message"].is_string());
}

#[test]
fn an_answer_about_another_entitlement_proves_nothing() {
    let (home, server) = platform(4, |seen| {
        let is_second = seen.path.ends_with("/e-1");
        is_second.then(|| (200, "", record(2, "REVOKED")))
    });
    let arguments = [
        "--retries",
        "0",
        "--fix",
        "fix.csv",
        "--fix-ours",
        "own.csv",
        "--results",
        "r.csv",
    ];
    let outcome = live(&home, &server, &arguments);
    outcome.assert_code(40);
    assert!(
        outcome
            .stderr
            .contains("of 1 entitlement it is not known what Bango has"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome
            .stderr
            .contains("e-1: unanswered: OUTCOME_UNKNOWN: "),
        "{}",
        outcome.stderr
    );
    assert_eq!(
        read(&home, "r.csv").lines().nth(1),
        Some("e-1,,Unknown: Bango gave no usable answer")
    );
    assert_eq!(
        read(&home, "fix.csv").lines().count(),
        1,
        "nothing is sent on what is not known"
    );
    let own = read(&home, "own.csv");
    assert!(own.lines().nth(1).unwrap().starts_with("ask,e-1,"), "{own}");

    let json = live(&home, &server, &["--retries", "0", "--json"]).json();
    assert_valid("reconcile", &json);
    assert_eq!(
        (&json["error"]["code"], &json["error"]["retryable"]),
        (&json!("INCOMPLETE"), &json!(true))
    );
    assert_eq!(json["results"]["OK: Entitlement data matches"], 3);
    assert!(
        json["differences"][0]["message"]
            .as_str()
            .unwrap()
            .contains("mixed up")
    );
    // The others were not asked about again.
    let asked = asked(&server);
    let once = |id: &str| asked[&format!("/v1/entitlement/{id}")];
    assert_eq!([once("e-0"), once("e-2"), once("e-3")], [1; 3], "{asked:?}");
    assert!(once("e-1") > 1);
}

#[test]
fn an_answer_that_leaves_out_what_is_compared_is_no_match() {
    for lacking in [
        "entitlementId",
        "customerIdentifier",
        "productKey",
        "status",
    ] {
        let (home, server) = platform(1, move |_| {
            let mut record = record(0, "ACTIVE");
            record[lacking] = Value::Null;
            Some((200, "", record))
        });
        let json = live(&home, &server, &["--json"]).json();
        let why = format!("the answer has no {lacking}");
        assert_eq!(json["differences"][0]["message"], why);
        assert_eq!(json["differenceCount"], 0);
    }
}

#[test]
fn a_run_that_is_killed_continues_where_it_was() {
    let (home, server) = platform(300, |_| None);
    for number in [7, 250] {
        server.put(&format!("e-{number}"), record(number, "SUSPENDED"));
    }
    let mut cli = home.client(&server);
    let running = cli
        // Slow enough to be in the middle of it on a busy machine, too.
        .args(["reconcile", OURS, "--live", "--rate", "100"])
        .start();
    server.wait_for(120);
    drop(running);
    let before = server.requests();
    assert!(before < 300, "it was not killed in the middle");
    assert!(home.path().join(JOURNAL).exists());
    let outcome = live(&home, &server, &["--json"]);
    outcome.assert_code(40);
    assert!(
        outcome
            .stderr
            .contains("continuing ours.csv.live.journal: "),
        "{}",
        outcome.stderr
    );
    let json = outcome.json();
    let found: Vec<_> = (json["differences"].as_array().unwrap().iter())
        .map(|one| &one["entitlementId"])
        .collect();
    assert_eq!(found, ["e-7", "e-250"]);
    assert_eq!(json["results"]["OK: Entitlement data matches"], 298);
    let again: usize = asked(&server).values().map(|times| times - 1).sum();
    // Those whose answers were not on the disk yet.
    assert!(again < 40, "{again} were asked about twice");
    assert!(!home.path().join(JOURNAL).exists());
    // A new run asks anew: yesterday's answers are no answers.
    server.put("e-8", record(8, "REVOKED"));
    assert_eq!(
        live(&home, &server, &["--json"]).json()["differenceCount"],
        3
    );
}

#[test]
fn answers_to_other_questions_are_not_continued_and_another_journal_is_left_alone() {
    let (home, server) = platform(40, |seen| {
        (seen.number >= 20).then_some((401, "", json!({"responseCode": "UNAUTHORIZED"})))
    });
    let outcome = live(&home, &server, &["--concurrency", "1", "--json"]);
    outcome.assert_code(11);
    let error = &outcome.json()["error"];
    assert_eq!(error["code"], "UNAUTHORIZED");
    assert_eq!(error["outcome"], "not_sent", "nothing was changed");
    home.write(OURS, format!("{HEADER}e-5,cust-5,M,P,ACTIVE\n"));
    let outcome = live(&home, &server, &[]);
    assert!(
        outcome
            .stderr
            .contains("were to other questions; all are asked anew"),
        "{}",
        outcome.stderr
    );

    let batch = |arguments: &[&str]| home.client(&server).arg("batch").args(arguments).run();
    home.write("ids.csv", "entitlement_id\ne-5\n");
    batch(&["ids.csv", "--action", "get", "--journal", "own.journal"]);
    let own = read(&home, "own.journal");
    let outcome = live(&home, &server, &["--journal", "own.journal"]);
    outcome.assert_code(4);
    assert_eq!(read(&home, "own.journal"), own);
    let ours = read(&home, OURS);
    for arguments in [["--journal", OURS], ["--results", JOURNAL], ["--fix", OURS]] {
        live(&home, &server, &arguments).assert_code(2);
    }
    assert_eq!(read(&home, OURS), ours);
}

#[test]
fn what_cannot_be_asked_is_named_with_its_place_and_nothing_is_sent() {
    let (home, server) = platform(1, |_| None);
    home.write(
        OURS,
        "\nentitlement_id,user,product,status\ne-1,a,P,ACTIVE\n1.23E+12,b,P,ACTIVE\n",
    );
    let outcome = live(&home, &server, &["--fix", "fix.csv"]);
    outcome.assert_code(2);
    let why = "ours.csv, line 4, column entitlement_id: is what a spreadsheet shows";
    assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    home.write(
        OURS,
        "externalEntitlementId,product,status\next-1,P,ACTIVE\n",
    );
    let outcome = live(&home, &server, &[]);
    outcome.assert_code(40);
    assert!(
        outcome.stderr.contains("neither an id nor a user"),
        "{}",
        outcome.stderr
    );
    home.write(OURS, format!("{HEADER}e-0,cust-0,M,P,ACTIVE\n"));
    live(&home, &server, &["--dry-run"]).assert_code(0);
    assert_eq!(server.requests(), 0);
    for wrong in [&["--with", OURS][..], &["--partial"]] {
        live(&home, &server, wrong).assert_code(2);
    }
    for wrong in [
        &["--rate", "5/s"][..],
        &["--journal", "j"],
        &["--concurrency", "2"],
    ] {
        let arguments = [&["reconcile", OURS, "--with", "b.csv"], wrong].concat();
        home.client(&server).args(arguments).run().assert_code(2);
    }
    let piped = home
        .client(&server)
        .args(["reconcile", "-", "--live"])
        .write_stdin("x")
        .run();
    piped.assert_code(2);
    assert!(piped.stderr.contains("--journal FILE"), "{}", piped.stderr);
    live(&home, &server, &["--read-only"]).assert_code(0);
}

#[test]
fn of_a_period_only_what_was_touched_in_it_is_asked_about() {
    let (home, server) = platform(2, |_| None);
    home.write(OURS, "entitlement_id,user,product,status,lastUpdated\ne-0,cust-0,P,ACTIVE,2026-11-24\ne-1,cust-1,P,ACTIVE,2026-11-20\n");
    let outcome = live(
        &home,
        &server,
        &["--period", "2026-11-24", "--events-only", "--rate", "50/s"],
    );
    outcome.assert_code(0);
    assert!(
        outcome
            .stderr
            .contains("1 entitlement of ours did not count: outside the period"),
        "{}",
        outcome.stderr
    );
    assert_eq!(server.requests(), 1);
}

#[test]
fn what_is_never_answered_as_it_stands_is_not_said_to_be_worth_asking_again() {
    let (home, server) = platform(1, |_| None);
    home.write(OURS, "externalEntitlementId,user,status\nX1,,ACTIVE\n");
    let outcome = live(&home, &server, &["--json"]);
    outcome.assert_code(40);
    let error = &outcome.json()["error"];
    assert_eq!(
        (&error["code"], &error["retryable"]),
        (&json!("INCOMPLETE"), &json!(false))
    );
    let next = "correct those records: as they stand the answer would be the same";
    assert_eq!(error["hint"], next);
}
