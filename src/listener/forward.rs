//! Forwards notifications to another receiver (`--forward-to`), byte for byte and with retries. It delays no answer to Bango.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::thread::sleep;
use std::time::{Duration, Instant};

use secrecy::ExposeSecret as _;
use url::Url;

use super::Event;
use super::queue::Queue;
use super::received::Received;
use crate::ending::Ending;
use crate::http::retry::Policy;
use crate::http::{self, Agent, Method, Network, RequestBuilder};

/// How many entitlements' notifications are under way at the same time.
pub const THREADS: usize = 8;
/// One try is given up after this.
const LONGEST_TRY: Duration = Duration::from_secs(10);
/// How much of an answer's body is read, so that its connection can be used again.
const ANSWER_LIMIT: usize = 64 * 1024;

/// Where notifications are forwarded to: HTTPS, or plain HTTP to this machine alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(Url);

impl Target {
    /// Reads a URL.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|e| format!("it is not a URL: {e}"))?;
        let host = url.host().ok_or("it names no host")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it must not contain a user name or password".to_owned());
        }
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if http::is_loopback(&host) => Ok(Self(url)),
            _ => {
                Err("use https:// (plain http:// is for 127.0.0.1, [::1] and localhost)".to_owned())
            }
        }
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }
}

/// How to forward.
pub struct Options {
    /// Where to.
    pub target: Target,
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
struct Failure {
    why: String,
    is_retryable: bool,
    retry_after: Option<Duration>,
}

struct Forwarder {
    options: Options,
    agent: Agent,
    events: SyncSender<Event>,
}

/// Starts the threads that forward.
pub fn start(options: Options, events: SyncSender<Event>) -> Result<Queue<Arc<Received>>, Ending> {
    let is_plain = options.target.0.scheme() == "http";
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
            let Err(failure) = self.post(received) else {
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

    fn post(&self, received: &Received) -> Result<(), Failure> {
        let kind = received
            .content_type
            .as_deref()
            .unwrap_or("application/json");
        let mut request = RequestBuilder::new()
            .method(Method::POST)
            .uri(self.options.target.0.as_str())
            .header("Content-Type", kind)
            .header("X-Bango-Ent-Target", &received.target)
            .header("X-Bango-Ent-Late", received.is_late.to_string());
        if self.options.with_credentials {
            for (name, value) in &received.credentials {
                request = request.header(*name, value.expose_secret());
            }
        }
        let (body, time) = (received.body.clone(), self.options.timeout.min(LONGEST_TRY));
        let sent = self.agent.send(request, Some(body), time, ANSWER_LIMIT);
        let response = sent.map_err(|failure| Failure {
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
            status => Err(Failure {
                why: format!("the answer was HTTP {status}"),
                is_retryable: matches!(status, 408 | 409 | 425 | 429 | 500..),
                retry_after: response.retry_after,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn customers_data_leaves_this_machine_over_https_only() {
        for good in [
            "http://127.0.0.1:3000/hook?a=b",
            "http://localhost/",
            "http://[::1]:1",
            "https://app.example/hook?a=b",
        ] {
            assert!(Target::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "127.0.0.1:3000",
            "http://app.example/",
            "http://127.0.0.1.evil.example/",
            "http://localhost.evil.example/",
            "https://user:secret@app.example/",
            "ftp://127.0.0.1/",
            "file:///tmp/x",
        ] {
            assert!(Target::parse(bad).is_err(), "{bad}");
        }
    }
}
