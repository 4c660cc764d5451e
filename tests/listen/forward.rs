//! `listen --forward-to` and `--exec`: what goes on, in which order, and what is told when it does not.

use std::path::Path;
use std::time::Duration;

use crate::support::cli::{Home, eventually};
use crate::support::sandbox::Inbox;
use crate::support::sandbox::{Listener, notification};

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (known, value) = line.split_once(": ")?;
        known.eq_ignore_ascii_case(name).then_some(value)
    })
}

#[test]
fn a_notification_is_forwarded_byte_for_byte() {
    let inbox = Inbox::open(&[]);
    let (_home, listener) = Listener::start(&["--forward-to", &inbox.url]);
    let body = "{ \"entitlementId\" :\t\"e1\",\r\n \"n\": 1.0 }\n";
    let headers = [
        ("content-type", "application/json; charset=utf-8"),
        ("authorization", "Bearer t-1"),
    ];
    assert_eq!(
        listener.send("POST", "/own?id=9", &headers, body.as_bytes()),
        200
    );
    let arrival = inbox.next();
    assert_eq!(arrival.bytes, body.as_bytes());
    assert!(arrival.head.starts_with("POST /hook?id=7 HTTP/1.1\r\n"));
    let head = &arrival.head;
    assert_eq!(header(head, "content-type"), Some(headers[0].1));
    assert_eq!(header(head, "x-bango-ent-target"), Some("/own?id=9"));
    assert_eq!(header(head, "x-bango-ent-late"), Some("false"));
    assert_eq!(header(head, "authorization"), None);
}

#[test]
fn several_receivers_get_each_and_a_header_of_ones_own_whose_value_is_not_shown() {
    let inboxes = [Inbox::open(&[]), Inbox::open(&[])];
    let second = format!("{}&key=s3cret", inboxes[1].url);
    let (_home, listener) = Listener::start(&[
        "--forward-to",
        &inboxes[0].url,
        "--forward-to",
        &second,
        "--header",
        "X-Tenant=s3cret",
        "-vv",
    ]);
    listener.post(&notification("e1", "ACTIVE", 1));
    for inbox in &inboxes {
        assert_eq!(header(&inbox.next().head, "x-tenant"), Some("s3cret"));
        let shown = listener.remark("\u{2192}");
        assert!(
            shown.contains("200 in ") && shown.contains("/hook?\u{2026}"),
            "{shown}"
        );
    }
    let end = listener.interrupt();
    assert!(!end.stderr.contains("s3cret"), "{end:?}");
    let home = Home::new();
    for bad in [
        "s3cret",
        "Host=s3cret",
        "X-A=s3cret\u{1}",
        "\u{1}s3cret=s3cret",
    ] {
        let arguments = ["--forward-to", "localhost:1", "--header", bad];
        let end = Listener::try_start(&home, &arguments, &[]).err().unwrap();
        assert!(end.code == 2 && !end.stderr.contains("=s3cret"), "{end:?}");
    }
}

#[test]
fn only_what_is_meant_is_shown_and_handed_on_and_all_is_saved() {
    let inbox = Inbox::open(&[]);
    let (home, listener) = Listener::start(&[
        "--only",
        "suspended",
        "--only",
        "BRAND_NEW",
        "--forward-to",
        &inbox.url,
        "--save",
        "s.jsonl",
        "--until",
        "e1=ACTIVE",
    ]);
    let mut new = notification("e1", "PENDING", 2);
    new["notificationReason"] = "BRAND_NEW".into();
    for body in [
        notification("e1", "PENDING", 1),
        notification("e1", "SUSPENDED", 3),
        new,
        notification("e1", "ACTIVE", 4),
    ] {
        assert_eq!(listener.post(&body), 200);
    }
    let mut dates = [inbox.next(), inbox.next()].map(|it| it.body["dateLastUpdated"].to_string());
    dates.sort();
    assert!(
        dates[0].contains("00:02") && dates[1].contains("00:03"),
        "{dates:?}"
    );
    // What is waited for is looked at whether it is shown or not.
    let end = listener.end();
    assert_eq!((end.code, end.lines().len()), (0, 2), "{end:?}");
    assert!(
        end.stderr.contains("not shown because of --only: 2"),
        "{end:?}"
    );
    assert!(inbox.more().is_none());
    let saved = std::fs::read_to_string(home.path().join("s.jsonl")).unwrap();
    assert_eq!(saved.lines().count(), 4);
}

#[test]
fn credentials_are_forwarded_only_if_asked_for() {
    let inbox = Inbox::open(&[]);
    let (_home, listener) = Listener::start(&["--forward-to", &inbox.url, "--forward-auth"]);
    let headers = [("authorization", "Bearer t-1"), ("x-api-key", "k-1")];
    listener.send("POST", "/", &headers, b"{}");
    let head = inbox.next().head;
    assert_eq!(header(&head, "authorization"), Some("Bearer t-1"));
    assert_eq!(header(&head, "x-api-key"), Some("k-1"));
}

#[test]
fn forwarding_is_tried_again_and_keeps_the_order_of_an_entitlement() {
    let inbox = Inbox::open(&[503, 500]);
    let (_home, listener) = Listener::start(&["--forward-to", &inbox.url]);
    for second in 1..6 {
        assert_eq!(listener.post(&notification("e1", "ACTIVE", second)), 200);
    }
    let dates: Vec<_> = (0..7)
        .map(|_| inbox.next().body["dateLastUpdated"].to_string())
        .collect();
    assert_eq!(dates[0], dates[1]);
    assert_eq!(dates[1], dates[2], "the first was tried three times");
    assert!(dates[2..].is_sorted(), "{dates:?}");
    assert!(listener.remark("not forwarded yet").contains("HTTP 503"));
    let end = listener.interrupt();
    let told = end.stderr;
    assert!(!told.contains("error:"), "{told}");
}

#[test]
fn what_cannot_be_forwarded_is_told_and_holds_up_nobody() {
    let inbox = Inbox::open(&[400]);
    let (_home, refused) = Listener::start(&["--forward-to", &inbox.url]);
    refused.post(&notification("e1", "ACTIVE", 1));
    let told = refused.remark("was not forwarded");
    assert!(
        told.contains("METADATA_UPDATE of e1") && told.contains("HTTP 400"),
        "{told}"
    );
    assert!(
        told.contains("(tries: 1)"),
        "a refusal is not tried again: {told}"
    );

    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    let (_home, alone) = Listener::start(&["--forward-to", &url, "--retries", "1"]);
    for id in ["e1", "e2"] {
        assert_eq!(alone.post(&notification(id, "ACTIVE", 1)), 200);
        assert!(alone.line().contains(id));
    }
    let told = [
        alone.remark("was not forwarded"),
        alone.remark("was not forwarded"),
    ]
    .concat();
    assert!(
        told.contains("e1") && told.contains("e2") && told.contains("(tries: 2)"),
        "{told}"
    );
    assert_eq!(alone.interrupt().code, 0);
}

/// Writes a program that appends what it is told to a file.
fn program(home: &Path, script: &str) -> String {
    let path = home.join("on change.sh");
    std::fs::write(&path, script).unwrap();
    format!("sh '{}' 'an argument; exit 9'", path.display())
}

#[test]
fn a_program_reads_each_notification_and_its_failure_is_told() {
    let home = Home::new();
    let command = program(
        home.path(),
        "cat > told.part; printf '%s|%s|%s\\n' \"$1\" \"$BANGO_LISTEN_TARGET\" \"$BANGO_LISTEN_LATE\"; env > environment\n\
         mv told.part told; exit 3\n",
    );
    let arguments = ["--exec", &command, "--auth", "bearer", "--json"];
    let environment = [
        ("BANGO_LISTEN_SECRET", "t-elephant"),
        ("BANGO_PASSWORD", "elephant"),
        ("BANGO_PASSWORD_FILE", "elephant"),
        ("BANGO_SANDBOX_PASSWORD", "elephant"),
        ("https_proxy", "http://user:elephant@127.0.0.1:1"),
        ("BANGO_USERNAME", "MyOrganization"),
    ];
    let listener = Listener::start_in(&home, &arguments, &environment);
    let body = notification("e1", "ACTIVE", 1).to_string();
    let headers = [("authorization", "Bearer t-elephant")];
    assert_eq!(
        listener.send("POST", "/own?id=9", &headers, body.as_bytes()),
        200
    );
    let told = eventually("the program's file", || {
        std::fs::read_to_string(home.path().join("told")).ok()
    });
    assert_eq!(told, body);
    assert_eq!(
        listener.remark("an argument"),
        "an argument; exit 9|/own?id=9|false",
        "without a shell, on stderr"
    );
    let inherited = std::fs::read_to_string(home.path().join("environment")).unwrap();
    assert!(!inherited.contains("elephant"), "{inherited}");
    assert!(inherited.contains("BANGO_USERNAME=MyOrganization\n"));
    assert!(listener.remark("sh ended with").contains("exit status: 3"));
    let end = listener.interrupt();
    assert_eq!((end.code, end.lines().len()), (0, 1), "{end:?}");
}

#[test]
fn programs_run_in_order_for_one_entitlement_and_are_waited_for_at_the_end() {
    let home = Home::new();
    let command = program(home.path(), "cat >> told; echo >> told; sleep 0.05\n");
    let listener = Listener::start_in(&home, &["--exec", &command], &[]);
    for second in 1..9 {
        listener.post(&notification("e1", "ACTIVE", second));
    }
    assert_eq!(listener.interrupt().code, 0);
    let told = std::fs::read_to_string(home.path().join("told")).unwrap();
    let sent = (1..9).map(|second| format!("{}\n", notification("e1", "ACTIVE", second)));
    assert_eq!(told, sent.collect::<String>());
}

#[test]
fn a_program_that_cannot_be_run_or_does_not_read_is_told_or_fine() {
    let (_home, missing) = Listener::start(&["--exec", "no-such-program-here"]);
    missing.post(&notification("e1", "ACTIVE", 1));
    assert!(
        missing
            .remark("could not be run")
            .contains("no-such-program-here")
    );
    let (_home, deaf) = Listener::start(&["--exec", "true"]);
    let mut big = notification("e1", "ACTIVE", 1);
    big["novelty"] = "x".repeat(500_000).into();
    assert_eq!(deaf.post(&big), 200);
    let end = deaf.interrupt();
    assert!(!end.stderr.contains("error"), "{end:?}");
}

/// Tells whether a process of this id, as written to a file, is still there.
fn is_running(home: &Path, file: &str) -> bool {
    let id = eventually("the id of a process", || {
        let id = std::fs::read_to_string(home.join(file)).ok()?;
        id.ends_with('\n').then_some(id)
    });
    std::process::Command::new("kill")
        .args(["-0", id.trim()])
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap()
        .success()
}

#[test]
fn a_program_that_hangs_is_ended_with_what_it_started() {
    let home = Home::new();
    let command = program(
        home.path(),
        "read -r body; case $body in *e1*) sleep 1000 & echo $! > child; wait;; *) echo > other;; esac\n",
    );
    let arguments = ["--exec", &command, "--exec-timeout", "1s"];
    let listener = Listener::start_in(&home, &arguments, &[]);
    for _ in 0..2 {
        listener.send("POST", "/", &[], b"{\"entitlementId\":\"e1\"}\n");
        assert!(is_running(home.path(), "child"));
        listener.send("POST", "/", &[], b"{\"entitlementId\":\"e2\"}\n");
    }
    let told = listener.remark("--exec-timeout");
    assert!(
        told.contains("sh was ended for a notification of e1 after 1 s"),
        "{told}"
    );
    eventually("its child to end", || {
        (!is_running(home.path(), "child")).then_some(())
    });
    assert!(home.path().join("other").exists(), "others are not held up");
    assert_eq!(listener.interrupt().code, 0);
}

#[test]
fn a_program_that_still_runs_ends_with_listen() {
    for (again, code) in [(false, 0), (true, 130)] {
        let home = Home::new();
        let command = program(home.path(), "sleep 1000 & echo $! > child; wait\n");
        let listener = Listener::start_in(&home, &["--exec", &command], &[]);
        listener.post(&notification("e1", "ACTIVE", 1));
        assert!(is_running(home.path(), "child"));
        listener.signal(rustix::process::Signal::INT);
        if again {
            // What follows at once counts as the same Ctrl-C.
            std::thread::sleep(Duration::from_millis(300));
            listener.signal(rustix::process::Signal::INT);
        } else {
            listener.remark("1 notification was not forwarded or handled before the end");
        }
        assert_eq!(listener.end().code, code);
        eventually("its child to end", || {
            (!is_running(home.path(), "child")).then_some(())
        });
    }
}

#[test]
fn an_address_without_a_scheme_is_one_of_this_machine_and_the_greeting_says_where_all_goes() {
    let inbox = Inbox::open(&[]);
    let place = inbox.url.strip_prefix("http://").unwrap();
    for place in [place.to_owned(), place.replace("127.0.0.1", "localhost")] {
        let home = Home::new();
        let arguments = [
            "--forward-to",
            &place,
            "--save",
            "s.jsonl",
            "--exec",
            "true",
        ];
        let listener = Listener::start_in(&home, &arguments, &[]);
        let greeting = listener.remark("each notification is");
        // A query may hold a secret.
        let sent_on = format!("sent on to http://{}?…", place.split_once('?').unwrap().0);
        for part in [&sent_on, "s.jsonl", "true", "Ctrl-C ends it"] {
            assert!(greeting.contains(part), "{part}: {greeting}");
        }
        assert_eq!(listener.post(&notification("e1", "ACTIVE", 1)), 200);
        assert!(inbox.next().head.starts_with("POST /hook?id=7 "));
        listener.interrupt().assert_code(0);
    }
    let (_home, missing) = Listener::start(&["--exec", "no-such-program-here"]);
    let told = "the program no-such-program-here of --exec is not found";
    assert!(
        missing.greeting.join("\n").contains(told),
        "{:?}",
        missing.greeting
    );
}
