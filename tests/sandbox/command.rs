//! The command around the sandbox: its first line, its log, its errors.

use std::net::TcpListener;

use serde_json::Value;

use crate::support::cli::{Home, eventually};
use crate::support::sandbox::{Sandbox, command};

#[test]
fn the_first_line_is_the_address() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let line: Value = serde_json::from_str(&sandbox.stdout).unwrap();
    assert_eq!(line["baseUrl"], format!("{}/v1", sandbox.origin));
    assert_eq!(line["username"], "sandbox");
    assert!(sandbox.origin.starts_with("http://127.0.0.1:"));
}

#[test]
fn each_request_is_a_line_of_the_log() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    sandbox.create("al\u{1b}[31mice", "BANGO", "BangoMusic");
    sandbox.create("fault:drop-before:0", "BANGO", "BangoMusic");
    let log = eventually("two lines", || {
        let log = sandbox.log();
        log.contains("drop-before").then_some(log)
    });
    let line = log.lines().find(|line| line.contains("31mice")).unwrap();
    let words: Vec<&str> = line.split("  ").collect();
    let expected = [
        "POST",
        "/v1/entitlement",
        "al\\u{1b}[31mice",
        "CLIENT_ACTION_REQUIRED",
        "PENDING",
    ];
    assert_eq!(words[1..6], expected, "{line}");
    assert!(words[0].len() == 12 && words[6].ends_with(" ms"), "{line}");
}

#[test]
fn a_taken_port_is_explained() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let port = sandbox.address().rsplit(':').next().unwrap();
    let told = refused(1, &["--port", port]);
    assert!(told.contains("a sandbox already answers on"), "{told}");
    // Something that accepts and says nothing.
    let stranger = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = stranger.local_addr().unwrap().port().to_string();
    let told = refused(1, &["--port", &port]);
    assert!(
        told.contains("something else listens on") && told.contains("--port"),
        "{told}"
    );
}

fn refused(code: i32, arguments: &[&str]) -> String {
    let home = Home::new();
    let output = command(&home)
        .args(["sandbox", "--ephemeral"])
        .args(arguments)
        .run();
    assert_eq!(output.code, code, "{output:?}");
    output.stderr
}

#[test]
fn a_catalog_that_cannot_be_used_is_named_as_configuration() {
    let home = Home::new();
    let file = home.path().join("mine.toml");
    let arguments = ["--catalog", file.to_str().unwrap()];
    let told = refused(3, &arguments);
    assert!(told.contains("mine.toml cannot be used"), "{told}");
    std::fs::write(&file, "[[product]]\nmerchant = 1\n").unwrap();
    let told = refused(3, &arguments);
    assert!(told.contains("mine.toml cannot be used"), "{told}");
}

#[test]
fn a_port_in_the_environment_that_is_none_is_named_as_configuration() {
    let home = Home::new();
    for arguments in [&["sandbox", "--ephemeral"][..], &["--sandbox", "echo"]] {
        let mut cli = command(&home);
        cli.env("BANGO_SANDBOX_PORT", "http").args(arguments);
        let output = cli.run();
        assert_eq!(output.code, 3, "{output:?}");
        let told = output.stderr;
        assert!(
            told.contains("BANGO_SANDBOX_PORT=http is no port"),
            "{told}"
        );
    }
    // A flag stands before it.
    let environment = [("BANGO_SANDBOX_PORT", "http")];
    Sandbox::start_with(&["--ephemeral"], &environment, home);
}

#[test]
fn a_dry_run_that_would_serve_is_refused() {
    let told = refused(2, &["--port", "0", "--dry-run"]);
    assert!(told.contains("--dry-run has no meaning"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_catalog_is_read_within_bounds_and_without_waiting() {
    let home = Home::new();
    let pipe = home.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let large = home.path().join("large.toml");
    std::fs::write(&large, "#".repeat((1 << 20) + 1)).unwrap();
    for (file, why) in [
        (pipe.to_str().unwrap(), "not a regular file"),
        ("/dev/zero", "not a regular file"),
        (large.to_str().unwrap(), "larger than 1 MiB"),
    ] {
        let told = refused(3, &["--catalog", file]);
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn a_link_lifetime_is_a_time_like_all_others() {
    for (given, seconds) in [("2m", 120), ("90", 90), ("1h 30m", 5400)] {
        let sandbox = Sandbox::start(&["--ephemeral", "--link-lifetime", given]);
        let created = sandbox.create("alice", "BANGO", "BangoMusic").json();
        let time = |value: &Value| value.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        let expires = time(&created["parameters"]["urlExpiry"]);
        let lasts = expires.duration_since(time(&created["dateCreated"]));
        assert_eq!(lasts.as_secs(), seconds, "{given}");
    }
}

#[test]
fn a_settings_report_names_the_password_as_the_sandboxs() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let (_, port) = sandbox.address().rsplit_once(':').unwrap();
    let mut cli = command(sandbox.home());
    cli.args(["--sandbox", "auth", "status", "--json"])
        .env("BANGO_SANDBOX_PORT", port);
    let status = cli.run().assert_code(0).json();
    assert_eq!(status["password"]["place"], "the sandbox's own");
}

#[test]
fn a_sandbox_that_the_network_reaches_needs_a_password_of_its_own() {
    let told = refused(3, &["--host", "0.0.0.0"]);
    assert!(told.contains("BANGO_SANDBOX_PASSWORD"), "{told}");
    let own = [("BANGO_SANDBOX_PASSWORD", "elephant-notepad-dancer")];
    let arguments = ["--ephemeral", "--host", "0.0.0.0"];
    let sandbox = Sandbox::start_with(&arguments, &own, Home::new());
    assert_eq!(sandbox.api("GET", "/echo/1", &Value::Null).status, 401);
    eventually("the warning", || {
        sandbox
            .log()
            .contains("let it post to any address")
            .then_some(())
    });
    assert_eq!(sandbox.page("/").status, 200);
}

#[test]
fn a_missing_notification_secret_is_a_configuration_error() {
    let home = Home::new();
    let arguments = [
        "sandbox",
        "--ephemeral",
        "--port",
        "0",
        "--notification-auth",
        "bearer",
    ];
    let output = command(&home).args(arguments).run();
    assert_eq!(output.code, 3, "{output:?}");
}

#[test]
fn without_a_home_a_rehearsal_runs_and_a_kept_state_must_be_named() {
    let home = Home::new();
    let without = |arguments: &[&str]| {
        // This user has no home directory either.
        let user = ["--reuid", "54321", "--clear-groups"];
        let mut command = home.bango_ent().under(&[&["setpriv"], &user[..]].concat());
        command.env_remove("HOME").env("BANGO_SANDBOX_PORT", "0");
        command.args(arguments).run()
    };
    let created = without(&["--sandbox", "get", "missing"]);
    created.assert_code(14);
    assert!(
        created.stderr.contains("keeps nothing"),
        "{}",
        created.stderr
    );
    let kept = without(&["sandbox"]);
    kept.assert_code(3);
    assert!(kept.stderr.contains("--ephemeral"), "{}", kept.stderr);
}

#[cfg(unix)]
#[test]
fn the_start_says_how_to_use_it_and_the_end_that_it_is_over() {
    for (arguments, end) in [
        (&["--ephemeral"][..], "it has kept nothing"),
        (&[], "its state is in"),
    ] {
        let mut sandbox = Sandbox::start(arguments);
        let (_, port) = sandbox.address().rsplit_once(':').unwrap();
        let log = eventually("a command line", || {
            let log = sandbox.log();
            log.contains("--product BangoMusic\n").then_some(log)
        });
        let said = "its user name is sandbox, its password sandbox; in another terminal: ";
        let line = log.split_once(said).unwrap().1.lines().next().unwrap();
        assert!(line.contains(port), "{line}");
        // The line works as it stands.
        let program = env!("CARGO_BIN_EXE_bango-ent");
        let line = line.replace("bango-ent", program);
        let home = Home::new();
        let tried = home.program("sh").args(["-c", &line]).run();
        tried.assert_code(0);
        assert!(tried.stdout.contains("PENDING"), "{}", tried.stdout);
        let ended = sandbox.signal(rustix::process::Signal::INT);
        assert!(ended.stderr.ends_with('\n'), "{}", ended.stderr);
        assert!(ended.stderr.contains(end), "{}", ended.stderr);
    }
    // A password of one's own is not told.
    let own = [("BANGO_SANDBOX_PASSWORD", "elephant-notepad-dancer")];
    let mut sandbox = Sandbox::start_with(&["--ephemeral"], &own, Home::new());
    let ended = sandbox.signal(rustix::process::Signal::INT);
    assert!(!ended.stderr.contains("password"), "{}", ended.stderr);
}
