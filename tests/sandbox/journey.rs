//! The whole story through the real program: create, register, be notified, suspend, resume, cancel.

use serde_json::Value;

use crate::support::cli::Home;
use crate::support::sandbox::{Inbox, Sandbox, command};

/// Runs a command of the tool against the sandbox; it must succeed.
fn tool(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let outcome = sandbox.client().args(arguments).arg("--json").run();
    outcome.assert_code(0).json()
}

#[test]
fn an_entitlement_lives_from_create_to_cancel() {
    let sandbox = Sandbox::start(&[]);
    let inbox = Inbox::open(&[]);
    let product = [
        "--merchant",
        "BANGO",
        "--product",
        "BangoMusic",
        "--notification-url",
        &inbox.url,
    ];
    let created = tool(
        &sandbox,
        &[&["create", "--user", "alice"], &product[..]].concat(),
    );
    assert_eq!(created["status"], "PENDING");
    let id = created["entitlementId"].as_str().unwrap();

    assert_eq!(
        sandbox
            .register(created["parameters"]["url"].as_str().unwrap())
            .status,
        303
    );
    assert_eq!(inbox.next().reason(), "ACTIVATION_SUCCESS");
    assert_eq!(tool(&sandbox, &["wait", id])["status"], "ACTIVE");

    assert_eq!(tool(&sandbox, &["suspend", id])["status"], "SUSPENDED");
    assert_eq!(inbox.next().reason(), "SUSPENSION_SUCCESS");
    assert_eq!(tool(&sandbox, &["resume", id])["status"], "ACTIVE");
    assert_eq!(inbox.next().reason(), "RESUMPTION_SUCCESS");

    let sandbox = sandbox.restart(&[]);
    assert_eq!(tool(&sandbox, &["get", id])["status"], "ACTIVE");
    let listed = tool(&sandbox, &["list", "--user", "alice"]);
    assert_eq!(listed["entitlements"][0]["entitlementId"], id);

    let reason = ["--reason", "CUSTOMER_CANCELLED/NOT_RENEWED", "--yes"];
    assert_eq!(
        tool(&sandbox, &[&["cancel", id], &reason[..]].concat())["status"],
        "CANCELLED"
    );
    // The restart was a kill: what was delivered a moment before may be delivered again.
    let mut reasons = std::iter::repeat_with(|| inbox.next().reason().to_owned());
    assert_eq!(
        reasons
            .find(|reason| reason != "RESUMPTION_SUCCESS")
            .unwrap(),
        "TERMINATION_SUCCESS"
    );
    assert_eq!(tool(&sandbox, &["echo"])["responseCode"], "OK");
}

#[test]
fn a_page_that_ends_with_its_command_is_shown_but_neither_opened_nor_drawn() {
    let home = Home::new();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port().to_string();
    drop(free);
    let run = |arguments: &[&str]| {
        let mut cli = command(&home);
        cli.arg("--sandbox")
            .args(arguments)
            .args(["--browser", "--qr"])
            .env("BANGO_SANDBOX_PORT", &port)
            .env("BROWSER", "touch");
        let outcome = cli.run();
        outcome.assert_code(0);
        let told = &outcome.stderr;
        assert!(
            told.contains("the sandbox ends with this command"),
            "{told}"
        );
        assert!(
            !told.contains("open it") && !told.contains('\u{2588}'),
            "{told}"
        );
        outcome
    };
    let product = ["--merchant", "BANGO", "--product", "BangoMusic", "--json"];
    let created = run(&[&["create", "--user", "alice"], &product[..]].concat()).json();
    let id = created["entitlementId"].as_str().unwrap();
    let url = run(&["activation-url", id]).stdout;
    home.write("users.csv", "user,merchant,product\nbob,BANGO,BangoMusic\n");
    let batch = [
        "--sandbox",
        "batch",
        "users.csv",
        "--results",
        "results.csv",
    ];
    let mut cli = command(&home);
    let batch = cli.args(batch).env("BANGO_SANDBOX_PORT", &port).run();
    let told = &batch.assert_code(0).stderr;
    assert!(
        told.contains("the sandbox ends with this command"),
        "{told}"
    );
    // It works as soon as a sandbox runs.
    let sandbox = Sandbox::start_with(&[], &[], home);
    let path = url.trim().rsplit_once("/register/").unwrap().1;
    assert_eq!(sandbox.page(&format!("/register/{path}")).status, 200);
}
