//! A small platform on the scriptable server: it counts what it did, for whom and under which identifier.
//! It can drop answers, answer late, or answer as a test says. Also used by the benchmarks.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::server;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub identifier: String,
    pub body: Value,
    pub at: Instant,
    /// How many requests came before it.
    pub number: usize,
}

/// What a test wants to be answered: HTTP status, more header lines, body. Status 0 drops the connection.
pub type Reply = (u16, &'static str, Value);
type Script = dyn Fn(&Seen) -> Option<Reply> + Send + Sync;

/// A token bucket: what is too much is answered 429.
pub struct Limit {
    /// Requests that may come at once.
    pub burst: f64,
    /// Requests in a second, by the time since the first one.
    pub rate: fn(Duration) -> f64,
    /// More header lines of a refusal.
    pub headers: &'static str,
}

/// A limit's tokens, and the times of the first request and of the last one.
type Bucket = Option<(f64, Instant, Instant)>;

impl Limit {
    pub fn new(burst: f64, rate: fn(Duration) -> f64) -> Self {
        let headers = "";
        Self {
            burst,
            rate,
            headers,
        }
    }

    /// Takes a token, or says that there is none.
    fn refusal(&self, bucket: &mut Bucket) -> Option<Reply> {
        let now = Instant::now();
        let (mut tokens, first, last) = bucket.unwrap_or((self.burst, now, now));
        let more = (now - last).as_secs_f64() * (self.rate)(now - first);
        tokens = self.burst.min(tokens + more);
        let is_taken = tokens >= 1.0;
        *bucket = Some((tokens - f64::from(u8::from(is_taken)), first, now));
        let body = json!({"responseCode": "TOO_MANY_REQUESTS"});
        (!is_taken).then_some((429, self.headers, body))
    }
}

/// How the platform behaves.
#[derive(Default)]
pub struct Behaviour {
    /// Every answer comes so much later.
    pub latency: Duration,
    /// Of a hundred requests that are acted on for the first time, so many get no answer.
    pub lost: usize,
    /// Of a hundred requests that are acted on for the first time, the answers of so many come later than this.
    pub late: (usize, Duration),
    /// Of a hundred answers so many come a second time, a little later.
    pub twice: usize,
    /// A connection is closed after so many answers, without a word of it.
    pub closes_after: Option<usize>,
    /// Identifiers are not remembered: repeating a create is refused as a second one.
    pub forgets: bool,
    /// How many requests are taken, if not all.
    pub limit: Option<Limit>,
    /// Answers have a `Date`, and the platform's clock is ahead of ours by so many seconds.
    pub clock: Option<i64>,
    /// Answers instead of acting, where it has something to say.
    pub script: Option<Box<Script>>,
}

#[derive(Default)]
struct Records {
    /// How often each user was given something.
    created: HashMap<String, usize>,
    /// By identifier: the number of the request that was acted on, and the answer.
    answers: HashMap<String, (usize, Value)>,
    entitlements: HashMap<String, Value>,
    seen: Vec<Seen>,
    bucket: Bucket,
    /// How many requests were refused for the limit.
    limited: usize,
}

struct State {
    behaviour: Behaviour,
    records: Mutex<Records>,
    requests: AtomicUsize,
    acted: AtomicUsize,
    most_at_once: AtomicUsize,
    at_once: AtomicUsize,
}

/// The running platform; it ends with the process.
pub struct Platform {
    pub url: String,
    state: Arc<State>,
}

impl Platform {
    pub fn start(behaviour: Behaviour) -> Self {
        let state = Arc::new(State {
            behaviour,
            records: Mutex::default(),
            requests: AtomicUsize::new(0),
            acted: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
            at_once: AtomicUsize::new(0),
        });
        let shared = state.clone();
        let server = server::Server::start(move |connection| serve(&shared, connection));
        Self {
            url: server.base_url(),
            state,
        }
    }

    /// Requests that came, in the order in which they were read.
    pub fn seen(&self) -> Vec<Seen> {
        self.state.records.lock().unwrap().seen.clone()
    }

    /// How many requests came.
    pub fn requests(&self) -> usize {
        self.state.requests.load(Ordering::Relaxed)
    }

    /// How many requests were refused for the limit.
    pub fn limited(&self) -> usize {
        self.state.records.lock().unwrap().limited
    }

    /// Waits until so many requests have come.
    pub fn wait_for(&self, count: usize) {
        let start = Instant::now();
        while self.requests() < count {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "never came: {count} requests"
            );
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// The most requests that were being answered at the same time.
    pub fn most_at_once(&self) -> usize {
        self.state.most_at_once.load(Ordering::Relaxed)
    }

    /// How often each user was given something.
    pub fn created(&self) -> HashMap<String, usize> {
        self.state.records.lock().unwrap().created.clone()
    }

    /// Puts an entitlement there that nobody asked for.
    pub fn put(&self, id: &str, record: Value) {
        let mut records = self.state.records.lock().unwrap();
        records.entitlements.insert(id.to_owned(), record);
    }
}

fn serve(state: &State, mut connection: server::Connection) {
    let _ = connection.stream.set_nodelay(true);
    let mut answers = 0;
    loop {
        let request = connection.next();
        if request.is_empty() {
            return;
        }
        let seen = record(state, &request);
        let now = state.at_once.fetch_add(1, Ordering::Relaxed) + 1;
        state.most_at_once.fetch_max(now, Ordering::Relaxed);
        let reply = answer(state, &seen);
        thread::sleep(state.behaviour.latency);
        if is_among(state.behaviour.late.0, state, &seen) {
            thread::sleep(state.behaviour.late.1);
        }
        state.at_once.fetch_sub(1, Ordering::Relaxed);
        let Some((status @ 1.., headers, body)) = reply else {
            return;
        };
        let mut lines = vec!["Content-Type: application/json"];
        lines.extend(headers.lines());
        let date = time_of(state).strftime("Date: %a, %d %b %Y %H:%M:%S GMT");
        let date = state.behaviour.clock.map(|_| date.to_string());
        lines.extend(date.as_deref());
        let reply = server::open_http(status, &lines, body.to_string());
        if !connection.say(&reply) {
            return;
        }
        if seen.number % 100 < state.behaviour.twice {
            thread::sleep(Duration::from_millis(5));
            connection.say(&reply);
        }
        answers += 1;
        if Some(answers) == state.behaviour.closes_after {
            return;
        }
    }
}

/// Whether a request that was just acted on for the first time is among so many of a hundred.
fn is_among(share: usize, state: &State, seen: &Seen) -> bool {
    let records = state.records.lock().unwrap();
    let first = records
        .answers
        .get(&seen.identifier)
        .map(|(number, _)| *number);
    first.is_some_and(|number| number == seen.number && number % 100 < share)
}

/// What the platform takes the time for.
fn time_of(state: &State) -> jiff::Timestamp {
    let ahead = state.behaviour.clock.unwrap_or_default();
    jiff::Timestamp::now() + jiff::SignedDuration::from_secs(ahead)
}

fn record(state: &State, request: &str) -> Seen {
    let mut words = request.split(' ').map(str::to_owned);
    let identifier = server::header(request, "X-RequestIdentifier");
    // Counted and recorded as one, so that the numbers are in the order of the records.
    let mut records = state.records.lock().unwrap();
    let seen = Seen {
        method: words.next().unwrap_or_default(),
        path: words.next().unwrap_or_default(),
        identifier: identifier.unwrap_or_default().to_owned(),
        body: server::json_body(request),
        at: Instant::now(),
        number: state.requests.fetch_add(1, Ordering::Relaxed),
    };
    records.seen.push(seen.clone());
    seen
}

/// Answers a request; `None` drops the connection without an answer.
fn answer(state: &State, seen: &Seen) -> Option<Reply> {
    if let Some(limit) = &state.behaviour.limit {
        let mut records = state.records.lock().unwrap();
        if let Some(refusal) = limit.refusal(&mut records.bucket) {
            records.limited += 1;
            return Some(refusal);
        }
    }
    let script = state.behaviour.script.as_ref();
    let reply = script.and_then(|script| script(seen));
    reply.or_else(|| act(state, seen))
}

/// Acts on a request, and perhaps gives no answer.
fn act(state: &State, seen: &Seen) -> Option<Reply> {
    let mut records = state.records.lock().unwrap();
    let text = |name: &str| seen.body[name].as_str().unwrap_or_default().to_owned();
    let path = seen.path.strip_prefix("/v1/entitlement").unwrap_or("?");
    if seen.method == "GET" {
        let found = records.entitlements.get(path.trim_start_matches('/'));
        return Some(found.map_or_else(not_found, |record| (200, "", record.clone())));
    }
    if path == "/report" {
        let user = text("customerIdentifier");
        let own = records.entitlements.values();
        let list: Vec<_> = own
            .filter(|record| record["customerIdentifier"] == user.as_str())
            .cloned()
            .collect();
        return Some((200, "", json!({"responseCode": "OK", "entitlements": list})));
    }
    if let Some((_, again)) = records
        .answers
        .get(&seen.identifier)
        .filter(|_| !state.behaviour.forgets)
    {
        return Some((200, "", again.clone()));
    }
    let record = if seen.method == "POST" && path.is_empty() {
        let user = text("customerIdentifier");
        let id = format!("ent-{user}");
        if state.behaviour.forgets && records.entitlements.contains_key(&id) {
            let message = "Maximum number of subscriptions for user reached";
            let body = json!({"responseCode": "BAD_REQUEST", "responseMessage": message});
            return Some((400, "", body));
        }
        *records.created.entry(user).or_default() += 1;
        let mut record = seen.body.clone();
        record["entitlementId"] = id.clone().into();
        record["status"] = "ACTIVE".into();
        record["responseCode"] = "OK".into();
        record["dateCreated"] = time_of(state).to_string().into();
        records.entitlements.insert(id, record.clone());
        record
    } else {
        let id = seen.body["entitlementId"].as_str();
        let id = id.map_or_else(|| last_step(path), str::to_owned);
        json!({"responseCode": "OK", "entitlementId": id, "status": "ACTIVE"})
    };
    records
        .answers
        .insert(seen.identifier.clone(), (seen.number, record.clone()));
    let acted = state.acted.fetch_add(1, Ordering::Relaxed);
    // Spread evenly: of each hundred the first few get no answer.
    let is_lost = acted % 100 < state.behaviour.lost;
    (!is_lost).then_some((200, "", record))
}

/// The last segment of a path, as it was before it was encoded.
fn last_step(path: &str) -> String {
    let step = path.rsplit('/').next().unwrap_or_default();
    step.replace("%2F", "/")
}

fn not_found() -> Reply {
    (
        404,
        "",
        json!({"responseCode": "NOT_FOUND", "responseMessage": "no such entitlement"}),
    )
}
