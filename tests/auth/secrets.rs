//! The canary: a known password is in no output, log or error, neither plain nor as Base64, whatever goes wrong; and results
//! that hold a word which happens to be the password are not touched.

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use rustix::process::Signal;
use serde_json::json;

use crate::support::cli::{AUTHORIZATION, CREATE, Cli, Home, PASSWORD, USERNAME, run};
use crate::support::server::{Server, entitlement, http, pending};

const CONFIG: &str = ".config/bango-ent/config.toml";

/// Fails if the text holds the password in any shape.
fn assert_kept(what: &str, text: &str) {
    let pair = format!("{USERNAME}:{PASSWORD}");
    for secret in [
        PASSWORD.to_owned(),
        BASE64_STANDARD_NO_PAD.encode(pair),
        BASE64_STANDARD_NO_PAD.encode(PASSWORD),
    ] {
        assert!(!text.contains(&secret), "{what}: {text}");
    }
}

/// Runs a command as it is, in JSON, and as loud as can be with a log; expects this exit code, and no password anywhere.
fn check(what: &str, code: i32, command: impl Fn() -> (Home, Cli)) {
    let manners: [&[&str]; 4] = [
        &[],
        &["--json"],
        &["-vv", "--log-file", "bango.log"],
        &["-vv", "--json", "--dry-run"],
    ];
    for more in manners {
        let (home, mut command) = command();
        let outcome = run(command.args(more));
        if !more.contains(&"--dry-run") {
            assert_eq!(outcome.code, code, "{what} {more:?}: {}", outcome.stderr);
        }
        let log = std::fs::read_to_string(home.path().join("bango.log")).unwrap_or_default();
        assert_eq!(
            log.is_empty(),
            code == 3 || !more.contains(&"-vv") || more.contains(&"--dry-run")
        );
        for text in [&outcome.stdout, &outcome.stderr, &log] {
            assert_kept(what, text);
        }
    }
}

#[test]
fn no_answer_brings_the_password_to_light() {
    let message =
        |text: &str| json!({"responseCode": "BAD_REQUEST", "responseMessage": text}).to_string();
    let echo = format!("{AUTHORIZATION} is {PASSWORD}");
    let escaped = format!(
        "{{\"responseCode\": \"BAD_REQUEST\", \"responseMessage\": \"\\u0065{}\"}}",
        &PASSWORD[1..]
    );
    let mut not_utf_8 = echo.clone().into_bytes();
    not_utf_8.insert(0, 0xff);
    let url = format!("https://merchant.example/{PASSWORD}");
    let action = json!({"responseCode": "CLIENT_ACTION_REQUIRED", "status": "PENDING",
        "parameters": {"action": PASSWORD, PASSWORD: AUTHORIZATION}});
    let answers: [(&str, i32, Vec<u8>); 11] = [
        (
            "success",
            0,
            http(200, &[], entitlement(&json!({})).to_string()),
        ),
        (
            "an echo in a success",
            0,
            http(
                200,
                &[],
                entitlement(&json!({"extensionData": echo})).to_string(),
            ),
        ),
        (
            "an echo in a URL",
            0,
            http(202, &[], pending(&url).to_string()),
        ),
        (
            "an echo in an action",
            32,
            http(202, &[], entitlement(&action).to_string()),
        ),
        (
            "401",
            11,
            http(
                401,
                &[],
                message("Unauthorized").replace("BAD_REQUEST", "UNAUTHORIZED"),
            ),
        ),
        ("an echo in a refusal", 10, http(400, &[], message(&echo))),
        ("an escaped echo", 10, http(400, &[], escaped)),
        ("an echo that is not JSON", 30, http(200, &[], &echo)),
        ("an echo that is not text", 30, http(200, &[], not_utf_8)),
        (
            "an echo in the headers",
            30,
            http(
                302,
                &[
                    &format!("Location: https://{PASSWORD}/"),
                    &format!("X: {echo}"),
                ],
                "",
            ),
        ),
        ("an echo that is not HTTP", 30, echo.clone().into_bytes()),
    ];
    for (what, code, answer) in answers {
        check(what, code, || {
            let (home, peer) = (Home::new(), Server::answering(answer.clone()));
            let mut command = home.client(&peer);
            command.args(CREATE).args(["--retries", "0", "--qr"]);
            (home, command)
        });
    }
}

#[test]
fn no_broken_connection_brings_the_password_to_light() {
    check("a lost answer", 30, || {
        let home = Home::new();
        let peer = Server::start(|mut connection| {
            connection.request();
            connection.reset();
        });
        let mut command = home.client(&peer);
        command.args(CREATE).args(["--retries", "1"]);
        (home, command)
    });
    check("no connection", 31, || {
        let home = Home::new();
        let mut command = home.client("https://bango-ent.invalid/v1");
        command.args(CREATE).args(["--retries", "0"]);
        (home, command)
    });
}

#[test]
fn a_short_password_is_in_no_message_as_a_whole_and_nowhere_in_base64() {
    let (password, pair) = (
        "abcde",
        BASE64_STANDARD_NO_PAD.encode("MyOrganization:abcde"),
    );
    let refusal = |message: &str| {
        json!({"responseCode": "BAD_REQUEST", "responseMessage": message}).to_string()
    };
    for (what, answer) in [
        (
            "the header",
            http(400, &[], refusal(&format!("Basic {pair}=="))),
        ),
        ("the password", http(400, &[], refusal(password))),
        ("a page", http(502, &[], format!("<p>{pair}</p>"))),
        ("a text", http(200, &[], format!("\u{1b}{pair}="))),
    ] {
        let (home, peer) = (Home::new(), Server::answering(answer));
        let outcome = run(home
            .client(&peer)
            .args(CREATE)
            .args(["-vv", "--retries", "0", "--log-file", "bango.log"])
            .env("BANGO_PASSWORD", password));
        let log = std::fs::read_to_string(home.path().join("bango.log")).unwrap();
        for text in [&outcome.stdout, &outcome.stderr, &log] {
            assert!(!text.contains(&pair), "{what}: {text}");
            assert!(!text.contains(password), "{what}: {text}");
        }
        assert!(outcome.stderr.contains("[redacted]"), "{}", outcome.stderr);
    }
}

#[test]
fn a_result_that_holds_the_password_as_a_word_is_as_it_came() {
    let url = "https://merchant.example/r?env=sandbox&token=abc";
    let fields = json!({"entitlementId": "ent-sandbox-9", "customerIdentifier": "sandbox",
        "productKey": "sandbox", "sandbox": "sandbox", "responseMessage": "a sandbox"});
    for (body, http_status) in [(entitlement(&fields), 200), (pending(url), 202)] {
        let (home, peer) = (
            Home::new(),
            Server::answering(http(http_status, &[], body.to_string())),
        );
        let mut command = home.client(&peer);
        let outcome = run(command
            .args(CREATE)
            .args(["--json", "-vv"])
            .env("BANGO_PASSWORD", "sandbox"));
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        let mut document = outcome.json();
        let identifier = document
            .as_object_mut()
            .unwrap()
            .remove("requestIdentifier");
        assert!(identifier.is_some());
        assert_eq!(document, body);
        assert!(
            !outcome.stderr.contains("\"sandbox\""),
            "{}",
            outcome.stderr
        );
    }
}

/// A run whose settings are in this configuration file alone.
fn configured(config: &str) -> (Home, Cli) {
    let home = Home::new();
    home.write(CONFIG, config);
    let mut command = home.client("");
    command
        .env_remove("BANGO_USERNAME")
        .env_remove("BANGO_PASSWORD")
        .args(CREATE);
    (home, command)
}

#[test]
fn no_mistake_in_the_configuration_file_brings_the_password_to_light() {
    let profile = |line: &str| {
        format!("default_profile = \"p\"\n[profiles.p]\nusername = \"{USERNAME}\"\n{line}\n")
    };
    for mistake in [
        "password = PASSWORD",
        "password = \"PASSWORD",
        "password = 'PASSWORD\"",
        "password = \"PASSWORD\" x",
        "password = \"PASSWORD\"\npassword = \"PASSWORD\"",
        "password = [\"PASSWORD\"]",
        "password = {PASSWORD = 1}",
        "password \"PASSWORD\"",
        "PASSWORD",
        "PASSWORD = 1",
        "\"PASSWORD, expected x\" = 1",
        "passwort = \"PASSWORD\"",
        "password = \"PASSWORD\\q\"",
        "password = \"\"\"PASSWORD",
        "password_command = \"PASSWORD\"",
        "password_command = [\"PASSWORD\"]",
        "password_command = [\"printf\", \"PASSWORD\\n\\n\"]",
        "password_command = [\"sh\", \"-c\", \"echo PASSWORD; exit 7\"]",
        "environment = \"PASSWORD\"",
        "base_url = \"PASSWORD\"",
        "base_url = \"https://MyOrganization:PASSWORD@resale.example:port/\"",
        "base_url = \"https://MyOrganization:PASSWORD@resale.example/\"",
        "password = \"PASSWORD\\n\"",
        "[profiles.PASSWORD",
    ] {
        let config = profile(&mistake.replace("PASSWORD", PASSWORD));
        let outcome = run(&mut configured(&config).1);
        assert_eq!(outcome.code, 3, "{mistake}: {}", outcome.stderr);
        assert_kept(mistake, &outcome.stderr);
        let outcome = run(configured(&config).1.args(["--json", "-vv"]));
        assert_eq!(outcome.code, 3, "{mistake}: {}", outcome.stderr);
        assert_kept(mistake, &outcome.stdout);
        assert_kept(mistake, &outcome.stderr);
    }
    let config = format!("default_profile = \"{PASSWORD}\"\n[profiles.p]\n");
    let outcome = run(&mut configured(&config).1);
    assert_eq!(outcome.code, 3, "{}", outcome.stderr);
    assert_kept("default_profile", &outcome.stderr);
}

#[test]
fn a_mistake_in_the_configuration_file_is_placed_and_explained() {
    for (line, told) in [
        (
            "password_command = \"pass show\"",
            "line 4: expected a sequence",
        ),
        (
            "environment = \"prod\"",
            "line 4: expected `test` or `live`",
        ),
        (
            "colour = 1",
            "line 4: expected one of `environment`, `base_url`",
        ),
        ("password = 'x", "line 4: invalid literal string"),
    ] {
        let config = format!("default_profile = \"p\"\n[profiles.p]\nusername = \"u\"\n{line}\n");
        let outcome = run(&mut configured(&config).1);
        assert_eq!(outcome.code, 3);
        assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
    }
}

#[test]
fn no_mistake_in_the_environment_brings_the_password_to_light() {
    let home = Home::new();
    home.write("two-lines", format!("{PASSWORD}\nsecond"));
    home.write("not-utf-8", [PASSWORD.as_bytes(), &[0xff]].concat());
    home.write("too-long", PASSWORD.repeat(1000));
    for (name, value) in [
        ("BANGO_PASSWORD_FILE", PASSWORD),
        ("BANGO_PASSWORD_FILE", "."),
        ("BANGO_PASSWORD_FILE", "two-lines"),
        ("BANGO_PASSWORD_FILE", "not-utf-8"),
        ("BANGO_PASSWORD_FILE", "too-long"),
        ("BANGO_PASSWORD", "elephant-notepad-dancer\n"),
        ("BANGO_USERNAME", "MyOrganization:elephant-notepad-dancer"),
        ("BANGO_BASE_URL", "https://x:elephant-notepad-dancer@h:p/"),
        ("HTTPS_PROXY", "gopher://x:elephant-notepad-dancer@h"),
    ] {
        for more in [&["--json"][..], &["-vv"], &["--dry-run", "-vv"]] {
            let mut command = home.client("https://resale.example/v1");
            command.args(CREATE).args(more).env(name, value);
            if name == "BANGO_PASSWORD_FILE" {
                command.env_remove("BANGO_PASSWORD");
            }
            let outcome = run(&mut command);
            if !more.contains(&"--dry-run") {
                assert!(
                    [2, 3].contains(&outcome.code),
                    "{name}={value}: {}",
                    outcome.stderr
                );
            }
            assert_kept(name, &outcome.stdout);
            assert_kept(name, &outcome.stderr);
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn the_list_of_processes_does_not_show_the_password() {
    let home = Home::new();
    let (sender, requests) = std::sync::mpsc::channel();
    let peer = Server::start(move |mut connection| {
        sender.send(connection.request()).unwrap();
        connection.hang();
    });
    let mut command = home.client(&peer);
    command.env_remove("BANGO_PASSWORD");
    home.write(
        CONFIG,
        format!("default_profile = \"p\"\n[profiles.p]\npassword = \"{PASSWORD}\"\n"),
    );
    home.profiles_are_for(&peer.base_url());
    let running = command.args(CREATE).start();
    assert!(requests.recv().unwrap().contains(AUTHORIZATION));
    let process = format!("/proc/{}", running.id());
    let command_line = std::fs::read_to_string(format!("{process}/cmdline")).unwrap();
    assert!(command_line.contains("cust-1"), "{command_line:?}");
    assert_kept("cmdline", &command_line);
    let environment = std::fs::read_to_string(format!("{process}/environ")).unwrap();
    assert_kept("environ", &environment);
    running.signal(Signal::INT);
    assert_kept("stderr", &running.end().stderr);
}
