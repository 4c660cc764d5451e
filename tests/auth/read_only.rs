//! Read-only: whatever may change something is refused before the password is fetched; what only reads goes on.

use super::login::config;
use crate::support::cli::{Home, run};
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

const CONFIG: &str = ".config/bango-ent/config.toml";

/// A profile whose password comes from a command that leaves a file when it is run.
fn profile(base_url: &str, more: &str) -> String {
    format!(
        "default_profile = \"p\"\n[profiles.p]\nbase_url = \"{base_url}\"\nusername = \"u\"\n{more}\n\
         password_command = [\"sh\", \"-c\", \"touch asked; echo a-password\"]\n"
    )
}

/// Every command that may change something.
const CHANGES: [&[&str]; 11] = [
    &["create", "--user", "a", "--merchant", "M", "--product", "P"],
    &["update", "e1", "--product", "P2"],
    &["suspend", "e1"],
    &["resume", "e1"],
    &[
        "cancel",
        "e1",
        "--reason",
        "CUSTOMER_CANCELLED/OTHER",
        "--yes",
    ],
    &["revoke", "e1", "--reason", "REVOKED/FRAUD", "--yes"],
    &["batch", "rows.csv"],
    &["api", "POST", "entitlement"],
    &["api", "PATCH", "entitlement/report"],
    &["api", "POST", "entitlement/report/more"],
    &["api", "DELETE", "x"],
];

#[test]
fn a_read_only_run_fetches_no_password_and_sends_no_change() {
    let (home, server) = (Home::new(), Server::active());
    home.write("rows.csv", "user,merchant,product\na,M,P\n");
    for (flag, variable, key) in [
        (Some("--read-only"), "", ""),
        (None, "1", ""),
        (None, "", "read_only = true"),
        (None, "0", "read_only = true"),
    ] {
        home.write(CONFIG, profile(&server.base_url(), key));
        for command in CHANGES {
            let mut cli = home.bango_ent();
            cli.args(command).args(flag).arg("--json");
            cli.env("BANGO_READ_ONLY", variable);
            let outcome = run(&mut cli);
            outcome.assert_code(4);
            let error = &outcome.json()["error"];
            assert_eq!(error["code"], "REFUSED_LOCALLY", "{command:?}");
            assert_eq!(error["outcome"], "not_sent", "{command:?}");
            assert!(!home.path().join("asked").exists(), "{command:?}");
            assert!(!home.path().join("rows.csv.journal").exists());
        }
    }
    assert!(server.requests().is_empty(), "{:?}", server.requests());
    // The same command is sent as soon as nothing forbids it.
    home.write(CONFIG, profile(&server.base_url(), "read_only = false"));
    for word in ["", "0", "no", "False", "off"] {
        let mut cli = home.bango_ent();
        cli.args(CHANGES[0]).env("BANGO_READ_ONLY", word);
        run(&mut cli).assert_code(0);
    }
    assert_eq!(server.requests().len(), 5);
}

#[test]
fn a_read_only_run_reads_checks_and_shows_what_it_would_send() {
    let (home, server) = (Home::new(), Server::active());
    home.write(CONFIG, profile(&server.base_url(), "read_only = true"));
    home.write("rows.csv", "user,merchant,product\na,M,P\n");
    for (command, sent) in [
        (&["get", "e1"][..], 1),
        (&["api", "GET", "x"], 1),
        (
            &[
                "api",
                "POST",
                "entitlement/report",
                "--field",
                "customerIdentifier=a",
            ],
            1,
        ),
        (&["api", "POST", "/entitlement/report"], 1),
        (&["wait", "e1", "--timeout", "1s"], 1),
        (&["batch", "rows.csv", "--check"], 0),
    ] {
        let before = server.requests().len();
        run(home.bango_ent().args(command)).assert_code(0);
        assert_eq!(server.requests().len() - before, sent, "{command:?}");
    }
    let before = server.requests().len();
    for command in CHANGES {
        let outcome = run(home.bango_ent().args(command).arg("--dry-run"));
        outcome.assert_code(0);
        let warned = outcome.stderr.contains("read-only, from profile p");
        assert!(warned, "{command:?}: {}", outcome.stderr);
    }
    assert_eq!(server.requests().len(), before);
}

#[test]
fn the_sandbox_is_changed_whatever_a_profile_says_but_not_against_a_flag() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let home = sandbox.home();
    home.write(
        CONFIG,
        profile("https://resale.example/v1", "read_only = true"),
    );
    let port = sandbox.origin.rsplit(':').next().unwrap();
    let create = ["--sandbox", "create", "--user", "a", "--merchant", "BANGO"];
    let create = |more: &[&str]| {
        let mut cli = home.bango_ent();
        cli.args(create)
            .args(["--product", "BangoMusic"])
            .args(more);
        run(cli.env("BANGO_SANDBOX_PORT", port))
    };
    create(&["--read-only"]).assert_code(4);
    create(&[]).assert_code(0);
}

#[test]
fn a_login_may_save_a_read_only_profile_and_a_second_one_keeps_it() {
    let home = Home::new();
    home.write("password.txt", "p");
    let login = |more: &[&str]| {
        let mut cli = home.bango_ent();
        cli.args(["auth", "login", "--username", "u", "--no-verify", "--json"])
            .args(["--password-file", "password.txt", "--store", "file"])
            .args(more)
            .env("BANGO_READ_ONLY", "1");
        run(&mut cli).json()
    };
    // What the environment says now is not the profile's.
    assert_eq!(login(&[])["readOnly"], false);
    assert!(!config(&home).contains("read_only"), "{}", config(&home));
    assert_eq!(login(&["--read-only"])["readOnly"], true);
    assert!(config(&home).contains("read_only = true"));
    assert_eq!(login(&[])["readOnly"], true);
    assert!(config(&home).contains("read_only = true"));
    let status = run(home.bango_ent().args(["auth", "status", "--json"])).json();
    assert_eq!(status["readOnly"], "profile default");
    let listed = run(home.bango_ent().args(["profile", "list"]));
    assert!(listed.stdout.contains("read-only"), "{}", listed.stdout);
}
