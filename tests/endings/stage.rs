//! Where a cell is played: a home, and a server that answers every request of a command in one way and keeps what it did.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::batch::users;
use crate::support::cli::{Home, PASSWORD, wait_until};
use crate::support::server::{Connection, Server, entitlement, header, http, json_body, pending};

pub const ID: &str = "9d6b3a3e-0000-4000-8000-000000000001";

/// What becomes of the requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Done,
    /// Each is answered with this code and HTTP status.
    Refused(&'static str, u16),
    /// Each is acted on and never answered.
    Lost,
    /// The first is acted on and never answered, the next is refused.
    LostThenRefused,
    /// Nothing is sent, because nothing listens.
    NoConnection,
    /// None is answered as long as the command lives.
    Hangs,
}

/// What the server did with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// It acted on a change and said so.
    Changed,
    /// It answered a read.
    Told,
    /// It refused.
    Refused,
    /// It said nothing, or that it does not know itself.
    Unclear,
}

/// A server, a home, and what the server did.
pub struct Stage {
    pub home: Home,
    pub base_url: String,
    did: Arc<Mutex<Vec<Did>>>,
    released: Arc<AtomicBool>,
}

/// A finished journal of three rows.
static JOURNAL: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let stage = Stage::new(Fate::Done, false, false);
    stage
        .home
        .client(&stage.base_url)
        .args(["batch", "users.csv"])
        .run()
        .assert_code(0);
    std::fs::read(stage.home.path().join("users.csv.journal")).unwrap()
});

impl Stage {
    /// With `spares_creates` the fate is that of the reads; with `held` an answer comes only after [`Stage::release`].
    pub fn new(fate: Fate, spares_creates: bool, held: bool) -> Self {
        let home = Home::new();
        home.write("users.csv", users(3));
        home.write("ends.csv", format!("entitlement_id\n{ID}\n"));
        home.write("password.txt", PASSWORD);
        let did = Arc::<Mutex<Vec<Did>>>::default();
        let released = Arc::new(AtomicBool::new(!held));
        let (kept, gate) = (Arc::clone(&did), Arc::clone(&released));
        let server = Server::start(move |connection| {
            play(connection, fate, spares_creates, &kept, &gate);
        });
        let base_url = match fate {
            // No program listens there, and no system gives that port to one that asks for any.
            Fate::NoConnection => "http://127.0.0.1:1/v1".to_owned(),
            _ => server.base_url(),
        };
        Self {
            home,
            base_url,
            did,
            released,
        }
    }

    pub fn with_journal(&self) {
        self.home.write("done.journal", &*JOURNAL);
    }

    pub fn did(&self) -> Vec<Did> {
        self.did.lock().unwrap().clone()
    }

    /// Waits until a request of the wanted fate is under way.
    pub fn wait_for_request(&self, number: usize) {
        wait_until("a request", || self.did().len() >= number);
    }

    pub fn release(&self) {
        self.released.store(true, Ordering::SeqCst);
    }
}

fn play(
    mut connection: Connection,
    fate: Fate,
    spares_creates: bool,
    did: &Mutex<Vec<Did>>,
    released: &AtomicBool,
) {
    let request = connection.next();
    if request.is_empty() {
        return;
    }
    let is_change = is_change(&request);
    let is_spared = spares_creates && is_change;
    let identifier = header(&request, "X-RequestIdentifier").map(str::to_owned);
    let is_first = !connection
        .requests()
        .iter()
        .any(|earlier| header(earlier, "X-RequestIdentifier") == identifier.as_deref());
    connection.keep(request.clone());
    let keep = |what| did.lock().unwrap().push(what);
    let done = if is_change { Did::Changed } else { Did::Told };
    match fate {
        _ if is_spared => {
            keep(Did::Changed);
            let record = pending("https://merchant.example/register?t=1");
            connection.say(http(202, &[], record.to_string()));
        }
        Fate::Done | Fate::NoConnection => {
            keep(done);
            while !released.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(2));
            }
            connection.say(http(200, &[], success(&request).to_string()));
        }
        Fate::LostThenRefused if !is_first => {
            keep(Did::Refused);
            refuse(&mut connection, "BAD_REQUEST", 400);
        }
        Fate::Refused(code, status) => {
            keep(if code == "INTERNAL_ERROR" {
                Did::Unclear
            } else {
                Did::Refused
            });
            refuse(&mut connection, code, status);
        }
        Fate::Lost | Fate::LostThenRefused => keep(Did::Unclear),
        Fate::Hangs => {
            keep(Did::Unclear);
            connection.hang();
        }
    }
}

fn refuse(connection: &mut Connection, code: &str, status: u16) {
    let body = json!({"responseCode": code, "responseMessage": "because"});
    connection.say(http(status, &[], body.to_string()));
}

fn path(request: &str) -> &str {
    request.split(' ').nth(1).unwrap_or_default()
}

fn is_change(request: &str) -> bool {
    !request.starts_with("GET ") && !path(request).ends_with("/report")
}

fn success(request: &str) -> Value {
    let path = path(request);
    if let Some((_, id)) = path.split_once("/echo/") {
        return json!({"responseCode": "OK", "responseMessage": "Success", "echo": id});
    }
    if path.ends_with("/activationInfo") {
        return pending("https://merchant.example/register?t=1");
    }
    if path.ends_with("/report") {
        return json!({"responseCode": "OK", "entitlements": [entitlement(&json!({}))]});
    }
    let user = &json_body(request)["customerIdentifier"];
    match user.as_str() {
        Some(user) => entitlement(&json!({"customerIdentifier": user})),
        None => entitlement(&json!({})),
    }
}
