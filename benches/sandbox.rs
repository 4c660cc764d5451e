//! The sandbox under load, beside a static nginx: 50,000 creates from 64 connections, then as many under kill -9; and its dashboard.
//!
//! `cargo bench --bench sandbox` runs both parts; `-- load`, `-- pages` one of them.
#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]
#![expect(clippy::print_stdout, reason = "its figures are its result")]

#[path = "sandbox/pages.rs"]
mod pages;
#[path = "../tests/support/load.rs"]
mod sandbox_load;
#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/support/server.rs"]
mod server;

use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sandbox_load::{Run, create, run};

const CREATES: usize = 50_000;
const CONNECTIONS: usize = 64;
const NGINX: &str = "127.0.0.1:4290";

fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        say("this measures the release build; run it by cargo bench");
        return;
    }
    let is_word = |word: &String| !word.starts_with('-');
    let wanted: Vec<_> = std::env::args().skip(1).filter(is_word).collect();
    let parts: [(&str, fn()); 2] = [("load", load), ("pages", pages::measure_pages)];
    for (name, part) in parts {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            part();
        }
    }
}

fn load() {
    let folder = tempfile::tempdir().unwrap();
    let (child, address) = sandbox(folder.path());
    let made = measure(&address, &|number| create(&address, number));
    say(&format!("sandbox, durable creates: {:.0} a second", made.1));
    assert_eq!(
        (made.0.acknowledged.len(), made.0.refused.len()),
        (CREATES, 0)
    );
    assert_eq!(kept(&address, &made.0), CREATES);
    let echo = measure(&address, &|_| get(&address, "/v1/echo/1"));
    say(&format!("sandbox, echo: {:.0} a second", echo.1));
    stop(child, "-TERM");

    match nginx(folder.path()) {
        Ok(child) => {
            let still = measure(NGINX, &|number| create(NGINX, number));
            say(&format!(
                "nginx, the same requests answered 200: {:.0} a second",
                still.1
            ));
            stop(child, "-TERM");
            say(&format!(
                "ratio of nginx to durable creates: {:.1}",
                still.1 / made.1
            ));
            say(&format!("ratio of nginx to echo: {:.1}", still.1 / echo.1));
        }
        Err(error) => say(&format!("nginx cannot be started: {error}")),
    }

    let folder = tempfile::tempdir().unwrap();
    let (child, address) = sandbox(folder.path());
    let under_load = std::thread::spawn({
        let address = address.clone();
        move || {
            run(&address, CONNECTIONS, CREATES, &|number| {
                create(&address, number)
            })
        }
    });
    std::thread::sleep(Duration::from_secs(6));
    stop(child, "-KILL");
    let killed = under_load.join().unwrap();
    let start = Instant::now();
    let (child, address) = sandbox(folder.path());
    let opened = start.elapsed();
    assert_eq!(kept(&address, &killed), killed.acknowledged.len());
    let count = killed.acknowledged.len();
    say(&format!(
        "kill -9 under load: all {count} acknowledged are there; restarted in {opened:.1?}"
    ));
    stop(child, "-TERM");
}

fn say(text: &str) {
    println!("{text}");
}

fn measure(address: &str, request: &(dyn Fn(usize) -> String + Sync)) -> (Run, f64) {
    let start = Instant::now();
    let run = run(address, CONNECTIONS, CREATES, request);
    let answered = u32::try_from(run.acknowledged.len()).unwrap();
    (run, f64::from(answered) / start.elapsed().as_secs_f64())
}

fn get(address: &str, path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Basic c2FuZGJveDpzYW5kYm94\r\n\r\n"
    )
}

/// Counts those of a run's entitlements that are still there.
fn kept(address: &str, made: &Run) -> usize {
    let ids: Vec<&str> = made
        .acknowledged
        .iter()
        .map(|(_, body)| {
            body.split("\"entitlementId\":\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
        })
        .collect();
    let read = run(address, CONNECTIONS, ids.len(), &|number| {
        get(address, &format!("/v1/entitlement/{}", ids[number]))
    });
    read.acknowledged.len()
}

/// Starts a sandbox with its state in a folder.
fn sandbox(folder: &Path) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_bango-ent"))
        .args(["sandbox", "--quiet", "--port", "0", "--state"])
        .arg(folder.join("sandbox.jsonl"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line
        .trim_start_matches("http://")
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    (child, address)
}

/// Starts an nginx that answers everything with 200 and as many bytes as a create.
fn nginx(folder: &Path) -> std::io::Result<Child> {
    let body = "x".repeat(850);
    let folder = folder.display();
    let text = format!(
        "daemon off; pid {folder}/nginx.pid; error_log stderr crit; worker_processes auto; events {{ worker_connections 256; }}\n\
        http {{ access_log off; keepalive_requests 1000000; client_body_temp_path {folder}/body;\n\
        server {{ listen {NGINX}; location / {{ return 200 '{body}'; }} }} }}\n"
    );
    let file = format!("{folder}/nginx.conf");
    std::fs::write(&file, text)?;
    let child = Command::new("nginx")
        .args(["-c", &file])
        .stderr(Stdio::null())
        .spawn()?;
    let end = Instant::now() + Duration::from_secs(5);
    while TcpStream::connect(NGINX).is_err() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(child)
}

fn stop(mut child: Child, signal: &str) {
    Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status()
        .unwrap();
    child.wait().unwrap();
}
