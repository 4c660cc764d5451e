//! `auth`: what login asks, tries and saves; what status tells; what logout forgets.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use insta::assert_snapshot;
use serde_json::json;

use crate::support::cli::{AUTHORIZATION, Home, Outcome, PASSWORD, USERNAME, run};
use crate::support::pty::Screen;
use crate::support::server::{Server, header, http};

pub const CONFIG: &str = ".config/bango-ent/config.toml";

/// A platform that answers every echo with what was sent.
pub fn echoing() -> Server {
    Server::start(|mut connection| {
        let request = connection.request();
        let path = request.split(' ').nth(1).unwrap_or_default();
        let id = path.rsplit('/').next().unwrap();
        let body = json!({"responseCode": "OK", "responseMessage": "Success", "echo": id});
        connection.say(http(200, &[], body.to_string()));
    })
}

fn refusing() -> Server {
    let body = json!({"responseCode": "UNAUTHORIZED", "responseMessage": "Unauthorized"});
    Server::answering(http(401, &[], body.to_string()))
}

pub fn config(home: &Home) -> String {
    std::fs::read_to_string(home.path().join(CONFIG)).unwrap_or_default()
}

/// Logs in without a terminal, with the password in a file that is read once.
fn login(home: &Home, peer: &Server, more: &[&str]) -> Outcome {
    home.write("password.txt", format!("{PASSWORD}\n"));
    run(home
        .bango_ent()
        .args(["auth", "login", "--username", USERNAME, "--store", "file"])
        .args(["--password-file", "password.txt", "--retries", "0"])
        .args(["--base-url", &peer.base_url()])
        .args(more))
}

fn entries(home: &Home) -> Vec<PathBuf> {
    let folder = home.path().join(CONFIG);
    std::fs::read_dir(folder.parent().unwrap())
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default()
}

#[test]
fn a_login_tries_the_credentials_and_saves_them_for_every_command() {
    let (home, peer) = (Home::new(), echoing());
    let outcome = login(
        &home,
        &peer,
        &["--environment", "live", "--merchant", "BANGO"],
    );
    assert_snapshot!(outcome.shown().replace(&home.path().display().to_string(), "~"), @r"
    exit code: 0
    ----- stdout -----
    Saved profile	default (the default)
    User	MyOrganization
    Base URL	http://127.0.0.1:[PORT]/v1
    Environment	live
    Password	in the configuration file
    Credentials	accepted by Bango
    Configuration file	~/.config/bango-ent/config.toml
    ----- stderr -----
    note: checked at http://127.0.0.1:[PORT]/v1
    ");
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let path = home.path().join(CONFIG);
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    let used = run(home.bango_ent().arg("echo"));
    assert_eq!(used.code, 0, "{}", used.stderr);
    let [tried, used] = peer.requests().try_into().unwrap();
    for request in [tried, used] {
        assert!(request.starts_with("GET /v1/echo/"), "{request}");
        assert_eq!(header(&request, "Authorization"), Some(AUTHORIZATION));
    }
}

#[test]
fn a_login_that_fails_saves_nothing_and_tells_refused_from_unreachable() {
    let gone = Server::start(drop).port();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    for (url, code, told) in [
        (refusing().base_url(), 11, "Bango answered UNAUTHORIZED"),
        (
            format!("http://127.0.0.1:{port}/v1"),
            31,
            "no connection to",
        ),
        (
            format!("http://127.0.0.1:{gone}/v1"),
            30,
            "the connection broke",
        ),
    ] {
        let home = Home::new();
        let outcome = run(home
            .bango_ent()
            .args(["auth", "login", "--username", "x", "--store", "file"])
            .args(["--password-command", "printf secret"])
            .args(["--retries", "0", "--base-url", &url])
            .env("BANGO_CONFIG", home.path().join("made/config.toml")));
        // --store does not go with a command.
        assert_eq!(outcome.code, 2, "{}", outcome.stderr);
        let outcome = run(home
            .bango_ent()
            .args(["auth", "login", "--username", "x", "--retries", "0"])
            .args(["--password-command", "printf secret", "--base-url", &url]));
        assert_eq!(outcome.code, code, "{}", outcome.stderr);
        assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
        // A login makes no change that could be repeated.
        assert!(!outcome.stderr.contains("--request-id"));
        assert!(
            outcome.stderr.contains("warning: nothing was saved"),
            "{}",
            outcome.stderr
        );
        assert_eq!(config(&home), "");
        assert!(!home.path().join(".config").exists());
    }
}

#[test]
fn a_second_login_keeps_comments_other_profiles_and_what_it_was_not_told() {
    let (home, peer) = (Home::new(), echoing());
    let before = "# ours\ndefault_profile = 'live' # keep\n\n[profiles.live] # money\nusername = \"Other\"\n\
        password_command = [ 'pass',  'show' ]\n\n[profiles.default]\n# of 2024\nusername = 'old' # who\nproduct = 'BangoMusic'\n\
        [profiles.default.paths]\ncancel = 'entitlement/{entitlementId}/cancel'\n";
    home.write(CONFIG, before);
    let outcome = login(&home, &peer, &["--profile", "default"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_snapshot!(config(&home).replace(&peer.port().to_string(), "[PORT]"), @r#"
    # ours
    default_profile = 'live' # keep

    [profiles.live] # money
    username = "Other"
    password_command = [ 'pass',  'show' ]

    [profiles.default]
    # of 2024
    username = "MyOrganization" # who
    product = 'BangoMusic'
    base_url = "http://127.0.0.1:[PORT]/v1"
    password = "elephant-notepad-dancer"
    [profiles.default.paths]
    cancel = 'entitlement/{entitlementId}/cancel'
    "#);
}

#[test]
fn a_password_command_is_kept_as_words_and_the_password_nowhere() {
    let (home, peer) = (Home::new(), echoing());
    let outcome = run(home
        .bango_ent()
        .args(["auth", "login", "--profile", "a/b", "--username", USERNAME])
        .args(["--password-command", &format!("printf '%s' {PASSWORD}")])
        .args(["--base-url", &peer.base_url()]));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(
        config(&home).contains(&format!(
            "password_command = [\"printf\", \"%s\", \"{PASSWORD}\"]"
        )),
        "{}",
        config(&home)
    );
    assert_eq!(
        header(&peer.requests()[0], "Authorization"),
        Some(AUTHORIZATION)
    );
}

#[test]
fn a_password_comes_from_standard_input_but_never_from_a_flag() {
    let (home, peer) = (Home::new(), echoing());
    let mut command = home.bango_ent();
    command
        .args(["auth", "login", "--username", USERNAME, "--password-stdin"])
        .args(["--store", "file", "--base-url", &peer.base_url()])
        .write_stdin(format!("{PASSWORD}\r\n"));
    command.run().assert_code(0);
    assert!(config(&home).contains(&format!("password = \"{PASSWORD}\"\n")));
    for flag in ["--password", "-p"] {
        let outcome = run(home.bango_ent().args(["auth", "login", flag, PASSWORD]));
        assert_eq!(outcome.code, 2);
    }
}

#[test]
fn without_a_terminal_what_a_login_needs_is_named_at_once() {
    let home = Home::new();
    let outcome = run(home.bango_ent().args(["auth", "login"]));
    assert_eq!(outcome.code, 2);
    assert!(
        outcome
            .stderr
            .contains("missing --username and one of --password-stdin"),
        "{}",
        outcome.stderr
    );
    for (arguments, code) in [
        (
            &["--username", "a:b", "--password-command", "printf x"][..],
            2,
        ),
        (
            &["--username", "a\r\nb", "--password-command", "printf x"],
            2,
        ),
        (&["--username", "x", "--password-command", "'unfinished"], 2),
        (
            &[
                "--username",
                "x",
                "--password-stdin",
                "--password-file",
                "f",
            ],
            2,
        ),
        (&["--username", "x", "--password-file", "missing"], 3),
        (
            &[
                "--username",
                "x",
                "--password-command",
                "printf x",
                "--profile",
                "",
            ],
            2,
        ),
        (
            &[
                "--username",
                "x",
                "--password-command",
                "printf x",
                "--sandbox",
            ],
            2,
        ),
    ] {
        let outcome = run(home
            .bango_ent()
            .args(["auth", "login", "--no-verify"])
            .args(arguments));
        assert_eq!(outcome.code, code, "{arguments:?}: {}", outcome.stderr);
        assert!(!home.path().join(".config").exists(), "{arguments:?}");
    }
}

#[test]
fn a_dry_run_shows_the_request_and_saves_nothing() {
    let (home, peer) = (Home::new(), echoing());
    let outcome = login(&home, &peer, &["--dry-run", "--json"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(outcome.json()["request"]["method"], "GET");
    assert_eq!(login(&home, &peer, &["--dry-run", "--no-verify"]).code, 0);
    assert_eq!((config(&home).as_str(), peer.connections()), ("", 0));
    assert_eq!(entries(&home), [""; 0].map(PathBuf::from));
}

#[test]
fn at_a_terminal_a_login_asks_and_does_not_show_the_password() {
    let (home, peer) = (Home::new(), echoing());
    let mut command = home.bango_ent();
    command.args(["auth", "login", "--store", "file"]);
    let screen = Screen::start(&mut command, 100);
    let answers = [
        ("User name", USERNAME),
        ("Password", PASSWORD),
        ("Base URL", ""),
        ("These credentials are for", "\u{1b}[B"),
        ("Default merchant", "BANGO"),
        ("Default product", ""),
    ];
    for (question, answer) in answers {
        screen.wait_for(question);
        screen.wait_for_keys();
        // What the credentials do not need is asked for only once they are known to be good.
        assert_eq!(
            peer.requests().is_empty(),
            ["User name", "Password", "Base URL"].contains(&question)
        );
        if question == "Base URL" {
            // The documented address stands there to be confirmed.
            screen.type_text(&"\u{7f}".repeat(40));
            screen.type_text(&peer.base_url());
        }
        screen.type_text(answer);
        screen.type_text("\r");
    }
    let ended = screen.end();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert!(!ended.screen.contains(PASSWORD), "{}", ended.screen);
    let saved = config(&home);
    for line in [
        "environment = \"live\"",
        &format!("base_url = \"{}\"", peer.base_url()),
        &format!("username = \"{USERNAME}\""),
        &format!("password = \"{PASSWORD}\""),
        "merchant = \"BANGO\"",
    ] {
        assert!(saved.contains(line), "{saved}");
    }
    assert!(!saved.contains("product"), "{saved}");
}

#[test]
fn a_password_that_is_refused_is_told_before_defaults_are_asked_for() {
    let (home, peer) = (Home::new(), refusing());
    let mut command = home.bango_ent();
    command
        .args(["auth", "login", "--username", USERNAME])
        .args(["--base-url", &peer.base_url()]);
    let screen = Screen::start(&mut command, 100);
    screen.wait_for("Password");
    screen.wait_for_keys();
    screen.type_text("wrong\r");
    let ended = screen.end();
    assert_eq!(ended.code, 11, "{}", ended.screen);
    assert!(
        ended.screen.contains("nothing was saved"),
        "{}",
        ended.screen
    );
    assert_eq!(config(&home), "");
}

#[test]
fn status_tells_each_source_and_what_it_shadows_and_no_secret() {
    let home = Home::new();
    home.write(
        CONFIG,
        format!("default_profile = 'p'\n[profiles.p]\nusername = 'u'\npassword = '{PASSWORD}'\nbase_url = 'http://127.0.0.1:9'\n"),
    );
    let environment = [
        ("BANGO_USERNAME", "v"),
        ("BANGO_PASSWORD", "other-password"),
        ("BANGO_PASSWORD_FILE", "file-or-password"),
        ("BANGO_BASE_URL", "http://127.0.0.1:8"),
    ];
    let outcome = run(home.bango_ent().args(["auth", "status"]).envs(environment));
    assert_snapshot!(outcome.shown().replace(&home.path().display().to_string(), "~"), @r"
    exit code: 0
    ----- stdout -----
    Profile	p (from default_profile)
    User	v (from BANGO_USERNAME, over profile p)
    Password	in the environment (from BANGO_PASSWORD, over BANGO_PASSWORD_FILE and profile p)
    Base URL	http://127.0.0.1:[PORT]/ (from BANGO_BASE_URL, over profile p)
    Configuration file	~/.config/bango-ent/config.toml
    ----- stderr -----
    warning: ~/.config/bango-ent/config.toml holds a password and can be read by others (mode 644); run chmod 600 on it
    ");
    let outcome = run(home
        .bango_ent()
        .args([
            "auth",
            "status",
            "--json",
            "--profile",
            "p",
            "--base-url",
            "http://127.0.0.1:7",
        ])
        .envs(environment));
    let status = outcome.json();
    assert_eq!(
        status["username"],
        json!({"value": "u", "source": "profile p", "shadows": ["BANGO_USERNAME"]})
    );
    assert_eq!(
        status["baseUrl"]["shadows"],
        json!(["profile p", "BANGO_BASE_URL"])
    );
    assert_eq!(status["password"]["source"], "profile p");
    for secret in [PASSWORD, "other-password", "file-or-password"] {
        assert!(!outcome.stdout.contains(secret), "{}", outcome.stdout);
    }
}

#[test]
fn status_contacts_nobody_unless_it_is_to_check() {
    let (home, peer) = (Home::new(), echoing());
    let nothing = run(home.bango_ent().args(["auth", "status"]));
    assert_eq!(nothing.code, 0);
    assert!(
        nothing.stderr.contains("no credentials are set"),
        "{}",
        nothing.stderr
    );
    assert_eq!(
        run(home.bango_ent().args(["auth", "status", "--check"])).code,
        3
    );
    assert_eq!(login(&home, &peer, &["--no-verify"]).code, 0);
    assert_eq!(run(home.bango_ent().args(["auth", "status"])).code, 0);
    assert_eq!(peer.connections(), 0);
    for format in [&[][..], &["--json"]] {
        let checked = run(home
            .bango_ent()
            .args(["auth", "status", "--check"])
            .args(format));
        assert_eq!(checked.code, 0, "{}", checked.stderr);
    }
    assert_eq!(peer.connections(), 2);
    let refusing = refusing();
    home.profiles_are_for(&refusing.base_url());
    let refused = run(home
        .bango_ent()
        .args(["auth", "status", "--check", "--json"]));
    assert_eq!(
        (refused.code, refused.json()["error"]["code"].as_str()),
        (11, Some("UNAUTHORIZED"))
    );
}

#[test]
fn logout_forgets_the_password_and_keeps_the_rest() {
    let (home, peer) = (Home::new(), echoing());
    assert_eq!(login(&home, &peer, &["--merchant", "BANGO"]).code, 0);
    assert!(config(&home).contains(PASSWORD));
    let outcome = run(home.bango_ent().args(["auth", "logout", "--dry-run"]));
    assert_eq!(outcome.code, 0);
    assert!(config(&home).contains(PASSWORD));
    let outcome = run(home
        .bango_ent()
        .args(["auth", "logout"])
        .env("BANGO_PASSWORD", "")
        .env("BANGO_PASSWORD_FILE", "x"));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let told = "warning: BANGO_PASSWORD_FILE is still set in the environment\n";
    assert_eq!(outcome.stderr, told);
    let left = config(&home);
    assert!(!left.contains(PASSWORD), "{left}");
    assert!(left.contains(USERNAME) && left.contains("BANGO"), "{left}");
    assert_eq!(run(home.bango_ent().arg("echo")).code, 3);
    let nobody = run(Home::new().bango_ent().args(["auth", "logout"]));
    assert_eq!(nobody.code, 3, "{}", nobody.stderr);
}
