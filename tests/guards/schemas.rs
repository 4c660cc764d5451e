//! What the commands print with `--json` is what docs/schema/ says and docs/json.md describes. `endings` holds every failure to it.

use std::path::Path;

use serde_json::Value;

use crate::support::cli::Home;
use crate::support::sandbox::{Listener, Sandbox, notification};
use crate::support::schema::{self, assert_valid};

#[test]
fn a_life_of_an_entitlement_is_told_as_the_schemas_say() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    assert_valid("sandbox", &serde_json::from_str(&sandbox.stdout).unwrap());
    let say = |schema: &str, line: &str| {
        let words = line.split(' ');
        let outcome = sandbox.client().args(words).arg("--json").run();
        let document = outcome.assert_code(0).json();
        assert_valid(schema, &document);
        document
    };
    let created = say(
        "answer",
        "create --user a --merchant SANDBOX --product ACTIVE_AT_ONCE",
    );
    let id = created["entitlementId"].as_str().unwrap();
    say("answer", &format!("get {id}"));
    say("list", "list --user a");
    say("entitlements", &format!("get {id} {id}"));
    say("entitlements", "list --user a --user nobody");
    say("dry-run", "list --user a --user nobody --dry-run");
    say("answer", &format!("update {id} --expires 2030-01-01"));
    say("answer", &format!("suspend {id}"));
    say("answer", &format!("resume {id}"));
    say("answer", &format!("wait {id}"));
    say("api", &format!("api GET entitlement/{id}"));
    say("echo", "echo");
    say("doctor", "doctor");
    say("auth-status", "auth status --check");
    say("dry-run", &format!("get {id} --dry-run"));
    say(
        "dry-run",
        "create --user a --merchant BANGO --product BangoMusic --dry-run",
    );
    say(
        "answer",
        &format!("cancel {id} --reason CUSTOMER_CANCELLED/OTHER --yes"),
    );
    let pending = say(
        "answer",
        "create --user b --merchant BANGO --product BangoMusic",
    );
    let id = pending["entitlementId"].as_str().unwrap();
    say("answer", &format!("activation-url {id}"));
    say(
        "answer",
        &format!("revoke {id} --reason REVOKED/OTHER --yes"),
    );
    let url = "--notification-url http://127.0.0.1:9/";
    let told = format!("create --user c --merchant SANDBOX --product ACTIVE_AT_ONCE {url}");
    let id = say("answer", &told)["entitlementId"]
        .as_str()
        .unwrap()
        .to_owned();
    say("answer", &format!("suspend {id}"));
    say("sandbox-requests", "sandbox requests");
    say("sandbox-notifications", "sandbox notifications");
    say("sandbox-cleared", "sandbox requests --clear");
    say("sandbox-trigger", &format!("sandbox trigger resume {id}"));
    say("sandbox-clock", "sandbox advance 1h");
    say("sandbox-faults", "sandbox faults on hang --for 1h");
    say("sandbox-faults", "sandbox faults off");
    say("sandbox-seed", "sandbox seed");
    say("sandbox-file", "sandbox export kept.jsonl");
    say("sandbox-file", "sandbox import kept.jsonl");
    say("sandbox-reset", "sandbox reset");
}

#[test]
fn a_batch_is_told_as_the_schemas_say() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let rows = "user,merchant,product\na,SANDBOX,ACTIVE_AT_ONCE\nb,SANDBOX,ACTIVE_AT_ONCE\n";
    sandbox.home().write("users.csv", rows);
    sandbox
        .home()
        .write("one.csv", format!("{rows}c,SANDBOX,NEVER_AVAILABLE\n"));
    sandbox.home().write("bad.csv", "user,nonsense\na,b\n");
    let say = |schema: &str, code: i32, line: &str| {
        let words = line.split(' ');
        let outcome = sandbox
            .client()
            .arg("batch")
            .args(words)
            .arg("--json")
            .run();
        assert_valid(schema, &outcome.assert_code(code).json());
    };
    say("batch-check", 0, "users.csv --check");
    say("batch-check", 0, "users.csv --dry-run");
    say("batch", 0, "users.csv --results results.jsonl");
    say("batch-status", 0, "status users.csv.journal");
    say("error", 40, "one.csv --shard 1/1 --results refused.jsonl");
    let resolve = "resolve one.csv.journal 3 done --yes";
    say("batch-resolve", 0, resolve);
    say("error", 2, "bad.csv");
    say("error", 4, "one.csv --shard 1/1 --offer x");
    say("error", 4, "users.csv --journal another.journal");
    for (file, count) in [("results.jsonl", 2), ("refused.jsonl", 3)] {
        let rows = lines(&sandbox.home().path().join(file));
        assert_eq!(rows.len(), count);
        for row in rows {
            assert_valid("batch-result", &row);
        }
    }
}

#[test]
fn reports_are_told_as_the_schemas_say() {
    let home = Home::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exchange/golden");
    let say = |code: i32, line: &[&str]| {
        let mut reports = home.bango_ent();
        reports.current_dir(&folder).arg("reports").args(line);
        let outcome = reports.arg("--json").run();
        outcome.assert_code(code);
        outcome
    };
    let file = "ER_V1_D_20261124.csv";
    let whole = say(0, &["show", file]).json();
    assert_valid("reports", &whole);
    let status = whole["statuses"]
        .as_object()
        .unwrap()
        .keys()
        .next()
        .unwrap();
    let rows = say(0, &["show", file, "--status", status]);
    assert!(!rows.lines().is_empty());
    for row in rows.lines() {
        let row: Value = serde_json::from_str(row).unwrap();
        assert_valid("report-row", &row);
        let id = row["entitlementId"].as_str().unwrap();
        assert_valid("reports-history", &say(0, &["history", id, file]).json());
    }
    assert_valid("error", &say(2, &["show", "mod.rs", "../mod.rs"]).json());
}

#[test]
fn every_command_is_in_the_table_of_documents() {
    fn leaves(command: &clap::Command, path: &str, page: &str) {
        let below = command.get_subcommands();
        let below: Vec<_> = below
            .filter(|below| !below.is_hide_set() && below.get_name() != "help")
            .collect();
        if below.is_empty() {
            assert!(page.contains(&format!("`{path}`")), "{path}");
        }
        for command in below {
            let path = format!("{path} {}", command.get_name());
            leaves(command, path.trim(), page);
        }
    }
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json.md");
    leaves(
        &bango_ent::tree(),
        "",
        &std::fs::read_to_string(page).unwrap(),
    );
}

#[test]
fn a_set_up_is_told_as_the_schemas_say() {
    let home = Home::new();
    home.write("password.txt", "p");
    let say = |schema: &str, line: &str| {
        let outcome = home.bango_ent().args(line.split(' ')).arg("--json").run();
        assert_valid(schema, &outcome.assert_code(0).json());
    };
    let login =
        "auth login --profile p --username u --password-file password.txt --store file --no-verify";
    say("dry-run-local", &format!("{login} --dry-run"));
    say("auth-login", &format!("{login} --environment test"));
    say("auth-status", "auth status");
    say("profile-list", "profile list");
    say("dry-run-local", "profile use p --dry-run");
    say("profile", "profile use p");
    say("dry-run-local", "auth logout --dry-run");
    say("auth-logout", "auth logout");
    say("profile", "profile remove p");
    say("profile-list", "profile list");
    say("auth-status", "auth status");
    say("explain", "explain");
    say("commands", "commands");
    say("completions", "completions bash");
    say("install", "completions fish --install");
    say("man", "man batch status");
    say("install", "man --install");
    say("dry-run-local", "sandbox reset --state s.jsonl --dry-run");
    say("sandbox-reset", "sandbox reset --state s.jsonl");
}

#[test]
fn lines_are_as_the_schemas_say() {
    let (home, listener) = Listener::start(&["--json", "--save", "saved.jsonl"]);
    listener.post(&notification("e1", "ACTIVE", 1));
    assert_valid("notification-line", &listener.json());
    assert_eq!(lines(&home.path().join("saved.jsonl")).len(), 1);

    let sandbox = Sandbox::start(&["--ephemeral"]);
    for user in ["a", "fault:html", "fault:SERVICE_UNAVAILABLE:1"] {
        let line = [
            "create",
            "--merchant",
            "BANGO",
            "--product",
            "BangoMusic",
            "--retries",
            "1",
        ];
        let mut create = sandbox.client();
        create
            .args(line)
            .args(["--user", user, "--log-file", "log.jsonl"]);
        create.run();
    }
    let lines = lines(&sandbox.home().path().join("log.jsonl"));
    assert!(lines.len() > 2, "{lines:?}");
    for line in lines {
        assert_valid("log-line", &line);
    }
}

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn every_schema_is_linked_and_each_of_its_keys_is_in_the_page() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json.md");
    let page = std::fs::read_to_string(page).unwrap();
    for name in schema::names() {
        assert!(
            page.contains(&format!("](schema/{name}.json)")),
            "{name} is not linked"
        );
        keys(&schema::read(&name), &mut |key| {
            assert!(
                page.contains(&format!("`{key}`")),
                "{name}: {key} is not in docs/json.md"
            );
        });
    }
}

fn keys(schema: &Value, see: &mut impl FnMut(&str)) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::Object(properties)) = map.get("properties") {
                properties.keys().for_each(|key| see(key));
            }
            map.values().for_each(|value| keys(value, see));
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, see)),
        _ => {}
    }
}

#[test]
fn a_schema_refuses_what_is_not_as_it_says() {
    let right = serde_json::json!({"state": "s", "entitlements": 0});
    assert_eq!(schema::fault("sandbox-reset", &right), None);
    for wrong in [
        serde_json::json!({"state": "s"}),
        serde_json::json!({"state": 1, "entitlements": 0}),
        serde_json::json!({"state": "s", "entitlements": 0, "more": 1}),
    ] {
        assert!(schema::fault("sandbox-reset", &wrong).is_some(), "{wrong}");
    }
}
