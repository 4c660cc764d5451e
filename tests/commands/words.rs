//! The words of messages: those of this tool, and of no library or system call.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;

use crate::support::cli::{CREATE, Home, run};
use crate::support::server::Server;

/// What only those know who have written it in Rust.
const LIBRARY_WORDS: [&str; 16] = [
    "failed to lookup",
    "os error",
    "EOF while",
    "expected value",
    "key must be",
    "at line",
    "TOML parse",
    "invalid type",
    "invalid digit",
    "relative URL",
    "unix_wait_status",
    "Some(",
    "Error(",
    "http parse",
    "protocol:",
    "IP address syntax",
];

const DEAD: &str = "--base-url http://127.0.0.1:1/v1 --retries 1";

/// Commands that fail. What begins with `config=` names the configuration file, and `TAKEN` is a port that something listens on.
const FAILURES: &[&str] = &[
    "get e DEAD",
    "doctor DEAD",
    "doctor --base-url https://h.invalid/v1",
    "get e DEAD --on-failure no-such-program",
    "get e --retries 0",
    "get e --ca-cert missing",
    "get e --ca-cert broken.json",
    "get e --log-file missing/x",
    "CREATE --extension-data @missing",
    "CREATE --extension-data @broken.json",
    "CREATE --extension-data @cut.json",
    "CREATE --field x:={1",
    "CREATE --expires 2025-13-01",
    "api POST x --input missing",
    "api POST x --input list.json",
    "batch missing.csv",
    "batch broken.json --format jsonl",
    "batch cut.json --format jsonl",
    "batch list.json --format jsonl",
    "batch a.csv --journal missing/x",
    "batch a.csv --results missing/x",
    "batch a.csv --rate x",
    "batch status missing",
    "batch status broken.json",
    "reconcile missing --with missing",
    "reconcile broken.json --with a.csv",
    "reports show missing",
    "listen --host foo",
    "listen --port TAKEN",
    "listen --save missing/x",
    "listen --secret-file missing --auth bearer",
    "listen replay missing --to http://127.0.0.1:1",
    "sandbox --port TAKEN",
    "sandbox --catalog missing",
    "sandbox --catalog broken.toml",
    "sandbox --catalog wrong.toml",
    "auth status config=missing.toml",
    "auth status config=broken.toml",
    "auth status config=wrong.toml",
    "echo --profile a config=command.toml",
];

#[test]
fn no_library_speaks_in_any_message_about_a_file_a_port_or_a_connection() {
    let home = Home::new();
    for (name, text) in [
        ("broken.json", "{a:1}"),
        ("cut.json", "{\"a\":"),
        ("list.json", "[1]"),
        ("broken.toml", "x = ["),
        ("wrong.toml", "[profiles.a]\nusername = 3\n"),
        (
            "command.toml",
            "[profiles.a]\nusername = 'u'\npassword_command = ['no-such-program']\n",
        ),
        ("a.csv", "user,merchant,product\na,M,P\n"),
    ] {
        let path = home.write(name, text);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let no_http = Server::answering("220 mail.example ESMTP\r\n");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().port().to_string();
    for line in FAILURES {
        let words = line
            .replace("DEAD", DEAD)
            .replace("CREATE", &CREATE.join(" "))
            .replace("TAKEN", &taken);
        let mut command = home.client(&no_http);
        for word in words.split(' ') {
            match word.strip_prefix("config=") {
                None => command.arg(word),
                Some(file) => command
                    .env("BANGO_CONFIG", file)
                    .env_remove("BANGO_USERNAME")
                    .env_remove("BANGO_PASSWORD")
                    .env_remove("BANGO_BASE_URL"),
            };
        }
        let outcome = run(&mut command);
        assert_ne!(outcome.code, 0, "{line}");
        let told = [outcome.stdout, outcome.stderr].concat();
        for word in LIBRARY_WORDS {
            assert!(!told.contains(word), "{word}: {line}: {told}");
        }
    }
}

#[test]
fn extension_data_is_read_from_a_file_whose_name_is_not_utf_8() {
    let home = Home::new();
    let file = OsStr::from_bytes(b"l\xe9on.json");
    std::fs::write(home.path().join(file), "{\"shop\":7}").unwrap();
    let mut given = OsString::from("@");
    given.push(file);
    for words in [&CREATE[..], &["update", "e"]] {
        let mut command = home.client("https://bango.example/v1");
        command.args(words).arg("--extension-data");
        let read = command.arg(&given).args(["--dry-run", "--json"]).run();
        read.assert_code(0);
        let body = &read.json()["request"]["body"];
        assert_eq!(body["extensionData"]["shop"], 7);
        let mut command = home.client("https://bango.example/v1");
        command.args(words).arg("--extension-data");
        let refused = command.arg(OsStr::from_bytes(b"\xff")).run();
        refused.assert_code(2);
        assert!(refused.stderr.contains("is not UTF-8"), "{refused:?}");
    }
}

#[test]
fn a_home_and_files_whose_names_are_not_utf_8_fail_no_command() {
    let home = Home::new();
    let name = |text: &[u8]| OsStr::from_bytes(text).to_owned();
    let odd = home.path().join(name(b"l\xe9on"));
    std::fs::create_dir(&odd).unwrap();
    std::fs::write(odd.join("rows.csv"), "user,merchant,product\na,M,P\n").unwrap();
    let peer = Server::active();
    for line in [
        "auth status",
        "profile list",
        "doctor",
        "echo",
        "auth login --username u --password-command true --no-verify",
        "auth status",
        "profile use default",
        "batch FOLDER/rows.csv --check",
        "batch FOLDER/rows.csv --results FOLDER/results.csv --failed FOLDER/failed.csv",
        "batch status FOLDER/rows.csv.journal",
        "batch export FOLDER/rows.csv --to FOLDER/files --customer C",
        "reports show FOLDER/rows.csv",
        "reconcile FOLDER/rows.csv --with FOLDER/rows.csv",
        "sandbox reset --state FOLDER/state",
        "completions bash --install",
        "man --install",
        "echo --log-file FOLDER/log",
        "get e --ca-cert FOLDER/rows.csv",
    ] {
        let mut command = home.client(&peer);
        for word in line.split(' ') {
            let word = match word.strip_prefix("FOLDER/") {
                Some(file) => odd.join(file).into_os_string(),
                None => word.into(),
            };
            command.arg(word);
        }
        let outcome = run(command.arg("--json").env("HOME", &odd));
        assert!((0..=41).contains(&outcome.code), "{line}: {outcome:?}");
        outcome.json();
    }
}
