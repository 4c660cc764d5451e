//! A load generator: blocking connections that keep what was acknowledged. Also used by the benchmark.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// What a run came to.
pub struct Run {
    /// The number and the body of every request that was answered with 2xx.
    pub acknowledged: Vec<(usize, String)>,
    /// Every other status that was answered.
    pub refused: Vec<u16>,
}

/// Sends `count` requests, made from their number, over so many connections; a connection that breaks ends its part.
pub fn run(
    address: &str,
    connections: usize,
    count: usize,
    request: &(dyn Fn(usize) -> String + Sync),
) -> Run {
    let next = &AtomicUsize::new(0);
    let parts: Vec<_> = std::thread::scope(|scope| {
        let spawn = |_| scope.spawn(move || part(address, count, next, request));
        let threads: Vec<_> = (0..connections).map(spawn).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let (mut acknowledged, mut refused) = (Vec::new(), Vec::new());
    for (good, bad) in parts {
        acknowledged.extend(good);
        refused.extend(bad);
    }
    Run {
        acknowledged,
        refused,
    }
}

type Part = (Vec<(usize, String)>, Vec<u16>);

fn part(
    address: &str,
    count: usize,
    next: &AtomicUsize,
    request: &(dyn Fn(usize) -> String + Sync),
) -> Part {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let Ok(stream) = TcpStream::connect(address) else {
        return (good, bad);
    };
    stream.set_nodelay(true).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let mut reader = BufReader::new(stream);
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= count
            || reader
                .get_mut()
                .write_all(request(number).as_bytes())
                .is_err()
        {
            return (good, bad);
        }
        match answer(&mut reader) {
            Some((200..=299, body)) => good.push((number, body)),
            Some((status, _)) => bad.push(status),
            None => return (good, bad),
        }
    }
}

/// Reads one answer whole; nothing if the connection ends before.
pub fn answer(reader: &mut BufReader<TcpStream>) -> Option<(u16, String)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let status = line.split(' ').nth(1)?.parse().ok()?;
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let (name, value) = match line.trim_end() {
            "" => break,
            header => header.split_once(':')?,
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((status, String::from_utf8(body).ok()?))
}

/// A create of its own customer.
pub fn create(host: &str, number: usize) -> String {
    let body = format!(
        r#"{{"customerIdentifier":"load-{number}","merchantAccountKey":"BANGO","productKey":"BangoMusic"}}"#
    );
    post(host, &body, number)
}

/// A POST as the tool would send it.
pub fn post(host: &str, body: &str, number: usize) -> String {
    request("POST", host, body, &format!("load-{number}"))
}

/// A request with a body to `/v1/entitlement`.
pub fn request(method: &str, host: &str, body: &str, identifier: &str) -> String {
    format!(
        "{method} /v1/entitlement HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic c2FuZGJveDpzYW5kYm94\r\n\
        Content-Type: application/json\r\nX-RequestIdentifier: {identifier}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}
