//! A hand-written server that says whatever bytes a test wants, in whatever rhythm, and keeps what was said to it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use crate::support::harness::entitlement;

/// A server on this machine, one thread a connection.
pub struct Peer {
    address: SocketAddr,
    requests: Requests,
    connections: Arc<AtomicUsize>,
}

type Requests = Arc<Mutex<Vec<String>>>;

/// A connection that a test serves.
pub struct Connection {
    pub stream: TcpStream,
    /// 1 is the first.
    pub number: usize,
    requests: Requests,
}

impl Peer {
    /// Serves every connection by this function; the connection closes when it returns.
    pub fn start(serve: impl Fn(Connection) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Requests::default();
        let connections = Arc::<AtomicUsize>::default();
        let (kept, count) = (Arc::clone(&requests), Arc::clone(&connections));
        let serve = Arc::new(serve);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let connection = Connection {
                    stream: stream.unwrap(),
                    number: count.fetch_add(1, Ordering::SeqCst) + 1,
                    requests: Arc::clone(&kept),
                };
                let serve = Arc::clone(&serve);
                std::thread::spawn(move || serve(connection));
            }
        });
        Self {
            address,
            requests,
            connections,
        }
    }

    /// Reads a request and answers with these bytes, on every connection.
    pub fn answering(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self::start(move |mut connection| {
            connection.request();
            connection.say(&bytes);
        })
    }

    /// Answers every create with success.
    pub fn active() -> Self {
        Self::answering(http(200, &[], active()))
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The requests that were read whole, head and body.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Connection {
    /// Reads one request.
    pub fn request(&mut self) -> String {
        let request = read_request(&mut self.stream);
        self.requests.lock().unwrap().push(request.clone());
        request
    }

    /// Keeps a request that was read inside TLS.
    pub fn keep(&self, request: String) {
        self.requests.lock().unwrap().push(request);
    }

    /// Says something; tells whether the other side still listens.
    pub fn say(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).is_ok()
    }

    /// Closes the connection with a reset instead of an orderly end.
    pub fn reset(self) {
        rustix::net::sockopt::set_socket_linger(&self.stream, Some(Duration::ZERO)).unwrap();
    }

    /// Says nothing more until the other side has gone.
    pub fn hang(mut self) {
        // An error is an end as well.
        let _ = std::io::copy(&mut self.stream, &mut std::io::sink());
    }
}

/// The body of an answer that says success.
pub fn active() -> String {
    entitlement(&json!({})).to_string()
}

/// Reads one HTTP request with a body of known length.
pub fn read_request(stream: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.len() >= header(head, "Content-Length").map_or(0, |v| v.parse().unwrap())
        {
            return text;
        }
        match stream.read(&mut buffer) {
            Ok(length @ 1..) => bytes.extend_from_slice(&buffer[..length]),
            _ => return text,
        }
    }
}

/// The value of a header in the text of a request.
pub fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    let head = request.split("\r\n\r\n").next()?;
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// An HTTP answer with a body of known length, the last on its connection; `headers` are whole lines.
pub fn http(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = format!("Content-Length: {}\r\n", body.len());
    let mut head = format!("HTTP/1.1 {status} X\r\nConnection: close\r\n{length}");
    for line in headers {
        head.push_str(line);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    [head.as_bytes(), body].concat()
}
