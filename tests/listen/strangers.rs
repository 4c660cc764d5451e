//! `listen` among strangers: what they cannot make it read, hold, or wait for.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::cli::Home;
use crate::support::sandbox::{Listener, notification};

const SECRET: &str = "t-elephant-notepad-dancer";
const PATIENCE: Duration = Duration::from_secs(10);

fn guarded() -> (Home, Listener) {
    let home = Home::new();
    let environment = [("BANGO_LISTEN_SECRET", SECRET)];
    let listener = Listener::start_in(&home, &["--auth", "bearer"], &environment);
    (home, listener)
}

fn connected(listener: &Listener) -> TcpStream {
    let stream = TcpStream::connect(listener.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Everything until the other side closes.
fn rest(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

fn head(token: &str, length: usize) -> String {
    format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
    )
}

#[test]
fn a_request_is_refused_on_its_head_before_its_body_is_asked_for() {
    let (_home, listener) = guarded();
    let mut stranger = connected(&listener);
    stranger.write_all(head("wrong", 500).as_bytes()).unwrap();
    let answer = rest(&mut stranger);
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(answer.contains("connection: close\r\n"), "{answer}");

    let body = notification("e1", "ACTIVE", 1).to_string();
    let mut bango = connected(&listener);
    bango
        .write_all(head(SECRET, body.len()).as_bytes())
        .unwrap();
    let mut start = [0; 25];
    bango.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 100 Continue\r\n\r\n");
    // The sender closes its side, and is answered all the same.
    bango.write_all(body.as_bytes()).unwrap();
    bango.shutdown(std::net::Shutdown::Write).unwrap();
    let answer = rest(&mut bango);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(listener.line().contains("\te1\t"));
}

#[test]
fn a_large_body_that_is_refused_early_does_not_hide_the_answer() {
    let (_home, listener) = guarded();
    let body = vec![b'x'; 8 * 1024 * 1024];
    assert_eq!(listener.send("POST", "/", &[], &body), 401);
    let proof = format!("Bearer {SECRET}");
    let headers = [("authorization", proof.as_str())];
    assert_eq!(listener.send("POST", "/", &headers, &body), 413);
}

#[test]
fn half_a_head_is_waited_for_five_seconds() {
    let (_home, listener) = guarded();
    let clock = Instant::now();
    let mut slow = connected(&listener);
    slow.write_all(b"POST / HTTP/1.1\r\nHost:").unwrap();
    assert_eq!(rest(&mut slow), "");
    let waited = clock.elapsed().as_secs();
    assert!((4..8).contains(&waited), "{waited} s");
}

#[cfg(target_os = "linux")]
#[test]
fn one_address_cannot_take_every_connection_and_the_stop_is_heard_when_all_are_taken() {
    let (_home, listener) = guarded();
    let from = |host: u8| {
        let stream = connected_from(host, &listener);
        let length = "Content-Length: 400\r\n";
        let head = format!(
            "POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {SECRET}\r\n{length}\r\n{{"
        );
        (&stream).write_all(head.as_bytes()).ok();
        stream
    };
    let mut held: Vec<_> = (0..512).map(|_| from(1)).collect();
    let mut one_more = from(1);
    let mut text = String::new();
    assert!(matches!(one_more.read_to_string(&mut text), Ok(0) | Err(_)));
    held.extend((0..512).map(|_| from(2)));
    // All places are taken: this one waits to be accepted.
    held.push(from(3));
    let clock = Instant::now();
    assert_eq!(listener.interrupt().code, 0);
    let waited = clock.elapsed();
    assert!(waited < Duration::from_secs(4), "{waited:?}");
}

#[test]
fn a_head_is_read_to_eight_kibibytes_and_a_longer_one_is_told_so() {
    let (_home, listener) = guarded();
    let answered = |length: usize| {
        let (long, body) = ("x".repeat(length), notification("e1", "ACTIVE", 1));
        let (body, mut stream) = (body.to_string(), connected(&listener));
        let request = format!(
            "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {SECRET}\r\nX-Long: {long}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        rest(&mut stream)
    };
    assert!(answered(7_500).starts_with("HTTP/1.1 200 "));
    // What is still on its way does not make the answer lost.
    for length in [8_192, 100_000, 1_000_000] {
        let answer = answered(length);
        assert!(answer.starts_with("HTTP/1.1 431 "), "{length}: {answer}");
    }
}

#[test]
fn who_guesses_is_told_of_a_few_times_a_second() {
    let (_home, listener) = guarded();
    for _ in 0..200 {
        assert_eq!(listener.send("POST", "/", &[], b"{}"), 401);
    }
    let end = listener.interrupt();
    let told = end.stderr;
    let lines = told.matches("answered with 401").count();
    assert!((5..50).contains(&lines), "{lines}");
    assert!(told.contains("refused: 200"), "{told}");
}

#[cfg(target_os = "linux")]
#[test]
fn large_bodies_at_the_same_time_do_not_fill_the_memory() {
    // As values, such a body takes a hundred times its bytes.
    let nested = format!("{}{}", "[".repeat(120), "]".repeat(120));
    let body = format!("{{\"a\":[{}0]}}", format!("{nested},").repeat(4_200));
    let (_home, open) = Listener::start(&[]);
    let address = open.address().to_owned();
    let senders: Vec<_> = (0..32)
        .map(|number| {
            let (address, body) = (address.clone(), body.clone());
            std::thread::spawn(move || {
                let length = body.len();
                let head = format!(
                    "POST /{number} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
                );
                // A slow machine may turn it away once, and Bango sends it again.
                loop {
                    let mut stream = TcpStream::connect(&address).unwrap();
                    stream.write_all(head.as_bytes()).unwrap();
                    stream.write_all(body.as_bytes()).unwrap();
                    let answer = rest(&mut stream);
                    if !answer.starts_with("HTTP/1.1 503 ") {
                        return answer;
                    }
                }
            })
        })
        .collect();
    for sender in senders {
        let answer = sender.join().unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    let peak = open.peak_memory();
    assert!(peak <= 64 * 1024, "{peak} KiB");
}

/// Connects from one of this machine's addresses.
#[cfg(target_os = "linux")]
fn connected_from(host: u8, listener: &Listener) -> TcpStream {
    use rustix::net::{AddressFamily, SocketType, bind, connect, socket};
    use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

    let socket = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    let own = SocketAddrV4::new(Ipv4Addr::new(127, 0, 0, host), 0);
    bind(&socket, &own).unwrap();
    let address: SocketAddr = listener.address().parse().unwrap();
    connect(&socket, &address).unwrap();
    let stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends as much as the other side takes within a while.
#[cfg(target_os = "linux")]
fn pushed(mut stream: &TcpStream, start: &str, chunks: usize) {
    stream
        .set_write_timeout(Some(Duration::from_millis(20)))
        .unwrap();
    let chunk = vec![b' '; 64 * 1024];
    let mut is_open = stream.write_all(start.as_bytes()).is_ok();
    for _ in 0..chunks {
        is_open = is_open && stream.write_all(&chunk).is_ok();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_thousand_strangers_who_send_all_they_can_do_not_fill_the_memory() {
    let head = |rest: &str| format!("POST / HTTP/1.1\r\nHost: x\r\n{rest}");
    let large = head("Content-Length: 1048576\r\n\r\n{");
    let without_length = head("Transfer-Encoding: chunked\r\n\r\n100000\r\n{");
    let half_a_head = head(&format!("X-Long: {}", "x".repeat(7_000)));
    let small = "x".repeat(7_000);
    let small = head(&format!(
        "X-Long: {small}\r\nContent-Length: 4096\r\n\r\n{:4095}",
        "{"
    ));
    let kinds = [
        (&[][..], &large, &large),
        (&["--auth", "bearer"], &large, &half_a_head),
        (&[], &half_a_head, &without_length),
        (&[], &small, &large),
    ];
    for (number, (guard, often, sometimes)) in kinds.into_iter().enumerate() {
        let home = Home::new();
        let listener = Listener::start_in(&home, guard, &[("BANGO_LISTEN_SECRET", SECRET)]);
        let strangers: Vec<_> = [1, 2, 3, 4]
            .repeat(250)
            .into_iter()
            .map(|number| connected_from(number, &listener))
            .collect();
        std::thread::scope(|scope| {
            for some in strangers.chunks(50) {
                let (many, few) = some.split_at(47);
                let chunks = if often == &large { 15 } else { 0 };
                scope.spawn(move || {
                    for stream in many {
                        pushed(stream, often, chunks);
                    }
                    for stream in few {
                        pushed(stream, sometimes, 15);
                    }
                });
            }
        });
        for _ in 0..20 {
            let peak = listener.peak_memory();
            assert!(peak <= 64 * 1024, "{number}: {peak} KiB");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_honest_notification_is_answered_within_a_second_while_a_stranger_holds_all_it_can() {
    for is_guarded in [false, true] {
        let home = Home::new();
        let guard = if is_guarded {
            &["--auth", "bearer"][..]
        } else {
            &[]
        };
        let listener = Listener::start_in(&home, guard, &[("BANGO_LISTEN_SECRET", SECRET)]);
        let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{";
        let taken: Vec<_> = (0..600)
            .map(|_| connected_from(2, &listener))
            .inspect(|stream| pushed(stream, head, 15))
            .collect();
        let body = notification("e1", "ACTIVE", 1).to_string();
        let clock = Instant::now();
        let mut bango = connected_from(3, &listener);
        let request = format!(
            "POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {SECRET}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        bango.write_all(request.as_bytes()).unwrap();
        let answer = rest(&mut bango);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let waited = clock.elapsed();
        assert!(waited < Duration::from_secs(1), "{waited:?}");
        drop(taken);
    }
}
