//! Measures `batch` beside curl and wrk, its memory, and proves exactly once in full. Every part runs on this machine alone.
//!
//! `cargo bench --bench batch` runs all parts; `-- speed`, `-- latency`, `-- memory`, `-- exactly-once` one of them.
#![expect(clippy::print_stdout, reason = "the figures are the result")]
#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]
#![expect(clippy::cast_precision_loss, reason = "figures to look at")]

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
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use platform::{Behaviour, Platform};
use tempfile::TempDir;

const PORT: u16 = 18_099;
const ROUNDS: usize = 5;
/// It names no customer, because it answers for all of them.
const ANSWER: &str = r#"{"responseCode":"OK","responseMessage":"Success","parameters":null,"entitlementId":"9d6b3a3e-0000-4000-8000-000000000001","status":"ACTIVE","dateCreated":"2026-11-23T04:00:00.000Z","offerKey":"STANDARD","merchantAccountKey":"BANGO","productKey":"BangoMusic"}"#;

fn main() {
    parts::run(&[
        ("speed", speed),
        ("latency", latency),
        ("memory", memory),
        ("exactly-once", exactly_once),
    ]);
}

/// A CSV input of so many users.
fn write_users(folder: &Path, count: usize) {
    let mut text = "user,merchant,product\n".to_owned();
    for number in 1..=count {
        let _ = writeln!(text, "cust-{number},BANGO,BangoMusic");
    }
    fs::write(folder.join("users.csv"), text).unwrap();
}

fn batch(folder: &Path, url: &str, concurrency: usize) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bango-ent"));
    command
        .env_clear()
        .env("HOME", folder)
        .env("BANGO_USERNAME", "MyOrganization")
        .env("BANGO_PASSWORD", "elephant-notepad-dancer")
        .env("BANGO_BASE_URL", url)
        .current_dir(folder)
        .args(["batch", "users.csv", "--concurrency"])
        .arg(concurrency.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Runs a command and returns how long it took.
fn timed(command: &mut Command) -> Duration {
    let start = Instant::now();
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?}: {status}");
    start.elapsed()
}

/// nginx with one fixed answer; stopped on drop.
struct Nginx {
    folder: TempDir,
}

impl Nginx {
    fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().display();
        let mut paths = String::new();
        for name in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
            let _ = writeln!(paths, "{name}_temp_path {at}/{name};");
        }
        let text = format!(
            "worker_processes auto;\npid {at}/pid;\nerror_log {at}/error.log;\n\
            events {{ worker_connections 1024; }}\n\
            http {{\naccess_log off;\nkeepalive_requests 1000000000;\nkeepalive_timeout 300s;\n{paths}\
            server {{ listen 127.0.0.1:{PORT} backlog=1024;\n\
            location / {{ default_type application/json; return 200 '{ANSWER}'; }} }}\n}}\n"
        );
        fs::write(folder.path().join("nginx.conf"), text).unwrap();
        let nginx = Self { folder };
        let started = nginx.command(&[]).status();
        if !started.is_ok_and(|status| status.success()) {
            println!("  left out: nginx is not installed, or port {PORT} is taken");
            return None;
        }
        sleep(Duration::from_millis(300));
        Some(nginx)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("nginx");
        let configuration = self.folder.path().join("nginx.conf");
        command.arg("-c").arg(configuration).args(arguments);
        command.stderr(Stdio::null());
        command
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.command(&["-s", "stop"]).status();
        sleep(Duration::from_millis(200));
    }
}

fn url() -> String {
    format!("http://127.0.0.1:{PORT}/v1")
}

/// The same requests for curl, one block each.
fn write_curl(folder: &Path, count: usize) {
    let mut text = String::new();
    for number in 1..=count {
        if number > 1 {
            text.push_str("next\n");
        }
        let _ = write!(
            text,
            "url = \"{}/entitlement\"\nrequest = \"POST\"\noutput = \"/dev/null\"\n\
            user = \"MyOrganization:elephant-notepad-dancer\"\n\
            header = \"Content-Type: application/json\"\n\
            header = \"X-RequestIdentifier: 9d6b3a3e-0000-4000-8000-{number:012}\"\n\
            data = \"{{\\\"customerIdentifier\\\":\\\"cust-{number}\\\",\\\"merchantAccountKey\\\":\\\"BANGO\\\",\\\"productKey\\\":\\\"BangoMusic\\\"}}\"\n",
            url()
        );
    }
    fs::write(folder.join("curl.config"), text).unwrap();
}

fn curl(folder: &Path) -> Command {
    let mut command = Command::new("curl");
    command
        .current_dir(folder)
        .args(["--silent", "--parallel", "--parallel-max", "16"])
        .args(["--config", "curl.config"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Requests in a second, as wrk counts them.
fn wrk(folder: &Path) -> Option<f64> {
    let script = "wrk.method='POST'\n\
        wrk.body='{\"customerIdentifier\":\"cust-12345\",\"merchantAccountKey\":\"BANGO\",\"productKey\":\"BangoMusic\"}'\n\
        wrk.headers['Content-Type']='application/json'\n\
        wrk.headers['Authorization']='Basic TXlPcmdhbml6YXRpb246ZWxlcGhhbnQtbm90ZXBhZC1kYW5jZXI='\n\
        wrk.headers['X-RequestIdentifier']='9d6b3a3e-0000-4000-8000-000000000001'\n";
    fs::write(folder.join("post.lua"), script).unwrap();
    let place = format!("{}/entitlement", url());
    let output = Command::new("wrk")
        .current_dir(folder)
        .args(["-t2", "-c16", "-d4s", "-s", "post.lua", &place])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = |line: &str| Some(line.strip_prefix("Requests/sec:")?.trim().to_owned());
    text.lines().find_map(line)?.parse().ok()
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Rows in a second at 16 connections, in turns with curl and wrk, so that all three meet the same disturbances.
fn speed() {
    let Some(_nginx) = Nginx::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (rows, requests) = (50_000, 20_000);
    write_users(folder.path(), rows);
    write_curl(folder.path(), requests);
    let (mut ours, mut theirs, mut ceiling) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let _ = fs::remove_file(folder.path().join("users.csv.journal"));
        let took = timed(batch(folder.path(), &url(), 16).arg("--begin-anew"));
        let our = rows as f64 / took.as_secs_f64();
        let took = timed(&mut curl(folder.path()));
        let their = requests as f64 / took.as_secs_f64();
        let Some(most) = wrk(folder.path()) else {
            println!("  left out: wrk is not installed");
            return;
        };
        println!("  batch {our:>6.0}/s   curl --parallel {their:>6.0}/s   wrk {most:>6.0}/s");
        ours.push(our);
        theirs.push(their);
        ceiling.push(most);
    }
    let (ours, theirs, ceiling) = (median(ours), median(theirs), median(ceiling));
    println!("  medians: batch {ours:.0}/s, curl --parallel {theirs:.0}/s, wrk {ceiling:.0}/s");
    println!(
        "  {:.2} x curl --parallel (wanted 1.5), {:.2} x wrk (wanted 0.2)",
        ours / theirs,
        ours / ceiling
    );
}

/// The share of `connections / latency` that is reached, start and end of the program included.
fn latency() {
    let (rows, connections, late) = (12_800, 64, Duration::from_millis(50));
    let ideal = connections as f64 / late.as_secs_f64();
    for _ in 0..ROUNDS {
        let server = Platform::start(Behaviour {
            latency: late,
            ..Behaviour::default()
        });
        let folder = tempfile::tempdir().unwrap();
        write_users(folder.path(), rows);
        let took = timed(&mut batch(folder.path(), &server.url, connections));
        let rate = rows as f64 / took.as_secs_f64();
        println!(
            "  {rate:.0}/s: {:.1} % of the ideal {ideal:.0}/s (wanted 95 %)",
            rate / ideal * 100.0
        );
    }
}

/// The most memory that a process has had, in MiB.
fn peak(child: &Child) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let number = line.trim().trim_end_matches(" kB");
    Some(number.parse::<f64>().ok()? / 1024.0)
}

fn watched(command: &mut Command) -> (f64, Duration) {
    let start = Instant::now();
    let mut child = command.spawn().unwrap();
    let mut most = 0.0_f64;
    loop {
        most = most.max(peak(&child).unwrap_or(0.0));
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return (most, start.elapsed());
        }
        sleep(Duration::from_millis(20));
    }
}

/// The most memory for a million rows, with results; for the run itself, and for one that finds all rows done.
fn memory() {
    let Some(_nginx) = Nginx::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    write_users(folder.path(), 1_000_000);
    for what in ["a million rows", "the same again, all of them done"] {
        let mut command = batch(folder.path(), &url(), 64);
        let (most, took) = watched(command.args(["--results", "results.csv"]));
        println!(
            "  {what}: {most:.1} MiB (wanted 96), {:.1} s",
            took.as_secs_f64()
        );
    }
}

/// 5,000 rows, killed 50 times without warning; once with every answer, once with 5 % of them lost after acting.
fn exactly_once() {
    let (rows, kills) = (5000, 50);
    for lost in [0, 5] {
        let server = Platform::start(Behaviour {
            lost,
            ..Behaviour::default()
        });
        let folder = tempfile::tempdir().unwrap();
        write_users(folder.path(), rows);
        for kill in 0..kills {
            let left = rows.saturating_sub(server.created().len());
            let step = fastrand::usize(1..=(left / (kills - kill)).max(1) * 2);
            let mut child = batch(folder.path(), &server.url, 16).spawn().unwrap();
            let until = server.requests() + step;
            while server.requests() < until && child.try_wait().unwrap().is_none() {
                sleep(Duration::from_micros(100));
            }
            let _ = child.kill();
            child.wait().unwrap();
        }
        timed(&mut batch(folder.path(), &server.url, 16));
        let created = server.created();
        assert_eq!(created.len(), rows, "rows were lost");
        assert!(
            created.values().all(|times| *times == 1),
            "rows were done twice"
        );
        let journal = fs::read_to_string(folder.path().join("users.csv.journal")).unwrap();
        let parsed = journal
            .lines()
            .map(serde_json::from_str::<serde_json::Value>);
        let lines = parsed.map(Result::unwrap).count();
        println!(
            "  {rows} rows, {kills} kills, {lost} % of the answers lost: each row done once, {} requests, all {lines} lines of the journal whole",
            server.requests()
        );
    }
}
