//! The command line that a message proposes: it can be run, and it means what the command before it meant.

use serde_json::json;

use crate::support::cli::{Home, PASSWORD, run};
use crate::support::server::{Server, active, entitlement, http};

/// The words after `bango-ent` of the command line that stands after "what next", plain words only.
fn proposed(stderr: &str) -> Vec<String> {
    let line = stderr
        .lines()
        .find(|line| line.contains("what next"))
        .unwrap();
    let (_, command) = line.split_once("bango-ent ").unwrap();
    command.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn a_proposed_command_takes_every_option_that_it_is_given() {
    let home = Home::new();
    let outcome = run(home
        .bango_ent()
        .args([
            "get",
            "ent-1",
            "--base-url",
            "http://127.0.0.1:1/v1",
            "--retries",
            "0",
        ])
        .env("BANGO_USERNAME", "u")
        .env("BANGO_PASSWORD", "p"));
    assert_eq!(outcome.code, 31, "{}", outcome.stderr);
    assert_eq!(proposed(&outcome.stderr), ["sandbox"]);
}

#[test]
fn a_wait_that_is_proposed_again_waits_for_the_same_status() {
    let home = Home::new();
    let server = Server::answering(http(503, &[], ""));
    let arguments = [
        "wait",
        "ent-1",
        "--for",
        "REVOKED",
        "--timeout",
        "1s",
        "--retries",
        "0",
    ];
    let outcome = run(home.client(&server).args(arguments));
    assert_eq!(outcome.code, 22, "{}", outcome.stderr);
    assert_eq!(
        proposed(&outcome.stderr)[..4],
        ["wait", "ent-1", "--for", "REVOKED"]
    );
}

#[test]
fn an_answer_without_a_url_names_the_entitlement_that_was_asked_for() {
    let home = Home::new();
    for (url, said) in [
        (None, "has no registration URL".to_owned()),
        (
            Some(format!("javascript:{PASSWORD}")),
            "[redacted]".to_owned(),
        ),
    ] {
        let body = json!({"responseCode": "OK", "responseMessage": "Success", "url": url});
        let server = Server::answering(http(200, &[], body.to_string()));
        let outcome = run(home.client(&server).args(["activation-url", "ent-1"]));
        assert_eq!(outcome.code, 32, "{}", outcome.stderr);
        assert_eq!(proposed(&outcome.stderr)[..2], ["get", "ent-1"]);
        assert!(outcome.stderr.contains(&said), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains(PASSWORD), "{}", outcome.stderr);
    }
}

#[test]
fn a_change_that_sends_the_user_to_a_page_shows_its_address() {
    let home = Home::new();
    let url = "https://merchant.example/agree";
    let body = entitlement(&json!({
        "responseCode": "CLIENT_ACTION_REQUIRED",
        "status": "SUSPENDED",
        "parameters": {"action": "NAVIGATE_TO_URL", "url": url},
    }));
    let server = Server::answering(http(202, &[], body.to_string()));
    let outcome = run(home.client(&server).args(["resume", "ent-1"]));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(
        outcome.stdout.lines().any(|line| line == url),
        "{}",
        outcome.stdout
    );
}

#[test]
fn an_option_without_a_meaning_is_refused() {
    let home = Home::new();
    for arguments in [
        &["get", "ent-1", "--request-id", "zzz"][..],
        &["list", "--user", "u", "--request-id", "zzz"],
        &["listen", "--dry-run"],
        &["listen", "--sandbox"],
        &["sandbox", "--dry-run"],
    ] {
        let outcome = run(home.bango_ent().args(arguments));
        assert_eq!(outcome.code, 2, "{arguments:?}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains("has no meaning"),
            "{}",
            outcome.stderr
        );
    }
    // A value that looks like an option is none.
    let outcome = run(home.bango_ent().args(["create", "--user=--json", "--nope"]));
    assert!(
        outcome.code == 2 && outcome.stdout.is_empty(),
        "{}",
        outcome.stdout
    );
}

#[test]
fn a_request_identifier_belongs_to_the_query_as_well() {
    let home = Home::new();
    let server = Server::answering(http(200, &[], active()));
    let api = |path: &str, more: &[&str]| {
        run(home
            .client(&server)
            .args(["api", "POST", path, "--json"])
            .args(more))
    };
    let shown = api("entitlement/report?a=1", &["--dry-run"]);
    let id = shown.json()["request"]["headers"]["X-RequestIdentifier"].clone();
    let id = id.as_str().unwrap();
    assert_eq!(api("entitlement/report?a=1", &["--request-id", id]).code, 0);
    assert_eq!(api("entitlement/report?a=2", &["--request-id", id]).code, 4);
}

#[test]
fn a_dry_run_of_doctor_runs_no_password_command() {
    let home = Home::new();
    home.write(".config/bango-ent/config.toml", "default_profile = \"a\"\n[profiles.a]\nusername = \"u\"\npassword_command = [\"touch\", \"was-run\"]\n");
    let outcome = run(home
        .bango_ent()
        .args(["doctor", "--dry-run"])
        .current_dir(home.path()));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(!home.path().join("was-run").exists());
}

#[test]
fn the_trace_shows_no_credentials_for_a_request_that_carries_none() {
    let home = Home::new();
    let server = Server::answering(http(401, &[], "{\"responseCode\": \"UNAUTHORIZED\"}"));
    let outcome = run(home.client(&server).args(["doctor", "-v"]));
    let carried = server
        .requests()
        .iter()
        .filter(|request| request.to_lowercase().contains("authorization: "))
        .count();
    let shown = outcome.stderr.matches("Authorization: Basic").count();
    assert!(server.requests().len() > carried, "{:?}", server.requests());
    assert_eq!(shown, carried, "{}", outcome.stderr);
}
