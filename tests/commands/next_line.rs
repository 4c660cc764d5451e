//! The command line that a message proposes: it can be run, and it means what the command before it meant.

use serde_json::json;

use crate::support::cli::{CREATE, Home, PASSWORD, run, wait_until};
use crate::support::server::{Connection, Server, active, entitlement, header, http};

/// The words after `bango-ent` of the command line that stands after "what next", plain words only.
fn proposed(stderr: &str) -> Vec<String> {
    let line = stderr
        .lines()
        .find(|line| line.contains("what next"))
        .unwrap();
    let (_, command) = line.split_once("bango-ent ").unwrap();
    command.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn a_proposed_command_takes_every_option_that_it_is_given() {
    let home = Home::new();
    let outcome = run(home
        .bango_ent()
        .args([
            "get",
            "ent-1",
            "--base-url",
            "http://127.0.0.1:1/v1",
            "--retries",
            "0",
        ])
        .env("BANGO_USERNAME", "u")
        .env("BANGO_PASSWORD", "p"));
    assert_eq!(outcome.code, 31, "{}", outcome.stderr);
    assert_eq!(proposed(&outcome.stderr), ["sandbox", "--port", "1"]);
}

#[test]
fn a_wait_that_is_proposed_again_waits_for_the_same_status() {
    let home = Home::new();
    let server = Server::answering(http(503, &[], ""));
    let arguments = [
        "wait",
        "ent-1",
        "--for",
        "REVOKED",
        "--timeout",
        "1s",
        "--retries",
        "0",
    ];
    let outcome = run(home.client(&server).args(arguments));
    assert_eq!(outcome.code, 22, "{}", outcome.stderr);
    assert_eq!(
        proposed(&outcome.stderr)[..4],
        ["wait", "ent-1", "--for", "REVOKED"]
    );
}

#[test]
fn an_answer_without_a_url_names_the_entitlement_that_was_asked_for() {
    let home = Home::new();
    for (url, said) in [
        (None, "has no registration URL".to_owned()),
        (
            Some(format!("javascript:{PASSWORD}")),
            "[redacted]".to_owned(),
        ),
    ] {
        let body = json!({"responseCode": "OK", "responseMessage": "Success", "url": url});
        let server = Server::answering(http(200, &[], body.to_string()));
        let outcome = run(home.client(&server).args(["activation-url", "ent-1"]));
        assert_eq!(outcome.code, 32, "{}", outcome.stderr);
        assert_eq!(proposed(&outcome.stderr)[..2], ["get", "ent-1"]);
        assert!(outcome.stderr.contains(&said), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains(PASSWORD), "{}", outcome.stderr);
    }
}

#[test]
fn a_change_that_sends_the_user_to_a_page_shows_its_address() {
    let home = Home::new();
    let url = "https://merchant.example/agree";
    let body = entitlement(&json!({
        "responseCode": "CLIENT_ACTION_REQUIRED",
        "status": "SUSPENDED",
        "parameters": {"action": "NAVIGATE_TO_URL", "url": url},
    }));
    let server = Server::answering(http(202, &[], body.to_string()));
    let outcome = run(home.client(&server).args(["resume", "ent-1"]));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(
        outcome.stdout.lines().any(|line| line == url),
        "{}",
        outcome.stdout
    );
}

#[test]
fn an_option_without_a_meaning_is_refused() {
    let home = Home::new();
    for arguments in [
        &["get", "ent-1", "--request-id", "zzz"][..],
        &["list", "--user", "u", "--request-id", "zzz"],
        &["listen", "--dry-run"],
        &["listen", "--sandbox"],
        &["sandbox", "--dry-run"],
    ] {
        let outcome = run(home.bango_ent().args(arguments));
        assert_eq!(outcome.code, 2, "{arguments:?}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains("has no meaning"),
            "{}",
            outcome.stderr
        );
    }
    // A value that looks like an option is none.
    let outcome = run(home.bango_ent().args(["create", "--user=--json", "--nope"]));
    assert!(
        outcome.code == 2 && outcome.stdout.is_empty(),
        "{}",
        outcome.stdout
    );
}

#[test]
fn a_request_identifier_belongs_to_the_query_as_well() {
    let home = Home::new();
    let server = Server::answering(http(200, &[], active()));
    let api = |path: &str, more: &[&str]| {
        run(home
            .client(&server)
            .args(["api", "POST", path, "--json"])
            .args(more))
    };
    let shown = api("entitlement/report?a=1", &["--dry-run"]);
    let id = shown.json()["request"]["headers"]["X-RequestIdentifier"].clone();
    let id = id.as_str().unwrap();
    assert_eq!(api("entitlement/report?a=1", &["--request-id", id]).code, 0);
    assert_eq!(api("entitlement/report?a=2", &["--request-id", id]).code, 4);
}

#[test]
fn a_dry_run_of_doctor_runs_no_password_command() {
    let home = Home::new();
    home.write(".config/bango-ent/config.toml", "default_profile = \"a\"\n[profiles.a]\nusername = \"u\"\npassword_command = [\"touch\", \"was-run\"]\n");
    let outcome = run(home
        .bango_ent()
        .args(["doctor", "--dry-run"])
        .current_dir(home.path()));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(!home.path().join("was-run").exists());
}

#[test]
fn the_trace_shows_no_credentials_for_a_request_that_carries_none() {
    let home = Home::new();
    let server = Server::answering(http(401, &[], "{\"responseCode\": \"UNAUTHORIZED\"}"));
    let outcome = run(home.client(&server).args(["doctor", "-v"]));
    let carried = server
        .requests()
        .iter()
        .filter(|request| request.to_lowercase().contains("authorization: "))
        .count();
    let shown = outcome.stderr.matches("Authorization: Basic").count();
    assert!(server.requests().len() > carried, "{:?}", server.requests());
    assert_eq!(shown, carried, "{}", outcome.stderr);
}

#[cfg(unix)]
#[test]
fn a_repetition_takes_the_same_data_and_files_or_says_that_it_needs_the_same_input() {
    use std::os::unix::ffi::OsStrExt as _;
    let (home, peer) = (Home::new(), Server::answering(b"HTTP/1.1 200 OK\r\n"));
    let create = |more: &[&std::ffi::OsStr], input: &str| {
        let mut command = home.client(&peer);
        command
            .args(CREATE)
            .args(["--retries", "0", "--json"])
            .args(more);
        let outcome = command.write_stdin(input).run();
        outcome.assert_code(30);
        outcome.json()["error"]["repeat"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let same = " # with the same standard input";
    let data = ["--extension-data".as_ref(), "-".as_ref()];
    let repeat = create(&data, "{\"a\":1}");
    assert!(repeat.ends_with(same), "{repeat}");
    // In a shell the words behind # are a comment, and the line is the same request.
    let mut again = home.program("sh");
    again
        .args(["-c", &repeat])
        .account(&peer)
        .write_stdin("{\"a\":1}");
    assert_eq!(again.run().json()["error"]["repeat"], repeat);

    let odd = std::ffi::OsStr::from_bytes(b"l\xe9on it's.log");
    let repeat = create(&["--log-file".as_ref(), odd], "");
    assert!(!repeat.ends_with(same), "{repeat}");
    let mut again = home.program("bash");
    again.args(["-c", &repeat]).account(&peer);
    again.run().assert_code(30);
    let log = std::fs::read_to_string(home.path().join(odd)).unwrap();
    assert_eq!(log.lines().count(), 2, "both runs write into the one log");
    let requests = peer.requests();
    let id = |request: &str| header(request, "X-RequestIdentifier").map(str::to_owned);
    assert_eq!(id(&requests[0]), id(&requests[1]));
    assert_eq!(id(&requests[2]), id(&requests[3]));
}

#[test]
fn what_comes_next_follows_what_happened() {
    let read = |status: &str, more: &[&str]| {
        let body = entitlement(&json!({"status": status, "entitlementId": "ent-1"})).to_string();
        let server = Server::answering(http(200, &[], body));
        let home = Home::new();
        let mut command = home.client(&server);
        let outcome = run(command
            .args(["wait", "ent-1", "--timeout", "1s"])
            .args(more));
        (outcome.code, outcome.stderr)
    };
    for (status, more, code, said) in [
        ("PENDING", &[][..], 8, "bango-ent activation-url ent-1"),
        ("SUSPENDED", &[], 8, "bango-ent resume ent-1"),
        ("ACTIVE-ENDING", &[], 8, "bango-ent wait ent-1 --for ACTIVE"),
        (
            "ACTIVE",
            &["--for", "REVOKED"],
            8,
            "bango-ent wait ent-1 --for REVOKED",
        ),
        ("CANCELLED", &[], 9, "it ended"),
    ] {
        let (ended, stderr) = read(status, more);
        assert_eq!(ended, code, "{stderr}");
        assert!(stderr.contains(said), "{status}: {stderr}");
        let to_page = stderr.contains("registration");
        assert_eq!(to_page, status == "PENDING", "{status}: {stderr}");
        assert!(!stderr.contains("FAILED"), "{stderr}");
    }
}

#[cfg(unix)]
#[test]
fn a_hint_fits_the_answer_and_the_command() {
    let refusal = |status, code: &str, message: &str| {
        let body = json!({"responseCode": code, "responseMessage": message});
        Server::answering(http(status, &[], body.to_string()))
    };
    let unsafe_page = json!({
        "responseCode": "CLIENT_ACTION_REQUIRED", "status": "PENDING",
        "parameters": {"action": "NAVIGATE_TO_URL", "url": "javascript:1"},
    });
    let unsafe_page = Server::answering(http(202, &[], entitlement(&unsafe_page).to_string()));
    let invalid = refusal(
        400,
        "BAD_REQUEST",
        "parameter 'merchantAccountKey' is invalid",
    );
    let conflict = refusal(409, "CONFLICT", "it is SUSPENDED");
    let nothing = Server::answering(http(404, &[], ""));
    for (server, words, said, unsaid) in [
        (&invalid, "create", "case matters", "already has"),
        (
            &conflict,
            "suspend ent-1",
            "bango-ent get ent-1",
            "read the entitlement and",
        ),
        (
            &unsafe_page,
            "create",
            "bango-ent activation-url",
            "the action means",
        ),
        (
            &nothing,
            "api GET /v1/entitlement/x",
            "ends in /v1 already",
            "credentials",
        ),
    ] {
        let home = Home::new();
        let mut command = home.client(server);
        match words {
            "create" => command.args(CREATE),
            words => command.args(words.split(' ')),
        };
        let outcome = run(&mut command);
        assert_ne!(outcome.code, 0, "{words}");
        assert!(outcome.stderr.contains(said), "{words}: {}", outcome.stderr);
        assert!(
            !outcome.stderr.contains(unsaid),
            "{words}: {}",
            outcome.stderr
        );
    }
    // Nothing is set up, or no profile is chosen.
    let home = Home::new();
    let outcome = run(home.bango_ent().args(CREATE));
    outcome.assert_code(3);
    assert!(outcome.stderr.contains("--sandbox"), "{}", outcome.stderr);
    home.write(
        ".config/bango-ent/config.toml",
        "[profiles.q]\nusername = 'u'\n",
    );
    let outcome = run(home.bango_ent().arg("echo"));
    outcome.assert_code(3);
    assert!(
        outcome.stderr.contains("bango-ent profile use q"),
        "{}",
        outcome.stderr
    );
    // An interrupted read names no command that is not there.
    let silent = Server::start(Connection::hang);
    let running = home.client(&silent).args(["get", "e"]).start();
    wait_until("a request", || silent.connections() > 0);
    std::thread::sleep(std::time::Duration::from_millis(300));
    running.signal(rustix::process::Signal::INT);
    let ended = running.end();
    ended.assert_code(130);
    assert!(
        ended
            .stderr
            .contains("run it again; reading changes nothing"),
        "{}",
        ended.stderr
    );
}
