//! Notifications: what is sent and when it is tried again, and the threads that post it. It keeps nothing itself.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::record::{Record, wire_time};
use super::settings::{Settings, later};
use super::state::{State, Thing};
use crate::http::{Agent, Method, Network, RequestBuilder};

/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// So often one is tried, which takes a day and a half.
const TRIES: u32 = 440;
/// The longest time that a notification is held back when they are shuffled, in milliseconds.
const LONGEST_HOLD: u64 = 3_000;
/// How many receivers may be slow at the same time.
const THREADS: usize = 4;
const TIMEOUT: Duration = Duration::from_secs(10);
/// How much of an answer's body is read, so that its connection can be used again.
const ANSWER_LIMIT: usize = 64 * 1024;

/// One notification.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notification {
    /// The number of the entitlement that it is about.
    pub entitlement: u64,
    /// Bango's name of the reason.
    pub reason: String,
    pub url: String,
    /// The JSON that is posted; none once it is settled.
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
}

/// Queues the notification that an entitlement has changed, if it has a notification URL.
pub fn queue(
    state: &mut State,
    settings: &Settings,
    record: &Record,
    reason: &str,
    now: Timestamp,
) {
    let Some(url) = record.notification_url.clone() else {
        return;
    };
    for _ in 0..=u8::from(settings.options.duplicate_notifications) {
        let shuffled = settings.options.shuffle_notifications;
        let hold = if shuffled {
            fastrand::u64(..LONGEST_HOLD)
        } else {
            0
        };
        let next = later(now, Duration::from_millis(hold));
        let notification = Notification {
            entitlement: record.number,
            reason: reason.to_owned(),
            url: url.clone(),
            body: serde_json::value::to_raw_value(&body(record, reason)).ok(),
            queued: wire_time(now),
            tries: 0,
            outcome: String::new(),
            delivered: false,
            next: Some(next.as_millisecond()),
        };
        state.add(Thing::Notification(Box::new(notification)));
    }
}

fn body(record: &Record, reason: &str) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("responseCode".to_owned(), "OK".into());
    body.insert("responseMessage".to_owned(), "Success".into());
    body.insert("parameters".to_owned(), Value::Null);
    body.insert("notificationReason".to_owned(), reason.into());
    body.extend(record.shown.members());
    body
}

/// How a try went: the HTTP status, or why there was none.
pub type Outcome = Result<u16, String>;

/// Notes how a try went, and plans the next one unless it was the last.
pub fn tried(state: &mut State, number: u64, outcome: &Outcome, now: Timestamp) {
    let Some(mut notification) = state.notification(number).cloned() else {
        return;
    };
    notification.tries += 1;
    notification.delivered = matches!(outcome, Ok(200..=299));
    notification.outcome = match outcome {
        Ok(status) => format!("HTTP {status}"),
        Err(problem) => problem.clone(),
    };
    let again = !notification.delivered && notification.tries < TRIES;
    let next = later(now, pause(notification.tries)).as_millisecond();
    notification.next = again.then_some(next);
    notification.body = notification.body.filter(|_| again);
    let thing = Thing::Notification(Box::new(notification));
    state.change(number, Some(thing));
}

/// How long to wait after so many tries: 1 s, 2 s, 4 s … up to five minutes.
fn pause(tries: u32) -> Duration {
    let seconds = 1_u64 << tries.saturating_sub(1).min(16);
    Duration::from_secs(seconds).min(LONGEST_PAUSE)
}

/// One try to deliver a notification.
#[derive(Debug)]
pub struct Delivery {
    /// The number of the notification.
    pub number: u64,
    pub url: String,
    pub body: Box<RawValue>,
}

/// The threads that post. They end when this is dropped and their current try is over.
#[derive(Debug)]
pub struct Deliverer(Sender<Delivery>);

impl Deliverer {
    /// Starts the threads; `report` is called from them after each try.
    pub fn start(
        header: Option<&(&'static str, SecretString)>,
        report: impl Fn(u64, Outcome) + Send + Clone + 'static,
    ) -> std::io::Result<Self> {
        let (deliveries, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..THREADS {
            let (waiting, header, report) = (Arc::clone(&waiting), header.cloned(), report.clone());
            std::thread::Builder::new()
                .name("notifications".to_owned())
                .spawn(move || deliver(&waiting, header.as_ref(), &report))?;
        }
        Ok(Self(deliveries))
    }

    /// Hands over one try.
    pub fn send(&self, delivery: Delivery) {
        self.0.send(delivery).ok();
    }
}

fn deliver(
    waiting: &Mutex<Receiver<Delivery>>,
    header: Option<&(&'static str, SecretString)>,
    report: &impl Fn(u64, Outcome),
) {
    let mut agent = None;
    loop {
        let next = waiting.lock().map(|deliveries| deliveries.recv());
        let Ok(Ok(delivery)) = next else {
            return;
        };
        let new = || Agent::new(&Network::default(), true);
        let outcome = match agent.get_or_insert_with(new) {
            Ok(agent) => post(agent, &delivery, header),
            Err(error) => Err(error.to_string()),
        };
        report(delivery.number, outcome);
    }
}

fn post(
    agent: &Agent,
    delivery: &Delivery,
    header: Option<&(&'static str, SecretString)>,
) -> Outcome {
    let mut request = RequestBuilder::new()
        .method(Method::POST)
        .uri(&delivery.url)
        .header("Content-Type", "application/json");
    if let Some((name, value)) = header {
        request = request.header(*name, value.expose_secret());
    }
    let body = delivery.body.get().as_bytes().to_vec();
    let answer = agent.send(request, Some(body), TIMEOUT, ANSWER_LIMIT);
    answer
        .map(|answer| answer.status)
        .map_err(|failure| failure.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_five_minutes() {
        let seconds: Vec<u64> = [1, 2, 3, 9, 10, 1000]
            .map(|tries| pause(tries).as_secs())
            .into();
        assert_eq!(seconds, [1, 2, 4, 256, 300, 300]);
    }

    #[test]
    fn the_tries_last_a_day_and_a_half() {
        let all: Duration = (1..TRIES).map(pause).sum();
        assert_eq!(all.as_secs() / 3600, 35);
    }
}
