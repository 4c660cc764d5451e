//! The system's keyring: used if it answers, given up after three seconds, never silently replaced by a less safe place.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use crate::auth::login::{CONFIG, config, echoing};
use crate::support::cli::{AUTHORIZATION, Cli, Home, Outcome, PASSWORD, USERNAME, run};
use crate::support::pty::Screen;
use crate::support::server::header;

/// Puts a program named `secret-tool` before all others.
fn with_tool(home: &Home, script: &str, command: &mut Cli) {
    let path = home.write("bin/secret-tool", format!("#!/bin/sh\n{script}\n"));
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    let before = std::env::var("PATH").unwrap_or_default();
    command.env(
        "PATH",
        format!("{}:{before}", path.parent().unwrap().display()),
    );
}

/// A `secret-tool` that keeps one entry in a file, and its arguments in another.
const KEEPS: &str = "echo \"$@\" >> asked.txt\ncase $1 in\nstore) cat > kept.txt;;\nlookup) cat kept.txt;;\nclear) rm kept.txt;;\nesac";

fn login(home: &Home, script: &str, more: &[&str]) -> Outcome {
    home.write("password.txt", PASSWORD);
    let mut command = home.bango_ent();
    with_tool(home, script, &mut command);
    run(command
        .args(["auth", "login", "--username", USERNAME, "--no-verify"])
        .args(["--password-file", "password.txt"])
        .args(more))
}

#[test]
fn the_password_goes_into_the_keyring_and_only_its_place_into_the_file() {
    let (home, peer) = (Home::new(), echoing());
    let outcome = login(&home, KEEPS, &["--base-url", &peer.base_url()]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let saved = config(&home);
    assert!(
        saved.contains("password_store = \"keyring\"") && !saved.contains(PASSWORD),
        "{saved}"
    );
    let mut command = home.bango_ent();
    with_tool(&home, KEEPS, &mut command);
    assert_eq!(run(command.arg("echo")).code, 0);
    assert_eq!(
        header(&peer.requests()[0], "Authorization"),
        Some(AUTHORIZATION)
    );
    let mut command = home.bango_ent();
    with_tool(&home, KEEPS, &mut command);
    assert_eq!(run(command.args(["auth", "logout"])).code, 0);
    assert!(!home.path().join("kept.txt").exists());
    let asked = std::fs::read_to_string(home.path().join("asked.txt")).unwrap();
    assert!(
        asked.contains("service bango-ent account default/MyOrganization"),
        "{asked}"
    );
    assert!(!asked.contains(PASSWORD), "{asked}");
}

#[test]
fn a_logout_that_the_keyring_refuses_is_still_to_be_done() {
    let home = Home::new();
    assert_eq!(login(&home, KEEPS, &[]).code, 0);
    let logout = |script: &str| {
        let mut command = home.bango_ent();
        with_tool(&home, script, &mut command);
        run(command.args(["auth", "logout"]))
    };
    logout("echo 'the keyring is locked' >&2; exit 1").assert_code(3);
    assert!(home.path().join("kept.txt").exists());
    let again = logout(KEEPS);
    again.assert_code(0);
    let told = "in the keyring, entry default/MyOrganization";
    assert!(again.stdout.contains(told), "{}", again.stdout);
    assert!(!home.path().join("kept.txt").exists());
}

#[test]
fn a_profile_that_leaves_its_password_behind_says_where() {
    let home = Home::new();
    assert_eq!(login(&home, KEEPS, &[]).code, 0);
    let mut command = home.bango_ent();
    let script = "echo 'the keyring is locked' >&2; exit 1";
    with_tool(&home, script, &mut command);
    let outcome = run(command.args(["profile", "remove", "default"]));
    outcome.assert_code(0);
    let told = "still in the keyring, entry default/MyOrganization: ";
    assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
}

#[test]
fn a_new_place_leaves_nothing_in_the_old_one() {
    let home = Home::new();
    assert_eq!(login(&home, KEEPS, &[]).code, 0);
    assert!(home.path().join("kept.txt").exists());
    assert_eq!(login(&home, KEEPS, &["--store", "file"]).code, 0);
    assert!(!home.path().join("kept.txt").exists());
    assert!(config(&home).contains(PASSWORD));
    assert_eq!(login(&home, KEEPS, &["--store", "keyring"]).code, 0);
    assert!(!config(&home).contains(PASSWORD), "{}", config(&home));
}

#[test]
fn a_keyring_that_fails_or_is_not_there_saves_nothing_anywhere() {
    let home = Home::new();
    for more in [&[][..], &["--store", "keyring"]] {
        let outcome = login(&home, "echo 'Cannot autolaunch D-Bus' >&2; exit 1", more);
        assert_eq!(outcome.code, 3, "{}", outcome.stderr);
        for told in [
            "nothing was saved",
            "Cannot autolaunch D-Bus",
            "--store file",
        ] {
            assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
        }
    }
    home.write("password.txt", PASSWORD);
    let outcome = run(home
        .bango_ent()
        .args(["auth", "login", "--username", USERNAME, "--no-verify"])
        .args(["--password-file", "password.txt"])
        .env("PATH", home.path()));
    assert_eq!(outcome.code, 3, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("libsecret-tools"),
        "{}",
        outcome.stderr
    );
    assert!(!home.path().join(".config").exists());
}

#[test]
fn a_keyring_that_does_not_answer_is_given_up_after_three_seconds() {
    let home = Home::new();
    home.write(
        CONFIG,
        format!("[profiles.p]\nusername = '{USERNAME}'\npassword_store = 'keyring'\n"),
    );
    let mut command = home.bango_ent();
    with_tool(&home, "exec sleep 60", &mut command);
    let outcome = command.args(["echo", "--profile", "p"]).run();
    let time = outcome.took;
    assert_eq!(outcome.code, 3, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("did not answer within 3 seconds"),
        "{}",
        outcome.stderr
    );
    assert!(
        time >= Duration::from_secs(3) && time < Duration::from_secs(8),
        "{time:?}"
    );
}

#[test]
fn an_entry_that_is_gone_is_told_with_the_way_to_a_new_one() {
    let home = Home::new();
    home.write(
        CONFIG,
        "[profiles.p]\nusername = 'u'\npassword_store = 'keyring'\n",
    );
    let mut command = home.bango_ent();
    with_tool(&home, "exit 1", &mut command);
    let outcome = run(command.args(["echo", "--profile", "p"]));
    assert_eq!(outcome.code, 3);
    assert!(
        outcome.stderr.contains("the keyring has no entry p/u"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.contains("bango-ent auth login"),
        "{}",
        outcome.stderr
    );
}

#[test]
#[ignore = "needs dbus-run-session, gnome-keyring-daemon and secret-tool"]
fn a_real_keyring_keeps_and_forgets_the_password() {
    let (home, peer) = (Home::new(), echoing());
    home.write("password.txt", PASSWORD);
    let script = format!(
        "printf x | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n\
        set -e\n{binary} auth login --username {USERNAME} --password-file password.txt --base-url {url}\n\
        {binary} auth status --check\n{binary} auth logout\n! {binary} echo",
        binary = env!("CARGO_BIN_EXE_bango-ent"),
        url = peer.base_url()
    );
    let script = home.write("session.sh", script);
    let outcome = run(home
        .program("dbus-run-session")
        .args(["--", "sh"])
        .arg(script)
        .env("XDG_RUNTIME_DIR", home.path()));
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
    assert!(
        outcome
            .stdout
            .contains("in the keyring, entry default/MyOrganization"),
        "{}",
        outcome.stdout
    );
    let requests = peer.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(header(&requests[1], "Authorization"), Some(AUTHORIZATION));
}

#[test]
fn a_warning_of_a_library_is_no_failure_of_the_keyring() {
    let home = Home::new();
    home.write(
        CONFIG,
        "default_profile = 'p'\n[profiles.p]\nusername = 'u'\npassword_store = 'keyring'\n",
    );
    let mut command = home.bango_ent();
    let script = "echo '(secret-tool:1): Gtk-WARNING **: x' >&2; exit 1";
    with_tool(&home, script, &mut command);
    let outcome = run(command.arg("echo"));
    outcome.assert_code(3);
    assert!(
        outcome.stderr.contains("has no entry p/u"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn where_somebody_may_be_asked_the_keyring_is_waited_for() {
    let (home, peer) = (Home::new(), echoing());
    home.write(
        CONFIG,
        format!(
            "default_profile = 'p'\n[profiles.p]\nusername = '{USERNAME}'\nbase_url = '{}'\npassword_store = 'keyring'\n",
            peer.base_url()
        ),
    );
    // Longer than it is waited for where nobody is.
    let script = format!("sleep 4; printf {PASSWORD}");
    let mut at_a_terminal = home.bango_ent();
    with_tool(&home, &script, &mut at_a_terminal);
    let ended = Screen::start(at_a_terminal.arg("echo"), 80).end();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    let told = "waiting for the keyring";
    assert!(ended.screen.contains(told), "{}", ended.screen);
    let mut at_a_display = home.bango_ent();
    with_tool(&home, &script, &mut at_a_display);
    run(at_a_display.arg("echo").env("DISPLAY", ":0")).assert_code(0);
    assert_eq!(peer.requests().len(), 2);
}
