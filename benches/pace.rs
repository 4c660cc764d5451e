//! Measures how `batch` meets limits, refusals and outages, beside the adaptive mode of the AWS SDKs, against the same platform on this machine.
//!
//! `cargo bench --bench pace` runs all parts, some minutes; `-- strict`, `-- burst`, `-- change`, `-- chance`, `-- outage`, `-- refused` one of them.
#![expect(clippy::print_stdout, reason = "the figures are the result")]
#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]
#![expect(clippy::cast_precision_loss, reason = "figures to look at")]

#[path = "pace/adaptive.rs"]
mod adaptive;
#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/support/load.rs"]
mod load;
#[path = "pace/parts.rs"]
mod parts;
#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/support/platform.rs"]
mod platform;
#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/support/server.rs"]
mod server;

use std::fmt::Write as _;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use platform::{Behaviour, Limit, Platform, Reply, Seen};
use serde_json::json;
use tempfile::TempDir;

/// How long a limit is met.
const MINUTE: Duration = Duration::from_secs(60);
/// How long the platform is away.
const OUTAGE: Duration = Duration::from_secs(20);
/// How long an answer takes.
const LATENCY: Duration = Duration::from_millis(20);

fn main() {
    parts::run(&[
        ("strict", strict),
        ("burst", burst),
        ("change", change),
        ("chance", chance),
        ("outage", outage),
        ("refused", refused),
    ]);
}

/// A run of `batch` over so many users; stopped on drop.
struct Batch {
    child: Child,
    folder: TempDir,
}

impl Batch {
    fn start(server: &Platform, rows: usize, connections: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut text = "user,merchant,product\n".to_owned();
        for number in 1..=rows {
            let _ = writeln!(text, "cust-{number},BANGO,BangoMusic");
        }
        fs::write(folder.path().join("users.csv"), text).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_bango-ent"))
            .env_clear()
            .env("HOME", folder.path())
            .env("BANGO_USERNAME", "MyOrganization")
            .env("BANGO_PASSWORD", "elephant-notepad-dancer")
            .env("BANGO_BASE_URL", &server.url)
            .current_dir(folder.path())
            .args(["batch", "users.csv", "--concurrency"])
            .arg(connections.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, folder }
    }

    /// Waits for its end, which must be a success.
    fn end(mut self) {
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // The folder goes after the program.
        let _ = self.folder.path();
    }
}

fn platform(limit: Option<Limit>, script: fn(&Seen) -> Option<Reply>) -> Platform {
    Platform::start(Behaviour {
        latency: LATENCY,
        limit,
        script: Some(Box::new(script)),
        ..Behaviour::default()
    })
}

/// What was taken and refused of a limit in a minute, by 16 connections of ours and of theirs, side by side.
fn limited(limit: impl Fn() -> Limit, ideal: u32, wanted: &str) {
    let (ours, theirs) = (
        platform(Some(limit()), |_| None),
        platform(Some(limit()), |_| None),
    );
    let (rows, stop) = (ideal as usize * 2, AtomicBool::new(false));
    let ideal = f64::from(ideal);
    scope(|scope| {
        let batch = Batch::start(&ours, rows, 16);
        scope.spawn(|| adaptive::run(&theirs.url, 16, rows, &stop));
        ours.wait_for(1);
        theirs.wait_for(1);
        sleep(MINUTE);
        for (name, server) in [("batch", &ours), ("adaptive mode", &theirs)] {
            let (taken, refused) = (server.created().len() as f64, server.limited() as f64);
            let (share, of_all) = (taken / ideal * 100.0, refused / (taken + refused) * 100.0);
            println!(
                "  {name}: {share:.1} % of the ideal {ideal:.0}, {of_all:.1} % of its requests refused"
            );
        }
        println!("  wanted: {wanted}");
        drop(batch);
        stop.store(true, Ordering::Relaxed);
    });
}

/// A limit of 50/s that takes no two requests at once, without and with `Retry-After`.
fn strict() {
    limited(
        || Limit::new(1.0, |_| 50.0),
        3001,
        "85 %, at most 3 % refused",
    );
    let asking = || Limit {
        headers: "Retry-After: 1\r\n",
        ..Limit::new(1.0, |_| 50.0)
    };
    println!("  with Retry-After: 1");
    limited(asking, 3001, "as without");
}

/// A limit of 50/s that takes 50 at once.
fn burst() {
    limited(|| Limit::new(50.0, |_| 50.0), 3050, "97 %");
}

/// A limit that falls from 200/s to 20/s and rises to 100/s.
fn change() {
    let rate = |time: Duration| match time.as_secs() {
        0..20 => 200.0,
        20..40 => 20.0,
        _ => 100.0,
    };
    limited(|| Limit::new(20.0, rate), 6420, "85 %");
}

/// How long until so many users are granted something.
fn until(server: &Platform, rows: usize, start: Instant) -> f64 {
    while server.created().len() < rows {
        sleep(Duration::from_millis(20));
    }
    start.elapsed().as_secs_f64()
}

fn ours(server: &Platform, rows: usize, granted: usize, connections: usize) -> f64 {
    let start = Instant::now();
    let _batch = Batch::start(server, rows, connections);
    granted as f64 / until(server, granted, start)
}

/// Requests of which one or three in a hundred are refused by chance, at 16 and 64 connections.
fn chance() {
    let one: fn(&Seen) -> Option<Reply> = |_| (fastrand::u32(..100) < 1).then(|| refusal(429));
    let three = |_: &Seen| (fastrand::u32(..100) < 3).then(|| refusal(429));
    for (share, by_chance, connections) in
        [(1, one, 16), (1, one, 64), (3, three, 16), (3, three, 64)]
    {
        let rows = connections * 400;
        let free = ours(&platform(None, |_| None), rows, rows, connections);
        let disturbed = ours(&platform(None, by_chance), rows, rows, connections);
        let server = platform(None, by_chance);
        let start = Instant::now();
        adaptive::run(&server.url, connections, rows, &AtomicBool::new(false));
        let theirs = rows as f64 / start.elapsed().as_secs_f64();
        println!(
            "  {share} %, {connections} connections: undisturbed {free:.0}/s, batch {disturbed:.0}/s ({:.0} %, wanted 80 %), adaptive mode {theirs:.0}/s",
            disturbed / free * 100.0
        );
    }
}

fn refusal(status: u16) -> Reply {
    let code = if status == 429 {
        "TOO_MANY_REQUESTS"
    } else {
        "SERVICE_UNAVAILABLE"
    };
    (status, "", json!({ "responseCode": code }))
}

/// How a platform answers while it is away.
type Kind = fn() -> Reply;

/// A platform that is away for 20 seconds, in every way; all rows must be done in the end.
fn outage() {
    let kinds: [(&str, Kind); 6] = [
        ("SERVICE_UNAVAILABLE", || refusal(503)),
        ("TOO_MANY_REQUESTS", || refusal(429)),
        ("INTERNAL_ERROR", || {
            (500, "", json!({"responseCode": "INTERNAL_ERROR"}))
        }),
        ("a page with 502", || (502, "", "<html>".into())),
        ("a page with 403", || (403, "", "<html>".into())),
        ("dropped connections", || (0, "", json!(null))),
    ];
    let start = |kind: Kind| {
        let begin = OnceLock::new();
        Platform::start(Behaviour {
            latency: LATENCY,
            script: Some(Box::new(move |_| {
                let time = begin.get_or_init(Instant::now).elapsed();
                let is_away =
                    time >= Duration::from_secs(2) && time < Duration::from_secs(2) + OUTAGE;
                is_away.then(kind)
            })),
            ..Behaviour::default()
        })
    };
    let rows = 4000;
    scope(|scope| {
        for (name, kind) in kinds {
            scope.spawn(move || {
                let (ours, theirs) = (start(kind), start(kind));
                let batch = Batch::start(&ours, rows, 16);
                adaptive::run(&theirs.url, 16, rows, &AtomicBool::new(false));
                batch.end();
                let created = ours.created();
                assert!(created.len() == rows && created.values().all(|times| *times == 1));
                let wasted = |server: &Platform| server.requests() - rows;
                println!(
                    "  {name}: {} requests in vain (wanted 100), adaptive mode {}; all {rows} rows done once",
                    wasted(&ours),
                    wasted(&theirs)
                );
            });
        }
    });
}

/// One row that is always refused.
fn refused() {
    let one = |seen: &Seen| (seen.body["customerIdentifier"] == "cust-7").then(|| refusal(503));
    let rows = 8000;
    let free = ours(&platform(None, |_| None), rows, rows, 16);
    let disturbed = ours(&platform(None, one), rows, rows - 1, 16);
    println!(
        "  undisturbed {free:.0}/s, the others {disturbed:.0}/s: {:.0} % (wanted 90 %)",
        disturbed / free * 100.0
    );
}
