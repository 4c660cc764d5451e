//! The browser: whether it is started, with what, and what the person is told about it.

use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::support::cli::{CREATE, Home, Outcome, wait_until};
use crate::support::pty::Screen;
use crate::support::server::{Server, http, pending};

/// A shell would split this, run a command of it, and take it for an option.
const URL: &str = "https://merchant.example/it's/?a=1&b=$(touch%20x);c&e=*|f#--g";
const ASKED: &str = "asked the system to open it";

/// A home with a browser that writes each of its arguments on a line.
struct Desk {
    home: Home,
    peer: Server,
}

impl Desk {
    fn new() -> Self {
        let home = Home::new();
        let script = "#!/bin/sh\nfor argument in \"$@\"; do echo \"$argument\"; done > argv.new\nmv argv.new argv\n";
        let path = home.write("my browser", script);
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
        let peer = Server::answering(http(202, &[], pending(URL).to_string()));
        Self { home, peer }
    }

    fn browser(&self) -> String {
        format!("'{}'", self.home.path().join("my browser").display())
    }

    fn create(&self, settings: &[(&str, &str)], more: &[&str]) -> Outcome {
        let mut command = self.home.client(&self.peer);
        command
            .env("BROWSER", self.browser())
            .envs(settings.iter().copied())
            .args(CREATE)
            .args(more);
        Screen::start(&mut command, 80).end()
    }

    /// The arguments that the browser was started with.
    fn opened(&self) -> Vec<String> {
        let path = self.home.path().join("argv");
        wait_until("the browser", || path.exists());
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    fn was_opened(&self) -> bool {
        self.home.path().join("argv").exists() || self.home.path().join("argv.new").exists()
    }
}

#[test]
fn the_browser_is_started_with_the_url_as_one_argument_and_no_shell() {
    let desk = Desk::new();
    let ended = desk.create(&[], &[]);
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert_eq!(desk.opened(), [URL]);
    assert!(ended.screen.contains(ASKED), "{}", ended.screen);
    let url_at = ended.screen.find(&format!("\n{URL}\n")).unwrap();
    assert!(
        url_at < ended.screen.find(ASKED).unwrap(),
        "shown first: {}",
        ended.screen
    );
    assert!(!desk.home.path().join("x").exists());
}

#[test]
fn the_browser_inherits_no_password_or_secret() {
    let desk = Desk::new();
    let script = "#!/bin/sh\nenv > argv.new\nmv argv.new argv\n";
    desk.home.write("my browser", script);
    let secrets = [
        ("BANGO_LISTEN_SECRET", "elephant-1"),
        ("BANGO_SANDBOX_PASSWORD", "elephant-2"),
        ("HTTPS_PROXY", "http://u:elephant-3@127.0.0.1:9"),
    ];
    assert_eq!(desk.create(&secrets, &[]).code, 0);
    let inherited = desk.opened();
    assert!(inherited.iter().any(|line| line.starts_with("PATH=")));
    for line in inherited {
        assert!(
            !line.contains("elephant") && !line.contains("PASSWORD"),
            "{line}"
        );
    }
}

#[test]
fn a_browser_may_have_arguments_and_a_place_for_the_url() {
    let desk = Desk::new();
    let browser = format!("/nonexistent/browser:{} --new %s --end", desk.browser());
    assert_eq!(desk.create(&[("BROWSER", &browser)], &[]).code, 0);
    assert_eq!(desk.opened(), ["--new", URL, "--end"]);
}

#[test]
fn the_browser_is_not_started_where_nobody_would_see_it() {
    let desk = Desk::new();
    for (settings, more, reason) in [
        (&[("CI", "true")][..], &[][..], "this is CI"),
        (&[("CI", "1")], &[], "this is CI"),
        (
            &[("SSH_TTY", "/dev/pts/1"), ("BROWSER", "")],
            &[],
            "this is an SSH session",
        ),
        (
            &[
                ("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22"),
                ("BROWSER", ""),
            ],
            &["--qr"],
            "this is an SSH session; --browser opens it\n",
        ),
        (
            &[("BROWSER", "none")],
            &[],
            "not opened, BROWSER is none; --qr draws",
        ),
        (
            &[("BROWSER", "none")],
            &["--browser", "--qr"],
            "not opened, BROWSER is none\n",
        ),
        (&[("BROWSER", "")], &[], "there is no display"),
        (&[], &["--no-browser"], ""),
        (&[], &["--json"], ""),
    ] {
        let ended = desk.create(settings, more);
        assert_eq!(ended.code, 0);
        assert!(ended.screen.contains(reason), "{}", ended.screen);
        assert!(
            !ended.screen.contains(ASKED),
            "{settings:?} {more:?}: {}",
            ended.screen
        );
        // The one that is asked for comes later than any that was started before it.
        assert!(!desk.was_opened(), "{settings:?} {more:?}");
    }
    assert_eq!(desk.create(&[], &["--browser"]).code, 0);
    assert_eq!(desk.opened(), [URL]);
}

#[test]
fn a_browser_that_is_named_is_used_over_ssh_and_ci_may_be_denied() {
    for (name, value) in [
        ("SSH_TTY", "/dev/pts/1"),
        ("CI", "false"),
        ("CI", "0"),
        ("CI", "No"),
        ("CI", ""),
    ] {
        let desk = Desk::new();
        let ended = desk.create(&[(name, value)], &[]);
        assert!(
            ended.screen.contains(ASKED),
            "{name}={value}: {}",
            ended.screen
        );
        assert_eq!(desk.opened(), [URL], "{name}={value}");
    }
}

#[test]
fn the_browser_is_not_started_when_standard_output_is_piped() {
    let desk = Desk::new();
    let mut command = desk.home.client(&desk.peer);
    command
        .env("BROWSER", desk.browser())
        .args(CREATE)
        .stdout(Stdio::piped());
    let ended = Screen::start(&mut command, 80).end();
    assert_eq!(ended.code, 0);
    assert!(
        ended.stdout.ends_with(&format!("\n{URL}\n")),
        "{}",
        ended.stdout
    );
    assert!(!ended.screen.contains(ASKED) && !desk.was_opened());
}

#[test]
fn the_browser_flag_overrules_every_reason_against_it() {
    for (settings, more) in [
        (&[("CI", "true")][..], &[][..]),
        (&[("SSH_TTY", "/dev/pts/1")], &[]),
        (&[("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")], &[]),
        (&[], &["--json"]),
    ] {
        let desk = Desk::new();
        let ended = desk.create(settings, &[&["--browser"], more].concat());
        assert_eq!(ended.code, 0);
        assert!(ended.screen.contains(ASKED), "{}", ended.screen);
        assert_eq!(desk.opened(), [URL], "{settings:?} {more:?}");
    }
}

#[test]
fn a_browser_that_fails_is_a_warning_and_the_create_has_succeeded() {
    let desk = Desk::new();
    for browser in ["/nonexistent/browser", "false", "'unfinished"] {
        let ended = desk.create(&[("BROWSER", browser)], &[]);
        assert_eq!(ended.code, 0, "{browser}");
        assert!(
            ended.screen.contains("the browser could not be started"),
            "{browser}: {}",
            ended.screen
        );
        assert!(!ended.screen.contains(ASKED), "{browser}: {}", ended.screen);
    }
}

#[test]
fn an_unsafe_url_is_never_opened() {
    let desk = Desk::new();
    let peer = Server::answering(http(
        202,
        &[],
        pending("https://user@merchant.example/").to_string(),
    ));
    let mut command = desk.home.client(&peer);
    command
        .env("BROWSER", desk.browser())
        .args(CREATE)
        .args(["--browser"]);
    let ended = Screen::start(&mut command, 80).end();
    assert_eq!(ended.code, 32);
    assert!(
        !ended.screen.contains(ASKED) && !desk.was_opened(),
        "{}",
        ended.screen
    );
}
