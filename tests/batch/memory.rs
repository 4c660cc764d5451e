//! `batch` and a hostile peer: large answers, many at once, do not fill the memory.
#![cfg(target_os = "linux")]

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::users;
use crate::support::cli::Home;
use crate::support::server::{Server, open_http};

/// The most that a batch may use, in KiB.
const MOST: u64 = 96 * 1024;

/// Answers that take many times their size once they are read into a tree.
fn hostile(size: usize) -> [String; 4] {
    let begin = r#"{"responseCode":"OK","entitlementId":"e","status":"ACTIVE","#;
    let fill = |part: &str| part.repeat((size - begin.len()) / part.len() - 5);
    let text = fill("x");
    let numbers = fill("0,");
    let objects = fill(r#"{"":0},"#);
    [
        format!(r#"{begin}"responseMessage":"{text}"}}"#),
        format!(r#"{begin}"parameters":[{numbers}0]}}"#),
        format!(r#"{begin}"x":[{objects}0]}}"#),
        format!(r#"{begin}"parameters":{{"x":[{objects}0]}}}}"#),
    ]
}

#[test]
fn large_answers_at_64_connections_stay_below_96_mib() {
    for size in [250_000, 1_000_000] {
        let large = hostile(size).map(|body| open_http(200, &["Connection: close"], body));
        let small = open_http(200, &["Connection: close"], active_for_anyone());
        let requests = AtomicUsize::new(0);
        // All connections get a large answer at the same moment; the memory is read after that.
        let (together, is_read) = (Barrier::new(64), Arc::new(Barrier::new(2)));
        let gate = Arc::clone(&is_read);
        let server = Server::start(move |mut connection| {
            connection.next();
            let number = requests.fetch_add(1, Ordering::SeqCst);
            if (64..128).contains(&number) {
                together.wait();
                connection.say(&large[number % large.len()]);
                return;
            }
            if number == 128 {
                gate.wait();
            }
            connection.say(&small);
        });
        let home = Home::new();
        home.write("users.csv", users(256));
        let run = home
            .client(&server)
            .args(["batch", "users.csv", "--concurrency", "64"])
            .args(["--results", "results.csv"])
            .start();
        is_read.wait();
        let peak = run.peak_memory();
        run.end().assert_code(0);
        assert!(peak < MOST, "{size}: {} MiB", peak / 1024);
    }
}

#[test]
fn compressed_input_that_never_ends_is_refused_in_little_memory() {
    let gzip = |bytes: &[u8]| {
        let mut out = GzEncoder::new(Vec::new(), Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    };
    let header = gzip(b"user,merchant,product\n");
    // Ten gigabytes, in members of ten megabytes.
    let endless = |byte: u8| [header.clone(), gzip(&vec![byte; 10_000_000]).repeat(1000)].concat();
    let whole = gzip(users(100_000).as_bytes());
    for (input, why) in [
        (endless(0), "there is a NUL byte"),
        (endless(b'a'), "longer than 1 MiB"),
        (endless(b','), "more than 1000 cells"),
        (
            whole[..whole.len() - 20].to_vec(),
            "the gzip data is cut off",
        ),
    ] {
        let (home, server) = (Home::new(), Server::active());
        home.write("users.csv.gz", input);
        let mut command = home.client(&server);
        command.args(["batch", "users.csv.gz"]);
        let limited = format!("ulimit -v {}; exec \"$0\" \"$@\"", 2 * MOST);
        let outcome = command.in_shell(&limited).run();
        outcome.assert_code(2);
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
        assert_eq!(server.connections(), 0);
        assert!(!home.path().join("users.csv.gz.journal").exists());
    }
}

fn active_for_anyone() -> &'static str {
    r#"{"responseCode":"OK","entitlementId":"e","status":"ACTIVE"}"#
}
