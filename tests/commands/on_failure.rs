//! `--on-failure`: who is told of a failure gets its document, and nothing else is different.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;

use crate::support::cli::{CREATE, Home, run};
use crate::support::sandbox::Sandbox;
use crate::support::schema::assert_valid;
use crate::support::server::Server;

const KEEP: &str = "sh -c 'cat > told; env > environment; echo noise'";

fn told(home: &Home) -> Value {
    let text = std::fs::read_to_string(home.path().join("told")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_program_reads_the_document_that_json_prints_and_no_secret() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let home = sandbox.home();
    for is_json in [true, false] {
        let words = [
            "create",
            "--user",
            "u",
            "--merchant",
            "SANDBOX",
            "--product",
            "NEVER_AVAILABLE",
        ];
        let mut create = sandbox.client();
        create.args(words).args(["--on-failure", KEEP]);
        create.env("BANGO_LISTEN_SECRET", "t-elephant");
        if is_json {
            create.arg("--json");
        }
        let outcome = create.run();
        outcome.assert_code(12);
        let told = told(home);
        assert_valid("error", &told);
        assert_eq!(told["error"]["code"], "NOT_AVAILABLE");
        assert_eq!(told["error"]["exitCode"], 12);
        // What the program prints is on standard error: the result stays one document.
        if is_json {
            let (mut printed, mut told) = (outcome.json(), told);
            for document in [&mut printed, &mut told] {
                document["error"]["message"].take();
            }
            assert_eq!(printed, told);
        }
        assert!(outcome.stderr.contains("noise\n") && !outcome.stdout.contains("noise"));
        let inherited = std::fs::read_to_string(home.path().join("environment")).unwrap();
        for secret in ["BANGO_PASSWORD", "BANGO_LISTEN_SECRET", "elephant"] {
            assert!(!inherited.contains(secret), "{inherited}");
        }
        std::fs::remove_file(home.path().join("told")).unwrap();
    }
}

#[test]
fn nobody_is_told_of_a_success_or_of_a_dry_run() {
    let (home, peer) = (Home::new(), Server::active());
    let create = |more: &[&str]| {
        let mut create = home.client(&peer);
        create.args(CREATE).args(more);
        create.env("BANGO_ON_FAILURE", KEEP).run().code
    };
    assert_eq!(create(&[]), 0);
    assert_eq!(create(&["--dry-run"]), 0);
    assert_eq!(create(&["--dry-run", "--ca-cert", "nothing.pem"]), 3);
    assert!(!home.path().join("told").exists());
    // The variable is known for the next failure, and its own run is not told to a program that uses this tool.
    assert_eq!(create(&["--ca-cert", "nothing.pem"]), 3);
    assert_eq!(told(&home)["error"]["code"], "CONFIGURATION");
    let inherited = std::fs::read_to_string(home.path().join("environment")).unwrap();
    assert!(inherited.contains("BANGO_ON_FAILURE=\n"), "{inherited}");
}

#[test]
fn a_profile_names_the_program_unless_something_else_does_and_never_twice() {
    let home = Home::new();
    let again = format!(
        "cat >> told; exec '{}' explain NOTHING",
        env!("CARGO_BIN_EXE_bango-ent")
    );
    let profile =
        |script: &str| format!("[profiles.p]\non_failure = [\"sh\", \"-c\", \"{script}\"]\n");
    let path = home.write(".config/bango-ent/config.toml", profile(&again));
    let explain = |more: &[&str]| {
        let mut explain = home.bango_ent();
        explain
            .args(["explain", "NOTHING"])
            .env("BANGO_PROFILE", "p");
        explain.args(more).run().assert_code(2).stderr.clone()
    };
    // It runs this tool, whose failure is told to nobody.
    let stderr = explain(&[]);
    assert_eq!(told(&home)["error"]["code"], "USAGE");
    assert!(
        stderr.contains("the program sh of on_failure in the profile ended with"),
        "{stderr}"
    );
    std::fs::remove_file(home.path().join("told")).unwrap();
    for more in [
        &["--on-failure", ""][..],
        &["--on-failure", "true"],
        &["--dry-run"],
    ] {
        let mut explain = home.bango_ent();
        explain.args(["get", "e"]).env("BANGO_PROFILE", "p");
        explain.args(more).run();
        assert!(!home.path().join("told").exists(), "{more:?}");
    }
    // What others may change names no program.
    std::fs::set_permissions(path, Permissions::from_mode(0o666)).unwrap();
    explain(&[]);
    assert!(!home.path().join("told").exists());
}

#[test]
fn a_program_that_fails_is_told_of_and_the_exit_code_stays() {
    let home = Home::new();
    for (program, said) in [
        (
            "sh -c 'exit 3'",
            "the program sh of --on-failure ended with exit status: 3",
        ),
        (
            "./nowhere",
            "the program ./nowhere of --on-failure could not be run: ",
        ),
    ] {
        for quiet in ["--json", "--quiet"] {
            let mut explain = home.bango_ent();
            let outcome = run(explain.args(["explain", "NOTHING", quiet, "--on-failure", program]));
            assert!(
                outcome.assert_code(2).stderr.contains(said),
                "{}",
                outcome.stderr
            );
        }
    }
    let mut explain = home.bango_ent();
    let outcome = run(explain.args(["explain", "--on-failure", "sh -c 'open"]));
    assert!(
        outcome
            .assert_code(2)
            .stderr
            .contains("a quote is not closed")
    );
    let mut explain = home.bango_ent();
    let outcome = run(explain
        .args(["explain", "NOTHING"])
        .env("BANGO_ON_FAILURE", ""));
    assert!(!outcome.assert_code(2).stderr.contains("on-failure"));
}

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_could_not_be_written_is_told_with_the_entitlement() {
    let (home, peer) = (Home::new(), Server::active());
    let mut create = home.client(&peer);
    create.args(CREATE).args(["--on-failure", KEEP]);
    let full = std::fs::File::options().write(true).open("/dev/full");
    let outcome = create.stdout(full.unwrap()).run();
    outcome.assert_code(41);
    let told = told(&home);
    assert_valid("error", &told);
    assert_eq!(told["error"]["code"], "RESULT_NOT_WRITTEN");
    assert!(
        told["error"]["response"]["entitlementId"].is_string(),
        "{told}"
    );
}

#[test]
#[ignore = "needs jq"]
fn the_recipes_of_the_page_send_what_they_promise() {
    let home = Home::new();
    let (folder, path) = (home.path().display(), std::env::var("PATH").unwrap());
    let stub = "#!/bin/sh\nprintf '%s\\n' \"$@\" > sent\ncat >> sent\n";
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scripting.md");
    let page = std::fs::read_to_string(page).unwrap();
    let page = page.replace("/etc/bango-ent", &folder.to_string());
    let blocks = page.split("```bash\n").skip(1);
    let recipes: Vec<_> = blocks
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    home.write("slack-webhook", "https://hooks.example/elephant\n");
    home.write("pagerduty-key", "KEY\n");
    let mut files = vec![home.write("mail", stub), home.write("curl", stub)];
    let wanted: [&[&str]; 3] = [
        &["operations@shop.example", "CONFIGURATION"],
        &[
            "url = \"https://hooks.example/elephant\"",
            "bango-ent: CONFIGURATION, exit code 3",
        ],
        &["\"routing_key\":\"KEY\"", "\"exitCode\":3"],
    ];
    assert_eq!(recipes.len(), wanted.len());
    for (recipe, wanted) in recipes.iter().zip(wanted) {
        files.push(home.write("tell", recipe));
        for file in &files {
            std::fs::set_permissions(file, Permissions::from_mode(0o700)).unwrap();
        }
        let mut get = home.bango_ent();
        get.args(["get", "e-1", "--on-failure", "./tell"]);
        let outcome = get.env("PATH", format!("{folder}:{path}")).run();
        assert!(
            !outcome.assert_code(3).stderr.contains("on-failure"),
            "{}",
            outcome.stderr
        );
        let sent = std::fs::read_to_string(home.path().join("sent")).unwrap();
        for part in wanted {
            assert!(sent.contains(part), "{sent}");
        }
    }
}
