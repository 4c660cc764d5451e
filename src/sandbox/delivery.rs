//! The delivery of notifications: one that is queued, when it is tried again, and the threads that post. It keeps nothing itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::body::sendable;
use super::record::{StoredEntitlement, later, wire_time};
use super::requests::{KeptHeaders, kept_body, kept_headers, milliseconds, without_password};
use crate::http::{Agent, Method, Network, RequestBuilder};

/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// How long one is tried before it is given up, by the sandbox's clock.
const PATIENCE: Duration = Duration::from_secs(24 * 3600);
const TIMEOUT: Duration = Duration::from_secs(10);
/// How much of an answer's body is read, so that its connection can be used again.
const ANSWER_LIMIT: usize = 64 * 1024;
/// How many tries of one notification are kept: the newest.
const KEPT_TRIES: usize = 20;
/// How much of the body of its answer is kept, in bytes.
const KEPT_ANSWER: usize = 4 * 1024;

/// One notification.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct QueuedNotification {
    /// Under which the state keeps it.
    #[serde(skip)]
    pub number: u64,
    /// The number of the entitlement that it is about.
    pub entitlement: u64,
    /// Its id and its customer when this was queued.
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub customer: String,
    /// Bango's name of the reason.
    pub reason: String,
    pub url: String,
    /// The JSON that is posted.
    pub body: Option<Box<RawValue>>,
    /// When it was queued, in the wire's format.
    pub queued: String,
    pub tries: u32,
    /// How the last try went, in a few words; empty before the first.
    pub outcome: String,
    /// Whether a try was answered with 2xx.
    pub delivered: bool,
    /// When it is tried next, in milliseconds since 1970; none once it is delivered or given up.
    pub next: Option<i64>,
    /// When it is given up, in milliseconds since 1970.
    #[serde(default)]
    pub give_up: i64,
    /// How the last tries went, oldest first.
    #[serde(default)]
    pub attempts: Vec<Attempt>,
}

/// One try to deliver a notification, and what was answered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// When it ended, in the wire's format.
    pub time: String,
    pub duration_ms: f64,
    /// The headers that were sent, without secrets.
    pub headers: KeptHeaders,
    /// The status that was answered.
    pub http_status: Option<u16>,
    /// Why there was no answer, or an empty text.
    pub problem: String,
    pub answer_headers: KeptHeaders,
    pub answer_body: Option<Box<RawValue>>,
}

impl Attempt {
    /// How it went, in a few words.
    pub fn outcome(&self) -> String {
        match self.http_status {
            Some(status) => format!("HTTP {status}"),
            None => self.problem.clone(),
        }
    }
}

impl QueuedNotification {
    /// Builds the notification that an entitlement has changed, to be sent after `hold`.
    pub fn new(
        record: &StoredEntitlement,
        url: &str,
        reason: &str,
        now: Timestamp,
        hold: Duration,
    ) -> Self {
        let mut body = json!({
            "responseCode": "OK", "responseMessage": "Success", "parameters": Value::Null, "notificationReason": reason,
        });
        if let Value::Object(body) = &mut body {
            body.extend(record.shown.to_map());
        }
        Self {
            number: 0,
            entitlement: record.number,
            id: record.id().to_owned(),
            customer: record.customer().to_owned(),
            reason: reason.to_owned(),
            url: url.to_owned(),
            body: serde_json::value::to_raw_value(&body).ok(),
            queued: wire_time(now),
            tries: 0,
            outcome: String::new(),
            delivered: false,
            next: Some(later(now, hold).as_millisecond()),
            give_up: later(now, PATIENCE).as_millisecond(),
            attempts: Vec::new(),
        }
    }

    /// Lets it be tried again, from now on.
    pub fn send_again(&mut self, now: Timestamp) {
        self.next = Some(now.as_millisecond());
        self.give_up = later(now, PATIENCE).as_millisecond();
        (self.tries, self.delivered) = (0, false);
    }

    /// The URL without a password, to be shown.
    pub fn shown_url(&self) -> String {
        without_password(&self.url)
    }

    /// What has become of it.
    pub fn state(&self) -> &'static str {
        match (self.delivered, self.next, self.tries) {
            (true, ..) => "delivered",
            (_, None, _) => "given up",
            (_, Some(_), 0) => "waiting",
            _ => "failed",
        }
    }

    /// Notes how a try went, and plans the next one unless it was the last. One that was planned for a time before that to
    /// which the clock was moved is taken as tried at that time.
    pub fn note_try(&mut self, mut attempt: Attempt, now: Timestamp, moved_to: i64) {
        let planned = self.next.filter(|planned| *planned < moved_to);
        let planned = planned.and_then(|planned| Timestamp::from_millisecond(planned).ok());
        let now = planned.unwrap_or(now);
        self.tries = self.tries.saturating_add(1);
        let next = later(now, pause(self.tries)).as_millisecond();
        self.delivered = matches!(attempt.http_status, Some(200..=299));
        self.outcome = attempt.outcome();
        attempt.time = wire_time(now);
        if self.attempts.len() >= KEPT_TRIES {
            self.attempts.remove(0);
        }
        self.attempts.push(attempt);
        self.next = Some(next).filter(|next| !self.delivered && *next <= self.give_up);
    }
}

/// How long to wait after so many tries: 1 s, 2 s, 4 s … up to five minutes.
fn pause(tries: u32) -> Duration {
    let seconds = 1_u64 << tries.saturating_sub(1).min(16);
    Duration::from_secs(seconds).min(LONGEST_PAUSE)
}

/// The header that authenticates a notification.
type AuthHeader = Option<(&'static str, SecretString)>;

/// What a thread needs to post, and to tell how it went.
struct Posting {
    queue: Receiver<(u64, QueuedNotification)>,
    header: AuthHeader,
    report: Box<dyn Fn(u64, Attempt) + Send + Sync>,
    /// How many tries are not over.
    under_way: AtomicUsize,
}

/// The threads that post numbered notifications, as many as there are tries at the same time. They end when this is dropped and
/// their current try is over.
pub struct Deliverer {
    sender: Sender<(u64, QueuedNotification)>,
    posting: Arc<Posting>,
    threads: usize,
}

impl Deliverer {
    /// Makes it; `report` is called from its threads after each try.
    pub fn new(header: AuthHeader, report: impl Fn(u64, Attempt) + Send + Sync + 'static) -> Self {
        let (sender, queue) = unbounded();
        let posting = Posting {
            queue,
            header,
            report: Box::new(report),
            under_way: AtomicUsize::new(0),
        };
        Self {
            sender,
            posting: Arc::new(posting),
            threads: 0,
        }
    }

    /// Hands over one try.
    pub fn send(&mut self, number: u64, notification: QueuedNotification) {
        let under_way = self.posting.under_way.fetch_add(1, Ordering::AcqRel) + 1;
        if under_way > self.threads {
            let posting = Arc::clone(&self.posting);
            let thread = std::thread::Builder::new().name("notifications".to_owned());
            // Without a thread of its own it waits for one of the others.
            if thread.spawn(move || posting.post_all()).is_ok() {
                self.threads += 1;
            }
        }
        self.sender.send((number, notification)).ok();
    }
}

impl Posting {
    fn post_all(&self) {
        let mut agent = None;
        for (number, notification) in &self.queue {
            let agent = agent.get_or_insert_with(|| Agent::new(&Network::default(), true));
            let attempt = match agent {
                Ok(agent) => post(agent, notification, &self.header),
                Err(error) => Attempt {
                    problem: error.to_string(),
                    ..Attempt::default()
                },
            };
            self.under_way.fetch_sub(1, Ordering::AcqRel);
            (self.report)(number, attempt);
        }
    }
}

fn post(agent: &Agent, notification: QueuedNotification, header: &AuthHeader) -> Attempt {
    let start = Instant::now();
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(
        header
            .iter()
            .map(|(name, value)| (*name, value.expose_secret())),
    );
    let mut request = RequestBuilder::new()
        .method(Method::POST)
        .uri(sendable(&notification.url).unwrap_or_default());
    for (name, value) in &headers {
        request = request.header(*name, *value);
    }
    let mut attempt = Attempt {
        headers: kept_headers(headers.into_iter()),
        ..Attempt::default()
    };
    let body = notification.body.map(|body| body.get().as_bytes().to_vec());
    match agent.send(request, body, TIMEOUT, ANSWER_LIMIT) {
        Ok(answer) => {
            attempt.http_status = Some(answer.status);
            attempt.answer_headers = kept_headers(
                answer
                    .headers
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default())),
            );
            attempt.answer_body = kept_body(&answer.body, KEPT_ANSWER);
        }
        Err(failure) => attempt.problem = failure.to_string(),
    }
    attempt.duration_ms = milliseconds(start.elapsed());
    attempt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_five_minutes() {
        let seconds = [1, 2, 3, 9, 10, 1000].map(|tries| pause(tries).as_secs());
        assert_eq!(seconds, [1, 2, 4, 256, 300, 300]);
    }
}
