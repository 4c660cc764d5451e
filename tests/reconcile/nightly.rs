//! The nightly job of docs/reconciliation.md, as it is written, on what the sandbox holds: with planted differences of every kind, each is found and
//! nothing else. What `--fix` then writes is sent, and what it can remove is gone.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::support::sandbox::Sandbox;

/// The day of the sandbox's clock, so that no midnight comes between.
const DAY: &str = "20400124";
const USERS: u32 = 12;

/// The script of the page.
fn script() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reconciliation.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, rest) = page.split_once("```sh\n#!/bin/sh\n").unwrap();
    rest.split("```").next().unwrap().to_owned()
}

/// Runs `bango-ent` against the sandbox.
fn say(sandbox: &Sandbox, line: &str) -> Value {
    let words = line.split(' ');
    let outcome = sandbox.client().args(words).arg("--json").run();
    outcome.assert_code(0);
    outcome.json()
}

/// Writes the two reports of the day into the bucket, as Bango would.
fn publish(sandbox: &Sandbox) {
    for report in ["AR", "CR"] {
        say(sandbox, &format!("sandbox report {report} --to bucket"));
    }
}

/// Runs the job; returns its exit code and the differences that it kept, by user.
fn job(sandbox: &Sandbox) -> (i32, BTreeMap<String, String>) {
    let home = sandbox.home();
    home.write("reconcile.sh", script());
    for (name, text) in [
        ("aws", "#!/bin/sh\ncp \"$HOME/${4#s3://}\" \"$5\"\n"),
        (
            "mail",
            "#!/bin/sh\n{ echo \"$2 to $3\"; cat; } >> \"$HOME/mails\"\n",
        ),
    ] {
        let path = home.write(&format!("bin/{name}"), text);
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
    }
    let binary = Path::new(env!("CARGO_BIN_EXE_bango-ent")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let own = home.path().join("bin");
    let outcome = home
        .program("sh")
        .args(["reconcile.sh", DAY])
        .env(
            "PATH",
            format!("{}:{}:{path}", own.display(), binary.display()),
        )
        .envs([
            ("OURS", "ours.csv"),
            ("FOLDER", "kept"),
            ("BUCKET", "bucket"),
        ])
        .envs([("MERCHANT", "SANDBOX"), ("MAIL_TO", "ops@reseller.example")])
        .run();
    let results = home.path().join(format!("kept/{DAY}/results.csv"));
    let results = std::fs::read_to_string(results).unwrap_or_default();
    let found = results.lines().skip(1).map(|line| {
        let cells: Vec<_> = line.split(',').collect();
        let user = if cells[3].is_empty() {
            cells[4]
        } else {
            cells[3]
        };
        (user.to_owned(), cells[2].to_owned())
    });
    (outcome.code, found.collect())
}

#[test]
fn the_nightly_job_finds_each_planted_difference_and_nothing_else() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let home = sandbox.home();
    say(&sandbox, "sandbox advance --to 2040-01-24T08:00:00Z");
    let users: Vec<_> = (1..=USERS).map(|number| format!("u{number}")).collect();
    let rows = users
        .iter()
        .map(|user| format!("{user},SANDBOX,ACTIVE_AT_ONCE\n"));
    home.write(
        "new.csv",
        format!("user,merchant,product\n{}", rows.collect::<String>()),
    );
    say(&sandbox, "batch new.csv --results done.csv");
    // As records of one's own: results of a batch would be a part of them.
    let done = std::fs::read_to_string(home.path().join("done.csv")).unwrap();
    home.write("ours.csv", done.replacen("outcome", "noted", 1));

    publish(&sandbox);
    assert_eq!(job(&sandbox), (0, BTreeMap::new()));
    assert!(
        !home.path().join("mails").exists(),
        "nothing differs, nothing is mailed"
    );

    let id = |user: &str| {
        let found = say(&sandbox, &format!("list --user {user}"));
        found["entitlements"][0]["entitlementId"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let ids: Vec<_> = users.iter().map(|user| id(user)).collect();
    say(&sandbox, &format!("suspend {}", ids[0]));
    say(
        &sandbox,
        &format!("revoke {} --reason REVOKED/OTHER --yes", ids[1]),
    );
    say(&sandbox, &format!("update {} --product PERIOD_END", ids[2]));
    say(&sandbox, &format!("update {} --user v4", ids[3]));
    say(&sandbox, &format!("update {} --user v5", ids[4]));
    say(&sandbox, &format!("suspend {}", ids[4]));
    say(
        &sandbox,
        "create --user stranger --merchant SANDBOX --product ACTIVE_AT_ONCE",
    );
    let ours = std::fs::read_to_string(home.path().join("ours.csv")).unwrap();
    // The results stand in the order in which their rows finished.
    let lost = ours.lines().find(|line| line.starts_with("u1,"));
    let lost = lost.unwrap().replace("u1,", "u0,");
    let lost = lost.replace(&ids[0], "9d6b3a3e-0000-4000-8000-000000000000");
    home.write("ours.csv", format!("{ours}{lost}\n"));

    publish(&sandbox);
    let (code, found) = job(&sandbox);
    assert_eq!(code, 40);
    let planted = [
        ("u0", "Error: Missing Entitlement detected in Bango system"),
        ("u1", "Error: Status is different"),
        ("u2", "Error: Status is different"),
        ("u3", "Error: ProductKey is different"),
        ("u4", "Error: CustomerIdentifier is different"),
        ("u5", "Error: Multiple differences"),
        (
            "stranger",
            "Error: Extra Entitlement detected in Bango system",
        ),
    ];
    let planted = planted.map(|(user, words)| (user.to_owned(), words.to_owned()));
    assert_eq!(found, BTreeMap::from(planted));
    let mail = std::fs::read_to_string(home.path().join("mails")).unwrap();
    assert!(
        mail.starts_with(&format!(
            "Bango and we differ on {DAY} to ops@reseller.example\n"
        )),
        "{mail}"
    );
    assert!(mail.contains("7 entitlements differ"), "{mail}");

    let fix = format!("batch kept/{DAY}/fix.csv --yes --results fixed.csv");
    say(&sandbox, &fix);
    publish(&sandbox);
    let (code, found) = job(&sandbox);
    // What is over stays in Bango's records, and what was created anew has an id that ours do not know yet.
    let left: Vec<_> = found.keys().map(String::as_str).collect();
    assert_eq!((code, left), (40, vec!["stranger", "u0", "u2"]));
}

#[test]
fn a_report_that_cannot_be_fetched_is_mailed() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    assert_eq!(job(&sandbox).0, 1);
    let mail = std::fs::read_to_string(sandbox.home().path().join("mails")).unwrap();
    assert!(mail.contains("could not be fetched"), "{mail}");
}
