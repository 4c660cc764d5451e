//! `listen --save`: the file before and after crashes, restarts and a full disk.

use std::path::Path;

use crate::support::cli::Home;
use crate::support::sandbox::{Inbox, Listener, notification};

fn saved(home: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(home.join("s.jsonl")).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "a torn line");
    let parse = |line| serde_json::from_str(line).unwrap();
    text.lines().map(parse).collect()
}

#[test]
fn a_notification_is_in_the_file_as_soon_as_it_is_answered() {
    let (home, listener) = Listener::start(&["--save", "s.jsonl", "--json"]);
    for second in 1..4 {
        let body = notification("e1", "ACTIVE", second);
        assert_eq!(listener.post(&body), 200);
        let lines = saved(home.path());
        assert_eq!(lines.len(), second as usize);
        assert_eq!(lines.last().unwrap()["notification"], body);
        assert_eq!(*lines.last().unwrap(), listener.json(), "the same line");
    }
}

#[test]
fn after_a_crash_nothing_is_lost_or_shown_again_and_late_ones_are_known() {
    let (home, listener) = Listener::start(&["--save", "s.jsonl"]);
    listener.post(&notification("e1", "ACTIVE", 5));
    listener.signal(rustix::process::Signal::KILL);
    listener.end();
    let path = home.path().join("s.jsonl");
    let whole = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{whole}{}", &whole[..whole.len() / 2])).unwrap();

    let listener = Listener::start_in(&home, &["--save", "s.jsonl"], &[]);
    let greeting = listener.greeting.join("\n");
    assert!(greeting.contains("torn line"), "{greeting}");
    assert!(
        greeting.contains("which are not shown again: 1"),
        "{greeting}"
    );
    assert_eq!(listener.post(&notification("e1", "ACTIVE", 5)), 200);
    assert_eq!(listener.post(&notification("e1", "PENDING", 4)), 200);
    let line = listener.line();
    assert!(
        line.contains("PENDING") && line.ends_with("\tlate"),
        "{line}"
    );
    assert!(listener.interrupt().stdout.is_empty());
    let late: Vec<_> = saved(home.path())
        .iter()
        .map(|line| line["late"].as_bool().unwrap())
        .collect();
    assert_eq!(late, [false, true]);
}

#[test]
fn a_file_that_is_in_use_or_holds_something_else_is_refused() {
    let (home, _listener) = Listener::start(&["--save", "s.jsonl"]);
    std::fs::write(home.path().join("notes.txt"), "my notes").unwrap();
    for (file, why) in [
        ("s.jsonl", "another listener saves in"),
        ("notes.txt", "something else"),
        (".", "cannot be opened"),
        ("missing/s.jsonl", "cannot be opened"),
        ("/dev/null", "not a regular file"),
    ] {
        let end = Listener::try_start(&home, &["--save", file], &[]);
        let end = end.err().unwrap_or_else(|| panic!("{file} was taken"));
        assert_eq!(end.code, 1, "{end:?}");
        assert!(end.stderr.contains(why), "{end:?}");
    }
    let notes = std::fs::read_to_string(home.path().join("notes.txt")).unwrap();
    assert_eq!(notes, "my notes");
}

#[test]
fn a_full_disk_is_answered_with_503_and_ends_it() {
    let home = Home::new();
    // A limit on the size of files stands for the disk; ignoring its signal makes it an error of the write.
    let limited = format!(
        "trap '' XFSZ; ulimit -f 8; exec {} \"$@\"",
        env!("CARGO_BIN_EXE_bango-ent")
    );
    std::fs::write(home.path().join("limited.sh"), limited).unwrap();
    let mut command = home.program("sh");
    command.args(["limited.sh", "listen", "--port", "0", "--save", "s.jsonl"]);
    let listener = Listener::spawned(&mut command).unwrap();
    let mut taken = 0;
    let refused = loop {
        match listener.post(&notification("e1", "ACTIVE", taken)) {
            200 => taken += 1,
            status => break status,
        }
        assert!(taken < 100, "the limit did not work");
    };
    assert_eq!(refused, 503);
    let end = listener.end();
    assert_eq!(end.code, 1, "{end:?}");
    assert!(end.stderr.contains("can no longer be written"));
    assert_eq!(saved(home.path()).len(), taken as usize);

    let listener = Listener::start_in(&home, &["--save", "s.jsonl"], &[]);
    let again = notification("e1", "ACTIVE", taken);
    assert_eq!(listener.post(&again), 200, "what was refused is new");
    assert!(listener.line().contains("ACTIVE"));
}

#[test]
fn a_file_that_is_deleted_ends_it() {
    let (home, listener) = Listener::start(&["--save", "s.jsonl"]);
    assert_eq!(listener.post(&notification("e1", "ACTIVE", 1)), 200);
    std::fs::remove_file(home.path().join("s.jsonl")).unwrap();
    assert_eq!(listener.post(&notification("e1", "ACTIVE", 2)), 503);
    assert_eq!(listener.end().code, 1);
}

#[test]
fn what_could_not_be_handed_on_is_handed_on_at_the_next_start() {
    let home = Home::new();
    let (inbox, away) = (Inbox::open(&[]), Inbox::open(&[503, 503]));
    let arguments = ["--save", "s.jsonl", "--forward-to", &inbox.url];
    let both = [
        &arguments[..],
        &["--forward-to", &away.url, "--retries", "0"],
    ]
    .concat();
    let listener = Listener::start_in(&home, &both, &[]);
    for second in [1, 2] {
        assert_eq!(listener.post(&notification("e1", "ACTIVE", second)), 200);
        assert_eq!(inbox.next().body["entitlementId"], "e1");
        away.next();
        listener.remark("; it is kept, and tried again at the next start");
    }
    let end = listener.interrupt();
    assert_eq!(end.code, 0);
    let kept = "hand-overs that wait in s.jsonl.waiting for the next start: 2";
    assert!(end.stderr.contains(kept), "{end:?}");

    // A run that does not hand on to it keeps them.
    let listener = Listener::start_in(&home, &arguments, &[]);
    let told = listener.greeting.join("\n");
    listener.interrupt();
    // Its query may hold a secret.
    let other = away.url.split_once('?').unwrap().0;
    let other = format!("wait in s.jsonl.waiting for {other}?\u{2026}, which");
    assert!(told.contains(&other), "{told}");
    assert!(away.more().is_none());

    let listener = Listener::start_in(&home, &both, &[]);
    let told = listener.greeting.join("\n");
    assert!(
        told.contains("because an earlier run could not: 2"),
        "{told}"
    );
    let dates = [away.next(), away.next()].map(|arrival| arrival.body["dateLastUpdated"].clone());
    assert!(
        dates[0].as_str() < dates[1].as_str(),
        "in their order: {dates:?}"
    );
    let shown = [listener.remark("\u{2192}"), listener.remark("\u{2192}")].concat();
    assert!(
        shown.contains("200 in ") && shown.contains("METADATA_UPDATE of e1"),
        "{shown}"
    );
    let end = listener.interrupt();
    assert!(end.stdout.is_empty(), "they are not shown again: {end:?}");
    assert!(!end.stderr.contains("wait in"), "{end:?}");
    assert!(inbox.more().is_none(), "what was taken is not sent again");
    let waiting = std::fs::read_to_string(home.path().join("s.jsonl.waiting")).unwrap();
    assert_eq!(waiting, "");
}

#[test]
fn what_was_answered_before_a_kill_is_handed_on_after_it() {
    let home = Home::new();
    let inbox = Inbox::open(&[503; 20]);
    let arguments = [
        "--save",
        "s.jsonl",
        "--forward-to",
        &inbox.url,
        "--auth",
        "bearer",
        "--forward-auth",
        "--retries",
        "0",
    ];
    let secret = [("BANGO_LISTEN_SECRET", "t-elephant-notepad")];
    let listener = Listener::start_in(&home, &arguments, &secret);
    let body = "{ \"entitlementId\" :\t\"e1\", \"n\": 1.0 }";
    let headers = [("authorization", "Bearer t-elephant-notepad")];
    for n in 0..20 {
        let path = format!("/own?id={n}");
        assert_eq!(listener.send("POST", &path, &headers, body.as_bytes()), 200);
        inbox.next();
    }
    listener.signal(rustix::process::Signal::KILL);
    listener.end();
    let waiting = std::fs::read_to_string(home.path().join("s.jsonl.waiting")).unwrap();
    assert!(!waiting.contains("elephant"), "no secret is kept");

    let _listener = Listener::start_in(&home, &arguments, &secret);
    for n in 0..20 {
        let arrival = inbox.next();
        assert_eq!(arrival.bytes, body.as_bytes(), "byte for byte");
        let head = arrival.head.to_ascii_lowercase();
        for part in [
            "authorization: bearer t-elephant-notepad\r\n".to_owned(),
            format!("x-bango-ent-target: /own?id={n}\r\n"),
        ] {
            assert!(head.contains(&part), "{head}");
        }
    }
}

#[test]
fn a_program_that_was_not_run_well_is_run_again_at_the_next_start() {
    let home = Home::new();
    home.write("on.sh", "cat >> told; echo >> told; test -e ready\n");
    let arguments = ["--save", "s.jsonl", "--exec", "sh on.sh"];
    let listener = Listener::start_in(&home, &arguments, &[]);
    let body = notification("e1", "ACTIVE", 1);
    listener.post(&body);
    listener.remark("exit status: 1 for METADATA_UPDATE of e1; it is kept");
    listener.interrupt();
    home.write("ready", "");
    let listener = Listener::start_in(&home, &arguments, &[]);
    listener.remark("ended well in");
    listener.interrupt();
    let told = std::fs::read_to_string(home.path().join("told")).unwrap();
    assert_eq!(told, format!("{body}\n{body}\n"));
}
