//! The limits of an answer: the time that a call may take, and the size to which an answer is read.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use flate2::{Compress, Compression, FlushCompress};

use serde_json::json;

use crate::support::cli::{CREATE, Home, run};
use crate::support::server::{Connection, Server, active, entitlement, http};
use crate::wire::doubt::{create, doubt};

#[test]
fn the_time_out_bounds_a_hang_and_a_body_that_drips() {
    let silent = Server::start(|mut connection| {
        connection.request();
        connection.hang();
    });
    let in_the_head = Server::start(|mut connection| {
        connection.request();
        connection.say("HTTP/1.1 200 OK\r\n");
        let mut number = 0;
        while connection.say(format!("X-{number}: 1\r\n")) {
            number += 1;
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    let in_the_body = Server::start(|mut connection| {
        connection.request();
        connection.say("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        while connection.say(" ") {
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    for peer in [silent, in_the_head, in_the_body] {
        let start = Instant::now();
        let message = doubt(&peer, &["--timeout", "1s"]);
        let took = start.elapsed();
        assert!(message.contains("the time-out ran out"), "{message}");
        assert!(
            took >= Duration::from_secs(1) && took < Duration::from_secs(4),
            "{took:?}"
        );
        assert_eq!(peer.requests().len(), 1);
    }
}

/// A gzip stream without an end: a megabyte of zeros in each of its kilobytes.
fn endless_gzip(connection: &mut Connection) {
    let zeros = vec![0; 1 << 20];
    let mut block = Vec::with_capacity(1 << 16);
    Compress::new(Compression::fast(), false)
        .compress_vec(&zeros, &mut block, FlushCompress::Full)
        .unwrap();
    let gzip_header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    connection.say("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");
    connection.say(gzip_header);
    while connection.say(&block) {}
}

#[test]
fn an_answer_is_read_to_one_mebibyte_and_no_further() {
    let large = Server::answering(http(200, &[], " ".repeat((1 << 20) + 1)));
    let endless = Server::start(|mut connection| {
        connection.request();
        connection.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
        while connection.say(&chunk) {}
    });
    let bomb = Server::start(|mut connection| {
        connection.request();
        endless_gzip(&mut connection);
    });
    for peer in [large, endless, bomb] {
        let message = doubt(&peer, &[]);
        assert!(message.contains("is larger than 1 MiB"), "{message}");
        assert_eq!(peer.requests().len(), 1, "it is not repeated");
    }
    let body = format!("{}{}", active(), " ".repeat((1 << 20) - active().len()));
    let just_small_enough = Server::answering(http(200, &[], body));
    assert_eq!(create(&just_small_enough, &[]).code, 0);
}

#[test]
fn a_list_is_read_to_eight_mebibytes() {
    let list = |count: usize| {
        let record = entitlement(&json!({ "extensionData": "x".repeat(1_000) }));
        let list = json!({ "responseCode": "OK", "entitlements": vec![record; count] });
        Server::answering(http(200, &[], list.to_string()))
    };
    let home = Home::new();
    let arguments = ["list", "--user", "u", "--json", "--retries", "0"];
    let long = run(home.client(&list(4_000)).args(arguments));
    long.assert_code(0);
    let found = &long.json()["entitlements"];
    assert_eq!(found.as_array().unwrap().len(), 4_000);
    let too_long = run(home.client(&list(7_000)).args(arguments));
    too_long.assert_code(30);
    assert!(
        too_long.stderr.contains("larger than 8 MiB"),
        "{}",
        too_long.stderr
    );
}

#[test]
fn the_head_of_an_answer_is_read_to_16_kibibytes() {
    let answer = |length| {
        let header = format!("X-Long: {}", "j".repeat(length));
        Server::answering(http(200, &[&header], active()))
    };
    assert_eq!(create(&answer(16_000), &[]).code, 0);
    for too_long in [17_000, 40_000, 200_000] {
        let message = doubt(&answer(too_long), &["--retries", "0"]);
        assert!(message.contains("response header is too big"), "{message}");
    }
}

#[test]
fn a_request_that_no_server_takes_is_not_sent_and_not_repeated() {
    let (home, peer) = (Home::new(), Server::answering(http(200, &[], active())));
    for length in [40_000, 70_000] {
        let path = format!("entitlement/{}", "a".repeat(length));
        let outcome = run(home.client(&peer).args(["api", "GET", &path, "--json"]));
        assert_eq!(outcome.code, 31);
        let message = outcome.json()["error"]["message"].take();
        let message = message.as_str().unwrap();
        assert!(
            message.contains("is its URL or a header too long"),
            "{message}"
        );
        assert!(!outcome.stderr.contains("retry"), "{}", outcome.stderr);
    }
    let path = format!("entitlement/{}", "a".repeat(70_000));
    let mut command = home.client("https://bango-ent.invalid/v1");
    command.env("HTTPS_PROXY", "http://127.0.0.1:9");
    let proxied = run(command.args(["api", "GET", &path, "--json"]));
    assert_eq!(proxied.code, 31);
    assert!(!proxied.stderr.contains("retry"), "by way of a proxy");
    // A connection may have been opened.
    assert!(peer.requests().iter().all(String::is_empty));
}

#[test]
#[cfg(target_os = "linux")]
fn a_gzip_bomb_does_not_fill_the_memory() {
    let home = Home::new();
    let peer = Server::start(|mut connection| {
        connection.request();
        endless_gzip(&mut connection);
    });
    // A full pipe holds the process at its last step, where its memory can be read.
    let (mut reader, mut writer) = std::io::pipe().unwrap();
    let size = rustix::pipe::fcntl_getpipe_size(&writer).unwrap();
    writer.write_all(&vec![b' '; size]).unwrap();
    let mut command = home.client(&peer);
    let running = command.args(CREATE).arg("--json").stdout(writer).start();
    drop(command);
    running.wait_for("is larger than 1 MiB");
    let peak = running.peak_memory();
    assert!(peak < 32 * 1024, "{peak} KiB");
    let mut stdout = String::new();
    std::io::Read::read_to_string(&mut reader, &mut stdout).unwrap();
    assert_eq!(running.end().code, 30);
    assert!(stdout.contains("OUTCOME_UNKNOWN"), "{stdout}");
}

#[test]
fn a_request_leaves_in_one_piece_and_a_long_one_whole() {
    let peer = Server::start(|mut connection| {
        let mut first = [0; 16 * 1024];
        let length = connection.stream.read(&mut first).unwrap();
        connection.keep(String::from_utf8_lossy(&first[..length]).into_owned());
        connection.say(http(200, &[], active()));
    });
    assert_eq!(create(&peer, &[]).code, 0);
    assert!(peer.requests()[0].ends_with('}'), "{:?}", peer.requests());
    let peer = Server::active();
    let long = format!("\"{}\"", "x".repeat(100_000));
    assert_eq!(create(&peer, &["--extension-data", &long]).code, 0);
    assert!(peer.requests()[0].contains(&long));
}
