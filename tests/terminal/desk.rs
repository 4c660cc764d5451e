//! The commands after create as somebody at a desk uses them: questions before an end, ages, spinners, colours.

use std::time::{Duration, Instant};

use httpmock::{Method, MockServer};
use rustix::process::Signal;
use serde_json::json;

use crate::support::cli::{Home, Outcome};
use crate::support::pty::Screen;
use crate::support::sandbox::Sandbox;
use crate::support::server::{Connection, Server, entitlement, http};

const ID: &str = "ent-1";

fn start(home: &Home, server: &MockServer, arguments: &[&str], columns: u16) -> Screen {
    Screen::start(home.client(&server.url("/v1")).args(arguments), columns)
}

/// An entitlement to read, and a count of the requests that end it.
fn server() -> (MockServer, usize) {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.method(Method::GET);
        then.status(200).json_body(entitlement(
            &json!({"entitlementId": ID, "productKey": "Bango\u{1b}[2JMusic"}),
        ));
    });
    let ending = server.mock(|when, then| {
        when.method(Method::POST);
        then.status(200).json_body(entitlement(
            &json!({"entitlementId": ID, "status": "REVOKED"}),
        ));
    });
    let id = ending.id();
    (server, id)
}

fn ended_requests(server: &MockServer, mock: usize) -> usize {
    httpmock::Mock::new(mock, server).calls()
}

const CANCEL: [&str; 4] = ["cancel", ID, "--reason", "CUSTOMER_CANCELLED/OTHER"];
const REVOKE: [&str; 4] = ["revoke", ID, "--reason", "REVOKED/FRAUD"];

#[test]
fn cancel_shows_whose_entitlement_it_is_and_takes_y_and_enter() {
    let (home, (server, mock)) = (Home::new(), server());
    let screen = start(&home, &server, &CANCEL, 100);
    screen.wait_for("of BANGO for user cust-1 (ACTIVE): access ends with the paid period");
    screen.wait_for_keys();
    screen.type_text("y\r");
    let ended = screen.end();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert!(
        !ended.screen.contains("\u{1b}[2J"),
        "the product's escape came through: {:?}",
        ended.screen
    );
    assert_eq!(ended_requests(&server, mock), 1);
}

#[test]
fn cancel_takes_enter_for_no_and_sends_nothing() {
    let (home, (server, mock)) = (Home::new(), server());
    let screen = start(&home, &server, &CANCEL, 100);
    screen.wait_for("Cancel it?");
    screen.wait_for_keys();
    screen.type_text("\r");
    let ended = screen.end();
    assert_eq!(ended.code, 4, "{}", ended.screen);
    assert!(
        ended.screen.contains("not confirmed; nothing was changed"),
        "{}",
        ended.screen
    );
    assert_eq!(ended_requests(&server, mock), 0);
}

#[test]
fn revoke_wants_the_id_typed() {
    for (typed, code, sent) in [
        ("ent-1\r", 0, 1),
        ("y\r", 4, 0),
        ("\r", 4, 0),
        ("ent-10\r", 4, 0),
    ] {
        let (home, (server, mock)) = (Home::new(), server());
        let screen = start(&home, &server, &REVOKE, 200);
        screen.wait_for("Type ent-1 to confirm");
        screen.wait_for_keys();
        screen.type_text(typed);
        let ended = screen.end();
        assert_eq!(ended.code, code, "{typed:?}: {}", ended.screen);
        assert_eq!(ended_requests(&server, mock), sent, "{typed:?}");
    }
}

#[test]
fn an_interrupt_at_a_question_changes_nothing_and_leaves_the_cursor_visible() {
    let interrupts: [fn(&Screen); 2] = [
        |screen| screen.type_text("\u{3}"),
        |screen| screen.signal(Signal::TERM),
    ];
    for (arguments, question) in [
        (&CANCEL[..], "Cancel it?"),
        (&["cancel", ID, "--yes"], "Why cancel it?"),
    ] {
        for interrupt in interrupts {
            let (home, (server, mock)) = (Home::new(), server());
            let screen = start(&home, &server, arguments, 100);
            screen.wait_for(question);
            screen.wait_for_keys();
            interrupt(&screen);
            let ended = screen.end();
            assert_eq!(ended.code, 130, "{}", ended.screen);
            let (hidden, visible) = ("\u{1b}[?25l", "\u{1b}[?25h");
            assert!(
                ended.screen.rfind(visible) > ended.screen.rfind(hidden),
                "{:?}",
                ended.screen
            );
            assert_eq!(ended_requests(&server, mock), 0);
        }
    }
}

#[test]
fn a_reason_that_looks_like_a_slip_is_asked_about_and_enter_takes_the_listed_one() {
    let slip = ["cancel", ID, "--yes", "--reason", "REVOKED/FRUAD"];
    for (keys, code) in [("\r", "FRAUD"), ("\u{1b}[B\r", "FRUAD")] {
        let (home, server) = (Home::new(), MockServer::start());
        let ending = server.mock(|when, then| {
            when.method(Method::POST)
                .json_body_includes(json!({"cancelReasonCode": code}).to_string());
            then.status(200).json_body(entitlement(
                &json!({"entitlementId": ID, "status": "REVOKED"}),
            ));
        });
        let screen = start(&home, &server, &slip, 100);
        screen.wait_for("REVOKED/FRUAD is no reason that Bango lists. Send");
        screen.wait_for_keys();
        screen.type_text(keys);
        let ended = screen.end();
        assert_eq!(ended.code, 0, "{}", ended.screen);
        ending.assert_calls(1);
    }
}

#[test]
fn one_y_ends_nothing_before_enter() {
    let (home, (server, mock)) = (Home::new(), server());
    let screen = start(&home, &server, &CANCEL, 100);
    screen.wait_for("Cancel it?");
    screen.wait_for_keys();
    screen.type_text("y");
    screen.wait_for("yes");
    screen.type_text("\u{3}");
    assert_eq!(screen.end().code, 130);
    assert_eq!(ended_requests(&server, mock), 0);
}

#[test]
fn a_missing_reason_is_offered_with_its_meaning_and_those_that_fit_come_first() {
    for (command, first) in [
        ("cancel", "CUSTOMER_CANCELLED/NOT_RENEWED"),
        ("revoke", "REVOKED/ACCOUNT_TERMINATED"),
    ] {
        let (home, (server, mock)) = (Home::new(), server());
        let screen = start(&home, &server, &[command, ID, "--yes"], 100);
        screen.wait_for("REVOKED/FRAUD  fraud");
        screen.wait_for_keys();
        screen.type_text("\r");
        let ended = screen.end();
        assert_eq!(ended.code, 0, "{}", ended.screen);
        let chosen = format!("Why {command} it? {first}  ");
        assert!(ended.screen.contains(&chosen), "{}", ended.screen);
        assert_eq!(ended_requests(&server, mock), 1);
    }
}

#[test]
fn escape_leaves_a_list_of_choices_and_nothing_is_sent() {
    let (home, (server, mock)) = (Home::new(), server());
    let screen = start(&home, &server, &["cancel", ID, "--yes"], 100);
    screen.wait_for("REVOKED/OTHER");
    screen.wait_for_keys();
    screen.type_text("\u{1b}");
    assert_eq!(screen.end().code, 130);
    assert_eq!(ended_requests(&server, mock), 0);
}

#[test]
fn nothing_is_asked_about_an_entitlement_that_is_not_there() {
    for command in ["cancel", "revoke"] {
        let (home, server) = (Home::new(), MockServer::start());
        server.mock(|when, then| {
            when.any_request();
            then.status(404)
                .json_body(json!({"responseCode": "NOT_FOUND"}));
        });
        let ended = start(&home, &server, &[command, ID], 100).end();
        assert_eq!(ended.code, 14, "{}", ended.screen);
        assert!(!ended.screen.contains("Why "), "{}", ended.screen);
    }
}

fn listed(columns: u16) -> Outcome {
    let (home, server) = (Home::new(), MockServer::start());
    let created = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(50);
    server.mock(|when, then| {
        when.any_request();
        then.status(200)
            .json_body(json!({"responseCode": "OK", "entitlements": [
            entitlement(&json!({"dateCreated": created.to_string()}))]}));
    });
    start(
        &home,
        &server,
        &["list", "--user", "cust-1", "--color", "never"],
        columns,
    )
    .end()
}

#[test]
fn a_list_has_ages_and_whole_ids_at_every_width() {
    for columns in [40, 60, 80, 120] {
        let ended = listed(columns);
        assert_eq!(ended.code, 0);
        assert!(ended.screen.contains("2 d ago"), "{}", ended.screen);
        assert!(
            ended
                .screen
                .contains("9d6b3a3e-0000-4000-8000-000000000001"),
            "{}",
            ended.screen
        );
        assert!(
            ended
                .screen
                .lines()
                .all(|line| line.chars().count() <= columns.into()),
            "{}",
            ended.screen
        );
    }
}

#[test]
fn a_list_is_a_table_at_eighty_columns_and_names_what_a_narrower_one_leaves_out() {
    for (columns, heading, note) in [
        (
            80,
            &["Entitlement", "Status", "Merchant", "Product", "Created"][..],
            "",
        ),
        (
            70,
            &["Entitlement", "Status", "Product", "Created"],
            "A wider window shows Merchant too.",
        ),
    ] {
        let screen = listed(columns).screen;
        let line = screen.lines().find(|line| line.starts_with("Entitlement"));
        let words: Vec<_> = line.unwrap().split_whitespace().collect();
        assert_eq!(words, heading, "{screen}");
        assert!(screen.contains(note), "{screen}");
        assert_eq!(
            screen.contains("wider window"),
            !note.is_empty(),
            "{screen}"
        );
    }
}

#[test]
fn every_failure_code_is_the_same_at_a_terminal() {
    for (status, code, exit) in [
        (400, "BAD_REQUEST", 10),
        (401, "UNAUTHORIZED", 11),
        (400, "NOT_AVAILABLE", 12),
        (409, "ALREADY_EXISTS", 13),
        (404, "NOT_FOUND", 14),
        (409, "CONFLICT", 15),
        (429, "TOO_MANY_REQUESTS", 20),
        (500, "INTERNAL_ERROR", 21),
        (503, "SERVICE_UNAVAILABLE", 22),
        (200, "SOMETHING_NEW", 30),
    ] {
        let (home, server) = (Home::new(), MockServer::start());
        server.mock(|when, then| {
            when.any_request();
            then.status(status)
                .json_body(json!({"responseCode": code, "responseMessage": "why"}));
        });
        let end = ["--retries", "0"];
        for arguments in [
            &["create", "--user", "u", "--merchant", "m", "--product", "p"][..],
            &["get", ID],
            &["list", "--user", "u"],
            &["update", ID, "--product", "p"],
            &["suspend", ID],
            &["resume", ID],
            &["cancel", ID, "-y", "--reason", "REVOKED/ERROR"],
            &["revoke", ID, "-y", "--reason", "REVOKED/ERROR"],
            &["activation-url", ID],
            &["echo"],
            &["api", "GET", "x"],
        ] {
            let ended = start(&home, &server, &[arguments, &end].concat(), 80).end();
            assert_eq!(ended.code, exit, "{arguments:?} {code}: {}", ended.screen);
        }
    }
}

#[test]
fn a_wait_can_be_watched_and_interrupted() {
    let (home, server) = (Home::new(), MockServer::start());
    server.mock(|when, then| {
        when.any_request();
        then.status(200)
            .json_body(entitlement(&json!({"status": "PENDING"})));
    });
    let screen = start(&home, &server, &["wait", ID, "--interval", "1s"], 100);
    screen.wait_for("waiting for ACTIVE: PENDING");
    screen.wait_for("(1s)");
    screen.type_text("\u{3}");
    let ended = screen.end();
    assert_eq!(ended.code, 130);
    assert!(
        ended
            .screen
            .contains("the entitlement was PENDING when it was last read"),
        "{}",
        ended.screen
    );
}

#[test]
fn a_dumb_terminal_gets_a_plain_line_for_each_change() {
    let (home, server) = (Home::new(), MockServer::start());
    server.mock(|when, then| {
        when.any_request();
        then.status(200)
            .json_body(entitlement(&json!({"status": "PENDING"})));
    });
    let mut command = home.client(&server.url("/v1"));
    command.env("TERM", "dumb");
    let screen = Screen::start(command.args(["wait", ID, "--interval", "1s"]), 100);
    screen.wait_for("note: waiting for ACTIVE: PENDING");
    screen.signal(Signal::INT);
    let ended = screen.end();
    assert_eq!(ended.code, 130);
    assert!(
        !ended.screen.contains(['\r', '\u{1b}']),
        "{:?}",
        ended.screen
    );
}

#[test]
fn rows_on_the_terminal_do_not_run_into_the_bar() {
    let (home, server) = (Home::new(), MockServer::start());
    server.mock(|when, then| {
        when.any_request();
        then.status(200).json_body(entitlement(&json!({
            "responseMessage": "\u{1b}[2Jdone",
            "customerIdentifier": null,
        })));
    });
    let rows: Vec<_> = (0..200).map(|n| format!("user-{n},M,P")).collect();
    home.write(
        "rows.csv",
        format!("user,merchant,product\n{}\n", rows.join("\n")),
    );
    let ended = start(
        &home,
        &server,
        &["batch", "rows.csv", "--results", "-"],
        100,
    )
    .end();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert!(ended.screen.contains('█'), "{:?}", ended.screen);
    let lines = || ended.screen.lines().filter(|line| line.contains(",done,"));
    assert_eq!(lines().count(), 200);
    for line in lines() {
        // What stood in the line before is cleared first.
        let row = line.rsplit("\r\u{1b}[2K").next().unwrap();
        assert!(row.starts_with("user-"), "{line:?}");
        assert!(!row.contains('\u{1b}'), "{line:?}");
    }
}

#[test]
fn a_termination_of_five_seconds_is_seen_by_wait() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let created = sandbox.create("alice", "SANDBOX", "SLOW_TERMINATION");
    let id = created.text("entitlementId");
    let home = Home::new();
    let tool = |arguments: &[&str]| {
        let mut command = home.bango_ent();
        command
            .args(arguments)
            .env("BANGO_USERNAME", "sandbox")
            .env("BANGO_PASSWORD", "sandbox");
        crate::support::cli::run(command.env("BANGO_BASE_URL", format!("{}/v1", sandbox.origin)))
    };
    let accepted = tool(&["revoke", &id, "--reason", "REVOKED/FRAUD", "--yes"]);
    assert!(
        accepted
            .stdout
            .starts_with("Result\taccepted, the merchant revokes it later"),
        "{}",
        accepted.stdout
    );
    let start = Instant::now();
    let waited = tool(&[
        "wait",
        &id,
        "--for",
        "REVOKED",
        "--interval",
        "200ms",
        "--timeout",
        "30s",
        "--json",
    ]);
    assert_eq!(
        (waited.code, waited.json()["status"].as_str()),
        (0, Some("REVOKED"))
    );
    assert!(
        start.elapsed() > Duration::from_secs(3),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(
        tool(&["revoke", &id, "--reason", "REVOKED/FRAUD", "--yes"]).code,
        15
    );
}

#[test]
fn whatever_waits_for_an_answer_shows_it_after_a_second() {
    let peer = Server::start(Connection::hang);
    let commands = [
        "create --user u --merchant M --product P",
        "get e",
        "get e1 e2",
        "list --user u",
        "update e --product P",
        "suspend e",
        "cancel e --reason REVOKED/FRAUD",
        "wait e",
        "activation-url e",
        "api GET x",
        "echo",
        "doctor",
        "auth status --check",
        "auth login --username u --password-command echo --base-url URL",
    ];
    std::thread::scope(|scope| {
        for words in commands {
            let peer = &peer;
            scope.spawn(move || {
                let home = Home::new();
                home.write("password", "secret");
                let words = words.replace("--password-command echo", "--password-file password");
                let words = words.replace("URL", &peer.base_url());
                let mut command = home.client(peer);
                let screen = Screen::start(command.args(words.split(' ')), 80);
                screen.wait_for("waiting for");
                screen.wait_for("(2s)");
                screen.type_text("\u{3}");
                assert_eq!(screen.end().code, 130, "{words}");
            });
        }
    });
}

#[test]
fn nothing_moves_on_a_dumb_terminal_while_a_batch_or_an_answer_takes_its_time() {
    for words in ["get e", "batch rows.csv"] {
        let home = Home::new();
        let peer = Server::replying(|_, _| {
            std::thread::sleep(Duration::from_millis(1_500));
            let body = entitlement(&json!({"customerIdentifier": "a"}));
            http(200, &[], body.to_string())
        });
        home.write("rows.csv", "user,merchant,product\na,BANGO,BangoMusic\n");
        let mut command = home.client(&peer);
        command.args(words.split(' ')).env("TERM", "dumb");
        let ended = Screen::start(&mut command, 80).end();
        assert_eq!(ended.code, 0, "{}", ended.screen);
        let moves = ended.screen.contains(['\r', '\u{1b}', '█', '░']);
        assert!(!moves, "{words}: {:?}", ended.screen);
    }
}

#[test]
fn a_question_stands_once_in_a_narrow_window_and_no_label_is_empty() {
    let (home, (server, _)) = (Home::new(), server());
    let screen = start(&home, &server, &CANCEL, 40);
    screen.wait_for("Cancel it?");
    screen.wait_for_keys();
    screen.type_text("n\r");
    let ended = screen.end();
    assert_eq!(ended.code, 4, "{}", ended.screen);
    // What is drawn again stands in the same line, after it was cleared.
    let questions = ended
        .screen
        .lines()
        .filter(|line| line.contains("Cancel it?"));
    assert_eq!(questions.count(), 1, "{:?}", ended.screen);
    let text =
        "default_profile = 'p'\n[profiles.p]\nusername = 'u'\n[profiles.q]\nusername = 'u'\n";
    home.write(".config/bango-ent/config.toml", text);
    let mut list = home.bango_ent();
    list.args(["profile", "list", "--color", "never"]);
    let listed = Screen::start(&mut list, 60).end();
    assert_eq!(
        listed.screen.matches("Note ").count(),
        1,
        "{}",
        listed.screen
    );
    assert!(
        listed.screen.lines().all(|line| !line.starts_with(' ')),
        "{}",
        listed.screen
    );
}
