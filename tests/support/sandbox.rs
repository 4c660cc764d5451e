//! The sandbox and the listener, each started as a user starts it, plain HTTP clients for them, and a receiver of notifications.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::cli::{Cli, Home, Outcome, Running};
use super::server::{Server, http, json_body};

pub const BASIC: &str = "Basic c2FuZGJveDpzYW5kYm94";

/// A running `bango-ent sandbox` on a free port; killed when dropped.
pub struct Sandbox {
    running: Option<Running>,
    pub origin: String,
    pub stdout: String,
    home: Arc<Home>,
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

/// The binary in this home, which also keeps the sandbox's state.
pub fn command(home: &Home) -> Cli {
    let mut cli = home.bango_ent();
    // Whatever sandbox somebody runs on the usual port is none of ours.
    cli.env("XDG_STATE_HOME", home.path().join("state"))
        .env("BANGO_SANDBOX_PORT", "9");
    cli
}

/// An HTTP client that takes every answer as it is.
fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .allow_non_standard_methods(true)
        .timeout_global(Some(Duration::from_secs(20)))
        .proxy(None)
        .build()
        .into()
}

impl Sandbox {
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, &[], Home::new())
    }

    pub fn start_with(arguments: &[&str], environment: &[(&str, &str)], home: Home) -> Self {
        Self::start_in(Arc::new(home), arguments, environment)
    }

    fn start_in(home: Arc<Home>, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let running = command(&home)
            .args(["sandbox", "--port", "0", "--json"])
            .args(arguments)
            .envs(environment.iter().copied())
            .start();
        let stdout = running.line().unwrap_or_default();
        let line = serde_json::from_str::<Value>(&stdout);
        assert!(line.is_ok(), "no address: {stdout:?}, {}", running.stderr());
        let origin = line.unwrap()["dashboard"].as_str().unwrap().to_owned();
        Self {
            running: Some(running),
            origin,
            stdout,
            home,
            agent: agent(),
        }
    }

    pub fn home(&self) -> &Home {
        &self.home
    }

    /// The binary with the sandbox's credentials, talking to it.
    pub fn client(&self) -> Cli {
        let mut cli = command(&self.home);
        cli.env("BANGO_USERNAME", "sandbox")
            .env("BANGO_PASSWORD", "sandbox")
            .env("BANGO_BASE_URL", format!("{}/v1", self.origin));
        cli
    }

    pub fn address(&self) -> &str {
        self.origin.strip_prefix("http://").unwrap()
    }

    /// What was logged so far.
    pub fn log(&self) -> String {
        self.running.as_ref().unwrap().stderr()
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
        self.running.as_ref().unwrap().id()
    }

    /// Asks it to end, as Ctrl-C or a service manager does, and waits for that.
    #[cfg(unix)]
    pub fn signal(&mut self, signal: rustix::process::Signal) -> Outcome {
        let running = self.running.take().unwrap();
        running.signal(signal);
        running.end()
    }

    /// Starts it again on the same state.
    pub fn restart(mut self, arguments: &[&str]) -> Self {
        drop(self.running.take());
        Self::start_in(Arc::clone(&self.home), arguments, &[])
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

impl Sandbox {
    /// The path of the dashboard's page of an entitlement.
    pub fn entitlement_page(&self, id: &str) -> String {
        let query = ureq::http::Uri::try_from(format!("/?q={}", id.replace(' ', "%20"))).unwrap();
        let list = self.page(&query.to_string()).body;
        let (_, rest) = list
            .split_once("href=\"/entitlements/")
            .expect("it is listed");
        format!("/entitlements/{}", rest.split('"').next().unwrap())
    }

    /// Its URL.
    pub fn entitlement_url(&self, id: &str) -> String {
        format!("{}{}", self.origin, self.entitlement_page(id))
    }

    /// Presses a button of an entitlement's page.
    pub fn act(&self, id: &str, act: &str) -> Reply {
        let page = self.page(&self.entitlement_page(id)).body;
        let form = format!("act={act}&token={}", token(&page));
        self.submit(&format!("/merchant/{id}"), &form)
    }
}

/// Finds the form token in a page.
pub fn token(page: &str) -> String {
    let (_, rest) = page
        .split_once("name=\"token\" value=\"")
        .expect("a form with a token");
    rest.split('"').next().unwrap().to_owned()
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
        let (sender, arrivals) = channel();
        let statuses = Vec::from(statuses);
        let statuses = Mutex::new(statuses.into_iter());
        let peer = Server::start(move |mut connection| {
            let request = connection.next();
            let (head, body) = request.split_once("\r\n\r\n").unwrap_or_default();
            let arrival = Arrival {
                head: format!("{head}\r\n\r\n"),
                body: json_body(&request),
                bytes: body.into(),
            };
            let status = statuses.lock().unwrap().next().unwrap_or(200);
            // The test may be over. Before the answer: the next one can come as soon as that is there.
            let _ = sender.send(arrival);
            connection.say(http(status, &[], ""));
        });
        let url = format!("http://127.0.0.1:{}/hook?id=7", peer.port());
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

/// A running `bango-ent listen` on a free port; killed when dropped.
pub struct Listener {
    running: Running,
    pub url: String,
    agent: ureq::Agent,
    /// What it said before it listened.
    pub greeting: Vec<String>,
}

impl Listener {
    /// Starts it in a folder of its own; `Err` tells how it ended instead.
    pub fn try_start(
        home: &Home,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Result<Self, Outcome> {
        let mut cli = command(home);
        cli.args(["listen", "--port", "0"])
            .args(arguments)
            .envs(environment.iter().copied());
        Self::spawned(&mut cli)
    }

    /// Waits until a command listens.
    pub fn spawned(cli: &mut Cli) -> Result<Self, Outcome> {
        let running = cli.start();
        let mut greeting = Vec::new();
        while let Some(remark) = running.remark() {
            if let Some(url) = remark.strip_prefix("note: listening on ") {
                return Ok(Self {
                    url: url.to_owned(),
                    running,
                    agent: agent(),
                    greeting,
                });
            }
            greeting.push(remark);
        }
        Err(running.end())
    }

    pub fn start_in(home: &Home, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::try_start(home, arguments, environment)
            .unwrap_or_else(|end| panic!("it did not start: {end:?}"))
    }

    pub fn start(arguments: &[&str]) -> (Home, Self) {
        let home = Home::new();
        let listener = Self::start_in(&home, arguments, &[]);
        (home, listener)
    }

    pub fn address(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// Sends anything, and returns the status.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> u16 {
        let url = format!("{}{path}", self.url);
        let mut request = ureq::http::Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.agent.run(request.body(body).unwrap()).unwrap();
        response.status().as_u16()
    }

    /// Posts a notification.
    pub fn post(&self, body: &Value) -> u16 {
        self.send("POST", "/", &[], body.to_string().as_bytes())
    }

    /// The next line on stdout.
    pub fn line(&self) -> String {
        self.running.line().expect("a line on stdout")
    }

    /// The next line on stdout as JSON.
    pub fn json(&self) -> Value {
        let line = self.line();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line}"))
    }

    /// The next line on stderr that contains this.
    pub fn remark(&self, part: &str) -> String {
        loop {
            let remark = self.running.remark();
            let remark = remark.unwrap_or_else(|| panic!("no remark with {part}"));
            if remark.contains(part) {
                return remark;
            }
        }
    }

    /// The most memory that it has held, in KiB.
    pub fn peak_memory(&self) -> u64 {
        self.running.peak_memory()
    }

    /// Asks it to end, as Ctrl-C or a service manager does.
    #[cfg(unix)]
    pub fn signal(&self, signal: rustix::process::Signal) {
        self.running.signal(signal);
    }

    /// Waits for its end; the lines that were not taken before are left.
    pub fn end(self) -> Outcome {
        self.running.end_with_rest()
    }

    /// Ends it with Ctrl-C.
    #[cfg(unix)]
    pub fn interrupt(self) -> Outcome {
        self.signal(rustix::process::Signal::INT);
        self.end()
    }
}

/// A notification as the contract shows it.
pub fn notification(id: &str, status: &str, second: u32) -> Value {
    json!({
        "responseCode": "OK",
        "responseMessage": "Success",
        "parameters": null,
        "notificationReason": "METADATA_UPDATE",
        "entitlementId": id,
        "status": status,
        "dateLastUpdated": format!("2026-11-23T04:{:02}:{:02}.000Z", second / 60, second % 60),
        "customerIdentifier": "cust-1",
        "merchantAccountKey": "BANGO",
        "productKey": "BangoMusic",
    })
}
