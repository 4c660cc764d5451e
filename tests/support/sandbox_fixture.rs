//! A sandbox started as a user starts it, a plain HTTP client for it, and a receiver of notifications.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub const BASIC: &str = "Basic c2FuZGJveDpzYW5kYm94";

/// A running `bango-ent sandbox` on a free port; killed when dropped.
pub struct Sandbox {
    child: Child,
    pub origin: String,
    pub stdout: String,
    log: Arc<Mutex<String>>,
    home: tempfile::TempDir,
    agent: ureq::Agent,
}

/// What was answered.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        let parsed = serde_json::from_str(&self.body);
        assert!(parsed.is_ok(), "no JSON: {self:?}");
        parsed.unwrap()
    }

    pub fn text(&self, member: &str) -> String {
        self.json()[member].as_str().unwrap_or_default().to_owned()
    }

    pub fn code(&self) -> String {
        self.text("responseCode")
    }

    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The link that a pending create leads to.
    pub fn link(&self) -> String {
        self.json()["parameters"]["url"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

/// The binary, in an environment of its own.
pub fn command(home: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bango-ent"));
    command
        .env_clear()
        .env("HOME", home)
        .env("XDG_STATE_HOME", home.join("state"))
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

impl Sandbox {
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, &[], tempfile::tempdir().unwrap())
    }

    pub fn start_with(
        arguments: &[&str],
        environment: &[(&str, &str)],
        home: tempfile::TempDir,
    ) -> Self {
        let mut child = command(home.path())
            .args(["sandbox", "--port", "0", "--json"])
            .args(arguments)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = String::new();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        reader.read_line(&mut stdout).unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let (mut stderr, kept) = (child.stderr.take().unwrap(), Arc::clone(&log));
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(count @ 1..) = stderr.read(&mut piece) {
                kept.lock()
                    .unwrap()
                    .push_str(&String::from_utf8_lossy(&piece[..count]));
            }
        });
        let line = serde_json::from_str::<Value>(&stdout);
        assert!(
            line.is_ok(),
            "no address: {stdout:?}, {}",
            log.lock().unwrap()
        );
        let line = line.unwrap();
        let origin = line["dashboard"].as_str().unwrap().to_owned();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_secs(20)))
            .proxy(None)
            .build()
            .into();
        Self {
            child,
            origin,
            stdout,
            log,
            home,
            agent,
        }
    }

    pub fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    pub fn address(&self) -> &str {
        self.origin.strip_prefix("http://").unwrap()
    }

    /// What was logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Sends anything anywhere.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Reply, ureq::Error> {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.origin)
        };
        let mut request = ureq::http::Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = self.agent.run(request.body(body.to_owned()).unwrap())?;
        let headers = response.headers().iter().map(|(name, value)| {
            (
                name.as_str().to_owned(),
                value.to_str().unwrap_or("").to_owned(),
            )
        });
        Ok(Reply {
            status: response.status().as_u16(),
            headers: headers.collect(),
            body: response.body_mut().read_to_string()?,
        })
    }

    /// Gets a page.
    pub fn page(&self, path: &str) -> Reply {
        self.send("GET", path, &[], "").unwrap()
    }

    /// Submits a form.
    pub fn submit(&self, path: &str, form: &str) -> Reply {
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        self.send("POST", path, &kind, form).unwrap()
    }

    /// Makes an API call with credentials.
    pub fn api(&self, method: &str, path: &str, body: &Value) -> Reply {
        self.api_as(method, path, body, &[])
    }

    pub fn api_as(
        &self,
        method: &str,
        path: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Reply {
        let mut all = vec![("authorization", BASIC)];
        if !body.is_null() {
            all.push(("content-type", "application/json"));
        }
        all.extend(headers);
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.send(method, &format!("/v1{path}"), &all, &body)
            .unwrap()
    }

    pub fn get(&self, id: &str) -> Reply {
        self.api("GET", &format!("/entitlement/{id}"), &Value::Null)
    }

    pub fn create(&self, customer: &str, merchant: &str, product: &str) -> Reply {
        self.create_with(customer, merchant, product, &json!({}))
    }

    pub fn create_with(
        &self,
        customer: &str,
        merchant: &str,
        product: &str,
        more: &Value,
    ) -> Reply {
        let mut body = json!({"customerIdentifier": customer, "merchantAccountKey": merchant, "productKey": product});
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.api("POST", "/entitlement", &body)
    }

    /// Creates an entitlement that is `ACTIVE` at once and returns its id.
    pub fn active(&self, customer: &str) -> String {
        let reply = self.create(customer, "SANDBOX", "ACTIVE_AT_ONCE");
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.text("entitlementId")
    }

    pub fn end(&self, verb: &str, id: &str) -> Reply {
        let reason =
            json!({"cancelReasonCategory": "CUSTOMER_CANCELLED", "cancelReasonCode": "OTHER"});
        self.api("POST", &format!("/entitlement/{verb}/{id}"), &reason)
    }

    /// Completes a registration as a browser would.
    pub fn register(&self, link: &str) -> Reply {
        let page = self.page(link);
        assert_eq!(page.status, 200, "{page:?}");
        let form = format!("token={}", token(&page.body));
        self.submit(link, &form)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end, as Ctrl-C or a service manager does.
    pub fn signal(&mut self, signal: &str) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
        self.child.wait().unwrap()
    }

    /// Starts it again on the same state.
    pub fn restart(mut self, arguments: &[&str]) -> Self {
        self.child.kill().ok();
        self.child.wait().unwrap();
        let home = std::mem::replace(&mut self.home, tempfile::tempdir().unwrap());
        Self::start_with(arguments, &[], home)
    }

    /// Writes raw bytes on a connection of its own, and returns all that comes back.
    pub fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        stream.write_all(bytes).ok();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok();
        answer
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Finds the form token in a page.
pub fn token(page: &str) -> String {
    let (_, rest) = page
        .split_once("name=\"token\" value=\"")
        .expect("a form with a token");
    rest.split('"').next().unwrap().to_owned()
}

/// Waits until something is so; fails after ten seconds.
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A notification as it arrived.
#[derive(Debug)]
pub struct Arrival {
    pub head: String,
    pub bytes: Vec<u8>,
    pub body: Value,
}

impl Arrival {
    pub fn reason(&self) -> &str {
        self.body["notificationReason"].as_str().unwrap()
    }
}

/// A receiver of notifications that answers with the given statuses in turn, and then with 200.
pub struct Inbox {
    pub url: String,
    arrivals: Receiver<Arrival>,
}

impl Inbox {
    pub fn open(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook?id=7", listener.local_addr().unwrap());
        let (sender, arrivals) = channel();
        let statuses = statuses.to_vec();
        std::thread::spawn(move || {
            let mut statuses = statuses.into_iter();
            for stream in listener.incoming().flatten() {
                let status = statuses.next().unwrap_or(200);
                if sender.send(receive(&stream, status)).is_err() {
                    return;
                }
            }
        });
        Self { url, arrivals }
    }

    /// The next notification; fails after ten seconds.
    pub fn next(&self) -> Arrival {
        self.arrivals
            .recv_timeout(Duration::from_secs(10))
            .expect("a notification")
    }

    /// Whatever else arrives within a moment.
    pub fn more(&self) -> Option<Arrival> {
        self.arrivals.recv_timeout(Duration::from_millis(300)).ok()
    }
}

fn receive(stream: &TcpStream, status: u16) -> Arrival {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap_or(0) > 0 {}
    let lower = head.to_lowercase();
    let length = lower
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.lines().next());
    let mut body = vec![0; length.and_then(|length| length.parse().ok()).unwrap_or(0)];
    reader.read_exact(&mut body).ok();
    let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    (&*stream).write_all(answer.as_bytes()).ok();
    Arrival {
        head,
        body: serde_json::from_slice(&body).unwrap_or_default(),
        bytes: body,
    }
}
