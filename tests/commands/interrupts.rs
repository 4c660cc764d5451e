//! Ctrl-C and SIGTERM at every stage: exit code 130, and the truth about what was sent.

use std::sync::mpsc;
use std::time::Duration;

use insta::assert_snapshot;
use rustix::process::Signal;
use serde_json::json;

use crate::support::cli::{CREATE, Home, Running, wait_until};
use crate::support::server::{Server, header, http};

/// A server that takes a request and never answers, and word of each request.
fn silent() -> (Server, mpsc::Receiver<()>) {
    let (sender, requests) = mpsc::channel();
    let peer = Server::start(move |mut connection| {
        connection.request();
        sender.send(()).unwrap();
        connection.hang();
    });
    (peer, requests)
}

fn start(home: &Home, peer: &Server, more: &[&str]) -> Running {
    home.client(&peer).args(CREATE).args(more).start()
}

#[test]
fn an_interrupt_during_a_request_shows_how_to_repeat_it() {
    let (home, (peer, requests)) = (Home::new(), silent());
    let running = start(&home, &peer, &[]);
    requests.recv().unwrap();
    running.signal(Signal::INT);
    assert_snapshot!(running.end().shown(), @r"
    exit code: 130
    ----- stdout -----
    ----- stderr -----
    error: interrupted while the request was under way; Bango may or may not have acted on it
      what next: run the command that the message shows, if it shows one
      request identifier: [UUID]
      repeat it safely: bango-ent create --user cust-1 --merchant BANGO --product BangoMusic --request-id [UUID]
    ");
}

#[test]
fn in_json_an_interrupt_is_one_document_for_either_signal() {
    for signal in [Signal::INT, Signal::TERM] {
        let (home, (peer, requests)) = (Home::new(), silent());
        let running = start(&home, &peer, &["--json"]);
        requests.recv().unwrap();
        running.signal(signal);
        let outcome = running.end();
        assert_eq!(outcome.code, 130, "{signal:?}");
        let error = outcome.json()["error"].take();
        assert_eq!(error["code"], "INTERRUPTED");
        assert_eq!(error["outcome"], "unknown");
        assert_eq!(error["exitCode"], 130);
        let identifier = error["requestIdentifier"].as_str().unwrap();
        assert_eq!(
            header(&peer.requests()[0], "X-RequestIdentifier"),
            Some(identifier)
        );
        let repeat = error["repeat"].as_str().unwrap();
        assert!(
            repeat.ends_with(&format!("--request-id {identifier}")),
            "{repeat}"
        );
        assert_eq!(peer.requests().len(), 1, "it is not repeated");
    }
}

#[test]
fn an_interrupt_during_the_wait_for_a_retry_ends_it_and_says_what_is_known() {
    for (status, code, outcome, words) in [
        (
            503,
            "SERVICE_UNAVAILABLE",
            "refused",
            "Bango had not acted on it",
        ),
        (
            500,
            "INTERNAL_ERROR",
            "unknown",
            "may or may not have acted",
        ),
    ] {
        let home = Home::new();
        let body = json!({"responseCode": code}).to_string();
        let peer = Server::answering(http(status, &["Retry-After: 40"], body));
        let running = start(&home, &peer, &["--json"]);
        running.wait_for("; retry 1 of 3 in 40.0 s");
        running.signal(Signal::INT);
        let ended = running.end();
        let took = ended.took;
        assert_eq!(ended.code, 130);
        assert!(took < Duration::from_secs(20), "{took:?}");
        let error = ended.json()["error"].take();
        assert_eq!(
            (&error["code"], &error["outcome"]),
            (&json!("INTERRUPTED"), &json!(outcome))
        );
        assert!(
            error["message"].as_str().unwrap().contains(words),
            "{error}"
        );
        assert!(error["repeat"].is_string(), "{error}");
        assert_eq!(peer.requests().len(), 1);
    }
}

#[test]
fn an_interrupt_before_the_request_sends_nothing() {
    let home = Home::new();
    // It accepts connections and makes no handshake, so that no request can leave.
    let (sender, connections) = mpsc::channel();
    let peer = Server::start(move |connection| {
        sender.send(()).unwrap();
        connection.hang();
    });
    let base_url = peer.base_url().replace("http:", "https:");
    let running = home.client(&base_url).args(CREATE).arg("--json").start();
    connections.recv().unwrap();
    running.signal(Signal::INT);
    let outcome = running.end();
    assert_eq!(outcome.code, 130, "{}", outcome.stderr);
    let error = outcome.json()["error"].take();
    assert_eq!(
        (&error["code"], &error["outcome"]),
        (&json!("INTERRUPTED"), &json!("not_sent"))
    );
}

/// What an interrupt leaves when nothing had been sent.
fn sent_nothing(running: Running, peer: &Server) {
    running.signal(Signal::INT);
    let outcome = running.end();
    let took = outcome.took;
    assert_eq!(outcome.code, 130, "{}", outcome.stderr);
    assert!(took < Duration::from_secs(8), "{took:?}");
    let error = outcome.json()["error"].take();
    assert_eq!(
        (&error["code"], &error["outcome"]),
        (&json!("INTERRUPTED"), &json!("not_sent"))
    );
    assert!(peer.requests().is_empty());
}

#[test]
fn an_interrupt_while_the_password_is_fetched_sends_nothing() {
    let (home, (peer, _requests)) = (Home::new(), silent());
    home.write(
        ".config/bango-ent/config.toml",
        "[profiles.p]\nusername = 'u'\npassword_command = ['sh', '-c', 'touch asked; exec sleep 10 2>&-']\n",
    );
    home.profiles_are_for(&peer.base_url());
    let mut command = home.client(&peer);
    command.env_remove("BANGO_PASSWORD");
    let running = command
        .args(CREATE)
        .args(["--profile", "p", "--json"])
        .start();
    wait_until("the command", || home.path().join("asked").exists());
    sent_nothing(running, &peer);
}

#[test]
fn an_interrupt_that_ends_the_password_command_first_is_an_interrupt() {
    let (home, (peer, _requests)) = (Home::new(), silent());
    home.write(
        ".config/bango-ent/config.toml",
        "[profiles.p]\nusername = 'u'\npassword_command = ['sh', '-c', 'kill -INT $PPID; exit 1']\n",
    );
    home.profiles_are_for(&peer.base_url());
    for _ in 0..10 {
        let mut command = home.client(&peer);
        command.env_remove("BANGO_PASSWORD");
        let running = command
            .args(CREATE)
            .args(["--profile", "p", "--json"])
            .start();
        let outcome = running.end();
        assert_eq!(outcome.code, 130, "{}", outcome.stderr);
        assert_eq!(outcome.json()["error"]["code"], "INTERRUPTED");
    }
}

#[test]
fn an_interrupt_while_data_is_read_sends_nothing() {
    let (home, (peer, _requests)) = (Home::new(), silent());
    let pipe = home.path().join("data");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let running = start(&home, &peer, &["--extension-data", "@data", "--json"]);
    // It can be opened once the other end is.
    let writer = std::fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    sent_nothing(running, &peer);
    drop(writer);
}

#[cfg(target_os = "linux")]
#[test]
fn a_second_interrupt_ends_a_process_that_cannot_end_in_order() {
    let (home, (peer, requests)) = (Home::new(), silent());
    // The error document does not fit into a pipe that is full and not read.
    let (reader, mut writer) = std::io::pipe().unwrap();
    let size = rustix::pipe::fcntl_getpipe_size(&writer).unwrap();
    std::io::Write::write_all(&mut writer, &vec![b' '; size]).unwrap();
    let mut command = home.client(&peer);
    let mut running = command.args(CREATE).arg("--json").stdout(writer).start();
    requests.recv().unwrap();
    running.signal(Signal::INT);
    running.wait_for("interrupted while the request was under way");
    // Pressed until it ends: two that come at once count as one.
    wait_until("the end of the process", || {
        running.signal(Signal::INT);
        running.has_ended()
    });
    assert_eq!(running.end().code, 130);
    drop(reader);
}
