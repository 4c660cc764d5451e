//! A person at a terminal: questions, colours, and the width of the window.

use insta::assert_snapshot;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::cli::{CREATE, Home, Outcome, run};
use crate::support::pty::Screen;
use crate::support::sandbox::Sandbox;
use crate::support::server::{Server, entitlement, http, pending};

const CONFIG: &str = ".config/bango-ent/config.toml";

fn body(peer: &Server) -> Value {
    let [request] = peer.requests().try_into().unwrap();
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

/// What a person reads, without the sequences that colour it and move the cursor.
fn plain(shown: &str) -> String {
    anstream::adapter::strip_str(shown).to_string()
}

#[test]
fn what_is_missing_is_asked_for() {
    let (home, peer) = (Home::new(), Server::active());
    let screen = Screen::start(home.client(&peer).args(["create"]), 80);
    for (question, answer) in [
        ("User", "cust-1"),
        ("Merchant", "BANGO"),
        ("Product", "BangoMusic"),
    ] {
        screen.wait_for(question);
        screen.type_text(answer);
        screen.type_text("\r");
    }
    let ended = screen.end();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert_eq!(
        body(&peer),
        json!({"customerIdentifier": "cust-1", "merchantAccountKey": "BANGO", "productKey": "BangoMusic"})
    );
}

#[test]
fn the_profiles_values_are_offered_and_taken_by_enter() {
    let (home, peer) = (Home::new(), Server::active());
    home.write(
        CONFIG,
        "default_profile = 'p'\n[profiles.p]\nmerchant = 'BANGO'\nproduct = 'BangoMusic'\n",
    );
    let screen = Screen::start(home.client(&peer).args(["create"]), 80);
    screen.wait_for("User");
    screen.type_text("cust-1\r");
    screen.wait_for("Merchant (merchantAccountKey)");
    screen.wait_for("BANGO");
    screen.type_text("\r");
    screen.wait_for("BangoMusic");
    screen.type_text("Other\r");
    let ended = screen.end();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert_eq!(
        body(&peer),
        json!({"customerIdentifier": "cust-1", "merchantAccountKey": "BANGO", "productKey": "Other"})
    );
}

#[test]
fn the_sandboxs_test_merchant_is_offered_and_taken_by_enter() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let (_, port) = sandbox.origin.rsplit_once(':').unwrap();
    let home = Home::new();
    let mut create = home.bango_ent();
    create.env("BANGO_SANDBOX_PORT", port);
    create.args(["--sandbox", "create", "--no-browser"]);
    let screen = Screen::start(&mut create, 80);
    screen.wait_for("User");
    screen.type_text("cust-1\r");
    screen.wait_for("BANGO");
    screen.type_text("\r");
    screen.wait_for("BangoMusic");
    screen.type_text("\r");
    screen.wait_for("/register/");
    assert_eq!(screen.end().code, 0);
}

#[test]
fn nothing_is_asked_that_the_flags_and_the_profile_say() {
    let (home, peer) = (Home::new(), Server::active());
    home.write(
        CONFIG,
        "default_profile = 'p'\n[profiles.p]\nmerchant = 'BANGO'\nproduct = 'BangoMusic'\n",
    );
    let screen = Screen::start(home.client(&peer).args(["create", "--user", "cust-1"]), 80);
    assert_eq!(screen.end().code, 0);
    assert_eq!(body(&peer)["merchantAccountKey"], "BANGO");
}

#[test]
fn a_wrong_answer_is_told_and_asked_for_again() {
    let (home, peer) = (Home::new(), Server::active());
    let arguments = ["create", "--merchant", "BANGO", "--product", "BangoMusic"];
    let screen = Screen::start(home.client(&peer).args(arguments), 80);
    screen.wait_for("User");
    screen.type_text("..\r");
    screen.wait_for("it cannot be a path step");
    screen.type_text("  \r");
    screen.wait_for("it is empty");
    screen.type_text("cust-1\r");
    assert_eq!(screen.end().code, 0);
    assert_eq!(body(&peer)["customerIdentifier"], "cust-1");
}

#[test]
fn an_answer_stands_in_the_command_that_repeats_the_request() {
    let home = Home::new();
    let peer = Server::start(|mut connection| {
        connection.request();
    });
    let arguments = [
        "create",
        "--retries",
        "0",
        "--merchant",
        "BANGO",
        "--product",
        "BangoMusic",
    ];
    let screen = Screen::start(home.client(&peer).args(arguments), 200);
    screen.wait_for("User");
    screen.type_text("it's me\r");
    let ended = screen.end();
    assert_eq!(ended.code, 30);
    assert!(
        ended.screen.contains(r#" --user "it's me" --request-id "#),
        "{}",
        ended.screen
    );
}

#[test]
fn an_interrupt_at_a_question_ends_in_order_and_sends_nothing() {
    let interrupts: [fn(&Screen); 3] = [
        |screen| screen.type_text("\u{3}"),
        |screen| screen.signal(Signal::INT),
        |screen| screen.signal(Signal::TERM),
    ];
    for interrupt in interrupts {
        let (home, peer) = (Home::new(), Server::active());
        let screen = Screen::start(home.client(&peer).args(["create"]), 80);
        screen.wait_for("User");
        screen.wait_for_keys();
        interrupt(&screen);
        let ended = screen.end();
        assert_eq!(ended.code, 130, "{}", ended.screen);
        assert!(
            plain(&ended.screen).contains("\nerror: interrupted; nothing was sent\n"),
            "{}",
            ended.screen
        );
        assert_eq!(peer.connections(), 0);
    }
}

#[test]
fn an_interrupt_at_a_question_is_one_json_document() {
    let (home, peer) = (Home::new(), Server::active());
    let mut command = home.client(&peer);
    command.args(["create", "--json"]);
    let screen = Screen::start(command.stdout(std::process::Stdio::piped()), 80);
    screen.wait_for("User");
    screen.wait_for_keys();
    screen.type_text("\u{3}");
    let ended = screen.end();
    assert_eq!(ended.code, 130);
    let document: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(document["error"]["code"], "INTERRUPTED");
    assert_eq!(document["error"]["outcome"], "not_sent");
}

fn shown(settings: &[(&str, &str)], more: &[&str], columns: u16, answer: &Value) -> Outcome {
    let home = Home::new();
    let peer = Server::answering(http(202, &[], answer.to_string()));
    let mut command = home.client(&peer);
    command.args(CREATE).args(more);
    command.envs(settings.iter().copied());
    Screen::start(&mut command, columns).end()
}

#[test]
fn colours_are_for_terminals_that_take_them() {
    let record = entitlement(&json!({}));
    let colored = "\u{1b}[1m\u{1b}[32mACTIVE";
    for (settings, more, expected) in [
        (&[][..], &[][..], true),
        (&[("NO_COLOR", "1")], &[], false),
        (&[("TERM", "dumb")], &[], false),
        (&[("CLICOLOR", "0")], &[], false),
        (&[], &["--color", "never"], false),
        (&[("NO_COLOR", "1")], &["--color", "always"], true),
    ] {
        let ended = shown(settings, more, 80, &record);
        assert_eq!(ended.code, 0, "{}", ended.screen);
        assert_eq!(
            ended.screen.contains(colored),
            expected,
            "{settings:?} {more:?}: {:?}",
            ended.screen
        );
        assert_eq!(
            ended.screen.contains('\u{1b}'),
            expected,
            "{settings:?} {more:?}: {:?}",
            ended.screen
        );
    }
}

#[test]
fn a_pipe_is_coloured_only_on_demand() {
    let home = Home::new();
    for (settings, more, expected) in [
        (&[][..], &[][..], false),
        (&[("CLICOLOR_FORCE", "1")], &[], true),
        (&[], &["--color", "always"], true),
        (&[("CLICOLOR_FORCE", "1")], &["--color", "never"], false),
        (&[], &["--color", "always", "--json"], false),
    ] {
        let peer = Server::active();
        let mut command = home.client(&peer);
        let outcome = run(command
            .args(CREATE)
            .args(more)
            .envs(settings.iter().copied()));
        assert_eq!(
            outcome.stdout.contains('\u{1b}'),
            expected,
            "{settings:?} {more:?}: {}",
            outcome.stdout
        );
    }
}

#[test]
fn the_registration_url_is_whole_and_alone_on_its_line_in_a_narrow_window() {
    let url = format!(
        "https://merchant.example/register?token={}",
        "a1".repeat(60)
    );
    for columns in [40, 80] {
        let ended = shown(
            &[],
            &["--no-browser", "--color", "never"],
            columns,
            &pending(&url),
        );
        assert_eq!(ended.code, 0);
        assert!(
            ended.screen.lines().any(|line| line == url),
            "{}",
            ended.screen
        );
    }
    let mut answer = pending("https://merchant.example/register?token=abc");
    answer["dateCreated"] = serde_json::Value::Null;
    let ended = shown(
        &[("NO_COLOR", "1")],
        &["--no-browser", "--request-id", "order-77"],
        40,
        &answer,
    );
    assert_snapshot!(ended.screen, @r"
    Entitlement
      9d6b3a3e-0000-4000-8000-000000000001
    Status              PENDING
    Customer            cust-1
    Merchant            BANGO
    Product             BangoMusic
    Request identifier  order-77

    The user registers here:
    https://merchant.example/register?token=abc
    note: no notification URL was given;
      unless your account has a default one,
      only reading it shows the activation:
      bango-ent wait does
    ");
}
