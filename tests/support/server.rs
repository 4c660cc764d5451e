//! The one scriptable HTTP server: it says whatever bytes a test wants, in whatever rhythm, and keeps what was said to it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

/// A server on this machine, one thread a connection; it ends with the process.
pub struct Server {
    address: SocketAddr,
    kept: Arc<Kept>,
}

#[derive(Default)]
struct Kept {
    requests: Mutex<Vec<String>>,
    connections: AtomicUsize,
}

/// A connection that a test serves.
pub struct Connection {
    pub stream: TcpStream,
    /// 1 is the first.
    pub number: usize,
    /// What was read beyond the last request.
    rest: Vec<u8>,
    kept: Arc<Kept>,
}

impl Server {
    /// Serves every connection by this function; the connection closes when it returns.
    pub fn start(serve: impl Fn(Connection) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let kept = Arc::<Kept>::default();
        let shared = Arc::clone(&kept);
        let serve = Arc::new(serve);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let connection = Connection {
                    stream: stream.unwrap(),
                    number: shared.connections.fetch_add(1, Ordering::SeqCst) + 1,
                    rest: Vec::new(),
                    kept: Arc::clone(&shared),
                };
                let serve = Arc::clone(&serve);
                std::thread::spawn(move || serve(connection));
            }
        });
        Self { address, kept }
    }

    /// Reads a request and answers with these bytes, on every connection.
    pub fn answering(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self::replying(move |_, _| bytes.as_ref().to_vec())
    }

    /// Reads a request and answers with what this makes of its text and its number (1 is the first), on every connection.
    /// No bytes drop the connection.
    pub fn replying(reply: impl Fn(&str, usize) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::start(move |mut connection| {
            let request = read_request(&mut connection.stream);
            let number = connection.keep(request.clone());
            connection.say(reply(&request, number));
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
        self.kept.connections.load(Ordering::SeqCst)
    }

    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The requests that were read whole, head and body.
    pub fn requests(&self) -> Vec<String> {
        self.kept.requests.lock().unwrap().clone()
    }
}

impl Connection {
    /// Reads one request and keeps it.
    pub fn request(&mut self) -> String {
        let request = self.next();
        self.keep(request.clone());
        request
    }

    /// Reads one request; it is empty if none comes whole.
    pub fn next(&mut self) -> String {
        read_next(&mut self.stream, &mut self.rest)
    }

    /// The requests that the server keeps so far.
    pub fn requests(&self) -> Vec<String> {
        self.kept.requests.lock().unwrap().clone()
    }

    /// Keeps a request, and tells how many there were up to it.
    pub fn keep(&self, request: String) -> usize {
        let mut requests = self.kept.requests.lock().unwrap();
        requests.push(request);
        requests.len()
    }

    /// Says something; tells whether the other side still listens.
    pub fn say(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).is_ok()
    }

    /// Closes the connection with a reset instead of an orderly end.
    #[cfg(unix)]
    pub fn reset(self) {
        rustix::net::sockopt::set_socket_linger(&self.stream, Some(Duration::ZERO)).unwrap();
    }

    /// Says nothing more until the other side has gone.
    pub fn hang(mut self) {
        // An error is an end as well.
        let _ = std::io::copy(&mut self.stream, &mut std::io::sink());
    }
}

/// Reads one HTTP request with a body of known length; it is empty if it does not come whole.
pub fn read_request(stream: &mut impl Read) -> String {
    read_next(stream, &mut Vec::new())
}

fn read_next(stream: &mut impl Read, rest: &mut Vec<u8>) -> String {
    let mut buffer = [0; 16 * 1024];
    loop {
        if let Some(length) = length(rest)
            && rest.len() >= length
        {
            let request = String::from_utf8_lossy(&rest[..length]).into_owned();
            rest.drain(..length);
            return request;
        }
        match stream.read(&mut buffer) {
            Ok(length @ 1..) => rest.extend_from_slice(&buffer[..length]),
            _ => return String::new(),
        }
    }
}

/// How long the request at the start of these bytes is, once its head is whole.
fn length(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..end]);
    let body = header(&head, "Content-Length").map_or(0, |value| value.parse().unwrap());
    Some(end + body)
}

/// The value of a header in the text of a request.
pub fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    let head = request.split("\r\n\r\n").next()?;
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// The body of a request as JSON; null if it has none.
pub fn json_body(request: &str) -> Value {
    let body = request.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    serde_json::from_str(body).unwrap_or_default()
}

/// An HTTP answer with a body of known length, the last on its connection; `headers` are whole lines.
pub fn http(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    open_http(status, &[&["Connection: close"], headers].concat(), body)
}

/// An HTTP answer after which the connection stays open.
pub fn open_http(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n", body.len());
    for line in headers {
        head.push_str(line);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    [head.as_bytes(), body].concat()
}

/// The body of an answer that says success.
pub fn active() -> String {
    entitlement(&json!({})).to_string()
}

/// An entitlement as the contract shows it, with the given fields over it.
pub fn entitlement(over: &Value) -> Value {
    let mut record = json!({
        "responseCode": "OK",
        "responseMessage": "Success",
        "parameters": null,
        "entitlementId": "9d6b3a3e-0000-4000-8000-000000000001",
        "status": "ACTIVE",
        "dateCreated": "2026-11-23T04:00:00.000Z",
        "customerIdentifier": "cust-1",
        "merchantAccountKey": "BANGO",
        "productKey": "BangoMusic",
    });
    for (name, value) in over.as_object().unwrap() {
        record[name] = value.clone();
    }
    record
}

/// A pending entitlement whose user must go to this URL.
pub fn pending(url: &str) -> Value {
    entitlement(&json!({
        "responseCode": "CLIENT_ACTION_REQUIRED",
        "responseMessage": "Client action required",
        "status": "PENDING",
        "parameters": {"action": "NAVIGATE_TO_URL", "url": url},
    }))
}
