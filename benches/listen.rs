//! `listen --save` under load: 10,000 notifications from 64 connections, durable and not, then with kill -9 in the middle.
#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]
#![expect(clippy::print_stdout, reason = "its figures are its result")]

#[path = "../tests/support/load.rs"]
#[expect(dead_code, reason = "the requests of the sandbox's benchmark")]
mod sandbox_load;

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sandbox_load::{Run, run};

const NOTIFICATIONS: usize = 10_000;
/// The same, to divide.
const AMOUNT: f64 = 10_000.0;
const CONNECTIONS: usize = 64;

fn main() {
    for (name, arguments) in [
        ("shown only", &[][..]),
        ("saved durably and shown", &["--save", "s.jsonl"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (child, address) = listen(folder.path(), arguments);
        let clock = Instant::now();
        let made = run(&address, CONNECTIONS, NOTIFICATIONS, &request);
        let rate = AMOUNT / clock.elapsed().as_secs_f64();
        assert_eq!(
            (made.acknowledged.len(), made.refused.len()),
            (NOTIFICATIONS, 0)
        );
        println!("{name}: {rate:.0} a second");
        println!("  memory at the most: {}", peak_memory(&child));
        stop(child, "-INT");
        assert_eq!(shown(folder.path()), NOTIFICATIONS);
    }
    println!("answered one after the other on one connection, durably:");
    let folder = tempfile::tempdir().unwrap();
    let (child, address) = listen(folder.path(), &["--save", "s.jsonl"]);
    let clock = Instant::now();
    let made = run(&address, 1, 1_000, &request);
    assert_eq!(made.acknowledged.len(), 1_000);
    println!("  {:.2} ms each", clock.elapsed().as_secs_f64());
    stop(child, "-INT");
    crash();
}

/// Kills it in the middle, starts it again, and lets the sender send everything again.
fn crash() {
    let folder = tempfile::tempdir().unwrap();
    let (child, address) = listen(folder.path(), &["--save", "s.jsonl"]);
    let load = std::thread::spawn(move || run(&address, CONNECTIONS, NOTIFICATIONS, &request));
    let half = (request(0).len() * NOTIFICATIONS / 2) as u64;
    while std::fs::metadata(folder.path().join("s.jsonl"))
        .unwrap()
        .len()
        < half
    {
        std::thread::sleep(Duration::from_millis(1));
    }
    stop(child, "-KILL");
    let first: Run = load.join().unwrap();
    let kept = saved(folder.path());
    let lost = first
        .acknowledged
        .iter()
        .filter(|(number, _)| !kept.contains_key(&(*number as u64)));
    let (acknowledged, lost) = (first.acknowledged.len(), lost.count());
    println!("kill -9 after {acknowledged} acknowledged: {lost} of them lost");
    assert!(lost == 0 && acknowledged < NOTIFICATIONS);

    let clock = Instant::now();
    let (child, address) = listen(folder.path(), &["--save", "s.jsonl"]);
    println!("  listening again after {} ms", clock.elapsed().as_millis());
    let second = run(&address, CONNECTIONS, NOTIFICATIONS, &request);
    assert_eq!(second.acknowledged.len(), NOTIFICATIONS);
    stop(child, "-INT");
    let all = saved(folder.path());
    let twice = all.values().filter(|count| **count > 1).count();
    println!(
        "  after everything was sent again: {} saved, {twice} twice",
        all.len()
    );
    println!("  shown by the second run: {}", shown(folder.path()));
    assert_eq!((all.len(), twice), (NOTIFICATIONS, 0));
    assert_eq!(shown(folder.path()), NOTIFICATIONS - kept.len());
}

fn request(number: usize) -> String {
    let body = format!(
        "{{\"responseCode\":\"OK\",\"responseMessage\":\"Success\",\"parameters\":null,\"notificationReason\":\"METADATA_UPDATE\",\
        \"entitlementId\":\"9d6b3a3e-0000-4000-8000-{number:012}\",\"status\":\"ACTIVE\",\"dateCreated\":\"2026-11-23T04:00:00.000Z\",\
        \"dateLastUpdated\":\"2026-11-23T04:00:01.000Z\",\"customerIdentifier\":\"cust-1\",\"merchantAccountKey\":\"BANGO\",\
        \"productKey\":\"BangoMusic\",\"number\":{number}}}"
    );
    let length = body.len();
    format!(
        "POST /n HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

/// Starts it with its results in a file, and returns where it listens.
fn listen(folder: &Path, arguments: &[&str]) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_bango-ent"))
        .args(["listen", "--port", "0", "--json"])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(File::create(folder.join("shown")).unwrap())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let address = loop {
        let mut line = String::new();
        assert!(stderr.read_line(&mut line).unwrap() > 0, "it did not start");
        if let Some(url) = line.strip_prefix("note: listening on http://") {
            break url.trim().to_owned();
        }
    };
    std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
    (child, address)
}

fn stop(mut child: Child, signal: &str) {
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args([signal, &id])
            .status()
            .unwrap()
            .success()
    );
    child.wait().unwrap();
}

fn shown(folder: &Path) -> usize {
    std::fs::read_to_string(folder.join("shown"))
        .unwrap()
        .lines()
        .count()
}

/// How often each number is in the file; a torn last line does not count.
fn saved(folder: &Path) -> HashMap<u64, u32> {
    let text = std::fs::read(folder.join("s.jsonl")).unwrap();
    let whole = text
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let mut counts = HashMap::new();
    for line in text[..whole]
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let line: serde_json::Value = serde_json::from_slice(line).unwrap();
        *counts
            .entry(line["notification"]["number"].as_u64().unwrap())
            .or_default() += 1;
    }
    counts
}

/// The peak of the resident memory, where the system tells it.
fn peak_memory(child: &Child) -> String {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
    let status = status.unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap_or("not known").trim().to_owned()
}
