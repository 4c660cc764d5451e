//! Hostile input: no id, identifier or credential becomes a header, a path or a log line of its own; nothing is sent.

use crate::support::cli::{CREATE, Cli, Home, Outcome, PASSWORD, run};
use crate::support::server::{Server, entitlement, http};
use serde_json::json;

fn active() -> Server {
    Server::answering(http(200, &[], entitlement(&json!({})).to_string()))
}

/// Line breaks in every spelling that a header or a log could take for one.
const BREAKS: [&str; 6] = [
    "x\r\nX-Evil: 1",
    "x\nX-Evil: 1",
    "x\rX-Evil: 1",
    "x\u{85}X-Evil: 1",
    "\r\n\r\nGET / HTTP/1.1",
    "x\u{0b}y",
];

fn refused(peer: &Server, code: i32, what: &str, outcome: &Outcome) {
    assert_eq!(outcome.code, code, "{what:?}: {}", outcome.stderr);
    assert_eq!(peer.connections(), 0, "{what:?}");
}

#[test]
fn no_line_break_in_an_id_or_a_request_identifier_reaches_the_wire() {
    let (home, peer) = (Home::new(), active());
    for text in BREAKS {
        for command in [
            &["get", text][..],
            &["list", "--user", text],
            &["update", text, "--product", "p"],
            &["update", "e", "--product", text],
            &["suspend", text],
            &["suspend", "e", "--benefits", text],
            &["resume", text],
            &[
                "cancel",
                text,
                "--yes",
                "--reason",
                "CUSTOMER_CANCELLED/OTHER",
            ],
            &["revoke", text, "--yes", "--reason", "REVOKED/ERROR"],
            &["wait", text],
            &["activation-url", text],
            &["get", "e", "--request-id", text],
            &["echo", "--request-id", text],
            &["echo", "--base-url", text],
            &[
                "create",
                "--user",
                text,
                "--merchant",
                "M",
                "--product",
                "P",
            ],
            &[
                "create",
                "--user",
                "u",
                "--merchant",
                text,
                "--product",
                "P",
            ],
            &[
                "create",
                "--user",
                "u",
                "--merchant",
                "M",
                "--product",
                text,
            ],
            &[
                "create",
                "--user",
                "u",
                "--merchant",
                "M",
                "--product",
                "P",
                "--notification-url",
                text,
            ],
            &[
                "auth",
                "login",
                "--username",
                text,
                "--password-command",
                "printf x",
            ],
        ] {
            let outcome = run(home.client(&peer).args(command));
            refused(&peer, 2, &format!("{command:?}"), &outcome);
        }
    }
}

#[test]
fn no_line_break_in_credentials_reaches_the_wire() {
    for text in BREAKS {
        let (home, peer) = (Home::new(), active());
        let file = home.write("password.txt", text);
        let tries: [&dyn Fn(&mut Cli); 4] = [
            &|command| {
                command.env("BANGO_USERNAME", text);
            },
            &|command| {
                command.env("BANGO_PASSWORD", text);
            },
            &|command| {
                command.env("BANGO_PASSWORD", "");
                command.env("BANGO_PASSWORD_FILE", &file);
            },
            &|command| {
                let path = file.display();
                let config =
                    format!("[profiles.p]\nusername = 'u'\npassword_command = ['cat', '{path}']\n");
                home.write(".config/bango-ent/config.toml", config);
                home.profiles_are_for(&peer.base_url());
                command.args(["--profile", "p"]);
            },
        ];
        for set in tries {
            let mut command = home.client(&peer);
            set(command.args(CREATE));
            let outcome = run(&mut command);
            refused(&peer, 3, text, &outcome);
            assert!(!outcome.stderr.contains("X-Evil"), "{}", outcome.stderr);
        }
    }
}

#[test]
fn a_proxy_setting_with_a_line_break_is_refused() {
    let (home, peer) = (Home::new(), active());
    for text in BREAKS {
        let setting = format!("http://who:{text}@127.0.0.1:{}", peer.port());
        let outcome = run(home
            .client("https://resale.example/v1")
            .args(CREATE)
            .env("HTTPS_PROXY", setting));
        refused(&peer, 3, text, &outcome);
    }
}

#[test]
fn an_id_stays_one_segment_of_the_path() {
    let home = Home::new();
    for id in [
        "../../admin",
        "..%2fadmin",
        "a/../b",
        "a?b=c",
        "a#b",
        "a;b",
        "//evil.example/",
        "a%00b",
        "\\..\\x",
        "a%0d%0ab",
        "@evil.example",
    ] {
        let peer = active();
        let outcome = run(home.client(&peer).args(["get", id]));
        assert_eq!(outcome.code, 0, "{id}: {}", outcome.stderr);
        let request = peer.requests().remove(0);
        let path = request.split(' ').nth(1).unwrap();
        let segment = path
            .strip_prefix("/v1/entitlement/")
            .unwrap_or_else(|| panic!("{id}: {path}"));
        assert!(!segment.contains(['/', '?', '#', '\\']), "{id}: {path}");
    }
    for id in [".", "..", "", " "] {
        let peer = active();
        refused(&peer, 2, id, &run(home.client(&peer).args(["get", id])));
    }
}

#[test]
fn a_setting_that_is_not_utf_8_is_refused_and_not_skipped() {
    use std::os::unix::ffi::OsStrExt;
    let bad = std::ffi::OsStr::from_bytes(b"\xff\xfe");
    let (home, peer) = (Home::new(), active());
    home.write(
        ".config/bango-ent/config.toml",
        "default_profile = 'p'\n[profiles.p]\nusername = 'u'\npassword = 'x'\n",
    );
    for name in [
        "BANGO_USERNAME",
        "BANGO_PASSWORD",
        "BANGO_PASSWORD_FILE",
        "BANGO_PROFILE",
        "BANGO_BASE_URL",
    ] {
        let outcome = run(home.client(&peer).args(CREATE).env(name, bad));
        refused(&peer, 3, name, &outcome);
        assert!(outcome.stderr.contains(name), "{}", outcome.stderr);
    }
    for name in ["HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        let outcome = run(home
            .client("https://resale.example/v1")
            .args(CREATE)
            .env(name, bad));
        assert_eq!(outcome.code, 3, "{name}: {}", outcome.stderr);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn no_secret_is_in_the_command_line_of_any_process() {
    let home = Home::new();
    let peer = Server::start(|mut connection| {
        connection.request();
        connection.hang();
    });
    home.write("password.txt", PASSWORD);
    for (arguments, set) in [
        (&CREATE[..], ("BANGO_PASSWORD", PASSWORD)),
        (&CREATE[..], ("BANGO_PASSWORD_FILE", "password.txt")),
        (
            &[
                "auth",
                "login",
                "--username",
                "u",
                "--password-file",
                "password.txt",
                "--store",
                "file",
            ],
            ("BANGO_PASSWORD", PASSWORD),
        ),
    ] {
        let before = peer.connections();
        let running = home
            .bango_ent()
            .args(arguments)
            .env("BANGO_USERNAME", "u")
            .env("BANGO_BASE_URL", peer.base_url())
            .args(["--base-url", &peer.base_url()])
            .env(set.0, set.1)
            .start();
        crate::support::cli::wait_until("the request", || peer.connections() > before);
        for name in ["cmdline", "comm", "status"] {
            let shown = std::fs::read(format!("/proc/{}/{name}", running.id())).unwrap();
            assert!(!String::from_utf8_lossy(&shown).contains(PASSWORD));
        }
    }
}

#[test]
fn no_value_of_any_option_or_argument_steers_the_terminal_or_forges_a_line() {
    let hostile = "e\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\u{202e}\u{2028}\n::error::forged";
    let (home, peer) = (Home::new(), active());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap().port();
    let known = run(home.bango_ent().args(["commands", "--json"])).json();
    let mut runs = Vec::new();
    for command in known["commands"].as_array().unwrap() {
        let words = command["command"].as_str().unwrap().split(' ');
        let words: Vec<_> = words.map(str::to_owned).collect();
        let count = command["arguments"].as_array().unwrap().len();
        runs.push([words.clone(), vec![hostile.to_owned(); count.max(1)]].concat());
        let options = command["options"].as_array().unwrap().iter();
        for option in options.filter(|option| !option["value"].is_null()) {
            let name = option["name"].as_str().unwrap();
            let given = format!("{name}={hostile}");
            let mut more = vec!["x".to_owned(); count];
            // What takes such a file or name would serve then.
            if name != "--port" && (words == ["listen"] || words == ["sandbox"]) {
                more.push(format!("--port={taken}"));
            }
            runs.push([words.clone(), more, vec![given]].concat());
        }
    }
    assert!(runs.len() > 200, "{}", runs.len());
    for arguments in runs {
        let outcome = run(home
            .client(&peer)
            .args(&arguments)
            .env("CLICOLOR_FORCE", "1"));
        let text = outcome.stdout + &outcome.stderr;
        for line in text.split('\n') {
            let plain = line.replace("\u{1b}[", "");
            let steers = |c: char| c.is_control() && c != '\t' || "\u{202e}\u{2028}".contains(c);
            assert!(!plain.contains(steers), "{arguments:?}: {line:?}");
            assert!(!line.contains("\u{1b}[2J"), "{arguments:?}: {line:?}");
            assert!(!line.starts_with("::"), "{arguments:?}: {line:?}");
        }
    }
}
