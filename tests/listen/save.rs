//! `listen --save`: the file before and after crashes, restarts and a full disk.

use std::path::Path;

use crate::support::cli::Home;
use crate::support::sandbox::{Listener, notification};

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
