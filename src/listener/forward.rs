//! Forwards notifications to another receiver (`--forward-to`), byte for byte and with retries. It delays no answer to Bango.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::thread::sleep;
use std::time::{Duration, Instant};

use secrecy::ExposeSecret as _;
use url::Url;

use super::event::Event;
use super::queue::Queue;
use super::received::Received;
use crate::api::{server_url, with_scheme};
use crate::ending::Ending;
use crate::http::retry::Policy;
use crate::http::{self, Agent, Method, Network, RequestBuilder};

/// How many entitlements' notifications are under way at the same time.
pub const THREADS: usize = 8;
/// One try is given up after this.
const LONGEST_TRY: Duration = Duration::from_secs(10);
/// How much of an answer's body is read, so that its connection can be used again.
const ANSWER_LIMIT: usize = 64 * 1024;

/// Reads where notifications are forwarded to: a server's URL; `localhost:3000` is one of this machine.
pub fn target(text: &str) -> Result<Url, String> {
    server_url("the URL", &with_scheme(text))
}

/// How to forward.
pub struct ForwardOptions {
    /// Where to.
    pub target: Url,
    /// How it is reached.
    pub network: Network,
    /// How often one that was not taken is tried again.
    pub policy: Policy,
    /// The time for one notification, with all tries.
    pub timeout: Duration,
    /// Whether the headers that Bango proved itself with go along.
    pub with_credentials: bool,
}

/// A try that failed.
struct FailedTry {
    why: String,
    is_retryable: bool,
    retry_after: Option<Duration>,
}

struct Forwarder {
    options: ForwardOptions,
    agent: Agent,
    events: SyncSender<Event>,
}

/// Starts the threads that forward.
pub fn start(
    options: ForwardOptions,
    events: SyncSender<Event>,
) -> Result<Queue<Arc<Received>>, Ending> {
    let is_plain = options.target.scheme() == "http";
    let agent = Agent::new(&options.network, is_plain)?;
    let forwarder = Forwarder {
        options,
        agent,
        events,
    };
    let work = move |received: &Arc<Received>| forwarder.forward(received);
    Queue::start(THREADS, work).map_err(Ending::machine)
}

impl Forwarder {
    /// Tries until it is taken, refused for good, or given up.
    fn forward(&self, received: &Received) {
        let clock = Instant::now();
        for attempt in 1.. {
            let left = self.options.timeout.saturating_sub(clock.elapsed());
            let Err(failure) = self.post(received, left) else {
                return;
            };
            let policy = self.options.policy;
            let wait = policy
                .wait(attempt, failure.retry_after, fastrand::f64())
                .filter(|wait| {
                    failure.is_retryable
                        && clock.elapsed().saturating_add(*wait) < self.options.timeout
                });
            let (what, why) = (received.name(), failure.why);
            let Some(wait) = wait else {
                let told = format!("{what} was not forwarded: {why} (tries: {attempt})");
                self.events.send(Event::Failed(told)).ok();
                return;
            };
            let seconds = wait.as_secs_f64();
            let told = format!("{what} is not forwarded yet: {why}; again in {seconds:.1} s");
            self.events.send(Event::Note(told)).ok();
            sleep(wait);
        }
    }

    /// One try, in what is left of the time for all.
    fn post(&self, received: &Received, left: Duration) -> Result<(), FailedTry> {
        let kind = received
            .content_type
            .as_deref()
            .unwrap_or("application/json");
        let mut request = RequestBuilder::new()
            .method(Method::POST)
            .uri(self.options.target.as_str())
            .header("Content-Type", kind)
            .header("X-Bango-Ent-Target", &received.target)
            .header("X-Bango-Ent-Late", received.is_late.to_string());
        if self.options.with_credentials {
            for (name, value) in &received.credentials {
                request = request.header(*name, value.expose_secret());
            }
        }
        let (body, time) = (received.body.clone(), left.min(LONGEST_TRY));
        let sent = self.agent.send(request, Some(body), time, ANSWER_LIMIT);
        let response = sent.map_err(|failure| FailedTry {
            why: failure.to_string(),
            is_retryable: !matches!(
                failure,
                http::Failure::NotSent {
                    permanent: true,
                    ..
                }
            ),
            retry_after: None,
        })?;
        match response.status {
            200..300 => Ok(()),
            status => Err(FailedTry {
                why: format!("the answer was HTTP {status}"),
                is_retryable: matches!(status, 408 | 409 | 425 | 429 | 500..),
                retry_after: response.retry_after,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn customers_data_leaves_this_machine_over_https_only() {
        for good in [
            "http://127.0.0.1:3000/hook?a=b",
            "http://localhost/",
            "http://[::1]:1",
            "localhost:3000/hook",
            "127.0.0.1:3000",
            "app.example/hook",
            "https://app.example/hook?a=b",
        ] {
            assert!(target(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "http://app.example/",
            "http:/app.example:3000",
            "file.txt:x",
            "http://127.0.0.1.evil.example/",
            "http://localhost.evil.example/",
            "https://user:secret@app.example/",
            "ftp://127.0.0.1/",
            "file:///tmp/x",
        ] {
            assert!(target(bad).is_err(), "{bad}");
        }
    }
}
