//! `listen --save` under load: nothing that was acknowledged is lost, with kill -9 in the middle.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use crate::support::cli::{Home, eventually};
use crate::support::load;
use crate::support::sandbox::{Listener, notification};

const NOTIFICATIONS: usize = 2_000;
const CONNECTIONS: usize = 64;

/// A request of its own for each number.
fn request(number: usize) -> String {
    let mut body = notification(&format!("e{}", number % 100), "ACTIVE", 1);
    body["number"] = number.into();
    let body = body.to_string();
    let length = body.len();
    format!(
        "POST /n HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

/// How often each number is in the file; a torn last line does not count.
fn saved(home: &Path) -> HashMap<u64, u32> {
    let text = std::fs::read(home.join("s.jsonl")).unwrap();
    let mut counts = HashMap::new();
    let whole = text
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    for line in text[..whole]
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let line: serde_json::Value = serde_json::from_slice(line).unwrap();
        let number = line["notification"]["number"].as_u64().unwrap();
        *counts.entry(number).or_default() += 1;
    }
    counts
}

#[test]
fn what_was_acknowledged_survives_kill_9_and_nothing_is_saved_twice() {
    let (home, listener) = Listener::start(&["--save", "s.jsonl", "--json"]);
    let address = listener.address().to_owned();
    let load =
        std::thread::spawn(move || load::run(&address, CONNECTIONS, NOTIFICATIONS, &request));
    let half = request(0).len() * NOTIFICATIONS / 2;
    eventually("half of the file", || {
        let about = std::fs::metadata(home.path().join("s.jsonl")).ok()?;
        (about.len() > half as u64).then_some(())
    });
    listener.signal(rustix::process::Signal::KILL);
    listener.end();
    let first = load.join().unwrap();
    let kept = saved(home.path());
    assert!(first.refused.is_empty());
    let acknowledged = first.acknowledged.len();
    assert!(
        acknowledged > 0 && acknowledged < NOTIFICATIONS,
        "{acknowledged}"
    );
    for (number, _) in &first.acknowledged {
        assert_eq!(
            kept.get(&(*number as u64)),
            Some(&1),
            "{number} was acknowledged"
        );
    }

    // The sender does not know what was taken, and sends everything again.
    let listener = Listener::start_in(&home, &["--save", "s.jsonl", "--json"], &[]);
    let second = load::run(listener.address(), CONNECTIONS, NOTIFICATIONS, &request);
    assert_eq!(
        (second.acknowledged.len(), second.refused.len()),
        (NOTIFICATIONS, 0)
    );
    let all = saved(home.path());
    assert_eq!(all.len(), NOTIFICATIONS);
    assert!(all.values().all(|count| *count == 1));
    let end = listener.interrupt();
    assert_eq!(end.code, 0);
    assert_eq!(
        end.lines().len(),
        NOTIFICATIONS - kept.len(),
        "only what is new is shown"
    );
}

#[test]
fn a_reader_that_stalls_delays_the_answers_and_loses_nothing() {
    let home = Home::new();
    let script = format!(
        "{{ while [ ! -e go ]; do sleep 0.05; done; cat; }} < fifo > shown & exec {} listen --port 0 --json > fifo",
        env!("CARGO_BIN_EXE_bango-ent")
    );
    let mut fifo = std::process::Command::new("mkfifo");
    assert!(
        fifo.arg(home.path().join("fifo"))
            .status()
            .unwrap()
            .success()
    );
    let listener = Listener::spawned(home.program("sh").args(["-c", &script])).unwrap();
    let address = listener.address().to_owned();
    let load =
        std::thread::spawn(move || load::run(&address, CONNECTIONS, NOTIFICATIONS, &request));
    std::thread::sleep(Duration::from_millis(300));
    assert!(!load.is_finished(), "nobody reads, so somebody must wait");
    std::fs::write(home.path().join("go"), "").unwrap();
    let run = load.join().unwrap();
    assert_eq!(
        (run.acknowledged.len(), run.refused.len()),
        (NOTIFICATIONS, 0)
    );
    assert_eq!(listener.interrupt().code, 0);
    let shown = eventually("all lines", || {
        let text = std::fs::read_to_string(home.path().join("shown")).ok()?;
        (text.lines().count() == NOTIFICATIONS).then_some(text)
    });
    assert!(shown.ends_with('\n'));
}
