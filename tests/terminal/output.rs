//! Output that cannot be written, or is not wanted: nothing that the API did is lost, and nobody is bothered.

use std::fs::File;
use std::process::Stdio;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::cli::{CREATE, Cli, Home, Outcome, left, run};
use crate::support::server::{Server, entitlement, http, pending};

const ID: &str = "9d6b3a3e-0000-4000-8000-000000000001";

/// Standard outputs that take nothing: a full disk, and a pipe that nobody reads.
fn broken_outputs() -> [Stdio; 2] {
    let full = File::options().write(true).open("/dev/full").unwrap();
    [full.into(), left().into()]
}

fn answering(status: u16, body: &Value) -> Server {
    Server::answering(http(status, &[], body.to_string()))
}

fn on(output: Stdio, command: &mut Cli) -> Outcome {
    command.stdout(output).run()
}

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_cannot_be_written_is_kept_on_standard_error() {
    let home = Home::new();
    let url = "https://merchant.example/register";
    let unknown =
        entitlement(&json!({"responseCode": "CLIENT_ACTION_REQUIRED", "status": "PENDING"}));
    for (status, body, more, expected) in [
        (200, entitlement(&json!({})), &[][..], "ACTIVE"),
        (202, pending(url), &[], "PENDING"),
        (202, pending(url), &["--require-active"], "PENDING"),
        (202, unknown, &[], "PENDING"),
    ] {
        for format in [&[][..], &["--json"]] {
            for output in broken_outputs() {
                let peer = answering(status, &body);
                let mut command = home.client(&peer);
                let outcome = on(output, command.args(CREATE).args(more).args(format));
                let context = format!("{body} {more:?} {format:?}: {}", outcome.stderr);
                assert_eq!(outcome.code, 41, "{context}");
                assert!(
                    outcome.stderr.contains(&format!("entitlement: {ID}\n")),
                    "{context}"
                );
                assert!(
                    outcome.stderr.contains(&format!("status: {expected}\n")),
                    "{context}"
                );
                let has_url = body["parameters"]["url"].is_string();
                assert_eq!(outcome.stderr.contains(url), has_url, "{context}");
            }
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_after_a_create_says_what_was_created() {
    let (home, peer) = (Home::new(), answering(200, &entitlement(&json!({}))));
    let [full, _] = broken_outputs();
    let outcome = on(full, home.client(&peer).args(CREATE));
    assert_snapshot!(outcome.shown(), @r"
    exit code: 41
    ----- stdout -----
    ----- stderr -----
    error: done, but the result could not be written: No space left on device
      what next: do not create again; this shows it: bango-ent get [UUID]
      request identifier: [UUID]
      entitlement: [UUID]
      status: ACTIVE
    ");
}

#[test]
#[cfg(target_os = "linux")]
fn a_failure_keeps_its_exit_code_when_its_document_cannot_be_written() {
    let home = Home::new();
    let refusal = json!({"responseCode": "BAD_REQUEST", "responseMessage": "why"});
    let unclear = entitlement(&json!({"status": "FAILED"}));
    for (body, code) in [(refusal, 10), (unclear, 30), (json!({}), 30)] {
        for format in [&[][..], &["--json"]] {
            for output in broken_outputs() {
                let peer = answering(200, &body);
                let mut command = home.client(&peer);
                let outcome = on(output, command.args(CREATE).args(format));
                assert_eq!(outcome.code, code, "{body} {format:?}: {}", outcome.stderr);
                assert!(outcome.stderr.contains("error: "), "{body} {format:?}");
            }
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_closed_pipe_is_quiet_and_a_full_disk_is_not() {
    let home = Home::new();
    for arguments in [
        &["explain"][..],
        &["explain", "--json"],
        &["explain", "30"],
        &["--help"],
        &["create", "--help"],
        &["--version"],
        &["completions", "bash"],
        &[
            "create",
            "--user",
            "a",
            "--merchant",
            "b",
            "--product",
            "c",
            "--dry-run",
            "--quiet",
        ],
        &[
            "create",
            "--user",
            "a",
            "--merchant",
            "b",
            "--product",
            "c",
            "--dry-run",
            "--quiet",
            "--json",
        ],
    ] {
        let [full, closed] = broken_outputs();
        let outcome = on(closed, home.client("").args(arguments));
        assert_eq!(
            (outcome.code, outcome.stderr.as_str()),
            (0, ""),
            "{arguments:?}"
        );
        let outcome = on(full, home.client("").args(arguments));
        assert_eq!(outcome.code, 1, "{arguments:?}");
        assert!(
            outcome.stderr.contains("No space left on device"),
            "{arguments:?}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn quiet_leaves_results_and_errors_alone() {
    let home = Home::new();
    let created = answering(202, &pending("https://merchant.example/register"));
    let outcome = run(home.client(&created).args(CREATE).arg("--quiet"));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert!(
        outcome
            .stdout
            .contains("https://merchant.example/register\n")
    );
    let busy = http(
        503,
        &["Retry-After: 0"],
        json!({"responseCode": "SERVICE_UNAVAILABLE"}).to_string(),
    );
    let peer = Server::answering(busy);
    let outcome = run(home.client(&peer).args(CREATE).arg("-q"));
    assert_eq!(outcome.code, 22);
    assert_eq!(peer.requests().len(), 4);
    assert!(
        outcome
            .stderr
            .starts_with("error: Bango answered SERVICE_UNAVAILABLE\n"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_refused_argument_steers_no_terminal_and_forges_no_line() {
    let hostile = "e\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\u{202e}\n::error::forged";
    let home = Home::new();
    for arguments in [
        &["get", hostile][..],
        &["list", "--user", hostile],
        &["list", "--user", "u", "--status", hostile],
        &["echo", "--timeout", hostile],
        &["echo", "--base-url", hostile],
        &["echo", "--color", hostile],
        &["create", "--field", hostile],
        &["listen", "--forward-to", hostile],
        &["listen", "--until", hostile],
        &["completions", hostile],
        &["echo", &format!("--{hostile}")],
        &["echo", &format!("--json={hostile}")],
        &["get", "e", hostile],
        &[hostile],
    ] {
        for json in [false, true] {
            let mut command = home.client("");
            command.args(arguments).env("CLICOLOR_FORCE", "1");
            let outcome = run(command.args(json.then_some("--json")));
            let context = format!("{arguments:?}: {:?}", outcome.stderr);
            assert_eq!(outcome.code, 2, "{context}");
            let lines = outcome.stderr.split('\n').chain(outcome.stdout.split('\n'));
            for line in lines {
                assert!(!line.starts_with("::"), "{context}");
                // Its own colours begin with ESC as well.
                let steers = |c: char| c != '\u{1b}' && (c.is_control() || c == '\u{202e}');
                assert!(!line.contains(steers), "{context}");
                assert!(
                    !line.contains("\u{1b}]") && !line.contains("\u{1b}[2J"),
                    "{context}"
                );
            }
        }
    }
}
