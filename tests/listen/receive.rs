//! `listen` on the wire: what is shown, what is refused, how it ends.

use std::time::Duration;

use serde_json::json;

use rustix::process::Signal;

use crate::support::cli::{Home, run};
use crate::support::sandbox::{Listener, notification};

#[test]
fn a_notification_is_one_row_of_cells_in_a_pipe() {
    let (_home, listener) = Listener::start(&[]);
    let body = notification("e1", "ACTIVE", 1).to_string();
    assert_eq!(
        listener.send("POST", "/hook/42?id=7", &[], body.as_bytes()),
        200
    );
    let line = listener.line();
    let cells: Vec<_> = line.split('\t').collect();
    assert_eq!(
        cells[1..],
        [
            "METADATA_UPDATE",
            "ACTIVE",
            "e1",
            "cust-1",
            "BangoMusic",
            "/hook/42?id=7",
            ""
        ]
    );
    assert_eq!(cells[0].len(), "2026-11-23T04:00:00.000Z".len());
    let end = listener.interrupt();
    assert_eq!(end.code, 0, "{end:?}");
    assert!(end.stderr.contains("notifications received: 1"));
}

#[test]
fn json_keeps_every_field_and_says_where_it_was_sent() {
    let (_home, listener) = Listener::start(&["--json"]);
    let body = "{\n\"reason\": \"BRAND_NEW\", \"n\": 1.50, \"novelty\": {\"z\": [1], \"a\": \"\\u001b\"}\n}";
    assert_eq!(listener.send("POST", "/x?y=z", &[], body.as_bytes()), 200);
    let line = listener.line();
    assert!(line.contains(r#""novelty":{"z":[1],"a":"\u001b"}"#) && line.contains("1.50"));
    let shown: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(shown["target"], "/x?y=z");
    assert_eq!(shown["late"], false);
    assert_eq!(shown["notification"]["reason"], "BRAND_NEW");
}

#[test]
fn a_json_line_steers_no_terminal_and_is_one_line() {
    let (home, listener) = Listener::start(&["--json", "--save", "s.jsonl"]);
    let hostile = "\u{9b}31m\u{202e}\u{2028}\u{7f}";
    let body = json!({"reason": hostile, "entitlementId": "e1"});
    assert_eq!(listener.post(&body), 200);
    let line = listener.line();
    assert!(!line.contains(|c: char| hostile.contains(c) && !c.is_ascii_alphanumeric()));
    let shown: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(shown["notification"]["reason"], hostile);
    let saved = std::fs::read_to_string(home.path().join("s.jsonl")).unwrap();
    assert!(saved.contains(hostile), "the file keeps the bytes");
    // Also from the path, where nothing holds a sender to percent-encoding.
    let path = format!("/{}", hostile.replace('\u{7f}', ""));
    listener.send("POST", &path, &[], b"{\"entitlementId\":\"e2\"}");
    listener.send("POST", "/", &[], b"{\"entitlementId\":\"e3\"}");
    let end = listener.interrupt();
    for text in [end.stdout, end.stderr] {
        assert!(
            !text.contains(['\u{9b}', '\u{202e}', '\u{2028}']),
            "{text:?}"
        );
    }
}

#[test]
fn a_repetition_is_answered_and_not_shown_and_a_late_one_is_marked() {
    let (_home, listener) = Listener::start(&[]);
    for (status, second) in [("SUSPENDED", 9), ("SUSPENDED", 9), ("ACTIVE", 5)] {
        assert_eq!(listener.post(&notification("e1", status, second)), 200);
    }
    assert_eq!(listener.post(&notification("e2", "ACTIVE", 1)), 200);
    let shown: Vec<_> = (0..3).map(|_| listener.line()).collect();
    assert!(shown[0].contains("\tSUSPENDED\te1\t") && shown[0].ends_with('\t'));
    assert!(shown[1].contains("\tACTIVE\te1\t") && shown[1].ends_with("\tlate"));
    assert!(shown[2].contains("\tACTIVE\te2\t") && shown[2].ends_with('\t'));
    let end = listener.interrupt();
    assert!(end.stdout.is_empty());
    let tally = "note: notifications received: 3; late: 1; repetitions, not shown: 1";
    let told: Vec<_> = end.stderr.lines().collect();
    let deed = "note: each notification is shown; Ctrl-C ends it";
    assert_eq!(told, [deed, tally]);
}

#[test]
fn what_a_sender_writes_cannot_drive_a_terminal() {
    let (_home, listener) = Listener::start(&[]);
    let mut body = notification("e1\u{1b}]0;x\u{7}\n\t", "ACTIVE", 1);
    body["notificationReason"] = json!("\u{9b}31m\u{202e}");
    assert_eq!(listener.post(&body), 200);
    let line = listener.line();
    assert!(line.contains(r"\u{1b}]0;x\u{7}\u{a}\u{9}") && line.contains(r"\u{9b}31m\u{202e}"));
    assert_eq!(line.split('\t').count(), 8);
    assert_eq!(listener.send("POST", "/", &[], b"\x1b[31m"), 400);
    assert!(!listener.remark("answered with 400").contains('\u{1b}'));
}

#[test]
fn a_date_from_the_future_makes_no_other_one_late() {
    let home = Home::new();
    let arguments = ["--save", "s.jsonl", "--until", "e1=ACTIVE"];
    let listener = Listener::start_in(&home, &arguments, &[]);
    let mut poison = notification("e1", "PENDING", 1);
    poison["dateLastUpdated"] = json!("9999-12-30T00:00:00Z");
    assert_eq!(listener.post(&poison), 200);
    assert!(listener.line().ends_with('\t'), "shown, and not late");
    listener.remark(
        "METADATA_UPDATE of e1: dateLastUpdated is in the future; it is not used for ordering",
    );
    assert_eq!(listener.interrupt().code, 130);
    // The file does not bring it back.
    let listener = Listener::start_in(&home, &arguments, &[]);
    assert_eq!(listener.post(&notification("e1", "ACTIVE", 1)), 200);
    let end = listener.end();
    assert_eq!(end.code, 0, "{end:?}");
    assert!(end.lines()[0].ends_with('\t'), "{end:?}");
}

#[test]
fn the_same_content_for_another_place_is_no_repetition() {
    let (_home, listener) = Listener::start(&[]);
    let body = notification("e1", "ACTIVE", 1).to_string();
    for path in ["/copied", "/hook?id=7"] {
        assert_eq!(listener.send("POST", path, &[], body.as_bytes()), 200);
        assert!(listener.line().contains(path));
    }
}

#[test]
fn what_is_no_notification_is_refused_with_a_remark_and_not_shown() {
    let (_home, listener) = Listener::start(&[]);
    let big = vec![b' '; 1024 * 1024 + 1];
    for (method, headers, body, status) in [
        ("POST", vec![], &b"[]"[..], 400),
        ("POST", vec![], b"", 400),
        ("POST", vec![], b"{\"a\":\xff}", 400),
        ("POST", vec![("origin", "https://evil.example")], b"{}", 403),
        ("GET", vec![], b"", 405),
        ("PUT", vec![], b"{}", 405),
        ("OPTIONS", vec![], b"", 405),
        ("POST", vec![], &big, 413),
    ] {
        let answered = listener.send(method, "/any/path", &headers, body);
        assert_eq!(answered, status, "{method} {status}");
    }
    let almost = format!("{{\"a\":\"{}\"}}", "x".repeat(1024 * 1024 - 8));
    assert_eq!(listener.send("POST", "/", &[], almost.as_bytes()), 200);
    assert!(listener.line().contains("(no reason)"));
    let end = listener.interrupt();
    assert!(end.stdout.is_empty(), "{end:?}");
    assert!(end.stderr.contains("refused: 7"));
}

#[test]
fn only_who_proves_itself_is_let_in() {
    let pair = "MyOrganization:elephant-notepad-dancer";
    let basic = "Basic TXlPcmdhbml6YXRpb246ZWxlcGhhbnQtbm90ZXBhZC1kYW5jZXI=";
    for (kind, secret, good, bad) in [
        (
            "basic",
            pair,
            ("authorization", basic),
            ("authorization", "Basic eDp5"),
        ),
        (
            "api-key",
            "k-elephant",
            ("x-api-key", "k-elephant"),
            ("x-api-key", "k-elephan"),
        ),
        (
            "bearer",
            "t-elephant",
            ("authorization", "Bearer t-elephant"),
            ("authorization", "t-elephant"),
        ),
    ] {
        let home = Home::new();
        std::fs::write(home.path().join("secret"), format!("{secret}\n")).unwrap();
        let arguments = ["--auth", kind, "--secret-file", "secret"];
        let from_file = Listener::start_in(&home, &arguments, &[]);
        let environment = [("BANGO_LISTEN_SECRET", secret)];
        let from_environment = Listener::start_in(&home, &arguments[..2], &environment);
        for listener in [from_file, from_environment] {
            let body = notification("e1", "ACTIVE", 1).to_string();
            let send = |headers: &[_]| listener.send("POST", "/", headers, body.as_bytes());
            assert_eq!(send(&[]), 401, "{kind}");
            assert_eq!(send(&[bad]), 401, "{kind}");
            assert_eq!(send(&[good]), 200, "{kind}");
            assert!(listener.line().contains("METADATA_UPDATE"));
            let end = listener.interrupt();
            assert!(end.stdout.is_empty());
            let told = end.stderr;
            assert_eq!(told.matches("answered with 401").count(), 2, "{told}");
            assert!(!told.contains("elephan"), "{told}");
        }
    }
}

#[test]
fn a_secret_that_cannot_be_used_is_a_matter_of_configuration() {
    let home = Home::new();
    let environment = [("BANGO_LISTEN_SECRET", "user:fifteen-letter")];
    let short = Listener::start_in(&home, &["--auth", "basic"], &environment);
    assert!(short.greeting[0].contains("fewer than 16 characters"));
    for (kind, secret) in [("basic", "no-colon"), ("bearer", ""), ("api-key", "a\nb")] {
        let environment = [("BANGO_LISTEN_SECRET", secret)];
        let end = Listener::try_start(&home, &["--auth", kind], &environment);
        let end = end.err().expect("it must not start");
        assert_eq!(end.code, 3, "{end:?}");
    }
    let end = Listener::try_start(&home, &["--auth", "basic", "--json"], &[]);
    let end = end.err().expect("it must not start");
    assert_eq!((end.code, end.lines().len()), (3, 1), "{end:?}");
    assert!(end.lines()[0].starts_with("{\"error\":{\"code\":\"CONFIGURATION\""));
    let end = Listener::try_start(&home, &["--auth", "basic", "--secret-file", "missing"], &[]);
    assert_eq!(end.err().map(|end| end.code), Some(3));
}

#[test]
fn flags_that_make_no_sense_are_a_matter_of_usage() {
    let home = Home::new();
    for arguments in [
        &["--until", "e1"][..],
        &["--until", "e1=GONE"],
        &["--until", "=ACTIVE"],
        &["--for-at-most", "soon"],
        &["--secret-file", "x"],
        &["--forward-auth"],
        &["--forward-to", "http://app.example/"],
        &["--forward-to", "https://user:pass@app.example/"],
        &["--exec", ""],
        &["--exec", "echo 'x"],
        &["--auth", "digest"],
        &["--port", "70000"],
        &["--host", "localhost"],
    ] {
        let outcome = run(home.bango_ent().arg("listen").args(arguments));
        assert_eq!(outcome.code, 2, "{arguments:?}: {}", outcome.stderr);
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let (home, listener) = Listener::start(&[]);
    let port = listener.address().rsplit(':').next().unwrap();
    let arguments = ["--port", port, "--save", "s.jsonl"];
    let outcome = run(home.bango_ent().arg("listen").args(arguments));
    assert_eq!(outcome.code, 1);
    // First what happened, then what to do.
    let lines: Vec<_> = outcome.stderr.lines().collect();
    assert!(
        lines[0].starts_with("error: listen cannot use the address"),
        "{lines:?}"
    );
    assert!(
        lines[1].contains("choose another port with --port"),
        "{lines:?}"
    );
}

#[test]
fn it_ends_when_an_entitlement_has_come_where_it_should() {
    let goals = ["--until", "e1=active", "--until", "e2=SUSPENDED", "--json"];
    let (_home, listener) = Listener::start(&goals);
    for (id, status, second) in [
        ("e1", "PENDING", 5),
        ("e3", "ACTIVE", 1),
        ("e1", "ACTIVE", 1),
        ("e2", "NOVEL", 1),
        ("e2", "SUSPENDED", 2),
    ] {
        assert_eq!(listener.post(&notification(id, status, second)), 200);
    }
    let end = listener.end();
    assert_eq!(end.code, 0, "a late one counts for nothing: {end:?}");
    assert_eq!(end.lines().len(), 5);
}

#[test]
fn it_ends_with_9_when_no_goal_can_be_reached_any_more() {
    let goals = ["e1=ACTIVE", "e2=CANCELLED", "e2=ACTIVE"].map(|goal| ["--until", goal]);
    let (_home, listener) = Listener::start(&[goals.as_flattened(), &["--json"]].concat());
    listener.post(&notification("e2", "PENDING", 5));
    listener.post(&notification("e2", "REVOKED", 1));
    listener.post(&notification("e1", "REVOKED", 1));
    listener.post(&notification("e2", "FAILED", 6));
    let end = listener.end();
    assert_eq!((end.code, end.lines().len()), (9, 5), "{end:?}");
    let error: serde_json::Value = serde_json::from_str(end.lines()[4]).unwrap();
    assert_eq!(error["error"]["code"], "WAIT_FAILED");
    assert!(
        error["error"]["message"]
            .as_str()
            .unwrap()
            .contains("e2 is FAILED")
    );
}

#[test]
fn it_ends_when_its_time_is_over() {
    let (_home, waiting) =
        Listener::start(&["--for-at-most", "1s", "--until", "e1=ACTIVE", "--json"]);
    let (_other, collecting) = Listener::start(&["--for-at-most", "1s"]);
    waiting.post(&notification("e1", "PENDING", 1));
    let end = waiting.end();
    assert_eq!((end.code, end.lines().len()), (8, 2), "{end:?}");
    assert!(end.lines()[1].starts_with("{\"error\":{\"code\":\"NOT_ACTIVE\""));
    assert_eq!(collecting.end().code, 0);
}

#[test]
fn an_interrupt_ends_it_in_order() {
    for signal in [Signal::INT, Signal::TERM] {
        let (_home, listener) = Listener::start(&[]);
        listener.post(&notification("e1", "ACTIVE", 1));
        listener.signal(signal);
        let end = listener.end();
        assert_eq!((end.code, end.lines().len()), (0, 1), "{end:?}");
    }
    let (_home, listener) = Listener::start(&["--until", "e1=ACTIVE"]);
    let end = listener.interrupt();
    assert_eq!(end.code, 130, "what was waited for has not come");
}

/// Listens until its reader has gone, and returns what it said then, its exit code last.
fn without_a_reader(flags: &str) -> String {
    let home = Home::new();
    let binary = env!("CARGO_BIN_EXE_bango-ent");
    let script =
        format!("{{ {binary} listen --port 0 {flags}; echo \"exit $?\" >&2; }} | head -n 1");
    let running = home.program("sh").args(["-c", &script]).start();
    let line = running.remark().unwrap();
    let url = line.strip_prefix("note: listening on ").unwrap();
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(10)))
        .proxy(None)
        .build()
        .into();
    // The first line ends `head`; one of those that follow finds the pipe closed.
    for second in 0..1000 {
        let body = notification("e1", "PENDING", second).to_string();
        if agent.post(url).send(&body).is_err() {
            return running.end().stderr;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("it did not notice")
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let told = without_a_reader("");
    assert!(told.contains("exit 0") && !told.contains("error"), "{told}");
}

#[test]
fn a_reader_that_goes_away_has_not_reached_what_is_waited_for() {
    let told = without_a_reader("--until e1=ACTIVE");
    let why = "error: standard output was closed before an --until was reached";
    assert!(told.contains("exit 1") && told.contains(why), "{told}");
}

#[test]
fn a_notification_with_half_a_character_is_taken() {
    let home = Home::new();
    let listener = Listener::start_in(&home, &["--save", "s.jsonl"], &[]);
    for name in [&br"party \ud83c"[..], b"Caf\xe9", b"a\tb"] {
        let before = br#"{"entitlementId":"e1","status":"ACTIVE","entitlementDisplayName":""#;
        let body = [before, name, b"\"}"].concat();
        assert_eq!(listener.send("POST", "/", &[], &body), 200);
        assert!(listener.line().contains("e1"));
    }
    let saved = std::fs::read_to_string(home.path().join("s.jsonl")).unwrap();
    assert_eq!(saved.lines().count(), 3, "{saved}");
}
